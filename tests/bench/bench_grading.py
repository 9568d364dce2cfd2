"""The same class graded by us, by nbgrader and by otter, side by side: ``make bench-grading``.

Installs the two others into environments of their own, once (a cache folder, no other place is touched). Each grader
gets the same twenty notebooks in the form that it wants, and tests of the same five functions. Ours also writes the
gradebook, the feedback pages and the class report; nbgrader is told with its feedback pages, and without them, and the
aim is held against both. CPU counts all processes. Compare only on a machine that is idle: the load is printed beside
the numbers. Figures are medians over several runs; as the pace of a machine changes, each run of another grader is
held against ours just before and after it. *More* is what each submission costs beyond the first few, once a grader
has started.
"""

import csv
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from five import HEAD, NAME, STUDENTS, TESTS, answers, cell, notebook, plain  # noqa: E402 (found by the line above)

PEERS = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "optimization-course-bench"
TARGETS = {"nbgrader": 40, "nbgrader and feedback": 40, "otter": 100}
MOST_CPU = 0.05  # seconds a submission, beyond what it takes to start
FEW = 2  # submissions that start as many processes as twenty do


class Cost(NamedTuple):
    """What a command took: seconds of wall time, and of CPU in all its processes."""

    wall: float
    cpu: float


def measured(*commands, cwd):
    """Run commands one after the other, each with its neighbors on the path; the `Cost` of all. Words go into a log."""
    before, began = cpu(), perf_counter()
    for command in commands:
        with open(cwd / "log.txt", "ab") as log:
            words, env = [str(word) for word in command], environment(Path(command[0]).parent)
            done = subprocess.run(words, cwd=cwd, stdout=log, stderr=log, env=env)
        if done.returncode not in (0, 1):
            sys.exit(f"{command[0]} ended with {done.returncode}: see {cwd / 'log.txt'}.")
    return Cost(perf_counter() - began, cpu() - before)


def cpu():
    """CPU seconds of all processes that this one has seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment(folder):
    """That of the caller, less what leads a Python elsewhere, and with a folder of commands first on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {"PATH": f"{folder}{os.pathsep}{kept.get('PATH', os.defpath)}"}


def installed(peer):
    """The folder of a peer's commands, made at the first call."""
    folder = CACHE / PEERS[peer]
    if not (folder / "ready").exists():
        print(f"installing {PEERS[peer]} into {folder}", flush=True)
        uv, python = shutil.which("uv"), folder / "bin" / "python"
        make = [uv, "venv", "-q", "--clear", folder] if uv else [sys.executable, "-m", "venv", folder]
        subprocess.run(make, check=True)
        install = [uv, "pip", "install", "-q", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
        subprocess.run([*install, PEERS[peer], "numpy", "ipykernel"], check=True)
        (folder / "ready").touch()
    return folder / "bin"


# -------------------------------------------------------------------------------------------------------- the graders


def ours(folder, students, jobs=None):
    """Our command line; (``{name: Cost}``, how many of the answers it found right), as with the others."""
    for i, student in enumerate(students):
        put(folder / "in" / student / NAME, plain(i))
    some = ["--jobs", jobs] if jobs else []
    cost = measured([sys.executable, HERE / "five.py", "grade", "in", "--out", "out", *some], cwd=folder)
    records = json.loads((folder / "out" / "grades.json").read_text(encoding="utf-8"))
    return {"ours": cost}, sum(record["status"] == "right" for record in records)


def nbgrader(folder, students):
    """``nbgrader autograde``, and ``nbgrader generate_feedback`` after it."""
    command = installed("nbgrader") / "nbgrader"
    put(folder / "nbgrader_config.py", "c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    put(folder / "source" / "five" / NAME, with_tests(0))
    setup = measured([command, "generate_assignment", "five"], cwd=folder)
    for i, student in enumerate(students):
        put(folder / "submitted" / student / "five" / NAME, with_tests(i))
    cost = measured([command, "autograde", "five"], cwd=folder)
    pages = measured([command, "generate_feedback", "five"], cwd=folder)
    measured([command, "export"], cwd=folder)
    assert len(list((folder / "feedback").glob("*/five/*.html"))) == len(students), f"see {folder / 'log.txt'}"
    assert setup.wall and (folder / "grades.csv").exists(), f"see {folder / 'log.txt'}"
    with open(folder / "grades.csv", newline="") as file:
        right = round(sum(float(row["score"] or 0) for row in csv.DictReader(file)))
    return {"nbgrader": cost, "nbgrader and feedback": Cost(*map(sum, zip(cost, pages)))}, right


def with_tests(i):
    """The notebook of student `i` as nbgrader wants it: a cell of tests behind each answer."""
    cells = [cell(HEAD)]
    for name, text in answers(i).items():
        about = {"schema_version": 3, "task": False}
        cells.append(cell(text, nbgrader=about | {"grade_id": name, "grade": False, "solution": True, "locked": False}))
        tests = about | {"grade_id": f"test_{name}", "grade": True, "solution": False, "locked": True, "points": 1}
        cells.append(cell(TESTS[name], nbgrader=tests))
    return notebook(cells)


def otter(folder, students):
    """``otter run`` for each submission, as there is no way to run several without containers."""
    command = installed("otter") / "otter"
    for name, text in TESTS.items():
        body = text.replace("\n", "\n    ")
        put(folder / "tests" / f"{name}.py", f"""from otter.test_files import test_case
import numpy as np

OK_FORMAT = False
name = "{name}"
points = 1


@test_case()
def test_it({name}):
    {body}
""")  # fmt: skip
    measured([command, "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], cwd=folder)
    for i, student in enumerate(students):
        put(folder / student / NAME, plain(i))
    runs = [[command, "run", "--no-logo", "-a", "autograder.zip", "-o", student, f"{student}/{NAME}"]
            for student in students]  # fmt: skip
    cost = measured(*runs, cwd=folder)
    results = [json.loads((folder / student / "results.json").read_text()) for student in students]
    return {"otter": cost}, round(sum(test.get("score", 0) for one in results for test in one["tests"]))


def put(path, text):
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# ---------------------------------------------------------------------------------------------------------- the table


class Run(NamedTuple):
    """What a grader took once: for a few submissions, and for all; and how many right answers it found in all."""

    few: Cost
    every: Cost
    right: int

    @property
    def more(self):
        """The `Cost` of each submission beyond the few: what a class adds once a grader has started."""
        return Cost(*((b - a) / (len(STUDENTS) - FEW) for a, b in zip(self.few, self.every)))


def compared():
    """{name: [(`Run`, the median of our runs before and after it), ...]}, and our runs each beside itself."""
    made = []
    for number, grader in enumerate(ORDER, 1):
        (few, _), (every, right) = once(grader, STUDENTS[:FEW]), once(grader, STUDENTS)
        made.append({name: Run(few[name], every[name], right) for name in every})
        print(f"{number} of {len(ORDER)} runs", end="\r", file=sys.stderr, flush=True)
    pairs = {}
    for place, some in enumerate(made):
        near = [one["ours"] for one in made[max(place - len(SOME), 0) : place + len(SOME) + 1] if "ours" in one]
        for name, run in some.items():
            pairs.setdefault(name, []).append((run, run if name == "ours" else middle(near)))
    return pairs


def once(grader, students):
    """Run a grader in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="course-bench-") as folder:
        return grader(Path(folder), students)


def middle(runs):
    """The `Run` of medians."""
    few, every, right = zip(*runs)
    return Run(*(Cost(*map(statistics.median, zip(*costs))) for costs in (few, every)), min(right))


def row(name, pairs):
    """A line of the table."""
    run = middle([one for one, _ in pairs])
    figures = (run.few.wall, run.every.wall, run.every.cpu, run.more.wall, run.more.cpu)
    return (f"{name:21} {run.right:>3}/{len(STUDENTS) * len(TESTS)} " + " ".join(f"{one:>9.3f}" for one in figures)
            + " ".join(f"{ratio:>9.1f}" for ratio in ratios(pairs)))  # fmt: skip


def ratios(pairs):
    """How many times our time and CPU: in all, for each more, and its CPU; medians over the runs, each beside ours."""
    some = [(run.every.wall / near.every.wall, run.more.wall / near.more.wall, run.more.cpu / near.more.cpu)
            for run, near in pairs]  # fmt: skip
    return [statistics.median(column) for column in zip(*some)]


def met(well):
    """In a word."""
    return "met" if well else "MISSED"


SOME = [ours] * 3
ORDER = [*SOME, nbgrader, *SOME, otter, *SOME, nbgrader, *SOME, nbgrader, *SOME]  # what takes longer varies less


def main():
    """Measure all three and print the table."""
    installed("nbgrader"), installed("otter")  # not while the load is looked at
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    heads = ("wall of 2", "wall of 20", "CPU of 20", "wall more", "CPU more", "x wall", "x more", "x CPU")
    print(f"{'':21} {'right':>7} " + " ".join(f"{head:>9}" for head in heads[:5])
          + " ".join(f"{head:>9}" for head in heads[5:]))  # fmt: skip
    results = compared()
    for name, pairs in results.items():
        print(row(name, pairs), flush=True)
    for name, target in TARGETS.items():
        whole, beyond, _ = ratios(results[name])
        print(f"{name}: {whole:.1f} times our wall time for 20, {beyond:.1f} times for each more; at least {target} is "
              f"asked for: {met(whole >= target)}, {met(beyond >= target)}")  # fmt: skip
    beyond = middle([run for run, _ in results["ours"]]).more.cpu
    print(f"CPU beyond the start: {beyond:.3f} s each; at most {MOST_CPU} is asked for: {met(beyond <= MOST_CPU)}")
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
