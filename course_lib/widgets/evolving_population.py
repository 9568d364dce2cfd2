"""Lesson 08: a population that evolves on a landscape full of dents, under pressure and mutation."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import METHODS, textbook_genetic
from course_lib.plots import COLORS
from course_lib.problems import Rastrigin
from course_lib.widgets.explorer import Explorer, Player, Slider, Toggle
from course_lib.widgets.fields import columns, hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene

COLOR = COLORS["textbook_genetic"]
PRESSURES = (1, 2, 3, 5, 8, 16)
SCALES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
MEMBERS, SEEDS, BUDGET, NEAR, WANTED = 40, 10, 3000, 1e-2, 8
GENERATIONS = (BUDGET - MEMBERS) // (MEMBERS - 1)
SHRINK = 0.95


def evolving_population(step=None):
    """The explorer of a genetic algorithm on Rastrigin's function: ten runs, one of them to be looked at.

    Args:
        step: ``step(state, f, rng, k, scale, decay) -> state`` on populations with a leading axis of runs; by default
            the library's textbook step.
    """
    controls = (
        Slider("k", "pressure: k in a tournament", PRESSURES, start=8),
        Slider("scale", "mutation σ, share of the box", SCALES, start=0.005),
        Toggle("shrink", f"σ shrinks by {1 - SHRINK:.0%} a generation"),
        Player("t", "generation", last=GENERATIONS, start=12, rate=10),
    )

    def draw(k, scale, shrink, t):
        knobs = {"k": k, "scale": scale, "decay": SHRINK if shrink else 1.0}
        trace = film(step, textbook_genetic, first_generation(), Rastrigin(2), 7, steps=GENERATIONS, **knobs)
        panels = (landscape(trace, t), falling(trace, t), spread(trace, t))
        solved = int((trace.best[-1] <= NEAR).sum())
        goal = Goal(f"within {NEAR:g} of the minimum after {BUDGET} values in at least {WANTED} of {SEEDS} runs",
                    solved >= WANTED)  # fmt: skip
        return Scene(panels, words(trace, t, solved), goal)

    return Explorer("A population that evolves", controls, draw)


@lru_cache(maxsize=1)
def first_generation():
    """The same ten populations at each move of a slider."""
    f, rng = Rastrigin(2), np.random.default_rng(0)
    return METHODS["textbook_genetic"].start(rng.uniform(*f.bounds, size=(SEEDS, 2)), f, rng)


@lru_cache(maxsize=1)
def ground():
    f = Rastrigin(2)
    return *hills(f, *f.bounds, lines=6), Points(f.minima, "ink", 6, "cross")


def landscape(trace, t):
    """The population of the first run, now and one generation ago."""
    f, now, before = Rastrigin(2), trace.x[t, 0], trace.x[max(t - 1, 0), 0]
    marks = (Points(before, "muted", 3, "ring", 0.6), Points(now, COLOR, 4, opacity=0.8))
    alt = f"Level lines of Rastrigin's function and {len(now)} members; their spread is {spreads(trace)[t, 0]:.2g}."
    sides = (Axis(low, high, name) for low, high, name in zip(*f.bounds, ("x₁", "x₂"), strict=True))
    return Panel(*sides, marks, f"Run 1, generation {t}", alt, 1.0, equal=True, back=ground())


def falling(trace, t):
    """The best of each run by generation; the first one stands out."""
    steps, axis = np.arange(len(trace.best)), Axis(1e-5, 1e2, log=True)
    others = (Path(columns(steps, y), "muted", 1.0, opacity=0.6) for y in trace.best[:, 1:].T)
    marks = (*others, Path(columns(steps, trace.best[:, 0]), COLOR, 2.4), Rule(NEAR, "y", label="solved"),
             Rule(float(t), "x", dash=()))  # fmt: skip
    alt = f"The best value of ten runs over {GENERATIONS} generations; run 1 is at {trace.best[t, 0]:.2g} now."
    return Panel(Axis(0, GENERATIONS, "generation"), axis, marks, "The best so far, ten runs", alt)


def spreads(trace):
    """The standard deviation of the members, averaged over the coordinates, ``(T, runs)``."""
    return trace.x.std(axis=-2).mean(axis=-1)


def spread(trace, t):
    """How far apart the members are by generation."""
    steps, all_runs = np.arange(len(trace.x)), spreads(trace)
    others = (Path(columns(steps, y), "muted", 1.0, opacity=0.6) for y in all_runs[:, 1:].T)
    marks = (*others, Path(columns(steps, all_runs[:, 0]), COLOR, 2.4), Rule(float(t), "x", dash=()))
    alt = f"The spread of the population over {GENERATIONS} generations; run 1 is at {all_runs[t, 0]:.2g} now."
    return Panel(Axis(0, GENERATIONS, "generation"), Axis(1e-4, 10, log=True), marks, "How far apart they are", alt)


def words(trace, t, solved):
    """The finding in a sentence or two."""
    best, apart = trace.best[t, 0], spreads(trace)[t, 0]
    count = f"{solved} of {SEEDS} runs are solved after {BUDGET} values."
    return f"{count} In run 1, generation {t}, the best value is {best:.2g} and the members are {apart:.2g} apart."
