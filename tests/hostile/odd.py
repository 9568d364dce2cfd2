"""Honest notebooks that look unusual: each must get its full marks."""

import json

from .broken import ALL, CODES, WHOLE, book, holds
from .entry import HEAD, points, right, sheet

REST = [right(id) for id in ALL if id != "momentum.step"]


def stepping(name, tries, *cells, before=(HEAD,), after=()):
    """A worksheet with an unusual momentum_step and four right answers."""
    return sheet(name, tries, *before, *REST, *cells, *after, earns=ALL)


def kernel(**fields):
    return lambda b: b["metadata"].update(kernelspec={"name": "x", "display_name": "x", **fields})


def third():
    """The same notebook as Jupyter wrote it ten years ago."""
    cells = [{"cell_type": "code", "input": cell.splitlines(keepends=True), "language": "python"} for cell in CODES]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]})


def with_outputs(b):
    for cell in b["cells"]:
        picture = {"image/png": "iVBORw0KGgo" * 20_000}
        cell["outputs"] = [{"output_type": "display_data", "data": picture, "metadata": {}}]


RIGHT_STEP = right("momentum.step")
BODY = "    v = beta * v - lr * g\n    return x + v, v\n"
SEARCH = """
def grid_search(f, axes):
    shape, f = tuple(len(axis) for axis in axes), remembered(f)
    table = np.empty(shape)
    for index in np.ndindex(shape):
        table[index] = f(tuple(axis[i] for axis, i in zip(axes, index)))
    best = np.unravel_index(np.nanargmin(table), shape)
    x = tuple(axis[i] for axis, i in zip(axes, best))
    return np.array(x), f(x), table
"""
ACCEPT = """
def accept(delta, T, rng):
    return bool(rng.random() < np.exp(np.float64(-delta / T)))
"""
OWN = """
def select_by_tournament(cost, k, n, rng):
    rivals = np.random.default_rng().integers(len(cost), size=(n, k))
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]
"""
ENTRIES = [
    holds("plain", "is as it should be", WHOLE, earns=ALL),
    holds("byte-order-mark", "begins with a byte order mark", b"\xef\xbb\xbf" + WHOLE.encode(), earns=ALL),
    holds("windows-lines", "has the line ends of Windows", WHOLE.replace("\\n", "\\r\\n"), earns=ALL),
    holds("sources-as-texts", "has texts where lists of lines are usual", book(
        lambda b: [c.update(source="".join(c["source"])) for c in b["cells"]] and None), earns=ALL),
    holds("newer-format", "is of a format to come", book(lambda b: b.update(nbformat=7, nbformat_minor=99)), earns=ALL),
    holds("no-format", "does not say its format, nor has it metadata", book(
        lambda b: {"cells": b["cells"]}), earns=ALL),
    holds("format-3", "is of format 3", third(), earns=ALL),
    holds("unknown-kernel", "names a kernel that nobody has", book(kernel(name="julia-9.9", language="julia")),
          earns=ALL),
    holds("tampered-metadata", "has metadata of every kind, and cells that are locked and graded", book(
        lambda b: [c.update(id="same", metadata={"nbgrader": {"grade": True, "points": 99, "locked": True}, "tags": [
            "skip", "raises-exception"]}, execution_count=-1) for c in b["cells"]] and None), earns=ALL),
    holds("huge-outputs", "has outputs of some megabytes", book(with_outputs), earns=ALL),
    sheet("duplicated-cells", "has each cell twice", *CODES, *CODES, earns=ALL),
    sheet("out-of-order", "has its cells in reverse order", *reversed(CODES), earns=ALL),
    sheet("extra-cells", "has cells between, that fail", *[c for code in CODES for c in (code, "1 / 0", "oh no(", "")],
          earns=ALL),
    sheet("one-cell", "has all in one cell", "\n\n".join(CODES), earns=ALL),
    sheet("magics", "has magics, shell lines and questions",
          "%matplotlib inline\n%load_ext autoreload\n!pip list\n" + HEAD, "%%time\n" + CODES[1], *CODES[2:],
          "files = !ls\nmomentum_step?", "%%bash\nrm -rf /", "%timeit 1 + 1", earns=ALL),
    stepping("helpers", "has helpers, constants and classes in other cells", "class State:\n    sign = -1.0\n",
             "def speed(v, g, lr, beta):\n    return beta * v + State.sign * lr * g\n",
             "def momentum_step(x, v, g, lr, beta):\n    v = speed(v, g, lr, beta)\n    return x + v, v\n"),
    stepping("lambda", "assigns a lambda to the name",
             "momentum_step = lambda x, v, g, lr, beta: (x + (beta * v - lr * g), beta * v - lr * g)"),
    stepping("decorated", "decorates its function", "import functools\ndef logged(f):\n    @functools.wraps(f)\n"
             "    def inner(*args):\n        print(args)\n        return f(*args)\n    return inner\n",
             "@logged\n" + RIGHT_STEP),
    stepping("typed", "has types, defaults and a docstring of its own", "from __future__ import annotations\n"
             "from typing import Tuple\nArray = np.ndarray\ndef momentum_step(x: Array, v: Array, g: Array, "
             f"lr: float = 0.1, beta: float = 0.9) -> Tuple[Array, Array]:\n    '''Mine.'''\n{BODY}"),
    stepping("callable-object", "has an object that is called",
             "class Step:\n    def __call__(self, x, v, g, lr, beta):\n"
             "        v = beta * v - lr * g\n        return x + v, v\nmomentum_step = Step()"),
    stepping("partial", "makes its function by functools.partial", "from functools import partial\n"
             "def step(sign, x, v, g, lr, beta):\n    v = beta * v + sign * lr * g\n    return x + v, v\n"
             "momentum_step = partial(step, -1)"),
    stepping("returns-a-list", "returns a list where a tuple is usual",
             RIGHT_STEP.replace("return x + v, v", "return [x + v, v]")),
    stepping("named-tuple", "returns a named tuple",
             "from collections import namedtuple\nState = namedtuple('State', 'x v')",
             RIGHT_STEP.replace("return x + v, v", "return State(x + v, v)")),
    stepping("imports-inside", "imports SciPy, math and more inside its function",
             "def momentum_step(x, v, g, lr, beta):\n"
             f"    import math, functools, itertools, collections, scipy.linalg\n    assert math.pi > 3\n{BODY}"),
    stepping("slow-imports", "imports what takes a second",
             "import matplotlib.pyplot as plt\nimport scipy.optimize, scipy.stats\n", RIGHT_STEP),
    stepping("plots", "plots, shows and saves figures", "import matplotlib.pyplot as plt\n", RIGHT_STEP,
             after=("fig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()\nfig.savefig('figure.png')\ndisplay(fig)",)),
    stepping("talks", "prints a lot, asks for input, warns", "import warnings\ndef momentum_step(x, v, g, lr, beta):\n"
             f"    print('x' * 1000)\n    warnings.warn('mine')\n{BODY}",
             after=("input('ready? ')", "print('y' * 10**6)")),
    stepping("global-state", "keeps a log of its calls, and has options set for NumPy",
             "np.set_printoptions(precision=2)\n"
             f"log = []\ndef momentum_step(x, v, g, lr, beta):\n    log.append(x.copy())\n{BODY}"),
    stepping("redefined", "defines its function wrongly first",
             "def momentum_step(*args):\n    return None\n", RIGHT_STEP),
    stepping("other-letters", "writes in Greek",
             "def momentum_step(x, v, g, η, β):\n    v = β * v - η * g\n    return x + v, v\n"),
    stepping("own-experiments", "checks, hints and experiments below its answers", RIGHT_STEP,
             before=(HEAD + "from course_lib.learner import *\nfrom course_lib import problems, plots, run\n",),
             after=("check(momentum_step)", "hint('momentum.step')", "assert problems.Rosenbrock()([1., 1.]) == 0",
                    "for i in range(3):\n    print(momentum_step(np.ones(2), np.zeros(2), np.ones(2), 0.1, 0.9))")),
    stepping("main-guard", "has a main guard and files of its own", RIGHT_STEP,
             after=("if __name__ == '__main__':\n    open('mine.csv', 'w').write('1,2')\n"
                    "    np.loadtxt('mine.csv', delimiter=',')",)),
    stepping("zero-dimensional", "returns arrays without dimensions where numbers are usual",
             RIGHT_STEP,
             "right_one = to_heavy_ball\ndef to_heavy_ball(*args):\n    return np.array(right_one(*args))\n"),
    stepping("never-ending-below", "has an experiment that never ends below a right answer",
             RIGHT_STEP + "\nwhile True:\n    pass\n"),
    sheet("other-lesson", "solves search with lists where arrays are usual", "import numpy as np\nimport itertools",
          right("search.grid"), right("search.inertia"), lesson="01", earns=points("search.grid", "search.inertia")),
    sheet("asks-once", "remembers what it has asked f, so that it asks once",
          "import numpy as np\nimport functools\nremembered = functools.lru_cache(None)" + SEARCH, lesson="01",
          earns=points("search.grid_search")),
    sheet("silences", "has NumPy say nothing of what overflows", HEAD + "np.seterr(all='ignore')" + ACCEPT, lesson="09",
          earns=points("anneal.accept")),
    sheet("own-generator", "draws from a generator of its own", HEAD + OWN, lesson="08", earns=points("ga.tournament")),
]  # fmt: skip
