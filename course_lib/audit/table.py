"""Findings as rows of numbers, and what follows from the rows: no verdict is written by hand."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_lib.audit.declare import CLAIMS
from course_lib.trials import paired_interval

MEASURED = Path(__file__).with_name("claims.csv")
SUPPORTED, REFUTED, UNDECIDED, CONDITIONAL = "supported", "refuted", "undecided", "conditional"
FEWEST_SEEDS = 30


class Row(NamedTuple):
    """A finding in numbers: its mean over the seeds, and the ends of a 95 % interval for it."""

    claim: str
    condition: str
    measure: str
    margin: float
    seeds: int
    mean: float
    low: float
    high: float


class Verdict(NamedTuple):
    """The verdict on a claim, and its condition in words ("" where it holds or fails throughout)."""

    claim: str
    verdict: str
    condition: str


def audit(letter, full=False, seeds=None):
    """Measure a claim anew; its list of `Row`.

    Args:
        letter: which, "a" to "n".
        full: the full form, as in the committed table; else the quick form.
        seeds: how many seeds, at least 30.

    Raises:
        ValueError: there is no such claim, or the seeds are too few for a statement about randomness.
    """
    if letter not in CLAIMS:
        raise ValueError(f"There is no claim {letter!r}: choose among {', '.join(sorted(CLAIMS))}.")
    seeds = (100 if full else FEWEST_SEEDS) if seeds is None else seeds
    if seeds < FEWEST_SEEDS:
        raise ValueError(f"A statement about randomness rests on at least {FEWEST_SEEDS} seeds, not {seeds}.")
    with np.errstate(all="ignore"):  # a run that diverges is a result, not a warning
        return [row(letter, finding) for finding in CLAIMS[letter].experiment(seeds, full)]


def row(letter, finding):
    """The numbers of a `Finding`."""
    sample = np.asarray(finding.sample)
    numbers = (float(f"{number:.6g}") for number in (sample.mean(), *interval(sample)))
    return Row(letter, finding.condition, finding.measure, float(finding.margin), len(sample), *numbers)


def interval(sample, n=4000):
    """A 95 % confidence interval for the mean of a sample, by the rule that suits what the sample holds.

    Hits (bool) have Wilson's (1927), differences of hits (-1, 0, 1) that of Agresti and Min (2005): neither collapses
    when all numbers are equal. Other numbers have the percentile bootstrap (Efron, 1979).

    Args:
        sample: (seeds,).
        n: resamples of the bootstrap.
    """
    sample = np.asarray(sample)
    if sample.dtype == bool:
        return hits_interval(sample)
    if np.isin(sample, (-1, 0, 1)).all():
        return gain_interval(sample)
    return paired_interval(sample, np.zeros(len(sample)), np.random.default_rng(0), n)


def hits_interval(hits, z=1.96):
    """Wilson's interval for a share of hits (n,)."""
    n, share = len(hits), hits.mean()
    center, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, float(center - half) / (1 + z**2 / n)), min(1.0, float(center + half) / (1 + z**2 / n))


def gain_interval(gains, z=1.96):
    """Agresti and Min's interval for the mean of gains and losses of pairs (n,): half a pair is added to each kind."""
    n, net, apart = len(gains) + 2, gains.sum(), np.abs(gains).sum() + 1
    half = z * np.sqrt(apart - net**2 / n) / n
    return float(net / n - half), float(net / n + half)


# --------------------------------------------------------------------------------------------------- verdicts


def verdict_of_row(row):
    """What a row says of the claim: the interval lies above the margin, below it, or on both sides."""
    return SUPPORTED if row.low > row.margin else REFUTED if row.high < row.margin else UNDECIDED


def verdict(rows):
    """The `Verdict` on the one claim that these rows are about."""
    by = {}
    for one in rows:
        by.setdefault(verdict_of_row(one), []).append(one.condition)
    whole = next(iter(by)) if len(by) == 1 else CONDITIONAL
    words = "; ".join(f"{name} when {', '.join(by[name])}" for name in (SUPPORTED, REFUTED, UNDECIDED) if name in by)
    return Verdict(rows[0].claim, whole, words if whole == CONDITIONAL else "")


# ------------------------------------------------------------------------------------------------------ files


def write(rows, path=MEASURED):
    """Write rows as CSV, in the order of the claims."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Row._fields)
        table.writerows(sorted(rows, key=lambda row: row.claim))


def read(path=MEASURED):
    """``{letter: [Row, ...]}`` of a file, by default the one measured in full."""
    found = {}
    with open(path, newline="", encoding="utf-8") as file:
        for one in csv.DictReader(file):
            one |= {"seeds": int(one["seeds"])} | {name: float(one[name]) for name in ("margin", "mean", "low", "high")}
            found.setdefault(one["claim"], []).append(Row(**one))
    return found
