"""The rules that make a final mark of a raw one: attempts, lateness, corrections by hand, and their files."""

import sys
from datetime import timedelta

import pytest

from course_lib import exercises
from course_lib.checking import Verdict
from course_lib.grading import rules_file
from course_lib.grading.marks import GRADED, UNREADABLE, Graded
from course_lib.grading.rules import Adjustment, Deadline, Rules, choose, final, lateness, moment
from course_lib.grading.submissions import Found

STEP = exercises.get("momentum.step")
DUE = moment("2026-11-22T23:59:00+01:00")
RULES = Rules({("05", ""): Deadline(DUE)}, percent=10, most=50, grace=15)
CSV = "lesson,due,student,cutoff\n05,2026-11-22T23:59:00+01:00,,2026-11-30T00:00:00Z\n05,2026-11-25T12:00:00Z,ada,\n"
TOML = """
attempts = "best"
[penalty]
percent_a_day = 10
most_percent = 50
grace_minutes = 15
[lessons.05]
due = 2026-11-22T23:59:00+01:00
cutoff = 2026-11-30T00:00:00Z
[lessons.05.extensions]
ada = "2026-11-25T12:00:00Z"
"""


def handed_in(points=3.0, attempt=1, status=GRADED, student="ada", late=None):
    """An attempt at momentum.step, so many seconds after the deadline (None: not known when)."""
    when = "" if late is None else (DUE + timedelta(seconds=late)).isoformat()
    verdict = Verdict(STEP.id, "right" if points == 3 else "wrong", points, 3.0, "Said.")
    return Graded(Found(student, "05", "p", attempt, when), status, "", (verdict,) if status == GRADED else ())


def points(attempts, rules=RULES, adjustments=()):
    """The final points of momentum.step."""
    return next(r.points for r in final(attempts, rules, adjustments).records if r.exercise == STEP.id)


def by_hand(points, absolute=False, student="ada", undone=""):
    return Adjustment(student, STEP.id, points, absolute, "a reason", "2026-11-23", undone)


@pytest.mark.parametrize(
    ("late", "percent"),
    [(None, 0), (-1, 0), (0, 0), (900, 0), (901, 10), (86_400, 10), (86_401, 20), (4 * 86_400 + 1, 50), (9e6, 50)],
)
def test_lateness_costs_by_the_day_that_has_begun(late, percent):
    """A second after midnight, or a file whose time is not known, must not cost what the rule does not say."""
    assert lateness(handed_in(late=late).found, RULES).share == pytest.approx(percent / 100)
    assert points([handed_in(late=late)]) == pytest.approx(3 * (1 - percent / 100))


def test_the_zone_counts():
    """A deadline at midnight in Berlin is not midnight in London."""
    found = Found("ada", "05", "p", 1, "2026-11-22T22:59:00+00:00")
    assert not lateness(found, RULES).share
    assert lateness(found._replace(when="2026-11-22T23:30:00+00:00"), RULES).share


def test_an_extension_moves_deadline_and_cutoff_of_that_student_alone():
    """Whoever was ill would lose points all the same, or everybody else would gain by it."""
    cutoff = DUE + timedelta(days=1)
    extended = {("05", ""): Deadline(DUE, cutoff), ("05", "ada"): Deadline(DUE + timedelta(days=5))}
    rules = RULES._replace(deadlines=extended)
    late = 4 * 86_400
    assert points([handed_in(late=late)], rules) == 3
    assert points([handed_in(late=late, student="ben")], rules) == 0
    assert "last moment" in lateness(handed_in(late=late, student="ben").found, rules).words


def test_the_last_or_the_best_attempt_counts():
    """The rule that was announced is the one that must hold."""
    attempts = [handed_in(3.0, 1), handed_in(1.5, 2)]
    assert points(attempts) == 1.5
    assert points(attempts, RULES._replace(attempts="best")) == 3
    assert final(attempts).attempts == 2


def test_the_best_attempt_is_best_after_lateness():
    """A better answer a week late can be worth less than the one before the deadline."""
    attempts = [handed_in(2.0, 1, late=-9), handed_in(3.0, 2, late=4 * 86_400)]
    assert points(attempts, RULES._replace(attempts="best")) == 2


def test_what_cannot_be_read_or_came_too_late_does_not_replace_what_counts():
    """A cut-off upload after a good one, or one more after the end, would destroy a mark."""
    rules = RULES._replace(deadlines={("05", ""): Deadline(DUE, DUE + timedelta(days=1))})
    attempts = [handed_in(1.5, 1, late=-9), handed_in(3.0, 2, late=9e5), handed_in(0, 3, UNREADABLE, late=-1)]
    assert choose(attempts, rules).found.attempt == 1
    assert choose(attempts[1:], rules).found.attempt == 2
    assert choose(attempts[2:], rules).found.attempt == 3


def test_adjustments_follow_one_another_and_no_mark_falls_below_zero():
    """A correction that the next one swallows, or another student's, would make a wrong mark."""
    late = [handed_in(3.0, late=86_400)]
    assert points(late, adjustments=[by_hand(0.5)]) == 3.2
    assert points(late, adjustments=[by_hand(2, True), by_hand(-0.5)]) == 1.5
    assert points(late, adjustments=[by_hand(-9)]) == 0
    assert points(late, adjustments=[by_hand(1, student="ben"), by_hand(1, undone="later")]) == 2.7


def test_every_mark_is_the_sum_of_its_steps():
    """What stands on the feedback page would not add up."""
    for given in ((), (by_hand(0.25),), (by_hand(1 / 3), by_hand(2, True), by_hand(-7))):
        for mark in final([handed_in(1.1, late=3e5)], RULES, given).marks:
            assert sum(step.points for step in mark.steps) == pytest.approx(mark.record.points, abs=1e-9)


def test_someone_who_handed_in_nothing_can_get_points_by_hand():
    """An oral examination in the place of a lost file has no verdict to correct."""
    assert points([handed_in(status=UNREADABLE)], adjustments=[by_hand(2, True)]) == 2


# ------------------------------------------------------------------------------------------------------- the files


def test_a_csv_file_sets_deadlines_and_leaves_the_rest(tmp_path):
    """A deadline moved by a CSV file must not switch the penalty off."""
    path = tmp_path / "d.csv"
    path.write_text(CSV)
    rules = rules_file.read(path, RULES)
    assert rules.percent == 10 and rules.deadlines["05", ""].due == DUE
    assert rules.deadlines["05", "ada"] == Deadline(moment("2026-11-25T12:00:00Z"))


@pytest.mark.skipif(sys.version_info < (3, 11), reason="TOML needs Python 3.11")
def test_a_toml_file_says_the_same_and_more(tmp_path):
    """The two files would mean different rules."""
    path = tmp_path / "d.csv"
    path.write_text(CSV)
    same = rules_file.read(path, RULES)._replace(attempts="best")
    path = tmp_path / "d.toml"
    path.write_text(TOML)
    assert rules_file.read(path) == same


def test_toml_without_its_module_says_what_to_do(tmp_path, monkeypatch):
    """Python 3.10 cannot read TOML: a traceback would not say that CSV does as well."""
    monkeypatch.setitem(sys.modules, "tomllib", None)
    path = tmp_path / "d.toml"
    path.write_text(TOML)
    with pytest.raises(ValueError, match="CSV"):
        rules_file.read(path)


def test_rules_survive_the_gradebook():
    """Rules that come back changed would change marks."""
    rules = RULES._replace(attempts="best", deadlines={("05", "ä"): Deadline(DUE, DUE), ("06", ""): Deadline(DUE)})
    assert rules_file.from_text(rules_file.as_text(rules)) == rules
    assert "lesson 06 is due 2026-11-22 23:59 +0100" in list(rules_file.in_words(rules))


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [("d.csv", "lesson,when\n05,x\n", "columns"), ("d.csv", "lesson,due\n77,2026-11-22T23:59:00Z\n", "line 2"),
     ("d.csv", "lesson,due\n05,2026-11-22T23:59:00\n", "zone"), ("d.csv", "lesson,due\n05,tomorrow\n", "no time"),
     ("d.toml", "[penalty]\npercent = 3\n", "percent"), ("d.toml", "attempts = 'first'", "attempts"),
     ("d.toml", "[penalty]\npercent_a_day = -3\n", "zero or more"), ("d.toml", "[lessons.05]\n", "no time")],
)  # fmt: skip
def test_a_mistake_in_the_file_is_one_sentence(tmp_path, name, text, told):
    """A rule that is skipped in silence is a mark that nobody can defend."""
    if name.endswith("toml"):
        pytest.importorskip("tomllib")
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=told) as caught:
        rules_file.read(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)
