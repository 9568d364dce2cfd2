"""What the scorer believes of what comes back: fields of a report that hold nothing but what they may hold.

`wire` has seen to it that everything is plain data of the right types. Here texts are cut to the length that an honest
process sends and freed of control characters, and names are those that were asked about: what a hostile process writes
into them reaches neither a terminal nor a page as anything but words.
"""

import re

from course_lib.calling import Failure, Outcome
from course_lib.grading.channel import Broken

KIND, MESSAGE, LINE = 100, 500, 200  # characters
MOST_CALLS = 10**9
ADDRESS = re.compile(r"0x[0-9a-fA-F]+")  # of an object: it tells of the calls before
COUNTED = {  # how many answers a probe reports: by then it had to ask so often, whatever was answered
    "twice": lambda args: 2, "reused": lambda args: 2, "tried": lambda args: 2, "repeat": lambda args: args["times"],
    "sweep": lambda args: len(args["moves"]), "each": lambda args: len(args["asked"]),
}  # fmt: skip


def outcome_of(outcome, case, waited):
    """An `Outcome` with nothing in it that an honest process would not send.

    Args:
        outcome: what arrived.
        case: the case it answers.
        waited: how long the scorer waited for it, in seconds; it cannot have taken longer.

    Raises:
        Broken: it does not answer the case.
    """
    if not outcome.failure and not fits(outcome.value, case):
        raise Broken("another number of answers than was asked for")
    return Outcome(
        value=outcome.value,
        failure=outcome.failure and failure_of(outcome.failure),
        changed=tuple(name for name in case.args if name in outcome.changed),
        shared=outcome.shared,
        calls={name: min(max(outcome.calls[name], 0), MOST_CALLS) for name in case.args if name in outcome.calls},
        warned=unplaced(words(outcome.warned, MESSAGE)),
        global_random=outcome.global_random,
        seconds=outcome.seconds if 0 <= outcome.seconds <= waited else waited,
    )


def fits(value, case):
    """Whether a value can be what the probe of a case reports."""
    return case.probe not in COUNTED or (type(value) is list and len(value) == COUNTED[case.probe](case.args))


def failure_of(failure):
    """A `Failure` in words of bounded length."""
    number = failure.number if 0 <= failure.number < 10**6 else 0
    message = unplaced(words(failure.message, MESSAGE))
    return Failure(words(failure.kind, KIND), message, words(failure.line, LINE), number)


def report_of(message, numbers):
    """(names, failures) from the report on the cells with these numbers.

    Raises:
        Broken: it is no report.
    """
    try:
        failures = {int(number): failure for number, failure in message["failures"].items()}
        names = {name for name in message["names"] if type(name) is str}
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Broken(str(error)) from None
    if not all(type(failure) is Failure for failure in failures.values()):
        raise Broken("a failure that is none")
    return names, {number: failure_of(failures[number]) for number in numbers if number in failures}


def words(text, most):
    """A text of at most so many characters, without those that steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text[:most])


def unplaced(text):
    """A text without addresses."""
    return ADDRESS.sub("0x...", text)
