"""The exercises of lesson 08: selection, crossover, mutation, a generation, and tours that stay tours.

Most answers here are random, so a `judge` looks at what many draws have in common. Each frequency may differ from its
expectation by an `allowance` that a right answer exceeds less than once in a thousand million draws of the test; no
examination makes more than two hundred such comparisons, so a right answer is rejected less than once in a million.
"""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.comparing import mismatch
from course_lib.exercises.declare import exercise

DRAWS = 2_500  # few enough to be quick, and enough to tell the mistakes apart
RISK = np.log(2 / 1e-9)  # a single comparison goes wrong with a probability below exp(-RISK), both sides together


def allowance(n, p):
    """How far a count of n draws with probability p may be from n p (Bernstein's inequality, 1924)."""
    return RISK / 3 + np.sqrt(RISK**2 / 9 + 2 * RISK * n * p * (1 - p))


def generator(rng):
    """A generator for the learner, as a description."""
    return Given("rng", {"seed": int(rng.integers(2**31))})


def kind_fault(outcome, expected):
    """What is wrong with the kind of an answer (its shape, its type, a NaN), before its values are looked at."""
    fault = mismatch(outcome.value, expected.value, rtol=0, atol=1e300)
    return fault.text if fault else None


def picks_fault(outcome, expected, n):
    """What is wrong with the kind of n indices; where they are what is usual the reference need not be asked."""
    picks = outcome.value
    usual = type(picks) is np.ndarray and picks.shape == (n,) and picks.dtype.kind in "iu"
    return None if usual else kind_fault(outcome, expected)


def wheel_fault(picks, cost, shares):
    """What is wrong with the frequencies of the members that were picked; `shares` is what is asked for."""
    best, worst = np.argmin(cost), np.argmax(cost)
    if picks.min() < 0 or picks.max() >= len(cost):
        return "An index lies outside the population."
    if np.all(picks == picks[0]) and np.ptp(cost) > 0:
        return f"Each time the same member is picked{', the best of all' if picks[0] == best else ''}."
    counts, n = np.bincount(picks, minlength=len(cost)), len(picks)
    missed = (counts == 0) & (n * shares > 50)  # a right answer misses such a member once in e^50 times
    extra, room = counts - n * shares, allowance(n, shares)
    if missed.any():
        return f"{'The worst' if missed[worst] else 'One'} member is never picked, and by the contract it has a chance."
    if not np.any(abs(extra) > room):
        return None
    if np.all(abs(counts - n / len(cost)) <= allowance(n, 1 / len(cost))):
        return "All members are picked equally often."
    places = {"best": best, "worst": worst, "first": 0, "last": len(cost) - 1}
    off = [f"the {name} member too {'often' if extra[i] > 0 else 'seldom'}" for name, i in places.items()
           if abs(extra[i]) > room[i]]  # fmt: skip
    return f"The members are not picked as often as the contract asks{': ' if off else ''}{', '.join(off)}."


# --------------------------------------------------------------------------------------------- ga.tournament


def tournament_cases(rng):
    """Sizes at which the counts of most mistakes are far from where their sentence would be another.

    Who picks the first mostly does not pick the worst, which never stands there. One tournament for all is told from
    the best of all where one alone is drawn from many: it is hardly ever the best.
    """

    def case(m, k, about, n=DRAWS):
        ranks = np.insert(rng.permutation(np.arange(1, m - 1)), 1, [m - 1, 0])  # second the worst, third the best
        args = {"cost": ranks**2 - 7.5, "k": k, "n": n, "rng": generator(rng)}
        return Case(args, f"{m} members, {about}")

    return [
        case(7, 2, "two in a tournament"),
        case(5, 4, "four in a tournament"),
        case(7, 3, "three in a tournament"),
        case(5, 1, "one alone in a tournament: no pressure"),
        case(3, 6, "more in a tournament than there are members"),
        case(160, 1, "fewer tournaments than members, one alone in each", n=50),
    ]


def tournament_judge(case, outcome, expected):
    cost, k = case.args["cost"], case.args["k"]
    better = np.argsort(np.argsort(cost))  # how many are better than each
    m = len(cost)
    shares = ((m - better) / m) ** k - ((m - better - 1) / m) ** k
    return picks_fault(outcome, expected, case.args["n"]) or wheel_fault(outcome.value, cost, shares)


@exercise(
    "ga.tournament",
    lesson="08",
    title="Selection by tournament",
    section="Selection: who becomes a parent",
    points=2,
    cases=tournament_cases,
    judge=tournament_judge,
    hints=(
        "Each of the n tournaments draws k members at random and the cheapest of those wins. What you return is who "
        "the winner is in the population, not where it stood among the k.",
        "rivals = rng.integers(len(cost), size=(n, k)) draws all tournaments at once, one a row. cost[rivals] are "
        "their costs; argmin(axis=1) says which column wins.",
        "With column = cost[rivals].argmin(axis=1) the answer is rivals[np.arange(n), column]: go back from the column "
        "to the member.",
    ),
)
def select_by_tournament(cost, k, n, rng):
    """The winners of n tournaments: in each, k members are drawn at random, and the one with the lowest cost wins.

    cost: array (m,), lower is better, no two equal. k: how many compete, k >= 1; each is drawn from all m, so one
    member may be drawn twice. n: how many tournaments. rng: numpy.random.Generator.

    Returns the n winners as an array of indices into cost, shape (n,). Changes nothing it is given.
    """
    rivals = rng.integers(len(cost), size=(n, k))
    column = cost[rivals].argmin(axis=1)
    return rivals[np.arange(n), column]


@select_by_tournament.style
def tournament_in_a_loop(cost, k, n, rng):
    winners = np.empty(n, dtype=int)
    for i in range(n):
        rivals = rng.integers(0, len(cost), k)
        winners[i] = rivals[np.argmin(cost[rivals])]
    return winners


@select_by_tournament.style
def tournament_round_by_round(cost, k, n, rng):
    winner = rng.choice(len(cost), size=n)
    for _ in range(k - 1):
        rival = rng.choice(len(cost), size=n)
        winner = np.where(cost[rival] < cost[winner], rival, winner)
    return winner


@select_by_tournament.style
def tournament_by_rank(cost, k, n, rng):
    order = np.argsort(cost)
    return order[rng.integers(len(cost), size=(k, n)).min(axis=0)]


@select_by_tournament.mistake(
    "The worst of the k wins: you take the largest cost. We minimize, so the winner is the one with the lowest cost; "
    "use argmin."
)
def crowns_the_worst(cost, k, n, rng):
    rivals = rng.integers(len(cost), size=(n, k))
    return rivals[np.arange(n), cost[rivals].argmax(axis=1)]


@select_by_tournament.mistake(
    "You return where the winner stood in its tournament, a number from 0 to k - 1. Go one step further: look up which "
    "member of the population stood there."
)
def place_in_the_tournament(cost, k, n, rng):
    rivals = rng.integers(len(cost), size=(n, k))
    return cost[rivals].argmin(axis=1)


@select_by_tournament.mistake(
    "The best of the whole population wins every time, so all children have one parent. Only the k that were drawn may "
    "compete."
)
def always_the_best(cost, k, n, rng):
    return np.full(n, cost.argmin())


@select_by_tournament.mistake(
    "You hold one tournament and return its winner n times. Each of the n winners needs a draw of its own."
)
def one_tournament_for_all(cost, k, n, rng):
    rivals = rng.integers(len(cost), size=k)
    return np.full(n, rivals[cost[rivals].argmin()])


@select_by_tournament.mistake(
    "Two compete whatever k says. With k = 2 that is right; with another k the pressure is another one. Draw k rivals."
)
def always_two(cost, k, n, rng):
    rivals = rng.integers(len(cost), size=(n, 2))
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]


@select_by_tournament.mistake(
    "Everybody wins equally often: you draw one member at random and compare it with nobody. That is no selection; "
    "draw k and take the cheapest."
)
def nobody_competes(cost, k, n, rng):
    return rng.integers(len(cost), size=n)


@select_by_tournament.mistake(
    "The last member is never drawn: rng.integers(a) already leaves a out, so its argument is len(cost), not "
    "len(cost) - 1."
)
def last_left_out(cost, k, n, rng):
    rivals = rng.integers(len(cost) - 1, size=(n, k))
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]


@select_by_tournament.mistake(
    "You take the smallest index of the k, which is right only if the population is sorted by cost. It is not: compare "
    "the costs."
)
def trusts_the_order(cost, k, n, rng):
    return rng.integers(len(cost), size=(n, k)).min(axis=1)


@select_by_tournament.mistake(
    "You draw the k without putting them back, so nobody competes twice. That is in use too, but its pressure is a "
    "little stronger, and it fails when k is larger than the population. Here each is drawn from all. Half the points.",
    credit=0.5,
)
def without_putting_back(cost, k, n, rng):
    rivals = np.argsort(rng.random((n, len(cost))), axis=1)[:, :k]
    if k > len(cost):
        raise ValueError("Cannot take a larger sample than population when replace is False")
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]


@select_by_tournament.mistake(
    "One rival too many: k + 1 members meet in each of your tournaments, so the pressure is higher than asked for. If "
    "you begin with a champion, only k - 1 challengers follow."
)
def one_rival_too_many(cost, k, n, rng):
    rivals = rng.integers(len(cost), size=(n, k + 1))
    return rivals[np.arange(n), cost[rivals].argmin(axis=1)]


@select_by_tournament.mistake(
    "You sort all that were drawn and keep the best n: one large tournament, in which the bad ones have no chance at "
    "all. Hold n small ones, each with a winner of its own."
)
def best_of_all_drawn(cost, k, n, rng):
    drawn = rng.integers(len(cost), size=k * n)
    return drawn[np.argsort(cost[drawn])[:n]]


# ----------------------------------------------------------------------------------------------- ga.roulette


def roulette_cases(rng):
    def case(cost, about):
        return Case({"cost": np.array(cost, dtype=float), "n": DRAWS, "rng": generator(rng)}, about)

    a, b = rng.uniform(1, 2), rng.uniform(0.8, 1.2)
    return [
        case([3 * a, a, 4.5 * a, 1.5 * a, 2 * a], "five positive costs"),
        case([2 * b, -3 * b, b, -b], "costs of both signs"),
        case([70 + b, 72 + b, 71.5 + b, 70.4 + b], "large costs that hardly differ"),
        case([b] * 6, "six members with the same cost"),
    ]


def slices(cost):
    """The share of the wheel that the contract gives each member."""
    width = cost.max() - cost + 0.1 * np.ptp(cost)
    return width / width.sum() if np.ptp(cost) > 0 else np.full(len(cost), 1 / len(cost))


def roulette_judge(case, outcome, expected):
    cost = case.args["cost"]
    return picks_fault(outcome, expected, case.args["n"]) or wheel_fault(outcome.value, cost, slices(cost))


@exercise(
    "ga.roulette",
    lesson="08",
    title="Selection by roulette",
    section="Selection: who becomes a parent",
    points=1,
    starred=True,
    cases=roulette_cases,
    judge=roulette_judge,
    hints=(
        "We minimize, so a low cost must give a wide slice. First turn costs into widths that are never negative, then "
        "widths into probabilities.",
        "width = cost.max() - cost + 0.1 * (cost.max() - cost.min()), and its share of the sum is the probability. "
        "What if all costs are equal?",
        "rng.choice(len(cost), size=n, p=width / width.sum()); where all costs are equal every width is 0, so use "
        "equal widths there.",
    ),
)
def select_by_roulette(cost, n, rng):
    """n members drawn with a wheel of fortune: the lower the cost, the wider the slice.

    cost: array (m,), lower is better, of any sign. The slice of a member has the width worst - cost + 0.1 (worst -
    best), so that the best has eleven times the slice of the worst; where all costs are equal, so are the slices.
    n: how many to draw. rng: numpy.random.Generator.

    Returns n indices into cost, an array (n,). Changes nothing it is given.
    """
    width = cost.max() - cost + 0.1 * (cost.max() - cost.min())
    if width.sum() == 0:
        width = np.ones(len(cost))
    return rng.choice(len(cost), size=n, p=width / width.sum())


@select_by_roulette.style
def roulette_by_running_sums(cost, n, rng):
    width = cost.max() - cost + 0.1 * np.ptp(cost)
    ends = np.cumsum(width if width.any() else width + 1)
    return np.searchsorted(ends, rng.random(n) * ends[-1], side="right")


@select_by_roulette.style
def roulette_by_rejection(cost, n, rng):
    if np.all(cost == cost[0]):
        return rng.integers(len(cost), size=n)
    chance = (cost.max() - cost + 0.1 * np.ptp(cost)) / (1.1 * np.ptp(cost))
    tries = rng.integers(len(cost), size=20 * n)
    return tries[rng.random(20 * n) < chance[tries]][:n]


@select_by_roulette.mistake(
    "The cost itself is your slice, so the worst members get the widest ones (and a negative cost is no width at all). "
    "We minimize: start from worst - cost."
)
def cost_is_the_slice(cost, n, rng):
    return rng.choice(len(cost), size=n, p=cost / cost.sum())


@select_by_roulette.mistake(
    "Your slice is 1/cost. It favors low costs, but it breaks at negative ones and depends on where zero is: add 70 to "
    "all costs and the pressure is gone. Use worst - cost."
)
def one_over_cost(cost, n, rng):
    return rng.choice(len(cost), size=n, p=(1 / cost) / (1 / cost).sum())


@select_by_roulette.mistake(
    "The worst member has a slice of width 0 and is never drawn. Add a tenth of the range to every slice, so that each "
    "keeps a chance."
)
def worst_without_a_chance(cost, n, rng):
    width = cost.max() - cost
    width = width if width.any() else np.ones(len(cost))
    return rng.choice(len(cost), size=n, p=width / width.sum())


@select_by_roulette.mistake(
    "Right, until all costs are equal: then every slice has the width 0 and you divide 0 by 0. Give everybody the same "
    "slice there."
)
def all_equal_divides_by_zero(cost, n, rng):
    width = cost.max() - cost + 0.1 * np.ptp(cost)
    return rng.choice(len(cost), size=n, p=width / width.sum())


@select_by_roulette.mistake(
    "Your wheel is turned around: cost - best grows with the cost, so the worst is drawn most. Use worst - cost."
)
def wheel_turned_around(cost, n, rng):
    width = cost - cost.min() + 0.1 * np.ptp(cost)
    width = width if width.any() else np.ones(len(cost))
    return rng.choice(len(cost), size=n, p=width / width.sum())


@select_by_roulette.mistake(
    "You return the best member every time. A wheel of fortune favors it and gives the others a chance, too."
)
def no_wheel_at_all(cost, n, rng):
    return np.full(n, cost.argmin())


@select_by_roulette.mistake(
    "Everybody has the same slice: the costs have no say. Let the width be worst - cost + a tenth of the range."
)
def equal_slices(cost, n, rng):
    return rng.integers(len(cost), size=n)


@select_by_roulette.mistake(
    "You subtract 1 from what searchsorted returns, so the slices belong to the neighbors and the index can be -1. "
    "searchsorted already counts from 0."
)
def one_slice_off(cost, n, rng):
    width = cost.max() - cost + 0.1 * np.ptp(cost)
    ends = np.cumsum(width if width.any() else width + 1)
    return np.searchsorted(ends, rng.random(n) * ends[-1]) - 1


@select_by_roulette.mistake(
    "You use exp(-cost) for the slices. That is a sensible wheel too (its pressure depends on the unit of the cost), "
    "but the contract asks for worst - cost + a tenth of the range."
)
def boltzmann(cost, n, rng):
    width = np.exp(cost.min() - cost)
    return rng.choice(len(cost), size=n, p=width / width.sum())


@select_by_roulette.mistake(
    "You draw without putting back (replace=False), so nobody is drawn twice. A wheel is spun n times, and each time "
    "all members are on it."
)
def drawn_only_once(cost, n, rng):
    width = cost.max() - cost + 0.1 * np.ptp(cost)
    width = width if width.any() else np.ones(len(cost))
    return rng.choice(len(cost), size=n, replace=False, p=width / width.sum())


# ---------------------------------------------------------------------------------------------- ga.crossover


def crossover_cases(rng):
    def case(n, d, about):
        p, q = rng.normal(0, 1, (n, d)), rng.normal(5, 1, (n, d))
        return Case({"p": p, "q": q, "rng": generator(rng)}, about)

    return [
        case(6000, 6, "6000 pairs of parents with six genes"),
        case(400, 3, "400 pairs with three genes"),
        case(40, 2, "40 pairs with two genes: one place to cut"),
    ]


def crossover_judge(case, outcome, expected):
    return kind_fault(outcome, expected) or cut_fault(case.args["p"], case.args["q"], outcome.value)


def cut_fault(p, q, c):
    """What is wrong with children of one cut each."""
    d, from_p = p.shape[1], c == p
    if not np.all(from_p | (c == q)):
        moved = np.isin(c, np.stack([p, q])).all()
        return "A child has a gene that " + ("has moved to another place." if moved else "neither parent has.")
    changes = (from_p[:, 1:] != from_p[:, :-1]).sum(axis=1)
    if changes.max() > 1:
        times = "twice" if changes.max() == 2 else "again and again"
        return f"Some children change sides {times}: one cut is asked for."
    for parent, copied in (("p", from_p.all(axis=1)), ("q", ~from_p.any(axis=1))):
        if copied.any():
            return f"{'Every child is' if copied.all() else 'Some children are'} a mere copy of {parent}."
    if not from_p[:, 0].all():
        which = "Some children begin" if from_p[:, 0].any() else "Each child begins"
        return f"{which} with genes of q: the genes before the cut come from p."
    counts = np.bincount(from_p.sum(axis=1), minlength=d)[1:]
    if d > 2 and counts.max() == len(p):
        return "All pairs are cut at the same place."
    if np.any((counts == 0) & (len(p) / (d - 1) > 30)):
        return "There is a place where no pair is ever cut."
    room = allowance(len(p), 1 / (d - 1))
    return "Some places are cut more often than others." if np.any(abs(counts - len(p) / (d - 1)) > room) else None


@exercise(
    "ga.crossover",
    lesson="08",
    title="One-point crossover",
    section="Crossover: children from two parents",
    points=2,
    cases=crossover_cases,
    judge=crossover_judge,
    fresh=True,
    hints=(
        "A child is the beginning of one parent and the end of the other. Where may the cut be, so that it is a copy "
        "of neither?",
        "cut = rng.integers(1, d, size=n): from 1 to d - 1, one for each pair. A gene comes from p where its place is "
        "before the cut.",
        "np.arange(d) < cut[:, None] is true, row by row, before the cut. np.where(that, p, q) is the answer.",
    ),
)
def crossover(p, q, rng):
    """One-point crossover of n pairs of parents: the genes before the cut come from p, the others from q.

    p, q: arrays (n, d), d >= 2, one parent a row; row i of p is paired with row i of q. rng: numpy.random.Generator.
    Each pair has a cut of its own, all d - 1 places equally likely; a child has at least one gene of each parent.

    Returns the n children, an array (n, d). Changes nothing it is given.
    """
    n, d = p.shape
    cut = rng.integers(1, d, size=n)
    return np.where(np.arange(d) < cut[:, None], p, q)


@crossover.style
def crossover_in_a_loop(p, q, rng):
    children = q.copy()
    for i in range(len(p)):
        cut = rng.integers(1, p.shape[1])
        children[i, :cut] = p[i, :cut]
    return children


@crossover.style
def crossover_by_stacking(p, q, rng):
    cuts = 1 + rng.choice(p.shape[1] - 1, size=len(p))
    return np.array([np.concatenate([a[:k], b[k:]]) for a, b, k in zip(p, q, cuts, strict=True)])


@crossover.mistake(
    "Your cut may be at 0, so some children are copies of q. The first place to cut is after one gene: "
    "rng.integers(1, d)."
)
def cuts_at_zero(p, q, rng):
    n, d = p.shape
    return np.where(np.arange(d) < rng.integers(0, d, size=n)[:, None], p, q)


@crossover.mistake(
    "Your cut may be at d, so some children are copies of p. rng.integers(1, d) ends at d - 1 by itself: the upper end "
    "is left out."
)
def cuts_at_the_end(p, q, rng):
    n, d = p.shape
    return np.where(np.arange(d) < rng.integers(1, d + 1, size=n)[:, None], p, q)


@crossover.mistake(
    "You draw one cut for all pairs. The whole generation is cut at the same place, which loses most of the variety: "
    "draw a cut for each row."
)
def one_cut_for_all(p, q, rng):
    cut = rng.integers(1, p.shape[1])
    return np.concatenate([p[:, :cut], q[:, cut:]], axis=1)


@crossover.mistake(
    "The parents are swapped: your children begin with q. The contract has p before the cut."
)  # fmt: skip
def parents_swapped(p, q, rng):
    n, d = p.shape
    return np.where(np.arange(d) < rng.integers(1, d, size=n)[:, None], q, p)


@crossover.mistake(
    "You append the *first* genes of q after the cut, so they sit at other places than in q. A gene means something at "
    "its own place only: take q[cut:]."
)
def genes_shifted(p, q, rng):
    d = p.shape[1]
    cuts = rng.integers(1, d, size=len(p))
    return np.array([np.concatenate([a[:k], b[: d - k]]) for a, b, k in zip(p, q, cuts, strict=True)])


@crossover.mistake(
    "You draw each gene from p or q by itself. That is uniform crossover, which this lesson uses later; here one cut "
    "is asked for."
)
def gene_by_gene(p, q, rng):
    pick = rng.random(p.shape) < 0.5
    pick[:, 0], pick[:, -1] = True, False  # so that no child is a copy
    return np.where(pick, p, q)


@crossover.mistake(
    "You average the parents. That is one way to cross real numbers, but no gene of either parent survives; here the "
    "genes are handed on as they are."
)
def averages(p, q, rng):
    w = rng.random((len(p), 1))
    return w * p + (1 - w) * q


@crossover.mistake(
    "You return the parents p as they are: no gene of q gets into a child. Fill the places from the cut on with q."
)
def returns_p(p, q, rng):
    return p.copy()


@crossover.mistake(
    "You write the genes of q into p itself. The parents are still needed, for other children and perhaps as the "
    "elite: make a new array."
)
def writes_into_the_parent(p, q, rng):
    for i in range(len(p)):
        cut = rng.integers(1, p.shape[1])
        p[i, cut:] = q[i, cut:]
    return p


@crossover.mistake(
    "Your cut never falls before the last gene: rng.integers leaves its upper end out by itself, so ask for "
    "rng.integers(1, d), not rng.integers(1, d - 1)."
)
def never_before_the_last(p, q, rng):
    n, d = p.shape
    return np.where(np.arange(d) < rng.integers(1, max(d - 1, 2), size=n)[:, None], p, q)


@crossover.mistake(
    "You cut twice: a stretch of one parent between two pieces of the other. That is two-point crossover; here one cut "
    "is asked for, and the end of the child is the end of q."
)
def two_cuts(p, q, rng):
    n, d = p.shape
    cuts = np.sort(rng.integers(0, d + 1, size=(n, 2)), axis=1)
    inside = (cuts[:, :1] <= np.arange(d)) & (np.arange(d) < cuts[:, 1:])
    return np.where(inside, p, q)


@crossover.mistake(
    "One gene too many comes from p: with a cut at k the genes 0 to k - 1 are its, so compare np.arange(d) < cut, not "
    "<=. As it stands some children are copies of p."
)
def takes_the_gene_at_the_cut(p, q, rng):
    n, d = p.shape
    return np.where(np.arange(d) <= rng.integers(1, d, size=n)[:, None], p, q)


@crossover.mistake(
    "You draw which parent comes first. That would do for a search; here the contract settles it: p before the cut, q "
    "after it. Half the points.",
    credit=0.5,
)
def either_parent_first(p, q, rng):
    n, d = p.shape
    before = np.arange(d) < rng.integers(1, d, size=n)[:, None]
    return np.where(before == (rng.random((n, 1)) < 0.5), p, q)


# ------------------------------------------------------------------------------------------------- ga.mutate


def mutate_cases(rng):
    def case(n, d, rate, scale, about, edge=False):
        low, width = rng.uniform(-3, 3, d), rng.uniform(0.5, 2, d) * 10.0 ** np.arange(d)
        share = rng.uniform(0.4, 0.6, (n, d)) if not edge else rng.choice([0.01, 0.99], (n, d))
        args = {"x": low + share * width, "low": low, "high": low + width, "rate": rate, "scale": scale}
        return Case(args | {"rng": generator(rng)}, about)

    return [
        case(5000, 3, 0.3, 0.02, "three genes in ten, short moves"),
        case(6000, 2, 0.7, 0.05, "seven genes in ten"),
        case(2000, 3, 1.0, 0.04, "every gene"),
        case(3000, 2, 0.6, 0.3, "members close to the border of the box", edge=True),
    ]


def mutate_judge(case, outcome, expected):
    fault = kind_fault(outcome, expected)
    return fault or move_fault(outcome.value, **{name: v for name, v in case.args.items() if name != "rng"})


def move_fault(new, x, low, high, rate, scale):
    """What is wrong with mutated genes: which, how far, and whether they stay in the box."""
    if np.any(new < low - 1e-9) or np.any(new > high + 1e-9):
        return "Some genes have left the box."
    hit = new != x
    if abs(hit.sum() - hit.size * rate) > allowance(hit.size, rate):
        return f"Too {'many' if hit.mean() > rate else 'few'} genes change."
    together = hit.all(axis=1).sum()
    if abs(together - len(x) * rate ** x.shape[1]) > allowance(len(x), rate ** x.shape[1]):
        return "The genes of a member change all together or not at all."
    if scale > 0.1:  # the case at the border of the box: many moves are cut short there
        stopped = ((new == low) | (new == high)).sum()
        few = stopped < hit.size * rate * 0.48 - allowance(hit.size, 0.5 * rate)  # at 1% of the width from it: 0.486
        return "Genes that would leave the box do not stop at its border." if few else None
    return length_fault((new - x)[hit] / (scale * np.broadcast_to(high - low, x.shape)[hit]), hit)


def length_fault(z, hit):
    """What is wrong with moves that should be standard normal, one for each gene that is hit."""
    m, rows = len(z), np.nonzero(hit)[0]
    if len(np.unique(z.round(6))) < m / 4:
        return "All genes move by the same amount."
    twin = rows[1:] == rows[:-1]
    if np.allclose(z[1:][twin], z[:-1][twin]):
        return "The genes of a member move by the same amount."
    sizes = [np.sqrt((z[np.nonzero(hit)[1] == j] ** 2).mean()) for j in range(hit.shape[1])]
    if max(sizes) > 1.8 * min(sizes):  # the widths of two coordinates differ more than that, and chance far less
        return "Measured in widths of the box, the moves are longer in one coordinate than in another."
    if abs(z).max() <= 1:
        return "No move is longer than scale times the width."
    if abs(z.sum()) > 6.2 * np.sqrt(m):  # beyond 6.2 standard errors: less than once in a thousand million
        return "The moves go more to one side than to the other."
    if abs((z**2).sum() - m) > 2 * np.sqrt(m * RISK) + 2 * RISK:  # chi-square (Laurent and Massart, 2000)
        return f"The moves are too {'long' if (z**2).mean() > 1 else 'short'}."
    inside = (abs(z) < 1).sum()
    return "The moves are not normal." if abs(inside - 0.6826895 * m) > allowance(m, 0.6826895) else None


@exercise(
    "ga.mutate",
    lesson="08",
    title="Mutation of real genes",
    section="Mutation: what no parent had",
    points=2,
    cases=mutate_cases,
    judge=mutate_judge,
    fresh=True,
    hints=(
        "Two draws for each gene: whether it mutates, and by how much. Both have the shape of x.",
        "hit = rng.random(x.shape) < rate says which. The noise is normal with the standard deviation scale * (high - "
        "low). Gene for gene, add noise where hit, and keep the result in the box.",
        "np.clip(x + hit * scale * (high - low) * rng.standard_normal(x.shape), low, high).",
    ),
)
def mutate_genes(x, low, high, rate, scale, rng):
    """Gaussian mutation: each gene moves, with the probability rate, by a normal random number.

    x: array (n, d), one member a row, inside the box. low, high: arrays (d,), the box. rate: the probability that a
    gene moves, each by itself. scale: the standard deviation of a move, as a share of the width of the box in that
    coordinate. A gene that would leave the box stops at its border. rng: numpy.random.Generator.

    Returns the mutated members, a new array (n, d). Changes nothing it is given.
    """
    hit = rng.random(x.shape) < rate
    noise = scale * (high - low) * rng.standard_normal(x.shape)
    return np.clip(x + hit * noise, low, high)


@mutate_genes.style
def mutate_chosen_places(x, low, high, rate, scale, rng):
    new = x.copy()
    rows, columns = np.nonzero(rng.uniform(size=x.shape) < rate)
    new[rows, columns] += rng.normal(0, scale * (high - low)[columns])
    return np.minimum(np.maximum(new, low), high)


@mutate_genes.style
def mutate_in_a_loop(x, low, high, rate, scale, rng):
    new = np.empty_like(x)
    for j in range(x.shape[1]):
        moved = rng.normal(x[:, j], scale * (high[j] - low[j]))
        new[:, j] = np.where(rng.random(len(x)) < rate, moved, x[:, j])
    return new.clip(low, high)


@mutate_genes.mistake(
    "Right, but you write into x itself: the parents change with their children, and an elite among them is lost. "
    "Write x = x + ..., not x += ... ."
)
def mutates_in_place(x, low, high, rate, scale, rng):
    x += (rng.random(x.shape) < rate) * scale * (high - low) * rng.standard_normal(x.shape)
    np.clip(x, low, high, out=x)
    return x


@mutate_genes.mistake(
    "You decide once for each member whether it mutates, and then move all of its genes. The rate is that of a gene: "
    "draw rng.random(x.shape)."
)
def rate_of_a_member(x, low, high, rate, scale, rng):
    hit = rng.random((len(x), 1)) < rate
    return np.clip(x + hit * scale * (high - low) * rng.standard_normal(x.shape), low, high)


@mutate_genes.mistake(
    "One random number moves all genes. A mutation is a draw for each gene: rng.standard_normal(x.shape)."
)
def one_number_for_all(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.clip(x + hit * scale * (high - low) * rng.standard_normal(), low, high)


@mutate_genes.mistake(
    "You draw one random number for each member, so all its genes move alike and only one direction is ever tried. "
    "Draw one for each gene."
)
def one_number_for_a_member(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.clip(x + hit * scale * (high - low) * rng.standard_normal((len(x), 1)), low, high)


@mutate_genes.mistake(
    "Every gene moves: the rate has no say. Multiply the noise by rng.random(x.shape) < rate."
)  # fmt: skip
def moves_everything(x, low, high, rate, scale, rng):
    return np.clip(x + scale * (high - low) * rng.standard_normal(x.shape), low, high)


@mutate_genes.mistake(
    "Your comparison is turned around: the genes move with the probability 1 - rate. Write rng.random(x.shape) < rate."
)
def rate_turned_around(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) >= rate
    return np.clip(x + hit * scale * (high - low) * rng.standard_normal(x.shape), low, high)


@mutate_genes.mistake(
    "Children leave the box: there f may have no meaning. Clip the result to low and high."
)  # fmt: skip
def leaves_the_box(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return x + hit * scale * (high - low) * rng.standard_normal(x.shape)


@mutate_genes.mistake(
    "The noise does not know how wide the box is: scale is a share of high - low. As it stands, narrow coordinates are "
    "shaken and wide ones hardly move."
)
def forgets_the_width(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.clip(x + hit * scale * rng.standard_normal(x.shape), low, high)


@mutate_genes.mistake(
    "Your moves go up only: the noise is never negative. Normal noise, centered at 0, goes both ways."
)  # fmt: skip
def only_upward(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.clip(x + hit * scale * (high - low) * np.abs(rng.standard_normal(x.shape)), low, high)


@mutate_genes.mistake(
    "A gene that mutates forgets what it was: you put a fresh random number in its place. That is mutation in another "
    "sense (a reset); here the noise is added to x."
)
def starts_afresh(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.where(hit, rng.uniform(low, high, x.shape), x)


@mutate_genes.mistake(
    "You draw the noise uniformly between -1 and 1. Its standard deviation is 0.58 and not 1, and it never makes a "
    "long move: use rng.standard_normal."
)
def uniform_noise(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    return np.clip(x + hit * scale * (high - low) * rng.uniform(-1, 1, x.shape), low, high)


@mutate_genes.mistake(
    "Genes that would leave the box come back into it: you reflect them at the border, or let them enter at the other "
    "side. The contract lets them stop at the border: np.clip."
)
def comes_back_inside(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    moved = x + hit * scale * (high - low) * rng.standard_normal(x.shape)
    return low + np.mod(moved - low, high - low)


@mutate_genes.mistake(
    "A gene that would leave the box keeps its old value, so near the border hardly half of the moves happen. Let it "
    "move as far as the border: np.clip."
)
def stays_when_it_would_leave(x, low, high, rate, scale, rng):
    hit = rng.random(x.shape) < rate
    moved = x + hit * scale * (high - low) * rng.standard_normal(x.shape)
    return np.where((moved < low) | (moved > high), x, moved)


# ---------------------------------------------------------------------------------------- ga.next_generation


def generation_cases(rng):
    def case(n, d, n_elite, about):
        cost = rng.permutation(np.linspace(-1.3, 2.2, n)) + rng.uniform(-0.01, 0.01, n)
        cost = np.roll(cost, n - 2 - np.argmin(cost))  # the best stands last but one
        args = {"pop": rng.normal(0, 1, (n, d)), "cost": cost, "n_elite": n_elite}
        return Case(args | {"breed": Given("brood"), "mutate": Given("jolt")}, about)

    return [
        case(7, 3, 2, "seven members, an elite of two"),
        case(6, 2, 1, "six members, an elite of one"),
        case(9, 4, 4, "nine members, an elite of four"),
        case(5, 2, 0, "five members, no elite"),
        case(40, 2, 15, "forty members, an elite of fifteen"),
    ]


@exercise(
    "ga.next_generation",
    lesson="08",
    title="One generation with an elite",
    section="A generation, and an elite",
    points=3,
    cases=generation_cases,
    fresh=True,
    hints=(
        "Two groups make the next population: those who survive, and those who are born. Which of them may be mutated?",
        "np.argsort(cost)[:n_elite] are the survivors, best first. The others, n - n_elite of them, are bred and then "
        "mutated.",
        "children = mutate(breed(pop, cost, len(pop) - n_elite)), and np.concatenate([pop[order[:n_elite]], children]) "
        "is the answer, where order = np.argsort(cost).",
    ),
)
def next_generation(pop, cost, n_elite, breed, mutate):
    """The next population: the elite as it is, then mutated children; as many members as before.

    pop: array (n, d), one member a row. cost: array (n,), lower is better, no two equal. n_elite: how many of the
    best survive unchanged, 0 <= n_elite < n. breed: a function, breed(pop, cost, m) gives m children (m, d), not
    mutated yet. mutate: a function from children (m, d) to mutated children (m, d).

    Returns an array (n, d): first the elite, the best in front, then the children. Changes nothing it is given.
    """
    elite = pop[np.argsort(cost)[:n_elite]]
    children = mutate(breed(pop, cost, len(pop) - n_elite))
    return np.concatenate([elite, children])


@next_generation.style
def generation_into_an_array(pop, cost, n_elite, breed, mutate):
    new = np.empty_like(pop)
    order = sorted(range(len(pop)), key=lambda i: cost[i])
    for i in range(n_elite):
        new[i] = pop[order[i]]
    new[n_elite:] = mutate(breed(pop, cost, len(pop) - n_elite))
    return new


@next_generation.style
def generation_by_sorting_all(pop, cost, n_elite, breed, mutate):
    n, ranked = len(pop), pop[cost.argsort()]
    return np.vstack((ranked[:n_elite], mutate(breed(pop, cost, n - n_elite))))


@next_generation.style
def generation_child_by_child(pop, cost, n_elite, breed, mutate):
    new = [pop[i] for i in np.argsort(cost)[:n_elite]]
    while len(new) < len(pop):
        new.append(mutate(breed(pop, cost, 1))[0])
    return np.array(new)


@next_generation.mistake(
    "The elite is mutated with the children, so the best that was found can be lost. Mutate the children alone, and "
    "put the elite beside them afterward."
)
def elite_mutated(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return mutate(np.concatenate([elite, breed(pop, cost, len(pop) - n_elite)]))


@next_generation.mistake(
    "You keep the worst: the end of the order is where the high costs are. We minimize, so the elite is "
    "np.argsort(cost)[:n_elite]."
)
def keeps_the_worst(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(-cost)[:n_elite]]
    return np.concatenate([elite, mutate(breed(pop, cost, len(pop) - n_elite))])


@next_generation.mistake(
    "You keep the end of the order, where the high costs are: the worst survive. We minimize, so the elite is the "
    "beginning of np.argsort(cost)."
)
def keeps_the_end_of_the_order(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[-n_elite:]]
    return np.concatenate([elite, mutate(breed(pop, cost, len(pop) - n_elite))])


@next_generation.mistake(
    "The survivors are the right ones, but they stand in the order of the old population. The best belongs in front: "
    "take them in the order of np.argsort(cost). Half the points.",
    credit=0.5,
)
def elite_in_the_old_order(pop, cost, n_elite, breed, mutate):
    elite = pop[np.sort(np.argsort(cost)[:n_elite])]
    return np.concatenate([elite, mutate(breed(pop, cost, len(pop) - n_elite))])


@next_generation.mistake(
    "You mutate the parents and then breed, so the children themselves are not mutated: half-way between two mutations "
    "much of both is lost. First breed, then mutate."
)
def mutates_the_parents(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return np.concatenate([elite, breed(mutate(pop), cost, len(pop) - n_elite)])


@next_generation.mistake(
    "The elite survives, but has no children: you breed from the others alone. Whom to breed from is the business of "
    "breed: give it the whole population."
)
def elite_has_no_children(pop, cost, n_elite, breed, mutate):
    order = np.argsort(cost)
    others = order[n_elite:]
    return np.concatenate([pop[order[:n_elite]], mutate(breed(pop[others], cost[others], len(others)))])


@next_generation.mistake(
    "You breed n children and write the elite over the first of them: n_elite children are born for nothing. Ask breed "
    "for n - n_elite. Half the points.",
    credit=0.5,
)
def overwrites_children(pop, cost, n_elite, breed, mutate):
    new = mutate(breed(pop, cost, len(pop)))
    new[:n_elite] = pop[np.argsort(cost)[:n_elite]]
    return new


@next_generation.mistake(
    "The population grows by the elite each time: you breed n children in place of n - n_elite."
)  # fmt: skip
def grows(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return np.concatenate([elite, mutate(breed(pop, cost, len(pop)))])


@next_generation.mistake(
    "Nobody survives: the whole next population is children, so the best so far can be lost. Put the n_elite best in "
    "front, unchanged."
)
def no_elite(pop, cost, n_elite, breed, mutate):
    return mutate(breed(pop, cost, len(pop)))


@next_generation.mistake(
    "Your children are never mutated, so no gene can appear that the first population did not bring: call mutate on "
    "what breed returns."
)
def never_mutates(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return np.concatenate([elite, breed(pop, cost, len(pop) - n_elite)])


@next_generation.mistake(
    "Your elite is the best member several times over. It needs n_elite *different* ones: take the first n_elite of "
    "the order."
)
def best_copied(pop, cost, n_elite, breed, mutate):
    elite = np.repeat(pop[[np.argmin(cost)]], n_elite, axis=0)
    return np.concatenate([elite, mutate(breed(pop, cost, len(pop) - n_elite))])


@next_generation.mistake(
    "You breed one child and repeat it. Then nearly the whole population is one point: ask breed for n - n_elite "
    "children."
)
def one_child_repeated(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return np.concatenate([elite, np.repeat(mutate(breed(pop, cost, 1)), len(pop) - n_elite, axis=0)])


@next_generation.mistake(
    "You keep the first rows of pop as if it were sorted by cost. It is not: look up the order with np.argsort(cost)."
)
def keeps_the_first_rows(pop, cost, n_elite, breed, mutate):
    return np.concatenate([pop[:n_elite], mutate(breed(pop, cost, len(pop) - n_elite))])


@next_generation.mistake(
    "The members are right, but the elite stands at the end. Put it in front, so that whoever reads the population "
    "knows where the best is. Half the points.",
    credit=0.5,
)
def elite_at_the_end(pop, cost, n_elite, breed, mutate):
    elite = pop[np.argsort(cost)[:n_elite]]
    return np.concatenate([mutate(breed(pop, cost, len(pop) - n_elite)), elite])


@next_generation.mistake(
    "Only the elite may have children in your version: breed gets the elite in place of the population. Then the "
    "variety is gone after a few generations; selection is the business of breed."
)
def only_the_elite_breeds(pop, cost, n_elite, breed, mutate):
    best = np.argsort(cost)[:n_elite]
    return np.concatenate([pop[best], mutate(breed(pop[best], cost[best], len(pop) - n_elite))])


@next_generation.mistake(
    "You write the new population into the old one, elite first, and breed from what is left of it. Parents are needed "
    "until the last child is born: build a new array."
)
def overwrites_the_parents(pop, cost, n_elite, breed, mutate):
    pop[:n_elite] = pop[np.argsort(cost)[:n_elite]]
    pop[n_elite:] = mutate(breed(pop, cost, len(pop) - n_elite))
    return pop


# ---------------------------------------------------------------------------------------- ga.order_crossover


def order_cases(rng):
    def case(n, i, j, about):
        return Case({"p": rng.permutation(n), "q": rng.permutation(n), "i": i, "j": j}, about)

    return [
        case(9, 3, 6, "nine cities, a stretch in the middle"),
        case(10, 0, 4, "ten cities, a stretch at the beginning"),
        case(8, 5, 8, "eight cities, a stretch at the end"),
        case(12, 4, 5, "twelve cities, a stretch of one"),
    ]


@exercise(
    "ga.order_crossover",
    lesson="08",
    title="Crossover of two tours",
    section="Genomes of other kinds",
    points=2,
    starred=True,
    cases=order_cases,
    fresh=True,
    hints=(
        "One-point crossover of two tours visits some cities twice and others never. Keep a stretch of p where it is; "
        "which cities are then missing, and who says in which order they come?",
        "rest = [city for city in q if city not in p[i:j]] has exactly the missing cities, in q's order. They fill the "
        "free places from left to right.",
        "np.concatenate([rest[:i], p[i:j], rest[i:]]): the first i of the rest stand before the stretch, the others "
        "after it.",
    ),
)
def order_crossover(p, q, i, j):
    """Order crossover of two tours: a stretch of p stays in its place, the other cities come in the order of q.

    p, q: arrays (n,), each a permutation of 0 to n - 1. i, j: the stretch is p[i:j], 0 <= i < j <= n. The free places
    are filled from left to right with the cities that are missing, in the order in which q visits them.

    Returns the child, a permutation (n,) of whole numbers. Changes nothing it is given.
    """
    rest = q[~np.isin(q, p[i:j])]
    return np.concatenate([rest[:i], p[i:j], rest[i:]])


@order_crossover.style
def order_crossover_in_a_loop(p, q, i, j):
    child = p.copy()
    taken = set(p[i:j].tolist())
    places = [k for k in range(len(p)) if not i <= k < j]
    cities = [city for city in q if city not in taken]
    for place, city in zip(places, cities, strict=True):
        child[place] = city
    return child


@order_crossover.style
def order_crossover_by_a_mask(p, q, i, j):
    keep = np.zeros(len(p), dtype=bool)
    keep[i:j] = True
    child = np.where(keep, p, -1)
    child[~keep] = [city for city in q.tolist() if city not in child]
    return child


@order_crossover.mistake(
    "You put the genes of q around the stretch as they stand, as for real numbers. Some cities are then visited twice "
    "and others never: fill the free places with the cities that are missing."
)
def as_for_real_numbers(p, q, i, j):
    return np.concatenate([q[:i], p[i:j], q[j:]])


@order_crossover.mistake(
    "The stretch has moved to the front of the child. It stays at its own places, from i to j - 1."
)  # fmt: skip
def stretch_in_front(p, q, i, j):
    rest = q[~np.isin(q, p[i:j])]
    return np.concatenate([p[i:j], rest])


@order_crossover.mistake(
    "The missing cities come in the order of p, so the child is p itself: q has no say. Go through q."
)  # fmt: skip
def order_of_p(p, q, i, j):
    rest = p[~np.isin(p, p[i:j])]
    return np.concatenate([rest[:i], p[i:j], rest[i:]])


@order_crossover.mistake(
    "The stretch comes from q and the order from p: the parents are swapped."
)  # fmt: skip
def parents_exchanged(p, q, i, j):
    rest = p[~np.isin(p, q[i:j])]
    return np.concatenate([rest[:i], q[i:j], rest[i:]])


@order_crossover.mistake(
    "You begin to fill behind the stretch and go around. That is Davis's original form and a valid tour too; here the "
    "free places are filled from left to right. Half the points.",
    credit=0.5,
)
def around_the_end(p, q, i, j):
    n, child = len(p), p.copy()
    rest = [city for city in np.roll(q, -j) if city not in p[i:j]]
    for step, city in enumerate(rest):
        child[(j + step) % n] = city
    return child


@order_crossover.mistake(
    "Your stretch includes place j. As everywhere in Python, p[i:j] ends before j."
)  # fmt: skip
def one_city_too_many(p, q, i, j):
    rest = q[~np.isin(q, p[i : j + 1])]
    return np.concatenate([rest[:i], p[i : j + 1], rest[i:]])


@order_crossover.mistake(
    "The missing cities come in rising order, so the second parent hands nothing on. Take them in the order in which q "
    "visits them."
)
def sorted_rest(p, q, i, j):
    rest = np.setdiff1d(q, p[i:j])
    return np.concatenate([rest[:i], p[i:j], rest[i:]])


@order_crossover.mistake(
    "You write the child into p. The parent is still needed: start from p.copy()."
)  # fmt: skip
def writes_into_p(p, q, i, j):
    rest = q[~np.isin(q, p[i:j])]
    p[j:] = rest[i:]
    p[:i] = rest[:i]
    return p


@order_crossover.mistake(
    "You fill the free places with the genes of q that stand there, and resolve what would come twice by exchanging. "
    "That is partially mapped crossover, and a valid tour; here the missing cities come in the order of q. Half the "
    "points.",
    credit=0.5,
)
def partially_mapped(p, q, i, j):
    child, partner = p.copy(), dict(zip(p[i:j].tolist(), q[i:j].tolist(), strict=True))
    for k in [*range(i), *range(j, len(p))]:
        city = int(q[k])
        while city in partner:
            city = partner[city]
        child[k] = city
    return child
