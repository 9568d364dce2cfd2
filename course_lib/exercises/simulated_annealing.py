"""The exercises of lesson 09: acceptance, temperatures, the 2-opt move and what it changes, the loop, restarts."""

import math

import numpy as np

from course_lib.calling import Case, Given
from course_lib.comparing import kind, mismatch, show
from course_lib.exercises.declare import Part, exercise

# ------------------------------------------------------------------------------------------- judging chances

MARGIN = 0.0837  # how far a share may be from its chance; a right answer strays further less than once in 10 million
TIMES = {0.2: 700, 0.35: 950, 0.6: 1000, 0.75: 800}  # so many draws of a chance are enough for that, by its exact law
SURE = 100  # draws a case where there is no chance
TRUTH = "a truth value"
MUCH, FAR = 0.2, 0.45  # differences of two chances that have sentences of their own


def too_often(share, chance):
    """What is wrong with a share of acceptances where each had this chance: a sentence, or None."""
    if abs(share - chance) <= (MARGIN if 0 < chance < 1 else 0):
        return None
    if share in (0, 1):
        return f"It {'always' if share else 'never'} accepts here."
    off = abs(share - chance)
    grade = "far " if off > FAR else "much " if off > MUCH else ""
    return f"It accepts {grade}too {'often' if share > chance else 'rarely'} here."


def judged_answers(case, outcome, expected):
    """Many answers to one question: each a truth value, and as many true as the chance says."""
    strange = [answer for answer in outcome.value if type(answer) not in (bool, np.bool_) and kind(answer) != TRUTH]
    if strange:
        nan = kind(strange[0]) == "a number" and np.isnan(strange[0])
        return "It is NaN where a truth value is asked for." if nan else mismatch(strange[0], True).text
    chance = math.exp(-max(case.args["delta"], 0) / case.args["T"])
    return too_often(sum(map(bool, outcome.value)) / len(outcome.value), chance)


# --------------------------------------------------------------------------------------------- anneal.accept


def accept_cases(rng):
    def ask(delta, T, about, times=SURE):
        args = {"times": times, "delta": delta, "T": T, "rng": Given("rng", {"seed": int(rng.integers(2**31))})}
        return Case(args, f"{about}, {times} times", probe="repeat")

    def worse(T, chance):
        return ask(T * math.log(1 / chance), T, f"a worse candidate at T = {T:.3g}", TIMES[chance])

    return [
        worse(rng.uniform(2.3, 3), 0.75),
        worse(rng.uniform(0.36, 0.4), 0.2),
        worse(rng.uniform(25, 40), 0.35),
        ask(-rng.uniform(2, 3), 0.002, "a better candidate at a tiny temperature"),
        ask(0.0, rng.uniform(0.5, 0.9), "a candidate that is as good"),
    ]


@exercise(
    "anneal.accept",
    lesson="09",
    title="To accept or not to accept",
    section="Sometimes accept what is worse",
    points=2,
    cases=accept_cases,
    judge=judged_answers,
    quiet=True,
    hints=(
        "Two questions, one after the other: is the candidate no worse? And if it is worse, does a draw of chance let "
        "it pass?",
        "A candidate that is not worse is always taken. A worse one is taken with the probability exp(-delta / T): "
        "draw a number between 0 and 1 from rng and compare.",
        "if delta <= 0: return True. Then return rng.random() < np.exp(-delta / T). In this order the exponential "
        "never overflows.",
    ),
)
def accept(delta, T, rng):
    """Whether annealing takes a candidate: always when it is not worse, else with the probability exp(-delta/T).

    delta: a number, the value of the candidate less that of the current state; positive is worse. T: the temperature,
    T > 0, possibly tiny. rng: `numpy.random.Generator`.

    Returns True or False, and causes no overflow.
    """
    if delta <= 0:
        return True
    return rng.random() < np.exp(-delta / T)


@accept.style
def accept_in_one_line(delta, T, rng):
    return bool(rng.uniform() < math.exp(-max(delta, 0.0) / T))


@accept.style
def accept_by_threshold(delta, T, rng):
    return delta <= T * rng.exponential()


@accept.style
def accept_by_logarithm(delta, T, rng):
    return delta <= 0 or -T * math.log(1 - rng.random()) > delta


@accept.mistake(
    "You never accept a worse candidate. That is hill climbing: it ends in the first local minimum, at any "
    "temperature. Let a worse one pass with the probability exp(-delta / T)."
)
def only_better(delta, T, rng):
    return delta <= 0


@accept.mistake("You accept everything: a random walk that pays no attention to f. A worse candidate needs a draw.")
def accepts_all(delta, T, rng):
    return True


@accept.mistake(
    "You multiply by the temperature: exp(-delta * T). At delta = T = 1 it is the same, elsewhere it is the wrong way "
    "round: heat makes you choosy. Divide: exp(-delta / T)."
)
def multiplies_by_temperature(delta, T, rng):
    return delta <= 0 or rng.random() < math.exp(-delta * T)


@accept.mistake(
    "The sign in the exponent is missing: exp(+delta / T) is above 1 for everything worse, so you accept all that is "
    "worse and reject what is better."
)
def sign_missing(delta, T, rng):
    return rng.random() < math.exp(min(delta / T, 50))


@accept.mistake(
    "The comparison is reversed: you accept when the draw is *above* exp(-delta / T), so with 1 minus the probability "
    "that is asked for."
)
def comparison_reversed(delta, T, rng):
    return delta <= 0 or rng.random() > math.exp(-delta / T)


@accept.mistake(
    "You accept what is worse with a fixed probability of 1/2, however much worse it is and however cold. "
    "Use exp(-delta / T)."
)
def tosses_a_coin(delta, T, rng):
    return delta <= 0 or rng.random() < 0.5


@accept.mistake(
    "No draw takes part: up to a fixed share of T you always take the candidate, beyond it never. (That is threshold "
    "accepting, another method.) Here chance decides, with the probability exp(-delta / T)."
)
def threshold_without_chance(delta, T, rng):
    return delta < T


@accept.mistake(
    "You draw from a normal distribution: half of its numbers are below 0, so you accept far too much. "
    "Draw uniformly between 0 and 1: rng.random()."
)
def normal_draw(delta, T, rng):
    return delta <= 0 or rng.normal() < math.exp(-delta / T)


@accept.mistake(
    "You use the logistic chance 1 / (1 + exp(delta / T)). It has its uses in physics (Glauber), but it rejects half "
    "of the candidates that are as good. Here these are always taken. Half the points.",
    credit=0.5,
)
def logistic(delta, T, rng):
    return rng.random() < 1 / (1 + math.exp(max(delta / T, -500)))


@accept.mistake(
    "A candidate exactly as good as the current state is rejected: then a walk cannot cross level ground. "
    "Take it: delta <= 0, not delta < 0."
)
def rejects_equals(delta, T, rng):
    return delta < 0 or (delta > 0 and rng.random() < math.exp(-delta / T))


@accept.mistake("The temperature plays no part: you accept with exp(-delta), hot or cold. Divide delta by T.")
def temperature_ignored(delta, T, rng):
    return delta <= 0 or rng.random() < math.exp(-delta)


@accept.mistake("The division stands outside: exp(-delta) / T. It belongs into the exponent: exp(-delta / T).")
def divides_outside(delta, T, rng):
    return delta <= 0 or rng.random() < math.exp(-delta) / T


@accept.mistake(
    "You return a number, it seems the probability itself. The question is whether to accept: draw rng.random(), "
    "compare it with the probability, and return the truth value."
)
def returns_the_probability(delta, T, rng):
    return math.exp(-max(delta, 0) / T)


@accept.mistake(
    "The exponential overflows for a much better candidate at a low temperature: exp of a large positive number. Ask "
    "first whether delta <= 0, or use np.exp(-max(delta, 0) / T)."
)
def overflows_with_a_warning(delta, T, rng):
    return bool(rng.random() < np.exp(np.float64(-delta / T)))


@accept.mistake(
    "math.exp stops with an error for a much better candidate at a low temperature. Return True at once when delta <= "
    "0, and ask for the exponential only after that."
)
def overflows_with_an_error(delta, T, rng):
    return rng.random() < math.exp(-delta / T)


@accept.mistake(
    "You draw from NumPy's global generator. Then nobody can repeat your run: draw from the rng that is passed in."
)
def draws_globally(delta, T, rng):
    return delta <= 0 or bool(np.random.random() < math.exp(-delta / T))  # noqa: NPY002 (that is the mistake)


@accept.mistake("Your power has the base 2: 2 ** (-delta / T). The chance is a power of e: np.exp(-delta / T).")
def power_of_two(delta, T, rng):
    return delta <= 0 or rng.random() < 2 ** (-delta / T)


@accept.mistake(
    "You square delta: exp(-delta**2 / T). What counts is how much worse the candidate is, in units of T: delta / T."
)
def squares_delta(delta, T, rng):
    return delta <= 0 or rng.random() < math.exp(-(delta**2) / T)


@accept.mistake(
    "Your chance is 1 - delta / T, a straight line. It agrees with exp(-delta / T) for small deltas only, and from "
    "delta = T on it is 0."
)
def straight_line(delta, T, rng):
    return delta <= 0 or rng.random() < 1 - delta / T


# ------------------------------------------------------------------------------------------ anneal.geometric


def geometric_cases(rng):
    first = rng.uniform(3, 9, 4)
    return [
        Case({"T0": first[0], "T1": 0.07, "n": 6}, "six temperatures"),
        Case({"T0": first[1], "T1": 0.5, "n": 2}, "the two ends alone"),
        Case({"T0": 100 * first[2], "T1": 0.001, "n": 41}, "a long schedule over five powers of ten"),
        Case({"T0": first[3], "T1": first[3], "n": 3}, "no cooling at all"),
    ]


@exercise(
    "anneal.geometric",
    lesson="09",
    title="A cooling schedule",
    section="Cooling",
    points=1,
    cases=geometric_cases,
    lists=True,
    hints=(
        "Between n temperatures there are n - 1 steps down, and each multiplies by the same number.",
        "n - 1 equal factors take T0 to T1: so the factor is the (n - 1)-th root of T1 / T0.",
        "gamma = (T1 / T0) ** (1 / (n - 1)), and the temperatures are T0 * gamma ** np.arange(n).",
    ),
)
def geometric(T0, T1, n):
    """n temperatures that fall geometrically: each is the same share of the one before.

    T0: the first, T1: the last, T0 >= T1 > 0. n: how many, n >= 2, both ends counted.

    Returns an array (n,).
    """
    gamma = (T1 / T0) ** (1 / (n - 1))
    return T0 * gamma ** np.arange(n)


@geometric.style
def geometric_by_numpy(T0, T1, n):
    return np.geomspace(T0, T1, n)


@geometric.style
def geometric_in_a_loop(T0, T1, n):
    temps, T = [], T0
    for _ in range(n):
        temps.append(T)
        T *= math.exp(math.log(T1 / T0) / (n - 1))
    return temps


@geometric.mistake(
    "Your steps are equal differences, not equal factors: a straight line. Most of its time is spent hot; geometric "
    "cooling spends as long between 10 and 1 as between 1 and 0.1."
)
def arithmetic(T0, T1, n):
    return np.linspace(T0, T1, n)


@geometric.mistake("You return n + 1 temperatures: n counts both ends, so there are n - 1 steps between them.")
def one_too_many(T0, T1, n):
    return np.geomspace(T0, T1, n + 1)


@geometric.mistake(
    "The factor is the n-th root, but n temperatures have n - 1 steps between them: you stop one step above T1."
)
def stops_above_the_end(T0, T1, n):
    return T0 * (T1 / T0) ** (np.arange(n) / n)


@geometric.mistake(
    "You multiply by T1 / T0 at each step, which is the factor of the whole schedule: after one step you are at T1, "
    "and then far below it."
)
def whole_factor_each_step(T0, T1, n):
    return T0 * (T1 / T0) ** np.arange(n)


@geometric.mistake("You cool before you note the first temperature, so T0 is missing. The first one is T0 itself.")
def first_missing(T0, T1, n):
    return T0 * (T1 / T0) ** (np.arange(1, n + 1) / (n - 1))


@geometric.mistake("Your schedule heats: it runs from T1 up to T0. The first temperature is T0.")
def upside_down(T0, T1, n):
    return np.geomspace(T1, T0, n)


@geometric.mistake("The factor 0.95 is fixed: where the schedule ends does not depend on T1. Compute it from T1 / T0.")
def fixed_factor(T0, T1, n):
    return T0 * 0.95 ** np.arange(n)


@geometric.mistake("You divide by the step, T0 / k: that falls fast and then hardly at all, and does not end at T1.")
def harmonic(T0, T1, n):
    return T0 / np.arange(1, n + 1)


@geometric.mistake(
    "You take n steps of the n-th root and leave T0 out: the schedule ends at T1, but begins one step too cold. The "
    "first temperature is T0, and n - 1 steps follow."
)
def begins_one_step_too_cold(T0, T1, n):
    return T0 * (T1 / T0) ** (np.arange(1, n + 1) / n)


@geometric.mistake(
    "np.logspace takes exponents: it runs from 10**T0 to 10**T1. np.geomspace takes the ends themselves."
)
def exponents_for_ends(T0, T1, n):
    return np.logspace(T0, T1, n)


@geometric.mistake("You return the factors without T0 before them: the first temperature is 1 in place of T0.")
def factors_alone(T0, T1, n):
    return (T1 / T0) ** (np.arange(n) / (n - 1))


# -------------------------------------------------------------------------------- anneal.initial_temperature


def temperature_cases(rng):
    def mixed(n, scale):
        better, worse = -rng.exponential(2.5 * scale, n // 3 + 1), rng.exponential(scale, n - n // 3) + 0.05 * scale
        return rng.permutation(np.concatenate([better, worse]))

    return [
        Case({"deltas": mixed(60, 3.0), "p": 0.8}, "sixty moves, eight in ten of the worse to be accepted"),
        Case({"deltas": mixed(40, 0.02), "p": 0.4}, "small differences"),
        Case({"deltas": mixed(200, 500.0), "p": 0.15}, "large differences, and few to be accepted"),
        Case({"deltas": np.array([-0.7, 1.9, -3.1]), "p": 0.65}, "a single move that is worse"),
    ]


@exercise(
    "anneal.initial_temperature",
    lesson="09",
    title="How hot to begin",
    section="How hot to begin",
    points=3,
    cases=temperature_cases,
    rtol=1e-3,
    atol=0.0,
    hints=(
        "Only the moves that make things worse have anything to do with the temperature. At which T is their mean "
        "chance of acceptance p? There is no formula for it, but the mean only grows with T.",
        "Write the mean of exp(-d / T) over the positive deltas d as a function of T. It grows from 0 to 1, so halve "
        "an interval: too low a mean, go hotter; too high, go colder.",
        "worse = deltas[deltas > 0]; low, high = worse.min() / -np.log(p), worse.max() / -np.log(p). A hundred times: "
        "T = (low + high) / 2; if the mean at T is below p, low = T, else high = T.",
    ),
)
def initial_temperature(deltas, p):
    """The temperature at which worse moves are accepted with the mean probability p (Ben-Ameur, 2004).

    deltas: array (n,), what n moves at random changed in f; some are positive (worse), others negative or zero. Only
    the positive ones count: the mean of exp(-delta/T) over them is to be p. p: a number between 0 and 1.

    Returns the number T > 0; three digits are enough.
    """
    worse = deltas[deltas > 0]
    low, high = worse.min() / -np.log(p), worse.max() / -np.log(p)
    for _ in range(100):
        T = (low + high) / 2
        if np.exp(-worse / T).mean() < p:
            low = T
        else:
            high = T
    return T


@initial_temperature.style
def initial_temperature_by_fixed_point(deltas, p):
    worse = deltas[deltas > 0]
    T = -worse.mean() / np.log(p)
    for _ in range(200):
        T *= np.log(np.exp(-worse / T).mean()) / np.log(p)
    return float(T)


@initial_temperature.style
def initial_temperature_by_doubling(deltas, p):
    worse = [d for d in deltas.tolist() if d > 0]

    def chance(T):
        return sum(math.exp(-d / T) for d in worse) / len(worse)

    T = min(worse) / 50
    while chance(T) < p:
        T *= 2
    step = T / 2
    while step > 1e-9 * T:
        T += step if chance(T) < p else -step
        step /= 2
    return T


@initial_temperature.mistake(
    "You solve for the mean delta: -mean / log(p). That is a fair first guess, but the mean of exp(-delta / T) is not "
    "exp of the mean. Search for the T at which the mean *chance* is p. Half the points.",
    credit=0.5,
)
def solves_for_the_mean(deltas, p):
    return -deltas[deltas > 0].mean() / np.log(p)


@initial_temperature.mistake("The sign is missing: log(p) is negative for p below 1, so your temperature is too.")
def negative_temperature(deltas, p):
    return deltas[deltas > 0].mean() / np.log(p)


@initial_temperature.mistake(
    "You take all deltas by their size, the better moves too. A better move is accepted at any temperature: leave out "
    "what is not positive."
)
def sizes_of_all(deltas, p):
    return initial_temperature.reference(np.abs(deltas), p)


@initial_temperature.mistake(
    "You count the better moves in, as accepted with chance 1. Then part of p is reached at any T. The mean is over "
    "the moves that are worse."
)
def counts_the_better(deltas, p):
    d = np.maximum(deltas, 0)
    low, high = 1e-9 * d.max(), 1e9 * d.max()
    for _ in range(200):
        T = math.sqrt(low * high)
        low, high = (T, high) if np.exp(-d / T).mean() < p else (low, T)
    return T


@initial_temperature.mistake("You solve for the largest delta alone; then all others are accepted more often than p.")
def solves_for_the_largest(deltas, p):
    return -deltas.max() / np.log(p)


@initial_temperature.mistake(
    "You solve for the median of the worse moves: half of them then have a chance above p, but the mean chance is not "
    "p."
)
def solves_for_the_median(deltas, p):
    return -np.median(deltas[deltas > 0]) / np.log(p)


@initial_temperature.mistake(
    "You solve exp(-delta / T) = 1 - p: p is the share that is accepted, not the share that is rejected."
)
def share_rejected(deltas, p):
    return initial_temperature.reference(deltas, 1 - p)


@initial_temperature.mistake(
    "You take the mean over all deltas, better ones included: they pull it down, even below 0."
)
def mean_of_all(deltas, p):
    return -deltas.mean() / np.log(p)


@initial_temperature.mistake("You use the logarithm to the base 10. The chance is a power of e: np.log.")
def base_ten(deltas, p):
    return -deltas[deltas > 0].mean() / np.log10(p)


@initial_temperature.mistake("You return 1/T, the inverse temperature. Divide by it: T is in the units of f.")
def inverse_temperature(deltas, p):
    return 1 / initial_temperature.reference(deltas, p)


# -------------------------------------------------------------------------------------------- anneal.two_opt


def two_opt_cases(rng):
    def ask(n, i, j, about):
        return Case({"tour": rng.permutation(n), "i": i, "j": j}, about)

    return [
        ask(9, 2, 6, "a stretch in the middle"),
        ask(8, 0, 4, "a stretch from the first place on"),
        ask(7, 3, 6, "a stretch to the last place"),
        ask(11, 5, 6, "two places side by side"),
        ask(6, 0, 5, "the whole tour"),
        ask(13, 1, 10, "nearly all of it"),
    ]


@exercise(
    "anneal.two_opt",
    lesson="09",
    title="The 2-opt move",
    section="A move for tours",
    points=2,
    cases=two_opt_cases,
    lists=True,
    fresh=True,
    hints=(
        "Cut the tour into three pieces: before place i, from i to j, after j. Which of them changes?",
        "Only the middle piece turns around. Both ends belong to it, so in Python's slices it is tour[i : j + 1].",
        "new = tour.copy(); new[i : j + 1] = tour[i : j + 1][::-1]; return new.",
    ),
)
def two_opt(tour, i, j):
    """The tour with its stretch from place i to place j turned around.

    tour: array (n,) of whole numbers, the cities in the order of the visit. i, j: places, 0 <= i < j <= n - 1; both
    belong to the stretch.

    Returns a new array (n,). Changes nothing it is given.
    """
    new = tour.copy()
    new[i : j + 1] = tour[i : j + 1][::-1]
    return new


@two_opt.style
def two_opt_in_three_pieces(tour, i, j):
    return np.concatenate([tour[:i], tour[i : j + 1][::-1], tour[j + 1 :]])


@two_opt.style
def two_opt_by_swapping(tour, i, j):
    new = tour.tolist()
    while i < j:
        new[i], new[j] = new[j], new[i]
        i, j = i + 1, j - 1
    return new


@two_opt.style
def two_opt_by_places(tour, i, j):
    place = np.arange(len(tour))
    return tour[np.where((place >= i) & (place <= j), i + j - place, place)]


@two_opt.mistake("Place j stays where it is: the slice tour[i:j] ends before j. Write tour[i : j + 1].")
def leaves_out_the_last(tour, i, j):
    new = tour.copy()
    new[i:j] = tour[i:j][::-1]
    return new


@two_opt.mistake("Place i stays where it is: you turn around from i + 1 on. The stretch begins at i.")
def leaves_out_the_first(tour, i, j):
    new = tour.copy()
    new[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1]
    return new


@two_opt.mistake(
    "You swap the two cities and leave all between them as they are. That changes four edges; the 2-opt move turns the "
    "whole stretch around and changes two."
)
def swaps_the_ends(tour, i, j):
    new = tour.copy()
    new[i], new[j] = tour[j], tour[i]
    return new


@two_opt.mistake(
    "You turn the stretch around in the tour that is passed in (tour[i:j+1] = ...), so the current tour changes even "
    "if the move is rejected. Work on a copy."
)
def in_place(tour, i, j):
    tour[i : j + 1] = tour[i : j + 1][::-1].copy()
    return tour


@two_opt.mistake(
    "You copy the tour but turn the stretch around in the original: the caller's tour changes. Write to the copy."
)
def copies_and_spoils(tour, i, j):
    new = tour.copy()
    new[i : j + 1] = tour[i : j + 1][::-1]
    tour[i : j + 1] = new[i : j + 1]
    return new


@two_opt.mistake("You return the stretch alone. The cities before and after it belong to the tour too.")
def stretch_alone(tour, i, j):
    return tour[i : j + 1][::-1].copy()


@two_opt.mistake(
    "The slice tour[j : i - 1 : -1] is empty when i = 0, since i - 1 is then the *last* place: you lose cities. "
    "Turn tour[i : j + 1] around with [::-1]."
)
def loses_cities_at_the_start(tour, i, j):
    return np.concatenate([tour[:i], tour[j : i - 1 : -1], tour[j + 1 :]])


@two_opt.mistake(
    "The slice tour[j : i - 1 : -1] is empty when i = 0, since i - 1 is then the *last* place, and an empty piece does "
    "not fit. Turn tour[i : j + 1] around with [::-1]."
)
def slice_is_empty_at_the_start(tour, i, j):
    new = tour.copy()
    new[i : j + 1] = tour[j : i - 1 : -1]
    return new


@two_opt.mistake("The stretch has moved to the end of the tour. It is turned around where it is, from place i to j.")
def moves_the_stretch(tour, i, j):
    return np.concatenate([tour[:i], tour[j + 1 :], tour[i : j + 1][::-1]])


@two_opt.mistake("You turn around the cities outside the stretch. Those between i and j are to be turned.")
def turns_the_rest(tour, i, j):
    return np.concatenate([tour[:i][::-1], tour[i : j + 1], tour[j + 1 :][::-1]])


@two_opt.mistake("You turn the whole tour around, whatever i and j are. Only the stretch between them turns.")
def turns_everything(tour, i, j):
    return tour[::-1].copy()


@two_opt.mistake(
    "You take i and j for the names of cities and look up their places. They are places already: tour[i] is a city."
)
def places_taken_for_cities(tour, i, j):
    i, j = sorted((int(np.flatnonzero(tour == i)[0]), int(np.flatnonzero(tour == j)[0])))
    return np.concatenate([tour[:i], tour[i : j + 1][::-1], tour[j + 1 :]])


@two_opt.mistake("You shift the stretch by one place in place of turning it around.")
def shifts(tour, i, j):
    return np.concatenate([tour[:i], np.roll(tour[i : j + 1], 1), tour[j + 1 :]])


# -------------------------------------------------------------------------------------- anneal.two_opt_delta


def delta_cases(rng):
    def cities(n):
        xy = rng.uniform(0, 10, (n, 2))
        return np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1)), rng.permutation(n)

    def sweep(n, about, every=1):
        D, tour = cities(n)
        moves = [(i, j) for i in range(n) for j in range(i + 1, n)][::every]
        return Case({"moves": moves, "D": D, "tour": tour}, about, "value", probe="sweep")

    def blind(n, i, j, about):
        D, tour = cities(n)
        known = np.full((n, n), np.nan)
        for a, b in [(i - 1, j), (i, (j + 1) % n), (i - 1, i), (j, (j + 1) % n)]:
            known[tour[a], tour[b]] = known[tour[b], tour[a]] = D[tour[a], tour[b]]
        return Case({"D": known, "tour": tour, "i": i, "j": j}, about, "cheap")

    return [
        sweep(7, "all moves of a tour of seven cities"),
        sweep(12, "some moves of a tour of twelve", every=4),
        sweep(4, "all moves of a tour of four cities"),
        blind(15, 4, 9, "all distances unknown (NaN) but those of the four edges"),
        blind(10, 0, 6, "the same at the first place"),
        blind(10, 3, 9, "the same at the last place"),
    ]


@exercise(
    "anneal.two_opt_delta",
    lesson="09",
    title="What a 2-opt move costs",
    section="A move for tours",
    points=3,
    cases=delta_cases,
    parts=(
        Part("value", 0.7, "equals the new length less the old one, for all places"),
        Part("cheap", 0.3, "looks at the four edges alone"),
    ),
    hints=(
        "Draw a ring of seven cities and turn a stretch around. Nearly all edges stay, only walked the other way. "
        "Which two go, and which two come?",
        "Call the city before the stretch a, its ends b and c, and the city after it d. The edges a-b and c-d go; a-c "
        "and b-d come. The tour is closed: before place 0 is the last place, and after the last is place 0.",
        "a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % n]; return D[a, c] + D[b, d] - D[a, b] - D[c, d]. "
        "One exception: with i = 0 and j = n - 1 the whole ring turns around, and that costs 0.",
    ),
)
def two_opt_delta(D, tour, i, j):
    """What turning around the stretch from place i to place j adds to the length of the closed tour.

    D: array (n, n), the distances, symmetric. tour: array (n,) of cities, n >= 4; after the last comes the first.
    i, j: places, 0 <= i < j <= n - 1; all pairs may occur, even the whole tour.

    Returns a number, negative where the tour gets shorter. Looks at the edges that go and come, at no others (D may be
    NaN elsewhere): four look-ups, however many cities there are.
    """
    n = len(tour)
    if j - i == n - 1:
        return 0.0
    a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % n]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]


@two_opt_delta.style
def two_opt_delta_by_roll(D, tour, i, j):
    before, after = np.roll(tour, 1)[i], np.roll(tour, -1)[j]
    gone = D[before, tour[i]] + D[tour[j], after]
    return float(D[before, tour[j]] + D[tour[i], after] - gone) if before != tour[j] else 0.0


@two_opt_delta.style
def two_opt_delta_by_edges(D, tour, i, j):
    if i == 0 and j == len(tour) - 1:
        return 0
    ends = [int(tour[k % len(tour)]) for k in (i - 1, i, j, j + 1)]
    signs = {(0, 2): 1, (1, 3): 1, (0, 1): -1, (2, 3): -1}
    return sum(sign * D[ends[k]][ends[m]] for (k, m), sign in signs.items())


def tour_of(D, tour):
    return D[tour, np.roll(tour, -1)].sum()


def turned(tour, i, j):
    return np.concatenate([tour[:i], tour[i : j + 1][::-1], tour[j + 1 :]])


@two_opt_delta.mistake(
    "Right, but you add up both whole tours: n look-ups where four do. With 52 cities that makes annealing many times "
    "slower. Only the edges a-b, c-d (gone) and a-c, b-d (new) differ.",
    credit=0.5,
)
def adds_up_everything(D, tour, i, j):
    return tour_of(D, turned(tour, i, j)) - tour_of(D, tour)


@two_opt_delta.mistake(
    "You treat the tour as open: at the first or the last place you count one edge only. It is a ring: before place 0 "
    "is the last place, and after the last is place 0."
)
def open_tour(D, tour, i, j):
    delta = D[tour[i - 1], tour[j]] - D[tour[i - 1], tour[i]] if i > 0 else 0.0
    return delta + (D[tour[i], tour[j + 1]] - D[tour[j], tour[j + 1]] if j < len(tour) - 1 else 0.0)


@two_opt_delta.mistake(
    "tour[j + 1] does not exist when j is the last place. The tour is a ring: write tour[(j + 1) % n]."
)
def runs_off_the_end(D, tour, i, j):
    if i == 0 and j == len(tour) - 1:
        return 0.0
    a, b, c, d = tour[i - 1], tour[i], tour[j], tour[j + 1]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]


@two_opt_delta.mistake(
    "The whole tour (i = 0, j = n - 1) is an exception: there a is c and d is b, and your formula takes the closing "
    "edge off twice. A ring walked backward is as long as before: return 0."
)
def forgets_the_whole_tour(D, tour, i, j):
    a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % len(tour)]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]


def delta_zoo(rule):
    """A family of mistakes in the formula; the whole tour is minded."""

    def delta(D, tour, i, j):
        if i == 0 and j == len(tour) - 1:
            return 0.0
        return rule(D, tour[i - 1], tour[i], tour[j], tour[(j + 1) % len(tour)])

    return delta


@two_opt_delta.mistake("The sign is turned: old length less new. Worse is to be positive, so new edges less old ones.")
def sign_turned(*args):
    return delta_zoo(lambda D, a, b, c, d: D[a, b] + D[c, d] - D[a, c] - D[b, d])(*args)


@two_opt_delta.mistake("You forget the edges that go: a new tour has lost a-b and c-d. Subtract them.")
def only_what_comes(*args):
    return delta_zoo(lambda D, a, b, c, d: D[a, c] + D[b, d])(*args)


@two_opt_delta.mistake(
    "You join a with d and b with c: that cuts the stretch out as a ring of its own. New: a-c and b-d."
)
def cuts_out_a_ring(*args):
    return delta_zoo(lambda D, a, b, c, d: D[a, d] + D[b, c] - D[a, b] - D[c, d])(*args)


@two_opt_delta.mistake("You count one of the two cuts only. The stretch has two ends, and an edge changes at each.")
def one_cut_only(*args):
    return delta_zoo(lambda D, a, b, c, d: D[a, c] - D[a, b])(*args)


@two_opt_delta.mistake(
    "Your cuts lie after place i and after place j. Then the stretch would begin at i + 1; here place i belongs to it, "
    "so the first cut lies before i."
)
def cuts_after_i(D, tour, i, j):
    if i == 0 and j == len(tour) - 1:
        return 0.0
    a, b, c, d = tour[i], tour[i + 1], tour[j], tour[(j + 1) % len(tour)]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]


@two_opt_delta.mistake(
    "You look up D at the places i and j, not at the cities that stand there. The cities are tour[i] and tour[j]."
)
def places_for_cities(D, tour, i, j):
    n = len(tour)
    if i == 0 and j == n - 1:
        return 0.0
    return D[i - 1, j] + D[i, (j + 1) % n] - D[i - 1, i] - D[j, (j + 1) % n]


@two_opt_delta.mistake(
    "You return 0 whenever the stretch begins at place 0 or ends at the last. Only the *whole* tour is an exception, "
    "both at once; else the neighbor of place 0 is the last place, and two edges change as everywhere."
)
def nothing_at_the_ends(D, tour, i, j):
    return 0.0 if i == 0 or j == len(tour) - 1 else two_opt_delta.reference(D, tour, i, j)


@two_opt_delta.mistake("One edge that goes is missing: both a-b and c-d are cut. Subtract both.")
def three_edges(*args):
    return delta_zoo(lambda D, a, b, c, d: D[a, c] + D[b, d] - D[a, b])(*args)


@two_opt_delta.mistake("You return the length of the new tour. What is asked for is how much longer it is than before.")
def new_length(D, tour, i, j):
    return tour_of(D, turned(tour, i, j))


# ------------------------------------------------------------------------------------------------ anneal.run

HOT, COLD = 1e9, 1e-9  # there everything is accepted, here nothing that is worse: no draw matters


def telling(heights, start, strides, temps):
    """Whether the lowest values met by the walk, one after the other, are others than those of hill climbing."""

    def lows(steps):
        x, met = start, [heights[start]]
        for T, stride in zip(steps, strides, strict=True):
            z = heights[(x + stride) % len(heights)]
            x = x + stride if T == HOT or z <= heights[x % len(heights)] else x
            met.append(heights[x % len(heights)])
        return np.minimum.accumulate(met)

    return not np.array_equal(lows(temps), lows([COLD] * len(temps)))


def run_cases(rng):
    def draw(ring, temps, x0):
        heights = rng.permutation(np.arange(ring) * 1.7 + rng.uniform(-4, 4))
        start = {"lowest": heights.argmin(), "highest": heights.argmax()}.get(x0, rng.integers(ring))
        away = [1, 2] if x0 == "lowest" else [-3, -2, -1, 1, 2, 3]  # from the lowest it does not come back
        return heights, int(start), rng.choice(away, size=len(temps)).tolist()

    def walk(ring, temps, x0, about):
        heights, start, strides = draw(ring, temps, x0)
        while x0 == "highest" and not telling(heights, start, strides, temps):
            heights, start, strides = draw(ring, temps, x0)
        args = {"f": Given("heights", {"heights": heights}), "x0": np.array([float(start)])}
        args |= {"neighbor": Given("strides", {"strides": strides}), "temps": np.array(temps, dtype=float)}
        return Case(args | {"rng": Given("rng", {"seed": int(rng.integers(2**31))})}, about)

    def stairs(T, chance):
        climb = Given("heights", {"heights": T * math.log(1 / chance) * np.arange(TIMES[chance] + 1)})
        args = {"f": climb, "x0": np.array([0.0]), "neighbor": Given("strides", {"strides": [1]})}
        args |= {"temps": np.full(TIMES[chance], T), "rng": Given("rng", {"seed": int(rng.integers(2**31))})}
        return Case(args, f"{TIMES[chance]} steps that are all equally worse, at T = {T:g}")

    mixed = np.where(rng.random(40) < 0.45, HOT, COLD)
    mixed[[0, -1]] = HOT, COLD
    return [
        walk(13, mixed, "highest", "forty steps, now hot, now cold, on a ring of thirteen heights"),
        walk(9, [HOT] * 6, "any", "six steps so hot that each is taken"),
        walk(11, [HOT] * 5, "lowest", "a start that is the lowest of all"),
        walk(17, [HOT] * 5 + [COLD] * 20, "any", "five hot steps, then twenty cold ones"),
        walk(8, [HOT], "any", "a single step"),
        stairs(2.6, 0.35),
        stairs(0.3, 0.6),
    ]


FIELDS = ("best_x", "best_f", "history")


def judged_run(case, outcome, expected):
    """The walk, where no chance is in it; else its shapes, and the share of the steps that were taken."""
    steps = len(case.args["temps"])
    fault = mismatch(outcome.value, expected.value, atol=np.inf, lists=True)  # kinds, shapes and NaN alone
    if fault:
        return _named(fault, FIELDS) + fault.text
    if any(outcome.calls[name] > expected.calls[name] + 1 for name in ("f", "neighbor")):
        return "It calls f or neighbor more than once a step. Keep the value of the current state: it is known."
    if steps not in TIMES.values():
        fault = mismatch(outcome.value, expected.value, lists=True)
        return fault and f"{_named(fault, FIELDS)}{fault.text} {_differences(outcome, expected)}"
    history, climb = np.asarray(outcome.value[2], dtype=float), case.args["f"].data["heights"][1]
    return too_often((history[-1] - history[0]) / climb / steps, math.exp(-climb / case.args["temps"][0]))


def _named(fault, fields):
    """The field that a fault is in, before its sentence."""
    return fields[fault.path[0]] + ": " if fault.path else ""


def _differences(outcome, expected):
    """How two walks of the same length differ; no chance is in them."""
    got, sought = (np.asarray(o.value[2], dtype=float) for o in (outcome, expected))
    apart = np.flatnonzero(~np.isclose(got, sought))
    right = np.isclose(outcome.value[1], expected.value[1])
    got_best, sought_best = show(outcome.value[1]), show(expected.value[1])
    best = "best_f is right;" if right else f"best_f is {got_best}, it should be {sought_best};"
    if not len(apart):
        return f"{best} the history is right."
    k = int(apart[0])
    return (f"{best} {len(apart)} of {len(got)} values of the history differ, the first is number {k}: "
            f"{show(got[k])}, it should be {show(sought[k])}.")  # fmt: skip


@exercise(
    "anneal.run",
    lesson="09",
    title="The whole of simulated annealing",
    section="The whole loop",
    points=4,
    cases=run_cases,
    judge=judged_run,
    hints=(
        "Two states need a name each: the one where you are, and the best you have seen. Which of them gets the next "
        "neighbor, and which is compared with it?",
        "One pass for each temperature: a neighbor of the *current* state, its value, the difference to the *current* "
        "value, the decision. If it is taken it becomes current; if it is also below the best, it becomes the best. "
        "Then note the current value.",
        "Begin with x, y = x0, f(x0); best_x, best_y = x, y; history = [y]. For T in temps: c = neighbor(x, rng); "
        "z = f(c); if z <= y or rng.random() < np.exp(-(z - y) / T): x, y = c, z; then mind the best and append y.",
    ),
)
def anneal(f, x0, neighbor, temps, rng):
    """Simulated annealing: walk by random moves, take what is better, and worse with the probability exp(-delta/T).

    f: a function of a state to a number, to be minimized. x0: the first state, an array. neighbor: a function
    (x, rng) to a new state near x. temps: array (n,), one temperature a step. rng: `numpy.random.Generator`.

    Returns (best_x, best_f, history): the best state met, x0 included, its value, and the values of the *current* state
    at the start and after each step, an array (n + 1,). Calls f once at the start, then f and neighbor once a step.
    Changes nothing it is given.
    """
    x, y = x0, f(x0)
    best_x, best_y, history = x, y, [y]
    for T in temps:
        c = neighbor(x, rng)
        z = f(c)
        if z <= y or rng.random() < np.exp(-(z - y) / T):
            x, y = c, z
        if y < best_y:
            best_x, best_y = x, y
        history.append(y)
    return best_x, best_y, np.array(history)


@anneal.style
def anneal_with_thresholds(f, x0, neighbor, temps, rng):
    room = temps * rng.exponential(size=len(temps))
    xs, ys = [np.array(x0)], [float(f(x0))]
    for h in room:
        c = neighbor(xs[-1], rng)
        z = float(f(c))
        taken = z - ys[-1] <= h
        xs.append(c if taken else xs[-1])
        ys.append(z if taken else ys[-1])
    k = int(np.argmin(ys))
    return xs[k].copy(), ys[k], ys


@anneal.style
def anneal_into_an_array(f, x0, neighbor, temps, rng):
    history = np.empty(len(temps) + 1)
    x = best = x0.copy()
    history[0] = low = f(x)
    for t, T in enumerate(temps):
        u = rng.random()
        candidate = neighbor(x, rng)
        value = f(candidate)
        delta = value - history[t]
        if delta <= 0 or u < math.exp(-delta / T):
            x, history[t + 1] = candidate, value
            if value < low:
                best, low = candidate.copy(), value
        else:
            history[t + 1] = history[t]
    return best, low, history


def taken(delta, T, rng):
    return delta <= 0 or rng.random() < math.exp(-delta / T)


def anneal_zoo(take=taken, center=lambda x, x0, best: x, judge=lambda y, y0, low: y, note=lambda y, z, low: y):
    """A family of mistakes: who decides, whose neighbor is tried, what it is compared with, what is noted."""

    def search(f, x0, neighbor, temps, rng):
        x, y = x0.copy(), f(x0)
        best, low, y0, history = x, y, y, [y]
        for T in temps:
            c = neighbor(center(x, x0, best), rng)
            z = f(c)
            if take(z - judge(y, y0, low), T if take is not never_cools else temps[0], rng):
                x, y = c, z
            if y < low:
                best, low = x, y
            history.append(note(y, z, low))
        return best, low, np.array(history)

    return search


def never_cools(delta, T, rng):
    return taken(delta, T, rng)


@anneal.mistake(
    "You return the state where the walk ended, not the best it has met. A hot walk leaves the best behind: keep it in "
    "a variable of its own."
)
def returns_the_last(f, x0, neighbor, temps, rng):
    _, _, history, x = _walk(f, x0, neighbor, temps, rng)
    return x, history[-1], history


def _walk(f, x0, neighbor, temps, rng):
    x, y = x0.copy(), f(x0)
    best, low, history = x, y, [y]
    for T in temps:
        c = neighbor(x, rng)
        z = f(c)
        if taken(z - y, T, rng):
            x, y = c, z
        if y < low:
            best, low = x, y
        history.append(y)
    return best, low, np.array(history), x


@anneal.mistake(
    "Your best begins as None or infinity and the start never counts. Where no later state is better than x0, you "
    "return something worse, or nothing. Begin with the best at x0."
)
def start_never_counts(f, x0, neighbor, temps, rng):
    x, y = x0.copy(), f(x0)
    best, low, history = None, np.inf, [y]
    for T in temps:
        c = neighbor(x, rng)
        z = f(c)
        if taken(z - y, T, rng):
            x, y = c, z
            if y < low:
                best, low = x, y
        history.append(y)
    return best, low, np.array(history)


@anneal.mistake(
    "You compare the candidate with the *best* value. Once the walk is above it, nearly everything counts as worse: "
    "the walk freezes, or jumps at random. Compare with the current value."
)
def compares_with_the_best(*args):
    return anneal_zoo(judge=lambda y, y0, low: low)(*args)


@anneal.mistake(
    "You compare each candidate with the value of the start: the current value has to be replaced when a candidate is "
    "taken."
)
def compares_with_the_start(*args):
    return anneal_zoo(judge=lambda y, y0, low: y0)(*args)


@anneal.mistake(
    "You ask for neighbors of x0 in every step, so the search never gets further than one move from the start. Ask for "
    "neighbors of the current state."
)
def neighbors_of_the_start(*args):
    return anneal_zoo(center=lambda x, x0, best: x0)(*args)


@anneal.mistake(
    "You ask for neighbors of the best state, not of the current one: a worse state may be taken, but nothing ever "
    "starts from it, so no barrier is crossed."
)
def neighbors_of_the_best(*args):
    return anneal_zoo(center=lambda x, x0, best: best)(*args)


@anneal.mistake(
    "You take better candidates only, so the temperatures play no part: hill climbing in disguise. Take a worse one "
    "with the probability exp(-delta / T)."
)
def climbs_in_disguise(*args):
    return anneal_zoo(take=lambda delta, T, rng: delta <= 0)(*args)


@anneal.mistake(
    "The temperature never falls: you use the first one in every step, or compute it outside the loop. Use one of "
    "temps a step, in their order."
)
def stays_hot(*args):
    return anneal_zoo(take=never_cools)(*args)


@anneal.mistake("You take every candidate, whatever the temperature: a random walk. A worse one needs a draw.")
def takes_everything(*args):
    return anneal_zoo(take=lambda delta, T, rng: True)(*args)


@anneal.mistake(
    "You accept with exp(-delta * T). That is right at delta = T = 1 and nowhere else: the hotter, the choosier. "
    "Divide by T."
)
def heat_makes_choosy(*args):
    return anneal_zoo(take=lambda delta, T, rng: delta <= 0 or rng.random() < math.exp(-delta * T))(*args)


@anneal.mistake(
    "Your history holds the best value so far, which only falls. The contract asks for the value of the current state: "
    "its ups and downs show whether the walk is hot."
)
def history_of_the_best(*args):
    return anneal_zoo(note=lambda y, z, low: low)(*args)


@anneal.mistake(
    "Your history holds the candidates, the rejected ones too. Note the value of the current state: after a rejection "
    "it is the same as before."
)
def history_of_candidates(*args):
    return anneal_zoo(note=lambda y, z, low: z)(*args)


@anneal.mistake("The start is missing from your history: it has n + 1 values, the first of them f(x0).")
def history_without_the_start(*args):
    best, low, history, _ = _walk(*args)
    return best, low, history[1:]


@anneal.mistake(
    "You ask f again for values that are known, several times a step. f is what costs: keep the value of the current "
    "and of the best state beside them. Three quarters of the points.",
    credit=0.75,
)
def asks_again_and_again(f, x0, neighbor, temps, rng):
    x = best = x0.copy()
    history = [f(x)]
    for T in temps:
        c = neighbor(x, rng)
        if f(c) <= f(x) or rng.random() < math.exp(-(f(c) - f(x)) / T):
            x = c
        if f(x) < f(best):
            best = x
        history.append(f(x))
    return best, f(best), np.array(history)


@anneal.mistake(
    "You write candidates into the array that also holds the best state (x[...] = c), so the best moves along with the "
    "walk. Make it a new name, x = c, or keep the best as a copy."
)
def best_moves_along(f, x0, neighbor, temps, rng):
    x, y = x0.copy(), f(x0)
    best, low, history = x, y, [y]
    for T in temps:
        c = neighbor(x, rng)
        z = f(c)
        if taken(z - y, T, rng):
            x[...], y = c, z
        if y < low:
            best, low = x, y
        history.append(y)
    return best, low, np.array(history)


@anneal.mistake(
    "You note the current value only when a candidate is taken, so the history is shorter than the run. After a "
    "rejection the walk stands where it was: note its value again."
)
def history_of_what_is_taken(f, x0, neighbor, temps, rng):
    best, low, history, _ = _walk(f, x0, neighbor, temps, rng)
    return best, low, np.concatenate([history[:1], history[1:][np.diff(history) != 0]])


@anneal.mistake(
    "The sign of delta is turned: you take what is worse for certain, and what is better with the probability. Delta "
    "is the candidate's value less the current one."
)
def prefers_the_worse(*args):
    return anneal_zoo(take=lambda delta, T, rng: taken(-delta, T, rng))(*args)


@anneal.mistake(
    "One number is drawn before the loop and decides all steps. Each decision needs a draw of its own: call "
    "rng.random() inside the loop."
)
def one_draw_for_all(f, x0, neighbor, temps, rng):
    u = rng.random()
    return anneal_zoo(take=lambda delta, T, rng: delta <= 0 or u < math.exp(-delta / T))(f, x0, neighbor, temps, rng)


@anneal.mistake(
    "You return the value first and then the state. The contract is (best_x, best_f, history)."
)  # fmt: skip
def value_before_state(*args):
    best, low, history, _ = _walk(*args)
    return low, best, history


# ------------------------------------------------------------------------------------------- anneal.restarts


def restart_cases(rng):
    def ask(ring, m, budget, about):
        heights = rng.permutation(np.arange(ring) * 1.3 + rng.uniform(-30, 5))
        starts = rng.choice(ring, size=(m, 1), replace=False).astype(float)
        args = {"f": Given("heights", {"heights": heights}), "starts": starts, "local": Given("downhill")}
        return Case(args | {"budget": budget}, about)

    return [
        ask(90, 12, 31, "a budget that ends in the middle of a search"),
        ask(60, 5, 1000, "a budget for more than all starts"),
        ask(80, 9, 1, "a budget for one value"),
        ask(120, 30, 77, "many starts"),
        ask(100, 25, 52, "a budget for about half of the starts"),
    ]


def judged_restarts(case, outcome, expected):
    """The answer, and how often f was asked."""
    fault = mismatch(outcome.value, expected.value)
    if fault:
        if "differ" not in fault.text:
            return _named(fault, ("x", "y")) + fault.text
        found = f"It asked f {outcome.calls['f']} times and found {show(outcome.value[1])}."
        return f"{_named(fault, ('x', 'y'))}{fault.text} {found}"
    asked, allowed = outcome.calls["f"], expected.calls["f"]
    if asked > case.args["budget"]:
        return "It spends more than the budget: each search may use what the ones before have left."
    return None if asked == allowed else "It does not search in each start until the budget is used up."


@exercise(
    "anneal.restarts",
    lesson="09",
    title="The rival: restarts on a budget",
    section="A fair rival: restarts",
    points=2,
    cases=restart_cases,
    judge=judged_restarts,
    fresh=True,
    starred=True,
    hints=(
        "It is one budget for all searches together. What has to be carried from one to the next?",
        "Keep what is left of the budget. Each search gets all that is left, tells what it used, and that is taken "
        "off; when nothing is left, or no start, it ends. The best of all ends is the answer.",
        "left, best_y = budget, np.inf; for x0 in starts: if left <= 0: break; x, y, used = local(f, x0, left); "
        "left -= used; if y < best_y: best_x, best_y = x, y.",
    ),
)
def restarts(f, starts, local, budget):
    """Local search from one start after the other, until the budget is used up; the best end of all.

    f: a function to be minimized. starts: array (m, d), m >= 1. local: a function (f, x, most) that searches from x,
    asks f at most `most` times, and returns (x, y, used): where it ended, the value there, how often it asked.
    budget: how often f may be asked in all, a whole number >= 1; the last search may be cut short by it.

    Returns (x, y): the best end, an array (d,), and its value.
    """
    best_x, best_y, left = starts[0].copy(), np.inf, budget
    for x0 in starts:
        if left <= 0:
            break
        x, y, used = local(f, x0, left)
        left -= used
        if y < best_y:
            best_x, best_y = x, y
    return best_x, best_y


@restarts.style
def restarts_in_a_while_loop(f, starts, local, budget):
    ends, spent, k = [], 0, 0
    while spent < budget and k < len(starts):
        x, y, used = local(f, starts[k].copy(), budget - spent)
        ends.append((y, k, x))
        spent += used
        k += 1
    y, _, x = min(ends, key=lambda end: end[:2])
    return x, y


@restarts.style
def restarts_by_recursion(f, starts, local, budget):
    x, y, used = local(f, starts[0], budget)
    if used >= budget or len(starts) == 1:
        return x, y
    x2, y2 = restarts_by_recursion(f, starts[1:], local, budget - used)
    return (x2, y2) if y2 < y else (x, y)


def restarts_zoo(
    most=lambda left, budget, m: left,
    pick=lambda k: k,
    better=lambda y, low: y < low,
    cost=lambda used: used,
):
    """A family of mistakes: what each search may spend, where it starts, which end is kept, what is taken off."""

    def search(f, starts, local, budget):
        best, low, left = starts[0].copy(), None, budget
        for k in range(len(starts)):
            if left <= 0:
                break
            x, y, used = local(f, starts[pick(k)], most(left, budget, len(starts)))
            left -= cost(used)
            if low is None or better(y, low):
                best, low = x, y
        return best, low

    return search


@restarts.mistake(
    "Each start gets the whole budget, and nothing is taken off: with m starts you spend m times what was allowed."
)
def budget_for_each(*args):
    return restarts_zoo(most=lambda left, budget, m: budget, cost=lambda used: 0)(*args)


@restarts.mistake(
    "You take off what was used, but each search is allowed the whole budget again: the last one overdraws. Allow it "
    "what is left."
)
def last_one_overdraws(*args):
    return restarts_zoo(most=lambda left, budget, m: budget)(*args)


@restarts.mistake("You return the end of the last search. It was one of many: keep the best.")
def last_end(*args):
    return restarts_zoo(better=lambda y, low: True)(*args)


@restarts.mistake(
    "Every search begins at the first start, so all end at the same place. Use one start after the other."
)
def same_start(*args):
    return restarts_zoo(pick=lambda k: 0)(*args)


@restarts.mistake("You keep the end with the *largest* value. We minimize: smaller is better.")
def keeps_the_worst(*args):
    return restarts_zoo(better=lambda y, low: y > low)(*args)


@restarts.mistake("You keep the first end and never look at the others: y < best has to be asked after each search.")
def first_end(*args):
    return restarts_zoo(better=lambda y, low: False)(*args)


@restarts.mistake(
    "You divide the budget evenly among the starts. Searches that end early then leave money unspent, and others are "
    "cut off: give each what is left."
)
def even_shares(*args):
    return restarts_zoo(most=lambda left, budget, m: max(1, budget // m))(*args)


@restarts.mistake("You count searches, not calls of f: the budget falls by `used`, the third thing that local returns.")
def counts_searches(*args):
    return restarts_zoo(cost=lambda used: 1)(*args)
