"""The exercises of lesson 02: slopes, gradients, descent, the longest stable step, scaling, and when to stop."""

import numpy as np

from course_lib.calling import Case, Given
from course_lib.exercises.declare import Part, exercise

# ---------------------------------------------------------------------------------------- gradient.numerical


def slope_cases(rng):
    A = rng.normal(0, 1, (4, 4))
    banana, bowl = Given("rosenbrock", {"dim": 3}), Given("quadratic", {"A": A @ A.T, "b": rng.normal(0, 1, 4)})
    return [
        Case({"f": banana, "x": rng.uniform(0.5, 1.5, 3), "h": 0.1}, "a curved valley (Rosenbrock) with a wide h"),
        Case({"f": bowl, "x": rng.normal(0, 2, 4), "h": 0.02}, "a bowl in four dimensions"),
        Case({"f": Given("himmelblau"), "x": rng.uniform(-3, 3, 2)}, "Himmelblau's function with the h of the stub"),
        Case({"f": Given("wells", {"dim": 1}), "x": rng.uniform(-2, 2, 1), "h": 0.03}, "a single coordinate"),
        Case({"f": banana, "x": np.array([2, -1, 1]), "h": 0.05}, "a point given in whole numbers", "whole"),
    ]


@exercise(
    "gradient.numerical",
    lesson="02",
    title="The slope, measured",
    section="The slope, measured",
    points=2,
    cases=slope_cases,
    parts=(
        Part("correct", 0.8, "measures each slope with a central difference"),
        Part("whole", 0.2, "keeps the fractions when the point is given in whole numbers"),
    ),
    rtol=1e-6,
    atol=1e-7,
    lists=True,
    hints=(
        "A partial derivative asks: what does f do when this one coordinate moves and all others stay? Look to both "
        "sides of x, not to one.",
        "For each coordinate i make a vector that is h at i and 0 elsewhere. Evaluate f a step h ahead of x and a step "
        "h behind it: how far apart are those two points?",
        "In a loop over i: step = np.zeros(len(x)); step[i] = h; then g[i] = (f(x + step) - f(x - step)) / (2 * h). "
        "Keep the brackets around 2 * h, and make g with np.zeros(len(x)), so that it holds fractions.",
    ),
)
def numerical_grad(f, x, h=1e-5):
    """The gradient of f at x by central differences: a step of h to both sides, one coordinate at a time.

    f: a function, (d,) to a number. x: array (d,), of fractions or whole numbers. h: a number > 0, how far to look.

    Returns the d slopes (f(x + h e_i) - f(x - h e_i)) / (2h), an array (d,). Changes nothing it is given.
    """
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@numerical_grad.style
def slopes_along_the_unit_vectors(f, x, h=1e-5):
    return np.array([(f(x + h * e) - f(x - h * e)) / 2 / h for e in np.eye(len(x))])


@numerical_grad.style
def slopes_from_a_copy(f, x, h=1e-5):
    x, slopes = np.array(x, dtype=float), []
    for i, here in enumerate(x.copy()):
        x[i] = here + h
        above = f(x)
        x[i] = here - h
        slopes.append((above - f(x)) / (2 * h))
        x[i] = here
    return slopes


def slopes(difference):
    """A family of mistakes: what is computed for the step e along one coordinate."""

    def gradient_of(f, x, h=1e-5):
        return np.array([difference(f, x, h, e) for e in np.eye(len(x)) * h])

    return gradient_of


@numerical_grad.mistake(
    "ahead = x makes no copy: the two points and x are one array, which moves ahead and back, so both values are the "
    "same. Make a new point each time, x + step, or np.array(x, dtype=float)."
)
def one_array_for_both_points(f, x, h=1e-5):
    g = np.zeros(len(x))
    for i in range(len(x)):
        ahead = x
        ahead[i] += h
        behind = x
        behind[i] -= h
        g[i] = (f(ahead) - f(behind)) / (2 * h)
    return g


@numerical_grad.mistake(
    "You move all coordinates at once (x + h adds h to each of them) and get a single number, the sum of all slopes. "
    "Move one coordinate at a time: one slope for each."
)
def one_slope_for_all(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_grad.mistake(
    "You look ahead only: (f(x + h) - f(x)) / h. Its error shrinks like h, that of the central difference like h^2. "
    "Evaluate f on both sides of x, and divide by the distance between the two points, 2h."
)
def looks_ahead_only(*args):
    return slopes(lambda f, x, h, e: (f(x + e) - f(x)) / h)(*args)


@numerical_grad.mistake(
    "You look back only: (f(x) - f(x - h)) / h. Its error shrinks like h, that of the central difference like h^2. "
    "Take f(x + h) in the place of f(x), and divide by 2h."
)
def looks_back_only(*args):
    return slopes(lambda f, x, h, e: (f(x) - f(x - e)) / h)(*args)


@numerical_grad.mistake(
    "Every slope comes out twice too large: the two points lie 2h apart, and you divide by h. Divide by (2 * h)."
)
def divides_by_h(*args):
    return slopes(lambda f, x, h, e: (f(x + e) - f(x - e)) / h)(*args)


@numerical_grad.mistake(
    "The brackets are missing: `/ 2 * h` halves and then multiplies by h, so your slopes are nearly 0. Write / (2 * h)."
)
def brackets_missing(*args):
    return slopes(lambda f, x, h, e: (f(x + e) - f(x - e)) / 2 * h)(*args)


@numerical_grad.mistake("You return how much f differs, not how steep it is: divide the difference by 2h.")
def never_divides(*args):
    return slopes(lambda f, x, h, e: f(x + e) - f(x - e))(*args)


@numerical_grad.mistake(
    "The sign is turned: you subtract what lies ahead from what lies behind, so your gradient points downhill. It is "
    "f(x + h) minus f(x - h)."
)
def points_downhill(*args):
    return slopes(lambda f, x, h, e: (f(x - e) - f(x + e)) / (2 * h))(*args)


@numerical_grad.mistake(
    "You move all coordinates at once: x + h adds h to each of them, so every entry is the same sum of all slopes. "
    "Add h to one coordinate, and leave the others alone."
)
def moves_all_at_once(*args):
    return slopes(lambda f, x, h, e: (f(x + h) - f(x - h)) / (2 * h))(*args)


@numerical_grad.mistake(
    "You pay no attention to h: the step is 1e-5 whatever is asked for. Use the h that is given; its value in the "
    "first line is only what is taken when nobody says otherwise."
)
def keeps_its_own_h(f, x, h=1e-5):
    return slopes(lambda f, x, h, e: (f(x + e) - f(x - e)) / (2 * h))(f, x, 1e-5)


@numerical_grad.mistake(
    "Your step is 1e-12. So small a step drowns in rounding: f(x + h) and f(x - h) agree in nearly all their 16 "
    "digits, and the few that are left are noise. Use the h that is given: smaller is not more exact."
)
def step_too_small(f, x, h=1e-5):
    return slopes(lambda f, x, h, e: (f(x + e) - f(x - e)) / (2 * h))(f, x, 1e-12)


@numerical_grad.mistake(
    "You do not put the coordinate back: after the first slope x stays shifted, so every later slope is measured "
    "somewhere else. Undo the step, or make a new step for each coordinate."
)
def point_not_restored(f, x, h=1e-5):
    x, gradient = np.array(x, dtype=float), np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient


@numerical_grad.mistake(
    "Your step grows: it is h along the first coordinate, then along the first two, and so on, since you never set it "
    "back to 0. Make a new step of zeros inside the loop."
)
def step_grows(f, x, h=1e-5):
    step, gradient = np.zeros(len(x)), np.zeros(len(x))
    for i in range(len(x)):
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@numerical_grad.mistake(
    "You step with x itself (x[i] += h and back again), so the point of whoever called changes, by rounding if not "
    "more: begin with a copy, x = np.array(x, dtype=float), or make a new point, x + step."
)
def steps_in_place(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
        x[i] += h
    return gradient


@numerical_grad.mistake(
    "With whole numbers your slopes lose their fractions: zeros_like(x) is an array of integers when x is one. Make "
    "it np.zeros(len(x))."
)
def slopes_cut_to_integers(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i, e in enumerate(np.eye(len(x))):
        gradient[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return gradient


@numerical_grad.mistake(
    "With whole numbers your step is lost: x.copy() holds integers when x does, and x[i] + h is cut back to one. Make "
    "the copy with np.array(x, dtype=float)."
)
def steps_cut_to_integers(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        ahead, behind = x.copy(), x.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient


@numerical_grad.mistake(
    "Only the first slope is there, the others are 0: your `return` stands inside the loop, so it ends after one "
    "turn. Move it one level to the left."
)
def returns_inside_the_loop(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    step = np.zeros(len(x))
    step[0] = h
    gradient[0] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# ---------------------------------------------------------------------------------------------- gradient.mse


def regression_cases(rng):
    def data(n, d):
        X, w = rng.normal(0, 1, (n, d)) + 0.5, rng.normal(0, 2, d)
        return {"w": rng.normal(0, 1, d), "X": X, "y": X @ w + rng.normal(0, 0.3, n)}

    whole = {"w": np.array([2, -1]), "X": rng.integers(-4, 5, (9, 2)) * 2 + 1, "y": rng.integers(1, 30, 9)}
    return [
        Case(data(7, 3), "seven examples with three features"),
        Case(data(40, 5), "forty examples with five features"),
        Case(data(6, 3) | {"w": np.zeros(3)}, "weights that are still zero"),
        Case(data(5, 1), "a single feature"),
        Case(data(1, 2), "a single example"),
        Case(whole, "data in whole numbers", "whole"),
    ]


@exercise(
    "gradient.mse",
    lesson="02",
    title="The gradient of the mean squared error",
    section="The gradient of a loss",
    points=2,
    cases=regression_cases,
    parts=(
        Part("correct", 0.8, "is the gradient of the mean of squares"),
        Part("whole", 0.2, "keeps the fractions when the data are whole numbers"),
    ),
    hints=(
        "Begin with the residuals, prediction minus truth, one number for each example. How does the loss change when "
        "one of them grows a little?",
        "The slope of r^2 is 2r, and weight j enters the residual of an example with its feature j. So each weight "
        "collects 2 * residual * feature over all examples. And the loss is a mean.",
        "r = X @ w - y has the shape (n,). X.T @ r adds up residual times feature for each weight, (d,). Return "
        "2 * X.T @ r / len(y).",
    ),
)
def mse_grad(w, X, y):
    """The gradient of the mean squared error of a linear model: of mean((X w - y)^2), with no factor 1/2, for w.

    w: array (d,), the weights. X: array (n, d), one example a row. y: array (n,), what should come out.

    Returns the gradient, an array (d,). Changes nothing it is given.
    """
    residuals = X @ w - y
    return 2 * X.T @ residuals / len(y)


@mse_grad.style
def mse_example_by_example(w, X, y):
    gradient = np.zeros(len(w))
    for features, truth in zip(X, y, strict=True):
        gradient += 2 * (features @ w - truth) * features
    return gradient / len(y)


@mse_grad.style
def mse_as_a_mean_of_rows(w, X, y):
    return np.mean(2 * (X @ w - y)[:, None] * X, axis=0)


@mse_grad.style
def mse_by_normal_equations(w, X, y):
    n = X.shape[0]
    return 2 / n * (X.T @ X) @ w - 2 / n * X.T @ y


@mse_grad.mistake(
    "That is the gradient of the *sum* of squares: it grows with every example, and a rate that suits 100 examples "
    "blows up with 1,000. Divide by the number of examples."
)
def sums_over_examples(w, X, y):
    return 2 * X.T @ (X @ w - y)


@mse_grad.mistake(
    "You divide by 32 whatever the data: the number of examples is fixed in your code. Ask the data, len(y)."
)
def always_thirty_two(w, X, y):
    return 2 * X.T @ (X @ w - y) / 32


@mse_grad.mistake(
    "The sign is turned: your residual is y - X w, so your gradient points downhill and descent would climb. Take "
    "X @ w - y, or put a minus in front."
)
def residual_turned(w, X, y):
    return 2 * X.T @ (y - X @ w) / len(y)


@mse_grad.mistake(
    "The factor 2 is missing: that is the gradient of half the mean squared error. Some books have that 1/2 in their "
    "loss; this course has it not, and the slope of r^2 is 2r."
)
def two_is_missing(w, X, y):
    return X.T @ (X @ w - y) / len(y)


@mse_grad.mistake(
    "You divide by 2n: the 2 that comes down from the square stands above, not below. Your gradient is four times too "
    "short."
)
def two_below(w, X, y):
    return X.T @ (X @ w - y) / (2 * len(y))


@mse_grad.mistake(
    "You divide by the number of features, X.shape[1]. The mean is over the examples: X.shape[0], or len(y)."
)
def divides_by_features(w, X, y):
    return 2 * X.T @ (X @ w - y) / X.shape[1]


@mse_grad.mistake(
    "You take the mean along the wrong axis and get one number for each example. The examples are the rows: axis=0 "
    "averages over them and leaves one number for each weight."
)
def averages_over_features(w, X, y):
    return 2 * np.mean((X @ w - y)[:, None] * X, axis=1)


@mse_grad.mistake(
    "You return one row for each example: the sum over the examples is still missing. X.T @ r adds up, and so does "
    ".sum(axis=0)."
)
def not_added_up(w, X, y):
    return 2 * (X @ w - y)[:, None] * X / len(y)


@mse_grad.mistake(
    "You divide by X.size, the number of all entries of X. The mean is over the examples, the rows: X.shape[0], or "
    "len(y)."
)
def divides_by_entries(w, X, y):
    return 2 * X.T @ (X @ w - y) / X.size


@mse_grad.mistake(
    "You average over everything and get a single number. The gradient has one entry for each weight: add axis=0, or "
    "use X.T @ r."
)
def averages_everything(w, X, y):
    return 2 * np.mean((X @ w - y)[:, None] * X)


@mse_grad.mistake(
    "A column minus a row: (n, 1) - (n,) is broadcast to a table (n, n) of all differences, with no error message. "
    "Keep w and y as they come, (d,) and (n,), and look at the shape of your residuals."
)
def column_minus_row(w, X, y):
    return 2 * X.T @ (X @ w[:, None] - y) / len(y)


@mse_grad.mistake(
    "The numbers are right, but they stand in a column, (d, 1). Weights that are (d,) minus a column would become a "
    "table: return (d,), without reshape."
)
def returns_a_column(w, X, y):
    return 2 * X.T @ (X @ w[:, None] - y[:, None]) / len(y)


@mse_grad.mistake(
    "You multiply the mean residual by the mean of the features. The mean of products is not the product of means: "
    "multiply for each example first, then average."
)
def product_of_means(w, X, y):
    return 2 * np.mean(X @ w - y) * np.mean(X, axis=0)


@mse_grad.mistake("The targets never enter: your residual is X @ w alone. Subtract y.")
def targets_forgotten(w, X, y):
    return 2 * X.T @ (X @ w) / len(y)


@mse_grad.mistake(
    "You take the sign of each residual, which is the gradient of the mean *absolute* error. The slope of r^2 is 2r: "
    "a large residual pulls more than a small one."
)
def slope_of_absolute_error(w, X, y):
    return X.T @ np.sign(X @ w - y) / len(y)


@mse_grad.mistake(
    "You divide by the root of the error: that is the gradient of the *root* mean squared error. It points the same "
    "way, but has another length. Leave the root out."
)
def slope_of_root(w, X, y):
    r = X @ w - y
    return X.T @ r / len(y) / np.sqrt(np.mean(r**2))


@mse_grad.mistake(
    "Only the last example counts: inside your loop each gradient overwrites the one before. Add them up, with += in "
    "the place of =."
)
def last_example_only(w, X, y):
    for features, truth in zip(X, y, strict=True):
        gradient = 2 * (features @ w - truth) * features / len(y)
    return gradient


@mse_grad.mistake(
    "With whole numbers your gradient loses its fractions: zeros_like(w) is an array of integers when w is one. Make "
    "it np.zeros(len(w))."
)
def gradient_cut_to_integers(w, X, y):
    gradient = np.zeros_like(w)
    for j in range(len(w)):
        gradient[j] = 2 * np.mean((X @ w - y) * X[:, j])
    return gradient


@mse_grad.mistake(
    "You subtract from y in place (y -= X @ w), so the data of whoever called are lost, and the next gradient is "
    "computed from residuals. Write r = X @ w - y."
)
def overwrites_the_targets(w, X, y):
    y -= (X @ w).astype(y.dtype)
    return -2 * X.T @ y / len(y)


# ------------------------------------------------------------------------------------------ gradient.descent


def descent_cases(rng):
    valley = {"A": np.array([[9.0, 2.0], [2.0, 1.5]]), "b": rng.normal(0, 1, 2)}
    banana = {"grad": Given("rosenbrock.grad", {"dim": 2}), "x0": rng.uniform(-1.2, -0.4, 2), "lr": 0.0007}
    return [
        Case({"grad": Given("quadratic.grad", valley), "x0": rng.normal(0, 2, 2), "lr": 0.13, "n": 9},
             "nine steps in a straight valley"),
        Case(banana | {"n": 6}, "six steps in a curved valley (Rosenbrock)"),
        Case({"grad": Given("ackley.grad", {"dim": 3}), "x0": rng.uniform(1, 4, 3), "lr": 0.05, "n": 5},
             "five steps in three dimensions"),
        Case({"grad": Given("quadratic.grad", valley | {"b": np.array([16.0, 2.5])}), "x0": np.array([2.0, -1.0]),
              "lr": 0.1, "n": 4}, "four steps that begin in the minimum"),
        Case(banana | {"n": 1}, "a single step"),
        Case(banana | {"n": 0}, "no step at all"),
    ]  # fmt: skip


@exercise(
    "gradient.descent",
    lesson="02",
    title="One step, again and again",
    section="One step, again and again",
    points=3,
    cases=descent_cases,
    lists=True,
    frugal=True,
    rtol=1e-6,
    hints=(
        "One line is the whole method: from where you are, go against the gradient. The rest is keeping a list of "
        "where you have been.",
        "Begin the list with the start. n times: ask for the gradient at the point you are at now, subtract lr times "
        "it, and append the new point. How many points are that in the end?",
        "x = x0 and path = [x]. In the loop: x = x - lr * grad(x), then path.append(x). Return np.array(path). Write "
        "x = x - ..., not x -= ...: the latter changes the very array that stands in the list.",
    ),
)
def gd(grad, x0, lr, n):
    """The path of n steps of gradient descent: x = x - lr grad(x).

    grad: a function, (d,) to (d,). x0: array (d,) of fractions, the start. lr: a number. n: how many steps, n >= 0.

    Returns the path, an array (n + 1, d) whose first row is x0. Asks for one gradient a step and changes nothing.
    """
    x = x0
    path = [x]
    for _ in range(n):
        x = x - lr * grad(x)
        path.append(x)
    return np.array(path)


@gd.style
def descent_into_an_array(grad, x0, lr, n):
    path = np.empty((n + 1, len(x0)))
    path[0] = x0
    for t in range(n):
        path[t + 1] = path[t] - lr * grad(path[t])
    return path


@gd.style
def descent_on_a_copy(grad, x0, lr, n):
    x = x0.copy()
    path = [x.copy()]
    while len(path) <= n:
        x -= lr * grad(x)
        path.append(x.copy())
    return path


@gd.style
def descent_by_recursion(grad, x0, lr, n):
    if n == 0:
        return x0[None]
    path = descent_by_recursion(grad, x0, lr, n - 1)
    return np.vstack([path, path[-1] - lr * grad(path[-1])])


def descents(move):
    """A family of mistakes: how the point after x is found, at step t = 0, 1, ..."""

    def path_of(grad, x0, lr, n):
        path = [x0]
        for t in range(n):
            path.append(move(grad, path[-1], lr, t))
        return np.array(path)

    return path_of


@gd.mistake(
    "All rows of your path are the last point: you append one array and then change it in place (x -= ...), so the "
    "list holds the same array n + 1 times. Write x = x - lr * grad(x), which makes a new one."
)
def one_array_many_times(grad, x0, lr, n):
    x = x0.copy()
    path = [x]
    for _ in range(n):
        x -= lr * grad(x)
        path.append(x)
    return np.array(path)


@gd.mistake(
    "All rows of your path are the last point, and so is the x0 of whoever called: after x = x0 and path = [x] all "
    "three mean one array, and x -= ... changes it in place. Write x = x - lr * grad(x), which makes a new one."
)
def one_array_and_the_start(grad, x0, lr, n):
    x = x0
    path = [x]
    for _ in range(n):
        x -= lr * grad(x)
        path.append(x)
    return np.array(path)


@gd.mistake(
    "You change the start x0 in place: after x = x0 both names mean one array, and x -= ... changes it. Begin with "
    "x0.copy(), or write x = x - lr * grad(x)."
)
def start_modified(grad, x0, lr, n):
    x = x0
    path = [x.copy()]
    for _ in range(n):
        x -= lr * grad(x)
        path.append(x.copy())
    return np.array(path)


@gd.mistake("You climb: the gradient points uphill, and you add it. To go down, subtract lr * grad(x).")
def climbs(*args):
    return descents(lambda grad, x, lr, t: x + lr * grad(x))(*args)


@gd.mistake(
    "You ask for the gradient once, at the start, and follow it in a straight line. Downhill changes from place to "
    "place: ask again at every point, inside the loop."
)
def gradient_asked_once(grad, x0, lr, n):
    g = grad(x0)
    return np.array([x0 - t * lr * g for t in range(n + 1)])


@gd.mistake(
    "You ask for grad(x0) at every step, so all steps are the same one, in a straight line. Downhill changes from "
    "place to place: ask where you are, grad(x)."
)
def gradient_of_the_start(grad, x0, lr, n):
    x, path = x0, [x0]
    for _ in range(n):
        x = x - lr * grad(x0)
        path.append(x)
    return np.array(path)


@gd.mistake(
    "Every step begins at x0 again, so you never get further than one step. Step from the point where you are: "
    "x = x - lr * grad(x)."
)
def always_from_the_start(grad, x0, lr, n):
    return np.array([x0] + [x0 - lr * grad(x0)] * n)


@gd.mistake(
    "The start is missing: you note x after each step only. Begin the list with x0, so that n steps give n + 1 rows."
)
def start_missing(grad, x0, lr, n):
    x, path = x0, []
    for _ in range(n):
        x = x - lr * grad(x)
        path.append(x)
    return np.array(path)


@gd.mistake(
    "The last point is missing: you note x before each step, but not where the last step leads. n steps give n + 1 "
    "rows."
)
def last_missing(grad, x0, lr, n):
    x, path = x0, []
    for _ in range(n):
        path.append(x)
        x = x - lr * grad(x)
    return np.array(path)


@gd.mistake(
    "You stop where the ground is flat. That is for gd_until, further down; here n steps are asked for, and n + 1 rows "
    "come back, even if the last ones are equal."
)
def stops_where_it_is_flat(grad, x0, lr, n):
    x, path = x0, [x0]
    for _ in range(n):
        g = grad(x)
        if np.linalg.norm(g) < 1e-6:
            break
        x = x - lr * g
        path.append(x)
    return np.array(path)


@gd.mistake(
    "You ask for more than one gradient a step. In real life that is a pass over all data, each time: g = grad(x) "
    "once, and use g."
)
def asks_twice_a_step(grad, x0, lr, n):
    x, path = x0, [x0]
    for _ in range(n):
        grad(x)
        x = x - lr * grad(x)
        path.append(x)
    return np.array(path)


@gd.mistake("You take one step too many: range(n) makes n turns, range(n + 1) makes one more.")
def one_step_too_many(grad, x0, lr, n):
    return descents(lambda grad, x, lr, t: x - lr * grad(x))(grad, x0, lr, n + 1)


@gd.mistake("You return the last point alone. Note every point on the way and return them all, the start first.")
def only_the_last_point(*args):
    return descents(lambda grad, x, lr, t: x - lr * grad(x))(*args)[-1]


@gd.mistake(
    "You update one coordinate after the other, and the later ones see a gradient at a point that has moved already. "
    "Ask for the gradient once a step, and move all coordinates together."
)
def coordinate_after_coordinate(grad, x0, lr, n):
    def move(grad, x, lr, t):
        x = x.copy()
        for i in range(len(x)):
            x[i] -= lr * grad(x)[i]
        return x

    return descents(move)(grad, x0, lr, n)


@gd.mistake(
    "You divide the gradient by its norm, so every step has the length lr, and near the minimum you would hop back "
    "and forth forever. Plain descent takes lr * grad(x): its steps shorten by themselves as the ground gets flat."
)
def normalizes(grad, x0, lr, n):
    def move(grad, x, lr, t):
        g = grad(x)
        return x - lr * g / np.linalg.norm(g)

    return descents(move)(grad, x0, lr, n)


@gd.mistake(
    "You keep the direction of the gradient coordinate by coordinate, np.sign(grad(x)), and lose its size. Take the "
    "gradient itself."
)
def only_the_signs(*args):
    return descents(lambda grad, x, lr, t: x - lr * np.sign(grad(x)))(*args)


@gd.mistake(
    "Your rate falls from step to step, lr / (t + 1). That has its use with noisy gradients (lesson 03); here the "
    "rate stays lr."
)
def rate_decays(*args):
    return descents(lambda grad, x, lr, t: x - lr / (t + 1) * grad(x))(*args)


@gd.mistake(
    "You pay no attention to lr: your steps have a rate of their own, 0.1, from a global variable or written into the "
    "line. Use the lr that is given."
)
def rate_of_its_own(*args):
    return descents(lambda grad, x, lr, t: x - 0.1 * grad(x))(*args)


@gd.mistake(
    "The rate is missing: you subtract the whole gradient. In a steep place that leaps far over the valley. Multiply "
    "it by lr."
)
def rate_missing(*args):
    return descents(lambda grad, x, lr, t: x - grad(x))(*args)


# ------------------------------------------------------------------------------------ gradient.critical_rate


def hessian_cases(rng):
    def bowl(*curvatures):
        turn, _ = np.linalg.qr(rng.normal(0, 1, (len(curvatures), len(curvatures))))
        H = turn * curvatures @ turn.T
        return (H + H.T) / 2

    return [
        Case({"H": np.diag([2.0, 9.0, 0.5])}, "curvatures along the axes, in no order"),
        Case({"H": bowl(11.0, 0.7)}, "a valley that lies askew"),
        Case({"H": bowl(*rng.uniform(0.2, 30, 5))}, "five dimensions"),
        Case({"H": bowl(3.0, 3.0, 0.4)}, "two directions equally steep"),
        Case({"H": np.array([[5, 2], [2, 2]])}, "whole numbers"),
        Case({"H": np.array([[rng.uniform(0.1, 5)]])}, "a single dimension"),
    ]


@exercise(
    "gradient.critical_rate",
    lesson="02",
    title="How long may a step be?",
    section="How long may a step be",
    points=2,
    cases=hessian_cases,
    hints=(
        "On a bowl each direction goes its own way: one step multiplies the distance to the minimum by "
        "1 - lr * lambda, where lambda is the curvature in that direction. When does that stop shrinking?",
        "|1 - lr * lambda| < 1 as long as lr < 2 / lambda. That must hold in every direction, so one of them decides. "
        "The curvatures are the eigenvalues of H; np.linalg.eigvalsh gives them for a symmetric matrix.",
        "Return 2 / np.linalg.eigvalsh(H).max(): the steepest direction decides.",
    ),
)
def critical_lr(H):
    """The rate at which gradient descent on a bowl stops converging: below it every start leads to the minimum.

    H: array (d, d), the Hessian of the bowl, symmetric, its eigenvalues (the curvatures) all positive.

    Returns the number 2 / lambda_max.
    """
    return 2 / np.linalg.eigvalsh(H).max()


@critical_lr.style
def critical_by_general_eigenvalues(H):
    values, vectors = np.linalg.eig(H)
    return 2 / max(values)


@critical_lr.style
def critical_by_spectral_norm(H):
    return float(2 / np.linalg.norm(H, 2))


@critical_lr.style
def critical_as_the_least_of_all(H):
    return min(2 / curvature for curvature in np.linalg.svd(H, compute_uv=False))


@critical_lr.mistake(
    "1 / lambda_max is a safe rate, with no overshooting in any direction, but not the limit. Beyond it the steps "
    "overshoot and still shrink, up to 2 / lambda_max."
)
def first_overshoot(H):
    return 1 / np.linalg.eigvalsh(H).max()


@critical_lr.mistake(
    "You take the smallest curvature, which allows the longest steps. The rate must suit every direction, and the "
    "steepest one is the first to blow up: take the largest eigenvalue (eigvalsh sorts them, the largest is last)."
)
def flattest_direction(H):
    return 2 / np.linalg.eigvalsh(H).min()


@critical_lr.mistake(
    "The trace is the *sum* of the curvatures, so your rate is too short, and the more so the more dimensions there "
    "are. Only the largest one decides."
)
def by_the_trace(H):
    return 2 / np.trace(H)


@critical_lr.mistake(
    "2 / (lambda_max + lambda_min) is the *fastest* rate, where the steepest and the flattest direction shrink equally "
    "fast. Asked for is the limit, which lies further out."
)
def fastest_rate(H):
    curvatures = np.linalg.eigvalsh(H)
    return 2 / (curvatures.max() + curvatures.min())


@critical_lr.mistake(
    "You take the largest entry of H. In a bowl that lies askew no axis is the steepest direction: the curvatures are "
    "the eigenvalues, not the entries."
)
def largest_entry(H):
    return 2 / H.max()


@critical_lr.mistake(
    "You take the top left entry of H, the curvature along the first axis. Take the largest eigenvalue."
)
def first_entry(H):
    return 2 / H[0, 0]


@critical_lr.mistake(
    "You take the first eigenvalue that np.linalg.eig returns. They come in no order: take the maximum."
)
def first_that_eig_returns(H):
    return 2 / np.linalg.eig(H)[0][0]


@critical_lr.mistake(
    "np.linalg.norm(H) is the root of the sum of all squared entries: larger than the largest curvature as soon as "
    "there are two. norm(H, 2) would be right for such a matrix, and so is the largest eigenvalue."
)
def by_the_frobenius_norm(H):
    return 2 / np.linalg.norm(H)


@critical_lr.mistake(
    "You take the largest sum of a row. No curvature is larger than that, so your rate is safe, but it is not the "
    "limit."
)
def by_row_sums(H):
    return 2 / np.abs(H).sum(axis=1).max()


@critical_lr.mistake(
    "Upside down: you return lambda_max / 2, so the steeper the bowl, the longer your steps. It is 2 / lambda_max."
)
def upside_down(H):
    return np.linalg.eigvalsh(H).max() / 2


@critical_lr.mistake(
    "You return one limit for each direction. One rate serves them all: return the smallest of these numbers."
)
def one_for_each_direction(H):
    return 2 / np.linalg.eigvalsh(H)


@critical_lr.mistake(
    "The curvature is squared in yours: those are the eigenvalues of H.T @ H. Take those of H itself, or the root."
)
def curvature_squared(H):
    return 2 / np.linalg.eigvalsh(H.T @ H).max()


@critical_lr.mistake(
    "You return the largest curvature itself. The rate is 2 divided by it: in a steep bowl, short steps."
)
def the_curvature_itself(H):
    return np.linalg.eigvalsh(H).max()


# -------------------------------------------------------------------------------------- gradient.standardize


def table_cases(rng):
    def table(n, d):
        return rng.normal(0, 1, (n, d)) * rng.uniform(0.2, 30, d) + rng.uniform(-20, 20, d)

    def constant(X, value):
        return np.column_stack([X[:, 0], np.full(len(X), value), X[:, 1:]])

    train, test = table(9, 2), table(4, 2) + 3
    whole = rng.integers(0, 60, (8, 3)) * [1, 1, 5]
    return [
        Case({"X_train": table(12, 3), "X_test": table(5, 3)}, "three columns in different units"),
        Case(
            {"X_train": constant(train, 3.0), "X_test": constant(test, 3.0)},
            "a column that is 3 everywhere",
            "constant",
        ),
        Case(
            {"X_train": constant(train, 3.0), "X_test": constant(test, 5.0)},
            "a column that is 3, but 5 in the test",
            "constant",
        ),
        Case({"X_train": table(7, 1), "X_test": table(1, 1)}, "a single test row"),
        Case({"X_train": whole, "X_test": rng.integers(0, 60, (3, 3))}, "whole numbers"),
    ]


@exercise(
    "gradient.standardize",
    lesson="02",
    title="Make the valley round",
    section="Valleys and scales",
    points=2,
    cases=table_cases,
    parts=(
        Part("correct", 0.7, "scales both tables by the training rows"),
        Part("constant", 0.3, "only shifts a column that is constant"),
    ),
    hints=(
        "Every column gets its own shift and its own scale, and both are learned from the training rows alone. What "
        "would you know about the test rows when a model is in use?",
        "Mean and standard deviation of X_train along axis 0: two arrays (d,). Subtract the one and divide by the "
        "other, in both tables. Which columns must not be divided?",
        "std = np.where(std == 0, 1, std) makes a constant column safe (np.ptp(X_train, axis=0) == 0 is the safer "
        "question: it does not round). Then return (X_train - mean) / std and (X_test - mean) / std.",
    ),
)
def standardize(X_train, X_test):
    """Both tables with each column shifted and scaled so that the training rows have mean 0 and deviation 1.

    X_train: array (n, d). X_test: array (m, d). The mean and the standard deviation (that of the n rows themselves:
    divide by n) of a column come from X_train alone. A column that is constant in X_train is shifted, not scaled.

    Returns the pair of new arrays, (n, d) and (m, d). Changes nothing it is given.
    """
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(np.ptp(X_train, axis=0) == 0, 1, std)  # twelve times 0.1 has a deviation of 1e-17, by rounding
    return (X_train - mean) / std, (X_test - mean) / std


@standardize.style
def standardize_column_by_column(X_train, X_test):
    train, test = np.array(X_train, dtype=float), np.array(X_test, dtype=float)
    for j in range(train.shape[1]):
        mean, std = train[:, j].mean(), train[:, j].std()
        train[:, j] -= mean
        test[:, j] -= mean
        if std > 0:
            train[:, j] /= std
            test[:, j] /= std
    return train, test


@standardize.style
def standardize_by_squares(X_train, X_test):
    mean = X_train.sum(0) / len(X_train)
    scale = (((X_train - mean) ** 2).sum(0) / len(X_train)) ** 0.5
    scale[scale == 0] = 1
    return [(X - mean) / scale for X in (X_train, X_test)]


def scaled(X, rows, ddof=0):
    """X by the mean and the deviation of these rows."""
    std = rows.std(axis=0, ddof=ddof)
    return (X - rows.mean(axis=0)) / np.where(std == 0, 1, std)


@standardize.mistake(
    "You scale the test rows by their own mean and deviation. So equal rows in the two tables come out different, and "
    "a single test row becomes all zeros. Use the numbers of X_train for both."
)
def each_by_itself(X_train, X_test):
    return scaled(X_train, X_train), scaled(X_test, X_test)


@standardize.mistake(
    "You compute mean and deviation from both tables together. Then the training has seen the test rows: a leak, small "
    "here and fatal elsewhere. Use X_train alone."
)
def fitted_on_the_union(X_train, X_test):
    both = np.vstack([X_train, X_test])
    return scaled(X_train, both), scaled(X_test, both)


@standardize.mistake("You use the mean and the deviation of X_test for both tables. They come from X_train.")
def fitted_on_the_test(X_train, X_test):
    return scaled(X_train, X_test), scaled(X_test, X_test)


@standardize.mistake(
    "The test rows come back as they went in. Did you forget them, or overwrite X_train first and then ask the new "
    "X_train, which has mean 0 and deviation 1, for its mean and deviation? Keep mean and std before you scale."
)
def test_as_it_was(X_train, X_test):
    return scaled(X_train, X_train), X_test + 0.0


@standardize.mistake(
    "A constant column has the deviation 0, and you divide by it: 0/0 is NaN, and one NaN spoils every weight. Divide "
    "by 1 there: std = np.where(std == 0, 1, std)."
)
def divides_by_zero(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return (X_train - mean) / std, (X_test - mean) / std


@standardize.mistake(
    "Two things. You overwrite X_train first and then ask the new one, which has mean 0 and deviation 1, how to scale "
    "the test rows: keep mean and std in names of their own. And a constant column is divided by 0."
)
def overwritten_and_divides_by_zero(X_train, X_test):
    X_train = (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
    return X_train, (X_test - X_train.mean(axis=0)) / X_train.std(axis=0)


@standardize.mistake(
    "Two things. Each table is scaled by its own mean and deviation: use those of X_train for both. And a constant "
    "column is divided by 0, which gives NaN: put 1 where the deviation is 0."
)
def each_by_itself_and_divides_by_zero(X_train, X_test):
    return tuple((X - X.mean(axis=0)) / X.std(axis=0) for X in (X_train, X_test))


@standardize.mistake(
    "You add 1e-8 to every deviation. A constant column then survives in the training rows, but a test row that "
    "differs there by 2 becomes 200,000,000. Put 1 where the deviation is 0, and leave the others alone."
)
def tiny_number_added(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0) + 1e-8
    return (X_train - mean) / std, (X_test - mean) / std


@standardize.mistake(
    "You leave a constant column as it is. It is not scaled, but it is shifted like every other: its training rows "
    "become 0."
)
def constant_not_shifted(X_train, X_test):
    flat = X_train.std(axis=0) == 0
    return np.where(flat, X_train, scaled(X_train, X_train)), np.where(flat, X_test, scaled(X_test, X_train))


@standardize.mistake(
    "You put a constant column to 0 in the test rows as well. It is shifted by the training mean, like every other "
    "column: where a test row differs, the difference stays."
)
def constant_put_to_zero(X_train, X_test):
    flat = X_train.std(axis=0) == 0
    return scaled(X_train, X_train), np.where(flat, 0.0, scaled(X_test, X_train))


@standardize.mistake(
    "You drop constant columns. The weights of a model are counted by columns: keep them all, shifted to 0."
)
def constant_dropped(X_train, X_test):
    kept = X_train.std(axis=0) > 0
    return scaled(X_train, X_train)[:, kept], scaled(X_test, X_train)[:, kept]


@standardize.mistake(
    "Your deviation divides by n - 1 (ddof=1, as pandas does). That estimates the deviation of a population; asked for "
    "is that of these n rows, which np.std gives by itself."
)
def divides_by_n_minus_one(X_train, X_test):
    return scaled(X_train, X_train, ddof=1), scaled(X_test, X_train, ddof=1)


@standardize.mistake(
    "You divide by the variance, so a column in grams and one in kilograms still differ by a factor of 1,000. Divide "
    "by its root, the standard deviation."
)
def divides_by_the_variance(X_train, X_test):
    mean, var = X_train.mean(axis=0), X_train.var(axis=0)
    var = np.where(var == 0, 1, var)
    return (X_train - mean) / var, (X_test - mean) / var


@standardize.mistake(
    "You shift the columns, but do not scale them: the valley is centered and as narrow as before. Divide by the "
    "standard deviation."
)
def only_centered(X_train, X_test):
    mean = X_train.mean(axis=0)
    return X_train - mean, X_test - mean


@standardize.mistake("You scale the columns, but do not shift them: subtract the mean first, then divide.")
def only_scaled(X_train, X_test):
    std = X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    return X_train / std, X_test / std


@standardize.mistake(
    "You take one mean and one deviation for the whole table, so columns in different units stay different. Every "
    "column has its own: add axis=0."
)
def one_for_the_table(X_train, X_test):
    return (X_train - X_train.mean()) / X_train.std(), (X_test - X_train.mean()) / X_train.std()


@standardize.mistake(
    "You standardize the rows, the examples, in the place of the columns: axis=1 runs along a row. Columns need axis=0."
)
def rows_for_columns(X_train, X_test):
    return scaled(X_train.T, X_train.T).T, scaled(X_test.T, X_test.T).T


@standardize.mistake(
    "You stretch each column to the range from 0 to 1. That is another scaling (min-max), which a single outlier "
    "squeezes; asked for are mean 0 and deviation 1."
)
def stretches_to_the_range(X_train, X_test):
    low, width = X_train.min(axis=0), np.ptp(X_train, axis=0)
    width = np.where(width == 0, 1, width)
    return (X_train - low) / width, (X_test - low) / width


@standardize.mistake("You return the test rows first. The contract has the training rows first, as in the arguments.")
def tables_swapped(X_train, X_test):
    return scaled(X_test, X_train), scaled(X_train, X_train)


@standardize.mistake("You return the training rows alone. Return both tables: train, test.")
def test_not_returned(X_train, X_test):
    return scaled(X_train, X_train)


@standardize.mistake(
    "Two things. axis=1 runs along a row: you standardize the examples in the place of the columns, which need axis=0. "
    "And where a deviation is 0 you divide by it: put 1 there."
)
def rows_and_divides_by_zero(X_train, X_test):
    def scale(X):
        return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)

    return scale(X_train), scale(X_test)


@standardize.mistake(
    "You divide by 0 and mend the NaN afterward. The training rows look right, but a test row that differs in a "
    "constant column is divided by 0 too, and gets infinite or 1e308. Put 1 where the deviation is 0."
)
def nan_mended_afterward(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    return np.nan_to_num((X_train - mean) / std), np.nan_to_num((X_test - mean) / std)


@standardize.mistake(
    "You write into the tables you are given (X -= mean): the data of whoever called are lost, and a table of whole "
    "numbers can't hold the fractions. Make new arrays: Z = (X - mean) / std."
)
def subtracts_in_place(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    X_train -= mean
    X_train /= std
    X_test -= mean
    X_test /= std
    return X_train, X_test


@standardize.mistake(
    "You write into the tables you are given (X -= ..., X[:] = ...), so the data of whoever called are lost. Make new "
    "arrays: Z = (X - mean) / std."
)
def tables_overwritten(X_train, X_test):
    train, test = scaled(X_train, X_train), scaled(X_test, X_train)
    X_train[:], X_test[:] = train, test
    return train, test


# -------------------------------------------------------------------------------------------- gradient.until


def stopping_cases(rng):
    def bowl(A, b=0.0, **args):
        A = np.array(A, dtype=float)
        b = np.zeros(len(A)) + b
        return {"grad": Given("quadratic.grad", {"A": A, "b": b}), "x0": rng.normal(0, 2, len(A))} | args

    valley, middle = [[9.0, 2.0], [2.0, 1.5]], rng.normal(0, 1, 2)
    hill = {"grad": Given("himmelblau.grad"), "x0": rng.uniform([-0.5, -1.1], [0.0, -0.7])}
    overflow = {"grad": Given("rastrigin.grad", {"dim": 2}), "x0": np.array([2.2, -3.3])}
    return [
        Case(bowl(valley, middle, lr=0.15, tol=1e-3, max_steps=500), "a valley, with time enough"),
        Case(bowl(valley, middle, lr=0.15, tol=1e-3, max_steps=7), "the same valley, but seven steps only"),
        Case(bowl(np.eye(30) * 2, lr=0.05, tol=1e-2, max_steps=500), "thirty dimensions"),
        Case(hill | {"lr": 0.008, "tol": 1e-4, "max_steps": 900}, "a start on a hilltop, where the slope first grows"),
        Case(bowl(valley, [16.0, 2.5], lr=0.1, tol=1e-6, max_steps=9) | {"x0": np.array([2.0, -1.0])},
             "a start in the minimum"),
        Case(bowl(np.eye(2) * 4, [8.0, -3.0], lr=0.25, tol=1e-6, max_steps=1), "there with the very last step"),
        Case(bowl(valley, middle, lr=3.0, tol=1e-3, max_steps=12), "a rate far too large, ended after twelve steps"),
        Case(bowl(np.eye(2), lr=0.5, tol=0.625, max_steps=20) | {"x0": np.array([3.0, 4.0])},
             "the norm gets exactly as large as tol"),
        Case(bowl([[4.0]], lr=1e308, tol=1e-3, max_steps=40) | {"x0": np.array([2.0])},
             "a gradient that gets infinite before it gets NaN"),
        Case(bowl(valley, [1.0, np.nan], lr=0.1, tol=1e-3, max_steps=0), "a NaN in the data, and no step allowed"),
        Case(bowl(valley, middle, lr=0.1, tol=1e-3, max_steps=0), "no step allowed"),
        Case(bowl(valley, [1.0, np.nan], lr=0.1, tol=1e-3, max_steps=40), "a NaN in the data"),
        Case(overflow | {"lr": 1e308, "tol": 1e-3, "max_steps": 40}, "a rate so large that the first step overflows"),
    ]  # fmt: skip


@exercise(
    "gradient.until",
    lesson="02",
    title="When to stop",
    section="When to stop",
    points=3,
    starred=True,
    cases=stopping_cases,
    rtol=1e-6,
    hints=(
        "At each point three questions come before the next step: is it flat enough here? Has it blown up? Is the "
        "time used up? Ask them at the start too, and after the last step.",
        "Loop with the number of steps taken so far, from 0 to max_steps, both included. Ask for the gradient first, "
        "then for its norm, then the three questions, then step. A comparison with NaN is always False: use "
        "np.isfinite.",
        'for steps in range(max_steps + 1): g = grad(x); size = np.linalg.norm(g); return x, steps, "converged" if '
        'size <= tol; "diverged" if not np.isfinite(size); "max_steps" if steps == max_steps; else x = x - lr * g.',
    ),
)
def gd_until(grad, x0, lr, tol, max_steps):
    """Gradient descent, x = x - lr grad(x), that knows when to stop, and says why.

    grad: a function, (d,) to (d,). x0: array (d,) of fractions, the start. lr, tol: numbers > 0. max_steps: an
    integer >= 0. At the start and after each step it asks, in this order, and stops at the first yes: is the norm of
    the gradient at most tol ("converged")? Is it no finite number ("diverged")? Are max_steps taken ("max_steps")?

    Returns the last point, an array (d,), how many steps led there, and the reason in the words above.
    """
    x = x0
    for steps in range(max_steps + 1):
        g = grad(x)
        size = np.linalg.norm(g)
        if size <= tol:
            return x, steps, "converged"
        if not np.isfinite(size):
            return x, steps, "diverged"
        if steps < max_steps:
            x = x - lr * g
    return x, max_steps, "max_steps"


@gd_until.style
def until_by_while(grad, x0, lr, tol, max_steps):
    x, steps, g = x0.copy(), 0, grad(x0)
    while np.all(np.isfinite(g)) and np.sqrt(np.sum(g**2)) > tol and steps < max_steps:
        x -= lr * g
        steps += 1
        g = grad(x)
    if not np.all(np.isfinite(g)):
        return x, steps, "diverged"
    return x, steps, "converged" if np.sqrt(np.sum(g**2)) <= tol else "max_steps"


@gd_until.style
def until_by_recursion(grad, x0, lr, tol, max_steps, steps=0):
    g = grad(x0)
    size = (g @ g) ** 0.5
    reason = "converged" if size <= tol else "max_steps" if np.isfinite(size) else "diverged"
    if reason != "max_steps" or steps == max_steps:
        return [x0, np.int64(steps), reason]
    return until_by_recursion(grad, x0 - lr * g, lr, tol, max_steps, steps + 1)


def stopper(flat=lambda size, g, tol: size <= tol, broken=lambda size, x: not np.isfinite(size)):
    """A family of mistakes: when the ground counts as flat, and when the run counts as broken."""

    def until(grad, x0, lr, tol, max_steps):
        x = x0
        for steps in range(max_steps + 1):
            g = grad(x)
            size = np.linalg.norm(g)
            if flat(size, g, tol):
                return x, steps, "converged"
            if broken(size, x):
                return x, steps, "diverged"
            if steps < max_steps:
                x = x - lr * g
        return x, max_steps, "max_steps"

    return until


@gd_until.mistake(
    "A NaN slips through as success: `while norm > tol` ends when the norm is NaN, since every comparison with NaN is "
    'False, and you report "converged". Ask np.isfinite before you celebrate.'
)
def nan_is_success(*args):
    return stopper(lambda size, g, tol: not size > tol, lambda size, x: np.isinf(size))(*args)


@gd_until.mistake(
    'You never say "diverged": with a NaN in the gradient your loop runs on to max_steps, though nothing can get '
    "better any more. Ask np.isfinite(size) and stop at once."
)
def never_says_diverged(*args):
    return stopper(broken=lambda size, x: False)(*args)


@gd_until.mistake(
    "You look for NaN alone. A norm can be infinite before it is NaN, and then you notice too late: np.isfinite is "
    "False for both."
)
def looks_for_nan_alone(*args):
    return stopper(broken=lambda size, x: np.isnan(size))(*args)


@gd_until.mistake(
    "You look for infinity alone, and a NaN is none: with a NaN in the gradient you run on to max_steps. np.isfinite "
    "is False for both."
)
def looks_for_infinity_alone(*args):
    return stopper(broken=lambda size, x: np.isinf(size))(*args)


@gd_until.mistake(
    'You say "diverged" when the norm is above a number of your own. A run may come back from there; asked for is '
    "whether the norm is finite: np.isfinite."
)
def limit_of_its_own(*args):
    return stopper(broken=lambda size, x: not size < 1e10)(*args)


@gd_until.mistake(
    "`while norm > tol` goes on when the norm is infinite, so the run ends one step later, at a point of NaN; and with "
    "no step left you never ask whether it diverged. Ask np.isfinite at each point, before max_steps."
)
def loops_while_above_tol(grad, x0, lr, tol, max_steps):
    x, steps, g = x0, 0, grad(x0)
    while np.linalg.norm(g) > tol and steps < max_steps:
        x, steps = x - lr * g, steps + 1
        g = grad(x)
    if np.linalg.norm(g) <= tol:
        return x, steps, "converged"
    return x, steps, "max_steps" if steps == max_steps else "diverged"


@gd_until.mistake("You ask whether the norm is below tol. It is flat when it is *at most* tol: <=, not <.")
def below_tol(*args):
    return stopper(lambda size, g, tol: size < tol)(*args)


@gd_until.mistake(
    'The order of the questions: with a NaN and no step left you say "max_steps", which sounds harmless. Ask whether '
    "it diverged before you ask whether the steps are used up."
)
def asks_for_the_time_first(grad, x0, lr, tol, max_steps):
    x = x0
    for steps in range(max_steps + 1):
        g = grad(x)
        size = np.linalg.norm(g)
        if size <= tol:
            return x, steps, "converged"
        if steps == max_steps:
            return x, steps, "max_steps"
        if not np.isfinite(size):
            return x, steps, "diverged"
        x = x - lr * g


@gd_until.mistake(
    "The reason stands in the second place. The order is: the last point, how many steps led there, the reason."
)
def reason_before_steps(*args):
    x, steps, reason = gd_until(*args)
    return x, reason, steps


@gd_until.mistake(
    "You measure the *step*, lr times the gradient, in both questions: with a small rate it is below tol long before "
    "the ground is flat. Take the norm of the gradient itself."
)
def measures_the_step(grad, x0, lr, tol, max_steps):
    return stopper(
        lambda size, g, tol: np.linalg.norm(lr * g) <= tol, lambda size, x: not np.isfinite(lr * size)
    )(grad, x0, lr, tol, max_steps)


@gd_until.mistake(
    "Your loop never ends once the gradient is NaN: it waits for norm <= tol, and a comparison with NaN is always "
    "False. Stop when the norm is no finite number, and count the steps up to max_steps.",
    hangs=True,
)
def waits_for_ever(grad, x0, lr, tol, max_steps):
    x, steps, g = x0, 0, grad(x0)
    while not np.linalg.norm(g) <= tol:
        if np.isfinite(g).all() and steps == max_steps:
            return x, steps, "max_steps"
        x, steps = x - lr * g, steps + 1
        g = grad(x)
    return x, steps, "converged"


@gd_until.mistake(
    "Your loop has no end but success: max_steps is not heeded, and with a NaN or a rate that is too large it runs "
    "forever. Count the steps, and stop at max_steps and when the norm is no finite number.",
    hangs=True,
)
def knows_success_only(grad, x0, lr, tol, max_steps):
    x, steps, g = x0, 0, grad(x0)
    while not np.linalg.norm(g) <= tol:
        x, steps = x - lr * g, steps + 1
        g = grad(x)
    return x, steps, "converged"


@gd_until.mistake(
    "You look for NaN in x, not in the gradient: x is still fine when the gradient breaks, so you notice one step "
    "late, and return a point of NaN. Test the gradient, before you step."
)
def looks_at_the_point(*args):
    return stopper(broken=lambda size, x: not np.all(np.isfinite(x)))(*args)


@gd_until.mistake(
    "You give up as soon as the slope grows. That is no sign of a fault: it grows on the way down from a hilltop too. "
    '"diverged" means that the norm is no finite number any more.'
)
def gives_up_when_it_grows(grad, x0, lr, tol, max_steps):
    last = np.inf

    def grows(size, x):
        nonlocal last
        grown, last = not size <= last, size
        return grown

    return stopper(broken=lambda size, x: not np.isfinite(size) or grows(size, x))(grad, x0, lr, tol, max_steps)


@gd_until.mistake(
    "You ask whether the *step* is short, not whether the ground is flat: lr times the gradient is below tol long "
    "before the gradient is, and with a tiny rate at once. Compare the norm of the gradient."
)
def tests_the_step(grad, x0, lr, tol, max_steps):
    return stopper(lambda size, g, tol: lr * size <= tol)(grad, x0, lr, tol, max_steps)


@gd_until.mistake(
    "You compare the *square* of the norm with tol, so with tol = 1e-6 you stop at a norm of 1e-3. Take the root, or "
    "np.linalg.norm."
)
def tests_the_square(*args):
    return stopper(lambda size, g, tol: size**2 <= tol)(*args)


@gd_until.mistake(
    "You compare the largest entry of the gradient with tol, not its norm. In many dimensions many small entries make "
    "a norm that is larger by far: use np.linalg.norm(g)."
)
def tests_the_largest_entry(*args):
    return stopper(lambda size, g, tol: np.max(np.abs(g)) <= tol)(*args)


@gd_until.mistake(
    "You compare the gradient with tol without its size: a slope of -5 is smaller than any tol, so you stop on the "
    "steepest hillside. Take the norm."
)
def forgets_the_sign(*args):
    return stopper(lambda size, g, tol: np.all(g <= tol))(*args)


@gd_until.mistake(
    "You step first and look afterward, so a start in the minimum, or one where the gradient is NaN, takes a step all "
    "the same. Ask before the first step too."
)
def steps_before_it_looks(grad, x0, lr, tol, max_steps):
    x = x0
    for steps in range(1, max_steps + 1):
        x = x - lr * grad(x)
        size = np.linalg.norm(grad(x))
        if size <= tol:
            return x, steps, "converged"
        if not np.isfinite(size):
            return x, steps, "diverged"
    return x, max_steps, "max_steps"


@gd_until.mistake(
    'You do not look at the last point: after the last step you report "max_steps", though that step may have got '
    "there. Ask once more after the loop, or let it run over range(max_steps + 1)."
)
def last_point_not_seen(grad, x0, lr, tol, max_steps):
    x = x0
    for steps in range(max_steps):
        g = grad(x)
        if np.linalg.norm(g) <= tol:
            return x, steps, "converged"
        if not np.isfinite(g).all():
            return x, steps, "diverged"
        x = x - lr * g
    return x, max_steps, "max_steps"


@gd_until.mistake(
    "Your count is one too high: you count the gradients you asked for. Asked for are the steps you took, which is 0 "
    "when the start is good enough."
)
def counts_gradients(*args):
    x, steps, reason = gd_until(*args)
    return x, steps + 1, reason


@gd_until.mistake("You take one step more than max_steps allows: stop when steps == max_steps, before you step again.")
def one_step_more_than_allowed(grad, x0, lr, tol, max_steps):
    return gd_until(grad, x0, lr, tol, max_steps + 1)


@gd_until.mistake(
    "You return the point before the last one: the gradient is small at the new point, and that is the one to return."
)
def point_before_the_last(grad, x0, lr, tol, max_steps):
    path = [x0]

    def noted(x):
        path.append(x)
        return grad(x)

    x, steps, reason = gd_until(noted, x0, lr, tol, max_steps)
    return path[-2], steps, reason


@gd_until.mistake(
    'You say "converged" in every case. Whoever reads that trusts a result that is none: say why you stopped.'
)
def always_content(*args):
    x, steps, reason = gd_until(*args)
    return x, steps, "converged"


@gd_until.mistake("The reason is missing: return three things, the point, the number of steps and the reason.")
def reason_missing(*args):
    return gd_until(*args)[:2]


@gd_until.mistake(
    "You change the start x0 in place: after x = x0 both names mean one array, and x -= ... changes it for whoever "
    "called. Write x = x - lr * g."
)
def start_overwritten(grad, x0, lr, tol, max_steps):
    x, steps, reason = gd_until(grad, x0.copy(), lr, tol, max_steps)
    x0[:] = x
    return x0, steps, reason
