"""Lesson 10: where Newton's method goes from a start that can be dragged, with damping, beside gradient descent."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, gradient_descent, newton
from course_lib.plots import COLORS
from course_lib.problems import Himmelblau
from course_lib.run import first
from course_lib.widgets.explorer import Explorer, Point, Slider
from course_lib.widgets.fields import hills, mesh
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Image, Panel, Path, Points, Scene
from course_lib.widgets.series import corner, lines

COLOR, GD_COLOR = COLORS["newton"], COLORS["gradient_descent"]
LOW, HIGH = (-5.0, -5.0), (5.0, 5.0)
DAMPINGS = (0, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 150, 200)
STEPS, GOAL_STEPS, GOAL_SLOPE, RATE = 30, 15, 1e-3, 0.01
KINDS = ("minimum", "saddle", "hilltop")
F = Himmelblau()


def newton_basins(step=None):
    """The explorer of Newton's method on Himmelblau's function: a start that can be dragged, and a damping.

    Args:
        step: ``step(state, f, rng, damping) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (
        Slider("damping", "damping λ", DAMPINGS, start=0),
        Point("start", "start", (1.2, 1.4), LOW, HIGH, (0.1, 0.1)),
    )

    def draw(damping, start):
        state = PointState(np.array(start))
        trace = film(step, newton, state, F, steps=STEPS, damping=float(damping))
        bare = film(step, newton, state, F, steps=STEPS, damping=0.0)
        plain = film(None, gradient_descent, state, F, steps=STEPS, lr=RATE)
        slopes = [np.linalg.norm(F.grad(t.x), axis=-1) for t in (trace, plain)]
        panels = (landscape(damping, trace.x, plain.x), race(*slopes))
        return Scene(panels, words(damping, start, trace, bare, slopes), goal(trace, bare, slopes[0]),
                     readouts={"start": f"({start[0]:g}, {start[1]:g})".replace("-", "−")})  # fmt: skip

    return Explorer("Newton among hills and valleys", controls, draw)


def kind_of(x):
    """Which kind of ground a point lies on, by the signs of the two curvatures: an index of `KINDS`, (...)."""
    x = np.where(np.isfinite(x), x, 0.0)
    return (np.linalg.eigvalsh(F.hess(x)) < 0).sum(axis=-1)


def goal(trace, bare, slope):
    """What is asked for: a start from which the bare method goes astray, and a damping that mends it quickly."""
    astray = kind_of(bare.x[-1]) > 0 and np.linalg.norm(F.grad(bare.x[-1])) < 1e-3
    there = first(slope < GOAL_SLOPE)
    home = there is not None and there <= GOAL_STEPS and kind_of(trace.x[-1]) == 0
    text = (f"a start from which λ = 0 ends on a saddle or hilltop, and a λ that brings it to a minimum, ‖g‖ < 10⁻³, "
            f"in at most {GOAL_STEPS} steps")  # fmt: skip
    return Goal(text, astray and home)


@lru_cache(maxsize=16)
def ground(damping, n=81, steps=60):
    """Background: level lines, and in which places the method ends on a saddle (light) or on a hilltop (dark)."""
    x, y, points = mesh(np.array(LOW) + 1e-3, np.array(HIGH) - 2e-3, n)
    state = PointState(points)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            state = newton(state, F, None, damping=float(damping))
    field = Image(kind_of(state.x).astype(float), (LOW[0], HIGH[0]), (LOW[1], HIGH[1]), "hills", low=0.0, high=2.0)
    return field, hills(F, LOW, HIGH, lines=13)[1], Points(F.card.minima, "ink", 5, "cross")


def landscape(damping, x, plain):
    """The paths on the landscape."""
    near = [path[np.abs(path).max(axis=-1) < 1e3] for path in (plain, x)]
    marks = (Path(near[0], GD_COLOR, 1.6, (5, 3), dots=2.0), Points(near[0][-1:], GD_COLOR, 4.5),
             Path(near[1], COLOR, 2.0, dots=2.6), Points(near[1][-1:], COLOR, 5))  # fmt: skip
    alt = (f"Himmelblau's function with four minima. From the shaded places Newton with damping {damping:g} ends on a "
           "saddle or a hilltop. The paths of Newton and of gradient descent.")  # fmt: skip
    sides = (Axis(low, high, name) for low, high, name in zip(LOW, HIGH, ("x₁", "x₂"), strict=True))
    title = "Shaded: ends on a saddle or hilltop"
    return Panel(*sides, marks, title, alt, 1.2, equal=True, back=ground(damping))


def race(slope, plain):
    """The slope by the step, of both methods."""
    height = Axis(1e-10, 1e4, log=True)
    series = (("gradient descent", plain, GD_COLOR, (5, 3)), ("Newton", slope, COLOR, ()))
    marks = (*corner(GOAL_STEPS, GOAL_SLOPE, "goal", height.low, "left"), *lines(series, height))
    alt = f"The slope of both methods over {STEPS} steps, logarithmic; Newton's last is {slope[-1]:.1g}."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Slope ‖g‖", alt)


def words(damping, start, trace, bare, slopes):
    """The finding in a sentence or two."""
    there = first(slopes[0] < GOAL_SLOPE)
    place = KINDS[kind_of(trace.x[-1])]
    end = f"is at a {place} after {there} steps" if there is not None else f"has not arrived after {STEPS} steps"
    other = "" if damping == 0 else f" Without damping it ends at a {KINDS[kind_of(bare.x[-1])]}."
    slow = first(slopes[1] < GOAL_SLOPE)
    late = f"needs {slow} steps" if slow is not None else f"is not there after {STEPS}"
    return f"With λ = {damping:g} Newton {end}.{other} Gradient descent {late}."
