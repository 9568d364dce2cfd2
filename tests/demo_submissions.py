"""A folder of submissions to try the grader on: ``python tests/demo_submissions.py FOLDER``.

Right, three different mistakes, untouched, crashing, an endless loop, a file cut short.
"""

import inspect
import json
import sys
import textwrap
from pathlib import Path

from course_lib import exercises
from course_lib.lessons import lesson

AVERAGED = """
def momentum_step(x, v, g, lr, beta):
    v = beta * v - (1 - beta) * lr * g
    return x + v, v
"""
UPHILL = AVERAGED.replace("- (1 - beta) * lr", "+ lr")
IN_PLACE = """
def momentum_step(x, v, g, lr, beta):
    v *= beta
    v -= lr * g
    x += v
    return x, v
"""
CRASHING = """
def momentum_step(x, v, g, lr, beta):
    velocity = beta * v - lr * gradient
    return x + velocity, velocity
"""
ENDLESS = """
def momentum_step(x, v, g, lr, beta):
    while np.all(g == g):
        v = beta * v - lr * g
    return x + v, v
"""


def notebook(*cells):
    """A notebook with these code cells, as text."""
    return json.dumps({
        "cells": [{"cell_type": "code", "id": f"cell{i}", "metadata": {}, "execution_count": None, "outputs": [],
                   "source": cell.strip("\n").splitlines(keepends=True)} for i, cell in enumerate(cells)],
        "metadata": {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    })  # fmt: skip


def worksheet(number="05", **answers):
    """A worksheet of a lesson, solved but for the functions that `answers` gives (None leaves the stub)."""
    cells = ["import numpy as np\nfrom course_lib.learner import check, hint, solution"]
    for exercise in exercises.of_lesson(number):
        answer = answers.get(exercise.name, solved(exercise))
        cells += [stub(exercise) if answer is None else answer, f"check({exercise.name})"]
    return notebook(*cells)


def untouched(number="05"):
    """A worksheet as it is handed out."""
    return worksheet(number, **{exercise.name: None for exercise in exercises.of_lesson(number)})


def solved(exercise):
    """The reference as the text of a cell."""
    lines = textwrap.dedent(inspect.getsource(exercise.reference)).splitlines()
    return "\n".join(lines[next(i for i, line in enumerate(lines) if line.startswith("def ")) :])


def stub(exercise):
    """What a learner starts from."""
    return f"def {exercise.signature}:\n    return ...  # replace the dots"


SUBMISSIONS = {
    "ada-right": worksheet(),
    "ben-averages": worksheet(momentum_step=AVERAGED),
    "cleo-climbs": worksheet(momentum_step=UPHILL),
    "dana-in-place": worksheet(momentum_step=IN_PLACE),
    "emil-untouched": untouched(),
    "fay-crashes": worksheet(momentum_step=CRASHING),
    "gus-endless": worksheet(momentum_step=ENDLESS),
    "hal-cut-short": worksheet()[:900],
}


def write(folder, submissions=None, number="05"):
    """Write ``{student: text of the notebook}`` as a folder of submissions; bytes are written as they are."""
    for student, text in (submissions or SUBMISSIONS).items():
        path = Path(folder) / student / f"{lesson(number).stem}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Path(folder)


if __name__ == "__main__":
    print(f"Eight submissions stand in {write(sys.argv[1])}.")
