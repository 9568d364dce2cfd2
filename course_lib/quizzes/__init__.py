"""The quizzes, one module a lesson: six questions, and a reason for every option."""

from importlib import import_module

from course_lib.lessons import lesson


def of_lesson(number):
    """The questions of a lesson.

    Raises:
        KeyError: there is no such lesson, or it has no quiz.
    """
    slug = lesson(number).slug
    try:
        return import_module(f"course_lib.quizzes.{slug}").QUESTIONS
    except ModuleNotFoundError:
        raise KeyError(f"Lesson {number} has no quiz.") from None
