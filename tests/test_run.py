"""The loop: what it counts, when it ends, what it feeds, what it keeps."""

import subprocess
import sys
import warnings
from itertools import islice

import numpy as np
import pytest

from course_lib.optimizers import METHODS, PointState, VelocityState, gradient_descent, momentum
from course_lib.problems import LeastSquares, Rosenbrock, bowl
from course_lib.run import Ledger, Trace, epochs_of, iterates, race, run

F = bowl(condition=10.0)
X0 = np.array([2.0, -3.0])


def regression(n=10, d=2):
    rng = np.random.default_rng(3)
    return LeastSquares(rng.standard_normal((n, d)), rng.standard_normal(n))


class Watched:
    """A data loss that notes the indices of each sample it is asked for."""

    def __init__(self, f):
        self.f, self.seen = f, []

    def sample(self, indices):
        self.seen.append(list(indices))
        return self.f.sample(indices)

    def __call__(self, x):
        return self.f(x)

    def __getattr__(self, name):
        return getattr(self.f, name)


def frozen(state, f, rng):
    """A step that asks nothing."""
    return state


# --------------------------------------------------------------------------------------------- the ledger

# What a method asks for: values at the start, values a step, gradients a step. A new method needs a line here.
PRICES = {
    "grid_search": (0, 1, 0),
    "random_search": (0, 1, 0),
    "gradient_descent": (0, 0, 1),
    "momentum": (0, 0, 1),
    "nesterov": (0, 0, 1),
    "adagrad": (0, 0, 1),
    "rmsprop": (0, 0, 1),
    "adam": (0, 0, 1),
    "adamw": (0, 0, 1),
    "amsgrad": (0, 0, 1),
    "newton": (0, 0, 1),
    "textbook_genetic": (40, 39, 0),
    "genetic": (40, 40, 0),
    "annealing": (1, 1, 0),
}
HESSIANS = {"newton": 1}  # a step, each booked as d gradients


@pytest.mark.parametrize("runs", [1, 3])
@pytest.mark.parametrize("name", METHODS)
def test_ledger_counts_each_method(name, runs):
    """A comparison at equal cost is unfair as soon as one method's questions are miscounted, batched or not."""
    x0, rng, (first, values, grads) = np.tile(X0, (runs, 1)), np.random.default_rng(0), PRICES[name]
    ledger = Ledger(F, runs)
    state = METHODS[name].start(x0, F, rng)
    for t, _ in enumerate(islice(iterates(METHODS[name].step, state, ledger.view(), rng), 6)):
        assert (ledger.values, ledger.grads) == (first * (t > 0) + t * values, t * grads)
        assert ledger.hessians == t * HESSIANS.get(name, 0)
        assert ledger.cost == ledger.values + ledger.grads + 2 * ledger.hessians


@pytest.mark.parametrize("name", METHODS)
def test_trace_tells_the_ledger(name):
    """The x-axis of every fair curve is `cost`: it starts at 0 and belongs to the state beside it."""
    trace = run(METHODS[name].step, METHODS[name].start(X0, F, np.random.default_rng(0)), F, steps=4)
    first, values, grads = PRICES[name]
    assert trace.cost.tolist() == [0, *(first + t * (values + grads + 2 * HESSIANS.get(name, 0)) for t in (1, 2, 3, 4))]


def test_what_is_drawn_is_free():
    """The recorder asks for the loss of each state; were that booked, every method would seem dearer."""
    assert run(gradient_descent, PointState(X0), F, steps=5).cost[-1] == 5


def test_hessian_costs_d():
    """Newton would win every race if a Hessian were as cheap as a gradient."""
    f = Rosenbrock(4)
    ledger = Ledger(f)
    ledger.view().hess(np.zeros(4))
    assert ledger.cost == 4


def test_batch_costs_its_share():
    """Stochastic and batch descent are compared on one axis: k of n examples cost k/n."""
    trace = run(gradient_descent, PointState(X0), regression(10), steps=6, batch_size=4)
    assert trace.cost == pytest.approx([0, 0.4, 0.8, 1.0, 1.4, 1.8, 2.0], abs=1e-12)


def test_sample_of_a_sample_costs_its_share():
    """A method that draws a part of its batch pays for that part alone."""
    ledger = Ledger(regression(10))
    ledger.view().sample(range(5)).sample(range(2)).grad(X0)
    assert ledger.cost == pytest.approx(0.2)


def test_knowing_the_problem_is_free():
    """Reading the box or the size must neither cost nor fail through the ledger."""
    f = regression(10)
    view = Ledger(f).view()
    assert (view.n, view.dim) == (10, 2) and view.bounds is f.bounds
    with pytest.raises(AttributeError):
        view.unknown  # noqa: B018


# -------------------------------------------------------------------------------------------- the batches


@pytest.mark.parametrize(("n", "k"), [(10, 4), (10, 5), (10, 1), (10, 10), (3, 7)])
def test_epoch_is_a_permutation(n, k):
    """Drawing with replacement, or dropping the last partial batch, leaves examples out of an epoch."""
    per_epoch = -(-n // k)
    batches = list(islice(epochs_of(n, k, np.random.default_rng(1)), 3 * per_epoch))
    assert [len(b) for b in batches[:per_epoch]] == [k] * (n // k) + [n % k] * (n % k > 0)
    for e in range(3):
        assert sorted(np.concatenate(batches[e * per_epoch : (e + 1) * per_epoch])) == list(range(n))


def test_each_epoch_is_fresh():
    """One permutation used forever (a seed inside the loop) biases every epoch alike."""
    epochs = [tuple(order) for order in islice(epochs_of(10, 10, np.random.default_rng(1)), 20)]
    assert len(set(epochs)) == 20


def test_the_step_is_fed_with_the_batches():
    """Were the step fed with all the data, mini-batch would be batch descent at a discount."""
    f, x = regression(10), X0
    watched = Watched(f)
    trace = run(gradient_descent, PointState(X0), watched, rng=5, epochs=2, batch_size=4, lr=0.1)
    assert [len(i) for i in watched.seen[:6]] == [4, 4, 2, 4, 4, 2] and trace.steps == 6
    for t, indices in enumerate(watched.seen[:6]):
        x = x - 0.1 * f.sample(indices).grad(x)
        assert np.array_equal(trace.x[t + 1], x)


def test_loss_is_of_all_examples():
    """The curve of a stochastic run shows the whole objective, not the batch that was fed last."""
    f = regression(10)
    trace = run(gradient_descent, PointState(X0), f, epochs=2, batch_size=1, lr=0.1)
    assert trace.loss == pytest.approx([f(x) for x in trace.x], abs=1e-15)


@pytest.mark.parametrize("epochs", [0, 1, 3])
def test_epochs_end_the_run(epochs):
    """An epoch of 10 in batches of 4 is 3 steps and costs 1."""
    trace = run(gradient_descent, PointState(X0), regression(10), epochs=epochs, batch_size=4)
    assert trace.steps == 3 * epochs and trace.cost[-1] == pytest.approx(epochs)


# ------------------------------------------------------------------------------------------------ the end


@pytest.mark.parametrize("budget", [0, 1, 7, 100])
def test_budget_is_used_up(budget):
    """A method that is cut a step early, or gets a step more, is not compared at equal cost."""
    assert run(gradient_descent, PointState(X0), F, budget=budget).cost[-1] == budget


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("budget", [1, 100, 137])
def test_budget_is_never_exceeded(name, budget):
    """No recorded state may have cost more than the budget, and one more step would have."""
    trace = run(METHODS[name].step, METHODS[name].start(X0, F, np.random.default_rng(0)), F, budget=budget)
    first, values, grads = PRICES[name]
    assert trace.cost[-1] <= budget < first + (trace.steps + 1) * (values + grads + 2 * HESSIANS.get(name, 0))


@pytest.mark.parametrize("n", [3, 7, 49])
def test_budget_of_shares_is_used_up(n):
    """Shares like 1/49 do not add up exactly: 200 epochs of budget must still be 200 epochs of steps."""
    trace = run(gradient_descent, PointState(X0), regression(n), budget=200, batch_size=1, every=n)
    assert trace.cost[-1] == pytest.approx(200) and trace.steps == 200


def test_the_first_limit_ends_the_run():
    """Of several limits the tightest holds, whichever it is."""
    f, go = regression(10), {"batch_size": 5}
    assert run(gradient_descent, PointState(X0), f, steps=3, epochs=9, budget=9, **go).steps == 3
    assert run(gradient_descent, PointState(X0), f, steps=30, epochs=2, budget=9, **go).steps == 4
    assert run(gradient_descent, PointState(X0), f, steps=30, epochs=9, budget=2.7, **go).steps == 5


def test_callback_ends_the_run():
    """A stopping rule sees every state after the start, the last one too, and ends the run there."""
    seen = []

    def stop_at_4(frame):
        seen.append((frame.t, frame.cost))
        return frame.t == 4

    assert run(gradient_descent, PointState(X0), F, steps=9, callback=stop_at_4, every=3).steps == 2
    assert seen == [(t, t) for t in (1, 2, 3, 4)]


def test_callback_sees_the_last_state():
    """A progress bar that misses the last step never fills."""
    seen = []
    run(gradient_descent, PointState(X0), F, steps=3, callback=lambda frame: seen.append(frame.t))
    assert seen == [1, 2, 3]


def test_callback_sees_the_state():
    """A stopping rule looks at the point that was just reached."""
    close = lambda frame: F(frame.state.x) < 0.1
    trace = run(gradient_descent, PointState(X0), F, steps=999, callback=close, lr=0.1)
    assert trace.loss[-1] < 0.1 <= trace.loss[-2]


@pytest.mark.parametrize(
    ("every", "times"), [(1, [0, 1, 2, 3, 4, 5, 6, 7]), (3, [0, 3, 6, 7]), (7, [0, 7]), (50, [0, 7])]
)
def test_every_thins_and_keeps_the_last(every, times):
    """A thinned film that loses the start or the end shows another result."""
    full = run(momentum, VelocityState(X0), F, steps=7)
    thin = run(momentum, VelocityState(X0), F, steps=7, every=every)
    assert np.array_equal(thin.x, full.x[times]) and np.array_equal(thin.loss, full.loss[times])
    assert thin.cost.tolist() == times


# ---------------------------------------------------------------------------------- knobs, schedules, seeds


def test_schedule_is_called_with_the_steps_taken():
    """A schedule that starts at 1, or restarts each epoch, gives another path."""
    asked = []

    def lr(t):
        asked.append(t)
        return 0.1 / (1 + t)

    trace = run(gradient_descent, PointState(X0), regression(10), epochs=2, batch_size=5, lr=lr)
    assert asked == [0, 1, 2, 3] and trace.steps == 4


def test_each_knob_may_be_a_schedule():
    """A schedule of the momentum must work like one of the rate, beside plain knobs."""
    beta = [0.5, 0.9, 0.1]
    trace, x, v = run(momentum, VelocityState(X0), F, steps=3, lr=0.03, beta=beta.__getitem__), X0, 0
    for b in beta:
        v = b * v - 0.03 * F.grad(x)
        x = x + v
    assert np.allclose(trace.x[-1], x, rtol=0, atol=1e-15)


@pytest.mark.parametrize("seed", [0, 7])
def test_seed_or_generator(seed):
    """A seed and a generator of that seed are the same run; another seed is another run."""
    go = lambda rng: run(METHODS["annealing"].step, METHODS["annealing"].start(X0, F, None), F, rng, steps=9).x
    assert np.array_equal(go(seed), go(np.random.default_rng(seed)))
    assert not np.array_equal(go(seed), go(seed + 1))


# ---------------------------------------------------------------------------------------------- the trace


def test_time_is_the_first_axis():
    """A slider steps through the first axis, for a run, for batched runs, and for a population."""
    single = run(momentum, VelocityState(X0), F, steps=5)
    assert (single.x.shape, single.loss.shape, single.best.shape, single.cost.shape) == ((6, 2), (6,), (6,), (6,))
    batch = run(momentum, VelocityState(np.tile(X0, (3, 1))), F, steps=5)
    assert (batch.x.shape, batch.loss.shape, batch.cost.shape) == ((6, 3, 2), (6, 3), (6,))
    rng = np.random.default_rng(0)
    crowd = run(METHODS["genetic"].step, METHODS["genetic"].start(np.tile(X0, (3, 1)), F, rng), F, rng, steps=5)
    assert (crowd.x.shape, crowd.loss.shape, crowd.cost.shape) == ((6, 3, 40, 2), (6, 3), (6,))
    assert np.array_equal(crowd.loss, F(crowd.x).min(axis=-1))


def test_trace_is_no_alias():
    """A film whose frames share memory shows the last frame everywhere, or changes when somebody touches a state."""
    x0 = X0.copy()
    trace = run(momentum, VelocityState(x0), F, steps=5)
    assert not any(np.shares_memory(trace.x, state.x) for state in trace.states)
    frames = [state.x for state in trace.states]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(frames) for b in frames[:i])
    x0[:] = 99
    assert np.array_equal(trace.x[0], X0)


def test_best_is_the_running_minimum_without_nan():
    """One NaN must neither become the best nor hide what was reached before and after it."""
    loss = np.array([5.0, np.nan, 3.0, 4.0, np.nan, np.inf, 1.0])
    trace = Trace((None,) * 7, np.zeros((7, 2)), loss, np.arange(7))
    assert trace.best.tolist() == [5, 5, 3, 3, 3, 3, 1]
    both = trace._replace(loss=np.stack([loss, -loss], axis=-1))
    assert both.best[:, 1].tolist() == [-5, -5, -5, -5, -5, -np.inf, -np.inf]


def test_best_of_a_population_ignores_nan():
    """One member outside the domain of f must not blot out the curve of the whole population."""

    class Half:
        bounds = F.bounds

        def __call__(self, x):
            return np.where(x[..., 0] > 0, F(x), np.nan)

    rng = np.random.default_rng(0)
    trace = run(METHODS["genetic"].step, METHODS["genetic"].start(X0, Half(), rng), Half(), rng, steps=30)
    assert np.isnan(Half()(trace.x)).any() and np.isfinite(trace.loss).all()
    assert trace.loss[-1] < 0.01


@pytest.mark.parametrize("lr", [1.0, 1e200])
def test_divergence_is_a_result(lr):
    """A learner who finds the largest stable rate sees inf or NaN on the curve, no warning and no exception."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace = run(gradient_descent, PointState(X0), Rosenbrock(2), steps=20, lr=lr)
    assert not np.isfinite(trace.loss[-1]) and np.isfinite(trace.best[-1])


def test_warnings_come_back_after_a_run():
    """The silence ends with the run: the learner's own overflow must still warn."""
    run(gradient_descent, PointState(X0), F, steps=1)
    with pytest.warns(RuntimeWarning, match="overflow"):
        np.array([1e300]) ** 2


# ----------------------------------------------------------------------------------------------- the race


def test_race_is_at_equal_cost():
    """Each entry spends the budget, none more, from one start."""
    traces = race({"adam": {"lr": 0.1}, "nesterov": {}, "genetic": {}, "annealing": {}}, F, X0, budget=201)
    assert list(traces) == ["adam", "nesterov", "genetic", "annealing"]
    assert {name: trace.cost[-1] for name, trace in traces.items()} == {
        **{"adam": 201, "nesterov": 201, "annealing": 201},
        "genetic": 40 + 4 * 40,
    }
    assert np.array_equal(traces["adam"].x[0], X0) and np.array_equal(traces["genetic"].x[0, 0], X0)


def test_race_passes_knobs_and_options():
    """An entry's knobs are its own; the options are everybody's."""
    traces = race({"momentum": {"lr": 0.02, "beta": 0.5}, "adam": {}}, F, X0, budget=50, every=10)
    alone = run(momentum, VelocityState(X0), F, budget=50, every=10, lr=0.02, beta=0.5)
    assert np.array_equal(traces["momentum"].x, alone.x) and len(traces["adam"].states) == 6


def test_race_streams_are_independent():
    """An entry more must not change what the others draw, and two random entries must not draw the same."""
    few = race({"annealing": {}}, F, X0, budget=60, rng=4)
    more = race({"random_search": {}, "genetic": {}, "annealing": {}}, F, X0, budget=60, rng=4)
    other = race({"annealing": {}}, F, X0, budget=60, rng=5)
    assert np.array_equal(few["annealing"].x, more["annealing"].x)
    assert not np.array_equal(few["annealing"].x, other["annealing"].x)
    assert not np.isin(more["random_search"].x[1:], more["genetic"].x).any()


# --------------------------------------------------------------------------------------------- the errors


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "give steps, epochs or budget"),
        ({"epochs": 2}, "give batch_size too"),
        ({"steps": 5, "batch_size": 0}, "at least one example, not 0"),
        ({"steps": 5, "batch_size": 2}, "leave batch_size out"),
        ({"steps": -1}, "at least 0"),
        ({"budget": -1.0}, "at least 0"),
        ({"budget": np.nan}, "at least 0"),
        ({"steps": 5, "every": 0}, "every=0"),
    ],
)
def test_errors_say_what_to_do(options, sentence):
    """A run that makes no sense is refused in one sentence, before it starts."""
    with pytest.raises(ValueError, match=sentence):
        run(gradient_descent, PointState(X0), F, **options)


def test_a_budget_that_would_never_end():
    """A step that asks nothing of f would spin forever on a budget."""
    with pytest.raises(ValueError, match="give steps"):
        run(frozen, PointState(X0), F, budget=10)
    assert run(frozen, PointState(X0), F, budget=10, steps=3).cost.tolist() == [0, 0, 0, 0]


def test_race_names_the_methods():
    """A typing error in an entry is answered with the names to choose from."""
    with pytest.raises(ValueError, match="no method 'adma': choose among .*adam"):
        race({"adma": {}}, F, X0, budget=10)


# --------------------------------------------------------------------------------------------- the import


def imported(modules):
    """The top-level names that a fresh Python has loaded after `import modules`."""
    code = f"import sys, {modules}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize("modules", ["course_lib", "course_lib.lessons, course_lib.problems, course_lib.run"])
def test_the_numeric_layer_imports_numpy_alone(modules):
    """`import course_lib` costs no more than NumPy: nothing else that is installed may come along with it."""
    more = imported(modules) - imported("numpy") - sys.stdlib_module_names
    assert more == {"course_lib"}


def test_one_method_may_race_against_itself():
    """Without a name of its own, momentum at 0.5 could not be compared with momentum at 0.9."""
    entries = {"momentum": {"lr": 0.01}, "less memory": {"method": "momentum", "lr": 0.01, "beta": 0.5}}
    traces = race(entries, bowl(condition=25), np.ones(2), budget=30)
    alone = run(momentum, VelocityState(np.ones(2)), bowl(condition=25), steps=30, lr=0.01, beta=0.5)
    assert np.array_equal(traces["less memory"].x, alone.x)
    assert not np.array_equal(traces["less memory"].x, traces["momentum"].x)
