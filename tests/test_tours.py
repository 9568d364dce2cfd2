"""Tours: berlin52 and its optimum, exact short tours against enumeration."""

import numpy as np
import pytest

from course_lib.problems import all_tours, berlin52, distances, random_cities, shortest_tour, tour_length

OPTIMAL = """1 49 32 45 19 41 8 9 10 43 33 51 11 52 14 13 47 26 27 28 12 25 4 6 15 5 24 48 38 37 40 39 36 35 34 44 46 16
29 50 20 23 30 2 7 42 21 17 3 18 31 22"""  # TSPLIB's berlin52.opt.tour


def test_berlin52_has_its_known_optimum():
    """A coordinate would be mistyped: TSPLIB's optimal tour is 7542 long, with rounded distances."""
    berlin = berlin52()
    tour = np.array(OPTIMAL.split(), dtype=int) - 1
    assert sorted(tour) == list(range(52))
    assert tour_length(berlin.D, tour) == berlin.optimum == 7542


def test_distances_against_scipy():
    """A tour would be measured with other distances than Euclid's."""
    spatial = pytest.importorskip("scipy.spatial")
    xy = np.random.default_rng(0).normal(size=(9, 2))
    assert np.allclose(distances(xy), spatial.distance.cdist(xy, xy))
    assert np.array_equal(distances(100 * xy, rounded=True), np.rint(100 * distances(xy)))


def test_the_length_is_that_of_a_ring():
    """A tour would be left open, or a table of tours measured along the wrong axis."""
    D = distances(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]]))
    assert tour_length(D, [0, 1, 2]) == 12
    assert np.array_equal(tour_length(D, [[0, 1, 2], [2, 0, 1]]), [12, 12])


@pytest.mark.parametrize("n", [3, 4, 7, 9])
def test_the_shortest_tour_against_enumeration(n):
    """The optimum that the schedule designer judges by would not be one."""
    for seed in range(3):
        D = random_cities(n, np.random.default_rng(seed)).D
        tour = shortest_tour(D)
        assert sorted(tour) == list(range(n)) and tour[0] == 0
        assert tour_length(D, tour) == pytest.approx(tour_length(D, all_tours(n)).min())


def test_all_tours_are_all():
    """A tour would be left out, or listed twice."""
    tours = all_tours(7)
    assert len({tuple(tour) for tour in tours}) == len(tours) == 360  # 6!/2
    assert (np.sort(tours, axis=1) == np.arange(7)).all()


def test_too_many_cities_are_refused():
    """Somebody's memory would be filled up without a word."""
    with pytest.raises(ValueError, match="use shortest_tour"):
        all_tours(11)
    with pytest.raises(ValueError, match="3 to 13 cities"):
        shortest_tour(np.ones((14, 14)))


def test_cities_know_their_optimum_where_it_can_be_known():
    """A lesson would compare with None, or with a made-up number."""
    assert random_cities(14, np.random.default_rng(0)).optimum is None
    few = random_cities(8, np.random.default_rng(0))
    assert few.optimum == pytest.approx(tour_length(few.D, all_tours(8)).min())
    assert "shortest tour 7542" in repr(berlin52())
    assert "shortest" not in repr(random_cities(14, np.random.default_rng(0)))
