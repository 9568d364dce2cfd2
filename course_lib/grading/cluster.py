"""Grade on a Dask cluster: the same work on many machines, the results into the one gradebook here.

A worker gets the file with the task, so nobody needs a common disk; it needs the same course, and keeps students'
code in a sandbox of its own, as a process of this machine does. What a lost worker had in hand goes to another one;
with none left the run waits until one comes. Dask is an extra: it is imported when a cluster is asked for.
"""

import os
import stat
import tempfile
import threading
from pathlib import Path

from course_lib.grading import batch, confine, fingerprint, isolation, launch, notebook
from course_lib.grading.marks import UNGRADED, Graded
from course_lib.grading.scorer import Scorer

SECONDS = 30  # for a scheduler to answer, and for a first worker to be there
MOST_TASKS = 512  # handed out at a time: enough for hundreds of workers, and memory stays flat
MOST_BYTES = 256_000_000
NO_DASK = "Grading on a cluster needs Dask: start with `python3 start.py run --cluster python -m course_lib grade ...`."
OTHER = "A worker has another version of the course: install the same one on all machines, and run again."
LOST = "The scheduler went away: what was graded is kept; run the same command again when it is back."
ENDED = "The process that graded it ended before it was done; grade it again."

_one_at_a_time, _scorer = threading.Lock(), Scorer()  # of a worker, whose own process runs Dask's threads


class Workers:
    """The workers of a cluster, as a `runner` for `batch.run`.

    Args:
        address: of the scheduler, as ``tcp://host:8786``, or ``tls://...`` with the keys in Dask's configuration.

    Raises:
        ValueError: there is no Dask here, no scheduler or no worker there, or another version of the course.
    """

    def __init__(self, address):
        try:
            from distributed import Client
        except ImportError:
            raise ValueError(NO_DASK) from None
        try:
            self.client = Client(address, timeout=SECONDS, set_as_default=False)
            self.client.wait_for_workers(1, timeout=SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise ValueError(f"No scheduler with a worker answers at {address}: start both, and try again "
                             f"({type(error).__name__}).") from None  # fmt: skip
        self.compare()

    def compare(self):
        """Raise ValueError where a worker has no course, or another one."""
        try:
            versions = set(self.client.run(fingerprint.course).values())
        except ImportError:
            raise ValueError("The workers do not have the course: install it there as here, and try again.") from None
        if versions != {fingerprint.course()}:
            raise ValueError(OTHER)

    def isolation(self):
        """How students' code is kept apart there, in words."""
        return "; ".join(sorted(set(self.client.run(isolation.in_force).values())))

    def demand_isolation(self):
        """Raise ValueError where a worker lacks a layer that `--require-isolation` asks for."""
        for sentence in filter(None, self.client.run(lacking).values()):
            raise ValueError(f"A worker says: {sentence} Leave out --require-isolation to grade all the same.")

    def close(self):
        """Leave the cluster; it goes on."""
        self.client.close()

    def __call__(self, tasks, secret, jobs, limits, take):
        """Grade, and hand each `Graded` to `take`; `jobs` is the cluster's affair."""
        from distributed import as_completed

        waiting, course = iter(tasks), fingerprint.course()
        running, done = {}, as_completed(loop=self.client.loop)

        def hand_out():
            while len(running) < MOST_TASKS and sum(size for _, size in running.values()) < MOST_BYTES:
                if (task := next(waiting, None)) is None:
                    return
                data = content(task.found.path)
                if data is None:
                    take(batch.work(task, secret, limits))  # no file that could hold code
                    continue
                future = self.client.submit(grade_there, task, data, secret, limits, course, pure=False)
                running[future] = task, len(data)
                done.add(future)

        try:
            hand_out()
            for future in done:
                task, _ = running.pop(future)
                take(result_of(future, task))
                hand_out()
        finally:
            self.client.cancel(list(running))


def lacking():
    """The sentence on what this machine lacks to confine submissions, where it is essential; else ""."""
    force = launch.offered()
    return confine.missing(force) if confine.essential(force) else ""


def content(path):
    """The bytes of a file to send; None for what can only be reported: nothing there, no file, too large."""
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode) or about.st_size > notebook.LARGEST_FILE:
            return None
        return Path(path).read_bytes()
    except OSError:
        return None


def grade_there(task, data, secret, limits, course):
    """Grade one submission on a worker, from the bytes of its file; what comes back names the file as here."""
    if course != fingerprint.course():
        return Graded(task.found, UNGRADED, OTHER)
    with _one_at_a_time, tempfile.TemporaryDirectory(prefix="course-task-") as folder:
        path = Path(folder) / "submission.ipynb"
        path.write_bytes(data)
        there = task._replace(found=task.found._replace(path=str(path)))
        try:
            return _scorer.work(there, secret, limits)._replace(found=task.found)
        except (EOFError, OSError):
            return Graded(task.found, UNGRADED, ENDED)


def result_of(future, task):
    """The `Graded` of a task that has come back, whatever became of it there.

    Raises:
        ValueError: the scheduler is gone.
    """
    if future.status in ("cancelled", "lost"):
        raise ValueError(LOST)
    error = future.exception()
    if error is None:
        return future.result()
    lost = type(error).__name__ == "KilledWorker"
    return Graded(task.found, UNGRADED, ENDED if lost else f"{type(error).__name__}: {error}")
