"""What a mark depends on, as hashes: the same key means the same mark, so nothing need be run again.

An exercise is known by the text of its declaration and of all it uses in its module, hints, titles and right styles
left out; and by the files that examine, call and compare. So a hint can be mended without grading anew, and a changed
case, reference, tolerance or mistake cannot go unnoticed.
"""

import ast
import hashlib
import sys
from functools import cache
from pathlib import Path

from course_lib.grading.kept import kept

COURSE = Path(__file__).parents[1]
EXAMINING = ("checking.py", "comparing.py", "calling.py", "givens.py", "probes.py", "records.py", "timeout.py",
             "wire.py", "exercises/declare.py", "grading/notebook.py", "grading/grade.py", "grading/examination.py",
             "grading/second.py", "grading/reuse.py", "grading/memoryless.py", "grading/child.py",
             "grading/standins.py")  # fmt: skip
NO_MATTER = {"title", "hints", "section", "starred"}  # entries of a declaration that move no point


def digest(*parts):
    """A hash of texts and bytes, which no other division into parts has."""
    made = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        made.update(b"%d:" % len(data) + data)
    return made.hexdigest()


def of_file(path):
    """The hash of a file; "" when there is none, or it cannot be read."""
    made = hashlib.sha256()
    try:
        if not Path(path).is_file():
            return ""
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                made.update(block)
    except OSError:
        return ""
    return made.hexdigest()


def key(content, definition, secret, student):
    """What the mark of a submission for an exercise depends on."""
    return digest(content, definition, secret, student)


@cache
def course():
    """The version of what examines, for all exercises."""
    files = sorted([*map(COURSE.joinpath, EXAMINING), *COURSE.glob("problems/**/*.py")])
    return digest(*(path.read_bytes() for path in files if path.exists()))[:16]


@cache
def whole():
    """The hash of every file of the course."""
    return digest(*(path.read_bytes() for path in sorted(COURSE.rglob("*.py"))))


@cache
def definition(id):
    """The hash of all that decides what an answer to an exercise is worth."""
    from course_lib import exercises

    exercise = exercises.get(id)
    module = sys.modules[exercise.reference.__module__]
    key = digest(whole(), Path(module.__file__).read_bytes())
    return kept(f"definition-{id}", key, lambda: digest(course(), *source(module.__name__).text_of(exercise.name)))


@cache
def source(module):
    """The `Source` of a module by its name."""
    return Source(Path(sys.modules[module].__file__).read_text(encoding="utf-8"))


class Source:
    """The text of a module, taken apart into what stands at its top.

    Attributes:
        lines: the text.
        nodes: the statements.
        defining: ``{name: [positions of the statements that bind it]}``.
    """

    def __init__(self, text):
        self.lines, self.nodes = text.splitlines(), ast.parse(text).body
        self.defining = {}
        for position, node in enumerate(self.nodes):
            for name in bound(node):
                self.defining.setdefault(name, []).append(position)

    def text_of(self, name):
        """The text of a declaration, of its zoo, and of all that these use, statement by statement."""
        wanted = {*self.defining.get(name, ()), *(i for i, node in enumerate(self.nodes) if is_mistake(node, name))}
        ready = set()
        while new := wanted - ready:
            ready |= new
            for position in new:
                for used in self.names(position):
                    wanted.update(self.defining.get(used, ()))
        for position in sorted(ready):
            yield getattr(self.nodes[position], "name", "")
            yield from (self.slice(part) for part in telling(self.nodes[position]))
            yield from imported(self.nodes[position])

    @cache  # noqa: B019 (a source lives as long as the process)
    def names(self, position):
        """All names that a statement mentions."""
        parts = (part for top in telling(self.nodes[position]) for part in ast.walk(top))
        return {part.id for part in parts if isinstance(part, ast.Name)}

    def slice(self, node):
        """The text of a node."""
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        if len(lines) == 1:
            return lines[0].encode()[node.col_offset : node.end_col_offset]
        last = lines[-1].encode()[: node.end_col_offset]
        return b"\n".join([lines[0].encode()[node.col_offset :], *map(str.encode, lines[1:-1]), last])


def bound(node):
    """The names that a statement binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).partition(".")[0] for alias in node.names]
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]


def is_mistake(node, name):
    """Whether a statement declares a mistake of the exercise ``name``: ``@name.mistake(...)``."""
    calls = [made.func for made in getattr(node, "decorator_list", ()) if isinstance(made, ast.Call)]
    return any(isinstance(f, ast.Attribute) and f.attr == "mistake" and getattr(f.value, "id", "") == name
               for f in calls)  # fmt: skip


def telling(node):
    """The parts of a statement that can move a point: no docstring, no titles and hints of a declaration."""
    if not isinstance(node, ast.FunctionDef):
        return [node]
    given = node.args
    parts = [*given.posonlyargs, *given.args, *given.kwonlyargs, *given.defaults, *filter(None, given.kw_defaults)]
    for made in node.decorator_list:
        words = made.keywords if isinstance(made, ast.Call) else []
        parts += [made.func, *made.args] if isinstance(made, ast.Call) else [made]
        parts += [word for word in words if word.arg not in NO_MATTER]
    return [*parts, *(node.body[1:] if ast.get_docstring(node) else node.body)]


def imported(node):
    """The text of the modules of the course that an import statement names, beside those of `EXAMINING`."""
    if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("course_lib"):
        return
    for name in [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]:
        path = COURSE.parent.joinpath(*name.split(".")).with_suffix(".py")
        if path.exists() and not path.is_relative_to(COURSE / "problems"):
            yield path.read_text(encoding="utf-8")
