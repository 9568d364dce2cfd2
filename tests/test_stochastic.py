"""Lesson 03: runs that see examples of their own, the judge of SGD, and the two explorers."""

import numpy as np
import pytest

from course_lib.calling import Case, Given, Outcome, observe
from course_lib.checking import calling_here, examine
from course_lib.exercises import get
from course_lib.exercises.stochastic_gradient_descent import MANY, judge_run, order_fault
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import LeastSquares, Logistic, Softmax
from course_lib.run import epochs_of, run
from course_lib.widgets import noise_cloud, witnesses
from course_lib.widgets.witnesses import downhill, two_weights

LINEAR = pytest.mark.parametrize("kind", [LeastSquares, Logistic])


def problem(kind, n=11, d=3):
    rng = np.random.default_rng(0)
    return kind(rng.normal(0, 1, (n, d)), rng.integers(0, 2, n), l2=0.3)


# ------------------------------------------------------------------------------- examples of their own


@LINEAR
@pytest.mark.parametrize("k", [1, 4])
def test_each_run_sees_its_own_examples(kind, k):
    """A batched run would see the examples of another run, or a mean over the wrong axis."""
    f, rng = problem(kind), np.random.default_rng(1)
    w, indices = rng.normal(0, 1, (5, 3)), rng.integers(f.n, size=(5, k))
    apart = f.sample(indices)
    alone = [f.sample(row) for row in indices]
    assert np.allclose(apart(w), [g(x) for g, x in zip(alone, w, strict=True)])
    assert np.allclose(apart.grad(w), [g.grad(x) for g, x in zip(alone, w, strict=True)])
    assert apart.n == k


def test_a_model_that_cannot_says_so():
    """Softmax would mix up the runs in silence."""
    with pytest.raises(ValueError, match="all runs the same examples"):
        problem(Softmax).sample([[0], [1]])


def test_orders_apart_are_permutations():
    """A run would miss an example within an epoch, or all runs would share one order."""
    feed = epochs_of(7, 3, np.random.default_rng(0), runs=4)
    epoch = np.concatenate([next(feed) for _ in range(3)], axis=1)
    assert np.array_equal(np.sort(epoch, axis=1), np.tile(np.arange(7), (4, 1)))
    assert len({tuple(row) for row in epoch}) == 4


@LINEAR
def test_runs_apart_are_single_runs(kind):
    """Thirty runs at once would not be thirty runs: each must take the steps of its own order, at the same cost."""
    f, start = problem(kind), np.ones((3, 3))
    trace = run(gradient_descent, PointState(start), f, 5, epochs=2, batch_size=2, apart=True, lr=0.1)
    feed, w = epochs_of(f.n, 2, np.random.default_rng(5), runs=3), start.copy()
    for _ in range(12):
        indices = next(feed)
        w = np.array([x - 0.1 * f.sample(row).grad(x) for x, row in zip(w, indices, strict=True)])
    assert np.allclose(trace.x[-1], w)
    assert trace.cost[-1] == pytest.approx(2)
    assert len({tuple(x) for x in trace.x[-1]}) == 3


def test_floor_is_what_theory_says():
    """The noise floor of the course would not be that of the literature: alpha/4 times the mean square at w*."""
    rng = np.random.default_rng(2)
    X = rng.normal(0, 1, (60, 2))
    f = LeastSquares(X, X @ [1.0, -1.0] + rng.normal(0, 0.5, 60))
    best = np.linalg.lstsq(f.X, f.y, rcond=None)[0]
    g = f.sample(np.arange(f.n)[:, None]).grad(np.tile(best, (f.n, 1)))
    w, lr, seen = np.tile(best, (400, 1)), 0.01, []
    for t in range(1500):
        w = w - lr * f.sample(rng.integers(f.n, size=(400, 1))).grad(w)
        seen += [f(w).mean() - f(best)] if t > 500 else []
    assert np.mean(seen) == pytest.approx(lr / 4 * (g**2).sum(axis=1).mean(), rel=0.1)


# --------------------------------------------------------------------------------------- the judge of SGD


def test_a_right_order_is_hardly_ever_rejected():
    """A right answer would now and then be called wrong: by the count, less than once in a million."""
    chance_of_a_pair, pairs, sorted_first = 1 / 479001600, 10 + 3, 2  # 12! orders; five and three epochs
    assert MANY == 12 and (pairs + sorted_first) * chance_of_a_pair < 1e-6
    rng = np.random.default_rng(0)
    for _ in range(2000):
        assert order_fault(np.array([rng.permutation(MANY) for _ in range(5)]), True) is None


def outcome_of(value):
    case = get("sgd.run").draw(0)[0]
    return case, Outcome(value=value), observe(get("sgd.run").reference, case)


@pytest.mark.parametrize("value", [None, (1, 2), "x", ([], [], [], True), (np.zeros((6, 2)), ["a"] * 60, [], True)])
def test_the_judge_survives_anything(value):
    """A forged record would stop the grader."""
    assert isinstance(judge_run(*outcome_of(value)), str)


def test_the_judge_survives_points_that_are_none():
    """A forged record of places would stop the grader."""
    case = next(case for case in get("sgd.run").draw(0) if case.part == "steps")
    expected = observe(get("sgd.run").reference, case)
    path, indices, points, drew = expected.value
    for forged in (points[:-1], [np.zeros(9)] * len(points), ["a"] * len(points), [None] * len(points)):
        assert isinstance(judge_run(case, Outcome(value=(path, indices, forged, drew)), expected), str)
    wild = [int(1e6), *indices[1:]]
    assert isinstance(judge_run(case, Outcome(value=(path, wild, points, drew)), expected), str)


def test_steps_and_order_are_marked_apart():
    """Who never shuffles and steps rightly would get nothing, or everything."""
    exercise = get("sgd.run")
    for name in ("never_shuffles", "stale_within_the_epoch"):
        mistake = next(m for m in exercise.zoo if m.name == name)
        assert examine(exercise, calling_here(mistake.function), 0).points == exercise.points / 2


def test_visits_are_noted():
    """The examiner would not see which examples were asked for, or whether rng was used."""
    given = Given("gradient_of_one", {"X": np.eye(3), "y": np.ones(3)})
    args = {"grad_i": given, "w0": np.zeros(3), "rng": Given("rng", {"seed": 0})}

    def twice(grad_i, w0, rng):
        return [grad_i(w0, 2), grad_i(w0 + 1, 0)]

    value, indices, points, drew = observe(twice, Case(args, "two questions", probe="visits")).value
    assert np.allclose(value, [[0, 0, -2], [0, 0, 0]]) and indices == [2, 0] and not drew
    assert np.array_equal(points, [np.zeros(3), np.ones(3)])
    assert observe(lambda grad_i, w0, rng: rng.random(), Case(args, "a draw", probe="visits")).value[3]


# ------------------------------------------------------------------------------------------- the explorers


def test_cloud_goal():
    """The goal of lesson 03 would be reached by any small rate, or by none."""
    explorer = noise_cloud()
    reached = {lr: explorer.scene(lr=lr).goal.reached for lr in (0.0005, 0.01, 0.02)}
    assert reached[0.01] and not reached[0.02] and not reached[0.0005]
    assert "on their way" in explorer.scene(lr=0.0005).text


def test_witnesses_goal():
    """The goal would be out of reach of the grid that the point moves on, or reached far from the minimum."""
    explorer = witnesses()
    assert explorer.scene(w=(0.5, 0.24)).goal.reached
    assert not any(explorer.scene(w=w).goal.reached for w in [(0.3, 0.2), (1.2, 1.2), (0.6, 0.24)])


def test_arrows_are_gradients():
    """The arrows would not be what single examples say."""
    f, _, _ = two_weights()
    w = np.array([0.3, -0.2])
    one_by_one = np.array([-2 * (f.X[i] @ w - f.y[i]) * f.X[i] for i in range(f.n)])
    assert np.allclose(downhill(w), one_by_one)
    assert np.allclose(downhill(w).mean(axis=0), -f.grad(w))
