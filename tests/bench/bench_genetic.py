"""What the genetic algorithm solves, and how fast: its steps against a textbook one, its speed against DEAP's.

Solved is a run that comes within 1e-2 of the minimum in 20,000 evaluations, in 10 dimensions; the intervals are
Wilson's, at 95 %. DEAP (PyPI: deap) stands in no environment of the course: where it is missing, its column is. Both
sides of the race evaluate the same number of points on the same function, one run at a time; since a lesson runs 30
seeds as one array, that way is timed too.
"""

import random
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from course_lib.optimizers import METHODS
from course_lib.problems import SURFACES, bowl
from course_lib.run import run

DIM, BUDGET, SEEDS, NEAR = 10, 20_000, 30, 1e-2
NAMES = ("rosenbrock", "rastrigin", "ackley", "griewank", "schwefel")
SIX = {"sphere": bowl(1.0, dim=DIM)} | {name: SURFACES[name](DIM) for name in NAMES}
VARIANTS = {
    "textbook, fixed sigma": ("textbook_genetic", {}),
    "textbook, a fifth of it": ("textbook_genetic", {"scale": 0.02}),
    "textbook, decaying": ("textbook_genetic", {"decay": 0.98}),
    "the reference": ("genetic", {}),
}


def gaps(f, method, knobs, budget=BUDGET, seeds=SEEDS):
    """How far above the minimum each of the runs ends, (seeds,)."""
    rng = np.random.default_rng(1)
    start = METHODS[method].start(rng.uniform(*f.bounds, size=(seeds, DIM)), f, rng)
    trace = run(METHODS[method].step, start, f, rng, budget=budget, every=10_000, **knobs)
    return trace.best[-1] - f.card.value


def wilson(hits, n, z=1.96):
    """The interval of a share, at 95 %."""
    p, half = hits / n, z * np.sqrt(hits * (n - hits) / n**3 + z**2 / (4 * n**2))
    return tuple(np.clip((p + z**2 / (2 * n) + np.array([-half, half])) / (1 + z**2 / n), 0, 1))


def table():
    """``{variant: {problem: runs solved}}``."""
    return {name: {problem: int((gaps(f, *variant) <= NEAR).sum()) for problem, f in SIX.items()}
            for name, variant in VARIANTS.items()}  # fmt: skip


# ---------------------------------------------------------------------------------------------------- speed


def ours(runs):
    """Evaluations a second of the reference on Rastrigin, so many runs at once."""
    began = perf_counter()
    gaps(SIX["rastrigin"], "genetic", {}, seeds=runs)
    return runs * BUDGET / (perf_counter() - began)


def deap(n=40):
    """Evaluations a second of DEAP's eaSimple with tournament, blend and Gaussian mutation, each child evaluated."""
    from deap import algorithms, base, benchmarks, creator, tools

    if not hasattr(creator, "Fitness"):
        creator.create("Fitness", base.Fitness, weights=(-1.0,))
        creator.create("Individual", list, fitness=creator.Fitness)
    box, random_ = base.Toolbox(), random.Random(1)
    box.register("gene", random_.uniform, -5.12, 5.12)
    box.register("individual", tools.initRepeat, creator.Individual, box.gene, DIM)
    box.register("population", tools.initRepeat, list, box.individual)
    box.register("evaluate", benchmarks.rastrigin)
    box.register("mate", tools.cxBlend, alpha=0.25)
    box.register("mutate", tools.mutGaussian, mu=0, sigma=0.1, indpb=0.3)
    box.register("select", tools.selTournament, tournsize=3)
    began = perf_counter()
    algorithms.eaSimple(box.population(n), box, cxpb=1.0, mutpb=1.0, ngen=BUDGET // n - 1, verbose=False)
    return BUDGET / (perf_counter() - began)


def speeds(repeats=5):
    """Medians of evaluations a second, the three ways in turn: ours one by one, ours as an array, DEAP (or None)."""
    rows = [(ours(1), ours(SEEDS), deap_or_none()) for _ in range(repeats)]
    return [None if None in column else median(column) for column in zip(*rows, strict=True)]


def deap_or_none():
    try:
        return deap()
    except ImportError:
        return None


def main():
    print(f"runs of {SEEDS} within {NEAR:g} of the minimum, {DIM} dimensions, {BUDGET} evaluations")
    print(f"{'':26}" + "".join(f"{name:>12}" for name in SIX) + "     all six")
    for name, row in table().items():
        low, high = wilson(sum(row.values()), SEEDS * len(SIX))
        share = sum(row.values()) / (SEEDS * len(SIX))
        print(f"{name:26}" + "".join(f"{hits:12}" for hits in row.values()) + f"{share:9.0%} ({low:.0%} to {high:.0%})")
    one, many, theirs = speeds()
    print(f"evaluations a second: {one:,.0f} in one run, {many:,.0f} in {SEEDS} runs as one array")
    if theirs is None:
        print("DEAP is not here, so there is nothing to compare with: pip install deap.")
    else:
        print(f"DEAP: {theirs:,.0f}; ours is {one / theirs:.0f} and {many / theirs:.0f} times as fast")


if __name__ == "__main__":
    main()
