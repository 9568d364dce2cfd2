"""The command `explain`: one mark as a sum, with the hidden case that failed; for whoever defends it."""

from pathlib import Path


def add_explain(commands):
    """``explain DIR STUDENT EXERCISE [--no-run]``."""
    command = commands.add_parser("explain", help="say how a mark came about: which property, which input, which sum")
    command.add_argument("out", type=Path, metavar="DIR", help="the folder of an earlier run")
    command.add_argument("student", metavar="STUDENT", help="as in grades.csv")
    command.add_argument("exercise", metavar="EXERCISE", help="its id or function, as momentum.step")
    command.add_argument("--no-run", action="store_true", help="only what is stored, without running the answer again")
    command.set_defaults(run=explain)


def explain(args):
    """Print the explanation; the exit code. ValueError where there is no such mark."""
    from course_lib.grading import explain, files
    from course_lib.grading.gradebook import Gradebook

    with Gradebook(args.out) as book:
        exercise, final = mark_of(book, args.student, args.exercise)
        secret = None if args.no_run else files.secret_in(args.out)
        print("\n".join(explain.explain(book, final, exercise, secret)))
    return 0


def mark_of(book, student, name):
    """The (exercise, `Final`) of a mark.

    Raises:
        ValueError: there is no such exercise, or nothing of this student; the sentence names some that there are.
    """
    from course_lib import exercises

    exercise = next((one for one in exercises.all_exercises() if name in (one.id, one.name)), None)
    if exercise is None:
        raise ValueError(f"There is no exercise {name!r}: give an id as in the first line of grades.csv.")
    final = next(book.finals(student, exercise.lesson), None)
    if final is None:
        raise ValueError(f"The gradebook has nothing of {student!r} for lesson {exercise.lesson}: {others(book)}.")
    if all(mark.record.exercise != exercise.id for mark in final.marks):
        raise ValueError(f"{exercise.id} was not part of the course when {student} was graded: run regrade first.")
    return exercise, final


def others(book):
    """Some students that there are."""
    students = list(dict.fromkeys(found.student for found in book.found()))
    return f"its students are {', '.join(students[:5])}{', ...' if len(students) > 5 else ''}"
