"""Whether an answer rests on the generator it was given, asked in two processes, since one could remember.

The probe "replay" calls a function some times, and again with a generator in the same state. Within one process the
second row may be a memory of the first. So the scorer has each row made in a process of its own, unless the function is
proved to be `memoryless`; the second one is asked other things before, and in reverse order, so that neither a count of
calls nor a generator of the function's own stands where it stood.
"""

from dataclasses import replace

from course_lib.calling import Failure, Given, Outcome

LATER = 7919  # makes another seed of a seed


def needed(cases):
    """Whether any of these cases is about repeating itself."""
    return any(case.probe == "replay" for case in cases)


def row(case):
    """The case that asks for one of the two rows."""
    return replace(case, probe="repeat") if case.probe == "replay" else case


def distraction(case):
    """The same question with generators in another state; its answer is of no interest."""
    args = {name: other(value) for name, value in case.args.items()} | {"times": 1}
    return replace(case, args=args, probe="repeat")


def other(value):
    """Another generator for a generator."""
    if type(value) is Given and value.name == "rng":
        return Given("rng", {**value.data, "seed": value.data["seed"] + LATER})
    return value


def questions(replays):
    """What the second process is asked: distractions, then the rows in reverse order."""
    return [*map(distraction, replays), *map(row, reversed(replays))]


def answered(cases, outcomes):
    """The cases about repeating itself that have been answered at all."""
    return [case for case, outcome in zip(cases, outcomes) if case.probe == "replay" and not outcome.failure]


def joined(cases, first, second):
    """The outcomes of the cases from those of both processes, with both rows where a row was asked for.

    Args:
        cases: the cases.
        first: what the first process answered to `row` of each; perhaps not to all.
        second: what the second one answered to `questions` of those `answered`; perhaps not to all.
    """
    replays = [n for n, (case, got) in enumerate(zip(cases, first)) if case.probe == "replay" and not got.failure]
    again = dict(zip(reversed(replays), second[len(replays) :]))
    silence = second[-1] if second and second[-1].failure else Outcome(failure=Failure("Silence", "It fell silent."))
    return [both(got, again.get(n, silence)) if n in replays else got for n, got in enumerate(first)]


def both(one, two):
    """One outcome from two processes: both rows, unless the second one failed."""
    if two.failure:
        return two
    changed = tuple(dict.fromkeys(one.changed + two.changed))
    return replace(one, value=[one.value, two.value], changed=changed)
