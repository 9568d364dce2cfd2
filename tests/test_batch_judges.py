"""The judges of lesson 04: a right answer that draws otherwise is not rejected, less than once in a million times."""

from math import comb, factorial

import numpy as np
import pytest
from zoo_table import accepted

from course_lib.calling import Outcome, observe
from course_lib.exercises import get, mini_batch
from course_lib.exercises.mini_batch import bad_form, spread_of_batches, tolerance, well_formed


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


MODEL = [np.array([4, 0]), np.array([3, 1]), np.array([2])]
FORMS = {  # of an epoch of five examples: the epoch, and what is said of its form
    "a tuple": (tuple(MODEL), None),
    "lists": ([part.tolist() for part in MODEL], None),
    "small and unsigned": ([part.astype(np.uint8) for part in MODEL], None),
    "floats": ([*MODEL[:2], np.array([2.0])], "A batch: It is an array of float64 where one of int64 is asked for."),
    "truth values": ([*MODEL[:2], np.array([True])], "A batch: It is an array of bool where one of float64"),
    "a number": ([*MODEL[:2], 2], "A batch: It is a whole number where an array of shape (1,) is asked for."),
    "a column": ([*MODEL[:2], np.array([[2]])], "A batch: It has the shape (1, 1) where (1,) is asked for."),
    "one too few": (MODEL[:2], "It has 2 entries where 3 are asked for."),
    "an array": (np.array([[4, 0], [3, 1]]), "It is an array of shape (2, 2) where a list of 3 is asked for."),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_is_seen_to_be_right_is_right(form):
    """The short look at the form of an epoch would pass what the long one does not, or its sentence be lost."""
    epoch, sentence = FORMS[form]
    fault = bad_form(epoch, MODEL)
    assert not (well_formed(epoch, [part.shape for part in MODEL]) and fault)
    assert fault is sentence is None or fault.startswith(sentence)


def test_the_usual_answer_takes_the_short_way(monkeypatch):
    """Each epoch of a right answer would be compared at length, which takes ten times as long."""
    monkeypatch.setattr(mini_batch, "mismatch", None)
    exercise = get("batch.minibatches")
    for case in exercise.draw(0):
        outcome = observe(exercise.reference, case)
        assert exercise.judge(case, outcome, outcome) is None


def test_an_epoch_that_loses_a_batch_the_second_time_is_noticed():
    """What an answer returns could depend on how often it was asked, as long as it begins the same."""
    exercise = get("batch.minibatches")
    case = exercise.draw(0)[0]
    right = observe(exercise.reference, case)
    first, again = right.value
    assert "other batches" in exercise.judge(case, Outcome(value=(first, [again[0][:-1], *again[1:]])), right)


@pytest.mark.parametrize("id", ["batch.minibatches", "batch.train", "batch.gradient_variance"])
def test_other_streams_are_right_too(id):
    """A right answer that draws in another order would now and then be rejected."""
    exercise = get(id)
    assert all(accepted(exercise, style, range(200, 208)) for style in exercise.styles)


def test_the_usual_answer_needs_no_reference():
    """Every right answer would cost a run of the reference as well."""
    exercise = get("batch.minibatches")
    for case in exercise.draw(0):
        assert exercise.judge(case, observe(exercise.reference, case), None) is None
