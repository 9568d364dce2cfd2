"""Grade many submissions on all cores: each worker process scores, and has a sandbox of its own.

What ran out of time while the machine was busy is tried once more at the end, alone and with more patience: whether a
slow answer is right must not depend on what else runs.
"""

import atexit
import gc
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from multiprocessing.util import Finalize
from time import monotonic
from typing import NamedTuple

from course_lib import exercises
from course_lib.grading import notebook, similarity
from course_lib.grading.confine import DIE_WITH_PARENT, Limits, prctl
from course_lib.grading.grade import grade_fairly, let_go, prepare
from course_lib.grading.marks import GRADED, MISSING, UNGRADED, UNREADABLE, Graded
from course_lib.grading.submissions import Found

__all__ = ["GRADED", "MISSING", "UNGRADED", "UNREADABLE", "Graded", "Task", "grade_all", "run", "work"]

AHEAD = 8  # submissions a process that are handed out before they can be graded
PATIENCE = 3  # times the usual limits for what is tried again alone
_ending = []  # threads that wait for the processes of a run to end


class Task(NamedTuple):
    """A submission, and the ids of the exercises to examine (None: all of its lesson)."""

    found: Found
    ids: tuple | None = None


def grade_all(found, secret, jobs=None, tick=lambda: None, limits=None):
    """Grade submissions; (list of `Graded` in the order of `found`, whether ctrl-C ended it early).

    Args:
        found: the submissions, `Found`.
        secret: the text that hidden cases are drawn from.
        jobs: how many processes; all cores by default, and 1 means none but this.
        tick: called after each submission.
        limits: the `Limits` of each submission.
    """
    done = {}

    def keep(graded):
        done[graded.found] = merged(done.get(graded.found, graded), graded)

    whole = run([Task(one) for one in found], secret, keep, jobs, limits, tick=tick)
    settle()
    late = "The run was ended before its turn."
    return [done.get(one) or Graded(one, UNGRADED, late) for one in found], not whole


def run(tasks, secret, keep, jobs=None, limits=None, runner=None, tick=lambda: None, meanwhile=lambda: None):
    """Grade, and hand each `Graded` to `keep` as it comes; whether all were graded, and ctrl-C did not end it.

    Processes may still be about to end when it returns: see `settle`, which is called at the end of the program.

    Args:
        tasks: a list of `Task`.
        secret: the text that hidden cases are drawn from.
        keep: called in this process, one at a time; what it raises ends the run.
        jobs: how many processes; all cores by default, and 1 means none but this.
        limits: the `Limits` of each submission.
        runner: ``runner(tasks, secret, jobs, limits, take)``, in the place of processes of this machine; it calls
            ``work(task, secret, limits)`` somewhere for each task, and `take` here with what comes back.
        tick: called after each submission.
        meanwhile: called each time that all processes have something to do, for what can be done while they do it.
    """
    settle()
    jobs = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    done, again = set(), []

    def take(graded):
        if graded.found in done:
            return
        keep(graded)
        done.add(graded.found)
        again.extend([Task(graded.found, graded.again)] if graded.again else [])
        tick()

    try:
        (runner or (_here if jobs <= 1 else partial(_in_pools, meanwhile)))(tasks, secret, jobs, limits, take)
        for task in again:
            keep(work(task, secret, limits, PATIENCE))
    except KeyboardInterrupt:
        return False
    return True


def merged(before, after):
    """A `Graded` with what was tried again in its place."""
    new = {verdict.exercise: verdict for verdict in after.verdicts}
    verdicts = tuple(new.get(verdict.exercise, verdict) for verdict in before.verdicts)
    prints = before.prints if after.prints is None else after.prints
    return after._replace(verdicts=verdicts if after.verdicts else (), prints=prints)


def patient(limits, times):
    """Limits with so many times the usual wall time, for what is tried again alone."""
    return limits._replace(**{name: times * getattr(limits, name) for name in ("seconds", "patience", "cell", "cells")})


def work(task, secret, limits=None, times=1):
    """Grade one submission, whatever it holds, with so many times the usual patience; runs in a worker."""
    began = monotonic()
    return _work(task, secret, limits, times)._replace(seconds=monotonic() - began)


def _work(task, secret, limits, times):
    (found, ids), limits = task if isinstance(task, Task) else Task(task), limits or Limits()
    if not found.path:
        return Graded(found, MISSING, "No notebook was handed in.")
    asked = [exercise for exercise in exercises.of_lesson(found.lesson) if ids is None or exercise.id in ids]
    try:
        submission, longer = notebook.read(found.path), patient(limits, times)
        verdicts, again = grade_fairly(submission, asked, secret, found.student, longer, limits.patience)
        prints = similarity.packed(similarity.texts(submission))
    except Exception as error:
        return Graded(found, UNGRADED, f"{type(error).__name__}: {error}")
    status = UNREADABLE if submission.problem else GRADED
    return Graded(found, status, submission.problem, verdicts, again, prints=prints)


def _here(tasks, secret, jobs, limits, take):
    for one in tasks:
        take(work(one, secret, limits))


def _in_pools(meanwhile, tasks, secret, jobs, limits, take):
    """In a pool; where it loses a process, those in hand go one by one, so that only the guilty one gets no mark."""
    left = dict.fromkeys(tasks)

    def taken(graded):
        take(graded)
        for one in [one for one in islice(left, AHEAD * jobs + 1) if one.found == graded.found]:
            del left[one]

    while left:
        try:
            return _in_pool(list(left), secret, jobs, limits, taken, meanwhile)
        except BrokenProcessPool:
            for one in list(islice(left, AHEAD * jobs)):
                _alone(one, secret, limits, taken)


def _alone(task, secret, limits, take):
    try:
        _in_pool([task], secret, 1, limits, take)
    except BrokenProcessPool:
        take(Graded(task.found, UNGRADED, "Its grading process ended twice; grade it again."))


def _in_pool(tasks, secret, jobs, limits, take, meanwhile=lambda: None):
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context(_way_to_start()), initializer=_begin,
                               initargs=(limits or Limits(),))  # fmt: skip
    waiting, running = iter(tasks), set()
    try:
        while True:
            with deaf_children():
                running |= {pool.submit(work, one, secret, limits)
                            for one in islice(waiting, AHEAD * jobs - len(running))}  # fmt: skip
            if not running:
                break
            meanwhile()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                take(future.result())
                running.discard(future)
    except KeyboardInterrupt:
        pool.shutdown(cancel_futures=True)  # what runs is finished, and kept
        for graded in (future.result() for future in running if future.done() and not future.cancelled()):
            take(graded)
        raise
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    _ending.append(threading.Thread(target=pool.shutdown))
    _ending[-1].start()


def settle():
    """Wait until the processes of earlier runs have ended, which takes as long as to write a page or two."""
    while _ending:
        _ending.pop().join()


atexit.register(settle)


def _way_to_start():
    """A fork has all modules at once, and is safe where nothing else runs in this process."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


def _begin(limits):
    """A worker ends when the run does, however that ends, and takes its sandbox along, which it starts at once."""
    prctl(DIE_WITH_PARENT, signal.SIGTERM)
    gc.freeze()  # what was there before is no garbage, and to look at it is to copy it
    Finalize(None, let_go, exitpriority=1)  # a fork leaves without `atexit`
    with suppress(OSError):  # whoever needs it says what is wrong
        prepare(limits)


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
