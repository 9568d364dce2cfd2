"""The judges of lesson 01: a right answer that draws otherwise is not rejected, less than once in a million times."""

import numpy as np
import pytest
from zoo_table import accepted, verdict_on

from course_lib.exercises import get
from course_lib.exercises.exhaustive_search import DRAWS, SPREAD, TOGETHER, uneven

AXES_A_CHECK = 2 * (2 + 3 + 2)  # two calls in each case with all draws


def test_even_draws_pass_by_the_bound():
    """Somebody would be told by chance that even draws are not even (Dvoretzky-Kiefer-Wolfowitz, Massart 1990)."""
    assert AXES_A_CHECK * 2 * np.exp(-2 * DRAWS * SPREAD**2) < 1e-6


def test_even_draws_pass_in_fact():
    """The bound would be for another statistic than the one computed, or correlation would be wider than thought."""
    draws = np.random.default_rng(0).uniform(0.02, 2.5, (3000, DRAWS, 2))
    assert max(uneven((column - 0.02) / 2.48) for column in draws[..., 0]) < 0.8 * SPREAD
    z = np.log(draws) - np.log(draws).mean(axis=1, keepdims=True)
    together = (z[..., 0] * z[..., 1]).mean(axis=1) / (z.std(axis=1)).prod(axis=-1)
    assert np.abs(together).max() < 0.6 * TOGETHER


def test_uneven_is_the_statistic_of_kolmogorov():
    """The distance would be measured on one side only, or at the wrong points."""
    stats = pytest.importorskip("scipy.stats")
    shares = np.random.default_rng(1).beta(2, 1, 50)
    assert uneven(shares) == pytest.approx(stats.kstest(shares, "uniform").statistic)


@pytest.mark.parametrize("id", ["search.random_search", "search.k_fold"])
def test_other_streams_are_right_too(id):
    """A right answer that draws in another order would now and then be rejected."""
    exercise = get(id)
    assert all(accepted(exercise, style, range(100, 140)) for style in exercise.styles)


def test_a_grid_may_stand_in_any_order():
    """The order of the rows is free, and would be held against somebody."""
    grid = get("search.grid")
    assert verdict_on(get("search.grid"), lambda lows, highs, n: grid(lows, highs, n)[::-1], 0).clean


def test_folds_may_be_lists_but_no_generator():
    """A loop over pairs would work and be rejected without a word that helps."""
    k_fold = get("search.k_fold")

    def lists(n, k, rng):
        return [[train.tolist(), val.tolist()] for train, val in k_fold(n, k, rng)]

    assert verdict_on(get("search.k_fold"), lists, 0).clean
    found = verdict_on(get("search.k_fold"), lambda n, k, rng: (pair for pair in k_fold(n, k, rng)), 0)
    assert "generator" in found.message
