"""A leaderboard without a server: each entry is a file, a folder of entries is a table.

An entry is a search, ``search(ask, rng)``, that may put `BUDGET` questions about points of the unit cube of four
dimensions. It runs on every problem of the suite with every seed, and its file holds the best value of each run.
"""

import csv
from contextlib import suppress
from pathlib import Path

import numpy as np

from course_lib.problems import Ackley, Griewank, Rastrigin, Rosenbrock, Schwefel, StyblinskiTang
from course_lib.trials import paired_interval

DIM, BUDGET, SEEDS = 4, 300, range(30)
SURFACES = (Rosenbrock(DIM), Rastrigin(DIM), Ackley(DIM), Griewank(DIM), Schwefel(DIM), StyblinskiTang(DIM))
SUITE = {type(f).__name__: f for f in SURFACES}
FIELDS = ("entry", "problem", "seed", "gap")


def entry(name, search, folder=None):
    """Run a search on the suite; ``{(problem, seed): gap}``, where a gap is the best value less the lowest there is.

    Args:
        name: what the entry is called, also its file.
        search: ``search(ask, rng)``; ask takes a point (DIM,) of the unit cube, a point outside is pulled in.
        folder: write ``<name>.csv`` there; without one nothing is written.
    """
    gaps = {(problem, seed): best_of(search, f, seed) for problem, f in SUITE.items() for seed in SEEDS}
    if folder is not None:
        with open(Path(folder) / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(FIELDS)
            table.writerows((name, *run, f"{gap:.6g}") for run, gap in gaps.items())
    return gaps


def best_of(search, f, seed):
    """The smallest gap among the first `BUDGET` answers of one run."""
    low, high = f.bounds
    shift = np.random.default_rng([seed, DIM]).uniform(0, 0.1, DIM)  # so that no corner or center is the answer
    answers = []

    def ask(x):
        if len(answers) < BUDGET:
            inside = np.clip(np.asarray(x, dtype=float) - shift, 0, 1)
            answers.append(float(f(low + (high - low) * inside)) - f.card.value)
            return answers[-1]
        raise Spent

    with suppress(Spent):
        search(ask, np.random.default_rng(seed))
    return min(answers, default=np.inf)


class Spent(Exception):
    """The budget of a run is used up; nobody has to catch this."""


def collect(folder):
    """The entries of all CSV files in a folder, ``{name: {(problem, seed): gap}}``.

    Raises:
        ValueError: a file is no entry, or there is none.
    """
    entries = {}
    for path in sorted(Path(folder).glob("*.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if not rows or tuple(rows[0]) != FIELDS:
            raise ValueError(f"{path.name} is no entry: it needs the columns {', '.join(FIELDS)}.")
        for row in rows:
            entries.setdefault(row["entry"], {})[row["problem"], int(row["seed"])] = float(row["gap"])
    if not entries:
        raise ValueError(f"There are no entries in {folder}.")
    return entries


def ranking(entries):
    """Rows (name, points, low, high): the share of all duels that an entry wins, with an interval, the best first.

    A duel is a run of two entries on one problem with one seed; a tie is half a win. The interval is a bootstrap over
    the seeds.
    """
    names = list(entries)
    runs = [run for run in entries[names[0]] if all(run in other for other in entries.values())]
    gaps = np.array([[entries[name][run] for run in runs] for name in names])
    seeds = np.array([seed for _, seed in runs])
    rows = [row_of(name, won(gaps, i), seeds) for i, name in enumerate(names)]
    return sorted(rows, key=lambda row: -row[1])


def won(gaps, i):
    """For each run the share of the others that entry i beats."""
    others = np.delete(gaps, i, axis=0)
    return ((gaps[i] < others) + 0.5 * (gaps[i] == others)).mean(axis=0) if len(others) else np.ones(gaps.shape[1])


def row_of(name, points, seeds):
    each = np.array([points[seeds == seed].mean() for seed in np.unique(seeds)])
    return (name, float(each.mean()), *paired_interval(each, np.zeros(len(each)), np.random.default_rng(0)))


def add_leaderboard(commands):
    """``leaderboard FOLDER``."""
    command = commands.add_parser("leaderboard", help="rank the entries of a folder, one CSV file each (lesson 12)")
    command.add_argument("folder", type=Path)
    command.set_defaults(run=run_leaderboard)


def run_leaderboard(args):
    """Print the ranking; the exit code."""
    for place, (name, points, low, high) in enumerate(ranking(collect(args.folder)), start=1):
        print(f"{place:3}  {name:24} wins {points:.0%} of its duels [{low:.0%}, {high:.0%}]")
    return 0
