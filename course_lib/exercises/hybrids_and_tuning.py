"""The exercises of lesson 11: many starts, the best cells of a grid, learning within a life, halving, a safe "
"last step."""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# ------------------------------------------------------------------------------------------ hybrid.multi_start


def start_cases(rng):
    def case(surface, lr, n, budget, about):
        local = Given("walk", {"surface": surface, "dim": 2, "lr": lr})
        args = {"asked": local, "starts": rng.uniform(-2.5, 2.5, (n, 2)), "budget": budget}
        return Case(args, about, "shares" if budget % n else "best", probe="logged")

    return [
        case("styblinski_tang", 0.01, 4, 20, "four starts, twenty steps"),
        case("himmelblau", 0.004, 5, 15, "five starts, fifteen steps"),
        case("styblinski_tang", 0.02, 3, 11, "three starts, eleven steps: two are left over"),
        case("rosenbrock", 0.0007, 4, 7, "four starts, seven steps: three are left over"),
        case("himmelblau", 0.004, 1, 6, "a single start gets all"),
    ]


@exercise(
    "hybrid.multi_start",
    lesson="11",
    title="Many starts, one budget",
    section="Many starts",
    points=3,
    cases=start_cases,
    parts=(
        Part("best", 0.6, "returns the best end"),
        Part("shares", 0.4, "spends exactly the budget"),
    ),
    hints=(
        "Two things to get right: how many steps each start may take, and which of the ends is returned.",
        "Everybody gets budget // n steps; the first budget % n starts get one more. Keep the end with the smallest y, "
        "not the last one.",
        "share, left = divmod(budget, len(starts)); ends = [local(s, share + (i < left)) for i, s in "
        "enumerate(starts)]; return min(ends, key=lambda end: end[1]).",
    ),
)
def multi_start(local, starts, budget):
    """A local search from several starts that share one budget of steps; the best end wins.

    local: a function (start, steps) to (x, y): where so many steps lead, and the value there. starts: array (n, d).
    budget: how many steps there are in all, at least n.

    Each start gets the same number of steps; what is left over goes to the first starts, one step each, so that all of
    the budget is spent. Returns the pair (x, y) of the best end.
    """
    share, left = divmod(budget, len(starts))
    ends = [local(start, share + (i < left)) for i, start in enumerate(starts)]
    return min(ends, key=lambda end: end[1])


@multi_start.style
def best_in_hand(local, starts, budget):
    best = None, np.inf
    for i in range(len(starts)):
        steps = budget // len(starts) + (1 if i < budget % len(starts) else 0)
        x, y = local(starts[i], steps)
        if y < best[1]:
            best = x, y
    return best


@multi_start.style
def shares_from_differences(local, starts, budget):
    n = len(starts)
    ends = [local(start, -(-(budget - i) // n)) for i, start in enumerate(starts)]
    return ends[int(np.argmin([y for _, y in ends]))]


def starting(shares, choose=lambda ends: min(ends, key=lambda end: end[1])):
    """A family of mistakes: how the budget is shared, and which end is returned."""

    def search(local, starts, budget):
        return choose([local(start, steps) for start, steps in zip(starts, shares(len(starts), budget))])

    return search


def fair(n, budget):
    return [budget // n + (i < budget % n) for i in range(n)]


@multi_start.mistake("You return the last end, not the best. The end of an earlier start may lie lower: compare the y.")
def returns_the_last(*args):
    return starting(fair, lambda ends: ends[-1])(*args)


@multi_start.mistake("You return the worst end: we minimize, so the smallest y wins.")
def returns_the_worst(*args):
    return starting(fair, lambda ends: max(ends, key=lambda end: end[1]))(*args)


@multi_start.mistake(
    "Every start gets the whole budget, so you spend it n times over. In a race that is not n times as good, it is "
    "unfair: share it."
)
def whole_budget_for_each(*args):
    return starting(lambda n, budget: [budget] * n)(*args)


@multi_start.mistake(
    "What is left over is thrown away: budget // n for each spends less than there is. Hand out the rest."
)
def drops_the_rest(*args):
    return starting(lambda n, budget: [budget // n] * n)(*args)


@multi_start.mistake(
    "You round the share up, so in the end more is spent than there is. Only the first ones get one more."
)
def rounds_the_share_up(*args):
    return starting(lambda n, budget: [-(-budget // n)] * n)(*args)


@multi_start.mistake("All that is left over goes to the first start. Give one step each to the first few.")
def rest_to_the_first(*args):
    return starting(lambda n, budget: [budget // n + (budget % n) * (i == 0) for i in range(n)])(*args)


@multi_start.mistake("All that is left over goes to the last start. Give one step each to the first few.")
def rest_to_the_last(*args):
    return starting(lambda n, budget: [budget // n + (budget % n) * (i == n - 1) for i in range(n)])(*args)


@multi_start.mistake(
    "One start too many gets an extra step: the first `left` of them get one more, those with i < left. With i <= left "
    "you spend more than there is, even where the budget divides."
)
def one_extra_too_many(*args):
    return starting(lambda n, budget: [budget // n + (i <= budget % n) for i in range(n)])(*args)


@multi_start.mistake("You search from the first start every time. Each of them deserves its walk.")
def same_start_each_time(local, starts, budget):
    return min((local(starts[0], steps) for steps in fair(len(starts), budget)), key=lambda end: end[1])


@multi_start.mistake("You return the value alone. The contract has the place too: return x, y.")
def value_alone(*args):
    return starting(fair)(*args)[1]


# ----------------------------------------------------------------------------------------- hybrid.grid_then_gd


def cell_cases(rng):
    def case(surface, top, lr, steps, low, high, about):
        axis = np.linspace(low, high, 5)
        points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2) + rng.normal(0, 0.2, (25, 2))
        f = Given(surface, {"dim": 2} if surface != "himmelblau" else {})
        grad = Given(f"{surface}.grad", f.data)
        return Case({"f": f, "grad": grad, "points": points, "top": top, "lr": lr, "steps": steps}, about)

    f, grad = (Given(name, {"dim": 2}) for name in ("styblinski_tang", "styblinski_tang.grad"))
    points = np.array([[2.75, 2.75], [-1.6, -1.9], [0.5, 0.2], [1.0, -0.7]]) + rng.uniform(-0.02, 0.02, (4, 2))
    turned = {"f": f, "grad": grad, "points": points, "top": 2, "lr": 0.01, "steps": 12}
    return [
        Case(turned, "the second best of four points leads to the best end"),
        case("styblinski_tang", 3, 0.01, 8, -4, 4, "the best three of 25 cells, eight steps each"),
        case("himmelblau", 5, 0.004, 6, -4, 4, "the best five, six steps each"),
        case("rastrigin", 4, 0.0015, 5, -3, 3, "the best four of a wavy surface, five steps each"),
        case("rosenbrock", 1, 0.0007, 7, -1.5, 1.5, "the best cell only"),
        case("styblinski_tang", 25, 0.03, 4, -4, 4, "all of them"),
    ]


@exercise(
    "hybrid.grid_then_gd",
    lesson="11",
    title="Look around, then walk",
    section="Look around, then walk",
    points=3,
    cases=cell_cases,
    hints=(
        "First rank, then walk, then rank again: the best cell need not lead to the best end.",
        "np.argsort of the values gives the ranks; the first `top` of them are the starts. Walk from each, and "
        "compare the values at the ends.",
        "order = np.argsort([f(p) for p in points])[:top]; from each x = points[i]: steps times x = x - lr * grad(x). "
        "Return the end with the smallest f(x), and that value.",
    ),
)
def grid_then_gd(f, grad, points, top, lr, steps):
    """Ask for the value at every point, then walk down from the best ones; the best end wins.

    f: a function, (d,) to a number; grad: its gradient, (d,) to (d,). points: array (n, d), the cells of a grid. top:
    from how many of the best points to walk, 1 <= top <= n. lr, steps: the rate and the number of steps of each walk.

    Returns the pair (x, y): the best end, an array (d,), and the value there. Changes nothing it is given.
    """
    order = np.argsort([f(point) for point in points])[:top]
    ends = []
    for i in order:
        x = points[i]
        for _ in range(steps):
            x = x - lr * grad(x)
        ends.append((x, f(x)))
    return min(ends, key=lambda end: end[1])


@grid_then_gd.style
def all_walks_at_once(f, grad, points, top, lr, steps):
    values = np.array([f(point) for point in points])
    x = points[np.argpartition(values, top - 1)[:top]]
    for _ in range(steps):
        x = x - lr * np.array([grad(row) for row in x])
    ends = np.array([f(row) for row in x])
    return x[ends.argmin()], ends.min()


@grid_then_gd.style
def sorted_by_value(f, grad, points, top, lr, steps):
    best, lowest = None, np.inf
    for start in sorted(points.tolist(), key=lambda p: f(np.array(p)))[:top]:
        x = np.array(start)
        for _ in range(steps):
            x -= lr * grad(x)
        if f(x) < lowest:
            best, lowest = x, f(x)
    return best, lowest


def walking(rank=np.argsort, choose=min, sign=-1, more=0):
    """A family of mistakes: which points start, which end wins, which way it goes, how many steps."""

    def search(f, grad, points, top, lr, steps):
        ends = []
        for i in rank([f(point) for point in points])[:top]:
            x = points[i]
            for _ in range(max(steps + more, 0)):
                x = x + sign * lr * grad(x)
            ends.append((x, f(x)))
        return choose(ends, key=lambda end: end[1])

    return search


@grid_then_gd.mistake(
    "Yours is the end of the walk from the single best point: you walk from that one only, or do not compare the ends. "
    "A cell that is second now may lead to the best end."
)
def walks_from_one(f, grad, points, top, lr, steps):
    return walking()(f, grad, points, 1, lr, steps)


@grid_then_gd.mistake("You start from the worst points: argsort puts the smallest value first, so take the first ones.")
def starts_from_the_worst(*args):
    return walking(rank=lambda values: np.argsort(values)[::-1])(*args)


@grid_then_gd.mistake("You start from the first points of the list, whatever their values. Rank them first.")
def does_not_rank(*args):
    return walking(rank=lambda values: np.arange(len(values)))(*args)


@grid_then_gd.mistake("You return the worst of the ends. Smaller is better.")
def worst_end(*args):
    return walking(choose=max)(*args)


@grid_then_gd.mistake("You climb: the gradient points up, so each step is x - lr * grad(x).")
def walks_uphill(*args):
    return walking(sign=1)(*args)


@grid_then_gd.mistake("You never walk: that is the best point of the grid.")
def stays_on_the_grid(*args):
    return walking(more=-(10**6))(*args)


@grid_then_gd.mistake("One step is missing in each walk: range(steps - 1) takes one too few.")
def one_step_short(*args):
    return walking(more=-1)(*args)


@grid_then_gd.mistake(
    "You walk in place (x -= lr * grad(x) after x = points[i]), and the points themselves move. Begin with a copy."
)
def moves_the_points(f, grad, points, top, lr, steps):
    ends = []
    for i in np.argsort([f(point) for point in points])[:top]:
        x = points[i]
        for _ in range(steps):
            x -= lr * grad(x)
        ends.append((x.copy(), f(x)))
    return min(ends, key=lambda end: end[1])


@grid_then_gd.mistake(
    "The place is that of the best end, but the value is that of the best cell, before the walk. Return f at the end."
)
def value_of_the_cell(f, grad, points, top, lr, steps):
    return walking()(f, grad, points, top, lr, steps)[0], min(f(point) for point in points)


@grid_then_gd.mistake(
    "You share the steps among the walks. Here `steps` is the number of steps of *each* walk; the budget is the "
    "business of whoever calls."
)
def shares_the_steps(f, grad, points, top, lr, steps):
    return walking()(f, grad, points, top, lr, steps // top)


@grid_then_gd.mistake("Each walk keeps the gradient of its start. Ask for it anew at every step: grad(x).")
def gradient_of_the_start(f, grad, points, top, lr, steps):
    ends = []
    for i in np.argsort([f(point) for point in points])[:top]:
        x = points[i] - steps * lr * grad(points[i])
        ends.append((x, f(x)))
    return min(ends, key=lambda end: end[1])


# ------------------------------------------------------------------------------------------------ hybrid.learn


def life_cases(rng):
    def case(surface, dim, lr, n, lamarck):
        f = Given(surface, {"dim": dim})
        improve = Given("walk", {"surface": surface, "dim": dim, "lr": lr})
        args = {"population": rng.uniform(-2, 2, (n, dim)), "local": improve, "f": f, "steps": 3, "lamarck": lamarck}
        who = "Lamarck" if lamarck else "Baldwin"
        return Case(args, f"{n} individuals, {who}", "lamarck" if lamarck else "baldwin")

    return [
        case(surface, dim, lr, n, lamarck)
        for surface, dim, lr, n in (
            ("styblinski_tang", 3, 0.02, 4),
            ("rosenbrock", 2, 0.0007, 6),
            ("rastrigin", 2, 0.001, 1),
            ("rastrigin", 2, 0.02, 7),  # a rate so long that some end higher than they were born
        )
        for lamarck in (True, False)
    ]


@exercise(
    "hybrid.learn",
    lesson="11",
    title="Learning within a life",
    section="Lamarck and Baldwin",
    points=2,
    cases=life_cases,
    fresh=True,
    parts=(
        Part("lamarck", 0.5, "writes back what was learned"),
        Part("baldwin", 0.5, "only scores by what was learned"),
    ),
    hints=(
        "Both judge an individual by what it can become. They differ in what is passed on.",
        "Walk from each individual with local: it gives the place and the value there. The values are those in "
        "both modes; the genes are the places for Lamarck, and the old ones for Baldwin.",
        "ends = [local(x, steps) for x in population]; values = np.array([y for _, y in ends]); the genes are "
        "np.array([x for x, _ in ends]) if lamarck else population.copy().",
    ),
)
def learned(population, local, f, steps, lamarck):
    """Let each individual learn by a local search, and say what it passes on and how fit it is.

    population: array (n, d). local: a function (start, steps) to (x, y): where so many steps lead, and the value there.
    f: the objective, (d,) to a number. steps: how long an individual learns. lamarck: whether what was learned is
    written back into the genes (Lamarck), or only counts for the fitness (Baldwin).

    Returns the pair (population, values): a new array (n, d), and the values after learning, an array (n,).
    """
    ends = [local(x, steps) for x in population]
    genes = np.array([x for x, _ in ends]) if lamarck else population.copy()
    return genes, np.array([y for _, y in ends])


@learned.style
def learned_into_arrays(population, local, f, steps, lamarck):
    genes, values = population.copy(), np.empty(len(population))
    for i, x in enumerate(population):
        end, values[i] = local(x, steps)
        if lamarck:
            genes[i] = end
    return genes, values


@learned.style
def learned_and_asked_again(population, local, f, steps, lamarck):
    ends = np.array([local(x, steps)[0] for x in population])
    return (ends if lamarck else population + 0.0), np.array([f(x) for x in ends])


def life(genes, values):
    """A family of mistakes: which genes are passed on, and which values count, of (old, end) pairs."""

    def learn(population, local, f, steps, lamarck):
        ends = np.array([local(x, steps)[0] for x in population])
        passed = genes(population, ends, lamarck).copy()
        return passed, np.array([f(x) for x in values(population, ends, lamarck)])

    return learn


def proper(old, ends, lamarck):
    return ends if lamarck else old


@learned.mistake("You write back in both modes. Baldwin's individuals pass on the genes they were born with.")
def always_lamarck(*args):
    return life(lambda old, ends, lamarck: ends, lambda old, ends, lamarck: ends)(*args)


@learned.mistake("You never write back. Lamarck's individuals pass on what they have learned.")
def always_baldwin(*args):
    return life(lambda old, ends, lamarck: old, lambda old, ends, lamarck: ends)(*args)


@learned.mistake("The two modes are swapped: Lamarck writes back, Baldwin does not.")
def modes_swapped(*args):
    return life(lambda old, ends, lamarck: proper(old, ends, not lamarck), lambda old, ends, lamarck: ends)(*args)


@learned.mistake("The values are those before learning. In both modes an individual is judged by what it has learned.")
def judged_at_birth(*args):
    return life(proper, lambda old, ends, lamarck: old)(*args)


@learned.mistake("Baldwin's values are those before learning: then learning has no effect at all. Judge after it.")
def baldwin_judged_at_birth(*args):
    return life(proper, proper)(*args)


@learned.mistake(
    "You take the better of the two values, before and after. An individual is judged by what it is after learning, "
    "also where learning made it worse."
)
def better_of_before_and_after(population, local, f, steps, lamarck):
    genes, values = learned.reference(population, local, f, steps, lamarck)
    return genes, np.minimum(values, [f(x) for x in population])


@learned.mistake("You sort the individuals by their values. Leave them in their order: who is best is asked later.")
def sorts_the_individuals(*args):
    genes, values = learned.reference(*args)
    order = np.argsort(values)
    return genes[order], values[order]


@learned.mistake("Nobody learns: you return the population as it was born, with its values.")
def nobody_learns(*args):
    return life(lambda old, ends, lamarck: old, lambda old, ends, lamarck: old)(*args)


@learned.mistake("You write what was learned into the population that was given. Make a new array.")
def writes_into_the_population(population, local, f, steps, lamarck):
    values = np.empty(len(population))
    for i in range(len(population)):
        end, values[i] = local(population[i], steps)
        if lamarck:
            population[i] = end
    return population.copy(), values


# ------------------------------------------------------------------------------------------------ hybrid.halving


def halving_cases(rng):
    def case(n, eta, effort, part="winner"):
        curves = Given("learning", {"last": rng.uniform(0.1, 1, n), "slow": rng.uniform(0.5, 4, n)})
        about = f"{n} settings, a share of 1/{eta} stays each time"
        return Case({"asked": curves, "n": n, "eta": eta, "effort": effort}, about, part, probe="logged")

    def rising(n):
        """Losses that rise with training, the early best one by so much that it does not win."""
        last, slow = rng.permutation(np.linspace(3, 3.5, n)), rng.uniform(-0.2, -0.1, n)
        slow[last.argmax()] = -1.5
        curves = Given("learning", {"last": last, "slow": slow})
        about = f"{n} settings whose losses rise: they overfit"
        return Case({"asked": curves, "n": n, "eta": 2, "effort": 1}, about, "winner", probe="logged")

    plain = [case(9, 3, 1), case(8, 2, 2), case(16, 4, 1), case(10, 3, 2, "remainders"), case(7, 2, 1, "remainders")]
    return [*plain, rising(8)]


@exercise(
    "hybrid.halving",
    lesson="11",
    title="Successive halving",
    section="Successive halving",
    points=3,
    cases=halving_cases,
    parts=(
        Part("winner", 0.6, "halves until one is left"),
        Part("remainders", 0.4, "rounds up when the numbers do not divide"),
    ),
    hints=(
        "A tournament in which the losers leave early and the winners train longer. What changes from round to "
        "round? Two numbers.",
        "Start with all n and the first effort. In each round: the loss of each survivor at this effort; keep the best "
        "ceil(m / eta) of m; then eta times the effort. Stop when one is left.",
        "while len(alive) > 1: losses = [evaluate(i, effort) for i in alive]; spent += effort * len(alive); order = "
        "np.argsort(losses, kind='stable'); alive = [alive[j] for j in order[: -(-len(alive) // eta)]]; effort *= eta.",
    ),
)
def successive_halving(evaluate, n, eta, effort):
    """Find the best of n settings: train all a little, keep the best share, train those longer, until one is left.

    evaluate: a function (i, effort) to the loss of setting i after that much training. n: how many settings, n >= 2.
    eta: a whole number >= 2: of m survivors the best ceil(m / eta) stay, and the effort of the next round is eta times
    as large. effort: the training of the first round.

    Returns the pair (winner, spent): the number of the setting that is left, and the sum of all efforts.
    """
    alive, spent = list(range(n)), 0
    while len(alive) > 1:
        losses = [evaluate(i, effort) for i in alive]
        spent += effort * len(alive)
        alive = [alive[j] for j in np.argsort(losses)[: -(-len(alive) // eta)]]
        effort *= eta
    return alive[0], spent


@successive_halving.style
def halving_by_sorting(evaluate, n, eta, effort):
    alive, spent = range(n), 0
    while len(alive) > 1:
        ranked = sorted((evaluate(i, effort), i) for i in alive)
        spent, keep = spent + effort * len(ranked), int(np.ceil(len(ranked) / eta))
        alive, effort = [i for _, i in ranked[:keep]], effort * eta
    return alive[0], spent


@successive_halving.style
def halving_by_recursion(evaluate, n, eta, effort):
    def finish(alive, effort, spent):
        if len(alive) == 1:
            return alive[0], spent
        losses = {i: evaluate(i, effort) for i in alive}
        best = sorted(alive, key=losses.get)[: (len(alive) + eta - 1) // eta]
        return finish(best, effort * eta, spent + effort * len(alive))

    return finish(list(range(n)), effort, 0)


def halving(
    order=np.argsort, keep=lambda m, eta: -(-m // eta), grow=lambda effort, eta: effort * eta, spend=lambda e, m: e * m
):
    """A family of mistakes: who is best, how many stay, how the effort grows, what is written down as spent."""

    def search(evaluate, n, eta, effort):
        alive, spent = list(range(n)), 0
        while len(alive) > 1:
            losses = [evaluate(i, effort) for i in alive]
            spent += spend(effort, len(alive))
            alive = [alive[j] for j in order(losses)[: max(keep(len(alive), eta), 1)]]
            effort = grow(effort, eta)
        return alive[0], spent

    return search


@successive_halving.mistake("You keep the worst: argsort puts the smallest loss first, and we want small losses.")
def keeps_the_worst(*args):
    return halving(order=lambda losses: np.argsort(losses)[::-1])(*args)


@successive_halving.mistake(
    "The effort stays the same, so the last rounds know no more than the first. Multiply it by eta."
)
def effort_does_not_grow(*args):
    return halving(grow=lambda effort, eta: effort)(*args)


@successive_halving.mistake(
    "The effort grows by adding eta. It is multiplied, so that every round costs about the same."
)
def effort_grows_by_adding(*args):
    return halving(grow=lambda effort, eta: effort + eta)(*args)


@successive_halving.mistake(
    "You round down when the numbers do not divide: of m survivors ceil(m / eta) stay, rounded up."
)
def rounds_down(*args):
    return halving(keep=lambda m, eta: m // eta)(*args)


@successive_halving.mistake("You forget that every survivor costs: a round with m of them spends m times the effort.")
def counts_rounds_only(*args):
    return halving(spend=lambda effort, m: effort)(*args)


@successive_halving.mistake(
    "You count questions, not efforts: a question at four times the effort costs four times as much."
)
def counts_questions(*args):
    return halving(spend=lambda effort, m: m)(*args)


@successive_halving.mistake(
    "You return the place of the winner among the last survivors, not its number among all n. Carry the numbers along."
)
def loses_the_numbers(evaluate, n, eta, effort):
    winner, spent = halving()(evaluate, n, eta, effort)
    return 0, spent


@successive_halving.mistake("You stop after the first round. Go on until one is left.")
def one_round(evaluate, n, eta, effort):
    losses = [evaluate(i, effort) for i in range(n)]
    return int(np.argmin(losses)), effort * n


@successive_halving.mistake(
    "The effort grows by the first effort each round, 1, 2, 3, ... It is multiplied by eta, so that every round costs "
    "the same."
)
def effort_grows_evenly(evaluate, n, eta, effort):
    return halving(grow=lambda now, eta: now + effort)(evaluate, n, eta, effort)


@successive_halving.mistake("Half of them stay in your version whatever eta is: of m survivors ceil(m / eta) stay.")
def always_a_half(*args):
    return halving(keep=lambda m, eta: -(-m // 2))(*args)


@successive_halving.mistake("The effort doubles whatever eta is. Multiply it by eta, so that the rounds cost the same.")
def always_doubles(*args):
    return halving(grow=lambda effort, eta: 2 * effort)(*args)


@successive_halving.mistake(
    "You return the setting with the lowest loss ever seen. A low loss after little training was a guess: the one that "
    "is left at the end wins."
)
def lowest_ever(evaluate, n, eta, effort):
    seen = []

    def noted(i, effort):
        seen.append((evaluate(i, effort), i))
        return seen[-1][0]

    _, spent = halving()(noted, n, eta, effort)
    return min(seen)[1], spent


@successive_halving.mistake(
    "The places among the survivors are taken for the numbers of the settings: argsort says where in the list the best "
    "stand. Look up who stands there, [alive[j] for j in order]."
)
def places_for_numbers(evaluate, n, eta, effort):
    alive, spent = list(range(n)), 0
    while len(alive) > 1:
        losses = [evaluate(i, effort) for i in alive]
        spent += effort * len(alive)
        alive = [int(j) for j in np.argsort(losses)[: -(-len(alive) // eta)]]
        effort *= eta
    return alive[0], spent


@successive_halving.mistake(
    "You count only what a round adds to the training before it, as if it went on from there. That is sensible where "
    "training can be resumed; here the sum of all efforts is asked for. Half the points.",
    credit=0.5,
)
def counts_what_is_added(evaluate, n, eta, effort):
    first, rounds = effort, []

    def noted(i, effort):
        rounds.append(effort if effort == first else effort - effort // eta)
        return evaluate(i, effort)

    winner, _ = halving()(noted, n, eta, effort)
    return winner, sum(rounds)


@successive_halving.mistake("You count a last training of the winner alone. When one is left, nothing more is tried.")
def trains_the_winner(evaluate, n, eta, effort):
    efforts = []

    def noted(i, effort):
        efforts.append(effort)
        return evaluate(i, effort)

    winner, spent = halving()(noted, n, eta, effort)
    noted(winner, eta * efforts[-1])
    return winner, spent + efforts[-1]


# ------------------------------------------------------------------------------------------------ hybrid.polish


def polish_cases(rng):
    def case(surface, x, lr, about, part):
        given = {"f": Given(surface, {"dim": 2}), "grad": Given(f"{surface}.grad", {"dim": 2})}
        return Case(given | {"hess": Given(f"{surface}.hess", {"dim": 2}), "x": x, "lr": lr}, about, part)

    return [
        case("rosenbrock", np.array([1.0, 1.0]) + rng.uniform(-0.05, 0.05, 2), 0.0007, "near the minimum", "newton"),
        case("styblinski_tang", np.array([-2.9, -2.9]) + rng.uniform(-0.3, 0.3, 2), 0.013, "in a good well", "newton"),
        case("styblinski_tang", rng.uniform(-0.9, 0.9, 2), 0.017, "near a top: the curvature is negative", "safeguard"),
        case("styblinski_tang", np.array([-2.4, 0.0]) + rng.uniform(-0.1, 0.1, 2), 0.011, "near a saddle", "safeguard"),
        case("styblinski_tang", [-2.5, 1.85] + rng.uniform(-0.03, 0.03, 2), 0.0123, "a leap too far", "safeguard"),
        case("styblinski_tang", rng.uniform(1.36, 1.44, 2), 0.012, "on a top that Newton leaps off", "safeguard"),
        case("rosenbrock", [0.8, 1.0] + rng.uniform(-0.05, 0.05, 2), 0.0006, "on a twisted saddle", "safeguard"),
        case("styblinski_tang", rng.uniform(-2.27, -2.22, 2), 0.013, "a leap that falls, by little", "newton"),
    ]


@exercise(
    "hybrid.polish",
    lesson="11",
    title="A safe last step",
    section="Momentum first, Newton last",
    points=2,
    starred=True,
    cases=polish_cases,
    rtol=1e-6,
    parts=(
        Part("newton", 0.5, "takes Newton's step where it helps"),
        Part("safeguard", 0.5, "falls back on the gradient where it does not"),
    ),
    hints=(
        "Newton's step is superb near a minimum and treacherous elsewhere. Two things must hold before you trust it.",
        "All eigenvalues of the Hessian are positive, and f is smaller at the new place. If either fails, take "
        "the gradient step.",
        "g, H = grad(x), hess(x); if np.linalg.eigvalsh(H).min() > 0: new = x - np.linalg.solve(H, g), and if "
        "f(new) < f(x) return it. Else return x - lr * g.",
    ),
)
def polish(f, grad, hess, x, lr):
    """One safe step: Newton's where the Hessian is positive definite and the step lowers f, else a gradient step.

    f, grad, hess: functions of x, giving a number, an array (d,) and an array (d, d). x: array (d,). lr: the rate of
    the gradient step.

    Returns the new point, an array (d,): x - H^-1 g, or x - lr g. Changes nothing it is given.
    """
    g, H = grad(x), hess(x)
    if np.linalg.eigvalsh(H).min() > 0:
        new = x - np.linalg.solve(H, g)
        if f(new) < f(x):
            return new
    return x - lr * g


@polish.style
def polish_by_cholesky(f, grad, hess, x, lr):
    g = grad(x)
    try:
        L = np.linalg.cholesky(hess(x))
    except np.linalg.LinAlgError:
        return x - lr * g
    step = np.linalg.solve(L.T, np.linalg.solve(L, g))
    return x - step if f(x - step) < f(x) else x - lr * g


@polish.style
def polish_in_the_eigenbasis(f, grad, hess, x, lr):
    curvatures, Q = np.linalg.eigh(hess(x))
    slope = Q.T @ grad(x)
    if (curvatures > 0).all() and f(x - Q @ (slope / curvatures)) < f(x):
        return x - Q @ (slope / curvatures)
    return x - lr * (Q @ slope)


@polish.mistake(
    "You always take Newton's step. Where the curvature is negative it climbs: look at the eigenvalues first."
)
def always_newton(f, grad, hess, x, lr):
    return x - np.linalg.solve(hess(x), grad(x))


@polish.mistake(
    "Newton's step is never taken, so near the minimum you give away what it is good for. If you ask for H > 0: an "
    "entry may be negative where all *eigenvalues* are positive."
)
def never_newton(f, grad, hess, x, lr):
    return x - lr * grad(x)


@polish.mistake("The condition is turned: you take Newton's step exactly where the Hessian is not positive definite.")
def condition_turned(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x - lr * g if np.linalg.eigvalsh(H).min() > 0 else x - np.linalg.solve(H, g)


@polish.mistake("The sign of Newton's step is turned: it is x minus the solution of H s = g.")
def newton_the_wrong_way(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x + np.linalg.solve(H, g) if np.linalg.eigvalsh(H).min() > 0 else x - lr * g


@polish.mistake("You multiply by the Hessian in the place of solving with it: the step is the solution of H s = g.")
def multiplies_by_the_hessian(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x - H @ g if np.linalg.eigvalsh(H).min() > 0 else x - lr * g


@polish.mistake("The fallback stays where it is. Where Newton's step can't be trusted, take the gradient step.")
def stays_where_it_is(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x - np.linalg.solve(H, g) if np.linalg.eigvalsh(H).min() > 0 else x.copy()


@polish.mistake("The fallback climbs: a gradient step is x minus lr times g.")
def fallback_climbs(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x - np.linalg.solve(H, g) if np.linalg.eigvalsh(H).min() > 0 else x + lr * g


@polish.mistake(
    "You look at the curvature, but not whether the step lowers f. Positive curvature here says little about far away: "
    "compare f(new) with f(x)."
)
def trusts_the_curvature(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    return x - np.linalg.solve(H, g) if np.linalg.eigvalsh(H).min() > 0 else x - lr * g


def polishing(trust, enough=lambda f, new, x, g, lr: f(new) < f(x), leap=1.0):
    """A family of mistakes: which Hessians are trusted, what is low enough, how much of Newton's step is taken."""

    def step(f, grad, hess, x, lr):
        g, H = grad(x), hess(x)
        new = x - (lr if leap == "rate" else leap) * np.linalg.solve(H, g)
        return new if trust(H) and enough(f, new, x, g, lr) else x - lr * g

    return step


def is_positive(H):
    return np.linalg.eigvalsh(H).min() > 0


@polish.mistake(
    "You ask whether the step lowers f, but not for the curvature. A leap off a top may land lower by luck: ask first "
    "whether all eigenvalues of the Hessian are positive."
)
def looks_at_the_value_only(*args):
    return polishing(lambda H: True)(*args)


@polish.mistake(
    "A positive determinant is not enough: with two negative eigenvalues it is positive too. Look at the eigenvalues "
    "themselves."
)
def determinant_alone(*args):
    return polishing(lambda H: np.linalg.det(H) > 0)(*args)


@polish.mistake(
    "You look at the diagonal of the Hessian. It may be positive on a saddle that is turned: the signs that count are "
    "those of the eigenvalues."
)
def diagonal_alone(*args):
    return polishing(lambda H: np.diag(H).min() > 0)(*args)


@polish.mistake("One positive eigenvalue is enough for you. On a saddle one is: ask that *all* of them are positive.")
def one_eigenvalue_is_enough(*args):
    return polishing(lambda H: np.linalg.eigvalsh(H).max() > 0)(*args)


@polish.mistake(
    "You compare Newton's step with the gradient step and take the better. That is safe too, but asked for is whether "
    "Newton's lowers f at all: compare f(new) with f(x). Half the points.",
    credit=0.5,
)
def better_of_the_two(*args):
    return polishing(is_positive, lambda f, new, x, g, lr: f(new) < f(x - lr * g))(*args)


@polish.mistake("You take only the share lr of Newton's step. The curvature says how far to go: it needs no rate.")
def rate_in_newtons_step(*args):
    return polishing(is_positive, leap="rate")(*args)


@polish.mistake(
    "Where Newton's step does not lower f you stay where you are. Take the gradient step there too, as where the "
    "curvature is negative."
)
def stays_after_a_failed_leap(f, grad, hess, x, lr):
    g, H = grad(x), hess(x)
    if not is_positive(H):
        return x - lr * g
    new = x - np.linalg.solve(H, g)
    return new if f(new) < f(x) else x.copy()
