"""What one submission is asked, in which process, and what of the answers is told.

Hidden cases give the marks, a public example gives the words. A process that has seen hidden cases could show them in
an answer to a public one, and could remember them when it is asked to repeat itself. So there are up to three, unless
`memoryless` has proved that nothing in these cells can:

    first     hidden cases of all exercises
    second    public examples of those that went wrong; then, once more, the hidden cases that are to be repeated
    third     public examples of those whose repetition went wrong

Whether arguments are left alone is seen by answers, too (`reuse.py`), where the process might say what it likes.
"""

from dataclasses import replace
from functools import partial

from course_lib.checking import ENDLESS, ERROR, NOT_ATTEMPTED, RIGHT, WRONG, Verdict, judged, line_of, timed_out
from course_lib.grading import reuse, second

UNSHOWN = "it breaks the contract on the way, on a case that is not shown."


def graded(session, exercises, hidden, public):
    """``{id: Verdict}`` of one submission, with nothing of the hidden cases in what the verdicts say.

    Args:
        session: the `sandbox.Session`.
        exercises: those that its cells define.
        hidden: the seed that the hidden cases are drawn from.
        public: the seed of the public examples.
    """
    cases = {one.id: one.draw(hidden) for one in exercises}
    once = [one for one in exercises if not second.needed(cases[one.id])]
    twice = [one for one in exercises if second.needed(cases[one.id])]
    weigh = weighing(session, cases, hidden)
    weights = {one.id: weigh(one, session.first(one.name, cases[one.id])) for one in once}
    first = {one.id: session.first(one.name, cases[one.id]) for one in twice}
    session.renew()
    words = examples(session, once, weights, public)
    again = ((one, session.again(one.name, cases[one.id], first.pop(one.id))) for one in twice)
    weights |= {one.id: weigh(one, answers) for one, answers in again}
    session.renew()
    words |= examples(session, twice, weights, public)
    return {one.id: tellable(session, one, *weights[one.id], words.get(one.id)) for one in exercises}


def weighing(session, cases, seed):
    """``weigh(exercise, answers)`` gives all that is kept of answers, which are often large.

    That is the `Verdict`, and the `Failure` of a call that did not end, or None.
    """
    def weigh(exercise, answers):
        verdict = guarded(exercise, cases[exercise.id], answers)
        others = partial(exercise.draw, f"{seed}\n{reuse.OTHER}")
        verdict, further = reuse.checked(session, exercise, verdict, cases[exercise.id], others)
        return verdict, next((one.failure for one in (*answers[-1:], *further) if timed_out(one)), None)

    return weigh


def shown(seed):
    """``grade(session, exercises)`` with everything told: for a learner's own cases, and for whoever grades."""

    def grade(session, exercises):
        weigh = weighing(session, cases := {one.id: one.draw(seed) for one in exercises}, seed)
        return {one.id: weigh(one, session.ask(one.name, cases[one.id]))[0] for one in exercises}

    return grade


def clear(verdict, loop):
    """Whether no example is needed to tell it; after an endless loop one would cost as much, and show no more."""
    return bool(verdict.clean or verdict.status == NOT_ATTEMPTED or loop)


def examples(session, exercises, weights, seed):
    """``{id: Verdict}`` on public examples where they are needed: they give the words, and no name to the mistake."""
    asked = [(one, one.draw(seed)) for one in exercises if not clear(*weights[one.id])]
    return {one.id: guarded(one, cases, session.ask(one.name, cases), diagnosing=False) for one, cases in asked}


def tellable(session, exercise, verdict, loop, public):
    """A hidden `Verdict` as the student may see it, by the public one where there is one."""
    if public:
        return disguised(exercise, verdict, public)
    if verdict.clean or not loop:
        return verdict
    return told(verdict, ENDLESS, line=line_of(loop) if session.holds(loop) else "")  # no word of earlier answers


def disguised(exercise, hidden, public):
    """A hidden `Verdict` told by the public one: where that is right, in words alone."""
    if not public.clean and public.status != NOT_ATTEMPTED:
        shown = ("about", "given", "got", "expected", "line", "flaws")
        return told(hidden, public.message, **{name: getattr(public, name) for name in shown})
    broken = [part.words for part in exercise.parts if hidden.parts and not hidden.parts[part.name]]
    flaws = tuple(dict.fromkeys(flaw if flaw == reuse.FLAW else UNSHOWN for flaw in hidden.flaws))
    return told(hidden, {
        ERROR: "It passes a public example, but stopped with an error on a case that is not shown.",
        WRONG: f"It passes a public example, but not the examination. What fails: that it {' and '.join(broken)}.",
        RIGHT: f"The values are right, but {next(iter(flaws), '')}",
    }[hidden.status], flaws=flaws)  # fmt: skip


def told(verdict, message, **shown):
    """A `Verdict` with this message, and of its case only what is given here."""
    bare = {"about": "", "given": "", "got": "", "expected": "", "line": "", "flaws": ()}
    return replace(verdict, message=message, **(bare | shown))


def guarded(exercise, cases, outcomes, diagnosing=True):
    """`judged`; an answer that brings even the examiner down earns nothing and stops nobody else."""
    try:
        return judged(exercise, cases, outcomes, diagnosing)
    except Exception as error:
        message = f"Your answer could not be compared with the right one ({type(error).__name__})."
        return Verdict(exercise.id, ERROR, 0.0, exercise.points, message)
