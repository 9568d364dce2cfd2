"""The experiments of claims h and i: annealing against greed, and annealing with descent at its end."""

import numpy as np

from course_lib.annealing import anneal_tour, geometric
from course_lib.audit.declare import Finding, claimed
from course_lib.optimizers import AnnealingState, PointState, annealing, gradient_descent
from course_lib.problems import Rastrigin, StyblinskiTang, Wells, random_cities, tour_length
from course_lib.run import run

COLD = 1e-9  # a temperature at which nothing worse is accepted: greedy search with the same moves


@claimed("h", "Simulated annealing is less likely to get stuck, and more robust.", lesson="09")
def less_stuck(seeds, full):
    """Against greedy search with the same moves and the same budget, which is annealing at temperature 0.

    On the line with five wells the temperatures 2 to 0.1 were chosen on other starts (lesson 09); for tours they are
    shares of the mean distance, chosen on other cities. Robust means: still better with the first temperature 30 times
    too high or too low.
    """
    for scale, hot, name in ((0.06, 2.0, "moves are short beside the wells"),
                             (0.2, 2.0, "moves are as wide as a well"),
                             (0.06, 60.0, "moves are short and it starts 30 times too hot"),
                             (0.06, 2.0 / 30, "moves are short and it starts 30 times too cold")):  # fmt: skip
        gain = wells_won(seeds, scale, hot) - wells_won(seeds, scale, COLD)
        yield Finding(name, "gain over greedy search in runs that end in the deepest well", gain, margin=0.1)
    n, steps = (52, 20000) if full else (30, 3000)
    excess = [greedy_excess(np.random.default_rng([9, seed]), n, steps) for seed in range(seeds)]
    yield Finding("moves change two edges of a round trip", "share by which the greedy tour is longer", excess, 0.01)


def wells_won(seeds, scale, hot, steps=1500):
    """Which walks from the well on the far left end in the deepest well, as 0 and 1; it cools to a twentieth."""
    start = AnnealingState(np.full((seeds, 1), -7.0))
    cooling = 1.0 if hot == COLD else 0.05 ** (1 / steps)
    end = run(annealing, start, Wells(), 9, steps=steps, every=steps, scale=scale, start=hot, cooling=cooling).x[-1]
    return ((end[:, 0] > 0.69) & (end[:, 0] < 4.14)).astype(int)


def greedy_excess(rng, n, steps):
    """By which share the tour of greedy 2-opt is longer than the annealed one, from one start on the same cities."""
    D, start = random_cities(n, rng).D, rng.permutation(n)
    hot, cold = 0.2 * D.mean(), 0.01 * D.mean()
    annealed, greedy = (tour_length(D, anneal_tour(D, temps, rng, start, frames=20).best)
                        for temps in (geometric(hot, cold, steps), np.full(steps, COLD)))  # fmt: skip
    return greedy / annealed - 1


COST, LAST, COUNTS = 1000, 40, (10, 25, 50, 100)
PLANS = [{"hot": hot, "scale": scale} for hot in (5.0, 20.0) for scale in (0.05, 0.1)]


@claimed("i", "Annealing combined with gradients is faster and more reliable.", lesson="11")
def with_gradients(seeds, full):
    """Annealing with 40 last steps of descent, against annealing alone and descent from many starts, at 1000 questions.

    Solved means within 0.01 of the deepest well's bottom. Each of the three may choose the best of four settings on
    other starts: the first temperature and the size of a move, or the number of starts. The rates are below 2/L.
    """
    what = "gain in runs at the bottom of the deepest well"
    for name, f, lr in (("wells lie in a funnel", Rastrigin(2), 0.002),
                        ("wells are separate and there is no funnel", StyblinskiTang(4), 0.015)):  # fmt: skip
        x = starts_in(f, seeds, 2)
        share = {way: solved(f, tuned_on_others(f, plans)(x)) for way, plans in ways(f, lr).items()}
        for rival in ("annealing alone", "descent from many starts"):
            yield Finding(f"{name} and the rival is {rival}", what, share["both"] - share[rival], margin=0.05)


def ways(f, lr):
    """Three ways to spend the cost, each as four plans, functions from starts to ends."""
    return {"annealing alone": [lambda x, p=plan: cooled(f, x, COST, **p) for plan in PLANS],
            "both": [lambda x, p=plan: walked(f, cooled(f, x, COST - LAST, **p), LAST, lr) for plan in PLANS],
            "descent from many starts": [lambda x, n=n: best_walk(f, x, n, lr) for n in COUNTS]}  # fmt: skip


def tuned_on_others(f, plans, n=100):
    """The plan that solves most from other starts."""
    x = starts_in(f, n, 1)
    return max(plans, key=lambda plan: solved(f, plan(x)).sum())


def starts_in(f, n, seed):
    """n points drawn uniformly from the box, (n, d)."""
    return np.random.default_rng([11, seed]).uniform(*f.bounds, size=(n, f.dim))


def solved(f, x):
    """Which points lie at the bottom of the deepest well, as 0 and 1."""
    return (f(x) - f.card.value < 0.01).astype(int)


def cooled(f, x, cost, hot, scale):
    """The best place of each annealed run; the temperature falls to a thousandth."""
    film = run(annealing, AnnealingState(x), f, 4, budget=cost, start=hot, cooling=0.001 ** (1 / cost), scale=scale)
    return np.take_along_axis(film.x, film.loss.argmin(axis=0)[None, :, None], axis=0)[0]


def walked(f, x, steps, lr):
    """Where descent leads."""
    return run(gradient_descent, PointState(x), f, steps=steps, lr=lr, every=steps).x[-1]


def best_walk(f, x, n, lr):
    """The best end of n walks, the first of them from x; they share the budget, and judging n ends costs n values."""
    others = np.random.default_rng(n).uniform(*f.bounds, size=(len(x), n - 1, f.dim))
    ends = walked(f, np.concatenate([x[:, None], others], axis=1), COST // n - 1, lr)
    return np.take_along_axis(ends, f(ends).argmin(axis=1)[:, None, None], axis=1)[:, 0]
