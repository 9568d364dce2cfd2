"""The experiments of claims a, b and d: rates, wells, and momentum, on lines and bowls drawn anew for each seed."""

import numpy as np

from course_lib.audit.declare import Finding, claimed
from course_lib.audit.fair import Noisy, bowls, per_seed, tuned, waves
from course_lib.optimizers import PointState, VelocityState, gradient_descent, momentum
from course_lib.problems import Himmelblau
from course_lib.run import run
from course_lib.schedules import cosine

DEEP, SHALLOW = (1.5, 2.0), (0.05, 8.0)  # depth and frequency of `Waves`: wells 3 deep, ripples of a tenth


def descend(f, x, lr, steps):
    """Where gradient descent ends."""
    return run(gradient_descent, PointState(x), f, 1, steps=steps, every=steps, lr=lr).x[-1]


def roll(f, x, lr, steps):
    """Where momentum ends, at its usual beta = 0.9."""
    return run(momentum, VelocityState(x), f, 1, steps=steps, every=steps, lr=lr, beta=0.9).x[-1]


# ------------------------------------------------------------------------------------------------------ wells


@claimed("a", "Gradient descent stops at the first local minimum it finds.", lesson="02")
def first_minimum(seeds, full):
    """Lines with wells, another for each seed. The first minimum is where steps of a twentieth of 1/L lead.

    Two rates with the exact gradient, one start a line, and one on Himmelblau's surface, with the L of its whole box;
    margin: four runs in five. Then normal noise on each gradient, twice and twelve times the steepest slope of the
    waves, under a rate that falls from 1/(2L) to 0 by a cosine. There we ask, over 20 starts a line, how high the end
    lies above the first minimum: noise helps if it ends lower, by a tenth where wells are 3 deep. Far too much of it
    ends in any well, most of them high up: the claim that one gets no lower is true again, for a sorry reason.
    Nothing is tuned: the claim is about one method, and the rates are its condition.
    """
    f, x = waves(*DEEP, seeds, np.random.default_rng(1))
    steps = 2000 if full else 500
    home = descend(f, x, 0.05 / f.L, 2 * steps)
    for condition, rate in (("the rate is just below 2/L", 1.9), ("the rate is just above 2/L", 2.1)):
        yield Finding(condition, "share of runs that come to rest in the well of their start",
                      stopped(f, x[:, :1], home[:, :1], rate / f.L, steps)[:, 0], margin=0.8)  # fmt: skip
    yield on_himmelblau(seeds, steps)
    for condition, times in (("the gradient is moderately noisy", 2),
                             ("the gradient is so noisy that the run ends high up", 12)):  # fmt: skip
        end = descend(noisy(f, times), x, cosine(steps, 0.5 / f.L), steps)
        yield Finding(condition, "height of the end above the first minimum, where wells are 3 deep",
                      per_seed(f(end) - f(home)), margin=-0.1)  # fmt: skip


def stopped(f, x, home, lr, steps):
    """Which runs are at home in the end."""
    return np.abs(descend(f, x, lr, steps) - home).max(axis=-1) < 0.05


def on_himmelblau(seeds, steps):
    """The same on a plane."""
    f, L = Himmelblau(), 327.0  # the largest curvature in the box, in a corner
    x = np.random.default_rng(2).uniform(*f.bounds, size=(seeds, 2))
    home = descend(f, x, 0.05 / L, 4 * steps)
    return Finding("the surface is Himmelblau's and the rate just below 2/L",
                   "share of runs that come to rest in the basin of their start",
                   stopped(f, x, home, 1.9 / L, steps), margin=0.8)  # fmt: skip


def noisy(f, times):
    """The waves with normal gradient noise, so many times as large as their steepest slope."""
    rng, slope = np.random.default_rng(3), f.depth * f.frequency
    return Noisy(f, lambda shape: times * slope * rng.normal(size=shape))


# ------------------------------------------------------------------------------------------------------ rates


@claimed("b", "Too large a rate jumps around; too small a rate is as slow as exhaustive search.", lesson="02")
def extreme_rates(seeds, full):
    """First half: runs not at rest (last step above a thousandth) after 1000 steps, one a seed; margin: four in five.

    Second half: the gradients until the loss is a millionth of the first one, against the values that a grid needs
    which is sure to hold such a point; we charge the grid for half of its points, as if it met the point halfway. The
    claim holds if descent costs more than half as much as the grid, whence the margin log10(1/2). The rate is counted
    from 1/L. Steps grow as 1/rate in any dimension d, a grid as n^d: the claim is about lines.
    """
    for condition, (f, x), lr in (
        ("the rate is above 2/L on bowls", bowls(seeds, 5, np.random.default_rng(4)), 2.1),
        ("the rate is above 2/L among wells", (flat := waves(*DEEP, seeds, np.random.default_rng(5))), 2.1 / flat[0].L),
        ("the rate is between 1/L and 2/L on bowls", bowls(seeds, 5, np.random.default_rng(4)), 1.5),
    ):
        yield Finding(condition, "share of runs that do not come to rest", restless(f, x[:, :1], lr)[:, 0], margin=0.8)
    for size, dim, times in (("ten times too small on a line", 1, 10), ("a thousand times too small on a line", 1, 1e3),
                             ("a thousand times too small in two dimensions", 2, 1e3),
                             ("a million times too small in five dimensions", 5, 1e6)):  # fmt: skip
        drawn = bowls(seeds, dim, np.random.default_rng(4))
        yield Finding(f"the rate is {size}", "log10(gradients of descent / values of a grid)",
                      per_seed(against_grid(*drawn, 1 / times)), margin=np.log10(0.5))  # fmt: skip


def restless(f, x, lr):
    """Which runs still move after 1000 steps, or have left for infinity."""
    return ~(np.abs(lr * f.grad(descend(f, x, lr, 1000))).max(axis=-1) < 0.001)


def against_grid(f, x, lr, precision=1e-6):
    """log10 of what descent costs over what half a grid costs, to come down to that share of the first loss."""
    goal = precision * f(x)
    spacing = 2 * np.sqrt(2 * goal / f.a.sum(axis=-1))  # the farthest point is half of it away, on each axis
    width = f.bounds[1] - f.bounds[0]
    return np.log10(gradients(f, x, lr, goal)) - x.shape[-1] * np.log10(width / spacing + 1) - np.log10(0.5)


def gradients(f, x, lr, goal):
    """How many steps until f is at most `goal`, by bisection of the closed form x_i (1 - lr a_i)^t."""
    low, high = np.zeros(goal.shape), np.full(goal.shape, 1e12)
    for _ in range(60):
        t = (low + high) / 2
        there = f(x * np.exp(t[..., None] * np.log1p(-lr * f.a))) <= goal
        low, high = np.where(there, low, t), np.where(there, t, high)
    return high


# --------------------------------------------------------------------------------------------------- momentum


@claimed("d", "Momentum helps escape local minima.", lesson="05")
def escape(seeds, full):
    """Lines with wells and lines with ripples, 20 starts on each; beta = 0.9, so that the effective rate is ten-fold.

    Three ways to be fair. The same rate for both, which gives momentum ten times the speed. The same *effective* rate.
    Or each method with the best of nine rates, 0.1/L to 100/L, by the mean height at the end on 20 other lines; once
    kept and once falling to 0 by a cosine. The last is what one would do, and turns the result around: a rate far
    above 2/L makes descent itself jump over the wells, and better than momentum, which needs small rates to settle.
    Margin: a fifth of the starts, on balance.
    """
    steps = 1500 if full else 400
    for name, shape in (("wells are deep", DEEP), ("ripples are shallow", SHALLOW)):
        f, x = waves(*shape, seeds, np.random.default_rng(6))
        slow, fast = (descend(f, x, rate / f.L, steps) for rate in (0.1, 1.0))
        yield gain(f"{name} and rates equal", f, slow, ball := roll(f, x, 0.1 / f.L, steps))
        yield gain(f"{name} and effective rates equal", f, fast, ball)
        schedules = {"keeps its best rate": lambda lr: lr, "lets its best rate fall": lambda lr: cosine(steps, lr)}
        for words, schedule in schedules.items():
            ends = (way(f, x, schedule(best_rate(way, schedule, shape, steps)), steps) for way in (descend, roll))
            yield gain(f"{name} and each {words}", f, *ends)


def best_rate(way, schedule, shape, steps):
    """The best of nine rates on 20 lines that are used for nothing else."""
    f, x = waves(*shape, 20, np.random.default_rng(7))
    rates = np.geomspace(0.1, 100, 9) / f.L
    lr = rates[:, None, None, None]
    return tuned(rates, f(way(f, x + 0 * lr, schedule(lr), steps)).reshape(len(rates), -1))


def gain(condition, f, plain, rolled):
    """Momentum's ends against descent's: how many lie lower, less how many lie higher; 0.01 is level."""
    drop = f(plain) - f(rolled)
    balance = np.sign(np.where(np.abs(drop) > 0.01, drop, 0))
    return Finding(condition, "share of starts that momentum takes lower, less the share it takes higher",
                   per_seed(balance), margin=0.2)  # fmt: skip
