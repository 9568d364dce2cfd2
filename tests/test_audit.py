"""The audit: intervals that hold what they promise, verdicts from numbers, a table that can be made again."""

import numpy as np
import pytest

from course_lib.audit import CLAIMS, Row, audit, interval, read, verdict, verdict_of_row, write


def row(low, high, margin=0.0, condition="always"):
    return Row("a", condition, "share", margin, 30, (low + high) / 2, low, high)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.1, 0.2, "supported"), (-0.2, -0.1, "refuted"), (-0.1, 0.1, "undecided"),
     (-0.05, 0.15, "undecided"), (-0.15, 0.05, "undecided"), (0.0, 0.1, "undecided"), (-0.1, 0.0, "undecided")],
)
def test_a_row_is_judged_by_its_whole_interval(low, high, word):
    """An interval on both sides of the margin counted as a refutation would call every small study a disproof."""
    assert verdict_of_row(row(low, high)) == word


def test_mixed_rows_make_a_condition():
    """A claim that holds here and fails there is neither true nor false: the verdict must name both places."""
    mixed = verdict([row(0.1, 0.2, condition="x"), row(-0.2, -0.1, condition="y"), row(-1, 1, condition="z")])
    assert mixed.verdict == "conditional"
    assert mixed.condition == "supported when x; refuted when y; undecided when z"


def test_agreeing_rows_need_no_condition():
    """A claim that holds throughout with a condition attached would look weaker than it is."""
    assert verdict([row(0.1, 0.2), row(0.3, 0.4)])[1:] == ("supported", "")


def gains(rng, n):
    return np.subtract(*(rng.random((2, n)) < [[0.6], [0.5]]).astype(float))


@pytest.mark.parametrize("draw", [lambda rng, n: rng.exponential(size=n), lambda rng, n: rng.random(n) < 0.9, gains])
def test_intervals_hold_the_truth_as_often_as_they_say(draw):
    """An interval that is too narrow decides what is undecided; of 95 % ones from 40 numbers over 9 in 10 must hold."""
    rng = np.random.default_rng(5)
    truth = draw(np.random.default_rng(6), 10**6).mean()
    held = [low <= truth <= high for low, high in (interval(draw(rng, 40), n=800) for _ in range(400))]
    assert 0.9 <= np.mean(held) <= 0.99


def test_a_table_survives_writing_and_reading(tmp_path):
    """A number that changes on its way through the file could turn a verdict."""
    rows = [row(0.1, 0.2), row(-0.25, 0.125, condition='with a comma, and "quotes"')]
    write(rows, tmp_path / "claims.csv")
    assert read(tmp_path / "claims.csv") == {"a": rows}


def test_too_few_seeds_are_refused():
    """A verdict from five seeds is an anecdote."""
    with pytest.raises(ValueError, match="at least 30 seeds"):
        audit("a", seeds=5)


@pytest.mark.parametrize("letter", sorted(CLAIMS))
def test_the_quick_form_measures_what_it_says(letter):
    """A claim whose experiment yields NaN, or a different list of conditions than its table, audits nothing."""
    rows = audit(letter)
    assert rows
    assert all(np.isfinite([r.mean, r.low, r.high]).all() and r.low <= r.mean <= r.high for r in rows)
    assert all(r.seeds >= 30 for r in rows)
    assert audit(letter) == rows, "the same seeds must give the same numbers"
