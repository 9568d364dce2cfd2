"""The command `report`: write the class report of an earlier run anew, with names or without."""

from pathlib import Path


def add_report(commands):
    """``report DIR [--names]``."""
    command = commands.add_parser("report", help="write the class report of an earlier run anew")
    command.add_argument("out", type=Path, metavar="DIR", help="the folder of an earlier run")
    command.add_argument("--names", action="store_true", help="say who: for the teachers' eyes alone")
    command.set_defaults(run=report)


def report(args):
    """Write the class report; the exit code. ValueError where there is no gradebook."""
    from course_lib.grading import class_report, files
    from course_lib.grading.class_numbers import Numbers
    from course_lib.grading.gradebook import Gradebook

    with Gradebook(args.out) as book:
        found = [final.found for final in book.finals()]
        class_report.write(args.out, book, Numbers(book.records()), found, args.names)
    print(args.out / files.CLASS)
    return 0
