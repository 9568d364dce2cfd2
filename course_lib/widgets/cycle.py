"""Lesson 07: the cycle of slopes on which Adam walks to the worst point (Reddi, Kale and Kumar, 2018)."""

import numpy as np

from course_lib.optimizers import AdamState, AmsgradState, adam, amsgrad
from course_lib.plots import COLORS
from course_lib.problems import Cycle
from course_lib.widgets.explorer import Explorer, Slider, Toggle
from course_lib.widgets.fields import columns
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text

METHODS = {"Adam": (COLORS["adam"], ()), "AMSGrad": (COLORS["amsgrad"], (6, 3))}
LARGE = (2.2, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
BETA1, BETA2 = (0.0, 0.3, 0.5, 0.7, 0.9), (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999)
STEPS, RATE = 900, 0.2


def cycle(step=None, mended=None):
    """The explorer of the cycle C, -1, -1 on the interval from -1 to 1: does Adam find the lower end?

    Args:
        step: Adam, ``step(state, f, rng, lr, beta1, beta2) -> state``, e.g. a learner's own.
        mended: AMSGrad in the same form. By default both are the library's.
    """
    controls = (
        Slider("C", "the large slope C", LARGE, start=3.0),
        Slider("beta1", "memory of the slopes β₁", BETA1, start=0.9),
        Slider("beta2", "memory of the squares β₂", BETA2, start=0.999),
        Toggle("amsgrad", "keep the largest v (AMSGrad)"),
    )

    def draw(C, beta1, beta2, amsgrad):
        knobs = {"beta1": beta1, "beta2": beta2}
        runs = {name: walk(name, step, mended, C, knobs) for name in list(METHODS)[: 1 + amsgrad]}
        ends = {name: trace.x[-1, 0] for name, trace in runs.items()}
        goal = Goal("make Adam end near +1, the worst point; then let AMSGrad end near −1",
                    amsgrad and ends["Adam"] > 0.9 and ends["AMSGrad"] < -0.9)  # fmt: skip
        return Scene((ways(runs), pulls(runs, C, knobs, step, mended)), words(C, beta1, beta2, ends), goal)

    return Explorer("Slopes in a cycle", controls, draw)


def fed(step):
    """The step, fed with one slope of the cycle after the other and kept in the interval."""

    def turn(state, f, rng, **knobs):
        state = step(state, f.sample([int(state.t) % f.n]), rng, **knobs)
        return state._replace(x=np.clip(state.x, *f.bounds))

    return turn


def walk(name, step, mended, C, knobs):
    """The trace of a method, at the rate 0.2 over the root of the step."""
    theirs, ours, State = (step, adam, AdamState) if name == "Adam" else (mended, amsgrad, AmsgradState)
    return film(theirs and fed(theirs), fed(ours), State(np.zeros(1)), Cycle(C), steps=STEPS,
                lr=lambda t: RATE / np.sqrt(t + 1), **knobs)  # fmt: skip


def ways(runs):
    """Where x is, by the step."""
    ends = (("worst", 1, 11), ("best", -1, -12))
    marks = [mark for name, x, dy in ends for mark in (Rule(x), Text(0, x, name, "muted", "left", 8, dy))]
    for name, trace in runs.items():
        color, dash = METHODS[name]
        x = trace.x[:, 0]
        way = columns(np.arange(STEPS + 1), x)
        marks += [Path(way, color, 2.0, dash), Points(way[-1:], color, 5)]
        marks += [Text(STEPS, x[-1], name, color, "right", -9, -13 if x[-1] > 0 else 13, bold=True)]
    alt = "; ".join(f"{name} ends at {trace.x[-1, 0]:.2f}" for name, trace in runs.items())
    sides = Axis(0, STEPS * 1.02, "steps"), Axis(-1.35, 1.35, "x")
    return Panel(*sides, tuple(marks), "Where they walk", f"The point by the step: {alt}.", 1.2)


def pulls(runs, C, knobs, step, mended):
    """The three moves of a cycle late in the run, in rates: upward is wrong."""
    marks, found = [Rule(0.0)], []
    for name, trace in runs.items():
        theirs, ours = (step, adam) if name == "Adam" else (mended, amsgrad)
        moves = [one_move(theirs, ours, state, Cycle(C), knobs) for state in trace.states[-4:-1]]
        found.append(f"{name} {', '.join(f'{move:.2f}' for move in moves)}, together {sum(moves):.2f}")
        shift = -0.4 if name == "Adam" else 0.04
        bars = [bar(i + shift, move) for i, move in enumerate([*moves, sum(moves)], start=1)]
        marks += [Region(points, METHODS[name][0], 0.75) for points in bars]
    names = (f"slope {C:g}", "slope −1", "slope −1", "sum")
    marks += [Text(i, -2.35, name, "ink", "center", size=11) for i, name in enumerate(names, start=1)]
    alt = "The moves of one cycle, in rates: " + "; ".join(found) + "."
    sides = Axis(0.4, 4.6, "step of the cycle (4: all three)"), Axis(-2.6, 2.6, "move, in rates")
    title = "Adam left, AMSGrad right: up is wrong" if len(runs) > 1 else "One cycle: up is wrong"
    return Panel(*sides, tuple(marks), title, alt)


def one_move(theirs, ours, state, f, knobs):
    """How far the method would move from a state at the rate 1, were there no ends of the interval."""
    f = f.sample([int(state.t) % f.n])
    return float((film(theirs, ours, state, f, steps=1, lr=1.0, **knobs).x[-1] - state.x)[0])


def bar(left, height, width=0.36):
    return np.array([[left, 0], [left + width, 0], [left + width, height], [left, height]], dtype=float)


def words(C, beta1, beta2, ends):
    """The finding in one sentence."""
    places = " and ".join(f"{name} ends at {end:.2f}" for name, end in ends.items())
    text = f"C = {C:g}, β₁ = {beta1:g}, β₂ = {beta2:g}: {places}; the best point is -1, the worst +1."
    return text.replace("-", "−")
