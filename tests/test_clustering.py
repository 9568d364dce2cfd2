"""Clusters: against scikit-learn, and the laws that a grouping obeys."""

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from course_lib.problems import Medoids, inertia, iris, kmeans, lloyd, silhouette
from course_lib.problems.clustering import starts

RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 3)) + 4 * RNG.integers(0, 3, (60, 1))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8])
def test_lloyd_is_scikit_learns(k):
    """Centers, labels or inertia would not be those of k-means."""
    for seed in range(5):
        begin = starts(X, k, np.random.default_rng(seed), 1)[0]
        ours = lloyd(X, begin, steps=300)
        theirs = KMeans(k, init=begin, n_init=1, tol=0, max_iter=300, algorithm="lloyd").fit(X)
        assert np.allclose(ours.centers, theirs.cluster_centers_)
        assert np.array_equal(ours.labels, theirs.labels_)
        assert ours.inertia == pytest.approx(theirs.inertia_)


def test_starts_are_independent_runs():
    """Restarts in one array would disturb each other."""
    begin = starts(X, 4, np.random.default_rng(0), 6)
    together = lloyd(X, begin)
    for i in range(6):
        alone = lloyd(X, begin[i])
        assert np.allclose(together.centers[i], alone.centers) and together.inertia[i] == pytest.approx(alone.inertia)


def test_kmeans_keeps_the_best_run():
    """Restarts would be in vain."""
    begin = starts(X, 4, np.random.default_rng(7), 20)
    best = kmeans(X, 4, np.random.default_rng(7), restarts=20)
    assert best.inertia == lloyd(X, begin).inertia.min()
    assert best.inertia == pytest.approx(inertia(X, best.centers, best.labels))


def test_no_start_draws_a_point_twice():
    """Two centers would begin at one place, and one of them would stay without points."""
    begin = starts(np.arange(6.0)[:, None], 6, np.random.default_rng(0), 50)
    assert np.array_equal(np.sort(begin[..., 0]), np.broadcast_to(np.arange(6.0), (50, 6)))


def test_a_center_without_points_stays():
    """0/0: an empty cluster would turn into NaN."""
    found = lloyd(X, np.array([X[0], [1e6, 1e6, 1e6]]))
    assert np.array_equal(found.centers[1], [1e6, 1e6, 1e6]) and np.isfinite(found.inertia)


@pytest.mark.parametrize("k", [0, 61])
def test_an_impossible_number_of_clusters_is_refused(k):
    """An error from the depths of NumPy."""
    with pytest.raises(ValueError, match="1 to 60 clusters"):
        kmeans(X, k, np.random.default_rng(0))


@pytest.mark.parametrize("labels", [RNG.integers(0, 4, 60), np.arange(60) // 59, 7 * RNG.integers(-1, 2, 60)])
def test_silhouette_is_scikit_learns(labels):
    """Own point counted, a lonely point not 0, or labels with gaps mistaken."""
    assert silhouette(X, labels) == pytest.approx(silhouette_score(X, labels))


def test_silhouette_of_equal_points_and_of_one_cluster():
    """0/0, or a number for what has no meaning."""
    assert silhouette(np.array([[0.0], [0.0], [1.0]]), [0, 0, 1]) == pytest.approx(2 / 3)
    assert silhouette(np.zeros((4, 1)), [0, 0, 1, 1]) == 0
    with pytest.raises(ValueError, match="at least two"):
        silhouette(X, np.zeros(60))


def test_iris_as_the_literature_has_it():
    """Another data set or another k-means than everybody's: the inertia for k = 3 is 78.85, the silhouette 0.553."""
    found = kmeans(iris().X, 3, np.random.default_rng(0), restarts=20)
    assert found.inertia == pytest.approx(78.8514, abs=1e-3)
    assert silhouette(iris().X, found.labels) == pytest.approx(0.5528, abs=1e-3)


def test_medoids_cost_what_a_loop_over_the_points_says():
    """Distances summed over the wrong axis, or squared, would choose other flowers."""
    X = np.random.default_rng(1).normal(size=(12, 3))
    members = np.random.default_rng(2).permuted(np.tile(np.arange(12), (5, 1)), axis=1)[:, :3]
    expected = [sum(min(np.linalg.norm(x - X[m]) for m in group) for x in X) for group in members]
    np.testing.assert_allclose(Medoids(X)(members), expected, rtol=1e-12)


def test_a_neighbor_of_medoids_differs_in_one_member():
    """A move that repeats a member, or changes two, makes fewer groups or jumps too far."""
    f, rng = Medoids(np.random.default_rng(1).normal(size=(9, 2))), np.random.default_rng(0)
    members, seen = np.array([0, 4, 8]), set()
    for _ in range(300):
        new = f.exchange(members, rng)
        assert (new != members).sum() == 1
        assert len(set(new.tolist())) == 3
        seen.add(tuple(new.tolist()))
    assert len(seen) == 3 * 6, "each member may give way to each other point"
    assert members.tolist() == [0, 4, 8]
