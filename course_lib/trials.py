"""Comparisons that can be trusted: every method on every problem with every seed, and what may be said afterward.

A comparison is planned before it is run: which problems, which seeds, which cost, and how the knobs are set (on other
problems, with as many trials for everybody). What comes out is a table with a row a run; an interval and a profile
are computed from all of it, never from its best row.
"""

from typing import NamedTuple

import numpy as np

PENALTY = 10.0  # a run that fails counts as this many budgets


class Trial(NamedTuple):
    """One run: who, on what, with which seed, the cost at which it reached the target (inf: never), what was left.

    ``final`` is the share of the start's distance to the lowest value that was left when the run ended.
    """

    method: str
    problem: str
    seed: int
    cost: float
    final: float


def run_suite(solvers, problems, seeds):
    """Every solver on every problem with every seed, once.

    Args:
        solvers: ``{name: solve}``, where ``solve(problem, seeds)`` gives the pair (cost, final) of arrays (seeds,), or
            None where the method can't be applied: such a pair of method and problem has no rows, and is no loss.
        problems: ``{name: problem}``.
        seeds: the seeds, a sequence of whole numbers, the same for everybody.

    Returns:
        A list of `Trial`, in the order of the arguments.

    Raises:
        ValueError: a seed occurs twice: a run that is counted twice pretends to be two.
    """
    seeds = list(seeds)
    if len(set(seeds)) < len(seeds):
        raise ValueError("A seed occurs twice: each run counts once.")
    return [trial for problem, what in problems.items() for name, solve in solvers.items()
            for trial in _trials(name, problem, seeds, solve(what, seeds))]  # fmt: skip


def _trials(name, problem, seeds, result):
    if result is None:
        return []
    rows = zip(seeds, *(np.asarray(part, dtype=float).tolist() for part in result), strict=True)
    return [Trial(name, problem, *row) for row in rows]


def cost_table(trials, methods, problems=None):
    """The costs as an array (methods, runs): a column for each problem and seed that all of the methods have run."""
    found = {name: {(t.problem, t.seed): t.cost for t in trials if t.method == name} for name in methods}
    runs = [(t.problem, t.seed) for t in trials if t.method == methods[0] and (not problems or t.problem in problems)]
    return np.array([[found[name][run] for run in runs if all(run in other for other in found.values())]
                     for name in methods])  # fmt: skip


def performance_profile(costs, taus):
    """For each method the share of problems that it solves at no more than tau times the cost of the best there.

    At tau = 1 it says how often a method is the fastest (ties count for each), far to the right how often it arrives at
    all. A problem that nobody solves stays in the denominator (Dolan and More, 2002).

    Args:
        costs: (methods, problems); inf where a method fails.
        taus: (k,), each at least 1.

    Returns:
        (methods, k), rising along the last axis.
    """
    costs = np.asarray(costs, dtype=float)
    best = costs.min(axis=0)
    ratio = np.divide(costs, best, out=np.full(costs.shape, np.inf), where=np.isfinite(costs))
    return (ratio[:, :, None] <= np.asarray(taus) * (1 + 1e-12)).mean(axis=1)


def paired_interval(a, b, rng, n=4000, level=0.95):
    """A percentile bootstrap interval for the mean of a - b, where a[i] and b[i] come from one seed (Efron, 1979).

    Args:
        a, b: (seeds,).
        rng: `numpy.random.Generator`.
        n: resamples.
        level: how often such an interval holds the truth.

    Returns:
        (low, high).
    """
    d = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    means = d[rng.integers(len(d), size=(n, len(d)))].mean(axis=1)
    low, high = np.quantile(means, ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)


def penalized(costs, budget):
    """The mean cost in budgets, a failure counting as `PENALTY` of them ("PAR10"); over the last axis."""
    costs = np.asarray(costs, dtype=float) / budget
    return np.where(np.isfinite(costs), costs, PENALTY).mean(axis=-1)


def best_setting(costs, finals, budget):
    """The index of the setting that a tuner picks: the smallest penalized cost; among equals the smallest remainder.

    Args:
        costs, finals: (settings, seeds), measured on problems that are not those of the comparison.
        budget: what each run could spend.
    """
    with np.errstate(divide="ignore"):
        left = np.log10(np.clip(np.nan_to_num(finals, nan=1e3), 1e-12, 1e3)).mean(axis=-1)
    return int(np.lexsort((left, penalized(costs, budget)))[0])


def tolerance(scores, factor=2.0):
    """The share of the settings whose score is within this factor of the best one.

    Scores are penalized costs; NaN where not even the best setting arrived in every run: its neighbors are then no
    better for being as bad.
    """
    scores = np.asarray(scores, dtype=float)
    return float(np.mean(scores <= factor * scores.min())) if scores.min() <= 1 else np.nan
