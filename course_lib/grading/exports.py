"""Marks for other systems, as text: pure functions of the records and the roster.

What is not submitted or not graded is left blank: a blank changes nothing in Canvas or Moodle, a zero would.
"""

import csv
import io
import json
import re
from itertools import groupby
from typing import NamedTuple

from course_lib.grading import files, roster
from course_lib.grading.marks import MISSING, UNGRADED, most, total
from course_lib.lessons import lesson

BLANK = (MISSING, UNGRADED)
CANVAS_HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
CANVAS_KEPT = {"student", "lastname", "firstname", "id", "sisuserid", "sisloginid", "integrationid", "rootaccount",
               "section"}  # fmt: skip
POSSIBLE = "    Points Possible"  # as Canvas writes it
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


class Export(NamedTuple):
    """A file's text, and sentences on what could not be placed."""

    text: str
    notes: tuple = ()


class Mark(NamedTuple):
    """What a student has for a lesson; `points` is None where there is nothing to enter."""

    points: float | None
    most: float
    status: str


def marks(records):
    """The `Mark` of each student and lesson: ``{(student, lesson): Mark}``, in order."""
    def key(record):
        return record.student, record.lesson

    return {pair: _mark(list(group)) for pair, group in groupby(sorted(records, key=key), key)}


def _mark(mine):
    status = next((r.status for r in mine if r.status in (*BLANK, "unreadable")), "graded")
    points = total(mine)
    points = None if status in BLANK and not points else points  # somebody may have given points by hand
    return Mark(points, most(mine), status)


def lessons_of(records):
    """The numbers of the lessons, sorted."""
    return sorted({record.lesson for record in records})


def students_of(records, everybody=None):
    """The ids of all students: of the roster in its order, then whoever else has a record."""
    known = [student.id for student in everybody.students] if everybody else []
    return [*known, *sorted({record.student for record in records} - set(known))]


# ---------------------------------------------------------------------------------------------------------- plain


def plain(records, everybody=None):
    """A row a student and lesson: points by exercise, total, maximum, status; with a roster also name and mail."""
    ids = list(dict.fromkeys(record.exercise for record in sorted(records, key=lambda r: r.lesson)))
    rows = [["student", "name", "email", "lesson", *ids, "total", "max", "status"]]
    points = {(r.student, r.lesson, r.exercise): files.number(r.points) for r in records}
    for (student, number), mark in marks(records).items():
        person = person_of(student, everybody)
        each = [points.get((student, number, id), "") for id in ids]
        sums = cell(mark), files.number(mark.most), mark.status
        rows.append([student, person.name, person.email, number, *each, *sums])
    return Export(as_csv(rows))


def lines(records, everybody=None):
    """JSON lines: a record a line, as in grades.json."""
    return Export("".join(json.dumps(record._asdict(), ensure_ascii=False) + "\n" for record in records))


# --------------------------------------------------------------------------------------------------------- Canvas


def canvas(records, everybody=None, template=None, columns=None):
    """The CSV that Canvas's gradebook imports, a column a lesson.

    Args:
        records: the marks.
        everybody: the `Roster`, or None.
        template: the text of what Canvas exported; its students are filled in, and of its columns only those that
            name a student or a lesson are kept, so that an import changes nothing else.
        columns: ``{number of a lesson: heading}`` where the template's headings do not tell.

    Raises:
        ValueError: the template has no column for a lesson, or several.
    """
    numbers, every = lessons_of(records), marks(records)
    if template is None:
        return Export(as_csv(_canvas_rows(records, everybody, numbers, every)))
    rows = roster.table(template)
    places = {number: column_of(number, rows[0], columns) for number in numbers}
    owners, notes = owners_of(records, everybody, rows)
    kept = [i for i, head in enumerate(rows[0]) if _squeezed(head) in CANVAS_KEPT] + list(places.values())
    for row, student in zip(rows[1:], owners):
        for number, place in places.items() if student else ():
            row[place] = cell(every.get((student, number)))
    return Export(as_csv([[row[i] for i in kept] for row in rows]), (*notes, *_possible(rows, places, every)))


def _canvas_rows(records, everybody, numbers, every):
    titles = [f"{number} {lesson(number).title}" for number in numbers]
    yield [*CANVAS_HEAD, *titles]
    yield [POSSIBLE, "", "", "", "", *(files.number(most_of(number, every)) for number in numbers)]
    for student in students_of(records, everybody):
        person = person_of(student, everybody)
        login = person.others.get("login") or person.email or student
        head = [person.name or student, canvas_id(person), student, login, person.others.get("section", "")]
        yield [*head, *(cell(every.get((student, number))) for number in numbers)]


def _possible(rows, places, every):
    """Sentences where the template's maximum is not ours: Canvas would count the points as of another whole."""
    row = next((row for row in rows[1:] if row and row[0].strip() == POSSIBLE.strip()), None)
    for number, place in places.items() if row else ():
        ours = most_of(number, every)
        if NUMBER.fullmatch(row[place].strip()) and float(row[place]) != ours:
            yield f"{rows[0][place]} is out of {row[place]} in the template, and lesson {number} is out of {ours:g}."


def most_of(number, every):
    """The points that a lesson asks for."""
    return max(mark.most for (_, n), mark in every.items() if n == number)


def canvas_id(person):
    """The number of a student in Canvas: the roster's, or the one in the name that Canvas gave to the file."""
    told = re.search(r"_(\d+)$", person.id)
    return person.others.get("canvas") or (told[1] if told else "")


# --------------------------------------------------------------------------------------------------------- Moodle


def moodle(records, everybody=None, template=None, columns=None):
    """The CSV that Moodle imports: a column a lesson, or the grading worksheet of one assignment filled in.

    Args:
        records, everybody, columns: as for `canvas`.
        template: the text of a gradebook export or of an assignment's grading worksheet (with Identifier and Grade).

    Raises:
        ValueError: the template has no column for a lesson, or it is a worksheet and there are several lessons.
    """
    numbers, every = lessons_of(records), marks(records)
    if template is None:
        return Export(as_csv(_moodle_rows(records, everybody, numbers, every)))
    rows = roster.table(template)
    heads = [_squeezed(head) for head in rows[0]]
    if {"identifier", "grade"} <= set(heads):
        if len(numbers) != 1:
            raise ValueError("A grading worksheet is for one assignment: name the lesson with --lessons.")
        columns = {numbers[0]: rows[0][heads.index("grade")]}
    places = {number: column_of(number, rows[0], columns) for number in numbers}
    owners, notes = owners_of(records, everybody, rows)
    for row, student in zip(rows[1:], owners):
        for number, place in places.items() if student else ():
            row[place] = cell(every.get((student, number))) or row[place]
    return Export(as_csv(rows), notes)


def _moodle_rows(records, everybody, numbers, every):
    yield ["Full name", "ID number", "Email address", *(f"{n} {lesson(n).title}" for n in numbers)]
    for student in students_of(records, everybody):
        person = person_of(student, everybody)
        head = [person.name or student, student if everybody else "", person.email]
        yield [*head, *(cell(every.get((student, number))) for number in numbers)]


# ---------------------------------------------------------------------------------------------------------- parts


def column_of(number, heads, columns=None):
    """The place of a lesson's column: its heading holds the number, slug or title of the lesson.

    Raises:
        ValueError: no heading does, or several do.
    """
    entry, named = lesson(number), (columns or {}).get(number)
    fits = [i for i, head in enumerate(heads) if (head == named if named else _names(entry, head))]
    if len(fits) != 1:
        which = f"the columns {', '.join(heads[i] for i in fits)} could be" if fits else "no column is"
        raise ValueError(f"In the template {which} that of lesson {number}: say which with --column {number}=HEADING.")
    return fits[0]


def _names(entry, head):
    text = head.casefold()
    words = entry.slug.replace("_", " ")
    return bool(re.search(rf"(?<!\d){entry.number}(?!\d)", re.sub(r"\(\d+\)\s*$", "", text))) or any(
        name in re.sub(r"[_\s-]+", " ", text) for name in (words, entry.title.casefold())
    )


def owners_of(records, everybody, rows):
    """For each row of a template below the heading the id of our student, or None; and sentences on who has no row."""
    listed = roster.listed(rows)
    class_list, owners, notes = roster.Roster(tuple(filter(None, listed))), {}, []
    for student in dict.fromkeys(record.student for record in records):
        person = person_of(student, everybody)
        ids = {"canvas": canvas_id(person), "login": student, "email": person.email}
        row, reason = class_list.owner({kind: id for kind, id in ids.items() if id}, person.name or student)
        if row and row.id not in owners:
            owners[row.id] = student
        else:
            nobody = reason if "several" in reason else "nobody of this name or number"
            why = f"{owners[row.id]} has it" if row else nobody
            notes.append(f"{student} has no row in the template: {why}.")
    return [owners.get(student.id) if student else None for student in listed], tuple(notes)


def person_of(student, everybody):
    """The `Student` of the roster with this id, or one who has nothing but it."""
    return (everybody and everybody.get(student)) or roster.Student(student)


def cell(mark):
    """The points as text, "" where there is nothing to enter."""
    return "" if mark is None or mark.points is None else files.number(mark.points)


def as_csv(rows):
    """Rows as CSV, with nothing that a spreadsheet would take for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([safe(text) for text in row] for row in rows)
    return out.getvalue()


def safe(text):
    """A text that no spreadsheet takes for a formula; a number stays one."""
    return text if NUMBER.fullmatch(text) else files.harmless(text)


def _squeezed(head):
    return re.sub(r"[\s_-]", "", head.casefold())
