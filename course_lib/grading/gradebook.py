"""The gradebook: what was found, in one SQLite file; what counts is computed from it, and never stored over it.

    with Gradebook(folder, writing=True) as book:
        book.keep(graded, entry)        # a transaction a submission
        for final in book.finals():     # after attempts, lateness and adjustments
            ...
"""

import hashlib
import json
import os
from contextlib import contextmanager
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from course_lib import exercises
from course_lib.checking import Verdict
from course_lib.grading import prints, rules, rules_file, store
from course_lib.grading.files import JSON, LOCK, SEED, STORE, UNPACKED, harmless, number, ours, save
from course_lib.grading.marks import UNGRADED, Graded, Record, asked, extra, most, optional, records, total
from course_lib.grading.rules import Adjustment, Rules
from course_lib.grading.submissions import Found

__all__ = [
    "JSON", "SEED", "UNPACKED", "Entry", "Gradebook", "Graded", "Record", "asked", "earlier", "extra", "harmless",
    "most", "number", "optional", "ours", "records", "save", "total",
]  # fmt: skip

DETAIL = ("advice", "about", "given", "got", "expected", "line", "flaws", "parts")
LATER = "The run was ended before its turn."


class Entry(NamedTuple):
    """What a stored submission was graded from.

    Attributes:
        sha256: of its file.
        keys: ``{exercise: (key, definition)}``: of all that the mark depends on, and of the exercise alone.
        status: what became of it.
        isolation: how the student's code was kept apart.
        course: the version of the course.
        graded: when, UTC.
        path, when, late: where it lay, when it was handed in, and whether Canvas marks it as late.
    """

    sha256: str
    keys: dict
    status: str = UNGRADED
    isolation: str = ""
    course: str = ""
    graded: str = ""
    path: str = ""
    when: str = ""
    late: bool = False


class Gradebook:
    """The gradebook of a folder.

    Args:
        folder: where gradebook.sqlite is, or will be.
        writing: take the lock, for a run that grades.
        durable: wait for the disk, for what no run could do again.

    Raises:
        GradebookError: somebody else writes, or the file cannot be used; see `store`.
    """

    def __init__(self, folder, writing=False, durable=False):
        folder = Path(folder)
        self.path, self.lock = folder / STORE, None
        if not writing:
            earlier(folder)
        self.lock = store.Lock(folder / LOCK) if writing else None
        try:
            self.connection = store.connect(self.path, durable)
        except BaseException:
            self.close()
            raise

    def close(self):
        """Let others write."""
        if hasattr(self, "connection"):
            self.connection.close()
        if self.lock:
            self.lock.release()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    @contextmanager
    def _writing(self):
        with store.plainly(self.path), store.transaction(self.connection):
            yield self.connection.execute

    def _read(self, query, *values):
        with store.plainly(self.path):
            yield from self.connection.execute(query, values)

    # ---------------------------------------------------------------------------------------------- submissions

    def expect(self, found):
        """Note submissions that are to be graded, so that none can be forgotten; what is there already stays."""
        with self._writing() as run:
            for one in found:
                run("INSERT OR IGNORE INTO submissions VALUES (NULL, ?, ?, ?, ?, '', ?, ?, ?, '', '', '', ?)",
                    (*place(one), os.fsencode(one.path), one.when, UNGRADED, LATER, one.late))  # fmt: skip

    def move(self, found):
        """Note where unchanged submissions lie now, and when they were handed in."""
        with self._writing() as run:
            for one in found:
                run("UPDATE submissions SET path = ?, sent = ?, late = ? WHERE (student, lesson, attempt) = (?, ?, ?)",
                    (os.fsencode(one.path), one.when, one.late, *place(one)))  # fmt: skip

    def keep(self, graded, entry):
        """Store what became of a submission, all of it or nothing.

        Args:
            graded: the `Graded`; exercises without a verdict in it keep the one they have, unless the file changed.
            entry: its `Entry`; exercises that deserve another try have no key.
        """
        found, query = graded.found, "SELECT id, sha256 FROM submissions WHERE (student, lesson, attempt) = (?, ?, ?)"
        with self._writing() as run:
            before = run(query, place(found)).fetchone()
            if before:
                same = before[1] == entry.sha256 and graded.verdicts
                self._retire(run, before[0], [v.exercise for v in graded.verdicts] if same else None)
            run("""INSERT INTO submissions VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (student, lesson, attempt) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256,
                sent = excluded.sent, status = excluded.status, reason = excluded.reason, late = excluded.late,
                isolation = excluded.isolation, course = excluded.course, graded = excluded.graded""",
                (*place(found), os.fsencode(found.path), entry.sha256, found.when, graded.status,
                 printable(graded.reason), entry.isolation, entry.course, utc(), found.late))  # fmt: skip
            id, _ = run(query, place(found)).fetchone()
            prints.keep(run, id, graded.prints, changed=before and before[1] != entry.sha256)
            for verdict in graded.verdicts:
                keys = ("", "") if verdict.exercise in graded.again else entry.keys[verdict.exercise]
                run("INSERT INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (id, *row_of(verdict, *keys)))

    def forget(self, found):
        """Take submissions out, their marks into the history; adjustments stay, for the case that they come back."""
        with self._writing() as run:
            for one in found:
                query = "SELECT id FROM submissions WHERE (student, lesson, attempt) = (?, ?, ?)"
                for (id,) in run(query, place(one)).fetchall():
                    self._retire(run, id, None)
                    run("DELETE FROM submissions WHERE id = ?", (id,))

    def _retire(self, run, id, redone):
        """Move verdicts that are about to be replaced into the history: those `redone`, or all."""
        which = "" if redone is None else f" AND exercise IN ({','.join('?' * len(redone))})"
        run(f"""INSERT INTO history SELECT NULL, student, lesson, attempt, exercise, sha256, points, verdicts.status,
            submissions.graded, ? FROM verdicts JOIN submissions ON id = submission WHERE id = ?{which}""",
            (utc(), id, *(redone or ())))  # fmt: skip
        run(f"DELETE FROM verdicts WHERE submission = ?{which}", (id, *(redone or ())))

    def entry(self, found):
        """The `Entry` of a submission, or None."""
        query = "SELECT id, path, sha256, status, isolation, course, graded, sent, late FROM submissions " \
                "WHERE (student, lesson, attempt) = (?, ?, ?)"  # fmt: skip
        for id, path, sha256, *rest, when, late in self._read(query, *place(found)):
            keys = self._read("SELECT exercise, key, definition FROM verdicts WHERE submission = ?", id)
            return Entry(sha256, {exercise: key for exercise, *key in keys}, *rest, os.fsdecode(path), when, bool(late))
        return None

    def prints(self, found):
        """The fingerprints of a submission as bytes (`similarity.unpacked`); None where none are stored."""
        return prints.kept(self._read, place(found))

    def found(self, student=None, lesson=None):
        """All stored submissions as `Found`, of a student or lesson if one is given."""
        query = """SELECT student, lesson, path, attempt, sent, late FROM submissions
            WHERE student = coalesce(?, student) AND lesson = coalesce(?, lesson) ORDER BY student, lesson, attempt"""
        return [found_of(*row) for row in self._read(query, student, lesson)]

    def graded(self, student=None, lesson=None):
        """All attempts as `Graded`, in the order of student, lesson and attempt."""
        query = """SELECT s.student, s.lesson, s.path, s.attempt, s.sent, s.late, s.status, s.reason, v.exercise,
            v.status, v.points, v.max_points, v.message, v.diagnosis, v.detail
            FROM submissions s LEFT JOIN verdicts v ON v.submission = s.id
            WHERE s.student = coalesce(?, s.student) AND s.lesson = coalesce(?, s.lesson)
            ORDER BY s.student, s.lesson, s.attempt"""
        for (*where, status, reason), rows in groupby(self._read(query, student, lesson), key=lambda row: row[:8]):
            found, verdicts = found_of(*where), {row[8]: verdict_of(row[8:]) for row in rows if row[8]}
            some = tuple(verdicts[one.id] for one in exercises.of_lesson(found.lesson) if one.id in verdicts)
            yield Graded(found, status, reason, some)

    # ------------------------------------------------------------------------------------------------ what counts

    def finals(self, student=None, lesson=None):
        """What counts of each student and lesson, one `rules.Final` after the other."""
        now, hand = self.rules(), {}
        for one in self.adjustments():
            hand.setdefault(one.student, []).append(one)
        attempts = groupby(self.graded(student, lesson), key=lambda graded: graded.found[:2])
        for (who, _), some in attempts:
            yield rules.final(list(some), now, hand.get(who, ()))

    def records(self):
        """The final `Record` of each student and exercise, after rules and adjustments."""
        for final in self.finals():
            yield from final.records

    def history(self, student, exercise):
        """Marks that were replaced, as (attempt, sha256, points, status, graded, replaced)."""
        query = "SELECT attempt, sha256, points, status, graded, replaced FROM history WHERE student = ? " \
                "AND exercise = ? ORDER BY id"  # fmt: skip
        return list(self._read(query, student, exercise))

    # -------------------------------------------------------------------------------------- rules, adjustments, runs

    def rules(self):
        """The `Rules` in force."""
        last = next(self._read("SELECT rules FROM rules ORDER BY id DESC LIMIT 1"), None)
        return rules_file.from_text(last[0]) if last else Rules()

    def rule(self, some):
        """Put `Rules` in force; whether they differ from those before."""
        if some == self.rules():
            return False
        with self._writing() as run:
            run("INSERT INTO rules VALUES (NULL, ?, ?)", (utc(), rules_file.as_text(some)))
        return True

    def adjustments(self, student=None, exercise=None):
        """All `Adjustment` by hand, in the order they were made, also those that were undone."""
        query = """SELECT student, exercise, points, absolute, reason, at, undone FROM adjustments
            WHERE student = coalesce(?, student) AND exercise = coalesce(?, exercise) ORDER BY id"""
        return [Adjustment(*row)._replace(absolute=bool(row[3])) for row in self._read(query, student, exercise)]

    def adjust(self, student, exercise, points, absolute, reason):
        """Store an adjustment by hand."""
        with self._writing() as run:
            run("INSERT INTO adjustments VALUES (NULL, ?, ?, ?, ?, ?, ?, '')",
                (student, exercise, points, absolute, reason, utc()))  # fmt: skip

    def undo(self, student, exercise):
        """Take back the last adjustment in force; whether there was one."""
        with self._writing() as run:
            done = run("""UPDATE adjustments SET undone = ? WHERE id = (SELECT max(id) FROM adjustments
                WHERE student = ? AND exercise = ? AND undone = '')""", (utc(), student, exercise))  # fmt: skip
            return done.rowcount > 0

    def begin(self, command, course, isolation):
        """Note that a run begins; its number."""
        with self._writing() as run:
            return run("INSERT INTO runs (began, command, course, isolation) VALUES (?, ?, ?, ?)",
                       (utc(), command, course, isolation)).lastrowid  # fmt: skip

    def end(self, number, graded, unchanged, outcome):
        """Note how a run ended; one that was killed has no end."""
        with self._writing() as run:
            run("UPDATE runs SET ended = ?, graded = ?, unchanged = ?, outcome = ? WHERE id = ?",
                (utc(), graded, unchanged, outcome, number))  # fmt: skip

    def bind(self, secret):
        """Note which secret the marks come from.

        Raises:
            GradebookError: they come from another one.
        """
        digest = hashlib.sha256(f"seed\n{secret}".encode()).hexdigest()
        before = next(self._read("SELECT value FROM about WHERE name = 'seed'"), None)
        if before and before[0] != digest:
            raise store.GradebookError(f"{self.path} was graded with another seed: put back its seed.txt, or give "
                                       "the seed with --seed.")  # fmt: skip
        with self._writing() as run:
            run("INSERT OR IGNORE INTO about VALUES ('seed', ?)", (digest,))

    def bound(self):
        """Whether a secret was noted."""
        return next(self._read("SELECT 1 FROM about WHERE name = 'seed'"), None) is not None


def earlier(folder):
    """Raise `GradebookError` when a folder holds no gradebook yet."""
    if not (Path(folder) / STORE).exists():
        raise store.GradebookError(f"{folder} holds no {STORE}: give the --out folder of an earlier run.")


def place(found):
    """What a submission is known by."""
    return found.student, found.lesson, found.attempt


def found_of(student, lesson, path, attempt, sent, late):
    """The `Found` in the columns of a submission."""
    return Found(student, lesson, os.fsdecode(path), attempt, sent, bool(late))


def row_of(verdict, key, definition):
    """A `Verdict` as a row of the table, without its submission."""
    detail = json.dumps({name: getattr(verdict, name) for name in DETAIL})
    texts = (verdict.status, verdict.diagnosis, printable(verdict.message))
    return verdict.exercise, key, definition, verdict.points, verdict.max_points, *texts, detail


def verdict_of(row):
    """The `Verdict` in a row of exercise, status, points, max_points, message, diagnosis, detail."""
    *first, detail = row
    detail = json.loads(detail)
    return Verdict(*first, **detail | {"flaws": tuple(detail["flaws"])})


def printable(text):
    """Text that can be stored: half a pair of surrogates, which a student can write, cannot."""
    return text.encode("utf-8", "replace").decode()


def utc():
    """Now, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
