"""What nbgrader needs to know of a worksheet's cells: which hold answers, which check them, and what they are worth.

The metadata is that of its format 3 (nbgrader/nbgraderformat/v3.json and v3.py). Our own tools pass it over.
"""

import ast
import re

from course_lib import exercises

VERSION = 3
CHECK = re.compile(r"^check\((\w+)\)\s*\Z", re.MULTILINE)


def mark(book, number):
    """Write nbgrader's metadata into the cells of a worksheet or key, in place.

    The cell that defines the function of an exercise is its solution cell; the cell that ends in ``check(function)``
    is its test, locked, with the points of the exercise. Optional exercises have no points there: nbgrader knows no
    points beyond the maximum.

    Args:
        book: the notebook, as dicts and lists.
        number: the number of its lesson.
    """
    asked = {exercise.name: exercise for exercise in exercises.of_lesson(number)}
    answered = set()
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or '"key"' in str(cell["metadata"]):
            continue
        for name in defined(source) & asked.keys() - answered:
            cell["metadata"]["nbgrader"] = answer(asked[name])
            answered.add(name)
        checked = CHECK.search(source)
        if checked and checked[1] in asked:
            cell["metadata"]["nbgrader"] = test(asked[checked[1]])


def answer(exercise):
    """The metadata of the cell with the stub or the solution."""
    return _metadata(exercise.id, solution=True)


def test(exercise):
    """The metadata of the cell with the check."""
    graded = {} if exercise.starred else {"grade": True, "points": exercise.points}
    return _metadata(f"check-{exercise.id}", locked=True, **graded)


def defined(source):
    """The names of the functions that a cell defines at its top level; none for what is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _metadata(id, **changes):
    plain = {"grade": False, "grade_id": re.sub(r"[^A-Za-z0-9_-]", "-", id), "locked": False, "schema_version": VERSION,
             "solution": False, "task": False}  # fmt: skip
    return plain | changes
