"""The command line: ``python -m course_lib COMMAND``.

Exit codes: 0 all well, 1 something is wrong, 2 bad usage or input.
"""

import argparse
import atexit
import os
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = {
    "audit": "audit.commands",
    "bakeoff": "audit.commands",
    "build": "__main__",
    "check": "grading.commands.check",
    "export": "grading.commands.export",
    "grade": "grading.commands.grade",
    "regrade": "grading.commands.grade",
    "explain": "grading.commands.explain",
    "adjust": "grading.commands.adjust",
    "forget": "grading.commands.forget",
    "release": "__main__",
    "leaderboard": "learner.leaderboard",
    "report": "grading.commands.report",
}


def main(argv=None):
    """Run one command; returns its exit code."""
    argv = sys.argv[1:] if argv is None else argv
    args = parser(argv[0] if argv else "").parse_args(argv)
    try:
        return args.run(args)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2


def run():
    """Run the command of this process, and end it without taking down piece by piece all that it has loaded."""
    code = main()
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more, or the disk is full
        code = code or 1
    os._exit(code)


def parser(asked=""):
    """The parser, with one subparser a command; each sets ``run``, a function of the arguments.

    Only the command that is asked for is added, where there is such a one: others import figures, which takes longer
    than to grade ten submissions.
    """
    top = argparse.ArgumentParser(prog="python -m course_lib", description="Optimization for Machine Learning.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name in [asked] if asked in COMMANDS else COMMANDS:
        getattr(import_module(f"course_lib.{COMMANDS[name]}"), f"add_{name}")(commands)
    return top


def add_build(commands):
    """``build [--check] [--force] [STEM ...]``."""
    command = commands.add_parser("build", help="make the notebooks from their sources, or check that they agree")
    command.add_argument("stems", nargs="*", metavar="STEM", help="a lesson, as 05 or 05_momentum; all without")
    command.add_argument("--check", action="store_true", help="change nothing; list what is wrong")
    command.add_argument("--force", action="store_true", help="replace worksheets that somebody has worked in")
    command.add_argument("--root", type=Path, default=ROOT, help="the folder of the course")
    command.set_defaults(run=run_build)


def run_build(args):
    """Build or check; imports late, since other commands need none of it."""
    from course_lib import release

    if args.check:
        problems = release.check(args.root, args.stems or None)
        print("\n".join(problems) or "All notebooks agree with their sources.")
        return 1 if problems else 0
    try:
        release.build(args.root, args.stems or None, force=args.force)
    except release.BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def add_release(commands):
    """``release OUT --lessons 02,05 [--force]``."""
    from course_lib.grading.commands.arguments import numbers

    command = commands.add_parser("release", help="make what students get: a folder, and a zip file of it")
    command.add_argument("out", type=Path, metavar="OUT", help="the folder to make; OUT.zip stands beside it")
    command.add_argument("--lessons", type=numbers, required=True, metavar="02,05", help="00 always comes along")
    command.add_argument("--force", action="store_true", help="replace an earlier release")
    command.add_argument("--root", type=Path, default=ROOT, help="the folder of the course")
    command.set_defaults(run=run_release)


def run_release(args):
    """Make a release; the exit code. ValueError where something is in the way or not built."""
    from course_lib.release import bundle

    files = bundle.release(args.root, args.out, args.lessons, args.force)
    size = sum(map(len, files.values())) / 1e6
    print(f"For students: {args.out} and {bundle.zip_of(args.out)}, {len(files)} files, {size:.1f} MB.\n"
          "The references of these lessons are in it, since checks need them; the seed is not.")  # fmt: skip
    return 0


if __name__ == "__main__":
    run()
