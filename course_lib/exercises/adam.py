"""The exercises of lesson 07: bias correction, Adam, Adam on many arrays, decoupled weight decay, AMSGrad."""

import numpy as np

from course_lib.calling import Case
from course_lib.exercises.declare import Part, exercise

# ----------------------------------------------------------------------------------------- adam.bias_correct


def average_cases(rng):
    asked = [((3,), 0.7, 1), ((2, 3), 0.9, 2), ((1,), 0.83, 5), ((4,), 0.999, 3), ((5,), 0.97, 40)]
    return [
        Case({"m": rng.normal(0, 2, shape), "beta": beta, "t": t}, f"beta = {beta:g}, after {t} steps")
        for shape, beta, t in asked
    ]


@exercise(
    "adam.bias_correct",
    lesson="07",
    title="The bias, removed",
    section="The bias, and its cure",
    points=1,
    cases=average_cases,
    fresh=True,
    hints=(
        "The average began at 0, and that 0 still has a share in it. How large is the share of everything that came "
        "after?",
        "Each step keeps the share beta of what was there, so after t steps the 0 still has the share beta^t. The data "
        "have the rest.",
        "Divide by what the shares of the data add up to, 1 - beta**t, and write the result to a new array.",
    ),
)
def bias_correct(m, beta, t):
    """An average m = beta m + (1 - beta) g that began at 0, freed of its bias toward that 0.

    m: array of any shape, the average after t steps. beta: a number in [0, 1). t: steps taken, t >= 1.

    Returns an array of the same shape; where g was the same at every step, it is that g. Changes nothing it is given.
    """
    return m / (1 - beta**t)


@bias_correct.style
def bias_correct_by_the_sum_of_weights(m, beta, t):
    return m / sum((1 - beta) * beta**k for k in range(t))


@bias_correct.style
def bias_correct_entry_by_entry(m, beta, t):
    corrected = np.zeros(m.shape)
    for i in np.ndindex(m.shape):
        corrected[i] = m[i] / (1 - pow(beta, t))
    return corrected


@bias_correct.style
def bias_correct_by_power(m, beta, t):
    return np.divide(m, 1.0 - np.power(beta, t))


@bias_correct.mistake(
    "The power is missing: you divide by 1 - beta at every step. That is right for t = 1 alone; later your values are "
    "too large, at last by the factor 1/(1 - beta)."
)
def without_the_power(m, beta, t):
    return m / (1 - beta)


@bias_correct.mistake(
    "You count from 0: with t - 1 in the power the first average is divided by 1 - beta^0 = 0. After the first step t "
    "is 1, so the power is t itself."
)
def power_one_short(m, beta, t):
    with np.errstate(divide="ignore", invalid="ignore"):
        return m / np.float64(1 - beta ** (t - 1))


@bias_correct.mistake("You count one step too many: the power is t + 1 in your answer. After t steps it is t.")
def power_one_long(m, beta, t):
    return m / (1 - beta ** (t + 1))


@bias_correct.mistake(
    "You divide by (1 - beta) t: as if each step added the same share. The shares shrink by beta from one to the next, "
    "and add up to 1 - beta^t."
)
def times_in_place_of_power(m, beta, t):
    return m / ((1 - beta) * t)


@bias_correct.mistake(
    "You multiply beta by t in place of raising it to the power t: 1 - beta * t becomes negative, and your average "
    "turns around. Write 1 - beta**t."
)
def product_in_place_of_power(m, beta, t):
    return m / (1 - beta * t)


@bias_correct.mistake("The power stands outside: you divide by (1 - beta)^t. Only beta has it: 1 - beta**t.")
def power_of_the_difference(m, beta, t):
    return m / (1 - beta) ** t


@bias_correct.mistake(
    "You multiply by 1 - beta^t, so the average that is too small gets smaller still. Divide by it."
)  # fmt: skip
def multiplies(m, beta, t):
    return m * (1 - beta**t)


@bias_correct.mistake("You divide by beta^t, the share of the 0. The share of the data is the rest, 1 - beta^t.")
def divides_by_the_wrong_share(m, beta, t):
    return m / beta**t


@bias_correct.mistake("You return the average as it is: it is still too small by the factor 1 - beta^t.")
def nothing_corrected(m, beta, t):
    return m.copy()


@bias_correct.mistake(
    "Python reads m / 1 - beta**t as (m / 1) - beta**t: you subtract where you mean to divide. Put brackets around "
    "1 - beta**t."
)
def brackets_missing(m, beta, t):
    return m / 1 - beta**t


@bias_correct.mistake(
    "You divide m in place (m /= ...). The caller's average is then corrected too, and the next step averages over a "
    "corrected value. Write a new array: m / (1 - beta**t)."
)
def average_in_place(m, beta, t):
    m /= 1 - beta**t
    return m


# ------------------------------------------------------------------------------------------------- adam.step


def memory(rng, shape, t):
    """A point, averages as they are after t steps, and t."""
    return rng.normal(0, 2, shape), rng.normal(0, 1, shape), rng.uniform(0.2, 2, shape), t


def rest(x):
    """A point and the memory of a beginner."""
    return x, np.zeros_like(x), np.zeros_like(x), 0


def slopes(rng, shape, n, *knobs):
    """n tuples (g, lr, *knobs), the rate falling."""
    return [(rng.normal(0, 1, shape), lr, *knobs) for lr in np.linspace(0.3, 0.1, n).tolist()]


def step_cases(rng):
    odd, scales = (0.7, 0.9, 0.1), np.array([100.0, 1.0, 0.01])
    mixed = [(g * scales, *knobs) for g, *knobs in slopes(rng, (3,), 5, *odd)]
    x, m, v, t = memory(rng, (2,), 7)
    single = {"x": x, "m": m, "v": v, "t": t, "g": rng.normal(0, 1, 2), "lr": 0.2}
    return [
        Case({"state": rest(rng.normal(0, 2, 3)), "feeds": slopes(rng, (3,), 5, *odd)}, "five steps from the start",
             probe="chain"),
        Case({"state": memory(rng, (4,), 6), "feeds": slopes(rng, (4,), 5, *odd)}, "five steps in the middle of a run",
             probe="chain"),
        Case({"state": rest(rng.normal(0, 2, 3)), "feeds": mixed}, "gradients of very different size", probe="chain"),
        Case({"state": memory(rng, (2, 3), 2), "feeds": slopes(rng, (2, 3), 2, 0.9, 0.999, 1e-8)},
             "a matrix of weights, the usual constants", probe="chain"),
        Case(single | {"beta1": 0.6, "beta2": 0.8, "eps": 0.3}, "a single step"),
    ]  # fmt: skip


@exercise(
    "adam.step",
    lesson="07",
    title="One step of Adam",
    section="Adam, the two together",
    points=4,
    cases=step_cases,
    fresh=True,
    hints=(
        "You have all the pieces: an average of the gradients as in lesson 05, an average of their squares as in "
        "lesson 06, and a correction for each. Which of them are carried on to the next step, and which are used "
        "once?",
        "First t grows by one. Then m and v are averaged, m with beta1 and g, v with beta2 and the squares of g. Each "
        "is corrected with its own beta. x moves by the one over the root of the other; m and v go on uncorrected.",
        "t = t + 1; m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g**2; m_hat = m / (1 - beta1**t); "
        "v_hat = v / (1 - beta2**t); x = x - lr * m_hat / (np.sqrt(v_hat) + eps); return x, m, v, t.",
    ),
)
def adam_step(x, m, v, t, g, lr, beta1, beta2, eps):
    """One step of Adam, with both averages corrected, and eps outside the root.

    x, m, v, g: arrays of one shape: the point, the average gradient, the average square, the gradient at the point.
    t: the steps taken before this one, a whole number, 0 at the start. lr, beta1, beta2, eps: numbers.

    Returns the new (x, m, v, t): m and v as they are before the correction, t counted up. Changes nothing it is given.
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return x, m, v, t


@adam_step.style
def adam_by_differences(x, m, v, t, g, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (g - m)
    v = v + (1 - beta2) * (g * g - v)
    t += 1
    rate = lr / (1 - beta1**t)
    return [x - rate * m / (np.sqrt(v) / np.sqrt(1 - beta2**t) + eps), m, v, t]


@adam_step.style
def adam_coordinate_by_coordinate(x, m, v, t, g, lr, beta1, beta2, eps):
    new_x, new_m, new_v = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    for i in np.ndindex(x.shape):
        new_m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        new_v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
        first, second = new_m[i] / (1 - beta1 ** (t + 1)), new_v[i] / (1 - beta2 ** (t + 1))
        new_x[i] = x[i] - lr * first / (second**0.5 + eps)
    return new_x, new_m, new_v, t + 1


@adam_step.style
def adam_on_copies(x, m, v, t, g, lr, beta1, beta2, eps):
    x, m, v = x.copy(), m.copy(), v.copy()
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g * g
    x -= lr * (m / (1 - beta1 ** (t + 1))) / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps)
    return x, m, v, t + 1


def averages(m, v, g, beta1, beta2):
    """The two averages, as they should be."""
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2


def moved(x, m, v, t, lr, beta1, beta2, eps):
    """The point after a step with these averages, as it should be."""
    return x - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)


@adam_step.mistake(
    "There is no bias correction: you step with m and v as they are. With beta1 = 0.9, beta2 = 0.999 the first step is "
    "3.16 times the rate and the twelfth 6.57 times. Divide m by 1 - beta1**t and v by 1 - beta2**t."
)
def no_correction(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * m / (np.sqrt(v) + eps), m, v, t + 1


@adam_step.mistake(
    "The power t is missing in the corrections: 1 - beta is right for the first step alone. Write 1 - beta1**t and "
    "1 - beta2**t."
)
def correction_without_power(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "Only v is corrected. m began at 0 as well: your first steps are too short by the factor 1 - beta1^t."
)
def only_v_corrected(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * m / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps), m, v, t + 1


@adam_step.mistake(
    "Only m is corrected. v began at 0 as well, and stands under the step: with beta2 = 0.999 your first step is 31.6 "
    "times the rate."
)
def only_m_corrected(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * m / (1 - beta1 ** (t + 1)) / (np.sqrt(v) + eps), m, v, t + 1


@adam_step.mistake(
    "You correct with the old t, which is 0 at the first step, so you divide by 1 - beta^0 = 0. Count up first: "
    "t = t + 1, then correct."
)
def counts_afterward(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    with np.errstate(divide="ignore", invalid="ignore"):
        x = x - lr * m / np.float64(1 - beta1**t) / (np.sqrt(v / np.float64(1 - beta2**t)) + eps)
    return x, m, v, t + 1


@adam_step.mistake(
    "You count up twice: t is incremented, and the correction has t + 1 once more. The first step has t = 1."
)
def counts_twice(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 2, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "t does not come back counted up: you return the old one, so every step is corrected as if it were the first. "
    "Return t + 1."
)
def count_not_returned(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t


@adam_step.mistake(
    "Both corrections use beta1. Each average is corrected with the beta it was made with: m with beta1, v with beta2."
)
def one_beta_for_both(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta1, eps), m, v, t + 1


@adam_step.mistake(
    "eps stands inside the root, sqrt(v_hat + eps). It belongs outside, sqrt(v_hat) + eps: under the root an eps of "
    "1e-8 acts like 1e-4 outside."
)
def eps_inside_the_root(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps), m, v, t


@adam_step.mistake(
    "eps is added to the weight: Python reads m_hat / np.sqrt(v_hat) + eps as (m_hat / np.sqrt(v_hat)) + eps. Put "
    "brackets around np.sqrt(v_hat) + eps."
)
def eps_added_to_the_step(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * (-(moved(x, m, v, t + 1, 1.0, beta1, beta2, 0.0) - x) + eps), m, v, t + 1


@adam_step.mistake(
    "Without brackets, x - lr * m_hat / np.sqrt(v_hat) + eps adds eps to the point itself: every weight drifts upward "
    "by eps a step. Put brackets around np.sqrt(v_hat) + eps."
)
def eps_added_to_the_weight(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, 0.0) + eps, m, v, t + 1


@adam_step.mistake(
    "eps is forgotten. Where a gradient has always been 0 you divide 0 by 0, and where it is tiny the step is as long "
    "as elsewhere. Divide by np.sqrt(v_hat) + eps."
)
def eps_forgotten(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, 0.0), m, v, t + 1


@adam_step.mistake(
    "You follow the short form of the paper, rate times root of (1 - beta2^t) over 1 - beta1^t, with eps added to the "
    "*uncorrected* root. TensorFlow does so; its eps weighs more in the first steps. Here eps joins the corrected "
    "root. Half the points.",
    credit=0.5,
)
def eps_before_the_correction(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps), m, v, t


@adam_step.mistake(
    "The root is missing: you divide by v_hat, not by its root. A gradient that is 100 times as large then makes a "
    "step 100 times as short."
)
def root_forgotten(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v, t


@adam_step.mistake(
    "v is computed and never felt: x moves by lr * m_hat alone, which is momentum in the averaged form. Divide by "
    "np.sqrt(v_hat) + eps."
)
def steps_with_m_alone(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * m / (1 - beta1 ** (t + 1)), m, v, t + 1


@adam_step.mistake(
    "m is computed and never felt: x moves by the gradient over the root, which is RMSProp with a correction. Step "
    "with m_hat."
)
def steps_with_the_gradient(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return x - lr * g / (np.sqrt(v / (1 - beta2 ** (t + 1))) + eps), m, v, t + 1


@adam_step.mistake("The betas are swapped: beta1 is for the average gradient m, beta2 for the average square v.")
def betas_swapped(x, m, v, t, g, lr, beta1, beta2, eps):
    return adam_step.reference(x, m, v, t, g, lr, beta2, beta1, eps)


@adam_step.mistake(
    "The shares are swapped: you keep 1 - beta of the old average and give beta to the new datum. The old one has the "
    "share beta."
)
def shares_swapped(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, 1 - beta1, 1 - beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "v averages the size of g, not its square. Under the root that has the wrong unit: the step changes when f is "
    "multiplied by a number."
)
def size_for_square(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.abs(g)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake("v averages the squares of m. What it should average are the squares of the gradient, g**2.")
def square_of_m(x, m, v, t, g, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * m**2
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "You hand the corrected averages on, so the next step averages over a corrected value and corrects it again. "
    "Return m and v; the hats are used once and thrown away."
)
def hats_kept(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return moved(x, m, v, t, lr, beta1, beta2, eps), m / (1 - beta1**t), v / (1 - beta2**t), t


@adam_step.mistake("You correct twice: m_hat and v_hat are divided by their sums of shares a second time.")
def corrected_twice(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return moved(x, m / (1 - beta1**t), v / (1 - beta2**t), t, lr, beta1, beta2, eps), m, v, t


@adam_step.mistake("The old m is forgotten: your m is (1 - beta1) g alone. Keep beta1 times the old one.")
def m_without_history(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(0.0, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake("The old v is forgotten: your v is (1 - beta2) g^2 alone. Keep beta2 times the old one.")
def v_without_history(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, 0.0, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "v sums the squares and forgets none, as Adagrad does: the steps shrink forever. Adam averages, beta2 v + "
    "(1 - beta2) g^2."
)
def v_as_a_sum(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, v + g**2
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "The factor 1 - beta1 before g is missing: m is a sum, ten times as large in the long run with beta1 = 0.9, and "
    "the steps with it."
)
def m_as_a_sum(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = beta1 * m + g, beta2 * v + (1 - beta2) * g**2
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake("You climb: the step is added to x. We minimize, so it is subtracted.")
def climbs(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return 2 * x - moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "You change m and v in place (m *= ..., v *= ...), so whoever kept the old averages has lost them. Write "
    "m = beta1 * m + ..., which makes a new array."
)
def averages_in_place(x, m, v, t, g, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake(
    "You change x in place (x -= ...), so every point that was noted so far moves along. Write x = x - ..."
)
def point_in_place(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    x += moved(x, m, v, t + 1, lr, beta1, beta2, eps) - x
    return x, m, v, t + 1


@adam_step.mistake("You return the point alone. The next step needs the memory too: return x, m, v, t.")
def memory_not_returned(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps)


@adam_step.mistake(
    "You count the steps in a global variable and pay no attention to the t that is given: a second run starts with "
    "the count of the first.",
    remembers=True,
)
def counts_globally():
    taken = [0]

    def step(x, m, v, t, g, lr, beta1, beta2, eps):
        taken[0] += 1
        m, v = averages(m, v, g, beta1, beta2)
        return moved(x, m, v, taken[0], lr, beta1, beta2, eps), m, v, taken[0]

    return step


@adam_step.mistake(
    "Only the root of v is taken, not that of its correction: np.sqrt(v) / (1 - beta2**t). The hat comes first, then "
    "the root: np.sqrt(v / (1 - beta2**t))."
)
def root_before_the_hat(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * m / (1 - beta1**t) / (np.sqrt(v) / (1 - beta2**t) + eps), m, v, t


@adam_step.mistake(
    "The corrections are swapped: m is made with beta1 and corrected with 1 - beta1**t, v with beta2 and 1 - beta2**t."
)
def hats_swapped(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta2, beta1, eps), m, v, t + 1


@adam_step.mistake(
    "The power stands outside: you correct with (1 - beta)**t. Only beta has it: 1 - beta1**t and 1 - beta2**t."
)
def power_of_the_differences(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * m / (1 - beta1) ** t / (np.sqrt(v / (1 - beta2) ** t) + eps), m, v, t


@adam_step.mistake(
    "All coordinates share one v: you add their squares up (np.sum or np.dot). Each has its own average square: g**2, "
    "without a sum."
)
def one_v_for_all(x, m, v, t, g, lr, beta1, beta2, eps):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.sum(g**2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adam_step.mistake("You return the memory first. The contract has the point first: return x, m, v, t, in this order.")
def memory_first(x, m, v, t, g, lr, beta1, beta2, eps):
    x, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return m, v, x, t


@adam_step.mistake("t is not returned, so the next step does not know how far it is. Return all four: x, m, v, t.")
def count_left_out(x, m, v, t, g, lr, beta1, beta2, eps):
    return adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)[:3]


# -------------------------------------------------------------------------------------------------- adam.all

SHAPES = {"W": (2, 3), "a": (3,), "V": (3, 2)}


def named(make):
    """A dict of arrays, one for each of `SHAPES`."""
    return {name: make(shape) for name, shape in SHAPES.items()}


def all_cases(rng):
    knobs = (0.7, 0.9, 0.1)

    def start(t):
        params = named(lambda shape: rng.normal(0, 2, shape))
        if t == 0:
            return params, named(np.zeros), named(np.zeros), 0
        return params, named(lambda shape: rng.normal(0, 1, shape)), named(lambda shape: rng.uniform(0.2, 2, shape)), t

    def feeds(n, *without):
        grads = [named(lambda shape: rng.normal(0, 1, shape)) for _ in range(n)]
        kept = [{k: g for k, g in step.items() if k not in without} for step in grads]
        return [(step, lr, *knobs) for step, lr in zip(kept, np.linspace(0.3, 0.1, n).tolist())]

    return [
        Case({"state": start(0), "feeds": feeds(4)}, "three arrays, four steps from the start", "together", "chain"),
        Case({"state": start(5), "feeds": feeds(3)}, "three arrays in the middle of a run", "together", "chain"),
        Case({"state": start(3), "feeds": feeds(3, "a")}, "no gradient for the array a", "frozen", "chain"),
        Case({"state": start(0), "feeds": feeds(1, "W", "a") + feeds(2)}, "two arrays that join later", "frozen",
             "chain"),
    ]  # fmt: skip


@exercise(
    "adam.all",
    lesson="07",
    title="Many arrays, one clock",
    section="Many arrays, one clock",
    points=3,
    cases=all_cases,
    parts=(
        Part("together", 0.7, "moves all arrays, each with its own memory, all with one t"),
        Part("frozen", 0.3, "leaves an array without a gradient as it is, memory included"),
    ),
    hints=(
        "A model has many arrays, and Adam treats each as if it were alone. What do they share, and how often does it "
        "change in one step?",
        "Count t up once, before any loop. Make three new dicts, then go over the names: each array has its own m and "
        "v. Where the name is missing in grads, the three entries go on unchanged.",
        "t = t + 1; params, m, v = dict(params), dict(m), dict(v); for k in grads: update m[k] and v[k], correct both "
        "with t, and set params[k] to a new array; after the loop return params, m, v, t.",
    ),
)
def adam_all(params, m, v, t, grads, lr, beta1, beta2, eps):
    """One step of Adam on several arrays, such as the weights and biases of a network.

    params, m, v: dicts with the same names; each entry is an array: the weights, their average gradient, their average
    square. t: the steps taken before this one, one whole number for all. grads: a dict of gradients; an array whose
    name it lacks stays as it is, its averages too. lr, beta1, beta2, eps: numbers.

    Returns the new (params, m, v, t), three new dicts and a number. Changes nothing it is given.
    """
    t = t + 1
    params, m, v = dict(params), dict(m), dict(v)
    for k, g in grads.items():
        m[k] = beta1 * m[k] + (1 - beta1) * g
        v[k] = beta2 * v[k] + (1 - beta2) * g**2
        params[k] = params[k] - lr * m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return params, m, v, t


@adam_all.style
def all_by_one_step_each(params, m, v, t, grads, lr, beta1, beta2, eps):
    new = {}
    for k in params:
        if k in grads:
            new[k] = adam_step.reference(params[k], m[k], v[k], t, grads[k], lr, beta1, beta2, eps)
        else:
            new[k] = params[k], m[k], v[k], t
    return (*({k: new[k][i] for k in new} for i in range(3)), t + 1)


@adam_all.style
def all_by_comprehension(params, m, v, t, grads, lr, beta1, beta2, eps):
    t += 1
    m = {k: beta1 * m[k] + (1 - beta1) * grads[k] if k in grads else m[k].copy() for k in m}
    v = {k: beta2 * v[k] + (1 - beta2) * grads[k] ** 2 if k in grads else v[k].copy() for k in v}
    step = {k: (m[k] / (1 - beta1**t)) / ((v[k] / (1 - beta2**t)) ** 0.5 + eps) for k in grads}
    return [{k: params[k] - lr * step.get(k, 0 * params[k]) for k in params}, m, v, t]


def all_zoo(x, m, v, t, grads, knobs, one=adam_step.reference, absent=None):
    """A family of mistakes: each array by `one`; what becomes of an array without a gradient is `absent`."""
    new = {}
    for k in x:
        if k in grads:
            new[k] = one(x[k], m[k], v[k], t, grads[k], *knobs)
        else:
            new[k] = absent(x[k], m[k], v[k], t, knobs) if absent else (x[k], m[k], v[k])
    return (*({k: new[k][i] for k in new} for i in range(3)), t + 1)


@adam_all.mistake(
    "t is counted up once for every array, inside the loop: with three arrays it is 3 after one step, and the "
    "corrections are those of a later step. Count up once, before the loop."
)
def clock_in_the_loop(params, m, v, t, grads, *knobs):
    params, m, v = dict(params), dict(m), dict(v)
    for k, g in grads.items():
        params[k], m[k], v[k], t = adam_step.reference(params[k], m[k], v[k], t, g, *knobs)
    return params, m, v, t


@adam_all.mistake(
    "t comes back as it was: every step is corrected as if it were the same one. Return the t that was counted up."
)
def clock_stands_still(params, m, v, t, grads, *knobs):
    return (*all_zoo(params, m, v, t, grads, knobs)[:3], t)


@adam_all.mistake("You return inside the loop: the first array has moved, the others have not. Return after the loop.")
def returns_in_the_loop(params, m, v, t, grads, *knobs):
    first = {k: grads[k] for k in list(grads)[:1]}
    return all_zoo(params, m, v, t, first, knobs)


@adam_all.mistake(
    "You go over params and look for every name in grads. Where it is missing you stop with a KeyError: go over grads, "
    "and let the other arrays stay as they are."
)
def needs_every_gradient(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, {k: grads[k] for k in params}, knobs)


@adam_all.mistake(
    "An array without a gradient is missing in what you return. Begin with copies of the dicts, dict(params), so that "
    "it stays."
)
def drops_the_frozen(params, m, v, t, grads, *knobs):
    few = {k: params[k] for k in grads}
    return all_zoo(few, m, v, t, grads, knobs)


@adam_all.mistake(
    "You take a missing gradient for a gradient of 0: the averages fade, and the array still moves by what is left in "
    "m. An array without a gradient stays as it is, its averages too."
)
def missing_means_zero(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, {k: grads.get(k, 0 * params[k]) for k in params}, knobs)


@adam_all.mistake(
    "Where the gradient is missing you set the averages to 0: when the array gets a gradient again, its history is "
    "gone. Leave them as they are."
)
def missing_means_reset(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, grads, knobs, absent=lambda x, m, v, t, knobs: (x, 0 * m, 0 * v))


@adam_all.mistake(
    "You average the squares over the whole array, so all its entries get one step size. Each entry has its own: no "
    "mean over g**2."
)
def one_size_an_array(params, m, v, t, grads, *knobs):
    def one(x, m, v, t, g, lr, beta1, beta2, eps):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * np.mean(g**2)
        return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v

    return all_zoo(params, m, v, t, grads, knobs, one)


@adam_all.mistake("There is no bias correction: divide m[k] by 1 - beta1**t and v[k] by 1 - beta2**t before the step.")
def all_without_correction(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, grads, knobs, no_correction)


@adam_all.mistake(
    "You keep the corrected averages in the dicts, so the next step corrects them again. Keep m[k] and v[k] as they "
    "are before the correction."
)
def all_hats_kept(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, grads, knobs, hats_kept)


@adam_all.mistake(
    "You write into what you were given: m[k] = ... into the caller's dict, or params[k] -= ... into the caller's "
    "array, which a copied dict still holds. Work on dict(params), dict(m), dict(v), and write params[k] = params[k] "
    "- ..."
)
def writes_into_the_dicts(params, m, v, t, grads, *knobs):
    for k, g in grads.items():
        params[k], m[k], v[k], _ = adam_step.reference(params[k], m[k], v[k], t, g, *knobs)
    return params, m, v, t + 1


@adam_all.mistake(
    "You correct with the old t, which is 0 at the first step, so you divide by 1 - beta^0 = 0. Count up first, before "
    "the loop."
)
def all_count_afterward(params, m, v, t, grads, *knobs):
    return all_zoo(params, m, v, t, grads, knobs, counts_afterward)


@adam_all.mistake(
    "You keep a count for each array and return a dict of them. There is one clock: t is a number, counted up once."
)
def a_clock_for_each(params, m, v, t, grads, *knobs):
    *rest, counted = all_zoo(params, m, v, t, grads, knobs)
    return (*rest, dict.fromkeys(grads, counted))


# ------------------------------------------------------------------------------------------- adam.adamw_step


def decay_cases(rng):
    odd, spared = (0.7, 0.9, 0.1), np.array([0.0, 0.3, 0.3])
    x, m, v, t = memory(rng, (2,), 4)
    single = {"x": x, "m": m, "v": v, "t": t, "g": rng.normal(0, 1, 2), "lr": 0.2}
    silent = [(np.zeros(3), 0.3, *odd, 0.4)] * 2
    return [
        Case({"state": rest(rng.normal(0, 2, 3)), "feeds": slopes(rng, (3,), 4, *odd, 0.3)},
             "four steps from the start", "decay", "chain"),
        Case({"state": memory(rng, (2, 3), 6), "feeds": slopes(rng, (2, 3), 3, *odd, 0.13)}, "a matrix of weights",
             "decay", "chain"),
        Case({"state": rest(rng.normal(0, 2, 3)), "feeds": silent}, "no gradient: what is left is the decay", "decay",
             "chain"),
        Case(single | {"beta1": 0.6, "beta2": 0.8, "eps": 0.3, "weight_decay": 0.2}, "a single step", "decay"),
        Case({"state": memory(rng, (3,), 2), "feeds": slopes(rng, (3,), 3, *odd, spared)}, "the first weight is spared",
             "spared", "chain"),
    ]  # fmt: skip


@exercise(
    "adam.adamw_step",
    lesson="07",
    title="Decay beside the moments",
    section="Weight decay is not L2",
    points=2,
    cases=decay_cases,
    fresh=True,
    parts=(
        Part("decay", 0.8, "shrinks the weights beside the moments"),
        Part("spared", 0.2, "takes an array of decays, 0 where a weight is spared"),
    ),
    hints=(
        "Adam stays as it is, to the last letter. The decay is a second pull on x, toward 0. Which quantities must it "
        "not touch?",
        "The gradient that goes into m and v is the plain one. The weights lose, beside Adam's step, the share "
        "lr * weight_decay of what they were before the step.",
        "As in adam_step, with the last line x = x - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x).",
    ),
)
def adamw_step(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    """One step of AdamW: Adam's step, and a pull of the weights toward 0 that does not pass through the averages.

    x, m, v, t, g, lr, beta1, beta2, eps: as in adam_step. weight_decay: a number, or an array of x's shape that is 0
    where a weight is spared, such as for biases. The weights lose the share lr * weight_decay of their old value.

    Returns the new (x, m, v, t). Changes nothing it is given.
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x)
    return x, m, v, t


@adamw_step.style
def adamw_shrinks_first(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    x = x * (1 - lr * weight_decay)
    return adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)


@adamw_step.style
def adamw_subtracts_last(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    pull = lr * np.asarray(weight_decay) * x
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return [new - pull, m, v, t]


@adamw_step.mistake(
    "You add weight_decay * x to the gradient: that is L2, and it passes through the averages. Weights with large "
    "gradients are then hardly pulled at all. Keep g plain, and pull x beside Adam's step."
)
def l2_in_the_gradient(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    return adam_step.reference(x, m, v, t, g + weight_decay * x, lr, beta1, beta2, eps)


@adamw_step.mistake(
    "The decay joins m_hat before the division, so it is divided by the root as well. Its share must be the same for "
    "every weight: add it after the division."
)
def decay_divided_by_the_root(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    return x - lr * (m / (1 - beta1**t) + weight_decay * x) / (np.sqrt(v / (1 - beta2**t)) + eps), m, v, t


@adamw_step.mistake(
    "The decay has no rate: the weights lose the share weight_decay at every step. In this course, as in PyTorch, the "
    "share is lr * weight_decay, so that a falling rate calms both pulls."
)
def decay_without_rate(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - weight_decay * x, m, v, t


@adamw_step.mistake(
    "You shrink what Adam's step has made, so the step itself is shrunk too. The share is taken of the *old* weights."
)
def decays_the_new_point(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new * (1 - lr * weight_decay), m, v, t


@adamw_step.mistake("The decay pushes the weights away from 0: subtract lr * weight_decay * x.")
def decay_grows(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new + lr * weight_decay * x, m, v, t


@adamw_step.mistake("You pay no attention to weight_decay: this is plain Adam.")
def decay_forgotten(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    return adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)


@adamw_step.mistake(
    "You subtract the same amount from every weight, lr * weight_decay * sign(x). That is the pull of an L1 penalty; "
    "decay takes a *share*: weight_decay * x."
)
def decay_by_sign(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - lr * weight_decay * np.sign(x), m, v, t


@adamw_step.mistake(
    "The decay is squared: weight_decay * x**2 pulls negative weights away from 0. The pull is weight_decay * x."
)
def decay_of_squares(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - lr * weight_decay * x**2, m, v, t


@adamw_step.mistake(
    "The decay is halved. The penalty has a factor 1/2 in some books so that its slope is weight_decay * x; here that "
    "slope is given."
)
def decay_halved(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - lr * weight_decay * x / 2, m, v, t


@adamw_step.mistake(
    "Every weight decays, also those that should be spared: you reduce the array of decays to one number. Multiply "
    "entry by entry, weight_decay * x.",
    credit=0.8,
)
def spares_nobody(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - lr * np.max(weight_decay) * x, m, v, t


@adamw_step.mistake("Adam itself lost its bias correction on the way: only the decay should be new.")
def decay_without_correction(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = no_correction(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - lr * weight_decay * x, m, v, t


@adamw_step.mistake(
    "You shrink x in place (x *= ...), so the caller's weights shrink too. Write x = x * ..., a new array."
)
def decay_in_place(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    x *= 1 - lr * weight_decay
    return adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)


@adamw_step.mistake(
    "The decay goes into m, and only v is spared: it is then averaged and divided by the root all the same. It must "
    "pass through neither: add weight_decay * x beside the quotient."
)
def decay_in_m(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    m = beta1 * m + (1 - beta1) * (g + weight_decay * x)
    v = beta2 * v + (1 - beta2) * g**2
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, t + 1


@adamw_step.mistake(
    "The decay is doubled. 2 x is the slope of x**2, but the penalty that stands behind decay has a factor 1/2: the "
    "pull is weight_decay * x."
)
def decay_doubled(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    new, m, v, t = adam_step.reference(x, m, v, t, g, lr, beta1, beta2, eps)
    return new - 2 * lr * weight_decay * x, m, v, t


# ----------------------------------------------------------------------------------------- adam.amsgrad_step


def spike_cases(rng):
    odd = (0.7, 0.6, 0.1)

    def spiked(shape, n):
        feeds = slopes(rng, shape, n, *odd)
        return [(g * (10.0 if i == 0 else 1.0), *knobs) for i, (g, *knobs) in enumerate(feeds)]

    def start(shape, t):
        x, m, v, t = memory(rng, shape, t)
        return x, m, v, v * rng.uniform(1.1, 2, shape), t

    x, m, v, u, t = start((2,), 4)
    x0 = rng.normal(0, 2, 3)
    single = {"x": x, "m": m, "v": v, "u": u, "t": t, "g": rng.normal(0, 1, 2), "lr": 0.2}
    return [
        Case({"state": (x0, 0 * x0, 0 * x0, 0 * x0, 0), "feeds": spiked((3,), 5)}, "a large gradient, then small ones",
             probe="chain"),
        Case({"state": start((4,), 5), "feeds": slopes(rng, (4,), 4, *odd)}, "four steps in the middle of a run",
             probe="chain"),
        Case({"state": start((2, 2), 3), "feeds": spiked((2, 2), 3)}, "a matrix of weights", probe="chain"),
        Case(single | {"beta1": 0.6, "beta2": 0.8, "eps": 0.3}, "a single step"),
    ]  # fmt: skip


@exercise(
    "adam.amsgrad_step",
    lesson="07",
    title="A memory that does not fade",
    section="Where Adam fails",
    points=2,
    starred=True,
    cases=spike_cases,
    fresh=True,
    hints=(
        "One more memory beside Adam's: what is the largest v that each coordinate has ever had?",
        "After v is averaged as always, u becomes the larger of the old u and the new v, entry by entry. The step is "
        "divided by the root of u, corrected like v; v itself goes on as in Adam.",
        "u = np.maximum(u, v), then u_hat = u / (1 - beta2**t) and x = x - lr * m_hat / (np.sqrt(u_hat) + eps). Return "
        "x, m, v, u, t.",
    ),
)
def amsgrad_step(x, m, v, u, t, g, lr, beta1, beta2, eps):
    """One step of AMSGrad: Adam, divided by the root of the largest average square so far.

    x, m, v, t, g, lr, beta1, beta2, eps: as in adam_step. u: array, the largest v so far in each coordinate, 0 at the
    start. As in PyTorch the largest is taken of the averages as they are, and then corrected like v.

    Returns the new (x, m, v, u, t): m, v and u as they are before the correction. Changes nothing it is given.
    """
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    u = np.maximum(u, v)
    m_hat = m / (1 - beta1**t)
    u_hat = u / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(u_hat) + eps)
    return x, m, v, u, t


@amsgrad_step.style
def amsgrad_by_where(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.where(v > u, v, u)
    return [moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1]


@amsgrad_step.style
def amsgrad_entry_by_entry(x, m, v, u, t, g, lr, beta1, beta2, eps):
    new = [np.empty_like(x) for _ in range(4)]
    for i in np.ndindex(x.shape):
        a, b = averages(m[i], v[i], g[i], beta1, beta2)
        top = max(u[i], b)
        for part, value in zip(new, (moved(x[i], a, top, t + 1, lr, beta1, beta2, eps), a, b, top)):
            part[i] = value
    return (*new, t + 1)


@amsgrad_step.mistake(
    "u is computed and never felt: the step is divided by the root of v, so this is plain Adam. Divide by the root of "
    "the corrected u."
)
def steps_with_v(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, v, t + 1, lr, beta1, beta2, eps), m, v, np.maximum(u, v), t + 1


@amsgrad_step.mistake("You return the old u: the largest value is used once and forgotten. Return the new one.")
def largest_not_kept(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, np.maximum(u, v), t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "You put the largest value into v as well, so the next average starts from it and never falls. v goes on as in "
    "Adam; u alone remembers the largest."
)
def v_remembers_too(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.maximum(u, v)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, u.copy(), u, t + 1


@amsgrad_step.mistake(
    "You take the largest of the corrected averages. Some programs do; the first, uncertain average then counts for "
    "ever. Here u = max(u, v) first, and u is corrected afterward. Half the points.",
    credit=0.5,
)
def largest_of_the_corrected(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    u = np.maximum(u, v / (1 - beta2**t))
    return x - lr * m / (1 - beta1**t) / (np.sqrt(u) + eps), m, v, u, t


@amsgrad_step.mistake(
    "There is no bias correction. That is how the paper of Reddi and others prints it; here, as in PyTorch, m and u "
    "are corrected as in Adam. Half the points.",
    credit=0.5,
)
def amsgrad_of_the_paper(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.maximum(u, v)
    return x - lr * m / (np.sqrt(u) + eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "You take the largest over all coordinates, one number for the whole array. Each coordinate remembers its own: "
    "np.maximum(u, v), not np.max."
)
def largest_over_coordinates(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.full_like(u, max(u.max(), v.max()))
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "You take the smaller of u and v: np.minimum never grows from 0. The largest is np.maximum(u, v)."
)
def smallest_in_place_of_largest(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.minimum(u, v)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "u remembers the largest m. It is the average square whose largest value counts: np.maximum(u, v)."
)
def largest_of_m(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.maximum(u, m)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "u remembers the largest single square g^2. That is no average: one outlier then rules at full weight. Take "
    "np.maximum(u, v)."
)
def largest_of_the_squares(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.maximum(u, g**2)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "The step uses the u from before this gradient: a sudden large gradient is not yet held back. Update u first, then "
    "step."
)
def steps_with_the_old_u(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, np.maximum(u, v), t + 1


@amsgrad_step.mistake(
    "You hand the corrected u on, so it is corrected again at every step and grows. Keep u as it is, and correct a "
    "copy for the step."
)
def u_hat_kept(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t = t + 1
    u = np.maximum(u, v) / (1 - beta2**t)
    return x - lr * m / (1 - beta1**t) / (np.sqrt(u) + eps), m, v, u, t


@amsgrad_step.mistake("You write the largest into u itself (np.maximum(u, v, out=u)), so the caller's u changes too.")
def u_in_place(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    np.maximum(u, v, out=u)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake(
    "m is corrected and u is not: u began at 0 as v did, so your first steps are too long. Divide u by 1 - beta2**t "
    "for the step."
)
def u_not_corrected(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    t, u = t + 1, np.maximum(u, v)
    return x - lr * m / (1 - beta1**t) / (np.sqrt(u) + eps), m, v, u, t


@amsgrad_step.mistake(
    "The largest is taken of v over its coordinates (np.max(v) or v.max()) and then compared with u. Each coordinate "
    "remembers its own: np.maximum(u, v)."
)
def largest_of_v_over_coordinates(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = np.maximum(u, v.max())
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1


@amsgrad_step.mistake("t and u are in the wrong order: return x, m, v, u, t.")
def count_before_u(x, m, v, u, t, g, lr, beta1, beta2, eps):
    x, m, v, u, t = amsgrad_step.reference(x, m, v, u, t, g, lr, beta1, beta2, eps)
    return x, m, v, t, u


@amsgrad_step.mistake(
    "Python's max (or an if) asks which of two arrays is larger as a whole, and stops with a ValueError. "
    "np.maximum(u, v) takes the larger of each pair of entries."
)
def max_of_python(x, m, v, u, t, g, lr, beta1, beta2, eps):
    m, v = averages(m, v, g, beta1, beta2)
    u = max(u, v, key=bool)
    return moved(x, m, u, t + 1, lr, beta1, beta2, eps), m, v, u, t + 1
