"""Lesson 09: a hundred walkers on a line with wells, and the thermometer that rules them."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import AnnealingState, annealing
from course_lib.plots import COLORS
from course_lib.problems import Wells
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Player, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text

COLOR = COLORS["annealing"]
TEMPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)
START, WALKERS, STEPS, FRAMES, SCALE = -7.0, 100, 3000, 100, 0.06
BORDERS, GOAL_SHARE = (0.69, 4.14), 0.65  # the hills to both sides of the deepest well


def thermometer():
    """The explorer of annealing on a line: first and last temperature, and a hundred walkers from one start."""
    controls = (
        Slider("first", "first temperature", TEMPS, start=0.01),
        Slider("last", "last temperature", TEMPS, start=0.01),
        Player("t", "frame", last=FRAMES, start=FRAMES, rate=15),
    )

    def draw(first, last, t):
        x, heights = walk(first, last)
        home = ((x > BORDERS[0]) & (x < BORDERS[1])).mean(axis=1)
        temps = first * (last / first) ** (np.arange(FRAMES + 1) / FRAMES)
        goal = Goal(f"at the end at least {GOAL_SHARE:.0%} of the walkers in the deepest well", home[-1] >= GOAL_SHARE)
        panels = (wells(x[t], heights[t], temps[t]), chart(temps, home, t))
        return Scene(panels, words(first, last, home, t, temps[t]), goal)

    return Explorer("Walkers and their temperature", controls, draw)


@lru_cache(maxsize=32)
def walk(first, last):
    """Where the walkers are at each frame and how high, both (FRAMES + 1, WALKERS)."""
    start = AnnealingState(np.full((WALKERS, 1), START))
    trace = run(annealing, start, Wells(1), 0, steps=STEPS, every=STEPS // FRAMES, scale=SCALE, start=first,
                cooling=(last / first) ** (1 / STEPS))  # fmt: skip
    return trace.x[..., 0], trace.loss


@lru_cache(maxsize=1)
def ground():
    """The landscape, and where its deepest well is."""
    f = Wells(1)
    x = np.linspace(-9, 9, 361)
    line = columns(x, f(x[:, None]))
    below = np.concatenate([line, [[9, -10], [-9, -10]]])
    return Region(below, "faint", 0.6), Path(line, "muted", 1.5), Text(2.43, -2.6, "deepest", "muted", "center")


def wells(x, heights, T):
    """The walkers on the line, and beside them a thermometer on a logarithmic scale."""
    share = np.log(T / TEMPS[0]) / np.log(TEMPS[-1] / TEMPS[0])
    tube, mercury = ([[8.2, -2.5], [8.2, -2.5 + 8.5 * s]] for s in (1.0, max(share, 0.01)))
    reading = Text(7.8, 6.3, f"T = {T:.2g}", COLOR, "right", bold=True)
    marks = (Points(columns(x, heights), COLOR, 4.5, opacity=0.45), Path(np.array(tube), "faint", 9.0),
             Path(np.array(mercury), COLOR, 5.0), reading)  # fmt: skip
    alt = f"A line with five wells and {len(x)} walkers, at temperature {T:.2g}; their mean place is {x.mean():.1f}."
    return Panel(Axis(-9, 9, "x"), Axis(-3, 7, "height f"), marks, "A hundred walkers", alt, 1.3, back=ground())


def chart(temps, home, t):
    """The share in the deepest well by the step."""
    steps = np.arange(FRAMES + 1) * STEPS / FRAMES
    curve = columns(steps, home)
    marks = (Rule(GOAL_SHARE), Text(0, GOAL_SHARE, "goal", "muted", "left", 5, 10), Rule(float(steps[t]), "x"),
             Path(curve, COLOR, 1.2, opacity=0.45), Path(curve[: t + 1], COLOR, 2.0),
             Points(curve[t : t + 1], COLOR, 5))  # fmt: skip
    alt = f"The share of the walkers in the deepest well over {STEPS} steps; it ends at {home[-1]:.0%}."
    return Panel(Axis(0, STEPS, "steps"), Axis(-0.02, 1), marks, "Share in the deepest well", alt)


def words(first, last, home, t, T):
    """The finding in a sentence or two."""
    verb = "rises" if last > first else "falls"
    way = f"stays at {first:g}" if first == last else f"{verb} from {first:g} to {last:g}"
    return (f"The temperature {way}; at the end {home[-1]:.0%} of the walkers are in the deepest well. "
            f"In this frame T is {T:.2g} and {home[t]:.0%} are there.")  # fmt: skip
