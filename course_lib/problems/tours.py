"""Round trips through cities: distances, lengths, berlin52 with its known optimum, and the exact answer for few cities.

A tour of n cities is a permutation of 0 to n - 1; from the last city it goes back to the first.
"""

from itertools import permutations
from typing import NamedTuple

import numpy as np

from .problem import frozen

BERLIN52 = """
565 575   25 185   345 750   945 685   845 655   880 660   25 230   525 1000   580 1175   650 1130   1605 620
1220 580   1465 200   1530 5   845 680   725 370   145 665   415 635   510 875   560 365   300 465   520 585
480 415   835 625   975 580   1215 245   1320 315   1250 400   660 180   410 250   420 555   575 665   1150 1160
700 580   685 595   685 610   770 610   795 645   720 635   760 650   475 960   95 260   875 920   700 500
555 815   830 485   1170 65   830 610   605 625   595 360   1340 725   1740 245
"""
MOST = 13  # cities that `shortest_tour` takes: its table has n 2^n entries


class Cities(NamedTuple):
    """Places to visit.

    Attributes:
        xy: where they are, (n, 2).
        D: the distance from each to each, (n, n), symmetric.
        optimum: the length of the shortest tour, or None where it is not known.
        source: where they come from.
    """

    xy: np.ndarray
    D: np.ndarray
    optimum: float | None
    source: str

    def __repr__(self):
        known = "" if self.optimum is None else f", shortest tour {self.optimum:g}"
        return f"Cities({len(self.xy)} of them{known}; {self.source})"


def berlin52():
    """52 places in Berlin, distances rounded to whole numbers; the shortest tour is 7542 long."""
    xy = np.array(BERLIN52.split(), dtype=float).reshape(-1, 2)
    return Cities(frozen(xy), frozen(distances(xy, rounded=True)), 7542.0, "Groetschel, in TSPLIB (Reinelt, 1991)")


def random_cities(n, rng):
    """n cities drawn uniformly from the unit square; up to `MOST` of them with the optimum."""
    xy = rng.uniform(size=(n, 2))
    D = distances(xy)
    optimum = tour_length(D, shortest_tour(D)) if n <= MOST else None
    return Cities(frozen(xy), frozen(D), optimum, "uniform in the unit square")


def distances(xy, rounded=False):
    """Euclidean distances between the points xy (n, 2) as a matrix (n, n), rounded to whole numbers if asked."""
    D = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    return np.floor(D + 0.5) if rounded else D  # TSPLIB's own rounding


def tour_length(D, tour):
    """The length of closed tours: D is (n, n), tour (..., n), the answer (...)."""
    tour = np.asarray(tour)
    return D[tour, np.roll(tour, -1, axis=-1)].sum(axis=-1)


def all_tours(n):
    """Each tour of n cities once, ((n-1)!/2, n): it starts in city 0, and its mirror image is left out.

    ValueError beyond 10 cities: there the table would need too much memory.
    """
    if not 3 <= n <= 10:
        raise ValueError(f"All tours can be listed for 3 to 10 cities, not for {n}: use shortest_tour.")
    return np.array([(0, *rest) for rest in permutations(range(1, n)) if rest[0] < rest[-1]])


def shortest_tour(D):
    """The shortest tour, exactly, by dynamic programming over sets of cities (Held and Karp, 1962).

    D: (n, n), symmetric, 3 <= n <= 13 (ValueError else). Returns the tour (n,), city 0 first.
    """
    n = len(D)
    if not 3 <= n <= MOST:
        raise ValueError(f"The exact tour is computed for 3 to {MOST} cities, not for {n}: anneal in place of it.")
    m = n - 1
    best, came = np.full((2**m, m), np.inf), np.zeros((2**m, m), dtype=int)  # [set, last]: the cities 1 to m as bits
    best[2 ** np.arange(m), np.arange(m)] = D[0, 1:]
    for members in range(1, 2**m):
        for last in (k for k in range(m) if members >> k & 1 and members != 1 << k):
            via = best[members ^ 1 << last] + D[1:, last + 1]
            came[members, last] = via.argmin()
            best[members, last] = via.min()
    return _unwound(came, int((best[-1] + D[1:, 0]).argmin()))


def _unwound(came, last):
    """The tour that ends in `last`, read backward from the table of predecessors."""
    members, tour = len(came) - 1, []
    while members:
        tour.append(last + 1)
        members, last = members ^ 1 << last, came[members, last]
    return np.array([0, *tour[::-1]])
