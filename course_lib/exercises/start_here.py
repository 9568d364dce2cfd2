"""The exercises of lesson 00: a loss, a running best, a function that counts its calls."""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# ------------------------------------------------------------------------------------------------- start.mse


def mse_cases(rng):
    def pair(n):
        return {"y": rng.normal(2, 1, n), "yhat": rng.normal(2, 1, n)}

    bits = {"y": np.array([100, -100, 7], dtype=np.int8), "yhat": np.array([-100, 100, 9], dtype=np.int8)}
    return [
        Case(pair(5), "five values", "fractions"),
        Case(pair(1), "a single value", "fractions"),
        Case(pair(40), "forty values", "fractions"),
        Case({"y": np.arange(4), "yhat": np.array([3, 1, 5, 3])}, "whole numbers", "whole numbers"),
        Case(bits, "whole numbers of eight bits, as pixels are stored", "whole numbers"),
    ]


@exercise(
    "start.mse",
    lesson="00",
    title="The mean squared error",
    section="A loss is one number",
    points=1,
    cases=mse_cases,
    parts=(
        Part("fractions", 0.75, "is the mean of the squared differences"),
        Part("whole numbers", 0.25, "is right for whole numbers of any kind"),
    ),
    hints=(
        "Three words, three steps, read from the back: error, squared, mean. What is the error of one prediction?",
        "NumPy works on whole arrays: the difference of two arrays, then its square, then np.mean of that. Whole "
        "numbers of few bits overflow when squared: make them fractions first.",
        "return np.mean((y.astype(float) - yhat) ** 2). The conversion comes before the difference.",
    ),
)
def mse(y, yhat):
    """The mean squared error of predictions: the mean of (y - yhat)^2.

    y, yhat: arrays (n,), n >= 1, of fractions or of whole numbers of any kind (such as int8): what is, and what was
    predicted.

    Returns a number. Changes nothing it is given.
    """
    return np.mean((y.astype(float) - yhat) ** 2)


@mse.style
def mse_in_a_loop(y, yhat):
    return sum((float(a) - float(b)) ** 2 for a, b in zip(y, yhat)) / len(y)


@mse.style
def mse_as_a_dot_product(y, yhat):
    r = np.subtract(y, yhat, dtype=float)
    return float(r @ r / r.size)


@mse.mistake(
    "You print the result and return nothing. What is printed can be read, but nobody can go on computing with "
    "it: write return in the place of print."
)
def prints_it(y, yhat):
    str(np.mean((y.astype(float) - yhat) ** 2))  # not printed: a diagnosis is silent


@mse.mistake(
    "You return the sum of the squares. The mean divides it by their number, so that more data is not more error."
)
def sums_the_squares(y, yhat):
    return np.sum((y.astype(float) - yhat) ** 2)


@mse.mistake(
    "You square the mean of the differences; asked for is the mean of their squares. In yours, an error of +1 and "
    "one of -1 cancel each other."
)
def squares_the_mean(y, yhat):
    return np.mean(y.astype(float) - yhat) ** 2


@mse.mistake("The square is missing: positive and negative errors cancel, and a bad model may look perfect.")
def forgets_the_square(y, yhat):
    return np.mean(y.astype(float) - yhat)


@mse.mistake("You take the absolute value in the place of the square: that is the mean absolute error, another loss.")
def absolute_error(y, yhat):
    return np.mean(np.abs(y.astype(float) - yhat))


@mse.mistake(
    "You take the root at the end: that is the root mean squared error, in the units of y. Leave the root out."
)
def takes_the_root(y, yhat):
    return np.sqrt(np.mean((y.astype(float) - yhat) ** 2))


@mse.mistake(
    "A factor 1/2 stands before your mean. Some books have it, so that a 2 goes away in the gradient; we have not."
)
def halves_it(y, yhat):
    return np.mean((y.astype(float) - yhat) ** 2) / 2


@mse.mistake(
    "You compare every y with every prediction: y as a column and yhat as a row make a table (n, n). Both are arrays "
    "(n,): subtract them as they are."
)
def compares_all_pairs(y, yhat):
    return np.mean((y.astype(float)[:, None] - yhat) ** 2)


@mse.mistake(
    "Whole numbers overflow: int8 holds -128 to 127, and 100 - (-100) is beyond it. Turn y into fractions first, "
    "y.astype(float)."
)
def overflows(y, yhat):
    return np.mean((y - yhat) ** 2)


@mse.mistake(
    "The conversion comes too late: y - yhat is computed in whole numbers of eight bits first, and overflows there. "
    "Make fractions before you subtract: y.astype(float) - yhat."
)
def converts_too_late(y, yhat):
    return np.mean((y - yhat).astype(float) ** 2)


@mse.mistake(
    "You subtract the squares, y^2 - yhat^2, and that can be negative. Subtract first, then square the difference."
)
def subtracts_the_squares(y, yhat):
    return np.mean(y.astype(float) ** 2 - yhat.astype(float) ** 2)


@mse.mistake(
    "You divide the sum by n - 1, as one does to estimate a variance. Here nothing is estimated: the mean of n numbers "
    "divides by n."
)
def divides_by_one_less(y, yhat):
    return np.sum((y.astype(float) - yhat) ** 2) / np.float64(len(y) - 1)


@mse.mistake("You return the squared errors, one for each value. A loss is one number: take their mean.")
def one_for_each(y, yhat):
    return (y.astype(float) - yhat) ** 2


@mse.mistake("You cut off what stands behind the point: int(...) or // makes a whole number of the mean.")
def cuts_off_the_fraction(y, yhat):
    return float(int(np.mean((y.astype(float) - yhat) ** 2)))


@mse.mistake("You subtract in place (y -= yhat), so the data of whoever called are gone. Write r = y - yhat.")
def subtracts_in_place(y, yhat):
    result = np.mean((y.astype(float) - yhat) ** 2)
    y -= yhat.astype(y.dtype)
    return result


# ----------------------------------------------------------------------------------------- start.best_so_far


def best_cases(rng):
    def falling(n):
        return np.linspace(3, 0.5, n) + rng.normal(0, 1, n)

    gap = falling(7)
    gap[3] = np.nan
    return [
        Case({"values": falling(9)}, "nine losses of a noisy run", "running"),
        Case({"values": falling(1)}, "a single loss", "running"),
        Case({"values": np.array([2.5, -1.25, 0.75, -3.5, -0.5])}, "losses below zero", "running"),
        Case({"values": 5 + rng.random(12)}, "losses that are all above zero", "running"),
        Case({"values": gap}, "one loss in the middle is NaN", "nan"),
    ]


@exercise(
    "start.best_so_far",
    lesson="00",
    title="The best so far",
    section="Cost and quality",
    points=2,
    cases=best_cases,
    lists=True,
    fresh=True,
    parts=(
        Part("running", 0.75, "is the smallest value up to each place"),
        Part("nan", 0.25, "passes over a NaN"),
    ),
    hints=(
        "Walk through the values with the best one in your hand. When do you put it down for another?",
        "Keep best = infinity at first. For each value: if it is smaller than best, it becomes best; then note best. A "
        "comparison with NaN is never true, so a NaN is passed over by itself.",
        "NumPy has it in one call: np.fmin.accumulate(values). np.minimum.accumulate is nearly the same, but lets "
        "a NaN win forever.",
    ),
)
def best_so_far(values):
    """The smallest value up to each place, as it is drawn in a race: a curve that never rises.

    values: array (n,), n >= 1; a NaN, left by a step that failed, is passed over (the first value is a number).

    Returns a new array (n,) whose entry i is the smallest of values[0], ..., values[i].
    """
    return np.fmin.accumulate(values)


@best_so_far.style
def best_in_a_loop(values):
    best, curve = np.inf, []
    for value in values:
        if value < best:
            best = value
        curve.append(best)
    return np.array(curve)


@best_so_far.style
def best_of_each_beginning(values):
    return np.array([np.nanmin(values[: i + 1]) for i in range(len(values))])


@best_so_far.style
def best_as_a_list(values):
    curve = [values[0]]
    for value in values[1:]:
        curve.append(min(curve[-1], value))  # in this order a NaN is passed over
    return curve


@best_so_far.mistake("You return the smallest value of all. Asked for is a curve: the smallest up to each place.")
def only_the_smallest(values):
    return np.nanmin(values)


@best_so_far.mistake(
    "You compare each value with the one before it only, so the best is forgotten after one step. Compare with "
    "the best so far."
)
def best_of_the_last_two(values):
    return np.array([values[0], *np.fmin(values[1:], values[:-1])])


@best_so_far.mistake("You keep the largest. We minimize: smaller is better.")
def keeps_the_largest(values):
    return np.fmax.accumulate(values)


@best_so_far.mistake(
    "You start from best = 0, so a value above zero never counts. Start from infinity, or from the first value."
)
def starts_from_zero(values):
    return np.fmin(np.fmin.accumulate(values), 0.0)


@best_so_far.mistake("NaN wins: once it is there, np.minimum keeps it to the end. np.fmin passes over it.")
def nan_wins(values):
    return np.minimum.accumulate(values)


@best_so_far.mistake(
    "A NaN becomes the best, and the value after it then wins whatever it is: min(value, best) gives back a NaN that "
    "stands first, and `not value > best` is true for it. Ask `value < best`, which a NaN never passes."
)
def forgets_at_a_nan(values):
    best, curve = np.inf, []
    for value in values:
        best = best if value > best else value
        curve.append(best)
    return np.array(curve)


@best_so_far.mistake(
    "You put 0 in the place of a NaN, and 0 is lower than the losses: the step that failed wins after all. Put "
    "infinity there, or pass over it."
)
def nan_becomes_zero(values):
    return np.minimum.accumulate(np.nan_to_num(values))


@best_so_far.mistake(
    "You throw the NaN out, so the curve gets shorter and all that follows moves forward. n values have n bests: at a "
    "NaN the best stays what it was."
)
def throws_the_nan_out(values):
    return np.minimum.accumulate(values[~np.isnan(values)])


@best_so_far.mistake(
    "You note the best only where it improves. The curve has an entry for every value: note it at each turn of the "
    "loop."
)
def notes_improvements_only(values):
    best, curve = np.inf, []
    for value in values:
        if value < best:
            best = value
            curve.append(best)
    return np.array(curve)


@best_so_far.mistake(
    "You are one place late: entry i knows values[0] to values[i - 1] only. Look at values[i] first, then note the "
    "best."
)
def one_place_late(values):
    return np.fmin.accumulate(np.concatenate([values[:1], values[:-1]]))


@best_so_far.mistake(
    "You sort the values. A curve over time keeps its order: entry i knows values[0] to values[i] only."
)
def sorts_them(values):
    return np.sort(values)[::-1]


@best_so_far.mistake("You walk from the end: entry i is the smallest of what is still to come. Walk from the start.")
def looks_into_the_future(values):
    return np.fmin.accumulate(values[::-1])[::-1].copy()


@best_so_far.mistake("You leave out the first value: n values have n bests.")
def leaves_out_the_first(values):
    return np.fmin.accumulate(values)[1:]


@best_so_far.mistake("You write the bests into values itself, so the losses of the run are lost. Make a new array.")
def overwrites_the_losses(values):
    for i in range(1, len(values)):
        values[i] = np.fmin(values[i], values[i - 1])
    return values


# --------------------------------------------------------------------------------------------- start.counted


def counting_cases(rng):
    a, b = (float(number) for number in rng.uniform(0.5, 2, 2))
    functions = {"first": Given("parabola", {"center": a}), "second": Given("parabola", {"center": b})}
    return [
        Case(functions | {"points": rng.normal(0, 2, n).tolist(), "scale": 2.5}, f"two functions, {n} calls and more",
             probe="tally")
        for n in (3, 1)
    ]  # fmt: skip


@exercise(
    "start.counted",
    lesson="00",
    title="A function that counts its calls",
    section="Cost and quality",
    points=2,
    cases=counting_cases,
    hints=(
        "A function is a thing like any other: another function can take it, and give back a new one that calls it. A "
        "function can also carry a note: new.calls = 0.",
        "Inside counted define new(*args, **kwargs): it adds one to new.calls and returns f(*args, **kwargs). "
        "Before you return new, set new.calls = 0.",
        "def new(*args, **kwargs): new.calls += 1; return f(*args, **kwargs). Then new.calls = 0 and return new: the "
        "function itself, without brackets.",
    ),
)
def counted(f):
    """A function that answers as f does and counts how often it was asked.

    f: any function, with any arguments and keywords.

    Returns a new function g with g(...) equal to f(...); g.calls is the number of calls so far, 0 at first. Each
    function that counted makes has a count of its own.
    """

    def asked(*args, **kwargs):
        asked.calls += 1
        return f(*args, **kwargs)

    asked.calls = 0
    return asked


@counted.style
def counted_by_a_class(f):
    class Counted:
        calls = 0

        def __call__(self, *args, **kwargs):
            self.calls += 1
            return f(*args, **kwargs)

    return Counted()


@counted.style
def counted_after_the_call(f):
    def g(*args, **kwargs):
        result = f(*args, **kwargs)
        g.calls = g.calls + 1
        return result

    g.calls = 0
    return g


def counting(start=0, by=1, answer=lambda f, args, kwargs: f(*args, **kwargs)):
    """A family of mistakes: where the count starts, what a call adds, what it answers."""

    def wrap(f):
        def g(*args, **kwargs):
            g.calls += by
            return answer(f, args, kwargs)

        g.calls = start
        return g

    return wrap


@counted.mistake("You count the construction as a call: calls is 1 before anybody asked. Start at 0.")
def counts_the_construction(f):
    return counting(start=1)(f)


@counted.mistake(
    "g.calls stays 0: nothing adds to it. A variable calls beside it, even a nonlocal one, is another number. Write "
    "g.calls += 1 inside the new function, where each call passes."
)
def never_counts(f):
    return counting(by=0)(f)


@counted.mistake("You drop the keywords: f(x, scale=2) becomes f(x). Take **kwargs and hand it on.")
def drops_the_keywords(f):
    def g(x, **kwargs):
        g.calls += 1
        return f(x)

    g.calls = 0
    return g


@counted.mistake("Your function calls f and returns nothing: write return before f(...).")
def forgets_the_answer(f):
    return counting(answer=lambda f, args, kwargs: (f(*args, **kwargs), None)[1])(f)


@counted.mistake(
    "You return the count in the place of the answer. The count is in g.calls; the call returns what f returns."
)
def answers_with_the_count(f):
    def g(*args, **kwargs):
        g.calls += 1
        f(*args, **kwargs)
        return g.calls

    g.calls = 0
    return g


@counted.mistake(
    "A variable that a function assigns to (calls += 1) is the function's own, and has no value yet. Let the function "
    "carry the count: g.calls += 1 inside, g.calls = 0 outside."
)
def counts_in_a_local_variable(f):
    calls = 0

    def g(*args, **kwargs):
        calls += 1  # noqa: F823, F841 (this is the bug)
        return f(*args, **kwargs)

    g.calls = calls
    return g


@counted.mistake(
    "You keep the count on f itself (f.calls). Who counts one function twice then has one count for both, and f is "
    "changed for everybody else. Keep it on the new function: g.calls."
)
def counts_on_the_function_itself(f):
    f.calls = 0

    def g(*args, **kwargs):
        f.calls += 1
        g.calls = f.calls
        return f(*args, **kwargs)

    g.calls = 0
    return g


@counted.mistake(
    "All your functions share one count: it lives outside counted, so a call of one is counted for the other too. Give "
    "each new function a count of its own.",
    remembers=True,
)
def one_count_for_all():
    class Shared:
        calls = 0

        def __init__(self, f):
            self.f = f

        def __call__(self, *args, **kwargs):
            Shared.calls += 1
            return self.f(*args, **kwargs)

    def wrap(f):
        Shared.calls = 0
        return Shared(f)

    return wrap


@counted.mistake(
    "The count is set back at each call, so it is never more than 1. Set it to 0 once, outside the new function."
)
def sets_it_back(f):
    def g(*args, **kwargs):
        g.calls = 0
        g.calls += 1
        return f(*args, **kwargs)

    g.calls = 0
    return g


@counted.mistake(
    "You ask f twice at each call, once to count and once to answer. Calls cost: ask once, and count that."
)
def asks_twice(f):
    def g(*args, **kwargs):
        g.calls += 2
        f(*args, **kwargs)
        return f(*args, **kwargs)

    g.calls = 0
    return g
