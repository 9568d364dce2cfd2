"""Newton's remedies and BFGS, held against SciPy and against what they promise."""

import numpy as np
import pytest
from scipy.optimize import BFGS as SciPyBFGS
from scipy.optimize import minimize

from course_lib.exercises import get
from course_lib.optimizers import PointState, newton
from course_lib.problems import Himmelblau, Logistic, Rosenbrock, add_intercept, bowl, breast_cancer
from course_lib.run import first, run
from course_lib.second_order import BFGSState, backtracking, bfgs, bfgs_update, make_pd, safe_newton

START = np.array([-1.2, 1.0])


def symmetric(rng, d):
    A = rng.normal(0, 1, (d, d))
    return A + A.T


# -------------------------------------------------------------------------------------------------- Newton


@pytest.mark.parametrize("condition", [1, 100, 1e6])
def test_one_step_solves_a_bowl(condition):
    """Newton's step would depend on the condition number, or point the wrong way."""
    f = bowl(condition, angle=0.7, dim=4)
    (x,) = newton(PointState(np.array([3.0, -2.0, 1.0, 5.0])), f, None)
    assert np.allclose(x, 0, atol=1e-9)


def test_newton_walks_the_known_path_on_rosenbrock():
    """From (-1.2, 1) the first points are known: (-1.1753, 1.3807) and (0.7631, -3.1750) (Nocedal and Wright)."""
    x = run(newton, PointState(START), Rosenbrock(), steps=6).x
    assert np.allclose(x[1:3], [[-1.1752809, 1.3806742], [0.7631149, -3.1750339]], atol=1e-7)
    assert np.allclose(x[6], 1, atol=1e-10)


def test_newton_on_logistic_regression_meets_scikit_learn():
    """The Hessian of the loss, or the step, would be off: another solution, or no quadratic convergence."""
    from sklearn.linear_model import LogisticRegression

    data = breast_cancer()
    X = (data.X - data.X.mean(0)) / data.X.std(0)
    f = Logistic(add_intercept(X), data.y, l2=0.01)
    x = run(newton, PointState(np.zeros(31)), f, steps=10).x[-1]
    theirs = LogisticRegression(C=1 / (0.01 * len(X)), tol=1e-12, max_iter=10_000).fit(X, data.y)
    assert np.abs(x - np.append(theirs.intercept_, theirs.coef_)).max() < 1e-5
    assert np.linalg.norm(f.grad(x)) < 1e-14


def test_damping_turns_toward_the_gradient():
    """A large lambda must give a short step along the gradient: x - g / lambda."""
    f, x0 = Himmelblau(), np.array([0.3, 2.0])
    (x,) = newton(PointState(x0), f, None, damping=1e7)
    assert np.allclose(x - x0, -f.grad(x0) / 1e7, rtol=1e-4)


def test_a_singular_hessian_is_said():
    """A run would go on with nonsense."""
    f = Rosenbrock()
    with pytest.raises(np.linalg.LinAlgError):
        newton(
            PointState(np.zeros(2)),
            type("Flat", (), {"grad": f.grad, "hess": lambda self, x: np.zeros((2, 2))})(),
            None,
        )


# ------------------------------------------------------------------------------------------------ remedies


@pytest.mark.parametrize("d", [1, 2, 5])
def test_make_pd(d):
    """An eigenvalue would stay below tau, or one that is large enough would change."""
    rng = np.random.default_rng(d)
    H = np.stack([symmetric(rng, d) for _ in range(20)])
    fixed = make_pd(H, 0.3)
    assert np.allclose(np.linalg.eigvalsh(fixed), np.maximum(np.linalg.eigvalsh(H), 0.3))
    assert np.allclose(fixed, fixed.mT) and np.allclose(fixed @ H, H @ fixed)


def test_backtracking_holds_at_t_and_not_before():
    """Armijo's condition must hold at t and fail at t/rho, unless t is 1; and SciPy agrees."""
    from scipy.optimize._linesearch import scalar_search_armijo

    f, rng = Rosenbrock(), np.random.default_rng(0)
    x = rng.uniform(-2, 2, (200, 2))
    g = f.grad(x)
    p, c = -g, 0.2
    t = backtracking(f, g, x, p, c=c, rho=0.6)
    enough = lambda t: f(x + t[:, None] * p) <= f(x) - c * t * (g**2).sum(-1)
    assert enough(t).all() and not enough(t / 0.6)[t < 1].any() and (t < 1).any()
    for i in range(20):
        alpha, _ = scalar_search_armijo(lambda a, i=i: f(x[i] + a * p[i]), f(x[i]), g[i] @ p[i], c1=c)
        assert f(x[i] + alpha * p[i]) <= f(x[i]) + c * alpha * (g[i] @ p[i])


def test_backtracking_ends_on_a_climb():
    """A direction that climbs would be searched forever."""
    f, x = Rosenbrock(), np.array([[0.5, 0.5], START])
    assert np.allclose(backtracking(f, f.grad(x), x, f.grad(x), rho=0.5, most=7), 0.5**7)


@pytest.mark.parametrize("d", [1, 2, 6])
def test_bfgs_update_is_scipys(d):
    """The update would not be BFGS: SciPy's own strategy gives another matrix."""
    rng = np.random.default_rng(d)
    A = symmetric(rng, d)
    A = A @ A + np.eye(d)
    theirs, B = SciPyBFGS(exception_strategy="skip_update", init_scale=1.0), np.eye(d)
    theirs.initialize(d, "hess")
    for _ in range(5):
        s = rng.normal(0, 1, d)
        theirs.update(s, A @ s)
        B = bfgs_update(B, s, A @ s)
        assert np.allclose(B, theirs.get_matrix(), rtol=1e-8, atol=1e-8)
        assert np.allclose(B @ s, A @ s) and np.linalg.eigvalsh(B)[0] > 0


def test_bfgs_update_skips_what_curves_down():
    """A step without upward curvature would make B indefinite; in a batch only that run is skipped."""
    B, s = np.stack([np.eye(2)] * 2), np.array([[1.0, 0.0], [1.0, 0.0]])
    new = bfgs_update(B, s, np.array([[-1.0, 3.0], [2.0, 1.0]]))
    assert np.array_equal(new[0], np.eye(2)) and np.allclose(new[1] @ s[1], [2, 1])


@pytest.mark.parametrize("step, State", [(safe_newton, PointState), (bfgs, BFGSState)])
def test_safe_methods_fall_and_arrive(step, State):
    """A step that climbs, or a run that ends beside the minimum SciPy finds."""
    f = Rosenbrock()
    trace = run(step, State(START), f, steps=60)
    assert (np.diff(trace.loss[trace.loss > 1e-18]) < 0).all()
    assert np.allclose(trace.x[-1], minimize(f, START, jac=f.grad, method="BFGS").x, atol=1e-4)
    assert first(trace.loss < 1e-10) < 40


def test_bfgs_needs_about_as_many_steps_as_scipy():
    """An update that is nearly right would still arrive, but much later."""
    f = Rosenbrock(5)
    x0 = np.linspace(-1, 1, 5)
    theirs = minimize(f, x0, jac=f.grad, method="BFGS", options={"gtol": 1e-6}).nit
    ours = first(np.linalg.norm(f.grad(run(bfgs, BFGSState(x0), f, steps=200).x), axis=-1) < 1e-6)
    assert ours < 2 * theirs


@pytest.mark.parametrize("step, State", [(safe_newton, PointState), (bfgs, BFGSState)])
def test_batches_are_single_runs(step, State):
    """Runs would leak into each other."""
    f, starts = Himmelblau(), np.random.default_rng(1).uniform(-5, 5, (6, 2))
    together = run(step, State(starts), f, steps=15).x
    for i, x0 in enumerate(starts):
        assert np.allclose(run(step, State(x0), f, steps=15).x, together[:, i], rtol=1e-8, atol=1e-8)


def test_library_and_exercises_agree():
    """A learner would build another thing than the library runs."""
    rng = np.random.default_rng(4)
    A = symmetric(rng, 3)
    B, s = A @ A + np.eye(3), rng.normal(0, 1, 3)
    assert np.allclose(get("newton.bfgs_update")(B, s, A @ A @ s), bfgs_update(B, s, A @ A @ s))
    assert np.allclose(get("newton.make_pd")(A, 0.2), make_pd(A, 0.2))
    f, g = Rosenbrock(), Rosenbrock().grad(START)
    assert get("newton.backtracking")(f, g, START, -g) == backtracking(f, g, START, -g)
    path = get("newton.path")(f.grad, f.hess, START, 5)
    assert np.allclose(path, run(newton, PointState(START), f, steps=5).x)
