"""The commands `grade` and `regrade`: find what is due, grade it, write marks and pages, say what was done."""

import sys
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from course_lib.grading.commands.arguments import numbers, positive, share

LAYOUTS = "auto", "folders", "nbgrader", "canvas", "moodle", "classroom"
EARLY = "Ended by ctrl-C: what was graded until then is written; run the same command to grade the rest."


def add_grade(commands):
    """``grade SUBMISSIONS --out DIR [--lessons 02,05] [--roster FILE] [--layout NAME] [--seed TEXT] [rules] ...``."""
    command = commands.add_parser("grade", help="grade a folder of submissions: marks, and a feedback page a student")
    command.add_argument("submissions", type=Path, help="a folder or zip file of submissions, in any layout")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder, or an earlier one")
    command.add_argument("--seed", metavar="TEXT", help="the secret that cases are drawn from; DIR/seed.txt without")
    command.add_argument("--lessons", type=numbers, metavar="02,05", help="only these, and say who handed none in")
    command.add_argument("--roster", type=Path, metavar="FILE", help="a CSV of the students: id, name, email, ...")
    command.add_argument("--layout", choices=LAYOUTS, default="auto", help="how files are named; recognized without")
    add_common(command)
    command.set_defaults(run=grade)


def add_regrade(commands):
    """``regrade DIR [--student NAME] [--lessons 02,05] [--all] [--jobs N] [rules] [--quiet]``."""
    command = commands.add_parser("regrade", help="grade again what has changed: submissions, exercises, rules")
    command.add_argument("out", type=Path, metavar="DIR", help="the folder of an earlier run")
    command.add_argument("--student", metavar="NAME", help="only this student")
    command.add_argument("--lessons", type=numbers, metavar="02,05", help="only these")
    command.add_argument("--all", action="store_true", help="also what has not changed")
    add_common(command)
    command.set_defaults(run=regrade)


def add_common(command):
    """What both take: how many processes, the rules, and how much to say."""
    command.add_argument("--jobs", type=positive, metavar="N", help="how many processes; all cores without")
    command.add_argument("--deadlines", type=Path, metavar="FILE", help="CSV (lesson,due,student,cutoff) or TOML")
    command.add_argument("--penalty", type=share, metavar="PERCENT", help="what each day of lateness costs")
    command.add_argument("--penalty-most", type=share, metavar="PERCENT", help="what lateness costs at most")
    command.add_argument("--grace", type=share, metavar="MINUTES", help="so late is still on time")
    command.add_argument("--attempts", choices=("best", "last"), help="which attempt counts; the last without")
    command.add_argument("--require-isolation", action="store_true", help="refuse where a layer of confinement lacks")
    command.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster to grade on, as tcp://host:8786")
    command.add_argument("--quiet", action="store_true", help="say only what needs somebody's attention")


def grade(args):
    """Grade a folder; the exit code. ValueError where the input is none."""
    from course_lib.grading import garbage, nursery

    apart(args.submissions, args.out)
    nursery.begin()
    with garbage.none():
        from course_lib.grading import outputs, worklist  # noqa: F401 (while that one loads, too)
    if args.require_isolation:
        tell_isolation(True)  # before anything is unpacked
    search = searched(args)
    if not args.require_isolation:
        tell_isolation(False)
    return carry_out(args, lambda book: search.found, search.unmatched, args.seed)


def searched(args):
    """What there is to grade. ValueError when that is nothing, or when another argument makes no sense."""
    from course_lib.grading import files, roster, submissions

    rules_of(args)
    everybody = roster.read(args.roster) if args.roster else None
    if args.out.is_dir():
        files.ours(args.out)
    store = args.out / files.UNPACKED
    search = submissions.find(args.submissions, args.lessons, everybody, args.layout, store)
    if not search.found:
        raise ValueError("\n".join(["There is nothing to grade.", *map(left_aside, search.unmatched)]))
    return search


def regrade(args):
    """Grade again what has changed; the exit code. ValueError where the folder is none of an earlier run."""
    from course_lib.grading.gradebook import earlier

    earlier(args.out)
    tell_isolation(args.require_isolation)

    def found(book):
        some = [one for one in book.found(args.student) if args.lessons is None or one.lesson in args.lessons]
        if not some:
            raise ValueError(f"{args.out} knows no such submission: leave --student and --lessons out to see all.")
        return some

    return carry_out(args, found, [], None, everything=args.all)


def apart(folder, out):
    """Raise ValueError when the results would lie among the submissions."""
    if out.resolve() == folder.resolve() or folder.resolve() in out.resolve().parents:
        raise ValueError(f"{out} lies among the submissions: choose a folder outside for --out.")


def rules_of(args, before=None):
    """The `Rules` that the arguments put in the place of those `before`."""
    from course_lib.grading import rules_file
    from course_lib.grading.rules import Rules

    now = before or Rules()
    now = rules_file.read(args.deadlines, now) if args.deadlines else now
    given = {"percent": args.penalty, "most": args.penalty_most, "grace": args.grace, "attempts": args.attempts}
    return rules_file.checked(now._replace(**{name: value for name, value in given.items() if value is not None}))


# -------------------------------------------------------------------------------------------------------- both


def carry_out(args, found, unmatched, seed, everything=False):
    """Grade what is due of `found(book)`, and write all; the exit code."""
    from course_lib.grading import files, outputs, summary, worklist
    from course_lib.grading.gradebook import Gradebook

    files.prepare(args.out)
    with Gradebook(args.out, writing=True) as book:
        some, secret, began = found(book), secret_of(args.out, book, seed), time.monotonic()
        ruled = book.rule(rules_of(args, book.rules()))
        made = worklist.plan(book, some, secret, everything)
        whole = graded(args, book, made, secret)
        let_go()
        outputs.write(args.out, book, (told := summary.Counts()).add)
        code = report(args, book, told, made, unmatched, ruled, time.monotonic() - began)
    if not whole:
        print(EARLY, file=sys.stderr)
    return code if whole else 130


def tell_isolation(required):
    """Say in one line what this system lacks to confine submissions; ValueError where that is `required`."""
    from course_lib.grading import confine, launch

    force = launch.offered()
    if required and confine.essential(force):
        raise ValueError(f"{confine.missing(force)} Leave out --require-isolation to grade all the same.")
    if confine.missing(force):
        print(confine.missing(force), file=sys.stderr)


def secret_of(out, book, seed):
    """The secret of a gradebook; one whose seed.txt is lost needs it back."""
    from course_lib.grading import files

    if book.bound() and seed is None and not (out / files.SEED).exists():
        raise ValueError(f"{out / files.SEED} is gone: put it back, or give --seed, to get the same marks.")
    secret = seed if book.bound() and seed else files.secret_of(out, seed)
    book.bind(secret)
    return files.secret_of(out, secret)


def graded(args, book, made, secret):
    """Grade what is due, with a bar, a line in the log for each, and one in the list of runs; whether all was done."""
    from course_lib.grading import fingerprint, worklist
    from course_lib.grading.isolation import in_force

    with workers_at(args.scheduler) as workers, watching(args, len(made.jobs)) as (bar, log):
        if workers and args.require_isolation:
            workers.demand_isolation()
        isolation = workers.isolation() if workers else in_force()
        number = book.begin(" ".join(sys.argv[1:])[:500], fingerprint.course(), isolation)
        whole = worklist.carry_out(book, made, secret, isolation, seen=log.line, jobs=args.jobs, tick=bar.step,
                               runner=workers)  # fmt: skip
    book.end(number, bar.done, len(made.unchanged), "whole" if whole else "ended by ctrl-C")
    return whole


def let_go():
    """Have all processes end that submissions ran in, while the rest is done here."""
    from course_lib.grading import grade, nursery

    grade.let_go()
    nursery.leave()


def workers_at(address):
    """The workers of a Dask cluster, left at the end; None without an address. ValueError where there are none."""
    if not address:
        return nullcontext()
    from course_lib.grading.cluster import Workers

    return closing(Workers(address))


@contextmanager
def watching(args, total):
    """A bar and the log of a run, ended however the run ends."""
    from course_lib.grading import files
    from course_lib.grading.bar import Bar, Log

    with files.writing(args.out):
        log = Log(args.out / files.LOG, total)
    bar = Bar(total, quiet=args.quiet)
    try:
        yield bar, log
    finally:
        bar.end()
        log.end()


def report(args, book, told, made, unmatched, ruled, seconds):
    """Say what was done, or with ``--quiet`` only what is wrong; the exit code."""
    from course_lib.grading import summary

    if not args.quiet:
        print("\n".join(summary.lines(told, made, ruled, book, args.out, seconds)))
    troubles = [*told.troubles(), *summary.aside(unmatched), *summary.absent(made.gone)]
    if troubles:
        print("\n".join(troubles))
    return 1 if unmatched or made.gone or told.troubles() else 0


def left_aside(pair):
    """A file that was not understood, as a line."""
    return f"  {pair[0]}: {pair[1]}"
