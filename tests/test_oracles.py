"""Each gradient method walks the path that PyTorch or Optax walks, which `make_oracles.py` recorded."""

import hashlib

import numpy as np
import pytest
from oracles import CASES, HERE, PATHS, RUNS, TOLERANCE, deviation, tolerance, walk

from course_lib.optimizers import METHODS, VelocityState

GRADIENT = [name for name, method in METHODS.items() if method.uses_gradient]


@pytest.mark.parametrize("name", RUNS)
def test_path(name):
    """A broken update rule, state, schedule, batch or gradient leaves the path of the reference."""
    assert deviation(name) < tolerance(name)


@pytest.mark.parametrize("method", GRADIENT)
def test_each_gradient_method_has_oracles(method):
    """A method without oracles on four problems, two schedules and batches would be held against nothing."""
    runs = [run for run in RUNS.values() if run["method"] == method]
    assert len({run["problem"] for run in runs}) >= 4
    assert {"inverse", "cosine"} <= {run["schedule"] for run in runs}
    assert any(run["permutations"] for run in runs)
    assert CASES["steps"] >= 50


@pytest.mark.parametrize("name", RUNS)
def test_oracle_is_telling(name):
    """An oracle that stands still, or blew up, or repeats another one, would pass a wrong rule."""
    path = PATHS[name]
    assert path.shape[0] == CASES["steps"] + 1 and np.isfinite(path).all()
    assert (np.abs(np.diff(path, axis=0)).max(axis=1) > 100 * TOLERANCE).mean() > 0.8
    assert [other for other in RUNS if np.array_equal(PATHS[other], path)] == [name]


KNOBS = sorted({(run["method"], knob) for run in RUNS.values() for knob in run["knobs"]})


@pytest.mark.parametrize(("method", "knob"), KNOBS)
def test_comparison_can_fail(method, knob):
    """A knob that is off by a thousandth must show in some path: else no oracle would see it ignored."""
    runs = {name: run["knobs"][knob] for name, run in RUNS.items() if run["method"] == method}
    assert max(deviation(name, **{knob: 1.001 * value}) for name, value in runs.items()) > 1000 * TOLERANCE


@pytest.mark.parametrize("method", GRADIENT)
def test_comparison_sees_the_rate(method):
    """A schedule that lags a step behind must show in every path under a schedule."""
    for name, run in RUNS.items():
        if run["method"] == method and run["schedule"] != "constant":
            lagging = CASES["schedules"][run["schedule"]]
            assert deviation(name, lr=lambda t: run["lr"] * lagging[max(t - 1, 0)]) > 1000 * TOLERANCE  # noqa: B023


def rate_outside(state, f, rng, lr, beta):
    """Momentum as PyTorch writes it."""
    x, v = state
    v = beta * v + f.grad(x)
    return VelocityState(x - lr * v, v)


def test_where_the_rate_stands():
    """`momentum` says of PyTorch's form: the same path at a constant rate, another under a schedule."""
    same = deviation("momentum/bowl/constant", rate_outside)
    other = deviation("momentum/bowl/inverse", rate_outside)
    assert same < TOLERANCE < 0.001 < other


def test_steps_count_from_the_start():
    """A path that began elsewhere, or was recorded a step late, could still end near the oracle's."""
    name = "adam/rosenbrock/cosine"
    assert np.array_equal(walk(name)[0], CASES["problems"]["rosenbrock"]["x0"])
    assert np.abs(walk(name)[1:] - PATHS[name][:-1]).max() > 0.01


@pytest.mark.parametrize("line", (HERE / "SHA256SUMS").read_text().splitlines())
def test_checksum(line):
    """An oracle that was edited by hand, or damaged, is no oracle."""
    digest, file = line.split()
    assert hashlib.sha256((HERE / file).read_bytes()).hexdigest() == digest


def test_oracles_are_small():
    """They travel with every clone: 300 kB at most."""
    assert sum(file.stat().st_size for file in HERE.iterdir() if file.is_file()) < 300_000
