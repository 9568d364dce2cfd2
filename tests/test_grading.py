"""A folder of submissions to marks and feedback, and the two commands."""

import csv
import io
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import weakref
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from demo_submissions import AVERAGED, ENDLESS, SUBMISSIONS, UPHILL, notebook, solved, untouched, worksheet, write

from course_lib import checking, exercises
from course_lib.__main__ import main
from course_lib.calling import Case, Given, Outcome
from course_lib.checking import RIGHT, Verdict, calling_here
from course_lib.grading import batch, files, marks, report, rules
from course_lib.grading import grade as grader
from course_lib.grading.bar import Bar
from course_lib.grading.confine import Limits
from course_lib.grading.grade import examine_file, examine_notebook, grade_one, let_go
from course_lib.grading.notebook import Cell, Submission, read
from course_lib.grading.sandbox import AT_ONCE, Sandbox
from course_lib.grading.submissions import Found, find
from course_lib.lessons import lesson

ROOT = Path(__file__).parents[1]
SHORT = Limits(seconds=3.0, patience=1.0, cell=2.0, cells=8.0, memory=300_000_000)
STEP = exercises.get("momentum.step")
WITHOUT_STEP = sum(one.points for one in exercises.of_lesson("05")) - STEP.points
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")

MORE = {
    "ida-exits": worksheet(momentum_step="def momentum_step(*args):\n    raise SystemExit"),
    "jo-ends-it": worksheet(momentum_step="import os\ndef momentum_step(*args):\n    os._exit(0)"),
    "kim-recurses": worksheet(momentum_step="def momentum_step(*args):\n    return momentum_step(*args)"),
    "lea-memory": worksheet(momentum_step="def momentum_step(*args):\n    return [0] * 10**12"),
    "max-imports": worksheet(momentum_step="from course_lib.exercises.momentum import momentum_step"),
    "nia-syntax": worksheet(momentum_step="def momentum_step(x, v, g, lr, beta:\n    return x"),
    "ole-loops-in-a-cell": worksheet(momentum_step=solved(STEP) + "\nwhile True: pass"),
    "pia-prints": worksheet(momentum_step="print('x' * 10**7)\n" + solved(STEP)),
}
EXPECTED = {
    "ada-right": ("right", 3), "ben-averages": ("wrong", 1.5), "cleo-climbs": ("wrong", 0),
    "dana-in-place": ("right, but", 1.5), "emil-untouched": ("not attempted", 0), "fay-crashes": ("error", 0),
    "gus-endless": ("error", 0), "hal-cut-short": ("unreadable", 0), "ida-exits": ("error", 0),
    "jo-ends-it": ("error", 0), "kim-recurses": ("error", 0), "lea-memory": ("error", 0), "max-imports": ("error", 0),
    "nia-syntax": ("error", 0), "ole-loops-in-a-cell": ("right", 3), "pia-prints": ("right", 3),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """All submissions graded in two processes: ``{student: Graded}``."""
    folder = write(tmp_path_factory.mktemp("submissions"), SUBMISSIONS | MORE)
    results, broken_off = batch.grade_all(find(folder).found, "a secret", jobs=2, limits=SHORT)
    assert not broken_off
    return {result.found.student: result for result in results}


def step_of(result):
    return next(record for record in marks.records(result) if record.exercise == STEP.id)


# ----------------------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize("student", EXPECTED)
def test_each_submission_gets_its_mark(graded, student):
    """The right must earn all, each mistake what it is worth, and trouble nothing."""
    record = step_of(graded[student])
    assert (record.status, record.points) == EXPECTED[student], record


@pytest.mark.parametrize("student", sorted(EXPECTED.keys() - {"emil-untouched", "hal-cut-short"}))
def test_trouble_in_one_exercise_costs_no_other(graded, student):
    """A loop, a crash or a syntax error in one exercise would take the others' points along."""
    others = [record for record in marks.records(graded[student]) if record.exercise != STEP.id]
    assert sum(record.points for record in others) == WITHOUT_STEP


def test_mistakes_are_named(graded):
    """The name of the mistake is what the class report counts, and what the student reads."""
    assert step_of(graded["ben-averages"]).diagnosis == "averaged_form"
    assert step_of(graded["cleo-climbs"]).diagnosis == "climbs"
    assert "gradient" in step_of(graded["fay-crashes"]).message
    assert "loop" in step_of(graded["gus-endless"]).message
    assert "no valid Python" in step_of(graded["nia-syntax"]).message
    assert "not available while your work is graded" in step_of(graded["max-imports"]).message


def test_a_regrade_gives_the_same_and_one_process_what_two_give(graded, tmp_path):
    """A mark that depends on the run cannot be defended."""
    some = {name: SUBMISSIONS[name] for name in ("ben-averages", "cleo-climbs", "fay-crashes", "dana-in-place")}
    again, _ = batch.grade_all(find(write(tmp_path, some)).found, "a secret", jobs=1, limits=SHORT)
    let_go()
    assert [result.verdicts for result in again] == [graded[result.found.student].verdicts for result in again]


class Recorder:
    """A sandbox in which every answer is None; keeps the cases that were asked."""

    failures, names = {}, {one.name for one in exercises.all_exercises()}
    forgets = True

    def __init__(self):
        self.cases = []

    def open(self, cells):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def ask(self, name, cases):
        self.cases.append(cases)
        return [Outcome(value=(np.zeros(3), np.zeros(3))) for _ in cases]

    def first(self, name, cases):
        return self.ask(name, cases)

    def again(self, name, cases, outcomes):
        return outcomes

    def renew(self):
        return None


def asked(tmp_path, secret, student):
    """(the hidden cases, the verdict) of momentum.step for a student."""
    path = tmp_path / "w.ipynb"
    path.write_text(worksheet())
    recorder = Recorder()
    (verdict,) = grade_one(read(path), [STEP], secret, student, recorder)
    return str(recorder.cases[0]), str(recorder.cases[1]), verdict


def test_hidden_cases_depend_on_secret_and_student_alone(tmp_path):
    """Cases that everybody shares can be passed on; cases that change make the mark a matter of luck."""
    hidden, public, _ = asked(tmp_path, "s", "ada")
    assert (hidden, public) == asked(tmp_path, "s", "ada")[:2]
    assert hidden not in (asked(tmp_path, "s", "ben")[0], asked(tmp_path, "t", "ada")[0], public)
    assert public == asked(tmp_path, "t", "ada")[1]


def test_feedback_shows_the_public_example_and_never_the_hidden_one(tmp_path):
    """A hidden input in the feedback can be hard-coded before the next attempt."""
    def given(secret):
        return asked(tmp_path, secret, "ada")[2].given

    start = STEP.draw("s:ada")[0].args["state"][0]
    assert given("s") == given("t") != ""
    assert f"{start[0]:.6f}"[:7] not in given("s")


SPYING = """
import numpy as np
def momentum_step(x, v, g, lr, beta):
    if np.ravel(x)[0] in HIDDEN:
        raise ValueError(x)
    v = beta * v - lr * g
    return x + v, v
"""


def test_a_hidden_input_does_not_get_out_by_an_exception(tmp_path):
    """A function that fails in the examination alone gets words: its own message may hold the input."""
    hidden = STEP.draw("s:ada")
    path = tmp_path / "w.ipynb"
    firsts = [float(np.ravel(case.args["state"][0] if "state" in case.args else case.args["x"])[0]) for case in hidden]
    path.write_text(notebook(SPYING.replace("HIDDEN", str(firsts))))
    with Sandbox(SHORT) as sandbox:
        (verdict,) = grade_one(read(path), [STEP], "s", "ada", sandbox)
    assert verdict.status == "error" and verdict.message.startswith("It passes a public example")
    assert f"{hidden[0].args['state'][0][0]:.4f}"[:-1] not in str(verdict)


def test_one_answer_in_a_saved_worksheet_can_be_examined(tmp_path):
    """A lesson asks for the standing of one function, and must get a verdict whatever the file holds."""
    path = tmp_path / "05_momentum.ipynb"
    assert examine_file(path, STEP).status == "not attempted"
    path.write_text(worksheet(momentum_step=AVERAGED))
    verdict = examine_file(path, STEP)
    assert verdict.diagnosis == "averaged_form" and verdict.given and verdict.expected
    path.write_text("{")
    assert examine_file(path, STEP).status == "error"
    path.write_text(worksheet())
    assert examine_file(path, STEP).clean
    let_go()


# ------------------------------------------------------------------------------------------------- finding, writing


def test_what_is_not_understood_is_listed(tmp_path):
    """A file that is dropped in silence is a student without a mark."""
    write(tmp_path, {"ada": "{}", "ben": "{}"})
    (tmp_path / "ada" / "momentum final.ipynb").write_text("{}")
    (tmp_path / "stray.ipynb").write_text("{}")
    (tmp_path / "zoe").mkdir()
    (tmp_path / ".DS_Store").write_text("")
    search = find(tmp_path)
    assert [found.student for found in search.found] == ["ada", "ben"]
    assert [Path(path).name for path, _ in search.unmatched] == ["stray.ipynb", "momentum final.ipynb", "zoe"]
    assert [found.path for found in find(tmp_path, ["05"]).found if found.student == "zoe"] == [""]


def test_names_cannot_hurt(tmp_path):
    """A student's name stands in a spreadsheet, which takes = for a formula, and in a page, which takes < for a tag."""
    found = Found("=cmd|' /C calc'!A0", "05", "")
    missing = batch.work(found, "s")
    table = io.StringIO()
    files.table(table, [STEP.id])(rules.raw(missing))
    rows = list(csv.reader(io.StringIO(table.getvalue())))
    assert rows[1][0].startswith("'=") and rows[1][-1] == "not submitted"
    page = report.page("<script>alert(1)</script>", [missing])
    assert "<script>" not in page and "&lt;script&gt;" in page


class Balanced(HTMLParser):
    """Raises AssertionError on a page whose tags do not match."""

    def __init__(self, page):
        super().__init__()
        self.open, self.ids = [], []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.open += [tag] if tag not in ("meta", "br", "link") else []
        self.ids += [value for name, value in attrs if name == "id"]
        assert tag not in ("script", "link", "img"), "the page must stand alone"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("student", EXPECTED)
def test_pages_are_well_formed(graded, student):
    """A page with a tag left open shows half a feedback."""
    page = report.page(student, [graded[student]])
    parsed = Balanced(page)
    assert len(set(parsed.ids)) == len(parsed.ids) and '<html lang="en">' in page and "prefers-color-scheme" in page


def test_a_page_explains_a_mistake(graded):
    """Points alone teach nothing: the diagnosis, an example, the section and the hints belong to it."""
    page = report.page("ben", [graded["ben-averages"]])
    for part in ("You average", "your answer", "expected", STEP.section, "Hint 3 of 3", "1.5 of 3"):
        assert part in page
    assert "Hint" not in report.page("ada", [graded["ada-right"]])


class Diary(Recorder):
    """Notes what it is asked, in which order, and gives wrong answers."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def first(self, name, cases):
        self.lines.append(f"hidden {name}")
        return super().ask(name, cases)

    def again(self, name, cases, outcomes):
        self.lines.append(f"again {name}")
        return outcomes

    def ask(self, name, cases):
        self.lines.append(f"public {name}")
        return super().ask(name, cases)

    def renew(self):
        self.lines.append("fresh process")


def test_who_has_seen_hidden_cases_is_shown_no_public_one(tmp_path):
    """An answer could keep a hidden input, and show it in the next public example; and each process costs time."""
    diary, path = Diary(), tmp_path / "w.ipynb"
    path.write_text(worksheet())
    batches = exercises.get("batch.minibatches")
    grade_one(read(path), [batches, STEP], "s", "ada", diary)
    assert diary.lines == [
        "hidden momentum_step", "hidden minibatches",
        "fresh process", "public momentum_step", "again minibatches",
        "fresh process", "public minibatches",
    ]  # fmt: skip


class Weigher(Recorder):
    """Notes which answers are still kept when the next function is asked."""

    def __init__(self):
        super().__init__()
        self.given, self.kept = [], []

    def first(self, name, cases):
        self.kept.append(sum(one() is not None for one in self.given[:-1]))
        outcomes = super().ask(name, cases)
        self.given.append(weakref.ref(outcomes[0]))
        return outcomes


def test_answers_are_let_go_when_they_are_weighed(tmp_path):
    """A forged answer takes 100 MB here; a whole lesson of them would end the grader."""
    path, weigher = tmp_path / "w.ipynb", Weigher()
    path.write_text(notebook("x = 1"))
    once = [one for one in exercises.of_lesson("05") if one.id != "momentum.step"]
    grade_one(read(path), [*once, STEP], "s", "ada", weigher)
    assert weigher.kept == [0] * (len(once) + 1) and len(once) > 2


class Here(Recorder):
    """A sandbox whose every function is this one, called in this very process."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def ask(self, name, cases):
        self.cases.append(cases)
        return calling_here(self.function)(cases)


def numbers_of(value):
    """The telling numbers in cases, as feedback would print them."""
    if isinstance(value, (list, tuple)):
        return set().union(*map(numbers_of, value))
    if isinstance(value, (dict, Case, Given)):
        inside = value if isinstance(value, dict) else value.args if isinstance(value, Case) else value.data
        return numbers_of(list(inside.values()))
    floats = np.ravel(value) if isinstance(value, (float, np.ndarray)) else []
    texts = {f"{x:.6g}" for x in floats if np.issubdtype(type(x), np.floating)}
    return {text for text in texts if len(text.strip("-").replace(".", "").lstrip("0")) >= 6 and "e" not in text}


@pytest.mark.parametrize("exercise", exercises.all_exercises(), ids=lambda one: one.id)
def test_no_page_shows_a_hidden_input(exercise, tmp_path):
    """One number of a hidden case on a page can be hard-coded before the next attempt."""
    path = tmp_path / "w.ipynb"
    path.write_text(notebook("x = 1"))
    for mistake in [one for one in exercise.zoo if not one.hangs][:3]:
        sandbox = Here(mistake.make())
        verdicts = tuple(grade_one(read(path), [exercise], "secret", "ada", sandbox))
        graded = batch.Graded(Found("ada", exercise.lesson, "p"), batch.GRADED, "", verdicts)
        page, hidden = report.page("ada", [graded]), numbers_of(sandbox.cases[0])
        shown = numbers_of(sandbox.cases[1]) if len(sandbox.cases) > 1 else set()
        assert not {number for number in hidden - shown if number in page}, mistake.name


def test_the_section_to_read_again_is_there():
    """A link to a heading that no lesson has leads to the top of a long page, or nowhere."""
    for exercise in filter(lambda one: one.section, exercises.all_exercises()):
        text = (ROOT / "notebooks" / "src" / f"{lesson(exercise.lesson).stem}.py").read_text(encoding="utf-8")
        assert re.search(rf"^# #+ {re.escape(exercise.section)}$", text, re.MULTILINE), exercise.id
    assert report.link(STEP) == "notebooks/05_momentum.ipynb#The-heavy-ball"


def test_a_page_shows_lateness_and_corrections_as_a_sum(graded):
    """A student who sees another number than was announced must see how it came about."""
    right = graded["ada-right"]
    late = right._replace(found=right.found._replace(when="2026-11-23T00:00:00Z"))
    due = rules.Deadline(rules.moment("2026-11-22T00:00:00Z"))
    some = rules.Rules({("05", ""): due}, percent=10)
    page = report.page("ada", [rules.final([late], some, [
        rules.Adjustment("ada-right", STEP.id, 0.2, False, "<asked> in class", "2026-11-24")])])
    Balanced(page)
    for part in ("1 day late: 10 % of the points", "-0.3", "adjusted by hand: &lt;asked&gt; in class", "2.9 of 3"):
        assert part in page
    assert "by hand" not in (plain := report.page("ada", [right])) and "days late" not in plain


def test_what_a_student_writes_is_escaped(tmp_path):
    """An exception's message is the student's text, and stands in the page that a teacher opens."""
    verdict = Verdict(STEP.id, "error", 0.0, 3, "It stopped with <img src=x onerror=alert(1)>", line="<b>`x`</b>")
    page = report.page("x", [batch.Graded(Found("x", "05", "p"), batch.GRADED, "", (verdict,))])
    Balanced(page)
    assert "<img" not in page and "<b>" not in page


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    """A run that dies while it writes must leave the marks of the last run."""
    files.save(tmp_path / "a.csv", "old")
    monkeypatch.setattr(files.os, "replace", lambda *args: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        files.save(tmp_path / "a.csv", "new")
    assert (tmp_path / "a.csv").read_text() == "old" and os.listdir(tmp_path) == ["a.csv"]


def test_the_bar_tells_rate_and_time_left():
    """A bar that divides by zero, or writes into a log, is worse than none."""
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    seconds = iter([0.0, 0.0, 10.0])
    bar = Bar(4, Terminal(), lambda: next(seconds))
    bar.step()
    bar.step()
    assert "2/4  0.2 a second  0:10 left" in bar.stream.getvalue()
    silent = Bar(1, io.StringIO())
    silent.step()
    assert silent.stream.getvalue() == ""


# ------------------------------------------------------------------------------------------------------- commands


def grade(*args):
    return main(["grade", *map(str, args)])


@pytest.fixture
def two(tmp_path):
    """A folder with a right submission and one that climbs."""
    return write(tmp_path / "in", {"ada": worksheet(), "cleo": worksheet(momentum_step=UPHILL)})


def test_grade_writes_marks_and_pages(two, tmp_path, capsys):
    """The files that a TA and a student open, with the columns and the fields that are documented."""
    out = tmp_path / "out"
    assert grade(two, "--out", out, "--jobs", 1) == 0
    rows = list(csv.DictReader((out / "grades.csv").open()))
    assert [(row["student"], row["momentum.step"], row["status"]) for row in rows] == [
        ("ada", "3", "graded"), ("cleo", "0", "graded")]  # fmt: skip
    records = json.loads((out / "grades.json").read_text())
    assert " ".join(records[0]) == "student lesson exercise points max_points status diagnosis message"
    assert len(records) == 2 * len(exercises.of_lesson("05"))
    assert sorted(os.listdir(out / "feedback")) == ["ada.html", "cleo.html"]
    assert "2 of 2 submissions graded" in capsys.readouterr().out


def test_a_second_run_uses_the_same_secret(two, tmp_path):
    """Without it a regrade draws other cases."""
    out = tmp_path / "out"
    grade(two, "--out", out, "--jobs", 1)
    before = (out / "seed.txt").read_text(), (out / "grades.json").read_text()
    assert len(before[0].strip()) == 32
    assert grade(two, "--out", out, "--jobs", 1) == 0
    assert before == ((out / "seed.txt").read_text(), (out / "grades.json").read_text())
    assert grade(two, "--out", out, "--seed", "another") == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_was_graded(two, tmp_path, monkeypatch, capsys, jobs):
    """An hour of grading would be lost by one key."""
    write(two, {"dora": worksheet(), "emma": worksheet(), "finn": worksheet(), "gina": worksheet()})
    monkeypatch.setattr(Bar, "step", lambda bar: os.kill(os.getpid(), signal.SIGINT))
    assert grade(two, "--out", tmp_path / "out", "--jobs", jobs) == 130
    states = [row["status"] for row in csv.DictReader((tmp_path / "out" / "grades.csv").open())]
    assert len(states) == 6 and "graded" in states and set(states) <= {"graded", "not graded"}
    assert jobs == 2 or states == ["graded"] + ["not graded"] * 5
    assert "ctrl-C" in capsys.readouterr().err


STOPPING = """
import os, signal, sys
from course_lib.__main__ import main
from course_lib.grading.bar import Bar
Bar.step = lambda bar: os.killpg(0, signal.SIGINT)
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@POSIX
def test_ctrl_c_at_a_terminal_ends_in_good_order(two, tmp_path):
    """A terminal sends ctrl-C to all processes of the run: workers that die of it would lose what they hold."""
    (tmp_path / "stopping.py").write_text(STOPPING)
    command = [sys.executable, tmp_path / "stopping.py", "grade", two, "--out", tmp_path / "out", "--jobs", "2"]
    run = subprocess.run(command, capture_output=True, text=True, start_new_session=True, timeout=120)
    assert run.returncode == 130 and "Traceback" not in run.stderr, run.stderr
    assert (tmp_path / "out" / "grades.csv").read_text().count("graded") >= 1


def test_a_lost_grading_process_is_made_up_for(two, monkeypatch):
    """The system may kill a process that holds too much memory: its submissions must not go without a mark."""
    from concurrent.futures.process import BrokenProcessPool

    real, calls = batch._in_pool, []

    def loses_one_once(found, *args):
        calls.append(len(found))
        real(found[: 2 - len(calls)] or found, *args)
        if len(calls) == 1:
            raise BrokenProcessPool

    monkeypatch.setattr(batch, "_in_pool", loses_one_once)
    results, _ = batch.grade_all(find(two).found, "s", jobs=2, limits=SHORT)
    assert calls == [2, 1] and [result.status for result in results] == ["graded", "graded"]


def test_a_sandbox_that_cannot_be_started_ahead_stops_nobody(tmp_path, monkeypatch):
    """A disk that is full for a moment would end each process before it could say so, and nobody had a mark."""

    def full(limits):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "prepare", full)
    found = find(write(tmp_path, {"ada": untouched("05"), "ben": untouched("05")})).found
    results, _ = batch.grade_all(found, "s", jobs=2, limits=SHORT)
    assert [result.status for result in results] == ["graded", "graded"]


def test_nothing_of_a_run_is_left_once_it_has_settled(tmp_path):
    """Processes end while pages are written; what is never waited for could still be there when the program is gone."""
    tasks = [batch.Task(one) for one in find(write(tmp_path, {"ada": untouched("05"), "ben": untouched("05")})).found]
    before, seen = {one.pid for one in multiprocessing.active_children()}, []
    assert batch.run(tasks, "s", seen.append, jobs=2, limits=SHORT) and len(seen) == 2
    batch.settle()
    assert {one.pid for one in multiprocessing.active_children()} <= before
    assert batch.run(tasks, "s", seen.append, jobs=2, limits=SHORT) and len(seen) == 4  # and another one can be begun
    batch.settle()


def test_what_is_not_graded_makes_exit_code_one(two, tmp_path, capsys):
    """A script that grades must learn that somebody has no mark."""
    write(two, {"hal": "{"})
    (two / "ada" / "notes.txt").write_text("hi")
    assert grade(two, "--out", tmp_path / "out", "--jobs", 1) == 1
    told = capsys.readouterr().out
    assert "1 unreadable" in told and "notes.txt" in told
    (two / "zoe").mkdir()
    assert grade(two, "--out", tmp_path / "out", "--jobs", 1, "--lessons", "05") == 1
    assert "zoe" in (tmp_path / "out" / "grades.csv").read_text()


def test_bad_input_is_one_sentence_and_exit_code_two(two, tmp_path, capsys):
    """A traceback tells a TA nothing."""
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.tex").write_text("")
    file = tmp_path / "file"
    file.write_text("")
    empty = tmp_path / "empty"
    (empty / "ada").mkdir(parents=True)
    for args in ([tmp_path / "none", "--out", tmp_path / "o"], [two, "--out", full], [two, "--out", two / "o"],
                 [full, "--out", tmp_path / "o"], [two, "--out", file], [empty, "--out", tmp_path / "o"]):  # fmt: skip
        assert grade(*args) == 2
        assert "Traceback" not in (told := capsys.readouterr().err) and told.strip().endswith((".", "in it"))
    assert (full / "thesis.tex").exists()
    for args in ([two, "--out", "o", "--jobs", "0"], [two, "--out", "o", "--lessons", "77"], [two]):
        with pytest.raises(SystemExit, match="2"):
            grade(*args)


def test_check_says_how_a_worksheet_stands(tmp_path, capsys):
    """The learner's view in a terminal: a line an exercise, and an exit code that a script can use."""
    path = tmp_path / "05_momentum.ipynb"
    seen = [(worksheet(), 0, "10 of 10 points, and 1 extra"), (worksheet(momentum_step=AVERAGED), 1, "You average"),
            (untouched(), 1, "not attempted"), (worksheet(to_heavy_ball=None), 0, "(optional)")]  # fmt: skip
    for text, code, told in seen:
        path.write_text(text)
        assert main(["check", str(path)]) == code
        assert told in capsys.readouterr().out
    let_go()


def test_check_refuses_what_is_no_worksheet(tmp_path, capsys):
    """Nothing to check is bad input, not a wrong answer."""
    (tmp_path / "other.ipynb").write_text(notebook("x = 1"))
    for path in (tmp_path / "none.ipynb", tmp_path / "other.ipynb"):
        assert main(["check", str(path)]) == 2
        assert capsys.readouterr().err.strip().endswith((".", "ipynb."))


def test_an_endless_loop_costs_that_exercise_alone_from_the_terminal(tmp_path, capsys):
    """With the limits that are set for real."""
    (tmp_path / "05_momentum.ipynb").write_text(worksheet(momentum_step=ENDLESS))
    assert main(["check", str(tmp_path / "05_momentum.ipynb")]) == 1
    told = capsys.readouterr().out
    assert told.count("ok  ") == 4 and "loop" in told
    let_go()


@pytest.mark.parametrize("path", sorted(ROOT.glob("exercises/*.ipynb")), ids=lambda path: path.stem)
def test_committed_worksheets_and_keys(path):
    """What is handed out must be worth nothing yet, and the key everything, in the very process that grades."""
    asked = exercises.of_lesson(path.name[:2])
    verdicts = examine_notebook(path, asked)
    assert {verdict.status for verdict in verdicts} <= {"not attempted"}
    keys = examine_notebook(ROOT / "solutions" / path.name, asked)
    assert [verdict.points for verdict in keys] == [exercise.points for exercise in asked]
    let_go()


def test_right_means_right(graded):
    """`RIGHT` records carry full points, in every submission."""
    every = [record for result in graded.values() for record in marks.records(result)]
    assert all(record.points == record.max_points for record in every if record.status == RIGHT)


# ------------------------------------------------------------------------------- what the words must not give away

TELLTALE = """
import numpy as np
seen = []
def momentum_step(x, v, g, lr, beta):
    seen.append(x.tolist())
    raise ValueError(f"SEEN {len(seen)} {seen}")
"""
FORGED_LINE = """
import numpy as np
from course_lib.calling import TimeUp
def momentum_step(x, v, g, lr, beta):
    exec(compile("raise TimeUp", "cell 2", "exec"), {"TimeUp": type("TimeUp", (TimeUp,), {})})
import linecache
linecache.cache["cell 2"] = 5, None, ["SEEN 1 2 3"], "cell 2"
"""


SPYING_LOOP = """
import numpy as np
from course_lib.calling import TimeUp
calls = []
def momentum_step(x, v, g, lr, beta):
    calls.append(x)
    if len(calls) == 1:
        raise ValueError(f"SEEN {x}")
    while True: pass
"""


def told(code):
    """All words of the verdict on a momentum_step."""
    cells = (Cell(1, "import numpy as np"), Cell(2, code))
    (verdict,) = grade_one(Submission("w.ipynb", cells), [exercises.get("momentum.step")], "secret", "ada")
    assert verdict.points == 0
    return " ".join([verdict.message, verdict.line, verdict.got, verdict.given])


def test_what_was_seen_of_hidden_cases_is_not_told():
    """A function that remembers hidden inputs, and shows them on the public example, gives them to the student."""
    assert "SEEN 1 " in told(TELLTALE)


def test_a_loop_without_end_does_not_tell_what_came_before():
    """After a loop no public example is asked, so the words would be those of an earlier answer to a hidden case."""
    words = told(SPYING_LOOP)
    assert "SEEN" not in words and "did not end in time" in words and "while True: pass" in words


def test_a_line_that_never_ends_is_one_of_the_notebook():
    """A line that the function makes up could hold a hidden input."""
    assert "SEEN" not in told(FORGED_LINE)
    assert "while True: pass" in told("def momentum_step(*args):\n    while True: pass\n")


def test_a_link_to_somebody_elses_work_is_not_followed(tmp_path):
    """A link to a neighbor's notebook, or to the solutions, would be graded in their place."""
    folder = write(tmp_path, {"ada": worksheet()})
    (folder / "eve").mkdir()
    (folder / "eve" / "05_momentum.ipynb").symlink_to(folder / "ada" / "05_momentum.ipynb")
    search = find(folder)
    assert [one.student for one in search.found] == ["ada"]
    assert "link" in dict(search.unmatched)[str(folder / "eve" / "05_momentum.ipynb")]


def test_the_try_for_all_at_once_is_not_the_chance(monkeypatch):
    """An answer that waited for the machine twice would be told that it had its seconds, by adding both up."""
    seen = []

    class Meter:
        def __init__(self, process):
            self.starved = lambda enough: seen.append(enough) or True

        def __enter__(self):
            return self

        def __exit__(self, *exception):
            pass

    monkeypatch.setattr(grader, "Meter", Meter)
    monkeypatch.setattr(grader, "grade_one", lambda *_: [Verdict(STEP.id, "error", 0.0, 3.0, checking.ENDLESS)] * 2)
    _, late = grader.grade_fairly(None, [], "s", enough=2.0)
    assert seen == [2 * (2.0 + AT_ONCE)] and late == (STEP.id, STEP.id)
    let_go()
