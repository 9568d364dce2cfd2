"""Print what came of each: `python -m tests.hostile [--names a,b] [--without namespaces,landlock]`."""

import argparse
import sys

from course_lib.grading.sandbox import Sandbox

from .runner import (
    HONEST,
    SHORT,
    alone,
    beyond,
    grade,
    hand_in,
    lacking,
    lacks,
    marks,
    place,
    safe_here,
    snapshot,
)


def main():
    """Grade one after the other, an honest submission after each, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--names", type=lambda text: text.split(","))
    parser.add_argument("--without", type=lambda text: text.split(","), default=[])
    options = parser.parse_args()
    with place() as (folder, loot), Sandbox(SHORT, without=options.without) as sandbox:
        chosen = [entry for entry in safe_here(sandbox.isolation) if entry.name in (options.names or [entry.name])]
        found = {one.student: one for one in hand_in(folder, loot, chosen)}
        rows = table(chosen, found, loot, sandbox)
        print(lacks(sandbox.isolation))
    sys.exit(1 if any(rows) else 0)


def table(chosen, found, loot, sandbox):
    """Print the table; for each entry whether anything is amiss."""
    heads = "{:28}{:>21}{:>8}{:>14}{:>8}{:>6}{:>5}"
    print(heads.format("name", "points beyond earned", "too few", "others harmed", "seconds", "MB", "left"))
    honest = {name: marks(grade(found[name], sandbox)) for name in HONEST}
    before, totals, amiss = snapshot(loot), [0, 0, 0, 0, 0, 0], []
    for entry in chosen:
        row = line(entry, found.get(entry.name), honest, found, sandbox)
        now = snapshot(loot)
        row[5] += now != before
        before = now
        print(written(entry.name, row), flush=True)
        totals = [max(a, b) if i == 4 else a + b for i, (a, b) in enumerate(zip(totals, row))]
        amiss.append(bool(row[0] or row[1] or row[2] or row[5]))
    print(written(f"{len(chosen)} in all", totals))
    return amiss


def written(name, row):
    """A line of the table."""
    return "{:28}{:21g}{:8}{:14}{:8.1f}{:6.0f}{:5}".format(name, *row)


def line(entry, found_one, honest, found, sandbox):
    """[points beyond earned, exercises with too few, others harmed, seconds, MB, left behind] of one entry."""
    if found_one is None:  # not even found: it is listed as unmatched
        return [0, 0, 0, 0.0, 0.0, 0]
    graded, seconds, most, left = alone(entry, found_one, sandbox)
    harmed = sum(marks(grade(found[name], sandbox)) != honest[name] for name in ("honest-05",))
    return [beyond(entry, graded), len(lacking(entry, graded)), harmed, seconds, most / 1e6, left]


if __name__ == "__main__":
    main()
