"""Schedules, 2-opt moves and the searches over tours."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from course_lib.annealing import (
    SCHEDULES,
    acceptance,
    anneal_tour,
    descend_tour,
    geometric,
    reheated,
    reverse,
    reverse_delta,
    two_places,
)
from course_lib.exercises import get
from course_lib.exercises.simulated_annealing import TIMES, too_often
from course_lib.problems import all_tours, berlin52, random_cities, tour_length


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_keep_their_ends_and_their_number(name):
    """A schedule would end elsewhere than at the last temperature, or have another number of steps."""
    temps = SCHEDULES[name](8.0, 0.25, 31)
    assert len(temps) == 31 and temps[0] == pytest.approx(8) and temps[-1] == pytest.approx(0.25)


def test_schedules_fall():
    """Geometric cooling would not be by equal factors, or a reheated one would never be heated again."""
    temps = geometric(8.0, 0.25, 6)
    assert np.allclose(temps[1:] / temps[:-1], 0.5)
    assert (np.diff(reheated(8.0, 0.25, 31)) > 0).sum() == 2


def test_acceptance_counts_the_worse_moves_alone():
    """The starting temperature would be judged by moves that are accepted anyway."""
    assert acceptance([-5.0, 0.0, 2.0, 4.0], 2.0) == pytest.approx((np.exp(-1) + np.exp(-2)) / 2)


@pytest.mark.parametrize("n", [4, 5, 9])
def test_delta_is_the_difference_of_two_lengths(n):
    """The four look-ups would miss an edge, at the ends of the ring for instance."""
    rng = np.random.default_rng(n)
    D, tour = random_cities(n, rng).D, rng.permutation(n)
    for i in range(n):
        for j in range(i, n):
            turned = reverse(tour, i, j)
            assert sorted(turned) == list(range(n))
            change = tour_length(D, turned) - tour_length(D, tour)
            assert reverse_delta(D, tour, i, j) == pytest.approx(change, abs=1e-12)


def test_two_places_are_drawn_evenly():
    """Some moves would never be tried: 21 pairs, 6300 draws, a share of 300 each within six sigma."""
    rng = np.random.default_rng(0)
    pairs, counts = np.unique([two_places(7, rng) for _ in range(6300)], axis=0, return_counts=True)
    assert len(pairs) == 21 and (pairs[:, 0] < pairs[:, 1]).all()
    assert np.abs(counts - 300).max() < 6 * np.sqrt(300)


def test_an_annealed_tour_stays_a_tour():
    """A city would be lost or visited twice, or the lengths would not be those of the tours."""
    D = random_cities(20, np.random.default_rng(1)).D
    film = anneal_tour(D, geometric(1.0, 0.01, 3000), np.random.default_rng(2), frames=30)
    assert film.tours.shape == (31, 20) and (np.sort(film.tours, axis=1) == np.arange(20)).all()
    assert np.allclose(film.lengths, tour_length(D, film.tours))
    assert film.accepted[0] > 0.7 > 0.4 > film.accepted[-1] >= 0
    assert tour_length(D, film.best) == film.lengths.min()


def test_a_cold_tour_never_gets_longer():
    """At temperature zero something worse would be accepted."""
    D = berlin52().D
    film = anneal_tour(D, np.full(4000, 1e-12), np.random.default_rng(0), frames=200)
    assert (np.diff(film.lengths) <= 0).all() and film.lengths[-1] < film.lengths[0] / 2


def test_the_walk_has_the_distribution_of_boltzmann():
    """Moves would be accepted with another chance than exp(-delta/T), or proposed unevenly.

    At a constant temperature the share of the time in each of the 12 tours of five cities is exp(-length/T), normed.
    """
    D, T = random_cities(5, np.random.default_rng(3)).D, 0.5
    lengths = tour_length(D, all_tours(5))
    weights = np.exp(-lengths / T)
    film = anneal_tour(D, np.full(120_000, T), np.random.default_rng(4), frames=120_000)
    assert film.lengths.mean() == pytest.approx((weights * lengths).sum() / weights.sum(), rel=0.01)


def test_annealing_solves_berlin52():
    """The promise of the lesson would not hold: within 5% of the optimum in 20 of 20 seeds, some of them optimal."""
    berlin, temps = berlin52(), geometric(100.0, 6.0, 200_000)
    lengths = [anneal_tour(berlin.D, temps, np.random.default_rng(seed), frames=20).lengths.min() for seed in range(20)]
    assert max(lengths) < 1.05 * 7542 and min(lengths) == 7542


def test_a_start_that_is_given_is_used():
    """A second search could not go on from the first."""
    start = np.random.default_rng(0).permutation(30)
    film = anneal_tour(random_cities(30, np.random.default_rng(0)).D, [1e-9], np.random.default_rng(1), start)
    assert np.array_equal(film.tours[0], start)


def test_a_descent_ends_where_no_move_helps():
    """The rival of annealing would stop too early, look longer than paid for, or count wrongly."""
    D = random_cities(15, np.random.default_rng(5)).D
    tour, asked = descend_tour(D, np.random.default_rng(6).permutation(15))
    assert min(reverse_delta(D, tour, i, j) for i in range(15) for j in range(i + 1, 15)) > -1e-9
    assert asked >= 15 * 14 / 2 - 1
    assert descend_tour(D, np.random.default_rng(6).permutation(15), 40)[1] == 40


# ------------------------------------------------------------------------------ judging chances


def test_a_right_answer_is_rejected_less_than_once_in_a_million():
    """The binomial chance of a right answer to be called wrong, by SciPy, over all cases that draw."""
    stats = pytest.importorskip("scipy.stats")
    lost = 0.0
    for chance in (0.75, 0.2, 0.35, 0.35, 0.6):  # three of anneal.accept, two of anneal.run
        counts, times = np.arange(TIMES[chance] + 1), TIMES[chance]
        wrong = np.array([too_often(k / times, chance) is not None for k in counts])
        lost += stats.binom.pmf(counts, times, chance)[wrong].sum()
    assert lost < 1e-6


@pytest.mark.parametrize("chance", TIMES)
def test_as_many_draws_as_needed_and_no_more(chance):
    """A right answer would be called wrong more than once in 10 million cases, or time spent on draws for nothing."""
    assert strays(TIMES[chance], chance) < 1e-7 < strays(TIMES[chance] - 50, chance)


def strays(n, chance):
    """The probability, in whole numbers, that n draws have a share that is called too often or too rare."""
    p = Fraction(str(chance))
    a, b = p.numerator, p.denominator
    wrong = (k for k in range(n + 1) if too_often(k / n, chance))
    return Fraction(sum(comb(n, k) * a**k * (b - a) ** (n - k) for k in wrong), b**n)


def test_the_cases_have_the_chances_that_the_draws_are_for():
    """A case would have another chance than the one its draws were counted for."""
    for case in get("anneal.accept").draw(0)[:3]:
        chance = np.exp(-case.args["delta"] / case.args["T"])
        assert case.args["times"] == TIMES[round(chance, 9)]
    for case in get("anneal.run").draw(0)[-2:]:
        climb, temps = case.args["f"].data["heights"][1], case.args["temps"]
        assert len(temps) == TIMES[round(np.exp(-climb / temps[0]), 9)] == len(case.args["f"].data["heights"]) - 1


def test_the_solved_temperature_against_scipy():
    """The reference of the starting temperature would not solve its own equation."""
    optimize = pytest.importorskip("scipy.optimize")
    deltas = np.random.default_rng(0).normal(1, 3, 50)
    root = optimize.brentq(lambda T: acceptance(deltas, T) - 0.7, 1e-3, 1e3)
    assert get("anneal.initial_temperature")(deltas, 0.7) == pytest.approx(root, rel=1e-6)
