"""The judges of lesson 08: how often a right answer would be rejected, and by what rule."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib.calling import observe
from course_lib.exercises import get
from course_lib.exercises.genetic_algorithms import DRAWS, RISK, allowance, length_fault

JUDGED = ("ga.tournament", "ga.roulette", "ga.crossover", "ga.mutate")


@pytest.mark.parametrize("n", [40, 400, 3000, DRAWS, 15_000])
@pytest.mark.parametrize("p", [0.001, 0.03, 0.2, 0.5, 0.9])
def test_allowance_is_wide_enough(n, p):
    """A right answer would be rejected more than once in a thousand million comparisons."""
    binom = pytest.importorskip("scipy.stats").binom
    room = allowance(n, p)
    outside = binom.sf(np.floor(n * p + room), n, p) + binom.cdf(np.ceil(n * p - room) - 1, n, p)
    assert outside < 1e-9


def test_allowance_is_not_too_wide():
    """A judge that allows anything would name no mistake: a third too often must be seen."""
    assert allowance(DRAWS, 0.2) < 0.2 * DRAWS / 3


@pytest.mark.parametrize("id", ["ga.tournament", "ga.roulette"])
def test_an_examination_makes_few_comparisons(id):
    """Too many members: a right answer would be rejected more often than the module says, by the sum of all risks."""
    assert sum(len(case.args["cost"]) for case in get(id).draw(0)) < 200


def test_neither_the_worst_nor_the_best_is_picked_by_its_place():
    """Who takes the smallest index of a tournament would be told that it crowns the worst, or be right."""
    for seed in range(20):
        for case in get("ga.tournament").draw(seed):
            assert 0 not in (case.args["cost"].argmin(), case.args["cost"].argmax())


def test_lengths_of_moves_are_judged_by_bounds_that_hold():
    """Normal moves would be called too long or too short."""
    chi2 = pytest.importorskip("scipy.stats").chi2
    for m in (1000, 4500):
        room = 2 * np.sqrt(m * RISK) + 2 * RISK
        assert chi2.sf(m + room, m) + chi2.cdf(m - room, m) < 1e-9
    hit = np.ones((1000, 3), dtype=bool)
    assert length_fault(np.random.default_rng(0).standard_normal(3000), hit) is None


@pytest.mark.parametrize("id", JUDGED)
def test_a_right_answer_is_never_near_the_bound(id):
    """Among many seeds a right answer would be rejected: the bounds were wrong by orders of magnitude."""
    exercise = get(id)
    for seed in range(100, 150):
        for case in exercise.draw(seed):
            seen = observe(exercise.reference, case)
            assert exercise.judge(case, seen, seen) is None


def test_brood_and_jolt_hold_no_reference():
    """The functions that are given must be of the shape that the contract says, and change nothing."""
    from course_lib.givens import brood, jolt

    pop = np.arange(8.0).reshape(4, 2)
    assert brood()(pop, None, 3).tolist() == [[1, 2], [3, 4], [5, 6]] and brood()(pop, None, 6).shape == (6, 2)
    assert np.array_equal(jolt()(pop - 3), pop - 3 + np.where(pop < 3, -0.125, 0.125)) and pop[0, 0] == 0


@pytest.mark.parametrize("id", ["ga.tournament", "ga.roulette"])
def test_usual_picks_need_no_reference(id):
    """Every right answer would cost a run of the reference as well."""
    exercise = get(id)
    for case in exercise.draw(0):
        outcome = observe(exercise.reference, case)
        assert exercise.judge(case, outcome, None) is None
        with pytest.raises(AttributeError):  # another kind is looked at beside the reference
            exercise.judge(case, replace(outcome, value=outcome.value.astype(float)), None)
