"""What a learner has done, in one SQLite file in the user's data folder: an append-only list of events.

Everything else (which exercise is right, which hint comes next, what was predicted first) is derived from the list,
so nothing can contradict itself, and several notebooks may write at once.
"""

import json
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from platformdirs import user_data_path

SCHEMA = "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, kind TEXT, key TEXT, value TEXT)"


def data_folder():
    """Where progress is kept: the folder COURSE_LIB_DATA names, or the user's data folder."""
    named = os.environ.get("COURSE_LIB_DATA")
    return Path(named) if named else user_data_path("optimization-course", appauthor=False)


def record(kind, key, value):
    """Append an event; ``value`` is anything that JSON holds."""
    with closing(_open()) as store, store:
        store.execute("INSERT INTO events (kind, key, value) VALUES (?, ?, ?)", (kind, key, json.dumps(value)))


def history(kind, key):
    """The values recorded under this kind and key, oldest first."""
    with closing(_open()) as store:
        rows = store.execute("SELECT value FROM events WHERE kind = ? AND key = ? ORDER BY id", (kind, key)).fetchall()
    return [json.loads(value) for (value,) in rows]


def _open():
    """A connection to the store; where there can be none, one to a store in memory, said once."""
    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _connect(folder / "progress.sqlite")
    except (OSError, sqlite3.OperationalError) as error:
        _say_once(
            f"Your progress can't be kept in {folder} ({error}): set COURSE_LIB_DATA to a folder you may write in."
        )
        return _connect(":memory:")


def _connect(path):
    try:
        return _prepared(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:  # no database, or a damaged one
        aside = _set_aside(path)
        _say_once(f"The file of your progress was damaged. It is kept as {aside}, and a new one begins.")
        return _prepared(path)


def _prepared(path):
    store = sqlite3.connect(path, timeout=10)
    try:
        store.execute("PRAGMA schema_version")
        store.execute(SCHEMA)
        store.execute("SELECT count(*) FROM events").fetchone()
        return store
    except sqlite3.DatabaseError:
        store.close()
        raise


def _set_aside(path):
    number = 1
    while (aside := path.with_name(f"progress.damaged-{number}.sqlite")).exists():
        number += 1
    os.replace(path, aside)
    return aside


_said = set()


def _say_once(sentence):
    if sentence not in _said:
        _said.add(sentence)
        print(sentence, file=sys.stderr)
