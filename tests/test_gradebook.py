"""The gradebook: nothing is lost, half-counted or graded twice, whatever happens to the run, the disk or the file."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from demo_submissions import AVERAGED, ENDLESS, UPHILL, untouched, worksheet, write
from kill_and_resume import SAME, ask, compare, disturb, submissions

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.checking import ENDLESS as OUT_OF_TIME
from course_lib.checking import Verdict
from course_lib.grading import batch, fingerprint, load, store, summary, worklist
from course_lib.grading.bar import Bar
from course_lib.grading.confine import Limits
from course_lib.grading.files import STORE
from course_lib.grading.grade import let_go
from course_lib.grading.gradebook import Entry, Gradebook
from course_lib.grading.marks import GRADED, UNGRADED, Graded
from course_lib.grading.rules import Rules
from course_lib.grading.submissions import Found

ROOT = Path(__file__).parents[1]
STEP, EMA = exercises.get("momentum.step"), exercises.get("momentum.ema")
FIVE = len(exercises.of_lesson("05"))
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def graded(student="ada", points=1.5, attempt=1, when="", **fields):
    """A graded answer to momentum.step."""
    verdict = Verdict(STEP.id, "wrong", points, 3.0, "Said.", "averaged_form", "advice", "a", "g", "1", "2", "l",
                      ("flaw",), {"correct": False})  # fmt: skip
    return Graded(Found(student, "05", "p", attempt, when), GRADED, "", (verdict,))._replace(**fields)


def entry(sha="aa"):
    return Entry(sha, {one.id: ("key", "definition") for one in exercises.of_lesson("05")}, isolation="i", course="c")


def run(*args):
    return main([*map(str, args)])


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path, writing=True) as made:
        yield made


@pytest.fixture
def three(tmp_path):
    """A folder with a right, an averaging and a climbing submission, graded into `out`."""
    answers = {"ada": worksheet(), "ben": worksheet(momentum_step=AVERAGED), "cleo": worksheet(momentum_step=UPHILL)}
    folder = write(tmp_path / "in", answers)
    assert run("grade", folder, "--out", tmp_path / "out", "--jobs", 1, "--seed", "s") == 0
    yield folder, tmp_path / "out"
    let_go()


# ------------------------------------------------------------------------------------------------------- the store


def test_what_is_stored_comes_back(book):
    """A verdict that changes on its way through the file is another mark."""
    one, two = graded(), graded("zoë", attempt=2, when="2026-11-22T22:00:00+00:00")
    one = one._replace(found=one.found._replace(late=True))
    book.expect([one.found])
    assert book.found() == [one.found]
    book.keep(one, entry())
    book.keep(two, entry("bb"))
    assert list(book.graded()) == [one, two] and book.found() == [one.found, two.found]
    kept = book.entry(two.found)
    assert kept.sha256 == "bb" and kept.keys == {STEP.id: ["key", "definition"]} and kept.isolation == "i"
    assert book.entry(Found("nobody", "05", "p")) is None
    book.keep(graded(), entry("cc"))
    assert book.found() == [graded().found, two.found]  # late no more


def test_half_a_pair_of_surrogates_can_be_stored(book):
    """A student can write one into a message, and a file name can hold bytes that are no UTF-8."""
    verdict = graded().verdicts[0]
    odd = Verdict(STEP.id, "error", 0.0, 3.0, "\ud800 and \0", got="\ud800")
    path = os.fsdecode(b"in/\xff.ipynb")
    book.keep(graded()._replace(found=Found("ada", "05", path), verdicts=(odd,)), entry())
    (back,) = book.graded()
    assert back.found.path == path and back.verdicts[0].got == "\ud800" and back.verdicts[0].message.startswith("? and")
    assert verdict.exercise == back.verdicts[0].exercise


def test_a_submission_is_stored_whole_or_not_at_all(book):
    """Half the exercises of a submission would count as all of it."""
    book.keep(graded(points=1.5), entry())
    bad = graded(points=3.0)
    bad = bad._replace(verdicts=(bad.verdicts[0], bad.verdicts[0]))  # the second breaks the table's key
    with pytest.raises(store.GradebookError):
        book.keep(bad, entry("bb"))
    assert list(book.graded()) == [graded(points=1.5)] and not book.history("ada", STEP.id)


def test_a_mark_that_is_replaced_is_kept_aside(book):
    """A student who asks why the mark has changed deserves an answer."""
    book.keep(graded(points=1.5), entry())
    book.keep(graded(points=3.0), entry("bb"))
    assert [row[:4] for row in book.history("ada", STEP.id)] == [(1, "aa", 1.5, "wrong")]
    assert [one.verdicts[0].points for one in book.graded()] == [3.0]


def test_one_exercise_can_be_graded_again_alone(book):
    """The other marks of an unchanged file would be lost with it, and those of another file must not stay."""
    second = graded().verdicts[0].__class__(EMA.id, "right", 2.0, 2.0, "Right.")
    both = graded()._replace(verdicts=(second, graded().verdicts[0]))
    book.keep(both, entry())
    book.keep(graded(points=3.0), entry())
    assert [verdict.points for one in book.graded() for verdict in one.verdicts] == [2.0, 3.0]
    book.keep(graded(points=1.0), entry("bb"))
    assert [verdict.points for one in book.graded() for verdict in one.verdicts] == [1.0]


def test_final_marks_are_computed_and_raw_ones_stay(book):
    """A rule that is stored into the marks cannot be taken back."""
    book.keep(graded(points=3.0), entry())
    book.keep(graded(points=1.0, attempt=2), entry())
    book.adjust("ada", STEP.id, 0.5, False, "why")
    assert [record.points for record in book.records()] == [1.5]
    assert book.rule(Rules(attempts="best")) and not book.rule(Rules(attempts="best"))
    assert [record.points for record in book.records()] == [3.5]
    assert book.undo("ada", STEP.id) and not book.undo("ada", STEP.id)
    assert [record.points for record in book.records()] == [3.0]
    assert [one.verdicts[0].points for one in book.graded()] == [3.0, 1.0]


def test_a_file_of_version_one_is_brought_up_to_date(tmp_path):
    """Last term's gradebook could not be opened, or would lose its marks."""
    with closing(sqlite3.connect(tmp_path / STORE, isolation_level=None)) as old:
        store.migrate(old, 1)
        row = ("ada", "05", b"in/ada.ipynb", "aa", GRADED, "", "i", "c", "2026-01-01")
        old.execute("INSERT INTO submissions VALUES (7, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        detail = '{"advice": "", "about": "", "given": "", "got": "", "expected": "", "line": "", "flaws": [], ' \
                 '"parts": {"correct": true}}'  # fmt: skip
        row = (7, STEP.id, "key", "definition", 3.0, 3.0, "right", "", "Right.", detail)
        old.execute("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        old.execute("INSERT INTO adjustments VALUES (1, 'ada', ?, -1, 0, 'why', 'then', '')", (STEP.id,))
    with Gradebook(tmp_path, writing=True) as book:
        (one,) = book.graded()
        assert one.found == Found("ada", "05", "in/ada.ipynb", 1, "") and one.verdicts[0].points == 3.0
        assert [record.points for record in book.records()] == [2.0]
        assert store.number(book.connection, "user_version") == store.VERSION
        book.keep(graded(points=1.0, attempt=2), entry())
        assert not book.connection.execute("PRAGMA foreign_key_check").fetchall()


def test_a_migration_is_whole_or_not_at_all(tmp_path, monkeypatch):
    """A run that is killed in the middle of it would leave a file of no version."""
    def breaks(run):
        run("DROP TABLE submissions")
        raise sqlite3.OperationalError("disk I/O error")

    with closing(sqlite3.connect(tmp_path / STORE, isolation_level=None)) as old:
        store.migrate(old, 1)
    monkeypatch.setattr(store, "MIGRATIONS", (store.first, breaks))
    with pytest.raises(store.GradebookError, match="make room"):
        Gradebook(tmp_path)
    assert ask(tmp_path, "PRAGMA user_version") == [(1,)]
    assert ask(tmp_path, "SELECT count(*) FROM submissions") == [(0,)]


def test_the_schema_is_the_documented_one(tmp_path):
    """Whoever reads the file with other tools reads docs/gradebook.md first."""
    told = (ROOT / "docs" / "gradebook.md").read_text()
    with Gradebook(tmp_path, writing=True) as book:
        for (table,) in book.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in book.connection.execute(f"PRAGMA table_info({table})")]
            assert f"| `{table}` | {', '.join(columns)} |" in told, (table, columns)
    assert f"version {store.VERSION}" in told


# --------------------------------------------------------------------------------------- what can happen to a file


def refused(folder, out, capsys, *words):
    """The one sentence with which a run ends with code 2."""
    capsys.readouterr()
    assert run("grade", folder, "--out", out, "--jobs", 1, "--seed", "s") == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "Traceback" not in told and all(word in told for word in words), told


def test_two_graders_at_once_get_a_clear_answer(three, capsys):
    """Two writers would overwrite each other's marks and pages."""
    folder, out = three
    with Gradebook(out, writing=True):
        refused(folder, out, capsys, "Another run", f"process {os.getpid()}", "wait")
        assert run("regrade", out) == 2 and run("adjust", out, "ada", STEP.id, "1", "--reason", "x") == 2
        assert run("explain", out, "ada", STEP.id, "--no-run") == 0  # reading disturbs nobody
    assert run("regrade", out, "--quiet") == 0


HOLDING = """
import sys, time
from course_lib.grading.gradebook import Gradebook
with Gradebook(sys.argv[1], writing=True):
    print("held", flush=True)
    time.sleep(600)
"""


@POSIX
def test_a_killed_grader_leaves_no_lock(tmp_path):
    """The next run would have to be told by hand that nobody is there."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDING, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(store.GradebookError, match=f"process {holder.pid}"):
        Gradebook(tmp_path, writing=True)
    holder.kill()
    holder.communicate()
    Gradebook(tmp_path, writing=True).close()


def test_a_damaged_file_is_left_as_it_is(three, capsys):
    """A run that goes on with a damaged file, or makes a new one in its place, destroys what could be saved."""
    folder, out = three
    path = out / STORE
    for damage in (b"no database at all" * 500, path.read_bytes()[:9000] + b"\x55" * 9000 + path.read_bytes()[18_000:]):
        path.write_bytes(damage)
        refused(folder, out, capsys, "is damaged", "copy")
        assert path.read_bytes() == damage


def test_a_file_of_another_program_or_of_the_future_is_refused(three, capsys):
    """Writing into it would damage something that is not ours to damage."""
    folder, out = three
    with closing(sqlite3.connect(out / STORE)) as other:
        other.execute("PRAGMA user_version = 99")
    refused(folder, out, capsys, "later version")
    (out / STORE).unlink()
    with closing(sqlite3.connect(out / STORE)) as other:
        other.execute("CREATE TABLE photos (id)")
    refused(folder, out, capsys, "no gradebook of this course")


def test_a_lost_seed_is_asked_for(three, capsys):
    """With a new secret every mark would change, and no earlier one could be explained."""
    folder, out = three
    (out / "seed.txt").unlink()
    capsys.readouterr()
    assert run("grade", folder, "--out", out, "--jobs", 1) == 2 and "--seed" in capsys.readouterr().err
    assert run("grade", folder, "--out", out, "--jobs", 1, "--seed", "another") == 2
    assert not (out / "seed.txt").exists() or (out / "seed.txt").read_text() != "another\n"
    assert run("grade", folder, "--out", out, "--jobs", 1, "--seed", "s") == 0
    assert (out / "seed.txt").read_text() == "s\n"


FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from course_lib.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@POSIX
@pytest.mark.parametrize("room", [20_000, 150_000])
def test_a_full_disk_ends_the_run_and_keeps_the_rest(tmp_path, room):
    """Hours of grading would be lost at the last submission, or the file with it."""
    folder, out, calm = submissions(tmp_path / "in", 8), tmp_path / "out", tmp_path / "calm"
    command = ["grade", str(folder), "--out", str(out), "--seed", "s", "--jobs", "1"]
    full = subprocess.run([sys.executable, "-c", FULL, str(room), *command], capture_output=True, text=True)
    assert full.returncode == 2 and "Traceback" not in full.stderr and "make room" in full.stderr, full.stderr
    assert ask(out, "PRAGMA integrity_check") in ([("ok",)], [])
    assert main(command) == 0 and run("grade", folder, "--out", calm, "--seed", "s", "--jobs", 1) == 0
    assert compare(out, calm) == (True, 0)
    let_go()


def test_each_trouble_of_sqlite_has_its_advice():
    """A message of SQLite alone says what is wrong, not what to do."""
    advice = {"database or disk is full": "make room", "disk I/O error": "make room",
              "attempt to write a readonly database": "writable", "database is locked": "close it",
              "unable to open database file": "writable", "odd": "copy"}  # fmt: skip
    for text, words in advice.items():
        assert words in store.sentence("g", sqlite3.OperationalError(text))
    assert "damaged" in store.sentence("g", sqlite3.DatabaseError("database disk image is malformed"))


# -------------------------------------------------------------------------------------------------- killed, resumed


@POSIX
def test_kill_at_any_moment_and_run_again(tmp_path):
    """A power cut in the night before the marks are due: nothing lost, half-counted or graded twice."""
    folder = submissions(tmp_path / "in", 40)
    assert run("grade", folder, "--out", tmp_path / "calm", "--seed", "kill", "--jobs", 1, "--quiet") == 0
    let_go()
    code, told = disturb(folder, tmp_path / "out", 40, kills=4, seed=os.getpid())
    assert code == 0 and "40 of 40 submissions graded" in told, told
    assert compare(tmp_path / "out", tmp_path / "calm") == (True, 0)
    marks = [(tmp_path / name / "grades.csv").read_bytes() for name in ("out", "calm")]
    assert marks[0] == marks[1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_after_ctrl_c_only_the_rest_is_graded(tmp_path, monkeypatch, capsys, jobs):
    """Whoever interrupts a run to go home must not pay for it in the morning."""
    folder, out = submissions(tmp_path / "in", 10), tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Bar, "step", lambda bar: os.kill(os.getpid(), signal.SIGINT))
        assert run("grade", folder, "--out", out, "--jobs", jobs) == 130
    (some,) = ask(out, "SELECT count(*) FROM submissions WHERE status = 'graded'")[0]
    assert 1 <= some < 10
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    assert f"{some} unchanged, {10 - some} graded now" in capsys.readouterr().out
    assert not ask(out, "SELECT * FROM history")
    let_go()


def test_quiet_says_nothing_but_what_needs_attention(three, capsys):
    """A nightly job that writes a page of mail each time is soon not read any more."""
    folder, out = three
    capsys.readouterr()
    assert run("grade", folder, "--out", out, "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    write(folder, {"hal": "{"})
    assert run("grade", folder, "--out", out, "--jobs", 1, "--quiet") == 1
    assert "1 unreadable" in capsys.readouterr().out


# ---------------------------------------------------------------------------------------------------------- regrade


def asked_for(monkeypatch):
    """A list that grows with each (student, ids) that is run."""
    seen, work = [], batch.work

    def noting(task, *rest):
        seen.append((task.found.student, task.ids))
        return work(task, *rest)

    monkeypatch.setattr(batch, "work", noting)
    return seen


def test_nothing_is_graded_twice(three, monkeypatch, capsys):
    """A second run over a thousand unchanged submissions would cost as much as the first."""
    folder, out = three
    seen = asked_for(monkeypatch)
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    assert seen == [] and "3 unchanged" in capsys.readouterr().out


def test_only_what_was_handed_in_anew_is_graded_again(three, monkeypatch, capsys):
    """One late file would cost the whole class again."""
    folder, out = three
    write(folder, {"cleo": worksheet(), "dan": worksheet()})
    seen = asked_for(monkeypatch)
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    assert [student for student, _ in seen] == ["cleo", "dan"]
    told = capsys.readouterr().out
    assert "2 unchanged, 2 graded now" in told and "1 handed in anew" in told and "1 new:" in told


def test_only_the_exercise_that_changed_is_graded_again(three, monkeypatch, capsys):
    """A case that is mended in one exercise would cost, and could change, all others."""
    folder, out = three
    before, real = ask(out, SAME), fingerprint.definition
    monkeypatch.setattr(fingerprint, "definition", lambda id: real(id) + "'" * (id == STEP.id))
    seen = asked_for(monkeypatch)
    assert run("regrade", out, "--jobs", 1) == 0
    assert seen == [(student, (STEP.id,)) for student in ("ada", "ben", "cleo")]
    assert "3 the exercise has changed: momentum.step (3)" in capsys.readouterr().out
    mended = ask(out, SAME)
    others = [[row for row in rows if row[6] != STEP.id] for rows in (before, mended)]
    assert others[0] == others[1] and len(mended) == len(before) == 3 * FIVE
    assert ask(out, "SELECT DISTINCT exercise FROM history") == [(STEP.id,)]


def test_a_rule_changes_marks_and_runs_nothing(three, monkeypatch, capsys, tmp_path):
    """To move a deadline is no reason to run a student's code."""
    _, out = three
    with Gradebook(out, writing=True) as book:
        book.move([one._replace(when="2026-11-22T23:00:00+00:00") for one in book.found()])
    (tmp_path / "d.csv").write_text("lesson,due,student\n05,2026-11-21T00:00:00Z,\n05,2026-11-30T00:00:00Z,ben\n")
    seen = asked_for(monkeypatch)
    assert run("regrade", out, "--deadlines", tmp_path / "d.csv", "--penalty", 10) == 0
    told = capsys.readouterr().out
    assert seen == [] and "rules have changed" in told and "lesson 05 is due" in told
    rows = [line.split(",") for line in (out / "grades.csv").read_text().splitlines()]
    column = rows[0].index(STEP.id)
    assert [row[column] for row in rows[1:]] == ["2.4", "1.5", "0"]
    page = (out / "feedback" / "ada.html").read_text()
    assert "2 days late: 20 % of the points" in page and "-0.6" in page
    assert "days late" not in (out / "feedback" / "ben.html").read_text()


def test_an_unknown_time_is_on_time_and_said_once(three, capsys, tmp_path):
    """To guess it from the file would punish whoever copied the folder; to be silent would hide it."""
    _, out = three
    (tmp_path / "d.csv").write_text("lesson,due\n05,2001-01-01T00:00:00Z\n")
    capsys.readouterr()
    assert run("regrade", out, "--deadlines", tmp_path / "d.csv", "--penalty", 10) == 0
    assert capsys.readouterr().out.count("Not known when handed in") == 1
    assert ",3," in (out / "grades.csv").read_text()


@pytest.fixture
def canvas(tmp_path, capsys):
    """What Canvas makes of a class, one of it late, graded with a deadline into `out`."""
    (tmp_path / "in").mkdir()
    for name in ("doejane_12_34", "roe_LATE_56_78"):
        (tmp_path / "in" / f"{name}_05_momentum.ipynb").write_text(worksheet())
    (tmp_path / "d.csv").write_text("lesson,due\n05,2001-01-01T00:00:00Z\n")
    assert run("grade", tmp_path / "in", "--out", tmp_path / "out", "--jobs", 1, "--deadlines", tmp_path / "d.csv") == 0
    yield tmp_path / "in", tmp_path / "out"
    let_go()


def test_whom_canvas_marks_as_late_is_named(canvas, capsys):
    """The file tells no time, so the late would get full marks, and nobody would know whom to correct."""
    told = capsys.readouterr().out
    assert "Canvas marks 1 of these as late" in told and "lesson 05: roe_56\n" in told and "doejane" not in told
    assert run("regrade", canvas[1]) == 0 and "lesson 05: roe_56\n" in capsys.readouterr().out
    assert run("explain", canvas[1], "roe_56", STEP.id, "--no-run") == 0
    assert "on time; Canvas marks it as late" in capsys.readouterr().out
    assert run("explain", canvas[1], "doejane_12", STEP.id, "--no-run") == 0
    assert "Canvas" not in capsys.readouterr().out


def test_an_older_gradebook_learns_who_is_late(canvas, capsys):
    """Version 2 did not store it: the next run over the same files would go on to say nothing."""
    folder, out = canvas
    with Gradebook(out, writing=True) as book:
        book.move([one._replace(late=False) for one in book.found()])
    capsys.readouterr()
    assert run("regrade", out) == 0 and "Canvas" not in capsys.readouterr().out
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    told = capsys.readouterr().out
    assert "2 unchanged" in told and "lesson 05: roe_56\n" in told


def test_lateness_is_said_of_what_counts_and_has_a_deadline(book):
    """A head TA would correct a mark that comes from another attempt, or one for which no deadline holds."""
    late, due = graded(when="")._replace(found=Found("ada", "05", "p", 1, "", True)), Rules({("05", ""): None})
    book.keep(late, entry())
    assert "lesson 05: ada" in "\n".join(summary.undated(summary.Counts(book.finals()), due))
    assert not [*summary.undated(summary.Counts(book.finals()), Rules({("07", ""): None}))]
    book.keep(graded("ben", when="2026-11-22T22:00:00+00:00"), entry())
    book.keep(graded(attempt=2), entry())
    (line,) = summary.undated(summary.Counts(book.finals()), due)
    assert "taken as on time: some of lesson 05." in line


def test_a_regrade_may_start_from_another_folder(three, monkeypatch):
    """A path that was given from one folder leads nowhere from another: all submissions would be gone."""
    folder, out = three
    monkeypatch.chdir(folder.parent)
    assert run("grade", "in", "--out", "out", "--jobs", 1, "--quiet") == 0
    monkeypatch.chdir(folder)
    assert run("regrade", out, "--all", "--jobs", 1, "--quiet") == 0


def test_a_submission_that_is_gone_keeps_its_mark(three, capsys):
    """A folder that is tidied up must not take marks along."""
    folder, out = three
    (folder / "ada" / "05_momentum.ipynb").unlink()
    before = ask(out, SAME)
    assert run("regrade", out, "--jobs", 1) == 1 and "their marks stand" in capsys.readouterr().out
    assert run("grade", folder, "--out", out, "--jobs", 1, "--lessons", "05") == 1
    assert ask(out, SAME) == before and "ada, lesson 05" in capsys.readouterr().out


def test_who_hands_in_late_is_graded_then(tmp_path):
    """"not submitted" would stay forever."""
    folder, out = write(tmp_path / "in", {"ada": worksheet()}), tmp_path / "out"
    (folder / "zoe").mkdir()
    assert run("grade", folder, "--out", out, "--jobs", 1, "--lessons", "05") == 1
    write(folder, {"zoe": worksheet()})
    assert run("grade", folder, "--out", out, "--jobs", 1, "--lessons", "05") == 0
    assert "not submitted" not in (out / "grades.csv").read_text()
    let_go()


def test_ten_regrades_one_result(three):
    """A mark that depends on the run cannot be defended (tests/regrade_many.py does it a hundred times)."""
    _, out = three
    results = {str(ask(out, SAME))}
    for _ in range(10):
        assert run("regrade", out, "--all", "--jobs", 1, "--quiet") == 0
        results.add(str(ask(out, SAME)))
    assert len(results) == 1 and len(ask(out, "SELECT 1 FROM history")) == 10 * 3 * FIVE


def test_a_process_that_is_lost_twice_costs_its_own_submission_alone(tmp_path, monkeypatch):
    """One submission that brings its grading process down would leave the rest of the class without marks."""
    from concurrent.futures.process import BrokenProcessPool

    def pool(tasks, secret, jobs, limits, take, meanwhile=None):
        for task in tasks:
            if task.found.student == "student-0002":
                raise BrokenProcessPool
            take(Graded(task.found, GRADED))

    monkeypatch.setattr(batch, "_in_pool", pool)
    found = [Found(f"student-{i:04d}", "05", "p") for i in range(40)]
    results, _ = batch.grade_all(found, "s", jobs=2)
    assert [result.found.student for result in results if result.status == UNGRADED] == ["student-0002"]


# --------------------------------------------------------------------------------------------------- out of time


BUSY = [(t / 10, {1: t / 50}, True) for t in range(20)]  # wants to run, and gets a fifth


@pytest.mark.parametrize(("looks", "expected"), [
    (BUSY, True),
    ([(t / 10, {1: t / 10}, True) for t in range(20)], False),  # a loop without end, on a core of its own
    ([(t / 10, {1: 0.0}, False) for t in range(20)], False),  # asleep
    ([(t / 10, {1: t / 50}, True) for t in range(120)], False),  # served slowly, but with two seconds in all
    ([], False),
])  # fmt: skip
def test_only_who_was_kept_waiting_is_tried_again(looks, expected):
    """A slow answer would pass on an idle machine only; an endless loop that is tried again costs everybody's time."""
    assert load.starved(looks, 2.0, False) == expected


def test_looks_see_what_runs_below():
    """Blind looks would take a busy machine for an endless loop."""
    spin = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    process = subprocess.Popen([sys.executable, "-c", spin], start_new_session=True)
    try:
        while not load.children(process.pid):
            assert process.poll() is None
        seen, wants = load.below(process.pid)
        while not (len(seen) == 2 and wants and sum(seen.values()) > 0.05):
            seen, wants = load.below(process.pid)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def out_of_time(monkeypatch, verdicts):
    """Let the answer to momentum.step run out of time on a busy machine, until `verdicts` of its tries are used up."""
    tries, real = [], batch.grade_fairly

    def fairly(submission, asked, secret, student, limits, enough):
        done, _ = real(submission, asked, secret, student, limits, enough)
        tries.append((limits.patience, [one.id for one in asked]))
        if len(tries) > verdicts:
            return done, ()
        late = Verdict(STEP.id, "error", 0.0, 3.0, OUT_OF_TIME)
        return tuple(late if one.exercise == STEP.id else one for one in done), (STEP.id,)

    monkeypatch.setattr(batch, "grade_fairly", fairly)
    return tries


def test_who_ran_out_of_time_on_a_busy_machine_is_tried_again_alone(tmp_path, monkeypatch):
    """A slow but right answer would lose its points in one run and win them in another."""
    folder, out = write(tmp_path / "in", {"ada": worksheet()}), tmp_path / "out"
    tries = out_of_time(monkeypatch, 1)
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    usual = Limits().patience
    assert [patience for patience, _ in tries] == [usual, batch.PATIENCE * usual] and tries[1][1] == [STEP.id]
    with Gradebook(out) as book:
        assert [record.points for record in book.records() if record.exercise == STEP.id] == [3.0]
        assert all(key for key, _ in book.entry(book.found()[0]).keys.values())
    let_go()


def test_who_runs_out_of_time_again_is_due_in_the_next_run(tmp_path, monkeypatch, capsys):
    """Bad luck would be final."""
    folder, out = write(tmp_path / "in", {"ada": worksheet()}), tmp_path / "out"
    with monkeypatch.context() as patch:
        out_of_time(patch, 2)
        assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    assert ask(out, "SELECT points FROM verdicts WHERE exercise = 'momentum.step'") == [(0.0,)]
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    assert f"1 {worklist.BUSY}: momentum.step (1)" in capsys.readouterr().out
    assert ask(out, "SELECT points FROM verdicts WHERE exercise = 'momentum.step'") == [(3.0,)]
    let_go()


# ------------------------------------------------------------------------------------------------ explain, adjust


def test_explain_tells_property_input_got_and_expected(three, capsys):
    """A head TA who cannot show why a mark is what it is has to give in, or to be unjust."""
    _, out = three
    capsys.readouterr()
    assert run("explain", out, "ben", "momentum_step") == 0
    told = capsys.readouterr().out
    hidden = STEP.draw("s:ben")[0].args["state"][0]
    for words in ("1.5 of 3 points", "[averaged_form]", "NO  correct", f"{hidden[0]:.6g}", "got", "expected",
                  "gives the stored mark again", "attempt 1 of 1"):  # fmt: skip
        assert words in told, words
    assert f"{hidden[0]:.6g}" not in (out / "feedback" / "ben.html").read_text()


def the_sum(told):
    """The numbers of an explanation's sum, and what they add up to by it."""
    lines = told.partition("The sum\n")[2].partition("\n\n")[0].splitlines()
    *numbers, together = (float(line.split()[0]) for line in lines)
    return sum(numbers), together


@pytest.mark.parametrize("id", [one.id for one in exercises.of_lesson("05")])
def test_explained_marks_are_sums(three, capsys, id):
    """Numbers that do not add up explain nothing."""
    folder, out = three
    write(folder, {"dan": untouched(), "eve": worksheet(ema=EMA_HALF), "fay": "{"})
    run("grade", folder, "--out", out, "--jobs", 1)
    run("adjust", out, "eve", id, "+0.25", "--reason", "why")
    for student in ("ada", "ben", "cleo", "dan", "eve", "fay"):
        capsys.readouterr()
        assert run("explain", out, student, id, "--no-run") == 0
        together, told = the_sum(capsys.readouterr().out)
        assert together == pytest.approx(told, abs=1e-3)


EMA_HALF = """
def ema(xs, beta, correct=False):
    m, averages = 0.0, []
    for x in xs:
        m = beta * m + (1 - beta) * x
        averages.append(m)
    return np.array(averages)
"""


def test_an_adjustment_survives_regrading_and_can_be_undone(three, capsys):
    """What a TA has decided by hand would be gone with the next run."""
    _, out = three
    assert run("adjust", out, "cleo", STEP.id, "+0.5", "--reason", "the text was <unclear>") == 0
    assert run("regrade", out, "--all", "--jobs", 1, "--quiet") == 0
    page = (out / "feedback" / "cleo.html").read_text()
    assert "0.5 of 3 points" in page and "the text was &lt;unclear&gt;" in page
    run("explain", out, "cleo", STEP.id, "--no-run")
    assert "the text was <unclear>" in capsys.readouterr().out
    assert run("adjust", out, "cleo", STEP.id, "2", "--reason", "oral") == 0
    assert run("adjust", out, "cleo", STEP.id, "--undo") == 0
    assert "0.5 of 3 points" in capsys.readouterr().out
    assert run("adjust", out, "cleo", STEP.id, "-0.5", "--reason", "after all") == 0
    assert "0 of 3 points" in capsys.readouterr().out
    run("explain", out, "cleo", STEP.id, "--no-run")
    assert "undone" in capsys.readouterr().out


def test_who_was_renamed_can_be_forgotten(three, capsys):
    """Marks under an old name would stand beside those under the new one for good, and count twice in every report."""
    folder, out = three
    run("adjust", out, "ada", STEP.id, "1", "--reason", "oral")
    (folder / "ada").rename(folder / "lovelace")
    capsys.readouterr()
    run("grade", folder, "--out", out, "--jobs", 1, "--quiet")
    run("regrade", out, "--jobs", 1, "--quiet")
    assert "until you `forget` them" in capsys.readouterr().out
    assert run("forget", out, "ada") == 0
    students = [row.partition(",")[0] for row in (out / "grades.csv").read_text().splitlines()[1:]]
    assert sorted(students) == ["ben", "cleo", "lovelace"]
    assert not (out / "feedback" / "ada.html").exists() and (out / "feedback" / "lovelace.html").exists()
    assert "3 students" in (out / "class_report.html").read_text()
    assert {points for (points,) in ask(out, "SELECT points FROM history WHERE student = 'ada'")}, "the points are kept"
    assert ask(out, "PRAGMA foreign_key_check") == []
    (folder / "lovelace").rename(folder / "ada")
    run("grade", folder, "--out", out, "--jobs", 1, "--quiet")
    capsys.readouterr()
    run("explain", out, "ada", STEP.id, "--no-run")
    assert "oral" in capsys.readouterr().out


def test_one_lesson_can_be_forgotten_and_nobody_unknown(three, capsys):
    """A typing error would say that it is done; and who dropped one lesson would lose the others."""
    _, out = three
    assert run("forget", out, "adda") == 2 and run("forget", out, "ada", "--lessons", "07") == 2
    assert capsys.readouterr().err.count("to forget: see grades.csv") == 2
    assert run("forget", out, "ada", "--lessons", "05") == 0
    assert ask(out, "SELECT count(*) FROM submissions WHERE student = 'ada'") == [(0,)]
    assert ask(out, "SELECT count(*) FROM submissions WHERE student = 'ben'") == [(1,)]


@pytest.mark.parametrize("args", [
    ["nobody", STEP.id, "1", "--reason", "x"], ["ada", "no.such", "1", "--reason", "x"], ["ada", STEP.id, "1"],
    ["ada", STEP.id, "--reason", "x"], ["ada", STEP.id, "--undo"], ["ada", STEP.id, "1", "--undo"],
])  # fmt: skip
def test_an_adjustment_that_means_nothing_is_refused(three, capsys, args):
    """A typing error in a name would give the points to nobody, in silence."""
    _, out = three
    capsys.readouterr()
    assert run("adjust", out, *args) == 2
    assert capsys.readouterr().err.count("\n") == 1 and not ask(out, "SELECT * FROM adjustments")


def test_other_folders_are_refused(tmp_path, capsys):
    """A gradebook made by a command that only looks would hide the typing error in its name."""
    for args in (["regrade", tmp_path], ["explain", tmp_path, "ada", STEP.id], ["regrade", tmp_path / "none"],
                 ["adjust", tmp_path, "ada", STEP.id, "1", "--reason", "x"]):  # fmt: skip
        assert run(*args) == 2 and "earlier run" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


# ------------------------------------------------------------------------------------------------------ fingerprints


MODULE = '''
import numpy as np
SIZE = 3
OTHER = 4
def cases(rng):
    return [SIZE]
def others(rng):
    return [OTHER]
@exercise("a.first", title="T", cases=cases, points=2, hints=("one", "two"))
def first(x):
    """The contract."""
    return helper(x)
def helper(x):
    return x + 1
@first.style
def styled(x):
    return 1 + x
@first.mistake("Told.", credit=0.5)
def forgets(x):
    return x
@exercise("a.second", title="U", cases=others)
def second(x):
    return -x
'''


@pytest.mark.parametrize(("old", "new", "changes"), [
    ("SIZE = 3", "SIZE = 5", True), ("x + 1", "x + 2", True), ("points=2", "points=3", True),
    ("credit=0.5", "credit=0.4", True), ("return x\n", "return 2 * x\n", True), ("def forgets", "def drops", True),
    ('"two"', '"three"', False), ('title="T"', 'title="V"', False), ("The contract", "The text", False),
    ("1 + x", "1.0 + x", False), ("OTHER = 4", "OTHER = 5", False), ("return -x", "return -x - 0", False),
])  # fmt: skip
def test_what_changes_a_mark_changes_the_fingerprint(old, new, changes):
    """A mended case would leave wrong marks, or a mended hint would grade a class again."""
    texts = [list(fingerprint.Source(text).text_of("first")) for text in (MODULE, MODULE.replace(old, new))]
    assert old in MODULE and (texts[0] != texts[1]) == changes


def test_fingerprints_tell_exercises_and_students_apart():
    """Two that share a key would share a mark."""
    ids = [one.id for one in exercises.of_lesson("05")]
    assert len({fingerprint.definition(id) for id in ids}) == len(ids)
    keys = {fingerprint.key(*parts) for parts in (("a", "b", "c", "d"), ("ab", "", "c", "d"), ("a", "b", "cd", ""),
                                                  ("a", "b", "c", "e"))}  # fmt: skip
    assert len(keys) == 4


def test_an_endless_loop_is_graded_once(tmp_path, monkeypatch):
    """What had its time and did not end is no matter of luck, and the next run need not wait for it again."""
    folder, out = write(tmp_path / "in", {"gus": worksheet(momentum_step=ENDLESS)}), tmp_path / "out"
    monkeypatch.setattr(load, "crowded", lambda: False)
    monkeypatch.setattr(load, "starved", lambda looks, enough, crowded: False)
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0
    seen = asked_for(monkeypatch)
    assert run("grade", folder, "--out", out, "--jobs", 1) == 0 and seen == []
    let_go()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_fork_does_not_keep_the_lock(tmp_path):
    """A scorer that outlives a killed run for a moment would lock out the run that is to go on from there."""
    lock, (there, here) = store.Lock(tmp_path / "lock"), os.pipe()
    pid = os.fork()
    if not pid:
        os.write(here, b"!")
        time.sleep(60)
        os._exit(0)
    try:
        os.read(there, 1)
        lock.release()
        store.Lock(tmp_path / "lock").release()
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
