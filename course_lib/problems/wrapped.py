"""Surfaces made of surfaces: as the mean of examples, so that one may draw some of them; and with a fence around."""

import numpy as np

from .problem import Problem, frozen


class Tilted(Problem):
    """A surface f as the mean of n copies of itself, each tilted its own way: f_i(x) = f(x) + a_i . x.

    The tilts add up to zero, so all of them together are f, and the gradient of a sample is that of f with noise.

    Args:
        f: the surface.
        tilts: (n, d); their mean is taken off.
    """

    def __init__(self, f, tilts):
        tilts = np.asarray(tilts, dtype=float)
        self.f, self.tilts, self.tilt = f, frozen(tilts - tilts.mean(axis=0)), 0.0
        self.dim, self.bounds = f.dim, f.bounds

    @property
    def n(self):
        return len(self.tilts)

    def sample(self, indices):
        """The mean of the copies with these indices; indices (runs, k) give each run, x[0], x[1], ..., its own k."""
        part = object.__new__(Tilted)
        vars(part).update(vars(self), tilt=self.tilts[np.atleast_1d(indices)].mean(axis=-2))
        return part

    def value(self, x):
        return self.f(x) + (self.tilt * x).sum(-1)

    def slope(self, x):
        return self.f.grad(x) + self.tilt

    def bend(self, x):
        return self.f.hess(x)


class Fenced(Problem):
    """A surface inside its box; outside, the value at the nearest place of the box and the squared distance to it.

    Schwefel's function, for one, falls below its minimum outside: a method that runs away would win.
    """

    def __init__(self, f):
        self.f, self.dim, self.bounds = f, f.dim, f.bounds

    def value(self, x):
        near = np.clip(x, *self.bounds)
        return self.f(near) + ((x - near) ** 2).sum(-1)

    def slope(self, x):
        near = np.clip(x, *self.bounds)
        return np.where(near == x, self.f.grad(near), 2 * (x - near))
