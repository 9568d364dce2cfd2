"""The laws of the house: imports go down only, the numeric layer stays light, functions fit on a screen."""

import ast
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY = ROOT / "course_lib"
TIERS = (
    {"lessons", "problems", "optimizers", "schedules", "annealing", "second_order", "stability", "genomes", "run"}
    | {"trials"},
    {"showing", "records", "givens", "probes", "timeout", "calling", "wire", "comparing", "checking"}
    | {"exercises", "quizzes", "plots", "audit"},
    {"widgets", "learner", "grading", "release"},
    {"__main__"},
)
NUMERIC = TIERS[0]
FILES = sorted(path for path in LIBRARY.rglob("*.py"))


def module_of(path):
    """The part of the house that a file belongs to: "learner" for course_lib/learner/store.py."""
    parts = path.relative_to(LIBRARY).with_suffix("").parts
    return parts[0] if parts != ("__init__",) else ""


def tier_of(module):
    return next(i for i, tier in enumerate(TIERS) if module in tier)


def imports_of(path):
    """Top-level parts of the house and other packages that a file imports anywhere: (house, others)."""
    house, others = set(), set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for name in names_of(node, path):
            parts = name.split(".")
            house.update(parts[1:2]) if parts[0] == "course_lib" else others.add(parts[0])
    return house, others


def names_of(node, path):
    """The full names of the modules that an import statement loads."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
    base = ".".join([*package, *([node.module] if node.module else [])])
    return [f"course_lib.{alias.name}" for alias in node.names] if base == "course_lib" else [base]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(LIBRARY)))
def test_imports_go_down_only(path):
    """A file that imports from a higher tier ties the layers into a knot; one in no tier escapes the law."""
    module = module_of(path)
    if not module:
        return
    upward = {other for other in imports_of(path)[0] if tier_of(other) > tier_of(module)}
    assert not upward, f"{module} imports from above: {upward}"


def test_within_a_tier_no_circles():
    """Two parts of one tier that import each other can't be understood, or tested, one by one."""
    graph = {}
    for path in FILES:
        graph.setdefault(module_of(path), set()).update(imports_of(path)[0] - {module_of(path)})

    def reaches(start, goal, seen):
        return any(n == goal or (n not in seen and reaches(n, goal, seen | {n})) for n in graph.get(start, ()))

    circles = [module for module in graph if module and reaches(module, module, set())]
    assert not circles


def test_problems_and_optimizers_do_not_know_each_other():
    """An optimizer is given f; one that imports a problem could cheat, and could not be used on another."""
    for path in FILES:
        if module_of(path) in ("problems", "optimizers"):
            assert not imports_of(path)[0] & ({"problems", "optimizers"} - {module_of(path)}), path


@pytest.mark.parametrize("path", [p for p in FILES if module_of(p) in NUMERIC], ids=lambda p: p.stem)
def test_the_numeric_layer_needs_numpy_alone(path):
    """A heavy import here would be paid by every notebook and every graded submission."""
    loaded_at_the_top = {
        name.split(".")[0]
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for name in names_of(node, path)
    }
    assert loaded_at_the_top <= set(sys.stdlib_module_names) | {"numpy", "course_lib"}


def test_importing_the_library_loads_nothing_heavy():
    """`import course_lib` and its numeric layer cost no more than NumPy; matplotlib or SciPy would cost seconds."""
    code = "import course_lib.run, course_lib.problems, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"matplotlib", "scipy", "sklearn", "IPython", "ipywidgets", "nbformat", "pandas"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def function_lengths():
    """The number of code lines of each function of the library, docstring and blank lines not counted."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield body_lines(node), f"{path.name}:{node.name}"


def body_lines(function):
    """Lines of code in the body of a function, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return sum(statement.end_lineno - statement.lineno + 1 for statement in body)


def test_functions_fit_on_a_screen():
    """Long functions hold several ideas: half of ours have at most 6 lines, nine in ten fewer than 16, none over 40."""
    lengths = sorted(function_lengths())
    sizes = [size for size, _ in lengths]
    assert median(sizes) <= 6
    assert quantiles(sizes, n=10)[-1] < 16
    assert lengths[-1][0] <= 40, lengths[-1]


def test_grading_waits_for_no_figures_and_no_other_lesson():
    """matplotlib alone takes longer to import than ten submissions to grade; an exercise module is loaded on demand."""
    code = ("import sys; from course_lib import __main__, exercises; __main__.parser('grade'); "
            "exercises.of_lesson('05'); print(*sys.modules)")  # fmt: skip
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "course_lib.exercises.momentum" in output
    assert not {"matplotlib", "IPython", "course_lib.exercises.adam"} & set(output)
