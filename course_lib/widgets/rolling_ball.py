"""Lesson 05: momentum as a ball that rolls with friction over a line with several wells."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import VelocityState, momentum
from course_lib.plots import COLORS
from course_lib.problems import Wells
from course_lib.widgets.explorer import Explorer, Player, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text

COLOR = COLORS["momentum"]
BETAS = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.99)
STARTS = tuple(np.round(np.arange(-8.0, 8.01, 0.25), 2).tolist())
RATE, FRAMES, GOAL_AWAY = 0.01, 240, 4.0


def rolling_ball(step=None):
    """The explorer of momentum as a ball with friction on a line with several wells.

    Args:
        step: ``step(state, f, rng, lr, beta) -> state``, e.g. a learner's own; by default the library's.
    """
    controls = (
        Slider("beta", "momentum β = 1 − friction", BETAS, start=0.5, form="{:.2f}"),
        Slider("start", "start", STARTS, start=-5.25, form="{:.2f}"),
        Player("t", "step", last=FRAMES, start=FRAMES, rate=30),
    )

    def draw(beta, start, t):
        f = Wells(1)
        trace = film(step, momentum, VelocityState(np.array([start])), f, steps=FRAMES, lr=RATE, beta=beta)
        panels = (wells(trace, t), heights(trace, t))
        return Scene(panels, words(trace, beta, start, t), goal(trace, f.card.minima[0, 0]))

    return Explorer("A ball with friction", controls, draw)


def goal(trace, best):
    """What is asked for: out of the well it starts in, and into the deepest."""
    far = abs(trace.x[0, 0] - best) >= GOAL_AWAY
    home = at_rest(trace) and abs(trace.x[-1, 0] - best) < 0.05
    text = f"at rest in the deepest well after {FRAMES} steps, from a start at least {GOAL_AWAY:g} away"
    return Goal(text, far and home)


@lru_cache(maxsize=1)
def ground():
    """The landscape: its line, what lies below it, and its deepest point."""
    f = Wells(1)
    x = np.linspace(-9, 9, 361)
    line = columns(x, f(x[:, None]))
    below = np.concatenate([line, [[9, -10], [-9, -10]]])
    best = columns(f.card.minima[0], [f.card.value])
    return Region(below, "faint", 0.6), Path(line, "muted", 1.5), Text(*best[0], "deepest", "muted", "center", dy=-13)


def wells(trace, t):
    """The ball where it is, and where it has been."""
    way = columns(trace.x[: t + 1, 0], trace.loss[: t + 1])
    marks = (Path(way, COLOR, 1.2, dots=2.2, opacity=0.5), Points(way[-1:], COLOR, 8))
    alt = f"A line with several wells; the ball is at {way[-1, 0]:.2f}, height {way[-1, 1]:.2f}."
    return Panel(Axis(-9, 9, "x"), Axis(-3, 7, "height f"), marks, "The ball on its way", alt, 1.3, back=ground())


def heights(trace, t):
    """Height by the step; the rule is now."""
    curve = columns(np.arange(len(trace.loss)), trace.loss)
    past = Path(curve[: t + 1], COLOR, 2.0)
    marks = (Path(curve, COLOR, 1.2, opacity=0.45), past, Rule(float(t), "x"), Points(curve[t : t + 1], COLOR, 5))
    alt = f"The height of the ball over {FRAMES} steps; now, at step {t}, it is {trace.loss[t]:.2f}."
    return Panel(Axis(0, FRAMES + 5, "steps"), Axis(-3, 7), marks, "Height, step by step", alt)


def at_rest(trace):
    """Whether the ball hardly moves at the end."""
    return bool(abs(trace.x[-1, 0] - trace.x[-2, 0]) < 0.005)


def words(trace, beta, start, t):
    """The finding in one sentence."""
    end = f"comes to rest at {trace.x[-1, 0]:.2f}" if at_rest(trace) else f"is still moving after {FRAMES} steps"
    text = f"From {start:g} with β = {beta:.2f} the ball {end}; at step {t} its height is {trace.loss[t]:.2f}."
    return text.replace("-", "−")
