"""The bug clinics: the listing is ill as it stands, each half of a cure leaves it ill, and the whole cure mends it."""

import itertools
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from course_lib.exercises import get
from course_lib.optimizers import (
    METHODS,
    AdamState,
    PointState,
    SquaresState,
    VelocityState,
    gradient_descent,
    momentum,
    rmsprop,
)
from course_lib.problems import (
    Logistic,
    Neighbors,
    Rastrigin,
    StyblinskiTang,
    Wells,
    add_intercept,
    bowl,
    breast_cancer,
    k_fold,
    leaky_sum,
    standardize,
)
from course_lib.run import run
from course_lib.stability import clip_by_norm


def walked(f, x, steps, lr):
    """So many steps of gradient descent."""
    return run(gradient_descent, PointState(x), f, steps=steps, lr=lr, every=steps).x[-1]


def tumors():
    """A part of the tumors as a loss, and its lowest value by Newton's method."""
    data, w = breast_cancer(), 0.0
    loss = Logistic(add_intercept(standardize(data.X[::2])), data.y[::2], l2=0.01)
    for _ in range(20):
        w = w - np.linalg.solve(loss.hess(w), loss.grad(w)) if np.ndim(w) else np.zeros(loss.dim)
    return {"race": loss, "base": loss(w)}


SOURCES = Path(__file__).parents[1] / "notebooks" / "src"
STEEP, TURNED = bowl(condition=100), bowl(condition=25, angle=0.5)
USUAL = {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
GIVEN = {
    "00_start_here": {"quiz": print},  # its listing judges itself
    "01_exhaustive_search": {"Neighbors": Neighbors, "k_fold": k_fold},
    "02_gradient_descent": {"valley": bowl(condition=25), "where": np.array([1.0, 0.6]), "run": run,
                            "gradient_descent": gradient_descent, "PointState": PointState},
    "03_stochastic_gradient_descent": tumors(),
    "04_mini_batch": {},
    "05_momentum": {"f": STEEP, "start": np.ones(2), "momentum": momentum, "VelocityState": VelocityState},
    "06_rmsprop": {"valley": STEEP, "start": np.array([1.0, 0.6]), "rmsprop": rmsprop, "SquaresState": SquaresState},
    "07_adam": {"valley": TURNED, "start": np.array([0.3, 0.18]), "METHODS": METHODS, "AdamState": AdamState,
                "usual": USUAL},
    "08_genetic_algorithms": {"bowl": bowl, "select_by_tournament": get("ga.tournament").reference},
    "09_simulated_annealing": {"wells": Wells(1)},
    "10_second_order_and_stability": {"echo": leaky_sum(np.random.default_rng(10), n=24), "clip_by_norm": clip_by_norm,
                                      "cliff": np.array([1.25, 0.6]), "quiz": print},  # its listing judges itself
    "11_hybrids_and_tuning": {"sixteen": StyblinskiTang(4), "descend": walked},
    "12_which_optimizer_when": {"METHODS": METHODS, "Rastrigin": Rastrigin},
}  # fmt: skip
CURES = {
    "00_start_here": [("history=[]):  # noqa: B006 (this is the bug)\n",
                       "history=None):\n    history = [] if history is None else history\n")],
    "01_exhaustive_search": [
        ("    fit = np.abs(np.corrcoef(X.T, y)[-1, :-1])\n    best = np.argsort(fit)[-keep:]\n", ""),
        ("    for train, val in folds:\n",
         "    for train, val in folds:\n        fit = np.abs(np.corrcoef(X[train].T, y[train])[-1, :-1])\n"
         "        best = np.argsort(fit)[-keep:]\n"),
    ],
    "02_gradient_descent": [("x -= lr * grad(x)", "x = x - lr * grad(x)")],
    "03_stochastic_gradient_descent": [
        ("    for _ in range(epochs):\n", "    for _ in range(epochs):\n        order = rng.permutation(loss.n)\n")
    ],
    "04_mini_batch": [
        ("error = predictions[rows] - y[rows]", "error = X[rows] @ w - y[rows]"),
        ("2 * (X[rows] * error[:, None]).mean()", "2 * X[rows].T @ error / len(error)"),
        ("slice(i, i + batch_size)", "rng.permutation(len(y))[:batch_size]"),
    ],
    "05_momentum": [("    for _ in range(epochs):\n        v = np.zeros_like(x)\n",
                     "    v = np.zeros_like(x)\n    for _ in range(epochs):\n")],
    "06_rmsprop": [("np.dot(g, g)", "g**2")],
    "07_adam": [
        ("for _ in range(steps)", "for t in range(1, steps + 1)"),
        ("lr * m / (np.sqrt(v) + eps)", "lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)"),
    ],
    "08_genetic_algorithms": [("np.concatenate([elite, children])\n",
                               "np.concatenate([elite, children])\n        cost = f(pop)\n")],
    "09_simulated_annealing": [
        ("default_rng()", "default_rng(seed)"),
        ("hot=0.1", "hot=2.0"),
        ("range(500):\n        T = hot / (step + 1)", "range(1500):\n        T = hot * 0.05 ** (step / 1500)"),
        ('"Thanks to its temperature the walk has escaped from the well at -7."',
         '"The walk " + ("has escaped" if abs(x[0] + 7) > 2 else "is still") + " from or in the well at -7."'),
    ],
    "10_second_order_and_stability": [("        w = w - lr * g\n        g = clip_by_norm(g, most)\n",
                                       "        g = clip_by_norm(g, most)\n        w = w - lr * g\n")],
    "11_hybrids_and_tuning": [
        ("starts[0], steps, 0.015", "starts[0], n * steps, 0.015"),
        ("n * steps, steps", "n * steps, n * steps"),
    ],
    "12_which_optimizer_when": [
        ("steps=60", "budget=400"),
        ("tuning = racing", "tuning = np.random.default_rng(2).uniform(*f.bounds, size=(seeds, 2))"),
        ("ga.min()", "np.median(ga)"),
    ],
}  # fmt: skip
HALVES = [(stem, half) for stem, cures in CURES.items() for r in range(1, len(cures))
          for half in itertools.combinations(cures, r) if stem not in ("01_exhaustive_search", "07_adam")]  # fmt: skip


def clinic(stem):
    """The listing of a lesson's clinic and the cell that judges it."""
    text = (SOURCES / f"{stem}.py").read_text(encoding="utf-8").split("## Bug clinic")[1]
    return [cell.strip() for cell in text.split("# %%\n")[1:3]]


def judged(stem, cures):
    """What the clinic prints when these cures are applied to its listing."""
    listing, judge = clinic(stem)
    for ill, well in cures:
        assert listing.count(ill) == 1
        listing = listing.replace(ill, well)
    room, said = {"np": np, "run": run} | GIVEN[stem], StringIO()
    with redirect_stdout(said), np.errstate(all="ignore"):
        exec(listing, room)
        exec(judge.split("# %%")[0], room)
    return said.getvalue()


@pytest.mark.parametrize("stem", CURES)
def test_the_whole_cure_mends(stem):
    """A learner who mends every bug would still be told that the listing is ill."""
    assert "mended" in judged(stem, CURES[stem])


@pytest.mark.parametrize("stem", CURES)
def test_the_listing_is_ill(stem):
    """There would be nothing to find."""
    assert "still ill" in judged(stem, [])


@pytest.mark.parametrize("stem, half", HALVES)
def test_half_a_cure_is_not_enough(stem, half):
    """A learner would be told to have mended what still has a bug."""
    assert "still ill" in judged(stem, half)


def test_features_chosen_on_held_out_labels_are_no_cure():
    """The picks would still see the labels they are judged by; the error alone cannot show it."""
    cure = CURES["01_exhaustive_search"]
    leak = [(ill, well.replace("train].T", "val].T").replace("y[train])[-1", "y[val])[-1")) for ill, well in cure]
    assert "still ill" in judged("01_exhaustive_search", leak)
