"""Lesson 06: the squares that Adagrad and RMSProp keep, drawn as squares, while the minimum moves away."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import SquaresState, adagrad, rmsprop
from course_lib.plots import COLORS
from course_lib.problems import Quadratic
from course_lib.run import Trace
from course_lib.widgets.explorer import Explorer, Player, Slider, Toggle
from course_lib.widgets.fields import columns, hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text

CURVATURES = np.array([1.0, 16.0])
BEFORE, AFTER = np.array([-3.0, -1.5]), np.array([2.5, 1.5])  # where the minimum lies, before the move and after it
LOW, HIGH, START = (-4.5, -3.2), (4.5, 3.2), (0.5, 2.7)
MOVE, FRAMES, GOAL_STEPS, GOAL_AWAY = 80, 160, 40, 0.1
EPS = 1e-8
RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(0.01, 2, 40))
RHOS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
NAMES = ("x₁, gentle", "x₂, steep")


class Bare(Axis):
    """An axis without ticks: where a square stands means nothing."""

    def ticks(self):
        return (), ()


def accumulators(step=None):
    """The explorer of accumulated squares, one a coordinate, on a bowl whose minimum moves after 80 steps.

    Args:
        step: ``step(state, f, rng, lr, rho, eps) -> state``, RMSProp as a learner wrote it; by default the library's.
    """
    controls = (
        Toggle("forget", "forget: RMSProp in place of Adagrad", True),
        Slider("lr", "learning rate α", RATES, start=0.3),
        Slider("rho", "memory ρ (RMSProp)", RHOS, start=0.7),
        Player("t", "step", last=FRAMES, start=MOVE + 8, rate=15),
    )

    def draw(forget, lr, rho, t):
        trace = shoot(step, forget, lr, rho)
        away = np.linalg.norm(trace.x[MOVE:] - AFTER, axis=-1)
        there = settled(away)
        home = np.linalg.norm(trace.x[MOVE] - BEFORE) <= GOAL_AWAY
        text = (f"forget: be within {GOAL_AWAY:g} of the minimum when it moves, and again at most {GOAL_STEPS} steps "
                "later, for good")  # fmt: skip
        goal = Goal(text, forget and home and there is not None and there <= GOAL_STEPS)
        rates = lr / (np.sqrt(squares(trace)) + EPS)
        panels = (ground(trace, forget, t), boxes(trace, rates, forget, t), curves(rates, forget, t))
        return Scene(panels, words(forget, lr, rho, there, rates), goal)

    return Explorer("The squares that a coordinate keeps", controls, draw)


def shoot(step, forget, lr, rho):
    """The film: some steps toward the first minimum, then the same state goes on toward the second."""
    knobs = {"lr": lr, "rho": rho, "eps": EPS} if forget else {"lr": lr, "eps": EPS}
    ways = (step, rmsprop) if forget else (None, adagrad)
    first = film(*ways, SquaresState(np.array(START)), basin(0), steps=MOVE, **knobs)
    second = film(*ways, first.states[-1], basin(1), steps=FRAMES - MOVE, **knobs)
    parts = zip(first[1:], second[1:], strict=True)
    return Trace((*first.states, *second.states[1:]), *(np.concatenate([a, b[1:]]) for a, b in parts))


@lru_cache(maxsize=2)
def basin(moved):
    """The bowl around the first minimum, or around the second."""
    return Quadratic(np.diag(CURVATURES), CURVATURES * (AFTER if moved else BEFORE))


def squares(trace):
    """The account of each coordinate at each step, (T, 2)."""
    return np.array([np.broadcast_to(state.s, (2,)) for state in trace.states])


def settled(away):
    """The first step from which on the distance stays within the goal's, or None."""
    outside = np.flatnonzero(~(away <= GOAL_AWAY))
    last = int(outside[-1]) + 1 if len(outside) else 0
    return last if last < len(away) else None


def color(forget):
    return COLORS["rmsprop" if forget else "adagrad"]


def shown(forget):
    return "RMSProp" if forget else "Adagrad"


@lru_cache(maxsize=2)
def hills_of(moved):
    f = basin(moved)
    return hills(f, LOW, HIGH, lines=9, floor=float(f(f.minima[0])))


def ground(trace, forget, t):
    """The bowl as it is at step t, and the path up to there."""
    moved = t > MOVE
    way, at = trace.x[: t + 1], AFTER if moved else BEFORE
    marks = (Points(at[None], "ink", 5, "cross"), Path(way, color(forget), 1.8, dots=2.2),
             Points(way[-1:], color(forget), 5))  # fmt: skip
    alt = f"Level lines of a bowl with its minimum at ({at[0]:g}, {at[1]:g}) and the path of {shown(forget)}."
    title = "After the move" if moved else "Before the move"
    sides = (Axis(a, b, name) for a, b, name in zip(LOW, HIGH, ("x₁", "x₂"), strict=True))
    return Panel(*sides, marks, title, alt.replace("-", "−"), 1.15, equal=True, back=hills_of(moved))


def boxes(trace, rates, forget, t):
    """One square a coordinate: its side is the root of the account, as a share of its own largest in this film."""
    s = squares(trace)
    sides = np.sqrt(s[t] / np.maximum(s.max(axis=0), 1e-300))
    marks = [mark for i in range(2) for mark in box(i, sides[i], rates[t, i], forget)]
    alt = f"Two squares with sides {sides[0]:.2f} and {sides[1]:.2f}: the roots of the accounts at step {t}."
    axes = Bare(-0.1, 2.4), Axis(-0.45, 1.1, "√s, as a share of its largest")
    return Panel(*axes, tuple(marks), "The accounts s", alt, 1.0, equal=True)


def box(i, side, rate, forget):
    """The square of one coordinate, with its rate below."""
    left = 1.2 * i
    corners = left + np.array([0, side, side, 0]), np.array([0, 0, side, side])
    said = f"rate {rate:.2g}" if rate < 1e4 else "rate: none yet"
    yield Region(columns(*corners), color(forget), 0.75)
    yield Path(columns(left + np.array([0, 1, 1, 0, 0]), [0, 0, 1, 1, 0]), "muted", 0.8, (2, 3))
    yield Text(left, 0, NAMES[i], "ink", "left", dy=-12, bold=True)
    yield Text(left, 0, said, "ink", "left", dy=-28)


def curves(rates, forget, t):
    """The effective rate of each coordinate by the step."""
    steps, height = np.arange(1, FRAMES + 1), Axis(1e-4, 10, log=True)
    moves = Text(MOVE, height.low, "the minimum moves", "muted", "right", -5, 9)
    marks = [Rule(float(MOVE), "x"), moves, Rule(float(t), "x", "ink", dash=())]
    for i, dash in enumerate(((), (5, 3))):
        y = rates[1:, i]
        marks += [Path(columns(steps, y), color(forget), 2.0, dash), name_of(i, y[40:MOVE], color(forget))]
    alt = f"The effective rates over {FRAMES} steps; at the end {rates[-1, 0]:.2g} and {rates[-1, 1]:.2g}."
    return Panel(Axis(0, FRAMES, "steps"), height, tuple(marks), "Effective rates α/(√s + ε)", alt)


def name_of(i, stretch, hue):
    """The name of a curve: the gentle one's above a stretch of it, the steep one's below."""
    level, dy = ((np.max, 11), (np.min, -12))[i]
    return Text(60, float(np.clip(level(stretch), 1e-3, 5)), NAMES[i], hue, "center", dy=dy, bold=True)


def words(forget, lr, rho, there, rates):
    """The finding in two sentences."""
    name = f"RMSProp with α = {lr:g}, ρ = {rho:g}" if forget else f"Adagrad with α = {lr:g}"
    late = f"is not at rest within {GOAL_AWAY:g} of the new minimum {FRAMES - MOVE} steps after the move"
    soon = f"is within {GOAL_AWAY:g} of the new minimum, for good, {there} steps after the move"
    end = late if there is None else soon
    return f"{name} {end}. At the end the rates are {rates[-1, 0]:.2g} (gentle) and {rates[-1, 1]:.2g} (steep)."
