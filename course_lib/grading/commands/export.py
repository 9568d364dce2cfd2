"""The command `export`: the marks of a graded folder, for another system."""

from pathlib import Path

from course_lib.grading.commands.arguments import numbers

SYSTEMS = "canvas", "moodle", "gradescope", "csv", "jsonl"


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


def export(args):
    """Write the marks for another system; the exit code."""
    from course_lib.grading import exporting

    return exporting.export(args)
