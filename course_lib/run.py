"""The loop, written once: iterate a step, keep the ledger, record a trace, race methods at equal cost.

The unit of cost is one value or one gradient of the whole objective at one point; on ``k`` of ``n`` examples
it costs ``k/n``. What a *method* asks for is on the ledger; what is measured to draw a curve is free.
"""

from itertools import repeat
from math import prod
from typing import Any, NamedTuple

import numpy as np

from course_lib.optimizers import METHODS, PopulationState


class Ledger:
    """A problem that counts what is asked of it, per run.

    Args:
        f: the problem.
        runs: how many independent runs share a call (the product of the leading axes).

    Attributes:
        values, grads, hessians: how many were asked for so far, in units of the whole objective.
    """

    def __init__(self, f, runs=1):
        self.f, self.runs = f, runs
        self.values = self.grads = self.hessians = 0.0

    @property
    def cost(self):
        """Values + gradients, and d for each Hessian, which costs as much as d gradients."""
        return self.values + self.grads + (self.hessians and self.hessians * self.f.dim)

    def view(self, f=None, share=1.0):
        """What a method sees: ``f`` (by default the whole problem), each question on this account."""
        return _View(self, self.f if f is None else f, share)

    def book(self, kind, x, share):
        """Write down that ``kind`` was asked at the points ``x``, on a share of the examples."""
        points = prod(np.shape(x)[:-1]) / self.runs
        setattr(self, kind, getattr(self, kind) + share * points)


class _View:
    """A problem, or the same loss on some of its examples, that books each question on a ledger."""

    def __init__(self, ledger, f, share):
        self._ledger, self._f, self._share = ledger, f, share

    def __call__(self, x):
        self._ledger.book("values", x, self._share)
        return self._f(x)

    def grad(self, x):
        self._ledger.book("grads", x, self._share)
        return self._f.grad(x)

    def hess(self, x):
        self._ledger.book("hessians", x, self._share)
        return self._f.hess(x)

    def sample(self, indices):
        return _View(self._ledger, self._f.sample(indices), self._share * np.shape(indices)[-1] / self._f.n)

    def __getattr__(self, name):  # bounds, dim, n, ...: knowing these is free
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._f, name)


class Trace(NamedTuple):
    """The film of a run: time is the first axis of everything.

    Attributes:
        states: a tuple of the recorded states, the start included.
        x: where we were, ``(T, ..., d)`` or, for a population, ``(T, ..., n, d)``.
        loss: the objective there, ``(T, ...)``; of a population the best member's.
        cost: what the ledger said when the state was reached, ``(T,)``.
    """

    states: tuple
    x: np.ndarray
    loss: np.ndarray
    cost: np.ndarray

    @property
    def best(self):
        """The smallest loss up to each time, ``(T, ...)``; NaN never wins."""
        return np.fmin.accumulate(self.loss, axis=0)

    @property
    def steps(self):
        """How many states were recorded after the start."""
        return len(self.states) - 1

    def distance(self, to=0.0):
        """How far each point is from the point ``to`` (Euclid), ``(T, ...)``."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.linalg.norm(self.x - to, axis=-1)


def first(holds):
    """The index of the first True along time, or None: ``first(trace.loss < 1e-3)`` is a number of steps."""
    hits = np.flatnonzero(holds)
    return int(hits[0]) if len(hits) else None


def epochs_of(n, batch_size, rng, runs=None):
    """Index arrays forever: each epoch is a fresh permutation of n, and the last partial batch is kept.

    With a number of ``runs`` the arrays are (runs, batch_size), and each run has permutations of its own.
    """
    while True:
        order = rng.permutation(n) if runs is None else rng.permuted(np.tile(np.arange(n), (runs, 1)), axis=1)
        for i in range(0, n, batch_size):
            yield order[..., i : i + batch_size]


def iterates(step, state, f, rng, batch_size=None, apart=False, **knobs):
    """Yield the state and then, forever, the state after one more step.

    Args:
        step: ``step(state, f, rng, **knobs) -> state``.
        state: where to start.
        f: the problem.
        rng: `numpy.random.Generator`.
        batch_size: feed the step with that many examples at a time (``f.sample``); None feeds it with all.
        apart: the runs, x[0], x[1], ..., each see examples of their own, as if they were run one by one.
        **knobs: passed to the step; a callable one is a schedule, called with the steps taken so far.
    """
    runs = len(state.x) if apart else None
    feeds = repeat(f) if batch_size is None else (f.sample(i) for i in epochs_of(f.n, batch_size, rng, runs))
    yield state
    for t, feed in enumerate(feeds):
        state = step(state, feed, rng, **{name: k(t) if callable(k) else k for name, k in knobs.items()})
        yield state


class Frame(NamedTuple):
    """One picture of the film: the steps taken, the state reached, what it had cost by then."""

    t: int
    state: Any
    cost: float


def run(step, state, f, rng=0, *, steps=None, epochs=None, budget=None, batch_size=None, apart=False, every=1,
        callback=None, **knobs):  # fmt: skip
    """Iterate a step until the steps, the epochs or the budget are used up, and return the `Trace`.

    Args:
        step: ``step(state, f, rng, **knobs) -> state``.
        state: where to start, e.g. ``VelocityState(x0)``.
        f: the problem.
        rng: `numpy.random.Generator`, or a seed for one.
        steps: at most so many steps.
        epochs: at most so many passes over the examples; needs ``batch_size``.
        budget: at most so much cost (values + gradients); a step that would pass it is not recorded.
        batch_size: examples a step; None means all of them.
        apart: the runs, x[0], x[1], ..., each see examples of their own, as if they were run one by one.
        every: record only each so-manieth state; the start and the last are always recorded.
        callback: called with each `Frame` after the start; a true answer ends the run there.
        **knobs: passed to the step; a callable one is a schedule of the steps taken so far.

    Raises:
        ValueError: none of steps, epochs and budget is given, or one of them makes no sense.
    """
    steps, budget = _limits(steps, epochs, budget, batch_size, every, f)
    ledger = Ledger(f, runs=_runs(state))
    states = iterates(step, state, ledger.view(), np.random.default_rng(rng), batch_size, apart, **knobs)
    film = (Frame(t, state, ledger.cost) for t, state in enumerate(states))
    with np.errstate(all="ignore"):  # a run that diverges is a result, not a warning
        return _develop(list(_thin(_within(film, steps, budget, callback), every)), f)


def race(entries, f, x0, *, budget, rng=0, **options):
    """Run several methods from one point at equal cost: ``{name: Trace}``.

    Args:
        entries: ``{name: knobs}`` with names of `METHODS`, e.g. ``{"adam": {"lr": 0.1}, "momentum": {}}``. Another
            name says which method it is: ``{"more memory": {"method": "momentum", "beta": 0.99}}``.
        f: the problem.
        x0: the start ``(..., d)``; leading axes are independent runs. A population adds others from the box.
        budget: the cost that each may spend.
        rng: a seed; each method gets its own stream, so that an entry more does not change the others.
        **options: passed to `run`.

    Raises:
        ValueError: an entry is no method of `METHODS`.
    """
    return {name: _race_one(name, **({"method": name} | knobs), f=f, x0=x0, budget=budget, seed=rng, options=options)
            for name, knobs in entries.items()}  # fmt: skip


def _race_one(name, method, f, x0, budget, seed, options, **knobs):
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}: choose among {', '.join(METHODS)}.")
    method = METHODS[method]
    rng = np.random.default_rng([seed, *name.encode()])
    return run(method.step, method.start(x0, f, rng), f, rng, budget=budget, **options, **knobs)


def _limits(steps, epochs, budget, batch_size, every, f):
    """Steps and budget as numbers, infinite where not given."""
    if steps is epochs is budget is None:
        raise ValueError("A run needs an end: give steps, epochs or budget.")
    if epochs is not None and batch_size is None:
        raise ValueError("An epoch is a pass in batches: give batch_size too, or count steps.")
    if batch_size is not None and batch_size < 1:
        raise ValueError(f"A batch holds at least one example, not {batch_size}.")
    if batch_size is not None and not hasattr(f, "sample"):
        raise ValueError("This problem has no examples to draw batches from: leave batch_size out.")
    if every < 1:
        raise ValueError(f"Record every state (every=1) or fewer (every=10), not every={every}.")
    if epochs is not None:
        steps = min(np.inf if steps is None else steps, epochs * -(-f.n // batch_size))
    steps, budget = (np.inf if limit is None else limit for limit in (steps, budget))
    if not (steps >= 0 and budget >= 0):
        raise ValueError("Steps, epochs and budget are at least 0.")
    return steps, budget


def _runs(state):
    """How many independent runs the leading axes of a state hold."""
    own = 2 if isinstance(state, PopulationState) else 1
    return max(1, prod(np.shape(state.x)[:-own]))


def _within(film, steps, budget, callback):
    """The frames up to the last step, the last that the budget pays for, or the callback's word."""
    for frame in film:
        if frame.cost > budget * (1 + 1e-9):  # shares like 1/3 do not add up exactly
            return
        if frame.t == 1 and frame.cost == 0 and steps == np.inf:
            raise ValueError("The step asks nothing of f, so a budget would never end the run: give steps.")
        yield frame
        if frame.t and callback and callback(frame):
            return
        if frame.t + 1 > steps:
            return


def _thin(film, every):
    """Each so-manieth frame, and the last."""
    for frame in film:
        if frame.t % every == 0:
            yield frame
    if frame.t % every:
        yield frame


def _develop(frames, f):
    """The `Trace` of the frames; measuring the loss for it is on nobody's account."""
    states = tuple(frame.state for frame in frames)
    x, loss = np.array([state.x for state in states]), np.array([_loss(state, f) for state in states])
    return Trace(states, x, loss, np.array([frame.cost for frame in frames]))


def _loss(state, f):
    """The objective at a state; of a population the best member's, where NaN never wins."""
    return np.fmin.reduce(f(state.x), axis=-1) if isinstance(state, PopulationState) else f(state.x)
