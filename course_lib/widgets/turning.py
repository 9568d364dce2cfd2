"""Lesson 06: a valley that is turned, and what three methods make of it."""

from functools import lru_cache
from math import cos, radians, sin

import numpy as np

from course_lib.optimizers import PointState, SquaresState, VelocityState, gradient_descent, momentum, rmsprop
from course_lib.plots import COLORS
from course_lib.problems import bowl
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Scene, Text
from course_lib.widgets.series import lines

ANGLES = tuple(range(0, 91, 5))
CONDITIONS = (10, 30, 100, 300)
RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(0.005, 0.3, 30))
STEPS, RHO = 250, 0.9
GOAL_ANGLE, GOAL_CONDITION, GOAL_STEPS, GOAL_SHARE = 45, 100, 140, 0.05
START, REACH = (1.0, 0.6), 1.3
NAMES = {"gradient_descent": "gradient descent", "momentum": "momentum", "rmsprop": "RMSProp"}
DASHES = {"gradient_descent": (2, 3), "momentum": (), "rmsprop": (5, 3)}


def turning(step=None, rotate=None):
    """The explorer of a valley that is turned, with its start: gradient descent, momentum and RMSProp.

    Args:
        step: ``step(state, f, rng, lr, rho, eps) -> state``, RMSProp as a learner wrote it; by default the library's.
        rotate: ``rotate(f, theta) -> objective``, as a learner wrote it; by default the library turns the bowl.
    """
    controls = (
        Slider("angle", "turned by", ANGLES, start=0, form="{}°"),
        Slider("lr", "learning rate α of RMSProp", RATES, start=0.02),
        Slider("condition", "condition number κ", CONDITIONS, start=GOAL_CONDITION),
    )

    def draw(angle, lr, condition):
        f = rotate(bowl(condition), radians(angle)) if rotate else bowl(condition, radians(angle))
        traces = shoot(step, f, turned_start(angle), condition, lr)
        away = {name: trace.distance() / trace.distance()[0] for name, trace in traces.items()}
        asked = angle == GOAL_ANGLE and condition == GOAL_CONDITION
        text = (f"at κ = {GOAL_CONDITION}, turned by {GOAL_ANGLE}°, bring RMSProp within {GOAL_SHARE:.0%} of the "
                f"start's distance, for good, after at most {GOAL_STEPS} steps")  # fmt: skip
        goal = Goal(text, asked and away["rmsprop"][GOAL_STEPS:].max() <= GOAL_SHARE)
        return Scene((valley(angle, condition, traces), race(away)), words(angle, condition, lr, away), goal)

    return Explorer("A valley that is turned", controls, draw)


def turned_start(angle):
    """The start, turned with the valley."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return np.array([[c, -s], [s, c]]) @ START


def shoot(step, f, start, condition, lr):
    """A trace of each method: gradient descent and momentum with the best constants for the bowl."""
    root = condition**0.5
    best = {"lr": (2 / (root + 1)) ** 2, "beta": ((root - 1) / (root + 1)) ** 2}
    return {
        "gradient_descent": film(None, gradient_descent, PointState(start), f, steps=STEPS, lr=2 / (condition + 1)),
        "momentum": film(None, momentum, VelocityState(start), f, steps=STEPS, **best),
        "rmsprop": film(step, rmsprop, SquaresState(start), f, steps=STEPS, lr=lr, rho=RHO, eps=1e-8),
    }


@lru_cache(maxsize=32)
def valley_back(angle, condition):
    return hills(bowl(condition, radians(angle)), (-REACH, -REACH), (REACH, REACH), lines=9)


def valley(angle, condition, traces):
    """The three paths from above."""
    marks = [Points(np.zeros((1, 2)), "ink", 5, "cross")]
    for name in ("momentum", "gradient_descent", "rmsprop"):  # the widest below
        trace = traces[name]
        marks += [Path(trace.x, COLORS[name], 1.3, DASHES[name], dots=1.6), Points(trace.x[-1:], COLORS[name], 4.5)]
    alt = f"Level lines of a valley turned by {angle} degrees, condition number {condition}, and three paths."
    sides = (Axis(-REACH, REACH, name) for name in ("x₁", "x₂"))
    return Panel(*sides, tuple(marks), "Paths in the valley", alt, equal=True, back=valley_back(angle, condition))


def race(away):
    """Distance by the step."""
    height = Axis(1e-5, 3, log=True)
    series = [(NAMES[name], y, COLORS[name], DASHES[name]) for name, y in away.items()]
    low = height.low / 10
    box = np.array([[GOAL_STEPS, low], [STEPS, low], [STEPS, GOAL_SHARE], [GOAL_STEPS, GOAL_SHARE]])
    goal = Text(STEPS, height.low, "goal: RMSProp stays in here", "muted", "right", -5, 9)
    marks = (Region(box, "faint", 0.6), goal, *lines(series, height))
    alt = f"The distances over {STEPS} steps, logarithmic; RMSProp ends at {away['rmsprop'][-1]:.2g} of the start's."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Distance, as a share of the start's", alt, 1.2)


def settled(away):
    """The first step from which on the distance stays within the goal's share, or None."""
    outside = np.flatnonzero(~(away <= GOAL_SHARE))
    last = int(outside[-1]) + 1 if len(outside) else 0
    return last if last < len(away) else None


def words(angle, condition, lr, away):
    """The finding in one sentence a method."""
    said = []
    for name, y in away.items():
        there = settled(y)
        end = f"not within {STEPS} steps" if there is None else f"from step {there} on"
        said.append(f"{NAMES[name]} {end}")
    return f"κ = {condition}, turned by {angle}°, α = {lr:g}: within {GOAL_SHARE:.0%} for good: {', '.join(said)}."
