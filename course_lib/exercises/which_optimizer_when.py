"""The exercises of lesson 12: a fair table of runs, an interval for a difference, a profile, and verdicts."""

from contextlib import suppress
from functools import lru_cache

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# --------------------------------------------------------------------------------------------------- trial.suite


def suite_cases(rng):
    def problem(scale):
        return Given("parabola", {"center": float(rng.uniform(-2, 2) * scale)})

    def case(searches, problems, budget, seeds, about, part="table"):
        methods = [Given("searcher", dict(zip(("reach", "asks", "walks"), one, strict=True))) for one in searches]
        args = {"methods": methods, "problems": [problem(scale) for scale in problems], "budget": budget}
        return Case(args | {"seeds": seeds}, about, part)

    some = [int(seed) for seed in rng.choice(1000, size=4, replace=False)]
    return [
        case([(3.0, 7, False), (0.9, 7, True)], (1, 2, 3), 7, some, "two searches that keep to the budget"),
        case([(4.0, 6, False), (1.1, 6, True), (2.0, 6, False)], (1, 1), 6, some[:3], "three searches, two problems"),
        case([(2.5, 5, False)], (2, 1), 5, some[1:], "one search alone"),
        case([(3.0, 5, False), (3.0, 40, False)], (1, 2, 2), 5, some, "one search asks far more often", "budget"),
        case([(0.8, 30, True), (4.0, 9, False)], (2, 1), 9, some[:3], "a walk that goes on and on", "budget"),
        case([(3.0, 3, False), (2.0, 11, True)], (1, 3), 12, some[:2], "both spend less than they may", "budget"),
    ]


@exercise(
    "trial.suite",
    lesson="12",
    title="Everybody, everywhere, with every seed",
    section="Plan before you run",
    points=4,
    cases=suite_cases,
    lists=True,
    parts=(
        Part("table", 0.6, "has a number for each method, problem and seed"),
        Part("budget", 0.4, "counts no answer beyond the budget"),
    ),
    hints=(
        "Three loops, one inside the other. Inside all of them: a fresh generator, a fresh count, one search.",
        "A search gets a function of yours, not f itself: yours asks f, and writes the answer down. The best of the "
        "first `budget` answers is what counts, whatever the search returns.",
        "Inside the loops: answers = []; def ask(x): answers.append(f(x)); return answers[-1]; then search(ask, "
        "np.random.default_rng(seed)); best[i, j, k] = min(answers[:budget]).",
    ),
)
def run_suite(methods, problems, budget, seeds):
    """Run every method on every problem with every seed, at equal cost, and keep the best value of each run.

    methods: list of searches, each a function (ask, rng) that puts questions ask(x) and draws from the generator rng.
    problems: list of functions x to a number. budget: how many answers of a run count. seeds: list of whole numbers.

    A run gets a generator of its own, np.random.default_rng(seed), so that all methods meet a problem with the same
    chances. Its result is the smallest of the first `budget` answers it was given: what it asks beyond does not
    count, and what a search returns is not to be trusted. Every search asks at least once, and ends by itself.

    Returns an array (methods, problems, seeds).
    """
    best = np.empty((len(methods), len(problems), len(seeds)))
    for i, search in enumerate(methods):
        for j, f in enumerate(problems):
            for k, seed in enumerate(seeds):
                answers = []

                def ask(x, f=f, answers=answers):
                    answers.append(f(x))
                    return answers[-1]

                search(ask, np.random.default_rng(seed))
                best[i, j, k] = min(answers[:budget])
    return best


@run_suite.style
def suite_with_a_counter(methods, problems, budget, seeds):
    class Counted:
        def __init__(self, f):
            self.f, self.left, self.best = f, budget, np.inf

        def __call__(self, x):
            y = self.f(x)
            if self.left > 0:
                self.left, self.best = self.left - 1, min(self.best, y)
            return y

    def one(search, f, seed):
        asked = Counted(f)
        search(asked, np.random.default_rng(seed))
        return asked.best

    return [[[one(search, f, seed) for seed in seeds] for f in problems] for search in methods]


@run_suite.style
def suite_that_stops_the_search(methods, problems, budget, seeds):
    class Spent(Exception):
        pass

    table = np.full((len(methods), len(problems), len(seeds)), np.inf)
    for i, j, k in np.ndindex(table.shape):
        count = 0

        def ask(x, i=i, j=j, k=k):
            nonlocal count
            if count == budget:
                raise Spent
            count += 1
            y = problems[j](x)
            table[i, j, k] = min(table[i, j, k], y)
            return y

        with suppress(Spent):
            methods[i](ask, np.random.default_rng(seeds[k]))
    return table


def heard(search, f, rng):
    """All answers of one run, and what the search returned."""
    answers = []

    def ask(x):
        answers.append(f(x))
        return answers[-1]

    return answers, search(ask, rng)


def suite_of(result=lambda answers, said, budget: min(answers[:budget]), draw=lambda seed, i: seed):
    """A family of mistakes: what counts as the result of a run, and which seed it gets."""

    def suite(methods, problems, budget, seeds):
        return np.array([[[result(*heard(search, f, np.random.default_rng(draw(seed, i))), budget) for seed in seeds]
                          for f in problems] for i, search in enumerate(methods)])  # fmt: skip

    return suite


@run_suite.mistake(
    "You count all answers, also those beyond the budget, so whoever asks more often wins. Only the first `budget` of "
    "a run count."
)
def budget_not_enforced(*args):
    return suite_of(lambda answers, said, budget: min(answers))(*args)


@run_suite.mistake("One answer too many counts: the first `budget` of them are answers[:budget].")
def one_answer_too_many(*args):
    return suite_of(lambda answers, said, budget: min(answers[: budget + 1]))(*args)


@run_suite.mistake("One answer too few counts: with a budget of 5 the fifth still belongs to it.")
def one_answer_too_few(*args):
    return suite_of(lambda answers, said, budget: min(answers[: budget - 1]))(*args)


@run_suite.mistake(
    "You take what the search returns for its result. A search may say anything; write down the answers it was given, "
    "and take the smallest."
)
def trusts_the_search(*args):
    return suite_of(lambda answers, said, budget: said)(*args)


@run_suite.mistake("You keep the last answer within the budget. The result of a run is the smallest of them.")
def last_answer(*args):
    return suite_of(lambda answers, said, budget: answers[:budget][-1])(*args)


@run_suite.mistake("You keep the largest answer. We minimize: the smallest counts.")
def largest_answer(*args):
    return suite_of(lambda answers, said, budget: max(answers[:budget]))(*args)


@run_suite.mistake(
    "You report the mean of the answers of a run. A search that explores boldly is punished for it; what it has found "
    "is its smallest answer."
)
def mean_answer(*args):
    return suite_of(lambda answers, said, budget: float(np.mean(answers[:budget])))(*args)


@run_suite.mistake(
    "Each run uses the same seed, so thirty runs are one run thirty times over. Use np.random.default_rng(seed) with "
    "the seed of the run."
)
def one_seed_for_all(methods, problems, budget, seeds):
    return suite_of(draw=lambda seed, i: seeds[0])(methods, problems, budget, seeds)


@run_suite.mistake(
    "Each method gets seeds of its own, so their runs are no pairs: one may have had the luckier draws. Give the k-th "
    "run of every method the k-th seed."
)
def other_seeds_for_each(*args):
    return suite_of(draw=lambda seed, i: seed + i + 1)(*args)


@run_suite.mistake(
    "One generator serves all runs, so a run depends on those before it, and a method more changes everybody's "
    "numbers. Make a fresh one for each run."
)
def one_generator_for_all(methods, problems, budget, seeds):
    rng = np.random.default_rng(seeds[0])
    return np.array([[[min(heard(search, f, rng)[0][:budget]) for _ in seeds] for f in problems] for search in methods])


@run_suite.mistake(
    "You pick the best seed and leave out the others. A table of lucky runs shows who ran most often; keep a number "
    "for each seed."
)
def picks_the_best_seed(*args):
    return suite_of()(*args).min(axis=-1)


@run_suite.mistake(
    "You average over the seeds. Then nobody can compute an interval any more: keep a number for each seed."
)
def averages_the_seeds(*args):
    return suite_of()(*args).mean(axis=-1)


@run_suite.mistake("The axes are in another order: methods first, then problems, then seeds.")
def axes_in_another_order(*args):
    return suite_of()(*args).transpose(2, 1, 0)


@run_suite.mistake(
    "The budget is shared by all runs of a method, so the later ones get nothing. Begin to count anew in each run."
)
def budget_for_the_whole_suite(methods, problems, budget, seeds):
    def results(search):
        left = budget
        for f in problems:
            for seed in seeds:
                answers = heard(search, f, np.random.default_rng(seed))[0][:left]
                left -= len(answers)
                yield min(answers, default=np.inf)

    shape = len(methods), len(problems), len(seeds)
    return np.array([list(results(search)) for search in methods]).reshape(shape)


@run_suite.mistake(
    "The generator gets the position of the seed, 0, 1, 2 and so on, in the place of the seed itself. Go through the "
    "seeds, not through their positions."
)
def position_for_the_seed(methods, problems, budget, seeds):
    return suite_of()(methods, problems, budget, range(len(seeds)))


@run_suite.mistake(
    "There is one generator for each seed, and all runs with this seed share it: each goes on where the one before "
    "stopped. Make a fresh one inside the loops, for each run."
)
def one_generator_for_each_seed(methods, problems, budget, seeds):
    made = {seed: np.random.default_rng(seed) for seed in seeds}
    return np.array([[[min(heard(search, f, made[seed])[0][:budget]) for seed in seeds] for f in problems]
                     for search in methods])  # fmt: skip


@run_suite.mistake(
    "The list of answers is never emptied, so each run is credited with the answers of those before it. Begin a new "
    "one in each run."
)
def answers_never_emptied(methods, problems, budget, seeds):
    answers, best = [], np.empty((len(methods), len(problems), len(seeds)))
    for i, j, k in np.ndindex(best.shape):
        answers += heard(methods[i], problems[j], np.random.default_rng(seeds[k]))[0]
        best[i, j, k] = min(answers[:budget])
    return best


@run_suite.mistake("You keep the last `budget` answers of a run. It is the first ones that it could afford.")
def last_answers(*args):
    return suite_of(lambda answers, said, budget: min(answers[-budget:]))(*args)


@run_suite.mistake(
    "You report the median of the answers of a run. What a run has found is its smallest answer; a median is for many "
    "runs."
)
def median_answer(*args):
    return suite_of(lambda answers, said, budget: float(np.median(answers[:budget])))(*args)


@run_suite.mistake(
    "Your ask gives the search the best answer so far, not the answer at x. The search goes by what it is told: hand "
    "back f(x), and keep the smallest for yourself."
)
def answers_with_the_best(methods, problems, budget, seeds):
    def one(search, f, seed):
        answers = []

        def ask(x):
            answers.append(f(x))
            return min(answers)

        search(ask, np.random.default_rng(seed))
        return min(answers[:budget])

    return np.array([[[one(search, f, seed) for seed in seeds] for f in problems] for search in methods])


# ------------------------------------------------------------------------------------------------- trial.interval

MANY = 2000  # resamples that the cases ask for


def interval_cases(rng):
    def case(n, noise, shift, about, level=0.9, last=0.0):
        """Both methods suffer from a hard seed, so that they are correlated and the pairs matter.

        ``last`` makes the last seed an outlier: whoever never draws it is found out.
        """
        luck, scale = rng.exponential(size=n), float(rng.uniform(0.5, 3))
        a, b = scale * (3 * luck + shift), scale * (3 * luck + noise * rng.exponential(size=n) - noise)
        a[-1] += scale * last
        args = {"a": a, "b": b, "rng": Given("rng", {"seed": int(rng.integers(2**31))}), "n": MANY, "level": level}
        return Case({"times": 2} | args, about, probe="replay")

    return [
        case(30, 1.0, 1.3, "thirty seeds, a clear difference"),
        case(41, 1.5, 0.3, "forty-one seeds, a small difference"),
        case(24, 0.8, -1.1, "twenty-four seeds, a difference the other way"),
        case(36, 1.2, 2.1, "a 60% interval", 0.6),
        case(25, 1.0, 0.5, "the last seed is an outlier", 0.8, 5.0),
    ]


@lru_cache(maxsize=64)
def _resampled(data):
    """The means of very many resamples of the differences, sorted; the judge's own, (200 000,)."""
    d, rng = np.frombuffer(data), np.random.default_rng(1)
    return np.sort(np.concatenate([d[rng.integers(len(d), size=(20_000, len(d)))].mean(axis=1) for _ in range(10)]))


# A quantile of n = 2000 resampled means is off by a standard error of 0.047 of the spread of the means at 5 %, of 0.038
# at 10 %, of 0.032 at 20 % and, where the data are lopsided, of up to 0.06. 0.28 of the spread is more than four and a
# half of these; in 600 cases the largest error was 0.15. The nearest mistakes, the last seed never drawn and all of the
# rest cut off at each end, are off by 0.32 or more and by 0.36.
ROOM = 0.28


def judge_interval(case, outcome, expected):
    """Both ends within `ROOM` of what very many resamples say; else how the interval departs."""
    pair = ends_of(outcome.value)
    if isinstance(pair, str):
        return pair
    args = case.args
    means = _resampled((args["a"] - args["b"]).tobytes())
    tail = (1 - args["level"]) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    first, second, again = pair
    fault = departure(*first, low, high, means.std())
    if fault is None and np.array_equal(first, second):
        return "Two calls in a row gave the very same ends: it does not draw from the rng that it was given."
    if fault is None and not np.array_equal(first, again):
        return "The same generator gave another interval: does it draw from a generator of its own?"
    return fault


def ends_of(value):
    """(first call, second call, first call again) as arrays (2,), or what is wrong with the form."""
    try:
        (first, second), (again, _) = value
    except (TypeError, ValueError):
        return "It returned something else than a pair of ends."
    for answer in (first, second, again):
        fault = form_of(answer)
        if fault:
            return fault
    return np.array(first, float), np.array(second, float), np.array(again, float)


def form_of(answer):
    """What is wrong with the form of one answer, or ""."""
    from course_lib.comparing import NAN, mismatch

    if isinstance(answer, np.ndarray) and answer.shape == (2,):
        answer = answer.tolist()
    found = mismatch(answer, (0.5, 0.5), rtol=0, atol=np.inf)
    if found:
        return found.text
    return NAN if np.isnan(np.array(answer, float)).any() else ""


def departure(low, high, true_low, true_high, spread):
    """How an interval departs from the true one, in words that do not depend on the draw; None if it does not."""
    off = max(abs(low - true_low), abs(high - true_high)) / spread
    if off < ROOM:
        return None
    if max(abs(low + true_high), abs(high + true_low)) / spread < ROOM:
        return "It is the interval of b - a: the sign is turned."
    if high < low:
        return "The lower end lies above the upper one."
    width, shift = (high - low) / (true_high - true_low), abs(high + low - true_high - true_low) / spread / 2
    middle = "about the right middle" if shift < 3 * ROOM else "about another middle"
    sizes = ((0.02, "no width at all"), (0.5, "less than half of the right width"), (0.93, "too narrow"),
             (1.07, "of the right width"), (1.65, "somewhat too wide"), (2.9, "far too wide"))  # fmt: skip
    size = next((words for most, words in sizes if width < most), "several times too wide")
    return f"The interval is {size}, {middle}."


@exercise(
    "trial.interval",
    lesson="12",
    title="An interval for a difference",
    section="How sure are we?",
    points=3,
    cases=interval_cases,
    judge=judge_interval,
    hints=(
        "What varies from repetition to repetition of your study? The seeds. So draw the seeds again, with "
        "replacement.",
        "Work with the differences d = a - b, one a seed. Draw len(d) of them with replacement and take the mean; do "
        "that n times; the ends are quantiles of these n means.",
        "d = a - b; means = d[rng.integers(len(d), size=(n, len(d)))].mean(axis=1); tail = (1 - level) / 2; low, high "
        "= np.quantile(means, (tail, 1 - tail)).",
    ),
)
def bootstrap_ci(a, b, rng, n, level):
    """A paired bootstrap interval for the mean of a - b, by percentiles.

    a, b: arrays (seeds,); a[i] and b[i] are the results of two methods with the same seed. rng: a generator. n: how
    many resamples. level: how often the interval shall hold the truth, such as 0.95: half of the rest is cut off at
    each end.

    A resample draws as many differences as there are, with replacement; what counts is its mean.

    Returns the pair (low, high).
    """
    d = a - b
    means = d[rng.integers(len(d), size=(n, len(d)))].mean(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)


@bootstrap_ci.style
def interval_with_a_loop(a, b, rng, n, level):
    d, means = a - b, []
    for _ in range(n):
        means.append(sum(d[rng.integers(len(d), size=len(d))].tolist()) / len(d))
    cut = round(n * (1 - level) / 2)
    means.sort()
    return means[cut], means[-cut - 1]


@bootstrap_ci.style
def interval_by_counts(a, b, rng, n, level):
    counts = rng.multinomial(len(a), np.full(len(a), 1 / len(a)), size=n)
    return np.percentile(counts @ (a - b) / len(a), [50 * (1 - level), 50 * (1 + level)])


def percentiles(values, level):
    return tuple(np.quantile(values, ((1 - level) / 2, (1 + level) / 2)).tolist())


def resamples(d, rng, n, size=None):
    return d[rng.integers(len(d), size=(n, size or len(d)))]


@bootstrap_ci.mistake(
    "You resample a and b apart from each other, so the pairs are lost: what both share, an easy or a hard seed, now "
    "counts as noise. Resample the differences."
)
def unpaired(a, b, rng, n, level):
    return percentiles(resamples(a, rng, n).mean(axis=1) - resamples(b, rng, n).mean(axis=1), level)


@bootstrap_ci.mistake(
    "These are percentiles of the differences themselves: they say where single runs lie. Asked for is where the mean "
    "lies: take the mean of each resample first."
)
def percentiles_of_the_data(a, b, rng, n, level):
    return percentiles(a - b, level)


@bootstrap_ci.mistake("The sign is turned: that is the interval of b - a, and it would call the loser the winner.")
def sign_turned(a, b, rng, n, level):
    return percentiles(resamples(b - a, rng, n).mean(axis=1), level)


@bootstrap_ci.mistake(
    "You draw without replacement: each resample is the data in another order, and its mean is always the same."
)
def without_replacement(a, b, rng, n, level):
    means = rng.permuted(np.tile(a - b, (n, 1)), axis=1).mean(axis=1)
    return percentiles(means, level)


@bootstrap_ci.mistake(
    "You cut off all of the rest, 1 - level, at each end. Half of it belongs to each: (1 - level) / 2."
)
def cuts_too_much(a, b, rng, n, level):
    return tuple(np.quantile(resamples(a - b, rng, n).mean(axis=1), (1 - level, level)).tolist())


@bootstrap_ci.mistake(
    "Your resamples are half as large as the data, so their means scatter more than they should. Draw as many as "
    "there are seeds."
)
def resamples_too_small(a, b, rng, n, level):
    return percentiles(resamples(a - b, rng, n, len(a) // 2).mean(axis=1), level)


@bootstrap_ci.mistake(
    "These are the percentiles of the means of b alone, or of a: the difference of the two is asked for. Begin with d "
    "= a - b."
)
def one_method_only(a, b, rng, n, level):
    return percentiles(resamples(a, rng, n).mean(axis=1), level)


@bootstrap_ci.mistake(
    "You make a generator of your own inside, so every call draws the same resamples. Use the rng that is given."
)
def own_generator(a, b, rng, n, level):
    return percentiles(resamples(a - b, np.random.default_rng(0), n).mean(axis=1), level)


@bootstrap_ci.mistake(
    "The ends are the smallest and the largest mean of all resamples: with more resamples they move ever further out. "
    "Take quantiles."
)
def smallest_and_largest(a, b, rng, n, level):
    means = resamples(a - b, rng, n).mean(axis=1)
    return float(means.min()), float(means.max())


@bootstrap_ci.mistake(
    "It is a 95% interval whatever `level` says: 0.025 and 0.975, or 1.96, are written where the level that is given "
    "should decide. Cut off (1 - level) / 2 at each end."
)
def level_ignored(a, b, rng, n, level):
    return percentiles(resamples(a - b, rng, n).mean(axis=1), 0.95)


@bootstrap_ci.mistake(
    "np.percentile counts in percent: 0.05 is there a twentieth of a percent, next to the smallest mean. Take "
    "np.quantile, or multiply by 100."
)
def shares_for_percent(a, b, rng, n, level):
    return tuple(np.percentile(resamples(a - b, rng, n).mean(axis=1), ((1 - level) / 2, (1 + level) / 2)).tolist())


@bootstrap_ci.mistake(
    "The sizes are swapped: as many resamples as there are seeds, each of n differences, so their means scatter too "
    "little. Draw n resamples, each as large as the data."
)
def sizes_swapped(a, b, rng, n, level):
    return percentiles(resamples(a - b, rng, len(a), n).mean(axis=1), level)


@bootstrap_ci.mistake("You take the median of each resample; the interval is to be one for the mean.")
def medians_of_resamples(a, b, rng, n, level):
    return percentiles(np.median(resamples(a - b, rng, n), axis=1), level)


@bootstrap_ci.mistake(
    "You take the sizes of the differences, without their signs: then whoever is better now and then is always better. "
    "Keep the signs."
)
def signs_dropped(a, b, rng, n, level):
    return percentiles(resamples(np.abs(a - b), rng, n).mean(axis=1), level)


@bootstrap_ci.mistake(
    "The last seed is never drawn: rng.integers(k) gives 0 to k - 1, so len(d) is the right bound, not len(d) - 1."
)
def last_seed_never_drawn(a, b, rng, n, level):
    d = a - b
    return percentiles(d[rng.integers(len(d) - 1, size=(n, len(d)))].mean(axis=1), level)


# -------------------------------------------------------------------------------------------------- trial.profile


def profile_cases(rng):
    def case(methods, problems, taus, about, part="shares", fails=(), ties=()):
        costs = np.round(10 ** rng.uniform(0.5, 3, (methods, problems)), 1)
        for i, j in fails:
            costs[i, j] = np.inf
        for i, j in ties:
            costs[i, j] = costs[:, j].min()
        return Case({"costs": costs, "taus": np.array(taus)}, about, part)

    taus = [1.0, 1.7, 4.0, 30.0, 1000.0]
    return [
        case(3, 8, taus, "three methods, eight problems, everybody arrives"),
        case(2, 11, [1.0, 2.0, 5.0, 100.0], "two methods, eleven problems"),
        case(4, 7, taus, "four methods, and a tie", ties=((0, 2), (3, 2), (1, 5), (2, 5))),
        case(3, 9, taus, "some runs fail", "failures", fails=((0, 1), (0, 4), (0, 6), (1, 4), (2, 8))),
        case(2, 6, [1.0, 3.0, 1e4], "nobody solves two of the problems", "failures",
             fails=((0, 0), (1, 0), (0, 3), (1, 3), (1, 5))),
        case(3, 5, [1.0, 10.0], "a method that never arrives", "failures", fails=tuple((1, j) for j in range(5))),
    ]  # fmt: skip


@exercise(
    "trial.profile",
    lesson="12",
    title="A performance profile",
    section="Who is how often how fast?",
    points=3,
    cases=profile_cases,
    lists=True,
    parts=(
        Part("shares", 0.5, "gives the share within tau times the best"),
        Part("failures", 0.5, "counts failures as failures"),
    ),
    hints=(
        "A cost means something only beside the cost of the best method on that very problem.",
        "Divide each column by its smallest number: the ratios. The share of a row with ratio <= tau is the value of "
        "the profile. Think of columns in which all are inf.",
        "best = costs.min(axis=0); solved = np.isfinite(costs); ratio = np.full(costs.shape, np.inf); np.divide(costs, "
        "best, out=ratio, where=solved); return (ratio[:, :, None] <= taus).mean(axis=1).",
    ),
)
def performance_profile(costs, taus):
    """For each method and each tau the share of all problems that it solves at no more than tau times the best cost.

    costs: array (methods, problems), the cost until the target was reached, inf where it never was. taus: array (k,),
    each at least 1.

    The best cost is the smallest that any method needed on the same problem. Ties count for both. A problem that a
    method fails on counts as not solved by it at any tau, also where all the others fail too.

    Returns an array (methods, k).
    """
    best, ratio = costs.min(axis=0), np.full(costs.shape, np.inf)
    np.divide(costs, best, out=ratio, where=np.isfinite(costs))
    return (ratio[:, :, None] <= taus).mean(axis=1)


@performance_profile.style
def profile_with_loops(costs, taus):
    shares = []
    for row in costs:
        shares.append([])
        for tau in taus:
            hits = [cost <= tau * min(column) and cost < np.inf for cost, column in zip(row, costs.T)]
            shares[-1].append(sum(hits) / len(hits))
    return shares


@performance_profile.style
def profile_by_logarithms(costs, taus):
    behind = np.log(costs) - np.log(np.where(np.isinf(costs.min(axis=0)), 1.0, costs.min(axis=0)))
    return np.stack([(behind <= np.log(tau) + 1e-12).sum(axis=1) / costs.shape[1] for tau in taus], axis=1)


def ratios(costs, best=None):
    """Costs in units of the best on the same problem; inf for failures."""
    best = costs.min(axis=0) if best is None else best
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(costs), np.inf, costs / best)


def within(ratio, taus):
    return (ratio[:, :, None] <= taus).mean(axis=1)


@performance_profile.mistake(
    "You leave failures out of the denominator, so a method that gives up on the hard problems looks perfect. Divide "
    "by the number of all problems."
)
def failures_left_out(costs, taus):
    ratio = ratios(costs)
    solved = np.maximum(np.isfinite(ratio).sum(axis=1), 1)
    return (ratio[:, :, None] <= taus).sum(axis=1) / solved[:, None]


@performance_profile.mistake(
    "You divide by the problems that the method solved, so one that gives up on the hard ones looks perfect, and one "
    "that never arrives gives 0/0. Divide by the number of all problems."
)
def share_of_the_solved(costs, taus):
    ratio = ratios(costs)
    with np.errstate(invalid="ignore"):
        return (ratio[:, :, None] <= taus).sum(axis=1) / np.isfinite(ratio).sum(axis=1)[:, None]


@performance_profile.mistake(
    "You leave out the problems that nobody solved. They stay in the denominator: that nobody arrived is a finding."
)
def unsolved_left_out(costs, taus):
    known = np.isfinite(costs).any(axis=0)
    return within(ratios(costs[:, known]), taus)


@performance_profile.mistake(
    "Where nobody arrives you give everybody the point: the best cost is inf there, and inf <= inf is true. Count a "
    "failure as not solved, whatever the others do."
)
def everybody_wins_where_nobody_does(costs, taus):
    ratio = ratios(costs)
    return within(np.where(np.isinf(costs).all(axis=0), 1.0, ratio), taus)


@performance_profile.mistake(
    "You compare each cost with the best cost of the same method. The ruler is the best of all methods on the same "
    "problem: the minimum over axis 0."
)
def ruler_along_the_row(costs, taus):
    best = np.where(np.isinf(costs.min(axis=1)), 1.0, costs.min(axis=1))
    return within(ratios(costs, best[:, None]), taus)


@performance_profile.mistake(
    "One ruler serves all problems, the smallest cost of the whole table, so that the easiest problem decides. Take "
    "the best cost of each problem."
)
def one_ruler_for_all(costs, taus):
    return within(ratios(costs, costs.min()), taus)


@performance_profile.mistake("With < the winner itself is not within 1 times the best, nor is a tie. Write <=.")
def strictly_less(costs, taus):
    return (ratios(costs)[:, :, None] < taus).mean(axis=1)


@performance_profile.mistake("You return how many problems, not which share of them. Divide by the number of problems.")
def counts_not_shares(costs, taus):
    return (ratios(costs)[:, :, None] <= taus).sum(axis=1) * 1.0


@performance_profile.mistake(
    "You return the share that is solved at more than tau times the best: the other side. The profile rises with tau."
)
def the_other_side(costs, taus):
    return 1 - within(ratios(costs), taus)


@performance_profile.mistake("The axes are swapped: one row for each method, one column for each tau.")
def rows_are_taus(costs, taus):
    return within(ratios(costs), taus).T


@performance_profile.mistake(
    "You compare with the mean cost of the methods, so one very slow method makes all the others look good. The ruler "
    "is the best of them."
)
def ruler_is_the_mean(costs, taus):
    finite = np.isfinite(costs)
    mean = np.where(finite, costs, 0).sum(axis=0) / np.maximum(finite.sum(axis=0), 1)
    return within(ratios(costs, np.where(mean == 0, 1.0, mean)), taus)


@performance_profile.mistake(
    "You compare the difference to the best cost with tau. Tau is a factor: divide by the best cost."
)
def difference_for_ratio(costs, taus):
    with np.errstate(invalid="ignore"):
        return within(np.where(np.isinf(costs), np.inf, costs - costs.min(axis=0)), taus)


@performance_profile.mistake(
    "Of a tie only the first method gets the point, as argmin has it. Ties count for both: compare each cost with the "
    "smallest."
)
def first_of_a_tie(costs, taus):
    ratio = ratios(costs)
    tied = ratio == 1
    tied[costs.argmin(axis=0), np.arange(costs.shape[1])] = False
    return within(np.where(tied, np.nextafter(1, 2), ratio), taus)


@performance_profile.mistake(
    "You average over the methods, so there is a row for each problem. Average over the problems: a row for each "
    "method."
)
def averaged_over_the_methods(costs, taus):
    return (ratios(costs)[:, :, None] <= taus).mean(axis=0)


# ----------------------------------------------------------------------------------------------------- trial.audit

WORDS = ("supported", "refuted", "undecided")


def audit_cases(rng):
    def finding(word, margin):
        """An interval of one kind; the straddling ones have their middle now above, now below the margin."""
        width = rng.uniform(0.2, 0.4)
        low = margin + {"+": 0.05, "-": -0.05 - width, "^": -0.3 * width, "v": -0.7 * width}[word]
        return low, low + width

    def case(words, about, part, margins=(0.0,)):
        rows = [(letter, *finding(word, margins[i % len(margins)]), margins[i % len(margins)])
                for i, (letter, word) in enumerate(words)]  # fmt: skip
        letters, low, high, margin = zip(*rows, strict=True)
        arrays = {name: np.array(part) for name, part in (("low", low), ("high", high), ("margin", margin))}
        return Case({"claims": list(letters)} | arrays, about, part)

    return [
        case([("b", "+"), ("b", "+"), ("a", "-"), ("a", "-"), ("c", "+")], "clear findings that agree", "words"),
        case([("a", "^"), ("a", "v"), ("b", "-"), ("c", "^")], "intervals on both sides of the margin", "words"),
        case([("d", "+"), ("a", "-"), ("a", "v"), ("b", "^")], "margins that are not zero", "words", (0.5, -0.7)),
        case([("f", "+"), ("f", "+"), ("f", "-"), ("e", "-"), ("e", "+"), ("e", "-")], "most agree, not all", "whole"),
        case([("g", "+"), ("g", "^"), ("h", "v"), ("h", "-"), ("g", "+")], "some are undecided", "whole", (0.2,)),
        case([("k", "-"), ("m", "+"), ("k", "+"), ("m", "-"), ("k", "v"), ("n", "+")], "mixed up in order", "whole"),
    ]


@exercise(
    "trial.audit",
    lesson="12",
    title="The verdict",
    section="What popular articles claim",
    points=3,
    cases=audit_cases,
    lists=True,
    parts=(
        Part("words", 0.5, "judges a finding by its whole interval"),
        Part("whole", 0.5, "judges a claim by all of its findings"),
    ),
    hints=(
        "Where may an interval lie, seen from the margin? There are three places, and three words for them.",
        "Count for each claim how many of its findings are supported (low > margin), refuted (high < margin) and "
        "undecided (neither). If only one of the three counts is not zero, that word is the verdict; else it is "
        "conditional.",
        "for claim, a, b, m in zip(claims, low, high, margin): counts = found.setdefault(claim, [0, 0, 0]); "
        "counts[0 if a > m else 1 if b < m else 2] += 1. Then the word of each: WORDS[counts.index(max(counts))] if "
        "counts.count(0) == 2, else 'conditional'.",
    ),
)
def claim_audit(claims, low, high, margin):
    """Judge each finding by its whole interval, and each claim by all of its findings.

    claims: list of letters, one for each finding; a claim may have several findings, in any order. low, high: arrays
    (findings,), the ends of their intervals. margin: array (findings,), what a finding has to exceed for the claim.

    A finding supports its claim if its whole interval lies above the margin, refutes it if the whole of it lies below,
    and is undecided otherwise. A claim whose findings all agree has their word for its verdict, "supported", "refuted"
    or "undecided"; any other is "conditional".

    Returns a dict {letter: (counts, verdict)} with counts = [supported, refuted, undecided], three whole numbers.
    """
    found = {claim: np.zeros(3, int) for claim in claims}
    for claim, a, b, m in zip(claims, low, high, margin):
        found[claim][0 if a > m else 1 if b < m else 2] += 1
    words = "supported", "refuted", "undecided"
    return {claim: (counts, words[counts.argmax()] if (counts > 0).sum() == 1 else "conditional")
            for claim, counts in found.items()}  # fmt: skip


@claim_audit.style
def audit_with_masks(claims, low, high, margin):
    letters, found = np.array(claims), {}
    for letter in dict.fromkeys(claims):
        mine = letters == letter
        above, below = int((low[mine] > margin[mine]).sum()), int((high[mine] < margin[mine]).sum())
        counts = [above, below, int(mine.sum()) - above - below]
        agreeing = [word for word, count in zip(("supported", "refuted", "undecided"), counts) if count]
        found[letter] = counts, agreeing[0] if len(agreeing) == 1 else "conditional"
    return found


@claim_audit.style
def audit_by_sets(claims, low, high, margin):
    words = ["supported" if a > m else "refuted" if b < m else "undecided" for a, b, m in zip(low, high, margin)]
    found = {}
    for letter in sorted(set(claims)):
        own = [word for claim, word in zip(claims, words) if claim == letter]
        counts = tuple(own.count(word) for word in ("supported", "refuted", "undecided"))
        found[letter] = counts, own[0] if len(set(own)) == 1 else "conditional"
    return found


def judged(place, whole=None):
    """A family of mistakes: which of the three a finding is, and what follows for the claim."""

    def agree(counts):
        return WORDS[counts.index(max(counts))] if counts.count(0) == 2 else "conditional"

    def verdicts(claims, low, high, margin):
        found = {}
        for claim, *numbers in zip(claims, low, high, margin):
            found.setdefault(claim, [0, 0, 0])[place(*numbers)] += 1
        return {claim: (np.array(counts), (whole or agree)(counts)) for claim, counts in found.items()}

    return verdicts


def rightly(a, b, m):
    return 0 if a > m else 1 if b < m else 2


@claim_audit.mistake(
    "You count undecided as refuted. An interval on both sides of the margin says that we do not know: absence of "
    "evidence is not evidence of absence."
)
def undecided_is_refuted(*args):
    return judged(lambda a, b, m: 0 if a > m else 1)(*args)


@claim_audit.mistake(
    "You judge by the middle of the interval. Half of all coin flips would support a claim: the whole interval has to "
    "lie on one side."
)
def judged_by_the_middle(*args):
    return judged(lambda a, b, m: 0 if (a + b) / 2 > m else 1)(*args)


@claim_audit.mistake(
    "You ask whether the upper end is above the margin: the most favorable number of the interval. The lower end must "
    "be above it."
)
def judged_by_the_better_end(*args):
    return judged(lambda a, b, m: 0 if b > m else 1)(*args)


@claim_audit.mistake("You compare with zero in place of the margin of each finding.")
def margin_ignored(*args):
    return judged(lambda a, b, m: rightly(a, b, 0.0))(*args)


@claim_audit.mistake("Supported and refuted are swapped: a claim says that the number lies above the margin.")
def words_swapped(*args):
    return judged(lambda a, b, m: (1, 0, 2)[rightly(a, b, m)])(*args)


@claim_audit.mistake(
    "The majority of the findings decides. A claim that holds here and fails there is conditional, however many "
    "findings there are on each side."
)
def majority_decides(*args):
    return judged(rightly, lambda counts: WORDS[counts.index(max(counts))])(*args)


@claim_audit.mistake(
    "One finding in its favor is enough for you. That is picking the best condition: look at all of them."
)
def picks_the_best_finding(*args):
    return judged(rightly, lambda counts: WORDS[0] if counts[0] else WORDS[1] if counts[1] else WORDS[2])(*args)


@claim_audit.mistake(
    "You leave the undecided findings out of the verdict. A claim that is supported here and undecided there is "
    "conditional."
)
def undecided_left_out(*args):
    def whole(counts):
        if counts[0] and counts[1]:
            return "conditional"
        return WORDS[0] if counts[0] else WORDS[1] if counts[1] else WORDS[2]

    return judged(rightly, whole)(*args)


@claim_audit.mistake(
    "One finding against it refutes the claim for you. It may hold elsewhere: then the verdict is conditional."
)
def one_failure_refutes(*args):
    def whole(counts):
        if counts[1]:
            return WORDS[1]
        return WORDS[0] if counts[0] and not counts[2] else "conditional" if counts[0] else WORDS[2]

    return judged(rightly, whole)(*args)


@claim_audit.mistake("Only the last finding of each claim is left: a new one overwrites the counts. Add to them.")
def last_finding_only(claims, low, high, margin):
    last = {claim: (a, b, m) for claim, a, b, m in zip(claims, low, high, margin)}
    return judged(rightly)(list(last), *map(np.array, zip(*last.values(), strict=True)))


@claim_audit.mistake(
    "One undecided finding makes the whole claim undecided for you. If the others are decided the findings do not "
    "agree: then the verdict is conditional."
)
def one_undecided_is_enough(*args):
    def whole(counts):
        if counts[2]:
            return WORDS[2]
        return "conditional" if counts[0] and counts[1] else WORDS[counts.index(max(counts))]

    return judged(rightly, whole)(*args)


@claim_audit.mistake(
    "A claim without a supported finding is refuted for you, also where some findings are undecided. Refuted means "
    "that all of them are."
)
def unsupported_is_refuted(*args):
    def whole(counts):
        if counts[0]:
            return "conditional" if counts[1] or counts[2] else WORDS[0]
        return WORDS[1] if counts[1] else WORDS[2]

    return judged(rightly, whole)(*args)


@claim_audit.mistake(
    "You ask for a refuted finding to lie below minus the margin. There is one margin: above it, below it, or on both "
    "sides."
)
def below_minus_the_margin(*args):
    return judged(lambda a, b, m: 0 if a > m else 1 if b < -m else 2)(*args)


@claim_audit.mistake("The counts are in another order: supported first, then refuted, then undecided.")
def counts_in_another_order(*args):
    return {claim: (counts[[0, 2, 1]], word) for claim, (counts, word) in judged(rightly)(*args).items()}


@claim_audit.mistake("You return the pair the wrong way round: the counts first, then the verdict.")
def verdict_first(*args):
    return {claim: (word, counts) for claim, (counts, word) in judged(rightly)(*args).items()}


@claim_audit.mistake(
    "A claim whose findings do not stand side by side begins anew, and the earlier ones are lost: groupby needs sorted "
    "letters. Add to the counts, in whatever order they come."
)
def neighbors_only(claims, low, high, margin):
    latest = {}
    for i, claim in enumerate(claims):
        latest[claim] = [*latest[claim], i] if i and claims[i - 1] == claim else [i]
    kept = sorted(i for own in latest.values() for i in own)
    return judged(rightly)([claims[i] for i in kept], low[kept], high[kept], margin[kept])
