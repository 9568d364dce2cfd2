"""The exercises, one module a lesson. Ask here by id, by function name or by lesson."""

from importlib import import_module
from importlib.util import find_spec

from course_lib.exercises.declare import REGISTRY, Exercise, Mistake, Part
from course_lib.lessons import LESSONS

__all__ = ["Exercise", "Mistake", "Part", "all_exercises", "by_name", "find", "get", "of_lesson"]

for lesson in LESSONS:  # to import a module is to declare its exercises
    if find_spec(f"{__name__}.{lesson.slug}"):
        import_module(f"{__name__}.{lesson.slug}")


def all_exercises():
    """All exercises, in the order of the lessons."""
    return sorted(REGISTRY.values(), key=lambda exercise: exercise.lesson)  # sorted() keeps the declared order


def get(id):
    """The exercise with this id, e.g. "momentum.step".

    Raises:
        KeyError: there is none; the message lists the ids.
    """
    if id not in REGISTRY:
        raise KeyError(f"There is no exercise {id!r}. There are: {', '.join(REGISTRY)}.")
    return REGISTRY[id]


def find(id):
    """The exercise with this id, or None."""
    return REGISTRY.get(id)


def by_name(name):
    """The exercise whose function has this name, e.g. "momentum_step".

    Raises:
        KeyError: there is none; the message lists the names.
    """
    for exercise in REGISTRY.values():
        if exercise.name == name:
            return exercise
    names = ", ".join(exercise.name for exercise in REGISTRY.values())
    raise KeyError(f"No exercise asks for a function called {name!r}. Keep the name of the stub, one of: {names}.")


def of_lesson(number):
    """The exercises of a lesson, in the order they are declared in."""
    return [exercise for exercise in REGISTRY.values() if exercise.lesson == number]
