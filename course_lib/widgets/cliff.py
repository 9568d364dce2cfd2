"""Lesson 10: the cliff in the loss of a recurrence, with and without clipping."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState
from course_lib.plots import COLORS
from course_lib.problems import leaky_sum
from course_lib.run import first
from course_lib.stability import clipped_descent
from course_lib.widgets.explorer import Explorer, Point, Slider
from course_lib.widgets.fields import hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Scene, Text
from course_lib.widgets.series import corner, lines

COLOR, BARE = COLORS["gradient_descent"], "ink"
LOW, HIGH = (0.5, -0.4), (1.35, 1.2)
RATES = (0.0003, 0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1)
THRESHOLDS = (np.inf, 1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03)
STEPS, GOAL_STEPS, GOAL_LOSS, GOAL_HEIGHT = 120, 80, 1e-3, 1e4
FAR = 1e29  # in place of infinite: a front end draws the way there


@lru_cache(maxsize=1)
def loss():
    """The loss of a recurrence of 30 steps, fitted to 24 sequences that were made with a = 0.9 and b = 0.5."""
    return leaky_sum(np.random.default_rng(10), n=24)


def written(most):
    return "off" if most == np.inf else f"{most:g}"


def cliff(step=None):
    """The explorer of clipping: rate, threshold and start on the loss of a recurrence.

    Args:
        step: ``step(state, f, rng, lr, most) -> state``, e.g. with a learner's own clipping; by default the library's.
    """
    controls = (
        Slider("most", "longest gradient allowed", THRESHOLDS, start=np.inf, words=tuple(map(written, THRESHOLDS))),
        Slider("lr", "learning rate α", RATES, start=0.02),
        Point("start", "start", (1.25, 0.6), LOW, HIGH, (0.05, 0.05)),
    )

    def draw(most, lr, start):
        state, f = PointState(np.array(start)), loss()
        trace = film(step, clipped_descent, state, f, steps=STEPS, lr=lr, most=most)
        bare = film(None, clipped_descent, state, f, steps=STEPS, lr=lr, most=np.inf)
        readouts = {"start": f"({start[0]:g}, {start[1]:g})".replace("-", "−")}
        panels = (landscape(trace.x, bare.x, written(most)), race(trace.loss, bare.loss, most))
        return Scene(panels, words(trace, bare, most, lr), goal(trace), readouts=readouts)

    return Explorer("A cliff, with and without clipping", controls, draw)


def goal(trace):
    """What is asked for: down the cliff and to the bottom."""
    there = first(trace.loss < GOAL_LOSS)
    text = f"loss below 10⁻³ in at most {GOAL_STEPS} steps, from a start where it is above 10⁴"
    return Goal(text, trace.loss[0] > GOAL_HEIGHT and there is not None and there <= GOAL_STEPS)


@lru_cache(maxsize=1)
def ground():
    """Background: the logarithm of the loss, and its minimum."""
    marks = hills(lambda x: np.log10(1 + 1e3 * loss()(x)), LOW, HIGH, lines=12)
    return *marks, Points(np.array([[0.9, 0.5]]), "ink", 5, "cross")


def inside(x):
    """A path as far as it stays near the picture; of the step that leaves it, the direction."""
    gone = first(~(np.abs(x).max(axis=-1) < 10))
    if gone is None or not gone:
        return x
    way = x[gone] - x[gone - 1]
    return np.concatenate([x[:gone], x[gone - 1 : gone] + 9 * way / np.abs(way).max()])


def landscape(x, bare, limit):
    """Both paths on the cliff."""
    clipped, free = inside(x), inside(bare)
    marks = Path(free, BARE, 1.6, (4, 3), dots=2.0), Points(clipped[:1], "ink", 5, "ring")
    if limit != "off":
        marks += Path(clipped, COLOR, 1.8, dots=2.4), Points(clipped[-1:], COLOR, 5)
    alt = f"The loss over the weights a and b: a valley, and right of it a cliff. The path with clipping {limit}."
    labels = Text(0.9, 0.5, "minimum", "ink", "center", dy=-16), Text(1.3, 1.12, "cliff", "ink", "right", bold=True)
    return Panel(Axis(LOW[0], HIGH[0], "a: what is kept each step"), Axis(LOW[1], HIGH[1], "b: what is added"),
                 (*marks, *labels), "Paths on the loss", alt, 1.1, back=ground())  # fmt: skip


def race(clipped, bare, most):
    """The loss by the step, with and without clipping."""
    height = Axis(1e-8, 1e10, log=True)
    bare, clipped = (np.nan_to_num(loss, nan=FAR, posinf=FAR).clip(max=FAR) for loss in (bare, clipped))
    series = (("without clipping", bare, BARE, (4, 3)), ("clipped", clipped, COLOR, ()))
    series = series if most < np.inf else series[:1]
    marks = (*corner(GOAL_STEPS, GOAL_LOSS, "goal", height.low, "left"), *lines(series, height))
    alt = f"Loss over {STEPS} steps, logarithmic; at first {clipped[0]:.2g}."
    return Panel(Axis(0, STEPS, "steps"), height, marks, "Loss", alt)


def words(trace, bare, most, lr):
    """The finding in a sentence or two."""
    free = "the run blows up" if not bare.loss[-1] < bare.loss[0] else f"the loss ends at {bare.loss[-1]:.1g}"
    if most == np.inf:
        return f"α = {lr:g} without clipping: {free}."
    there = first(trace.loss < GOAL_LOSS)
    end = f"is below 10⁻³ after {there} steps" if there is not None else f"ends at {trace.loss[-1]:.1g}"
    end = end if trace.loss[-1] < np.inf else "blows up all the same"
    return f"α = {lr:g}, at most {most:g} long: the loss {end}. Without clipping {free}."
