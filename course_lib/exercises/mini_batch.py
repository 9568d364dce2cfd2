"""The exercises of lesson 04: batches, the loop over them, losses of an epoch, the noise of a batch, a schedule."""

from functools import wraps
from itertools import chain, combinations, pairwise

import numpy as np

from course_lib.calling import Case, Given
from course_lib.comparing import mismatch
from course_lib.exercises.declare import Part, exercise


def guarded(judge):
    """A judge that says so when there is nothing it could judge: what a submission sends may have any form."""

    @wraps(judge)
    def judged(case, outcome, expected):
        try:
            return judge(case, outcome, expected)
        except (TypeError, ValueError, LookupError, AttributeError):
            return "It is not of the form that is asked for."

    return judged


# ----------------------------------------------------------------------------------------- batch.minibatches


def batch_cases(rng):
    """Sizes of at least 13: a right shuffle is taken for none less than once in 13! = 6e9 times."""
    one_more = int(rng.integers(11, 15)) * 4 + 1  # with 3 left over, pieces of about equal size would be right
    other = int(rng.integers(6, 9))
    kinds = [
        (one_more, 4, 3, "sizes", "examples in fours: a last batch of one"),
        (6 * other, 6, 3, "sizes", "batches of 6 that come out even"),
        (other + 9, 40, 2, "sizes", "a batch larger than the data"),
        (4 * other + 7, 1, 2, "shuffle", "one example at a time"),
        (9 * other, 9, 4, "shuffle", "four epochs with one rng"),
    ]
    return [
        Case({"times": times, "n": n, "batch_size": size, "rng": Given("rng", {"seed": int(rng.integers(1e6))})},
             f"n = {n}, batch_size = {size}: {about}", part, probe="replay")
        for n, size, times, part, about in kinds
    ]  # fmt: skip


@guarded
def judge_batches(case, outcome, expected):
    """What is wrong with some epochs of batches; the order is free as long as it is shuffled."""
    n, size, epochs = case.args["n"], case.args["batch_size"], []
    shapes = [(min(size, n - start),) for start in range(0, n, size)]
    for number, got in zip(range(case.args["times"]), outcome.value[0], strict=True):
        if not well_formed(got, shapes) and (fault := bad_form(got, expected.value[0][number])):
            return fault
        epochs.append(listed(got))
        if fault := bad_epoch(list(chain(*epochs[-1])), n):
            return fault
    first, again = outcome.value
    if any(listed(other) != epoch for epoch, other in zip(epochs, again, strict=True)):
        return "With the same rng it returns other batches: draw from the rng that is given, and from nothing else."
    return bad_mixture(epochs)


def well_formed(got, shapes):
    """Whether an epoch is arrays of whole numbers of the right shapes, as most are: seen far sooner than a fault is."""
    alike = isinstance(got, (list, tuple)) and [getattr(part, "shape", None) for part in got] == shapes
    return alike and all(part.dtype.kind in "iu" for part in got)


def bad_form(got, model):
    """What is wrong with the kinds and shapes of the batches of one epoch, or None."""
    floats = [part.astype(float) for part in model]
    fault = mismatch(got, floats, atol=np.inf, lists=True) or mismatch(got, model, atol=np.inf, lists=True)
    return fault and ("A batch: " * bool(fault.path)) + fault.text


def listed(epoch):
    """The batches of an epoch as lists, in which few numbers are compared sooner than in arrays."""
    return [np.asarray(part).tolist() for part in epoch]


def bad_epoch(order, n):
    """What is wrong with the indices of one epoch, put end to end."""
    if min(order) < 0 or max(order) >= n:
        return "There are indices beyond the data: they run from 0 to n - 1."
    if len(set(order)) < n:
        return "In one epoch an index comes twice, and another is left out."
    if order == list(range(n)):
        return "The indices come in their old order: nothing is shuffled."
    turned = all((b - a) % n == 1 for a, b in pairwise(order))
    return "The indices keep their old order, only turned around." if turned else ""


def bad_mixture(epochs):
    """What is wrong with the indices of several epochs together, or None."""
    one, two = epochs[:2]
    if one == two:
        return "Two epochs have the same order, though the rng has gone on."
    if len(one) == 1 or len(one[-1]) == 1 or set(map(frozenset, one)) != set(map(frozenset, two)):
        return None
    kept = all(b - a == 1 for part in chain(*epochs) for a, b in pairwise(part))
    return "The same examples share a batch in every epoch" + (", in their old order." if kept else ".")


@exercise(
    "batch.minibatches",
    lesson="04",
    title="The batches of one epoch",
    section="Batches",
    points=3,
    cases=batch_cases,
    judge=judge_batches,
    lists=True,
    parts=(
        Part("sizes", 0.6, "has every example once, in batches of the right sizes"),
        Part("shuffle", 0.4, "mixes anew in every epoch, by the rng that is given"),
    ),
    hints=(
        "Think of a deck of cards: shuffle the whole deck once, then deal it out. What is left over at the end is a "
        "batch too.",
        "rng.permutation(n) is the shuffled deck, an array of the indices 0 to n - 1. Cut it at 0, batch_size, "
        "2 * batch_size, ...; a slice that reaches beyond the end is cut short by itself.",
        "order = rng.permutation(n), and then the list of order[i : i + batch_size] for i in range(0, n, batch_size).",
    ),
)
def minibatches(n, batch_size, rng):
    """The batches of one epoch: all indices 0 to n - 1 in a fresh random order, cut into pieces.

    n: how many examples, n >= 1. batch_size: how many a batch, at least 1; it may be larger than n.
    rng: a numpy.random.Generator; a second call with it gives another order.

    Returns a list of integer arrays: batches of batch_size, and at the end one of what is left over, if anything is.
    """
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


@minibatches.style
def minibatches_by_split(n, batch_size, rng):
    return np.split(rng.permutation(n), np.arange(batch_size, n, batch_size))


@minibatches.style
def minibatches_by_shuffle(n, batch_size, rng):
    order = list(range(n))
    rng.shuffle(order)
    batches = []
    while order:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches


@minibatches.style
def minibatches_by_sorting_keys(n, batch_size, rng):
    order = np.argsort(rng.random(n))
    return tuple(order[i * batch_size : (i + 1) * batch_size] for i in range(-(-n // batch_size)))


def cut(order, batch_size):
    """The pieces of an order."""
    return [order[i : i + batch_size] for i in range(0, len(order), batch_size)]


@minibatches.mistake(
    "You drop the last batch when it is not full, so up to batch_size - 1 examples are not seen in this epoch. Keep "
    "it: it is smaller, and a slice beyond the end is no error."
)
def last_batch_dropped(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size)]


@minibatches.mistake(
    "You draw each batch anew from all examples, so some come twice in an epoch and about a third not at all. Draw "
    "one permutation for the epoch and cut it."
)
def with_replacement(n, batch_size, rng):
    return cut(rng.integers(0, n, n), batch_size)


@minibatches.mistake(
    "Nothing is shuffled: the batches are the data in the order of the file. If that is sorted by class, a batch "
    "shows one class only. Cut rng.permutation(n), not arange(n)."
)
def no_shuffle(n, batch_size, rng):
    return cut(np.arange(n), batch_size)


@minibatches.mistake(
    "You make a generator with a fixed seed inside the function, so every epoch has the same order. Draw from the rng "
    "that is given: it goes on from call to call."
)
def seed_inside(n, batch_size, rng):
    return cut(np.random.default_rng(0).permutation(n), batch_size)


@minibatches.mistake(
    "You make a generator of your own, without a seed: nobody can repeat your run. Draw from the rng that is given."
)
def own_generator(n, batch_size, rng):
    return cut(np.random.default_rng().permutation(n), batch_size)


@minibatches.mistake(
    "You shuffle with NumPy's global generator (np.random.shuffle or np.random.permutation). Its order depends on "
    "whoever drew before you: draw from the rng that is given."
)
def global_generator(n, batch_size, rng):
    return cut(np.random.permutation(n), batch_size)  # noqa: NPY002


@minibatches.mistake(
    "When the batches come out even there is an empty one too many at the end (n // batch_size + 1). An empty batch "
    "has no mean: the loss becomes NaN. Count with range(0, n, batch_size)."
)
def empty_batch(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size : (i + 1) * batch_size] for i in range(n // batch_size + 1)]


@minibatches.mistake(
    "You cut first and shuffle within the pieces, so the same examples always share a batch. Shuffle the whole order "
    "before you cut."
)
def shuffled_within(n, batch_size, rng):
    return [rng.permutation(part) for part in cut(np.arange(n), batch_size)]


@minibatches.mistake(
    "You shuffle the order of the batches, not the examples: neighbors in the file stay together. Shuffle the whole "
    "order before you cut."
)
def batch_order_only(n, batch_size, rng):
    parts = cut(np.arange(n), batch_size)
    return [parts[i] for i in rng.permutation(len(parts))]


@minibatches.mistake(
    "Your indices run from 1 to n. Python counts from 0: example 0 is never seen, and X[n] does not exist."
)
def counts_from_one(n, batch_size, rng):
    return cut(1 + rng.permutation(n), batch_size)


@minibatches.mistake(
    "The last example is never used: you permute n - 1 indices. rng.permutation(n) has all of them, from 0 to n - 1."
)
def one_too_few(n, batch_size, rng):
    return cut(rng.permutation(n - 1), batch_size)


@minibatches.mistake(
    "You fill the last batch up with examples from the beginning, so these count twice. Leave it smaller."
)
def padded(n, batch_size, rng):
    order = rng.permutation(n)
    return cut(np.resize(order, -(-n // batch_size) * batch_size), batch_size)


@minibatches.mistake(
    "You return one batch only. An epoch is a pass over all examples: return the list of all its batches."
)
def one_batch_an_epoch(n, batch_size, rng):
    return [rng.permutation(n)[:batch_size]]


@minibatches.mistake(
    "You start at a random place and go around in the old order. Neighbors stay neighbors: use rng.permutation(n)."
)
def turned_around(n, batch_size, rng):
    return cut((np.arange(n) + rng.integers(1, n)) % n, batch_size)


@minibatches.mistake(
    "You make all batches about equally large, as np.array_split does. Here each has batch_size examples, and the last "
    "one what is left over: np.split(order, range(batch_size, n, batch_size)), or slices."
)
def all_about_equal(n, batch_size, rng):
    return np.array_split(rng.permutation(n), -(-n // batch_size))


@minibatches.mistake(
    "The small batch comes first in your epoch. Deal out full batches for as long as there are any: what is left over "
    "comes at the end."
)
def small_batch_first(n, batch_size, rng):
    order, rest = rng.permutation(n), n % batch_size
    return [order[:rest]] * (rest > 0) + cut(order[rest:], batch_size)


@minibatches.mistake(
    "You return a generator (yield, or an expression in round brackets): it can be gone through only once, and has no "
    "length. Put the batches in a list and return it."
)
def a_generator(n, batch_size, rng):
    return (batch for batch in cut(rng.permutation(n), batch_size))


# ----------------------------------------------------------------------------------------------- batch.train


def train_cases(rng):
    sizes = [(17, 5, 3, "feeding", "17 examples in batches of 5"), (14, 4, 2, "feeding", "14 examples in fours")]
    sizes += [(15, 15, 4, "path", "all examples at once, four epochs"), (16, 1, 2, "path", "one example at a time")]
    return [
        Case({"step": Given("fading_step", {"lr": 0.37}), "grad": Given("log_cosh_grad"),
              "start": (rng.normal(0, 1, d), 3), "X": rng.normal(0, 1, (n, d)), "y": rng.normal(1, 2, n),
              "batch_size": size, "epochs": epochs, "rng": Given("rng", {"seed": int(rng.integers(1e6))})},
             f"{about}; the step has taken 3 steps before", part, probe="fed")
        for d, (n, size, epochs, part, about) in zip((2, 3, 4, 2), sizes, strict=True)
    ]  # fmt: skip


@guarded
def judge_training(case, outcome, expected):
    """What is wrong with a training run, judged by what it fed to grad and step, and by what it returned."""
    value, asked, taken = outcome.value if len(outcome.value) == 3 else (outcome.value, [], [])
    if fault := mismatch(value, expected.value[0], atol=np.inf, lists=True):
        return fault.text
    if not asked or not taken:
        return "It never calls grad, or never step."
    sizes = [len(np.ravel(y)) for _, _, y in asked]
    if fault := bad_feeding(case.args, asked, sizes) or bad_states(case.args["start"], asked, taken):
        return fault
    states = [case.args["start"], *(new for _, new in taken)]
    rounds = len(taken) // case.args["epochs"]
    path = np.array([state[0] for state in states[::rounds]])
    if fault := mismatch(value, (path[-1], path), lists=True):
        return ("w: ", "history: ")[fault.path[0] if fault.path else 0] + fault.text
    return None


def bad_feeding(args, asked, sizes):
    """What is wrong with the batches that grad was asked for."""
    X, y, size, n = args["X"], args["y"], args["batch_size"], len(args["y"])
    if sizes[0] == n > size:
        return "The gradient is asked for on all examples at once."
    rows = [[np.flatnonzero((row == X).all(-1)) for row in np.atleast_2d(batch)] for _, batch, _ in asked]
    if any(len(found) != 1 for batch in rows for found in batch):
        return "It feeds inputs that are no rows of X."
    rows = [np.concatenate(batch) for batch in rows]
    labels = [np.ravel(batch) for _, _, batch in asked]
    if not np.array_equal(y[np.concatenate(rows)], np.concatenate(labels)):
        old = np.array_equal(np.concatenate(labels)[:n], y)
        return "The inputs and the answers of a batch do not belong together" + (": only X is mixed." if old else ".")
    if sizes != ([size] * (n // size) + [n % size] * (n % size > 0)) * args["epochs"]:
        return "The batches do not have the right number or sizes."
    epochs = np.concatenate(rows).reshape(args["epochs"], n)
    if any(len(set(epoch.tolist())) < n for epoch in epochs):
        return "In one epoch an example comes twice, and another is left out."
    if np.array_equal(epochs[0], np.arange(n)):
        return "The examples come in their old order: nothing is shuffled."
    return "Two epochs have the same order." if np.array_equal(epochs[0], epochs[1]) else ""


def bad_states(start, asked, taken):
    """What is wrong with the states: each step goes on from the last, and the gradient is asked for there."""
    before = [start, *(new for _, new in taken)]
    if len(asked) != len(taken):
        return "It does not take one step for each gradient."
    lost = [bool(mismatch(given, there)) for (given, _), there in zip(taken, before)]
    if any(lost):
        moved = any(mismatch(given[0], there[0]) for (given, _), there in zip(taken, before))
        what, where = ("state", "memory")[not moved], ("an epoch", "a batch")[sum(lost) > len(lost) / 3]
        return f"The first step of {where} does not go on from the {what} that the step before returned."
    if any(mismatch(w, there[0]) for (w, _, _), there in zip(asked, before)):
        same = all(np.array_equal(w, start[0]) for w, _, _ in asked)
        return "The gradient is asked for at an old w" + (", always that of the start." if same else ".")
    return ""


@exercise(
    "batch.train",
    lesson="04",
    title="The training loop",
    section="The training loop",
    points=3,
    cases=train_cases,
    judge=judge_training,
    lists=True,
    parts=(
        Part("feeding", 0.6, "feeds batches whose inputs and answers belong together"),
        Part("path", 0.4, "goes on from state to state and notes w after each epoch"),
    ),
    hints=(
        "Two loops: one over the epochs, one over the batches of an epoch. What is made once before both of them, "
        "what at the start of each epoch?",
        "In each epoch: order = rng.permutation(len(y)). For each piece of it, rows: state = step(state, "
        "grad(state[0], X[rows], y[rows])). At the end of the epoch note state[0].",
        "state, history = start, [start[0]]. for _ in range(epochs): a fresh order; for i in range(0, len(y), "
        "batch_size): rows = order[i : i + batch_size] and the step; after the inner loop history.append(state[0]). "
        "Return state[0], np.array(history).",
    ),
)
def train(step, grad, start, X, y, batch_size, epochs, rng):
    """Train in mini-batches: in every epoch a fresh order of the examples, cut into batches, and a step for each.

    step: a function, step(state, g) gives the next state, a tuple whose first entry is the weights w.
    grad: a function, grad(w, X, y) is the gradient (d,) on the examples it is given. start: the state to start from.
    X: array (n, d). y: array (n,). batch_size: at most so many examples a step; the last batch may be smaller.
    epochs: how many passes, at least 1. rng: a numpy.random.Generator.

    Returns (w, history): the last w, and an array (epochs + 1, d) of w at the start and after each epoch.
    """
    state, history = start, [start[0]]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            state = step(state, grad(state[0], X[rows], y[rows]))
        history.append(state[0])
    return state[0], np.array(history)


@train.style
def train_on_shuffled_copies(step, grad, start, X, y, batch_size, epochs, rng):
    n = len(X)
    state = start
    history = np.empty((epochs + 1, len(start[0])))
    history[0] = start[0]
    for epoch in range(epochs):
        order = np.argsort(rng.random(n))
        Xs, ys = X[order], y[order]
        for k in range(-(-n // batch_size)):
            g = grad(state[0], Xs[k * batch_size : (k + 1) * batch_size], ys[k * batch_size : (k + 1) * batch_size])
            state = step(state, g)
        history[epoch + 1] = state[0]
    return state[0], history


@train.style
def train_on_one_table(step, grad, start, X, y, batch_size, epochs, rng):
    table, state, history = np.column_stack([X, y]), start, [start[0].tolist()]
    for _ in range(epochs):
        rng.shuffle(table)
        for batch in np.split(table, range(batch_size, len(y), batch_size)):
            w, *_ = state
            state = step(state, grad(w, batch[:, :-1], batch[:, -1]))
        history.append(state[0].tolist())
    return [state[0], history]


def loop(rows_of, at=lambda state, start, before: state[0], keep=lambda state, start: state, note="after"):
    """A family of training loops: which rows and labels are fed, where the gradient is asked for, what is kept."""

    def trained(step, grad, start, X, y, batch_size, epochs, rng):
        state, history = start, [start[0]]
        for _ in range(epochs):
            before = state
            for inputs, labels in rows_of(len(y), batch_size, rng):
                state = step(state, grad(at(state, start, before), X[inputs], y[labels]))
                if note == "every":
                    history.append(state[0])
            if note == "after":
                history.append(state[0])
            if note == "before":
                history.append(before[0])
            state = keep(state, start)
        return state[0], np.array(history)

    return trained


def pairs(n, batch_size, rng):
    """The rows of one epoch, twice: for X and for y."""
    return [(rows, rows) for rows in minibatches.reference(n, batch_size, rng)]


@train.mistake(
    "X and y are shuffled apart, so an input gets the answer of another: nothing can be learned. Draw one order and "
    "index both with it."
)
def shuffled_apart(*args):
    def apart(n, size, rng):
        one, two = (minibatches.reference(n, size, rng) for _ in "Xy")
        return zip(one, two, strict=True)

    return loop(apart)(*args)


@train.mistake(
    "X is shuffled and y is not: the batch of y is a slice of the old order. Index both with the same rows."
)
def only_inputs_shuffled(*args):
    def half(n, size, rng):
        return zip(minibatches.reference(n, size, rng), cut(np.arange(n), size), strict=True)

    return loop(half)(*args)


@train.mistake(
    "The state is made anew for every batch, so what the method remembers is lost: momentum, averages, the count of "
    "steps. Make it once, before both loops."
)
def state_reset_each_batch(step, grad, start, X, y, batch_size, epochs, rng):
    w, history = start[0], [start[0]]
    for _ in range(epochs):
        for rows in minibatches.reference(len(y), batch_size, rng):
            w = step((w, *start[1:]), grad(w, X[rows], y[rows]))[0]
        history.append(w)
    return w, np.array(history)


@train.mistake(
    "The memory starts anew with every epoch: w goes on, but the count of steps (or the velocity) is that of the "
    "start. Carry the whole state from epoch to epoch."
)
def memory_reset_each_epoch(*args):
    return loop(pairs, keep=lambda state, start: (state[0], *start[1:]))(*args)


@train.mistake(
    "Every epoch begins again at the start: the work of the epoch before is thrown away. Set the state before the "
    "loop over the epochs."
)
def restarts_each_epoch(step, grad, start, X, y, batch_size, epochs, rng):
    history = [start[0]]
    for _ in range(epochs):
        state = start
        for rows in minibatches.reference(len(y), batch_size, rng):
            state = step(state, grad(state[0], X[rows], y[rows]))
        history.append(state[0])
    return state[0], np.array(history)


@train.mistake(
    "The gradient is computed on all examples in every step: grad(w, X, y) in place of grad(w, X[rows], y[rows]). "
    "An epoch then costs as many full gradients as it has batches."
)
def full_gradient(*args):
    return loop(lambda n, size, rng: [(slice(None), slice(None)) for _ in minibatches.reference(n, size, rng)])(*args)


@train.mistake(
    "Within an epoch all gradients are asked for at the w of its beginning. Ask at the newest w, state[0]: that is "
    "what makes many small steps better than one."
)
def stale_weights(*args):
    return loop(pairs, at=lambda state, start, before: before[0])(*args)


@train.mistake(
    "All gradients are asked for at the start: grad gets start[0] in place of state[0], so its answer never changes "
    "with what was learned."
)
def gradient_at_the_start(*args):
    return loop(pairs, at=lambda state, start, before: start[0])(*args)


@train.mistake(
    "You note w before the epoch's steps, so the history lags an epoch behind and its last row is not the w you "
    "return. Append after the loop over the batches."
)
def notes_before(*args):
    return loop(pairs, note="before")(*args)


@train.mistake(
    "You note w after every batch. An epoch is a pass over all examples: append once, after the loop over the batches."
)
def notes_every_batch(*args):
    return loop(pairs, note="every")(*args)


@train.mistake("The start is missing from the history: its first row is the w of the start, before any step.")
def history_without_start(*args):
    w, history = loop(pairs)(*args)
    return w, history[1:]


@train.mistake(
    "The order is drawn once, before the loop over the epochs: every epoch has the same batches. Draw it inside."
)
def order_drawn_once(step, grad, start, X, y, batch_size, epochs, rng):
    batches = pairs(len(y), batch_size, rng)
    return loop(lambda *_: batches)(step, grad, start, X, y, batch_size, epochs, rng)


@train.mistake(
    "The examples are fed in the order of the file: nothing is shuffled. Draw a fresh order in every epoch."
)
def fed_in_order(*args):
    return loop(lambda n, size, rng: [(rows, rows) for rows in cut(np.arange(n), size)])(*args)


@train.mistake(
    "The loop leaves out the last, smaller batch (len(y) // batch_size batches). Each epoch then forgets some examples."
)
def last_rows_forgotten(*args):
    return loop(lambda n, size, rng: pairs(n, size, rng)[: n // size])(*args)


@train.mistake(
    "One batch an epoch: you draw some rows and take a single step. An epoch is a pass over all examples."
)
def one_step_an_epoch(*args):
    return loop(lambda n, size, rng: pairs(n, size, rng)[:1])(*args)


@train.mistake(
    "Each batch is drawn anew from all examples (rng.integers, or rng.choice in the inner loop), so some come twice in "
    "an epoch and others not at all. Draw one permutation an epoch and cut it."
)
def drawn_anew(*args):
    return loop(lambda n, size, rng: [(rows, rows) for rows in cut(rng.integers(0, n, n), size)])(*args)


@train.mistake(
    "You draw batch_size examples for every step, anew and with repetition: some come twice in an epoch, others not at "
    "all, and the last batch is as large as the others. Draw one permutation an epoch and cut it."
)
def drawn_anew_all_full(*args):
    def drawn(n, size, rng):
        rows = [rng.integers(0, n, size) for _ in range(0, n, size)]
        return zip(rows, rows, strict=True)

    return loop(drawn)(*args)


@train.mistake(
    "You return the whole state in the place of the weights. The contract is (w, history), and w is state[0]."
)
def returns_the_state(step, grad, start, X, y, batch_size, epochs, rng):
    state, history = start, [start[0]]
    for _ in range(epochs):
        for rows, _ in pairs(len(y), batch_size, rng):
            state = step(state, grad(state[0], X[rows], y[rows]))
        history.append(state[0])
    return state, np.array(history)


# ------------------------------------------------------------------------------------------ batch.epoch_loss


def epoch_loss_cases(rng):
    kinds = [([32, 32, 32, 5], "a last batch of 5"), ([7, 7, 1], "a last batch of one example"), ([13], "one batch"),
             ([3, 11, 6, 2, 9], "batches of any sizes")]  # fmt: skip
    return [
        Case({"batch_means": rng.uniform(0.2, 3, len(sizes)), "batch_sizes": np.array(sizes)}, about)
        for sizes, about in kinds
    ]


@exercise(
    "batch.epoch_loss",
    lesson="04",
    title="The loss of an epoch",
    section="The loss of an epoch",
    points=1,
    cases=epoch_loss_cases,
    hints=(
        "Five examples in the last batch, 32 in the others: should the last mean count as much as the others?",
        "Turn each mean back into the sum it came from, add the sums, and divide by the number of all examples.",
        "sum(batch_means * batch_sizes) / sum(batch_sizes).",
    ),
)
def epoch_loss(batch_means, batch_sizes):
    """The mean loss over all examples of an epoch, from the mean losses of its batches.

    batch_means: array (k,), the mean loss of each batch. batch_sizes: array (k,), how many examples each has.

    Returns a number.
    """
    return np.sum(batch_means * batch_sizes) / np.sum(batch_sizes)


@epoch_loss.style
def epoch_loss_by_loop(batch_means, batch_sizes):
    total, count = 0.0, 0
    for mean, size in zip(batch_means, batch_sizes):
        total += size * mean
        count += size
    return total / count


@epoch_loss.style
def epoch_loss_by_average(batch_means, batch_sizes):
    return np.average(batch_means, weights=batch_sizes)


@epoch_loss.style
def epoch_loss_running(batch_means, batch_sizes):
    mean = seen = 0
    for m, k in zip(batch_means, batch_sizes):
        seen += k
        mean += (m - mean) * k / seen
    return float(mean)


@epoch_loss.mistake(
    "You average the means as if all batches were equal: an example in the small last batch counts more than the "
    "others. Weigh each mean with the size of its batch."
)
def mean_of_means(batch_means, batch_sizes):
    return np.mean(batch_means)


@epoch_loss.mistake(
    "You return the loss of the last batch. It is what the loop variable holds after the loop, and it says little "
    "about the epoch: collect all batches."
)
def last_batch_only(batch_means, batch_sizes):
    return batch_means[-1]


@epoch_loss.mistake(
    "You add up the means and do not divide, so your number grows with the number of batches. Divide the sum of "
    "mean * size by the number of all examples."
)
def sum_of_means(batch_means, batch_sizes):
    return np.sum(batch_means)


@epoch_loss.mistake(
    "You have the sum over all examples: the division by their number, sum(batch_sizes), is missing."
)  # fmt: skip
def total_loss(batch_means, batch_sizes):
    return np.sum(batch_means * batch_sizes)


@epoch_loss.mistake(
    "You divide by the number of batches. What you added up are losses of examples: divide by sum(batch_sizes)."
)
def divided_by_batches(batch_means, batch_sizes):
    return np.sum(batch_means * batch_sizes) / len(batch_sizes)


@epoch_loss.mistake(
    "You divide by (number of batches) * (size of the first), as if all were of one size. Divide by sum(batch_sizes)."
)
def all_of_one_size(batch_means, batch_sizes):
    return np.sum(batch_means * batch_sizes) / (len(batch_sizes) * batch_sizes[0])


@epoch_loss.mistake(
    "You add the means and divide by the number of examples. A mean stands for all examples of its batch: multiply it "
    "by the size first."
)
def means_by_examples(batch_means, batch_sizes):
    return np.sum(batch_means) / np.sum(batch_sizes)


@epoch_loss.mistake(
    "You average as you go, (old + new) / 2. Then the last batches count most and the first ones almost nothing."
)
def halves_as_it_goes(batch_means, batch_sizes):
    value = batch_means[0]
    for mean in batch_means[1:]:
        value = (value + mean) / 2
    return value


# ----------------------------------------------------------------------------------- batch.gradient_variance


def variance_cases(rng):
    """Many draws in a few calls, and few draws in many calls: the one shows scatter, the other a bias."""
    kinds = [(5, 34, 24, "many", "34 draws, the mean of 24 answers"),
             (1, 34, 24, "many", "single examples, 34 draws, the mean of 24 answers"),
             (2, 2, 500, "few", "two draws, the mean of 500 answers")]  # fmt: skip
    return [
        Case({"times": times, "grad": Given("log_cosh_grad"), "w": rng.normal(0, 1, 3), **variance_data(rng),
              "batch_size": size, "draws": draws, "rng": Given("rng", {"seed": int(rng.integers(1e6))})},
             f"9 examples, batch_size = {size}: {about}", part, probe="replay")
        for size, draws, times, part, about in kinds
    ]  # fmt: skip


def variance_data(rng):
    """Nine examples with y far below X w, so that each gradient is its row of X: far from 0, scattered in all ways."""
    return {"X": rng.uniform(0, 8, (9, 3)), "y": rng.normal(-90, 3, 9)}


def spread_of_batches(case):
    """All squared distances |g_B - g|^2 over the batches B of distinct examples, by enumeration."""
    X, y, w, size = (case.args[name] for name in ("X", "y", "w", "batch_size"))
    each = np.tanh(X @ w - y)[:, None] * X
    batches = np.array([each[list(rows)].mean(axis=0) for rows in combinations(range(len(y)), size)])
    return ((batches - each.mean(axis=0)) ** 2).sum(axis=1)


def tolerance(squares, n):
    """By how much the mean of n draws is off less than once in 10^8 times (Bernstein, 1924), as a share.

    P(|mean - V| > t) <= 2 exp(-n t^2 / (2 var + 2 M t / 3)), solved for t.
    """
    V, log = squares.mean(), np.log(2e8)
    half = log * squares.max() / (3 * n)
    return (half + np.sqrt(half**2 + 2 * log * squares.var() / n)) / V


@guarded
def judge_variance(case, outcome, expected):
    """Whether the estimates scatter around the variance of a batch's gradient; if not, around what else."""
    got, again = outcome.value
    for value, model in zip(got, expected.value[0], strict=True):
        if fault := mismatch(value, model, atol=np.inf):
            return fault.text
    if not np.array_equal(got, again):
        return "With the same rng it returns another number: draw from the rng that is given, and from nothing else."
    squares, draws = spread_of_batches(case), case.args["draws"]
    if np.ptp(got) == 0:
        return "With a generator that goes on it returns the same number every time."
    share = np.array(got, dtype=float) / squares.mean()
    scatter = share.std(ddof=1) / share.mean()  # a right answer's is a sixth of a single draw's, here allowed half
    if draws > 2 and scatter > squares.std() / squares.mean() / 2:
        return "Many draws give estimates that differ as much as single ones."
    # centering on the draws' own mean costs at most one draw in two, so half of them are counted
    if abs(share.mean() - 1) <= tolerance(squares, len(got) * draws / 2):
        return None
    return "It is " + nearest(share.mean(), others(case, squares), tolerance(squares, len(got) * draws / 2))


def others(case, squares):
    """What people compute in the place of the variance, and how many times the variance that is."""
    X, y, w, size = (case.args[name] for name in ("X", "y", "w", "batch_size"))
    each, draws = np.tanh(X @ w - y)[:, None] * X, case.args["draws"]
    one, V, n = ((each - each.mean(axis=0)) ** 2).sum(axis=1).mean(), squares.mean(), len(y)
    amounts = {
        "about what batches with repetition would give.": one / size,
        "about the mean distance, not its square.": np.sqrt(squares).mean(),
        "about the variance of a coordinate, not of the whole gradient.": V / len(w),
        "about the variance of one example.": one,
        "about the mean square of the gradient itself, not of its distance to the full one.":
            V + (each.mean(axis=0) ** 2).sum(),
        "about draws - 1 parts in draws of what it should be.": V * (draws - 1) / draws,
        "about the sum over the draws.": V * draws,
        "about the variance divided by the draws.": V / draws,
        "about 0.": 1e-30,
        "about the variance times (n - 1)/n.": V * (n - 1) / n,
    }  # fmt: skip
    return {words: amount / V for words, amount in amounts.items()}


def nearest(share, candidates, tolerance):
    """The words of the candidate that is nearest in ratio; where none is near, whether it is too large or too small."""
    words = min(candidates, key=lambda words: abs(np.log(max(abs(share), 1e-30) / candidates[words])))
    if abs(candidates[words] - 1) > tolerance / 2 and abs(share / candidates[words] - 1) < max(tolerance, 0.5):
        return words
    return "too large on average." if share > 1 else "too small on average."


def mean_of_calls(value):
    """What is shown of many random numbers: their mean."""
    return np.mean(value[0])


@exercise(
    "batch.gradient_variance",
    lesson="04",
    title="How noisy is a batch?",
    section="The noise of a batch",
    points=2,
    starred=True,
    cases=variance_cases,
    judge=judge_variance,
    shown=mean_of_calls,
    parts=(
        Part("many", 0.6, "comes to the variance of a batch's gradient when many are drawn"),
        Part("few", 0.4, "is right on average with few draws too"),
    ),
    hints=(
        "You know where the gradients of batches scatter around: the gradient on all examples. So no mean has to be "
        "estimated. How far away is a batch's gradient, squared?",
        "In each draw: rows = rng.choice(n, batch_size, replace=False), its gradient, and the squared length of its "
        "difference to the full gradient. Return the mean over the draws.",
        "full = grad(w, X, y). For each draw note np.sum((grad(w, X[rows], y[rows]) - full)**2) with fresh rows. "
        "Return the mean of what you noted.",
    ),
)
def grad_variance(grad, w, X, y, batch_size, draws, rng):
    """The variance of a batch's gradient, estimated: the mean squared distance of such gradients to the full one.

    grad: a function, grad(w, X, y) is the gradient (d,) on the examples it is given. w: array (d,).
    X: array (n, d). y: array (n,). batch_size: how many different examples a batch has, at most n.
    draws: how many batches to draw, at least 2, each independent of the others. rng: a numpy.random.Generator.

    Returns a number: the mean over the draws of the squared length of (the batch's gradient - the full gradient).
    """
    full, squares = grad(w, X, y), []
    for _ in range(draws):
        rows = rng.choice(len(y), batch_size, replace=False)
        squares.append(np.sum((grad(w, X[rows], y[rows]) - full) ** 2))
    return np.mean(squares)


def gradients_of_draws(grad, w, X, y, batch_size, draws, rng):
    """The gradients (draws, d) of batches of distinct examples."""
    rows = [rng.permutation(len(y))[:batch_size] for _ in range(draws)]
    return np.array([grad(w, X[some], y[some]) for some in rows])


@grad_variance.style
def variance_around_the_full_gradient(grad, w, X, y, batch_size, draws, rng):
    found = gradients_of_draws(grad, w, X, y, batch_size, draws, rng)
    return float(((found - grad(w, X, y)) ** 2).sum(axis=-1).mean())


@grad_variance.style
def variance_around_their_mean(grad, w, X, y, batch_size, draws, rng):
    return gradients_of_draws(grad, w, X, y, batch_size, draws, rng).var(axis=0, ddof=1).sum()


@grad_variance.mistake(
    "You measure around the mean of the draws and divide by their number. That mean was fitted to them, so the result "
    "is too small by (draws - 1)/draws: half with two draws. Measure around the full gradient, or use ddof=1."
)
def around_the_sample_mean(*args):
    return gradients_of_draws(*args).var(axis=0).sum()


@grad_variance.mistake(
    "You average the distances, not their squares: np.linalg.norm without **2. A variance has squares in it."
)
def distance_not_squared(grad, w, X, y, *rest):
    return np.linalg.norm(gradients_of_draws(grad, w, X, y, *rest) - grad(w, X, y), axis=1).mean()


@grad_variance.mistake(
    "One batch is drawn before the loop and used in every draw, so all draws say the same. Draw fresh rows inside."
)
def one_batch_reused(grad, w, X, y, batch_size, draws, rng):
    rows = rng.choice(len(y), batch_size, replace=False)
    return np.mean([np.sum((grad(w, X[rows], y[rows]) - grad(w, X, y)) ** 2) for _ in range(draws)])


@grad_variance.mistake(
    "Your batches may hold an example twice (rng.integers, or rng.choice without replace=False). The batches of an "
    "epoch hold different ones, and scatter less: by (n - batch_size)/(n - 1)."
)
def batches_with_repetition(grad, w, X, y, batch_size, draws, rng):
    rows = rng.integers(0, len(y), (draws, batch_size))
    full = grad(w, X, y)
    return np.mean([np.sum((grad(w, X[some], y[some]) - full) ** 2) for some in rows])


@grad_variance.mistake(
    "You average over the coordinates as well (np.mean of the squares). The squared length of a vector is their sum."
)
def mean_over_coordinates(grad, w, X, y, *rest):
    return ((gradients_of_draws(grad, w, X, y, *rest) - grad(w, X, y)) ** 2).mean()


@grad_variance.mistake(
    "You square the gradients themselves. How large they are is not how much they scatter: subtract the full gradient "
    "first."
)
def not_centered(*args):
    return (gradients_of_draws(*args) ** 2).sum(axis=1).mean()


@grad_variance.mistake(
    "The batch size is not used: you draw single examples. Each draw takes the gradient of batch_size examples."
)
def single_examples(grad, w, X, y, batch_size, draws, rng):
    found = gradients_of_draws(grad, w, X, y, 1, draws, rng)
    return ((found - grad(w, X, y)) ** 2).sum(axis=1).mean()


@grad_variance.mistake("You add up over the draws and do not divide: the more you draw, the larger the answer.")
def sum_over_draws(grad, w, X, y, *rest):
    return ((gradients_of_draws(grad, w, X, y, *rest) - grad(w, X, y)) ** 2).sum()


@grad_variance.mistake(
    "You compare the mean of all draws with the full gradient. The deviations cancel before you square them: square "
    "first, then average."
)
def squares_the_mean(grad, w, X, y, *rest):
    return ((gradients_of_draws(grad, w, X, y, *rest).mean(axis=0) - grad(w, X, y)) ** 2).sum()


# --------------------------------------------------------------------------------------- batch.warmup_cosine


def schedule_cases(rng):
    base, final, T = float(rng.uniform(0.3, 0.9)), float(rng.uniform(0.02, 0.1)), int(rng.integers(80, 130))
    warmup = int(rng.integers(8, 15))
    at = [(0, "ramp", "the first step"), (warmup // 2, "ramp", "in the warm-up"), (warmup - 1, "ramp", "its last step"),
          (1, "ramp", "the second step"), (warmup - 3, "ramp", "late in the warm-up"),
          (warmup, "cosine", "the first step after it"), ((T + warmup) // 2, "cosine", "half-way down"),
          (warmup + 9, "cosine", "early on the way down"), (T - 21, "cosine", "late on the way down"),
          (T - 7, "cosine", "near the end"), (T, "cosine", "the end")]  # fmt: skip
    knobs = {"T": T, "base": base, "warmup": warmup, "final": final}
    cases = [Case({"t": t, **knobs}, f"t = {t} of {T}, {about}", part) for t, part, about in at]
    return [*cases, Case({"t": 3, **knobs, "warmup": 0}, "no warm-up at all", "cosine")]


@exercise(
    "batch.warmup_cosine",
    lesson="04",
    title="Up and down: warm-up and cosine",
    section="Schedules",
    points=2,
    cases=schedule_cases,
    parts=(
        Part("ramp", 0.4, "rises in equal parts to the base rate"),
        Part("cosine", 0.6, "falls from there along half a cosine to the final rate"),
    ),
    hints=(
        "Two pieces, and an if between them. In the first the rate grows by equal amounts; the second is half a wave, "
        "from its top to its bottom. Where does each begin and end?",
        "For t < warmup the share is (t + 1)/warmup, since the first step should not be one of length 0. After that "
        "let s = (t - warmup)/(T - warmup) go from 0 to 1; (1 + cos(pi s))/2 goes from 1 to 0.",
        "if t < warmup: return base * (t + 1) / warmup. Else s as in the second hint, and return final + (base - "
        "final) * (1 + np.cos(np.pi * s)) / 2.",
    ),
)
def warmup_cosine(t, T, base, warmup, final):
    """The learning rate at step t: a linear warm-up to base, then half a cosine down to final.

    t: the steps taken so far, 0 <= t <= T. T: the steps of the whole run. base: the highest rate.
    warmup: how many steps the warm-up has, 0 <= warmup < T; in step t < warmup the rate is (t + 1)/warmup of base.
    final: the rate that is reached at t = T. At t = warmup the rate is base.

    Returns a number.
    """
    if t < warmup:
        return base * (t + 1) / warmup
    s = (t - warmup) / (T - warmup)
    return final + (base - final) * (1 + np.cos(np.pi * s)) / 2


@warmup_cosine.style
def warmup_cosine_by_where(t, T, base, warmup, final):
    share = np.cos(np.pi / 2 * (t - warmup) / (T - warmup)) ** 2
    return np.where(t < warmup, base * (t + 1) / max(warmup, 1), final * (1 - share) + base * share)


@warmup_cosine.style
def warmup_cosine_by_middle(t, T, base, warmup, final):
    if t >= warmup:
        angle = np.pi * (t - warmup) / (T - warmup)
        return (base + final) / 2 + (base - final) / 2 * float(np.cos(angle))
    return (t + 1) * (base / warmup)


def falling(s, base, final):
    """The half cosine."""
    return final + (base - final) * (1 + np.cos(np.pi * s)) / 2


@warmup_cosine.mistake(
    "Your warm-up starts at 0: t/warmup makes the first step one of length 0, a batch for nothing. In step t the "
    "share is (t + 1)/warmup."
)
def starts_at_zero(t, T, base, warmup, final):
    return base * t / warmup if t < warmup else falling((t - warmup) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "Your cosine is not shifted: cos goes from 1 down to -1, so the rate becomes negative and the run climbs. Use "
    "(1 + cos(pi s))/2, which goes from 1 to 0."
)
def cosine_not_shifted(t, T, base, warmup, final):
    s = (t - warmup) / (T - warmup)
    return base * (t + 1) / warmup if t < warmup else final + (base - final) * np.cos(np.pi * s)


@warmup_cosine.mistake(
    "The final rate is not used: yours falls to 0. Let the cosine carry base - final, and add final."
)
def final_ignored(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling((t - warmup) / (T - warmup), base, 0)


@warmup_cosine.mistake(
    "The final rate is added on top: yours starts at base + final. The cosine has to carry base - final."
)
def final_on_top(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else final + falling((t - warmup) / (T - warmup), base, 0)


@warmup_cosine.mistake(
    "There is no pi in your cosine: with s from 0 to 1 it goes only from 1 to 0.54, and the rate never gets low."
)
def pi_missing(t, T, base, warmup, final):
    s = (t - warmup) / (T - warmup)
    return base * (t + 1) / warmup if t < warmup else final + (base - final) * (1 + np.cos(s)) / 2


@warmup_cosine.mistake(
    "Your cosine goes a whole round (2 pi): the rate comes up again and ends at base. Half a round is enough."
)
def whole_round(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling(2 * (t - warmup) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "Whole-number division: // gives 0 in the warm-up until its last step. Write /."
)
def whole_numbers_in_the_ramp(t, T, base, warmup, final):
    return base * ((t + 1) // warmup) if t < warmup else falling((t - warmup) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "Whole-number division in the cosine: (t - warmup) // (T - warmup) is 0 until the end, so the rate stays at base. "
    "Write /."
)
def whole_numbers_in_the_cosine(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling((t - warmup) // (T - warmup), base, final)


@warmup_cosine.mistake(
    "The rate jumps at the end of the warm-up: your cosine runs over t/T, so it is on its way down already. Let it "
    "begin where the warm-up ends: s = (t - warmup)/(T - warmup)."
)
def jump_after_the_ramp(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling(t / T, base, final)


@warmup_cosine.mistake(
    "Your cosine is too long: (t - warmup)/T does not reach 1 at t = T, so the final rate is never reached. Divide by "
    "the steps that are left, T - warmup."
)
def final_never_reached(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling((t - warmup) / T, base, final)


@warmup_cosine.mistake(
    "There is no warm-up: the rate starts at base. For t < warmup it is base * (t + 1)/warmup."
)
def no_warmup(t, T, base, warmup, final):
    return falling(max(t - warmup, 0) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "You fall along a straight line. The cosine stays high for longer and comes in flat: (1 + cos(pi s))/2 for s."
)
def straight_line(t, T, base, warmup, final):
    s = (t - warmup) / (T - warmup)
    return base * (t + 1) / warmup if t < warmup else base + (final - base) * s


@warmup_cosine.mistake(
    "Your warm-up starts from the final rate. It rises in equal parts from 0: base * (t + 1)/warmup."
)
def ramp_from_final(t, T, base, warmup, final):
    ramp = (t + 1) / warmup if warmup else 1
    return final + (base - final) * ramp if t < warmup else falling((t - warmup) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "Your warm-up takes one step too many (t <= warmup): at t = warmup the share is (warmup + 1)/warmup, and the rate "
    "is above base. Write t < warmup."
)
def ramp_one_step_too_long(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t <= warmup else falling((t - warmup) / (T - warmup), base, final)


@warmup_cosine.mistake(
    "Your cosine gets degrees, 180 s. np.cos and math.cos take radians: half a round is pi."
)  # fmt: skip
def cosine_of_degrees(t, T, base, warmup, final):
    s = (t - warmup) / (T - warmup)
    return base * (t + 1) / warmup if t < warmup else final + (base - final) * (1 + np.cos(180 * s)) / 2


@warmup_cosine.mistake(
    "You count one step too few on the way down: with T - 1 - warmup the final rate comes a step early, and at t = T "
    "the cosine is on its way up again. t runs from warmup to T: divide by T - warmup."
)
def final_a_step_early(t, T, base, warmup, final):
    return base * (t + 1) / warmup if t < warmup else falling((t - warmup) / (T - 1 - warmup), base, final)


@warmup_cosine.mistake(
    "You go a quarter of a round only: cos(pi s / 2) falls steeply at the end. (1 + cos(pi s))/2 comes in flat."
)
def quarter_round(t, T, base, warmup, final):
    s = (t - warmup) / (T - warmup)
    return base * (t + 1) / warmup if t < warmup else final + (base - final) * np.cos(np.pi * s / 2)
