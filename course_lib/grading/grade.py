"""One submission to verdicts: the examiner here, the student's code in the sandbox.

The marks come from cases that the secret and the student draw; what is shown comes from a public example.
"""

import atexit
import os
from dataclasses import replace

from course_lib.checking import ENDLESS, ERROR, NOT_ATTEMPTED, Verdict
from course_lib.grading import examination, notebook
from course_lib.grading.load import Meter
from course_lib.grading.sandbox import AT_ONCE, Sandbox

ENDLESS_CELL = "it does not end: is there a loop whose condition stays true?"

_shared = {}  # by process: a fork must not talk to the sandbox of its parent


def shared(limits=None):
    """The `Sandbox` of this process, kept for its whole life: after the first use a submission costs milliseconds."""
    key = os.getpid(), limits
    if key not in _shared:
        _shared[key] = sandbox = Sandbox(limits)
        atexit.register(sandbox.close)
    return _shared[key]


def prepare(limits=None):
    """Start the shared sandbox in the background, for whoever will need it in a moment; returns at once."""
    shared(limits).launcher.prepare()


def let_go():
    """End the shared sandboxes of this process, without waiting; the next use makes another."""
    for key in [key for key in _shared if key[0] == os.getpid()]:
        sandbox = _shared.pop(key)
        atexit.unregister(sandbox.close)
        sandbox.leave()


def grade_one(submission, exercises, secret, student="", sandbox=None):
    """Grade a submission, with nothing of the hidden cases in what the verdicts say.

    Args:
        submission: a `notebook.Submission`.
        exercises: which exercises it answers.
        secret: the text that the cases are drawn from, together with the student.
        student: whose it is.
        sandbox: where to run it; the shared one by default.

    Returns:
        A `Verdict` an exercise. The same secret, student and submission give the same.
    """
    def grade(session, asked):
        return examination.graded(session, asked, f"{secret}:{student}", f"public example for {student}")

    return _each(submission, exercises, sandbox, grade)


def grade_fairly(submission, exercises, secret, student="", limits=None, enough=2.0):
    """As `grade_one`; (verdicts, the ids of those that ran out of time while the machine kept them waiting).

    Args:
        submission, exercises, secret, student, limits: as there.
        enough: CPU seconds that settle it: an answer that had so many, and was not ready, had its chance.
    """
    sandbox = shared(limits)
    with Meter(lambda: getattr(sandbox.launcher, "process", None)) as meter:
        verdicts = tuple(grade_one(submission, exercises, secret, student, sandbox))
    late = tuple(verdict.exercise for verdict in verdicts if ran_out(verdict))
    return verdicts, late if late and meter.starved((enough + AT_ONCE) * len(late)) else ()


def ran_out(verdict):
    """Whether time ran out, for the function or for the cell that defines it."""
    return verdict.status == ERROR and any(words in verdict.message for words in (ENDLESS, ENDLESS_CELL))


def examine_hidden(path, exercise, secret, student, sandbox=None):
    """Examine one answer on its hidden cases with everything shown: for whoever grades, never for the student."""
    return _each(notebook.read(path), [exercise], sandbox, examination.shown(f"{secret}:{student}"))[0]


def examine_notebook(path, exercises, seed=0, sandbox=None):
    """Examine a learner's notebook on public cases, with everything shown; a `Verdict` an exercise."""
    return _each(notebook.read(path), exercises, sandbox, examination.shown(seed))


def examine_file(path, exercise, seed=0, sandbox=None):
    """Examine one answer in a learner's saved notebook on public cases; the `Verdict`."""
    return examine_notebook(path, [exercise], seed, sandbox)[0]


def _each(submission, exercises, sandbox, grade):
    """The verdicts in the order of the exercises; ``grade(session, exercises)`` gives ``{id: Verdict}``."""
    if submission.problem:
        return [unread(submission, exercise) for exercise in exercises]
    try:
        with (sandbox or shared()).open(submission.cells) as session:
            verdicts = {one.id: verdict for one in exercises if (verdict := absent(submission, session, one))}
            verdicts |= grade(session, [one for one in exercises if one.id not in verdicts])
            return [explained(verdicts[one.id], session.failures) for one in exercises]
    except BaseException:  # ctrl-C too: whoever comes next must not meet half a conversation
        let_go()
        raise


# -------------------------------------------------------------------------------------------- before it can be asked


def unread(submission, exercise):
    """The `Verdict` on a file that cannot be read."""
    status = NOT_ATTEMPTED if submission.missing else ERROR
    return Verdict(exercise.id, status, 0.0, exercise.points, submission.problem)


def absent(submission, session, exercise):
    """The `Verdict` when the cells leave no function of this name, or None."""
    if exercise.name in session.names:
        return None
    number = submission.defining(exercise.name)
    if number is None:
        message = f"The notebook defines no function {exercise.name}: keep the name of the stub."
        return Verdict(exercise.id, NOT_ATTEMPTED, 0.0, exercise.points, message)
    failure = session.failures.get(number)
    message = f"Cell {number} defines {exercise.name}, but {stopped(failure)}"
    return Verdict(exercise.id, ERROR, 0.0, exercise.points, message, line=failure.line if failure else "")


def stopped(failure):
    """How a cell came to leave nothing behind, as the end of a sentence."""
    if failure is None:
        return "no function of this name is left when all cells have run."
    if failure.kind in ("SyntaxError", "IndentationError", "TabError"):
        return f"it is no valid Python: {failure.message}"
    if failure.kind == "TimeUp":
        return ENDLESS_CELL
    return f"it stopped with {failure.kind}: {failure.message}"


def explained(verdict, failures):
    """With the first failed cell named, where a missing name may be its fault."""
    if verdict.status != ERROR or "NameError" not in verdict.message or not failures:
        return verdict
    number = min(failures)
    return replace(verdict, message=f"{verdict.message} (Cell {number} had failed: {stopped(failures[number])})")
