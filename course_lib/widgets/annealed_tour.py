"""Lesson 09: a tour through 52 places in Berlin that anneals."""

from functools import lru_cache

import numpy as np

from course_lib.annealing import anneal_tour, geometric
from course_lib.plots import COLORS
from course_lib.problems.tours import berlin52
from course_lib.widgets.explorer import Explorer, Player, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene, Text

COLOR = COLORS["annealing"]
TEMPS = (0.1, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
STEPS, FRAMES, GOAL_ABOVE = 60_000, 120, 1.02


def annealed_tour():
    """The explorer of annealing on berlin52: first and last temperature, another seed, and the film."""
    controls = (
        Slider("first", "first temperature", TEMPS, start=0.1),
        Slider("last", "last temperature", TEMPS, start=0.1),
        Slider("seed", "seed", tuple(range(10)), start=0),
        Player("t", "frame", last=FRAMES, start=FRAMES, rate=15),
    )

    def draw(first, last, seed, t):
        film = filmed(first, last, seed)
        best = film.lengths.min() / berlin52().optimum
        goal = Goal(f"a tour at most {GOAL_ABOVE - 1:.0%} longer than the shortest one", best <= GOAL_ABOVE)
        text = (f"T from {first:g} to {last:g}, seed {seed}: in this frame T is {film.temps[t]:.3g} and the tour "
                f"{film.lengths[t]:.0f} long; the best of the film is {best - 1:.1%} above the shortest.")  # fmt: skip
        return Scene((chart(film, t), course(film, t)), text, goal)

    return Explorer("A tour that anneals", controls, draw)


@lru_cache(maxsize=64)
def filmed(first, last, seed):
    """The film of one search."""
    temps = geometric(first, last, STEPS)
    return anneal_tour(berlin52().D, temps, np.random.default_rng(seed), frames=FRAMES)


def chart(film, t):
    """The tour on the map."""
    xy = berlin52().xy
    ring = xy[[*film.tours[t], film.tours[t][0]]]
    alt = f"52 places in Berlin and a closed tour through them, {film.lengths[t]:.0f} long."
    sides = Axis(-60, 1800), Axis(-60, 1240)
    return Panel(*sides, (Path(ring, COLOR, 1.6), Points(xy, "ink", 3.0)), f"Frame {t}", alt, 1.2, equal=True)


def course(film, t):
    """Its length by the step."""
    steps = np.linspace(0, STEPS, FRAMES + 1)
    curve = columns(steps, film.lengths / berlin52().optimum)
    marks = (Rule(GOAL_ABOVE), Text(0, GOAL_ABOVE, "goal", "muted", "left", 5, -10), Rule(float(steps[t]), "x"),
             Path(curve, COLOR, 1.2, opacity=0.45), Path(curve[: t + 1], COLOR, 2.0),
             Points(curve[t : t + 1], COLOR, 5))  # fmt: skip
    alt = f"The length over {STEPS} steps, in lengths of the shortest: from {curve[0, 1]:.2f} to {curve[-1, 1]:.2f}."
    return Panel(Axis(0, STEPS, "steps"), Axis(0.9, 2.5), marks, "Length of the tour / shortest", alt)
