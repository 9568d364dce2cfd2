"""A whole class to try the grader and its report on: ``python tests/demo_class.py FOLDER [STUDENTS [LESSONS]]``.

Strong and weak students, each exercise solved with a chance that grows with both; wrong answers are drawn from the
known mistakes, a few crash, one never ends, some hand in nothing, two have worked a little too closely together.
"""

import inspect
import json
import random
import sys
import textwrap
from pathlib import Path

from demo_submissions import notebook, solved, worksheet

from course_lib import exercises
from course_lib.lessons import lesson

COPIED = """
def trace_of_values(history, window=3):
    # my own helper
    smooth = []
    for index in range(len(history)):
        part = history[max(0, index - window + 1): index + 1]
        smooth.append(sum(part) / len(part) if len(part) else 0.0)
    best = min(range(len(smooth)), key=lambda place: smooth[place]) if smooth else -1
    return {"smooth": smooth, "best": best, "spread": max(history) - min(history)}
"""
RENAMED = COPIED.replace("history", "h").replace("smooth", "out").replace("index", "i").replace("# my own helper", "")


def renamed(function, name):
    """The text of a declared answer under the name that the learner has to write."""
    text = textwrap.dedent(inspect.getsource(function))
    text = text[text.index("def ") :]
    return text.replace(f"def {function.__name__}(", f"def {name}(", 1)


def stands_alone(function):
    """Whether its text makes sense in a worksheet, which has NumPy and nothing else of the module it comes from."""
    return inspect.getclosurevars(function).globals.keys() <= {"np"}


def answer(exercise, strength, chance):
    """An answer as a cell: right with this chance, else a known mistake, or none at all; None leaves the stub."""
    if chance.random() < strength:
        return solved(exercise)
    kind = chance.random()
    if kind < 0.15:
        return None
    if kind < 0.25:
        return f"def {exercise.signature}:\n    return undefined_name"
    zoo = [one for one in exercise.zoo if not one.remembers and not one.hangs and stands_alone(one.function)]
    return renamed(chance.choice(zoo[:4]).function, exercise.name) if zoo else None


def submission(number, student, chance):
    """One worksheet of a student whose strength is drawn from the name."""
    strength = random.Random(student).betavariate(4, 2)
    asked = exercises.of_lesson(number)
    answers = {one.name: answer(one, strength * random.Random(one.id).uniform(0.7, 1.25), chance) for one in asked}
    return worksheet(number, **answers)


def write(folder, students=60, lessons=("04", "05", "07")):
    """Write the class as ``<student>/NN_slug.ipynb``."""
    chance = random.Random(0)
    for i in range(students):
        for number in lessons:
            path = Path(folder) / f"student{i:05d}" / f"{lesson(number).stem}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            if chance.random() > 0.04:
                path.write_text(text_of(i, number, path.parent.name, chance), encoding="utf-8")
    return Path(folder)


def text_of(i, number, student, chance):
    """The worksheet of student number `i`."""
    extra = {8: COPIED, 9: RENAMED}.get(i)
    made = submission(number, student, chance)
    if i == 5:
        return made[:900]
    if extra is None:
        return made
    book = json.loads(made)
    book["cells"].insert(1, json.loads(notebook(extra))["cells"][0])
    return json.dumps(book)


if __name__ == "__main__":
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    print(f"The class stands in {write(sys.argv[1], count, sys.argv[3:] or ('04', '05', '07'))}.")
