"""Lesson 11: one budget, split between looking around and walking down, and among the walkers."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import StyblinskiTang
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene

BUDGET, RUNS, RATE, DIM, ENOUGH = 240, 200, 0.015, 4, 0.75
SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
WALKERS = (1, 2, 3, 4, 6, 8, 12, 16, 24)


def splitter():
    """The explorer of a budget: a share of it looks at random places, the rest walks down from the best of them."""
    controls = (
        Slider("share", "share for looking around", SHARES, start=0.05, form="{:.0%}"),
        Slider("walkers", "how many walk", WALKERS, start=1),
    )

    def draw(share, walkers):
        ends = outcome(share, walkers)
        solved = float((ends < 1.0).mean())
        goal = Goal(f"the deepest of the 16 wells in at least {ENOUGH:.0%} of {RUNS} runs", solved >= ENOUGH)
        return Scene((rates(share, walkers), heights(ends)), words(share, walkers, solved), goal)

    return Explorer("One budget, two uses", controls, draw)


def plan(share, walkers):
    """How many places are looked at, and how many steps each of the walkers takes."""
    looks = max(round(share * BUDGET), walkers)
    return looks, (BUDGET - looks) // walkers


@lru_cache(maxsize=256)
def outcome(share, walkers):
    """How far above the deepest place each run ends, (runs,)."""
    f, rng = StyblinskiTang(DIM), np.random.default_rng(11)
    looks, steps = plan(share, walkers)
    places = rng.uniform(*f.bounds, size=(RUNS, looks, DIM))
    best = np.argsort(f(places), axis=1)[:, :walkers, None]
    x = np.take_along_axis(places, best, axis=1)
    x = run(gradient_descent, PointState(x), f, steps=steps, lr=RATE, every=max(steps, 1)).x[-1]
    return f(x).min(axis=1) - f.card.value


def rates(share, walkers):
    """The share of runs that find the deepest place, over the share for looking, for this number of walkers."""
    curve = [float((outcome(each, walkers) < 1.0).mean()) for each in SHARES]
    now = curve[SHARES.index(share)]
    marks = (Path(columns(SHARES, curve), "ink", 2.0, dots=2.5), Rule(ENOUGH, "y", label="goal"),
             Points(np.array([[share, now]]), "ink", 6))  # fmt: skip
    alt = f"Success over the share for looking around with {walkers} walkers; here {now:.0%}."
    sides = Axis(0, 1.03, "share for looking around"), Axis(0, 1.03)
    return Panel(*sides, marks, "Runs that find the deepest place", alt)


def heights(ends):
    """All runs, sorted by where they end."""
    line = columns(np.arange(1, RUNS + 1), np.sort(ends))
    alt = f"The {RUNS} runs, sorted by how far above the deepest place they end; the median is {np.median(ends):.1f}."
    marks = (Path(line, "ink", 2.0),)
    return Panel(Axis(0, RUNS, "runs, the best first"), Axis(-2, 80), marks, "How far above it they end", alt)


def words(share, walkers, solved):
    """The finding in one sentence."""
    looks, steps = plan(share, walkers)
    ways = f"{walkers} walks of {steps} steps" if walkers > 1 else f"one walk of {steps} steps"
    return f"{looks} places looked at, then {ways}: {solved:.0%} of the runs end in the deepest well."
