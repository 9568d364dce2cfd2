"""Inside the confined process: run the cells of a submission, then answer calls.

First message in: the cells. Then out, the number of each cell as it begins; before the first one runs that is not
proved to forget, False, as nothing has run until then that could lie; and a report. After that, each message in is a
function's name and its cases, answered by one `Outcome` a case, as they come, or by all of them together.
"""

import gc
import linecache
import random
import sys
import types
import warnings

import numpy as np

from course_lib.calling import Failure, Outcome, failure_of, observe
from course_lib.grading import memoryless
from course_lib.grading.notebook import defining_part, python
from course_lib.grading.standins import Silent
from course_lib.wire import WireError


def serve(channel, patience):
    """Run the cells that arrive on a `Channel`, report, and answer calls until the other side hangs up.

    Args:
        channel: the only way out.
        patience: seconds for one case.
    """
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    main.display, main.get_ipython = Silent(), Silent()
    failures = {str(number): failure for number, failure in run_cells(channel, main.__dict__)}
    channel.send({"failures": failures, "names": sorted(filter(str.isidentifier, main.__dict__))[:10_000]})
    while True:
        request = channel.receive()
        outcomes = answers(getattr(main, request["name"], None), request["cases"], patience)
        (send_together if request["together"] else send_each)(channel, outcomes)


def run_cells(channel, space):
    """Run the cells one by one, as a notebook would that goes on after an error; yields what failed."""
    repeatable()
    proved = True
    for number, source, whole in channel.receive():
        channel.send(number)
        if proved and not memoryless.proved(source):
            proved = False
            channel.send(proved)
        failure = run_cell(f"cell {number}", source, whole, space)
        if failure:
            yield number, failure


def run_cell(name, source, whole, space):
    """Run one cell, or only what it defines; the `Failure`, or None."""
    try:
        linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compiled(source, name, whole), space)
    except BaseException as error:  # SystemExit and KeyboardInterrupt too
        return described(error)
    return None


def compiled(source, name, whole):
    """The code of a cell, or of what it defines; most cells are plain Python, so that is tried first."""
    try:
        return compile(source if whole else defining_part(source), name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return compile(python(source) if whole else defining_part(source), name, "exec", dont_inherit=True)


def answers(function, cases, patience):
    """Ask the function case by case: an `Outcome` each; the first case that takes too long is the last."""
    repeatable()
    gc.collect()  # what earlier calls left behind takes memory, and so can be noticed
    for case in cases:
        yield (outcome := outcome_of(function, case, patience))
        if outcome.failure and outcome.failure.kind == "TimeUp":
            break


def send_each(channel, outcomes):
    """Send outcomes as they come: the next one may bring this process down."""
    for outcome in outcomes:
        try:
            channel.send(outcome)
        except WireError as error:
            channel.send(Outcome(failure=Failure("AnswerTooLarge", str(error))))


def send_together(channel, outcomes):
    """Send outcomes in one piece, or nothing, where it is too large for that."""
    try:
        channel.send(list(outcomes))
    except WireError:
        channel.send(None)


def outcome_of(function, case, patience):
    """What `observe` sees; here not even ctrl-C, raised by the function itself, gets through."""
    try:
        return observe(function, case, patience)
    except BaseException as error:
        return Outcome(failure=described(error))


def described(error):
    """The `Failure` of an exception, even of one that cannot say what it is."""
    try:
        return failure_of(error)
    except BaseException:
        return Failure(type(error).__name__, "")


def repeatable():
    """Start the global generators afresh, so that careless use of them gives the same mark each time."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
