"""``python -m course_lib audit``: measure the claims anew, show the verdicts, and write the table of lesson 12."""

from pathlib import Path

from course_lib.audit import table
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
