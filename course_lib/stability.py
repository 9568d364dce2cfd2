"""Keeping training stable: clipping and normalizing gradients, finding a rate, reading a loss curve."""

import numpy as np

from course_lib.optimizers import PointState

WORDS = ("ok", "too small", "oscillating", "diverged", "plateau")


def clip_by_value(g, c):
    """The gradient with each entry kept between -c and c; its direction may change."""
    return np.clip(g, -c, c)


def norm(g):
    """The length along the last axis, which stays as an axis of one, without overflow on the way."""
    top = np.abs(g).max(axis=-1, keepdims=True)
    unit = np.where((top > 0) & (top < np.inf), top, 1.0)
    return unit * np.sqrt(((g / unit) ** 2).sum(axis=-1, keepdims=True))


def clip_by_norm(g, most):
    """The gradient, shortened to the length ``most`` where it is longer; its direction is kept.

    Leading axes are independent runs, each with a length of its own: g is (..., d).
    """
    length = norm(g)
    return g * np.where(length > most, most / np.where(length > 0, length, 1.0), 1.0)


def clip_by_global_norm(grads, most):
    """All gradients of a model, shortened by one factor so that together they are at most ``most`` long
    (Pascanu, Mikolov and Bengio, 2013).

    Args:
        grads: arrays of any shapes.
        most: the largest length allowed, > 0.

    Returns:
        A tuple of new arrays.
    """
    length = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    factor = most / length if length > most else 1.0
    return tuple(g * factor for g in grads)


def normalize(g, eps=1e-12):
    """The gradient with length 1 along its last axis, (..., d); a gradient of 0 stays 0."""
    return g / (norm(g) + eps)


def clipped_descent(state, f, rng, lr=0.01, most=1.0):
    """Gradient descent whose gradient is at most ``most`` long, so that a step is at most ``lr * most``.

    Args:
        state: `PointState`.
        f: the problem.
        rng: not used.
        lr: the learning rate.
        most: the longest gradient allowed; infinite for no clipping.
    """
    (x,) = state
    return PointState(x - lr * clip_by_norm(f.grad(x), most))


def lr_range_test(f, x0, low, high, n):
    """Descend with a rate that rises from step to step, until the loss blows up (Smith, 2017).

    The walk ends after the first loss that is not below 4 times the first one.

    Args:
        f: the problem.
        x0: the start, (d,).
        low, high: the first and the last rate; those between are spaced evenly in logarithm.
        n: how many rates, at least 2.

    Returns:
        (rates, losses, suggested): the rates tried, the loss after the step with each, and a tenth of the rate
        with the lowest loss.
    """
    x, first, losses = x0, f(x0), []
    rates = np.geomspace(low, high, n)
    for lr in rates:
        x = x - lr * f.grad(x)
        losses.append(f(x))
        if not losses[-1] < 4 * first:
            break
    best = np.nanargmin(np.where(np.isfinite(losses), losses, np.inf))
    return rates[: len(losses)], np.array(losses), rates[best] / 10


def step_decay(t, base, drop, every):
    """The rate at step t of a staircase: base, multiplied with drop after each ``every`` steps."""
    return base * drop ** (t // every)


def diagnose(loss):
    """What a loss curve says: (left, word), the share of the first loss that is left, and one of `WORDS`.

    The rules, in this order; the tail is the last quarter of the curve:
    "diverged" if a value is not finite, or the last is above the first; "oscillating" if the tail rises in at least
    30% of its steps and swings by more than 5% of the first loss; "ok" if at most half of the loss is left;
    "too small" if the second half fell at least half as far as the first one; else "plateau".

    Args:
        loss: the loss by the step, (n,), n >= 8, positive.
    """
    loss = np.asarray(loss, dtype=float)
    left, tail, middle = loss[-1] / loss[0], loss[-(len(loss) // 4) :], loss[len(loss) // 2]
    if not np.isfinite(loss).all() or left > 1:
        return left, "diverged"
    if np.mean(np.diff(tail) > 0) >= 0.3 and np.ptp(tail) > 0.05 * loss[0]:
        return left, "oscillating"
    if left <= 0.5:
        return left, "ok"
    return left, "too small" if middle - loss[-1] >= 0.5 * (loss[0] - middle) else "plateau"


def early_stop(val, patience, min_delta=0.0):
    """When to stop, by the losses on held-out data: (best loss, its epoch, the epoch to stop after).

    An epoch counts as better when its loss is more than min_delta below the best so far. After ``patience`` epochs in a
    row that are not better it stops; if that never happens, with the last epoch.
    """
    best, at = val[0], 0
    for t in range(1, len(val)):
        if val[t] < best - min_delta:
            best, at = val[t], t
        elif t - at >= patience:
            return best, at, t
    return best, at, len(val) - 1
