"""What students get: complete, without what is not theirs, the same bytes twice; and the way back to full marks."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from demo_submissions import solved

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.learner import turns
from course_lib.lessons import LESSONS
from course_lib.release import bundle, form, nbgrader
from course_lib.release.packing import packed
from course_lib.release.sources import LESSON, WORKSHEET, targets

ROOT = Path(__file__).parents[1]
STEM = "05_momentum"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course in which lessons 00 and 05 are what their sources say, without outputs."""
    root = tmp_path_factory.mktemp("course")
    for name in ("course_lib", "solutions/src", "notebooks/src"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in bundle.PLAIN:
        shutil.copy(ROOT / name, root)
    for target in targets(root, ["00", "05"]):
        if target.kind in (LESSON, WORKSHEET):
            form.save(target.book(), target.path)
    (root / "seed.txt").write_text("a seed that is nowhere else")
    return root


@pytest.fixture(scope="module")
def made(course, tmp_path_factory):
    """A release of lesson 05: (its folder, the files)."""
    out = tmp_path_factory.mktemp("release") / "Optimierung für alle"
    return out, bundle.release(course, out, ["05"])


# --------------------------------------------------------------------------------------------------- what is in it


def test_nothing_is_in_it_that_is_not_the_students(made):
    """Broken: students get the keys, the keys' sources, the tests of the keys, or the seed."""
    out, files = made
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == set(files)
    assert not [name for name in names if name.startswith(("solutions", "tests", "docs")) or "/src/" in name]
    assert not any(b"a seed that is nowhere else" in data for data in files.values()) and "seed.txt" not in names


def test_references_of_other_lessons_stay_behind(made):
    """Broken: next week's answers are handed out with this week's worksheet."""
    there = {Path(name).stem for name in made[1] if name.startswith(("course_lib/exercises/", "course_lib/quizzes/"))}
    assert there & {lesson.slug for lesson in LESSONS} == {"start_here", "momentum"}
    assert {name for name in made[1] if name.endswith(".ipynb")} == {
        f"{kind}/{stem}.ipynb" for kind in ("notebooks", "exercises") for stem in ("00_start_here", STEM)}  # fmt: skip


def test_a_worksheet_in_it_holds_no_solution(made):
    """Broken: the worksheet is given out solved."""
    book = json.loads(made[1][f"exercises/{STEM}.ipynb"])
    stubs = [cell for cell in book["cells"] if "def " in form.source(cell)]
    assert len(stubs) == 5 and all("...  # replace the dots" in form.source(cell) for cell in stubs)


def test_the_page_for_students_names_real_files_and_commands(made):
    """Broken: the first page sends students to files that are not there."""
    page = made[1]["README.md"].decode()
    linked = re.findall(r"\]\(([^)]+)\)", page) + re.findall(r"(?:exercises|notebooks)/\w+\.ipynb", page)
    assert set(linked) <= set(made[1]) and f"exercises/{STEM}.ipynb" in linked
    assert len(page.splitlines()) < 66 and "Canvas" in page and "start.py" in page


def test_two_releases_are_the_same_bytes(course, made, tmp_path):
    """Broken: a checksum that was published says that a release was tampered with."""
    again = tmp_path / made[0].name
    bundle.release(course, again, ["00", "05"])
    assert bundle.zip_of(again).read_bytes() == bundle.zip_of(made[0]).read_bytes()


def test_the_zip_file_holds_the_folder(made):
    """Broken: what is downloaded is not what was looked at."""
    with zipfile.ZipFile(bundle.zip_of(made[0])) as archive:
        assert {name: archive.read(f"{made[0].name}/{name}") for name in made[1]} == made[1]
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert modes[f"{made[0].name}/start.py"] == 0o100755


def test_packing_does_not_depend_on_order():
    """Broken: the zip file of the same files changes with the order in which they were found."""
    assert packed({"a": b"1", "b": b"2"}) == packed({"b": b"2", "a": b"1"})


# ----------------------------------------------------------------------------------------------- what it overwrites


def test_nothing_is_overwritten_unasked(course, tmp_path):
    """Broken: a folder with a teacher's own files is replaced by a release."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(ValueError, match=r"is there already|no earlier release"):
            bundle.release(course, out, ["00"], force)
    (tmp_path / "other.zip").write_text("mine")
    with pytest.raises(ValueError, match=r"other\.zip is there already"):
        bundle.release(course, tmp_path / "other", ["00"])
    assert (out / "mine.txt").read_text() == "mine" and os.listdir(out) == ["mine.txt"]


def test_an_earlier_release_is_replaced_on_demand(course, made, tmp_path):
    """Broken: lessons that were taken back stay in the folder, or a student's work in it is removed."""
    out = tmp_path / "out"
    shutil.copytree(made[0], out)
    (out / "notes.txt").write_text("mine")
    (out / f"exercises/{STEM}.ipynb").write_text("answers")
    bundle.release(course, out, ["00"], force=True)
    left = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert not (out / f"notebooks/{STEM}.ipynb").exists() and {"notes.txt", f"exercises/{STEM}.ipynb"} <= left


@pytest.mark.parametrize("fault", ["missing", "stale", "worked in"])
def test_only_what_is_built_is_released(course, tmp_path, fault):
    """Broken: students get last year's lesson, or the teacher's own attempt at the worksheet."""
    copy = tmp_path / "course"
    shutil.copytree(course, copy)
    path = copy / f"exercises/{STEM}.ipynb"
    if fault == "missing":
        path.unlink()
    else:
        book = form.load(path)
        cell = book["cells"][0 if fault == "stale" else 4]
        cell["source"] = "other" if fault == "stale" else "x = 1"
        path.write_text(json.dumps(book))
    with pytest.raises(ValueError, match=rf"exercises/{STEM}\.ipynb"):
        bundle.release(copy, tmp_path / "out", ["00", "05"])
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------------------------------------- the way back


def run(folder, *args):
    """A command of the course in a release, as a student has it, from within the folder."""
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True, timeout=200)


def answered(folder, number, wrong=()):
    """Write the key's code into a released worksheet; its path."""
    (path,) = (folder / "exercises").glob(f"{number}_*.ipynb")
    book = form.load(path)
    for exercise in exercises.of_lesson(number):
        cell = next(c for c in book["cells"] if exercise.name in nbgrader.defined(form.source(c)))
        nothing = f"def {exercise.name}(*args, **kw):\n    return 0"
        cell["source"] = nothing if exercise.id in wrong else solved(exercise)
    path.write_text(json.dumps(book), encoding="utf-8")
    return path


def test_release_solve_submit_grade(made, tmp_path, capsys):
    """Broken: a student who solves all of what was handed out does not get full marks for it."""
    with zipfile.ZipFile(bundle.zip_of(made[0])) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / made[0].name
    sheet = answered(folder, "05")
    own = run(folder, "-m", "course_lib", "check", f"exercises/{STEM}.ipynb")
    assert own.returncode == 0 and "10 of 10 points, and 1 extra" in own.stdout, own.stdout + own.stderr
    right, wrong = sheet.read_bytes(), answered(folder, "05", wrong=["momentum.step"]).read_bytes()
    download = {f"doejane_12_34_{STEM}-1.ipynb": right, f"roe_LATE_56_78_{STEM}.ipynb": wrong}
    (tmp_path / "submissions.zip").write_bytes(packed(download))
    code = main(["grade", str(tmp_path / "submissions.zip"), "--out", str(tmp_path / "grades"), "--jobs", "1"])
    assert code == 0, capsys.readouterr()
    points = {}
    for record in json.loads((tmp_path / "grades" / "grades.json").read_text(encoding="utf-8")):
        points.setdefault(record["student"], {})[record["exercise"]] = record["points"]
    full = {exercise.id: exercise.points for exercise in exercises.of_lesson("05")}
    assert points == {"doejane_12": full, "roe_56": full | {"momentum.step": 0}}


def test_the_library_in_it_knows_its_lessons_alone(made):
    """Broken: the library of a release fails without the lessons that are not in it, or brings them along."""
    code = "from course_lib import exercises; print({e.lesson for e in exercises.all_exercises()})"
    done = run(made[0], "-c", code)
    assert done.returncode == 0 and ast.literal_eval(done.stdout) == {"00", "05"}, done.stderr


# --------------------------------------------------------------------------------------------- GitHub Classroom


def test_the_workflow_is_one_that_github_runs(made):
    """Broken: GitHub refuses the file, or a reporter waits for a step that is not there."""
    flow = yaml.safe_load(made[1][".github/workflows/classroom.yml"])
    assert set(flow[True]) == {"push", "workflow_dispatch", "repository_dispatch"}  # YAML reads "on" as true
    (job,) = flow["jobs"].values()
    graders = [step for step in job["steps"] if "command-grader" in step.get("uses", "")]
    reporter = job["steps"][-1]
    asked = [e for number in ("00", "05") for e in exercises.of_lesson(number) if not e.starred]
    assert [step["with"]["test-name"] for step in graders] == [e.id for e in asked]
    assert sum(step["with"]["max-score"] for step in graders) == sum(e.points for e in asked)
    assert reporter["with"]["runners"].split(",") == [step["id"] for step in graders]
    assert set(reporter["env"]) == {f"{step['id'].upper()}_RESULTS" for step in graders}
    assert all(step.get("uses") or step.get("run") for step in job["steps"])


def test_the_commands_of_the_workflow_tell_right_from_wrong(made, tmp_path):
    """Broken: GitHub shows a green tick for a wrong answer, or a cross for a right one."""
    folder = tmp_path / "course"
    shutil.copytree(made[0], folder)
    answered(folder, "05", wrong=["momentum.step"])
    (job,) = yaml.safe_load(made[1][".github/workflows/classroom.yml"])["jobs"].values()
    commands = {s["id"]: s["with"]["command"].split()[1:] for s in job["steps"] if "command" in s.get("with", {})}
    assert run(folder, *commands["momentum-ema"]).returncode == 0
    assert run(folder, *commands["momentum-step"]).returncode == 1
    assert run(folder, *commands["start-mse"]).returncode == 1


# ------------------------------------------------------------------------------------------------------- nbgrader

FIELDS = {"schema_version": int, "grade": bool, "locked": bool, "solution": bool, "task": bool, "grade_id": str,
          "points": (int, float)}  # fmt: skip


@pytest.mark.parametrize("target", [t for t in targets(ROOT) if t.kind != LESSON], ids=lambda t: t.name)
def test_cells_are_marked_as_nbgrader_wants_them(target):
    """Broken: nbgrader refuses the notebook, or gives other points than the exercise is worth.

    The rules are those of nbgraderformat/v3.json and MetadataValidatorV3.
    """
    marks = [(cell, cell["metadata"]["nbgrader"]) for cell in form.load(target.path)["cells"]
             if "nbgrader" in cell["metadata"]]  # fmt: skip
    for cell, meta in marks:
        assert set(meta) <= set(FIELDS) and all(isinstance(value, FIELDS[key]) for key, value in meta.items())
        assert meta["schema_version"] == 3 and re.fullmatch(r"[a-zA-Z0-9_-]+", meta["grade_id"])
        assert meta["grade"] == ("points" in meta) and meta["solution"] != meta["locked"]
        assert not (meta["grade"] and meta["solution"]) and not meta["task"] and cell["cell_type"] == "code"
    ids = [meta["grade_id"] for _, meta in marks]
    mine = exercises.of_lesson(target.stem[:2])
    assert len(set(ids)) == len(ids) == 2 * len(mine)
    graded = {meta["grade_id"]: meta["points"] for _, meta in marks if meta["grade"]}
    assert graded == {f"check-{e.id.replace('.', '-')}": e.points for e in mine if not e.starred}


def test_an_answer_comes_before_its_check():
    """Broken: nbgrader runs a test before the answer, so everybody gets nothing."""
    for target in targets(ROOT):
        found = [cell["metadata"].get("nbgrader") for cell in form.load(target.path)["cells"]]
        ids = [meta["grade_id"] for meta in found if meta]
        assert all(ids.index(f"check-{id}") > ids.index(id) for id in ids if not id.startswith("check-"))


def momentum_step(x, v, g, lr, beta):
    v = beta * v - (1 - beta) * lr * g
    return x + v, v


def test_a_check_gives_nbgrader_points_and_a_learner_a_card(monkeypatch, capsys):
    """Broken: nbgrader takes every check for passed; or learners see a number, or an exception, below the card."""
    assert turns.check(momentum_step) is None
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert repr(turns.check(momentum_step)) == "1.5"
    with pytest.raises(AssertionError):
        turns.check(lambda x: x)
    with pytest.raises(AssertionError):
        turns.check("momentum_step")
    monkeypatch.setattr(sys.modules[__name__], "momentum_step", None)
    with pytest.raises(AssertionError):
        turns.check(named("momentum_step", lambda *args: 0))
    assert capsys.readouterr().err == ""  # nbgrader gives nothing for a cell that writes there


def named(name, function):
    function.__name__ = name
    return function
