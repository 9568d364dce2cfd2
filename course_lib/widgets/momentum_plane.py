"""Lesson 05: the plane of rate and momentum with its regions, and what a point of it makes of a run."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, VelocityState, gradient_descent, momentum
from course_lib.plots import COLORS
from course_lib.problems import bowl
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Point, Slider
from course_lib.widgets.fields import contours, hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Image, Panel, Path, Points, Scene, Text
from course_lib.widgets.series import corner, lines

COLOR, GD_COLOR = COLORS["momentum"], COLORS["gradient_descent"]
CONDITIONS = (3, 10, 30, 100, 300)
STEPS, GOAL_STEPS, GOAL_CONDITION, GOAL_SHARE = 150, 100, 100, 1e-6
WINDOW = (-0.45, -1.2), (1.2, 1.2)  # of the bowl: the minimum, the start, and room to swing
RATE_TOP = 4.0  # the plane ends at a rate of 4/L: no momentum below 1 is stable beyond it


def momentum_plane(step=None):
    """The explorer of momentum on a bowl: a point in the plane of rate and momentum, and what it makes of a run.

    Args:
        step: ``step(state, f, rng, lr, beta) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (
        Point("knobs", "rate and momentum", (1.0, 0.3), (0.05, 0.0), (RATE_TOP, 0.99), (0.05, 0.01)),
        Slider("condition", "condition number κ", CONDITIONS, start=GOAL_CONDITION),
    )

    def draw(knobs, condition):
        f, lr, beta = bowl(condition), knobs[0] / condition, knobs[1]
        trace = film(step, momentum, VelocityState(np.ones(2)), f, steps=STEPS, lr=lr, beta=beta)
        away = distance(trace.x)
        there = arrival(away)
        goal = Goal("at κ = 100 bring both coordinates from 1 below 10⁻⁶ in fewer than 100 steps",
                    condition == GOAL_CONDITION and there is not None and there < GOAL_STEPS)  # fmt: skip
        panels = (plane(condition, knobs), valley(condition, trace.x), race(condition, away))
        saying = f"α = {lr:.3g}, β = {beta:.2f}"
        return Scene(panels, f"{saying}: {words(condition, knobs, away, there)}", goal, readouts={"knobs": saying})

    return Explorer("Rate and momentum on a bowl", controls, draw)


def distance(x):
    """How far the coordinate that lags behind is from the minimum, as a share of the start's, (T,)."""
    away = np.abs(x).max(axis=-1)
    return away / away[0]


def arrival(away):
    """The first step with no more than the goal's distance, or None."""
    near = np.flatnonzero(away <= GOAL_SHARE)
    return int(near[0]) if len(near) else None


# -------------------------------------------------------------------------------------------------- theory


def spectrum(condition, rates, betas):
    """What one step of momentum does in each direction of a bowl, read off the step itself.

    The step is linear in (x, v), so what it makes of (1, 0) and of (0, 1) are the columns of its matrix.

    Returns:
        radius: the largest eigenvalue in size, ``(..., 2)``, one for the flat and one for the steep direction.
        damped: positive where both eigenvalues are real and not negative, so that nothing swings, ``(..., 2)``.
    """
    f = bowl(condition)
    knobs = {"lr": np.asarray(rates)[..., None] / condition, "beta": np.asarray(betas)[..., None]}
    one, none = np.ones(2), np.zeros(2)
    a, c = momentum(VelocityState(one, none), f, None, **knobs)
    b, d = momentum(VelocityState(none, one), f, None, **knobs)
    half = (a + d) / 2
    apart = half**2 - (a * d - b * c)
    root = np.sqrt(np.maximum(apart, 0))
    radius = np.where(apart < 0, np.sqrt(np.maximum(a * d - b * c, 0)), np.abs(half) + root)
    return radius, np.minimum(apart, half)


def behavior(condition, knobs):
    """The word for a point of the plane, and the factor by which the distance shrinks in the long run."""
    radius, damped = spectrum(condition, *knobs)
    if radius.max() >= 1:
        return "diverges", float(radius.max())
    return ("damped" if damped.min() >= 0 else "oscillates"), float(radius.max())


@lru_cache(maxsize=8)
def plane_marks(condition, n=181):
    """Background of the plane: bright where a run is fast, and the borders of the three regions."""
    rates, betas = np.linspace(0.01, RATE_TOP, n), np.linspace(0.0, 0.995, n)  # at 0 and at 1 nothing converges
    radius, damped = spectrum(condition, *np.meshgrid(rates, betas))
    radius, damped = radius.max(axis=-1), damped.min(axis=-1)
    speed = np.log10(-np.log10(np.clip(radius, 1e-9, 1 - 1e-9)))  # log of the digits a step
    field = Image(np.where(radius < 1, speed, np.nan), (rates[0], rates[-1]), (betas[0], betas[-1]), "cividis",
                  low=-3.0, high=speed[radius < 1].max())  # fmt: skip
    borders = contours(rates, betas, radius, [1.0]), contours(rates, betas, damped, [0.0])
    return field, Path(borders[0], "ink", 1.6), Path(borders[1], "white", 1.4, (5, 3), opacity=0.9)


# -------------------------------------------------------------------------------------------------- panels


def plane(condition, knobs):
    """The plane with the point that is chosen."""
    labels = (Text(3.2, 0.12, "diverges", "ink", "center", bold=True),
              Text(1.45, 0.52, "oscillates", "white", "center", bold=True, halo="black"),
              Text(0.08, 0.05, "damped", "white", "left", bold=True, halo="black"))  # fmt: skip
    word, radius = behavior(condition, knobs)
    marks = (Points(np.array([knobs]), COLOR, 5), *labels)
    alt = f"Plane of rate and momentum for condition number {condition}; the point {word}, factor {radius:.3f} a step."
    axes = Axis(0, RATE_TOP, "rate α, in units of 1/L"), Axis(0, 1, "momentum β")
    return Panel(*axes, marks, "Where it converges (bright: fast)", alt, 1.15, back=plane_marks(condition))


@lru_cache(maxsize=8)
def valley_back(condition):
    return hills(bowl(condition), *WINDOW, lines=9)


def valley(condition, x):
    """The path on the bowl."""
    inside = x[np.abs(x).max(axis=-1) < 1e3]
    minimum = Points(np.zeros((1, 2)), "ink", 5, "cross")
    marks = (minimum, Path(inside, COLOR, 1.8, dots=2.2), Points(inside[-1:], COLOR, 4.5))
    alt = f"Level lines of a bowl with condition number {condition} and the path of momentum from (1, 1)."
    sides = (Axis(low, high, name) for low, high, name in zip(*WINDOW, ("x₁", "x₂"), strict=True))
    return Panel(*sides, marks, "Path on the bowl", alt, 0.9, equal=True, back=valley_back(condition))


def race(condition, away):
    """Distance by the step, beside gradient descent at its best rate."""
    height = Axis(1e-8, 1e2, log=True)
    plain = gradient_descent_at_best(condition)[: STEPS + 1]
    series = (("gradient descent", plain, GD_COLOR, (5, 3)), ("momentum", away, COLOR, ()))
    marks = (*corner(GOAL_STEPS, GOAL_SHARE, "goal: in here", height.low, "left"), *lines(series, height))
    alt = f"The larger coordinate over {STEPS} steps, logarithmic; at the end {away[-1]:.2g} of the start's."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "The larger coordinate", alt)


@lru_cache(maxsize=8)
def gradient_descent_at_best(condition):
    """The distances of gradient descent at the rate 2/(L + mu), until it arrives."""
    f = bowl(condition)
    found = run(gradient_descent, PointState(np.ones(2)), f, steps=5000, lr=2 / (f.L + f.mu),
                callback=lambda frame: frame.t >= STEPS and np.abs(frame.state.x).max() <= GOAL_SHARE)  # fmt: skip
    return distance(found.x)


def words(condition, knobs, away, there):
    """The finding in one or two sentences."""
    word, radius = behavior(condition, knobs)
    plain = arrival(gradient_descent_at_best(condition))
    beside = f"Gradient descent at its best rate needs {plain} steps."
    if word == "diverges":
        return f"diverges, each step multiplies the distance by {radius:.2f} in the long run. {beside}"
    late = f"the larger coordinate is still {away[-1]:.1g} after {STEPS} steps"
    end = late if there is None else f"both coordinates are below 10⁻⁶ after {there} steps"
    return f"{word}, factor {radius:.3f} a step; {end}. {beside}"
