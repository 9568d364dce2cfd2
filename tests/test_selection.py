"""Feature selection: the error of the nearest neighbor, against scikit-learn's."""

import numpy as np
import pytest

from course_lib.problems import FeatureSelection

sklearn = pytest.importorskip("sklearn")


def data(n=60, d=6):
    rng = np.random.default_rng(4)
    y = rng.integers(3, size=n)
    return rng.normal(0, 1, (n, d)) + np.outer(y, np.arange(d) / 4), y


def test_error_against_scikit_learn():
    """A neighbor that is the example itself makes every error 0; a wrong axis makes it noise."""
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    X, y = data()
    f, subsets = FeatureSelection(X, y), np.array([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1], [1, 0, 1, 0, 1, 0]])
    for bits, error in zip(subsets, f(subsets), strict=True):
        score = cross_val_score(KNeighborsClassifier(1), X[:, bits == 1], y, cv=LeaveOneOut())
        assert error == pytest.approx(1 - score.mean())
    assert f(subsets[:, None, :]).shape == (3, 1) and f(subsets[0]).shape == ()


def test_held_out_against_scikit_learn():
    """Examples that served to choose would judge the choice."""
    from sklearn.neighbors import KNeighborsClassifier

    X, y = data(90)
    f, bits = FeatureSelection(X[:60], y[:60]), np.array([0, 1, 0, 1, 1, 0])
    model = KNeighborsClassifier(1).fit(X[:60, bits == 1], y[:60])
    assert f.held_out(bits, X[60:], y[60:]) == pytest.approx(1 - model.score(X[60:, bits == 1], y[60:]))


def test_nothing_kept_is_wrong_everywhere():
    """The empty subset would be as good as a guess, and the search would like it."""
    assert FeatureSelection(*data())(np.zeros(6)) == 1
