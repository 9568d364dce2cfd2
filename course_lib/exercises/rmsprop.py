"""The exercises of lesson 06: Adagrad, RMSProp, the rate that each coordinate gets, and a landscape that is turned."""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# -------------------------------------------------------------------------------------------- both updates


def squares_cases(rng, knobs):
    """Cases of an update with accumulated squares; `knobs(lr)` are the arguments after the gradient."""

    def feeds(shape, n=5):
        return [(rng.normal(0, 1, shape), *knobs(lr)) for lr in np.linspace(0.3, 0.1, n).tolist()]

    def start(shape):
        return rng.normal(0, 2, shape), rng.uniform(0.2, 3, shape)

    flat = rng.normal(0, 1, 4) * [1, 0, 1, 0]
    return [
        Case({"state": start((3,)), "feeds": feeds((3,))}, "five steps with squares in memory", probe="chain"),
        Case({"state": (rng.normal(0, 2, 2), np.zeros(2)), "feeds": feeds((2,))}, "five steps from a memory of zeros",
             probe="chain"),
        Case({"state": start((2, 3)), "feeds": feeds((2, 3), 2)}, "a matrix of weights", probe="chain"),
        Case({"state": (rng.normal(0, 2, 4), np.zeros(4)), "feeds": [(flat, *knobs(0.2, 1e-8))] * 3},
             "coordinates whose gradient has always been 0", probe="chain"),
        Case({"x": rng.normal(0, 1, 3), "s": rng.uniform(0.5, 2, 3), "g": rng.normal(0, 2, 3)}
             | dict(zip(("lr", "rho", "eps") if len(knobs(1)) == 3 else ("lr", "eps"), knobs(0.2), strict=True)),
             "a single step"),
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------- adagrad.step


def adagrad_cases(rng):
    return squares_cases(rng, lambda lr, eps=0.1: (lr, eps))


@exercise(
    "adagrad.step",
    lesson="06",
    title="One step of Adagrad",
    section="A rate for each coordinate",
    points=3,
    cases=adagrad_cases,
    fresh=True,
    quiet=True,
    hints=(
        "Each coordinate keeps an account of its own. What goes into the account at a step, and how does its balance "
        "change the step that this coordinate takes?",
        "The account adds up squares, so it never shrinks. The step divides the gradient by the root of the *new* "
        "balance; eps is added to the root, not under it.",
        "s = s + g**2, then x = x - lr * g / (np.sqrt(s) + eps), and return both, x first. NumPy does this for each "
        "coordinate by itself. Write s = s + ..., not s += ...: the latter changes the caller's array.",
    ),
)
def adagrad_step(x, s, g, lr, eps):
    """One step of Adagrad: s = s + g^2, then x = x - lr g / (sqrt(s) + eps), coordinate by coordinate.

    x, s, g: arrays of one shape: the point, the sum of squares so far, the gradient at the point. lr, eps: numbers;
    eps stands outside the root. A coordinate with s = 0 and g = 0 stays where it is, without a warning.

    Returns the new pair (x, s). Changes nothing it is given: no +=, -= on x or s.
    """
    s = s + g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return x, s


@adagrad_step.style
def adagrad_coordinate_by_coordinate(x, s, g, lr, eps):
    new_x, new_s = np.empty_like(x), np.empty_like(s)
    for i in np.ndindex(x.shape):
        new_s[i] = s[i] + g[i] * g[i]
        new_x[i] = x[i] - lr / (new_s[i] ** 0.5 + eps) * g[i]
    return new_x, new_s


@adagrad_step.style
def adagrad_by_hypot(x, s, g, lr, eps):
    root = np.hypot(np.sqrt(s), g)
    return [x - lr * (g / (root + eps)), root**2]


def after_squares(x, s, g, lr, eps):
    """The step that belongs to squares s, as the references take it."""
    return x - lr * g / (np.sqrt(s) + eps), s


@adagrad_step.mistake(
    "The gradient is not squared: s + g lets positive and negative gradients cancel, and the root of a negative sum "
    "is NaN. Add g**2."
)
def adagrad_without_square(x, s, g, lr, eps):
    return after_squares(x, s + g, g, lr, eps)


@adagrad_step.mistake(
    "You add up |g| in place of g**2. The root of a sum of absolute values grows too fast after large gradients and "
    "too slowly after small ones: the account holds squares."
)
def adagrad_of_absolute_values(x, s, g, lr, eps):
    return after_squares(x, s + np.abs(g), g, lr, eps)


@adagrad_step.mistake(
    "The root is missing: you divide by s itself. Then a coordinate with gradients ten times as large takes steps ten "
    "times *shorter*, where Adagrad makes them equal. Divide by sqrt(s) + eps."
)
def adagrad_without_root(x, s, g, lr, eps):
    s = s + g**2
    return x - lr * g / (s + eps), s


@adagrad_step.mistake(
    "The history is gone: your s is the square of this gradient alone, so every coordinate moves by about lr at every "
    "step and never slows down. Add the square to the old s."
)
def adagrad_without_history(x, s, g, lr, eps):
    return after_squares(x, g**2, g, lr, eps)


@adagrad_step.mistake(
    "eps stands under the root: sqrt(s + eps). That form is in use too, but its smallest divisor is sqrt(eps), which "
    "is far larger than eps. In this course eps is added to the root. Half the points.",
    credit=0.5,
)
def adagrad_eps_inside(x, s, g, lr, eps):
    s = s + g**2
    return x - lr * g / np.sqrt(s + eps), s


@adagrad_step.mistake(
    "eps is not used. A coordinate whose gradient has always been 0 then divides 0 by 0, and its weight becomes NaN. "
    "Divide by np.sqrt(s) + eps."
)
def adagrad_without_eps(x, s, g, lr, eps):
    s = s + g**2
    return x - lr * g / np.sqrt(s), s


@adagrad_step.mistake(
    "You divide by the root of the *old* s. At the first step that is 0, so the step is lr * g / eps: gigantic. First "
    "add the new square, then divide."
)
def adagrad_divides_by_the_old(x, s, g, lr, eps):
    return after_squares(x, s, g, lr, eps)[0], s + g**2


@adagrad_step.mistake(
    "All coordinates share one account: you add the sum of all squares (the squared norm) to each s. Then they all "
    "have one rate again. Square element by element, without a sum."
)
def adagrad_with_one_norm(x, s, g, lr, eps):
    return after_squares(x, s + (g**2).sum(), g, lr, eps)


@adagrad_step.mistake(
    "You average the old s and the new square with equal weights. Adagrad adds: its s never shrinks. An average that "
    "forgets makes RMSProp, which comes next."
)
def adagrad_of_a_mean(x, s, g, lr, eps):
    return after_squares(x, (s + g**2) / 2, g, lr, eps)


@adagrad_step.mistake(
    "That is RMSProp with a fixed 0.9: your s forgets. Adagrad adds each square with full weight and keeps all of the "
    "old s: s = s + g**2."
)
def adagrad_that_forgets(x, s, g, lr, eps):
    return after_squares(x, 0.9 * s + 0.1 * g**2, g, lr, eps)


@adagrad_step.mistake(
    "Brackets: lr * g / np.sqrt(s) + eps divides first and then adds eps to the *step*, so the point drifts by eps "
    "each time. Write lr * g / (np.sqrt(s) + eps)."
)
def adagrad_precedence(x, s, g, lr, eps):
    s = s + g**2
    with np.errstate(invalid="warn"):
        return x - (lr * g / np.sqrt(s) + eps), s


@adagrad_step.mistake(
    "You square the sum: (s + g)**2. What is added up is the squares of the gradients: s + g**2."
)
def adagrad_squares_the_sum(x, s, g, lr, eps):
    return after_squares(x, (s + g) ** 2, g, lr, eps)


@adagrad_step.mistake(
    "You climb: the step is added. The gradient points uphill and the division does not turn it, so the step is "
    "subtracted from x."
)
def adagrad_climbs(x, s, g, lr, eps):
    s = s + g**2
    return x + lr * g / (np.sqrt(s) + eps), s


@adagrad_step.mistake(
    "You compute the squares and step without them: x - lr * g is plain gradient descent. Divide the step by "
    "np.sqrt(s) + eps."
)
def adagrad_unused(x, s, g, lr, eps):
    return x - lr * g, s + g**2


@adagrad_step.mistake(
    "You return the old s, so nothing is ever added up: the next step starts from the same account. Return the new one."
)
def adagrad_returns_the_old(x, s, g, lr, eps):
    return after_squares(x, s + g**2, g, lr, eps)[0], s.copy()


@adagrad_step.mistake("You return s first. The contract has the point first: return x, s, in this order.")
def adagrad_swapped(x, s, g, lr, eps):
    return after_squares(x, s + g**2, g, lr, eps)[::-1]


@adagrad_step.mistake("You return the point alone. The next step needs the squares too: return x, s as a pair.")
def adagrad_without_state(x, s, g, lr, eps):
    return after_squares(x, s + g**2, g, lr, eps)[0]


@adagrad_step.mistake(
    "You change s in place (s += g**2), so the squares of whoever called change too. Write s = s + g**2, which makes a "
    "new array."
)
def adagrad_in_place(x, s, g, lr, eps):
    s += g**2
    return after_squares(x, s, g, lr, eps)


@adagrad_step.mistake(
    "You change x in place (x -= ...), so every point of the path that was noted so far moves along. Write x = x - ..."
)
def adagrad_moves_x_in_place(x, s, g, lr, eps):
    s = s + g**2
    x -= lr * g / (np.sqrt(s) + eps)
    return x, s


@adagrad_step.mistake(
    "np.dot adds the squares of all coordinates up: one account, and one rate for all of them. (On a matrix it stops "
    "with an error or multiplies matrices.) Square element by element: g**2."
)
def adagrad_with_a_dot(x, s, g, lr, eps):
    return after_squares(x, s + np.dot(g, g), g, lr, eps)


@adagrad_step.mistake(
    "One account for all coordinates: you pay in the mean of the squares (np.mean). Each coordinate needs its own s, "
    "or they all get the same rate again."
)
def adagrad_with_one_mean(x, s, g, lr, eps):
    return after_squares(x, s + np.mean(g**2), g, lr, eps)


@adagrad_step.mistake(
    "Brackets: x - lr * g / np.sqrt(s) + eps adds eps to the *point*, which drifts upward by eps a step. Write "
    "lr * g / (np.sqrt(s) + eps)."
)
def adagrad_eps_to_the_point(x, s, g, lr, eps):
    s = s + g**2
    return x - lr * g / np.sqrt(s) + eps, s


@adagrad_step.mistake(
    "The gradient is missing in the step: x - lr / (np.sqrt(s) + eps) moves every coordinate to the same side, "
    "whatever the sign of its slope. Write lr * g / (np.sqrt(s) + eps)."
)
def adagrad_without_gradient(x, s, g, lr, eps):
    s = s + g**2
    return x - lr / (np.sqrt(s) + eps), s


@adagrad_step.mistake(
    "You return the root of the sum as the new s, so the next step adds a square to a root. The account holds squares; "
    "the root is taken for the step alone."
)
def adagrad_keeps_the_root(x, s, g, lr, eps):
    s = np.sqrt(s + g**2)
    return x - lr * g / (s + eps), s


@adagrad_step.mistake(
    "The rate goes into the account: you add (lr * g)**2, and lr then cancels in the step. Add g**2."
)
def adagrad_rate_in_the_account(x, s, g, lr, eps):
    return after_squares(x, s + (lr * g) ** 2, g, lr, eps)


# --------------------------------------------------------------------------------------------- rmsprop.step


def rmsprop_cases(rng):
    return squares_cases(rng, lambda lr, eps=0.1: (lr, 0.7, eps))


@exercise(
    "rmsprop.step",
    lesson="06",
    title="One step of RMSProp",
    section="RMSProp: an account that forgets",
    points=3,
    cases=rmsprop_cases,
    fresh=True,
    quiet=True,
    hints=(
        "Only one line differs from Adagrad: the account is no longer a sum. Which average from lesson 05 gives more "
        "weight to what is recent?",
        "The new s keeps the share rho of the old one and gives the new square the rest, 1 - rho. The step then "
        "divides by the root of the new s, as Adagrad does.",
        "s = rho * s + (1 - rho) * g**2, then x = x - lr * g / (np.sqrt(s) + eps), and return x, s. No bias "
        "correction, and nothing in place.",
    ),
)
def rmsprop_step(x, s, g, lr, rho, eps):
    """One step of RMSProp: s = rho s + (1 - rho) g^2, then x = x - lr g / (sqrt(s) + eps), coordinate by coordinate.

    x, s, g: arrays of one shape: the point, the average square so far, the gradient at the point. lr, rho, eps:
    numbers; rho is the share of s that is kept, and eps stands outside the root. There is no bias correction. A
    coordinate with s = 0 and g = 0 stays where it is, without a warning.

    Returns the new pair (x, s). Changes nothing it is given.
    """
    s = rho * s + (1 - rho) * g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return x, s


@rmsprop_step.style
def rmsprop_as_a_pull(x, s, g, lr, rho, eps):
    s = s + (1 - rho) * (g * g - s)
    return [x - g * (lr / (eps + s**0.5)), s]


@rmsprop_step.style
def rmsprop_coordinate_by_coordinate(x, s, g, lr, rho, eps):
    new_x, new_s = x.copy(), s.copy()
    for i in np.ndindex(x.shape):
        new_s[i] = rho * s[i] + (1 - rho) * g[i] ** 2
        new_x[i] -= lr * g[i] / (np.sqrt(new_s[i]) + eps)
    return new_x, new_s


@rmsprop_step.mistake(
    "That is Adagrad: you add the square to all of the old s, so the account only grows and the steps die out. "
    "RMSProp averages: s = rho * s + (1 - rho) * g**2."
)
def rmsprop_is_adagrad(x, s, g, lr, rho, eps):
    return after_squares(x, s + g**2, g, lr, eps)


@rmsprop_step.mistake(
    "The two weights are swapped: you keep 1 - rho of the old s and give rho to the new square. With rho = 0.99 nearly "
    "nothing is remembered."
)
def rmsprop_weights_swapped(x, s, g, lr, rho, eps):
    return after_squares(x, (1 - rho) * s + rho * g**2, g, lr, eps)


@rmsprop_step.mistake(
    "The factor 1 - rho before the square is missing. Your s settles at 1/(1 - rho) times the average square: with "
    "rho = 0.9 your steps are 3.2 times too short."
)
def rmsprop_without_weight(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + g**2, g, lr, eps)


@rmsprop_step.mistake(
    "The gradient is not squared: an average of g lets signs cancel (that is momentum's memory), and the root of a "
    "negative average is NaN. Average g**2."
)
def rmsprop_without_square(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * g, g, lr, eps)


@rmsprop_step.mistake(
    "You average |g| and then take a root of it. The root belongs to squares: average g**2, so that sqrt(s) has the "
    "unit of a gradient."
)
def rmsprop_of_absolute_values(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * np.abs(g), g, lr, eps)


@rmsprop_step.mistake(
    "The root is missing: you divide by s, which has the unit of a squared gradient. Where gradients are small the "
    "steps explode. RMS means *root* mean square: divide by np.sqrt(s) + eps."
)
def rmsprop_without_root(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / (s + eps), s


@rmsprop_step.mistake(
    "eps stands under the root: sqrt(s + eps). TensorFlow did so for long, so a value of eps from there can't be "
    "taken over: it acts like its root here. In this course eps is added to the root. Half the points.",
    credit=0.5,
)
def rmsprop_eps_inside(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / np.sqrt(s + eps), s


@rmsprop_step.mistake(
    "eps is not used. Where s and g are both 0 your step is 0/0, and the weight becomes NaN forever: divide by "
    "np.sqrt(s) + eps."
)
def rmsprop_without_eps(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / np.sqrt(s), s


@rmsprop_step.mistake(
    "You correct the bias, dividing s by 1 - rho for the step. That is right for a first step only, and RMSProp does "
    "not do it; Adam does, with the power 1 - rho**t (lesson 07)."
)
def rmsprop_corrected(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / (np.sqrt(s / (1 - rho)) + eps), s


@rmsprop_step.mistake(
    "You correct the bias with 1 - rho**t, counting the steps yourself. Adam does that; RMSProp as asked for here does "
    "not, and a function that counts between calls spoils a second run.",
    remembers=True,
)
def rmsprop_corrected_and_counting():
    count = [0]

    def step(x, s, g, lr, rho, eps):
        count[0] += 1
        s = rho * s + (1 - rho) * g**2
        return x - lr * g / (np.sqrt(s / (1 - rho ** count[0])) + eps), s

    return step


@rmsprop_step.mistake(
    "You begin with ones in place of the zeros that are given. The first steps become shorter; the contract is to go "
    "on from the s that comes in."
)
def rmsprop_from_ones(x, s, g, lr, rho, eps):
    s = np.where(s == 0, 1.0, s)
    return after_squares(x, rho * s + (1 - rho) * g**2, g, lr, eps)


@rmsprop_step.mistake(
    "You divide by the root of the old s and update it afterward. From zeros the first step is lr * g / eps, as long "
    "as it can be. Update s first."
)
def rmsprop_divides_by_the_old(x, s, g, lr, rho, eps):
    return after_squares(x, s, g, lr, eps)[0], rho * s + (1 - rho) * g**2


@rmsprop_step.mistake(
    "One average for all coordinates: you average the squares over the array (np.mean). Each coordinate needs its own "
    "s, or they all get the same rate again."
)
def rmsprop_with_one_mean(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * np.mean(g**2), g, lr, eps)


@rmsprop_step.mistake(
    "Brackets: without them eps is added to the step, not to the root. Write lr * g / (np.sqrt(s) + eps), with the "
    "whole divisor in brackets."
)
def rmsprop_precedence(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - (lr * g / np.sqrt(s) + eps), s


@rmsprop_step.mistake("The sign: you add the step and climb. Subtract it, x = x - lr * g / (np.sqrt(s) + eps).")
def rmsprop_climbs(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x + lr * g / (np.sqrt(s) + eps), s


@rmsprop_step.mistake(
    "The new point is right, but you return the old s with it: the average never moves. Return both new."
)
def rmsprop_returns_the_old(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * g**2, g, lr, eps)[0], s.copy()


@rmsprop_step.mistake(
    "The state is not returned: you hand back x alone, and the next step has no average. Write return x, s."
)
def rmsprop_without_state(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * g**2, g, lr, eps)[0]


@rmsprop_step.mistake("The pair is the wrong way round: the point comes first, then the average. return x, s.")
def rmsprop_swapped(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * g**2, g, lr, eps)[::-1]


@rmsprop_step.mistake(
    "You change s in place (s *= rho, s += ...): the average of whoever called changes as well. Make a new array: "
    "s = rho * s + (1 - rho) * g**2."
)
def rmsprop_in_place(x, s, g, lr, rho, eps):
    s *= rho
    s += (1 - rho) * g**2
    return after_squares(x, s, g, lr, eps)


@rmsprop_step.mistake(
    "np.dot adds the squares of all coordinates up: one average, and one rate for all of them. (On a matrix it stops "
    "with an error or multiplies matrices.) Square element by element: g**2."
)
def rmsprop_with_a_dot(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * np.dot(g, g), g, lr, eps)


@rmsprop_step.mistake(
    "All coordinates share one average: you add the sum of all squares. Square element by element, without a sum."
)
def rmsprop_with_one_norm(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + (1 - rho) * (g**2).sum(), g, lr, eps)


@rmsprop_step.mistake(
    "The brackets slipped: your eps is added to x itself, which creeps upward by eps each step. It belongs under the "
    "fraction bar: lr * g / (np.sqrt(s) + eps)."
)
def rmsprop_eps_to_the_point(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g / np.sqrt(s) + eps, s


@rmsprop_step.mistake(
    "The weight is squared too: ((1 - rho) * g)**2. The new square has the weight 1 - rho, or the weights do not add "
    "up to 1: (1 - rho) * g**2."
)
def rmsprop_squares_the_weight(x, s, g, lr, rho, eps):
    return after_squares(x, rho * s + ((1 - rho) * g) ** 2, g, lr, eps)


@rmsprop_step.mistake(
    "The step has g**2 in it: a square has no sign, so every coordinate moves to the same side. The square is for s "
    "alone; the step is lr * g / (np.sqrt(s) + eps)."
)
def rmsprop_steps_with_the_square(x, s, g, lr, rho, eps):
    s = rho * s + (1 - rho) * g**2
    return x - lr * g**2 / (np.sqrt(s) + eps), s


# ----------------------------------------------------------------------------------- rmsprop.effective_rate


def rate_cases(rng):
    return [
        Case({"s": rng.uniform(0.1, 9, 4), "lr": 0.3, "eps": 0.1}, "four coordinates, a large eps"),
        Case({"s": rng.uniform(0.1, 9, 1), "lr": 0.7, "eps": 0.02}, "a single coordinate"),
        Case({"s": rng.uniform(0, 2, (3, 2)) ** 4, "lr": 0.05, "eps": 1e-3}, "a matrix of weights"),
        Case({"s": np.array([0.0, 1e-6, 4.0, rng.uniform(1, 50)]), "lr": 0.2, "eps": 0.05},
             "a coordinate that has never had a gradient"),
    ]  # fmt: skip


@exercise(
    "rmsprop.effective_rate",
    lesson="06",
    title="The rate that each coordinate gets",
    section="What eps is for",
    points=1,
    cases=rate_cases,
    fresh=True,
    quiet=True,
    hints=(
        "Write the step as (something) times g. That something is a rate of its own for each coordinate.",
        "The step is lr * g / (sqrt(s) + eps). Take g away and look at what multiplies it.",
        "return lr / (np.sqrt(s) + eps), with the brackets; it is an array of the shape of s.",
    ),
)
def effective_rate(s, lr, eps):
    """The rate at which each coordinate moves: the number that its gradient is multiplied with in a step.

    s: array of any shape, the accumulated squares of Adagrad or RMSProp, at least 0. lr, eps: numbers; eps stands
    outside the root.

    Returns an array of the shape of s. Where s = 0 it is lr / eps, without a warning. Changes nothing it is given.
    """
    return lr / (np.sqrt(s) + eps)


@effective_rate.style
def rate_by_powers(s, lr, eps):
    return (s**0.5 + eps) ** -1 * lr


@effective_rate.style
def rate_one_by_one(s, lr, eps):
    rates = np.empty(s.shape)
    for i in np.ndindex(s.shape):
        rates[i] = lr / (eps + np.sqrt(s[i]))
    return rates


@effective_rate.mistake("One rate for all: you average s before you divide. Each coordinate has a rate of its own.")
def rate_of_the_mean(s, lr, eps):
    return lr / (np.sqrt(s.mean()) + eps)


@effective_rate.mistake(
    "You divide by the norm of all roots together, sqrt(sum(s)). That is one rate for all coordinates; leave out the "
    "sum, and NumPy works element by element."
)
def rate_of_the_norm(s, lr, eps):
    return lr / (np.sqrt(s.sum()) + eps)


@effective_rate.mistake(
    "eps stands under the root. The contract has it outside: np.sqrt(s) + eps. Half the points.", credit=0.5
)
def rate_eps_inside(s, lr, eps):
    return lr / np.sqrt(s + eps)


@effective_rate.mistake("The root is missing: s holds squares of gradients, and a rate is divided by their root.")
def rate_without_root(s, lr, eps):
    return lr / (s + eps)


@effective_rate.mistake(
    "eps is left out. A coordinate that has never had a gradient then has the rate lr / 0, which is infinite, and "
    "NumPy warns."
)
def rate_without_eps(s, lr, eps):
    return lr / np.sqrt(s)


@effective_rate.mistake(
    "Brackets: lr / np.sqrt(s) + eps divides first. The divisor is the sum: lr / (np.sqrt(s) + eps)."
)
def rate_precedence(s, lr, eps):
    return lr / np.sqrt(s) + eps


@effective_rate.mistake(
    "You multiply with the root. Large squares in the past make a coordinate *slower*: divide by np.sqrt(s) + eps."
)
def rate_multiplied(s, lr, eps):
    return lr * (np.sqrt(s) + eps)


@effective_rate.mistake(
    "lr is left out: 1 / (np.sqrt(s) + eps) says how the coordinates compare, and the rate is lr times that."
)
def rate_without_lr(s, lr, eps):
    return 1 / (np.sqrt(s) + eps)


@effective_rate.mistake(
    "You return the length of the step for a gradient as large as its average, lr sqrt(s)/(sqrt(s) + eps), which is "
    "about lr for every coordinate. Asked for is what multiplies g."
)
def rate_as_a_step(s, lr, eps):
    return lr * np.sqrt(s) / (np.sqrt(s) + eps)


# ------------------------------------------------------------------------------------------- rmsprop.rotate


def turn_cases(rng):
    valley = Given("quadratic", {"A": np.array([[9.0, 2.0], [2.0, 1.5]]), "b": rng.normal(0, 1, 2)})
    banana = Given("rosenbrock", {"dim": 2})
    angles = rng.uniform(0.3, 1.2, 4) * [1, 1, -1, 1]
    points = [rng.uniform(-1.5, 1.5, 2) for _ in range(3)]

    def asks(f, theta, what, where, about, part):
        return Case({"f": f, "theta": float(theta), "what": what, "where": where}, about, part, "objective")

    return [
        asks(banana, angles[0], "value", points, "values of Rosenbrock's valley, turned", "value"),
        asks(valley, angles[2], "value", points, "values of a straight valley, turned the other way", "value"),
        asks(banana, angles[1], "grad", points, "gradients of Rosenbrock's valley, turned", "gradient"),
        asks(valley, angles[2], "grad", points, "gradients of a straight valley, turned the other way", "gradient"),
        asks(valley, 2.0 + angles[0], "grad", points[:1], "a gradient after more than a quarter turn", "gradient"),
        asks(valley, angles[3], "value", [rng.normal(0, 1, (5, 2))], "the values at five points at once", "rows"),
        asks(banana, angles[3], "grad", [rng.uniform(-1, 1, (4, 2))], "the gradients at four points at once", "rows"),
    ]


@exercise(
    "rmsprop.rotate",
    lesson="06",
    title="Turn a landscape",
    section="Turn the valley",
    points=3,
    cases=turn_cases,
    parts=(
        Part("value", 0.3, "its values are those of the turned landscape"),
        Part("gradient", 0.4, "its gradient is the gradient of its values"),
        Part("rows", 0.3, "many points at once, one a row, work too"),
    ),
    hints=(
        "A point x of the turned landscape was somewhere else before the turn. Where was it? There you ask f. And the "
        "arrow that f.grad gives you there: in which frame does it stand?",
        "Turn the point back, ask f, and turn the gradient forward again (chain rule). With "
        "R = [[cos, -sin], [sin, cos]] a column is turned by R x and turned back by R.T x. For rows, write x @ R for "
        "the latter.",
        "Define a class inside the function, with __call__(self, x) returning f(x @ R) and grad(self, x) returning "
        "f.grad(x @ R) @ R.T, and return an object of it: Turned().",
    ),
)
def rotate(f, theta):
    """The objective f of two variables, its landscape turned counterclockwise about the origin by theta radians.

    f: an objective: f(x) is its value and f.grad(x) its gradient, for x of shape (2,) or (n, 2), one point a row.
    theta: a number. With R = [[cos, -sin], [sin, cos]] the new value at x is f(R^T x): what was at p is now at R p.

    Returns an objective of the same kind, say turned: turned(x) is its value, turned.grad(x) its gradient.
    """
    c, s = np.cos(theta), np.sin(theta)
    R = np.array([[c, -s], [s, c]])

    class Turned:
        def __call__(self, x):
            return f(x @ R)

        def grad(self, x):
            return f.grad(x @ R) @ R.T

    return Turned()


@rotate.style
def rotate_by_attributes(f, theta):
    c, s = np.cos(theta), np.sin(theta)

    def back(x):
        return np.stack([c * x[..., 0] + s * x[..., 1], c * x[..., 1] - s * x[..., 0]], axis=-1)

    def turned(x):
        return f(back(x))

    def grad(x):
        g = f.grad(back(x))
        return np.stack([c * g[..., 0] - s * g[..., 1], s * g[..., 0] + c * g[..., 1]], axis=-1)

    turned.grad = grad
    return turned


@rotate.style
def rotate_with_complex_numbers(f, theta):
    def by(x, angle):
        z = (x[..., 0] + 1j * x[..., 1]) * np.exp(1j * angle)
        return np.stack([z.real, z.imag], axis=-1)

    class Turned:
        def __init__(self, f):
            self.f = f

        def __call__(self, x):
            return self.f(by(x, -theta))

        def grad(self, x):
            return by(self.f.grad(by(x, -theta)), theta)

    return Turned(f)


def turned_zoo(value, grad):
    """A family of mistakes: how value and gradient are made from f, R and x."""

    def turn(f, theta):
        R = np.array([[np.cos(theta), -np.sin(theta)], [np.sin(theta), np.cos(theta)]])

        class Turned:
            def __call__(self, x):
                return value(f, R, x)

            def grad(self, x):
                return grad(f, R, x)

        return Turned()

    return turn


def right_value(f, R, x):
    return f(x @ R)


@rotate.mistake(
    "The gradient is not turned back: f.grad at the turned point is an arrow in the old frame. Moving against it, one "
    "does not go downhill. By the chain rule it is R times that arrow: f.grad(x @ R) @ R.T."
)
def gradient_stays_in_the_old_frame(f, theta):
    return turned_zoo(right_value, lambda f, R, x: f.grad(x @ R))(f, theta)


@rotate.mistake(
    "R in place of its transpose, in both: your landscape is turned clockwise. The new value at x is f(R^T x), since "
    "x must be turned *back* to where it was; for rows that is x @ R."
)
def turned_clockwise(f, theta):
    return turned_zoo(lambda f, R, x: f(x @ R.T), lambda f, R, x: f.grad(x @ R.T) @ R)(f, theta)


@rotate.mistake(
    "The gradient is turned the wrong way: you turn it back a second time. The point is turned back, the arrow "
    "forward: f.grad(x @ R) @ R.T."
)
def gradient_turned_twice(f, theta):
    return turned_zoo(right_value, lambda f, R, x: f.grad(x @ R) @ R)(f, theta)


@rotate.mistake(
    "You turn the gradient of f at x itself. The slope of the turned landscape at x is that of f at the point *turned "
    "back*: f.grad(x @ R) @ R.T."
)
def gradient_at_the_wrong_place(f, theta):
    return turned_zoo(right_value, lambda f, R, x: f.grad(x) @ R.T)(f, theta)


@rotate.mistake(
    "The values are turned, and the gradient is that of f, untouched: value and gradient belong to two different "
    "landscapes. Compare with finite differences, and you will see it."
)
def gradient_forgotten(f, theta):
    return turned_zoo(right_value, lambda f, R, x: f.grad(x))(f, theta)


@rotate.mistake("Nothing is turned: you return f itself, or something that asks f at x. Ask it at x @ R.")
def not_turned_at_all(f, theta):
    return turned_zoo(lambda f, R, x: f(x), lambda f, R, x: f.grad(x))(f, theta)


@rotate.mistake(
    "theta is in radians, and you convert it as if it were in degrees: the landscape turns by a sixtieth of what it "
    "should. np.cos and np.sin take radians."
)
def angle_in_degrees(f, theta):
    return rotate.reference(f, np.radians(theta))


@rotate.mistake(
    "Your R has both signs alike, [[cos, sin], [sin, cos]]. That is no rotation: it stretches. One of the sines is "
    "negative: [[cos, -sin], [sin, cos]]."
)
def matrix_without_a_minus(f, theta):
    c, s = np.cos(theta), np.sin(theta)
    R = np.array([[c, s], [s, c]])
    return turned_zoo(lambda f, _, x: f(x @ R), lambda f, _, x: f.grad(x @ R) @ R.T)(f, theta)


@rotate.mistake(
    "R has a minus on the diagonal, so it mirrors the landscape. A rotation is [[cos, -sin], [sin, cos]]; its "
    "determinant is +1."
)
def matrix_that_mirrors(f, theta):
    c, s = np.cos(theta), np.sin(theta)
    R = np.array([[c, s], [s, -c]])
    return turned_zoo(lambda f, _, x: f(x @ R), lambda f, _, x: f.grad(x @ R) @ R.T)(f, theta)


@rotate.mistake(
    "Right for one point, but R.T @ x takes points as columns: of several points, one a row, it makes nonsense or an "
    "error. x @ R turns every row back, and a single point too."
)
def one_point_only(f, theta):
    return turned_zoo(lambda f, R, x: f(R.T @ x), lambda f, R, x: R @ f.grad(R.T @ x))(f, theta)


@rotate.mistake(
    "What you return has no gradient: a plain function of x gives values only, and no method can descend on it. Give "
    "it a grad, as a method of a class or as an attribute."
)
def gradient_missing(f, theta):
    turned = rotate.reference(f, theta)
    return lambda x: turned(x)


@rotate.mistake(
    "You return the pair (value, gradient) of functions. The methods of this course ask f(x) and f.grad(x), so return "
    "one object that has both."
)
def a_pair_of_functions(f, theta):
    turned = rotate.reference(f, theta)
    return (lambda x: turned(x)), (lambda x: turned.grad(x))


@rotate.mistake(
    "You return the class itself, not an object of it: write return Turned(), with the brackets."
)  # fmt: skip
def the_class_itself(f, theta):
    return type(rotate.reference(f, theta))
