"""The quizzes: six questions a lesson, one right option each, and a reason for every option."""

import pkgutil
import sys

import pytest

from course_lib import quizzes
from course_lib.lessons import LESSONS
from course_lib.quizzes.declare import ask, no, yes

SLUGS = sorted(module.name for module in pkgutil.iter_modules(quizzes.__path__) if module.name != "declare")
NUMBERS = {lesson.slug: lesson.number for lesson in LESSONS}
each_quiz = pytest.mark.parametrize("slug", SLUGS)


def right_letter(question):
    (letter,) = [letter for letter, option in question.lettered() if option.right]
    return letter


@each_quiz
def test_a_quiz_belongs_to_a_lesson_and_has_six_questions(slug):
    """Broken: `quiz("05")` finds none, or a lesson ends with half a quiz."""
    assert len(quizzes.of_lesson(NUMBERS[slug])) == 6


@each_quiz
def test_every_question_has_one_right_option_and_reasons(slug):
    """Broken: a learner who chooses is told nothing, or nothing is right."""
    for question in quizzes.of_lesson(NUMBERS[slug]):
        assert right_letter(question)
        assert 3 <= len(question.options) <= 5
        assert all(len(option.reason) >= 10 and option.reason.rstrip(")")[-1] in ".!?" for option in question.options)


@each_quiz
def test_options_of_a_question_differ_and_questions_do_too(slug):
    """Broken: the same option stands twice, once right and once wrong."""
    questions = quizzes.of_lesson(NUMBERS[slug])
    assert len({question.text for question in questions}) == 6
    for question in questions:
        assert len({option.text.lower() for option in question.options}) == len(question.options)
        assert question.text.count("`") % 2 == 0 and all(option.text.count("`") % 2 == 0 for option in question.options)


@each_quiz
def test_the_right_letter_cannot_be_guessed(slug):
    """Broken: whoever always says "b" passes."""
    letters = [right_letter(question) for question in quizzes.of_lesson(NUMBERS[slug])]
    assert len(set(letters)) >= 3
    assert max(letters.count(letter) for letter in letters) <= 3


@pytest.mark.parametrize("options", [
    (no("a", "since."), no("b", "since.")),
    (yes("a", "since."), yes("b", "since.")),
    (yes("a", "since."), no("b", "")),
    (),
])  # fmt: skip
def test_a_question_without_one_right_option_or_a_reason_is_refused(options):
    """Broken: the mistake is found by a learner, not by the author."""
    with pytest.raises(ValueError, match="One right option"):
        ask("What?", *options)


def test_a_lesson_without_a_quiz_is_said(monkeypatch):
    """Broken: a ModuleNotFoundError from inside."""
    monkeypatch.setitem(sys.modules, "course_lib.quizzes.start_here", None)  # as if it were not there
    with pytest.raises(KeyError, match="has no quiz"):
        quizzes.of_lesson("00")
    with pytest.raises(KeyError, match="no lesson"):
        quizzes.of_lesson("99")
