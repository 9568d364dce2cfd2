"""One submission to verdicts: the examiner here, the student's code in the sandbox.

The marks come from cases that the secret and the student draw; what is shown comes from a public example.
"""

import atexit
import os
from dataclasses import replace

from course_lib.checking import ENDLESS, ERROR, NOT_ATTEMPTED, RIGHT, WRONG, Verdict, examine, timed_out
from course_lib.grading import notebook
from course_lib.grading.load import Meter
from course_lib.grading.sandbox import Sandbox

ENDLESS_CELL = "it does not end: is there a loop whose condition stays true?"

_shared = {}  # by process: a fork must not talk to the sandbox of its parent


def shared(limits=None):
    """The `Sandbox` of this process, kept for its whole life: after the first use a submission costs milliseconds."""
    key = os.getpid(), limits
    if key not in _shared:
        _shared[key] = sandbox = Sandbox(limits)
        atexit.register(sandbox.close)
    return _shared[key]


def prepare():
    """Start the shared sandbox in the background, for whoever will need it in a moment; returns at once."""
    shared().launcher.prepare()


def let_go():
    """End the shared sandboxes of this process; the next use makes another."""
    for key in [key for key in _shared if key[0] == os.getpid()]:
        sandbox = _shared.pop(key)
        atexit.unregister(sandbox.close)
        sandbox.close()


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
    unclear = {}

    def grade(session, exercise):
        verdict, clear = hidden(session, exercise, f"{secret}:{student}")
        unclear.update({} if clear else {exercise.id: exercise})
        return verdict

    def tell(session, verdict):
        return disguised(unclear[verdict.exercise], verdict, public(session, unclear[verdict.exercise], student))

    def show(session, verdicts):
        if unclear:
            session.renew()  # one that has seen hidden cases could show them
        return [tell(session, verdict) if verdict.exercise in unclear else verdict for verdict in verdicts]

    return _each(submission, exercises, sandbox, grade, show)


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
    return verdicts, late if late and meter.starved(enough * len(late)) else ()


def ran_out(verdict):
    """Whether time ran out, for the function or for the cell that defines it."""
    return verdict.status == ERROR and any(words in verdict.message for words in (ENDLESS, ENDLESS_CELL))


def examine_hidden(path, exercise, secret, student, sandbox=None):
    """Examine one answer on its hidden cases with everything shown: for whoever grades, never for the student."""
    def grade(session, exercise):
        return guarded(exercise, session.call(exercise.name), f"{secret}:{student}")

    return _each(notebook.read(path), [exercise], sandbox, grade)[0]


def examine_notebook(path, exercises, seed=0, sandbox=None):
    """Examine a learner's notebook on public cases, with everything shown; a `Verdict` an exercise."""
    def grade(session, exercise):
        return guarded(exercise, session.call(exercise.name), seed)

    return _each(notebook.read(path), exercises, sandbox, grade)


def examine_file(path, exercise, seed=0, sandbox=None):
    """Examine one answer in a learner's saved notebook on public cases; the `Verdict`."""
    return examine_notebook(path, [exercise], seed, sandbox)[0]


def _each(submission, exercises, sandbox, grade, show=lambda session, verdicts: verdicts):
    if submission.problem:
        return [unread(submission, exercise) for exercise in exercises]
    try:
        with (sandbox or shared()).open(submission.cells) as session:
            verdicts = [absent(submission, session, one) or grade(session, one) for one in exercises]
            return [explained(verdict, session.failures) for verdict in show(session, verdicts)]
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


# ------------------------------------------------------------------------------------------- hidden, then public


def hidden(session, exercise, seed):
    """The `Verdict` on the hidden cases, and whether it may be told as it is, without a public example."""
    seen = []

    def call(cases):
        seen[:] = session.ask(exercise.name, cases)
        return seen

    verdict = guarded(exercise, call, seed)
    if verdict.clean or verdict.status == NOT_ATTEMPTED:
        return verdict, True
    if seen and timed_out(seen[-1]):  # another try would cost as much, and show no more
        line = verdict.line if session.holds(seen[-1].failure) else ""
        return told(verdict, verdict.message, line=line), True
    return verdict, False


def public(session, exercise, student):
    """The `Verdict` on a public example: it gives the words, and no name to the mistake."""
    return guarded(exercise, session.call(exercise.name), f"public example for {student}", diagnosing=False)


def disguised(exercise, hidden, public):
    """A hidden `Verdict` told by the public one: where that is right, in words alone."""
    if not public.clean and public.status != NOT_ATTEMPTED:
        shown = ("about", "given", "got", "expected", "line", "flaws")
        return told(hidden, public.message, **{name: getattr(public, name) for name in shown})
    broken = [part.words for part in exercise.parts if hidden.parts and not hidden.parts[part.name]]
    return told(hidden, {
        ERROR: "It passes a public example, but stopped with an error on a case that is not shown.",
        WRONG: f"It passes a public example, but not the examination. What fails: that it {' and '.join(broken)}.",
        RIGHT: "The values are right, but it breaks the contract on the way, on a case that is not shown.",
    }[hidden.status])  # fmt: skip


def told(verdict, message, **shown):
    """A `Verdict` with this message, and of its case only what is given here."""
    bare = {"about": "", "given": "", "got": "", "expected": "", "line": "", "flaws": ()}
    return replace(verdict, message=message, **(bare | shown))


def guarded(exercise, call, seed, diagnosing=True):
    """`examine`; an answer that brings even the examiner down earns nothing and stops nobody else."""
    try:
        return examine(exercise, call, seed, diagnosing)
    except Exception as error:
        message = f"Your answer could not be compared with the right one ({type(error).__name__})."
        return Verdict(exercise.id, ERROR, 0.0, exercise.points, message)
