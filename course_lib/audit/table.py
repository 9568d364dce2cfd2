"""Findings as rows of numbers, and what follows from the rows: no verdict is written by hand."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_lib.audit.declare import CLAIMS

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
    sample = np.asarray(finding.sample, dtype=float)
    low, high = interval(sample)
    numbers = (float(f"{number:.6g}") for number in (sample.mean(), low, high))
    return Row(letter, finding.condition, finding.measure, float(finding.margin), len(sample), *numbers)


def interval(sample, level=0.95, n=4000):
    """A confidence interval for the mean of a sample: Wilson's for shares of hits, else a percentile bootstrap.

    Wilson (1927) does not collapse when all are hits or none is; the bootstrap is Efron's (1979).

    Args:
        sample: (seeds,); zeros and ones alone are hits.
        level: how often such an interval holds the truth.
        n: resamples.
    """
    sample = np.asarray(sample, dtype=float)
    if np.isin(sample, (0, 1)).all():
        return wilson(sample.mean(), len(sample))
    picks = np.random.default_rng(0).integers(len(sample), size=(n, len(sample)))
    tail = (1 - level) / 2
    return tuple(np.quantile(sample[picks].mean(axis=1), (tail, 1 - tail)).tolist())


def wilson(share, n, z=1.96):
    """Wilson's interval for a share of hits among n."""
    center, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return float((center - half) / (1 + z**2 / n)), float((center + half) / (1 + z**2 / n))


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
