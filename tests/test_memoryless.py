"""The proof that a cell cannot remember: whatever could must not be proved, and plain answers should be."""

import builtins
from dataclasses import replace
from textwrap import dedent

import pytest
from demo_submissions import solved

from course_lib import exercises
from course_lib.calling import Case
from course_lib.grading import memoryless
from course_lib.grading.notebook import Cell
from course_lib.grading.sandbox import MOST_LOSSES, Sandbox

PLAIN = {
    "a docstring, defaults and hints": """
        import numpy as np
        def f(x: np.ndarray, times: int = 2, *, eps=-1e-8) -> np.ndarray:
            '''Twice.'''
            return times * x + eps
        """,
    "lists and changes of its own": """
        def f(n, size, rng):
            order, parts = rng.permutation(n), []
            for i in range(0, n, size):
                parts.append(order[i : i + size])
            order[0] = 1
            return parts
        """,
    "a helper, a function inside, a loop that ends by chance": """
        from math import exp
        MOST = 10
        def _chance(d, T):
            return exp(-d / T)
        def f(d, T, rng):
            def again(n):
                return n < MOST and (rng.random() < _chance(d, T) or again(n + 1))
            return again(0)
        """,
    "what a worksheet has beside": """
        import numpy as np
        from course_lib.learner import check, hint, solution
        def f(x):
            return np.sort(x, kind="stable")
        check(f)
        f(np.ones(3))
        """,
}
REMEMBERING = {
    "a list": "seen = []\ndef f(x):\n    seen.append(x)",
    "a default": "def f(x, seen=[]):\n    seen.append(x)",
    "a keyword's default": "def f(x, *, seen={}):\n    return seen",
    "a default of a lambda": "def f(x):\n    return (lambda seen=[]: seen)()",
    "a global": "n = 0\ndef f(x):\n    global n\n    n += 1",
    "an attribute of the function": "def f(x):\n    f.n = x",
    "an attribute in a loop": "def f(x):\n    for f.n in x:\n        pass",
    "an attribute read": "def f(x):\n    return f.n",
    "a module": "import numpy as np\ndef f(x):\n    np.seen = x",
    "a closure": "def make():\n    seen = []\n    def f(x):\n        seen.append(x)\n    return f\nf = make()",
    "a bound method": "f = [1, 2, 3].pop",
    "a decorator": "from functools import cache\n@cache\ndef f(x):\n    return x",
    "a decorator of its own": "def g(f):\n    seen = []\n    return lambda x: seen.append(x)\n@g\ndef f(x):\n    pass",
    "a function of a module": "import numpy as np\ndef f(x):\n    np.sum = x",
    "the builtins": "def f(x):\n    return __builtins__",
    "a neighbor with a known name": "from .math import exp\ndef f(x):\n    return exp(x)",
    "a text by a keyword of its own": "def g(kind):\n    return kind % (lambda: 0)\ndef f(x):\n    return g(kind='%s')",
    "a class": "class F:\n    n = 0\n    def __call__(self, x):\n        self.n += 1\nf = F()",
    "a generator": "def g():\n    yield 1\nf = g().__next__",
    "an iterator": "it = iter([1, 2])\ndef f(x):\n    return next(it)",
    "a named expression": "print(seen := [])\ndef f(x):\n    seen.append(x)",
    "a file": "def f(x):\n    open('note', 'a').write('x')",
    "another module": "import os\ndef f(x):\n    os.environ['n'] = '1'",
    "a part of numpy": "from numpy import core\ndef f(x):\n    return core",
    "a star": "from math import *\ndef f(x):\n    return exp(x)",
    "a relative import": "from . import child\ndef f(x):\n    return child",
    "builtins replaced": "import numpy as __builtins__\ndef f(x):\n    return x",
    "a hook of the module": "def __getattr__(name):\n    return 1",
    "setattr": "def f(x):\n    setattr(f, 'n', 1)",
    "globals": "def f(x):\n    globals()['n'] = 1",
    "exec": "def f(x):\n    exec('n = 1')",
    "an alias of exec": "def f(x, e=exec):\n    return e",
    "a dunder name": "def f(x):\n    return __import__('os')",
    "the code of a function": "def f(x):\n    return f.__code__",
    "memory as it was": "import numpy as np\ndef f(n):\n    return np.empty(n)",
    "memory as it was, by a copy of a shape": "import numpy as np\ndef f(x):\n    return np.empty_like(x)",
    "memory as it was, by a class": "import numpy as np\ndef f(n):\n    return np.ndarray((n,))",
    "memory as it was, imported": "from numpy import empty\ndef f(n):\n    return empty(n)",
    "results that are left out": "import numpy as np\ndef f(x):\n    return np.exp(x, where=x > 0)",
    "results that are left out, hidden": "import numpy as np\ndef f(x):\n    return np.exp(x, **dict(where=x > 0))",
    "padding": "import numpy as np\ndef f(x):\n    return np.pad(x, 2, mode='empty')",
    "a list by a star": "*seen, _ = 1, 2\ndef f(x):\n    seen.append(x)",
    "a list by a star inside": "(n, [*seen]) = 1, (2,)\ndef f(x):\n    seen.append(x)",
    "errors handled otherwise": "import numpy as np\nwith np.errstate(call=[].append):\n    pass",
    "an interruption caught": "def f(x):\n    try:\n        return x()\n    except:\n        return 1",
    "an interruption caught at last": "def f(x):\n    try:\n        return x()\n    finally:\n        return 1",
    "memory that runs out": "def f(n):\n    try:\n        [0] * n\n    except Exception:\n        return n",
    "memory that runs out, among others": "def f(n):\n    try:\n     n()\n    except (KeyError, Exception):\n     0",
    "memory that runs out, by an alias": "def f(n):\n    e = Exception\n    try:\n     n()\n    except e:\n     n",
    "memory that runs out, by a name": "def f(n, ValueError):\n    try:\n     n()\n    except ValueError:\n     n",
    "memory that runs out, in a comparison": "import numpy as np\ndef f(n):\n    return np.array_equal(range(n), n)",
    "memory that runs out, in another": "import numpy as np\ndef f(n):\n    return np.array_equiv(range(n), n)",
    "a part of numpy that is loaded late": "import numpy as np\ndef f(x):\n    def g(y: np.testing):\n        pass",
    "a parameter of types": "def f[T: print(1)](x):\n    return T",
    "texts by keywords": "def f(x):\n    return list(dict(U60=1))",
    "texts by keywords, by an alias": "def f(x, d=1):\n    d = dict\n    return list(d(U60=1))",
    "texts by keywords of its own": "def g(**texts):\n    return list(texts)\ndef f(x):\n    return g(U60=1)",
    "texts by keywords of a lambda": "def f(x):\n    return (lambda **texts: list(texts))(U60=1)",
    "texts by print": "def print(x):\n    return x\ndef f(x):\n    return print(f'{lambda: 0}')",
    "texts by print, imported": "from numpy import array as print\ndef f(x):\n    return print(f'{lambda: 0}')",
    "texts by print, an argument": "def g(print):\n    return print('%s')\ndef f(x):\n    return g(lambda a: a)",
    "texts by print, gathered": "def g(*print):\n    return print",
    "texts by print, a variable": "def f(x):\n    for print in [lambda a: a]:\n        return print('%s')",
    "texts by print, an error": "def f(x):\n    try:\n        x()\n    except KeyError as print:\n        return x",
    "an address": "def f(x):\n    return id([])",
    "an address as a hash": "def f(x):\n    return hash(lambda: 0)",
    "an address as a text": "def f(x):\n    return str(lambda: 0)",
    "an address by a format": "def f(x):\n    return '%s' % (lambda: 0)",
    "an address by a method": "def f(x):\n    return '{}'.format(lambda: 0)",
    "an address by an f-string": "def f(x):\n    return f'{lambda: 0}'",
    "an address by a text in a keyword": "def f(x):\n    return list(dict(kind='%s').values())[0] % (lambda: 0)",
    "an address by a type of texts": "import numpy as np\ndef f(x):\n    return np.array(lambda: 0, dtype='U50')",
    "the order of a set": "def f(x):\n    return [g(x) for g in {lambda a: a, lambda a: -a}]",
    "the order of a difference": "def f(x):\n    return list({(lambda: 0): 1, (lambda: 1): 2}.keys() - [])",
    "the order of a union": "def f(x):\n    return [*(x.items() | [(lambda: 0, 1)])]",
    "the order of a view kept": "def f(x):\n    for k in (x.keys,):\n        return k() - []",
    "the order of a view handed on": "def list(x):\n    return x\ndef f(x):\n    return list(x.keys()) - []",
    "an expression in a width": "import os\ndef f(x):\n    print(f'{x:{os.getpid()}}')",
    "a call in a hint": "def f(x: [].append(1)):\n    return x",
    "a call in the hint of a result": "def f(x) -> print(1):\n    return x",
    "code that is no function": "while True:\n    pass",
    "a magic": "%matplotlib inline\ndef f(x):\n    return x",
    "no Python": "def f(x:\n    return",
    "too deep to read": "f = " + "(" * 5_000 + ")" * 5_000,
    "a null byte": "f = 1\0",
}


@pytest.mark.parametrize("source", PLAIN.values(), ids=PLAIN)
def test_plain_code_is_proved(source):
    """Honest submissions would all cost a process more, and the grader half of its speed."""
    assert memoryless.proved(dedent(source))


@pytest.mark.parametrize("source", REMEMBERING.values(), ids=REMEMBERING)
def test_what_could_remember_is_not_proved(source):
    """An answer could show hidden cases in the feedback, or pass for repeatable by repeating what it remembers."""
    assert not memoryless.proved(source)


def test_every_part_counts():
    """One bad part deep inside would go unnoticed beside many good ones."""
    good = dedent(PLAIN["a helper, a function inside, a loop that ends by chance"])
    assert memoryless.proved(good)
    assert not memoryless.proved(good.replace("n < MOST", "open(n) < MOST"))
    assert not memoryless.proved(good + "\nexec")


def test_most_keys_are_proved(monkeypatch):
    """The lists would have lost what usual answers are made of; `_` too, which a session leaves among the builtins."""
    monkeypatch.setattr(builtins, "_", 5, raising=False)
    proofs = [memoryless.proved(f"import math\nimport numpy as np\n{solved(one)}") for one in exercises.all_exercises()]
    assert sum(proofs) > 0.7 * len(proofs)


# ------------------------------------------------------------------------------------------------- what hangs on it

HEAD = "import numpy as np"
SHUFFLE = """
def minibatches(n, batch_size, rng):
    return np.split(rng.permutation(n), range(batch_size, n, batch_size))
"""
NOTE = "notes = []"


def processes(cells, name):
    """(the outcomes of a replay, how many processes it took)."""
    exercise = exercises.get("batch.minibatches")
    with Sandbox() as sandbox, sandbox.open([Cell(n, text) for n, text in enumerate(cells, 1)]) as session:
        begun, begin = [], sandbox.begin
        sandbox.begin = lambda extras: begun.append(1) or begin(extras)
        return session.ask(name, exercise.draw(1)), 1 + len(begun)


def test_one_process_where_nothing_remembers():
    """Each submission would pay for a process that nobody needs; or the two rows would not be asked separately."""
    outcomes, number = processes([HEAD, SHUFFLE], "minibatches")
    assert number == 1 and all(len(outcome.value) == 2 for outcome in outcomes)


@pytest.mark.parametrize("cells", [[HEAD, SHUFFLE, NOTE], [NOTE, HEAD, SHUFFLE]], ids=["after", "before"])
def test_one_cell_that_might_remember_is_enough(cells):
    """A memory in another cell than the function's would be overlooked."""
    outcomes, number = processes(cells, "minibatches")
    assert number == 2 and all(len(outcome.value) == 2 for outcome in outcomes)


LIES = """
import gc
from course_lib.grading import child
for line in [one for one in gc.get_objects() if type(one).__name__ == "Channel"]:
    line.send(TOLD)
"""


@pytest.mark.parametrize("told", ["True", "False", "1", "3"])
def test_code_that_has_run_is_not_believed(told):
    """A cell could take back that it is not proved; or have processes started for minutes, each out of step."""
    cells = [HEAD, LIES.replace("TOLD", told), SHUFFLE]
    with Sandbox() as sandbox:
        begun, begin = [], sandbox.begin
        sandbox.begin = lambda extras: begun.append(1) or begin(extras)
        with sandbox.open([Cell(n, text) for n, text in enumerate(cells, 1)]) as session:
            session.ask("minibatches", exercises.get("batch.minibatches").draw(1))
            assert not session._forgets and 1 < len(begun) <= 2 * MOST_LOSSES


def test_both_rows_are_asked_also_in_one_process():
    """An answer that ignores the generator it is given would pass for repeatable."""
    fixed = SHUFFLE.replace("rng.permutation(n)", "np.random.default_rng().permutation(n)")
    outcomes, number = processes([HEAD, fixed], "minibatches")
    exercise = exercises.get("batch.minibatches")
    case, outcome = exercise.draw(1)[0], outcomes[0]
    one = replace(outcome, value=[outcome.value[0], outcome.value[0]])
    assert number == 1
    assert "same rng" in exercise.judge(case, outcome, outcome)
    assert not exercise.judge(case, one, one)


FULL = """
import numpy as np
def f(x):
    if x > 0:
        return np.zeros(2**50)
    return x
"""
SAYING = """
def f(x):
    raise ValueError(f"{map(abs, x)}")
"""


def asked(source, *rounds):
    """(the last outcomes, how many processes it took) of the function f asked in rounds, renewed in between."""
    with Sandbox() as sandbox, sandbox.open([Cell(1, source)]) as session:
        begun, begin = [], sandbox.begin
        sandbox.begin = lambda extras: begun.append(1) or begin(extras)
        for values in rounds:
            outcomes = session.ask("f", [Case({"x": value}, "") for value in values])
            session.renew()
        return outcomes, 1 + len(begun)


def test_a_process_that_was_kept_and_ran_out_of_memory_is_not_believed():
    """Where it ran out would tell how much earlier calls had left."""
    outcomes, number = asked(FULL, [0], [1, 0])
    assert memoryless.proved(FULL) and number == 2
    assert [bool(outcome.failure) for outcome in outcomes] == [True, False]


def test_a_process_that_was_given_texts_is_not_kept():
    """A text as an argument can be made to write out an address, which tells of the calls before."""
    source = "def f(x):\n    return 1"
    assert asked(source, [1.0], [[1]], [2])[1] == 1
    assert asked(source, ["a"], ["b"])[1] == 2
    assert asked(source, [[({"a": 1.0},)]], [1])[1] == 2


def test_no_address_is_told():
    """A message would show where memory is free, which earlier calls can arrange; and be another at each regrade."""
    outcomes, _ = asked(SAYING, [[1.0]])
    assert outcomes[0].failure.message == "<map object at 0x...>"
