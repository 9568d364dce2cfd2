"""How good a model is on data it has not seen: folds, cross-validation, and two models to try it on."""

from dataclasses import dataclass

import numpy as np


def k_fold(n, k, rng):
    """Split n examples into k validation parts that differ in size by at most 1.

    Args:
        n: how many examples.
        k: how many folds, 2 to n.
        rng: `numpy.random.Generator`.

    Returns:
        A list of k pairs of index arrays (train, validation).

    Raises:
        ValueError: k is less than 2 or more than n.

    Source: Stone (1974), Geisser (1975).
    """
    if not 2 <= k <= n:
        raise ValueError(f"{n} examples make 2 to {n} folds, not {k}.")
    parts = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


def cross_validate(fit, loss, X, y, folds):
    """The loss on each fold of a model that was fitted to the others, (k,).

    Args:
        fit: ``fit(X, y) -> model``.
        loss: ``loss(model, X, y) -> number``.
        X, y: the examples, (n, features) and (n,).
        folds: pairs of index arrays (train, validation), see `k_fold`.
    """
    return np.array([loss(fit(X[train], y[train]), X[held], y[held]) for train, held in folds])


@dataclass(frozen=True)
class Neighbors:
    """The vote of the k nearest training examples; a tie goes to the smallest label. Source: Fix and Hodges (1951)."""

    k: int = 1

    def fit(self, X, y):
        """The model: the examples themselves, X (n, features) and labels y (n,) of 0, 1, ..."""
        return np.asarray(X, dtype=float), np.asarray(y)

    def predict(self, model, X):
        """The label of each row of X, (m,)."""
        known, labels = model
        far = (known**2).sum(axis=1) - 2 * np.asarray(X, dtype=float) @ known.T  # less |x|^2, which all share
        near = labels[np.argpartition(far, self.k - 1, axis=1)[:, : self.k]]
        votes = (near[..., None] == np.arange(labels.max() + 1)).sum(axis=1)
        return votes.argmax(axis=1)

    def loss(self, model, X, y):
        """The share of wrong labels."""
        return float((self.predict(model, X) != y).mean())


@dataclass(frozen=True)
class Ridge:
    """Least squares through the origin with the penalty l2 ||w||^2. Source: Hoerl and Kennard (1970)."""

    l2: float = 0.0

    def fit(self, X, y):
        """The weights w (features,) that minimize ||X w - y||^2 + l2 ||w||^2."""
        return np.linalg.solve(X.T @ X + self.l2 * np.eye(X.shape[1]), X.T @ y)

    def loss(self, w, X, y):
        """The mean of the squared errors."""
        return float(((X @ w - y) ** 2).mean())
