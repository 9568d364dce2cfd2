"""How a function under examination is called and watched: one `Case` in, one `Outcome` out, plain data both.

A learner's function runs in the notebook, a student's in a confined process; both are called by `observe`, so a
check at home and a mark in the gradebook rest on the same observation. This module knows no reference solution,
so it may stand beside hostile code.
"""

import ctypes
import linecache
import random
import struct
import sysconfig
import time
import traceback
import warnings
from pathlib import Path

import numpy as np

from course_lib.givens import MAKERS, made, make
from course_lib.probes import PROBES, counts
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
from course_lib.timeout import TimeUp, time_limit

__all__ = [
    "BITS", "DEEPEST", "DTYPES", "LARGEST", "MAKERS", "PROBES", "Case", "Failure", "Given", "Outcome", "Strange",
    "TimeUp", "failure_of", "identical", "is_plain", "make", "observe", "plain", "time_limit", "trusted",
]  # fmt: skip

MT19937_BYTES = 4 * (624 + 1)  # its words, and which of them is next
PYTHONS = random.random.__self__  # the generator behind the functions of `random`
SINGLE = {bool, np.bool_, int, float, np.float64, np.int64, str}  # a list may hold thousands of them, and no array
MACHINERY = (str(Path(__file__).parent), sysconfig.get_path("stdlib"), "<frozen", "<__array_function__")


def observe(fn, case, seconds=None):
    """Ask ``fn`` one `Case` and report the `Outcome`; never raises what ``fn`` raises, but ctrl-C passes.

    Args:
        fn: the function.
        case: the case.
        seconds: interrupt it after so long; None leaves the limit to somebody else.
    """
    args = _made(case)
    before = {name: plain(value) for name, value in args.items() if is_plain(value)}
    generators = _global_generators()
    began = time.perf_counter()
    value, failure, warned = _attempt(fn, case.probe, args, seconds)
    drew = generators != _global_generators()
    if drew:
        _drop_half_a_pair()
    return Outcome(
        value=plain(value),
        failure=failure,
        changed=tuple(name for name in before if not identical(before[name], args[name])),
        shared=_share(value, args.values()),
        calls=counts(args),
        warned=warned,
        global_random=drew,
        seconds=time.perf_counter() - began,
    )


def trusted(fn, case):
    """As `observe`, of a function that is known to change, share and draw nothing: what it returns, what it costs."""
    args, began = _made(case), time.perf_counter()
    value, failure, warned = _attempt(fn, case.probe, args, None)
    return Outcome(plain(value), failure, calls=counts(args), warned=warned, seconds=time.perf_counter() - began)


def _made(case):
    return {name: made(value) for name, value in case.args.items()}


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
    """The states of the global generators; the usual ones byte by byte, as asking them takes ten times as long."""
    numpys = np.random.get_bit_generator()
    if type(numpys) is not np.random.MT19937:
        return str(numpys.state), random.getstate()
    return ctypes.string_at(numpys.ctypes.state_address, MT19937_BYTES), _state_of_pythons()


def _peeked():
    """The memory of Python's generator behind what every object has: which word is next, and its words."""
    return ctypes.string_at(id(PYTHONS) + object.__basicsize__, MT19937_BYTES)


def _peekable():
    """Whether the state is found there, in this Python."""
    *words, place = random.getstate()[1]
    long_enough = type(PYTHONS).__basicsize__ >= object.__basicsize__ + MT19937_BYTES
    return long_enough and _peeked() == struct.pack(f"i{len(words)}I", place, *words)


def _state_of_pythons():
    return (_peeked(), PYTHONS.gauss_next) if PEEKABLE else random.getstate()


PEEKABLE = _peekable()


def _drop_half_a_pair():
    """NumPy draws normal numbers in pairs and keeps the second one: nobody would see that the next call takes it."""
    state = np.random.get_state(legacy=False)  # noqa: NPY002 (looking is not drawing)
    np.random.set_state(state | {"has_gauss": 0, "gauss": 0.0})  # noqa: NPY002


def _share(value, args):
    """Whether an array in a value shares memory with one in the arguments."""
    mine = list(_arrays(value))
    return bool(mine) and any(np.shares_memory(a, b) for arg in args for b in _arrays(arg) for a in mine)


def _arrays(value, depth=0):
    """The arrays in nested lists and tuples."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (tuple, list)) and depth < DEEPEST and not set(map(type, value)) <= SINGLE:
        for item in value:
            yield from _arrays(item, depth + 1)
