"""The families of the bake-off: how each starts, steps and is tuned on each kind of problem.

Everybody may be tried with `SETTINGS` settings before the race; who has fewer knobs leaves some unused. What is not
tuned is at its usual value (momentum 0.9, Adam's 0.9 and 0.999, a population of 40).
"""

from collections.abc import Callable
from functools import cache
from itertools import islice, permutations, product
from typing import NamedTuple

import numpy as np

from course_lib import genomes
from course_lib.audit.arena import BATCH
from course_lib.optimizers import METHODS, AnnealingState, PopulationState, SearchState, from_point
from course_lib.plots import label_of

SETTINGS = 12
RATES = np.geomspace(10**-4.5, 10, SETTINGS)  # two a decade
FALL = 1e-3  # annealing cools to this share of its first temperature
GRADIENT = ("gradient_descent", "sgd", "mini_batch", "momentum", "rmsprop", "adam")
FAMILIES = ("grid_search", "random_search", *GRADIENT, "genetic", "annealing")
FED = {"sgd": 1, "mini_batch": BATCH, "momentum": BATCH, "rmsprop": BATCH, "adam": BATCH}  # examples a step, of data


class Entry(NamedTuple):
    """A family on a kind of problem.

    Attributes:
        step, start: as in `course_lib.optimizers.METHODS`.
        settings: what is tried in tuning, ``[{knob: value}]``.
        batch: examples a step, or None.
        common: knobs that can't differ between runs that are one array, so that settings are tried one by one.
    """

    step: Callable
    start: Callable
    settings: list
    batch: int | None = None
    common: bool = False


def entry(family, kind):
    """The `Entry` of a family on a kind of problem, or None where it can't be applied."""
    if family in GRADIENT:
        return by_gradient(family, kind)
    return (in_a_box if kind in ("smooth", "data", "steps") else on_genomes)(family, kind)


def by_gradient(family, kind):
    """Without data there is nothing to draw batches from, and without a gradient no direction."""
    if kind not in ("smooth", "data") or (family in ("sgd", "mini_batch") and kind == "smooth"):
        return None
    method = METHODS["gradient_descent" if family in ("sgd", "mini_batch") else family]
    return Entry(method.step, method.start, [{"lr": lr} for lr in RATES], FED.get(family) if kind == "data" else None)


def in_a_box(family, kind):
    method = METHODS[family]
    settings = {
        "grid_search": [{"n": n} for n in range(2, 2 + SETTINGS)],
        "random_search": [{}],
        "genetic": pairs(rate=(0.2, 0.5, 0.9), scale=(0.3, 0.5, 0.7, 0.9)),
        "annealing": pairs(scale=(0.01, 0.03, 0.1, 0.3), start=(1e-3, 1e-2, 1e-1)),
    }
    return Entry(method.step, method.start, settings[family], None, family == "grid_search")


def pairs(**values):
    """All combinations of the values of some knobs."""
    return [dict(zip(values, some, strict=True)) for some in product(*values.values())]


def label(family):
    """What a family is called in the table."""
    return label_of(family)


# ------------------------------------------------------------------------------------ on bit strings and tours


def on_genomes(family, kind):
    bits = kind == "bits"
    draw, move, breed = (
        (genomes.random_bits, flip_one, genomes.evolve_bits)
        if bits
        else (genomes.random_tours, turn_one, genomes.evolve_tours)
    )
    rates = np.geomspace(0.002, 0.3, SETTINGS) if bits else np.linspace(0.05, 1, SETTINGS)
    point = {
        "grid_search": Entry(listing(count_up if bits else orders), from_point(SearchState), [{}]),
        "random_search": Entry(drawing(draw), from_point(SearchState), [{}]),
        "genetic": Entry(breed, brood(draw), [{"rate": rate} for rate in rates]),
        "annealing": Entry(annealed(move), whole(AnnealingState), pairs(start=np.geomspace(1e-4, 1, SETTINGS))),
    }
    return point[family]


def whole(State):
    """Start at the genome that is given; whole numbers stay whole."""
    return lambda x0, f, rng: State(x0)


def brood(draw, n=40):
    """Start from n random genomes."""
    return lambda x0, f, rng: PopulationState(draw((*x0.shape[:-1], n, x0.shape[-1]), rng))


def listing(candidates):
    """The step that tries the genomes of a list in their order, and keeps the best."""
    known = cache(candidates)
    return lambda state, f, rng: keep(state, f, np.broadcast_to(known(f.dim)[state.t], state.x.shape))


def count_up(d, most=4096):
    """Bit strings as numbers that count up, (most, d)."""
    return np.arange(most)[:, None] >> np.arange(min(d, 62)) & 1


def orders(d, most=4096):
    """Permutations in their alphabetical order, (most, d)."""
    return np.array(list(islice(permutations(range(d)), most)))


def drawing(draw):
    """The step that tries a random genome, and keeps the best."""
    return lambda state, f, rng: keep(state, f, draw(state.x.shape, rng))


def keep(state, f, c):
    """The better of a state and a candidate."""
    x, y, t = state
    c_y = f(c)
    better = c_y < y
    return SearchState(np.where(better[..., None], c, x).astype(int), np.where(better, c_y, y), t + 1)


def annealed(move):
    """Annealing with another move than a Gaussian one."""

    def step(state, f, rng, start=1.0, cooling=0.999):
        x, y, t = state
        y = f(x) if y is None else y
        c = move(x, rng)
        c_y = f(c)
        accept = rng.random(np.shape(c_y)) < np.exp(-np.maximum(c_y - y, 0) / (start * cooling**t))
        return AnnealingState(np.where(accept[..., None], c, x), np.where(accept, c_y, y), t + 1)

    return step


def flip_one(x, rng):
    """One random bit of each string turned over."""
    place = rng.integers(x.shape[-1], size=(*x.shape[:-1], 1))
    return np.where(np.arange(x.shape[-1]) == place, 1 - x, x)


def turn_one(x, rng):
    """A random stretch of each tour turned around."""
    return genomes.turn_around(x, rng, 1.0)
