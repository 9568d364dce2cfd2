"""How a function under examination is called and watched: one `Case` in, one `Outcome` out, plain data both.

A learner's function runs in the notebook, a student's in a confined process; both are called by `observe`, so a
check at home and a mark in the gradebook rest on the same observation. This module knows no reference solution,
so it may stand beside hostile code.
"""

import copy
import ctypes
import linecache
import random
import sysconfig
import threading
import time
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from course_lib.givens import MAKERS, Watched, made, make
from course_lib.probes import PROBES
from course_lib.records import (
    BITS,
    DEEPEST,
    DTYPES,
    LARGEST,
    Case,
    Failure,
    Given,
    Outcome,
    Strange,
    identical,
    is_plain,
    plain,
)  # fmt: skip

__all__ = [
    "BITS", "DEEPEST", "DTYPES", "LARGEST", "MAKERS", "PROBES", "Case", "Failure", "Given", "Outcome", "Strange",
    "TimeUp", "failure_of", "identical", "is_plain", "make", "observe", "plain", "time_limit",
]  # fmt: skip

MACHINERY = (str(Path(__file__).parent), sysconfig.get_path("stdlib"), "<frozen", "<__array_function__")


def observe(fn, case, seconds=None):
    """Ask ``fn`` one `Case` and report the `Outcome`; never raises what ``fn`` raises, but ctrl-C passes.

    Args:
        fn: the function.
        case: the case.
        seconds: interrupt it after so long; None leaves the limit to somebody else.
    """
    args = {name: made(value) for name, value in case.args.items()}
    before = copy.deepcopy({name: value for name, value in args.items() if is_plain(value)})
    generators = _global_generators()
    began = time.perf_counter()
    value, failure, warned = _attempt(fn, case.probe, args, seconds)
    return Outcome(
        value=plain(value),
        failure=failure,
        changed=tuple(name for name in before if not identical(before[name], args[name])),
        shared=_share(value, args.values()),
        calls={name: arg._calls for name, arg in args.items() if isinstance(arg, Watched)},
        warned=warned,
        global_random=generators != _global_generators(),
        seconds=time.perf_counter() - began,
    )


def _attempt(fn, probe, args, seconds):
    """(value, failure, first warning) of one call."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with time_limit(seconds):
                value, failure = PROBES[probe](fn, **args), None
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit and TimeUp too: they are the function's, not ours
            value, failure = None, failure_of(error)
    return value, failure, str(caught[0].message) if caught else ""


def failure_of(error):
    """The `Failure` of an exception: the learner's own line, without the frames of the machinery."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _own(f.filename)]
    number, line, name = (frames[-1].lineno, frames[-1].line, frames[-1].filename) if frames else (0, "", "")
    line = line or linecache.getline(name, number or 0).strip()
    if isinstance(error, SyntaxError) and not frames:
        number, line = error.lineno or 0, (error.text or "").strip()
    return Failure(type(error).__name__, _message(error)[:500], line[:200], number or 0)


def _message(error):
    try:
        return str(error)
    except Exception:  # a class of the learner's own may fail at that too
        return ""


def _own(filename):
    return not filename.startswith(MACHINERY) and "-packages" not in filename


def _global_generators():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002 (looking is not drawing)
    return kind, keys.tobytes(), *rest, random.getstate()


def _share(value, args):
    """Whether an array in a value shares memory with one in the arguments."""
    mine = list(_arrays(value))
    return bool(mine) and any(np.shares_memory(a, b) for arg in args for b in _arrays(arg) for a in mine)


def _arrays(value, depth=0):
    """The arrays in nested lists and tuples."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (tuple, list)) and depth < DEEPEST:
        for item in value:
            if isinstance(item, (np.ndarray, tuple, list)):  # a list may hold thousands of numbers
                yield from _arrays(item, depth + 1)


class TimeUp(BaseException):
    """The time for one call is used up. No `Exception`, so that ``except Exception`` does not swallow it."""


@contextmanager
def time_limit(seconds):
    """Raise `TimeUp` in this thread when the block takes longer, on every system; again each half second.

    It interrupts Python code, not a single long call into compiled code: a confined process has harder limits.
    """
    if seconds is None:
        yield
        return
    me, running, ended, turn = threading.get_ident(), [True], threading.Lock(), threading.Lock()
    ended.acquire()
    guard = threading.Thread(target=_guard, args=(me, seconds, running, ended, turn), name="time limit", daemon=True)
    try:
        guard.start()
        yield
    finally:
        while running:  # an interruption may still arrive between any two of these lines, and none may be lost
            try:
                with turn:
                    running.clear()
                    ended.release()
            except TimeUp:
                continue
        _interrupt(me, None)  # take back one that was sent too late


def _guard(thread, seconds, running, ended, turn):
    """Interrupt a thread when its time is up, until the block has ended. Runs in a thread of its own."""
    while not ended.acquire(timeout=seconds):
        with turn:
            if not running:
                return
            _interrupt(thread, TimeUp)
        seconds = 0.5


def _interrupt(thread, error):
    error = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
