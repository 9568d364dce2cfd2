"""What is worked out from the course's files and kept: never older than they are, and never in the way."""

import sys

import pytest

from course_lib.grading import fingerprint, similarity
from course_lib.grading import kept as module
from course_lib.grading.kept import kept


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Calls `kept` in a folder of its own; the list it notes in what had to be made."""
    monkeypatch.setattr(module, "__file__", str(tmp_path / "kept.py"))
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return []


def ask(made, key, value="a value"):
    return kept("some", key, lambda: made.append(key) or value)


def files(tmp_path):
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


def test_it_is_made_once(made, tmp_path):
    """Every run would parse all exercises again."""
    assert ask(made, "one") == ask(made, "one") == "a value" and made == ["one"]
    assert len(files(tmp_path)) == 1, "half a file is left"


def test_another_key_is_another_value(made, tmp_path):
    """A changed exercise would go unnoticed, and its old marks stand."""
    assert [ask(made, "one", 1), ask(made, "two", 2), ask(made, "two", 3)] == [1, 2, 2] and made == ["one", "two"]
    assert len(files(tmp_path)) == 1, "each change of the course would leave a file"


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"key": "one"}', '{"value": 1}', "\udc80"])
def test_a_broken_file_is_made_anew(made, tmp_path, text):
    """A disk that was full once would stop all grading."""
    ask(made, "one")
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_text(text, errors="surrogateescape")
    assert ask(made, "one") == "a value" and made == ["one", "one"]
    assert ask(made, "one") == "a value" and len(made) == 2, "it is not mended"


def test_where_nothing_can_be_kept(made, tmp_path):
    """A course in a folder that cannot be written would not grade."""
    (tmp_path / "__pycache__").write_text("in the way")
    assert ask(made, "one") == ask(made, "one") == "a value" and made == ["one", "one"]


def test_where_python_keeps_nothing(made, tmp_path, monkeypatch):
    """Whoever asks for no bytecode wants no other files either."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert ask(made, "one") == "a value" and files(tmp_path) == []


def test_what_cannot_be_made_is_not_kept(made, tmp_path):
    """A failure would be kept as an answer."""
    with pytest.raises(ZeroDivisionError):
        kept("some", "one", lambda: 1 / 0)
    assert files(tmp_path) == [] and ask(made, "one") == "a value"


def test_both_uses_depend_on_every_file(monkeypatch):
    """A reference that changed in a module beside the exercises would leave the old definition in place."""
    seen = []
    monkeypatch.setattr(fingerprint, "kept", lambda name, key, make: seen.append((name, key)) or "x")
    monkeypatch.setattr(similarity, "kept", lambda name, key, make: seen.append((name, key)) or "")
    for text in ("the course", "another course"):
        monkeypatch.setattr(fingerprint, "whole", lambda text=text: text)
        fingerprint.definition.__wrapped__("momentum.step")
        similarity.known_grams.__wrapped__("05")
    assert len(set(seen)) == 4 and len({name for name, _ in seen}) == 2


def test_each_file_of_the_course_counts(tmp_path, monkeypatch):
    """What an exercise imports from elsewhere decides what an answer is worth, too."""
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.setattr(fingerprint, "COURSE", tmp_path)
    seen = [fingerprint.whole.__wrapped__()]
    for path in (tmp_path / "one.py", tmp_path / "deep" / "down" / "two.py", tmp_path / "one.py"):
        path.write_text(f"x = {len(seen)}")
        seen.append(fingerprint.whole.__wrapped__())
    assert len(set(seen)) == 4
