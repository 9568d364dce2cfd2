"""Annealing where moves are discrete: cooling schedules, the 2-opt move, and tours annealed or descended.

For points in a box there is the step `course_lib.optimizers.annealing`. Here a tour changes a few edges at a time,
and what a change costs is known from these edges alone, without asking for the length of the whole tour.
"""

from typing import NamedTuple

import numpy as np

# ---------------------------------------------------------------------------------------------- temperatures


def geometric(T0, T1, n):
    """n temperatures from T0 down to T1, each the same share of the one before (Kirkpatrick et al., 1983)."""
    return np.geomspace(T0, T1, n)


def linear(T0, T1, n):
    """n temperatures from T0 down to T1 in equal steps."""
    return np.linspace(T0, T1, n)


def reheated(T0, T1, n, cycles=3):
    """n temperatures that fall geometrically from T0 to T1 again and again, in `cycles` parts of equal size."""
    sizes = [len(part) for part in np.array_split(np.arange(n), cycles)]
    return np.concatenate([geometric(T0, T1, size) for size in sizes])


SCHEDULES = {schedule.__name__: schedule for schedule in (geometric, linear, reheated)}


def acceptance(deltas, T):
    """The mean probability exp(-delta/T) with which the worse of these moves are accepted at T."""
    worse = np.asarray(deltas, dtype=float)
    return float(np.exp(-worse[worse > 0] / T).mean())


# ----------------------------------------------------------------------------------------------------- moves


def reverse(tour, i, j):
    """The tour with its stretch from place i to place j, both included, turned around; i <= j."""
    return np.concatenate([tour[:i], tour[i : j + 1][::-1], tour[j + 1 :]])


def reverse_delta(D, tour, i, j):
    """What `reverse` adds to the length of the closed tour: two edges go, two come (Croes, 1958)."""
    if j - i >= len(tour) - 1:
        return 0.0  # the whole tour turned around, or all of it but for a city that keeps both neighbors
    a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % len(tour)]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]


def two_places(n, rng):
    """Two different places i < j of a tour of n cities, each pair as likely."""
    i, j = sorted(rng.choice(n, size=2, replace=False).tolist())
    return i, j


# --------------------------------------------------------------------------------------------- whole searches


class TourFilm(NamedTuple):
    """What a search over tours passed through, F pictures after the start.

    Attributes:
        tours: (F + 1, n).
        lengths: of the tours, (F + 1,).
        temps: the temperature when the picture was taken, (F + 1,).
        accepted: the share of the proposals since the last picture that were accepted, (F,).
    """

    tours: np.ndarray
    lengths: np.ndarray
    temps: np.ndarray
    accepted: np.ndarray

    @property
    def best(self):
        """The shortest tour of the film, (n,)."""
        return self.tours[self.lengths.argmin()]


def anneal_tour(D, temps, rng, tour=None, near=12, frames=50):
    """Anneal a tour by 2-opt moves that make two close cities neighbors; one proposal a temperature.

    A move is accepted when its delta is below T times an exponential random number: that has the probability
    exp(-delta/T), and all thresholds can be drawn beforehand.

    Args:
        D: distances (n, n), symmetric, n >= 5.
        temps: the temperatures, (steps,).
        rng: `numpy.random.Generator`.
        tour: where to start, (n,); by default a random tour.
        near: how many of the closest cities a city may be joined to.
        frames: pictures to take, at most one a step.

    Returns:
        The `TourFilm`.
    """
    n, temps = len(D), np.asarray(temps, dtype=float)
    tour = rng.permutation(n).tolist() if tour is None else [int(city) for city in tour]
    close = np.argsort(D + np.diag(np.full(n, np.inf)), axis=1, kind="stable")[:, : min(near, n - 1)]
    place, rank = rng.integers(n, size=len(temps)), rng.integers(close.shape[1], size=len(temps))
    room = temps * rng.exponential(size=len(temps))
    parts = np.array_split(np.arange(len(temps)), min(frames, len(temps)))
    tours, accepted, tables = [tour.copy()], [], (D.tolist(), close.tolist())
    for part in parts:
        moves = zip(place[part].tolist(), rank[part].tolist(), room[part].tolist(), strict=True)
        accepted.append(_moved(tour, *tables, moves) / len(part))
        tours.append(tour.copy())
    tours, ends = np.array(tours), [part[-1] for part in parts]
    lengths = D[tours, np.roll(tours, -1, axis=-1)].sum(axis=-1)
    return TourFilm(tours, lengths, temps[[0, *ends]], np.array(accepted))


def _moved(tour, d, close, moves):
    """Try the moves on the list `tour`, which changes; how many were accepted. Plain lists: they are the fastest.

    A move is a place, the rank of the close city that its city shall follow or precede, and the room for its delta.
    """
    n, count = len(tour), 0
    for i, rank, room in moves:
        j = tour.index(close[tour[i]][rank])
        if i > j:
            i, j = j, i
        a, b, c, e = tour[i], tour[i + 1], tour[j], tour[j + 1 - n]
        row = d[a]
        if row[c] + d[b][e] - row[b] - d[c][e] < room:
            tour[i + 1 : j + 1] = tour[j:i:-1]
            count += 1 < j - i < n - 1  # else it is the same ring as before
    return count


def descend_tour(D, tour, most=np.inf):
    """Take the first 2-opt move that shortens the tour, until there is none or `most` moves were looked at.

    Returns the tour, and how many moves were looked at.
    """
    tour, d, asked, since, n = [int(city) for city in tour], D.tolist(), 0, 0, len(tour)
    pairs = [(i, j) for i in range(n - 1) for j in range(i + 1, n) if j - i < n - 1]
    while since < len(pairs) and asked < most:
        for i, j in pairs:
            asked, since = asked + 1, since + 1
            a, b, c, e = tour[i - 1], tour[i], tour[j], tour[j + 1 - n]
            if d[a][c] + d[b][e] - d[a][b] - d[c][e] < -1e-9:
                tour[i : j + 1] = tour[i : j + 1][::-1]
                since = 0
            if since >= len(pairs) or asked >= most:
                break
    return np.array(tour), asked
