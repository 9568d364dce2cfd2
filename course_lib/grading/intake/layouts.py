"""What the names of a file say: whose it is, what it was called when it was handed in, and which attempt.

The patterns are those of the programs that write them: Canvas (instructure/canvas-lms, lib/content_zipper.rb), Moodle
(mod/assign/locallib.php, download_submissions), nbgrader (its course folder and its exchange), GitHub Classroom.
"""

import os
import re
from typing import NamedTuple

from course_lib.lessons import LESSONS

# name, whether late, the number of the user, the number of the file, the name of the file; `anon_` without names
CANVAS = re.compile(r"(?P<name>\w+?)(?P<late>_late)?_(?P<user>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE)
HIDDEN = re.compile(r"(?P<late>late_)?(?P<name>anon)_(?P<user>[^\W_]+)_(?P<file>\d+)_(?P<rest>.+)", re.IGNORECASE)
# full name, the number of the participant, what was handed in; a folder when nothing follows
MOODLE = re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<rest>.*)")
# student, assignment, time, and in newer versions something random
INBOUND = re.compile(r"(?P<name>.+?)\+(?P<work>[^+]+)\+(?P<when>\d{4}-\d\d-\d\d [^+]+?)(?:\+(?P<salt>[^+]*))?")
ATTEMPT = re.compile(r"attempt[ _-]?(\d{1,4})", re.IGNORECASE)
OURS = ("notebooks", "solutions")  # folders of the course whose notebooks are no worksheets
COURSE = (*OURS, "exercises", "course_lib", "tests", "docs")
NBGRADER_COURSE = ("source", "release", "gradebook.db", "nbgrader_config.py")
# what a second copy of a name is called by Canvas (-1), by a browser or a file manager ( (1)), and by JupyterLab
SECOND = re.compile(r"(?P<stem>.+?)(?:-(?P<number>\d{1,2})|-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|"
                    r"-Copy\d+| ?\(\d+\))*\.ipynb", re.IGNORECASE)  # fmt: skip


class Claim(NamedTuple):
    """Whose a file is and what it was called.

    Attributes:
        student: what to call the student where no roster says it.
        ids: ``{"canvas": "12345"}`` and the like, for the roster.
        name: the student's name as written in the file's name, or "".
        file: the name of the file as it was handed in.
        work: the name of the assignment, or "".
        attempt: its number, 0 where nothing tells.
        when: the time in the name, or "".
        late: whether the name says that it is late.
        order: what grows from one upload to the next, or 0.
    """

    student: str
    ids: dict
    name: str
    file: str
    work: str = ""
    attempt: int = 0
    when: str = ""
    late: bool = False
    order: int = 0


def canvas(parts):
    """``doejane_LATE_12345_67890_05_momentum-1.ipynb``, also an archive of this name with the file inside."""
    for part in parts:
        match = HIDDEN.fullmatch(part) or CANVAS.fullmatch(part)
        if match:
            name = "" if match["name"].lower() == "anon" else match["name"]
            file = match["rest"] if part is parts[-1] else parts[-1]
            return Claim(f"{match['name']}_{match['user']}", {"canvas": match["user"]}, name, file,
                         attempt=attempt_in(parts), late=bool(match["late"]), order=int(match["file"]))  # fmt: skip
    return None


def moodle(parts):
    """``Jane Doe_12345_assignsubmission_file_/05_momentum.ipynb``, or all of it in one name."""
    for part in parts:
        match = MOODLE.fullmatch(part)
        if match:
            hidden = match["name"].endswith("Participant")
            student = f"Participant_{match['user']}" if hidden else match["name"]
            file = match["rest"] if part is parts[-1] and match["rest"] else parts[-1]
            return Claim(student, {"moodle": match["user"]}, "" if hidden else match["name"], file,
                         attempt=attempt_in(parts))  # fmt: skip
    return None


def nbgrader(parts):
    """``submitted/jane/05_momentum/05_momentum.ipynb``, or ``jane+05_momentum+2026-03-01 10:00:00 UTC/...``."""
    parts = parts[1:] if parts[0] == "submitted" else parts
    match = INBOUND.fullmatch(parts[0])
    if match and len(parts) > 1:
        return Claim(match["name"], {"login": match["name"]}, "", parts[-1], match["work"], when=match["when"])
    if len(parts) < 3:
        return None
    return Claim(parts[0], {"login": parts[0]}, parts[0], parts[-1], parts[1], attempt_in(parts))


def folders(parts):
    """``jane/05_momentum.ipynb``, ``jane/attempt2/05_momentum.ipynb``."""
    if len(parts) < 2:
        return None
    student = parts[0].removesuffix(".zip")
    return Claim(student, {"login": student}, student, parts[-1], attempt=attempt_in(parts))


def classroom(parts, prefixes=()):
    """``momentum-octocat/exercises/05_momentum.ipynb``; `prefixes` are what comes before the names."""
    if len(parts) < 2:
        return None
    place = next((i for i, part in enumerate(parts[1:], 1) if part in COURSE), len(parts) - 1)
    repository = parts[place - 1]
    prefix = next((prefix for prefix in prefixes if repository.startswith(prefix) and repository != prefix), "")
    student = repository[len(prefix) :]
    return Claim(student, {"github": student, "repository": repository}, "", parts[-1], attempt=attempt_in(parts))


LAYOUTS = {"moodle": moodle, "canvas": canvas, "classroom": classroom, "nbgrader": nbgrader, "folders": folders}
EXPECTED = {
    "moodle": "Full Name_12345_assignsubmission_file_/NN_slug.ipynb",
    "canvas": "lastnamefirstname_12345_67890_NN_slug.ipynb",
    "classroom": "assignment-username/exercises/NN_slug.ipynb",
    "nbgrader": "submitted/student/assignment/NN_slug.ipynb",
    "folders": "student/NN_slug.ipynb",
}


def detect(items, checkouts=()):
    """The name of the layout that at least half the notebooks are in; the plainest where none is.

    Args:
        items: the files.
        checkouts: the folders that hold a git repository.
    """
    books = [item.parts for item in items if item.parts[-1].lower().endswith(".ipynb")]
    stamped = any(item.parts[-1] == "timestamp.txt" for item in items)
    signs = {
        "moodle": [moodle(parts) for parts in books],
        "canvas": [canvas(parts) for parts in books],
        "classroom": [checkouts and (set(parts) & set(checkouts)) for parts in books],
        "nbgrader": [parts[0] == "submitted" or INBOUND.fullmatch(parts[0]) or (stamped and nbgrader(parts))
                     or _under_assignment(parts) for parts in books],
    }  # fmt: skip
    return next((name for name, found in signs.items() if found and sum(map(bool, found)) * 2 >= len(found)), "folders")


def _under_assignment(parts):
    """Whether the folder of the file is called like a lesson, as an assignment is."""
    return len(parts) == 3 and number_of(f"{parts[1]}.ipynb") != ""


def prefixes_of(repositories, parents=()):
    """What comes before the students in the names of their repositories, the longest first.

    `gh classroom clone` puts them into a folder ASSIGNMENT-submissions, which tells; else it is what all begin with.
    """
    told = [parent.removesuffix("submissions") for parent in parents if parent.endswith("-submissions")]
    common = os.path.commonprefix(list(repositories)) if len(repositories) > 1 else ""
    return sorted({*told, common[: common.rfind("-") + 1]} - {""}, key=len, reverse=True)


def attempt_in(parts):
    """The number in a folder ``attempt2``, 0 without one."""
    numbers = [int(match[1]) for part in parts[:-1] if (match := ATTEMPT.fullmatch(part))]
    return numbers[-1] if numbers else 0


def plain(file):
    """A file's name without what marks it as a second copy, and which attempt that mark means (0 without one)."""
    match = SECOND.fullmatch(file)
    if not match:
        return file, 0
    return f"{match['stem']}.ipynb", int(match["number"]) + 1 if match["number"] else 0


def number_of(file):
    """The number of the lesson whose worksheet has this name, up to marks of a copy; "" for none."""
    name = plain(file)[0].lower()
    return next((lesson.number for lesson in LESSONS if name == f"{lesson.stem}.ipynb"), "")
