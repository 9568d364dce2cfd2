"""What every problem shares: it is called for its value, and asked for its gradient and its Hessian.

A subclass writes the mathematics as `value(x)`, `slope(x)` and `bend(x)`, for points that are known to fit.
"""

import numpy as np


class Problem:
    """A function f of `dim` real variables, to be minimized; immutable.

    Leading axes broadcast: x is (..., d), `f(x)` is (...), `f.grad(x)` (..., d) and `f.hess(x)` (..., d, d).
    `f.bounds` is the pair (low, high) of the box where it is worth looking, each (d,).
    A last axis that is not `dim` long raises ValueError.
    """

    def __call__(self, x):
        """The value f(x)."""
        return self.value(self.points(x))

    def grad(self, x):
        """The gradient of f at x."""
        return self.slope(self.points(x))

    def hess(self, x):
        """The Hessian of f at x; NotImplementedError where the problem has none."""
        return self.bend(self.points(x))

    def bend(self, x):
        raise NotImplementedError(f"{self!r} has no Hessian: choose a method that asks for gradients only.")

    def points(self, x):
        """x as an array of floats (or complex numbers, for complex steps), its last axis checked."""
        x = np.asarray(x)
        if x.ndim == 0 or x.shape[-1] != self.dim:
            raise ValueError(f"{self!r} needs {self.dim} numbers on the last axis, got shape {x.shape}.")
        return x if x.dtype.kind in "fc" else x.astype(float)


def frozen(a, dtype=float):
    """A read-only copy of a as an array."""
    a = np.array(a, dtype=dtype)
    a.setflags(write=False)
    return a


def diagonal(v):
    """The diagonal matrices (..., d, d) of the vectors v (..., d)."""
    return np.where(np.eye(v.shape[-1], dtype=bool), v[..., None], 0)


def outer(u, v):
    """The products u v^T, (..., d, d)."""
    return u[..., :, None] * v[..., None, :]


def fold(x):
    """|x|, continued to complex numbers by the sign of the real part, so that complex steps see its slope."""
    return np.where(x.real < 0, -x, x)
