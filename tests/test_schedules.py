"""Schedules against closed forms and against the loop that calls them."""

import numpy as np
import pytest

from course_lib.exercises import get
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import bowl
from course_lib.run import run
from course_lib.schedules import cosine, inverse_decay, step_decay


def test_step_decay_is_a_staircase():
    """The rate would fall a step early or late, or within a stair."""
    schedule = step_decay(0.8, 0.5, 10)
    assert schedule(np.array([0, 9, 10, 19, 20, 35])).tolist() == [0.8, 0.8, 0.4, 0.4, 0.2, 0.1]


def test_inverse_decay_adds_up_without_end_and_its_squares_do_not():
    """Robbins and Monro's two conditions would fail: the run stops short, or its noise never dies."""
    rates = inverse_decay(0.3, 20)(np.arange(2_000_000))
    assert rates[20] == pytest.approx(0.15)
    assert rates.sum() == pytest.approx(0.3 * 20 * np.log(2e6 / 20), rel=0.01)  # grows like the logarithm
    assert (rates**2).sum() == pytest.approx(0.09 * 20, rel=0.03)  # the integral of (0.3 / (1 + t/20))^2


def test_cosine_meets_its_knots():
    """The warm-up would begin at 0, end off the base rate, or the run end off the final one."""
    schedule = cosine(100, 0.6, warmup=10, final=0.06)
    assert np.allclose(schedule(np.array([0, 4, 9, 10, 55, 100, 140])), [0.06, 0.3, 0.6, 0.6, 0.33, 0.06, 0.06])
    rates = schedule(np.arange(101))
    assert np.all(np.diff(rates[:10]) > 0) and np.all(np.diff(rates[10:]) < 0)


def test_cosine_averages_to_the_middle():
    """The fall would not be half a wave, which is as long above its middle as below."""
    assert cosine(999, 0.5, final=0.1)(np.arange(1000)).mean() == pytest.approx(0.3, rel=1e-9)


def test_cosine_is_the_one_of_the_exercise():
    """A learner's schedule and the library's would differ, and with them the figures."""
    schedule, reference = cosine(50, 0.7, 8, 0.02), get("batch.warmup_cosine")
    assert np.allclose(schedule(np.arange(51)), [reference(t, 50, 0.7, 8, 0.02) for t in range(51)], rtol=1e-12)


def test_the_loop_calls_a_schedule_with_the_steps_taken():
    """The first step would have the second rate, or each epoch the first one again."""
    trace = run(gradient_descent, PointState(np.ones(1)), bowl(1, dim=1), steps=4, lr=step_decay(0.5, 0.5, 2))
    assert np.allclose(trace.x[:, 0], np.cumprod([1, 0.5, 0.5, 0.75, 0.75]))


@pytest.mark.parametrize("make", [
    lambda: step_decay(1, 0.5, 0), lambda: inverse_decay(1, 0), lambda: cosine(10, 1, 10), lambda: cosine(10, 1, -1),
])  # fmt: skip
def test_senseless_schedules_are_refused(make):
    """A division by zero would come much later, in the middle of a run."""
    with pytest.raises(ValueError, match="needs|must"):
        make()
