"""The leaderboard: entries of equal cost, files that can be collected, a ranking by duels."""

import numpy as np
import pytest

from course_lib.__main__ import main
from course_lib.learner import leaderboard
from course_lib.learner.leaderboard import BUDGET, DIM, SUITE, collect, entry, ranking


def anywhere(ask, rng):
    for _ in range(3 * BUDGET):
        ask(rng.random(DIM))


def lazy(ask, rng):
    ask(rng.random(DIM))


def test_the_budget_ends_a_run():
    """Whoever asks more often would win."""
    asked = []

    def counting(ask, rng):
        while True:
            asked.append(ask(rng.random(DIM)))

    leaderboard.best_of(counting, SUITE["Ackley"], 0)
    assert len(asked) == BUDGET


def test_files_become_a_ranking(tmp_path, capsys, monkeypatch):
    """A lecturer could not collect the entries of a class."""
    monkeypatch.setattr(leaderboard, "SEEDS", range(6))
    for name, search in (("anywhere", anywhere), ("lazy", lazy)):
        entry(name, search, tmp_path)
    assert set(collect(tmp_path)) == {"anywhere", "lazy"}
    assert main(["leaderboard", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "anywhere" in lines[0] and "lazy" in lines[1]


def test_duels():
    """A tie would count for one of the two, or the points not add up."""
    runs = [("p", 0), ("p", 1), ("q", 0), ("q", 1)]
    entries = {name: dict(zip(runs, gaps)) for name, gaps in (("a", [1, 1, 1, 1]), ("b", [2, 2, 1, 0]), ("c", [3] * 4))}
    points = {name: share for name, share, *_ in ranking(entries)}
    assert points == {"a": pytest.approx(3.25 / 4), "b": pytest.approx(2.75 / 4), "c": 0}
    assert np.isclose(sum(points.values()), len(points) / 2)


def test_what_is_no_entry_is_refused(tmp_path):
    """A file of somebody's shopping would stop the ranking without a word."""
    with pytest.raises(ValueError, match="no entries"):
        collect(tmp_path)
    (tmp_path / "x.csv").write_text("milk,2\n")
    with pytest.raises(ValueError, match=r"x\.csv is no entry"):
        collect(tmp_path)
