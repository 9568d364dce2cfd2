"""What the command line offers of grading: `grade` a folder, `export` its marks, `check` one's own notebook.

Exit codes: 0 all well, 1 something is wrong or not graded, 2 bad usage or input, 130 ended by ctrl-C.
"""

import sys
import time
from collections import Counter
from itertools import groupby
from pathlib import Path

from course_lib.checking import NOT_ATTEMPTED, RIGHT
from course_lib.lessons import lesson

SYSTEMS = ("canvas", "moodle", "gradescope", "csv", "jsonl")
LAYOUTS = ("auto", "folders", "nbgrader", "canvas", "moodle", "classroom")


def add_grade(commands):
    """``grade SUBMISSIONS --out DIR [--jobs N] [--seed TEXT] [--lessons 02,05] [--roster FILE] [--layout NAME]``."""
    command = commands.add_parser("grade", help="grade a folder of submissions: marks, and a feedback page a student")
    command.add_argument("submissions", type=Path, help="a folder or zip file of submissions, in any layout")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or an earlier one")
    command.add_argument("--jobs", type=positive, metavar="N", help="how many processes; all cores without")
    command.add_argument("--seed", metavar="TEXT", help="the secret that cases are drawn from; DIR/seed.txt without")
    command.add_argument("--lessons", type=numbers, metavar="02,05", help="only these, and say who handed none in")
    add_intake(command)
    command.set_defaults(run=grade)


def add_export(commands):
    """``export DIR --to canvas|moodle|gradescope|csv|jsonl [--template FILE] [--out FILE] [--roster FILE] ...``."""
    command = commands.add_parser("export", help="write the marks of a graded folder for another system")
    command.add_argument("folder", type=Path, metavar="DIR", help="what `grade` was given as --out")
    command.add_argument("--to", choices=SYSTEMS, required=True, help="for whom")
    command.add_argument("--template", type=Path, metavar="FILE", help="the CSV that Canvas or Moodle exported")
    command.add_argument("--out", type=Path, metavar="FILE", help="where to (a folder for gradescope); here without")
    command.add_argument("--roster", type=Path, metavar="FILE", help="a CSV of the students: id, name, email, ...")
    command.add_argument("--lessons", type=numbers, metavar="02,05", help="these only")
    command.add_argument("--column", action="append", default=[], metavar="05=HEADING", help="a column of the template")
    command.add_argument("--force", action="store_true", help="replace a file that is there")
    command.set_defaults(run=export)


def add_intake(command):
    """``--roster FILE --layout NAME``: how files are told whose they are."""
    command.add_argument("--roster", type=Path, metavar="FILE", help="a CSV of the students: id, name, email, ...")
    command.add_argument("--layout", choices=LAYOUTS, default="auto", help="how files are named; recognized without")


def add_check(commands):
    """``check NOTEBOOK [--only ID]``."""
    command = commands.add_parser("check", help="say how the exercises in your worksheet stand")
    command.add_argument("notebook", type=Path, help="a worksheet, NN_slug.ipynb")
    command.add_argument("--only", metavar="ID", help="this exercise alone, e.g. momentum.step")
    command.set_defaults(run=check)


def positive(text):
    """A number of processes."""
    if int(text) < 1:
        raise ValueError
    return int(text)


def numbers(text):
    """``"02,05"`` as a list of lesson numbers."""
    from argparse import ArgumentTypeError

    try:
        return [lesson(part.strip()).number for part in text.split(",")]
    except KeyError as error:
        raise ArgumentTypeError(error.args[0]) from None


# ----------------------------------------------------------------------------------------------------------- grade


def grade(args):
    """Grade a folder; the exit code. ValueError where the input is none."""
    from course_lib.grading import gradebook, roster, submissions
    from course_lib.grading.bar import Bar
    from course_lib.grading.batch import grade_all

    apart(args.submissions, args.out)
    everybody, began = roster.read(args.roster) if args.roster else None, time.monotonic()
    if args.out.is_dir():
        gradebook.ours(args.out)  # before anything is unpacked there
    store = args.out / gradebook.UNPACKED
    search = submissions.find(args.submissions, args.lessons, everybody, args.layout, store)
    if not search.found:
        raise ValueError("\n".join(["There is nothing to grade.", *map(left_aside, search.unmatched)]))
    secret = gradebook.prepare(args.out, args.seed)
    bar = Bar(len(search.found))
    results, broken_off = grade_all(search.found, secret, args.jobs, bar.step)
    write(args.out, results)
    print("\n".join(summary(results, search.unmatched, args.out, time.monotonic() - began)))
    if broken_off:
        print("Ended by ctrl-C: what was graded until then is written; run the same command to grade all.",
              file=sys.stderr)  # fmt: skip
        return 130
    return 1 if search.unmatched or any(graded.status != "graded" for graded in results) else 0


def apart(folder, out):
    """Raise ValueError when the results would lie among the submissions."""
    if out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents:
        raise ValueError(f"{out} lies among the submissions: choose a folder outside for --out.")


def write(out, results):
    """Write grades.csv, grades.json and the feedback pages."""
    from course_lib.grading import gradebook, report

    gradebook.save(out / gradebook.CSV, gradebook.as_csv(results))
    gradebook.save(out / gradebook.JSON, gradebook.as_json(r for graded in results for r in gradebook.records(graded)))
    for student, group in groupby(results, key=lambda graded: graded.found.student):
        name = student.replace("\N{REPLACEMENT CHARACTER}", "_")
        gradebook.save(out / gradebook.PAGES / f"{name}.html", report.page(student, list(group)))


def summary(results, unmatched, out, seconds):
    """What to print at the end, line by line."""
    from course_lib.grading import gradebook

    every = [record for graded in results for record in gradebook.records(graded)]
    counts = Counter(graded.status for graded in results)
    yield f"{counts.pop('graded', 0)} of {len(results)} submissions graded in {seconds:.1f} s."
    for status, count in counts.items():
        yield f"{count} {status}:"
        yield from (f"  {g.found.path or g.found.student}: {g.reason}" for g in results if g.status == status)
    yield from ["", *by_exercise(every), *mistakes(every)]
    yield from [f"{len(unmatched)} left aside:", *map(left_aside, unmatched)] if unmatched else []
    yield f"Marks: {out / gradebook.CSV} and {gradebook.JSON}. Feedback: {out / gradebook.PAGES}."


def by_exercise(every):
    """A line an exercise: how many are right, and the points on average."""
    yield f"{'exercise':32} {'right':>7} {'points':>12}"
    for id in dict.fromkeys(record.exercise for record in every):
        mine = [record for record in every if record.exercise == id]
        right = sum(record.status == RIGHT for record in mine)
        mean = sum(record.points for record in mine) / len(mine)
        yield f"{id:32} {right:>3}/{len(mine):<3} {mean:>6.2f} of {mine[0].max_points:g}"
    yield ""


def mistakes(every):
    """The most frequent named mistakes."""
    counts = Counter((record.exercise, record.diagnosis) for record in every if record.diagnosis)
    if counts:
        yield "Most frequent mistakes:"
        yield from (f"{count:>4} x {name} ({exercise})" for (exercise, name), count in counts.most_common(5))
        yield ""


def left_aside(pair):
    """A file that was not understood, as a line."""
    return f"  {pair[0]}: {pair[1]}"


def export(args):
    """Write the marks for another system; the exit code."""
    from course_lib.grading import exporting

    return exporting.export(args)


# ----------------------------------------------------------------------------------------------------------- check


def check(args):
    """Say how a learner's notebook stands; the exit code. ValueError where the notebook is none."""
    from course_lib.grading import gradebook, notebook
    from course_lib.grading.grade import examine_notebook

    submission = notebook.read(args.notebook)
    if submission.problem:
        raise ValueError(f"{args.notebook}: {submission.problem}")
    asked = asked_of(args.notebook, submission, args.only)
    verdicts = examine_notebook(args.notebook, asked)
    for exercise, verdict in zip(asked, verdicts):
        print(line_of(exercise, verdict))
    print(f"{gradebook.asked(verdicts):g} of {gradebook.most(verdicts):g} points{gradebook.extra(verdicts)}.")
    due = [verdict for exercise, verdict in zip(asked, verdicts)
           if not (exercise.starred and verdict.status == NOT_ATTEMPTED)]  # fmt: skip
    return 0 if all(verdict.clean for verdict in due) else 1


def asked_of(path, submission, only=None):
    """The exercises of a notebook: by its name, else by the functions it defines."""
    from course_lib import exercises

    if only:
        return [one_of(exercises, only)]
    named = exercises.of_lesson(path.name[:2])
    found = named or [one for one in exercises.all_exercises() if submission.defining(one.name)]
    if not found:
        raise ValueError(f"{path} answers no exercise of this course: give a worksheet, NN_slug.ipynb.")
    return found


def one_of(exercises, id):
    """The exercise with this id (raises ValueError)."""
    try:
        return exercises.get(id)
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def line_of(exercise, verdict):
    """A line for the terminal: a mark, the name, the points, and what is wrong."""
    mark = "ok" if verdict.clean else "--" if verdict.status == NOT_ATTEMPTED else "NO"
    points = f"{verdict.points:g}/{verdict.max_points:g}"
    optional = " (optional)" if exercise.starred else ""
    return f"{mark}  {exercise.name:28} {points:>5}  {verdict.status}{optional}: {verdict.advice or verdict.message}"
