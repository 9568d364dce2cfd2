"""The folder that a run writes to: the secret, grades.csv and grades.json, each written whole or not at all."""

import csv
import json
import os
import secrets
import tempfile
from contextlib import contextmanager
from pathlib import Path

from course_lib.grading import marks

SEED, CSV, JSON, PAGES, UNPACKED = "seed.txt", "grades.csv", "grades.json", "feedback", "unpacked"
STORE, LOCK = "gradebook.sqlite", "gradebook.lock"
CLASS, LOG = "class_report.html", "grade.log"
OURS = {SEED, CSV, JSON, PAGES, UNPACKED, LOCK, STORE, f"{STORE}-wal", f"{STORE}-shm", f"{STORE}-journal",
        CLASS, LOG}  # fmt: skip


def prepare(folder):
    """Make the output folder.

    Args:
        folder: a new or empty folder, or one of an earlier run.

    Raises:
        ValueError: the folder holds something else, or cannot be written.
    """
    folder = Path(folder)
    with writing(folder):
        ours(folder)
        (folder / PAGES).mkdir(parents=True, exist_ok=True)


def ours(folder):
    """Raise ValueError for an output folder that holds something else, and no gradebook."""
    strangers = [name for name in names_in(folder) if name not in OURS and not name.startswith(".")]
    if strangers and not (folder / STORE).exists():
        raise ValueError(f"{folder} holds other files ({strangers[0]}, ...): choose a new folder for --out.")


@contextmanager
def writing(folder):
    """What goes wrong while files are written, as a ValueError of one sentence."""
    try:
        yield
    except OSError as error:
        raise ValueError(f"{folder} cannot be written ({error.strerror}): make room there, or choose another folder "
                         "for --out; what was graded is kept.") from None  # fmt: skip


def names_in(folder):
    """The names in a folder, none when there is no such folder (raises OSError when it is something else)."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def secret_of(folder, seed=None):
    """The secret to grade with: that of the earlier run, or `seed`, or a new one.

    Raises:
        ValueError: the folder was graded with another secret, or cannot be written.
    """
    path = Path(folder) / SEED
    with writing(folder):
        before = secret_in(folder)
        if None not in (before, seed) and before != seed:
            raise ValueError(f"{folder} was graded with another seed: leave --seed out, or choose another --out.")
        secret = before or seed or secrets.token_hex(16)
        if before is None:
            save(path, secret + "\n", private=True)
    return secret


def secret_in(folder):
    """The secret of an earlier run, or None when it is gone."""
    path = Path(folder) / SEED
    return path.read_text(encoding="utf-8").rstrip("\n") if path.exists() else None


def save(path, text, private=False):
    """Write a text file whole or not at all; a `private` one is readable by its owner alone."""
    with saving(path, private) as file:
        file.write(text)


@contextmanager
def saving(path, private=False):
    """A text file to write into, which takes its place when all is written."""
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".half")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.chmod(half, 0o600 if private else 0o644)
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


@contextmanager
def entries(file):
    """Write records as JSON, one a line: ``add(records)`` within the block writes some more."""
    mark = "[\n"

    def add(records):
        nonlocal mark
        for record in records:
            file.write(mark + json.dumps(record._asdict(), ensure_ascii=False))
            mark = ",\n"

    yield add
    file.write("\n]\n" if mark == ",\n" else "[\n]\n")


def table(file, ids):
    """Begin a table; ``add(final)`` writes the row of a `rules.Final`: points by exercise, total, maximum, status.

    Args:
        file: where to.
        ids: the exercises that have a column; one of another lesson is left blank.
    """
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["student", "lesson", *ids, "total", "max", "status"])

    def add(final):
        mine = final.records
        points = {record.exercise: number(record.points) for record in mine}
        row = [points.get(id, "") for id in ids]
        rows.writerow([harmless(final.found.student), final.found.lesson, *row, number(marks.total(mine)),
                       number(marks.most(mine)), final.graded.status])  # fmt: skip

    return add


def number(points):
    """Points without needless zeros."""
    return f"{points:g}"


def harmless(text):
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
