"""Lesson 02: gradient descent on a bowl."""

from functools import lru_cache
from math import atan

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.plots import COLORS
from course_lib.problems import bowl
from course_lib.widgets.explorer import Explorer, Point, Slider
from course_lib.widgets.fields import hills
from course_lib.widgets.film import film
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
        panels = (landscape(condition, trace.x), curves(trace.loss, slope))
        marks, readouts = {"lr": [(2 / f.L, "2/L")]}, {"start": point(start)}
        return Scene(panels, words(f, lr, slope), goal(condition, start, slope), marks, readouts)

    return Explorer("Gradient descent on a bowl", controls, draw)


def goal(condition, start, slope):
    """What is asked for; a start on the steep axis with a rate near 1/L gets there."""
    text = f"‖g‖ < 10⁻³ in at most {GOAL_STEPS} steps at κ = {GOAL_CONDITION}, from a start at least {GOAL_AWAY:g} away"
    fair = condition == GOAL_CONDITION and np.hypot(*start) >= GOAL_AWAY
    return Goal(text, fair and slope[: GOAL_STEPS + 1].min() < GOAL_SLOPE)


def landscape(condition, x):
    """The bowl from above, its two axes, and the path."""
    alt = f"Level lines of a bowl with condition number {condition} and the path from {point(x[0])}."
    sides = (Axis(low, high, name) for low, high, name in zip(LOW, HIGH, ("x₁", "x₂"), strict=True))
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
    series = (("loss f", loss, COLOR, ()), ("slope ‖g‖", slope, "ink", (5, 3)))
    marks = (*corner(GOAL_STEPS, GOAL_SLOPE, "goal: ‖g‖ in here", height.low), *lines(series, height))
    alt = f"Loss and slope over {len(loss) - 1} steps on a logarithmic scale; last slope {slope[-1]:.2g}."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Loss and slope", alt)


def words(f, lr, slope):
    """The finding in one or two sentences."""
    limit = f"the limit 2/L = {2 / f.L:.3g}"
    if not slope[-1] < 1e6 * slope[0]:
        return f"α = {lr:g} is above {limit}: the steps grow and the run diverges."
    fast = np.flatnonzero(slope < GOAL_SLOPE)
    late = f"after {len(slope) - 1} steps ‖g‖ is still {slope[-1]:.2g}"
    end = f"‖g‖ < 10⁻³ after {fast[0]} steps" if len(fast) else late
    return f"α = {lr:g}, {'below' if lr < 2 / f.L else 'not below'} {limit}: {end}."


def point(x):
    """A point in words."""
    return "(" + ", ".join(f"{value:.3g}" for value in x).replace("-", "−") + ")"
