"""What is written of the marks: grades.csv, grades.json, and the secret that makes a regrade give the same."""

import csv
import io
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import NamedTuple

from course_lib import exercises
from course_lib.checking import RIGHT
from course_lib.grading.batch import GRADED

SEED, CSV, JSON, PAGES, UNPACKED = "seed.txt", "grades.csv", "grades.json", "feedback", "unpacked"
FLAWED = "right, but"
OURS = {SEED, CSV, JSON, PAGES, UNPACKED}


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
    """Whether a record (or verdict) is about an optional exercise."""
    return exercises.get(record.exercise).starred


# -------------------------------------------------------------------------------------------------------- files


def prepare(folder, seed=None):
    """Make the output folder; the secret to grade with.

    Args:
        folder: a new or empty folder, or one of an earlier run.
        seed: the secret; by default that of the earlier run, or a new one.

    Raises:
        ValueError: the folder holds something else, cannot be written, or was graded with another secret.
    """
    folder = Path(folder)
    try:
        ours(folder)
        (folder / PAGES).mkdir(parents=True, exist_ok=True)
        return _secret(folder / SEED, seed)
    except OSError as error:
        raise ValueError(f"{folder} cannot be written ({error.strerror}): choose another folder for --out.") from None


def ours(folder):
    """Raise ValueError for an output folder that holds something else."""
    strangers = [name for name in names_in(folder) if name not in OURS and not name.startswith(".")]
    if strangers:
        raise ValueError(f"{folder} holds other files ({strangers[0]}, ...): choose a new folder for --out.")


def names_in(folder):
    """The names in a folder, none when there is no such folder (raises OSError when it is something else)."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def _secret(path, seed):
    before = path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else None
    if None not in (before, seed) and before != seed:
        raise ValueError(f"{path.parent} was graded with another seed: leave --seed out, or choose another --out.")
    secret = before or seed or secrets.token_hex(16)
    save(path, secret + "\n", private=True)
    return secret


def save(path, text, private=False):
    """Write a text file whole or not at all; a `private` one is readable by its owner alone."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".half")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(half, 0o600 if private else 0o644)
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def as_json(every):
    """All records as JSON, one a line."""
    lines = (json.dumps(record._asdict(), ensure_ascii=False) for record in every)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def as_csv(results):
    """A row a submission: points by exercise, total, maximum, status. An exercise of another lesson is left blank."""
    ids = list(dict.fromkeys(record.exercise for graded in results for record in records(graded)))
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["student", "lesson", *ids, "total", "max", "status"])
    for graded in results:
        mine = records(graded)
        points = {record.exercise: number(record.points) for record in mine}
        row = [points.get(id, "") for id in ids]
        table.writerow([harmless(graded.found.student), graded.found.lesson, *row, number(total(mine)),
                        number(most(mine)), graded.status])  # fmt: skip
    return out.getvalue()


def number(points):
    """Points without needless zeros."""
    return f"{points:g}"


def harmless(text):
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
