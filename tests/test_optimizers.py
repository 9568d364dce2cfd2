"""Every method of the table, held against what its family promises. A new method is tested by being in the table."""

import ast
import doctest
import inspect
import re
from itertools import islice

import numpy as np
import pytest

import course_lib.optimizers as optimizers
from course_lib.optimizers import (
    METHODS,
    AdamState,
    AmsgradState,
    AnnealingState,
    PointState,
    PopulationState,
    SearchState,
    SquaresState,
    VelocityState,
    adagrad,
    adam,
    adamw,
    amsgrad,
    annealing,
    blend,
    defend,
    exchange,
    genetic,
    gradient_descent,
    grid_point,
    grid_search,
    momentum,
    mutate,
    nesterov,
    random_search,
    rmsprop,
    textbook_genetic,
    tournament,
)
from course_lib.plots import formula_lines
from course_lib.problems import Rastrigin, StyblinskiTang, bowl
from course_lib.run import iterates, run

F = bowl(condition=10.0, angle=0.3)
X0 = np.array([2.0, -3.0])
STARTS = np.array([[2.0, -3.0], [-4.0, 1.0], [0.5, 0.25]])

every_method = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)


def states_of(method, f, x0, rng, steps, **knobs):
    """The start and the states after it."""
    return list(islice(iterates(method.step, method.start(x0, f, rng), f, rng, **knobs), steps + 1))


def with_rate(method):
    return {"lr": method.lr} if method.uses_gradient else {}


def flat(state):
    """A copy of all numbers of a state in one array; what was not asked yet is NaN."""
    return np.concatenate([np.ravel(np.asarray(field, dtype=float)) for field in state])


class Slope:
    """A problem whose gradient is given, whatever the point."""

    def __init__(self, *gradients):
        self.gradients = iter(gradients)

    def grad(self, x):
        return np.asarray(next(self.gradients), dtype=float)


class Choir:
    """Several generators as one: each call draws the first axis of what is asked row by row, one generator a row.

    A batched run that is fed by a choir must be, row by row, the single runs fed by its members.
    """

    def __init__(self, seeds):
        self.voices = [np.random.default_rng(seed) for seed in seeds]

    def draw(self, name, size, *args):
        assert size[0] == len(self.voices), "the runs are the first axis"
        return np.stack([getattr(rng, name)(*args, size=size[1:]) for rng in self.voices])

    def uniform(self, low, high, size):
        return self.draw("uniform", size, low, high)

    def integers(self, high, size):
        return self.draw("integers", size, high)

    def random(self, size):
        return self.draw("random", size)

    def standard_normal(self, size):
        return self.draw("standard_normal", size)


# ------------------------------------------------------------------------------------- what holds for all

# How near to the bowl's minimum, in value, a budget of 2,000 must bring a method. One that is not named: 1e-8.
NEAR = {
    **{"grid_search": 1e-12, "random_search": 0.3, "textbook_genetic": 0.05, "genetic": 1e-3},
    **{"annealing": 0.3, "adamw": 1e-3},
}


@every_method
def test_reaches_the_minimum_of_a_bowl(method):
    """A wrong sign, a lost memory, or a rate in the table that does not suit: the bowl's floor stays out of reach."""
    for seed in range(3):
        rng = np.random.default_rng(seed)
        trace = run(method.step, method.start(X0, F, rng), F, rng, budget=2000, **with_rate(method))
        assert trace.best[-1] < NEAR.get(method.name, 1e-8)
        assert trace.best[-1] < trace.loss[0] / 20


@every_method
def test_changes_nothing_in_place(method):
    """A step that writes into its state spoils the film: every frame would show the last."""
    rng = np.random.default_rng(0)
    states = states_of(method, F, X0, rng, 3, **with_rate(method))
    before = [flat(state) for state in states]
    for state in states:
        method.step(state, F, np.random.default_rng(1), **with_rate(method))
    assert all(np.array_equal(old, flat(state), equal_nan=True) for old, state in zip(before, states))


@every_method
def test_works_on_what_is_read_only(method):
    """The same, by force: an in-place operation on a read-only array raises."""
    start = X0.copy()
    start.setflags(write=False)
    rng = np.random.default_rng(0)
    state = method.start(start, F, rng)
    for _ in range(5):
        for field in state:
            if isinstance(field, np.ndarray) and field.flags.owndata:
                field.setflags(write=False)
        state = method.step(state, F, rng, **with_rate(method))


@every_method
def test_same_seed_same_step(method):
    """A step that keeps something outside its state, or draws from a global seed, is another one the second time."""
    state = states_of(method, F, X0, np.random.default_rng(0), 3)[-1]
    once, twice = (method.step(state, F, np.random.default_rng(9), **with_rate(method)) for _ in "12")
    assert type(once) is type(state) and np.array_equal(flat(once), flat(twice))


@every_method
def test_same_seed_same_run(method):
    """A run that can't be repeated can't be shown, taught or debugged."""
    one, two = (flat(states_of(method, F, X0, np.random.default_rng(5), 30)[-1]) for _ in "12")
    assert np.array_equal(one, two)


@every_method
def test_memory_starts_with_the_point_alone(method):
    """`State(x0)` is a beginner's state: the start must give a point or a population and leave the memory at rest."""
    state = method.start(X0, F, np.random.default_rng(0))
    assert state._fields[0] == "x" and state.x.dtype == float
    assert state[1:] == tuple(type(state)._field_defaults[name] for name in state._fields[1:])
    assert np.array_equal(state.x if state.x.ndim == 1 else state.x[0], X0)


@every_method
@pytest.mark.parametrize("f", [F, StyblinskiTang(2)], ids=["bowl", "Styblinski-Tang"])
def test_batched_runs_equal_single_runs(method, f):
    """Runs that leak into each other (a mean over all, one draw for all, one elite for all) are no statistics."""
    knobs = {"lr": 0.01} if method.uses_gradient else {}
    together = states_of(method, f, STARTS, Choir(range(3)), 40, **knobs)
    for i, x0 in enumerate(STARTS):
        alone = states_of(method, f, x0, np.random.default_rng(i), 40, **knobs)
        for a, b in zip(alone, together):
            assert np.allclose(a.x, b.x[i], rtol=1e-12, atol=1e-12)


@every_method
def test_two_leading_axes(method):
    """A picture over a grid of starts is an array of runs with two axes in front."""
    grid = np.stack([STARTS, -STARTS])
    final = states_of(method, F, grid, np.random.default_rng(0), 3)[-1]
    assert final.x.shape[:2] == (2, 3) and final.x.shape[-1] == 2


@every_method
def test_other_dimensions(method):
    """Two coordinates hide a transposed or a hard-wired shape."""
    f = bowl(condition=10, dim=5)
    assert states_of(method, f, np.ones(5), np.random.default_rng(0), 3)[-1].x.shape[-1] == 5


def formula(step):
    """The lines under "Formula:" in a docstring."""
    return inspect.getdoc(step).partition("Formula:\n")[2].partition("\n\n")[0].splitlines()


def statements(step):
    """The statements of a step after its docstring, between the one that unpacks and the one that returns."""
    docstring, unpack, *body, pack = ast.parse(inspect.getsource(step)).body[0].body
    assert ast.unparse(unpack).endswith("= state") and ast.unparse(pack).startswith("return")
    return [ast.unparse(statement) for statement in body]


# How a name of the code is written in a formula, where the two differ.
WRITTEN = {"m_hat": r"\hat m", "v_hat": r"\hat v", "u_hat": r"\hat u", "c_y": "y_c"}


@every_method
def test_formula_lines_are_code_lines(method):
    """Lessons show formula and code side by side: a line too many would put each beside the wrong one."""
    for line, statement in zip(formula(method.step), statements(method.step), strict=True):
        target = re.sub(r"[()]", "", statement.partition(" = ")[0])
        name = WRITTEN.get(target, target)
        assert line.strip().startswith((name + " ", rf"\text{{{name}}} "))


@every_method
def test_plots_shows_the_same_lines(method):
    """The table that a lesson shows has the lines that stand in the source, in that order."""
    latex, code = zip(*formula_lines(method.step))
    assert [line.strip() for line in latex] == [line.strip() for line in formula(method.step)]
    assert [ast.unparse(ast.parse(line.strip())) for line in code] == statements(method.step)


def test_plots_refuses_a_formula_that_does_not_fit():
    """A line of code without its formula must raise, else the table would shift in silence."""

    def step(state, f, rng, lr=0.1):
        r"""A step.

        Formula:
            x \leftarrow x - g
        """
        (x,) = state
        g = f.grad(x)
        x = x - g
        return PointState(x)

    with pytest.raises(ValueError, match="1 lines of formula and 2 statements"):
        formula_lines(step)


@every_method
def test_docstring_tells_all(method):
    """The card of a method: a summary with its source, the formula, and each argument of the step."""
    doc = inspect.getdoc(method.step)
    arguments = re.findall(r"^    (\w+): ", doc.partition("Args:")[2], re.MULTILINE)
    assert arguments == list(inspect.signature(method.step).parameters)
    assert method.name == method.step.__name__ and "Formula:" in doc


@every_method
def test_signature_is_the_protocol(method):
    """`run` calls step(state, f, rng, **knobs): the knobs need defaults, and `lr` stands where the table has a rate."""
    parameters = list(inspect.signature(method.step).parameters.values())
    assert [p.name for p in parameters[:3]] == ["state", "f", "rng"]
    assert all(p.default is not p.empty for p in parameters[3:])
    assert ("lr" in [p.name for p in parameters]) == method.uses_gradient


def test_docstring_examples():
    """The examples that a learner copies must run and print what they say."""
    failed, tried = doctest.testmod(optimizers)
    assert tried and not failed


# ---------------------------------------------------------------------------------------- closed forms


def test_gradient_descent_on_a_quadratic():
    """x_t = (I - alpha A)^t x_0: the closed form on which lesson 02 builds its critical rate."""
    trace = run(gradient_descent, PointState(X0), F, steps=50, lr=0.13)
    for t in range(51):
        expected = np.linalg.matrix_power(np.eye(2) - 0.13 * F.A, t) @ X0
        assert np.allclose(trace.x[t], expected, rtol=0, atol=1e-12)


def test_momentum_on_a_quadratic():
    """(x, v) is multiplied with one matrix each step; its powers are the closed form behind the (alpha, beta) plane."""
    f, lr, beta = bowl(condition=1.0, dim=1), 0.3, 0.7
    M = np.array([[1 - lr, beta], [-lr, beta]])
    state = VelocityState(np.array([2.0]), np.array([0.5]))
    for t, (x, v) in enumerate(islice(iterates(momentum, state, f, None, lr=lr, beta=beta), 30)):
        assert np.allclose([x[0], v[0]], np.linalg.matrix_power(M, t) @ [2, 0.5], rtol=0, atol=1e-13)


def test_nesterov_asks_ahead():
    """Asking for the gradient at x in place of x + beta v is plain momentum."""
    x, v = nesterov(VelocityState(X0, np.array([1.0, 2.0])), F, None, lr=0.1, beta=0.7)
    assert np.allclose(v, 0.7 * np.array([1, 2]) - 0.1 * F.A @ (X0 + [0.7, 1.4]), rtol=0, atol=1e-15)
    assert np.array_equal(x, X0 + v)


def test_momentum_forgets_geometrically():
    """After one push and then silence the velocity is -alpha beta^t: a dropped history would stop at once."""
    push = Slope([1.0], *([[0.0]] * 9))
    for t, state in enumerate(islice(iterates(momentum, VelocityState(np.zeros(1)), push, None, lr=0.2, beta=0.7), 11)):
        assert state.v == pytest.approx(0 if t == 0 else -0.2 * 0.7 ** (t - 1), abs=1e-15)


def test_adagrad_slows_as_one_over_root_t():
    """Under a constant gradient step t is alpha / sqrt(t), whatever the gradient's size: squares are summed."""
    g = [3.0, -0.01]
    states = islice(iterates(adagrad, SquaresState(np.zeros(2)), Slope(*[g] * 100), None, lr=0.5, eps=0), 101)
    steps, t = np.diff([s.x for s in states], axis=0), np.arange(1, 101)[:, None]
    assert np.allclose(steps, -0.5 * np.sign(g) / np.sqrt(t), rtol=1e-11)


def test_rmsprop_step_under_a_constant_gradient():
    """Step t is alpha / sqrt(1 - rho^t): longest at first (no bias correction), then alpha, and never fading."""
    g = [3.0, -0.01]
    states = islice(iterates(rmsprop, SquaresState(np.zeros(2)), Slope(*[g] * 100), None, lr=0.5, rho=0.83, eps=0), 101)
    steps, t = np.diff([s.x for s in states], axis=0), np.arange(1, 101)[:, None]
    assert np.allclose(steps, -0.5 * np.sign(g) / np.sqrt(1 - 0.83**t), rtol=1e-11)


@pytest.mark.parametrize("size", [1e-3, 1.0, 1e6])
def test_first_step_of_adam_is_the_rate(size):
    """With both corrections the first step is lr * sign(g), whatever the size of g and the betas."""
    g = size * np.array([1.0, -2.0, 0.5])
    x, *_ = adam(AdamState(np.zeros(3)), Slope(g), None, lr=0.3, beta1=0.7, beta2=0.83, eps=0)
    assert np.allclose(x, -0.3 * np.sign(g), rtol=1e-12)


def test_adam_under_a_constant_gradient():
    """Both corrections together keep each step at the rate; without one of them the steps drift."""
    states = islice(iterates(adam, AdamState(np.zeros(1)), Slope(*[[2.0]] * 50), None, lr=0.1, eps=0), 51)
    assert np.allclose([s.x for s in states], -0.1 * np.arange(51)[:, None], rtol=1e-10)


@pytest.mark.parametrize("step", [adagrad, rmsprop, adam, adamw, amsgrad])
def test_eps_stands_outside_the_root(step):
    """With eps = 1 and g = 3 the first step shows where eps stands: inside the root it would be another one."""
    State = {adagrad: SquaresState, rmsprop: SquaresState, amsgrad: AmsgradState}.get(step, AdamState)
    x, *_ = step(State(np.zeros(1)), Slope([3.0]), None, lr=0.5, eps=1.0)
    root = np.sqrt(0.1 * 9) if step is rmsprop else 3.0
    assert x == pytest.approx(-0.5 * 3 / (root + 1), rel=1e-14)


def test_weight_decay_does_not_pass_through_the_moments():
    """At gradient 0 AdamW shrinks the weights by lr * lambda; as an L2 penalty Adam would step by the whole rate."""
    x, m, v, t = adamw(AdamState(X0), Slope([0.0, 0.0]), None, lr=0.1, weight_decay=0.13)
    assert np.allclose(x, (1 - 0.1 * 0.13) * X0, rtol=1e-15) and not m.any() and not v.any() and t == 1


def test_adamw_without_decay_is_adam():
    """The decay is the only difference."""
    state = AdamState(X0, np.array([0.3, 0.2]), np.array([0.5, 0.1]), 4)
    assert np.array_equal(flat(adamw(state, F, None, weight_decay=0)), flat(adam(state, F, None)))


def test_amsgrad_never_forgets_a_large_gradient():
    """After one gradient of 10 Adam's steps grow back to the rate; AMSGrad's stay short, as its u never falls."""
    slopes, knobs = [[10.0], *[[1.0]] * 200], {"lr": 0.1, "beta1": 0.0, "beta2": 0.9, "eps": 0}
    lengths = {}
    for step, State in ((adam, AdamState), (amsgrad, AmsgradState)):
        states = list(islice(iterates(step, State(np.zeros(1)), Slope(*slopes), None, **knobs), 201))
        lengths[step] = float(np.abs(states[-1].x - states[-2].x)[0])
    assert lengths[adam] == pytest.approx(0.1, rel=1e-6)
    assert lengths[amsgrad] == pytest.approx(0.1 / np.sqrt(10), rel=1e-6)  # u = (1 - beta2) 10^2 = 10


def test_amsgrad_takes_the_largest_before_it_corrects():
    """PyTorch's convention; the largest of the corrected averages would keep the first, uncertain one forever."""
    slopes, knobs = [[10.0], *[[1.0]] * 3], {"lr": 0.1, "beta1": 0.0, "beta2": 0.9, "eps": 0}
    a, b = list(islice(iterates(amsgrad, AmsgradState(np.zeros(1)), Slope(*slopes), None, **knobs), 5))[-2:]
    assert (a.x - b.x)[0] == pytest.approx(0.1 / np.sqrt(10 / (1 - 0.9**4)), rel=1e-12)


def test_an_update_counts_its_steps_in_whole_numbers():
    """A rule that writes t += 1 would be given a read-only array as its count, and fail."""

    def update(x, m, v, t, g, lr):
        t += 1
        return x - lr * g / t, m, v, t

    final = list(islice(iterates(optimizers.from_update(update, AdamState), AdamState(X0), F, None, lr=0.1), 4))[-1]
    assert final.t == 3 and type(final.t) is int


# ------------------------------------------------------------------------------------------ exhaustive search


@pytest.mark.parametrize(("d", "n"), [(1, 7), (2, 11), (3, 4)])
def test_grid_visits_each_point_once(d, n):
    """A grid by zip has n points, one without its ends misses the corners: the cost n^d is the lesson."""
    low, high = np.linspace(-3.3, -1.1, d), np.linspace(0.7, 2.9, d)
    points = np.array([grid_point(t, low, high, n) for t in range(n**d)])
    assert len(np.unique(points, axis=0)) == n**d
    for axis in range(d):
        assert np.allclose(np.unique(points[:, axis]), np.linspace(low[axis], high[axis], n), rtol=0, atol=1e-14)
    corners = np.array(np.meshgrid(*zip(low, high))).reshape(d, -1).T
    assert {tuple(c) for c in corners} <= {tuple(p) for p in points}  # bit for bit: no corner leaves the box
    assert np.array_equal(grid_point(n**d, low, high, n), points[0])


def test_grid_search_finds_the_best_of_the_grid():
    """A search that keeps the last, the worst or the first would still end somewhere on the grid."""
    f, n = Rastrigin(2), 9
    points = np.array([grid_point(t, *f.bounds, n) for t in range(n**2)])
    x, y, t = states_of(METHODS["grid_search"], f, X0, None, n**2, n=n)[-1]
    assert (y, t) == (f(points).min(), n**2) and f(x) == y


@pytest.mark.parametrize("step", [grid_search, random_search])
def test_search_keeps_the_best(step):
    """The best so far never gets worse, and its value is its own."""
    f, state = Rastrigin(2), SearchState(X0)
    for _ in range(50):
        new = step(state, f, np.random.default_rng(state.t))
        assert new.y <= state.y and f(new.x) == new.y
        state = new


def test_search_never_keeps_nan():
    """NaN is not below anything: a point outside the domain of f is no candidate."""

    class Nowhere:
        bounds = F.bounds

        def __call__(self, x):
            return np.float64("nan")

    x, y, _ = random_search(SearchState(X0, 5.0), Nowhere(), np.random.default_rng(0))
    assert np.array_equal(x, X0) and y == 5


class Recorder:
    """Notes each point it is asked for, on a box that is not symmetric; each value is below the last."""

    bounds = np.array([-1.0, 10.0]), np.array([3.0, 50.0])

    def __init__(self):
        self.points = []

    def __call__(self, x):
        self.points.append(x)
        return -1.0 * len(self.points) + np.zeros(x.shape[:-1])


def test_random_search_is_uniform():
    """Drawn from one half of the box, or as a normal, the quarters of an axis would not hold a quarter each."""
    f, n = Recorder(), 4000
    states_of(METHODS["random_search"], f, X0, np.random.default_rng(8), n)
    share = (np.array(f.points) - f.bounds[0]) / (f.bounds[1] - f.bounds[0])
    assert share.min() >= 0 and share.max() <= 1
    cells = np.floor(share * 4) @ [4, 1]
    counts = np.bincount(cells.astype(int), minlength=16)
    chi2 = ((counts - n / 16) ** 2 / (n / 16)).sum()
    assert chi2 < 56.5  # 15 degrees of freedom: a right sampler is above it once in a million seeds


# --------------------------------------------------------------------------------------------- annealing


def acceptance(delta, T, runs=200_000, **knobs):
    """The share of runs that accept a move which is worse by delta at temperature T."""

    class Step:
        bounds = np.zeros(1), np.ones(1)

        def __call__(self, x):
            return np.full(x.shape[:-1], float(delta))

    state = AnnealingState(np.full((runs, 1), 0.5), np.zeros(runs))
    new = annealing(state, Step(), np.random.default_rng(11), start=T, **knobs)
    moved = new.x[:, 0] != 0.5
    assert np.array_equal(moved, new.y == delta)
    return moved.mean()


@pytest.mark.parametrize(("delta", "T"), [(1.0, 1.0), (0.5, 2.0), (2.0, 0.7), (3.0, 1.0), (0.1, 0.05)])
def test_annealing_accepts_at_the_metropolis_rate(delta, T):
    """exp(-delta/T), not exp(-delta*T), not 1/2: five standard errors, a right one fails once in 1.7 million."""
    p = np.exp(-delta / T)
    assert abs(acceptance(delta, T) - p) < 5 * np.sqrt(p * (1 - p) / 200_000)


@pytest.mark.parametrize("delta", [0.0, -1.0, -1000.0])
def test_annealing_always_accepts_what_is_not_worse(delta):
    """A move that is as good or better is never refused, and exp never overflows."""
    with np.errstate(all="raise", under="ignore"):
        assert acceptance(delta, 0.01, runs=1000) == 1


def test_annealing_cools():
    """T is start * cooling^t with t from 0: at t = 3 the rate of acceptance has fallen accordingly."""

    class Worse:
        bounds = np.zeros(1), np.ones(1)

        def __call__(self, x):
            return np.ones(x.shape[:-1])

    state = AnnealingState(np.full((200_000, 1), 0.5), np.zeros(200_000), 3)
    new = annealing(state, Worse(), np.random.default_rng(12), start=4.0, cooling=0.7)
    p = np.exp(-1 / (4 * 0.7**3))
    assert abs((new.y == 1).mean() - p) < 5 * np.sqrt(p * (1 - p) / 200_000) and new.t == 4


def test_annealing_compares_with_the_current():
    """Compared with the best so far in place of the current point, a climb could not go on."""
    state = AnnealingState(np.full((1000, 1), 0.5), np.full(1000, 7.0))

    class Six:
        bounds = np.zeros(1), np.ones(1)

        def __call__(self, x):
            return np.full(x.shape[:-1], 6.0)

    assert (annealing(state, Six(), np.random.default_rng(0), start=1e-9).y == 6).all()


def test_annealing_moves_in_units_of_the_box():
    """sigma is a share of the width: a box twice as wide is walked in steps twice as long, and never left."""
    rng, low, high = np.random.default_rng(2), np.array([0.0, -100.0]), np.array([1.0, 300.0])
    moves = mutate(np.full((100_000, 2), [0.5, 100.0]), (low, high), rng, 1.0, 0.05) - [0.5, 100]
    assert np.allclose(moves.std(axis=0) / [0.05, 20], 1, atol=0.012)
    assert np.allclose(moves.mean(axis=0) / [0.05, 20], 0, atol=0.016)
    out = mutate(np.full((1000, 2), low), (low, high), rng, 1.0, 5.0)
    assert (out >= low).all() and (out <= high).all() and (out == low).any() and (out == high).any()


# ----------------------------------------------------------------------------------------------- genetic


@pytest.mark.parametrize("elite", [1, 3])
def test_textbook_genetic_keeps_its_elite(elite):
    """The best survive bit for bit and in front: a mutated elite, or the worst kept, loses what was found."""
    rng, f = np.random.default_rng(6), Rastrigin(2)
    state = textbook_genetic(METHODS["textbook_genetic"].start(X0, f, rng), f, rng, elite=elite)
    for _ in range(30):
        new = textbook_genetic(state, f, rng, elite=elite)
        best = np.argsort(state.y)[:elite]
        assert np.array_equal(new.x[:elite], state.x[best]) and np.array_equal(new.y[:elite], state.y[best])
        assert new.y.min() <= state.y.min() and new.x.shape == state.x.shape
        state = new


def test_textbook_genetic_values_belong_to_the_members():
    """Values that are kept from another generation would steer the selection by rumors."""
    rng, f = np.random.default_rng(6), Rastrigin(2)
    for state in states_of(METHODS["textbook_genetic"], f, X0, rng, 20)[1:]:
        assert np.allclose(state.y, f(state.x), rtol=1e-13)


def test_textbook_genetic_stays_in_the_box():
    """Children beyond the box ask f where it is not meant to be asked."""
    f = Recorder()
    states_of(METHODS["textbook_genetic"], f, np.array([0.0, 20.0]), np.random.default_rng(0), 30, rate=0.9, scale=2.0)
    for points in f.points:
        assert (points >= f.bounds[0]).all() and (points <= f.bounds[1]).all()


@pytest.mark.parametrize("k", [1, 2, 5])
def test_tournament_pressure(k):
    """The best of n wins with probability 1 - (1 - 1/n)^k; with k = 1 there is no pressure at all."""
    n, size = 10, 100_000
    x, y = np.arange(n, dtype=float)[:, None], np.random.default_rng(0).permutation(n).astype(float)
    winners = tournament(x, y, np.random.default_rng(1), k, size)[:, 0].astype(int)
    for better in (0, 4, 9):  # how many of the others are better
        p = ((n - better) / n) ** k - ((n - better - 1) / n) ** k
        share = (y[winners] == better).mean()
        assert abs(share - p) < 5 * np.sqrt(p * (1 - p) / size) + 1e-12


def test_tournament_never_crowns_nan():
    """NaN loses against any number: argmin would crown it."""
    x, y = np.arange(4.0)[:, None], np.array([np.nan, 3.0, np.nan, 5.0])
    winners = tournament(x, y, np.random.default_rng(0), 60, 50)
    assert (winners == 1).all()


def test_blend_reaches_beyond_both_parents():
    """Children between the parents alone would shrink the population; each gene draws its own share."""
    p, q = np.zeros((50_000, 2)), np.ones((50_000, 2))
    c = blend(p, q, np.random.default_rng(0))
    assert np.allclose([c.min(), c.mean(), c.max()], [-0.25, 0.5, 1.25], atol=0.01)
    assert abs(np.corrcoef(c.T)[0, 1]) < 0.03


def test_mutation_hits_its_share():
    """At rate 0 nothing changes, at rate 0.3 three genes in ten do."""
    c, box = np.full((50_000, 2), 0.5), (np.zeros(2), np.ones(2))
    assert np.array_equal(mutate(c, box, np.random.default_rng(0), 0.0, 0.1), c)
    share = (mutate(c, box, np.random.default_rng(0), 0.3, 0.1) != c).mean()
    assert abs(share - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 100_000)


def test_population_starts_from_the_box():
    """The given point is the first member, the others fill the box, each run with its own."""
    x = METHODS["genetic"].start(STARTS, F, np.random.default_rng(0)).x
    low, high = F.bounds
    assert np.array_equal(x[:, 0], STARTS) and (x >= low).all() and (x <= high).all()
    assert len(np.unique(x[:, 1:].reshape(-1, 2), axis=0)) == 3 * 39
    assert (np.ptp(x, axis=1) > 0.7 * (high - low)).all()


def test_population_state_is_plain():
    """A population may be given by hand: its values are asked for once, then remembered."""
    state = genetic(PopulationState(np.random.default_rng(1).uniform(-5, 5, (8, 2))), F, np.random.default_rng(0))
    assert state.x.shape == (8, 2) and state.y.shape == (8,) and state.t == 1


def test_genetic_never_loses_ground():
    """A member may be replaced by its own child alone, and only by one that is no worse: else the best could die."""
    f, rng = Rastrigin(2), np.random.default_rng(6)
    states = states_of(METHODS["genetic"], f, X0, rng, 40)[1:]
    for old, new in zip(states, states[1:]):
        stayed = (new.x == old.x).all(axis=-1)
        assert (new.y <= old.y).all() and stayed.any() and not stayed.all()
        assert np.array_equal(new.y[stayed], old.y[stayed]) and np.allclose(new.y, f(new.x), rtol=1e-13)


def test_genetic_stays_in_the_box():
    """Mutants beyond the box ask f where it is not meant to be asked."""
    f = Recorder()
    states_of(METHODS["genetic"], f, np.array([0.0, 20.0]), np.random.default_rng(0), 30, rate=0.9, scale=2.0)
    for points in f.points:
        assert (points >= f.bounds[0]).all() and (points <= f.bounds[1]).all()


def test_genetic_measures_its_mutations_by_the_population():
    """On a population a thousand times narrower the same draws make mutations a thousand times shorter."""
    narrow = METHODS["genetic"].start(np.zeros(2), bowl(), np.random.default_rng(0)).x / 1000
    moves = []
    for x in (narrow, narrow * 1000):
        new = genetic(PopulationState(x), bowl(), np.random.default_rng(1))
        moves.append(new.x - x)
    assert np.abs(moves[0]).max() > 0 and np.allclose(moves[0] * 1000, moves[1])


def test_a_population_of_one_point_stays_there():
    """Without differences there is no mutation: a population that has gathered is done, for better or worse."""
    x = np.full((8, 3), 0.7)
    assert np.array_equal(genetic(PopulationState(x), bowl(dim=3), np.random.default_rng(0)).x, x)


def test_exchange_takes_its_share():
    """At rate 0.3 three genes in ten come from the mutant, each drawn by itself and kept at its place."""
    x, c = np.zeros((50_000, 2)), np.ones((50_000, 2)) * [1, 2]
    child = exchange(x, c, np.random.default_rng(0), 0.3)
    assert set(np.unique(child[:, 0])) == {0, 1} and set(np.unique(child[:, 1])) == {0, 2}
    share = (child != 0).mean(axis=0)
    assert (abs(share - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 50_000)).all()
    assert abs(np.corrcoef(child.T)[0, 1]) < 0.03


def test_defend_by_hand():
    """The worse child would win, the tie would freeze, or NaN would be kept or let in."""
    nan = np.nan
    y, c_y = np.array([1.0, 1.0, 1.0, nan, 1.0]), np.array([0.5, 2.0, 1.0, 3.0, nan])
    x, y = defend(np.zeros((5, 1)), y, np.ones((5, 1)), c_y)
    assert x[:, 0].tolist() == [1, 0, 1, 1, 0] and y.tolist() == [0.5, 1, 1, 3, 1]
