"""Gradescope: `results.json` for a submission, and the autograder bundle that writes it there.

Source of the format: gradescope-autograders.readthedocs.io, "Autograder Specifications".
In the bundle: ``python -m course_lib.grading.gradescope SUBMISSION --lessons 05 --seed-file FILE --out results.json``.
"""

import argparse
import json
import sys
from pathlib import Path

from course_lib import exercises
from course_lib.checking import RIGHT
from course_lib.grading import files, marks
from course_lib.lessons import lesson

METADATA = "submission_metadata.json"  # beside the folder of the submission: who handed it in
SETUP = """\
#!/usr/bin/env bash
# Run once by Gradescope when the autograder is built: a Python with what grading needs, and nothing else.
set -e
apt-get update
apt-get install -y python3 python3-venv
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || {
    echo "Choose a base image with Python 3.10 or newer (Ubuntu 22.04)."; exit 1; }
python3 -m venv /autograder/env
grep -E '^(numpy|scikit-learn)[>=<]' /autograder/source/requirements.txt > /tmp/needed.txt
/autograder/env/bin/pip install -r /tmp/needed.txt -c /autograder/source/requirements.lock
"""
RUN = """\
#!/usr/bin/env bash
# Run by Gradescope for each submission, in a fresh container. The seed is gone before students' code runs.
cd /autograder/source
/autograder/env/bin/python -m course_lib.grading.gradescope /autograder/submission \\
    --lessons {lessons} --seed-file <(cat seed.txt; rm -f seed.txt) --out /autograder/results/results.json
"""


def results(records, execution_seconds=None):
    """The contents of results.json for one submission.

    Args:
        records: the `Record` list of one student, of one or several lessons.
        execution_seconds: how long it took, or None.
    """
    shown = {"score": marks.total(records), "visibility": "visible", "stdout_visibility": "hidden"}
    if execution_seconds is not None:
        shown["execution_time"] = round(execution_seconds)
    return shown | {"tests": [test(record) for record in records]}


def test(record):
    """One exercise, as Gradescope shows it; optional ones add points and lack none."""
    starred = marks.optional(record)
    title = exercises.get(record.exercise).title
    return {
        "name": f"{title} ({record.exercise}{', optional' if starred else ''})",
        "score": record.points,
        "max_score": 0.0 if starred else record.max_points,
        "status": "passed" if record.status == RIGHT else "failed",
        "output": "Right." if record.status == RIGHT else record.message,
        "output_format": "text",
        "tags": [f"lesson {record.lesson}", record.status],
        "visibility": "visible",
    }


def as_json(records, execution_seconds=None):
    """`results` as text."""
    return json.dumps(results(records, execution_seconds), ensure_ascii=False, indent=1) + "\n"


# ----------------------------------------------------------------------------------------------------- the bundle


def bundle(root, numbers, secret):
    """The files of an autograder: ``{name: bytes}``, for a zip with them at its top.

    Args:
        root: the folder of the course.
        numbers: the lessons that it grades.
        secret: the seed that hidden cases are drawn from.
    """
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in library(root)}
    files |= {name: (root / name).read_bytes() for name in ("requirements.txt", "requirements.lock", "LICENSE")}
    texts = {"setup.sh": SETUP, "run_autograder": RUN.format(lessons=",".join(numbers)), "seed.txt": f"{secret}\n"}
    return files | {name: text.encode() for name, text in texts.items()}


def library(root):
    """The files of course_lib."""
    paths = sorted((root / "course_lib").rglob("*"))
    return [path for path in paths if path.is_file() and "__pycache__" not in path.parts]


# ------------------------------------------------------------------------------------------------- on Gradescope


def main(argv=None):
    """Grade the submission in a folder and write results.json; the exit code."""
    from course_lib.grading.commands.arguments import numbers

    parser = argparse.ArgumentParser(prog="python -m course_lib.grading.gradescope")
    parser.add_argument("submission", type=Path)
    parser.add_argument("--lessons", type=numbers, required=True)
    parser.add_argument("--seed-file", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(argv)
    student = submitter(args.submission.parent / METADATA)
    records = graded(args.submission, args.lessons, args.seed_file.read_text(encoding="utf-8").strip(), student)
    files.save(args.out, as_json(records))
    return 0


def graded(folder, numbers, secret, student):
    """The `Record` list of a submission, which may lie in a folder or an archive below."""
    from course_lib.grading.batch import Task, work
    from course_lib.grading.intake.items import gather
    from course_lib.grading.submissions import Found, placed

    place = {number: item.path for number, item in placed(gather(folder).items).items()}
    done = [work(Task(Found(student, number, str(place.get(number, "")))), secret) for number in numbers]
    return [record for one in done for record in marks.records(one)]


def submitter(path):
    """Who handed it in, as cases are drawn by: the mail address of the first of the group."""
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["users"][0]["email"])
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        print("There is no submission_metadata.json: the cases are those of nobody in particular.", file=sys.stderr)
        return ""


def heading(number):
    """What an assignment for a lesson may be called."""
    return f"{number} {lesson(number).title}"


if __name__ == "__main__":
    sys.exit(main())
