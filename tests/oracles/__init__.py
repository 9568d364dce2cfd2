"""How far the methods of `course_lib` are from PyTorch and Optax; `python -m tests.oracles` prints the table.

The paths of the references are in trajectories.npz, what they were asked in cases.json; `make_oracles.py`
makes both and says how.
"""

import json
from itertools import islice
from pathlib import Path

import numpy as np

from course_lib.optimizers import METHODS
from course_lib.problems import LeastSquares, Logistic, Quadratic, Rosenbrock
from course_lib.run import iterates

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cases.json").read_text())
RUNS = CASES["runs"]
PATHS = dict(np.load(HERE / "trajectories.npz"))
TOLERANCE = 1e-10
UNSTABLE = {"rmsprop/bowl": 1e-4}  # it jumps across the minimum, and a last bit, another on each processor, grows

PROBLEMS = {
    "bowl": lambda A: Quadratic(A),
    "rosenbrock": lambda: Rosenbrock(3),
    "least_squares": lambda X, y: LeastSquares(np.array(X), np.array(y)),
    "logistic": lambda X, y, l2: Logistic(np.array(X), np.array(y), l2=l2),
}


class Served:
    """An rng that deals the recorded permutations, one after the other."""

    def __init__(self, permutations):
        self.orders = iter(permutations)

    def permutation(self, n):
        order = np.array(next(self.orders))
        assert len(order) == n
        return order


def walk(name, step=None, **changed):
    """The path of a step (by default the method's own) in a run; `changed` replaces some of its knobs."""
    run = RUNS[name]
    coefficients = CASES["problems"][run["problem"]]
    f = PROBLEMS[run["problem"]](**{k: v for k, v in coefficients.items() if k != "x0"})
    factors = CASES["schedules"][run["schedule"]]
    method = METHODS[run["method"]]
    knobs = {"lr": lambda t: run["lr"] * factors[t], **run["knobs"], **changed}
    rng, fed = Served(CASES["permutations"]), {"batch_size": run["batch_size"]} if run["permutations"] else {}
    states = iterates(step or method.step, method.start(coefficients["x0"], f, rng), f, rng, **fed, **knobs)
    return np.array([state.x for state in islice(states, CASES["steps"] + 1)])


def tolerance(name):
    """How far a run may be from its oracle."""
    return UNSTABLE.get(name.rpartition("/")[0], TOLERANCE)


def deviation(name, step=None, **changed):
    """The largest |x - oracle| of all steps and coordinates, over the largest |oracle|, at least 1."""
    oracle = PATHS[name]
    return np.abs(walk(name, step, **changed) - oracle).max() / max(1, np.abs(oracle).max())


def table():
    """Rows (method, who walked the oracle, runs, steps, largest deviation)."""
    for method, by in sorted({(run["method"], run["by"]) for run in RUNS.values()}):
        names = [name for name, run in RUNS.items() if (run["method"], run["by"]) == (method, by)]
        yield method, by, len(names), len(names) * CASES["steps"], max(map(deviation, names))
