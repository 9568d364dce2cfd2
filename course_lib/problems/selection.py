"""Which features to keep: the objective of a bit string, one bit a feature."""

import numpy as np

AT_ONCE = 32  # strings: their distances then fit into a processor's cache


class FeatureSelection:
    """The leave-one-out error of the nearest neighbor on the features that a bit string keeps.

    ``f(bits)`` is the share of the n examples whose nearest other example, in the features with a 1, has another
    label. ``bits`` is (..., d), the result (...). A string that keeps nothing is wrong everywhere: 1.

    Args:
        X: (n, d), standardized.
        y: (n,), labels.

    Source: Cover and Hart (1967); Kohavi and John (1997) for judging subsets by the error of the learner itself.
    """

    def __init__(self, X, y):
        self.X, self.y = np.asarray(X, dtype=float), np.asarray(y)
        apart = (self.X[:, None, :] - self.X[None, :, :]) ** 2
        self._apart = apart.reshape(-1, self.dim).T.astype("f4")  # a row a feature: squared differences of all pairs
        self._self = np.diag(np.full(len(self.y), np.inf, "f4"))

    @property
    def dim(self):
        """How many features there are."""
        return self.X.shape[1]

    def __call__(self, bits):
        """The error of each bit string."""
        bits = np.asarray(bits)
        flat = bits.reshape(-1, self.dim).astype("f4")
        wrong = [self._wrong(flat[i : i + AT_ONCE]) for i in range(0, len(flat), AT_ONCE)]
        return np.where(flat.any(axis=-1), np.concatenate(wrong), 1.0).reshape(bits.shape[:-1])

    def _wrong(self, bits):
        """The error of a few strings (m, d), as (m,)."""
        n = len(self.y)
        apart = (bits @ self._apart).reshape(-1, n, n)
        apart += self._self
        return (self.y[apart.argmin(axis=-1)] != self.y).mean(axis=-1)

    def held_out(self, bits, X, y):
        """The error on other examples of one bit string ``(d,)``; these examples served for nothing before."""
        kept = np.asarray(bits, dtype=bool)
        a, b = np.asarray(X)[:, kept], self.X[:, kept]
        apart = (b**2).sum(axis=1) - 2 * a @ b.T  # squared distances, less what is the same for all neighbors
        return float((self.y[apart.argmin(axis=-1)] != y).mean())
