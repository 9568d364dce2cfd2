"""Lesson 09: design a cooling schedule for twelve cities whose shortest tour is known."""

from functools import lru_cache

import numpy as np

from course_lib.annealing import anneal_tour, geometric, linear
from course_lib.plots import COLORS
from course_lib.problems.tours import random_cities
from course_lib.widgets.explorer import Explorer, Slider, Toggle
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene

COLOR = COLORS["annealing"]
TEMPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
STEPS = (100, 250, 500, 1000, 2000, 3000)
RUNS, FRAMES, NEAR, GOAL_SHARE = 50, 25, 5, 0.9


def cooling():
    """The explorer of cooling schedules: fifty runs on one map, and how many of them find the shortest tour."""
    controls = (
        Slider("first", "first temperature", TEMPS, start=1.0),
        Slider("last", "last temperature", TEMPS, start=0.5),
        Slider("steps", "steps", STEPS, start=1000),
        Toggle("straight", "linear, not geometric"),
    )

    def draw(first, last, steps, straight):
        accepted, lengths, tour = runs(first, last, steps, straight)
        share = float((lengths < cities().optimum + 1e-9).mean())
        temps = (linear if straight else geometric)(first, last, FRAMES + 1)
        goal = Goal(f"the shortest tour in at least {GOAL_SHARE:.0%} of {RUNS} runs", share >= GOAL_SHARE)
        panels = (schedule(temps, accepted, steps), ends(lengths), chart(tour, lengths.min()))
        return Scene(panels, words(first, last, steps, straight, share, accepted), goal)

    return Explorer("Design a cooling schedule", controls, draw)


@lru_cache(maxsize=1)
def cities():
    """The map: twelve cities, the shortest tour by dynamic programming."""
    return random_cities(12, np.random.default_rng(0))


@lru_cache(maxsize=64)
def runs(first, last, steps, straight):
    """Share accepted by the frame (FRAMES,), the best length of each run (RUNS,), and the best tour of all."""
    temps = (linear if straight else geometric)(first, last, steps)
    seeds = map(np.random.default_rng, range(RUNS))
    films = [anneal_tour(cities().D, temps, rng, near=NEAR, frames=FRAMES) for rng in seeds]
    lengths = np.array([film.lengths.min() for film in films])
    return np.mean([film.accepted for film in films], axis=0), lengths, films[int(lengths.argmin())].best


def schedule(temps, accepted, steps):
    """The temperature and the share of accepted moves by the step."""
    at = np.linspace(0, steps, FRAMES + 1)
    marks = (Path(columns(at, temps), COLOR, 2.0), Path(columns((at[1:] + at[:-1]) / 2, accepted), "ink", 1.6, (5, 3)))
    alt = (f"Temperature from {temps[0]:g} to {temps[-1]:g}; the share of accepted moves goes from {accepted[0]:.0%} "
           f"to {accepted[-1]:.0%}.")  # fmt: skip
    height = Axis(0.0008, 1.3, log=True)
    return Panel(Axis(0, steps, "steps"), height, marks, "Temperature; accepted (dashed)", alt, 1.1)


def ends(lengths):
    """The best length of each run, in rising order."""
    above = np.sort(lengths) / cities().optimum
    marks = Points(columns(np.arange(1, RUNS + 1), above), COLOR, 3.0), Rule(GOAL_SHARE * RUNS + 0.5, "x", label="goal")
    alt = f"The best lengths of {RUNS} runs over the optimum, sorted; the last is {above[-1]:.3f}."
    return Panel(Axis(0, RUNS + 1, "runs, sorted"), Axis(0.98, 1.3), marks, "Best length / shortest", alt)


def chart(tour, length):
    """The best tour on the map."""
    ring = cities().xy[[*tour, tour[0]]]
    marks = Path(ring, COLOR, 1.8), Points(cities().xy, "ink", 4.0)
    alt = f"Twelve cities and the best tour found, {length:.3f} long; the shortest is {cities().optimum:.3f}."
    side = Axis(-0.03, 1.03)
    return Panel(side, side, marks, "The best of all runs", alt, 0.8, equal=True)


def words(first, last, steps, straight, share, accepted):
    """The finding in two sentences."""
    kind = "in equal steps" if straight else "by equal factors"
    text = f"From {first:g} to {last:g} {kind} in {steps} steps: {share:.0%} of {RUNS} runs find the shortest tour."
    return f"{text} Accepted at first {accepted[0]:.0%}, at last {accepted[-1]:.0%}."


