"""The classes of problems of the bake-off, each a maker of instances: other ones to tune on, and others to race on.

All runs of an instance are one array, the first axis: each run has its own turn, shift, cities or hidden string.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from course_lib.genomes import random_bits, random_tours
from course_lib.problems import (
    Fenced,
    LeastSquares,
    Logistic,
    OneHidden,
    Problem,
    Quadratic,
    Rastrigin,
    Rosenbrock,
    Schwefel,
    add_intercept,
    breast_cancer,
    digits,
    distances,
    shortest_tour,
    standardize,
    tour_length,
)  # fmt: skip

BATCH = 32  # examples a step of the mini-batch methods


class Instance(NamedTuple):
    """Runs to be made: the problem, the starts (runs, d), and the lowest value of each run (runs,)."""

    f: Any
    x0: np.ndarray
    floor: Any

    def times(self, k):
        """All runs k times, one block after the other: for k settings of a method."""
        f = self.f.times(k) if hasattr(self.f, "times") else self.f
        return Instance(f, *(np.concatenate([part] * k) for part in self[1:]))

    def only(self, i):
        """Run number i alone, of a problem that all runs share."""
        return Instance(self.f, self.x0[i : i + 1], self.floor[i : i + 1])


class Arena(NamedTuple):
    """A class of problems.

    Attributes:
        name: one word, as in the table.
        words: what is hard about it.
        kind: what a method may ask: "smooth" (values, gradients), "data" (also gradients of some examples), "steps"
            (values only), "bits", "tours".
        make: ``make(rng, runs, spare) -> Instance``; ``spare`` is the part of the data, if any, that is for tuning.
        budget: the cost that a run may spend, in values and gradients.
        goal: a run has arrived when the gap to the lowest value is this share of the gap at its start.
    """

    name: str
    words: str
    kind: str
    make: Callable
    budget: float
    goal: float


# ---------------------------------------------------------------------------------------------- in a box


class Placed(Problem):
    """A problem turned by R (runs, d, d) and moved by c (runs, d), each run in its own way: f(R^T (x - c)).

    Points are (runs, d) or, for populations, (runs, n, d).
    """

    def __init__(self, f, R, c):
        self.f, self.R, self.c, self.dim, self.bounds = f, R, c, f.dim, f.bounds

    def times(self, k):
        return Placed(self.f, np.concatenate([self.R] * k), np.concatenate([self.c] * k))

    def inside(self, x):
        """x in the coordinates of f, (runs, n, d)."""
        x = x.reshape(len(self.c), -1, self.dim)
        return (x - self.c[:, None]) @ self.R

    def value(self, x):
        return self.f(self.inside(x)).reshape(x.shape[:-1])

    def slope(self, x):
        return (self.f.grad(self.inside(x)) @ self.R.mT).reshape(x.shape)


class Steps(Problem):
    """A bowl in terraces, sum of floor|x_i|^2: flat almost everywhere, so its gradient says nothing."""

    def __init__(self, dim):
        self.dim, self.bounds = dim, (np.full(dim, -10.0), np.full(dim, 10.0))

    def value(self, x):
        return (np.floor(np.abs(x)) ** 2).sum(-1)


def turns(rng, runs, d):
    """Random rotations (runs, d, d) (Stewart, 1980)."""
    Q, R = np.linalg.qr(rng.standard_normal((runs, d, d)))
    return Q * np.sign(np.diagonal(R, axis1=1, axis2=2))[:, None]


def mirrors(rng, runs, d):
    """Reflections of random axes (runs, d, d)."""
    return rng.choice([-1.0, 1.0], (runs, 1, d)) * np.eye(d)


def placed(f, turn, shift, floor=0.0):
    """A maker of instances of f, turned by ``turn``, moved by up to ``shift`` of the half box, started in the box."""

    def make(rng, runs, spare=False):
        low, high = f.bounds
        R = turn(rng, runs, f.dim)
        c = shift * rng.uniform(low, high, (runs, f.dim))
        return Instance(Placed(f, R, c), rng.uniform(low, high, (runs, f.dim)), np.full(runs, floor))

    return make


def bowl_of(condition, dim):
    """An axis-parallel bowl, curvatures from 1 to ``condition``."""
    return Quadratic(np.diag(np.geomspace(1, condition, dim)))


# ------------------------------------------------------------------------------------------------ on data


@cache
def halves(name):
    """A data set in two halves, the same on every call: (X, y) to race on, (X, y) to tune on."""
    data = {"breast_cancer": breast_cancer, "digits": digits}[name]()
    order = np.random.default_rng(12).permutation(len(data.y))
    X = add_intercept(standardize(data.X)) if name == "breast_cancer" else data.X / 16
    return tuple((X[part], data.y[part]) for part in np.array_split(order, 2))


def tumors(rng, runs, spare=False):
    """Logistic regression on tumors, from random weights."""
    f = Logistic(*halves("breast_cancer")[spare], l2=0.01)
    return Instance(f, rng.standard_normal((runs, f.dim)), np.full(runs, lowest(f)))


def outliers(rng, runs, spare=False):
    """Least squares whose targets have outliers: noise of Student's t with 1.5 degrees of freedom."""
    source = np.random.default_rng([15, spare])
    X = source.standard_normal((400, 10))
    f = LeastSquares(X, X @ source.standard_normal(10) + 0.5 * source.standard_t(1.5, 400))
    return Instance(f, 3 * rng.standard_normal((runs, 10)), np.full(runs, lowest(f)))


def network(rng, runs, spare=False):
    """A network of 16 hidden units on 150 digits; its lowest loss is taken as 0."""
    X, y = halves("digits")[spare]
    f = OneHidden(X[:150], y[:150], hidden=16, classes=10)
    return Instance(f, np.array([f.init(rng) for _ in range(runs)]), np.zeros(runs))


def lowest(f, steps=60):
    """The lowest value of a convex loss, by Newton's method from zero."""
    w = np.zeros(f.dim)
    for _ in range(steps):
        w = w - np.linalg.solve(f.hess(w), f.grad(w))
    return float(f(w))


# ------------------------------------------------------------------------------------------- bits and tours


class Hidden:
    """Bit strings against a hidden one of each run, target (runs, d): how many bits differ."""

    def __init__(self, target):
        self.target, self.dim = target, target.shape[-1]

    def times(self, k):
        return Hidden(np.concatenate([self.target] * k))

    def __call__(self, x):
        target = self.target if x.ndim == 2 else self.target[:, None]
        return (x != target).sum(axis=-1).astype(float)


class Rounds:
    """The lengths of tours through the cities of each run, D (runs, n, n)."""

    def __init__(self, D):
        self.D, self.dim = D, D.shape[-1]

    def times(self, k):
        return Rounds(np.concatenate([self.D] * k))

    def __call__(self, x):
        run = np.arange(len(self.D)).reshape(-1, *[1] * (x.ndim - 1))
        return self.D[run, x, np.roll(x, -1, axis=-1)].sum(axis=-1)


def strings(rng, runs, spare=False, d=60):
    f = Hidden(random_bits((runs, d), rng))
    return Instance(f, random_bits((runs, d), rng), np.zeros(runs))


def cities(rng, runs, spare=False, n=11):
    D = np.array([distances(rng.uniform(size=(n, 2))) for _ in range(runs)])
    floor = np.array([tour_length(one, shortest_tour(one)) for one in D])
    return Instance(Rounds(D), random_tours((runs, n), rng), floor)


ARENAS = {
    arena.name: arena
    for arena in (
        Arena("bowl", "smooth and round", "smooth", placed(bowl_of(10, 10), turns, 0.5), 400, 1e-6),
        Arena("valley", "a narrow valley across the axes", "smooth", placed(bowl_of(1000, 10), turns, 0.5), 3000, 1e-6),
        Arena("scales", "very uneven coordinates", "smooth", placed(bowl_of(1e4, 10), mirrors, 0.5), 3000, 1e-6),
        Arena("banana", "a curved valley", "smooth", placed(Rosenbrock(4), mirrors, 0.2), 6000, 1e-6),
        Arena("tumors", "logistic regression on real data", "data", tumors, 100, 1e-2),
        Arena("outliers", "data with wild outliers", "data", outliers, 100, 1e-3),
        Arena("network", "a small network on digits", "data", network, 80, 2e-2),
        Arena("ripples", "many wells in a funnel", "smooth", placed(Rastrigin(4), mirrors, 0.4), 6000, 5e-3),
        Arena("wells", "many wells without a funnel", "smooth", placed(Fenced(Schwefel(4)), mirrors, 0.0), 6000, 1e-2),
        Arena("terraces", "flat steps without a gradient", "steps", placed(Steps(6), mirrors, 0.5), 4000, 1e-9),
        Arena("bits", "strings of 60 bits", "bits", strings, 4000, 1e-9),
        Arena("tours", "round trips of 11 cities", "tours", cities, 4000, 1e-9),
    )
}
