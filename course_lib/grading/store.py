"""The SQLite file of a gradebook: open it, bring an older one up to date, write to it alone, and say what went wrong.

One process writes, under a lock that the system takes back when the process ends, however it ends. The schema is the
sum of the `MIGRATIONS`, which a new file runs through from the first to the last; docs/gradebook.md describes it.
"""

import os
import sqlite3
import weakref
from contextlib import contextmanager

APPLICATION = 0x4F4D4C47  # "OMLG": marks the file as ours


class GradebookError(ValueError):
    """Why the gradebook cannot be used, as a sentence that says what to do."""


def first(run):
    """Version 1: one submission a student and lesson."""
    run("""CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""")
    run("""CREATE TABLE submissions (
        id INTEGER PRIMARY KEY, student TEXT NOT NULL, lesson TEXT NOT NULL, path BLOB NOT NULL, sha256 TEXT NOT NULL,
        status TEXT NOT NULL, reason TEXT NOT NULL, isolation TEXT NOT NULL, course TEXT NOT NULL, graded TEXT NOT NULL,
        UNIQUE (student, lesson))""")
    run("""CREATE TABLE verdicts (
        submission INTEGER NOT NULL REFERENCES submissions ON DELETE CASCADE, exercise TEXT NOT NULL,
        key TEXT NOT NULL, definition TEXT NOT NULL, points REAL NOT NULL, max_points REAL NOT NULL,
        status TEXT NOT NULL, diagnosis TEXT NOT NULL, message TEXT NOT NULL, detail TEXT NOT NULL,
        PRIMARY KEY (submission, exercise)) WITHOUT ROWID""")
    run("""CREATE TABLE adjustments (
        id INTEGER PRIMARY KEY, student TEXT NOT NULL, exercise TEXT NOT NULL, points REAL NOT NULL,
        absolute INTEGER NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL, undone TEXT NOT NULL DEFAULT '')""")
    run("CREATE TABLE rules (id INTEGER PRIMARY KEY, at TEXT NOT NULL, rules TEXT NOT NULL)")
    run("""CREATE TABLE runs (
        id INTEGER PRIMARY KEY, began TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '', command TEXT NOT NULL,
        course TEXT NOT NULL, isolation TEXT NOT NULL, graded INTEGER NOT NULL DEFAULT 0,
        unchanged INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '')""")


def second(run):
    """Version 2: several attempts, the time each was handed in, and marks that were replaced are kept."""
    run("""CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, student TEXT NOT NULL, lesson TEXT NOT NULL, attempt INTEGER NOT NULL DEFAULT 1,
        path BLOB NOT NULL, sha256 TEXT NOT NULL, sent TEXT NOT NULL DEFAULT '', status TEXT NOT NULL,
        reason TEXT NOT NULL, isolation TEXT NOT NULL, course TEXT NOT NULL, graded TEXT NOT NULL,
        UNIQUE (student, lesson, attempt))""")
    run("""INSERT INTO attempts (id, student, lesson, path, sha256, status, reason, isolation, course, graded)
        SELECT id, student, lesson, path, sha256, status, reason, isolation, course, graded FROM submissions""")
    run("DROP TABLE submissions")
    run("ALTER TABLE attempts RENAME TO submissions")
    run("""CREATE TABLE history (
        id INTEGER PRIMARY KEY, student TEXT NOT NULL, lesson TEXT NOT NULL, attempt INTEGER NOT NULL,
        exercise TEXT NOT NULL, sha256 TEXT NOT NULL, points REAL NOT NULL, status TEXT NOT NULL,
        graded TEXT NOT NULL, replaced TEXT NOT NULL)""")
    run("CREATE INDEX history_of ON history (student, exercise)")


def third(run):
    """Version 3: the fingerprints of submissions, and which of them Canvas marks as late."""
    run("""CREATE TABLE prints (
        submission INTEGER PRIMARY KEY REFERENCES submissions ON DELETE CASCADE, way INTEGER NOT NULL,
        prints BLOB NOT NULL)""")
    run("ALTER TABLE submissions ADD COLUMN late INTEGER NOT NULL DEFAULT 0")


MIGRATIONS = (first, second, third)
VERSION = len(MIGRATIONS)


def connect(path, durable=False):
    """A connection to a gradebook, new or brought up to date.

    Args:
        path: the file; made when there is none.
        durable: wait at each transaction until it has reached the disk itself, for what no run could do again.

    Raises:
        GradebookError: the file is damaged, of another program or of a later version, or cannot be written.
    """
    with plainly(path):
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # marks and names: for its owner alone
        connection = sqlite3.connect(path, timeout=10, isolation_level=None)
        try:
            check(connection, path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            migrate(connection)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def check(connection, path):
    """Raise when the file is none of ours, or is damaged."""
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and number(connection, "application_id") != APPLICATION:
        raise GradebookError(f"{path} is no gradebook of this course: choose another --out.")
    if number(connection, "user_version") > VERSION:
        raise GradebookError(f"{path} was written by a later version of the course: update the course.")
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("malformed")


def number(connection, pragma):
    """The value of a pragma."""
    return connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def migrate(connection, version=VERSION):
    """Run what a file lacks, each migration whole or not at all."""
    while (now := number(connection, "user_version")) < version:
        with transaction(connection):
            MIGRATIONS[now](connection.execute)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {now + 1}")


@contextmanager
def transaction(connection):
    """All of the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:  # ctrl-C too
        if connection.in_transaction:  # SQLite itself rolls back when the disk is full
            connection.execute("ROLLBACK")
        raise


@contextmanager
def plainly(path):
    """What goes wrong in the block, as a `GradebookError` of one sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise GradebookError(sentence(path, error)) from None
    except OSError as error:
        raise GradebookError(f"{path} cannot be written ({error.strerror}): choose another --out.") from None


def sentence(path, error):
    """What a message of SQLite means for whoever grades."""
    text = str(error)
    if "full" in text or "I/O" in text:
        return f"{path} cannot grow ({text}): make room, and run the same command again; what was graded is kept."
    if "readonly" in text or "unable to open" in text:
        return f"{path} cannot be written ({text}): make file and folder writable, or choose another --out."
    if "locked" in text or "busy" in text:
        return f"{path} is in use by another program: close it, and run the same command again."
    if isinstance(error, sqlite3.OperationalError):
        return f"{path} cannot be used ({text}): put back a copy, or choose another --out."
    return f"{path} is damaged ({text}): put back a copy, or move it away and grade anew with the same seed.txt."


# ------------------------------------------------------------------------------------------------------------ lock


class Lock:
    """Held by the one process that writes; the system takes it back when that process ends, also when it is killed.

    Raises:
        GradebookError: another process holds it.
    """

    def __init__(self, path):
        with plainly(path):
            self.file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+")
        try:
            hold(self.file)
        except OSError:
            who = holder(self.file)
            self.file.close()
            raise GradebookError(f"Another run{who} is writing to {path.parent}: wait until it has ended, and run "
                                 "the same command again.") from None  # fmt: skip
        HELD.add(self)
        self.file.truncate(0)
        self.file.write(f" {os.getpid()}\n")
        self.file.flush()

    def release(self):
        """Let others write."""
        self.file.close()


HELD = weakref.WeakSet()


def let_go():
    """Close the locks that a fork inherits: it may live a moment longer than the run, and must not keep others out."""
    for lock in list(HELD):
        lock.file.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=let_go)


def hold(file):
    """Take the lock on a file, or raise OSError when somebody has it; a file system without locks is trusted."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # no locks there: SQLite's own transactions still keep the file whole
        return


def holder(file):
    """Who has the lock, in words, where that can be read."""
    try:
        return f" (process {int(file.read(20))})"
    except (OSError, ValueError):
        return ""
