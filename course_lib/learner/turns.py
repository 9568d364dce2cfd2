"""An exercise from the learner's side: check it, be hinted at, see a solution, take a turn in the lesson."""

import inspect
import os
import textwrap
from functools import wraps
from pathlib import Path

from course_lib import exercises
from course_lib.calling import TimeUp, time_limit
from course_lib.checking import NOT_ATTEMPTED, RIGHT, calling_here, examine
from course_lib.learner import store
from course_lib.learner.cards import Card, show
from course_lib.lessons import lesson

ROOT = Path(__file__).parents[2]


def check(function):
    """Examine your function, here and now, and say what is right or which mistake it is.

    Args:
        function: your function, under the name of the stub.
    """
    exercise = _exercise_of(function)
    if exercise is None:
        return
    verdict = examine(exercise, calling_here(function))
    if verdict.status != NOT_ATTEMPTED:
        store.record("check", exercise.id, verdict.status if verdict.clean or verdict.status != RIGHT else "flawed")
    show(verdict_card(exercise, verdict))


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
    show(Card("note", f"One right answer to {exercise.title}", [("", source_of(exercise))]))


def your_turn(id):
    """In a lesson: show what to build, test the saved worksheet, and return the function to go on with.

    The worksheet's code runs in another process, so a loop without end or a crash in it cannot reach the lesson.

    Args:
        id: the id of the exercise, e.g. "momentum.step".

    Returns:
        Your own function once it is right, the reference until then; the card says which.
    """
    from course_lib.grading.grade import examine_file  # the only user of the sandbox here, and it is slow to load

    exercise = exercises.get(id)
    path = worksheet_of(exercise)
    verdict = examine_file(path, exercise) if path.exists() else None
    function = own_function(path, exercise) if verdict and verdict.clean else None
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
        f"Seen: {verdict.message}" if verdict.advice else verdict.message,
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


def turn_card(exercise, verdict, own):
    """What to build, and how it stands."""
    stem = lesson(exercise.lesson).stem
    mood = "right" if own else "not attempted" if verdict is None or verdict.status == NOT_ATTEMPTED else verdict.status
    standing = {
        "right": f"Your `{exercise.name}` is right: what follows is drawn with it.",
        "not attempted": "Not attempted yet: what follows is drawn with the reference.",
    }.get(mood, "Your saved answer is not right yet, so what follows is drawn with the reference.")
    told = [verdict.advice or verdict.message] if verdict and mood in ("wrong", "error") else []
    rows = [("write", f"def {exercise.signature}:"), *exercise.statement.split("\n\n"), *told, standing]
    return Card(mood if own or mood != "right" else "wrong", f"Your turn: {exercise.title}", rows,
                [("Open the worksheet", f"../exercises/{stem}.ipynb")])  # fmt: skip


def source_of(exercise):
    """The reference as code, without its declaration."""
    lines = textwrap.dedent(inspect.getsource(exercise.reference)).splitlines()
    return "\n".join(lines[next(i for i, line in enumerate(lines) if line.startswith("def ")) :])


# ------------------------------------------------------------------------------------------------ the worksheet


def worksheet_of(exercise):
    """The path of the worksheet that holds the exercise."""
    folder = Path(os.environ.get("COURSE_LIB_WORKSHEETS") or ROOT / "exercises")
    return folder / f"{lesson(exercise.lesson).stem}.ipynb"


def own_function(path, exercise):
    """The learner's function from the saved worksheet, for use in this kernel, or None.

    Only imports, definitions and simple constants of the worksheet are executed, after the sandbox has found the
    function right; whatever it raises later is said once, and the reference takes over.
    """
    from course_lib.grading.notebook import definitions

    space = {"__name__": "worksheet"}
    try:
        with time_limit(2):
            exec(compile(definitions(path), str(path), "exec"), space)
        return _guarded(space[exercise.name], exercise)
    except (Exception, SystemExit, TimeUp):
        return None


def _guarded(function, exercise):
    use = [function]

    @wraps(function)
    def guarded(*args, **kwargs):
        try:
            return use[0](*args, **kwargs)
        except Exception as error:
            if use[0] is exercise.reference:
                raise
            use[0] = exercise.reference
            show(Card("error", f"Your {exercise.name} stopped with {type(error).__name__}: {error}",
                      ["From here on this lesson draws with the reference."]))  # fmt: skip
            return use[0](*args, **kwargs)

    return guarded


def _exercise_of(which):
    """The exercise that an id or a function stands for; None, and a card that says why, where there is none."""
    try:
        return exercises.get(which) if isinstance(which, str) else exercises.by_name(getattr(which, "__name__", which))
    except KeyError as error:
        show(Card("error", str(error.args[0])))
        return None
