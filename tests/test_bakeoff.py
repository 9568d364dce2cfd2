"""The bake-off: equal cost, tuned elsewhere, floors that are floors; a table whose words follow from its numbers."""

import numpy as np
import pytest

from course_lib.__main__ import main
from course_lib.audit import bakeoff, guide
from course_lib.audit.arena import ARENAS
from course_lib.audit.bakeoff import Standing, compete
from course_lib.audit.contestants import FAMILIES, SETTINGS, entry
from course_lib.problems import tour_length
from course_lib.run import Ledger

CHEAP = ("bowl", "tumors", "outliers", "bits", "tours")


@pytest.fixture(scope="module")
def full():
    return bakeoff.read()


@pytest.fixture(scope="module")
def tuned():
    return bakeoff.read_tuned()


def instance(name, runs=5, spare=False):
    return ARENAS[name].make(np.random.default_rng(3), runs, spare)


# ------------------------------------------------------------------------------------------------- the arena


@pytest.mark.parametrize("name", ARENAS)
def test_nobody_starts_or_gets_below_the_floor(name):
    """A gap would be negative, and the target out of reach or reached at the start."""
    some = instance(name)
    first = some.f(some.x0)
    assert first.shape == (5,) and (first > some.floor).all()


@pytest.mark.parametrize("name", [name for name, arena in ARENAS.items() if arena.kind in ("smooth", "data")])
def test_slopes_are_those_of_the_values(name):
    """A gradient method would race on another surface than the others."""
    some, rng = instance(name), np.random.default_rng(0)
    way = rng.standard_normal(some.x0.shape) * 1e-5
    rise = some.f(some.x0 + way) - some.f(some.x0 - way)
    assert np.allclose(rise, 2 * (some.f.grad(some.x0) * way).sum(-1), rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("name", ARENAS)
def test_runs_are_apart(name):
    """The value of a run would depend on the runs beside it, or a population be judged by another run's problem."""
    some = instance(name)
    pair = np.stack([some.x0, some.x0[:, ::-1]], axis=1)
    assert np.allclose(some.f(pair)[:, 0], some.f(some.x0))
    doubled = some.times(2)
    assert np.allclose(doubled.f(doubled.x0), np.tile(some.f(some.x0), 2))


def test_lengths_of_tours():
    """The cities of another run would be visited."""
    some = instance("tours")
    assert np.allclose(some.f(some.x0), [tour_length(D, x) for D, x in zip(some.f.D, some.x0)])


def test_tuning_sees_other_instances():
    """A method would be tuned on what it is judged by."""
    for name, arena in ARENAS.items():
        race, other = (arena.make(np.random.default_rng([*name.encode(), spare]), 4, spare) for spare in (False, True))
        assert not np.array_equal(race.x0, other.x0)
        if arena.kind == "data":
            assert race.f.X.shape != other.f.X.shape or not np.array_equal(race.f.X, other.f.X)


# ------------------------------------------------------------------------------------------------ contestants


def test_nobody_has_more_settings():
    """Somebody would win by being tried more often."""
    whats = [entry(family, arena.kind) for family in FAMILIES for arena in ARENAS.values()]
    assert max(len(what.settings) for what in whats if what) == SETTINGS


def test_who_cannot_be_applied():
    """A gradient method on tours would be a loss, or a search without gradients left out."""
    blind = ("bits", "tours", "steps")
    assert all(entry(family, kind) is None for family in ("adam", "sgd", "momentum") for kind in blind)
    assert entry("sgd", "smooth") is None
    assert all(entry(family, arena.kind) for family in ("genetic", "annealing", "random_search", "grid_search")
               for arena in ARENAS.values())  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_nobody_spends_more(family, monkeypatch):
    """A step that passes the budget would be counted, and whoever takes large steps would win."""
    ledgers = []
    monkeypatch.setattr(bakeoff, "Ledger", lambda f, runs: ledgers.append(Ledger(f, runs)) or ledgers[-1])
    for name in CHEAP:
        arena = ARENAS[name]
        what = entry(family, arena.kind)
        if what:
            cost, left = compete(arena, family, what, what.settings[:1], 3, False)
            assert cost.shape == left.shape == (1, 3)
            assert (cost[np.isfinite(cost)] <= arena.budget * (1 + 1e-6)).all()
            assert (left >= -1e-9).all() and (left <= 1 + 1e-9).all()


def test_gradient_descent_on_the_bowl_is_as_computed():
    """Costs would be off: on a bowl the number of steps to a millionth is known in closed form."""
    arena, lr = ARENAS["bowl"], 0.1
    cost, _ = compete(arena, "gradient_descent", entry("gradient_descent", "smooth"), [{"lr": lr}], 6, False)
    some = arena.make(np.random.default_rng([*b"bowl", False]), 6, False)
    u, L = some.f.inside(some.x0)[:, 0], np.geomspace(1, 10, 10)
    heights = np.array([(L * (u * (1 - lr * L) ** t) ** 2).sum(axis=1) for t in range(200)])
    assert cost[0].tolist() == (heights > 1e-6 * heights[0]).sum(axis=0).tolist()


def test_settings_in_one_array_do_not_mix():
    """A setting would be judged by the knobs of another."""
    arena, what = ARENAS["bowl"], entry("momentum", "smooth")
    together, _ = compete(arena, "momentum", what, what.settings[5:8], 4, True)
    alone = [compete(arena, "momentum", what, [setting], 4, True)[0][0] for setting in what.settings[5:8]]
    assert np.array_equal(together, alone)


# ---------------------------------------------------------------------------------------------- the committed


def test_the_committed_table_is_complete(full, tuned):
    """A class, a family or a run would be missing from the table that lesson 12 shows."""
    pairs = {(family, name) for family in FAMILIES for name, arena in ARENAS.items() if entry(family, arena.kind)}
    counts = {}
    for one in full:
        counts[one.method, one.problem] = counts.get((one.method, one.problem), 0) + 1
    assert set(counts) == pairs == {(one.method, one.problem) for one in tuned}
    assert set(counts.values()) == {bakeoff.RUNS} and bakeoff.RUNS >= 30
    chosen = [(one.method, one.problem) for one in tuned if one.chosen]
    assert sorted(chosen) == sorted(pairs)


@pytest.mark.parametrize("name, family", [("bowl", "momentum"), ("tumors", "adam"), ("bits", "annealing")])
def test_the_committed_rows_can_be_made_again(name, family, full):
    """The table would come from other code than this."""
    again, _ = bakeoff.bakeoff([name], [family])
    costs = [[one.cost for one in some if (one.method, one.problem) == (family, name)] for some in (again, full)]
    assert np.allclose(np.sort(costs[0]), np.sort(costs[1]), rtol=1e-3)


def test_a_table_survives_writing(tmp_path, full, tuned):
    """A number that changes on its way through the file could turn a word."""
    bakeoff.write(full[:50], tmp_path / "a.csv")
    bakeoff.write(tuned[:50], tmp_path / "b.csv")
    assert bakeoff.read(tmp_path / "a.csv") == full[:50] and bakeoff.read_tuned(tmp_path / "b.csv") == tuned[:50]


def test_the_command_refuses(capsys):
    """A misspelled class, or an anecdote of five runs, would be measured."""
    assert main(["bakeoff", "bowls"]) == 2 and "choose among bowl" in capsys.readouterr().err
    assert main(["bakeoff", "bowl", "--runs", "5"]) == 2 and "at least 30" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------- the words


def standing(method, share, cost, n=40):
    low, high = bakeoff.shares(np.arange(n) < share * n)[1:]
    return Standing(method, "p", share, low, high, cost)


def test_words_follow_from_numbers():
    """A family would be called strong that is slow, unreliable, or was never applied."""
    rows = [standing("fast", 1.0, 50.0), standing("near", 0.95, 90.0), standing("slow", 1.0, 500.0),
            standing("shaky", 0.5, 40.0), standing("poor", 0.1, np.inf)]  # fmt: skip
    words = [guide.word(one, rows) for one in [*rows, None]]
    assert words == ["strong", "strong", "arrives", "unsure", "weak", "-"]


def test_where_nobody_arrives_nobody_is_strong():
    """Equal failures would be called equal strengths."""
    rows = [standing("a", 0.0, np.inf), standing("b", 0.0, np.inf)]
    assert [guide.word(one, rows) for one in rows] == ["weak", "weak"]


def test_memory_is_counted():
    """The table would give a method another memory than its state has."""
    known = {"gradient_descent": 0, "momentum": 1, "rmsprop": 1, "adam": 2, "genetic": 39, "annealing": 0}
    assert {family: guide.memory(family) for family in known} == known


def test_the_article_table(full, tuned):
    """A method would have no row, or a strength that its signs do not show."""
    found = guide.traits(full, tuned)
    assert [row.method for row in found] == list(FAMILIES)
    for row, cells in zip(found, guide.rows(found)):
        assert all(cells)
        assert all(ARENAS[name].words in cells[3] for name in row.where("strong"))
