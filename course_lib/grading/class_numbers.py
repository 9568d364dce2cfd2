"""What a class report counts, in one pass over the records, student by student; memory does not grow with the class.

Discrimination is the correlation of an exercise's points with the share of points in all others (item-rest; for
all-or-nothing points the point-biserial correlation): does it tell those who can from those who cannot?
"""

import builtins
import math
import re
from collections import Counter
from itertools import groupby

from course_lib import exercises
from course_lib.checking import ENDLESS, ERROR, NOT_ATTEMPTED, RIGHT, WRONG
from course_lib.grading import marks
from course_lib.grading.grade import ENDLESS_CELL
from course_lib.lessons import lesson

STATUSES = (RIGHT, marks.FLAWED, WRONG, ERROR, NOT_ATTEMPTED)
ABSENT = (marks.MISSING, marks.UNGRADED)
FEWEST = 10  # students for a correlation that says anything
TIME_OUT, NAMED, NO_ANSWER, ITS_OWN = "time-out", "a named mistake", "no answer", "an exception of its own"
SAYING = {ENDLESS: TIME_OUT, ENDLESS_CELL: TIME_OUT, "no valid Python": "no valid Python",
          "no function of this name": "the function is gone when all cells have run"}  # fmt: skip
OUR_KINDS = {"TimeUp": TIME_OUT, "ProcessEnded": "the process ended", "Interference": NO_ANSWER}


class Correlation:
    """The correlation of pairs that come one by one."""

    def __init__(self):
        self.n = self.x = self.y = self.xx = self.yy = self.xy = 0.0

    def add(self, x, y):
        """One more pair; Welford's update, which loses no digits."""
        self.n += 1
        dx, dy = x - self.x, y - self.y
        self.x += dx / self.n
        self.y += dy / self.n
        self.xx += dx * (x - self.x)
        self.yy += dy * (y - self.y)
        self.xy += dx * (y - self.y)

    @property
    def value(self):
        """Between -1 and 1; None for too few pairs, or where one side does not vary."""
        if self.n < FEWEST or min(self.xx, self.yy) < 1e-9:
            return None
        return max(-1.0, min(1.0, self.xy / math.sqrt(self.xx * self.yy)))


class Item:
    """An exercise in numbers, over all submissions that could be read."""

    def __init__(self, record):
        self.id, self.lesson, self.most = record.exercise, record.lesson, record.max_points
        self.optional = marks.optional(record)
        self.statuses, self.points, self.rest = Counter(), 0.0, Correlation()

    def add(self, record, rest):
        """One more record, and the share of points of its student in all other exercises (None: there are none)."""
        self.statuses[record.status] += 1
        self.points += record.points
        if rest is not None:
            self.rest.add(record.points, rest)

    @property
    def n(self):
        """How many submissions hold it."""
        return sum(self.statuses.values())

    @property
    def right(self):
        """The share of right answers."""
        return self.statuses[RIGHT] / self.n

    @property
    def mean(self):
        """Points on average."""
        return self.points / self.n

    @property
    def title(self):
        """Its title, or its id when the course no longer has it."""
        known = exercises.find(self.id)
        return known.title if known else self.id


class Numbers:
    """All that a class report says; `add` takes up one student more.

    Args:
        records: `Record`s, those of one student together, as the gradebook gives them.

    Attributes:
        students: how many.
        shares: the share of points of each who has anything graded, by lesson number and "" for all, 0 to 1.
        items: an `Item` an exercise.
        mistakes: ``{(exercise, diagnosis): [how many, first sentence]}``.
        errors: ``{kind: Counter of exercises}``.
        entries: ``{lesson: Counter of status of submissions}``.
        who: ``{(status, lesson or exercise): students}`` of those not submitted, unreadable, not graded, timed out.
        reasons: how often a file could not be read, by reason.
    """

    def __init__(self, records=()):
        self.students, self.shares, self.items, self.mistakes = 0, {}, {}, {}
        self.errors, self.entries, self.who, self.reasons = {}, {}, {}, Counter()
        for student, mine in groupby(records, key=lambda record: record.student):
            self.add(student, list(mine))

    def add(self, student, mine):
        """One more student, with all records."""
        self.students += 1
        for number, some in groupby(mine, key=lambda record: record.lesson):
            self.add_submission(student, number, next(some))
        graded = [record for record in mine if record.status in STATUSES]
        self.add_shares(graded)
        got, most = marks.total(graded), sum(record.max_points for record in graded)
        for record in graded:
            others = most - record.max_points
            self.item(record).add(record, (got - record.points) / others if others > 0 else None)
            self.add_troubles(record)

    def item(self, record):
        """The `Item` of a record."""
        return self.items.setdefault(record.exercise, Item(record))

    def add_submission(self, student, number, record):
        """One more submission, from the first of its records."""
        status = marks.GRADED if record.status in STATUSES else record.status
        self.entries.setdefault(number, Counter())[status] += 1
        if status != marks.GRADED:
            self.who.setdefault((status, number), []).append(student)
        if status == marks.UNREADABLE:
            self.reasons[first_sentence(record.message)] += 1

    def add_shares(self, graded):
        """The share of points of one student: in all, and by lesson."""
        parts = {"": graded} | {number: list(some) for number, some in groupby(graded, key=lambda one: one.lesson)}
        for number, some in parts.items():
            if most := marks.most(some):
                self.shares.setdefault(number, []).append(min(max(marks.asked(some) / most, 0.0), 1.0))

    def add_troubles(self, record):
        """The named mistake or the error of one record."""
        if record.diagnosis:
            entry = self.mistakes.setdefault((record.exercise, record.diagnosis), [0, first_sentence(record.message)])
            entry[0] += 1
        if record.status == ERROR:
            kind = kind_of(record)
            self.errors.setdefault(kind, Counter())[record.exercise] += 1
            if kind == TIME_OUT:
                self.who.setdefault((TIME_OUT, record.exercise), []).append(record.student)

    @property
    def standing(self):
        """The `entries`, and whoever has none in a lesson that others have: nothing came, and nothing was expected."""
        return {number: Counter(counts, **{"no entry": self.students - counts.total()})
                for number, counts in self.entries.items()}  # fmt: skip

    def by_lesson(self):
        """(number, title, items) of each lesson."""
        order = sorted(self.items.values(), key=lambda item: item.lesson)
        for number, some in groupby(order, key=lambda item: item.lesson):
            yield number, lesson(number).title, list(some)

    def named(self):
        """The named mistakes as (share of those who handed the lesson in, count, item, sentence), by count."""
        rows = [(count / self.items[id].n, count, self.items[id], words)
                for (id, _), (count, words) in self.mistakes.items()]  # fmt: skip
        return sorted(rows, key=lambda row: (-row[1], -row[0], row[2].id, row[3]))


def first_sentence(text, most=180):
    """The first sentence of a text, cut at a word where it is long."""
    sentence = re.split(r"(?<=[.!?])\s+(?=[A-Z`])|\n", text.strip(), maxsplit=1)[0]
    return sentence if len(sentence) <= most else sentence[: sentence.rfind(" ", 0, most)] + " …"


def kind_of(record):
    """What kind of error a record tells of, in words that no student has written."""
    known = exercises.find(record.exercise)
    if mistake := next((one for one in (known.zoo if known else ()) if one.name == record.diagnosis), None):
        return TIME_OUT if mistake.hangs else NAMED
    if kind := next((kind for words, kind in SAYING.items() if words in record.message), None):
        return kind
    named = re.search(r"stopped with (\w+)", record.message)
    return type_of(named[1]) if named else NO_ANSWER


def type_of(name):
    """The name of an exception where Python knows it: a class of a student's own could be called anything."""
    kind = getattr(builtins, name, None)
    theirs = name if isinstance(kind, type) and issubclass(kind, BaseException) else ITS_OWN
    return OUR_KINDS.get(name, theirs)


def median(some):
    """The middle of some numbers."""
    ordered, half = sorted(some), len(some) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def histogram(shares, bins=10):
    """How many shares lie in each of so many equal parts of 0 to 1; 1 itself is in the last."""
    counts = [0] * bins
    for share in shares:
        counts[min(int(share * bins + 1e-9), bins - 1)] += 1
    return counts
