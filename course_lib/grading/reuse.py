"""Whether a function leaves alone what it is given, shown by its answers, where nobody may be believed.

`calling.observe` notices what is modified, but it runs beside the function, and hostile cells can patch it. So a
submission that is not proved to be `memoryless` is called twice with the very same arrays: before the second call
their memory is turned from one case into another, bit by bit. Who has modified an array is then asked about garbage;
who has returned one finds the first answer turned as well. Hiding that takes a copy, and a copy is what was asked for.
"""

from dataclasses import replace
from itertools import zip_longest

import numpy as np

from course_lib.calling import Case
from course_lib.checking import ENDLESS, ERROR, FLAWED, Expected, Verdict, fault_of, timed_out

OTHER = "other cases"  # makes another seed of a seed
SMALL = 20_000  # bytes of arrays in a case
REPEATING = {"replay", "repeat", "twice", "tried", "sweep"}  # they call it with the same arrays anyway
FLAW = "it does not leave alone what it is given: called again with the same arrays, turned into others, it errs."


def checked(session, exercise, verdict, cases, others):
    """(the `Verdict` less what it costs to modify arguments, if it does so and has not been seen; further outcomes).

    Args:
        session: the `sandbox.Session`, whose process has been asked these cases.
        exercise: the exercise.
        verdict: the verdict on the answers to them.
        cases: what was asked.
        others: ``others() -> [Case, ...]`` drawn from another seed.
    """
    if session.forgets or verdict.flaws or not verdict.points or not any(usable(one, one) for one in cases):
        return verdict, []
    asked = pairs(verdict, cases, others())
    outcomes = session.further(exercise.name, [question(exercise, *pair) for pair in asked]) if asked else []
    if any(map(timed_out, outcomes)):
        return Verdict(exercise.id, ERROR, 0.0, exercise.points, ENDLESS), outcomes
    right = all(holds(exercise, pair, outcome) for pair, outcome in zip_longest(asked, outcomes))
    return verdict if right else spoiled(exercise, verdict), outcomes


def pairs(verdict, cases, others):
    """Two cases each of one form that hold different arrays, of a property that holds; large ones for want of small."""
    found = [pair for pair in zip(cases, others) if verdict.parts[pair[0].part] and usable(*pair) and unlike(*pair)]
    found.sort(key=lambda pair: size(list(pair[0].args.values())))
    return [pair for pair in found if size(list(pair[0].args.values())) <= SMALL] or found[:1]


def usable(one, two):
    """Whether the arrays of a case can be turned into those of the other."""
    if one.probe in REPEATING or (one.probe, list(one.args), one.part) != (two.probe, list(two.args), two.part):
        return False
    first, second = list(one.args.values()), list(two.args.values())
    return form(first) == form(second) and size(first) > 0


def unlike(one, two):
    """Whether the arrays of two cases differ."""
    return any(turn.any() for turn in arrays(turns(list(one.args.values()), list(two.args.values()))))


def form(value):
    """The nesting of a value, with the kinds and shapes of the arrays in it."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape
    if isinstance(value, (list, tuple)):
        return type(value), *map(form, value)
    return {key: form(item) for key, item in value.items()} if isinstance(value, dict) else None


def arrays(value):
    """The arrays in a value."""
    if isinstance(value, np.ndarray):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        yield from arrays(item)


def size(value):
    """The bytes of the arrays in a value."""
    return sum(array.nbytes for array in arrays(value))


def turns(one, two):
    """What turns a value into another of the same form: bits to flip for an array, for all else the other."""
    if isinstance(one, np.ndarray):
        return bits(one) ^ bits(two)
    if isinstance(one, (list, tuple)):
        return type(one)(map(turns, one, two))
    return {key: turns(one[key], two[key]) for key in one} if isinstance(one, dict) else two


def bits(array):
    """A copy of the memory of an array."""
    return np.frombuffer(array.tobytes(), np.uint8)


def question(exercise, one, two):
    """The case that asks both, one after the other."""
    first, second = list(one.args.values()), list(two.args.values())
    args = {"probe": one.probe, "names": list(one.args), "first": first, "turns": turns(first, second),
            "late": exercise.fresh}  # fmt: skip
    return Case(args, one.about, one.part, "reused")


def holds(exercise, pair, outcome):
    """Whether both cases are answered rightly when they are given with the same arrays."""
    if not outcome or outcome.failure:
        return False
    try:
        answers = (replace(outcome, value=value, calls=calls) for value, calls in outcome.value)
        faults = (fault_of(exercise, case, answer, Expected(exercise, case)) for case, answer in zip(pair, answers))
        return not any(faults)
    except Exception:  # as `examination.guarded`
        return False


def spoiled(exercise, verdict):
    """A `Verdict` with the flaw, and what it costs; a mistake that has a name keeps what it earns all the same."""
    credit = next((one.credit for one in exercise.zoo if one.name == verdict.diagnosis), 0.0)
    points = round(max(verdict.points * FLAWED, exercise.points * credit), 4)
    message = f"The values are right, but {FLAW}" if verdict.clean else verdict.message
    return replace(verdict, points=points, flaws=(FLAW,), message=message)
