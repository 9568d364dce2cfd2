"""Lesson 03: where a hundred runs of SGD hover, and how high, by the rate."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.plots import COLORS
from course_lib.problems import LeastSquares, diabetes, standardize
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Player, Slider
from course_lib.widgets.fields import columns, hills
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene, Text

COLOR = COLORS["sgd"]
FEATURES = "bmi", "bp"
LOW, HIGH = (-0.9, -0.9), (1.5, 1.3)  # of the two weights
START = (-0.6, -0.6)
RATES = tuple(float(f"{rate:.2g}") for rate in np.geomspace(0.0005, 0.08, 23))
RUNS, PASSES, FRAMES, GOAL_RATE, GOAL_SHARE = 100, 2, 40, 0.04, 1 / 4


def noise_cloud():
    """The explorer of SGD at a constant rate: a cloud of runs, and how far above the lowest loss it hovers."""
    controls = (
        Slider("lr", "learning rate α", RATES, start=GOAL_RATE),
        Player("t", "time", last=FRAMES, start=FRAMES, rate=12),
    )

    def draw(lr, t):
        x, excess = hundred_runs(lr)
        usual = floor_of(hundred_runs(nearest(GOAL_RATE))[1])
        panels = (cloud(x, t), heights(excess, usual, t))
        return Scene(panels, words(lr, excess, usual), goal(excess, usual))

    return Explorer("The cloud that never settles", controls, draw)


def nearest(rate):
    """The rate on the slider that is nearest."""
    return min(RATES, key=lambda other: abs(other - rate))


@lru_cache(maxsize=1)
def two_weights():
    """Least squares on two standardized features of the diabetes data, its solution and its lowest loss."""
    data = diabetes()
    X = standardize(data.X[:, [data.names.index(name) for name in FEATURES]])
    y = (data.y - data.y.mean()) / data.y.std()
    f, best = LeastSquares(X, y), np.linalg.lstsq(X, y, rcond=None)[0]
    return f, best, float(f(best))


@lru_cache(maxsize=len(RATES))
def hundred_runs(lr):
    """Points (frames, runs, 2) and losses above the lowest one (frames, runs), each run with orders of its own."""
    f, _, lowest = two_weights()
    every = PASSES * f.n // FRAMES
    start = PointState(np.tile(START, (RUNS, 1)))
    trace = run(gradient_descent, start, f, 3, steps=FRAMES * every, batch_size=1, apart=True, every=every, lr=lr)
    return trace.x, trace.loss - lowest


def floor_of(excess):
    """The mean over the runs and over the second half of the time."""
    return float(excess[FRAMES // 2 + 1 :].mean())


def goal(excess, usual):
    """What is asked for: low, and there in time."""
    text = "halve the floor twice: hover, in the second pass, at most a quarter as high as at α = 0.04"
    return Goal(text, floor_of(excess) <= GOAL_SHARE * usual)


@lru_cache(maxsize=1)
def plane():
    """Background: the loss over the two weights, and its lowest point."""
    f, best, lowest = two_weights()
    return *hills(f, LOW, HIGH, floor=lowest), Points(best[None], "ink", 5, "cross")


def cloud(x, t):
    """Where the runs are, and the way of one of them."""
    marks = (Path(x[: t + 1, 0], "muted", 1.0, opacity=0.7), Points(x[t], COLOR, 2.4, opacity=0.8),
             Points(x[t, :1], "ink", 3.0))  # fmt: skip
    axes = (Axis(a, b, f"weight of {name}") for a, b, name in zip(LOW, HIGH, FEATURES, strict=True))
    spread = np.sqrt(x[t].var(axis=0).sum())
    alt = f"Level lines of the loss over two weights and {RUNS} runs as dots; they are spread by {spread:.3f}."
    return Panel(*axes, marks, f"{RUNS} runs, and the way of one", alt, 1.05, equal=True, back=plane())


def heights(excess, usual, t):
    """How high the runs are above the lowest loss, by the time."""
    time = np.linspace(0, PASSES, len(excess))
    mean = columns(time, excess.mean(axis=1))
    rules = (Rule(usual, "y", "muted"), Rule(GOAL_SHARE * usual, "y", "ink"), Rule(float(time[t]), "x"))
    marks = (*rules, Path(columns(time, excess[:, 0]), "muted", 0.9, opacity=0.6), Path(mean, COLOR, 2.4),
             Points(mean[t : t + 1], COLOR, 5), *names(mean, usual))  # fmt: skip
    alt = f"The loss above the lowest over {PASSES} passes, logarithmic; their mean ends at {mean[-1, 1]:.2g}."
    return Panel(Axis(0, PASSES, "passes over the data"), Axis(1e-4, 1e1, log=True), marks,
                 "Loss above the lowest: mean, one run", alt)  # fmt: skip


def names(mean, usual):
    """Names of the two levels, where the mean of the runs does not pass: below a slow fall, else at the right."""
    quarter = GOAL_SHARE * usual
    slow, low = mean[FRAMES * 3 // 8, 1] > usual, mean[-1, 1] < quarter
    x, side, dx = (0, "left", 5) if slow else (PASSES, "right", -4)
    heights = (-10, -12) if slow else (11, 11) if low else (34, -12)
    return (Text(x, usual, "floor at α = 0.04", "muted", side, dx, heights[0]),
            Text(x, quarter, "a quarter of it", "ink", side, dx, heights[1], bold=True))  # fmt: skip


def words(lr, excess, usual):
    """The finding in one or two sentences."""
    level = floor_of(excess)
    late = excess[FRAMES // 2 + 1].mean() > 2 * excess[-1].mean()
    times = f"that is {level / usual:.2g} times the floor at α = 0.04"
    end = "they are still on their way" if late else times if level != usual else "that is the floor to be halved"
    return f"α = {lr:g}: in the second pass the runs are {level:.2g} above the lowest loss on average; {end}."
