"""Lesson 01: nine trials on a grid against nine at random, while the second axis matters less and less."""

from functools import lru_cache

import numpy as np

from course_lib.calling import TimeUp, time_limit
from course_lib.optimizers import SearchState, grid_search, random_search
from course_lib.plots import COLORS
from course_lib.problems import Quadratic
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import hills
from course_lib.widgets.film import PATIENCE
from course_lib.widgets.scene import Arrows, Axis, Goal, Panel, Path, Points, Scene

GRID, RANDOM = COLORS["grid_search"], COLORS["random_search"]
WEIGHTS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0)
SIDE, PROBLEMS, SETS, GOAL_WINS = 3, 10, 12, 8
LOW, HIGH = np.zeros(2), np.ones(2)


def grid_or_random(search=None):
    """The explorer of a grid and of random search with nine trials each, on ten problems.

    Args:
        search: ``search(f, lows, highs, n, rng)``, e.g. a learner's own random search; by default the library's.
    """
    controls = (
        Slider("weight", "weight of the second axis", WEIGHTS, start=1.0),
        Slider("problem", "problem shown", tuple(range(1, PROBLEMS + 1)), start=1),
        Slider("set", "set of ten problems", tuple(range(1, SETS + 1)), start=1),
    )

    def draw(weight, problem, set):
        rounds = [duel(weight, set, i, search) for i in range(1, PROBLEMS + 1)]
        wins = sum(chance.loss < grid.loss for _, grid, chance in rounds)
        f, grid, chance = rounds[problem - 1]
        goal = Goal(f"random search beats the grid on at least {GOAL_WINS} of {PROBLEMS} problems", wins >= GOAL_WINS)
        panels = (box(f, grid, GRID, "square", "On a grid"), box(f, chance, RANDOM, "disk", "At random"),
                  board(rounds, problem))  # fmt: skip
        return Scene(panels, words(weight, problem, grid, chance, wins), goal)

    return Explorer("Nine trials: grid or random", controls, draw)


class Noted:
    """A problem on the unit square that notes where it was asked."""

    def __init__(self, f):
        self.f, self.points, self.bounds = f, [], (LOW, HIGH)

    def __call__(self, x):
        self.points.append(np.reshape(x, (-1, 2)))
        return self.f(x)

    @property
    def tried(self):
        return np.concatenate(self.points)[: SIDE**2] if self.points else np.zeros((0, 2))

    @property
    def loss(self):
        """The smallest value at the points that count, NaN never."""
        return float(np.fmin.reduce(self.f(self.tried), initial=np.inf))


def objective(weight, center):
    """(x1 - c1)^2 + weight (x2 - c2)^2."""
    return Quadratic(2 * np.diag([1.0, weight]), 2 * np.array([1.0, weight]) * center, c=float(center**2 @ [1, weight]))


def duel(weight, set, number, search=None):
    """(f, grid, random): a problem and the two searches of it; the minimum and the draws depend on set and number."""
    rng = np.random.default_rng([set, number])
    f = objective(weight, rng.uniform(LOW, HIGH))
    grid, chance = Noted(f), Noted(f)
    walk(grid_search, grid, rng, n=SIDE)
    if search is None:
        walk(random_search, chance, rng)
    else:
        by_somebody_else(search, chance, rng)
    return f, grid, chance


def walk(step, noted, rng, **knobs):
    """Nine steps of a search of the library."""
    state = SearchState(LOW)
    for _ in range(SIDE**2):
        state = step(state, noted, rng, **knobs)


def by_somebody_else(search, noted, rng):
    """A learner's search, interrupted when it takes too long."""
    try:
        with time_limit(PATIENCE):
            search(noted, LOW.copy(), HIGH.copy(), SIDE**2, rng)
    except TimeUp:
        raise TimeoutError(f"it did not finish within {PATIENCE:g} seconds") from None


@lru_cache(maxsize=32)
def ground(weight, center):
    """The landscape of a problem."""
    f, minimum = objective(weight, np.array(center)), Points(np.array([center]), "ink", 6, "cross")
    return (*hills(f, LOW, HIGH, lines=7), minimum)


def box(f, noted, color, shape, title):
    """The trials, each with a line down to the axis that matters."""
    x, best = noted.tried, noted.tried[np.argmin(f(noted.tried))]
    feet = np.column_stack([x[:, 0], np.full(len(x), -0.08)])
    marks = (Arrows(x, feet, color, 0.8, 0, (2, 3)), Points(feet, color, 3), Points(x, color, 5, shape),
             Points(best[None], "ink", 9, "ring"))  # fmt: skip
    distinct = len(np.unique(np.round(x[:, 0], 9)))
    alt = f"{title}: nine trials with {distinct} different values of the first coordinate; the best: {noted.loss:.3g}."
    axes = Axis(-0.08, 1.08, "x₁, the axis that always matters"), Axis(-0.1, 1.08, "x₂")
    return Panel(*axes, marks, f"{title}: {distinct} values of x₁", alt, equal=True, back=ground(*key(f)))


def key(f):
    """Weight and center of an objective, to be looked up."""
    weight = f.A[1, 1] / 2
    center = f.b / np.where(np.diag(f.A) > 0, np.diag(f.A), 1)
    return float(weight), tuple(center.tolist())


def board(rounds, problem):
    """The best value of both on each problem; a line connects the two."""
    axis = Axis(1e-6, 1.0, "best value of nine", log=True)
    values = np.clip([(grid.loss, chance.loss) for _, grid, chance in rounds], axis.low, axis.high)
    rows = np.arange(1, PROBLEMS + 1)
    grid, chance = (np.column_stack([column, rows]) for column in values.T)
    shown = Path(np.array([[axis.low, problem], [axis.high, problem]], dtype=float), "faint", 9)
    marks = (shown, Arrows(grid, chance, "muted", 1.2, 0), Points(grid, GRID, 5, "square"), Points(chance, RANDOM, 5))
    wins = int((values[:, 1] < values[:, 0]).sum())
    alt = f"Ten problems: the best value of the grid and of random search; random search is better on {wins}."
    return Panel(axis, Axis(0.3, PROBLEMS + 0.7, "problem"), marks, "Left wins: grid ■, random ●", alt, 0.9)


def words(weight, problem, grid, chance, wins):
    """The finding in two sentences."""
    better = "random search" if chance.loss < grid.loss else "the grid"
    return (f"Weight {weight:g}: random search wins on {wins} of {PROBLEMS} problems. On problem {problem} {better} is "
            f"better: best of nine on the grid {grid.loss:.2g}, at random {chance.loss:.2g}.")  # fmt: skip
