"""The one examiner: draw cases, call, compare, diagnose, and return a `Verdict`.

It knows no notebook and no sandbox: a `call` stands between it and the function. A call takes a list of cases and
gives a list of outcomes, fewer when the function could not go on; `calling_here` is the simplest one.
"""

import inspect
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from course_lib.calling import Failure, Outcome, Strange, observe, trusted
from course_lib.comparing import dig, mismatch, show

NOT_ATTEMPTED, ERROR, WRONG, RIGHT = "not attempted", "error", "wrong", "right"
PATIENCE = 2.0  # seconds for one case of a function in this process
HANGING = 0.2  # seconds after which a member of the zoo that never ends is believed to
FLAWED = 0.5  # the share of the points for a right answer that breaks the contract on the way
SILENCE = Outcome(failure=Failure("Silence", "It ended without an answer."))
ANSWER = {"replay": (0, 0), "fed": (0,)}  # where the answer is in what a probe reports; the rest is for the judge
ENDLESS = "It did not end in time: is there a loop whose condition stays true?"
SLOW_FACTOR, SLOW_SECONDS = 100, 0.5  # slower than both: times the reference, and seconds


@dataclass(frozen=True)
class Verdict:
    """What the examiner found.

    Attributes:
        exercise: the id.
        status: "not attempted", "error", "wrong" or "right".
        points, max_points: what it earns, of how much.
        message: what is right or wrong, a sentence or two.
        diagnosis: the name of the mistake in the zoo that behaves the same, or "".
        advice: what the zoo says of that mistake, or "".
        about, given, got, expected: the case that shows it, as text, or "".
        line: the function's own line that raised, or "".
        flaws: how a right answer breaks the contract on the way, as sentences.
        parts: ``{name: holds}`` for each property.
    """

    exercise: str
    status: str
    points: float
    max_points: float
    message: str
    diagnosis: str = ""
    advice: str = ""
    about: str = ""
    given: str = ""
    got: str = ""
    expected: str = ""
    line: str = ""
    flaws: tuple = ()
    parts: dict | None = None

    @property
    def clean(self):
        """Right, with nothing to mend."""
        return self.status == RIGHT and not self.flaws


def calling_here(function, seconds=PATIENCE):
    """The `call` of a function in this very process; it stops at the first case that takes too long."""

    def call(cases):
        outcomes = []
        for case in cases:
            outcomes.append(observe(function, case, seconds))
            if timed_out(outcomes[-1]):
                break
        return outcomes

    return call


def examine(exercise, call, seed=0):
    """Examine an answer.

    Args:
        exercise: the declared `Exercise`.
        call: ``call([Case, ...]) -> [Outcome, ...]``.
        seed: an integer or a text; the same seed draws the same cases.

    Returns:
        The `Verdict`. Its points depend on the outcomes alone, never on the time they took.
    """
    cases = exercise.draw(seed)
    return judged(exercise, cases, call(cases))


def judged(exercise, cases, outcomes, diagnosing=True):
    """The `Verdict` on what came back when an answer was asked these cases.

    Args:
        exercise: the declared `Exercise`.
        cases: what was asked.
        outcomes: one a case, fewer when the function could not go on.
        diagnosing: whether the mistake is to be named, which takes far longer than to see that there is one.
    """
    outcomes = heard(outcomes, len(cases))
    if all(map(untouched, outcomes)):
        return Verdict(exercise.id, NOT_ATTEMPTED, 0.0, exercise.points, "Not attempted yet: the dots are still there.")
    expected = [Expected(exercise, case) for case in cases[: len(outcomes)]]
    rows = list(zip(cases, outcomes, expected, strict=False))
    faults = [fault_of(exercise, *row) for row in rows]
    flaws = flaws_of(exercise, rows)
    parts = parts_of(exercise, cases, faults)
    if not any(faults) and not flaws:
        message = "Right." + slow_remark(rows)
        return Verdict(exercise.id, RIGHT, exercise.points, exercise.points, message, parts=parts)
    mistake = diagnose(exercise, rows, faults) if diagnosing else None
    points = points_of(exercise, parts, flaws, mistake)
    told = {"diagnosis": mistake.name, "advice": mistake.diagnosis} if mistake else {}
    told |= {"points": points, "max_points": exercise.points, "flaws": flaws, "parts": parts}
    if not any(faults):
        return Verdict(exercise.id, RIGHT, message=f"The values are right, but {flaws[0]}", **told)
    row, fault = next((row, fault) for row, fault in zip(rows, faults, strict=True) if fault)
    return Verdict(exercise.id, **exhibit(exercise, *row, fault), **told)


class Expected:
    """The `Outcome` of the reference; the reference is not asked before anybody wants to know, and then once."""

    def __init__(self, exercise, case):
        self._exercise, self._case = exercise, case

    @cached_property
    def _outcome(self):
        return trusted(self._exercise.reference, self._case)

    def __getattr__(self, name):
        return getattr(self._outcome, name)


def heard(outcomes, asked):
    """The outcomes, at most one a case; if there are fewer for no reason, the silence is the last."""
    outcomes = list(outcomes)[:asked]
    if len(outcomes) < asked and not (outcomes and outcomes[-1].failure):
        outcomes.append(SILENCE)
    return outcomes


# ------------------------------------------------------------------------------------------ what is wrong


def fault_of(exercise, case, outcome, expected):
    """What is wrong with one outcome: a (path, sentence), or None."""
    if timed_out(outcome):
        return (), ENDLESS
    if outcome is SILENCE:
        return (), outcome.failure.message
    if outcome.failure:
        return (), f"It stopped with {outcome.failure.kind}: {outcome.failure.message}"
    if exercise.judge:
        text = exercise.judge(case, outcome, expected)
        return ((), text) if text else None
    return mismatch(outcome.value, expected.value, exercise.rtol, exercise.atol, exercise.lists)


def flaws_of(exercise, rows):
    """How an answer breaks the contract beside its values, as sentences for "The values are right, but ..."."""
    flaws, changed = [], changed_names(exercise, rows)
    if changed:
        flaws.append(f"your function modifies its argument {changed}: work on a copy, or write x = x + ..., not x +=.")
    if exercise.fresh and any(outcome.shared for _, outcome, _ in rows):
        flaws.append("what it returns shares memory with an argument: a later change of one changes the other.")
    if any(outcome.global_random for _, outcome, _ in rows):
        flaws.append("it draws from a global random generator: draw from the rng that is given.")
    if exercise.quiet and any(outcome.warned and not expected.warned for _, outcome, expected in rows):
        warned = next(outcome.warned for _, outcome, expected in rows if outcome.warned and not expected.warned)
        flaws.append(f"it causes a warning: {warned}.")
    if exercise.frugal and any(calls_more(outcome, expected) for _, outcome, expected in rows):
        flaws.append("it calls a function it was given more often than needed: keep what it returned.")
    return tuple(flaws)


def calls_more(outcome, expected):
    """Whether a function that was given was called more often than the reference calls it."""
    return any(count > expected.calls.get(name, 0) for name, count in outcome.calls.items())


def changed_names(exercise, rows):
    """The modified arguments as text, called as the contract calls them; a chain tells only which of two groups."""
    seen = [(name, case) for case, outcome, _ in rows for name in outcome.changed]
    plain = [name for name, case in seen if case.probe not in ("chain", "each")]
    if plain or all(case.probe != "chain" for _, case in seen):
        return " and ".join(dict.fromkeys(plain or [name for name, _ in seen]))
    names, memory = list(inspect.signature(exercise.reference).parameters), len(seen[0][1].args["state"])
    return " or ".join(names[:memory] if any(name == "state" for name, _ in seen) else names[memory:])


def parts_of(exercise, cases, faults):
    """For each property whether all its cases were answered without fault."""
    failed = {case.part for case, fault in zip_longest(cases, faults, fillvalue="not reached") if fault}
    return {part.name: part.name not in failed for part in exercise.parts}


def points_of(exercise, parts, flaws, mistake):
    """The points: the weights of the properties that hold, less the flaws, or what the mistake earns all the same."""
    share = sum(part.weight for part in exercise.parts if parts[part.name]) * (FLAWED if flaws else 1)
    return round(exercise.points * max(share, mistake.credit if mistake else 0), 4)


def slow_remark(rows):
    """A remark where right answers took far longer than the reference; it costs nothing."""
    seconds = sum(outcome.seconds for _, outcome, _ in rows)
    if seconds <= SLOW_SECONDS:
        return ""
    usual = sum(expected.seconds for *_, expected in rows)
    if seconds <= SLOW_FACTOR * usual:
        return ""
    return f" It takes {seconds:.1f} s where {usual:.3f} s are enough: is a loop doing what one array can?"


def timed_out(outcome):
    """Whether the function was stopped because its time was up."""
    return outcome.failure is not None and outcome.failure.kind == "TimeUp"


def untouched(outcome):
    """Whether nothing but the dots of the stub came back."""
    return outcome.failure is None and _only_dots(outcome.value)


def _only_dots(value):
    if isinstance(value, (list, tuple)):
        return len(value) > 0 and all(map(_only_dots, value))
    return value == Strange("ellipsis") if isinstance(value, Strange) else False


# ------------------------------------------------------------------------------------------ which mistake


def diagnose(exercise, rows, faults):
    """The member of the zoo that behaves like the answer in every case, or None; `faults` is what `fault_of` found.

    What belongs to the answer is looked up once for the whole zoo, and what asks often comes last.
    """
    hanging = timed_out(rows[-1][1])
    traits = [traits_of(exercise, outcome, expected) for _, outcome, expected in rows]
    seen = sorted(zip(rows, traits, faults, strict=True), key=lambda one: questions(one[0][0]))
    candidates = (mistake for mistake in exercise.zoo if mistake.hangs == hanging)
    return next((mistake for mistake in candidates if behaves_alike(exercise, mistake, seen)), None)


def questions(case):
    """How often a case asks the function, as far as it tells."""
    return case.args["times"] if case.probe in ("repeat", "replay") else 1


def behaves_alike(exercise, mistake, seen):
    """Whether a member of the zoo does what the answer did, case by case; the first difference ends it."""
    function, seconds = mistake.make(), HANGING if mistake.hangs else PATIENCE
    return all(alike(exercise, *answered, observe(function, answered[0][0], seconds)) for answered in seen)


def traits_of(exercise, outcome, expected):
    """What an outcome shows beside its value, as far as the exercise minds it."""
    return (outcome.failure and outcome.failure.kind, sorted(outcome.changed), outcome.global_random,
            exercise.fresh and outcome.shared, exercise.quiet and bool(outcome.warned),
            exercise.frugal and calls_more(outcome, expected))  # fmt: skip


def alike(exercise, row, traits, fault, other):
    """Whether another outcome is the same behavior as the one in the row, of which traits and fault are known."""
    case, outcome, expected = row
    if traits != traits_of(exercise, other, expected):
        return False
    if outcome.failure:
        return True
    if exercise.judge:
        return fault == fault_of(exercise, case, other, expected)
    return mismatch(outcome.value, other.value, exercise.rtol, exercise.atol, exercise.lists) is None


# --------------------------------------------------------------------------------------------- what to show


def exhibit(exercise, case, outcome, expected, fault):
    """The fields of a `Verdict` that show a fault on the case that has it."""
    path, text = fault
    shown = {"message": text, "about": case.about, "given": given_text(exercise, case, path)}
    if outcome.failure:
        return shown | {"status": ERROR, "line": line_of(outcome.failure)}
    if (pair := summary(exercise, outcome, expected)) is not None:
        return shown | {"status": WRONG, "got": show(pair[0]), "expected": show(pair[1])}
    path = ANSWER.get(case.probe, path)
    if case.probe == "chain" and path:
        shown["message"] = f"After step {path[0] + 1}: {place(exercise, path)}{text[0].lower()}{text[1:]}"
        path = path[:1]
    return shown | {"status": WRONG, "got": show(dig(outcome.value, path)), "expected": show(dig(expected.value, path))}


def line_of(failure):
    """The line that raised, with its number where that is known; "" without one."""
    number = f"line {failure.number}: " if failure.number else ""
    return f"{number}{failure.line}" if failure.line else ""


def summary(exercise, outcome, expected):
    """What the exercise shows of an answer and of the expected one, or None where it shows them as they are."""
    try:
        return exercise.shown and (exercise.shown(outcome.value), exercise.shown(expected.value))
    except (TypeError, ValueError, LookupError, AttributeError):
        return None


def place(exercise, path):
    """Which of the outputs of an update a path leads to: "v: "."""
    names = list(inspect.signature(exercise.reference).parameters)
    return f"{names[path[1]]}: " if len(path) > 1 and isinstance(path[1], int) and path[1] < len(names) else ""


def given_text(exercise, case, path=()):
    """The arguments of a case as text, one a line; of a chain or a sweep those of the call that went wrong."""
    if case.probe == "sweep" and path and path[0] < len(case.args["moves"]):
        shared, names = dict(list(case.args.items())[1:]), list(inspect.signature(exercise.reference).parameters)
        shared |= zip(names[len(shared) :], case.args["moves"][path[0]], strict=False)
        return _lines(shared.items(), 200)
    if case.probe != "chain":
        return _lines(case.args.items(), 200)
    names = list(inspect.signature(exercise.reference).parameters)
    state, feeds = case.args["state"], case.args["feeds"]
    step = path[0] if path and path[0] < len(feeds) else 0
    start, feed = zip(names, state, strict=False), zip(names[len(state) :], feeds[step], strict=False)
    return f"start from\n{_lines(start, 120)}\nstep {step + 1} with\n{_lines(feed, 120)}"


def _lines(pairs, most):
    return "\n".join(f"{name} = {show(value, most)}" for name, value in pairs)
