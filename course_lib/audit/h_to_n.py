"""The experiments of claims h to n: annealing, hybrids, Adam without hats, clipping, tuning, feature selection."""

import numpy as np

from course_lib.annealing import anneal_tour, geometric
from course_lib.audit.declare import Finding, claimed
from course_lib.genomes import evolve_bits, random_bits
from course_lib.optimizers import (
    METHODS,
    AdamState,
    AnnealingState,
    PointState,
    PopulationState,
    adam,
    annealing,
    gradient_descent,
)
from course_lib.problems import (
    FeatureSelection,
    Logistic,
    Rastrigin,
    StyblinskiTang,
    Wells,
    add_intercept,
    breast_cancer,
    diabetes,
    leaky_sum,
    random_cities,
    split,
    standardize,
    tour_length,
)
from course_lib.run import run
from course_lib.stability import clipped_descent

# ---------------------------------------------------------------------------------------- h: annealing and greed

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


# ------------------------------------------------------------------------------------- i: annealing, then descent


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


# ------------------------------------------------------------------------------------------- j: Adam without hats


@claimed("j", "Adam as often printed, without bias correction, behaves the same.", lesson="07")
def without_hats_the_same(seeds, full):
    """Both on the same batches of the tumors, 32 at a time, from the same start; each seed has batches of its own.

    Without correction m / sqrt(v) is (1 - 0.9^t) / sqrt(1 - 0.999^t) times the corrected ratio: 3.2 at the first step,
    6.5 around the tenth, and 1 in the end. The same means: losses within a tenth of each other. Of the rates 0.001,
    0.003, ... 0.3 the corrected Adam does best with 0.03 here.
    """
    f, epochs = tumors(), 40 if full else 10
    rates = {0.001: "the rate is 30 times too small", 0.03: "the rate suits", 0.3: "the rate is ten times too large"}
    for lr, name in rates.items():
        plain, hats = (adam_loss(f, step, seeds, lr, epochs) for step in (hatless, adam))
        for k, when in enumerate(("after 20 steps", f"after {epochs} epochs")):
            same = np.abs(plain[k] / hats[k] - 1) < 0.1
            yield Finding(f"{name}, {when}", "share of runs within a tenth of the corrected loss", same, margin=0.8)


def hatless(state, f, rng, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam's step as many articles print it."""
    x, m, v, t = state
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return AdamState(x - lr * m / (np.sqrt(v) + eps), m, v, t + 1)


def tumors():
    """The loss of a logistic regression on all tumors, standardized."""
    data = breast_cancer()
    return Logistic(add_intercept(standardize(data.X)), data.y, l2=1e-3)


def adam_loss(f, step, seeds, lr, epochs):
    """The losses after 20 steps, and in the end, (seeds,) each."""
    start = AdamState(np.zeros((seeds, f.dim)))
    film = run(step, start, f, 7, epochs=epochs, batch_size=32, apart=True, every=20, lr=lr)
    return film.loss[1], film.loss[-1]


# -------------------------------------------------------------------------------------------------- k: clipping


@claimed("k", "Gradient clipping cures instability.", lesson="10")
def clipping_cures(seeds, full):
    """Random starts on the cliff of a recurrence, 300 steps, from the same starts with and without clipping.

    L near the minimum allows rates up to 0.0104, and 3 is somewhat above the usual length of the gradients there.
    """
    f, rng = leaky_sum(np.random.default_rng(10), n=24), np.random.default_rng(3)
    tops = np.stack([rng.uniform(1.0, 1.3, seeds), rng.uniform(0.2, 1.0, seeds)], axis=-1)
    low = {most: end_on_cliff(f, tops, 0.005, most) for most in (3.0, 1000.0, 0.01, np.inf)}
    gain = (low[3.0] < f(tops)).astype(int) - (low[np.inf] < f(tops))
    yield Finding("a cure prevents the blow-up", "gain over no clipping in runs that end below their start", gain, 0.8)
    for end, name in ((low[3.0], "rate and threshold suit"), (low[1000.0], "the threshold is 1000"),
                      (low[0.01], "the threshold is 0.01"),
                      (end_on_cliff(f, tops, 0.03, 3.0), "the rate is three times 2/L")):  # fmt: skip
        yield Finding(f"a cure converges and {name}", "share of runs with a loss below 0.001", end < 1e-3, margin=0.8)


def end_on_cliff(f, x, lr, most):
    """The losses after 300 steps of clipped descent, (seeds,)."""
    return run(clipped_descent, PointState(x), f, steps=300, every=300, lr=lr, most=most).loss[-1]


# ------------------------------------------------------------------------------------------ l: the cost of grids


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


# ---------------------------------------------------------------------------------------------- m: GA as a tuner


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


# --------------------------------------------------------------------------------------------- n: feature selection


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
