"""The bake-off: nine families on twelve classes of problems at equal cost, and the table that follows from it.

Each family is tuned on instances of its own, `TUNING` runs for each of at most twelve settings; then it races with the
setting that was best there on instances that nobody has seen, `RUNS` of them. ``python -m course_lib bakeoff --out
course_lib/audit/bakeoff.csv`` measures everything anew.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_lib.audit.arena import ARENAS
from course_lib.audit.contestants import FALL, FAMILIES, SETTINGS, entry
from course_lib.audit.table import hits_interval
from course_lib.optimizers import PopulationState
from course_lib.run import Ledger, iterates
from course_lib.trials import Trial, best_setting, penalized, run_suite

MEASURED = Path(__file__).with_name("bakeoff.csv")
TUNED = Path(__file__).with_name("bakeoff_tuning.csv")
RUNS, TUNING = 40, 12


class Tuned(NamedTuple):
    """One setting of a family on a class: what it is, its score (mean cost in budgets, a failure is 10), and whether
    it was the one to race with."""

    method: str
    problem: str
    setting: str
    score: float
    chosen: int


def bakeoff(names=None, families=FAMILIES, runs=RUNS, tuning=TUNING):
    """Tune and race.

    Args:
        names: classes of problems, by default all of `ARENAS`.
        families: by default all of `FAMILIES`.
        runs: how many each family makes in the race.
        tuning: how many each of its settings is given before, on other instances.

    Returns:
        A list of `Trial` and a list of `Tuned`.
    """
    log = []
    solvers = {family: solver(family, tuning, log) for family in families}
    with np.errstate(all="ignore"):  # a run that diverges is a result, not a warning
        return run_suite(solvers, {name: ARENAS[name] for name in names or ARENAS}, range(runs)), log


def solver(family, tuning, log):
    """``solve(arena, seeds)`` for `run_suite`: tune on other instances, write that down, then race."""

    def solve(arena, seeds):
        what = entry(family, arena.kind)
        if what is None:
            return None
        scores = compete(arena, family, what, what.settings, tuning, spare=True)
        best = best_setting(*scores, arena.budget)
        for i, (setting, score) in enumerate(zip(what.settings, penalized(scores[0], arena.budget), strict=True)):
            log.append(Tuned(family, arena.name, in_words(setting), float(f"{score:.4g}"), int(i == best)))
        return [part[0] for part in compete(arena, family, what, [what.settings[best]], len(seeds), spare=False)]

    return solve


def in_words(setting):
    """A setting as text: "lr=0.1", or "" where nothing is set."""
    return " ".join(f"{name}={value:.3g}" for name, value in setting.items())


def compete(arena, family, what, settings, runs, spare):
    """The costs and the remainders of some settings on fresh instances, both (settings, runs)."""
    instance = arena.make(np.random.default_rng([*arena.name.encode(), spare]), runs, spare)
    rng = np.random.default_rng([*family.encode(), *arena.name.encode(), spare])
    if what.common:
        parts = [measured(what, instance, [setting], arena, rng) for setting in settings]
        return tuple(np.concatenate(part) for part in zip(*parts, strict=True))
    if not spare and arena.kind == "data" and not instance.f.linear:  # all runs of an array would see the same order
        parts = [measured(what, instance.only(i), settings, arena, rng) for i in range(runs)]
        return tuple(np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
    return measured(what, instance, settings, arena, rng)


def measured(what, instance, settings, arena, rng):
    """Run all settings on all runs of an instance as one array: when each arrived, and what share was left."""
    big, ledger = instance.times(len(settings)), None
    ledger = Ledger(big.f, runs=len(big.x0))
    state = what.start(big.x0, big.f, rng)
    first = big.f(big.x0)
    knobs = shaped(settings, len(instance.x0), isinstance(state, PopulationState), first, arena.budget)
    apart = what.batch is not None and big.f.linear
    states = iterates(what.step, state, ledger.view(), rng, what.batch, apart, **knobs)
    every = 1 if what.batch is None else max(1, big.f.n // what.batch // 4)
    cost, best = watched(states, ledger, big, arena, first, every)
    left = (best - big.floor) / (first - big.floor)
    return cost.reshape(len(settings), -1), left.reshape(len(settings), -1)


def watched(states, ledger, big, arena, first, every):
    """Follow the states until the budget is spent or all have arrived: when each did, and the lowest value it saw."""
    best, cost = first.copy(), np.full(len(first), np.inf)
    target = big.floor + arena.goal * (first - big.floor)
    next(states)
    for t, state in enumerate(states, start=1):
        if ledger.cost > arena.budget * (1 + 1e-9):
            break
        if t % every == 0:
            best = np.fmin(best, seen(state, big.f))
            cost = np.where(np.isinf(cost) & (best <= target), ledger.cost, cost)
            if np.isfinite(cost).all():  # all have arrived
                break
    return cost, best


def seen(state, f):
    """The value that a state stands for: its own where it knows it, else the objective's; of many the lowest."""
    y = getattr(state, "y", None)
    y = f(state.x) if y is None else y
    return np.fmin.reduce(y, axis=-1) if isinstance(state, PopulationState) else y


def shaped(settings, runs, population, first, budget):
    """The knobs of all settings as arrays that broadcast over the runs; one setting alone keeps its numbers.

    The first temperature counts in heights of the start; it falls to a thousandth over the budget.
    """
    names = settings[0]
    if len(settings) == 1 and "start" not in names:
        return dict(settings[0])
    knobs = {name: np.repeat([setting[name] for setting in settings], runs) for name in names}
    wide = {name: value if name == "start" else value.reshape(-1, *[1] * (2 if population else 1))
            for name, value in knobs.items()}  # fmt: skip
    return wide | ({"start": wide["start"] * np.abs(first), "cooling": FALL ** (1 / budget)} if "start" in wide else {})


# ----------------------------------------------------------------------------------------------- what follows


class Standing(NamedTuple):
    """What a family did on a class: the share of runs that arrived, its 95 % interval, the median cost of all runs."""

    method: str
    problem: str
    share: float
    low: float
    high: float
    cost: float


def standings(trials):
    """The `Standing` of each pair of family and class that has runs, in their order."""
    found = {}
    for one in trials:
        found.setdefault((one.method, one.problem), []).append(one.cost)
    return [Standing(*pair, *shares(np.isfinite(costs)), float(np.quantile(costs, 0.5, method="lower")))
            for pair, costs in found.items()]  # fmt: skip


def shares(hits):
    """The share of hits, and Wilson's interval for it."""
    return float(np.mean(hits)), *hits_interval(np.asarray(hits))


# --------------------------------------------------------------------------------------------------------- files


def write(rows, path):
    """Write `Trial` or `Tuned` rows as CSV."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(rows[0]._fields)
        table.writerows([f"{part:.4g}" if isinstance(part, float) else part for part in row] for row in rows)


def read(path=MEASURED):
    """The list of `Trial` of a file, by default that of the full bake-off."""
    with open(path, newline="", encoding="utf-8") as file:
        return [Trial(one["method"], one["problem"], int(one["seed"]), float(one["cost"]), float(one["final"]))
                for one in csv.DictReader(file)]  # fmt: skip


def read_tuned(path=TUNED):
    """The list of `Tuned` of a file."""
    with open(path, newline="", encoding="utf-8") as file:
        return [Tuned(one["method"], one["problem"], one["setting"], float(one["score"]), int(one["chosen"]))
                for one in csv.DictReader(file)]  # fmt: skip


__all__ = ["ARENAS", "FAMILIES", "RUNS", "SETTINGS", "Standing", "TUNING", "Tuned", "bakeoff", "read", "read_tuned",
           "shares", "standings", "write"]  # fmt: skip
