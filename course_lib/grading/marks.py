"""What a mark is: the record of a student for one exercise, and sums over records."""

from typing import NamedTuple

from course_lib import exercises
from course_lib.checking import RIGHT

GRADED, UNREADABLE, MISSING, UNGRADED = "graded", "unreadable", "not submitted", "not graded"
FLAWED = "right, but"


class Graded(NamedTuple):
    """What became of one submission: its status, the reason when it is not "graded", and a `Verdict` an exercise.

    `again` names the exercises that ran out of time on a busy machine, and deserve another try; `seconds` is how long
    it took; `prints` are the fingerprints of its code (`similarity.packed`), None where nobody made them.
    """

    found: tuple
    status: str
    reason: str = ""
    verdicts: tuple = ()
    again: tuple = ()
    seconds: float = 0.0
    prints: bytes | None = None


class Record(NamedTuple):
    """The mark of a student for one exercise."""

    student: str
    lesson: str
    exercise: str
    points: float
    max_points: float
    status: str
    diagnosis: str
    message: str


def records(graded):
    """The `Record` list of one `Graded`: an entry an exercise, also when there was nothing to grade."""
    who = graded.found.student, graded.found.lesson
    if graded.status == GRADED:
        return [Record(*who, v.exercise, v.points, v.max_points, status(v), v.diagnosis, said(v))
                for v in graded.verdicts]  # fmt: skip
    every = exercises.of_lesson(graded.found.lesson)
    return [Record(*who, e.id, 0.0, e.points, graded.status, "", graded.reason) for e in every]


def status(verdict):
    """The status of a verdict, with right answers apart that break the contract on the way."""
    return FLAWED if verdict.status == RIGHT and not verdict.clean else verdict.status


def said(verdict):
    """A verdict in words: the mistake by its diagnosis where it has one."""
    return verdict.advice or verdict.message


def total(some):
    """The points of some records; optional exercises add to them."""
    return round(sum(record.points for record in some), 4)


def most(some):
    """The most points that some records ask for; what is optional is not asked for."""
    return round(sum(record.max_points for record in some if not optional(record)), 4)


def asked(some):
    """The points of some records (or verdicts) for what is asked for."""
    return round(sum(record.points for record in some if not optional(record)), 4)


def extra(some):
    """What optional exercises add, in words: ", and 3 extra"; "" for nothing."""
    points = round(sum(record.points for record in some if optional(record)), 4)
    return f", and {points:g} extra" if points else ""


def optional(record):
    """Whether a record (or verdict) is about an optional exercise; one that the course no longer has is none."""
    known = exercises.find(record.exercise)
    return known is not None and known.starred
