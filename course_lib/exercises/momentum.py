"""The exercises of lesson 05: averages that forget, the heavy ball, Nesterov's look ahead, the best constants."""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# ---------------------------------------------------------------------------------------------- momentum.ema


def ema_cases(rng):
    return [
        Case({"xs": rng.normal(2, 1, n), "beta": beta, "correct": correct}, f"{n} numbers, {kind}", kind)
        for n, beta in ((6, 0.7), (1, 0.6), (40, 0.95))
        for correct, kind in ((False, "plain"), (True, "corrected"))
    ]


@exercise(
    "momentum.ema",
    lesson="05",
    title="A running average that forgets",
    section="An average that forgets",
    points=2,
    cases=ema_cases,
    lists=True,
    fresh=True,
    parts=(
        Part("plain", 0.5, "follows the recursion from m = 0"),
        Part("corrected", 0.5, "removes the pull of the zero it started from"),
    ),
    hints=(
        "Keep one number m that starts at 0. Each new datum moves it a little toward itself. Which weight goes to the "
        "old m, and which to the datum?",
        "Inside the loop: m = beta * m + (1 - beta) * x, and the m of that moment is noted. The correction does not "
        "change m: it divides what is noted, by the sum of the weights given so far.",
        "After t data (t counts from 1) the weights add up to 1 - beta**t. Note m / (1 - beta**t) when correct is "
        "true, and m when it is not; carry on with m itself.",
    ),
)
def ema(xs, beta, correct=False):
    """The exponential moving average of a series: m = beta m + (1 - beta) x, starting from m = 0.

    xs: array (n,), n >= 1. beta: a number in [0, 1). correct: whether to divide the t-th average, t = 1, 2, ...,
    by 1 - beta^t, which makes the average of a constant series that constant.

    Returns the n averages, an array (n,). Changes nothing it is given.
    """
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = beta * m + (1 - beta) * x
        averages.append(m / (1 - beta**t) if correct else m)
    return np.array(averages)


@ema.style
def ema_into_an_array(xs, beta, correct=False):
    averages = np.empty(len(xs))
    m = 0
    for i in range(len(xs)):
        m += (1 - beta) * (xs[i] - m)
        averages[i] = m
    if correct:
        averages /= 1 - beta ** np.arange(1, len(xs) + 1)
    return averages


@ema.style
def ema_as_a_list(xs, beta, correct=False):
    averages = []
    for x in xs:
        averages.append((averages[-1] if averages else 0) * beta + x * (1 - beta))
    return [m / (1 - beta ** (i + 1)) if correct else m for i, m in enumerate(averages)]


@ema.style
def ema_as_weights(xs, beta, correct=False):
    n = len(xs)
    age = np.arange(n)[:, None] - np.arange(n)[None, :]
    weights = np.where(age >= 0, (1 - beta) * beta ** np.maximum(age, 0), 0.0)
    return weights @ xs / (weights.sum(axis=1) if correct else 1.0)


@ema.mistake(
    "The two weights are swapped: you keep (1 - beta) of the old average and give beta to the new datum. With beta "
    "near 1 your average hardly remembers anything."
)
def weights_swapped(xs, beta, correct=False):
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = (1 - beta) * m + beta * x
        averages.append(m / (1 - (1 - beta) ** t) if correct else m)
    return np.array(averages)


@ema.mistake(
    "You correct with the index of the datum, which starts at 0, so the first one is divided by 1 - beta^0 = 0. Count "
    "t from 1: after the first datum the weights add up to 1 - beta^1."
)
def corrects_from_zero(xs, beta, correct=False):
    m, averages = 0.0, []
    with np.errstate(divide="ignore", invalid="ignore"):
        for t, x in enumerate(xs):
            m = beta * m + (1 - beta) * x
            averages.append(m / np.float64(1 - beta**t) if correct else m)
    return np.array(averages)


@ema.mistake(
    "You correct with one step too many: t is 2 at your first datum. Count from 1."
)  # fmt: skip
def corrects_one_late(xs, beta, correct=False):
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=2):
        m = beta * m + (1 - beta) * x
        averages.append(m / (1 - beta**t) if correct else m)
    return np.array(averages)


@ema.mistake(
    "You start from the first datum in place of 0. That is a sensible average too, but another one: the contract "
    "starts from m = 0 and corrects afterward."
)
def starts_at_the_first(xs, beta, correct=False):
    m, averages = xs[0], []
    for x in xs:
        m = beta * m + (1 - beta) * x
        averages.append(m)
    return np.array(averages)


@ema.mistake(
    "You carry the corrected value on into the next step. Correct what you note, and go on with the m that is not "
    "corrected; else each correction is corrected again."
)
def feeds_the_correction_back(xs, beta, correct=False):
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = beta * m + (1 - beta) * x
        m = m / (1 - beta**t) if correct else m
        averages.append(m)
    return np.array(averages)


@ema.mistake(
    "The correction divides by 1 - beta at every step. That is right for the first datum only: after t of them the "
    "weights add up to 1 - beta**t."
)
def corrects_without_the_power(xs, beta, correct=False):
    m, averages = 0.0, []
    for x in xs:
        m = beta * m + (1 - beta) * x
        averages.append(m / (1 - beta) if correct else m)
    return np.array(averages)


@ema.mistake(
    "The factor (1 - beta) before the datum is missing, so you add up instead of averaging: on a constant series your "
    "values grow toward 1/(1 - beta) times that constant."
)
def sums_up(xs, beta, correct=False):
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = beta * m + x
        averages.append(m / (1 - beta**t) if correct else m)
    return np.array(averages)


@ema.mistake("You pay no attention to `correct`: the values are the same whether it is true or false.")
def never_corrects(xs, beta, correct=False):
    m, averages = 0.0, []
    for x in xs:
        m = beta * m + (1 - beta) * x
        averages.append(m)
    return np.array(averages)


@ema.mistake("You return the last average alone. Note one average for each datum and return them all.")
def only_the_last(xs, beta, correct=False):
    m = 0.0
    for x in xs:
        m = beta * m + (1 - beta) * x
    return m / (1 - beta ** len(xs)) if correct else m


@ema.mistake("You write the averages into xs itself. The caller's data are lost: make a new array.")
def overwrites_the_series(xs, beta, correct=False):
    m = 0.0
    for i in range(len(xs)):
        m = beta * m + (1 - beta) * xs[i]
        xs[i] = m / (1 - beta ** (i + 1)) if correct else m
    return xs


@ema.mistake(
    "You start from the first datum, and correct as well. Each of the two takes care of the beginning; together they "
    "make the first averages too large. Start from m = 0."
)
def starts_at_the_first_and_corrects(xs, beta, correct=False):
    m, averages = xs[0], []
    for t, x in enumerate(xs, start=1):
        m = beta * m + (1 - beta) * x
        averages.append(m / (1 - beta**t) if correct else m)
    return np.array(averages)


@ema.mistake("You correct always, also where `correct` is false: note m itself then.")
def always_corrects(xs, beta, correct=False):
    return ema.reference(xs, beta, True)


@ema.mistake(
    "You multiply beta by t in place of raising it to the power t: 1 - beta * t becomes negative. After t data the "
    "weights add up to 1 - beta**t."
)
def times_in_place_of_power(xs, beta, correct=False):
    m, averages = 0.0, []
    with np.errstate(divide="ignore", invalid="ignore"):
        for t, x in enumerate(xs, start=1):
            m = beta * m + (1 - beta) * x
            averages.append(m / np.float64(1 - beta * t) if correct else m)
    return np.array(averages)


@ema.mistake(
    "The 0 of the beginning is among your averages, one too many. Note m after each datum, and nothing before."
)
def notes_the_zero(xs, beta, correct=False):
    return np.append(0.0, ema.reference(xs, beta, correct))


# --------------------------------------------------------------------------------------------- momentum.step


def step_cases(rng):
    def feeds(shape, n=5):
        return [(rng.normal(0, 1, shape), lr, 0.7) for lr in np.linspace(0.3, 0.1, n).tolist()]

    def start(shape):
        return rng.normal(0, 2, shape), rng.normal(0, 1, shape)

    return [
        Case(
            {"state": start((3,)), "feeds": feeds((3,))},
            "five steps from a moving start, the rate falling",
            probe="chain",
        ),
        Case(
            {"state": (rng.normal(0, 2, 2), np.zeros(2)), "feeds": feeds((2,))}, "five steps from rest", probe="chain"
        ),
        Case({"state": start((2, 3)), "feeds": feeds((2, 3), 2)}, "a matrix of weights", probe="chain"),
        Case(
            {"state": start((4,)), "feeds": [(np.zeros(4), 0.3, 0.7)] * 3},
            "flat ground: the ball rolls on",
            probe="chain",
        ),
        Case(dict(zip("xvg", rng.normal(0, 1, (3, 2)), strict=True)) | {"lr": 0.2, "beta": 0.9}, "a single step"),
    ]


@exercise(
    "momentum.step",
    lesson="05",
    title="One step of the heavy ball",
    section="The heavy ball",
    points=3,
    cases=step_cases,
    fresh=True,
    hints=(
        "Two lines: first the velocity changes, then the point moves. What does the velocity keep of itself, and what "
        "does the gradient do to it?",
        "The new velocity is beta times the old one, minus lr times the gradient. The point then moves by the *new* "
        "velocity, without another lr.",
        "v = beta * v - lr * g, then x = x + v, and return both, x first. Write v = ..., not v *= ...: the latter "
        "changes the caller's array.",
    ),
)
def momentum_step(x, v, g, lr, beta):
    """One step of momentum, the heavy ball: v = beta v - lr g, then x = x + v.

    x, v, g: arrays of one shape: the point, its velocity, the gradient at the point. lr, beta: numbers.

    Returns the new pair (x, v). Changes nothing it is given: no +=, -=, *= on x or v.
    """
    v = beta * v - lr * g
    x = x + v
    return x, v


@momentum_step.style
def momentum_in_one_line(x, v, g, lr, beta):
    return x + beta * v - lr * g, beta * v - lr * g


@momentum_step.style
def momentum_coordinate_by_coordinate(x, v, g, lr, beta):
    new_x, new_v = np.empty_like(x), np.empty_like(v)
    for i in np.ndindex(x.shape):
        new_v[i] = beta * v[i] - lr * g[i]
        new_x[i] = x[i] + new_v[i]
    return new_x, new_v


@momentum_step.style
def momentum_on_copies(x, v, g, lr, beta):
    x, v = x.copy(), v.copy()
    v *= beta
    v -= lr * g
    x += v
    return [x, v]


@momentum_step.mistake(
    "The old velocity is forgotten: your v is -lr g alone, so this is plain gradient descent. Keep "
    "beta times the old v."
)
def history_ignored(x, v, g, lr, beta):
    v = -lr * g
    return x + v, v


@momentum_step.mistake(
    "Your velocity grows along the gradient, uphill: the sign of lr * g is minus, since the ball is pulled downhill."
)
def climbs(x, v, g, lr, beta):
    v = beta * v + lr * g
    return x + v, v


@momentum_step.mistake(
    "You add the gradient to the velocity and then subtract the velocity from x. From rest this follows the same path, "
    "but your v points uphill: in this course v is the step itself, v = beta v - lr g and x = x + v."
)
def velocity_points_uphill(x, v, g, lr, beta):
    v = beta * v + lr * g
    return x - v, v


@momentum_step.mistake(
    "You average: the gradient gets the weight (1 - beta). That form is in use too (Adam has it), but with the same lr "
    "its steps are 1/(1 - beta) times shorter. Here the gradient enters with lr alone. Half the points.",
    credit=0.5,
)
def averaged_form(x, v, g, lr, beta):
    v = beta * v - (1 - beta) * lr * g
    return x + v, v


@momentum_step.mistake(
    "You average the gradients, v = beta v + (1 - beta) g, and step by -lr v. Adam does so, but with the same lr these "
    "steps are 1/(1 - beta) times shorter, and v points uphill. Here v = beta v - lr g and x = x + v. Half the points.",
    credit=0.5,
)
def averaged_form_rate_outside(x, v, g, lr, beta):
    v = beta * v + (1 - beta) * g
    return x - lr * v, v


@momentum_step.mistake(
    "You keep the rate outside the velocity, as PyTorch does: v = beta v + g; x = x - lr v. While lr stays the same "
    "that is the same path; when it changes, it is not. Here the rate stands inside. Half the points.",
    credit=0.5,
)
def rate_outside(x, v, g, lr, beta):
    v = beta * v + g
    return x - lr * v, v


@momentum_step.mistake(
    "The velocity is right, but the point does not use it: it steps by -lr g, so momentum is computed and never felt. "
    "Write x = x + v."
)
def steps_with_the_gradient(x, v, g, lr, beta):
    return x - lr * g, beta * v - lr * g


@momentum_step.mistake(
    "The point moves by the old velocity, before the gradient has been heard. First the velocity changes, "
    "then the point."
)
def moves_before_it_hears(x, v, g, lr, beta):
    return x + v, beta * v - lr * g


@momentum_step.mistake("The factor beta is missing: a velocity that keeps all of itself never comes to rest.")
def no_friction(x, v, g, lr, beta):
    v = v - lr * g
    return x + v, v


@momentum_step.mistake(
    "The rate enters twice: it is inside the velocity already, so the point moves by v, not by lr * v."
)
def rate_twice(x, v, g, lr, beta):
    v = beta * v - lr * g
    return x + lr * v, v


@momentum_step.mistake("You look ahead along the old velocity as well: beta * v is added to the point twice.")
def velocity_twice(x, v, g, lr, beta):
    new = beta * v - lr * g
    return x + beta * v + new, new


@momentum_step.mistake("You return the old velocity, so the next step starts from it again. Return the new one.")
def returns_the_old_velocity(x, v, g, lr, beta):
    return x + beta * v - lr * g, v


@momentum_step.mistake("You return the velocity first. The contract has the point first: return x, v.")
def pair_swapped(x, v, g, lr, beta):
    v = beta * v - lr * g
    return v, x + v


@momentum_step.mistake("You return the point alone. The next step needs the velocity too: return x, v.")
def velocity_not_returned(x, v, g, lr, beta):
    return x + beta * v - lr * g


@momentum_step.mistake("You change v in place (v *= beta or v -= ...), so the velocity of whoever called changes too.")
def velocity_in_place(x, v, g, lr, beta):
    v *= beta
    v -= lr * g
    return x + v, v


@momentum_step.mistake("You change x in place (x += v), so every point that was noted so far moves along.")
def point_in_place(x, v, g, lr, beta):
    v = beta * v - lr * g
    x += v
    return x, v


@momentum_step.mistake(
    "You change both x and v in place (v *= ..., x += ...). The values are right this once, but whoever kept the old "
    "point or the old velocity has lost it. Write v = beta * v - lr * g and x = x + v, which make new arrays."
)
def both_in_place(x, v, g, lr, beta):
    v *= beta
    v -= lr * g
    x += v
    return x, v


@momentum_step.mistake(
    "You keep the velocity in a global variable or a default argument and pay no attention to the v that is given: a "
    "second run starts with the velocity of the first.",
    remembers=True,
)
def velocity_kept_globally():
    kept = {}

    def step(x, v, g, lr, beta):
        kept["v"] = beta * (kept["v"] if "v" in kept and kept["v"].shape == g.shape else 0) - lr * g
        return x + kept["v"], kept["v"].copy()

    return step


@momentum_step.mistake(
    "You turn the sign twice: v = beta v - lr g points downhill already, and x - v goes the other way, uphill. Write "
    "x = x + v."
)
def moves_against_the_velocity(x, v, g, lr, beta):
    v = beta * v - lr * g
    return x - v, v


@momentum_step.mistake(
    "Brackets: lr * (beta * v - g) shrinks the old velocity by lr too, so hardly any of it is left. The rate belongs "
    "to the gradient alone: beta * v - lr * g."
)
def rate_before_the_bracket(x, v, g, lr, beta):
    v = lr * (beta * v - g)
    return x + v, v


@momentum_step.mistake(
    "Brackets: beta * (v - lr * g) shrinks the pull of this gradient too. Friction takes from the old velocity alone: "
    "beta * v - lr * g."
)
def beta_before_the_bracket(x, v, g, lr, beta):
    v = beta * (v - lr * g)
    return x + v, v


@momentum_step.mistake(
    "beta enters twice: the new velocity has its friction behind it already, so the point moves by all of v, not by "
    "beta * v."
)
def moves_by_beta_v(x, v, g, lr, beta):
    v = beta * v - lr * g
    return x + beta * v, v


@momentum_step.mistake(
    "The gradient pulls twice: it is inside the new velocity, and you subtract lr * g from the point once more. Write "
    "x = x + v."
)
def pulls_twice(x, v, g, lr, beta):
    v = beta * v - lr * g
    return x + v - lr * g, v


# ------------------------------------------------------------------------------------------ momentum.nesterov


def path_cases(rng):
    valley = {"A": np.array([[9.0, 2.0], [2.0, 1.5]]), "b": rng.normal(0, 1, 2)}
    banana = {"grad": Given("rosenbrock.grad", {"dim": 2}), "x0": rng.uniform(-1.2, 1.2, 2), "lr": 0.0007}
    return [
        Case(banana | {"beta": 0.7, "n": 6}, "six steps in a curved valley (Rosenbrock)"),
        Case({"grad": Given("quadratic.grad", valley), "x0": rng.normal(0, 2, 2), "lr": 0.06, "beta": 0.8, "n": 9},
             "nine steps in a straight valley"),
        Case({"grad": Given("ackley.grad", {"dim": 3}), "x0": rng.uniform(1, 4, 3), "lr": 0.05, "beta": 0.5, "n": 5},
             "five steps in three dimensions"),
        Case(banana | {"beta": 0.7, "n": 0}, "no step at all"),
    ]  # fmt: skip


@exercise(
    "momentum.nesterov",
    lesson="05",
    title="Nesterov: look before you leap",
    section="Nesterov looks ahead",
    points=3,
    cases=path_cases,
    lists=True,
    rtol=1e-6,
    hints=(
        "It differs from the heavy ball in one place only: where it asks for the gradient. The ball knows that it will "
        "move by beta * v anyway.",
        "Ask for the gradient at x + beta * v. Velocity and point are then updated as before, and what is noted is x, "
        "not the point you looked at.",
        "Start with v = zeros and path = [x0]. n times: v = beta * v - lr * grad(x + beta * v); x = x + v; "
        "path.append(x). Return np.array(path), which has n + 1 rows.",
    ),
)
def nesterov_path(grad, x0, lr, beta, n):
    """The path of n steps of Nesterov's momentum from rest: v = beta v - lr grad(x + beta v), then x = x + v.

    grad: a function, (d,) to (d,). x0: array (d,), the start. lr, beta: numbers. n: how many steps, n >= 0.

    Returns the path, an array (n + 1, d) whose first row is x0. Asks for one gradient a step and changes nothing.
    """
    x, v = x0, np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        v = beta * v - lr * grad(x + beta * v)
        x = x + v
        path.append(x)
    return np.array(path)


@nesterov_path.style
def nesterov_in_two_sequences(grad, x0, lr, beta, n):
    x = y = x0
    path = [x0]
    for _ in range(n):
        new = y - lr * grad(y)
        y, x = new + beta * (new - x), new
        path.append(x)
    return path


@nesterov_path.style
def nesterov_into_an_array(grad, x0, lr, beta, n):
    path = np.empty((n + 1, len(x0)))
    path[0] = x0
    v = np.zeros(len(x0))
    for t in range(n):
        ahead = path[t] + beta * v
        v = ahead - lr * grad(ahead) - path[t]
        path[t + 1] = path[t] + v
    return path


def nesterov_zoo(look, record=lambda x, v, beta: x):
    """A family of mistakes: where the gradient is asked for, and what is noted."""

    def path_of(grad, x0, lr, beta, n):
        x, v = x0, np.zeros_like(x0)
        path = [record(x, v, beta)]
        for _ in range(n):
            v = beta * v - lr * grad(look(x, v, beta))
            x = x + v
            path.append(record(x, v, beta))
        return np.array(path)

    return path_of


@nesterov_path.mistake(
    "You ask for the gradient at x: that is the plain heavy ball. Nesterov asks at x + beta * v, where the velocity "
    "would carry it."
)
def plain_heavy_ball(*args):
    return nesterov_zoo(lambda x, v, beta: x)(*args)


@nesterov_path.mistake("You look back: the gradient is asked for at x - beta * v. Ahead is x + beta * v.")
def looks_behind(*args):
    return nesterov_zoo(lambda x, v, beta: x - beta * v)(*args)


@nesterov_path.mistake("You look too far: the gradient is asked for at x + v. Only beta * v of the velocity survives.")
def looks_too_far(*args):
    return nesterov_zoo(lambda x, v, beta: x + v)(*args)


@nesterov_path.mistake(
    "Your path is that of the places looked at, x + beta * v. So it is where you note them, and in the short form "
    "x = x + beta * v - lr * g with the gradient at x, which many libraries use. Here the path is made of the points x."
)
def notes_the_look_ahead(*args):
    return nesterov_zoo(lambda x, v, beta: x + beta * v, lambda x, v, beta: x + beta * v)(*args)


@nesterov_path.mistake("You note the velocities. The path is made of the points x.")
def notes_the_velocity(*args):
    return nesterov_zoo(lambda x, v, beta: x + beta * v, lambda x, v, beta: v)(*args)


@nesterov_path.mistake(
    "The look ahead is counted twice: you step from x + beta * v and add the new velocity, which holds beta * v "
    "already."
)
def steps_from_ahead(grad, x0, lr, beta, n):
    x, v = x0, np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        ahead = x + beta * v
        v = beta * v - lr * grad(ahead)
        x = ahead + v
        path.append(x)
    return np.array(path)


@nesterov_path.mistake("Your velocity forgets: beta is used to look ahead, but v = -lr * grad(...) keeps nothing of v.")
def beta_only_to_look(grad, x0, lr, beta, n):
    x, v = x0, np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        v = -lr * grad(x + beta * v)
        x = x + v
        path.append(x)
    return np.array(path)


@nesterov_path.mistake("beta never enters: your path is that of plain gradient descent.")
def no_momentum_at_all(grad, x0, lr, beta, n):
    path = [x0]
    for _ in range(n):
        path.append(path[-1] - lr * grad(path[-1]))
    return np.array(path)


@nesterov_path.mistake("The start is missing: the first row of the path is x0, so n steps give n + 1 rows.")
def start_missing(*args):
    return nesterov_zoo(lambda x, v, beta: x + beta * v)(*args)[1:]


@nesterov_path.mistake(
    "All rows of your path are the last point: you append one array and then change it in place (x += v), so the list "
    "holds the same array n + 1 times. Write x = x + v, which makes a new one."
)
def one_array_many_times(grad, x0, lr, beta, n):
    x, v = x0.copy(), np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        v = beta * v - lr * grad(x + beta * v)
        x += v
        path.append(x)
    return np.array(path)


@nesterov_path.mistake("You change the start x0 in place (x += v after x = x0). Begin with a copy, or write x = x + v.")
def start_modified(grad, x0, lr, beta, n):
    x, v = x0, np.zeros_like(x0)
    path = [x.copy()]
    for _ in range(n):
        v = beta * v - lr * grad(x + beta * v)
        x += v
        path.append(x.copy())
    return np.array(path)


@nesterov_path.mistake(
    "You note where you looked before each step, x + beta * v, and the last point is missing. Update v and x first, "
    "then note x."
)
def notes_where_it_looked(grad, x0, lr, beta, n):
    x, v = x0, np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        ahead = x + beta * v
        v = beta * v - lr * grad(ahead)
        x = x + v
        path.append(ahead)
    return np.array(path)


@nesterov_path.mistake(
    "Your path begins at 0: the start is not written into the first row of your array. Set path[0] = x0 before the "
    "loop."
)
def begins_at_zero(grad, x0, lr, beta, n):
    return nesterov_path.reference(grad, np.zeros(len(x0)), lr, beta, n)


# ------------------------------------------------------------------------------- momentum.optimal_heavy_ball


def curvature_cases(rng):
    pairs = [(100.0, 1.0), (4.0, 0.25), (7.0, 7.0), *np.sort(rng.uniform(0.05, 40, (4, 2)), axis=1)[:, ::-1].tolist()]
    return [Case({"L": L, "mu": mu}, f"curvatures from {mu:.3g} to {L:.3g}") for L, mu in pairs]


@exercise(
    "momentum.optimal_heavy_ball",
    lesson="05",
    title="The best constants for a bowl",
    section="The best pair",
    points=2,
    cases=curvature_cases,
    hints=(
        "At the best pair the steepest and the flattest direction are damped equally. Everything is said in terms of "
        "the roots of the two curvatures.",
        "Polyak's pair: the rate is (2 / (sqrt(L) + sqrt(mu)))^2. For beta compare the difference of the roots with "
        "their sum, and square it.",
        "lr = 4 / (sqrt(L) + sqrt(mu))**2 and beta = ((sqrt(L) - sqrt(mu)) / (sqrt(L) + sqrt(mu)))**2. Return "
        "lr, beta.",
    ),
)
def optimal_heavy_ball(L, mu):
    """The rate and the beta with which the heavy ball is fastest on a bowl with curvatures from mu to L.

    L, mu: numbers, L >= mu > 0. With the pair returned the error shrinks by (sqrt(kappa) - 1)/(sqrt(kappa) + 1) a
    step in the long run, where kappa = L/mu; no other pair does better.

    Returns the pair of numbers (lr, beta).
    """
    lr = 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2
    beta = ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2
    return lr, beta


@optimal_heavy_ball.style
def optimal_by_condition(L, mu):
    root = (L / mu) ** 0.5
    beta = ((root - 1) / (root + 1)) ** 2
    return 4 / mu / (root + 1) ** 2, beta


@optimal_heavy_ball.style
def optimal_by_beta_first(L, mu):
    beta = 0.0 if mu == L else ((L**0.5 - mu**0.5) ** 2 / (L - mu)) ** 2
    return [(1 + beta**0.5) ** 2 / L, beta]


@optimal_heavy_ball.mistake(
    "That is the best rate of plain gradient descent, 2/(L + mu), with no momentum. The heavy ball allows a longer "
    "one: 4/(sqrt(L) + sqrt(mu))^2."
)
def descent_constants(L, mu):
    return 2 / (L + mu), 0.0


@optimal_heavy_ball.mistake("beta is right, but the rate is that of plain gradient descent, 2/(L + mu).")
def descent_rate(L, mu):
    return 2 / (L + mu), ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2


@optimal_heavy_ball.mistake(
    "beta is not squared. The error shrinks by sqrt(beta) a step, so beta is the *square* of the ratio of the roots."
)
def beta_not_squared(L, mu):
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, (np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))


@optimal_heavy_ball.mistake("The roots are missing: beta compares sqrt(L) with sqrt(mu), not L with mu.")
def roots_missing(L, mu):
    return 4 / (L + mu) ** 2, ((L - mu) / (L + mu)) ** 2


@optimal_heavy_ball.mistake("The rate is not squared: it is the square of 2/(sqrt(L) + sqrt(mu)).")
def rate_not_squared(L, mu):
    return 2 / (np.sqrt(L) + np.sqrt(mu)), ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2


@optimal_heavy_ball.mistake("You return beta first. The contract has the rate first: return lr, beta.")
def constants_swapped(L, mu):
    return ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2, 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2


@optimal_heavy_ball.mistake(
    "Those are Nesterov's constants, 1/L and (sqrt(kappa) - 1)/(sqrt(kappa) + 1). They are safe beyond bowls too, "
    "but on a bowl the heavy ball with Polyak's pair is faster."
)
def nesterov_constants(L, mu):
    root = np.sqrt(L / mu)
    return 1 / L, (root - 1) / (root + 1)


@optimal_heavy_ball.mistake(
    "The numerator of the rate is 4, the square of 2: with 1 every step is four times too short."
)
def quarter_rate(L, mu):
    return 1 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2


@optimal_heavy_ball.mistake(
    "The rate is right. The roots are missing in beta: it compares sqrt(L) with sqrt(mu), not L with mu."
)
def roots_missing_in_beta(L, mu):
    return 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((L - mu) / (L + mu)) ** 2


@optimal_heavy_ball.mistake(
    "The 2 is not squared: the square of 2/(sqrt(L) + sqrt(mu)) has a 4 above the bar. Your steps are half as long."
)
def half_rate(L, mu):
    return 2 / (np.sqrt(L) + np.sqrt(mu)) ** 2, ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2


@optimal_heavy_ball.mistake(
    "You take the root of the sum, sqrt(L + mu). What stands below the bar is the sum of the roots, sqrt(L) + sqrt(mu)."
)
def root_of_the_sum(L, mu):
    return 4 / (L + mu), ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2


# ------------------------------------------------------------------------------------ momentum.to_heavy_ball


def conversion_cases(rng):
    pairs = [(0.1, 0.9), (0.5, 0.7), (2.0, 0.25), *zip(rng.uniform(0.01, 2, 3), rng.uniform(0.1, 0.99, 3), strict=True)]
    return [
        Case({"lr_ema": float(lr), "beta": float(beta)}, f"an average with beta = {beta:.3g}") for lr, beta in pairs
    ]


@exercise(
    "momentum.to_heavy_ball",
    lesson="05",
    title="From the averaged form to the heavy ball",
    section="Three spellings",
    points=1,
    starred=True,
    cases=conversion_cases,
    hints=(
        "Write both updates down, and look for a number c such that v = -c m keeps being true after a step.",
        "In the averaged form x moves by -lr_ema * m, so v = -lr_ema * m. Put m = beta m + (1 - beta) g into that.",
        "v = beta v - lr_ema (1 - beta) g: the rate of the heavy ball is lr_ema * (1 - beta).",
    ),
)
def to_heavy_ball(lr_ema, beta):
    """The rate with which the heavy ball follows the path of momentum in the averaged form.

    The averaged form is m = beta m + (1 - beta) g, x = x - lr_ema m, the heavy ball v = beta v - lr g, x = x + v,
    both from rest. lr_ema, beta: numbers, 0 <= beta < 1.

    Returns the number lr.
    """
    return lr_ema * (1 - beta)


@to_heavy_ball.style
def to_heavy_ball_expanded(lr_ema, beta):
    return lr_ema - beta * lr_ema


@to_heavy_ball.style
def to_heavy_ball_by_one_step(lr_ema, beta):
    m = beta * 0.0 + (1 - beta) * np.ones(1)
    return float(lr_ema * m[0])


@to_heavy_ball.mistake(
    "The wrong way round: you divide by (1 - beta). The averaged form shrinks the gradient, so the heavy ball that "
    "keeps up with it needs the *smaller* rate."
)
def converts_backward(lr_ema, beta):
    return lr_ema / (1 - beta)


@to_heavy_ball.mistake("The rates are not the same: the averaged form weighs the gradient with (1 - beta).")
def no_conversion(lr_ema, beta):
    return lr_ema


@to_heavy_ball.mistake("The factor is 1 - beta, the weight of the gradient, not beta, the weight of the old average.")
def converts_with_beta(lr_ema, beta):
    return lr_ema * beta


@to_heavy_ball.mistake("The factor is 1 - beta: the heavy ball has no sum of weights to divide by.")
def converts_with_one_plus_beta(lr_ema, beta):
    return lr_ema / (1 + beta)


@to_heavy_ball.mistake("The sign is turned: v = -lr_ema m already points downhill, so the rate stays positive.")
def sign_turned(lr_ema, beta):
    return -lr_ema * (1 - beta)


@to_heavy_ball.mistake("(1 - beta) enters once for each gradient, not squared.")
def converts_twice(lr_ema, beta):
    return lr_ema * (1 - beta) ** 2
