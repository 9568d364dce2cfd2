"""Reading submissions: whatever the file holds, cells or a sentence."""

import json
import os

import numpy as np
import pytest
from demo_submissions import notebook

from course_lib.grading.notebook import LARGEST_FILE, Cell, Submission, definitions, python, read


def written(folder, data):
    path = folder / "05_momentum.ipynb"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


BROKEN = {
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "cut short": (notebook("x = 1")[:60].encode(), "cut short"),
    "garbage": (np.random.default_rng(0).bytes(300), "not UTF-8"),
    "another encoding": (notebook("x = 1").encode("utf-16"), "not UTF-8"),
    "a list": (b"[1, 2]", "no list of cells"),
    "a number": (b"7", "no list of cells"),
    "cells that are none": (b'{"cells": 5}', "no list of cells"),
    "nothing but text": (b'{"cells": [{"cell_type": "markdown", "source": "hello"}]}', "no code cell"),
    "cells of odd types": (b'{"cells": [1, null, {"cell_type": "code", "source": {"a": 1}}, []]}', "no code cell"),
    "nested deeply": (b"[" * 200_000, "not"),
    "too many cells": (notebook(*["x = 1"] * 2001).encode(), "more than 2000"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_has_a_sentence(tmp_path, name):
    """A file that makes the reader raise would end the run of a whole class; a mute one helps nobody."""
    data, reason = BROKEN[name]
    submission = read(written(tmp_path, data))
    assert submission.cells == () and reason in submission.problem and submission.problem.endswith(".")


def test_a_huge_file_is_not_read(tmp_path):
    """A file of gigabytes would fill the scorer's memory."""
    path = written(tmp_path, b"")
    os.truncate(path, LARGEST_FILE + 1)
    assert "MB" in read(path).problem


def test_what_is_no_file_is_said(tmp_path):
    """A folder named like a notebook, or nothing at all, would raise."""
    assert read(tmp_path / "none.ipynb").missing
    assert "no file" in read(tmp_path).problem and not read(tmp_path).missing


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    """Opening a named pipe waits for a writer forever."""
    os.mkfifo(tmp_path / "05_momentum.ipynb")
    assert "no file" in read(tmp_path / "05_momentum.ipynb").problem


def test_honest_but_odd_notebooks_are_read(tmp_path):
    """A byte order mark, one string a cell, or the third format would cost an honest student all points."""
    book = json.loads(notebook("x = 1", "y = 2"))
    book["cells"][0]["source"] = "x = 1"
    book["nbformat"] = 99
    marked = read(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(book).encode()))
    assert [cell.source for cell in marked.cells] == ["x = 1", "y = 2"]
    third = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["x = 1"]}]}]}
    assert read(written(tmp_path, json.dumps(third))).cells[0].source == "x = 1"


def test_the_cell_that_defines_a_function_is_found(tmp_path):
    """Without it nobody is told which cell to mend."""
    submission = read(written(tmp_path, notebook("import os", "def g(x):\n    return", "def f(x): (", "f(1)")))
    assert submission.defining("f") == 3 and submission.defining("h") is None


@pytest.mark.parametrize(("line", "defines"), [
    ("def f(x):", True), ("    def  f (x):", True), ("f = lambda x: x", True), ("from m import g, f", True),
    ("from m import (f)", True), ("f == 3", False), ("x.f = 3", False), ("ff = 3", False), ("print(f)", False),
])  # fmt: skip
def test_a_line_that_defines_is_known_by_its_words(line, defines):
    """A name that is only used would be taken for a definition that failed."""
    assert (Submission("w", (Cell(1, line),)).defining("f") == 1) is defines


@pytest.mark.parametrize("source", ["\n" * 900_000 + "f", "f" + "\nfrom " + "import " * 120_000, "f" + " " * 900_000])
def test_no_text_keeps_the_reader_busy(source):
    """A pattern that tries every pair of places needs an hour for a million line ends, and the class waits."""
    assert Submission("w", (Cell(1, source),)).defining("f") is None


@pytest.mark.parametrize("part", ["{},", "[],"])
def test_a_file_of_many_small_parts_is_not_unfolded(tmp_path, part):
    """Three bytes of text become sixty and more in memory: a file of the largest size would take gigabytes."""
    text = '{"cells": [' + part * 600_000 + "{}]}"
    assert "too many parts" in read(written(tmp_path, text)).problem


@pytest.mark.parametrize(("cell", "plain"), [
    ("%matplotlib inline\nx = 1", "pass\nx = 1"),
    ("!ls -la\nx = 1", "pass\nx = 1"),
    ("if True:\n    %timeit f()\n    x = 1", "if True:\n    pass\n    x = 1"),
    ("files = !ls\nx = 1", "files = None\nx = 1"),
    ("t = %timeit -o f()", "t = None"),
    ("%time x = 1", "x = 1"),
    ("%%time\nx = 1", "\nx = 1"),
    ("%%bash\nrm -rf .", ""),
    ("?sum\nsum?\nnp.sum??\nx = 1", "pass\npass\npass\nx = 1"),
    ("x = (7\n  % 4)", "x = (7\n  % 4)"),
    ('text = """\n%time\n"""', 'text = """\n%time\n"""'),
])  # fmt: skip
def test_magics_become_harmless_and_lines_keep_their_numbers(cell, plain):
    """A magic line would make its cell invalid Python; a shifted line would name the wrong one."""
    assert python(cell) == plain


def test_definitions_hold_what_defines_and_nothing_that_acts(tmp_path):
    """The lesson executes this text: a loop, a file or a figure of the worksheet has no place in it."""
    cells = ["import math; print(1)", "RATE = 0.1\nhalf = lambda x: x / 2\nrows = open('f')", "while True: pass"]
    cells += ["def ("]
    cells.append("@staticmethod\ndef f(x):\n    return math.sqrt(half(x)) * RATE\nf(2)")
    text = definitions(written(tmp_path, notebook(*cells)))
    space = {}
    exec(text, space)
    assert {"math", "RATE", "half", "f"} <= space.keys() and "rows" not in space and "print" not in text
    assert definitions(tmp_path / "none.ipynb") == ""
