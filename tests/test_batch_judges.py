"""The judges of lesson 04: a right answer that draws otherwise is not rejected, less than once in a million times."""

from math import comb, factorial

import numpy as np
import pytest
from zoo_table import accepted

from course_lib.calling import observe
from course_lib.exercises import get
from course_lib.exercises.mini_batch import spread_of_batches, tolerance


@pytest.mark.parametrize("id", ["batch.minibatches", "batch.train"])
def test_a_right_shuffle_hardly_ever_looks_like_none(id):
    """Old order, turned around, or the order of the epoch before: each may come by chance, by counting orders."""
    for seed in range(40):
        risk = 0.0
        for case in get(id).draw(seed):
            n = case.args.get("n", len(case.args.get("y", ())))
            epochs = case.args.get("times", case.args.get("epochs"))
            turned = n + 1  # the old order, turned around to begin anywhere, or kept
            risk += (epochs * turned + comb(epochs, 2)) / factorial(n)
        assert risk < 1e-6


def test_the_noise_of_a_batch_has_room_enough():
    """An unbiased estimate would be called biased: the room is more than five and a half standard errors of it."""
    exercise = get("batch.gradient_variance")
    off = {}
    for seed in range(24):
        for number, case in enumerate(exercise.draw(seed)):
            squares = spread_of_batches(case)
            share = np.array(observe(exercise.reference, case).value[0]).ravel() / squares.mean()
            room = tolerance(squares, len(share) * case.args["draws"] / 2)
            off.setdefault(number, []).append((share.mean() - 1) / room)
    assert all(5.5 * np.std(some) < 1 for some in off.values()), {i: np.std(some) for i, some in off.items()}


@pytest.mark.parametrize("id", ["batch.minibatches", "batch.train", "batch.gradient_variance"])
def test_other_streams_are_right_too(id):
    """A right answer that draws in another order would now and then be rejected."""
    exercise = get(id)
    assert all(accepted(exercise, style, range(200, 208)) for style in exercise.styles)
