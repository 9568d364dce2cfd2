"""The command `adjust`: correct a mark by hand, with a reason; it survives every regrade, and can be undone."""

import argparse
import math
import re
from pathlib import Path

from course_lib.grading.commands.explain import mark_of


def add_adjust(commands):
    """``adjust DIR STUDENT EXERCISE POINTS|+DELTA --reason TEXT``, or ``--undo`` in the place of the points."""
    command = commands.add_parser("adjust", help="correct a mark by hand, for a reason that the student reads")
    command.add_argument("out", type=Path, metavar="DIR", help="the folder of an earlier run")
    command.add_argument("student", metavar="STUDENT", help="as in grades.csv")
    command.add_argument("exercise", metavar="EXERCISE", help="its id or function, as momentum.step")
    command.add_argument("points", nargs="?", metavar="POINTS", type=change,
                         help="2 gives two points, +0.5 or -0.5 adds to the mark")  # fmt: skip
    command.add_argument("--reason", metavar="TEXT", help="why; it stands on the feedback page")
    command.add_argument("--undo", action="store_true", help="take back the last adjustment")
    command.set_defaults(run=adjust)


def change(text):
    """``"2"`` as (2.0, True), ``"+0.5"`` as (0.5, False): the points, and whether they replace the mark."""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text) or not math.isfinite(float(text)):
        raise argparse.ArgumentTypeError(f"{text!r} are no points: give 2, +0.5 or -0.5.")
    return float(text), text[0] not in "+-"


def adjust(args):
    """Store or undo an adjustment, and write marks and page anew; the exit code. ValueError where it means nothing."""
    from course_lib.grading import outputs
    from course_lib.grading.gradebook import Gradebook, earlier

    if args.undo == (args.points is not None) or bool(args.reason) == args.undo:
        raise ValueError('Give points and --reason "why", or --undo alone.')
    earlier(args.out)
    with Gradebook(args.out, writing=True, durable=True) as book:
        exercise, _ = mark_of(book, args.student, args.exercise)
        store(book, args, exercise)
        _, final = mark_of(book, args.student, exercise.id)
        outputs.write(args.out, book)
    mark = next(mark for mark in final.marks if mark.record.exercise == exercise.id)
    print(f"{args.student}, {exercise.id}: {mark.record.points:g} of {mark.record.max_points:g} points, from")
    print("\n".join(f"  {step.points:+g}  {step.why}" for step in mark.steps))
    return 0


def store(book, args, exercise):
    """Store what was asked for."""
    if not args.undo:
        book.adjust(args.student, exercise.id, *args.points, args.reason)
    elif not book.undo(args.student, exercise.id):
        raise ValueError(f"{args.student} has no adjustment of {exercise.id} that could be undone.")
