"""The command `forget`: take a student out of the marks, such as one who left, or whose name was written otherwise."""

from pathlib import Path

from course_lib.grading.commands.arguments import numbers


def add_forget(commands):
    """``forget DIR STUDENT [--lessons 02,05]``."""
    command = commands.add_parser("forget", help="take a student who has left, or was renamed, out of the marks")
    command.add_argument("out", type=Path, metavar="DIR", help="the folder of an earlier run")
    command.add_argument("student", metavar="STUDENT", help="as in grades.csv")
    command.add_argument("--lessons", type=numbers, metavar="02,05", help="these lessons only; all without")
    command.set_defaults(run=forget)


def forget(args):
    """Take the submissions out and write all anew; the exit code. ValueError where there are none."""
    from course_lib.grading import outputs
    from course_lib.grading.gradebook import Gradebook, earlier

    earlier(args.out)
    with Gradebook(args.out, writing=True, durable=True) as book:
        some = [one for one in book.found(args.student) if args.lessons is None or one.lesson in args.lessons]
        if not some:
            raise ValueError(f"{args.out} knows no submission of {args.student!r} to forget: see grades.csv for names.")
        book.forget(some)
        outputs.forget_page(args.out, book, args.student)
        outputs.write(args.out, book)
    print(f"{args.student} is out of the marks of lesson {', '.join(sorted({one.lesson for one in some}))}.")
    print("The points stay in the gradebook's history, and the files where they lie: a run that finds them again "
          "grades them again, with the adjustments made by hand.")  # fmt: skip
    return 0
