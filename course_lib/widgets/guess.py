"""Lesson 00: find the lowest place of a hidden curve with twelve questions."""

from functools import lru_cache

import numpy as np

from course_lib.plots import COLORS
from course_lib.widgets.explorer import Explorer, Slider, Toggle
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Scene

COLOR = COLORS["random_search"]
BUDGET, CLOSE, CURVES, ENOUGH = 12, 0.05, 5, 4
X = np.linspace(-5, 5, 2001)


def guess():
    """The explorer of a hidden curve: some questions look around, the others look closely at the best place."""
    controls = (
        Slider("around", "questions to look around with", tuple(range(1, BUDGET)), start=3),
        Slider("reach", "how far to look around the best", (0.1, 0.2, 0.4, 0.8, 1.6, 3.2), start=3.2, form="{:.1f}"),
        Slider("curve", "curve", tuple(range(1, CURVES + 1)), start=1),
        Toggle("shown", "show the curve"),
    )

    def draw(around, reach, curve, shown):
        found = [answer(each, around, reach) for each in range(1, CURVES + 1)]
        solved = sum(short <= CLOSE for _, short in found)
        asked = f"one setting that comes within {CLOSE:g} of the lowest height on at least {ENOUGH} of {CURVES} curves"
        goal = Goal(asked, solved >= ENOUGH)
        picture = panel(curve, *questions(curve, around, reach), shown)
        return Scene((picture,), words(around, *found[curve - 1], solved), goal)

    return Explorer("A hidden curve", controls, draw)


@lru_cache(maxsize=CURVES)
def shape(curve):
    """Weights, speeds and shifts of the waves that a curve is made of."""
    rng = np.random.default_rng([curve, 2026])
    return rng.uniform(0.4, 1.2, 4), np.array([0.6, 1.1, 1.9, 2.7]), rng.uniform(0, 2 * np.pi, 4)


def hidden(curve, x):
    """The height of a curve at x."""
    weights, speeds, shifts = shape(curve)
    return (weights * np.sin(speeds * np.asarray(x)[..., None] + shifts)).sum(axis=-1)


def questions(curve, around, reach):
    """Where it is asked: evenly over the whole, and then evenly about the best of these."""
    first = np.linspace(-5, 5, around + 2)[1:-1]
    best = first[np.argmin(hidden(curve, first))]
    second = np.linspace(best - reach, best + reach, BUDGET - around + 2)[1:-1]
    return first, np.clip(second, -5, 5)


def answer(curve, around, reach):
    """The best place found, and how far above the lowest height of the curve it is."""
    asked = np.concatenate(questions(curve, around, reach))
    best = asked[np.argmin(hidden(curve, asked))]
    return float(best), float(hidden(curve, best) - hidden(curve, X).min())


def panel(curve, first, second, shown):
    """The heights that were asked for, and the curve if it is to be seen."""
    line = (Path(columns(X, hidden(curve, X)), "muted", 1.2),) if shown else ()
    marks = (*line, Points(columns(first, hidden(curve, first)), COLOR, 6, "ring"),
             Points(columns(second, hidden(curve, second)), "ink", 4))  # fmt: skip
    alt = f"Heights at {len(first)} places over the whole line (rings) and {len(second)} about the best of them (dots)."
    return Panel(Axis(-5, 5, "x"), Axis(-4, 4, "height f"), marks, "Rings look around, dots look closely", alt, 1.8)


def words(around, best, short, solved):
    """The finding in one sentence."""
    spent = f"{around} questions around, {BUDGET - around} close by"
    found = f"the best place found is {best:.2f}, {short:.2f} above the lowest height"
    return f"{spent}: {found}. This setting solves {solved} of the {CURVES} curves.".replace("-", "−")
