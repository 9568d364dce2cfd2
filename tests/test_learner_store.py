"""The list of events: what a learner did is neither lost nor doubled, whatever happens to its file."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from course_lib.learner import store

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder of its own for each test, and a store that has neither said nor kept anything."""
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(store, "_said", set())
    monkeypatch.setattr(store, "PATIENCE", 0.2)
    return tmp_path / "data"


def elsewhere(code, *args):
    """Start another Python that knows the same data folder."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", code, *args], env=environment)


def database(folder):
    return folder / "progress.sqlite"


def fill(count=200):
    """A file of several pages."""
    for i in range(count):
        store._waiting.append(("check", "a.b", json.dumps(f"{i} " + "x" * 100)))
    store.flush()


# ------------------------------------------------------------------------------------------------- keeping


def test_history_is_what_was_recorded_in_order():
    """Broken: the first prediction could not be told from a change."""
    for value in ("first", 2.5, None, True, ["é", {"a": 1}]):
        store.record("prediction", "05.steps", value)
    store.record("prediction", "05.other", "no")
    store.record("check", "05.steps", "no")
    assert store.history("prediction", "05.steps") == ["first", 2.5, None, True, ["é", {"a": 1}]]
    assert store.history("prediction", "05.none") == []


def test_events_survive_a_restart():
    """Broken: progress is gone when the kernel is restarted."""
    elsewhere("from course_lib.learner import store; store.record('check', 'a.b', 'right')").wait(timeout=60)
    assert store.history("check", "a.b") == ["right"]


def test_many_processes_and_threads_write_at_once(monkeypatch):
    """Broken: two open notebooks lose each other's events."""
    monkeypatch.setattr(store, "PATIENCE", 20.0)
    code = "import sys\nfrom course_lib.learner import store\nstore.PATIENCE = 20\n" \
           "for i in range(25): store.record('check', 'many', [sys.argv[1], i])"  # fmt: skip
    processes = [elsewhere(code, name) for name in ("p", "q", "r")]
    threads = [
        threading.Thread(target=lambda name=name: [store.record("check", "many", [name, i]) for i in range(25)])
        for name in ("s", "t", "u")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    seen = store.history("check", "many")
    for name in "pqrstu":
        assert [i for who, i in seen if who == name] == list(range(25))
    assert len(seen) == 150


def test_processes_that_begin_together_make_one_file(folder):
    """Broken: of two notebooks opened on a fresh machine one takes the other's new file for a damaged one."""
    code = "from course_lib.learner import store; store.PATIENCE = 20; store.record('check', 'new', 1)"
    processes = [elsewhere(code) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    assert store.history("check", "new") == [1] * 4
    assert not list(folder.glob("*damaged*"))


def test_a_tilde_and_blanks_and_accents_in_the_folder(tmp_path, monkeypatch):
    """Broken: a learner whose home is `/home/Zoé Müller` keeps no progress."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_LIB_DATA", "~/Zoé Müller/daten")
    store.record("check", "a.b", "right")
    assert (tmp_path / "Zoé Müller" / "daten" / "progress.sqlite").exists()


# ------------------------------------------------------------------------------------------------ damaged


def cut(path, size):
    path.write_bytes(path.read_bytes()[:size])


def overwrite(path, place):
    data = bytearray(path.read_bytes())
    data[place : place + 3000] = b"\xa5" * 3000
    path.write_bytes(data)


def another_table(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE events (what TEXT)")


DAMAGES = {
    "garbage": lambda path: path.write_bytes(b"\x00garbage" * 999),
    "text": lambda path: path.write_text("{}"),
    "cut in the header": lambda path: cut(path, 50),
    "cut after a page": lambda path: cut(path, 4096),
    "cut in the middle": lambda path: cut(path, 9000),
    "overwritten header": lambda path: overwrite(path, 0),
    "overwritten schema": lambda path: overwrite(path, 100),
    "overwritten data": lambda path: overwrite(path, 8200),
    "another table": another_table,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_set_aside_and_said_once(folder, damage, capsys):
    """Broken: a damaged file stops the notebook, or progress is lost without a word."""
    fill()
    damage(database(folder))
    left = database(folder).read_bytes()
    assert store.history("check", "a.b") == []
    store.record("check", "a.b", "right")
    assert store.history("check", "a.b") == ["right"]
    aside = folder / "progress.damaged-1.sqlite"
    assert aside.read_bytes() == left
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(aside) in said


def test_a_folder_in_the_place_of_the_file_is_set_aside(folder, capsys):
    """Broken: what a careless unzip left there keeps the learner from ever saving progress."""
    (database(folder) / "inside").mkdir(parents=True)
    store.record("check", "a.b", "right")
    assert store.history("check", "a.b") == ["right"]
    assert (folder / "progress.damaged-1.sqlite" / "inside").is_dir()
    assert capsys.readouterr().err.count("\n") == 1


def test_each_damaged_file_keeps_a_name_of_its_own(folder):
    """Broken: the second accident destroys what was kept of the first."""
    for text in ("first", "second"):
        folder.mkdir(exist_ok=True)
        database(folder).write_text(text * 100)
        store.record("check", "a.b", "right")
    kept = [(folder / f"progress.damaged-{i}.sqlite").read_text()[:5] for i in (1, 2)]
    assert kept == ["first", "secon"]


def test_two_processes_that_find_the_damage_together_set_it_aside_once(folder):
    """Broken: the slower of two notebooks moves away the new file of the quicker one, with its events."""
    folder.mkdir()
    database(folder).write_text("garbage" * 1000)
    code = "from course_lib.learner import store; store.PATIENCE = 20; store.record('check', 'new', 1)"
    processes = [elsewhere(code) for _ in range(4)]
    assert [process.wait(timeout=60) for process in processes] == [0] * 4
    assert store.history("check", "new") == [1] * 4
    assert len(list(folder.glob("*damaged*"))) == 1


@pytest.mark.parametrize("age, notices", [(0, 0), (3600, 1)])
def test_an_empty_file_is_used_and_said_unless_it_is_just_being_made(folder, age, notices, capsys):
    """Broken: a file that a full disk emptied loses all progress silently, or a new file is taken for it."""
    folder.mkdir()
    database(folder).touch()
    then = database(folder).stat().st_mtime - age
    os.utime(database(folder), (then, then))
    store.record("check", "a.b", "right")
    assert store.history("check", "a.b") == ["right"]
    assert capsys.readouterr().err.count("was empty") == notices


def test_an_event_that_is_no_json_is_passed_over(folder):
    """Broken: one bad value hides all progress."""
    store.record("check", "a.b", "right")
    with closing(sqlite3.connect(database(folder))) as other, other:
        bad = [("not json",), (None,), (b"\xff\xfe",)]
        other.executemany("INSERT INTO events (kind, key, value) VALUES ('check', 'a.b', ?)", bad)
        other.execute("INSERT INTO events (kind, key, value) VALUES ('check', 'a.b', CAST(X'22ff22' AS TEXT))")
    store.record("check", "a.b", "wrong")
    assert store.history("check", "a.b") == ["right", "wrong"]


# --------------------------------------------------------------------------------------- it can't be written


def failing(monkeypatch, message):
    """Let every connection fail as SQLite does when the disk or the folder does not let it write."""

    def connect(*args, **kwargs):
        raise sqlite3.OperationalError(message)

    monkeypatch.setattr(store.sqlite3, "connect", connect)


@pytest.mark.parametrize("message", ["database or disk is full", "attempt to write a readonly database"])
def test_what_cannot_be_written_lasts_in_memory_and_is_written_later(message, capsys, folder):
    """Broken: on a full disk a check stops with an exception, or the learner's answer is forgotten at once."""
    store.record("check", "a.b", "wrong")
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, message)
        store.record("check", "a.b", "right")
        assert store.history("check", "a.b") == ["right"]
        store.record("check", "a.b", "flawed")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and message in said and "COURSE_LIB_DATA" in said
    assert store.history("check", "a.b") == ["wrong", "right", "flawed"]
    assert store._waiting == [] and not list(folder.glob("*damaged*"))


def test_a_home_that_is_no_folder_is_said_once(tmp_path, monkeypatch, capsys):
    """Broken: an exception in each cell for whoever has no home to write in."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path / "file" / "data"))
    store.record("hint", "a.b", 1)
    store.record("hint", "a.b", 2)
    assert store.history("hint", "a.b") == [1, 2]
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="only for users whom permissions bind")
def test_a_read_only_folder_is_said(folder, capsys):
    """Broken: a mounted home without write permission stops the notebook."""
    folder.mkdir()
    folder.chmod(0o500)
    store.record("check", "a.b", "right")
    folder.chmod(0o700)
    assert "can't be saved" in capsys.readouterr().err
    assert store.history("check", "a.b") == ["right"]


def test_a_locked_file_is_waited_for_and_not_set_aside(folder, capsys):
    """Broken: a notebook that writes for long makes another take the file for a damaged one."""
    store.record("check", "a.b", "wrong")
    with closing(sqlite3.connect(database(folder), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        store.record("check", "a.b", "right")
        assert store.history("check", "a.b") == ["right"]
        other.execute("ROLLBACK")
    assert "locked" in capsys.readouterr().err
    assert store.history("check", "a.b") == ["wrong", "right"]
    assert not list(folder.glob("*damaged*"))


def test_what_waits_is_written_when_the_notebook_ends(folder):
    """Broken: the last answer of a session that met a locked file is lost although the file is free again."""
    code = "from course_lib.learner import store; store._waiting.append(('check', 'a.b', '\"right\"'))"
    assert elsewhere(code).wait(timeout=60) == 0
    assert store.history("check", "a.b") == ["right"]


# ------------------------------------------------------------------------------------------- another version


def test_a_file_of_a_newer_course_is_left_as_it_is(folder, capsys):
    """Broken: an old clone of the course spoils the progress that a newer one keeps."""
    store.record("check", "a.b", "wrong")
    with closing(sqlite3.connect(database(folder))) as newer, newer:
        newer.execute("ALTER TABLE events RENAME TO deeds")
        newer.execute(f"PRAGMA user_version = {store.VERSION + 1}")
    before = database(folder).read_bytes()
    store.record("check", "a.b", "right")
    assert store.history("check", "a.b") == ["right"]
    assert database(folder).read_bytes() == before and not list(folder.glob("*damaged*"))
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "newer" in said


def test_a_further_column_does_no_harm(folder):
    """Broken: a column that a later course adds locks out the present one."""
    store.record("check", "a.b", "wrong")
    with closing(sqlite3.connect(database(folder))) as newer, newer:
        newer.execute("ALTER TABLE events ADD COLUMN time REAL")
    store.record("check", "a.b", "right")
    assert store.history("check", "a.b") == ["wrong", "right"]


def test_the_folder_is_the_users_own_where_none_is_named(monkeypatch):
    """Broken: progress lands in whatever folder the notebook runs in."""
    monkeypatch.delenv("COURSE_LIB_DATA")
    assert store.data_folder().is_absolute() and store.data_folder().name == "optimization-course"
