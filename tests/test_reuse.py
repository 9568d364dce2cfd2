"""Functions that modify or hand back what they are given, where only their answers can be believed."""

import copy
from dataclasses import replace

import numpy as np
import pytest

from course_lib import exercises
from course_lib.calling import Case, Failure, Outcome, observe
from course_lib.checking import ENDLESS, ERROR, RIGHT, Verdict
from course_lib.grading import examination, reuse

ALL = exercises.all_exercises()
WITH_ARRAYS = [one for one in ALL if any(reuse.usable(case, case) for case in one.draw(0))]
GIVEN_COPIES = {"rmsprop.rotate"}  # its probe gives a copy, so there is nothing to modify


def right(exercise):
    return Verdict(exercise.id, RIGHT, exercise.points, exercise.points, "Right.",
                   parts={part.name: True for part in exercise.parts})  # fmt: skip


def asked(exercise, seed=0):
    """The pairs of an exercise, and what is asked about each."""
    pairs = reuse.pairs(right(exercise), exercise.draw(seed), exercise.draw(f"{seed} {reuse.OTHER}"))
    return [(pair, reuse.question(exercise, *pair)) for pair in pairs]


def holds(exercise, function):
    return all(reuse.holds(exercise, pair, observe(function, case, 2.0)) for pair, case in asked(exercise))


def scribbling(function):
    """The right answer, from a function that writes over its arrays afterwards."""

    def scribble(*args):
        answer = copy.deepcopy(function(*args))
        for array in reuse.arrays(list(args)):
            array[...] = array[::-1].copy() if array.dtype.kind in "iu" and len(array) > 1 else 1 - array
        return answer

    return scribble


class Session:
    """A process that answers honestly, and whose word is not taken."""

    forgets = False

    def __init__(self, function):
        self.function, self.asked = function, 0

    def further(self, name, cases):
        self.asked += len(cases)
        return [replace(observe(self.function, case, 2.0), changed=(), shared=False) for case in cases]


def checked(exercise, session, verdict=None):
    others = lambda: exercise.draw("others")
    return reuse.checked(session, exercise, verdict or right(exercise), exercise.draw(0), others)[0]


@pytest.mark.parametrize("exercise", WITH_ARRAYS, ids=lambda one: one.id)
def test_right_answers_hold(exercise):
    """Who leaves alone what it is given must lose nothing by being asked once more."""
    assert asked(exercise)
    for function in (exercise.reference, *exercise.styles):
        assert holds(exercise, function), function.__name__


@pytest.mark.parametrize("exercise", [one for one in WITH_ARRAYS if one.id not in GIVEN_COPIES], ids=lambda one: one.id)
def test_whoever_scribbles_is_seen(exercise):
    """A function that writes over its arrays, and has the watcher look away, would gain half the points."""
    assert not holds(exercise, scribbling(exercise.reference))


def test_whoever_returns_an_argument_is_seen():
    """An answer that changes when its argument does is none where a fresh array is asked for."""
    exercise = exercises.get("stable.clip_by_value")

    def clip(g, c):
        return g if np.all(abs(g) <= c) else np.clip(g, -c, c)

    assert holds(exercise, exercise.reference) and not holds(exercise, clip)


def test_arrays_are_turned_in_place():
    """Other arrays in the place of the first ones would hide that these were modified."""
    first = [np.array([1.0, np.nan]), [np.arange(3)], {"a": np.array([True, False])}, (np.float64(2), "text")]
    second = [np.array([-0.0, 5.0]), [np.arange(3) * 7], {"a": np.array([True, True])}, (np.float64(3), "other")]
    seen = []

    def noting(*args):
        seen.append(args)

    args = {"probe": "once", "names": list("abcd"), "first": first, "turns": reuse.turns(first, second), "late": False}
    assert observe(noting, Case(args, "", probe="reused")).failure is None
    one, two = seen
    assert one[0] is two[0] and one[1][0] is two[1][0] and one[2]["a"] is two[2]["a"]
    assert [*map(repr, two)] == [*map(repr, second)]


def test_a_loss_is_half():
    """What is hidden must cost what it costs when it is seen, no more and no less."""
    exercise = exercises.get("momentum.step")
    verdict = checked(exercise, Session(scribbling(exercise.reference)))
    assert (verdict.points, verdict.flaws, verdict.status) == (1.5, (reuse.FLAW,), RIGHT) and not verdict.clean
    assert checked(exercise, Session(exercise.reference)) == right(exercise)


@pytest.mark.parametrize("options", [{"points": 0.0}, {"flaws": ("it is known.",)}], ids=["nothing", "known"])
def test_nobody_is_asked_in_vain(options):
    """Where there is nothing to lose, or it is lost already, a question costs time alone."""
    exercise = exercises.get("momentum.step")
    session, verdict = Session(scribbling(exercise.reference)), replace(right(exercise), **options)
    assert checked(exercise, session, verdict) == verdict and session.asked == 0


def test_whoever_cannot_lie_is_not_asked():
    """Most submissions are proved: a question more would slow a whole class."""
    exercise = exercises.get("momentum.step")
    session = Session(scribbling(exercise.reference))
    session.forgets = True
    assert checked(exercise, session).clean and session.asked == 0


def test_silence_is_no_proof():
    """Who sleeps, dies or raises when it is asked again must not be believed for that."""
    exercise = exercises.get("momentum.step")
    pair = asked(exercise)[0][0]
    assert not reuse.holds(exercise, pair, None)
    assert not reuse.holds(exercise, pair, Outcome(failure=Failure("ValueError", "no")))
    assert not reuse.holds(exercise, pair, Outcome(value=[[1, {}], [2, {"x": "text"}]]))
    assert not reuse.holds(exercise, pair, Outcome(value="ab"))
    session = Session(exercise.reference)
    session.further = lambda name, cases: [Outcome(failure=Failure("TimeUp", ""))]
    verdict = checked(exercise, session)
    assert (verdict.status, verdict.points, verdict.message) == (ERROR, 0, ENDLESS)


def test_a_mistake_that_has_a_name_keeps_its_credit():
    """What a named mistake is worth all the same is not halved where it modifies arguments openly."""
    exercise = next(one for one in WITH_ARRAYS if any(mistake.credit for mistake in one.zoo))
    mistake = next(mistake for mistake in exercise.zoo if mistake.credit)
    verdict = replace(right(exercise), points=exercise.points * mistake.credit, diagnosis=mistake.name)
    assert reuse.spoiled(exercise, verdict).points == round(exercise.points * mistake.credit, 4)


def test_a_pair_must_be_able_to_tell():
    """Equal arrays let an answer be given twice; a property that is broken anyway proves nothing."""
    exercise = exercises.get("momentum.ema")
    cases, others = exercise.draw(0), exercise.draw(1)
    verdict = right(exercise)
    broken = replace(verdict, parts=verdict.parts | {"corrected": False})
    assert reuse.pairs(verdict, cases, cases) == []
    assert {one.part for one, _ in reuse.pairs(verdict, cases, others)} == {"plain", "corrected"}
    assert {one.part for one, _ in reuse.pairs(broken, cases, others)} == {"plain"}


def test_each_property_with_arrays_is_asked():
    """Whoever modifies its arguments only where nobody looks again would keep the points."""
    exercise = exercises.get("stable.clip_by_global_norm")
    parts = {case.part for case in exercise.draw(0) if reuse.usable(case, case)}
    assert parts == {part.name for part in exercise.parts} == {pair[0].part for pair, _ in asked(exercise)}


def test_what_costs_points_is_told_and_what_is_hidden_is_not():
    """A mark without its reason cannot be defended, and a flaw may name what only a hidden case holds."""
    exercise = exercises.get("momentum.step")
    clean = right(exercise)
    told = examination.disguised(exercise, reuse.spoiled(exercise, clean), clean)
    assert told.flaws == (reuse.FLAW,) and reuse.FLAW in told.message and told.points == 1.5
    told = examination.disguised(exercise, replace(clean, points=1.5, flaws=("it causes a warning: 7.",) * 2), clean)
    assert told.flaws == (examination.UNSHOWN,) and "7" not in told.message and examination.UNSHOWN in told.message


def test_an_endless_second_call_is_told_as_one():
    """On a busy machine it may be bad luck: only what is told as a time-out is tried again."""
    exercise = exercises.get("momentum.step")
    session, seen = Session(exercise.reference), Failure("TimeUp", "It did not end in time.")
    session.further = lambda name, cases: [Outcome(failure=seen)]
    cases = exercise.draw(0)
    weigh = examination.weighing(session, {exercise.id: cases}, 0)
    verdict, loop = weigh(exercise, [observe(exercise.reference, case) for case in cases])
    assert (verdict.status, verdict.points, loop) == (ERROR, 0, seen)
