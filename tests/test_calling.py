"""How a function is called and watched: fresh arguments, nothing hidden, no endless loop, no exception let through."""

import random
import statistics
import warnings

import numpy as np
import pytest

from course_lib import calling
from course_lib.calling import (
    BITS,
    LARGEST,
    MAKERS,
    Case,
    Failure,
    Given,
    Outcome,
    Strange,
    identical,
    is_plain,
    made,
    make,
    observe,
    plain,
    trusted,
)
from course_lib.exercises import get


def asked(fn, seconds=None, **args):
    """The outcome of one call."""
    return observe(fn, Case(args, "a trial"), seconds)


# ------------------------------------------------------------------------------------------------ what is given


NEEDED = {  # what a maker can't do without
    "quadratic": {"A": np.eye(2)},
    "rng": {"seed": 3},
    "gradient_of_one": {"X": np.eye(2), "y": np.ones(2)},
    "fading_step": {"lr": 0.1},
    "lookup": {"axes": [], "values": np.ones(())},
    "walk": {"surface": "bowl", "dim": 2, "lr": 0.1},
    "searcher": {"reach": 1.0, "asks": 3},
    "learning": {"last": np.ones(2), "slow": np.ones(2)},
}


@pytest.mark.parametrize("name", MAKERS)
def test_everything_that_can_be_given_can_be_made(name):
    """An exercise could name a thing that does not exist."""
    assert make(Given(name, NEEDED.get(name, {}))) is not None


def test_a_part_of_a_thing_can_be_given():
    """A gradient could not be handed to a function without its objective."""
    x = np.array([0.5, -1.0])
    given = make(Given("rosenbrock.grad", {"dim": 2}))
    assert given(x).tolist() == make(Given("rosenbrock", {"dim": 2})).grad(x).tolist()


def test_arguments_come_in_the_order_of_the_contract():
    """Names of one's own choice for the parameters would be an error."""
    assert asked(lambda a, b: a - b, x=5.0, y=3.0).value == 2.0


def test_every_call_gets_fresh_arguments():
    """A function that changes its arguments would change the case, and be examined with another one."""
    case = Case({"x": np.zeros(2), "pair": (np.ones(2), [np.ones(1)])}, "zeros")

    def spoil(x, pair):
        x += 1
        pair[1][0] += 1
        return x, pair[1][0]

    first, second = observe(spoil, case), observe(spoil, case)
    assert identical(first.value, second.value)
    assert case.args["x"].tolist() == [0.0, 0.0] and case.args["pair"][1][0].tolist() == [1.0]


def test_a_given_function_still_has_its_attributes():
    """An objective that is watched could not be asked for its gradient."""
    f = made(Given("bowl"))
    assert f.grad(np.ones(2)).shape == (2,) and f.dim == 2
    with pytest.raises(AttributeError):
        _ = f._anything


# -------------------------------------------------------------------------------------------------- what is seen


def test_changed_arguments_are_named():
    """Modifying an argument, at any depth, would go unseen."""

    def spoil(x, y, pair):
        y[0] = 9
        pair[1][:] = 0

    assert asked(spoil, x=np.zeros(2), y=np.zeros(2), pair=[1, np.ones(2)]).changed == ("y", "pair")
    assert asked(lambda x: x + 1, x=np.zeros(2)).changed == ()


def test_a_change_of_the_last_bit_is_a_change():
    """x += h; x -= h leaves another x behind, and nobody would say so."""

    def there_and_back(x):
        x += 0.1
        x -= 0.1

    assert asked(there_and_back, x=np.array([0.3])).changed == ("x",)


def test_a_nan_that_stays_is_no_change():
    """An argument with a NaN would count as modified, since NaN differs from itself."""
    assert asked(lambda x, y: 0, x=np.array([np.nan]), y=float("nan")).changed == ()


@pytest.mark.parametrize(
    "fn, shared",
    [
        (lambda x: x, True),
        (lambda x: (1.0, [x[1:]]), True),
        (lambda x: x.copy(), False),
        (lambda x: x.sum(), False),
        (lambda x: x[:0], False),
    ],
)
def test_shared_memory_is_seen(fn, shared):
    """What is returned could be a view of an argument, and a later change of one would change the other."""
    assert asked(fn, x=np.ones(3)).shared is shared
    assert asked(lambda pair: fn(pair[0]), pair=(np.ones(3), 1)).shared is shared


def test_a_list_that_holds_itself_is_looked_through():
    """Such an answer would end the examiner with a RecursionError."""

    def snake(x):
        items = [x]
        items.append(items)
        return items

    seen = asked(snake, x=np.ones(1))
    assert seen.shared and isinstance(seen.value, list)


def test_calls_are_counted_by_name():
    """A function could ask for more gradients than it may, and nobody would notice."""

    def three_and_one(f, grad, x):
        return f(x) + f(x) + f(x) + grad(x).sum()

    outcome = asked(three_and_one, f=Given("bowl"), grad=Given("bowl.grad"), x=np.ones(2))
    assert outcome.calls == {"f": 3, "grad": 1}


@pytest.mark.parametrize(
    "draw",
    [lambda: np.random.rand(), lambda: np.random.seed(0), random.random, lambda: random.seed(1)],  # noqa: NPY002
)
@pytest.mark.parametrize("kind", [np.random.MT19937, np.random.PCG64])
def test_the_global_generators_are_watched(draw, kind):
    """A result could depend on a seed that nobody gave, be NumPy's global generator the usual one or another."""
    usual = np.random.get_bit_generator()
    np.random.set_bit_generator(kind(5))
    try:
        assert asked(lambda x: draw(), x=1.0).global_random
    except ValueError as error:  # only the usual one can be given a seed
        assert "seed" in str(error)
    finally:
        np.random.set_bit_generator(usual)
    assert not asked(lambda rng: float(rng.random()), rng=Given("rng", {"seed": 1})).global_random


@pytest.mark.parametrize("peekable", [True, False])
def test_the_state_of_pythons_generator_is_seen_either_way(peekable, monkeypatch):
    """A Python that keeps it elsewhere would let draws go unseen, or see one in every call."""
    if peekable and not calling.PEEKABLE:
        pytest.skip("this Python keeps it elsewhere")
    monkeypatch.setattr(calling, "PEEKABLE", peekable)
    random.seed(0)
    outcomes = [asked(lambda x: random.gauss(0, 1), x=1.0) for _ in range(4)]  # it draws in pairs, too
    assert [outcome.global_random for outcome in outcomes] == [True] * 4
    assert not asked(lambda x: x, x=1.0).global_random
    assert asked(lambda x: random.setstate(random.Random(7).getstate()), x=1.0).global_random


def test_the_place_of_pythons_generator_is_known():
    """Every call would take three times as long: all Pythons that the course supports keep it there."""
    assert calling.PEEKABLE


def test_each_draw_of_a_single_normal_number_is_seen():
    """NumPy draws them in pairs: every other call would pass unseen, and its mistake go without its name."""
    outcomes = [asked(lambda x: np.random.randn(), x=1.0) for _ in range(4)]  # noqa: NPY002
    assert [outcome.global_random for outcome in outcomes] == [True] * 4


def test_warnings_are_noted_and_not_shown():
    """A warning would go unseen, or appear in the learner's notebook as noise."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = asked(lambda x: np.array([x]) / 0, x=1.0)
        assert asked(lambda x: x, x=1.0).warned == ""
    assert "divide by zero" in outcome.warned and outcome.failure is None


def test_what_is_no_plain_data_is_named():
    """An object of the learner's own would travel on to the examiner."""
    assert asked(lambda x: {1, 2}, x=1.0).value == Strange("set")
    assert asked(lambda x: (..., [observe]), x=1.0).value == (Strange("ellipsis"), [Strange("function")])


# --------------------------------------------------------------------------------------------------- exceptions


def test_an_exception_is_reported_with_the_line():
    """The learner would see that something is wrong, but not where."""

    def divides(x):
        nothing = 0
        return x / nothing

    failure = asked(divides, x=1.0).failure
    assert (failure.kind, failure.message) == ("ZeroDivisionError", "float division by zero")
    assert failure.line == "return x / nothing"
    assert failure.number == divides.__code__.co_firstlineno + 2


def inverts(x):
    return np.linalg.inv(x)


def averages(x):
    return statistics.mean(x)


def asks(x):
    return made(Given("bowl"))(x)


@pytest.mark.parametrize(
    "fn, x, line",
    [
        (inverts, np.zeros((2, 2)), "return np.linalg.inv(x)"),
        (averages, [], "return statistics.mean(x)"),
        (asks, np.ones(7), 'return made(Given("bowl"))(x)'),
    ],
)
def test_the_line_is_the_learners_own(fn, x, line):
    """The line shown would be one of NumPy, of Python or of this course, which the learner never wrote."""
    assert asked(fn, x=x).failure.line == line


@pytest.mark.parametrize("error", [SystemExit("bye"), GeneratorExit("out"), RecursionError("in"), MemoryError("full")])
def test_nothing_that_is_raised_gets_through(error):
    """`exit()` in an answer would end the examiner."""

    def fail(x):
        raise error

    assert asked(fail, x=1.0).failure.kind == type(error).__name__


def test_an_exception_that_cannot_be_printed_is_reported_all_the_same():
    """An exception whose text fails would get through."""

    class Mute(Exception):
        def __str__(self):
            raise ValueError

    def fail(x):
        raise Mute

    assert asked(fail, x=1.0).failure.kind == "Mute"


def test_ctrl_c_gets_through():
    """A learner could not stop a check by hand."""

    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(interrupted, x=1.0)


def test_a_wrong_number_of_arguments_is_a_failure():
    """A stub whose first line was changed would end the examiner."""
    assert asked(lambda: 1, x=1.0).failure.kind == "TypeError"


def test_long_messages_are_cut():
    """A message of megabytes would travel to the examiner and fill the page."""

    def fail(x):
        raise ValueError("a" * 10**6)

    assert len(asked(fail, x=1.0).failure.message) == 500


# ------------------------------------------------------------------------------------------------------- chains


START = (1.0, np.zeros(2))


def chained(fn, state=START):
    return observe(fn, Case({"state": state, "feeds": [(1.0,), (2.0,), (3.0,)]}, "three steps", probe="chain")).value


def test_a_chain_feeds_the_state_back():
    """An update would be examined from the start again and again, never from where it got."""
    assert chained(lambda n, x, by: (n + by, x))[-1][0] == 7.0
    assert [state[0] for state in chained(lambda n, x, by: [n + by, x])] == [2.0, 4.0, 7.0]


def test_a_chain_of_one_number_needs_no_tuple():
    """An update with a single state would have to return a tuple of one."""
    assert chained(lambda n, by: n + by, state=(1.0,)) == [2.0, 4.0, 7.0]


@pytest.mark.parametrize(
    "state", [None, (1.0,), (None, 1.0), (1.0, ...), ("a", 1.0), ..., 1.0, {"x": 1.0}, (1.0, {1})], ids=repr
)
def test_a_chain_stops_at_a_state_without_sense(state):
    """The next call would raise an error about a value that is the answer's own fault."""
    assert len(chained(lambda n, x, by: state)) == 1


def test_a_chain_notes_every_state_as_it_was():
    """A state that is changed in place would change in the record too."""

    def grows(x, by):
        x += by
        return x

    assert [x.tolist() for x in chained(grows, state=(np.zeros(1),))] == [[1.0], [3.0], [6.0]]


# --------------------------------------------------------------------------------------------------- plain data


class Text(str):
    pass


PLAIN = [1, 2.0, 1j, True, None, "a", np.float32(1), np.zeros(2), [(1, {"a": [2]})]]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_is_known_and_copied(value):
    """Something that may travel would be refused, or change after it was noted."""
    assert is_plain(value) and identical(plain(value), value)
    assert not isinstance(value, np.ndarray) or plain(value) is not value


@pytest.mark.parametrize(
    "value",
    [
        {1}, ..., print, Text("a"), {1: 2}, b"a", np.array([None]), np.array(["a"]), np.array([1.0], ">f8"),
        np.datetime64("2020-01-01"), np.ma.array([1.0]), 1 << (BITS + 1), "a" * (LARGEST + 1), np.zeros(LARGEST + 1),
        [0] * (LARGEST + 1), [Text("a")],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_plain_data_is_known(value):
    """Something would travel that can run code, fills the memory, or cannot be written down."""
    assert not is_plain(value) and "Strange" in repr(plain(value))


def test_plain_data_has_a_depth():
    """Lists in lists in lists would exhaust the stack."""
    deep = 1.0
    for _ in range(50):
        deep = [deep]
    assert not is_plain(deep) and "Strange" in repr(plain(deep))


@pytest.mark.parametrize(
    "a, b",
    [
        (1, 1.0), (1, True), (np.float64(1), 1.0), ([1], (1,)), (np.zeros(2), np.zeros((2, 1))), ([1], [1, 2]),
        (np.zeros(2), np.zeros(2, int)), (np.array([0.0]), np.array([-0.0])), ({"a": 1}, {"b": 1}), ("a", "b"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_differs_is_not_identical(a, b):
    """A change of an argument would go unseen."""
    assert not identical(a, b) and identical(a, a) and identical(b, b)


@pytest.mark.parametrize(
    "fields",
    [
        {"failure": "none"}, {"changed": ["x"]}, {"changed": (1,)}, {"shared": 1}, {"calls": []}, {"calls": {"f": "1"}},
        {"warned": None}, {"global_random": 0}, {"seconds": 1},
    ],
    ids=repr,
)  # fmt: skip
def test_an_outcome_has_fields_of_the_right_type(fields):
    """A hostile process could hand the examiner a field that it stumbles over."""
    with pytest.raises(TypeError):
        Outcome(**fields)


@pytest.mark.parametrize("fields", [(1, "", "", 0), ("a", None, "", 0), ("a", "", 3, 0), ("a", "", "", "0")], ids=repr)
def test_a_failure_has_fields_of_the_right_type(fields):
    """A hostile process could hand the examiner a failure that it stumbles over."""
    with pytest.raises(TypeError):
        Failure(*fields)


# ------------------------------------------------------------------------------- an objective that is returned


class Parabola:
    def __call__(self, x):
        return (x**2).sum(-1)

    def grad(self, x):
        return 2 * x


def returned(fn, what):
    points = [np.array([1.0, 2.0]), np.array([[3.0, 0.0]])]
    return observe(fn, Case({"k": 1, "what": what, "where": points}, "a trial", probe="objective"))


def test_a_returned_objective_is_asked():
    """An exercise that returns an objective could not be examined: neither its values nor its gradients."""
    values, slopes = (returned(lambda k: Parabola(), what).value for what in ("value", "grad"))
    assert values[0] == 5.0 and values[1].tolist() == [9.0]
    assert slopes[0].tolist() == [2.0, 4.0] and slopes[1].tolist() == [[6.0, 0.0]]


@pytest.mark.parametrize("thing", [None, 3.0, ..., lambda x: x])
def test_what_is_no_objective_is_handed_on(thing):
    """A stub, a missing return or a plain function would end in an error of the machinery."""
    assert identical(returned(lambda k: thing, "value").value, plain(thing))


def test_a_returned_objective_cannot_spoil_the_points():
    """An objective that changes its argument would be asked at other points later."""

    class Spoils(Parabola):
        def __call__(self, x):
            x *= 0
            return 1.0

    assert returned(lambda k: Spoils(), "value").changed == ()
def test_replay_goes_on_and_starts_again():
    """A generator would start anew with each call, or go on where the first run ended in the second."""
    case = Case({"times": 2, "rng": Given("rng", {"seed": 5})}, "two draws, twice over", probe="replay")
    rng = np.random.default_rng(5)
    draws = [rng.integers(1000), rng.integers(1000)]
    assert observe(lambda rng: int(rng.integers(1000)), case).value == [draws, draws]


def test_fed_notes_what_a_loop_does():
    """A training loop could not be judged by what it feeds: the notes would be missing, or change with the data."""
    args = {"step": Given("fading_step", {"lr": 1.0}), "grad": Given("log_cosh_grad"), "w": np.zeros(1)}

    def loop(step, grad, w):
        X, y = np.ones((1, 1)), np.ones(1)
        state = step((w, 0), grad(w, X, y))
        X[:] = 7
        return state[0]

    value, asked, taken = observe(loop, Case(args, "one step", probe="fed")).value
    assert value == pytest.approx(np.tanh(1.0)) and asked[0][1].tolist() == [[1.0]]
    assert [t for _, t in taken[0]] == [0, 1] and taken[0][1][0] == value
    assert observe(lambda *args: ..., Case(args, "a stub", probe="fed")).value == Strange("ellipsis")


def test_log_cosh_grad_is_a_gradient():
    """What exercises are fed with would be the slope of nothing."""
    rng = np.random.default_rng(0)
    w, X, y = rng.normal(size=3), rng.normal(size=(7, 3)), rng.normal(size=7)
    steps = 1e-6 * np.eye(3)
    numerical = [np.mean(np.log(np.cosh(X @ (w + h) - y)) - np.log(np.cosh(X @ (w - h) - y))) / 2e-6 for h in steps]
    assert np.allclose(make(Given("log_cosh_grad"))(w, X, y), numerical, atol=1e-8)
def test_lookup_is_a_table_with_places():
    """The objective of an exercise would not have the values that its case says."""
    f = make(Given("lookup", {"axes": [np.array([0.0, 2.0]), np.array([1.0, 3.0, 5.0])],
                              "values": np.arange(6.0).reshape(2, 3)}))  # fmt: skip
    assert [f(np.array([x, y])) for x, y in ((0, 1), (2, 5), (1.2, 3.9))] == [0.0, 5.0, 4.0]


def test_twice_goes_on_with_the_same_generator():
    """A fresh seed for the second call would let a generator of one's own pass unseen."""
    rng = {"rng": Given("rng", {"seed": 1})}
    first, second = observe(lambda rng: rng.random(), Case(rng, "two calls", probe="twice")).value
    assert first != second


def test_tried_notes_what_was_asked():
    """Points asked one by one and all at once would be judged differently."""

    def by_one(f, n):
        return [f(np.full(2, float(i))) for i in range(n)][-1]

    def at_once(f, n):
        return f(np.arange(n)[:, None] * np.ones(2))[-1]

    case = Case({"f": Given("bowl"), "n": 4}, "four points", probe="tried")
    one, other = observe(by_one, case).value, observe(at_once, case).value
    assert len(one) == 2 and one[0][1].shape == (4, 2)
    assert all(np.array_equal(a, b) for a, b in zip(one[0], other[0]))
    assert observe(lambda f, n: ..., case).value == [Strange("ellipsis")] * 2
def test_a_chain_ends_at_a_dict_that_holds_no_numbers():
    """A None in a dict of arrays would end in the next call's exception, far from where it was made."""
    case = Case({"state": ({"W": np.ones(2)}, 0), "feeds": [(1,), (2,)]}, "two steps", probe="chain")
    outcome = observe(lambda params, t, feed: ({"W": None}, t + 1), case)
    assert outcome.failure is None and len(outcome.value) == 1
def test_each_asks_once_for_every_tuple():
    """A case with several small questions would ask only the first, or mix up their arguments."""
    case = Case({"asked": [(5, 2), (np.array([1.0, 4.0]), 3)]}, "two questions", probe="each")
    first, second = observe(lambda x, k: x - k, case).value
    assert first == 3 and second.tolist() == [-2, 1]


@pytest.mark.parametrize("id", ["momentum.nesterov", "gradient.descent", "anneal.accept", "batch.minibatches"])
def test_a_trusted_function_is_seen_as_any_other(id):
    """What the reference returns, warns of and calls would not be what an answer is held against."""
    exercise = get(id)
    for case in exercise.draw(0):
        full, short = observe(exercise.reference, case), trusted(exercise.reference, case)
        assert identical(full.value, short.value)
        assert (full.failure, full.warned, full.calls) == (short.failure, short.warned, short.calls)
        assert not full.changed and not full.global_random
