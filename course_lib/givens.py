"""What a function under examination is given besides plain data: objectives, gradients, local searches, generators.

A `Given` names one of `MAKERS` and its data, so that it can travel; it is made anew for every case. Nothing here knows
a reference solution, so this may stand beside hostile code.
"""

import copy

import numpy as np

from course_lib import problems
from course_lib.records import Given


def parabola(center=0.0):
    """A function of one number that takes a keyword."""
    return lambda x, scale=1.0: scale * (x - center) ** 2


def lookup(axes, values):
    """A function of a point that is known on a grid: the value at the nearest grid point.

    Args:
        axes: the places on each axis, a list of arrays.
        values: an array with one axis for each of them.
    """

    def f(x):
        near = [int(np.abs(axis - place).argmin()) for axis, place in zip(axes, x, strict=True)]
        return float(values[tuple(near)])

    return f


def gradient_of_one(X, y):
    """``grad(w, i)``: the slope of least squares on example number i of (X, y) alone."""
    f = problems.LeastSquares(X, y)
    return lambda w, i: f.sample(i).grad(w)


def log_cosh_grad(w, X, y):
    """The gradient (d,) of mean(log cosh(X w - y)): like squares near 0, like absolute values far away."""
    if isinstance(w, tuple):
        raise TypeError("grad asks for the weights, an array: it was given a whole state. They are its entry 0.")
    return np.tanh(X @ w - y) @ X / len(y)


def fading_step(lr):
    """A step ``(w, t), g -> (w, t)`` whose rate ``lr / sqrt(1 + t)`` fades with the steps taken, t."""

    def step(state, g):
        if not isinstance(state, (tuple, list)) or len(state) != 2:
            raise TypeError("step asks for the whole state that the step before returned, not for the weights alone.")
        return state[0] - lr / (1 + state[1]) ** 0.5 * g, state[1] + 1

    return step


def brood():
    """A function that makes m children of a population: each the middle of a member and the next one.

    It goes on where it left off, so children that are asked for one by one are those that are asked for together.
    """
    born = 0

    def breed(pop, cost, m):
        nonlocal born
        first, born = np.arange(born, born + m) % len(pop), born + m
        return (pop[first] + pop[(first + 1) % len(pop)]) / 2

    return breed


def jolt():
    """A function that mutates members so that one can see it: every gene moves away from 0 by 1/8."""
    return lambda members: members + np.copysign(0.125, members)


class Heights:
    """A function of whole numbers, arrays (1,): the heights of places on a ring."""

    def __init__(self, heights=(0.0,)):
        self.heights = np.array(heights, dtype=float)

    def __call__(self, x):
        return float(self.heights[round(float(x[0])) % len(self.heights)])


class Strides:
    """A neighbor without chance: each call goes on by the next of the strides, beginning again after the last."""

    def __init__(self, strides=(1,)):
        self.strides, self.calls = strides, 0

    def __call__(self, x, rng):
        self.calls += 1
        return x + self.strides[(self.calls - 1) % len(self.strides)]


def downhill():
    """A local search on whole numbers that asks f at most so often: one place on or back, as long as it falls."""

    def local(f, x, most):
        x, y, used, tried = x.copy(), f(x), 1, 0
        while used < most and tried < 2:
            c = x + (1, -1)[tried]
            z = f(c)
            used, tried = used + 1, tried + 1
            if z < y:
                x, y, tried = c, z, 0
        return x, y, used

    return local


def walk(surface, dim, lr):
    """``(start, steps) -> (x, f(x))``: so many steps of gradient descent on a surface."""
    f = problems.SURFACES[surface](dim=dim)

    def local(start, steps):
        x = np.array(start, dtype=float)
        for _ in range(steps):
            x = x - lr * f.grad(x)
        return x, float(f(x))

    return local


def learning(last, slow):
    """``(i, effort) -> loss``: learning curves that fall from ``last[i] + slow[i]`` toward ``last[i]``."""
    return lambda i, effort: float(last[i] + slow[i] / effort)


def searcher(reach, asks, walks=False):
    """``search(ask, rng)``: so many questions at random places up to ``reach`` from 0 on a line, or on a walk.

    A walk goes on from its last place unless the answer there was much higher than the one before, so it depends on
    the answers it gets. What is returned is the last answer: a search is not to be trusted with its own result.
    """

    def search(ask, rng):
        x, y = 0.0, np.inf
        for _ in range(asks):
            place = walks * x + reach * rng.uniform(-1, 1)
            answer = ask(place)
            if answer is None:
                raise TypeError("ask(x) gave the search no answer but None: return what the problem answers.")
            if answer < y + reach:
                x, y = place, answer
        return answer

    return search


MAKERS = {
    **problems.SURFACES,
    "quadratic": problems.Quadratic,
    "rng": np.random.default_rng,
    "parabola": parabola,
    "lookup": lookup,
    "neighbors": problems.Neighbors,
    "ridge": problems.Ridge,
    "gradient_of_one": gradient_of_one,
    "log_cosh_grad": lambda: log_cosh_grad,
    "fading_step": fading_step,
    "brood": brood,
    "jolt": jolt,
    "heights": Heights,
    "strides": Strides,
    "downhill": downhill,
    "walk": walk,
    "learning": learning,
    "searcher": searcher,
}


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
        return type(value)(map(made, value))
    return value.copy() if type(value) is np.ndarray else copy.deepcopy(value)
