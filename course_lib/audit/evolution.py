"""The experiment of claim g: genetic algorithms against descents that may ask as much."""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.audit.fair import tuned
from course_lib.optimizers import (
    AdamState,
    PointState,
    PopulationState,
    adam,
    genetic,
    gradient_descent,
    textbook_genetic,
)
from course_lib.problems import Rastrigin, Rosenbrock, StyblinskiTang
from course_lib.run import run

SOLVED = 0.01  # so near to the lowest value counts as there


class Moved:
    """A landscape for each of several seeds, moved by up to 0.3 of its half-width, and turned if asked.

    Nobody profits from a minimum in the middle of the box. Points are (..., seeds, n, d); values are above the lowest.
    """

    def __init__(self, f, seeds, rng, turned=False):
        self.f, self.bounds, self.dim, self.seeds = f, f.bounds, f.dim, seeds
        low, high = f.bounds
        self.center = rng.uniform(0.3 * low, 0.3 * high, (seeds, 1, f.dim))
        self.axes = np.linalg.qr(rng.normal(size=(seeds, f.dim, f.dim)))[0] if turned else np.eye(f.dim)

    def __call__(self, x):
        return self.f((x - self.center) @ self.axes) - self.f.card.value

    def grad(self, x):
        return self.f.grad((x - self.center) @ self.axes) @ np.swapaxes(self.axes, -1, -2)

    def starts(self, n, rng, tries=()):
        """Points drawn uniformly from the box, (*tries, seeds, n, d)."""
        return rng.uniform(*self.bounds, size=(*tries, self.seeds, n, self.dim))


def evolve(step):
    """The way of a genetic algorithm with forty members."""

    def way(f, budget, rng, rate, scale):
        x = f.starts(40, rng, np.shape(rate))
        steps = budget // 40 - 1  # the first population costs one too
        knobs = {"rate": beside(rate), "scale": beside(scale)}
        return run(step, PopulationState(x), f, rng, steps=steps, every=steps, **knobs).best[-1]

    return way


def descend(f, budget, rng, steps, lr, step=gradient_descent, State=PointState):
    """Descents of so many steps, as many as the budget pays for."""
    x = f.starts(budget // steps, rng, np.shape(lr))
    end = run(step, State(x), f, rng, steps=steps, every=steps, lr=beside(lr)).loss[-1]
    return np.fmin.reduce(end, axis=-1)


def descend_once(*memory):
    """The way of one descent that has the whole budget, by gradient descent or by a step with a state of its own."""
    return lambda f, budget, rng, lr: descend(f, budget, rng, budget, lr, *memory)


def beside(knob):
    """A number, or numbers to try at once, in the shape that fits points (*tries, seeds, n, d)."""
    return np.reshape(knob, (*np.shape(knob), 1, 1, 1))


class Rival(NamedTuple):
    """A way to search, and the nine settings among which it is tuned, all at once if its knobs may be arrays.

    ``way(f, budget, rng, *setting)`` is the lowest value found on each landscape, (..., seeds).
    """

    way: Callable
    settings: list
    at_once: bool = True


RIVALS = {
    "reference": Rival(evolve(genetic), [*product((0.1, 0.3, 0.9), (0.3, 0.5, 0.8))]),
    "textbook": Rival(evolve(textbook_genetic), [*product((0.1, 0.3, 0.9), (0.01, 0.03, 0.1))]),
    "one descent": Rival(descend_once(), [(lr,) for lr in np.geomspace(1e-4, 0.03, 9)]),
    "one run of Adam": Rival(descend_once(adam, AdamState), [(lr,) for lr in np.geomspace(0.001, 1, 9)]),
    "many descents": Rival(descend, [*product((20, 50, 200), (0.001, 0.003, 0.01))], at_once=False),
}


def found(name, make, budget, seeds, trials):
    """The lowest values that a rival finds on landscapes ``make(seeds, rng)``, (seeds,), tuned on `trials` others."""
    way, settings, at_once = RIVALS[name]
    f, rng = make(trials, np.random.default_rng(20)), np.random.default_rng(21)
    tried = (way(f, budget, rng, *np.transpose(settings)) if at_once else
             [way(f, budget, rng, *setting) for setting in settings])  # fmt: skip
    return way(make(seeds, np.random.default_rng(22)), budget, np.random.default_rng(23), *tuned(settings, tried))


@claimed("g", "Genetic algorithms avoid local minima and find good solutions quickly.", lesson="08")
def evolution(seeds, full):
    """The reference GA of lesson 08 and the textbook's with its fixed mutation, against methods that use gradients.

    One question is a value or a gradient, and all ask equally often: 20,000 times in ten dimensions, in the quick form
    4000 in five; a tenth of that where questions are few; on the few wells 400 in two. Rastrigin's dents, in line with
    the axes or turned; Styblinski and Tang's few wells; Rosenbrock's valley. Each method is tuned for each landscape
    and budget on ten others of its kind (on one in the quick form): nine settings of mutation for a GA, of rate for one
    run of descent or Adam, of rate and length for descents from many starts.

    Two measures: the share of runs that come within 0.01 of the minimum, for "avoid local minima", with the margin one
    half; and for "quickly" the share of runs in which the GA ends lower than its rival, by more than 0.01, less the
    share in which it ends higher.

    The dents lie on a bowl, so that neighbors know of each other: there the reference beats many descents, which learn
    nothing from start to start. Where the wells are few, some start is in the right one, and descents are done sooner.
    With its default settings the GA never solves the valley (lesson 08); tuned for it, with 20,000 questions, it does,
    and some runs of Adam end in the valley's second minimum; with few questions Adam is ahead in every run. A textbook
    GA with a tuned mutation does for dents in five dimensions, and not in ten. Stronger methods than these, such as
    CMA-ES and dual annealing, are outside the course: nothing here is about them.
    """
    dim, budget, trials = (10, 20_000, 10) if full else (5, 4000, 1)
    dents, valley, less = maker(Rastrigin(dim)), maker(Rosenbrock(dim)), budget // 10
    here = f"in {dim} dimensions"
    plays = {
        f"dents {here} are in line": (dents, budget, "textbook", "one descent", "many descents"),
        f"dents {here} are in line and questions few": (dents, less, "many descents"),
        f"dents {here} are turned": (maker(Rastrigin(dim), turned=True), budget, "many descents"),
        "wells in 2 dimensions are few": (maker(StyblinskiTang(2)), 400, "many descents"),
        f"there is a valley {here}": (valley, budget, "one run of Adam"),
        f"there is a valley {here} and questions few": (valley, less, "one run of Adam"),
    }
    there = {(place, name): found(name, make, cost, seeds, trials)
             for place, (make, cost, *names) in plays.items() for name in ("reference", *names)}  # fmt: skip
    for words, name in (("in line", "reference"), ("turned", "reference"), ("in line", "textbook")):
        place = f"dents {here} are {words}"
        yield Finding(f"{place} and the GA is the {name}", "share of runs that find the minimum",
                      there[place, name] < SOLVED, margin=0.5)  # fmt: skip
    for place, name in there:
        if name not in ("reference", "textbook"):
            yield beaten(f"{place} and {name} the rival", there[place, "reference"], there[place, name])


def beaten(condition, ours, theirs):
    """How often ours ends lower, on balance; a difference that does not matter is none."""
    ahead = np.where(np.abs(theirs - ours) > SOLVED, np.sign(theirs - ours), 0)
    return Finding(condition, "share of runs in which the GA ends lower, less those in which it ends higher", ahead)


def maker(f, turned=False):
    """``make(seeds, rng)`` of landscapes."""
    return lambda seeds, rng: Moved(f, seeds, rng, turned)
