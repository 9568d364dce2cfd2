"""Lesson 12: all families race on a landscape of the learner's choice, at equal cost."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_lib.optimizers import METHODS, PopulationState, from_box
from course_lib.plots import COLORS, label_of
from course_lib.problems import Ackley, Fenced, Problem, Rastrigin, Rosenbrock, Schwefel, Tilted, bowl
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Player, Slider, Toggle
from course_lib.widgets.fields import columns, hills
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene, Text

BUDGET, RUNS, TRIALS, OTHERS, COPIES, MEMBERS, ENOUGH = 150, 20, 12, 8, 8, 15, 15
FEEDS = {"sgd": 1, "mini_batch": 4}  # copies a step; the others see the whole
RACERS = ("grid_search", "random_search", "gradient_descent", "sgd", "mini_batch", "momentum", "rmsprop", "adam",
          "genetic", "annealing")  # fmt: skip
RATES = np.geomspace(10**-3.5, 10**2, TRIALS)
UNTUNED = 0.01
FLOOR = 1e-6  # heights below it are drawn on it


class Terraces(Problem):
    """A bowl in steps: level almost everywhere, so its slope is zero."""

    dim, bounds = 2, (np.full(2, -8.0), np.full(2, 8.0))

    def value(self, x):
        return (np.floor(np.abs(x - 1.3)) ** 2).sum(-1)

    def slope(self, x):
        return np.zeros_like(x)


class Bare(Axis):
    """An axis without ticks, for places in an order that mean no number."""

    def ticks(self):
        return (), ()


class Land(NamedTuple):
    """A landscape: its name, the function, where it is lowest (the height there is 0), and how steep the tilts are."""

    name: str
    f: Problem
    best: tuple
    tilt: float


LANDS = (
    Land("a round bowl", bowl(3), (0, 0), 10.0),
    Land("a narrow valley", bowl(100, angle=0.6), (0, 0), 40.0),
    Land("a curved valley", Rosenbrock(2), (1, 1), 40.0),
    Land("ripples in a funnel", Rastrigin(2), (0, 0), 30.0),
    Land("a plain with a hole", Ackley(2), (0, 0), 2.0),
    Land("wells, no funnel", Fenced(Schwefel(2)), (420.97, 420.97), 10.0),
    Land("terraces", Terraces(), (1.3, 1.3), 3.0),
)


def grand_race():
    """The explorer of a race: the landscape, whether everybody was tuned, and the cost that was spent so far."""
    controls = (
        Slider("land", "landscape", tuple(range(len(LANDS))), start=1, words=tuple(land.name for land in LANDS)),
        Toggle("tuned", "rates and sizes tuned on other starts", True),
        Player("t", "cost spent", last=BUDGET, start=40, rate=12),
    )

    def draw(land, tuned, t):
        heights, places = races(land, tuned)
        medians = {name: float(np.median(heights[name][t])) for name in RACERS}
        ahead = int((heights["random_search"][t] < heights["adam"][t]).sum())
        sloping = LANDS[land].name != "terraces"
        goal = Goal(f"a landscape with slopes, and a cost, where random search is ahead of the tuned Adam in at least "
                    f"{ENOUGH} of {RUNS} races", sloping and tuned and ahead >= ENOUGH)  # fmt: skip
        panels = (ground(land, places, t), chart(heights, t), standings(medians))
        return Scene(panels, words(land, medians, ahead, t), goal)

    return Explorer("The grand race", controls, draw)


# ------------------------------------------------------------------------------------------------ the races


@lru_cache(maxsize=len(LANDS) * 2)
def races(land, tuned):
    """For each racer the best height so far, (BUDGET + 1, RUNS), and where run 1 is, (BUDGET + 1, 2), at each cost."""
    heights, places = {}, {}
    for name in RACERS:
        setting = best_setting(name, land) if tuned else usual(name)
        heights[name], places[name] = raced(name, land, starts(land, 0, RUNS), [setting])
    return heights, places


def starts(land, seed, runs):
    """Where the runs begin, drawn from the box."""
    return np.random.default_rng([seed, land]).uniform(*LANDS[land].f.bounds, size=(runs, 2))


def settings(name):
    """What a racer may be tuned to, at most `TRIALS` settings."""
    if name in ("grid_search", "random_search"):
        return [usual(name)]
    if name == "genetic":
        return [{"rate": rate, "scale": scale} for rate in (0.2, 0.5, 0.9) for scale in (0.3, 0.5, 0.7, 0.9)]
    if name == "annealing":
        return [{"scale": scale, "start": start} for scale in (0.01, 0.03, 0.1, 0.3) for start in (1e-3, 1e-2, 1e-1)]
    return [{"lr": lr} for lr in RATES]


def usual(name):
    """The setting of somebody who does not tune."""
    known = {"grid_search": {"n": 12}, "random_search": {}, "genetic": {"rate": 0.3, "scale": 0.5}}
    return (known | {"annealing": {"scale": 0.05, "start": 0.01}}).get(name, {"lr": UNTUNED})


@lru_cache(maxsize=len(LANDS) * len(RACERS))
def _best(name, land):
    some = settings(name)
    heights, _ = raced(name, land, starts(land, 1, OTHERS), some)
    score = np.log(np.maximum(heights, FLOOR)).mean(axis=0).reshape(len(some), -1).mean(axis=1)
    return int(np.argmin(score))


def best_setting(name, land):
    """The setting whose height, over the whole race and eight other starts, is lowest."""
    return settings(name)[_best(name, land)]


def raced(name, land, x0, some):
    """Heights and places of a racer with some settings from some starts, all of them one array."""
    f, tilt = LANDS[land].f, LANDS[land].tilt
    x0, rng = np.tile(x0, (len(some), 1)), np.random.default_rng([land, *name.encode()])
    method = METHODS["gradient_descent" if name in FEEDS else name]
    start = from_box(MEMBERS) if name == "genetic" else method.start
    problem = Tilted(f, tilt * rng.standard_normal((COPIES, 2))) if name in FEEDS else f
    options = {"batch_size": FEEDS[name], "apart": True, "every": COPIES // FEEDS[name]} if name in FEEDS else {}
    trace = run(method.step, start(x0, f, rng), problem, rng, budget=BUDGET, **options, **shaped(name, some, x0, f))
    return at_each_cost(trace, f(x0), x0)


def shaped(name, some, x0, f):
    """The settings as arrays that broadcast over the runs; the first temperature counts in heights of the start."""
    if name == "grid_search":
        return some[0]
    runs, tail = len(x0) // len(some), (1, 1) if name == "genetic" else (1,)
    knobs = {key: np.repeat([one[key] for one in some], runs).reshape(-1, *tail) for key in some[0]}
    if name == "annealing":
        knobs |= {"start": knobs["start"][:, 0] * np.abs(f(x0)), "cooling": 1e-3 ** (1 / BUDGET)}
    return knobs


def at_each_cost(trace, first, x0):
    """What a trace says at the costs 0, 1, ...: the best height so far of each run, and where the first run is."""
    cost, best, x = trace.cost.copy(), np.fmin(trace.best, first), trace.x
    if isinstance(trace.states[0], PopulationState):  # its first members have to be asked too
        cost[0] = MEMBERS
        x = np.take_along_axis(x, np.array([s.y if s.y is not None else 0 * s.x[..., 0] for s in trace.states]).argmin(
            axis=-1)[..., None, None], axis=-2)[..., 0, :]  # fmt: skip
    index = np.searchsorted(cost, np.arange(BUDGET + 1) + 1e-6, side="right") - 1
    heights = np.where((index < 0)[:, None], first, best[index])
    return heights, np.where((index < 0)[:, None], x0[0], x[index, 0])


# ---------------------------------------------------------------------------------------------- the pictures


@lru_cache(maxsize=len(LANDS))
def back(land):
    f, best = LANDS[land].f, LANDS[land].best
    return *hills(f, *f.bounds, lines=7), Points(np.array([best], dtype=float), "ink", 6, "cross")


def ground(land, places, t):
    """Where run 1 of everybody is, with the way there."""
    (low, high), marks = LANDS[land].f.bounds, []
    for name in RACERS:
        walk = name not in ("grid_search", "random_search", "genetic")
        trail = places[name][max(0, t - 20) : t + 1] if walk else places[name][t : t + 1]
        marks += [Path(np.array(trail), COLORS[name], 1.2, opacity=0.6), Points(trail[-1:], COLORS[name], 5)]
    sides = Axis(low[0], high[0], "x₁"), Axis(low[1], high[1], "x₂")
    alt = f"Level lines of {LANDS[land].name} and the place of each of {len(RACERS)} methods in its first race."
    return Panel(*sides, tuple(marks), "Race 1", alt, 1.0, equal=True, back=back(land))


def chart(heights, t):
    """The median of the best heights so far over the cost."""
    middle = {name: np.maximum(np.median(heights[name], axis=1), FLOOR) for name in RACERS}
    paths = [Path(columns(np.arange(BUDGET + 1), y), COLORS[name], 1.6) for name, y in middle.items()]
    top = 2 * max(float(np.median(curves[0])) for curves in heights.values())
    alt = f"The median of {RUNS} races for each method by the cost, up to {BUDGET}; the cursor is at {t}."
    axes = Axis(0, BUDGET, "cost (values + gradients)"), Axis(FLOOR / 2, top, log=True)
    return Panel(*axes, (*paths, Rule(float(t), "x", dash=())), "Best height so far, median", alt, 1.0)


def standings(medians):
    """Who is where: a bar each, the lowest on top, on a logarithmic scale."""
    order = sorted(RACERS, key=lambda name: medians[name])
    sizes = {name: np.log10(max(medians[name], FLOOR) / FLOOR) for name in order}
    marks = []
    for place, name in enumerate(order):
        y = len(order) - place
        marks += [Path(np.array([[0.0, y], [max(sizes[name], 0.05), y]]), COLORS[name], 7.0),
                  Text(0.0, y, f"{label_of(name)} {medians[name]:.2g}", "ink", "left", 2, 11, 11.0)]  # fmt: skip
    alt = "The methods, the lowest first: " + ", ".join(f"{label_of(n)} {medians[n]:.2g}" for n in order) + "."
    axes = Axis(0, 10, "decades above a millionth"), Bare(0.5, len(order) + 0.9)
    return Panel(*axes, tuple(marks), "Who is where (short is low)", alt, 0.8)


def words(land, medians, ahead, t):
    """The finding in a sentence or two."""
    order = sorted(RACERS, key=lambda name: medians[name])
    front = ", ".join(f"{label_of(name)} ({medians[name]:.2g})" for name in order[:3])
    return (f"{LANDS[land].name.capitalize()}, after a cost of {t}: the lowest medians are those of {front}. "
            f"Random search is ahead of Adam in {ahead} of {RUNS} races.")  # fmt: skip
