"""From what the examination found to what counts: attempts, lateness, and adjustments by hand. Pure functions.

A mark is a sum: the raw points of the attempt that counts, less what lateness costs, plus what was adjusted. Nothing
here is stored: change a rule, and all marks follow without grading anything again.
"""

import math
from datetime import datetime, timezone
from typing import NamedTuple

from course_lib.grading import marks

BEST, LAST = "best", "last"
DAY = 86_400  # seconds


class Deadline(NamedTuple):
    """When a lesson is due, and after when it earns nothing (None: never); aware `datetime`s."""

    due: datetime
    cutoff: datetime | None = None


class Rules(NamedTuple):
    """What holds for a course.

    Attributes:
        deadlines: ``{(lesson, student): Deadline}``; the student "" stands for everybody else.
        percent: what each day of lateness that has begun costs, of the points earned.
        most: what lateness costs at most, in percent.
        grace: minutes after the deadline that are still on time.
        attempts: which attempt counts, "best" or "last".
    """

    deadlines: dict = {}
    percent: float = 0.0
    most: float = 100.0
    grace: float = 0.0
    attempts: str = LAST


class Adjustment(NamedTuple):
    """A correction by hand: `points` to add, or to give in the place of the mark (`absolute`)."""

    student: str
    exercise: str
    points: float
    absolute: bool
    reason: str
    at: str
    undone: str = ""


class Step(NamedTuple):
    """A line of the sum that makes a mark: why, and how many points."""

    why: str
    points: float


class Mark(NamedTuple):
    """A final mark: its `Record`, and the steps that add up to its points."""

    record: marks.Record
    steps: tuple

    @property
    def plain(self):
        """Whether it is the raw mark, with nothing to explain."""
        return len(self.steps) == 1


class Final(NamedTuple):
    """What counts of a student and lesson: the `Graded` attempt, its marks, and out of how many attempts."""

    graded: marks.Graded
    marks: tuple
    attempts: int = 1

    @property
    def found(self):
        """The submission that counts."""
        return self.graded.found

    @property
    def records(self):
        """The final records, one an exercise."""
        return [mark.record for mark in self.marks]


def final(attempts, rules=Rules(), adjustments=()):  # noqa: B008 (nothing is changed in it)
    """The `Final` of all `Graded` attempts of one student at one lesson."""
    chosen = choose(attempts, rules)
    cost = lateness(chosen.found, rules)
    mine = tuple(mark(record, cost, adjustments) for record in marks.records(chosen))
    return Final(chosen, mine, len(attempts))


def raw(graded):
    """A `Graded` as it stands, with no rule in force."""
    return final([graded])


def choose(attempts, rules):
    """The attempt that counts.

    One that came after the cutoff, or that could not be read, counts only when there is no other.
    """
    good = [one for one in attempts if one.status == marks.GRADED]
    timely = [one for one in good if not lateness(one.found, rules).closed]
    some = timely or good or list(attempts)
    if rules.attempts == BEST:
        return max(some, key=lambda one: (worth(one, rules), -one.found.attempt))
    return max(some, key=lambda one: one.found.attempt)


def worth(graded, rules):
    """The points of an attempt after lateness."""
    return round(marks.total(marks.records(graded)) * (1 - lateness(graded.found, rules).share), 4)


def mark(record, cost, adjustments=()):
    """The `Mark` of one record, from what lateness costs and all adjustments of its student."""
    steps = [Step("examined", record.points)]
    if cost.share and record.points:
        steps.append(Step(cost.words, -round(record.points * cost.share, 4)))
    for one in adjustments:
        if (one.student, one.exercise) == (record.student, record.exercise) and not one.undone:
            steps.append(adjusted(one, steps))
    points = round(sum(step.points for step in steps), 4)
    return Mark(record._replace(points=points), tuple(steps))


def adjusted(one, steps):
    """The step that an adjustment makes after other steps; no mark falls below zero."""
    before = round(sum(step.points for step in steps), 4)
    after = one.points if one.absolute else max(before + one.points, 0.0)
    set_to = f"set to {one.points:g}" if one.absolute else "adjusted"
    return Step(f"{set_to} by hand: {one.reason}", round(after - before, 4))


# -------------------------------------------------------------------------------------------------------- lateness


class Lateness(NamedTuple):
    """What lateness costs: the share of the points, in words, and whether it was too late altogether."""

    share: float = 0.0
    words: str = ""
    closed: bool = False


def lateness(found, rules):
    """The `Lateness` of a submission; one whose time is not known is on time."""
    deadline = deadline_of(found, rules)
    if not deadline or not found.when:
        return Lateness()
    when = moment(found.when)
    if deadline.cutoff and when > deadline.cutoff:
        return Lateness(1.0, "handed in after the last moment", True)
    seconds = (when - deadline.due).total_seconds()
    if seconds <= 60 * rules.grace:
        return Lateness()
    days = math.ceil(seconds / DAY)
    percent = min(rules.percent * days, rules.most)
    return Lateness(percent / 100, f"{days} {'day' if days == 1 else 'days'} late: {percent:g} % of the points")


def deadline_of(found, rules):
    """The `Deadline` of a submission: the student's own, or everybody's, or None. An extension moves the cutoff too."""
    common = rules.deadlines.get((found.lesson, ""))
    own = rules.deadlines.get((found.lesson, found.student), common)
    if own and common and own.cutoff is None and common.cutoff:
        return own._replace(cutoff=max(own.due, common.cutoff))
    return own


def moment(text):
    """An ISO time as an aware `datetime`; one without a zone is UTC.

    Raises:
        ValueError: it is no ISO time.
    """
    made = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return made if made.tzinfo else made.replace(tzinfo=timezone.utc)
