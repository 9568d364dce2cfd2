"""Find submissions in a folder: SUBMISSIONS/<student>/NN_slug.ipynb."""

import os
from pathlib import Path
from typing import NamedTuple

from course_lib import exercises
from course_lib.lessons import LESSONS


class Found(NamedTuple):
    """A file to grade: whose, of which lesson (its number), and where; the path is "" when nothing was handed in.

    `attempt` counts from 1; `when` it was handed in is an ISO time in UTC, "" where that is not known.
    """

    student: str
    lesson: str
    path: str
    attempt: int = 1
    when: str = ""


class Search(NamedTuple):
    """What was found, and what was not understood, as ``[(path, reason), ...]``."""

    found: list
    unmatched: list


def find(folder, lessons=None):
    """Look for submissions, a folder a student. Names that begin with a dot are what systems leave behind.

    Args:
        folder: where.
        lessons: the numbers of the lessons to grade; whoever has not handed one in is `Found` without a path.
            All that are there by default.

    Raises:
        ValueError: the folder is none, or holds no folder of a student.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}: give the folder that holds one folder a student.")
    entries = [entry for entry in sorted(folder.iterdir()) if not entry.name.startswith(".")]
    students = [entry for entry in entries if entry.is_dir()]
    if not students:
        raise ValueError(f"{folder} holds no folder of a student: put each notebook into <student>/NN_slug.ipynb.")
    search = Search([], [(str(entry), "not in the folder of a student") for entry in entries if not entry.is_dir()])
    for student in students:
        _of_student(student, lessons, search)
    return search


def _of_student(folder, lessons, search):
    there = {}
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        number, reason = lesson_of(path.name, lessons)
        if number:
            there[number] = Found(printable(folder.name), number, str(path))
        else:
            search.unmatched.append((str(path), reason))
    missing = [Found(printable(folder.name), number, "") for number in lessons or () if number not in there]
    search.found.extend(sorted([*there.values(), *missing], key=lambda found: found.lesson))
    if not there and not lessons:
        search.unmatched.append((str(folder), "no notebook of a lesson in it"))


def lesson_of(name, lessons=None):
    """(number of the lesson, "") for the name of a file, or ("", why it is none)."""
    number = next((lesson.number for lesson in LESSONS if name == f"{lesson.stem}.ipynb"), "")
    if not number:
        return "", "its name is not that of a worksheet, NN_slug.ipynb"
    if lessons is not None and number not in lessons:
        return "", f"lesson {number} is not asked for"
    if not exercises.of_lesson(number):
        return "", f"lesson {number} has no exercises"
    return number, ""


def printable(name):
    """A file name as text that can be written anywhere."""
    return os.fsencode(name).decode("utf-8", "replace")
