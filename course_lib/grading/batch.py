"""Grade many submissions on all cores: each worker process scores, and has a sandbox of its own."""

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import NamedTuple

from course_lib import exercises
from course_lib.grading import notebook
from course_lib.grading.confine import DIE_WITH_PARENT, prctl
from course_lib.grading.grade import grade_one, shared
from course_lib.grading.submissions import Found

GRADED, UNREADABLE, MISSING, UNGRADED = "graded", "unreadable", "not submitted", "not graded"


class Graded(NamedTuple):
    """What became of one submission: its status, the reason when it is not "graded", and a `Verdict` an exercise."""

    found: Found
    status: str
    reason: str = ""
    verdicts: tuple = ()


def grade_all(found, secret, jobs=None, tick=lambda: None, limits=None):
    """Grade submissions; (list of `Graded` in the order of `found`, whether ctrl-C ended it early).

    Args:
        found: the submissions, `Found`.
        secret: the text that hidden cases are drawn from.
        jobs: how many processes; all cores by default, and 1 means none but this.
        tick: called after each submission.
        limits: the `Limits` of each submission.
    """
    jobs = min(jobs or os.cpu_count() or 1, len(found))
    run = _here if jobs <= 1 else _in_pools
    done, whole = {}, True
    try:
        run(found, secret, jobs, limits, lambda graded: (done.update({graded.found: graded}), tick()))
    except KeyboardInterrupt:
        whole = False
    reason = "The run was ended before its turn." if not whole else "Its grading process ended twice; grade it again."
    return [done.get(one) or Graded(one, UNGRADED, reason) for one in found], not whole


def work(found, secret, limits=None):
    """Grade one submission, whatever it holds; runs in a worker."""
    if not found.path:
        return Graded(found, MISSING, "No notebook was handed in.")
    asked = exercises.of_lesson(found.lesson)
    try:
        submission = notebook.read(found.path)
        verdicts = tuple(grade_one(submission, asked, secret, found.student, shared(limits)))
    except Exception as error:
        return Graded(found, UNGRADED, f"{type(error).__name__}: {error}")
    return Graded(found, UNREADABLE if submission.problem else GRADED, submission.problem, verdicts)


def _here(found, secret, jobs, limits, take):
    for one in found:
        take(work(one, secret, limits))


def _in_pools(found, secret, jobs, limits, take):
    """In a pool; a pool that loses a process is done for, so a second one takes what is left."""
    left = set(found)

    def taken(graded):
        left.discard(graded.found)
        take(graded)

    for _ in range(2):
        try:
            return _in_pool([one for one in found if one in left], secret, jobs, limits, taken)
        except BrokenProcessPool:
            continue


def _in_pool(found, secret, jobs, limits, take):
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_follow_parent) as pool:
        with deaf_children():
            futures = [pool.submit(work, one, secret, limits) for one in found]
        try:
            for future in as_completed(futures):
                take(future.result())
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)  # what runs is finished, and kept
            for graded in (future.result() for future in futures if future.done() and not future.cancelled()):
                take(graded)
            raise


def _follow_parent():
    """A worker ends when the run does, however that ends."""
    prctl(DIE_WITH_PARENT, signal.SIGTERM)


@contextmanager
def deaf_children():
    """Processes started inside never hear ctrl-C: the run hears it, and ends them in good order."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
