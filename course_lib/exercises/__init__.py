"""The exercises, one module a lesson. Ask here by id, by function name or by lesson.

A module is imported when somebody asks for what it declares: who grades one lesson waits for no other.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from course_lib.exercises.declare import REGISTRY, Exercise, Mistake, Part
from course_lib.lessons import LESSONS

__all__ = ["Exercise", "Mistake", "Part", "all_exercises", "by_name", "find", "get", "of_lesson"]

SLUGS = {lesson.number: lesson.slug for lesson in LESSONS}


@cache
def load(number):
    """Import the module of a lesson, if there is one: to import it is to declare its exercises."""
    name = f"{__name__}.{SLUGS.get(number)}"
    if number in SLUGS and find_spec(name):
        import_module(name)


def everything():
    """The registry with the exercises of all lessons in it."""
    for number in SLUGS:
        load(number)
    return REGISTRY


def all_exercises():
    """All exercises, in the order of the lessons."""
    return sorted(everything().values(), key=lambda exercise: exercise.lesson)  # sorted() keeps the declared order


def get(id):
    """The exercise with this id, e.g. "momentum.step".

    Raises:
        KeyError: there is none; the message lists the ids.
    """
    found = find(id)
    if found is None:
        raise KeyError(f"There is no exercise {id!r}. There are: {', '.join(REGISTRY)}.")
    return found


def find(id):
    """The exercise with this id, or None."""
    return REGISTRY.get(id) or everything().get(id)


def by_name(name):
    """The exercise whose function has this name, e.g. "momentum_step".

    Raises:
        KeyError: there is none; the message lists the names.
    """
    for exercise in everything().values():
        if exercise.name == name:
            return exercise
    names = ", ".join(exercise.name for exercise in REGISTRY.values())
    raise KeyError(f"No exercise asks for a function called {name!r}. Keep the name of the stub, one of: {names}.")


def of_lesson(number):
    """The exercises of a lesson, in the order they are declared in."""
    load(number)
    return [exercise for exercise in REGISTRY.values() if exercise.lesson == number]
