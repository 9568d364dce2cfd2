"""Build the notebooks of the course from their sources."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from course_lib.release import form
from course_lib.release.execution import BuildError, environment, run
from course_lib.release.markers import MarkerError
from course_lib.release.outputs import clean, faults
from course_lib.release.sources import WORKSHEET, targets

KERNELS = 2  # notebooks that run at a time


def build(root, stems=None, execute=True, progress=print, force=False):
    """Build lessons, keys and worksheets; a file is replaced whole or left as it was.

    Args:
        root: the folder of the course.
        stems: which lessons (``"05_momentum"`` or ``"05"``); all when None.
        execute: run lessons and keys; without, they are built without outputs, for a quick look.
        progress: called with one line a notebook.
        force: also replace worksheets that somebody has worked in.

    Raises:
        BuildError: a source or a cell is wrong, or a worksheet holds somebody's work; names all of them.
        ValueError: a stem has no source.
    """
    wanted = targets(root, stems)
    books = dict(_gathered(wanted, lambda target: (target, target.book())))
    _gathered([] if force else wanted, _spare_work)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(KERNELS) as pool:
        untouched = Path(scratch) / "exercises"
        worksheets(root, untouched)

        def make(target):
            start = time.perf_counter()
            book = books[target]
            if execute and target.kind != WORKSHEET:
                _executed(book, target, environment(tempfile.mkdtemp(dir=scratch), untouched))
            form.save(book, target.path, as_old_as=target.source)
            progress(f"{target.name}  {time.perf_counter() - start:.1f} s")

        _gathered(sorted(wanted, key=lambda target: target.kind != WORKSHEET), make, pool.map)


def worksheets(root, folder):
    """Write every worksheet, untouched, to `folder`: what lessons are run against.

    A worksheet with a wrong source is left out: somebody may be at work on it, and `check` reports it.
    """
    for target in targets(root):
        if target.kind == WORKSHEET:
            with suppress(MarkerError):
                form.save(target.book(), Path(folder) / target.path.name)


def _executed(book, target, variables):
    target.path.parent.mkdir(exist_ok=True)
    clean(run(book, target.name, target.path.parent, variables))
    found = faults(book)
    if found:
        raise BuildError("\n".join(f"{target.name}: cell {number} {fault}." for number, fault in found))


def _spare_work(target):
    """Raise when somebody has run or answered this worksheet: building would lose it."""
    if target.kind != WORKSHEET or not target.path.exists():
        return
    if form.touched(form.load(target.path), target.stem):
        raise BuildError(f"{target.name}: somebody has worked in it; move it away, or build with --force.")


def _gathered(items, act, over=map):
    """Do `act` for all items, then raise all that failed in one error."""
    def attempt(item):
        try:
            return act(item), None
        except (BuildError, ValueError) as error:
            return None, str(error)

    done = list(over(attempt, items))
    failed = list(dict.fromkeys(message for _, message in done if message))
    if failed:
        raise BuildError("\n".join(failed))
    return [result for result, _ in done]
