"""Lesson 02: gradient descent on a bowl, and what scaling the features does to the bowl."""

from functools import lru_cache
from math import atan

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.plots import COLORS
from course_lib.problems import LeastSquares, bowl, diabetes
from course_lib.widgets.deadline import film
from course_lib.widgets.explorer import Explorer, Point, Slider, Toggle
from course_lib.widgets.fields import hills
from course_lib.widgets.scene import Arrows, Axis, Goal, Panel, Path, Points, Scene, Text
from course_lib.widgets.series import corner, lines

COLOR = COLORS["gradient_descent"]
TURN = atan(1 / 2)  # of the bowl: then points of the grid lie on its axes
LOW, HIGH = (-3.2, -2.4), (3.2, 2.4)
STEPS, GOAL_STEPS, GOAL_SLOPE, GOAL_CONDITION, GOAL_AWAY = 60, 40, 1e-3, 25, 1.0

RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(0.005, 1.5, 60))
CONDITIONS = (1, 2, 5, 10, 25, 50, 100)


def descent(step=None):
    """The explorer of gradient descent on a bowl: rate, condition number and a start that can be dragged.

    Args:
        step: ``step(state, f, rng, lr) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (
        Slider("lr", "learning rate α", RATES, start=0.02),
        Slider("condition", "condition number κ", CONDITIONS, start=25),
        Point("start", "start", (-2.5, 1.0), LOW, HIGH, (0.1, 0.1)),
    )

    def draw(lr, condition, start):
        f = bowl(condition, TURN)
        trace = film(step, gradient_descent, PointState(np.array(start)), f, steps=STEPS, lr=lr)
        slope = np.linalg.norm(f.grad(trace.x), axis=-1)
        goal = Goal(
            f"‖g‖ < 10⁻³ in at most {GOAL_STEPS} steps at κ = {GOAL_CONDITION}, from a start at least 1 away",
            condition == GOAL_CONDITION and np.hypot(*start) >= GOAL_AWAY and slope[: GOAL_STEPS + 1].min() < GOAL_SLOPE,
        )
        panels = (landscape(f, condition, trace.x), curves(trace.loss, slope))
        return Scene(panels, words(f, lr, slope), goal, {"lr": [(2 / f.L, "2/L")]}, readout(start))

    return Explorer("Gradient descent on a bowl", controls, draw)


def landscape(f, condition, x):
    """The bowl from above, its two axes, and the path."""
    alt = f"Level lines of a bowl with condition number {condition} and the path from {point(x[0])}."
    sides = (Axis(low, high, name) for low, high, name in zip(LOW, HIGH, ("θ₁", "θ₂"), strict=True))
    return Panel(*sides, path_marks(x), "Path on the bowl", alt, 1.25, equal=True, back=bowl_marks(condition))


@lru_cache(maxsize=16)
def bowl_marks(condition):
    """Background: the landscape, and the directions in which it curves least and most, seen from the minimum."""
    f = bowl(condition, TURN)
    flat, steep = np.linalg.eigh(f.A)[1].T
    flat, steep = flat * np.sign(flat[0]), steep * np.sign(steep[1])
    axes = np.array([-9 * flat, -9 * steep]), np.array([9 * flat, 9 * steep])
    names = (Text(*(2.35 * flat), f"flat: μ = {f.mu:g}", "muted", "center", dy=-12),
             Text(*(1.95 * steep), f"steep: L = {f.L:g}", "muted", "left", dx=7))  # fmt: skip
    return *hills(f, LOW, HIGH), Arrows(*axes, "muted", 0.8, 0, (2, 4)), *(names if condition > 1 else ())


def path_marks(x, color=COLOR):
    """A path with its steps as dots, and where it stands last."""
    inside = x[np.abs(x).max(axis=-1) < 1e3]
    minimum = Points(np.zeros((1, 2)), "ink", 5, "cross")
    return minimum, Path(inside, color, 2.0, dots=2.6), Points(inside[-1:], color, 5)


def curves(loss, slope):
    """Loss and slope by the step, with the corner where the goal is."""
    height = Axis(1e-8, 1e3, log=True)
    series = (("loss J", loss, COLOR, ()), ("slope ‖g‖", slope, "ink", (5, 3)))
    marks = (*corner(GOAL_STEPS, GOAL_SLOPE, "goal: ‖g‖ in here", height.low), *lines(series, height))
    alt = f"Loss and slope over {len(loss) - 1} steps on a logarithmic scale; last slope {slope[-1]:.2g}."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Loss and slope", alt)


def words(f, lr, slope):
    """The finding in one or two sentences."""
    limit = f"the limit 2/L = {2 / f.L:.3g}"
    if not slope[-1] < 1e6 * slope[0]:
        return f"α = {lr:g} is above {limit}: the steps grow and the run diverges."
    fast = np.flatnonzero(slope < GOAL_SLOPE)
    end = f"‖g‖ < 10⁻³ after {fast[0]} steps" if len(fast) else f"after {len(slope) - 1} steps ‖g‖ is still {slope[-1]:.2g}"
    return f"α = {lr:g}, {'below' if lr < 2 / f.L else 'not below'} {limit}: {end}."


def point(x):
    """A point in words."""
    return "(" + ", ".join(f"{value:.3g}" for value in x).replace("-", "−") + ")"


def readout(start):
    return {"start": point(start)}


# ------------------------------------------------------------------------------------------ feature scaling

FEATURES = ("bmi", "s1")
SCALE_STEPS, SCALE_GOAL = 60, 30
SCALE_RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(1e-4, 1.2, 80))


def scaling(step=None):
    """The explorer of feature scaling: two measurements of the diabetes data, in their own units or standardized.

    Args:
        step: ``step(state, f, rng, lr) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (Toggle("scaled", "standardize the features"), Slider("lr", "learning rate α", SCALE_RATES, start=5e-4))

    def draw(scaled, lr):
        f, best = regression(scaled)
        trace = film(step, gradient_descent, PointState(np.zeros(2)), f, steps=SCALE_STEPS, lr=lr)
        excess = trace.loss / f(best) - 1
        near = np.flatnonzero(excess < 0.01)
        goal = Goal(f"within 1 % of the lowest loss in at most {SCALE_GOAL} steps", bool(len(near) and near[0] <= SCALE_GOAL))
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
    alt = f"Level lines of the loss, {'nearly round' if scaled else 'a narrow valley'}, and the path of gradient descent."
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
    marks = (*corner(SCALE_GOAL, 0.01, "goal: in here", height.low), *lines(series, height))
    alt = f"The loss above the lowest one over {len(excess) - 1} steps, logarithmic; at the end {excess[-1]:.2g}."
    return Panel(Axis(0, SCALE_STEPS, "steps"), height, marks, "Loss above the lowest, as a share", alt)


def finding(f, scaled, lr, excess, near):
    """The finding in words."""
    mu, L = spectrum(f)
    where = f"{'Standardized' if scaled else 'Raw'} features: condition number {L / mu:.3g}, limit 2/L = {2 / L:.2g}"
    if lr > 2 / L:
        return f"{where}. α = {lr:g} is above it: the run diverges."
    if len(near):
        return f"{where}. With α = {lr:g} the loss is within 1 % of the lowest after {near[0]} steps."
    return f"{where}. With α = {lr:g} the loss is still {excess[-1]:.1%} too high after {len(excess) - 1} steps."
