"""How the answers in a running notebook stand: the examiner's word on each exercise of a lesson.

Runs inside the kernel of a worksheet or a key, after its last cell.
"""

import json

from course_lib.checking import calling_here, examine
from course_lib.exercises import of_lesson

SECONDS = 20  # for one call, so that an endless loop has a name


def tell(namespace, lesson):
    """Print ``[[exercise id, status, message], ...]`` for the answers in a namespace, as one line of JSON."""
    print(json.dumps([_standing(exercise, namespace) for exercise in of_lesson(lesson)]))


def _standing(exercise, namespace):
    if exercise.name not in namespace:
        return exercise.id, "missing", f"the notebook defines no {exercise.name}"
    verdict = examine(exercise, calling_here(namespace[exercise.name], SECONDS))
    return exercise.id, verdict.status, verdict.message
