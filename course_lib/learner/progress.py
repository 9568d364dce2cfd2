"""Where the learner stands, over all lessons."""

from course_lib import exercises, quizzes
from course_lib.learner import store
from course_lib.learner.cards import Table, show
from course_lib.lessons import LESSONS


def progress():
    """Show a table: for each lesson its exercises that are right, and its quiz questions answered rightly."""
    rows = [(lesson.number, lesson.title, _exercises(lesson), _quiz(lesson)) for lesson in LESSONS]
    show(Table("note", "Your progress", ("", "lesson", "exercises right", "quiz right"), rows))


def _exercises(lesson):
    states = [store.history("check", exercise.id) for exercise in exercises.of_lesson(lesson.number)]
    return f"{sum('right' in state for state in states)} of {len(states)}" if states else "to come"


def _quiz(lesson):
    try:
        count = len(quizzes.of_lesson(lesson.number))
    except KeyError:
        return "to come"
    answers = [store.history("quiz", f"{lesson.number}.{i}") for i in range(1, count + 1)]
    return f"{sum(bool(answer) and answer[-1] for answer in answers)} of {count}"
