"""Small real data sets, those that come with scikit-learn: nothing is fetched, and nothing loaded unasked."""

from typing import NamedTuple

import numpy as np


class Dataset(NamedTuple):
    """n examples.

    Attributes:
        X: (n, features), in the units of the source, not standardized.
        y: (n,), labels 0 to k - 1, or for a regression the measured numbers.
        names: the features, a tuple of str.
        target_names: the k classes, a tuple of str; empty for a regression.
        source: who gathered it, and when.
    """

    X: np.ndarray
    y: np.ndarray
    names: tuple
    target_names: tuple
    source: str

    def __repr__(self):
        kind = f"{len(self.target_names)} classes" if self.target_names else "regression"
        return f"Dataset({self.X.shape[0]} examples, {self.X.shape[1]} features, {kind}; {self.source})"


def iris():
    """150 flowers, 4 lengths in cm, 3 species."""
    return bundled("iris", "Fisher (1936), measured by Anderson (1935)")


def wine():
    """178 wines, 13 chemical measurements, 3 growers."""
    return bundled("wine", "Forina, Leardi, Armanino and Lanteri (1988), UCI repository")


def breast_cancer():
    """569 tumors, 30 measurements of cell nuclei; 0 is malignant, 1 benign."""
    return bundled("breast_cancer", "Street, Wolberg and Mangasarian (1993), UCI repository")


def digits():
    """1797 handwritten digits, 8 x 8 pixels of brightness 0 to 16, 10 classes."""
    return bundled("digits", "Alpaydin and Kaynak (1998), UCI repository")


def diabetes():
    """442 patients, 10 measurements in their own units; y is the progression of the disease after a year."""
    return bundled("diabetes", "Efron, Hastie, Johnstone and Tibshirani (2004)", scaled=False)


DATASETS = {load.__name__: load for load in (iris, wine, breast_cancer, digits, diabetes)}


def bundled(name, source, **options):
    """The data set of scikit-learn's `load_<name>`; ImportError with a remedy where that is missing."""
    try:
        from sklearn import datasets
    except ImportError:
        raise ImportError("The data sets need scikit-learn: run `pip install scikit-learn`.") from None
    raw = getattr(datasets, "load_" + name)(**options)
    names, targets = map(str, raw.feature_names), map(str, raw.get("target_names", ()))
    return Dataset(raw.data, raw.target, tuple(names), tuple(targets), source)


def standardize(X, *others):
    """X with each column at mean 0 and standard deviation 1, and the others by the same shift and scale as X.

    Give the training set first, so that the test set stays unseen. A constant column becomes 0.
    Returns an array, or a tuple of as many arrays as were given.
    """
    shift, scale = np.mean(X, axis=0), np.std(X, axis=0)
    scale = np.where(np.ptp(X, axis=0) == 0, 1, scale)  # twelve times 0.1 has a deviation of 1e-17, by rounding
    done = tuple((np.asarray(Z) - shift) / scale for Z in (X, *others))
    return done if others else done[0]


def split(n, rng, test=0.25):
    """Indices (train, test) of a random split of n examples, the test part holding the share `test`, rounded.

    ValueError where one part would be empty.
    """
    k = round(n * test)
    if not 0 < k < n:
        raise ValueError(f"A split of {n} examples with test={test} leaves a part empty: change test.")
    order = rng.permutation(n)
    return order[k:], order[:k]
