"""Lesson 02: what scaling the features does to the loss, on two measurements of the diabetes data."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.plots import COLORS
from course_lib.problems import LeastSquares, diabetes
from course_lib.widgets.explorer import Explorer, Slider, Toggle
from course_lib.widgets.fields import hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Scene
from course_lib.widgets.series import corner, lines

COLOR = COLORS["gradient_descent"]
FEATURES = ("bmi", "s1")
STEPS, GOAL_STEPS = 60, 30
RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(1e-4, 1.2, 80))


def scaling(step=None):
    """The explorer of feature scaling: two measurements of the diabetes data, in their own units or standardized.

    Args:
        step: ``step(state, f, rng, lr) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (Toggle("scaled", "standardize the features"), Slider("lr", "learning rate α", RATES, start=5e-4))

    def draw(scaled, lr):
        f, best = regression(scaled)
        trace = film(step, gradient_descent, PointState(np.zeros(2)), f, steps=STEPS, lr=lr)
        excess = trace.loss / f(best) - 1
        near = np.flatnonzero(excess < 0.01)
        soon = len(near) > 0 and near[0] <= GOAL_STEPS
        goal = Goal(f"within 1% of the lowest loss in at most {GOAL_STEPS} steps", soon)
        panels = (valley(scaled, trace.x), excess_curve(excess))
        return Scene(panels, finding(f, scaled, lr, excess, near), goal, {"lr": [(limit(f), "2/L")]})

    return Explorer("The same data in two units", controls, draw)


@lru_cache(maxsize=2)
def regression(scaled):
    """Least squares on two centered features, and its solution."""
    data = diabetes()
    X = data.X[:, [data.names.index(name) for name in FEATURES]]
    X, y = X - X.mean(axis=0), (data.y - data.y.mean()) / data.y.std()
    X = X / X.std(axis=0) if scaled else X
    return LeastSquares(X, y), np.linalg.lstsq(X, y, rcond=None)[0]


def spectrum(f):
    """The smallest and the largest curvature of a loss that is quadratic in two weights."""
    return np.linalg.eigvalsh(f.hess(np.zeros(2)))


def limit(f):
    return 2 / spectrum(f)[-1]


def valley(scaled, x):
    """The loss over the two weights, equal units on both axes, and the path from zero."""
    low, high, back = valley_marks(scaled)
    title = "Loss over the two weights, " + ("standardized" if scaled else "raw units")
    path = x[np.abs(x).max(axis=-1) < 1e3 * high[0]]
    marks = Path(path, COLOR, 2.0, dots=2.6), Points(path[-1:], COLOR, 5)
    shape = "nearly round" if scaled else "a narrow valley"
    alt = f"Level lines of the loss, {shape}, and the path of gradient descent."
    axes = (Axis(a, b, f"weight of {name}") for a, b, name in zip(low, high, FEATURES, strict=True))
    return Panel(*axes, marks, title, alt, 1.1, equal=True, back=back)


@lru_cache(maxsize=2)
def valley_marks(scaled):
    """Corners and background of the picture around the way from zero to the solution."""
    f, best = regression(scaled)
    reach = 1.25 * np.abs(best).max()
    low, high = best / 2 - reach, best / 2 + reach
    return low, high, (*hills(f, low, high, floor=float(f(best))), Points(best[None], "ink", 5, "cross"))


def excess_curve(excess):
    """Loss above the lowest, by the step."""
    height = Axis(1e-6, 1e1, log=True)
    series = (("gradient descent", excess, COLOR, ()),)
    marks = (*corner(GOAL_STEPS, 0.01, "goal: in here", height.low), *lines(series, height))
    alt = f"The loss above the lowest one over {len(excess) - 1} steps, logarithmic; at the end {excess[-1]:.2g}."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Loss above the lowest, as a share", alt)


def finding(f, scaled, lr, excess, near):
    """The finding in words."""
    mu, L = spectrum(f)
    where = f"{'Standardized' if scaled else 'Raw'} features: condition number {L / mu:.3g}, limit 2/L = {2 / L:.2g}"
    if lr > 2 / L:
        return f"{where}. α = {lr:g} is above it: the run diverges."
    if len(near):
        return f"{where}. With α = {lr:g} the loss is within 1% of the lowest after {near[0]} steps."
    return f"{where}. With α = {lr:g} the loss is still {excess[-1]:.1%} too high after {len(excess) - 1} steps."
