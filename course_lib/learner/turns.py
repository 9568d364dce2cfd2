"""An exercise from the learner's side: check it, be hinted at, see a solution, take a turn in the lesson."""

import inspect
import os
import textwrap
from difflib import get_close_matches
from functools import wraps
from pathlib import Path

from course_lib import exercises
from course_lib.calling import TimeUp, time_limit
from course_lib.checking import ERROR, NOT_ATTEMPTED, RIGHT, Verdict, calling_here, examine
from course_lib.learner import store
from course_lib.learner.cards import Card, show
from course_lib.learner.watch import Watch
from course_lib.lessons import lesson

ROOT = Path(__file__).parents[2]
watched = Watch(1.0)  # seconds that one call of a learner's function may take in a lesson


def check(function):
    """Examine your function, here and now, and say what is right or which mistake it is.

    Args:
        function: your function, under the name of the stub.
    """
    if not callable(function):
        show(Card("error", "`check` takes your function itself, as in `check(momentum_step)`: its name, without quotes "
                  "and without brackets after it."))  # fmt: skip
        return credit(None)
    exercise = _exercise_of(function)
    if exercise is None:
        return credit(None)
    verdict = examine(exercise, calling_here(function))
    if verdict.status != NOT_ATTEMPTED and not under_nbgrader():
        store.record("check", exercise.id, verdict.status if verdict.clean or verdict.status != RIGHT else "flawed")
    show(verdict_card(exercise, verdict))
    return credit(verdict)


def under_nbgrader():
    """Whether nbgrader is running the notebook, to grade or to validate it."""
    return "NBGRADER_EXECUTION" in os.environ


def credit(verdict):
    """What nbgrader takes for a mark: the points as a value, an exception for none. Nothing anywhere else.

    Raises:
        AssertionError: under nbgrader, when there are no points.
    """
    if not under_nbgrader():
        return None
    if verdict is None or not verdict.points:
        raise AssertionError(verdict.message if verdict else "This is no exercise of this course.")
    return float(verdict.points)


def hint(which):
    """Show the next of three hints, from vague to plain.

    Args:
        which: the id, e.g. ``hint("momentum.step")``, or your function.
    """
    exercise = _exercise_of(which)
    if exercise is None:
        return
    number = min(len(store.history("hint", exercise.id)) + 1, len(exercise.hints))
    store.record("hint", exercise.id, number)
    rows = [f"{i}. {text}" for i, text in enumerate(exercise.hints[:number], start=1)]
    more = (
        "Ask again for a plainer one."
        if number < 3
        else f'There are no more. `solution("{exercise.id}")` shows an answer.'
    )
    show(Card("note", f"{exercise.title}: hint {number} of 3", [*rows, more]))


def solution(which):
    """Show an answer: after an attempt, or when asked twice.

    Args:
        which: the id, e.g. ``solution("momentum.step")``, or your function.
    """
    exercise = _exercise_of(which)
    if exercise is None:
        return
    asked, tried = store.history("solution", exercise.id), store.history("check", exercise.id)
    store.record("solution", exercise.id, len(asked) + 1)
    if not (asked or tried):
        title = "You have not tried it yet: a wrong attempt teaches more than a right answer that was read."
        again = f'Ask `solution("{exercise.id}")` once more to see it all the same.'
        show(Card("note", title, [f"A first nudge: {exercise.hints[0]}", again]))
        return
    show(Card("note", f"One right answer to {exercise.title}", [("code", source_of(exercise))]))


def your_turn(id):
    """In a lesson: show what to build, test the saved worksheet, and return the function to go on with.

    The worksheet's code runs in another process, so a loop without end or a crash in it cannot reach the lesson.

    Args:
        id: the id of the exercise, e.g. "momentum.step".

    Returns:
        Your own function once it is right, the reference until then; the card says which.
    """
    exercise = exercises.get(id)
    path = worksheet_of(exercise)
    verdict = _standing(path, exercise)
    function = own_function(path, exercise) if verdict.clean else None
    show(turn_card(exercise, verdict, function is not None))
    return function or exercise.reference


# --------------------------------------------------------------------------------------------------- cards


def verdict_card(exercise, verdict):
    """A `Verdict` as a card."""
    if verdict.status == NOT_ATTEMPTED:
        return Card(verdict.status, f"{exercise.title}: not attempted yet",
                    ["Replace the dots and run the cell of your function, then this one.",
                     f'Stuck? `hint("{exercise.id}")`'])  # fmt: skip
    if verdict.clean:
        return Card(
            "right",
            f"{exercise.title}: {verdict.message}",
            ["Save the worksheet, and the lesson goes on with your function."],
        )
    rows = [
        verdict.advice,
        seen(verdict),
        verdict.line and ("your line", verdict.line),
        verdict.about and f"Tried: {verdict.about}",
        verdict.given and ("given", verdict.given),
        verdict.expected and ("your answer", verdict.got),
        verdict.expected and ("expected", verdict.expected),
        *[flaw for flaw in verdict.flaws if flaw not in verdict.message],
        f'Stuck? `hint("{exercise.id}")` Or read again: "{exercise.section}" in the lesson.',
    ]
    words = {"wrong": "not yet", "error": "it stopped with an error", "right": "right, but"}[verdict.status]
    return Card("wrong" if verdict.status == RIGHT else verdict.status, f"{exercise.title}: {words}", rows)


def seen(verdict):
    """What was seen; below a diagnosis not even that the values differ, since they follow."""
    if not verdict.advice:
        return verdict.message
    return "" if verdict.message == "The values differ." else f"Seen: {verdict.message}"


def turn_card(exercise, verdict, own):
    """What to build, how it stands, and whose function goes on: the learner's ``own`` or the reference."""
    mood, *told = ("right", f"Your `{exercise.name}` is right: what follows is drawn with it.") if own else (
        _told_of_reference(verdict))  # fmt: skip
    rows = [("write", f"def {exercise.signature}:"), *exercise.statement.split("\n\n"), *told]
    link = "Open the worksheet", f"../exercises/{lesson(exercise.lesson).stem}.ipynb"
    return Card(mood, f"Your turn: {exercise.title}", rows, [link])


def _told_of_reference(verdict):
    """Why the reference goes on: the mood, and the sentences."""
    if verdict.status == NOT_ATTEMPTED:
        return verdict.status, verdict.message, "What follows is drawn with the reference."
    if verdict.clean:
        return "error", "Your saved answer is right, but its cell can't be used here by itself.", UNTIL_THEN
    if verdict.status == RIGHT:
        return "wrong", verdict.message, UNTIL_THEN
    return verdict.status, verdict.advice or verdict.message, UNTIL_THEN


UNTIL_THEN = "Until it is right in the saved worksheet, what follows is drawn with the reference."


def source_of(exercise):
    """The reference as code, without its declaration."""
    lines = textwrap.dedent(inspect.getsource(exercise.reference)).splitlines()
    return "\n".join(lines[next(i for i, line in enumerate(lines) if line.startswith("def ")) :])


# ------------------------------------------------------------------------------------------------ the worksheet


def worksheet_of(exercise):
    """The path of the worksheet that holds the exercise."""
    folder = Path(os.environ.get("COURSE_LIB_WORKSHEETS") or ROOT / "exercises")
    return folder / f"{lesson(exercise.lesson).stem}.ipynb"


def _standing(path, exercise):
    """The `Verdict` on the saved worksheet; one that says why, where it can't be tested."""
    from course_lib.grading.grade import examine_file  # the only user of the sandbox here, and it is slow to load
    from course_lib.grading.launch import SandboxError

    if not path.exists():
        return _no_verdict(exercise, NOT_ATTEMPTED, f"There is no worksheet {path} yet.")
    try:
        return examine_file(path, exercise)
    except (SandboxError, OSError) as error:
        return _no_verdict(exercise, ERROR, f"Your worksheet can't be tested here: {error}")


def _no_verdict(exercise, status, message):
    return Verdict(exercise.id, status, 0.0, exercise.points, message)


def own_function(path, exercise):
    """The learner's function from the saved worksheet, for use in this kernel, or None.

    Only imports, definitions and simple constants of the worksheet are executed, after the sandbox has found the
    function right; whatever it raises later is said once, and the reference takes over. It prints nothing: a lesson
    calls it thousands of times.
    """
    from course_lib.grading.notebook import definitions

    space = {"__name__": "worksheet", "print": lambda *args, **kwargs: None}
    try:
        with time_limit(2):
            exec(compile(definitions(path), str(path), "exec"), space)
        return _guarded(space[exercise.name], exercise)
    except (Exception, SystemExit, TimeUp):
        return None


def _guarded(function, exercise):
    """The function until it raises or takes too long, said once; from then on the reference."""
    now = function

    def give_up(what):
        nonlocal now
        if now is function:
            now = exercise.reference
            show(Card("error", f"Your {exercise.name} {what}.", ["From here on this lesson draws with the reference."]))

    @wraps(function)
    def guarded(*args, **kwargs):
        try:
            return watched(now, *args, **kwargs)
        except TimeUp:
            if now is not function:
                raise
            give_up("did not come to an end")
        except (Exception, SystemExit) as error:
            if now is not function:
                raise
            give_up(f"stopped with {type(error).__name__}: {error}")
        return now(*args, **kwargs)

    return guarded


def _exercise_of(which):
    """The exercise that an id or a function stands for; None, and a card that says why, where there is none."""
    by_id = isinstance(which, str)
    name = which if by_id else getattr(which, "__name__", type(which).__name__)
    try:
        return exercises.get(name) if by_id else exercises.by_name(name)
    except KeyError:
        known = {exercise.id if by_id else exercise.name: exercise for exercise in exercises.all_exercises()}
        show(_stranger("exercise" if by_id else "exercise that asks for a function", name, known))
        return None


def _stranger(what, name, known):
    close = get_close_matches(name, known, n=3) or list(known)
    keep = "" if what == "exercise" else " Keep the name of the stub."
    return Card("error", f"There is no {what} called `{name}`.{keep}", [f"There is: {', '.join(close)}."])
