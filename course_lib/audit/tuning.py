"""The experiments of claims l to n: grids, evolved hyperparameters, and selected features."""

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.genomes import evolve_bits, random_bits
from course_lib.optimizers import METHODS, PopulationState
from course_lib.problems import FeatureSelection, breast_cancer, diabetes, split, standardize
from course_lib.run import run


@claimed("l", "Exhaustive search costs exponentially more with each hyperparameter, so draw at random instead.", "01")
def exponential_cost(seeds, full):
    """A setting is good when each hyperparameter that matters is within a tenth of its range of the best one.

    Five values an axis, in the middle of fifths, make a grid that holds exactly one good setting; it is looked through
    in random order. Grid and random search are then compared by the distance of their best setting at equal cost.
    """
    rng, most = np.random.default_rng(1), 6 if full else 5
    costs = np.array([[grid_cost(rng, d) for d in range(1, most + 1)] for _ in range(seeds)])
    factor = (costs[:, -1] / costs[:, 0]) ** (1 / (most - 1))
    yield Finding("the grid has to pass every setting", "factor in cost for one more hyperparameter", factor, 2.0)
    for matter, name in ((1, "one of three matters"), (3, "all three matter")):
        best = rng.random((seeds, 3))
        gain = [grid_distance(one, matter) - random_distance(rng, one, matter) for one in best]
        yield Finding(f"{name} and both try 64 settings", "distance of the best setting, grid less random", gain, 0.01)


def grid_cost(rng, d, n=5):
    """How many of the n^d settings are looked at until the good one, when the order is random."""
    best = rng.random(d)
    grid = np.stack(np.meshgrid(*[(np.arange(n) + 0.5) / n] * d), axis=-1).reshape(-1, d)
    good = np.abs(grid - best).max(axis=1) <= 0.5 / n
    return int(good[rng.permutation(len(grid))].argmax()) + 1


def grid_distance(best, matter, n=4):
    """The largest difference in a hyperparameter that matters, for the best of a grid of n values an axis."""
    return np.abs((np.floor(best * n) + 0.5) / n - best)[:matter].max()


def random_distance(rng, best, matter, n=64):
    """The same for the best of n random settings."""
    return np.abs(rng.random((n, len(best))) - best)[:, :matter].max(axis=1).min()


@claimed("m", "A genetic algorithm tunes hyperparameters better than grid or random search.", lesson="08")
def evolved_tuning(seeds, full):
    """Three hyperparameters of a kernel regression on the patients, tuned by its error on held-out patients.

    The GA is the reference with a population of 16, which did as well as any of 6, 10, 16 and 24 on other patients.
    Grids have random offsets. In full there are 20 splits of the patients, with four times as many searches.
    """
    splits, seeds = ([Kernels(k, True) for k in range(20)], 4 * seeds) if full else ([Kernels(0, False)], seeds)
    for trials in (27, 64, 216, 512) if full else (27, 125):
        errors = [tuned(f, trials, part, k) for k, (f, part) in enumerate(zip(splits, shares(seeds, len(splits))))]
        bred, drawn, gridded = (np.concatenate(column) for column in zip(*errors))
        for rival, error in (("random search", drawn), ("a grid", gridded)):
            yield Finding(f"{trials} trials are allowed and the rival is {rival}",
                          "the rival's error above the GA's, in %", 100 * (error / bred - 1))  # fmt: skip


def shares(total, parts):
    """``total`` as a list of nearly equal whole numbers."""
    return [len(part) for part in np.array_split(np.arange(total), parts)]


class Kernels:
    """The error of a kernel regression on 120 patients it was not fitted to, over three hyperparameters in [0, 1].

    They are the width of the kernel exp(-(d/width)^power), its power, and the penalty, each on a fine grid of values:
    the table is computed once, by one eigendecomposition a kernel, and a setting is looked up in it.
    """

    dim, bounds = 3, (np.zeros(3), np.ones(3))
    penalties = np.geomspace(1e-4, 1e2, 40)

    def __init__(self, seed, fine):
        data = diabetes()
        widths, powers = np.geomspace(0.5, 50, 24 if fine else 16), np.linspace(0.4, 2, 9 if fine else 5)
        order = np.random.default_rng([13, seed]).permutation(len(data.y))
        X, others = standardize(data.X[order[:80]], data.X[order[80:200]])
        y = data.y[order[:200]] - data.y[order[:80]].mean()
        self.table = np.array([[kernel_errors(X, y[:80], others, y[80:], width, power, self.penalties)
                                for power in powers] for width in widths])  # fmt: skip

    def __call__(self, x):
        i = tuple(np.minimum((x[..., k] * n).astype(int), n - 1) for k, n in enumerate(self.table.shape))
        return self.table[i]


def kernel_errors(X, y, others, others_y, width, power, penalties):
    """The root mean squared error on the others of kernel ridge regression, for all penalties, (penalties,)."""
    apart, cross = (np.linalg.norm(a[:, None] - X[None], axis=-1) for a in (X, others))
    values, vectors = np.linalg.eigh(np.exp(-((apart / width) ** power)))
    weights = vectors @ ((vectors.T @ y)[:, None] / (np.maximum(values, 0)[:, None] + penalties))
    predicted = np.exp(-((cross / width) ** power)) @ weights
    return np.sqrt(((predicted - others_y[:, None]) ** 2).mean(axis=0))


def tuned(f, trials, seeds, seed):
    """The errors that the GA, random search and a grid with random offset reach with so many trials, (seeds,) each."""
    rng = np.random.default_rng([14, seed])
    start = PopulationState(rng.random((seeds, 16, 3)))
    bred = run(METHODS["genetic"].step, start, f, rng, budget=trials).best[-1]
    drawn = f(rng.random((seeds, trials, 3))).min(axis=1)
    n = max(2, round(trials ** (1 / 3)))
    grid = np.stack(np.meshgrid(*[np.arange(n)] * 3), axis=-1).reshape(-1, 3)
    return bred, drawn, f((grid + rng.random((seeds, 1, 3))) / n).min(axis=1)


@claimed("n", "Feature selection by a genetic algorithm improves accuracy.", lesson="08")
def selected_features(seeds, full):
    """The nearest neighbor on tumors: 100 (quick form: 60) choose among 30 features, the others judge them once."""
    n, generations = (100, 16) if full else (60, 8)
    rows = np.array([selection(seed, n, generations) for seed in range(seeds)])
    for k, name in enumerate(("judged by the estimate that chose the features", "judged on held-out tumors")):
        yield Finding(name, "points of accuracy over all features", 100 * rows[:, k], margin=0.5)


def selection(seed, n, generations):
    """What the GA's features gain over all features: by the estimate that chose them, and on held-out tumors."""
    data, draw = breast_cancer(), np.random.default_rng([15, seed])
    train, test = split(len(data.y), draw, test=1 - n / len(data.y))
    X, others = standardize(data.X[train], data.X[test])
    error = FeatureSelection(X, data.y[train])
    bred = run(evolve_bits, PopulationState(random_bits((20, 30), draw)), error, draw, steps=generations, rate=1 / 30)
    both = np.ones(30), bred.x[-1, 0]
    before, after = (np.array([error(bits), error.held_out(bits, others, data.y[test])]) for bits in both)
    return before - after
