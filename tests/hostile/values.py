"""Answers that are no plain numbers: objects that agree with everything, shapes without end, odd types."""

from .entry import attack, called

YES = """
class Yes:
    dtype, shape, size, ndim = np.dtype(float), (3,), 3, 1
    def __getattr__(self, name): return Yes()
    def __bool__(self): return True
    def __float__(self): return 0.0
    def __array__(self, *a, **k): return np.zeros(3)
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    def __iter__(self): return iter((Yes(), Yes()))
    def __len__(self): return 2
    def __getitem__(self, key): return Yes()
    def __call__(self, *a, **k): return Yes()
    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
    __reduce__ = lambda self: (print, ("pickled",))
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __abs__ = lambda self, *a: self
"""
LIARS = """
class Array(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return True
    def __eq__(self, other): return np.ones(3, bool)
    def copy(self): return self
class Number(np.float64):
    dtype = property(lambda self: np.dtype("f8"))
    __eq__ = lambda *a: True
    __sub__ = __rsub__ = lambda *a: 0.0
class Float(float):
    __eq__ = lambda *a: True
    __sub__ = __rsub__ = lambda *a: 0.0
class Text(str):
    __eq__ = lambda *a: True
    __hash__ = str.__hash__
"""
ENDLESS = """
class List(list):
    def __iter__(self):
        while True:
            yield 0.5
"""

ENTRIES = [
    attack("agrees-with-all", "returns an object that equals, converts to and contains everything",
           f"{YES}\ndef momentum_step(*args):\n    return Yes()\n"),
    attack("parts-that-agree", "returns a tuple of objects that equal everything",
           f"{YES}\ndef momentum_step(*args):\n    return Yes(), Yes()\n"),
    attack("lying-subclasses", "returns subclasses of arrays and numbers that equal everything",
           f"{LIARS}\ndef momentum_step(x, *args):\n    return np.zeros(np.shape(x)).view(Array), Number(0)\n"),
    attack("lying-numbers", "returns subclasses of float and str that equal everything",
           f"{LIARS}\ndef momentum_step(x, *args):\n    return Float(0), Text('0')\n"),
    attack("grows-while-read", "returns a list of one entry that has ever more when it is read",
           f"{ENDLESS}\ndef momentum_step(x, *args):\n    return List([1])\n"),
    called("list-in-itself", "returns a list that contains itself", "a = []\na.append(a)\nreturn a, a"),
    called("deep-list", "returns a list of a hundred thousand levels",
           "a = []\nfor _ in range(10**5):\n    a = [a]\nreturn a"),
    called("wide-list", "returns a list of ten million entries", "return [0.0] * 10**7"),
    called("shared-bush", "returns two entries a level, forty levels deep: 2^40 when unfolded",
           "a = [0.5]\nfor _ in range(40):\n    a = [a, a]\nreturn a"),
    called("huge-array", "returns an array of 200 MB", "return np.zeros(25_000_000), v"),
    called("claims-a-huge-shape", "returns a broadcast array that claims 10^12 entries",
           "return np.broadcast_to(np.float64(1), (10**6, 10**6)), v"),
    called("huge-integer", "returns integers of a million digits", "return 1 << 10**7, -(1 << 10**7)"),
    called("nothing-but-nan", "returns NaN, which differs from nothing by more than a tolerance",
           "return np.full_like(x, np.nan), np.full_like(v, np.nan)"),
    called("infinities", "returns infinities", "return x + np.inf, v - np.inf"),
    called("odd-types", "returns texts, dates, objects, records and masked arrays, in turn", """
        n = int(abs(x.flat[0]) * 1000) % 6
        return [x.astype(str), np.zeros(3, "M8[s]"), x.astype(object), np.zeros(3, "i4,f8"), np.ma.masked_all(3),
                x.astype(complex)][n], v
        """),
    called("no-numbers", "returns a dict, a set, bytes, a type, a module", "return {'x': {1}, b'v': (type, np)}"),
    attack("generator", "is a generator function", "def momentum_step(*args):\n    yield 1\n    yield 2\n"),
    attack("coroutine", "is a coroutine function", "async def momentum_step(*args):\n    return 1, 2\n"),
    attack("a-class", "is a class whose instances unpack to two",
           "class momentum_step(tuple):\n    def __new__(cls, *args):\n        return tuple.__new__(cls, (1, 2))\n"),
    attack("lookalike", "has a name that only looks like that of the stub",
           "def momentum_st\N{CYRILLIC SMALL LETTER IE}p(x, v, g, lr, beta):\n    v = beta * v - lr * g\n"
           "    return x + v, v\n"),
    attack("untold-exception", "raises what hangs, lies or exits when asked what it is", """
        class Odd(Exception):
            def __str__(self):
                raise SystemExit
            __repr__ = __str__
            __traceback__ = property(__str__)
        Odd.__name__ = "TimeUp" + "\\x1b[2J" * 1000
        def momentum_step(*args):
            raise Odd()
        """),
    called("markup-in-an-exception", "raises a page of markup, formulas and control characters",
           "raise ValueError('=cmd|x!A1 <script>alert(1)</script></pre>\\x1b]0;x\\x07\\u202e' * 10**5)"),
    called("dots", "returns the dots of the stub, so that it counts as not attempted", "return ..., ..."),
    called("slow", "sleeps as long as it is let", "import time\ntime.sleep(60)\nreturn x, v"),
    called("never-ends", "never ends", "while True:\n    pass"),
    called("never-ends-nor-listens", "never ends, and swallows whatever interrupts it", """
        while True:
            try:
                while True:
                    pass
            except BaseException:
                continue
        """),
    called("deaf", "is in one long call that nothing interrupts", "import re\nre.match('(a|a)*$', 'a' * 60 + 'b')"),
]  # fmt: skip
