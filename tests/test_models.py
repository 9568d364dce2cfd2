"""The losses on data: against finite differences, complex steps and scikit-learn, and fairness of samples."""

import copy
import dataclasses
import itertools
import pickle
import warnings

import numpy as np
import pytest
from sklearn import metrics
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier

from course_lib.problems import (
    LeastSquares,
    Logistic,
    OneHidden,
    Softmax,
    add_intercept,
    breast_cancer,
    diabetes,
    iris,
    standardize,
)
from course_lib.problems.models import log_softmax, sigmoid, softplus

RNG = np.random.default_rng(11)
X = add_intercept(RNG.normal(size=(12, 3)) * [1, 3, 0.5])
LABELS = np.array([0, 1, 2] * 4)

MODELS = {
    "least squares": LeastSquares(X, RNG.normal(size=12), l2=0.3),
    "logistic": Logistic(X, LABELS > 0, l2=0.3),
    "softmax": Softmax(X, LABELS, 4, l2=0.3),
    "one hidden": OneHidden(X[:, 1:], LABELS, 5, 4, l2=0.3),
}
CURVED = [name for name in MODELS if name != "one hidden"]
CLASSIFIERS = [name for name in MODELS if name != "least squares"]


@pytest.fixture(params=MODELS)
def f(request):
    return MODELS[request.param]


@pytest.fixture
def w(f):
    return np.random.default_rng(1).normal(size=(3, f.dim))


def complex_step(g, x):
    """The derivatives of g along the last axis by complex steps: exact but for rounding."""
    return np.stack([g(x + 1e-30j * e).imag / 1e-30 for e in np.eye(x.shape[-1])], axis=-1)


def central(g, x, h=1e-5):
    """The derivatives of g along the last axis by central differences."""
    return np.stack([(g(x + h * e) - g(x - h * e)) / (2 * h) for e in np.eye(x.shape[-1])], axis=-1)


def test_gradient_is_the_slope_of_the_value(f, w):
    """A wrong backward pass: training would still go down, only to a worse place."""
    np.testing.assert_allclose(f.grad(w), complex_step(f, w), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(f.grad(w), central(f, w), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", CURVED)
def test_hessian_is_the_slope_of_the_gradient(name):
    """Axes of the Hessian in the wrong order: Newton's method on weights that are a matrix would diverge."""
    f = MODELS[name]
    w = np.random.default_rng(2).normal(size=(3, f.dim))
    np.testing.assert_allclose(f.hess(w), complex_step(f.grad, w), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(f.hess(w), central(f.grad, w), rtol=1e-6, atol=1e-8)
    assert f.hess(w[0]).shape == (f.dim, f.dim)


def test_the_network_says_that_it_has_no_hessian():
    """An AttributeError from inside, where the learner should be told to take another method."""
    f = MODELS["one hidden"]
    with pytest.raises(NotImplementedError, match="has no Hessian: choose a method that asks for gradients"):
        f.hess(np.zeros(f.dim))


def test_leading_axes_broadcast(f):
    """Runs that mix when a hundred of them are one array."""
    w = np.random.default_rng(3).normal(size=(2, 3, f.dim))
    asked = [f, f.grad, f.predict, f.losses] + ([f.accuracy] if hasattr(f, "accuracy") else [])
    for g in asked + ([] if isinstance(f, OneHidden) else [f.hess]):
        loop = np.array([[g(one) for one in row] for row in w])
        assert g(w).shape == loop.shape
        np.testing.assert_allclose(g(w), loop, rtol=1e-12, atol=1e-14)


# samples


def test_a_sample_of_all_is_the_loss_itself(f, w):
    """A sample that loses an example, or rescales the penalty."""
    whole, mixed = f.sample(np.arange(f.n)), f.sample(np.random.default_rng(0).permutation(f.n))
    assert type(whole) is type(f) and whole.n == f.n and whole.dim == f.dim
    assert np.array_equal(whole(w), f(w)) and np.array_equal(whole.grad(w), f.grad(w))
    np.testing.assert_allclose(mixed.grad(w), f.grad(w), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("batches", [itertools.combinations, lambda n, k: itertools.product(n, repeat=k)])
def test_the_mean_over_all_batches_is_the_loss(f, w, batches, k):
    """A biased batch: stochastic gradient descent would settle beside the minimum. All batches, so no chance."""
    parts = [f.sample(list(batch)) for batch in batches(range(f.n), k)]
    assert {part.n for part in parts} == {k}
    np.testing.assert_allclose(np.mean([part(w) for part in parts], axis=0), f(w), rtol=1e-12)
    mean = np.mean([part.grad(w) for part in parts], axis=0)
    np.testing.assert_allclose(mean, f.grad(w), rtol=1e-11, atol=1e-13)


def test_an_example_drawn_twice_counts_twice(f, w):
    """Sampling with replacement that drops repeats: a bootstrap would be no bootstrap."""
    twice = 2 * f.sample([4]).losses(w)[..., 0] + f.sample([7]).losses(w)[..., 0]
    np.testing.assert_allclose(f.sample([4, 4, 7]).losses(w).sum(-1), twice, rtol=1e-14)
    assert f.sample(4).n == 1


def test_a_sample_keeps_what_all_data_fixed():
    """A column that is 1 by chance in a batch taken for the intercept: the penalty would flicker."""
    f = Logistic([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1], l2=1.0)
    part = f.sample([0, 2])
    assert part.penalized.tolist() == f.penalized.tolist() == [False, True]
    assert part.bounds is f.bounds and part.sample([1]).y.tolist() == [1]
    assert MODELS["softmax"].sample([0, 0]).classes == 4


def test_an_empty_sample_is_refused(f):
    """The mean of nothing is NaN, which would spread over all weights."""
    with pytest.raises(ValueError, match="at least one index"):
        f.sample([])


# against scikit-learn


def fitted(model):
    """The solution of a linear model of scikit-learn as a vector: intercepts first, then a row a feature."""
    return np.vstack([model.intercept_, np.atleast_2d(model.coef_).T]).ravel()


@pytest.fixture(scope="module")
def sugar():
    X, y, *_ = diabetes()
    return standardize(X), y


def test_least_squares_is_minimal_where_sklearn_says(sugar):
    """Another loss than the mean of squares, or an intercept that is penalized."""
    X, y = sugar
    plain, l2 = LeastSquares(add_intercept(X), y), 0.2
    w = fitted(LinearRegression().fit(X, y))
    np.testing.assert_allclose(plain.grad(w), 0, atol=1e-9)
    assert plain(w) == pytest.approx(metrics.mean_squared_error(y, plain.predict(w)), rel=1e-12)
    ridge = Ridge(alpha=l2 * len(y) / 2, solver="cholesky").fit(X, y)
    np.testing.assert_allclose(LeastSquares(add_intercept(X), y, l2=l2).grad(fitted(ridge)), 0, atol=1e-9)


CASES = {"logistic": (Logistic, breast_cancer), "softmax": (Softmax, iris)}


@pytest.mark.parametrize("name", CASES)
def test_classification_is_minimal_where_sklearn_says(name):
    """A loss that is no mean log-likelihood, or another scale of the penalty than l2 / 2."""
    make, load = CASES[name]
    X, y = standardize(load().X), load().y
    oracle = LogisticRegression(C=1.7, tol=1e-12, max_iter=5000).fit(X, y)
    f = make(add_intercept(X), y, l2=1 / (1.7 * len(y)))
    w = fitted(oracle)
    np.testing.assert_allclose(f.grad(w), 0, atol=1e-7)
    probability = oracle.predict_proba(X)
    np.testing.assert_allclose(f.losses(w).mean(), metrics.log_loss(y, probability), rtol=1e-10)
    np.testing.assert_allclose(f.probability(w), probability[:, 1] if name == "logistic" else probability, atol=1e-12)
    assert f.accuracy(w) == oracle.score(X, y)
    assert np.array_equal(f.predict(w, add_intercept(X[:9])), oracle.predict(X[:9]))


def test_the_network_is_sklearns():
    """A network with another layout, activation, bias or penalty; loss and gradient by MLPClassifier."""
    X, y = standardize(iris().X), iris().y
    sgd = {"solver": "sgd", "momentum": 0, "batch_size": len(y), "learning_rate_init": 0.1}
    oracle = MLPClassifier(6, activation="tanh", alpha=3.0, random_state=0, **sgd)
    oracle.partial_fit(X, y, classes=[0, 1, 2])

    def flat():
        parts = zip(oracle.coefs_, oracle.intercepts_)
        return np.concatenate([part.ravel() for layer in parts for part in layer])

    f, w = OneHidden(X, y, hidden=6, l2=3.0 / len(y)), flat()
    np.testing.assert_allclose(f.probability(w), oracle.predict_proba(X), rtol=1e-12)
    oracle.partial_fit(X, y)
    assert f(w) == pytest.approx(oracle.loss_, rel=1e-12)
    np.testing.assert_allclose(f.grad(w), (w - flat()) / 0.1, rtol=1e-9, atol=1e-12)


# what is penalized, sizes, starts


def test_the_penalty_spares_intercepts_and_biases(f):
    """An intercept that is pulled to zero: predictions would be biased to the origin."""
    free = {Softmax: [0, 1, 2, 3], OneHidden: [*range(15, 20), *range(40, 44)]}.get(type(f), [0])
    assert np.flatnonzero(~f.penalized).tolist() == free
    w = np.random.default_rng(6).normal(size=f.dim)
    without = dataclasses.replace(f, l2=0.0)
    np.testing.assert_allclose(f(w) - without(w), 0.15 * (w[f.penalized] ** 2).sum(), rtol=1e-12)


def test_the_start_of_a_network():
    """Equal hidden units stay equal forever, and large ones saturate; biases start at 0."""
    f = OneHidden(np.ones((2, 100)), [0, 1], hidden=50)
    w = f.init(np.random.default_rng(0))
    W, a, V, b = f.unpack(w)
    assert f.sizes == (100, 50, 2) and w.shape == (f.dim,) == (100 * 50 + 50 + 50 * 2 + 2,)
    assert W.std() == pytest.approx(0.1, rel=0.1) and V.std() == pytest.approx(50**-0.5, rel=0.25)
    assert not a.any() and not b.any()
    assert np.array_equal(w, f.init(np.random.default_rng(0)))


def test_the_box_holds_the_solutions_of_the_course(sugar):
    """A box that misses the minimum: searches that stay inside it could never find it."""
    X, y = sugar
    for f, w in [
        (LeastSquares(add_intercept(X), y), fitted(LinearRegression().fit(X, y))),
        (
            LeastSquares(X * 1e-3, y - y.mean()),
            LinearRegression(fit_intercept=False).fit(X * 1e-3, y - y.mean()).coef_,
        ),
    ]:
        low, high = f.bounds
        assert np.all((low < w) & (w < high)) and np.all(high < 100 * np.abs(w).max())
    for f in MODELS.values():
        assert all(side.shape == (f.dim,) and np.isfinite(side).all() for side in f.bounds)
        assert np.all(f.bounds[0] < f.bounds[1])
    assert np.all(LeastSquares(np.zeros((3, 2)), np.zeros(3)).bounds[1] > 0)


def test_add_intercept_puts_ones_first():
    """An intercept elsewhere than w[0], where all lessons look for it."""
    assert add_intercept([[2, 3], [4, 5]]).tolist() == [[1, 2, 3], [1, 4, 5]]


# robustness


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_huge_weights_neither_overflow_nor_warn(name):
    """exp of a large score: one step too long and the loss is NaN instead of large."""
    f = MODELS[name]
    w = 1e4 * np.random.default_rng(8).normal(size=(2, f.dim))
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        assert np.isfinite(f(w)).all() and np.isfinite(f.grad(w)).all()


def test_the_safe_functions_are_the_plain_ones():
    """A safe formula that is another function."""
    z = np.linspace(-20, 20, 401)
    np.testing.assert_allclose(softplus(z), np.log1p(np.exp(z)), rtol=1e-12)
    np.testing.assert_allclose(sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-12)
    np.testing.assert_allclose(np.exp(log_softmax(z)), np.exp(z) / np.exp(z).sum(), rtol=1e-12)
    assert sigmoid(np.array([-1e9, 1e9])).tolist() == [0, 1]
    assert softplus(np.array([-1e9, 1e9])).tolist() == [0, 1e9]
    assert sigmoid(np.array(-700.0)) == pytest.approx(np.exp(-700.0), rel=1e-12)


def test_weights_that_do_not_fit_are_named(f):
    """A traceback from inside a matrix product, where the learner only took the wrong length."""
    asked = [f, f.grad, f.predict] + ([] if isinstance(f, OneHidden) else [f.hess])
    for g, shape in itertools.product(asked, [(), (f.dim + 1,), (2, 1)]):
        with pytest.raises(ValueError, match=rf"needs {f.dim} numbers on the last axis, got shape"):
            g(np.zeros(shape))


BAD = [
    (lambda: LeastSquares(X, LABELS[:5]), r"X must be \(n, features\) and y \(n,\)"),
    (lambda: LeastSquares(X[0], LABELS), "X must be"),
    (lambda: LeastSquares(X, LABELS[:, None]), "X must be"),
    (lambda: LeastSquares(X[:0], LABELS[:0]), "n > 0"),
    (lambda: Logistic(X, LABELS), "labels 0 and 1"),
    (lambda: Softmax(X, LABELS, 2), "whole numbers from 0 to 1"),
    (lambda: Softmax(X, LABELS - 0.5), "whole numbers from 0"),
    (lambda: OneHidden(X, -LABELS), "whole numbers from 0"),
]


@pytest.mark.parametrize("make, sentence", BAD)
def test_data_that_do_not_fit_are_named(make, sentence):
    """Data that broadcast in silence, such as y as a column, give a wrong loss without an error."""
    with pytest.raises(ValueError, match=sentence):
        make()


def test_losses_cannot_be_changed(f):
    """Data changed behind a loss's back: the same loss would have two values."""
    with pytest.raises(AttributeError):
        f.l2 = 9.0
    for fixed in (f.X, f.y, f.penalized, *f.bounds):
        with pytest.raises(ValueError, match="read-only"):
            fixed[0] = 0


def test_the_callers_data_stay_the_callers(w):
    """A loss that freezes or follows the caller's array."""
    X, y = np.eye(3), np.arange(3.0)
    f = LeastSquares(X, y)
    before = f([1.0, 1.0, 1.0])
    X[:] = y[:] = 7.0
    assert f([1.0, 1.0, 1.0]) == before


def test_copies_are_the_same_loss(f, w):
    """A loss that cannot be pickled or copied cannot go to another process."""
    for twin in (copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert repr(twin) == repr(f) and np.array_equal(twin.grad(w), f.grad(w))


def test_texts_are_short_and_stable(f):
    """A repr that prints the data."""
    assert repr(f) == f"{type(f).__name__}(n=12, dim={f.dim}, l2=0.3)"


def test_hessians_can_be_written_to(f):
    """A read-only Hessian: adding a damping term in place would fail."""
    if not isinstance(f, OneHidden):
        H = f.hess(np.zeros(f.dim))
        H += np.eye(f.dim)
        assert not np.array_equal(H, f.hess(np.zeros(f.dim)))
