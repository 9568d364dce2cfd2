"""Sources -> notebooks: markers, repeatable builds, pairing with the sources, and every complaint of the check."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib import release
from course_lib.release import BuildError, MarkerError, form, outputs, worksheet
from course_lib.release.markers import solutions

ROOT = Path(__file__).parents[1]

LESSON = '''\
# %% [markdown]
# # A sample

# %% slideshow={"slide_type": "slide"}
# %matplotlib inline
import matplotlib.pyplot as plt
from IPython.display import HTML, display
from ipywidgets import FloatSlider

# %%
fig, ax = plt.subplots(figsize=(2, 1))
line = ax.plot([1, 3, 2])

# %%
for word in ("stepping", "südwärts"):
    print(word)
display(HTML("<b>bold</b>"))

# %%
FloatSlider(value=0.5)
'''

KEY = '''\
# %% [markdown]
# # A sample worksheet

# %% [markdown] tags=["key"]
# People often write `total = x + x + x - x` and are right.

# %% [markdown] tags=["worksheet"]
# Hand this file in.

# %%
from course_lib.calling import Case
from course_lib.exercises.declare import exercise


def cases(rng):
    return [Case({"x": 3.0}, "three"), Case({"x": -0.5}, "minus a half")]


hints = ("Think.", "Add.", "Add it to itself.")


@exercise("sample.double", lesson="99", title="Double", cases=cases, hints=hints)
def double(x):
    """Twice x."""
    return 2 * x


@exercise("sample.triple", lesson="99", title="Triple", cases=cases, hints=hints)
def triple(x):
    """Three times x."""
    return 3 * x


# %%
def double(x):
    """Twice x."""
    total = x + x + x - x  # SOLUTION
    return total


# %%
def triple(x):
    """Three times x."""
    # BEGIN SOLUTION
    tripled = 0.0
    for _ in range(3):
        tripled = tripled + x
    return tripled
    # END SOLUTION


# %%
answers = double(2), triple(2)
'''


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit(path, change):
    """Change a notebook file the way `change(cells)` says."""
    book = json.loads(path.read_text(encoding="utf-8"))
    change(book["cells"])
    path.write_text(json.dumps(book), encoding="utf-8")


def snapshot(root):
    return {path.relative_to(root): path.read_bytes() for path in sorted(root.rglob("*.ipynb"))}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A course of one lesson, built; nobody changes it."""
    root = tmp_path_factory.mktemp("built course")
    write(root / "notebooks/src/99_sample.py", LESSON)
    write(root / "solutions/src/99_sample.py", KEY)
    release.build(root, progress=lambda line: None)
    return root


@pytest.fixture
def course(built, tmp_path):
    """A copy of the built course, to spoil."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


# --------------------------------------------------------------------------------------------------- markers


@pytest.mark.parametrize(
    ("key", "given"),
    [
        ("x = a + b  # SOLUTION", "x = ..."),
        ("x, v = f(a=1), {2: 3}  # SOLUTION", "x, v = ..., ..."),
        ("x = y = a  # SOLUTION", "x = y = ..."),
        ("x: float = a == b  # SOLUTION", "x: float = ..."),
        ("x = lambda a=1, b='=': a == b  # SOLUTION", "x = ..."),
        ("(xü, v) = f(a=1)  # SOLUTION", "(xü, v) = ..., ..."),
        ("s[a == b] = 'ü = 1'  # SOLUTION", "s[a == b] = ..."),
        ("def f(x):\n    return x  # SOLUTION", "def f(x):\n    return ..."),
        ("f(x)  # SOLUTION", "..."),
        ("s = '# SOLUTION'", "s = '# SOLUTION'"),
        ("# %% [markdown]\n# # SOLUTION", "# %% [markdown]\n# # SOLUTION"),
    ],
)
def test_a_marked_line_loses_its_right_hand_side(key, given):
    """Broken: a student sees a solution, or loses code that was given."""
    assert worksheet(key) == given + "\n"


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("def f(x):\n    # BEGIN SOLUTION\n    y = x\n    return y\n    # END SOLUTION", ...),
        ("def f(x):\n    for _ in x:\n        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION", ...),
        ("def f(x):\n    y = 1\n    # BEGIN SOLUTION\n    y = 2\n    # END SOLUTION\n    return y", 1),
        (
            "def f(x):\n    def g():\n        # BEGIN SOLUTION\n        return 2\n        # END SOLUTION\n"
            "    return g()",
            ...,
        ),
        ("def f(x):\n    y, z = x, x  # SOLUTION\n    return y", ...),
    ],
)
def test_an_untouched_stub_runs_and_returns_the_dots(key, answer):
    """Broken: an untouched stub crashes or returns None, and counts as a wrong attempt."""
    space = {}
    exec(worksheet(key), space)
    assert space["f"]([5]) == answer


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = 2  # SOLUTIONS", 2),
        ("#BEGIN SOLUTION\nx = 1\n# END SOLUTION", 1),
        ("# BEGIN SOLUTION\nx = 1\n### END SOLUTION", 3),
        ("x = 1  # solution", 1),
        ("x = 1  # SOLUTION: one", 1),
        ("x = 1\n# BEGIN SOLUTION\ny = 1", 2),
        ("x = 1\n# END SOLUTION", 2),
        ("# BEGIN SOLUTION\n# BEGIN SOLUTION\nx = 1\n# END SOLUTION", 2),
        ("# BEGIN SOLUTION\nx = 1  # SOLUTION\n# END SOLUTION", 2),
        ("# BEGIN SOLUTION\n# END SOLUTION", 1),
        ("# BEGIN SOLUTION\nx = 1\n\n# %%\ny = 1\n# END SOLUTION", 1),
        ("if 1:\n    # BEGIN SOLUTION\n    x = 1\n# END SOLUTION", 4),
        ("x = 1  # BEGIN SOLUTION\ny = 1\n# END SOLUTION", 1),
        ("for x in 'a':  # SOLUTION\n    y = 1", 1),
        ("x += 1  # SOLUTION", 1),
        ("x = (\n    1\n)  # SOLUTION", 3),
        ("x = 1; y = 2  # SOLUTION", 1),
        ("x = 1\ny = (", 2),
        ("x = 1\n%matplotlib inline", 2),
    ],
)
def test_a_bad_marker_is_an_error_that_names_file_and_line(source, line):
    """Broken: a mistyped marker hands out a solution, or nobody finds where it stands."""
    with pytest.raises(MarkerError, match=rf"^solutions/src/05\.py:{line}: .+\.$"):
        worksheet(source, "solutions/src/05.py")


def test_solutions_lists_marked_lines_and_right_hand_sides():
    """Broken: the search for leaks looks for the wrong text."""
    text = "x = a + b  # SOLUTION\n# BEGIN SOLUTION\ny = 1  # why\n\n# END SOLUTION\n"
    assert [(s.line, s.code) for s in solutions(text)] == [(1, "x = a + b"), (1, "a + b"), (3, "y = 1")]


# ----------------------------------------------------------------------------------------------------- build


def test_the_worksheet_has_stubs_and_no_key_cells(built):
    """Broken: solutions, or the reasons for them, reach the students."""
    cells = form.load(built / "exercises/99_sample.ipynb")["cells"]
    text = "\n".join(map(form.source, cells))
    assert "    total = ...\n    return total" in text
    assert '    """Three times x."""\n    return ...' in text
    assert "Hand this file in." in text
    assert "People often" not in text
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_the_key_keeps_its_markers_and_reasons_and_is_executed(built):
    """Broken: a lecturer who edits the key in JupyterLab would lose the markers, hence hand out solutions."""
    cells = form.load(built / "solutions/99_sample.ipynb")["cells"]
    text = "\n".join(map(form.source, cells))
    assert "total = x + x + x - x  # SOLUTION" in text
    assert "# BEGIN SOLUTION" in text
    assert "People often" in text
    assert "Hand this file in." not in text
    assert [c["execution_count"] for c in cells if c["cell_type"] == "code"] == [1, 2, 3, 4]


def test_the_lesson_is_executed_and_static(built):
    """Broken: a page shows no output, or one that depends on the machine that built it."""
    book = form.load(built / "notebooks/99_sample.ipynb")
    *_, setup, figure, words, slider = book["cells"]
    assert form.source(setup).startswith("%matplotlib inline\n")
    assert setup["metadata"] == {"slideshow": {"slide_type": "slide"}}
    assert list(figure["outputs"][0]["data"]) == ["image/png", "text/plain"]
    assert "".join(words["outputs"][0]["text"]) == "stepping\nsüdwärts\n"
    assert list(slider["outputs"][0]["data"]) == ["text/plain"]  # a model that is gone would hide the text
    assert book["metadata"] == form.METADATA


def test_notebooks_have_valid_form_and_plain_layout(built):
    """Broken: an editor rewrites the file when it opens it, or refuses it."""
    import nbformat

    for path in built.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        book = nbformat.reads(text, as_version=4)
        nbformat.validate(book)
        assert text == nbformat.writes(book) + "\n"
        assert "\\u00" not in text


def test_two_builds_are_equal_to_the_last_byte(course):
    """Broken: each build makes a diff that nobody can review."""
    first = snapshot(course)
    lines = []
    release.build(course, progress=lines.append)
    assert snapshot(course) == first
    assert len(lines) == 3
    assert all(line.endswith(" s") for line in lines)


def test_ids_depend_on_the_cell_alone():
    """Broken: one new cell changes the ids of all cells after it, or two cells share an id."""
    before, after = form.ids("05", ["a", "b", "a"]), form.ids("05", ["new", "a", "b", "a"])
    assert after[1:] == before
    assert len(set(after)) == 4
    assert form.ids("06", ["a"]) != form.ids("05", ["a"])


def test_a_built_notebook_is_as_old_as_its_source(built):
    """Broken: JupyterLab takes the notebook for newer than its source and refuses to open it."""
    for kind in ("notebooks", "solutions"):
        source, book = built / kind / "src/99_sample.py", built / kind / "99_sample.ipynb"
        assert source.stat().st_mtime == pytest.approx(book.stat().st_mtime, abs=1e-3)


def test_build_picks_stems_by_name_or_number(course):
    """Broken: a lecturer who changed one lesson builds all thirteen."""
    write(course / "notebooks/src/98_other.py", "# %%\n1 + 1\n")
    lines = []
    release.build(course, ["98"], execute=False, progress=lines.append)
    release.build(course, ["98_other"], execute=False, progress=lines.append)
    assert [line.split()[0] for line in lines] == ["notebooks/98_other.ipynb"] * 2
    with pytest.raises(ValueError, match="no source for '97'; there are 98_other, 99_sample"):
        release.build(course, ["97"])


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("def f():\n    return 1 / 0\n\n\nf()", r"cell 2 fails:\n    def f.*\| ZeroDivisionError: division"),
        ("import os\n\nos._exit(3)", "cell 2 kills its kernel:\n    import os"),
        ("object()", "cell 2 prints the address of an object"),
        ("import sys\n\nprint(1, file=sys.stderr)", "cell 2 writes to stderr"),
    ],
)
def test_a_cell_that_must_not_pass_is_named_and_nothing_is_written(tmp_path, cell, message):
    """Broken: a failing lesson is half written, or nobody sees which cell it was."""
    write(tmp_path / "notebooks/src/98_bad.py", f"# %%\nx = 1\n\n# %%\n{cell}\n")
    with pytest.raises(BuildError, match=r"(?s)notebooks/98_bad\.ipynb: " + message):
        release.build(tmp_path, progress=lambda line: None)
    assert not list(tmp_path.rglob("*.ipynb"))
    assert not list(tmp_path.rglob("*.half"))


def test_an_endless_cell_is_named(tmp_path):
    """Broken: an endless loop in a lesson hangs the build forever."""
    from course_lib.release.execution import environment, run

    book = form.notebook("# %%\nwhile True:\n    pass\n", "98")
    with pytest.raises(BuildError, match="sample: cell 1 takes longer than 1 seconds:\n    while True:"):
        run(book, "sample", tmp_path, environment(tmp_path, tmp_path), seconds=1)


def test_all_bad_sources_are_named_at_once(tmp_path):
    """Broken: a lecturer mends one marker a build."""
    write(tmp_path / "solutions/src/98_a.py", "# %%\nx = 1  # SOLUTIONS\n")
    write(tmp_path / "solutions/src/99_b.py", "# %%\n# END SOLUTION\n")
    with pytest.raises(BuildError, match=r"98_a\.py:2: .*\nsolutions/src/99_b\.py:2: "):
        release.build(tmp_path)


def test_a_notebook_runs_as_a_fresh_learner_in_its_own_folder(tmp_path, monkeypatch):
    """Broken: the progress or the answers of the person who builds show up in everybody's lessons."""
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path / "mine"))
    monkeypatch.setenv("COURSE_LIB_WORKSHEETS", str(tmp_path / "exercises"))
    look = (
        "# %%\nimport os\nfrom pathlib import Path\n\nprint(Path.cwd().name)\n"
        "print(os.listdir(os.environ['COURSE_LIB_DATA']) in ([], ['ipython']))\n"
        "print('x = ...' in Path(os.environ['COURSE_LIB_WORKSHEETS'], '99_b.ipynb').read_text())\n"
    )
    write(tmp_path / "notebooks/src/99_b.py", look)
    write(tmp_path / "solutions/src/99_b.py", "# %%\nx = 1  # SOLUTION\n")
    release.build(tmp_path, progress=lambda line: None)
    replace(tmp_path / "exercises/99_b.ipynb", "x = ...", "x = 7")
    release.build(tmp_path, ["99"], force=True, progress=lambda line: None)
    (cell,) = form.load(tmp_path / "notebooks/99_b.ipynb")["cells"]
    assert "".join(cell["outputs"][0]["text"]) == "notebooks\nTrue\nTrue\n"


@pytest.mark.parametrize("work", ["answer", "run", "new cell"])
def test_a_worksheet_that_somebody_worked_in_is_spared(course, work):
    """Broken: `build` deletes a learner's answers."""
    path = course / "exercises/99_sample.ipynb"
    change = {
        "answer": lambda cells: cells[3].update(source="def double(x):\n    return x + x"),
        "run": lambda cells: cells[3].update(execution_count=1),
        "new cell": lambda cells: cells.append({**cells[3], "id": "abc"}),
    }
    edit(path, change[work])
    worked = path.read_bytes()
    with pytest.raises(BuildError, match=r"exercises/99_sample\.ipynb: somebody has worked in it"):
        release.build(course, execute=False)
    assert path.read_bytes() == worked
    release.build(course, execute=False, force=True, progress=lambda line: None)
    assert path.read_bytes() != worked


# --------------------------------------------------------------------------------------------------- outputs


def test_pictures_lose_their_program_and_date_and_nothing_else():
    """Broken: each version of Matplotlib changes every picture file, or a picture is damaged."""
    import io

    import matplotlib.pyplot as plt
    import numpy as np

    fig = plt.figure(figsize=(1, 1))
    file = io.BytesIO()
    fig.savefig(file, metadata={"Software": "secret", "Creation Time": "today"})
    plt.close(fig)
    bare = outputs.bare_png(file.getvalue())
    assert b"secret" in file.getvalue()
    assert b"secret" not in bare
    assert b"today" not in bare
    assert np.array_equal(plt.imread(io.BytesIO(bare)), plt.imread(io.BytesIO(file.getvalue())))
    with pytest.raises(ValueError, match="no PNG"):
        outputs.bare_png(b"GIF89a")


# --------------------------------------------------------------------------------------------------- pairing


def contents_manager(root):
    """The contents manager of JupyterLab with jupytext's pairing, at the folder where the server starts."""
    from jupyter_server.services.contents.largefilemanager import LargeFileManager
    from jupytext.sync_contentsmanager import build_sync_jupytext_contents_manager_class

    manager = build_sync_jupytext_contents_manager_class(LargeFileManager)()
    manager.root_dir = str(root)
    return manager


@pytest.fixture
def paired(course):
    shutil.copy(ROOT / "jupytext.toml", course)
    return course


@pytest.mark.parametrize("kind", ["notebooks", "solutions"])
def test_saving_in_jupyterlab_without_a_change_keeps_the_source(paired, kind):
    """Broken: opening a lesson and saving it rewrites its source."""
    source = paired / f"{kind}/src/99_sample.py"
    before, manager = source.read_text(encoding="utf-8"), contents_manager(paired)
    model = manager.get(f"{kind}/99_sample.ipynb")
    manager.save(model, f"{kind}/99_sample.ipynb")
    assert source.read_text(encoding="utf-8") == before
    assert [p for p in release.check(paired, execute=False) if kind in p] == []


def test_an_edit_in_jupyterlab_reaches_the_source_and_passes_the_check(paired):
    """Broken: a lecturer's edit is lost by the next build, or the check refuses what JupyterLab adds."""
    manager = contents_manager(paired)
    model = manager.get("notebooks/99_sample.ipynb")
    model["content"]["cells"][2]["source"] += "\nprint(len(line))"
    model["content"]["metadata"]["language_info"]["version"] = "3.99"
    manager.save(model, "notebooks/99_sample.ipynb")
    assert "\nprint(len(line))\n" in (paired / "notebooks/src/99_sample.py").read_text(encoding="utf-8")
    assert release.check(paired, execute=False) == []


def test_an_edit_of_the_source_shows_in_jupyterlab_after_a_build(paired):
    """Broken: JupyterLab shows yesterday's lesson, or refuses to open it as out of date."""
    source = paired / "notebooks/src/99_sample.py"
    replace(source, "# # A sample", "# # A better sample")
    release.build(paired, execute=False, progress=lambda line: None)
    old = source.stat().st_mtime - 1000
    os.utime(source, (old, old))  # as after a download that wrote the notebooks last
    model = contents_manager(paired).get("notebooks/99_sample.ipynb")
    assert model["content"]["cells"][0]["source"] == "# A better sample"


def test_worksheets_are_paired_with_nothing(paired):
    """Broken: a learner's save scatters files about, or overwrites the key."""
    before = {path for path in paired.rglob("*") if ".ipynb_checkpoints" not in path.parts}
    manager = contents_manager(paired)
    manager.save(manager.get("exercises/99_sample.ipynb"), "exercises/99_sample.ipynb")
    assert {path for path in paired.rglob("*") if ".ipynb_checkpoints" not in path.parts} == before


# ----------------------------------------------------------------------------------------------------- check


def test_a_built_course_has_no_problems(built):
    """Broken: the check cries wolf."""
    assert release.check(built) == []


def test_the_check_changes_nothing(course):
    """Broken: looking at a course damages it."""
    edit(course / "notebooks/99_sample.ipynb", lambda cells: cells[0].update(source="# Another title"))
    before = snapshot(course)
    release.check(course)  # with kernels: they must not write either
    assert snapshot(course) == before


SPOILT_KEYS = {
    "90_unknown_marker": "# %%\nx = 1  # SOLUTIONS\n",
    "91_unbalanced": "# %%\nx = 1\n# END SOLUTION\n",
    "93_stub_crashes": "# %%\nx = 1  # SOLUTION\ny = x + 1\n",
    "94_crashes": "# %%\nx = 1 / 0\n",
}
LEAKY = """\
# %% [markdown]
# Use `total = (x+2*x + 3*x)/6`.

# %%
x = 1
total = (x + 2 * x + 3 * x) / 6  # SOLUTION

# %%
y = 1

# %%
z = 1
"""
PROBLEMS = [
    "solutions/src/90_unknown_marker.py:2: '# SOLUTIONS' is no marker",
    "solutions/src/91_unbalanced.py:3: this # END SOLUTION has no # BEGIN",
    "exercises/93_stub_crashes.ipynb: cell 1 fails:\n    x = ...\n    y = x + 1\n",
    "solutions/94_crashes.ipynb: cell 1 fails:\n    x = 1 / 0\n",
    "notebooks/80_unbuilt.ipynb: not built from notebooks/src/80_unbuilt.py yet",
    "notebooks/81_orphan.ipynb: there is no source for it",
    "exercises/81_orphan.ipynb: there is no source for it",
    "notebooks/82_damaged.ipynb: no notebook",
    "notebooks/83_edited.ipynb: cell 2 differs from notebooks/src/83_edited.py",
    "notebooks/84_unrun.ipynb: line 2 of notebooks/src/84_unrun.py marks a solution",
    "notebooks/84_unrun.ipynb: cell 1 has never been run",
    "notebooks/85_long.ipynb: cell 1 has 26 lines",
    "notebooks/86_semicolon.ipynb: cell 1 ends in a semicolon",
    "exercises/87_spoilt.ipynb: cell 2 differs from solutions/src/87_spoilt.py",
    "exercises/87_spoilt.ipynb: cell 1 holds the solution `total = (x + 2 * x + 3 * x) / 6` (solutions/src/87_",
    "exercises/87_spoilt.ipynb: cell 2 is no valid Python",
    "exercises/87_spoilt.ipynb: cell 3 has been run",
    "exercises/87_spoilt.ipynb: cell 4 holds the solution `(x + 2 * x + 3 * x) / 6` (solutions/src/87_spoilt.py:6)",
    "exercises/99_sample.ipynb: sample.double is right, not not attempted",
    "solutions/99_sample.ipynb: sample.triple is wrong, not right",
]


def spoil(cells):
    cells[1].update(source="x = (1")
    cells[2].update(execution_count=1)
    cells[3].update(source="z = (x+2*x+3*x)/6")


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """What the check says of a course with every fault that it knows; looked at once, since it runs kernels."""
    root = tmp_path_factory.mktemp("spoilt")
    lesson = "# %%\nx = 1\n\n# %%\ny = 1\n"
    for stem in ("82_damaged", "83_edited"):
        write(root / f"notebooks/src/{stem}.py", lesson)
    write(root / "notebooks/src/85_long.py", "# %%\n" + "x = 1\n" * 26)
    write(root / "notebooks/src/86_semicolon.py", "# %%\n1 + 1;\n")
    write(root / "solutions/src/87_spoilt.py", LEAKY)
    write(root / "notebooks/src/84_unrun.py", "# %%\nx = 1  # SOLUTION\n")
    release.build(root, execute=False, progress=lambda line: None)
    write(root / "notebooks/src/80_unbuilt.py", lesson)
    for kind in ("notebooks", "exercises"):
        shutil.copy(root / "notebooks/84_unrun.ipynb", root / kind / "81_orphan.ipynb")
    write(root / "notebooks/82_damaged.ipynb", '{"cells": [')
    edit(root / "notebooks/83_edited.ipynb", lambda cells: cells[1].update(source="y = 2"))
    edit(root / "exercises/87_spoilt.ipynb", spoil)
    for stem, key in SPOILT_KEYS.items():
        write(root / f"solutions/src/{stem}.py", key)
        if stem >= "93":
            release.build(root, [stem], execute=False, progress=lambda line: None)
    key = KEY.replace("x + x + x - x  # SOLUTION", "x + x").replace("range(3)", "range(4)")
    write(root / "solutions/src/99_sample.py", key)
    return release.check(root)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_check_finds(problems, problem):
    """Broken: this fault reaches the students."""
    assert [found for found in problems if found.startswith(problem)]


def test_the_check_reports_each_fault_once(problems):
    """Broken: one fault drowns the others."""
    assert len(problems) == len(set(problems))


def test_a_worksheet_without_one_of_its_exercises_is_a_problem(course):
    """Broken: an exercise of the lesson is declared, but nobody can answer it."""
    source = course / "solutions/src/99_sample.py"
    source.write_text(source.read_text(encoding="utf-8") + "\n# %%\ndel triple\n", encoding="utf-8")
    found = "\n".join(release.check(course))
    assert "exercises/99_sample.ipynb: sample.triple is missing, not not attempted" in found
    assert "solutions/99_sample.ipynb: sample.triple is missing, not right" in found


def test_the_command_line_builds_and_checks(course, capsys):
    """Broken: `python -m course_lib build` does nothing, or CI sees exit code 0 for a broken course."""
    from course_lib.__main__ import main

    assert main(["build", "--root", str(course), "--check"]) == 0
    replace(course / "solutions/src/99_sample.py", "# END SOLUTION", "# END SOLUTIONS")
    assert main(["build", "--root", str(course), "--check", "99"]) == 1
    assert main(["build", "--root", str(course), "99"]) == 1
    assert main(["build", "--root", str(course), "97"]) == 2
    said = capsys.readouterr()
    assert said.out.startswith("All notebooks agree")
    assert "99_sample.py:49: '# END SOLUTIONS' is no marker" in said.out
    assert "There is no source for '97'" in said.err


# ----------------------------------------------------------------------------------------------------- nbval


NBVAL = ["-q", "-p", "no:cacheprovider", "--nbval", f"--nbval-sanitize-with={ROOT}/tests/nbval_sanitize.cfg"]


def test_a_built_lesson_passes_nbval_and_a_changed_output_does_not(course):
    """Broken: what the build strips makes nbval fail, or nbval compares nothing."""
    shutil.copy(ROOT / "conftest.py", course)
    changed = course / "notebooks/98_changed.ipynb"
    shutil.copy(course / "notebooks/99_sample.ipynb", changed)
    edit(changed, lambda cells: cells[3]["outputs"][0].update(text="standing\nsüdwärts\n"))
    command = [sys.executable, "-m", "pytest", *NBVAL, "notebooks"]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, timeout=200)
    assert "1 failed, 7 passed" in done.stdout, done.stdout
    assert "FAILED notebooks/98_changed.ipynb::Cell 2" in done.stdout


def test_importing_release_is_cheap():
    """Broken: every command line call pays two seconds for tools that only `build` needs."""
    code = "import sys, course_lib.release; print(sorted({'jupytext', 'nbformat', 'nbclient'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ast.literal_eval(done.stdout) == []
