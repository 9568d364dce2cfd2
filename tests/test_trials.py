"""Trials: nothing is counted twice or left out, failures stay failures, intervals agree with SciPy's."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from course_lib.exercises import get
from course_lib.trials import (
    Trial,
    best_setting,
    cost_table,
    paired_interval,
    penalized,
    performance_profile,
    run_suite,
    tolerance,
)

COSTS = np.array([[10.0, 40.0, np.inf, np.inf], [20.0, 10.0, 5.0, np.inf]])


def solve(factor):
    return lambda problem, seeds: (factor * problem * np.ones(len(seeds)), np.zeros(len(seeds)))


def test_every_pair_with_every_seed_once():
    """A run that is missing or counted twice would shift every share."""
    trials = run_suite({"a": solve(1), "b": solve(2)}, {"easy": 3, "hard": 5}, [4, 7])
    keys = [(t.problem, t.method, t.seed) for t in trials]
    assert len(keys) == len(set(keys)) == 8
    assert Trial("b", "hard", 7, 10.0, 0.0) in trials


def test_what_cannot_be_applied_is_no_loss():
    """A gradient method would lose on tours, where it never ran."""
    trials = run_suite({"a": solve(1), "b": lambda problem, seeds: None}, {"tours": 1}, range(3))
    assert {t.method for t in trials} == {"a"}


def test_a_seed_twice_is_refused():
    """Thirty copies of one run would pass for thirty runs."""
    with pytest.raises(ValueError, match="occurs twice"):
        run_suite({"a": solve(1)}, {"p": 1}, [1, 1])


def test_a_profile_by_hand():
    """Failures, unsolved problems or ties would be counted otherwise than in the paper of Dolan and More."""
    found = performance_profile(COSTS, [1.0, 2.0, 4.0, 1e6])
    assert found.tolist() == [[0.25, 0.25, 0.5, 0.5], [0.5, 0.75, 0.75, 0.75]]


def test_a_profile_at_one_counts_wins():
    """Without ties the shares at tau = 1 add up to the share of problems that somebody solves."""
    costs = np.random.default_rng(0).uniform(1, 100, (5, 40))
    costs[:, :4] = np.inf
    found = performance_profile(costs, np.geomspace(1, 100, 30))
    assert np.isclose(found[:, 0].sum(), 36 / 40)
    assert (np.diff(found, axis=1) >= 0).all()
    assert np.allclose(found[:, -1], 36 / 40)


def test_the_library_and_the_exercises_agree():
    """The lesson would show other numbers with the learner's own functions than without."""
    taus, rng = np.array([1.0, 3.0, 50.0]), np.random.default_rng(1)
    assert np.array_equal(get("trial.profile")(COSTS, taus), performance_profile(COSTS, taus))
    a, b = rng.normal(size=(2, 30))
    mine, theirs = (f(a, b, np.random.default_rng(5), 4000, 0.95) for f in (paired_interval, get("trial.interval")))
    assert np.allclose(mine, theirs)


def test_the_interval_is_scipys():
    """Another resampling or another quantile would give intervals that promise what they do not hold."""
    rng = np.random.default_rng(3)
    luck = rng.exponential(size=40)
    a, b = luck + rng.normal(1, 0.5, 40), luck
    ours = paired_interval(a, b, np.random.default_rng(0), n=20_000)
    theirs = bootstrap((a - b,), np.mean, n_resamples=20_000, method="percentile", rng=np.random.default_rng(1))
    assert np.allclose(ours, theirs.confidence_interval, atol=0.01)


def test_pairs_make_it_narrow():
    """What both methods share would count as noise."""
    rng = np.random.default_rng(3)
    luck = 10 * rng.exponential(size=40)
    a, b = luck + rng.normal(1, 0.5, 40), luck
    paired, torn = (np.ptp(paired_interval(a, other, np.random.default_rng(0))) for other in (b, rng.permutation(b)))
    assert paired < torn / 5


def test_costs_side_by_side():
    """A column would hold the costs of different runs."""
    trials = run_suite({"a": solve(1), "b": solve(2)}, {"easy": 3, "hard": 5}, [4, 7])
    assert cost_table(trials, ["b", "a"]).tolist() == [[6, 6, 10, 10], [3, 3, 5, 5]]
    assert cost_table(trials, ["a"], ["hard"]).tolist() == [[5, 5]]


def test_a_failure_costs_ten_budgets():
    """A setting that is fast when lucky would be chosen."""
    lucky, steady = [10.0, np.inf, np.inf], [60.0, 70.0, 80.0]
    assert penalized([lucky], 100).tolist() == [pytest.approx((0.1 + 20) / 3)]
    assert best_setting([lucky, steady], np.ones((2, 3)), 100) == 1


def test_among_failures_the_nearest_is_chosen():
    """A tuner would take the first of many settings that all fail, and never the one that nearly arrives."""
    assert best_setting(np.full((3, 2), np.inf), [[0.5, 0.5], [0.01, 0.02], [np.nan, 0.01]], 100) == 1


def test_tolerance():
    """Settings would count as near the best where nothing is good."""
    assert tolerance([0.1, 0.15, 0.3, 10.0]) == 0.5
    assert np.isnan(tolerance([10.0, 10.0])) and np.isnan(tolerance([4.0, 5.0]))
