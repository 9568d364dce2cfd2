"""Bit strings and tours: operators that keep a genome valid, and the two steps that use them."""

from itertools import permutations

import numpy as np
import pytest

from course_lib.genomes import (
    evolve_bits,
    evolve_tours,
    flip,
    order_crossover,
    random_bits,
    random_tours,
    segment,
    turn_around,
)
from course_lib.optimizers import PopulationState
from course_lib.plots import formula_lines
from course_lib.run import run

RNG = np.random.default_rng


def by_hand(p, q, keep):
    """Order crossover of one pair, as a loop."""
    rest = iter(city for city in q if city not in p[keep])
    return [p[i] if keep[i] else next(rest) for i in range(len(p))]


def is_tour(x):
    return np.array_equal(np.sort(x, axis=-1), np.broadcast_to(np.arange(x.shape[-1]), x.shape))


def ones_missing(x):
    return (1.0 - x).sum(axis=-1)


CITIES = RNG(2).random((8, 2))


def length(tours):
    legs = CITIES[tours] - CITIES[np.roll(tours, -1, axis=-1)]
    return np.linalg.norm(legs, axis=-1).sum(axis=-1)


def test_order_crossover_against_a_loop():
    """A city would be visited twice, or the order of the second parent lost."""
    rng = RNG(0)
    p, q, keep = random_tours((3, 200, 9), rng), random_tours((3, 200, 9), rng), segment((3, 200, 9), rng)
    child = order_crossover(p, q, keep)
    assert is_tour(child)
    for i in np.ndindex(3, 200):
        assert child[i].tolist() == by_hand(p[i], q[i], keep[i])


def test_segments_are_stretches():
    """A stretch with a hole, or an empty one, is none."""
    keep = segment((5000, 7), RNG(0))
    assert keep.any(axis=-1).all() and (np.abs(np.diff(keep.astype(int), axis=-1)).sum(axis=-1) <= 2).all()
    assert keep.all(axis=-1).any() and (keep.sum(axis=-1) == 1).any()


def test_turn_around_turns_one_stretch():
    """A mutation that loses a city, or shuffles more than a stretch, is another one."""
    c = np.tile(np.arange(8), (2000, 1))
    new = turn_around(c, RNG(0), 1.0)
    assert is_tour(new) and np.array_equal(c, np.tile(np.arange(8), (2000, 1)))
    for row in new:
        moved = np.flatnonzero(row != np.arange(8))
        if len(moved):
            i, j = moved[0], moved[-1]
            assert row[i : j + 1].tolist() == list(range(j, i - 1, -1))
    assert np.array_equal(turn_around(c, RNG(0), 0.0), c)


def test_flip_takes_its_share():
    """At rate 0 no bit turns, at rate 1 all do, at rate 0.1 one in ten."""
    c = random_bits((1000, 100), RNG(0), 0.3)
    assert abs(c.mean() - 0.3) < 0.01 and set(np.unique(c)) == {0, 1}
    assert np.array_equal(flip(c, RNG(0), 0.0), c) and np.array_equal(flip(c, RNG(0), 1.0), 1 - c)
    assert abs((flip(c, RNG(0), 0.1) != c).mean() - 0.1) < 5 * np.sqrt(0.09 / 1e5)


@pytest.mark.parametrize("step", [evolve_bits, evolve_tours])
def test_formula_lines_are_code_lines(step):
    """A lesson would show each formula beside the wrong statement."""
    assert len(formula_lines(step)) == 6


def test_bits_find_all_ones():
    """OneMax is the bowl of bit strings: who misses it selects the wrong way."""
    start = PopulationState(random_bits((10, 40, 30), RNG(0)))
    trace = run(evolve_bits, start, ones_missing, RNG(1), steps=80, rate=1 / 30)
    assert (trace.loss[-1] == 0).all() and (np.diff(trace.loss, axis=0) <= 0).all()
    assert trace.cost[-1] == 40 + 80 * 39


def test_tours_find_the_shortest():
    """All 5040 tours of eight cities are known: the best must be found, by tours that stay tours."""
    best = length(np.array([(0, *rest) for rest in permutations(range(1, 8))])).min()
    trace = run(evolve_tours, PopulationState(random_tours((5, 40, 8), RNG(0))), length, RNG(1), steps=80)
    assert is_tour(trace.x) and np.allclose(trace.loss[-1], best)


@pytest.mark.parametrize(("step", "make"), [(evolve_bits, random_bits), (evolve_tours, random_tours)])
def test_nothing_is_changed_in_place(step, make):
    """A generation that writes into the one before spoils the film."""
    x = make((20, 8), RNG(0))
    kept = x.copy()
    x.setflags(write=False)
    state = step(PopulationState(x), lambda x: x[..., 0] + 0.5 * x[..., 1], RNG(1))
    assert np.array_equal(x, kept) and state.x.shape == x.shape and state.t == 1
