"""The experiments of claims a to g: gradient methods, and the genetic algorithm."""

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import Wells
from course_lib.run import run


@claimed("a", "Gradient descent stops at the first local minimum it finds.", lesson="02")
def first_minimum(seeds, full):
    """From random starts on a line with five wells, with the exact gradient and with a noisy one."""
    f, rng = Wells(), np.random.default_rng(1)
    x = rng.uniform(*f.bounds, size=(seeds, 1))
    end = run(gradient_descent, PointState(x), f, steps=2000, lr=0.02, every=2000).x[-1]
    own = run(gradient_descent, PointState(x), f, steps=20000, lr=0.002, every=20000).x[-1]
    yield Finding("the rate is below 2/L", "share of runs that end in the well of their start",
                  np.abs(end - own)[:, 0] < 0.05, margin=0.9)  # fmt: skip
