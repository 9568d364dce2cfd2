"""The texts of a release for students: the page that says how to start and hand in, and the workflow of a classroom."""

from course_lib import exercises
from course_lib.lessons import lesson

README = """\
# Optimization for Machine Learning

Your lessons this time:

{table}

## Start

You need Python 3.10 to 3.14. In this folder:

    python3 start.py        (on Windows: py start.py)

The first time it sets itself up for a minute or two and needs the network; then JupyterLab opens. If something is
missing, it says in a sentence what to do.

## Work

- `notebooks/` are the **lessons**: read, predict, drag the sliders.
- `exercises/` are the **worksheets**: the only place where you write. Replace the dots, run the cell, run the check
  below it. It says whether you are right and, if not, which mistake it is. Check as often as you like.
- All of a worksheet from the terminal: `python3 start.py run python -m course_lib check {first}`

Keep the names of the functions and the order of their arguments.

## Hand in

1. Save (Ctrl+S).
2. Hand in the worksheet, under its own name, and nothing else:

{files}

   - **Canvas, Moodle, Gradescope**: upload the file (or a zip file with it).
   - **GitHub Classroom**: `git add exercises`, `git commit -m "Worksheet"`, `git push`; *Actions* shows the checks.
   - **A folder or nbgrader**: copy or submit the file without changing its name.

You may hand in again until the deadline, if your course says so; the name `{name}` may then get a `-1`, which is fine.

## What counts

The check on your machine and the mark come from the same examiner. The mark is computed from other inputs, drawn for
you alone, so an answer that knows the inputs of the check earns nothing. `solution("{id}")` shows an answer: read it
after you have tried, not before. Optional exercises add points, and none are missing without.
"""

WORKFLOW_HEAD = """\
# GitHub Classroom: the public checks of the worksheets, at each push. The mark itself is made by your teachers, from
# inputs that are not here.
name: Autograding Tests
on: [push, workflow_dispatch, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - name: Checkout code
        uses: actions/checkout@v4
      - name: Python
        uses: actions/setup-python@v5
        with:
          python-version: "3.12"
          cache: pip
          cache-dependency-path: requirements.lock
      - name: What the checks need
        run: |
          grep -E '^(numpy|scikit-learn)[>=<]' requirements.txt > needed.txt
          python -m pip install --quiet -r needed.txt -c requirements.lock
"""
WORKFLOW_STEP = """\
      - name: {id}
        id: {step}
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: {id}
          command: python -m course_lib check exercises/{stem}.ipynb --only {id}
          timeout: 5
          max-score: {points:g}
"""
WORKFLOW_TAIL = """\
      - name: Autograding Reporter
        uses: classroom-resources/autograding-grading-reporter@v1
        env:
{results}
        with:
          runners: {runners}
"""


def readme(numbers):
    """The page for students, for the lessons with these numbers."""
    entries = [lesson(number) for number in numbers]
    sheets = [entry for entry in entries if exercises.of_lesson(entry.number)]
    last = sheets[-1]
    rows = [f"- {e.number} [{e.title}](notebooks/{e.stem}.ipynb), about {e.minutes} minutes" for e in entries]
    return README.format(
        table="\n".join(rows),
        files="\n".join(f"       exercises/{entry.stem}.ipynb" for entry in sheets),
        first=f"exercises/{last.stem}.ipynb",
        name=f"{last.stem}.ipynb",
        id=exercises.of_lesson(last.number)[0].id,
    )


def workflow(numbers):
    """The workflow file of GitHub Classroom: a step an exercise that is not optional."""
    asked = [one for number in numbers for one in exercises.of_lesson(number) if not one.starred]
    steps = {one.id: one.id.replace(".", "-").replace("_", "-") for one in asked}
    body = "".join(
        WORKFLOW_STEP.format(id=one.id, step=steps[one.id], stem=lesson(one.lesson).stem, points=one.points)
        for one in asked
    )
    env = [f'          {step.upper()}_RESULTS: "${{{{steps.{step}.outputs.result}}}}"' for step in steps.values()]
    tail = WORKFLOW_TAIL.format(results="\n".join(env), runners=",".join(steps.values()))
    return WORKFLOW_HEAD + body + tail
