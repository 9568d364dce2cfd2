"""Files that are no notebooks, or no longer, and those that something is missing from."""

import json
import os

from course_lib import exercises

from .entry import AFTER, BEFORE, HEAD, Entry, notebook, points, right

CODES = [HEAD, *(right(one.id) for one in exercises.of_lesson("05"))]
WHOLE = notebook(*CODES)
ALL = points(*(one.id for one in exercises.of_lesson("05")))


def holds(name, tries, data, **options):
    """A file with these bytes, or this text."""
    data = data.encode() if isinstance(data, str) else data
    return Entry(name, tries, lambda path, loot: path.write_bytes(data), **options)


def book(change):
    """The text of a right notebook after a change to its data."""
    data = json.loads(WHOLE)
    return json.dumps(change(data) or data)


def spread(path, size):
    """A file of so many bytes that takes no room on the disk."""
    with open(path, "wb") as file:
        file.truncate(size)


def unreadable(path, loot):
    path.write_text(WHOLE)
    path.chmod(0)


def every(value):
    """A notebook in which every field of every cell is this value."""
    return json.dumps({"cells": [{"cell_type": "code", "source": value}, {"cell_type": value, "source": value}, value],
                       "metadata": value, "nbformat": value})  # fmt: skip


ENTRIES = [
    holds("garbage", "is random bytes", bytes(range(256)) * 400),
    holds("empty", "is empty", ""),
    holds("blank", "is blank", " \n\t\n" * 1000),
    holds("zeros", "is zero bytes", bytes(10_000)),
    holds("cut-short", "ends in the middle", WHOLE[: len(WHOLE) // 2]),
    holds("cut-in-a-letter", "ends within a letter", book(lambda b: None).encode()[:-1] + b"\xc3"),
    holds("latin-1", "is Latin-1", WHOLE.replace("momentum", "m\xf6mentum").encode("latin-1")),
    holds("utf-16", "is UTF-16", WHOLE.encode("utf-16")),
    holds("utf-32", "is UTF-32", WHOLE.encode("utf-32")),
    holds("python", "is a Python file", "import os\nos._exit(0)\n"),
    holds("web-page", "is a page of a web site that asks to log in", "<!doctype html><title>Sign in</title>" * 50),
    holds("zip", "is a zip file under another name", b"PK\x03\x04" + bytes(500)),
    Entry("hundred-megabytes", "has 100 MB", lambda path, loot: spread(path, 100_000_000)),
    holds("many-parts", "unfolds to gigabytes", b'{"cells": [' + b"[]," * 2_000_000 + b"[]]}"),
    holds("nested", "is nested a million deep", b'{"cells":' + b"[" * 1_000_000),
    holds("nested-metadata", "has metadata nested ten thousand deep",
          b'{"metadata":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b',"cells":[]}'),
    holds("long-number", "has a number of a million digits", b'{"nbformat": ' + b"9" * 1_000_000 + b', "cells": []}'),
    holds("a-list", "is a list", "[1, 2, 3]"),
    holds("a-number", "is a number", "42"),
    holds("nulls", "has null everywhere", every(None)),
    holds("numbers", "has numbers everywhere", every(-1e999)),
    holds("dicts", "has dicts everywhere", every({"a": [{}]})),
    holds("mixed-lists", "has lists of everything", every([1, "x = 1", None, ["y"], {}])),
    holds("texts", "has texts everywhere", every("momentum_step = 1")),
    holds("half-letters", "has halves of letters in its code", every("x = '\ud800'").replace("\\\\", "\\")),
    holds("nul-bytes", "has NUL in its code", every("def momentum_step(*a):\n    return 1\0, 1\n")),
    holds("no-cells", "has no cells", book(lambda b: {**b, "cells": []})),
    holds("words-only", "has only words", book(
        lambda b: [c.update(cell_type="markdown") for c in b["cells"]] and None)),
    holds("duplicate-keys", "has two lists of cells, the second one empty", WHOLE[:-1] + ', "cells": []}'),
    holds("too-many-cells", "has ten thousand cells", notebook(*["x = 1"] * 10_000)),
    holds("too-much-code", "has two million characters of code", notebook("x = 1\n" * 400_000)),
    Entry("folder", "is a folder", lambda path, loot: path.mkdir()),
    Entry("pipe", "is a pipe that nobody writes to", lambda path, loot: os.mkfifo(path)),
    Entry("link", "is a link to the answer of a neighbor",
          lambda path, loot: path.symlink_to(loot.parent / "right.ipynb")),
    Entry("link-to-a-device", "is a link to a device that never ends", lambda path, loot: path.symlink_to("/dev/zero")),
    Entry("link-to-itself", "is a link to itself", lambda path, loot: path.symlink_to(path)),
    Entry("no-permission", "may not be read by anybody", unreadable, sure=False, earns=ALL),
    holds("deleted-cells", "has lost the cells of three exercises", notebook(HEAD, right(BEFORE), right(AFTER)),
          earns=points(BEFORE, AFTER)),
    holds("renamed", "has its functions under other names",
          notebook(*CODES).replace("def momentum_step", "def my_momentum_step"),
          earns={id: worth for id, worth in ALL.items() if id != "momentum.step"}),
]  # fmt: skip
