"""Groups without labels: k-means with restarts, k-medoids, and two numbers that judge a grouping."""

from typing import NamedTuple

import numpy as np


class Clusters(NamedTuple):
    """What k-means found; leading axes are independent starts.

    Attributes:
        centers: (..., k, d).
        labels: (..., n), the center each point belongs to, 0 to k - 1.
        inertia: (...), the sum of the squared distances of the points to their centers.
    """

    centers: np.ndarray
    labels: np.ndarray
    inertia: np.ndarray


def kmeans(X, k, rng, restarts=10, steps=100):
    """The best of several runs of k-means, each from k points of X drawn at random, no point twice.

    Args:
        X: the points (n, d).
        k: how many clusters, 1 to n.
        rng: `numpy.random.Generator`.
        restarts: how many starts.
        steps: at most so many rounds of each run.

    Returns:
        `Clusters` of the run with the smallest inertia; the first of equals.

    Raises:
        ValueError: k is less than 1 or more than there are points.

    Source: Lloyd (1957, printed 1982); the start is Forgy's (1965).
    """
    runs = lloyd(X, starts(X, k, rng, restarts), steps)
    best = np.argmin(runs.inertia)
    return Clusters(*(field[best] for field in runs))


def starts(X, k, rng, restarts):
    """For each of so many restarts k different points of X (n, d), as centers (restarts, k, d)."""
    if not 1 <= k <= len(X):
        raise ValueError(f"{len(X)} points fall into 1 to {len(X)} clusters, not {k}.")
    order = rng.random((restarts, len(X))).argsort(axis=-1)
    return np.asarray(X)[order[:, :k]]


def lloyd(X, centers, steps=100):
    """Assign each point to its nearest center, move each center to the mean of its points, until nothing moves.

    A center without points stays where it is.

    Args:
        X: the points (n, d).
        centers: where to start, (..., k, d); leading axes are independent runs.
        steps: at most so many rounds.

    Returns:
        `Clusters`.
    """
    X, centers = np.asarray(X, dtype=float), np.asarray(centers, dtype=float)
    for _ in range(steps):
        before, centers = centers, means(X, nearest(X, centers), centers)
        if np.array_equal(before, centers):
            break
    labels = nearest(X, centers)
    return Clusters(centers, labels, inertia(X, centers, labels))


def nearest(X, centers):
    """The number of the nearest center of each point, (..., n); the first of equals."""
    return squared_distances(X, centers).argmin(axis=-1)


def means(X, labels, centers):
    """The mean of the points with each label, (..., k, d); the old center where there is none."""
    own = labels[..., None, :] == np.arange(centers.shape[-2])[:, None]  # (..., k, n)
    count = own.sum(axis=-1)[..., None]
    return np.where(count, own @ X / np.maximum(count, 1), centers)


def squared_distances(X, Y):
    """Between each point of X (n, d) and each of Y (..., k, d): (..., n, k)."""
    X, Y = np.asarray(X, dtype=float), np.asarray(Y, dtype=float)
    return ((X[:, None, :] - Y[..., None, :, :]) ** 2).sum(axis=-1)


def inertia(X, centers, labels):
    """The sum of the squared distances of the points X (n, d) to the centers (..., k, d) that labels (..., n) name."""
    own = np.take_along_axis(np.asarray(centers), np.asarray(labels)[..., None], axis=-2)
    return ((X - own) ** 2).sum(axis=(-2, -1))


def silhouette(X, labels):
    """How much nearer the points are to their own cluster than to the next one: the mean of (b - a) / max(a, b).

    For a point, a is the mean distance to the others of its cluster, b the smallest mean distance to the points of
    another one. A point that is alone in its cluster counts 0.

    Args:
        X: the points (n, d).
        labels: (n,), any numbers, at least two different ones.

    Returns:
        A number from -1 to 1.

    Raises:
        ValueError: there is only one cluster.

    Source: Rousseeuw (1987).
    """
    names, own = np.unique(labels, return_inverse=True)
    if len(names) < 2:
        raise ValueError("A silhouette compares clusters: it needs at least two.")
    far = np.sqrt(squared_distances(X, X))
    member = own[:, None] == np.arange(len(names))  # (n, k)
    total, size = far @ member, member.sum(axis=0)
    a = total[member] / np.maximum(size[own] - 1, 1)
    b = np.where(member, np.inf, total / size).min(axis=1)
    widest = np.maximum(a, b)
    s = np.where((size[own] > 1) & (widest > 0), (b - a) / np.where(widest > 0, widest, 1), 0.0)
    return float(s.mean())


class Medoids:
    """How far the points are from the nearest of k chosen ones among them, in all: ``f(members)``.

    The members (..., k) are whole numbers, the places of the chosen points in X, so there is no gradient.

    Args:
        X: the points (n, d).

    Source: Kaufman and Rousseeuw (1987).
    """

    def __init__(self, X):
        self.far = np.sqrt(squared_distances(X, X))

    @property
    def n(self):
        """How many points there are."""
        return len(self.far)

    def __call__(self, members):
        """The sum over all points of the distance to the nearest member, (...)."""
        return self.far[np.asarray(members)].min(axis=-2).sum(axis=-1)

    def exchange(self, members, rng):
        """A neighbor of members (k,): one of them, drawn at random, gives way to a point that was none."""
        new, other = np.array(members), rng.integers(self.n)
        while other in members:
            other = rng.integers(self.n)
        new[rng.integers(len(new))] = other
        return new
