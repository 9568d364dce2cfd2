"""Blank the solutions in a source: what a student is given is the key without what the markers mark.

`x = a + b  # SOLUTION` becomes `x = ...`; what stands between `# BEGIN SOLUTION` and `# END SOLUTION` becomes
one line of dots, which returns them where the region ends its function. So an untouched stub hands back
`Ellipsis`, and that is how the examiner knows that nobody has tried yet.
"""

import ast
import io
import re
import tokenize
from typing import NamedTuple

MARKERS = {"# SOLUTION": "line", "# BEGIN SOLUTION": "begin", "# END SOLUTION": "end"}
ALIKE = re.compile(r"#+\W*(begin|end|start|stop)?[\s_:-]*solutions?\W*$", re.IGNORECASE)
SHOUTED = re.compile(r"\bSOLUTIONS?\b")
HINT = "  # replace the dots"


class MarkerError(ValueError):
    """A marker that is unknown, unbalanced or in the wrong place; names the file and the line."""

    def __init__(self, name, line, message):
        super().__init__(f"{name}:{line}: {message}")


class Mark(NamedTuple):
    """One marker: its kind (line, begin or end), where it stands, and the code before it on its line."""

    kind: str
    line: int
    column: int
    code: str


class Region(NamedTuple):
    """Lines `first` to `last` (counted from 1, both included), and the text that takes their place."""

    first: int
    last: int
    stub: str


class Solution(NamedTuple):
    """A piece of code that no student file may hold, and the line of the source where it stands."""

    line: int
    code: str


def worksheet(text, name="source"):
    """The source `text` (percent format) with every marked solution blanked.

    Raises:
        MarkerError: a marker is unknown, unbalanced or misplaced, or the source is no valid Python.
    """
    lines = text.splitlines()
    for region in reversed(regions(text, name)):
        lines[region.first - 1 : region.last] = [region.stub]
    return "\n".join(lines) + "\n"


def solutions(text, name="source"):
    """What the markers mark, as a list of `Solution`: each line, and each right-hand side on its own."""
    comments = {token.start: token.string for token in _comments(text, name)}
    lines = [_uncommented(line, n, comments) for n, line in enumerate(text.splitlines(), 1)]
    found = []
    for region in regions(text, name):
        marked = range(region.first, region.last + 1)
        found += [Solution(n, lines[n - 1]) for n in marked if lines[n - 1]]
        if region.first == region.last:
            found.append(Solution(region.first, _right_hand_side(lines[region.first - 1])))
    return found


def regions(text, name="source"):
    """What the markers mark, from top to bottom, as a list of `Region`."""
    tree, found, opened = _parsed(text, name), [], None
    for mark in marks(text, name):
        if (mark.kind == "end") != (opened is not None):
            raise MarkerError(name, mark.line, _unbalanced(mark, opened))
        if mark.kind == "line":
            found.append(Region(mark.line, mark.line, _blank_line(mark, name)))
        elif mark.kind == "end":
            found.append(_blank_region(text, tree, opened, mark, name))
        opened = mark if mark.kind == "begin" else None
    if opened:
        raise MarkerError(name, opened.line, "this # BEGIN SOLUTION has no # END SOLUTION; add it.")
    return found


def marks(text, name="source"):
    """The markers in the code cells of a source, in order."""
    lines, code = text.splitlines(), _code_lines(text)
    found = []
    for token in _comments(text, name):
        (line, column), comment = token.start, token.string.rstrip()
        if line not in code:
            continue
        if comment in MARKERS:
            found.append(Mark(MARKERS[comment], line, column, lines[line - 1][:column].rstrip()))
        elif ALIKE.match(comment) or SHOUTED.search(comment):
            raise MarkerError(name, line, f"{comment!r} is no marker; write {', '.join(MARKERS)}.")
    return found


def _unbalanced(mark, opened):
    if mark.kind == "end":
        return "this # END SOLUTION has no # BEGIN SOLUTION; add it."
    return f"a marker inside the region that begins at line {opened.line}; end that region first."


def _comments(text, name):
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    try:
        return [token for token in tokens if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError) as error:
        raise MarkerError(name, _line_of(error), f"no valid Python ({error.args[0]}).") from None


def _parsed(text, name):
    try:
        return ast.parse(text)
    except SyntaxError as error:
        magic = "%" in (error.text or "")
        advice = "write magics as comments, `# %matplotlib inline`" if magic else "mend it"
        raise MarkerError(name, error.lineno, f"no valid Python ({error.msg}); {advice}.") from None


def _line_of(error):
    return error.lineno if isinstance(error, SyntaxError) else error.args[1][0]


def _code_lines(text):
    """The numbers of the lines in code cells: a heading `# # SOLUTION` in a text cell marks nothing."""
    inside, numbers = True, set()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# %%"):
            inside = not re.search(r"\[(markdown|md|raw)\]", line)
        elif inside:
            numbers.add(number)
    return numbers


def _uncommented(line, number, comments):
    starts = [column for (row, column) in comments if row == number]
    return (line[: starts[0]] if starts else line).strip()


def _blank_line(mark, name):
    """`x, v = expr` -> `x, v = ..., ...`; `return expr` -> `return ...`; `expr` -> `...`."""
    indent = mark.code[: len(mark.code) - len(mark.code.lstrip())]
    statement = _statement(mark.code.strip())
    if isinstance(statement, ast.Return):
        return f"{indent}return ..."
    if isinstance(statement, ast.Expr):
        return f"{indent}..."
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value:
        return f"{mark.code[: _equals(mark.code)]} {_dots(statement)}"
    why = "must follow a whole one-line `name = value`, `return value` or expression"
    raise MarkerError(name, mark.line, f"# SOLUTION {why}; put # BEGIN and # END SOLUTION around other code.")


def _statement(code):
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    return body[0] if len(body) == 1 else None


def _equals(code):
    """The column after the last `=` that assigns: the first one behind the last target."""
    bare = code.lstrip()
    statement = _statement(bare)
    target = statement.targets[-1] if isinstance(statement, ast.Assign) else statement.annotation
    end = len(bare.encode()[: target.end_col_offset].decode())  # ast counts bytes
    return len(code) - len(bare) + bare.index("=", end) + 1


def _dots(statement):
    target = statement.targets[-1] if isinstance(statement, ast.Assign) else statement.target
    names = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
    return ", ".join("..." for _ in names)


def _right_hand_side(code):
    statement = _statement(code)
    column = _equals(code) if isinstance(statement, (ast.Assign, ast.AnnAssign)) else 0
    return code[column:].removeprefix("return ").strip()


def _blank_region(text, tree, begin, end, name):
    inner = text.splitlines()[begin.line : end.line - 1]
    if begin.code or end.code:
        misplaced = begin if begin.code else end
        raise MarkerError(name, misplaced.line, "this marker must stand on a line of its own.")
    if begin.column != end.column:
        raise MarkerError(name, end.line, f"indent # END SOLUTION as its # BEGIN at line {begin.line}.")
    if any(line.startswith("# %%") for line in inner):
        raise MarkerError(name, begin.line, "a solution region must end in its cell; split it.")
    if not any(line.strip() for line in inner):
        raise MarkerError(name, begin.line, "an empty solution region; take the markers away or fill it.")
    stub = "return ..." if _ends_function(tree, begin.line, end.line) else "..."
    return Region(begin.line, end.line, " " * begin.column + stub + HINT)


def _ends_function(tree, first, last):
    """Is the region (lines first to last) the end of the innermost function around it?"""
    functions = (n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))
    around = [f for f in functions if f.lineno < first <= f.end_lineno]
    return bool(around) and max(around, key=lambda f: f.lineno).end_lineno <= last
