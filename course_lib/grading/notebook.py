"""Read a submission. Whatever the file holds, the answer is a `Submission`: its code cells, or why there are none.

Reading only looks at JSON: a student's Python is parsed where it runs, in the confined process (`python` below),
since a hostile text can bring down the parser too.
"""

import ast
import json
import re
import stat
from pathlib import Path
from typing import NamedTuple

LARGEST_FILE = 32_000_000  # bytes; pictures in the outputs are part of it
LARGEST_SOURCE = 1_000_000  # characters of code in all cells together
MOST_CELLS = 2_000
SPACED = str.maketrans({"(": " ( ", "=": " = ", ",": " ", ")": " "})  # so that a line falls into words
MOST = {b"{": 500_000, b"[": 500_000, b",": 5_000_000}  # of these a file holds; each costs memory to read


class Cell(NamedTuple):
    """A code cell: its number among all cells of the notebook, counted from 1, and its text."""

    number: int
    source: str


class Submission(NamedTuple):
    """The code cells of a notebook, or the reason why it cannot be read, as a sentence; "" when it can."""

    path: str
    cells: tuple = ()
    problem: str = ""
    missing: bool = False

    def defining(self, name):
        """The number of the last cell that defines or imports a name, or None; looks at the text alone."""
        return next((cell.number for cell in reversed(self.cells) if _defines(cell.source, name)), None)


def _defines(source, name):
    """Whether a line of a text begins to define a name; takes time in proportion to the text, whatever it holds."""
    for line in source.splitlines() if name in source else ():
        words = line.translate(SPACED).split()
        if words[:2] == ["def", name] or (words[:2] == [name, "="] and words[2:3] != ["="]):
            return True
        if words[:1] == ["from"] and "import" in words and name in words:
            return True
    return False


class Unreadable(Exception):
    """Why a file is no submission, as a sentence."""


def read(path):
    """The `Submission` in a file; never raises."""
    path = Path(path)
    try:
        return Submission(str(path), tuple(_cells(_book(_data(path)))))
    except Unreadable as reason:
        return Submission(str(path), problem=str(reason), missing=not path.exists())


def _data(path):
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Unreadable("It is no file: hand in a notebook.")
        if about.st_size > LARGEST_FILE:
            raise Unreadable(f"The file has {about.st_size / 1e6:.0f} MB: clear its outputs, and hand it in again.")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE)
    except FileNotFoundError:
        raise Unreadable("There is no such file.") from None
    except OSError as error:
        raise Unreadable(f"The file cannot be opened ({error.strerror}).") from None


def _book(data):
    if not data.strip():
        raise Unreadable("The file is empty: save the notebook, and hand it in again.")
    if any(data.count(mark) > most for mark, most in MOST.items()):
        raise Unreadable("The file has too many parts for a notebook: clear its outputs, and hand it in again.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("The file is not UTF-8 text: save the notebook in Jupyter, and hand it in again.") from None
    except RecursionError:
        raise Unreadable("The file is nested too deeply to be a notebook.") from None
    except (ValueError, MemoryError):
        raise Unreadable("The file is not a notebook (no valid JSON): it may have been cut short.") from None


def _cells(book):
    """The code cells of a parsed notebook, of format 4, or of format 3 with its sheets."""
    cells = book.get("cells") if isinstance(book, dict) else None
    if cells is None and isinstance(book, dict):
        sheets = book.get("worksheets")
        cells = sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else None
    if not isinstance(cells, list):
        raise Unreadable("The file is not a notebook: it has no list of cells.")
    found = [Cell(n, _source(cell)) for n, cell in enumerate(cells, 1) if _is_code(cell)]
    found = [cell for cell in found if cell.source.strip()]
    if not found:
        raise Unreadable("The notebook has no code cell.")
    if len(found) > MOST_CELLS or sum(len(cell.source) for cell in found) > LARGEST_SOURCE:
        raise Unreadable(f"The notebook has more than {MOST_CELLS} code cells, or more than a million characters.")
    return found


def _is_code(cell):
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _source(cell):
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source.encode("utf-8", "replace").decode() if isinstance(source, str) else ""


# ---------------------------------------------------------------------------------------- cells as plain Python

TIMED = re.compile(r"^(\s*)%%?(?:time|capture)\b[^\n]*$")
STATEMENT_TIMED = re.compile(r"^(\s*)%time[ \t]+(\S.*)$")
ASSIGNED = re.compile(r"^(\s*[\w.,\[\] ]+?=\s*)[%!].*$")
SPECIAL = re.compile(r"^(\s*)(?:[%!?].*|[\w.*]+\?{1,2}\s*)$")


def python(source):
    """The text of a cell without what is IPython and not Python; lines keep their numbers.

    Valid Python is left as it is. ``%%time`` and ``%time`` leave what they time; other magics, shell lines and
    questions become ``pass`` (or None where their result is assigned), cells in other languages are emptied.
    """
    if _parses(source):
        return source
    lines = source.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].lstrip().startswith("%%"):
        if not TIMED.match(lines[first]):
            return ""
        lines[first] = ""
    return "\n".join(map(_plain_line, lines))


def _plain_line(line):
    if timed := STATEMENT_TIMED.match(line):
        return timed[1] + timed[2]
    if assigned := ASSIGNED.match(line):
        return assigned[1] + "None"
    special = SPECIAL.match(line)
    return special[1] + "pass" if special else line


def _parses(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


# --------------------------------------------------------------------------------------------- definitions alone

DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def definitions(path):
    """The imports, functions, classes and constants of a notebook as one module source, and nothing that acts.

    For a notebook whose functions were found right elsewhere. Cells that are no valid Python are left out; a file
    that cannot be read gives "".
    """
    found = (ast.unparse(defining_part(cell.source)) for cell in read(path).cells if _parses(python(cell.source)))
    return "".join(f"{text}\n" for text in found if text)


def defining_part(source):
    """The syntax tree of a cell with its imports, functions, classes and constants only (raises SyntaxError)."""
    tree = ast.parse(python(source))
    tree.body = [node for node in tree.body if isinstance(node, DEFINING) or _is_constant(node)]
    return tree


def _is_constant(node):
    """``name = 0.5``, ``names = (1, 2)``, ``square = lambda x: x * x``."""
    if not isinstance(node, ast.Assign) or not all(isinstance(target, ast.Name) for target in node.targets):
        return False
    try:
        return isinstance(node.value, ast.Lambda) or ast.literal_eval(node.value) is not ...
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
