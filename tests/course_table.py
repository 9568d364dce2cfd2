"""What each lesson holds, as a table: ``python -m tests.course_table [--time]``.

``--time`` runs every lesson without a browser, one after the other, and says how many seconds each takes.
"""

import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from course_lib import exercises, quizzes
from course_lib.lessons import LESSONS

ROOT = Path(__file__).parents[1]
HEADS = ("lesson", "cells", "words", "code", "longest", "exercises", "zoo", "widgets", "quiz", "predictions", "claims",
         "minutes")  # fmt: skip


def cells_of(lesson):
    """The cells of a built lesson, ``[(kind, text), ...]``."""
    cells = json.loads((ROOT / "notebooks" / f"{lesson.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def lines_of(code):
    """How many lines of a code cell are not blank."""
    return sum(bool(line.strip()) for line in code.splitlines())


def row(lesson):
    """The numbers of one lesson; claims and predictions are calls, so a claim in a loop counts once."""
    cells, asked = cells_of(lesson), exercises.of_lesson(lesson.number)
    prose = [text for kind, text in cells if kind == "markdown"]
    code = [text for kind, text in cells if kind == "code"]
    calls = {name: sum(text.count(f"{name}(") for text in code) for name in ("widgets.show", "predict", "claim")}
    sizes = [lines_of(text) for text in code]
    return (lesson.stem, len(cells), sum(len(text.split()) for text in prose), median(sizes), max(sizes), len(asked),
            sum(len(one.zoo) for one in asked), calls["widgets.show"], len(quizzes.of_lesson(lesson.number)),
            calls["predict"], calls["claim"], lesson.minutes)  # fmt: skip


def seconds(lesson):
    """Wall time to run a lesson from top to bottom, the start of its kernel included."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "notebooks" / f"{lesson.stem}.ipynb", as_version=4)
    began = perf_counter()
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    return perf_counter() - began


def main(*options):
    """Print the table."""
    form = "{:<32}" + "{:>9}" * (len(HEADS) - 1)
    print(form.format(*HEADS))
    rows = [row(lesson) for lesson in LESSONS if (ROOT / "notebooks" / f"{lesson.stem}.ipynb").exists()]
    for numbers in rows:
        print(form.format(*numbers))
    totals = [sum(column) for column in zip(*(numbers[1:] for numbers in rows))]
    totals[2:4] = "", ""
    print(form.format("together", *totals))
    for lesson in LESSONS if "--time" in options else ():
        print(f"{lesson.stem:<32}{seconds(lesson):>9.1f} s", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
