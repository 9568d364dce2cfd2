"""Nobody gains by an attack, nobody else loses, nothing stays: the collection of `tests/hostile`, in one class."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile import runner

from course_lib.grading import launch, watch
from course_lib.grading.batch import grade_all
from course_lib.grading.grade import let_go

LINUX = sys.platform == "linux"
FORCE = launch.offered() if LINUX else ()
SAFE = runner.safe_here(FORCE)
NAMES = [entry.name for entry in SAFE]
MEGABYTE = 1_000_000
pytestmark = [pytest.mark.skipif(not LINUX, reason="many of these use what Linux alone has"), pytest.mark.timeout(600)]


class Class:
    """What came of a whole class: marks by name, and how things stood before and after."""

    def __init__(self, folder, loot):
        before = runner.snapshot(loot), runner.rooms(), processes()
        undisturbed = grade(runner.hand_in(folder / "before", loot, []))
        self.alone = {one.found.student: runner.marks(one) for one in undisturbed}
        found = runner.hand_in(folder, loot, SAFE)
        with runner.Gauge(os.getpid) as gauge:
            self.results = {one.found.student: one for one in grade(found)}
        self.most, self.found = gauge.most, {one.student for one in found}
        let_go()  # who ran out of time on a busy machine was tried again by this very process
        gone_by = time.monotonic() + 10  # what is let go ends by itself
        while processes() - before[2] and time.monotonic() < gone_by:
            time.sleep(0.05)
        self.before, self.after = before, (runner.snapshot(loot), runner.rooms(), processes())


def grade(found):
    return grade_all(found, runner.SECRET, jobs=2, limits=runner.SHORT)[0]


def processes():
    """The processes that this one has started, but for those that multiprocessing keeps for itself."""
    return {pid for pid in watch.descendants(os.getpid()) if b"resource_tracker" not in command(pid)}


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def graded():
    let_go()
    with runner.place() as (folder, loot):
        (folder / "before").mkdir()
        yield Class(folder, loot)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_gains(graded, name):
    """One attack that earns a point is in every group of friends by the next day."""
    entry = next(entry for entry in SAFE if entry.name == name)
    if name not in graded.found:
        return  # left aside with a reason, as the tests of `find` show
    assert runner.beyond(entry, graded.results[name]) == 0
    assert runner.lacking(entry, graded.results[name]) == []
    assert graded.results[name].status in ("graded", "unreadable")


@pytest.mark.parametrize("name", runner.HONEST)
def test_nobody_else_is_harmed(graded, name):
    """A right answer must be worth the same whoever sits beside it, to the byte."""
    assert runner.marks(graded.results[name]) == graded.alone[name]
    assert all(verdict.clean for verdict in graded.results[name].verdicts)


def test_nothing_stays(graded):
    """A process, a file or a changed file that outlives its submission could reach the next one."""
    assert graded.after[:2] == graded.before[:2]
    assert graded.after[2] <= graded.before[2]  # what an earlier test has let go may be on its way out


def test_memory_is_bounded(graded):
    """A class must not need more memory than a laptop has, whatever is handed in."""
    assert 0 < graded.most < 3000 * MEGABYTE


def test_the_collection_is_large_enough():
    """What is not tried is not known: at least forty attacks, fifteen broken files, and odd but honest ones."""
    assert len(runner.HOSTILE) >= 40 and len(runner.BROKEN) >= 15 and len(runner.ODD) >= 15
    assert len({entry.name for entry in runner.COLLECTION}) == len(runner.COLLECTION)


def test_the_table_tells(tmp_path):
    """The table is what a skeptical teacher looks at: it has a line for each, and a total."""
    command = [sys.executable, "-m", "tests.hostile", "--names", "exit,garbage,plain"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    lines = [line.split() for line in run.stdout.splitlines()]
    assert run.returncode == 0, run.stdout + run.stderr
    assert {line[0] for line in lines} >= {"name", "exit", "garbage", "plain", "3"}
