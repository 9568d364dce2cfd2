"""Predictions: recorded before the reveal, shown beside what came out, reconciled at the end of the lesson.

A key is "lesson.name", e.g. "05.steps". The first record stands; a later one is kept beside it as a change.
"""

from math import isfinite

from course_lib.learner import store
from course_lib.learner.cards import Card, Table, show
from course_lib.learner.forms import LETTERS, choice_form, number_form

QUESTIONS = {}  # key -> (question, options), in the order this notebook asked
TRUTHS = {}  # key -> what came out, as text


def predict(key, question="", options=(), answer=None):
    """Ask for a prediction, and record it.

    In JupyterLab a form takes the answer; everywhere, ``predict(key, answer=...)`` does.

    Args:
        key: "lesson.name".
        question: the question, Markdown-like text with `code`.
        options: the answers to choose among; none of them asks for a number.
        answer: record this one: a number, or the letter of an option ("a", "b", ...).
    """
    if question:
        QUESTIONS[key] = question, tuple(options)
    question, options = QUESTIONS.get(key, (key, ()))
    if answer is not None:
        _take(key, options, answer)
        return
    made = store.history("prediction", key)
    if made:
        rows = [f"{letter}) {option}" for letter, option in zip(LETTERS, options)]
        show(Card("note", question, [*rows, _told(made), f'Change it with `predict("{key}", answer=...)`.']))
    elif options:
        choice_form(question, options, f'predict("{key}", answer="a")', lambda letter: _record(key, options, letter))
    else:
        number_form(question, f'predict("{key}", answer=0.5)', lambda number: _record(key, options, number))


def reveal(key, truth):
    """Show what came out beside what was predicted.

    Args:
        key: the key of the prediction.
        truth: what came out: a number, or the letter of the option that is right.
    """
    question, options = QUESTIONS.get(key, (key, ()))
    TRUTHS[key] = _in_words(truth, options) if key in QUESTIONS else str(truth)  # its cell may not have been run
    made = store.history("prediction", key)
    show(Card("note", question, [f"It is: {TRUTHS[key]}", _told(made) if made else "You made no prediction."]))


def reconcile(number):
    """The predictions of a lesson beside what came out, as a table; the place to think about the differences.

    Args:
        number: the number of the lesson, e.g. "05".
    """
    rows = [
        (question, made[0] if made else "none", made[-1] if len(made) > 1 else "", TRUTHS.get(key, "not revealed yet"))
        for key, (question, _) in QUESTIONS.items()
        if key.startswith(f"{number}.")
        for made in [store.history("prediction", key)]
    ]
    show(Table("note", "Your predictions, and what came out", ("question", "first", "changed to", "came out"), rows))


def _take(key, options, answer):
    try:
        show(Card("note", QUESTIONS.get(key, (key,))[0], [_record(key, options, answer)]))
    except ValueError as error:
        show(Card("error", str(error)))


def _record(key, options, answer):
    """Record an answer, and say so."""
    words = _in_words(answer, options)
    made = store.history("prediction", key)
    if not made or made[-1] != words:
        store.record("prediction", key, words)
    return _told(store.history("prediction", key))


def _in_words(answer, options):
    """An answer as text: a letter becomes its option.

    Raises:
        ValueError: it is no letter of an option, or no number where a number is asked for.
    """
    if not options:
        return _number_in_words(answer)
    letters = LETTERS[: len(options)]
    letter = str(answer).strip().lower()
    if len(letter) != 1 or letter not in letters:
        raise ValueError(f"Choose one of the letters {', '.join(letters)}, not {answer!r}.")
    return options[letters.index(letter)]


def _number_in_words(answer):
    try:
        number = float(answer)
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"A number is asked for, such as 0.5, not {answer!r}.")
    return str(int(number)) if number.is_integer() and abs(number) < 1e7 else f"{number:.4g}"


def _told(made):
    if len(made) == 1:
        return f"You predicted: {made[0]}"
    return f"You predicted: {made[0]}; changed later to: {' → '.join(made[1:])}"
