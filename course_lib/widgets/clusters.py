"""Lesson 01: iris in k clusters, from one start or from the best of several, with inertia and silhouette."""

from functools import lru_cache

import numpy as np

from course_lib.problems import Clusters, iris, lloyd, silhouette
from course_lib.problems.clustering import starts
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Rule, Scene

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#6a3d9a", "#7a7a7a")
SHAPES = ("disk", "square", "ring", "cross")
KS, RESTARTS, SEEDS = tuple(range(1, 9)), (1, 2, 5, 10, 30), tuple(range(1, 13))
FEATURES = (2, 3)  # petal length and width, the two that show most
GOAL_K, GOAL_INERTIA = 3, 140.0


def clusters():
    """The explorer of k-means on iris."""
    controls = (
        Slider("k", "clusters k", KS, start=4),
        Slider("restarts", "starts, the best counts", RESTARTS, start=10),
        Slider("seed", "draw of the starts", SEEDS, start=5),
    )

    def draw(k, restarts, seed):
        found = [best_of(j, restarts, seed) for j in KS]
        tightness = np.array([one.inertia for one in found])
        scores = np.array([score(j, restarts, seed) for j in KS[1:]])
        stuck = k == GOAL_K and restarts == 1 and tightness[k - 1] > GOAL_INERTIA
        goal = Goal("k = 3 from a single start: find a draw that ends with an inertia above 140", stuck)
        panels = (flowers(k, found[k - 1]), tight(k, tightness), silhouettes(k, scores))
        return Scene(panels, words(k, restarts, tightness, scores), goal)

    return Explorer("How many clusters are in iris?", controls, draw)


@lru_cache(maxsize=1)
def data():
    return iris()


@lru_cache(maxsize=128)
def best_of(k, restarts, seed):
    """The `Clusters` with the smallest inertia; more restarts go on from the same draws."""
    runs = lloyd(data().X, starts(data().X, k, np.random.default_rng([seed, k]), RESTARTS[-1])[:restarts])
    return Clusters(*(field[np.argmin(runs.inertia)] for field in runs))


@lru_cache(maxsize=128)
def score(k, restarts, seed):
    return silhouette(data().X, best_of(k, restarts, seed).labels)


def flowers(k, found):
    """The flowers by petal, their cluster as color and shape, and the centers."""
    order = np.argsort(found.centers[:, FEATURES[0]])  # colors run from small petals to large
    marks = []
    for place, j in enumerate(order):
        own = data().X[found.labels == j][:, FEATURES]
        marks.append(Points(own, PALETTE[place], 3.2, SHAPES[place % 3], 0.8))
    marks.append(Points(found.centers[:, FEATURES], "ink", 7, "cross"))
    alt = f"150 flowers by petal length and width in {k} clusters, sizes {sorted(np.bincount(found.labels).tolist())}."
    sides = Axis(0.7, 7.2, "petal length, cm"), Axis(0, 2.7, "petal width, cm")
    return Panel(*sides, tuple(marks), "The flowers", alt, 1.2)


def tight(k, tightness):
    """Inertia by k."""
    marks = (Rule(float(k), "x"), Path(columns(KS, tightness), "ink", 1.8, dots=3),
             Points(np.array([[k, tightness[k - 1]]]), PALETTE[1], 6))  # fmt: skip
    alt = f"Inertia against k, falling; at k = {k} it is {tightness[k - 1]:.1f}."
    return Panel(Axis(0.5, 8.5, "k"), Axis(10, 1000, "", log=True), marks, "Inertia: smaller is tighter", alt, 0.9)


def silhouettes(k, scores):
    """Silhouette by k, from 2."""
    at = () if k == 1 else (Points(np.array([[k, scores[k - 2]]]), PALETTE[1], 6),)
    marks = (Rule(float(k), "x"), Path(columns(KS[1:], scores), "ink", 1.8, dots=3), *at)
    alt = f"Silhouette against k; the largest is {scores.max():.2f} at k = {2 + int(scores.argmax())}."
    return Panel(Axis(0.5, 8.5, "k"), Axis(0, 0.8), marks, "Silhouette: larger is clearer", alt, 0.9)


def words(k, restarts, tightness, scores):
    """The finding in two sentences."""
    own = "one cluster has no silhouette" if k == 1 else f"silhouette {scores[k - 2]:.2f}"
    starts = "a single start" if restarts == 1 else f"the best of {restarts} starts"
    return (f"k = {k}, {starts}: inertia {tightness[k - 1]:.1f}, {own}. "
            f"The largest silhouette is at k = {2 + int(scores.argmax())}.")  # fmt: skip
