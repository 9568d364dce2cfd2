"""The class report: numbers against arithmetic by hand, a page that stands alone, names only when asked."""

import json
import random
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from demo_submissions import SUBMISSIONS, UPHILL, worksheet, write

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.checking import ENDLESS
from course_lib.grading import class_report
from course_lib.grading.class_numbers import Numbers, first_sentence, histogram, kind_of, median
from course_lib.grading.marks import Record
from course_lib.grading.similarity import Alike

STEP, NESTEROV = "momentum.step", "momentum.nesterov"
FIVE = [exercise.id for exercise in exercises.of_lesson("05")]


def record(student, exercise=STEP, points=3.0, status="right", diagnosis="", message="Right.", lesson="05"):
    """A record with little to say."""
    return Record(student, lesson, exercise, points, exercises.get(exercise).points, status, diagnosis, message)


def page(records, *rest, **options):
    """The page on these records."""
    return class_report.page(Numbers(records), *rest, **options)


def klass(count=40):
    """A class in which the strong do well everywhere but in one exercise, and the points of all, for comparison."""
    chance, some = random.Random(1), []
    for i in range(count):
        strength = chance.random()
        for id in FIVE:
            well = chance.random() < (1 - strength if id == NESTEROV else strength)
            points = exercises.get(id).points * well
            some.append(record(f"s{i:03d}", id, points, "right" if well else "wrong"))
    return some


def test_difficulty_and_discrimination_are_those_of_numpy():
    """A wrong formula would send a teacher after the wrong exercise."""
    numbers = Numbers(klass())
    points = np.array([one.points for one in klass()]).reshape(40, len(FIVE))
    for i, id in enumerate(FIVE):
        rest = np.delete(points, i, axis=1).sum(axis=1)
        assert numbers.items[id].rest.value == pytest.approx(np.corrcoef(points[:, i], rest)[0, 1])
        assert numbers.items[id].mean == pytest.approx(points[:, i].mean())
        assert numbers.items[id].right == pytest.approx((points[:, i] > 0).mean())


def test_an_exercise_in_which_the_strong_fail_stands_out():
    """That is how a wrong reference or a misleading statement shows."""
    assert Numbers(klass(200)).items[NESTEROV].rest.value < 0
    assert page(klass(200)).count("the strong fail here") == 1


def test_too_few_students_for_a_correlation():
    """A number from three students would be taken for one."""
    assert Numbers(klass(9)).items[STEP].rest.value is None
    assert "too little to say" in page(klass(9))


def test_shares_of_mistakes_are_of_those_who_handed_in():
    """Who handed nothing in would make every mistake look rarer."""
    wrong = record("a", points=0, status="wrong", diagnosis="climbs", message="You climb. The sign is minus.")
    missing = record("c", points=0, status="not submitted", message="No notebook was handed in.")
    some = [wrong, record("b"), missing, wrong._replace(student="d")]
    ((share, count, item, words),) = Numbers(some).named()
    assert (round(share, 3), count, item.id, words) == (0.667, 2, STEP, "You climb.")
    assert "<strong>67 %</strong>" in page(some)


def test_optional_exercises_lift_nobody_over_the_whole():
    """A share of 120 % would fall out of the histogram, or squeeze it."""
    extra = next(exercise for exercise in exercises.of_lesson("05") if exercise.starred)
    some = [record("a"), record("a", extra.id, extra.points), record("b", points=0, status="wrong")]
    assert Numbers(some).shares == {"": [1.0, 0.0], "05": [1.0, 0.0]}


def test_what_came_in_is_counted_by_lesson():
    """Whoever is missing would not be missed: also those of whom nothing was expected."""
    some = [record("a"), record("b", points=0, status="unreadable", message="The file is empty: save it."),
            record("b", "adam.step", lesson="07"), record("c", points=0, status="not submitted", message="-"),
            record("d", points=0, status="not graded", message="Its process ended.")]  # fmt: skip
    standing = Numbers(some).standing
    assert {**standing["05"]} == {"graded": 1, "unreadable": 1, "not submitted": 1, "not graded": 1, "no entry": 0}
    assert {**standing["07"]} == {"graded": 1, "no entry": 3}
    assert "The file is empty: save it." in page(some)


@pytest.mark.parametrize("message, kind", [
    (ENDLESS, "time-out"), ("It stopped with NameError: name 'ada' is not defined", "NameError"),
    ("It stopped with AdaLovelaceWasHere: hello", "an exception of its own"), ("Something else.", "no answer"),
    ("Cell 3 defines f, but it is no valid Python: invalid syntax", "no valid Python"),
    ("It stopped with ProcessEnded: it ended its own process (exit code 0).", "the process ended"),
])  # fmt: skip
def test_errors_are_told_in_our_words(message, kind):
    """A student's own words, which may name somebody, would stand on a page that names nobody."""
    assert kind_of(record("a", status="error", message=message)) == kind
    assert kind in page([record("a", points=0, status="error", message=message)])
    assert "Ada" not in page([record("a", points=0, status="error", message=message)])


PAIR = [Alike("05", ("ada", "ben"), 0.8, 120), Alike("05", ("cleo", "dana", "emil"), 1.0, 90)]


def troubled():
    """One of each who could be named."""
    return [record("ada"), record("ben", points=0, status="error", message=ENDLESS),
            record("cleo", points=0, status="unreadable", message="The file is empty."),
            record("dana", points=0, status="not submitted", message="No notebook was handed in.")]  # fmt: skip


def test_no_student_is_named_unless_asked():
    """The page is shown in class."""
    unnamed, named = page(troubled(), PAIR), page(troubled(), PAIR, names=True)
    for name in ("ada", "ben", "cleo", "dana", "emil"):
        assert not re.search(rf"\b{name}\b", unnamed) and re.search(rf"\b{name}\b", named)
    assert "two students" in unnamed and "3 students, word for word" in unnamed


def test_names_are_text():
    """A folder called <script> would run in the teacher's browser."""
    text = page([record("<script>alert(1)</script>", points=0, status="error", message=ENDLESS)], names=True)
    assert "<script" not in text and "&lt;script&gt;" in text


class Outline(HTMLParser):
    """Which tags are open, and every address that a page would load."""

    EMPTY = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("some", [[], troubled(), klass(), klass(1)], ids=["empty", "troubled", "class", "one"])
def test_the_page_is_whole_and_stands_alone(some):
    """A page that needs the network is blank in a seminar room; a tag left open swallows what follows."""
    text = page(some, PAIR, names=True)
    outline = Outline(text)
    assert outline.open == [] and outline.loaded == [] and "http" not in text and "url(" not in text
    assert "prefers-color-scheme: dark" in text and "@media (max-width" in text


def test_the_same_records_give_the_same_page():
    """A page that differs by the clock or by the order of sets could not be compared with that of yesterday."""
    assert page(klass(), PAIR) == page(iter(klass()), list(PAIR))


def test_the_histogram_counts_everybody_once():
    """A share that lies on a border, or the full 100 %, would fall between two bars."""
    assert histogram([0, 0.05, 0.1, 0.3, 0.7, 0.999, 1.0]) == [2, 1, 0, 1, 0, 0, 0, 1, 0, 2]
    assert median([3, 1, 2]) == 2 and median([4, 1, 2, 3]) == 2.5


def test_a_diagnosis_is_shortened_to_its_first_sentence():
    """The list would be a wall of text; or be cut at "3.16"."""
    assert first_sentence("The first step is 3.16 times too long. Divide m by 1 - beta1**t.") == (
        "The first step is 3.16 times too long.")  # fmt: skip
    assert len(first_sentence("word " * 100)) < 190


def test_every_declared_mistake_has_a_first_sentence():
    """An empty line in the list of mistakes says nothing."""
    for exercise in exercises.all_exercises():
        for mistake in exercise.zoo:
            assert 10 < len(first_sentence(mistake.diagnosis)) <= 184, mistake.name


def test_grading_writes_the_page_and_the_log(tmp_path, capsys):
    """The two files that docs/grading.md promises; `report --names` writes the page anew."""
    folder = write(tmp_path / "in", {"ada": worksheet(), "cleo": worksheet(momentum_step=UPHILL),
                                     "hal": SUBMISSIONS["hal-cut-short"]})  # fmt: skip
    assert main(["grade", str(folder), "--out", str(tmp_path / "out"), "--jobs", "1"]) == 1
    text = (tmp_path / "out" / "class_report.html").read_text()
    assert "<strong>50 %</strong>" in text and "hal" not in re.findall(r"\w+", text)
    assert len((tmp_path / "out" / "grade.log").read_text().splitlines()) == 4
    assert main(["report", str(tmp_path / "out"), "--names"]) == 0
    assert "hal" in re.findall(r"\w+", (tmp_path / "out" / "class_report.html").read_text())
    assert json.loads((tmp_path / "out" / "grades.json").read_text())
    assert main(["report", str(tmp_path / "in")]) == 2


def test_a_log_that_cannot_be_written_is_told_at_once(tmp_path, capsys):
    """A run of an hour would end in a traceback, or lose the log without a word."""
    folder, out = write(tmp_path / "in", {"ada": worksheet()}), tmp_path / "out"
    (out / "grade.log").mkdir(parents=True)
    assert main(["grade", str(folder), "--out", str(out), "--jobs", "1"]) == 2
    assert "cannot be written" in capsys.readouterr().err
