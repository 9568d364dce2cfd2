"""The experiments of claims j and k: Adam without bias correction, and clipped gradients."""

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.optimizers import AdamState, PointState, adam
from course_lib.problems import Logistic, add_intercept, breast_cancer, leaky_sum, standardize
from course_lib.run import run
from course_lib.stability import clipped_descent


@claimed("j", "Adam as often printed, without bias correction, behaves the same.", lesson="07")
def without_hats_the_same(seeds, full):
    """Both on the same batches of the tumors, 32 at a time, from the same start; each seed has batches of its own.

    Without correction m / sqrt(v) is (1 - 0.9^t) / sqrt(1 - 0.999^t) times the corrected ratio: 3.2 at the first step,
    6.5 around the tenth, and 1 in the end. The same means: losses within a tenth of each other. Of the rates 0.001,
    0.003, ... 0.3 the corrected Adam does best with 0.03 here.
    """
    f, epochs = tumors(), 40 if full else 10
    rates = {0.001: "the rate is 30 times too small", 0.03: "the rate suits", 0.3: "the rate is ten times too large"}
    for lr, name in rates.items():
        plain, hats = (adam_loss(f, step, seeds, lr, epochs) for step in (hatless, adam))
        for k, when in enumerate(("after 20 steps", f"after {epochs} epochs")):
            same = np.abs(plain[k] / hats[k] - 1) < 0.1
            yield Finding(f"{name}, {when}", "share of runs within a tenth of the corrected loss", same, margin=0.8)


def hatless(state, f, rng, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam's step as many articles print it."""
    x, m, v, t = state
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return AdamState(x - lr * m / (np.sqrt(v) + eps), m, v, t + 1)


def tumors():
    """The loss of a logistic regression on all tumors, standardized."""
    data = breast_cancer()
    return Logistic(add_intercept(standardize(data.X)), data.y, l2=1e-3)


def adam_loss(f, step, seeds, lr, epochs):
    """The losses after 20 steps, and in the end, (seeds,) each."""
    start = AdamState(np.zeros((seeds, f.dim)))
    film = run(step, start, f, 7, epochs=epochs, batch_size=32, apart=True, every=20, lr=lr)
    return film.loss[1], film.loss[-1]


@claimed("k", "Gradient clipping cures instability.", lesson="10")
def clipping_cures(seeds, full):
    """Random starts on the cliff of a recurrence, 300 steps, from the same starts with and without clipping.

    L near the minimum allows rates up to 0.0104, and 3 is somewhat above the usual length of the gradients there.
    """
    f, rng = leaky_sum(np.random.default_rng(10), n=24), np.random.default_rng(3)
    tops = np.stack([rng.uniform(1.0, 1.3, seeds), rng.uniform(0.2, 1.0, seeds)], axis=-1)
    low = {most: end_on_cliff(f, tops, 0.005, most) for most in (3.0, 1000.0, 0.01, np.inf)}
    gain = (low[3.0] < f(tops)).astype(int) - (low[np.inf] < f(tops))
    yield Finding("a cure prevents the blow-up", "gain over no clipping in runs that end below their start", gain, 0.8)
    for end, name in ((low[3.0], "rate and threshold suit"), (low[1000.0], "the threshold is 1000"),
                      (low[0.01], "the threshold is 0.01"),
                      (end_on_cliff(f, tops, 0.03, 3.0), "the rate is three times 2/L")):  # fmt: skip
        yield Finding(f"a cure converges and {name}", "share of runs with a loss below 0.001", end < 1e-3, margin=0.8)


def end_on_cliff(f, x, lr, most):
    """The losses after 300 steps of clipped descent, (seeds,)."""
    return run(clipped_descent, PointState(x), f, steps=300, every=300, lr=lr, most=most).loss[-1]
