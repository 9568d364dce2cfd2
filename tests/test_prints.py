"""Fingerprints in the gradebook: made once, lost by nothing, and all that a class report needs to compare code."""

import os
import re
import sqlite3
from contextlib import closing

import pytest
from demo_class import write as write_class
from demo_submissions import untouched, worksheet, write
from kill_and_resume import ask

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.checking import Verdict
from course_lib.grading import batch, fingerprint, notebook, prints, similarity, store
from course_lib.grading.files import CLASS, STORE
from course_lib.grading.grade import let_go
from course_lib.grading.gradebook import Entry, Gradebook
from course_lib.grading.marks import GRADED, UNGRADED, UNREADABLE, Graded
from course_lib.grading.submissions import Found, find

STEP = exercises.get("momentum.step")
PRINTS = """SELECT student, lesson, attempt, way, prints FROM submissions LEFT JOIN prints ON submission = id
    ORDER BY student, lesson, attempt"""
ALIKE = ("student00008", "student00009")  # worked a little too closely together
HELPER = "def helper(state, v, beta):\n" + "".join(
    f"    state[{i}] {mark}= v[{i}] {mark} (beta {mark} state) {mark} v.T\n" for i, mark in enumerate("+-*/@%&|^" * 2))


def run(*args):
    return main([*map(str, args)])


def compared(out):
    """The `Alike` that the gradebook of a run tells, and how many submissions it cannot compare."""
    lost = []
    with Gradebook(out) as book:
        return similarity.pairs(prints.sources(book, [final.found for final in book.finals()], lost.append)), len(lost)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A class of which two share a helper, graded in two processes: (its folder, that of the results)."""
    folder = tmp_path_factory.mktemp("demo")
    write_class(folder / "in", 14, ("05",))
    assert run("grade", folder / "in", "--out", folder / "out", "--jobs", 2, "--seed", "s", "--quiet") == 1
    yield folder / "in", folder / "out"
    let_go()


@pytest.fixture
def gone(demo):
    """The same with the notebooks out of reach."""
    folder, out = demo
    folder.rename(folder.with_name("away"))
    yield out
    folder.with_name("away").rename(folder)


@pytest.fixture
def two(tmp_path):
    """Two with the same helper, graded here."""
    folder = write(tmp_path / "in", {name: worksheet(momentum_step=HELPER) for name in ("ada", "ben")})
    assert run("grade", folder, "--out", tmp_path / "out", "--jobs", 1, "--seed", "s", "--quiet") == 0
    yield folder, tmp_path / "out"
    let_go()


def similar(out):
    """What the class report says of similar code."""
    return re.search(r"<h2>Similar code</h2>.*?</section>", (out / CLASS).read_text(encoding="utf-8"), re.DOTALL)[0]


# ------------------------------------------------------------------------------------------------- a whole class


def test_what_is_kept_finds_what_the_notebooks_tell(demo):
    """A pair that the notebooks show would be missing from the report, or one that they do not show stand there."""
    folder, out = demo
    cells = ((one.student, one.lesson, similarity.cells_of(one.path)) for one in find(folder).found)
    pairs, lost = compared(out)
    assert pairs == similarity.pairs((*who, similarity.prints_of(code)) for *who, code in cells) and lost == 0
    assert [one.students for one in pairs] == [ALIKE]


def test_one_process_makes_the_prints_that_two_make(demo):
    """Whether a copy is found would depend on the machine."""
    folder, out = demo
    here, _ = batch.grade_all(find(folder).found[7:10], "s", jobs=1)
    with Gradebook(out) as book:
        assert [one.prints for one in here] == [book.prints(one.found) for one in here]
    assert all(one.prints for one in here)


def test_adjust_and_report_read_no_notebook(gone, monkeypatch):
    """One corrected mark in a class of a thousand would cost seconds; and the pairs, once notebooks are tidied up."""
    before, read, opened = similar(gone), notebook.read, []
    monkeypatch.setattr(notebook, "read", lambda path: opened.append(str(path)) or read(path))
    assert run("adjust", gone, "student00003", STEP.id, "+0.5", "--reason", "asked") == 0
    assert similar(gone) == before and "two students" in before and "not compared" not in before
    assert "student0" not in (gone / CLASS).read_text(encoding="utf-8")
    assert run("report", gone, "--names") == 0
    assert ", ".join(ALIKE) in similar(gone)
    assert all(path.startswith(str(similarity.WORKSHEETS)) for path in opened)  # what is known of the course


# --------------------------------------------------------------------------------------- what becomes of them later


def test_a_regrade_keeps_prints(two, monkeypatch):
    """The next run, which grades nothing or one exercise again, would take the pairs out of the report."""
    folder, out = two
    before, real = ask(out, PRINTS), fingerprint.definition
    assert run("grade", folder, "--out", out, "--jobs", 1, "--quiet") == 0 and ask(out, PRINTS) == before
    monkeypatch.setattr(fingerprint, "definition", lambda id: real(id) + "'" * (id == STEP.id))
    assert run("regrade", out, "--jobs", 1, "--quiet") == 0 and ask(out, PRINTS) == before
    assert len(ask(out, "SELECT 1 FROM history")) == 2 and len(compared(out)[0]) == 1


def test_another_file_has_other_prints(two):
    """A student would be suspected for code that is not in the file any more."""
    folder, out = two
    write(folder, {"ada": untouched(), "ben": "{"})
    assert run("grade", folder, "--out", out, "--jobs", 1, "--quiet") == 1
    (_, _, _, _, ada), (_, _, _, way, ben) = ask(out, PRINTS)
    assert ada == similarity.packed(similarity.cells_of(folder / "ada" / "05_momentum.ipynb"))
    assert (way, ben) == (similarity.WAY, b"") and compared(out) == ([], 0)


def graded(status=GRADED, prints=None, student="ada"):
    """A `Graded` with one verdict, if it is graded."""
    verdict = Verdict(STEP.id, "right", 3.0, 3.0, "Right.")
    return Graded(Found(student, "05", "p"), status, "", (verdict,) * (status == GRADED), prints=prints)


def test_what_brings_no_prints_takes_none_of_the_same_file(tmp_path):
    """Whoever is tried again alone, and then loses the process, would not be compared; nor may the old file's stay."""
    entry = Entry("aa", {STEP.id: ("key", "definition")})
    with Gradebook(tmp_path, writing=True) as book:
        for one, sha256, kept in ((graded(prints=b"8 bytes "), "aa", b"8 bytes "), (graded(), "aa", b"8 bytes "),
                                  (graded(UNGRADED), "aa", b"8 bytes "), (graded(UNREADABLE, b""), "bb", b""),
                                  (graded(prints=b"8 others"), "cc", b"8 others"), (graded(UNGRADED), "dd", None),
                                  (graded(prints=b"8 bytes "), "dd", b"8 bytes ")):  # fmt: skip
            book.keep(one, entry._replace(sha256=sha256))
            assert book.prints(one.found) == kept
        assert book.prints(graded(student="ben").found) is None
        assert book.connection.execute("SELECT count(*) FROM prints").fetchone() == (1,)


def test_what_is_tried_again_keeps_prints():
    """A slow submission would be the one that is never compared."""
    before = graded(prints=b"8 bytes ")
    assert batch.merged(before, graded(UNGRADED)) == graded(UNGRADED, b"8 bytes ")
    assert batch.merged(before, graded(prints=b"8 others")).prints == b"8 others"


# ------------------------------------------------------------------------------------------------- older gradebooks


def aged(out, version=2):
    """Make the gradebook of a run what an earlier version of the course would have left."""
    with closing(sqlite3.connect(out / STORE, isolation_level=None)) as book:
        book.execute("DROP TABLE prints")
        book.execute("ALTER TABLE submissions DROP COLUMN late")
        book.execute(f"PRAGMA user_version = {version}")


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 35), reason="SQLite here cannot drop a column")
def test_of_a_gradebook_of_version_two_the_notebooks_are_read(two):
    """The pairs of last term would vanish with the update, in silence; or its marks with them."""
    folder, out = two
    expected, marks = compared(out), ask(out, "SELECT * FROM verdicts")
    aged(out)
    assert compared(out) == expected and len(expected[0]) == 1
    assert ask(out, "PRAGMA user_version") == [(store.VERSION,)] and ask(out, "SELECT * FROM verdicts") == marks
    os.unlink(folder / "ada" / "05_momentum.ipynb")
    assert compared(out) == ([], 1)
    assert run("adjust", out, "ada", STEP.id, "+0.5", "--reason", "asked") == 0
    assert "1 submission not compared" in similar(out) and "ada" not in similar(out)


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 35), reason="SQLite here cannot drop a column")
def test_a_regrade_fills_in_what_an_older_gradebook_lacks(two):
    """Every correction in last term's gradebook would go on to read all notebooks."""
    _, out = two
    before = ask(out, PRINTS)
    aged(out)
    assert run("regrade", out, "--all", "--jobs", 1, "--quiet") == 0 and ask(out, PRINTS) == before


def test_prints_of_another_kind_are_not_mixed_in(two, monkeypatch):
    """After a change in how prints are made, old and new ones would have nothing in common, whatever was copied."""
    folder, out = two
    with Gradebook(out, writing=True) as book:
        book.connection.execute("UPDATE prints SET way = 0, prints = x'' WHERE submission = 1")
    assert len(compared(out)[0]) == 1
    os.unlink(folder / "ada" / "05_momentum.ipynb")
    assert compared(out) == ([], 1)
