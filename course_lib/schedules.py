"""Learning rates that change during a run: each function returns a schedule ``t -> rate``, t the steps taken so far.

``run(..., lr=schedule)`` calls it before each step, so t counts updates over the whole run and never starts anew
with an epoch. t may be an array.
"""

import numpy as np


def step_decay(base, factor, every):
    """The rate ``base``, multiplied by ``factor`` after each ``every`` steps.

    Raises:
        ValueError: ``every`` is less than 1.
    """
    _demand(every >= 1, "A step decay needs at least one step at each rate: every >= 1.")
    return lambda t: base * factor ** (np.asarray(t) // every)


def inverse_decay(base, t0):
    """The rate ``base / (1 + t / t0)``: half of it after ``t0`` steps (Robbins and Monro, 1951).

    Raises:
        ValueError: ``t0`` is not positive.
    """
    _demand(t0 > 0, "An inverse decay needs a time scale: t0 > 0.")
    return lambda t: base / (1 + np.asarray(t) / t0)


def cosine(T, base, warmup=0, final=0.0):
    """A linear warm-up to ``base``, then half a cosine down to ``final``, which is kept from step ``T`` on.

    In step ``t < warmup`` the rate is ``base * (t + 1) / warmup``. Sources: Loshchilov and Hutter (2017), for the
    cosine without restarts; Goyal et al. (2017), for the warm-up.

    Raises:
        ValueError: not ``0 <= warmup < T``.
    """
    _demand(0 <= warmup < T, f"The warm-up must end before the run does: 0 <= {warmup} < {T}.")
    return lambda t: np.where(np.less(t, warmup), base * (np.asarray(t) + 1) / max(warmup, 1),
                              final + (base - final) * (1 + np.cos(np.pi * _share(t, warmup, T))) / 2)  # fmt: skip


def _share(t, start, end):
    """How far t is on its way from start to end, 0 to 1."""
    return np.clip((np.asarray(t) - start) / (end - start), 0, 1)


def _demand(condition, message):
    if not condition:
        raise ValueError(message)
