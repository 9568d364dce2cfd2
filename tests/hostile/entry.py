"""What an entry of the collection is, and the worksheets that the hostile ones stand in."""

import textwrap
from pathlib import Path
from typing import NamedTuple

from demo_submissions import notebook, solved

from course_lib import exercises

REPO = Path(__file__).parents[2]
BEFORE, AFTER = "momentum.ema", "momentum.to_heavy_ball"  # right answers above and below a hostile one
HEAD = "import numpy as np\n"


class Entry(NamedTuple):
    """A submission.

    Attributes:
        name: its name, and that of the student who hands it in.
        tries: what it tries, in words.
        make: ``make(path, loot)`` puts the file there; `loot` is a file that holds the right answer and that
            everybody on this system may read.
        lesson: the number of its lesson.
        earns: ``{id of an exercise: points}`` that it honestly earns; nothing for all others.
        sure: it must get what it earns, and not only no more.
        danger: it harms this system where nothing confines it, so it is left out there.
    """

    name: str
    tries: str
    make: object
    lesson: str = "05"
    earns: dict = {}
    sure: bool = True
    danger: bool = False


def right(id):
    """The text of a right answer."""
    return solved(exercises.get(id))


def points(*ids):
    """All points of these exercises."""
    return {id: exercises.get(id).points for id in ids}


def attack(name, tries, code, spares=True, **options):
    """A hostile momentum_step between two right answers of the same worksheet.

    Args:
        name, tries: as in `Entry`.
        code: the text of its cell; LOOT and REPO in it become paths.
        spares: the right answers must get their marks; without, it may hurt itself.
        **options: further fields of `Entry`.
    """
    def make(path, loot):
        text = textwrap.dedent(code).replace("LOOT", repr(str(loot))).replace("REPO", repr(str(REPO)))
        path.write_text(notebook(HEAD, right(BEFORE), HEAD + text, right(AFTER)))

    options = {"earns": points(BEFORE, AFTER), "sure": spares} | options
    return Entry(name, tries, make, **options)


def called(name, tries, body, **options):
    """As `attack`, from the body of the function."""
    code = "def momentum_step(x, v, g, lr, beta):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return attack(name, tries, code, **options)


def sheet(name, tries, *cells, **options):
    """A worksheet of these cells."""
    return Entry(name, tries, lambda path, loot: path.write_text(notebook(*cells)), **options)
