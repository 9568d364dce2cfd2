"""The command `check`: how the exercises in one's own worksheet stand."""

from pathlib import Path

from course_lib.checking import NOT_ATTEMPTED


def add_check(commands):
    """``check NOTEBOOK [--only ID]``."""
    command = commands.add_parser("check", help="say how the exercises in your worksheet stand")
    command.add_argument("notebook", type=Path, help="a worksheet, NN_slug.ipynb")
    command.add_argument("--only", metavar="ID", help="this exercise alone, e.g. momentum.step")
    command.set_defaults(run=check)


def check(args):
    """Say how a learner's notebook stands; the exit code. ValueError where the notebook is none."""
    from course_lib.grading import marks, notebook
    from course_lib.grading.grade import examine_notebook

    submission = notebook.read(args.notebook)
    if submission.problem:
        raise ValueError(f"{args.notebook}: {submission.problem}")
    asked = asked_of(args.notebook, submission, args.only)
    verdicts = examine_notebook(args.notebook, asked)
    for exercise, verdict in zip(asked, verdicts):
        print(line_of(exercise, verdict))
    print(f"{marks.asked(verdicts):g} of {marks.most(verdicts):g} points{marks.extra(verdicts)}.")
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
