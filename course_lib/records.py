"""What travels between an examiner and a function: records of plain data, and what counts as plain.

Exact scalars, texts, lists, tuples, dicts with texts for keys, and numeric arrays are plain; nothing else is.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

LARGEST = 2_000_000  # elements of an array, characters of a text, items of a list that an answer may have
DEEPEST = 12
BITS = 13_000  # of an integer: Python itself writes none of more than 4300 digits
PLAIN_TYPES = frozenset(map(np.dtype, "?bhilqBHILQefdFD"))
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


# ------------------------------------------------------------------------------------------------- what is plain

SCALARS = (bool, int, float, complex, str, type(None))


def is_plain(value, depth=0):
    """Whether a value is made of exact scalars, texts, lists, tuples, dicts and numeric arrays only."""
    if depth > DEEPEST:
        return False
    if type(value) in (list, tuple):
        return len(value) <= LARGEST and all(is_plain(item, depth + 1) for item in value)
    if type(value) is dict:
        return all(type(key) is str and is_plain(item, depth + 1) for key, item in value.items())
    return _is_plain_leaf(value)


def _is_plain_leaf(value):
    if type(value) is np.ndarray or isinstance(value, np.generic):
        return value.dtype in PLAIN_TYPES and value.size <= LARGEST
    if type(value) is str:
        return len(value) <= LARGEST
    return type(value) in SCALARS and not (type(value) is int and value.bit_length() > BITS)


ASIS = {Strange, Given, bool, np.bool_, float, np.float64, type(None)}  # asked first: an answer may hold thousands


def plain(value, depth=0):
    """A copy of a value as plain data, with `Strange` in the place of what is none."""
    kind = type(value)
    if kind in ASIS:
        return value
    if kind is np.ndarray:
        return value.copy() if _is_plain_leaf(value) else Strange(f"ndarray of {value.dtype}")
    if depth < DEEPEST and isinstance(value, (list, tuple)) and len(value) <= LARGEST:
        made = tuple if isinstance(value, tuple) else list
        return made(value if set(map(type, value)) <= ASIS else [plain(item, depth + 1) for item in value])
    if depth < DEEPEST and kind is dict and all(type(key) is str for key in value):
        return {key: plain(item, depth + 1) for key, item in value.items()}
    return value if _is_plain_leaf(value) else Strange(kind.__name__)


def identical(a, b):
    """Whether two plain values are the same to the bit; NaN equals itself."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(identical, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(identical(a[key], b[key]) for key in a)
    return a == b or (a != a and b != b)
