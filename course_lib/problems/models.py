"""Losses on data, as functions of one flat vector of weights w: what a model costs on n examples.

Each is (mean over the examples of their loss) + l2/2 * (sum of the squared weights), so that the penalty's
gradient is l2 * w, the "weight decay" of the literature. The weight of a column of ones (see `add_intercept`)
and the biases of a network are not penalized: `penalized` is the mask.
"""

from dataclasses import KW_ONLY, dataclass

import numpy as np

from .problem import Problem, fold, frozen


@dataclass(frozen=True, eq=False, repr=False)
class DataLoss(Problem):
    """A loss on the examples X (n, features) and y (n,).

    `n` is the number of examples, `dim` of weights, and the mask `penalized` (dim,) says where l2 acts.
    `bounds` is a box that holds the solution of ordinary problems: scaled by the columns of X, no promise.
    ValueError for X and y that do not fit. A subclass has `losses(w)` (..., n), `mean_slope`, `mean_bend`.
    """

    X: np.ndarray
    y: np.ndarray
    _: KW_ONLY
    l2: float = 0.0

    reach = 5.0
    linear = False  # whether it sees the examples through X w alone

    def __post_init__(self):
        X, y = frozen(self.X), frozen(self.y)
        if X.ndim != 2 or y.shape != X.shape[:1] or not len(X):
            raise ValueError(f"X must be (n, features) and y (n,), n > 0; got {X.shape} and {y.shape}.")
        vars(self).update(X=X, y=y)
        vars(self).update(self.layout())

    def layout(self):
        """dim, penalized and bounds: fixed by all of the data, and kept by a sample of it."""
        size = rms(self.X)
        return boxed((self.X != 1).any(0), self.reach / np.where(size == 0, 1, size))

    @property
    def n(self):
        return self.y.shape[-1]

    def __repr__(self):
        return f"{type(self).__name__}(n={self.n}, dim={self.dim}, l2={self.l2:g})"

    def sample(self, indices):
        """The same loss on the examples with these indices, which may repeat; the penalty stays whole.

        The mean over all examples i of `f.sample([i])` is f itself, and so for gradients and Hessians.
        Indices (runs, k) give each run, w[0], w[1], ..., its own k examples (LeastSquares and Logistic only, and no
        Hessian).
        """
        indices = np.atleast_1d(indices)
        if not indices.size:
            raise ValueError("A sample needs at least one index.")
        if indices.ndim > 1 and not self.linear:
            raise ValueError(f"{type(self).__name__} shows all runs the same examples: give indices on one axis.")
        part = object.__new__(type(self))  # a sample must be cheap, and the whole has passed the checks
        vars(part).update(vars(self), X=self.X[indices], y=self.y[indices])
        return part

    def inputs(self, X=None):
        """X as an array; without one, the inputs of the examples."""
        return self.X if X is None else np.asarray(X, dtype=float)

    def value(self, w):
        return self.losses(w).mean(-1) + self.l2 / 2 * (self.penalized * w**2).sum(-1)

    def slope(self, w):
        return self.mean_slope(w) + self.l2 * self.penalized * w

    def bend(self, w):
        return self.mean_bend(w) + self.l2 * np.diag(self.penalized)

    def mean_bend(self, w):
        return super().bend(w)


class Classifier(DataLoss):
    """A loss whose `predict` gives labels."""

    def accuracy(self, w):
        """The share of right labels, (...)."""
        return (self.predict(w) == self.y).mean(-1)


class LeastSquares(DataLoss):
    r"""mean((X w - y)^2) + l2/2 ||w||^2: the mean of squares, without a factor 1/2.

    Source: Legendre (1805), Gauss (1809).
    """

    linear = True

    @property
    def reach(self):
        return 2 * rms(self.y) or 1.0

    def predict(self, w, X=None):
        """X w, (..., n)."""
        return self.points(w) @ self.inputs(X).T

    def losses(self, w):
        return (scored(w, self.X) - self.y) ** 2

    def mean_slope(self, w):
        return 2 * weighed(scored(w, self.X) - self.y, self.X) / self.n

    def mean_bend(self, w):
        return np.broadcast_to(2 * self.X.T @ self.X / self.n, (*w.shape, self.dim))


class Logistic(Classifier):
    r"""mean(-log p(y | x)) + l2/2 ||w||^2 with p(1 | x) = sigma(x . w), for labels y of 0 and 1.

    Source: Cox (1958).
    """

    linear = True

    def __post_init__(self):
        super().__post_init__()
        if not np.isin(self.y, [0, 1]).all():
            raise ValueError("Logistic needs labels 0 and 1: use Softmax for more classes, or relabel y.")

    def probability(self, w, X=None):
        """p(1 | x) of each example, (..., n)."""
        return sigmoid(self.points(w) @ self.inputs(X).T)

    def predict(self, w, X=None):
        """The likelier label of each example, 0 or 1, (..., n)."""
        return (self.probability(w, X) > 0.5).astype(int)

    def losses(self, w):
        z = scored(w, self.X)
        return softplus(z) - self.y * z

    def mean_slope(self, w):
        return weighed(sigmoid(scored(w, self.X)) - self.y, self.X) / self.n

    def mean_bend(self, w):
        z = w @ self.X.T
        return self.X.T * (sigmoid(z) * sigmoid(-z))[..., None, :] @ self.X / self.n


class Multiclass(Classifier):
    """Labels y of 0 to classes - 1 and the softmax of `scores(w, X)`, (..., n, classes)."""

    def __post_init__(self):
        y = np.asarray(self.y)
        k = self.classes or int(np.max(y, initial=0)) + 1
        if not np.isin(y, range(k)).all():
            raise ValueError(f"Labels must be whole numbers from 0 to {k - 1}: relabel y or set classes.")
        vars(self).update(classes=k)
        super().__post_init__()
        vars(self).update(y=frozen(self.y, int))

    def probability(self, w, X=None):
        """The probability of each class for each example, (..., n, classes)."""
        return np.exp(log_softmax(self.scores(self.points(w), self.inputs(X))))

    def predict(self, w, X=None):
        """The likeliest label of each example, (..., n)."""
        return self.probability(w, X).argmax(-1)

    def losses(self, w):
        return -log_softmax(self.scores(w, self.X))[..., np.arange(self.n), self.y]

    def surprise(self, scores):
        """P - Y: the slope of each example's loss in its scores, (..., n, classes)."""
        return np.exp(log_softmax(scores)) - (self.y[:, None] == np.arange(self.classes))


@dataclass(frozen=True, eq=False, repr=False)
class Softmax(Multiclass):
    r"""mean(-log p(y | x)) + l2/2 ||W||^2 with p(. | x) = softmax(x W), for labels y of 0 to classes - 1.

    The vector w is W (features, classes), row by row; `classes` is counted from y unless given.
    Source: Bridle (1990); Cox (1966).
    """

    classes: int = None

    def layout(self):
        row = super().layout()
        return boxed(np.repeat(row["penalized"], self.classes), np.repeat(row["bounds"][1], self.classes))

    def scores(self, w, X):
        return X @ w.reshape(*w.shape[:-1], -1, self.classes)

    def mean_slope(self, w):
        G = self.X.T @ self.surprise(self.scores(w, self.X)) / self.n
        return G.reshape(w.shape)

    def mean_bend(self, w):
        P = np.exp(log_softmax(self.scores(w, self.X)))
        own = self.X.T * P.mT[..., None, :] @ self.X  # (..., classes, features, features): sums of p_k x x^T
        own = np.einsum("...kij,kl->...ikjl", own, np.eye(self.classes)).reshape(*w.shape, self.dim)
        Q = (self.X[..., None] * P[..., None, :]).reshape(*P.shape[:-1], self.dim)  # a row an example: x p^T
        return (own - Q.mT @ Q) / self.n


@dataclass(frozen=True, eq=False, repr=False)
class OneHidden(Multiclass):
    r"""mean(-log p(y | x)) + l2/2 (||W||^2 + ||V||^2) with p(. | x) = softmax(tanh(x W + a) V + b).

    The vector w is W (features, hidden), a (hidden,), V (hidden, classes), b (classes,), one after the other;
    the biases a and b are not penalized, and X needs no column of ones. It has no Hessian here.
    Source: Rumelhart, Hinton and Williams (1986).
    """

    hidden: int = 16
    classes: int = None

    @property
    def shapes(self):
        """The shapes of W, a, V and b."""
        features, hidden, classes = self.sizes
        return (features, hidden), (hidden,), (hidden, classes), (classes,)

    @property
    def sizes(self):
        """(features, hidden, classes): the widths of the layers."""
        return self.X.shape[1], self.hidden, self.classes

    def layout(self):
        penalized = np.concatenate([np.full(np.prod(shape), len(shape) == 2) for shape in self.shapes])
        return boxed(penalized, np.full(len(penalized), self.reach))

    def init(self, rng):
        """A start, (dim,): weights normal with variance 1 / inputs of the layer, biases 0 (LeCun, 1998)."""
        draw = [rng.normal(0, s[0] ** -0.5, s) if len(s) == 2 else np.zeros(s) for s in self.shapes]
        return np.concatenate([part.ravel() for part in draw])

    def unpack(self, w):
        """W, a, V, b as matrices with the leading axes of w; a and b are one row each."""
        ends = np.cumsum([np.prod(shape) for shape in self.shapes])
        parts = np.split(w, ends[:-1], axis=-1)
        return [p.reshape(*w.shape[:-1], -1, s[-1]) for p, s in zip(parts, self.shapes)]

    def scores(self, w, X):
        W, a, V, b = self.unpack(w)
        return np.tanh(X @ W + a) @ V + b

    def mean_slope(self, w):
        W, a, V, b = self.unpack(w)
        H = np.tanh(self.X @ W + a)
        D = self.surprise(H @ V + b) / self.n
        B = D @ V.mT * (1 - H**2)
        parts = self.X.T @ B, B.sum(-2), H.mT @ D, D.sum(-2)
        return np.concatenate([part.reshape(*w.shape[:-1], -1) for part in parts], axis=-1)


def scored(w, X):
    """X w, (..., n), for X (n, d) that all runs share, or X (..., n, d) with examples for each run."""
    return w @ X.T if X.ndim == 2 else (X @ w[..., None])[..., 0]


def weighed(r, X):
    """The sums over the examples of r_i x_i, (..., d), for X as in `scored` and r (..., n)."""
    return r @ X if X.ndim == 2 else (r[..., None, :] @ X)[..., 0, :]


def add_intercept(X):
    """X with a column of ones before the others, (n, 1 + features): its weight w[0] is the intercept."""
    X = np.asarray(X)
    return np.concatenate([np.ones((len(X), 1)), X], axis=1)


def boxed(penalized, high):
    """The layout of weights: their number, the mask, and the box from -high to high."""
    return {"dim": len(high), "penalized": frozen(penalized, bool), "bounds": (frozen(-high), frozen(high))}


def rms(a):
    """The root mean square over the examples."""
    return np.sqrt((a**2).mean(0))


def softplus(z):
    """log(1 + e^z), for any size of z."""
    return np.where(z.real > 0, z, 0) + np.log1p(np.exp(-fold(z)))


def sigmoid(z):
    """1 / (1 + e^-z), for any size of z."""
    return np.exp(-softplus(-z))


def log_softmax(z):
    """The logarithms of e^z / sum(e^z) along the last axis, for any size of z."""
    z = z - z.real.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))
