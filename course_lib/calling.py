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
LARGEST = 2_000_000  # elements of an array, characters of a text, items of a list that an answer may have
DEEPEST = 12
BITS = 13_000  # of an integer: Python itself writes none of more than 4300 digits
DTYPES = {np.dtype(code).str for code in ("?", "b", "h", "i", "q", "B", "H", "I", "Q", "e", "f", "d", "F", "D")}

# ------------------------------------------------------------------------------------------------ plain data


@dataclass(frozen=True)
class Given:
    """Something that is no plain data (an objective, its gradient, a generator), described by plain data.

    ``Given("rosenbrock", {"dim": 3})`` is the surface, ``Given("rosenbrock.grad", {"dim": 3})`` its gradient.
    """

    name: str
    data: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One question to a function.

    Attributes:
        args: the arguments by name, in the order of the contract; plain data or `Given`.
        about: what the case looks at, in words that complete "Tried: ...".
        part: the property it belongs to; parts carry the points.
        probe: the name of the way to call, one of `PROBES`.
    """

    args: dict
    about: str
    part: str = "correct"
    probe: str = "once"


@dataclass(frozen=True)
class Failure:
    """An exception of the function's own: its type, its message, and the line it arose from."""

    kind: str
    message: str
    line: str = ""
    number: int = 0

    def __post_init__(self):
        _demand(all(type(text) is str for text in (self.kind, self.message, self.line)), self)
        _demand(type(self.number) is int, self)


@dataclass(frozen=True)
class Strange:
    """What was returned is no plain data: the name of its type stands for it."""

    kind: str

    def __post_init__(self):
        _demand(type(self.kind) is str, self)


@dataclass(frozen=True)
class Outcome:
    """What was seen when a function was asked.

    Attributes:
        value: what it returned, as plain data; None after a failure.
        failure: the exception it raised, or None.
        changed: the names of the arguments it modified.
        shared: whether an array it returned shares memory with an argument.
        calls: how often it called each function it was given, by argument name.
        warned: the first warning it caused, or "".
        global_random: whether it drew from a global random generator.
        seconds: how long it took.
    """

    value: Any = None
    failure: Failure | None = None
    changed: tuple = ()
    shared: bool = False
    calls: dict = field(default_factory=dict)
    warned: str = ""
    global_random: bool = False
    seconds: float = 0.0

    def __post_init__(self):
        _demand(self.failure is None or type(self.failure) is Failure, self)
        _demand(type(self.changed) is tuple and all(type(name) is str for name in self.changed), self)
        _demand(type(self.calls) is dict and all(type(count) is int for count in self.calls.values()), self)
        _demand(type(self.shared) is bool and type(self.global_random) is bool, self)
        _demand(type(self.warned) is str and type(self.seconds) is float, self)


def _demand(condition, record):
    """Records may arrive from a hostile process: a field of the wrong type ends here."""
    if not condition:
        raise TypeError(f"A field of this {type(record).__name__} has the wrong type.")


# --------------------------------------------------------------------------------------------- making things


def parabola(center=0.0):
    """A function of one number that takes a keyword."""
    return lambda x, scale=1.0: scale * (x - center) ** 2


def brood():
    """A function that makes m children of a population: each the middle of a member and the next one."""
    return lambda pop, cost, m: np.resize((pop + np.roll(pop, -1, axis=0)) / 2, (m, pop.shape[1]))


def jolt():
    """A function that mutates members so that one can see it: every gene moves up by 1/8."""
    return lambda members: members + 0.125


MAKERS = {
    **problems.SURFACES, "quadratic": problems.Quadratic, "rng": np.random.default_rng, "parabola": parabola,
    "brood": brood, "jolt": jolt,
}  # fmt: skip


def make(given):
    """The thing that a `Given` describes."""
    name, _, part = given.name.partition(".")
    thing = MAKERS[name](**given.data)
    return getattr(thing, part) if part else thing


class Watched:
    """A function handed to the learner, counting its calls."""

    def __init__(self, f):
        self._f, self._calls = f, 0

    def __call__(self, *args, **kwargs):
        self._calls += 1
        return self._f(*args, **kwargs)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._f, name)


def made(value):
    """A fresh copy of an argument, with every `Given` in it made and watched."""
    if isinstance(value, Given):
        thing = make(value)
        return Watched(thing) if callable(thing) else thing
    if isinstance(value, (list, tuple)):
        return type(value)(made(item) for item in value)
    return copy.deepcopy(value)


# ---------------------------------------------------------------------------------------------------- probes


def once(fn, **args):
    """Call it with the arguments in the order of the contract."""
    return fn(*args.values())


def chain(fn, state, feeds):
    """Call an update again and again, each time with the state it returned; the list of states.

    It stops at a state that no next call could make sense of: fields missing, None, a text, the dots of a stub.

    Args:
        fn: ``fn(*state, *feed) -> state``.
        state: the tuple to start from.
        feeds: one tuple of further arguments for each call.
    """
    states, fields = [], len(state)
    for feed in feeds:
        state = fn(*state, *feed)
        states.append(plain(state))
        state = state if isinstance(state, (tuple, list)) else (state,)
        if len(state) != fields or any(item is None or isinstance(plain(item), (str, Strange)) for item in state):
            break
    return states


def tally(fn, first, second, points, scale):
    """Wrap two functions, ask them in turns, once with a keyword; what each call gave, and the counts in between."""
    a, b = fn(first), fn(second)
    if not callable(a) or not callable(b):  # the dots of a stub, or what is no function
        return a
    seen = [a.calls, b.calls]
    for x in points:
        seen += [a(x), a.calls, b.calls]
    return [*seen, b(points[0], scale=scale), a.calls, b.calls]


PROBES = {"once": once, "chain": chain, "tally": tally}


# ------------------------------------------------------------------------------------------------- observing


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
        shared=any(_share(value, arg) for arg in args.values()),
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


def _share(value, arg):
    return any(np.shares_memory(a, b) for a in _arrays(value) for b in _arrays(arg))


def _arrays(value, depth=0):
    """The arrays in nested lists and tuples."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (tuple, list)) and depth < DEEPEST:
        for item in value:
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
