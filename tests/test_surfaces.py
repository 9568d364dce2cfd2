"""The test functions: formulas, cards, shapes, and what is said when a point does not fit."""

import copy
import pickle

import numpy as np
import pytest
from scipy import optimize

from course_lib.problems import SURFACES, Quadratic, Rosenbrock, Wells, bowl

ONLY = {"himmelblau": (2,), "beale": (2,), "wells": (1,)}
ALL = [(name, d) for name in SURFACES for d in ONLY.get(name, (2, 3, 5))]


def odd(d):
    """A quadratic with everything: an A that is not symmetric, a b and a c."""
    rng = np.random.default_rng(d)
    B = rng.normal(size=(d, d))
    return Quadratic(B @ B.T + np.eye(d) + np.triu(rng.normal(size=(d, d)) / 10, 1), rng.normal(size=d), 0.7)


@pytest.fixture(params=[*ALL, ("bowl", 1), ("quadratic", 4)], ids=lambda p: f"{p[0]}-{p[1]}")
def f(request):
    name, d = request.param
    if name == "quadratic":
        return odd(d)
    return bowl(condition=1 if d == 1 else 37.0, angle=0.6, dim=d) if name == "bowl" else SURFACES[name](dim=d)


@pytest.fixture
def x(f):
    return np.random.default_rng(2).uniform(*f.bounds, size=(6, f.dim))


def complex_step(g, x):
    """The derivatives of g along the last axis, by complex steps (Squire and Trapp, 1998)."""
    return np.stack([g(x + 1e-30j * e).imag / 1e-30 for e in np.eye(x.shape[-1])], axis=-1)


def central(g, x, h):
    """The derivatives of g along the last axis by central differences."""
    return np.stack([(g(x + h * e) - g(x - h * e)) / (2 * h) for e in np.eye(x.shape[-1])], axis=-1)


def close(got, expected, tol):
    """Equal within tol times the largest entry."""
    np.testing.assert_allclose(got, expected, rtol=0, atol=tol * (1 + np.abs(expected).max()))


def test_gradient_is_the_slope_of_the_value(f, x):
    """A wrong gradient formula: each optimizer would walk on another surface than the one that is drawn."""
    close(f.grad(x), complex_step(f, x), 1e-12)
    close(f.grad(x), central(f, x, 1e-5), 1e-8)


def test_hessian_is_the_slope_of_the_gradient(f, x):
    """A wrong Hessian formula: Newton's method and every word on curvature would be off."""
    close(f.hess(x), complex_step(f.grad, x), 1e-12)
    close(f.hess(x), central(f.grad, x, 1e-5), 1e-8)


@pytest.mark.parametrize("d", [2, 3, 7])
def test_rosenbrock_is_scipys(d):
    """A Rosenbrock function of our own making, with which no result in the literature could be compared."""
    f = Rosenbrock(dim=d)
    for x in np.random.default_rng(d).uniform(-2, 2, size=(20, d)):
        np.testing.assert_allclose(f(x), optimize.rosen(x), rtol=1e-13)
        close(f.grad(x), optimize.rosen_der(x), 1e-13)
        close(f.hess(x), optimize.rosen_hess(x), 1e-13)


KNOWN = [  # values by hand, from the formulas in the literature
    ("rosenbrock", [-1.2, 1.0], 24.2),
    ("himmelblau", [0.0, 0.0], 170.0),
    ("beale", [0.0, 0.0], 1.5**2 + 2.25**2 + 2.625**2),
    ("beale", [1.0, 1.0], 1.5**2 + 2.25**2 + 2.625**2),
    ("rastrigin", [1.0, 0.5], 1.0 + 20.25),
    ("ackley", [1.0, 1.0], 20 - 20 * np.exp(-0.2)),
    ("griewank", [np.pi, 0.0], 2 + np.pi**2 / 4000),
    ("schwefel", [np.pi**2, np.pi**2 / 4], 2 * 418.9828872724338 - np.pi**2 / 4),
    ("schwefel", [-(np.pi**2) / 4, 0.0], 2 * 418.9828872724338 + np.pi**2 / 4),
    ("styblinski_tang", [1.0, -1.0], -15.0),
    ("wells", [0.0], 1.0),
]


@pytest.mark.parametrize("name, x, value", KNOWN)
def test_values_known_from_the_literature(name, x, value):
    """A formula that is consistent in itself, derivatives included, but is not the function of that name."""
    assert SURFACES[name](dim=len(x))(x) == pytest.approx(value, rel=1e-13)


def test_minima_are_where_the_card_says(f):
    """A card that states a wrong minimum: "distance to the optimum" would be measured to nowhere."""
    card = f.card
    assert card.minima.shape == (len(card.minima), f.dim) and len(card.minima)
    np.testing.assert_allclose(f(card.minima), card.value, atol=1e-10)
    np.testing.assert_allclose(f.grad(card.minima), 0, atol=1e-9)
    assert np.all(np.linalg.eigvalsh(f.hess(card.minima)) > 0)


def test_nothing_in_the_box_is_lower_than_the_card_says(f):
    """A local minimum given as the global one, or a minimum outside the box that is searched."""
    low, high = f.bounds
    assert np.all((low < f.card.minima) & (f.card.minima < high))
    anywhere = np.random.default_rng(3).uniform(low, high, size=(20_000, f.dim))
    near = f.card.minima[:, None] + np.random.default_rng(4).normal(0, 1e-2, size=(500, f.dim))
    assert f(anywhere).min() >= f.card.value - 1e-9
    assert f(near).min() >= f.card.value - 1e-9


def test_leading_axes_broadcast(f):
    """A formula that sums over the wrong axis: a hundred starts in one array would mix."""
    x = np.random.default_rng(5).uniform(*f.bounds, size=(2, 3, f.dim))
    for g in (f, f.grad, f.hess):
        loop = np.array([[g(one) for one in row] for row in x])
        assert g(x).shape == loop.shape
        close(g(x), loop, 1e-13)
    assert f(x[:0]).shape == (0, 3) and f.grad(x[:0]).shape == (0, 3, f.dim)


def test_zero_is_finite_and_silent(f):
    """0/0 at the tip of Ackley's cone and under Schwefel's root: NaN would end every run that touches it."""
    zeros = np.zeros((2, f.dim))
    with np.errstate(all="raise"):
        for y in (f(zeros), f.grad(zeros), f.hess(zeros)):
            assert np.isfinite(y).all()


def test_whole_numbers_and_lists_are_points(f):
    """Integer arithmetic: a start written [2, 1] would give truncated or overflowing results."""
    x = [1] * f.dim
    for g in (f, f.grad, f.hess):
        assert np.array_equal(g(x), g(np.array(x, dtype=float)))


def test_points_are_left_alone(f, x):
    """A surface that writes into its argument would corrupt the film of a run."""
    before = x.copy()
    f(x), f.grad(x), f.hess(x)
    assert np.array_equal(x, before)


def test_results_are_the_callers_own(f, x):
    """A result that shares memory with the surface: changing a gradient in place would change the surface."""
    first = f.hess(x)
    first[...] = 7.0
    f.grad(x)[...] = 7.0
    assert not np.array_equal(f.hess(x), first)


@pytest.mark.parametrize("shape", [(), (6,), (4, 6), (2, 0)])
def test_a_point_that_does_not_fit_is_named(f, shape):
    """A wrong last axis that broadcasts in silence: a wrong number, or a traceback from inside NumPy."""
    for g in (f, f.grad, f.hess):
        with pytest.raises(ValueError, match=rf"needs {f.dim} numbers on the last axis, got shape"):
            g(np.zeros(shape))


def test_surfaces_cannot_be_changed(f):
    """A surface changed by one cell of a notebook would change all that follows."""
    with pytest.raises(AttributeError):
        f.dim = 9
    for fixed in (*f.bounds, f.minima, f.card.minima):
        with pytest.raises(ValueError, match="read-only"):
            fixed[0] = 0


def test_copies_are_the_same_surface(f, x):
    """A surface that cannot be pickled or copied cannot go to another process."""
    for twin in (copy.deepcopy(f), pickle.loads(pickle.dumps(f))):
        assert repr(twin) == repr(f) and np.array_equal(twin(x), f(x))


def test_cards_tell_everything(f):
    """A card with a hole: the lesson would show an empty line."""
    card = f.card
    assert card.name and card.formula and card.character and card.source
    for text in (repr(card), card._repr_markdown_()):
        assert all(part in text for part in (card.name, card.formula, card.character, card.source))
        assert "\n\n\n" not in text
    assert len(card.bounds) == 2 and all(side.shape == (f.dim,) for side in card.bounds)


def test_texts_are_stable():
    """Addresses or long arrays in a repr would make two builds of a notebook differ."""
    assert [repr(SURFACES[name]()) for name in ("bowl", "rosenbrock", "wells")] == [
        "Quadratic(dim=2, mu=1, L=10)",
        "Rosenbrock(dim=2)",
        "Wells(dim=1)",
    ]
    assert repr(Rosenbrock(dim=50).card).splitlines()[3] == "  minimum  0 at (1, 1, ..., 1)"
    assert repr(Wells().card).splitlines()[3] == "  minimum  -1.94584 at (2.42541)"
    assert repr(bowl(50.0, angle=0.5).card).splitlines()[3] == "  minimum  0 at (0, 0)"


def test_help_shows_the_formula():
    """help(Rosenbrock) without its formula: the card and the documentation would be two sources."""
    for name, make in SURFACES.items():
        assert make.__doc__ and (name == "bowl" or make.formula in make.__doc__)


@pytest.mark.parametrize("dim, condition, angle", [(2, 50.0, 0.3), (2, 1.0, 1.0), (5, 1000.0, -2.0), (1, 1.0, 0.4)])
def test_bowl_has_the_condition_that_was_asked_for(dim, condition, angle):
    """A bowl whose L is not the condition number: every bound on the learning rate, 2 / L, would be wrong."""
    f = bowl(condition, angle, dim)
    logs = np.log(np.linalg.eigvalsh(f.hess(np.zeros(dim))))
    np.testing.assert_allclose(logs, np.linspace(0, np.log(condition), dim), atol=1e-12)
    assert (f.mu, f.L) == pytest.approx((1, condition if dim > 1 else 1))


def test_bowl_turns_counterclockwise():
    """A rotation in the wrong sense: the drawn ellipse would lean to the other side."""
    flat = np.array([np.cos(0.5), np.sin(0.5)])
    np.testing.assert_allclose(bowl(20.0, angle=0.5).grad(flat), flat, rtol=1e-13)


def test_quadratic_is_its_formula():
    """A lost factor 1/2 or a wrong sign of b, which shows only when all terms are there."""
    A, b, x = np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([1.0, -2.0]), np.array([0.5, 2.0])
    f = Quadratic(A, b, 5.0)
    assert f(x) == pytest.approx(x @ A @ x / 2 - b @ x + 5.0)
    np.testing.assert_allclose(f.A, [[3, 0.5], [0.5, 2]])
    np.testing.assert_allclose(Quadratic(A, 1.0).grad(x), Quadratic(A, [1.0, 1.0]).grad(x))


def test_a_saddle_claims_no_minimum():
    """A stationary point that is no minimum, given as one."""
    f = Quadratic([[1.0, 0.0], [0.0, -1.0]])
    assert f.minima.shape == (0, 2) and np.isnan(f.card.value) and "no single point" in repr(f.card)
    assert np.array_equal(f.bounds, [[-5, -5], [5, 5]])
    assert "no bowl" in f.card.character and Quadratic(np.eye(2) / 4).card.character.startswith("a bowl")


BAD = [
    (lambda: Quadratic([[1.0, 2.0]]), "A must be a square matrix"),
    (lambda: Quadratic(np.eye(2), b=[1.0, 2.0, 3.0]), "b must be a number or a vector of 2"),
    (lambda: bowl(0.5), "condition must be at least 1"),
    (lambda: bowl(10, dim=1), "1 if dim=1"),
    (lambda: SURFACES["himmelblau"](dim=3), "defined for dim=2 only, got dim=3"),
    (lambda: SURFACES["wells"](dim=2), "defined for dim=1 only, got dim=2"),
    (lambda: SURFACES["rosenbrock"](dim=1), "defined for dim=2 or more, got dim=1"),
    (lambda: SURFACES["ackley"](dim=0), "defined for dim=1 or more, got dim=0"),
]


@pytest.mark.parametrize("make, sentence", BAD)
def test_impossible_surfaces_are_refused(make, sentence):
    """A surface that cannot be would fail later, far from its cause."""
    with pytest.raises(ValueError, match=sentence):
        make()


def test_wells_has_five_of_different_depth():
    """The character on the card, "five wells, the two deepest nearly equal and far apart", come untrue."""
    x = np.linspace(*Wells().bounds, 10_001)
    y = Wells()(x)
    bottoms = np.flatnonzero((y[1:-1] < y[:-2]) & (y[1:-1] < y[2:])) + 1
    depths = np.sort(y[bottoms])
    best, second = x[bottoms[np.argsort(y[bottoms])[:2]], 0]
    assert len(bottoms) == 5 and np.diff(depths).min() > 0.3
    assert depths[1] - depths[0] < 0.5 < depths[2] - depths[1] and abs(best - second) > 5
