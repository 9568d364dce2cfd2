"""Grade the collection, one by one for the table or all together for the tests, and see what is left behind."""

import json
import os
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from demo_submissions import worksheet

from course_lib import exercises
from course_lib.grading import broom, confine, gradebook, watch
from course_lib.grading.batch import GRADED, UNREADABLE, Graded
from course_lib.grading.confine import Limits
from course_lib.grading.grade import grade_one
from course_lib.grading.notebook import read
from course_lib.grading.submissions import find
from course_lib.lessons import lesson

from . import broken, looking, odd, patching, processes, staying, talking, values
from .entry import right

HOSTILE = [entry for module in (patching, values, looking, talking, processes, staying) for entry in module.ENTRIES]
BROKEN, ODD = broken.ENTRIES, odd.ENTRIES
COLLECTION = [*HOSTILE, *BROKEN, *ODD]
SHORT = Limits(seconds=2.0, patience=1.0, cell=2.0, cells=5.0, memory=300_000_000, file=6_000_000, disk=8_000_000,
               processes=16)  # fmt: skip
SECRET = "a secret"
HONEST = {f"honest-{number}": number for number in ("01", "04", "05", "08", "09")}


@contextmanager
def place():
    """A folder that everybody may look into, and in it the file with a right answer to be stolen."""
    folder = Path(tempfile.mkdtemp(prefix="class-"))
    try:
        folder.chmod(0o755)
        loot = folder / "neighbor" / "answer.py"
        loot.parent.mkdir()
        loot.write_text("import numpy as np\n" + right("momentum.step"))
        (loot.parent / "right.ipynb").write_text(worksheet())
        (folder / "tmp").mkdir()
        with temporary(folder / "tmp"):
            yield folder, loot
    finally:
        broom.clear(folder)


@contextmanager
def temporary(folder):
    """A folder for temporary files that nobody else uses, so that what is left there is ours."""
    before = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield
    finally:
        os.environ.pop("TMPDIR") if before[0] is None else os.environ.update(TMPDIR=before[0])
        tempfile.tempdir = before[1]


def hand_in(folder, loot, entries, honest=HONEST):
    """Put the files of these entries, and right ones, into a folder of submissions; the list of `Found`."""
    submissions = folder / "submissions"
    for name, number in honest.items():
        _path(submissions, name, number).write_text(worksheet(number))
    for entry in entries:
        entry.make(_path(submissions, entry.name, entry.lesson), loot)
    return find(submissions).found


def _path(submissions, student, number):
    path = submissions / student / f"{lesson(number).stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def safe_here(force, entries=COLLECTION):
    """Those that cannot harm this system with these layers of confinement in force."""
    confined = "namespaces" in force or {"landlock", "seccomp"} <= set(force)
    return [entry for entry in entries if confined or not entry.danger]


def beyond(entry, graded):
    """The points that a submission got beyond what it earns, exercise by exercise together."""
    return sum(max(0.0, verdict.points - entry.earns.get(verdict.exercise, 0)) for verdict in graded.verdicts)


def lacking(entry, graded):
    """The ids of the exercises in which it got less than it earns, where it must not."""
    got = {verdict.exercise: verdict.points for verdict in graded.verdicts}
    return [id for id, worth in entry.earns.items() if entry.sure and got.get(id, 0) < worth]


def marks(graded):
    """The marks of a submission as they are written, byte by byte."""
    return json.dumps([record._asdict() for record in gradebook.records(graded)])


# ------------------------------------------------------------------------------------- what is left, what is used


def snapshot(loot):
    """What no submission may change: the loot and its neighborhood, and what lies where things can be planted."""
    shared = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path.home(), Path(os.__file__).parent]
    planted = sorted(str(path) for folder in shared if folder.is_dir() for path in folder.glob(f"*{staying.PLANTED}*"))
    near = sorted(str(path) for path in loot.parent.iterdir())
    return planted, near, loot.read_bytes(), loot.stat().st_mode, loot.stat().st_mtime


def rooms():
    """What lies in the temporary folder; the sandbox makes its folders there."""
    return {path.name for path in Path(tempfile.gettempdir()).iterdir()}


def used_below(keeper):
    """Bytes that the submission of a sandbox uses with all its processes, beyond what it shares with the warm one."""
    return max(map(watch.together, watch.children(keeper)), default=0) if keeper else 0


class Gauge:
    """The most memory that a submission has used, in bytes, looked at 50 times a second."""

    def __init__(self, pid):
        self.pid, self.most, self._ended = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self):
        while not self._ended.wait(0.02):
            self.most = max(self.most, used_below(self.pid()))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._ended.set()
        self._thread.join()


def alone(entry, found, sandbox):
    """Grade one in a sandbox of ours; (`Graded`, seconds, peak of memory, what it left behind)."""
    keeper = sandbox.launcher.process and sandbox.launcher.process.pid
    resting = set(watch.descendants(keeper))
    began = time.perf_counter()
    with Gauge(lambda: sandbox.launcher.process.pid if sandbox.launcher.process else keeper) as gauge:
        graded = grade(found, sandbox)
    seconds = time.perf_counter() - began
    same = sandbox.launcher.process and sandbox.launcher.process.pid == keeper
    sandbox.launcher.await_ready()
    left = len(set(watch.descendants(keeper)) - resting) if same else 0
    return graded, seconds, gauge.most, left + len(os.listdir(sandbox.folder))


def grade(found, sandbox):
    """As `batch.work`, in a given sandbox."""
    submission = read(found.path)
    verdicts = tuple(grade_one(submission, exercises.of_lesson(found.lesson), SECRET, found.student, sandbox))
    return Graded(found, UNREADABLE if submission.problem else GRADED, submission.problem, verdicts)


def lacks(force):
    """The line about missing layers, for the end of the table."""
    return confine.missing(force) or "All layers of isolation are in force."
