"""The data sets: they load without a network, say where they come from, and are split and scaled honestly."""

import builtins
import subprocess
import sys

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from course_lib.problems import DATASETS, split, standardize

SHAPES = {
    "iris": (150, 4, 3),
    "wine": (178, 13, 3),
    "breast_cancer": (569, 30, 2),
    "digits": (1797, 64, 10),
    "diabetes": (442, 10, 0),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_data_set_loads(name):
    """A loader whose data, names and classes do not belong together."""
    data, (n, features, classes) = DATASETS[name](), SHAPES[name]
    assert data.X.shape == (n, features) and data.y.shape == (n,)
    assert len(data.names) == features and all(type(text) is str for text in data.names + data.target_names)
    assert len(data.target_names) == classes and np.isfinite(data.X).all()
    assert not classes or np.array_equal(np.unique(data.y), range(classes))
    assert any(part.isdigit() for part in data.source.replace(")", " ").replace("(", " ").split())
    assert repr(data).startswith(f"Dataset({n} examples, {features} features, ")


def test_all_loaders_are_in_the_table():
    """A data set that nobody finds."""
    assert set(DATASETS) == set(SHAPES) and all(load.__doc__ for load in DATASETS.values())


def test_diabetes_is_in_its_own_units():
    """Columns that are scaled already: the lesson on conditioning would have nothing to show."""
    X = DATASETS["diabetes"]().X
    assert X[:, 0].min() == 19 and X.std(0).max() / X.std(0).min() > 50


def test_each_load_is_fresh():
    """A shared array: scaling it in one cell would scale it in all."""
    DATASETS["iris"]().X[:] = 0
    assert DATASETS["iris"]().X.any()


def test_a_missing_scikit_learn_is_explained(monkeypatch):
    """A bare ModuleNotFoundError, which does not say what to install."""
    plain = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == "sklearn":
            raise ModuleNotFoundError(name)
        return plain(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match="need scikit-learn: run `pip install scikit-learn`"):
        DATASETS["iris"]()


def test_importing_the_problems_loads_numpy_alone():
    """Half a second of imports at the top of each notebook."""
    heavy = "{'sklearn', 'scipy', 'matplotlib', 'pandas'}"
    code = f"import sys, course_lib.problems; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_standardize_is_sklearns_scaler():
    """A test set that is scaled by its own mean: it would leak into the training."""
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 3, size=(40, 3)), rng.normal(4, 2, size=(10, 3))
    oracle = StandardScaler().fit(train)
    got = standardize(train, test)
    np.testing.assert_allclose(got[0], oracle.transform(train), atol=1e-13)
    np.testing.assert_allclose(got[1], oracle.transform(test), atol=1e-13)
    np.testing.assert_array_equal(standardize(train), got[0])


def test_a_constant_column_becomes_zero():
    """A division by zero: the corner pixels of all digits are the same."""
    with np.errstate(all="raise"):
        done = standardize(DATASETS["digits"]().X)
    assert np.isfinite(done).all() and not done[:, 0].any()


def test_a_constant_column_is_known_by_its_values():
    """Twelve times 0.1 has a deviation of 1e-17: divided by it, the column would become 1."""
    train, test = standardize(np.full((12, 1), 0.1), np.full((1, 1), 0.6))
    np.testing.assert_allclose(train, 0, atol=1e-15)
    np.testing.assert_allclose(test, 0.5)


@pytest.mark.parametrize("n, test, size", [(100, 0.25, 25), (7, 0.5, 4), (10, 0.3, 3)])
def test_a_split_is_a_partition(n, test, size):
    """An example in both parts, which makes every test score a lie, or in none."""
    train, held = split(n, np.random.default_rng(0), test=test)
    assert len(held) == size and sorted([*train, *held]) == list(range(n))
    again = split(n, np.random.default_rng(0), test=test)
    assert np.array_equal(train, again[0]) and not np.array_equal(held, split(n, np.random.default_rng(1), test)[1])


@pytest.mark.parametrize("n, test", [(10, 0.0), (10, 1.0), (1, 0.5), (3, 0.1)])
def test_a_split_with_an_empty_part_is_refused(n, test):
    """An empty test set, on which each accuracy is NaN."""
    with pytest.raises(ValueError, match="leaves a part empty: change test"):
        split(n, np.random.default_rng(0), test=test)
