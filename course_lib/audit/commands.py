"""``python -m course_lib audit`` and ``bakeoff``: measure anew, show what comes out, write the tables of lesson 12."""

from pathlib import Path

from course_lib.audit import bakeoff, table
from course_lib.audit.declare import CLAIMS


def add_audit(commands):
    """``audit [LETTER ...] [--quick] [--seeds N] [--out FILE]``."""
    command = commands.add_parser("audit", help="measure what popular articles claim, and say what holds")
    command.add_argument("letters", nargs="*", metavar="LETTER", help="claims, a to n; all without")
    command.add_argument("--quick", action="store_true", help="the quick form of each experiment, as in lesson 12")
    command.add_argument("--seeds", type=int, metavar="N", help="at least 30; 100 without, 30 with --quick")
    command.add_argument("--out", type=Path, metavar="FILE", help="write the numbers here, as CSV")
    command.set_defaults(run=audit)


def audit(args):
    """Measure, print each verdict with its numbers as it comes, and write them if asked; the exit code."""
    rows = []
    for letter in args.letters or sorted(CLAIMS):
        rows += (mine := table.audit(letter, not args.quick, args.seeds))
        print("\n".join([f"({letter}) {CLAIMS[letter].text}", *map(line, mine), f"    {said(mine)}", ""]), flush=True)
    if args.out:
        table.write(rows, args.out)
        print(f"{len(rows)} findings written to {args.out}.")
    return 0


def line(row):
    """A finding as a line of text."""
    return (f"    {row.measure} when {row.condition}: {row.mean:.3g} [{row.low:.3g}, {row.high:.3g}] against "
            f"{row.margin:g}, {row.seeds} seeds: {table.verdict_of_row(row)}")  # fmt: skip


def said(rows):
    """The verdict with its condition."""
    verdict = table.verdict(rows)
    return f"=> {verdict.verdict}" + (f": {verdict.condition}" if verdict.condition else "")


def add_bakeoff(commands):
    """``bakeoff [CLASS ...] [--runs N] [--out FILE]``."""
    command = commands.add_parser("bakeoff", help="race nine families of optimizers on twelve classes of problems")
    command.add_argument("classes", nargs="*", metavar="CLASS", help="classes of problems, e.g. valley; all without")
    command.add_argument("--runs", type=int, default=bakeoff.RUNS, metavar="N", help="runs in the race; at least 30")
    command.add_argument("--out", type=Path, metavar="FILE", help="write the runs here, as CSV, and the tuning beside")
    command.set_defaults(run=run_bakeoff)


def run_bakeoff(args):
    """Measure class by class, print the shares as they come, and write the rows if asked; the exit code."""
    if unknown := set(args.classes) - set(bakeoff.ARENAS):
        raise ValueError(f"There is no class {min(unknown)!r}: choose among {', '.join(bakeoff.ARENAS)}.")
    if args.runs < table.FEWEST_SEEDS:
        raise ValueError(f"A statement about randomness rests on at least {table.FEWEST_SEEDS} runs, not {args.runs}.")
    rows, tuned = [], []
    for name in args.classes or bakeoff.ARENAS:
        mine, log = bakeoff.bakeoff([name], runs=args.runs)
        print("\n".join([name, *map(standing, bakeoff.standings(mine)), ""]), flush=True)
        rows, tuned = rows + mine, tuned + log
    if args.out:
        bakeoff.write(rows, args.out)
        bakeoff.write(tuned, args.out.with_stem(f"{args.out.stem}_tuning"))
        print(f"{len(rows)} runs written to {args.out}, the tuning beside it.")
    return 0


def standing(one):
    """What a family did on a class, as a line of text."""
    return (f"    {one.method:18} arrives in {one.share:4.0%} [{one.low:.0%}, {one.high:.0%}], "
            f"median cost of all runs {one.cost:.4g}")  # fmt: skip
