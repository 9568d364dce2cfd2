"""Who takes the course: a roster in CSV, and who of it a file belongs to.

The lists that Canvas, Moodle, GitHub Classroom and nbgrader export can be used as they are.
"""

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

COLUMNS = {  # what we call it: what the heading may be, in lower case, without blanks and underscores
    "id": ("id", "studentid", "student", "sisuserid", "idnumber", "identifier"),
    "login": ("login", "username", "sisloginid", "loginid", "user"),
    "name": ("name", "fullname", "studentname", "displayname"),
    "first": ("firstname", "first", "givenname"),
    "last": ("lastname", "last", "surname", "familyname"),
    "email": ("email", "emailaddress", "mail"),
    "canvas": ("canvas", "canvasid", "canvasuserid", "lmsuserid"),
    "moodle": ("moodle", "moodleid", "participant", "participantid"),
    "github": ("github", "githubusername", "githublogin"),
    "section": ("section", "group", "groups"),
}
CANVAS_EXPORT = {"student": "name", "id": "canvas", "sisuserid": "id"}  # where "Student" is a name and "ID" is Canvas's
NOBODY = ("points possible", "student, test", "test student")


class Student(NamedTuple):
    """A row of the roster: the id that marks are kept under, the name, the mail, and all else by our names."""

    id: str
    name: str = ""
    email: str = ""
    others: dict = {}

    def known_as(self, kind):
        """What the student is called somewhere, as a list: a cell may hold several, divided by semicolons."""
        text = {"id": self.id, "email": self.email}.get(kind) or self.others.get(kind, "")
        return [same(part) for part in text.split(";") if part.strip()]


@dataclass(frozen=True)
class Roster:
    """The students, in the order of the file."""

    students: tuple = ()

    def get(self, id):
        """The student with this id, or None."""
        return self._by_id.get(id)

    @cached_property
    def _by_id(self):
        return {student.id: student for student in self.students}

    @cached_property
    def _known(self):
        """The students by kind and by what they are called there."""
        known = defaultdict(list)
        for student in self.students:
            for kind in ("id", "email", *student.others):
                for name in names_of(student, kind):
                    known[kind, name].append(student)
        return known

    @cached_property
    def _named(self):
        """The students by their names, in every order."""
        named = defaultdict(list)
        for student in self.students:
            for name in orders(student):
                named[name].append(student)
        return named

    def owner(self, ids, name=""):
        """Whose a file is.

        Args:
            ids: ``{kind: value}``, kinds as in `COLUMNS`.
            name: a name, in whatever order, or "".

        Returns:
            ``(student, "")``, or ``(None, why not)``.
        """
        certain = {kind: value for kind, value in ids.items() if kind == "login" or self._tells(kind)}
        uncertain = {kind: value for kind, value in ids.items() if kind not in (*certain, "moodle", "repository")}
        for found in (self._by_ids(certain), self._by_name(name), self._by_ids(uncertain), self._by_ending(ids)):
            if len(found) == 1:
                return found[0], ""
            if found:
                return None, f"several students of the roster could be meant: {', '.join(s.id for s in found)}"
        known = " or ".join(dict.fromkeys(filter(None, [name, *ids.values()])))
        return None, f"no student of the roster is called {known}"

    def _by_ids(self, ids):
        for kind, value in ids.items():
            kinds = ["id", "login", "email"] if kind == "login" or not self._tells(kind) else [kind]
            found = {student.id: student for k in kinds for student in self._known.get((k, same(value)), ())}
            if found:
                return list(found.values())
        return []

    def _by_ending(self, ids):
        """Whose name a repository ends in: the longest one that fits."""
        whole, kinds = same(ids.get("repository", "")), ["github"] if self._tells("github") else ["id", "login"]
        for start in (i + 1 for i, char in enumerate(whole) if char == "-"):
            found = {s.id: s for kind in kinds for s in self._known.get((kind, whole[start:]), ())}
            if found:
                return list(found.values())
        return []

    def _tells(self, kind):
        """Whether the roster has a column of this kind."""
        return kind in self._columns

    @cached_property
    def _columns(self):
        return {kind for student in self.students for kind in student.others}

    def _by_name(self, name):
        """The students of a name; behind a group ("Group 1-Jane Doe") too."""
        after = (name[i + 1 :] for i, char in enumerate(name) if char == "-")
        return next((self._named[letters(one)] for one in (name, *after) if letters(one) in self._named), [])


def names_of(student, kind):
    """What a student is called somewhere, as a set; a mail address also by what is before the @."""
    known = set(student.known_as(kind))
    return known | {mail.partition("@")[0] for mail in known} if kind == "email" else known


def same(text):
    """A text for comparing, whatever its case and the way its accents are written."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def letters(text):
    """The letters and digits of a name, for comparing with one that has lost its blanks and commas."""
    return re.sub(r"[\W_]", "", same(text))


def orders(student):
    """A student's name as ``letters``, with whichever of its words first: "Jane van Doe" is "vandoejane" somewhere."""
    words = [word for word in re.split(r"[\s,]+", student.name) if word]
    turned = {letters("".join(words[i:] + words[:i])) for i in range(len(words))}
    return turned | {letters(student.others.get("last", "") + student.others.get("first", ""))} - {""}


# ------------------------------------------------------------------------------------------------------- reading


def read(path):
    """The roster in a CSV file, with commas, semicolons or tabs.

    Raises:
        ValueError: it cannot be read, has no column that could be an id, or an id twice or unfit for a file name.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ValueError(f"The roster {path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ValueError(f"The roster {path} is not UTF-8: save it as 'CSV UTF-8'.") from None
    rows = table(text)
    if not rows:
        raise ValueError(f"The roster {path} is empty.")
    students = [student for student in listed(rows) if student]
    _sound(path, students, kinds_of(rows[0]))
    return Roster(tuple(students))


def table(text):
    """The rows of a CSV text, whatever divides its columns: what the first line has most of."""
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))


def listed(rows):
    """A `Student` for each row below the heading, None where it holds nobody."""
    return [student_of(kinds_of(rows[0]), row) for row in rows[1:]]


def kinds_of(heading):
    """What each column holds, by our names; "" for one that says nothing to us."""
    plain = [re.sub(r"[\s_-]", "", same(cell)) for cell in heading]
    if {"student", "id", "section"} <= set(plain):
        plain = [CANVAS_EXPORT.get(cell, cell) for cell in plain]
    return [next((kind for kind, names in COLUMNS.items() if cell in names or cell == kind), "") for cell in plain]


def student_of(kinds, row):
    """The `Student` of a row, or None for a row that holds none."""
    cells = {kind: cell.strip() for kind, cell in reversed(list(zip(kinds, row))) if kind and cell.strip()}
    name = cells.get("name") or " ".join(filter(None, [cells.get("first"), cells.get("last")]))
    if not cells or name.lower().startswith(NOBODY):
        return None
    id = next((cells[kind] for kind in ("id", "login", "email", "github", "canvas", "name") if cells.get(kind)), "")
    return Student(id, name, cells.get("email", ""), {k: v for k, v in cells.items() if k not in ("id", "email")})


def _sound(path, students, kinds):
    """Raise ValueError for a roster that would mix students up."""
    if not set(kinds) & {"id", "login", "email", "github", "canvas", "name"}:
        raise ValueError(f"The roster {path} needs a first line with a column called id (and name, email, ...).")
    twice = [id for id, count in Counter(same(student.id) for student in students).items() if count > 1]
    if twice:
        raise ValueError(f"The roster {path} has two students with the id {twice[0]}: give each their own.")
    unfit = [student.id for student in students if not student.id or tidy(student.id) != student.id]
    if unfit:
        raise ValueError(f"The roster {path} has the id {unfit[0]!r}, which cannot be the name of a file: change it.")


def tidy(name):
    """A name that can be that of a file on every system; most names stay as they are."""
    text = "".join(char if char.isprintable() else "_" for char in name)
    return re.sub(r'[\\/:*?"<>|]|^\.+|[. ]+$', "_", text)
