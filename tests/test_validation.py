"""Folds and cross-validation: against scikit-learn, and the laws of a fair split."""

import numpy as np
import pytest
from sklearn import linear_model, model_selection, neighbors

from course_lib.problems import Neighbors, Ridge, cross_validate, iris, k_fold

RNG = np.random.default_rng(5)


@pytest.mark.parametrize(("n", "k"), [(10, 5), (23, 4), (7, 7), (12, 2)])
def test_folds_are_a_partition(n, k):
    """An example would leak into its own validation, or never be validated."""
    folds = k_fold(n, k, np.random.default_rng(0))
    assert len(folds) == k
    assert np.array_equal(np.sort(np.concatenate([held for _, held in folds])), np.arange(n))
    assert all(np.array_equal(np.sort(np.concatenate(pair)), np.arange(n)) for pair in folds)
    sizes = [len(held) for _, held in folds]
    assert sorted(sizes) == sorted(len(held) for _, held in model_selection.KFold(k).split(np.zeros(n)))


def test_folds_are_shuffled_evenly():
    """Data sorted by class would put a whole class into one fold."""
    rng, first = np.random.default_rng(1), np.zeros(20)
    for _ in range(4000):
        first[k_fold(20, 4, rng)[0][1]] += 1
    assert np.abs(first / 4000 - 0.25).max() < 6 * np.sqrt(0.25 * 0.75 / 4000)


@pytest.mark.parametrize("k", [1, 11])
def test_an_impossible_number_of_folds_is_refused(k):
    """A fold without examples, and a mean of nothing."""
    with pytest.raises(ValueError, match="2 to 10 folds"):
        k_fold(10, k, np.random.default_rng(0))


def test_ridge_is_scikit_learns():
    """Another penalty than the one in the docstring."""
    X, y = RNG.normal(size=(30, 4)), RNG.normal(size=30)
    theirs = linear_model.Ridge(alpha=0.7, fit_intercept=False).fit(X, y)
    w = Ridge(0.7).fit(X, y)
    assert np.allclose(w, theirs.coef_)
    assert Ridge().loss(w, X, y) == pytest.approx(np.mean((theirs.predict(X) - y) ** 2))


@pytest.mark.parametrize("k", [1, 3, 8])
def test_neighbors_are_scikit_learns(k):
    """Another vote, or another neighborhood."""
    X, y = RNG.normal(size=(80, 3)), RNG.integers(0, 4, 80)
    more = RNG.normal(size=(40, 3))
    theirs = neighbors.KNeighborsClassifier(k).fit(X, y)
    assert np.array_equal(Neighbors(k).predict(Neighbors(k).fit(X, y), more), theirs.predict(more))


def test_cross_validation_is_scikit_learns():
    """A model that was fitted on what it is judged by."""
    data, folds = iris(), k_fold(150, 6, np.random.default_rng(2))
    ours = cross_validate(Neighbors(5).fit, Neighbors(5).loss, data.X, data.y, folds)
    theirs = model_selection.cross_val_score(neighbors.KNeighborsClassifier(5), data.X, data.y, cv=folds)
    assert np.allclose(1 - ours, theirs)
