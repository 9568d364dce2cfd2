"""The exercises of lesson 03: the gradient of one example, SGD, its noise floor, a falling rate, the average."""

import numpy as np

from course_lib.calling import Case, Given, make
from course_lib.comparing import mismatch
from course_lib.exercises.declare import Part, exercise

# ----------------------------------------------------------------------------------------- sgd.sample_gradient


def example_cases(rng):
    def data(n, d):
        return {"w": rng.normal(0, 1, d), "X": rng.normal(0.5, 1, (n, d)), "y": rng.normal(0, 2, n)}

    return [
        Case(data(6, 3) | {"i": 4}, "six examples with three features, number 4"),
        Case(data(4, 4) | {"i": 2}, "as many examples as features, number 2"),
        Case(data(9, 1) | {"i": 0}, "one feature, the first example"),
        Case(data(5, 2) | {"i": 4}, "the last of five examples"),
        Case(data(1, 2) | {"i": 0}, "a single example"),
    ]


@exercise(
    "sgd.sample_gradient",
    lesson="03",
    title="What one example says",
    section="One example is a witness",
    points=2,
    cases=example_cases,
    fresh=True,
    hints=(
        "Write the loss of that one example down, with its own row of X and its own entry of y, and take the slope in "
        "each weight. No mean is left.",
        "The residual of example i is r = X[i] @ w - y[i], a number. Its loss is r squared, so each slope holds 2 r "
        "and one of the features.",
        "return 2 * (X[i] @ w - y[i]) * X[i]: a number times the row, so an array (d,).",
    ),
)
def sample_gradient(w, X, y, i):
    """The gradient of the squared error of example i alone, (X[i] w - y[i])^2, in the weights.

    w: array (d,). X: array (n, d), a row an example. y: array (n,). i: a whole number from 0 to n - 1.

    Returns an array (d,). Its mean over all i is the gradient of the mean squared error. Changes nothing.
    """
    return 2 * (X[i] @ w - y[i]) * X[i]


@sample_gradient.style
def sample_gradient_by_slices(w, X, y, i):
    row = X[i : i + 1]
    return 2 * row.T @ (row @ w - y[i : i + 1])


@sample_gradient.style
def sample_gradient_weight_by_weight(w, X, y, i):
    residual = sum(X[i, j] * w[j] for j in range(len(w))) - y[i]
    return np.array([2 * residual * X[i, j] for j in range(len(w))])


@sample_gradient.mistake(
    "That is the gradient of the whole data, the mean over all examples: i is not used. One example is all that is "
    "asked for, and n times as cheap."
)
def all_examples(w, X, y, i):
    return 2 * (X @ w - y) @ X / len(y)


@sample_gradient.mistake(
    "You divide by n. That is the *share* of this example in the mean; the mean of what you return is n times too "
    "small. The loss of one example has nothing to divide by."
)
def share_of_the_mean(w, X, y, i):
    return 2 * (X[i] @ w - y[i]) * X[i] / len(y)


@sample_gradient.mistake(
    "You multiply by n, as if this one example stood for the sum over all of them. Its own gradient is enough: the "
    "mean over i is then the gradient of the mean."
)
def stands_for_the_sum(w, X, y, i):
    return 2 * len(y) * (X[i] @ w - y[i]) * X[i]


@sample_gradient.mistake(
    "You return a row for each example: i is not used. One example is all that is asked for: X[i] and y[i]."
)
def one_row_for_each(w, X, y, i):
    return 2 * (X @ w - y)[:, None] * X


@sample_gradient.mistake(
    "You multiply by the weights at the end. The slope of the residual in weight j is the feature: X[i, j], so the "
    "last factor is X[i]."
)
def times_the_weights(w, X, y, i):
    return 2 * (X[i] @ w - y[i]) * w


@sample_gradient.mistake(
    "You multiply X[i] * w entry by entry and do not add up, so your residual is an array. A prediction is one number: "
    "X[i] @ w."
)
def not_a_scalar_product(w, X, y, i):
    return 2 * (X[i] * w - y[i]) * X[i]


@sample_gradient.mistake(
    "You return 2 times the residual, a number. The gradient has an entry for each weight: multiply by the row X[i]."
)
def only_the_residual(w, X, y, i):
    return 2 * (X[i] @ w - y[i])


@sample_gradient.mistake("You return the squared error itself, a number. Asked for are its slopes, one a weight.")
def the_loss_itself(w, X, y, i):
    return (X[i] @ w - y[i]) ** 2


@sample_gradient.mistake("The factor 2 is missing: the slope of r squared is 2 r times the slope of r.")
def two_missing(w, X, y, i):
    return (X[i] @ w - y[i]) * X[i]


@sample_gradient.mistake(
    "Your gradient points the other way, as if the residual were y[i] - X[i] @ w. Whoever steps against it climbs."
)
def residual_turned(w, X, y, i):
    return 2 * (y[i] - X[i] @ w) * X[i]


@sample_gradient.mistake(
    "The row of X is missing at the end: you return 2 times the residual for each weight. The slope in weight j is "
    "2 times the residual times X[i, j]."
)
def row_missing(w, X, y, i):
    return 2 * (X[i] @ w - y[i]) * np.ones_like(w)


@sample_gradient.mistake(
    "You take a slice, X[i:i+1], which keeps an axis of length 1: the result is a column (d, 1), and taking it from "
    "the weights (d,) makes a whole matrix. Write X[i] and y[i]."
)
def an_axis_too_many(w, X, y, i):
    return 2 * X[i : i + 1].T * (X[i : i + 1] @ w - y[i : i + 1])


@sample_gradient.mistake("You use the first example whatever i is: the index stands still.")
def always_the_first(w, X, y, i):
    return 2 * (X[0] @ w - y[0]) * X[0]


@sample_gradient.mistake(
    "You use the examples up to number i and average over them. Number i alone is asked for: X[i], not X[: i + 1]."
)
def all_up_to_i(w, X, y, i):
    X, y = X[: i + 1], y[: i + 1]
    return 2 * (X @ w - y) @ X / len(y)


@sample_gradient.mistake(
    "You use the next example, number i + 1: the row asked for is X[i], counted from 0 as Python does."
)
def one_row_off(w, X, y, i):
    i = (i + 1) % len(y)
    return 2 * (X[i] @ w - y[i]) * X[i]


@sample_gradient.mistake(
    "The target is missing: your residual is X[i] @ w, without - y[i]. The slope is zero where the prediction is zero, "
    "not where it is right."
)
def target_missing(w, X, y, i):
    return 2 * (X[i] @ w) * X[i]


# ----------------------------------------------------------------------------------------------------- sgd.run

MANY = 12  # examples: two fresh permutations agree with probability 1/12!, about 2e-9, so never in a million checks


def run_cases(rng):
    def data(n, d):
        return {"X": rng.normal(0.3, 1, (n, d)), "y": rng.normal(0, 1, n)}

    def case(n, d, epochs, part, about, lr=0.03):
        args = {"grad_i": Given("gradient_of_one", data(n, d)), "w0": rng.normal(0, 2, d), "n": n, "lr": lr,
                "epochs": epochs, "rng": Given("rng", {"seed": int(rng.integers(2**31))})}  # fmt: skip
        shown = " (shown: the path, the indices asked for, the points asked at; any fresh order is right)"
        return Case(args, about + shown, part, "visits")

    return [
        case(MANY, 2, 5, "order", f"the order: five epochs of {MANY} examples"),
        case(15, 1, 3, "order", "the order: three epochs of 15 examples"),
        case(MANY, 3, 4, "steps", f"the steps: four epochs of {MANY} examples"),
        case(5, 2, 1, "steps", "the steps: one epoch of five examples", lr=0.07),
        case(1, 2, 3, "steps", "the steps: three epochs of a single example", lr=0.11),
        case(4, 2, 0, "steps", "no epoch at all"),
    ]


def judge_run(case, outcome, expected):
    """Whatever the order drawn: it must be fresh in each epoch, and the path must follow from it."""
    if not isinstance(outcome.value, tuple) or len(outcome.value) != 4:
        return "There are still dots (...) where your code should be."
    path, indices, points, drew = outcome.value
    fault = mismatch(path, expected.value[0], atol=np.inf, lists=True)
    if fault:
        return fault.text
    n, epochs = case.args["n"], case.args["epochs"]
    if not all(np.size(i) == 1 and np.asarray(i).dtype.kind in "iu" for i in indices):
        return "It asks grad_i for something else than one whole number: one example a call."
    if len(indices) != n * epochs:
        return f"It asks grad_i {len(indices)} times where {n * epochs} are asked for: each example once an epoch."
    if not all(0 <= np.asarray(i).item() < n for i in indices):
        return "It asks grad_i for an example that is not there: i runs from 0 to n - 1."
    if case.part == "order":
        return order_fault(np.reshape(indices, (epochs, n)), drew)
    return steps_fault(case.args, np.asarray(path, dtype=float), np.ravel(indices).astype(int), points)


def order_fault(order, drew):
    """What is wrong with an order (epochs, n) of at least `MANY` examples, or None."""
    start = np.arange(order.shape[1])
    if np.any(np.sort(order, axis=1) != start):
        return "Within an epoch some examples come up twice and others never: an epoch visits each of them once."
    if np.all(order == start):
        return "The examples come in the order 0, 1, 2, ... in each epoch."
    if np.all(order == order[0]):
        return "Each epoch visits the examples in the same order" + ("." if drew else ", and rng is not used.")
    if np.all(np.diff(order, axis=1) % len(start) == 1):
        return "Each example is followed by the same one in each epoch: the order is turned, not shuffled."
    if np.all(order[0] == start):
        return "The first epoch visits the examples in the order 0, 1, 2, ..., and only then they are shuffled."
    if len({tuple(row) for row in order.tolist()}) < len(order):
        return "Two epochs visit the examples in the same order."
    return None if drew else "The order does not come from rng: the same seed would not give the same path."


def steps_fault(args, path, indices, points):
    """What is wrong with the steps of a run that visited the indices and asked at the points, or None."""
    w0, n, lr, epochs = (args[name] for name in ("w0", "n", "lr", "epochs"))
    if len(points) != len(indices) or any(mismatch(point, w0, atol=np.inf) for point in points):
        return "It asks for gradients at points that are not like w0: an array of numbers (d,)."
    grad = make(args["grad_i"])
    steps = np.reshape([-lr * grad(w, i) for w, i in zip(points, indices)], (epochs, n, len(w0)))
    at = np.reshape(points, (epochs, n, len(w0)))
    after = at + steps
    return asked_fault(w0, at, steps) or noted_fault(path, np.concatenate([[w0], after[:, -1]]), at)


def asked_fault(w0, at, steps):
    """What is wrong with the points (epochs, n, d) where gradients were asked for, or None."""
    begins = at[:, 0]
    moves, right = np.diff(at, axis=1), steps[:, :-1]
    if len(at) and not np.allclose(begins[0], w0):
        return "The first gradient is not asked for at w0."
    if moves.size and np.all(moves == 0):
        return "Within an epoch all gradients are asked for at one and the same point."
    if len(at) > 1 and np.allclose(begins, w0):
        return "Each epoch begins at w0 again."
    flat = np.diff(at.reshape(-1, len(w0)), axis=0), steps.reshape(-1, len(w0))[:-1]
    if np.allclose(*flat):
        return None
    share = np.sum(moves * right) / np.sum(right * right) if moves.size else 0.0
    if np.allclose(moves, share * right):
        return f"A step is {share:.4g} times -lr times the gradient of the example."
    return "A step is not -lr times the gradient of the example."


def noted_fault(path, ends, at):
    """What is wrong with a path, given the start and the ends of the epochs, or None."""
    if np.allclose(path, ends, 1e-6, 1e-9):
        return None
    if np.allclose(path, path[0]):
        return "All rows of the path are one and the same point."
    if np.allclose(path[1:], ends[:-1]):
        return "The rows of the path are the points at the starts of the epochs, not at their ends."
    if np.allclose(path[1:], at.mean(axis=1)):
        return "The rows of the path are averages over the epochs, not the points at their ends."
    return "The rows of the path are not the points at the ends of the epochs."


@exercise(
    "sgd.run",
    lesson="03",
    title="Stochastic gradient descent",
    section="One example at a time",
    points=4,
    cases=run_cases,
    judge=judge_run,
    parts=(
        Part("order", 0.5, "visits each example once an epoch, in a fresh order from rng"),
        Part("steps", 0.5, "steps against each gradient at once, and notes the ends of the epochs"),
    ),
    hints=(
        "Two loops, one in the other: the outer one counts epochs, the inner one goes through all examples in an order "
        "that is drawn anew for each epoch.",
        "rng.permutation(n) is a fresh order of 0 to n - 1. In the inner loop the weights change after *each* example, "
        "and the next gradient is asked for at the new weights. Note them once an epoch, after the inner loop.",
        "w, path = w0, [w0]. For each epoch: for i in rng.permutation(n): w = w - lr * grad_i(w, i); after that inner "
        "loop path.append(w). Return np.array(path).",
    ),
)
def sgd(grad_i, w0, n, lr, epochs, rng):
    """Stochastic gradient descent: each epoch visits each of the n examples once, in a fresh random order.

    grad_i: a function, grad_i(w, i) is the gradient of example i at w, (d,). w0: array (d,), the start. n: how many
    examples. lr: the rate. epochs: how many, >= 0. rng: a numpy Generator; all that is random comes from it.

    Returns the weights at the start and after each epoch, an array (epochs + 1, d). Changes nothing it is given.
    """
    w, path = w0, [w0]
    for _ in range(epochs):
        for i in rng.permutation(n):
            w = w - lr * grad_i(w, i)
        path.append(w)
    return np.array(path)


@sgd.style
def sgd_shuffling_a_list(grad_i, w0, n, lr, epochs, rng):
    order, w, path = list(range(n)), w0.copy(), [w0.copy()]
    for _ in range(epochs):
        rng.shuffle(order)
        for i in order:
            w -= lr * grad_i(w, i)
        path.append(w.copy())
    return path


@sgd.style
def sgd_by_sorting_random_numbers(grad_i, w0, n, lr, epochs, rng):
    path = np.zeros((epochs + 1, len(w0)))
    path[0] = w0
    for epoch in range(epochs):
        w = path[epoch]
        for i in np.argsort(rng.random(n)):
            w = w - lr * grad_i(w, int(i))
        path[epoch + 1] = w
    return path


@sgd.style
def sgd_drawing_from_a_bag(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, [w0]
    for _ in range(epochs):
        bag = list(range(n))
        while bag:
            w = w - lr * grad_i(w, bag.pop(rng.integers(len(bag))))
        path = [*path, w]
    return np.stack(path)


@sgd.style
def sgd_by_choice_without_replacement(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, [w0]
    for _ in range(epochs):
        order = rng.choice(n, size=n, replace=False)
        for k in range(n):
            w = w - lr * grad_i(w, order[k])
        path.append(w)
    return np.array(path)


def walked(orders, grad_i, w, lr, epochs):
    """A run that visits ``orders()`` in each epoch, for mistakes in the order."""
    path = [w]
    for _ in range(epochs):
        for i in orders():
            w = w - lr * grad_i(w, i)
        path.append(w)
    return np.array(path)


@sgd.mistake(
    "You never shuffle: each epoch visits the examples in the order they are stored in. If they are sorted, by class "
    "or by date, every epoch ends with a run of the same kind, and the weights lean toward it. Draw an order per epoch."
)
def never_shuffles(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: range(n), grad_i, w0, lr, epochs)


@sgd.mistake(
    "You draw one order and keep it for all epochs. Then it is a matter of luck whether it was a good one, since its "
    "error comes back epoch after epoch. Draw inside the loop over the epochs."
)
def shuffles_once(grad_i, w0, n, lr, epochs, rng):
    order = rng.permutation(n)
    return walked(lambda: order, grad_i, w0, lr, epochs)


@sgd.mistake(
    "You make a generator with a fixed seed inside the loop, so each epoch draws the *same* order and the rng that you "
    "are given is not used. Call rng.permutation(n), and make no generator of your own."
)
def seeds_in_each_epoch(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: np.random.default_rng(0).permutation(n), grad_i, w0, lr, epochs)


@sgd.mistake(
    "You make a generator of your own and leave the one you are given alone: whoever asks for thirty runs with thirty "
    "seeds gets one run thirty times, or none that can be repeated. Draw from rng."
)
def generator_of_its_own(grad_i, w0, n, lr, epochs, rng):
    own = np.random.default_rng(0)
    return walked(lambda: own.permutation(n), grad_i, w0, lr, epochs)


@sgd.mistake(
    "You shuffle with np.random or random, the generators that the whole program shares: the path then depends on what "
    "ran before. Shuffle with the rng that is given."
)
def shuffles_globally(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: np.random.permutation(n), grad_i, w0, lr, epochs)  # noqa: NPY002


@sgd.mistake(
    "You draw with replacement (rng.integers or rng.choice): in an epoch about a third of the examples is never seen, "
    "and others come up twice. That is SGD too, but here an epoch visits each example once: rng.permutation(n)."
)
def draws_with_replacement(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: rng.integers(n, size=n), grad_i, w0, lr, epochs)


@sgd.mistake(
    "You shuffle at the end of the epoch, so the first one goes through the examples as they are stored. Draw the "
    "order before the inner loop."
)
def shuffles_too_late(grad_i, w0, n, lr, epochs, rng):
    order = [np.arange(n), *(rng.permutation(n) for _ in range(epochs))]
    return walked(lambda: order.pop(0), grad_i, w0, lr, epochs)


@sgd.mistake(
    "You begin at a random place and go round from there: each example keeps its neighbors, so sorted data stay "
    "sorted. Draw a whole permutation."
)
def turns_the_order(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: (np.arange(n) + rng.integers(1, n) if n > 1 else np.arange(n)) % n, grad_i, w0, lr, epochs)


@sgd.mistake(
    "You take one example an epoch. That is one step; an epoch is n of them, one for each example: a second loop is "
    "missing."
)
def one_step_an_epoch(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: [rng.integers(n)], grad_i, w0, lr, epochs)


@sgd.mistake("One example is left out in each epoch: the order must hold all of 0 to n - 1.")
def leaves_one_out(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: rng.permutation(n)[:-1], grad_i, w0, lr, epochs)


@sgd.mistake(
    "Within an epoch you ask for all gradients at the weights the epoch began with, and move at its end. That is plain "
    "gradient descent with n times the rate. Move after each example, and ask at the new weights."
)
def stale_within_the_epoch(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, [w0]
    for _ in range(epochs):
        w = w - lr * sum(grad_i(w, i) for i in rng.permutation(n))
        path.append(w)
    return np.array(path)


@sgd.mistake("You note the weights after each example. The path has one row for the start and one for each epoch.")
def notes_each_step(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, [w0]
    for _ in range(epochs):
        for i in rng.permutation(n):
            w = w - lr * grad_i(w, i)
            path.append(w)
    return np.array(path)


@sgd.mistake("The start is not on your path: its first row is w0, so there are epochs + 1 rows.")
def start_is_missing(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, []
    for _ in range(epochs):
        for i in rng.permutation(n):
            w = w - lr * grad_i(w, i)
        path.append(w)
    return np.array(path)


@sgd.mistake("You return the last weights alone. Note them after each epoch, the start included, and return them all.")
def only_the_end(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: rng.permutation(n), grad_i, w0, lr, epochs)[-1]


@sgd.mistake(
    "All rows of your path are one point: you change one array in place (w -= ...) and append it again and again. "
    "Write w = w - ..., which makes a new one, or append w.copy()."
)
def one_row_many_times(grad_i, w0, n, lr, epochs, rng):
    w = w0.copy()
    path = [w]
    for _ in range(epochs):
        for i in rng.permutation(n):
            w -= lr * grad_i(w, i)
        path.append(w)
    return np.array(path)


@sgd.mistake("You change the start w0 itself (w = w0 and then w -= ...): the next run begins where this one ended.")
def moves_the_start(grad_i, w0, n, lr, epochs, rng):
    w, path = w0, [w0.copy()]
    for _ in range(epochs):
        for i in rng.permutation(n):
            w -= lr * grad_i(w, i)
        path.append(w.copy())
    return np.array(path)


@sgd.mistake(
    "You climb: a step goes *against* the gradient of the example, w - lr * grad_i(w, i), and yours goes along with it."
)
def climbs_with_each_example(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: rng.permutation(n), grad_i, w0, -lr, epochs)


@sgd.mistake(
    "You divide each step by n. One example stands for the whole mean, not for its share: with lr / n an epoch moves "
    "about as far as a single step of gradient descent."
)
def rate_over_n(grad_i, w0, n, lr, epochs, rng):
    return walked(lambda: rng.permutation(n), grad_i, w0, lr / n, epochs)


@sgd.mistake(
    "Each epoch begins at w0 again, so all that the epochs before have learned is thrown away. Set w = w0 once, above "
    "both loops."
)
def begins_again(grad_i, w0, n, lr, epochs, rng):
    path = [w0]
    for _ in range(epochs):
        w = w0
        for i in rng.permutation(n):
            w = w - lr * grad_i(w, i)
        path.append(w)
    return np.array(path)


@sgd.mistake("You note the weights before each epoch, so the last epoch is lost. Append after the inner loop.")
def notes_before_the_epoch(grad_i, w0, n, lr, epochs, rng):
    path = walked(lambda: rng.permutation(n), grad_i, w0, lr, epochs)
    return np.concatenate([path[:1], path[:-1]])


# --------------------------------------------------------------------------------------------- sgd.noise_floor


def floor_cases(rng):
    def case(T, d, tail):
        bowl = {"A": np.diag(np.linspace(1, 3, d)), "b": rng.normal(0, 1, d)}
        f = make(Given("quadratic", bowl))
        best = np.linalg.solve(f.A, f.b)
        path = best + np.linspace(4, 0.3, T)[:, None] * rng.normal(0, 1, (T, d))
        args = {"f": Given("quadratic", bowl), "path": path, "f_star": float(f(best)), "tail": tail}
        return Case(args, f"{T} points in {d} dimensions, the last {tail} of them")

    return [case(12, 2, 5), case(7, 3, 3), case(40, 1, 20), case(6, 2, 6), case(9, 2, 1)]


@exercise(
    "sgd.noise_floor",
    lesson="03",
    title="How low the noise lets you go",
    section="The noise floor",
    points=2,
    cases=floor_cases,
    hints=(
        "First the heights, then the mean. Which points count: all of them, or those after the run has settled?",
        "Take the last `tail` rows, ask f at each of them, take the mean of these values, and see how far it lies "
        "above the lowest value there is.",
        "return np.mean([f(w) for w in path[-tail:]]) - f_star.",
    ),
)
def noise_floor(f, path, f_star, tail):
    """How far above the lowest loss a run hovers at its end: the mean of f over its last points, less f_star.

    f: the loss, a function of weights (d,), and of many at once (T, d). path: array (T, d), the weights of a run.
    f_star: a number, the lowest loss there is. tail: how many of the last points count, 1 <= tail <= T.

    Returns a number. Changes nothing it is given.
    """
    return float(np.mean(f(path[-tail:])) - f_star)


@noise_floor.style
def noise_floor_with_a_loop(f, path, f_star, tail):
    total = 0.0
    for w in path[len(path) - tail :]:
        total += f(w) - f_star
    return total / tail


@noise_floor.style
def noise_floor_from_the_back(f, path, f_star, tail):
    return sum(f(w) for w in path[::-1][:tail]) / tail - f_star


@noise_floor.mistake(
    "You average over the whole path. Its beginning is the way down, not the floor: only the last `tail` points count."
)
def whole_path(f, path, f_star, tail):
    return np.mean(f(path)) - f_star


@noise_floor.mistake(
    "You take the smallest loss of the tail. That is the luckiest moment of the run; where it *hovers* is the mean."
)
def luckiest_moment(f, path, f_star, tail):
    return np.min(f(path[-tail:])) - f_star


@noise_floor.mistake("The sign is turned: the floor lies *above* the lowest loss, so it is the mean less f_star.")
def sign_is_turned(f, path, f_star, tail):
    return f_star - np.mean(f(path[-tail:]))


@noise_floor.mistake(
    "You average the weights and take the loss of their mean. In the mean point the noise cancels (see Averaging); the "
    "floor is the mean of the losses."
)
def loss_of_the_mean(f, path, f_star, tail):
    return f(path[-tail:].mean(axis=0)) - f_star


@noise_floor.mistake("f_star is missing: you return the mean loss of the tail, not how far it is above the lowest one.")
def lowest_loss_forgotten(f, path, f_star, tail):
    return np.mean(f(path[-tail:]))


@noise_floor.mistake("You take the first `tail` points. The run settles at its end: path[-tail:], not path[:tail].")
def takes_the_head(f, path, f_star, tail):
    return np.mean(f(path[:tail])) - f_star


@noise_floor.mistake(
    "You leave the first `tail` points out and average over the rest: path[tail:]. The last `tail` ones are "
    "path[-tail:]."
)
def skips_the_tail(f, path, f_star, tail):
    rest = path[tail:] if tail < len(path) else path[:0]
    with np.errstate(invalid="ignore"):
        return np.float64(np.sum(f(rest))) / np.float64(len(rest)) - f_star


@noise_floor.mistake("You take the loss of the last point alone: one draw of the noise, not the level it hovers at.")
def last_point_alone(f, path, f_star, tail):
    return f(path[-1]) - f_star


@noise_floor.mistake(
    "You take the median. The losses of a cloud are skewed, with a few far outliers, so it lies below the mean that is "
    "asked for."
)
def median_of_the_tail(f, path, f_star, tail):
    return np.median(f(path[-tail:])) - f_star


@noise_floor.mistake(
    "You add the losses up and take f_star away once. The mean is asked for: divide the sum by `tail` first."
)
def sums_the_losses(f, path, f_star, tail):
    return np.sum(f(path[-tail:])) - f_star


@noise_floor.mistake(
    "path[-tail] is one point, where the tail begins. path[-tail:], with a colon, is all points from there to the end."
)
def colon_forgotten(f, path, f_star, tail):
    return f(path[-tail]) - f_star


@noise_floor.mistake(
    "The last point is left out: a slice ends before its second number, so path[-tail:-1] lacks one. Write "
    "path[-tail:]."
)
def last_point_left_out(f, path, f_star, tail):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sum(f(path[-tail:-1])) / np.float64(tail - 1) - f_star


@noise_floor.mistake("You add the losses up. Divide by `tail`: the floor must not grow with how long you look.")
def sums_the_tail(f, path, f_star, tail):
    return np.sum(f(path[-tail:]) - f_star)


# ------------------------------------------------------------------------------------------- sgd.inverse_decay


def decay_cases(rng):
    rows = [(0.3, 7.0, 5, 3), (0.5, 40.0, 1, 6), (2.0, 1.5, 8, 1), (0.05, 100.0, 12, 4)]
    cases = [Case(dict(zip(("lr0", "t0", "n", "epochs"), row, strict=True)),
                  f"{row[3]} epochs of {row[2]} examples") for row in rows]  # fmt: skip
    drawn = {"lr0": float(rng.uniform(0.1, 1)), "t0": float(rng.uniform(2, 20)), "n": 4, "epochs": 3}
    whole = {"lr0": 3, "t0": 10, "n": 6, "epochs": 4}
    return [*cases, Case(drawn, "three epochs of 4 examples"), Case(whole, "lr0 and t0 as whole numbers")]


@exercise(
    "sgd.inverse_decay",
    lesson="03",
    title="A rate that falls",
    section="Decay: long steps first, short ones later",
    points=2,
    cases=decay_cases,
    lists=True,
    fresh=True,
    hints=(
        "The rate depends on one number only: how many steps have been taken since the run began. How many is that at "
        "step k of epoch e?",
        "Number the steps 0, 1, 2, ... through all epochs: at step k of epoch e it is t = e * n + k. The rate there is "
        "lr0 / (1 + t / t0).",
        "t = np.arange(epochs * n).reshape(epochs, n); return lr0 / (1 + t / t0).",
    ),
)
def decayed_rates(lr0, t0, n, epochs):
    """The rates of all steps of a run under inverse decay: lr0 / (1 + t / t0) after t steps.

    lr0: the first rate. t0 > 0: after so many steps the rate has halved. n: steps an epoch. epochs: how many. The count
    t begins at 0 and goes on through all epochs.

    Returns an array (epochs, n): row e holds the rates of epoch e.
    """
    t = np.arange(epochs * n).reshape(epochs, n)
    return lr0 / (1 + t / t0)


@decayed_rates.style
def rates_in_two_loops(lr0, t0, n, epochs):
    rates, t = np.zeros((epochs, n)), 0
    for e in range(epochs):
        for k in range(n):
            rates[e, k] = lr0 / (1 + t / t0)
            t += 1
    return rates


@decayed_rates.style
def rates_as_lists(lr0, t0, n, epochs):
    return [[lr0 * t0 / (t0 + e * n + k) for k in range(n)] for e in range(epochs)]


def rates_at(count):
    """A family of mistakes: what stands in the place of t, given the arrays e and k."""

    def rates(lr0, t0, n, epochs):
        e, k = np.indices((epochs, n))
        return lr0 / (1 + count(e, k, n) / t0)

    return rates


@decayed_rates.mistake(
    "The count t begins again in each epoch, so the rate jumps back to lr0 and the noise with it: the run never "
    "settles. Count through all epochs, t = e * n + k."
)
def restarts_each_epoch(*args):
    return rates_at(lambda e, k, n: k)(*args)


@decayed_rates.mistake(
    "You count epochs: the rate stays the same within one and falls at its end only. That is a schedule too, but here "
    "t counts steps, t = e * n + k."
)
def counts_epochs(*args):
    return rates_at(lambda e, k, n: e)(*args)


@decayed_rates.mistake("You count from 1, so the very first rate is below lr0 already. After 0 steps t is 0.")
def counts_from_one(*args):
    return rates_at(lambda e, k, n: e * n + k + 1)(*args)


@decayed_rates.mistake("You add e and k. Each epoch before this one had n steps, so t = e * n + k.")
def adds_epoch_and_step(*args):
    return rates_at(lambda e, k, n: e + k)(*args)


@decayed_rates.mistake(
    "You divide in whole numbers (t // t0): the rate goes down in stairs of t0 steps. The formula has t / t0."
)
def whole_division(lr0, t0, n, epochs):
    t = np.arange(epochs * n).reshape(epochs, n)
    return lr0 / (1 + t // t0)


@decayed_rates.mistake(
    "You apply the formula to the rate of the step before, so the factors multiply up and the rate vanishes long "
    "before the run ends. Each rate is computed from lr0."
)
def decays_the_decayed(lr0, t0, n, epochs):
    t = np.arange(epochs * n)
    return (lr0 * np.cumprod(1 / (1 + t / t0))).reshape(epochs, n)


@decayed_rates.mistake(
    "You divide by t instead of 1 + t / t0: the first rate is lr0 / 0, which is infinite, and t0 has no say."
)
def divides_by_the_count(lr0, t0, n, epochs):
    with np.errstate(divide="ignore"):
        return lr0 / np.arange(epochs * n).reshape(epochs, n)


@decayed_rates.mistake(
    "You multiply t by t0. A larger t0 should make the rate fall more slowly; yours makes it fall faster: t / t0."
)
def multiplies_by_t0(lr0, t0, n, epochs):
    return lr0 / (1 + t0 * np.arange(epochs * n).reshape(epochs, n))


@decayed_rates.mistake(
    "That is exponential decay, lr0 * exp(-t / t0). It falls so fast that the run may stand still before it arrives; "
    "asked for is lr0 / (1 + t / t0)."
)
def decays_exponentially(lr0, t0, n, epochs):
    return lr0 * np.exp(-np.arange(epochs * n).reshape(epochs, n) / t0)


@decayed_rates.mistake(
    "You halve the rate after every t0 steps, which is exponential decay. Inverse decay has halved it after t0 steps, "
    "and to a third after 2 * t0: lr0 / (1 + t / t0)."
)
def halves_again_and_again(lr0, t0, n, epochs):
    return lr0 * 0.5 ** (np.arange(epochs * n).reshape(epochs, n) / t0)


@decayed_rates.mistake(
    "The brackets are missing: lr0 / 1 + t / t0 grows with t. The sum stands below as a whole: lr0 / (1 + t / t0)."
)
def brackets_missing(lr0, t0, n, epochs):
    return lr0 / 1 + np.arange(epochs * n).reshape(epochs, n) / t0


@decayed_rates.mistake(
    "The brackets close too early: (1 + t) / t0 is not 1 + t / t0, and lr0 / (1 + t) / t0 divides by t0 even at the "
    "start. Write lr0 / (1 + t / t0)."
)
def brackets_close_early(lr0, t0, n, epochs):
    return lr0 / (1 + np.arange(epochs * n).reshape(epochs, n)) / t0


@decayed_rates.mistake(
    "The rates are in one long row. They belong in a table with a row for each epoch: reshape(epochs, n)."
)
def one_long_row(lr0, t0, n, epochs):
    return lr0 / (1 + np.arange(epochs * n) / t0)


@decayed_rates.mistake(
    "Rows and columns are exchanged: a row is an epoch and holds its n rates, so the table is (epochs, n)."
)
def table_of_columns(lr0, t0, n, epochs):
    return lr0 / (1 + np.arange(epochs * n).reshape(n, epochs) / t0)


@decayed_rates.mistake("You take a root: lr0 / sqrt(1 + t / t0) falls more slowly than the schedule asked for.")
def decays_by_the_root(lr0, t0, n, epochs):
    return lr0 / np.sqrt(1 + np.arange(epochs * n).reshape(epochs, n) / t0)


@decayed_rates.mistake("The 1 is missing: lr0 / (t / t0) is infinite at t = 0. The denominator is 1 + t / t0.")
def one_is_missing(lr0, t0, n, epochs):
    with np.errstate(divide="ignore"):
        return lr0 / (np.arange(epochs * n).reshape(epochs, n) / t0)


# ------------------------------------------------------------------------------------------ sgd.polyak_average


def average_cases(rng):
    def case(T, d, burn_in, about):
        path = rng.normal(0, 1, (T, d)) + np.linspace(5, 1, T)[:, None]
        return Case({"path": path, "burn_in": burn_in}, about)

    return [
        case(9, 2, 4, "nine points, the first four left out"),
        case(6, 6, 2, "as many points as coordinates"),
        case(7, 3, 0, "nothing left out"),
        case(8, 1, 6, "one coordinate, two points left"),
        case(20, 4, 5, "twenty points, the first five left out"),
    ]


@exercise(
    "sgd.polyak_average",
    lesson="03",
    title="The average of a path",
    section="Averaging: the middle of the cloud",
    points=1,
    starred=True,
    cases=average_cases,
    lists=True,
    fresh=True,
    hints=(
        "The first points are still on their way. Leave them out, and find the middle of those that remain, coordinate "
        "by coordinate.",
        "path[burn_in:] holds the points that count. The mean goes over the points, which are the rows.",
        "return path[burn_in:].mean(axis=0), an array (d,).",
    ),
)
def polyak_average(path, burn_in):
    """The mean of the points of a path, its first burn_in points left out (Polyak and Ruppert).

    path: array (T, d), a row a point. burn_in: how many points at the start do not count, 0 <= burn_in < T.

    Returns an array (d,). Changes nothing it is given.
    """
    return path[burn_in:].mean(axis=0)


@polyak_average.style
def polyak_running(path, burn_in):
    mean = np.zeros(path.shape[1])
    for k, w in enumerate(path[burn_in:], start=1):
        mean = mean + (w - mean) / k
    return mean


@polyak_average.style
def polyak_by_columns(path, burn_in):
    T, d = path.shape
    return [sum(path[t, j] for t in range(burn_in, T)) / (T - burn_in) for j in range(d)]


@polyak_average.mistake(
    "You average over the whole path: burn_in is not used, and the way down pulls the mean toward the start."
)
def burn_in_ignored(path, burn_in):
    return path.mean(axis=0)


@polyak_average.mistake("You leave one point too many out: the points that count begin with number burn_in, from 0.")
def one_too_many_out(path, burn_in):
    return path[burn_in + 1 :].mean(axis=0)


@polyak_average.mistake("You leave one point too few out: path[burn_in:] begins with point number burn_in, from 0.")
def one_too_few_out(path, burn_in):
    return path[max(burn_in - 1, 0) :].mean(axis=0)


@polyak_average.mistake(
    "The mean goes over the coordinates (axis=1): one number for each point. Average over the points, axis=0."
)
def mean_over_coordinates(path, burn_in):
    return path[burn_in:].mean(axis=1)


@polyak_average.mistake(
    "mean() without an axis gives one number for everything. Each coordinate has its own mean: mean(axis=0)."
)
def one_number_for_all(path, burn_in):
    return path[burn_in:].mean()


@polyak_average.mistake("You take the median. It resists outliers, but the noise of SGD cancels in the *mean*.")
def median_of_the_path(path, burn_in):
    return np.median(path[burn_in:], axis=0)


@polyak_average.mistake("You average the points that should be left out: path[:burn_in] is the beginning.")
def mean_of_the_beginning(path, burn_in):
    head = path[:burn_in]
    with np.errstate(invalid="ignore"):
        return head.sum(axis=0) / np.float64(burn_in)


@polyak_average.mistake(
    "You add up the right points, but divide by the length of the whole path, so the mean is too near to zero. Divide "
    "by T - burn_in."
)
def divides_by_all(path, burn_in):
    return path[burn_in:].sum(axis=0) / len(path)


@polyak_average.mistake(
    "path[-burn_in:] is the *last* burn_in points. Left out are the first: path[burn_in:], without a minus."
)
def last_ones_alone(path, burn_in):
    return path[-burn_in:].mean(axis=0)


@polyak_average.mistake("You return the last point. It is one draw of the cloud; the mean is its middle.")
def last_of_the_path(path, burn_in):
    return path[-1].copy()


@polyak_average.mistake(
    "Your running mean counts one point too many: after k points the newest has the weight 1/k, not 1/(k + 1). The "
    "zero you began with still counts."
)
def running_mean_off_by_one(path, burn_in):
    mean = np.zeros(path.shape[1])
    for k, w in enumerate(path[burn_in:], start=1):
        mean = mean + (w - mean) / (k + 1)
    return mean


@polyak_average.mistake(
    "You add up inside the path: total = path[burn_in] is a view of that row, and total += ... writes into it. Begin "
    "with zeros or with a copy."
)
def adds_up_in_the_path(path, burn_in):
    total = path[burn_in]
    for w in path[burn_in + 1 :]:
        total += w
    return total / (len(path) - burn_in)
