"""Wrapped surfaces: a sample is noise about the whole, a fence keeps everybody inside."""

import numpy as np

from course_lib.problems import Fenced, Rosenbrock, Schwefel, Tilted


def test_all_copies_together_are_the_surface():
    """SGD would race on another surface than the others."""
    f, rng = Rosenbrock(2), np.random.default_rng(0)
    tilted, x = Tilted(f, rng.normal(2, 5, (8, 2))), rng.uniform(-2, 2, (6, 2))
    parts = [tilted.sample([i]) for i in range(8)]
    assert np.allclose(np.mean([part(x) for part in parts], axis=0), f(x)) and np.allclose(tilted(x), f(x))
    assert np.allclose(np.mean([part.grad(x) for part in parts], axis=0), f.grad(x))
    assert np.allclose(parts[3].hess(x), f.hess(x)) and tilted.n == 8


def test_each_run_sees_its_own_copies():
    """All runs would have the same luck, and thirty seeds would be one."""
    f, rng = Rosenbrock(2), np.random.default_rng(0)
    tilted, x = Tilted(f, rng.normal(size=(8, 2))), rng.uniform(-2, 2, (3, 2))
    indices = np.array([[0, 1], [2, 3], [4, 5]])
    apart = tilted.sample(indices).grad(x)
    assert np.allclose(apart, [tilted.sample(indices[i]).grad(x[i]) for i in range(3)])


def test_nobody_gains_by_leaving_the_box():
    """A method that runs away would find values below the minimum."""
    f, x = Fenced(Schwefel(2)), np.random.default_rng(0).uniform(-2000, 2000, (400, 2))
    assert (f(x) > -1e-9).all() and (Schwefel(2)(x) < 0).any()
    way = np.random.default_rng(1).standard_normal(x.shape) * 1e-4
    assert np.allclose(f(x + way) - f(x - way), 2 * (f.grad(x) * way).sum(-1), atol=1e-5)
