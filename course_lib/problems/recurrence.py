"""A loss whose gradient explodes: a linear recurrence, unrolled over many steps of time."""

import numpy as np

from .models import DataLoss, boxed


class Recurrence(DataLoss):
    r"""mean((h_T - y)^2) for h_t = a h_{t-1} + b u_t from h_0 = 0: the smallest recurrent network, without a bend.

    The weights are (a, b), and a row of X holds the inputs u_1, ..., u_T of one sequence. What u_1 adds to h_T is
    multiplied with a^(T-1): for a above 1 loss and gradient explode, below 1 they forget.
    Source: Bengio, Simard and Frasconi (1994); Pascanu, Mikolov and Bengio (2013).
    """

    def layout(self):
        return boxed(np.ones(2, bool), np.full(2, 1.5))

    def states(self, w, X=None):
        """h_T of each sequence and its slopes in a and in b, each (..., n)."""
        a, b = w[..., :1], w[..., 1:]
        h = in_a = in_b = np.zeros((*w.shape[:-1], self.n if X is None else len(X)), w.dtype)
        for u in self.inputs(X).T:
            h, in_a, in_b = a * h + b * u, h + a * in_a, u + a * in_b
        return h, in_a, in_b

    def predict(self, w, X=None):
        """h_T, (..., n)."""
        return self.states(self.points(w), X)[0]

    def losses(self, w):
        return (self.states(w)[0] - self.y) ** 2

    def mean_slope(self, w):
        h, *slopes = self.states(w)
        return np.stack([(2 * (h - self.y) * slope).mean(-1) for slope in slopes], axis=-1)


def leaky_sum(rng, n=50, steps=30, a=0.9, b=0.5, noise=0.0):
    """The `Recurrence` that is fitted to n random sequences: what comes out is that of the weights (a, b), plus noise.

    Args:
        rng: `numpy.random.Generator`.
        n, steps: how many sequences, and how long they are.
        a, b: the weights that made the targets.
        noise: the standard deviation of what is added to the targets.
    """
    X = rng.normal(0, 1, (n, steps))
    made = Recurrence(X, np.zeros(n))
    return Recurrence(X, made.predict(np.array([a, b])) + noise * rng.normal(0, 1, n))
