r"""Genetic algorithms on what is no real number: bit strings and tours, by operators that keep a genome valid.

A population is a `PopulationState` again, ``(..., n, d)``: zeros and ones, or permutations of ``0 .. d - 1``, one a
row. The two steps below are the textbook step of `course_lib.optimizers` with other operators, so `run` counts and
films them like any method. Leading axes are independent runs; nothing is changed in place.
"""

import numpy as np

from course_lib.optimizers import PopulationState, exchange, join, tournament

# ---------------------------------------------------------------------------------------------- bit strings


def random_bits(shape, rng, share=0.5):
    """Strings of zeros and ones of this shape, ones with the probability ``share``."""
    return (rng.random(shape) < share).astype(int)


def flip(c, rng, rate):
    """Each bit turned over with the probability ``rate``."""
    return np.where(rng.random(c.shape) < rate, 1 - c, c)


def evolve_bits(state, f, rng, k=2, elite=1, rate=0.05):
    r"""One generation of bit strings: tournament, uniform crossover, flips, elitism (Holland, 1975).

    Formula:
        y \leftarrow f(x) \quad \text{(once, at the start)}
        e \leftarrow \text{the } n_e \text{ best of the population}
        p, q \leftarrow \text{winners of tournaments among } k
        c \leftarrow \text{each bit from } p \text{ or } q \text{, even chances}
        c \leftarrow \text{each bit flipped with probability } r
        x, y \leftarrow (x_e, c), \; (y_e, f(c))

    Args:
        state: `PopulationState` of zeros and ones.
        f: the problem.
        rng: `numpy.random.Generator`.
        k: how many compete for one parenthood.
        elite: how many of the best survive unchanged.
        rate: the probability that a bit flips; about one bit a string is usual.
    """
    x, y, t = state
    y = f(x) if y is None else y
    e = np.argsort(y, axis=-1)[..., :elite]
    p, q = (tournament(x, y, rng, k, y.shape[-1] - elite) for _ in "pq")
    c = exchange(p, q, rng, 0.5)
    c = flip(c, rng, rate)
    x, y = join(x, y, e, c, f(c))
    return PopulationState(x, y, t + 1)


# ---------------------------------------------------------------------------------------------------- tours


def random_tours(shape, rng):
    """Random permutations of ``0 .. d - 1``, where d is the last number of the shape."""
    return np.argsort(rng.random(shape), axis=-1)


def segment(shape, rng):
    """For each row a random stretch of places, at least one, as a mask of this shape ``(..., d)``."""
    ends = np.sort(rng.integers(shape[-1], size=(*shape[:-1], 2)), axis=-1)
    places = np.arange(shape[-1])
    return (places >= ends[..., :1]) & (places <= ends[..., 1:])


def order_crossover(p, q, keep):
    """Children that have the cities of ``p`` where ``keep`` is true, and the others in the order of ``q``.

    A simple form of Davis's (1985) order crossover: the free places are filled from left to right.

    Args:
        p, q: permutations ``(..., d)``.
        keep: a mask of the same shape.
    """
    place = np.argsort(p, axis=-1)  # of each city in p
    taken = np.take_along_axis(keep, np.take_along_axis(place, q, axis=-1), axis=-1)
    others = np.take_along_axis(q, np.argsort(taken, axis=-1, kind="stable"), axis=-1)
    child = np.empty_like(p)
    np.put_along_axis(child, np.argsort(keep, axis=-1, kind="stable"), others, axis=-1)
    return np.where(keep, p, child)


def turn_around(c, rng, rate):
    """With the probability ``rate`` a random stretch of a tour is run through backward."""
    stretch = segment(c.shape, rng) & (rng.random((*c.shape[:-1], 1)) < rate)
    last = c.shape[-1] - 1
    ends = stretch.argmax(axis=-1) + last - stretch[..., ::-1].argmax(axis=-1)  # first place + last place
    places = np.arange(last + 1)
    return np.take_along_axis(c, np.where(stretch, ends[..., None] - places, places), axis=-1)


def evolve_tours(state, f, rng, k=3, elite=1, rate=0.5):
    r"""One generation of tours: tournament, order crossover, a stretch turned around, elitism (Davis, 1985).

    Formula:
        y \leftarrow f(x) \quad \text{(once, at the start)}
        e \leftarrow \text{the } n_e \text{ best of the population}
        p, q \leftarrow \text{winners of tournaments among } k
        c \leftarrow \text{a stretch of } p \text{, the other cities in the order of } q
        c \leftarrow \text{a stretch turned around, with probability } r
        x, y \leftarrow (x_e, c), \; (y_e, f(c))

    Args:
        state: `PopulationState` of permutations.
        f: the length of a tour, or any other cost of a permutation.
        rng: `numpy.random.Generator`.
        k: how many compete for one parenthood.
        elite: how many of the best survive unchanged.
        rate: the probability that a child has a stretch turned around.
    """
    x, y, t = state
    y = f(x) if y is None else y
    e = np.argsort(y, axis=-1)[..., :elite]
    p, q = (tournament(x, y, rng, k, y.shape[-1] - elite) for _ in "pq")
    c = order_crossover(p, q, segment(p.shape, rng))
    c = turn_around(c, rng, rate)
    x, y = join(x, y, e, c, f(c))
    return PopulationState(x, y, t + 1)
