r"""Newton made safe, and its cheaper cousin: a line search, positive definite Hessians, and BFGS.

Everything here works on leading axes, as the optimizers do: x is (..., d), a matrix (..., d, d).
"""

from typing import Any, NamedTuple

import numpy as np

from course_lib.optimizers import PointState


class BFGSState(NamedTuple):
    """A point, the estimate ``B`` of its Hessian and the gradient ``g`` there (None: not asked yet)."""

    x: np.ndarray
    B: Any = None
    g: Any = None


def backtracking(f, g, x, p, c=1e-4, rho=0.5, most=40):
    """The first of the step lengths 1, rho, rho^2, ... that lowers f enough (Armijo, 1966).

    Enough is the share c of what the slope promises: f(x + t p) <= f(x) + c t (g . p).

    Args:
        f: a function, (..., d) to (...).
        g, x, p: gradient, point and direction, (..., d).
        c: the share of the promised fall that is asked for, in (0, 1).
        rho: what t is multiplied with after a refusal, in (0, 1).
        most: at most so many refusals; then t is as it is, so that a direction that climbs ends the search too.

    Returns:
        The lengths t, (...).
    """
    y, slope, t = f(x), (g * p).sum(-1), np.ones(x.shape[:-1])
    for _ in range(most):
        enough = f(x + t[..., None] * p) <= y + c * t * slope
        if np.all(enough):
            break
        t = np.where(enough, t, rho * t)
    return t


def make_pd(H, tau):
    """The symmetric matrix with the eigenvectors of H, and each eigenvalue below tau raised to tau.

    Args:
        H: symmetric matrices (..., d, d).
        tau: the smallest eigenvalue that is allowed, > 0.
    """
    values, vectors = np.linalg.eigh(H)
    return (vectors * np.maximum(values, tau)[..., None, :]) @ vectors.mT


def bfgs_update(B, s, y):
    """The estimate of a Hessian after a step s that changed the gradient by y
    (Broyden, Fletcher, Goldfarb and Shanno, 1970).

    The new matrix is symmetric, maps s to y, and is positive definite when B is. Where s . y is not positive, the
    step saw no upward curvature, and B stays as it is.

    Args:
        B: symmetric positive definite matrices (..., d, d).
        s, y: what x and the gradient changed by, (..., d).
    """
    seen = (s * y).sum(-1)[..., None, None]
    curved = seen > 0
    Bs = (B @ s[..., None])[..., 0]
    known = (s * Bs).sum(-1)[..., None, None]
    known, seen = np.where(curved, known, 1.0), np.where(curved, seen, 1.0)
    new = B - Bs[..., :, None] * Bs[..., None, :] / known + y[..., :, None] * y[..., None, :] / seen
    return np.where(curved, new, B)


def safe_newton(state, f, rng, tau=1e-3):
    """Newton's step, always downhill: eigenvalues raised to tau, and the length found by backtracking.

    Args:
        state: `PointState`.
        f: the problem; each trial of the line search is a value on the ledger.
        rng: not used.
        tau: the smallest eigenvalue that the Hessian may have.
    """
    (x,) = state
    g = f.grad(x)
    p = -np.linalg.solve(make_pd(f.hess(x), tau), g[..., None])[..., 0]
    return PointState(x + backtracking(f, g, x, p)[..., None] * p)


def bfgs(state, f, rng):
    """A step of BFGS: a direction from the estimated Hessian, a line search, one gradient, an update.

    Args:
        state: `BFGSState`; ``BFGSState(x0)`` starts with the identity.
        f: the problem.
        rng: not used.
    """
    x, B, g = state
    B = np.broadcast_to(np.eye(x.shape[-1]), (*x.shape, x.shape[-1])) if B is None else B
    g = f.grad(x) if g is None else g
    p = -np.linalg.solve(B, g[..., None])[..., 0]
    new = x + backtracking(f, g, x, p)[..., None] * p
    slope = f.grad(new)
    return BFGSState(new, bfgs_update(B, new - x, slope - g), slope)
