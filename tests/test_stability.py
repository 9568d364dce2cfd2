"""Clipping, rates and diagnosis, held against closed forms; the exploding recurrence against differences."""

import numpy as np
import pytest

from course_lib.exercises import get
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import Recurrence, bowl, leaky_sum
from course_lib.run import run
from course_lib.stability import (
    WORDS,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    clipped_descent,
    diagnose,
    early_stop,
    lr_range_test,
    norm,
    normalize,
    step_decay,
)

RNG = np.random.default_rng(0)


def test_global_norm_clips_all_arrays_by_one_factor():
    """Arrays would get factors of their own, short gradients would grow, or zeros become NaN."""
    grads = [RNG.normal(0, 3, (4, 2)), RNG.normal(0, 3, 5)]
    flat = np.concatenate([g.ravel() for g in grads])
    clipped = np.concatenate([g.ravel() for g in clip_by_global_norm(grads, 2.0)])
    assert np.linalg.norm(clipped) == pytest.approx(2) and np.allclose(
        clipped / np.linalg.norm(clipped), flat / np.linalg.norm(flat)
    )
    assert all(np.array_equal(a, b) for a, b in zip(clip_by_global_norm(grads, 1e3), grads, strict=True))
    assert not np.any(clip_by_global_norm([np.zeros(3)], 1.0)[0])


def test_clip_by_norm_works_run_by_run():
    """One long gradient in a batch would shorten the others."""
    g = np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0], [3e200, 4e200]])
    with np.errstate(all="raise"):
        clipped = clip_by_norm(g, 1.0)
    assert np.allclose(clipped, [[0.6, 0.8], [0.3, 0.4], [0, 0], [0.6, 0.8]])


def test_norm_does_not_overflow():
    """The squares of 1e200 overflow, its length does not."""
    assert norm(np.array([3e200, 4e200])) == pytest.approx(5e200) and norm(np.zeros(3)) == 0


def test_normalize_gives_length_one():
    """A gradient of zero would become NaN, or a short one stay short."""
    g = RNG.normal(0, 5, (6, 3))
    g[2] = 0
    lengths = np.linalg.norm(normalize(g), axis=-1)
    assert np.allclose(np.delete(lengths, 2), 1) and lengths[2] == 0


def test_clip_by_value():
    """An entry would leave the interval, or one inside it change."""
    assert clip_by_value(np.array([-9.0, -0.5, 0.0, 2.0, 7.0]), 2.0).tolist() == [-2, -0.5, 0, 2, 2]


def test_clipped_descent_bounds_the_step():
    """A step longer than lr * most; and without a threshold it must be gradient descent."""
    f, x0 = bowl(100), np.array([50.0, -30.0])
    steps = np.linalg.norm(
        np.diff(run(clipped_descent, PointState(x0), f, steps=50, lr=0.015, most=20.0).x, axis=0), axis=1
    )
    assert (steps <= 0.3 * (1 + 1e-12)).all() and steps[0] == pytest.approx(0.3)
    free, plain = (run(step, PointState(x0), f, steps=9, lr=0.01, **more).x
                   for step, more in ((clipped_descent, {"most": np.inf}), (gradient_descent, {})))  # fmt: skip
    assert np.array_equal(free, plain)


def test_range_test_stands_below_the_limit():
    """On a bowl the limit 2/L is known: the suggestion lies below it, the best rate near it, the blow-up beyond."""
    f = bowl(50)
    rates, losses, suggested = lr_range_test(f, np.array([2.0, 1.0]), 1e-4, 10.0, 60)
    assert suggested < 2 / f.L < rates[-1] and suggested == pytest.approx(rates[losses.argmin()] / 10)
    assert not losses[-1] < 4 * f([2.0, 1.0]) and (losses[:-1] < 4 * f([2.0, 1.0])).all() and len(rates) < 60


def test_staircase():
    """A stair would end a step early or late, or fall only once."""
    assert np.allclose([step_decay(t, 0.8, 0.5, 3) for t in range(7)], [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2])


def test_diagnose_knows_every_word_in_any_units():
    """A word would never be said, or depend on the units of the loss."""
    for case in get("stable.diagnose").draw(5):
        found = diagnose(case.args["loss"])
        assert found[1] == case.part and found[1] in WORDS and diagnose(1e6 * case.args["loss"])[1] == found[1]


@pytest.mark.parametrize("id", ["stable.clip_by_value", "stable.clip_by_global_norm", "stable.step_decay",
                                "stable.diagnose", "stable.early_stop"])  # fmt: skip
def test_library_and_exercises_agree(id):
    """A learner would build another thing than the library runs."""
    ours = {f.__name__: f for f in (clip_by_value, clip_by_global_norm, step_decay, diagnose, early_stop)}
    for case in get(id).draw(2):
        if case.probe == "once":
            theirs, mine = get(id)(*case.args.values()), ours[get(id).name](*case.args.values())
            assert repr(theirs) == repr(mine)


def test_recurrence_is_the_sum_of_its_echoes():
    """h_T in closed form: the sum of b a^(T-t) u_t."""
    X, w = RNG.normal(0, 1, (7, 30)), np.array([0.8, 1.3])
    f = Recurrence(X, np.zeros(7))
    assert np.allclose(f.predict(w), 1.3 * X @ 0.8 ** np.arange(29, -1, -1))
    assert np.allclose(f(w), np.mean(f.predict(w) ** 2))


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_recurrence_gradient_by_complex_step(l2):
    """The slopes through time would be off; a batch would mix its runs."""
    X = RNG.normal(0, 1, (9, 12))
    f, w = Recurrence(X, RNG.normal(0, 1, 9), l2=l2), RNG.normal(0, 1, (2, 5, 2))
    slopes = np.stack([f(w + 1e-30j * e).imag / 1e-30 for e in np.eye(2)], axis=-1)
    assert np.allclose(f.grad(w), slopes, rtol=1e-10)
    assert np.allclose(f.grad(w)[1, 3], f.grad(w[1, 3]))


def test_recurrence_explodes_beyond_one():
    """The lesson rests on it: gentle below a = 1, a cliff beyond, the minimum at the weights of the data."""
    f = leaky_sum(np.random.default_rng(1))
    lengths = [np.linalg.norm(f.grad(np.array([a, 0.5]))) for a in (0.9, 1.0, 1.1, 1.2)]
    assert f(np.array([0.9, 0.5])) < 1e-25 and lengths[3] > 20 * lengths[2] > 400 * lengths[1]
    assert f.sample([0, 3, 3]).n == 3 and f.dim == 2
