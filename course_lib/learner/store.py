"""What a learner has done, in one SQLite file in the user's data folder: an append-only list of events.

Everything else (which exercise is right, which hint comes next, what was predicted first) is derived from the list,
so nothing can contradict itself, and several notebooks may write at once. Nothing here raises: what can't be written
now waits in memory and is written with the next event, and the reason is said once.
"""

import atexit
import json
import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

from platformdirs import user_data_path

VERSION = 1  # of the schema; a file with a higher one belongs to a newer course and is left alone
SCHEMA = "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, value TEXT)"
COLUMNS = {b"id", b"kind", b"key", b"value"}
PATIENCE = 5.0  # seconds to wait for another notebook that is writing
YOUNG = 60.0  # seconds in which an empty file is one that another notebook is just beginning


class Damaged(Exception):
    """The file of the progress can't be read."""


class Newer(Exception):
    """The file of the progress was written by a newer course."""


_waiting = []  # events (kind, key, value as JSON) that are not in the file yet
_lock = threading.RLock()
_said = set()


def data_folder():
    """Where progress is kept: the folder COURSE_LIB_DATA names, or the user's data folder."""
    named = os.environ.get("COURSE_LIB_DATA")
    return Path(named).expanduser() if named else user_data_path("optimization-course", appauthor=False)


def record(kind, key, value):
    """Append an event; ``value`` is anything that JSON holds."""
    with _lock:
        _waiting.append((kind, key, json.dumps(value)))
        flush()


def flush():
    """Write what waits."""
    _use(lambda store: None)


def history(kind, key):
    """The values recorded under this kind and key, oldest first."""
    query = "SELECT value FROM events WHERE kind = ? AND key = ? ORDER BY id"
    with _lock:
        rows = _use(lambda store: store.execute(query, (kind, key)).fetchall()) or []
        texts = [text for (text,) in rows] + [text for *name, text in _waiting if name == [kind, key]]
    return [value for text in texts for value in _parsed(text)]


def _parsed(text):
    """The value in a list, or an empty list where somebody else wrote what is no JSON."""
    try:
        return [json.loads(text)]
    except (TypeError, ValueError):
        return []


def _use(query):
    """Write what waits, and return ``query(store)``; None, and a reason said once, where there is no store."""
    try:
        folder = data_folder()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "progress.sqlite"
        try:
            return _ask(path, query)
        except Damaged:
            _set_aside(path)
            return _ask(path, query)
    except Newer:
        _say_once(f"Your progress in {folder} was written by a newer version of this course: update the course; until "
                  "then your progress lasts only as long as this notebook runs.")  # fmt: skip
    except (OSError, RuntimeError, sqlite3.Error, Damaged) as error:
        _say_once(f"Your progress can't be saved now ({error}): make room, or set COURSE_LIB_DATA to a folder you may "
                  "write in; until then it lasts only as long as this notebook runs.")  # fmt: skip


def _ask(path, query):
    """Open the file, write what waits, and ask.

    Raises:
        Damaged: it is no file of ours, or a broken one.
        Newer: a newer course has written it.
        sqlite3.OperationalError: it is locked, read-only, or the disk is full.
    """
    _notice_if_empty(path)
    if path.is_dir():
        raise Damaged("a folder stands in the place of the file")
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as store:
            store.text_factory = bytes  # a broken letter in one event must not hide the others
            _prepare(store)
            _write(store)
            return query(store)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from None


def _prepare(store):
    """Make the table in a new file; see that an old file has it."""
    if store.execute("PRAGMA user_version").fetchone()[0] > VERSION:
        raise Newer
    columns = {row[1] for row in store.execute("PRAGMA table_info(events)")}
    if columns and not columns >= COLUMNS:
        raise Damaged("its table has other columns")
    if not columns:
        with store:
            store.execute("BEGIN IMMEDIATE")
            store.execute(SCHEMA)
            store.execute(f"PRAGMA user_version = {VERSION}")


def _write(store):
    if _waiting:
        with store:
            store.executemany("INSERT INTO events (kind, key, value) VALUES (?, ?, ?)", _waiting)
        _waiting.clear()


# ------------------------------------------------------------------------------------------------ a damaged file


def _set_aside(path):
    """Rename a damaged file; one process at a time."""
    with closing(sqlite3.connect(path.with_name("progress.lock"), timeout=PATIENCE, isolation_level=None)) as gate:
        gate.execute("BEGIN EXCLUSIVE")
        if _sound(path):  # another notebook was quicker
            return
        aside = _free_name(path)
        os.replace(path, aside)
    _say_once(f"The file of your progress was damaged: it is kept as {aside}, and a new one begins.")


def _sound(path):
    try:
        return not path.exists() or _ask(path, lambda store: store.execute("PRAGMA quick_check").fetchone() == (b"ok",))
    except Damaged:
        return False


def _free_name(path):
    number = 1
    while (aside := path.with_name(f"progress.damaged-{number}.sqlite")).exists():
        number += 1
    return aside


def _notice_if_empty(path):
    """Say that a file without content, which a full disk or a broken copy leaves, holds no progress."""
    if path.is_file() and not path.stat().st_size and time.time() - path.stat().st_mtime > YOUNG:
        _say_once(f"The file of your progress, {path}, was empty: a new one begins in its place.")


def _say_once(sentence):
    if sentence not in _said:
        _said.add(sentence)
        print(sentence, file=sys.stderr)


atexit.register(flush)
