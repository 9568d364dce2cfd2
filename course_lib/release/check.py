"""Compare the committed notebooks with their sources, and prove that worksheets are fit to be handed out.

Contents are compared (what persons wrote), never outputs: nbval runs lessons and keys and compares those.
"""

import ast
import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path

from course_lib.release import form
from course_lib.release.build import KERNELS
from course_lib.release.execution import BuildError, environment, run
from course_lib.release.markers import MarkerError, marks, solutions
from course_lib.release.sources import KEY, LESSON, WITHOUT, WORKSHEET, targets

TELLING = 12  # a shorter solution line (without blanks) stands in half of all programs
LONGEST = 25  # lines of a code cell in a lesson
MAGIC = re.compile(r"\s*[%!]")
ASK = "from course_lib.release.standing import tell\n\ntell(globals(), {lesson!r})"
EXPECTED = {WORKSHEET: "not attempted", KEY: "right"}


def check(root, stems=None, execute=True):
    """All that is wrong with the notebooks under `root`, one sentence each; empty when all is well.

    Args:
        root: the folder of the course.
        stems: which lessons (``"05_momentum"`` or ``"05"``); all when None.
        execute: run worksheets and keys and examine their answers; without, files are compared only.

    Raises:
        ValueError: a stem has no source.
    """
    root = Path(root).resolve()
    every = targets(root, stems)
    readable = [target for target in every if not _unreadable(target)]
    found = [problem for target in every for problem in _unreadable(target)]
    found += [problem for target in readable for problem in _file(target)]
    found += _orphans(root, targets(root)) if stems is None else []
    found += _standings(readable) if execute else []
    return list(dict.fromkeys(found))


def _unreadable(target):
    try:
        target.book()
    except MarkerError as error:
        return [str(error)]
    return []


def _orphans(root, every):
    built = {target.path for target in every}
    paths = [path for kind in WITHOUT for path in sorted((root / kind).glob("*.ipynb"))]
    names = [path.relative_to(root).as_posix() for path in paths if path not in built]
    return [f"{name}: there is no source for it; write one or delete it." for name in names]


def _file(target):
    """What is wrong with one notebook as it stands on disk."""
    if not target.path.exists():
        return [f"{target.name}: not built from {target.source_name} yet; build it."]
    try:
        book = form.load(target.path)
    except ValueError:
        return [f"{target.name}: no notebook; build it again."]
    looks = [_difference, *LOOKS[target.kind]]
    return [f"{target.name}: {problem}" for look in looks for problem in look(target, book)]


def _difference(target, book):
    """The first cell that is not what the source says."""
    there = [c for c in form.contents(book) if f'"{WITHOUT[target.kind]}"' not in c.meaning]
    for number, (old, new) in enumerate(zip_longest(there, form.contents(target.book())), 1):
        if old != new:
            return [f"cell {number} differs from {target.source_name}; build it again."]
    return []


def _marked(target, book):
    """Markers in a lesson blank nothing, so somebody took it for a key."""
    try:
        found = marks(target.text(), target.source_name)
    except MarkerError as error:
        return [str(error)]
    return [f"line {mark.line} of {target.source_name} marks a solution; markers belong in keys." for mark in found]


def _unrun(target, book):
    filled = [(n, cell) for n, cell in _code(book) if form.source(cell).strip()]
    unrun = [n for n, cell in filled if not cell["execution_count"]]
    return [f"cell {n} has never been run, so nobody compares its output; build it." for n in unrun]


def _long(target, book):
    lengths = [(number, len(form.source(cell).splitlines())) for number, cell in _code(book)]
    return [f"cell {n} has {lines} lines; {LONGEST} are enough." for n, lines in lengths if lines > LONGEST]


def _semicolons(target, book):
    silenced = [n for n, cell in _code(book) if form.source(cell).rstrip().endswith(";")]
    return [f"cell {n} ends in a semicolon, which nbval does not heed; assign the value." for n in silenced]


def _outputs(target, book):
    numbers = [n for n, cell in _code(book) if cell["outputs"] or cell["execution_count"]]
    return [f"cell {number} has been run; a worksheet is handed out untouched." for number in numbers]


def _invalid(target, book):
    return [f"cell {n} is no valid Python." for n, cell in _code(book) if not _valid(form.source(cell))]


def _leaks(target, book):
    """Solutions in any cell of a student's file, text cells too; strict, so that the proof is one."""
    key = target.source.read_text(encoding="utf-8")
    lines = [(number, _dense(line)) for number, cell in enumerate(book["cells"], 1) for line in _lines(cell)]
    telling = [s for s in solutions(key, target.source_name) if len(_dense(s.code)) >= TELLING]
    leaks = [(n, s) for s in telling for n, line in lines if _dense(s.code) in line]
    return [f"cell {n} holds the solution `{s.code}` ({target.source_name}:{s.line})." for n, s in leaks]


LOOKS = {
    LESSON: [_marked, _unrun, _semicolons, _long],
    KEY: [_unrun, _semicolons],
    WORKSHEET: [_outputs, _invalid, _leaks],
}


def _code(book):
    return [(number, cell) for number, cell in enumerate(book["cells"], 1) if cell["cell_type"] == "code"]


def _lines(cell):
    return form.source(cell).splitlines()


def _dense(text):
    return "".join(text.split())


def _valid(code):
    if code.startswith("%%"):
        return True
    try:
        ast.parse("\n".join("" if MAGIC.match(line) else line for line in code.splitlines()))
    except SyntaxError:
        return False
    return True


def _standings(readable):
    """Run worksheets and keys, and ask the examiner what became of each exercise."""
    asked = [target for target in readable if target.kind in EXPECTED]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(KERNELS) as pool:
        untouched = Path(scratch) / "exercises"
        untouched.mkdir()
        runs = pool.map(lambda t: _standing(t, environment(tempfile.mkdtemp(dir=scratch), untouched)), asked)
        return [problem for problems in runs for problem in problems]


def _standing(target, variables):
    book = target.book()
    book.cells.append(form.code_cell(ASK.format(lesson=target.stem.split("_")[0])))
    try:
        run(book, target.name, target.source.parents[1], variables)
    except BuildError as error:
        return [str(error)]
    told = json.loads(book.cells[-1].outputs[-1].text.splitlines()[-1])
    wanted = EXPECTED[target.kind]
    wrong = [(id, status, why) for id, status, why in told if status != wanted]
    return [f"{target.name}: {id} is {status}, not {wanted}: {why}" for id, status, why in wrong]
