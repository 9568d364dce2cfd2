"""The experiments of claims c, e and f: batches, and noise, on real data and where the noise is ours to choose."""

from typing import NamedTuple

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.audit.fair import Noisy, bowls, per_seed, tuned
from course_lib.optimizers import METHODS, AdamState, PointState, SquaresState, adam, gradient_descent, newton, rmsprop
from course_lib.problems import Logistic, add_intercept, breast_cancer, digits, standardize
from course_lib.run import run
from course_lib.stability import clipped_descent

POINTS = "share of unseen examples that it gets right, less the rival's share"
RATES = np.geomspace(0.001, 10, 9)  # tried for each method, of which the best is taken


class Data(NamedTuple):
    """Examples in three parts: to tune on, to learn from, to judge by; each a `Logistic`."""

    tuning: Logistic
    training: Logistic
    testing: Logistic


def parted(X, y, l2=0.01):
    """`Data` from examples in an order of our own, in equal parts, scaled by the first."""
    order = np.random.default_rng(8).permutation(len(y))
    parts = np.array_split(order, 3)
    scaled = standardize(*(X[part] for part in parts))
    return Data(*(Logistic(add_intercept(Z), y[part], l2=l2) for Z, part in zip(scaled, parts)))


def tumors():
    """Malignant or benign."""
    data = breast_cancer()
    return parted(data.X, data.y)


def even_digits():
    """Handwritten digits, even or odd."""
    data = digits()
    return parted(data.X, data.y % 2)


def learn(f, lr, runs, name="gradient_descent", seed=1, every=10**6, **limits):
    """The `Trace` of so many runs from weights near 0, each with an order of the examples of its own."""
    rng, method = np.random.default_rng(seed), METHODS[name]
    x = rng.normal(0, 0.01, size=(runs, f.dim))
    return run(method.step, method.start(x, f, rng), f, rng, lr=lr, every=every, apart=True, **limits)


def tries(f, score, n=5, **options):
    """What `score` says of the traces of n runs at each of the nine rates, (9, n)."""
    trace = learn(f, np.repeat(RATES, n)[:, None], n * len(RATES), seed=0, **options)
    return np.reshape(score(trace), (len(RATES), n))


# ---------------------------------------------------------------------------------------------------- batches


@claimed("c", "Stochastic gradient descent is faster but more volatile; mini-batches strike a balance.", lesson="04")
def batch_sizes(seeds, full):
    """Logistic regression on tumors: batches of 1, of 16, and of all, until the loss has gone 98 % of its way.

    Each size has the best of nine rates, by the examples it needs on tumors that are used for nothing else, with five
    orders at each rate, and has 5, 10 or 40 passes, more than it needs.

    The cost is counted in examples, and in array operations one after another, that is, in steps: a stand-in for
    seconds that is the same on every machine. It takes a step for equally long whatever its batch, which favors large
    batches, though by little up to some hundred examples. Margin: twice as fast. Volatile is a loss that rises again
    after the goal was met, in percent of the goal; margin: 5. A balance is fewer examples than all at a time need, and
    at once fewer operations than single examples need.
    """
    data = tumors()
    one, some, whole = (reached(data, size, seeds, passes) for size, passes in ((1, 5), (16, 10), (10**6, 40)))
    faster = "log2(cost with all examples a step / cost with one)"
    yield Finding("speed is counted in examples", faster, np.log2(whole.passes / one.passes), margin=1)
    yield Finding("speed is counted in array operations", faster, np.log2(whole.steps / one.steps), margin=1)
    rises = "percent that the loss rises again after the goal, less that of the larger batch"
    yield Finding("volatility is compared with all examples a step", rises, one.rise - whole.rise, margin=5)
    yield Finding("volatility is compared with batches of 16", rises, one.rise - some.rise, margin=5)
    both = np.minimum(np.log2(whole.passes / some.passes), np.log2(one.steps / some.steps))
    yield Finding("a balance asks for fewer examples than all and fewer operations than one",
                  "log2 of the smaller gain of batches of 16", both, margin=0)  # fmt: skip


class Reached(NamedTuple):
    """Passes and steps that runs needed to a goal, and by how many percent the loss rose above it later, (runs,)."""

    passes: np.ndarray
    steps: np.ndarray
    rise: np.ndarray


def reached(data, size, seeds, passes):
    """`Reached` on the training part with batches of a size, at the rate that is best on the tuning part."""
    f, knobs = data.training, {"batch_size": size, "epochs": passes, "every": 4 if size == 1 else 1}
    lr = tuned(RATES, tries(data.tuning, lambda trace: needed(trace, goal_of(data.tuning)), **knobs))
    trace, goal = learn(f, lr, seeds, **knobs), goal_of(f)
    cost = np.minimum(needed(trace, goal), trace.cost[-1])  # a run that misses the goal has cost all it spent
    later = np.where(trace.cost[:, None] >= cost, trace.loss, 0).max(axis=0)
    return Reached(cost, cost * f.n / min(size, f.n), 100 * np.maximum(later / goal - 1, 0))


def needed(trace, goal):
    """The cost when each run first met the goal, infinite where it did not."""
    hit = trace.loss <= goal
    return np.where(hit.any(axis=0), trace.cost[hit.argmax(axis=0)], np.inf)


def goal_of(f):
    """The loss of weights 0, after 98 % of its way to the lowest."""
    losses = run(newton, PointState(np.zeros(f.dim)), f, steps=12).loss
    return 0.02 * losses[0] + 0.98 * losses[-1]


# ------------------------------------------------------------------------------------------- smallest batches


@claimed("e", "RMSProp works even with the smallest batches.", lesson="06")
def smallest_batches(seeds, full):
    """Logistic regression on real data, one pass, one example a step; and slopes of two values.

    On data RMSProp works if it is right on unseen examples as often as SGD with the same batches, or as itself with
    batches of 32, up to two points in a hundred. Each has the best of nine rates by its errors on other examples, five
    orders each.

    Then straight lines: ninety-nine of a hundred examples have slope -1, one has a slope between 150 and 400, another
    for each seed, so that down is to the left (after Reddi, Kale and Kumar, 2018). RMSProp hears the sign of a
    gradient better than its size. There is no rate to tune: slopes do not depend on x, so a rate only scales the path.
    A run of 1000 steps on each, of which the second half is judged, when the memory has forgotten its start at zero;
    margin: four in five go down. A memory longer than the wait for the rare example mends it.
    """
    for data, name in ((tumors(), "tumors"), (even_digits(), "digits")):
        ours, small, large = (np.array(right(data, seeds, *case)) for case in
                              (("rmsprop", 1), ("gradient_descent", 1), ("rmsprop", 32)))  # fmt: skip
        yield Finding(f"data are {name} and SGD with batches of 1 the rival", POINTS, ours - small, margin=-0.02)
        yield Finding(f"data are {name} and RMSProp with batches of 32 the rival", POINTS, ours - large, margin=-0.02)
    for condition, size, rho in (
        ("slopes have two values and batches one example", 1, 0.9),
        ("slopes have two values and batches all examples", None, 0.9),
        ("slopes have two values and the memory is long (rho = 0.999)", 1, 0.999),
    ):
        yield Finding(condition, "share of runs that go down in their second half",
                      went_down(seeds, size, rho), margin=0.8)  # fmt: skip


def right(data, seeds, name, size, epochs=1):
    """The share of the test examples that each run gets right, (seeds,)."""
    how = {"name": name, "batch_size": size, "epochs": epochs}
    lr = tuned(RATES, tries(data.tuning, lambda trace: 1 - data.training.accuracy(trace.x[-1]), **how))
    return data.testing.accuracy(learn(data.training, lr, seeds, **how).x[-1])


class Lines:
    """The mean of straight lines through 0, one an example: slopes (runs, n), points (runs, 1)."""

    def __init__(self, slopes):
        self.slopes, self.n = slopes, slopes.shape[-1]

    def __call__(self, x):
        return self.slopes.mean(axis=-1) * x[..., 0]

    def grad(self, x):
        return self.slopes.mean(axis=-1, keepdims=True)

    def sample(self, indices):
        return Lines(np.take_along_axis(self.slopes, indices, axis=-1))


def went_down(seeds, size, rho):
    """Which runs of RMSProp end left of where they were halfway, (seeds,)."""
    rng = np.random.default_rng(9)
    slopes = -np.ones((seeds, 100))
    slopes[:, 0] = rng.uniform(150, 400, seeds)
    feed = {"batch_size": size, "apart": size is not None}
    trace = run(rmsprop, SquaresState(np.zeros((seeds, 1))), Lines(slopes), rng, steps=1000, every=500, rho=rho, **feed)
    return (trace.x[-1] < trace.x[1])[:, 0]


# ------------------------------------------------------------------------------------------------------ noise

RIVALS = {
    "Adam": (adam, AdamState, {}),
    "plain SGD": (gradient_descent, PointState, {}),
    "RMSProp": (rmsprop, SquaresState, {}),
    "SGD that clips": (clipped_descent, PointState, {"most": 10**0.5}),
}
DRAWS = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "heavy-tailed": lambda rng, shape: rng.standard_t(1.5, size=shape),
}


@claimed("f", "Adam handles noise and large data.", lesson="07")
def adam_and_noise(seeds, full):
    """Bowls in ten dimensions with noise on each gradient, and data: Adam against rivals with the same tuning.

    The noise is normal, or has heavy tails (Student's t with 1.5 degrees of freedom: its variance is infinite). Each
    method has the best of nine rates by its mean log loss on ten other bowls, with the other knobs as they come; SGD
    that clips has its threshold at the usual length of normal noise. 20 starts a bowl (2 in the quick form), 400 steps,
    at kept rates. Adam "handles" it if it loses no more than a quarter: margin log10(1/1.25).

    Data: one pass over examples that are many for their 20 dimensions, in batches of 32, and three passes over two real
    sets, in batches of 16; the rates by other examples, as in claim e; margin: one point in a hundred. A step costs
    both methods the same, whatever the number of examples: neither has an advantage there.

    A bad gradient stays in Adam's average of squares for a thousand steps and shortens them all; RMSProp forgets it
    after ten, and clipping never lets it in. Plain SGD, which jumps, is worse than all of them.
    """
    starts = 20 if full else 2
    for noise in DRAWS:
        ours = log_loss("Adam", noise, seeds, starts)
        for rival in ("plain SGD", "RMSProp", "SGD that clips"):
            yield Finding(f"noise is {noise} and {rival} the rival", "log10(loss of the rival / loss of Adam)",
                          log_loss(rival, noise, seeds, starts) - ours, margin=-np.log10(1.25))  # fmt: skip
    for words, data, how in (
        ("many examples", simulated(40_000 if full else 8_000), (32, 1)),
        ("tumors", tumors(), (16, 3)),
        ("digits", even_digits(), (16, 3)),
    ):
        ours, plain = (right(data, seeds, name, *how) for name in ("adam", "gradient_descent"))
        yield Finding(f"data are {words} and plain SGD the rival", POINTS, ours - plain, margin=-0.01)


def log_loss(name, noise, seeds, starts):
    """log10 of the loss where a method ends, mean over the starts of each bowl, (seeds,)."""
    tried = ends(name, noise, 10, starts, RATES[:, None, None, None], 0)
    lr = tuned(RATES, tried.reshape(len(RATES), -1))
    return per_seed(ends(name, noise, seeds, starts, lr, 1))


def ends(name, noise, seeds, starts, lr, seed):
    """log10 of the losses at the end of runs on noisy bowls, (seeds, starts), with an axis before for several rates."""
    rng, (step, State, knobs) = np.random.default_rng(seed), RIVALS[name]
    f, x = bowls(seeds, 10, rng)
    x = x[:, :starts] + 0 * lr
    noisy = Noisy(f, lambda shape: DRAWS[noise](rng, shape))
    return np.log10(run(step, State(x), noisy, rng, steps=400, every=400, lr=lr, **knobs).loss[-1])


def simulated(n):
    """`Data` of n examples with 20 features: a line through them, and a tenth of the labels wrong."""
    rng = np.random.default_rng(10)
    X = rng.normal(size=(n, 20))
    y = (X @ rng.normal(size=20) > 0) ^ (rng.random(n) < 0.1)
    return parted(X, y.astype(int))
