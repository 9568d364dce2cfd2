"""An exercise of a lesson, a mistake that people make in it, and a right answer."""

import re
from dataclasses import dataclass
from textwrap import dedent, indent

DOTS = re.compile(r"    return \.\.\.( +#.*)?$")


@dataclass(frozen=True)
class Answers:
    """Two bodies for a stub, and what the card says of the wrong one."""

    id: str
    name: str
    wrong: str
    mistake: str
    right: str


def filled(stub, body):
    """The stub with the dots replaced by a body."""
    assert DOTS.search(stub), stub
    return DOTS.sub(lambda dots: indent(dedent(body).strip(), "    "), stub)


DESCENT = """
    path = [x0]
    for _ in range(n):
        path.append(path[-1] {sign} lr * grad(path[-1]))
    return np.array(path)
"""
VISITS = """
    v, path = w0, [w0]
    for _ in range(epochs):
        for i in {order}:
            v = v - lr * grad_i(v, i)
        path.append(v)
    return np.array(path)
"""
STEP = """
    v = {v}
    return x + v, v
"""
SQUARES = """
    s = {s}
    return x - lr * g / (np.sqrt(s) + eps), s
"""
BATCHES = """order = rng.permutation(n)
return [order[i * batch_size : (i + 1) * batch_size] for i in range({k})]"""

ADAM = """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return x - lr * {m} / (np.sqrt({v}) + eps), m, v, t
"""
METROPOLIS = "return bool(delta <= 0 or rng.random() < np.exp(-delta {by} T))"
TOURNAMENT = """
    rivals = rng.integers(len(cost), size=(n, k))
    column = cost[rivals].argmin(axis=1)
    return {winner}
"""
MSE = "return np.mean({of})"
SHARED = """
    share, left = divmod(budget, len(starts))
    ends = [local(start, share + (i < left)) for i, start in enumerate(starts)]
    return {winner}
"""
RESAMPLED = """
    d = {of}
    means = d[rng.integers(len(d), size=(n, len(d)))].mean(axis=1)
    return tuple(np.quantile(means, [(1 - level) / 2, (1 + level) / 2]).tolist())
"""
ANSWERS = {
    "00_start_here": Answers("start.mse", "mse", MSE.format(of="y.astype(float) - yhat"), "The square is missing",
                             MSE.format(of="(y.astype(float) - yhat) ** 2")),
    "01_exhaustive_search": Answers("search.inertia", "inertia", "return np.mean((X - centers[labels]) ** 2)",
                                    "You take the mean over coordinates too",
                                    "return np.sum((X - centers[labels]) ** 2)"),
    "02_gradient_descent": Answers("gradient.descent", "gd", DESCENT.format(sign="+"), "You climb",
                                   DESCENT.format(sign="-")),
    "03_stochastic_gradient_descent": Answers("sgd.run", "sgd", VISITS.format(order="range(n)"), "You never shuffle",
                                              VISITS.format(order="rng.permutation(n)")),
    "04_mini_batch": Answers("batch.minibatches", "minibatches", BATCHES.format(k="n // batch_size"),
                             "You drop the last batch", BATCHES.format(k="-(-n // batch_size)")),
    "05_momentum": Answers("momentum.step", "momentum_step", STEP.format(v="-lr * g"), "The old velocity is forgotten",
                           STEP.format(v="beta * v - lr * g")),
    "06_rmsprop": Answers("adagrad.step", "adagrad_step", SQUARES.format(s="g**2"), "The history is gone",
                          SQUARES.format(s="s + g**2")),
    "07_adam": Answers("adam.step", "adam_step", ADAM.format(m="m", v="v"), "There is no bias correction",
                       ADAM.format(m="m / (1 - beta1**t)", v="(v / (1 - beta2**t))")),
    "09_simulated_annealing": Answers("anneal.accept", "accept", METROPOLIS.format(by="*"), "You multiply by the",
                                      METROPOLIS.format(by="/")),
    "08_genetic_algorithms": Answers("ga.tournament", "select_by_tournament", TOURNAMENT.format(winner="column"),
                                     "You return where the winner stood",
                                     TOURNAMENT.format(winner="rivals[np.arange(n), column]")),
    "10_second_order_and_stability": Answers("stable.clip_by_value", "clip_by_value", "return np.minimum(g, c)",
                                             "You clip at c above", "return np.clip(g, -c, c)"),
    "11_hybrids_and_tuning": Answers("hybrid.multi_start", "multi_start", SHARED.format(winner="ends[-1]"),
                                     "You return the last end",
                                     SHARED.format(winner="min(ends, key=lambda end: end[1])")),
    "12_which_optimizer_when": Answers("trial.interval", "bootstrap_ci", RESAMPLED.format(of="b - a"),
                                       "The sign is turned: that is", RESAMPLED.format(of="a - b")),
}  # fmt: skip
