"""What fair experiments share: one rule of tuning, landscapes drawn by seed, gradients with noise."""

from typing import NamedTuple

import numpy as np


def tuned(settings, losses):
    """The setting with the lowest mean loss, which is how every method of the audit is tuned.

    Args:
        settings: the settings tried, as many for each of the methods that are compared.
        losses: (settings, trials), from trials that are used for nothing else; a NaN or infinite one rules a
            setting out.
    """
    return settings[int(np.argmin(np.nan_to_num(np.mean(losses, axis=1), nan=np.inf)))]


def per_seed(values):
    """One number a seed: the mean over all other axes, (seeds, ...) -> (seeds,)."""
    return np.reshape(values, (len(values), -1)).mean(axis=1)


class Waves(NamedTuple):
    """x^2/20 + depth sin(frequency x + phase): wells on a line, others for every seed.

    Attributes:
        depth, frequency: how deep and how close the wells are.
        phase: (seeds, 1, 1), so that points are (seeds, starts, 1).
    """

    depth: float
    frequency: float
    phase: np.ndarray

    bounds = np.array([-8.0]), np.array([8.0])

    @property
    def L(self):
        """The largest curvature."""
        return 0.1 + self.depth * self.frequency**2

    def __call__(self, x):
        return (x**2 / 20 + self.depth * np.sin(self.frequency * x + self.phase))[..., 0]

    def grad(self, x):
        return x / 10 + self.depth * self.frequency * np.cos(self.frequency * x + self.phase)


def waves(depth, frequency, seeds, rng):
    """`Waves` with a phase for each seed, and 20 starts on each, (seeds, 20, 1)."""
    f = Waves(depth, frequency, rng.uniform(0, 2 * np.pi, (seeds, 1, 1)))
    return f, rng.uniform(*f.bounds, size=(seeds, 20, 1))


class Noisy(NamedTuple):
    """A problem whose gradients come with noise: ``draw(shape)`` is added to each."""

    f: object
    draw: object

    def __call__(self, x):
        return self.f(x)

    def grad(self, x):
        return self.f.grad(x) + self.draw(np.shape(x))


class Bowls:
    """sum_i a_i x_i^2 / 2, a bowl a seed with curvatures up to L = 1; a is (seeds, 1, d)."""

    bounds = -5.0, 5.0

    def __init__(self, a):
        self.a = a

    def __call__(self, x):
        return (self.a * x**2).sum(axis=-1) / 2

    def grad(self, x):
        return self.a * x


def bowls(seeds, dim, rng):
    """`Bowls` with condition numbers of 10 to 100 (of 1 on a line), and 20 starts in each, (seeds, 20, dim)."""
    least = 10.0 ** -rng.uniform(1, 2, (seeds, 1, 1)) if dim > 1 else 1.0
    a = least ** np.linspace(0, 1, dim) * np.ones((seeds, 1, 1))
    return Bowls(a), rng.uniform(*Bowls.bounds, size=(seeds, 20, dim))
