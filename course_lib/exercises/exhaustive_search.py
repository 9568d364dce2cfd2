"""The exercises of lesson 01: grids and random search, how to judge clusters, and how to judge on unseen data."""

from itertools import product

import numpy as np

from course_lib.calling import Case, Given
from course_lib.comparing import mismatch
from course_lib.exercises.declare import Part, exercise


def unlike(value, model, lists=False):
    """How a value differs from a model in kind, in shape or by a NaN; its numbers may be others."""
    fault = mismatch(value, model, atol=np.inf, lists=lists)
    return fault.text if fault else None


# ----------------------------------------------------------------------------------------------- search.grid


def grid_cases(rng):
    def box(d):
        lows = np.cumsum(rng.uniform(4, 6, d))  # each axis above the one before, all beyond 1
        return {"lows": lows, "highs": lows + rng.uniform(1, 3, d)}

    return [
        Case(box(2) | {"n": 3}, "two axes, three values each"),
        Case(box(3) | {"n": 4}, "three axes, four values each"),
        Case(box(1) | {"n": 5}, "a single axis"),
        Case(box(4) | {"n": 2}, "the corners of a box in four dimensions"),
    ]


def judge_grid(case, outcome, expected):
    """The rows may stand in any order. Places are told as shares of the box, which do not depend on the draw."""
    value, (lows, highs, n) = outcome.value, case.args.values()
    if fault := unlike(value, expected.value):
        return fault
    shares = np.round((value - lows) / (highs - lows), 6) + 0.0
    for axis, column in enumerate(shares.T):
        places = np.unique(column)
        if places[0] < 0 or places[-1] > 1:
            return f"Column {axis} leaves the box: it goes from lows[{axis}] to highs[{axis}]."
        if len(places) != n:
            return f"Column {axis} holds {len(places)} different values where {n} are asked for."
        if not np.allclose(places, np.linspace(0, 1, n), atol=2e-6):
            said = ", ".join(f"{place:.3g}" for place in places)
            return f"The values in column {axis} stand at the wrong places: in shares of the axis at {said}."
    if len(np.unique(shares, axis=0)) != len(shares):
        return "Each column has the right values, but some combinations occur twice and others are missing."
    return None


@exercise(
    "search.grid",
    lesson="01",
    title="All points of a grid",
    section="Try everything",
    points=2,
    cases=grid_cases,
    judge=judge_grid,
    hints=(
        "First one axis alone: n values from low to high, both ends among them. Then think of a combination lock: how "
        "many settings have d wheels with n digits each?",
        "np.linspace(low, high, n) makes one axis. You need every combination of one value from each axis: "
        "itertools.product makes them one by one, np.meshgrid all at once, as one box of values for each axis.",
        "axes = [np.linspace(a, b, n) for a, b in zip(lows, highs)]. Then np.array(list(itertools.product(*axes))), or "
        "ravel() each array of np.meshgrid(*axes) and np.stack them with axis=1.",
    ),
)
def grid(lows, highs, n):
    """All points of a grid with n values on each axis, evenly spaced, both ends included.

    lows, highs: arrays (d,), the ends of each axis, lows < highs. n: how many values an axis, n >= 2.

    Returns the points as the rows of an array (n**d, d), each once, in any order.
    """
    axes = [np.linspace(low, high, n) for low, high in zip(lows, highs)]
    return np.stack([mesh.ravel() for mesh in np.meshgrid(*axes)], axis=1)


@grid.style
def grid_by_product(lows, highs, n):
    axes = [np.linspace(low, high, n) for low, high in zip(lows, highs)]
    return np.array(list(product(*axes)))


@grid.style
def grid_by_digits(lows, highs, n):
    d = len(lows)
    rows = []
    for t in range(n**d):
        rows.append([lows[j] + (t // n**j % n) * (highs[j] - lows[j]) / (n - 1) for j in range(d)])
    return np.array(rows)


@grid.style
def grid_by_indices(lows, highs, n):
    share = np.indices((n,) * len(lows)).reshape(len(lows), -1).T / (n - 1)
    return lows + share * (highs - lows)


@grid.mistake(
    "You pair the axes: the first value of each, then the second of each. That is the diagonal of the box, n points. A "
    "grid holds every combination: itertools.product, not zip."
)
def pairs_the_axes(lows, highs, n):
    return np.linspace(lows, highs, n)


@grid.mistake(
    "The upper end of each axis is missing: you cut the axis into n steps and never take the last one. n values that "
    "include both ends have n - 1 gaps between them."
)
def upper_end_missing(lows, highs, n):
    axes = [np.linspace(low, high, n, endpoint=False) for low, high in zip(lows, highs)]
    return np.array(list(product(*axes)))


@grid.mistake(
    "You make n steps and take both ends, which gives n + 1 values an axis. Between n values there are n - 1 gaps."
)
def one_value_too_many(lows, highs, n):
    return grid.reference(lows, highs, n + 1)


@grid.mistake("Your values are the middles of n cells. The ends belong to this grid: the best value often sits there.")
def middles_of_cells(lows, highs, n):
    half = (highs - lows) / (2 * n)
    return grid.reference(lows + half, highs - half, n)


@grid.mistake("Both ends are missing: you divide the inside of each axis only. The first value is low, the last high.")
def inside_only(lows, highs, n):
    gap = (highs - lows) / (n + 1)
    return grid.reference(lows + gap, highs - gap, n)


@grid.mistake("Every axis goes from lows[0] to highs[0]: take the ends of each axis from its own entries.")
def first_axis_for_all(lows, highs, n):
    return grid.reference(np.full_like(lows, lows[0]), np.full_like(highs, highs[0]), n)


@grid.mistake("Your grid covers the box from 0 to 1 whatever the ends are: stretch each axis from its low to its high.")
def unit_box(lows, highs, n):
    return grid.reference(np.zeros_like(lows), np.ones_like(highs), n)


@grid.mistake(
    "You move one axis at a time and leave the others at their low ends: n * d points, a cross and no grid. Take every "
    "combination, which makes n ** d."
)
def one_axis_at_a_time(lows, highs, n):
    rows = []
    for j in range(len(lows)):
        for value in np.linspace(lows[j], highs[j], n):
            rows.append([value if i == j else lows[i] for i in range(len(lows))])
    return np.array(rows)


@grid.mistake(
    "There are enough rows, but they all lie on the diagonal: the axes move together, so each point stands there many "
    "times. They have to move independently."
)
def repeats_the_diagonal(lows, highs, n):
    return np.tile(np.linspace(lows, highs, n), (n ** (len(lows) - 1), 1))


@grid.mistake("Rows and columns are exchanged: a point is a row, so the shape is (n**d, d). Transpose with .T.")
def points_as_columns(lows, highs, n):
    return grid.reference(lows, highs, n).T


@grid.mistake(
    "You reshape the stacked arrays of np.meshgrid to d columns. That cuts them in rows as they lie in memory, and "
    "mixes the axes: ravel() each array, and np.stack them with axis=1."
)
def meshes_reshaped(lows, highs, n):
    axes = [np.linspace(low, high, n) for low, high in zip(lows, highs)]
    return np.array(np.meshgrid(*axes)).reshape(-1, len(lows))


@grid.mistake(
    "You write one loop for each of two axes, so more axes are left out, and for one there is nothing to loop over. "
    "itertools.product(*axes) takes as many as there are."
)
def two_axes_only(lows, highs, n):
    return np.array(list(product(np.linspace(lows[0], highs[0], n), np.linspace(lows[1], highs[1], n))))


@grid.mistake(
    "You return the arrays of np.meshgrid as they are, one box of values for each axis. Flatten each with ravel() and "
    "stack them as columns."
)
def meshes_not_flattened(lows, highs, n):
    return np.array(np.meshgrid(*[np.linspace(a, b, n) for a, b in zip(lows, highs)]))


# ---------------------------------------------------------------------------------------- search.grid_search


def grid_search_cases(rng):
    def known(shape, spoil=lambda values: None, low=1.0):
        axes = [np.sort(rng.uniform(-9, 9, size)) for size in shape]
        values = np.round(rng.uniform(low, low + 8, shape), 3)
        spoil(values)
        return {"f": Given("lookup", {"axes": axes, "values": values}), "axes": axes}

    def holed(values):
        values[1, 2] = values[3, 1] = np.nan
        values[2, 1] = 0.5

    def tied(values):
        values[1, 0] = values[0, 2] = values[2, 3] = 0.25

    def cornered(values):
        values[-1, -1, -1] = 0.125

    surface = [np.sort(rng.uniform(-4, 4, 4)), np.sort(rng.uniform(-4, 4, 3))]
    return [
        Case({"f": Given("himmelblau"), "axes": surface}, "Himmelblau's function on 4 by 3 values"),
        Case(known((2, 3, 4), cornered), "three axes of 2, 3 and 4 values, the best in the last corner"),
        Case(known((3, 2), low=-20.0), "values below zero"),
        Case(known((5,)), "a single axis"),
        Case(known((4, 3), holed), "f is NaN at two points in the middle", "nan"),
        Case(known((3, 5), lambda v: v.__setitem__((0, 0), np.nan)), "f is NaN at the first point", "nan"),
        Case(known((3, 4), tied), "the smallest value occurs three times", "ties"),
        Case(known((2, 2), lambda v: v.fill(3.5)), "all values are equal", "ties"),
    ]


@exercise(
    "search.grid_search",
    lesson="01",
    title="Try every combination",
    section="Try everything",
    points=3,
    cases=grid_search_cases,
    frugal=True,
    fresh=True,
    parts=(
        Part("correct", 0.6, "finds the best point and fills the table"),
        Part("nan", 0.2, "a NaN never wins"),
        Part("ties", 0.2, "of equals the first wins"),
    ),
    hints=(
        "Two things are kept while you go through all combinations: a table with a place for each of them, and the "
        "best so far. What must the best so far be before the first value is known?",
        "np.ndindex(*shape) goes through all indices of a table in order. At each index build the point from the axes, "
        "ask f once, note the value, and compare it with the best so far.",
        "Start with best = inf. For index in np.ndindex(shape): x = np.array([axis[i] for axis, i in zip(axes, "
        "index)]); table[index] = value = f(x); if value < best: keep both. A NaN is never smaller than anything.",
    ),
)
def grid_search(f, axes):
    """Ask f at every combination of one value from each axis, and keep the best.

    f: a function of a point, array (d,), to a number; it may be NaN, which never wins, but not everywhere.
    axes: a list of d arrays, the values to try on each axis; they may have different lengths.

    Returns (x, value, table): the point with the smallest value, array (d,); that value; and all values, an array with
    one axis for each of axes. Of equal values the first in the order of the table (last axis fastest) wins. f is
    called once for each combination.
    """
    shape = tuple(len(axis) for axis in axes)
    table, best, where = np.empty(shape), np.inf, None
    for index in np.ndindex(shape):
        x = np.array([axis[i] for axis, i in zip(axes, index)])
        table[index] = f(x)
        if table[index] < best:
            best, where = table[index], x
    return where, best, table


@grid_search.style
def search_by_product(f, axes):
    points = [np.array(point) for point in product(*axes)]
    values = np.array([f(point) for point in points])
    best = np.nanargmin(values)
    return points[best], values[best], values.reshape([len(axis) for axis in axes])


@grid_search.style
def search_by_meshgrid(f, axes):
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    table = np.apply_along_axis(f, -1, points)
    place = np.unravel_index(np.argmin(np.where(np.isnan(table), np.inf, table)), table.shape)
    return points[place].copy(), float(table[place]), table


@grid_search.style
def search_in_a_flat_list(f, axes):
    values, best = [], (np.inf, None)
    for point in product(*axes):
        values.append(f(np.array(point)))
        if values[-1] < best[0]:
            best = values[-1], np.array(point)
    return [best[1], best[0], np.array(values).reshape(tuple(map(len, axes)))]


def searched(better=lambda value, best: value < best, start=np.inf, dtype=float, skip=0):
    """The reference with one thing changed; a building block of the zoo."""

    def search(f, axes):
        shape = tuple(len(axis) for axis in axes)
        table, best, where = np.zeros(shape, dtype), start, None
        for index in np.ndindex(*(max(1, size - skip) for size in shape)):
            x = np.array([axis[i] for axis, i in zip(axes, index)])
            value = f(x)
            table[index] = value if dtype is float or not np.isnan(value) else 0
            if better(value, best):
                best, where = value, x
        return where, best, table

    return search


@grid_search.mistake("You keep the largest value. This course minimizes: the best is the smallest.")
def keeps_the_largest(f, axes):
    return searched(lambda value, best: value > best, -np.inf)(f, axes)


@grid_search.mistake(
    "Your best so far starts at 0, so where all values are positive nothing ever beats it. Start at infinity: np.inf."
)
def starts_at_zero(f, axes):
    return searched(start=0.0)(f, axes)


@grid_search.mistake("Of equal values your last one wins, since you compare with <=. The first wins with <.")
def last_of_equals(f, axes):
    return searched(lambda value, best: value <= best)(f, axes)


@grid_search.mistake(
    "A NaN wins: np.argmin takes a NaN for the smallest value of all. Use np.nanargmin, or compare with <, which a NaN "
    "never passes."
)
def argmin_takes_nan(f, axes):
    points = [np.array(point) for point in product(*axes)]
    values = np.array([f(point) for point in points])
    best = np.argmin(values)
    return points[best], values[best], values.reshape([len(axis) for axis in axes])


@grid_search.mistake(
    "A NaN wins: `not value >= best` is true for a NaN, since each comparison with it is false. Ask `value < best`."
)
def negated_comparison(f, axes):
    return searched(lambda value, best: not value >= best)(f, axes)


@grid_search.mistake(
    "`not value > best` is true for a NaN, which then wins, and for an equal value too, so the last of equals wins. "
    "Ask `value < best`."
)
def negated_comparison_of_equals(f, axes):
    return searched(lambda value, best: not value > best)(f, axes)


@grid_search.mistake(
    "You put infinity in the place of NaN to find the smallest, and return the table in that state. The table shows "
    "what f said, NaN included: change a copy, or use np.nanargmin."
)
def table_without_nan(f, axes):
    x, value, table = grid_search.reference(f, axes)
    return x, value, np.where(np.isnan(table), np.inf, table)


@grid_search.mistake(
    "Your table has its first two axes exchanged: np.meshgrid does so unless told otherwise. np.meshgrid(*axes, "
    "indexing='ij') keeps their order."
)
def meshgrid_turns_the_table(f, axes):
    meshes = np.meshgrid(*axes)
    points = np.stack([mesh.ravel() for mesh in meshes], axis=1)
    values = np.array([f(point) for point in points])
    best = np.nanargmin(values)
    return points[best].copy(), values[best], values.reshape(meshes[0].shape)


@grid_search.mistake(
    "Your best point is the last one: you fill one array again and again, and what you keep is that same array. Make "
    "a new array for each point, or keep a copy."
)
def one_array_for_all_points(f, axes):
    shape = tuple(len(axis) for axis in axes)
    table, best, x = np.empty(shape), np.inf, np.zeros(len(axes))
    for index in np.ndindex(shape):
        x[:] = [axis[i] for axis, i in zip(axes, index)]
        table[index] = f(x)
        best = table[index] if table[index] < best else best
    return x, best, table


@grid_search.mistake(
    "You start from the value of the first point. If that is NaN, nothing is smaller than it and it stays. Start from "
    "np.inf."
)
def starts_at_the_first_value(f, axes):
    points = [np.array(point) for point in product(*axes)]
    values = [f(point) for point in points]
    best = 0
    for i, value in enumerate(values):
        if value < values[best]:
            best = i
    return points[best], values[best], np.reshape(values, [len(axis) for axis in axes])


@grid_search.mistake(
    "You improve one axis at a time, with the others fixed. The best combination can lie elsewhere: try them all."
)
def one_axis_after_the_other(f, axes):
    table, at = np.full([len(axis) for axis in axes], np.nan), [0] * len(axes)
    for j, axis in enumerate(axes):
        for i in range(len(axis)):
            at[j] = i
            table[tuple(at)] = f(np.array([a[k] for a, k in zip(axes, at)]))
        line = table[tuple(slice(None) if k == j else at[k] for k in range(len(axes)))]
        at[j] = int(np.argmin(np.where(np.isnan(line), np.inf, line)))
    return np.array([a[k] for a, k in zip(axes, at)]), table[tuple(at)], table


@grid_search.mistake(
    "You go through the axes with zip, so only the diagonal of the grid is tried, as far as the shortest axis goes. "
    "Every combination: np.ndindex or itertools.product."
)
def diagonal_only(f, axes):
    table, best, where = np.zeros([len(axis) for axis in axes]), np.inf, None
    for i, point in enumerate(zip(*axes)):
        table[(i,) * len(axes)] = value = f(np.array(point))
        if value < best:
            best, where = value, np.array(point)
    return where, best, table


@grid_search.mistake(
    "The last value of each axis is never tried: range(len(axis) - 1) ends too soon. range(len(axis)) has all of them."
)
def last_values_skipped(f, axes):
    return searched(skip=1)(f, axes)


@grid_search.mistake(
    "Your table holds whole numbers, so each value loses its digits after the point. Make it with np.empty(shape), "
    "without dtype=int."
)
def whole_number_table(f, axes):
    return searched(dtype=int)(f, axes)


@grid_search.mistake("Your table is transposed: its first axis belongs to axes[0], its second to axes[1], and so on.")
def table_transposed(f, axes):
    x, value, table = grid_search.reference(f, axes)
    return x, value, table.T.copy()


@grid_search.mistake("Your table is one long list of values. Give it an axis for each of axes: reshape it.")
def table_flat(f, axes):
    x, value, table = grid_search.reference(f, axes)
    return x, value, table.ravel().copy()


@grid_search.mistake(
    "You return the index of the best point in the table. What is asked for is the point itself: the values of the "
    "axes at that index."
)
def index_for_point(f, axes):
    _, value, table = grid_search.reference(f, axes)
    return np.array(np.unravel_index(np.nanargmin(table), table.shape)), value, table


@grid_search.mistake(
    "You ask f twice: once to compare, once to keep. When one value is a training run of an hour that is an hour lost "
    "each time. Put value = f(x) into a variable."
)
def asks_twice(f, axes):
    shape = tuple(len(axis) for axis in axes)
    table, best, where = np.empty(shape), np.inf, None
    for index in np.ndindex(shape):
        x = np.array([axis[i] for axis, i in zip(axes, index)])
        table[index] = f(x)
        if f(x) < best:
            best, where = f(x), x
    return where, best, table


# -------------------------------------------------------------------------------------- search.random_search

DRAWS = 400
SPREAD = 0.16  # how far the shares of 400 draws may be from even. By the inequality of Dvoretzky, Kiefer and Wolfowitz
# a right answer is farther off with probability 2 exp(-2 * 400 * 0.16**2) = 2.6e-9 an axis and call, of which there
# are 14: less than once in twenty million.
TOGETHER = 0.4  # the correlation of two axes: 8 standard deviations of 1/sqrt(400), less than once in 10^14


def random_search_cases(rng):
    def case(d, log, about, part, n=DRAWS):
        lows = rng.uniform(0.01, 0.03, d)
        lows[list(log)] = 10 ** rng.uniform(-5, -4, len(log))
        highs = lows + rng.uniform(2, 3, d)
        highs[list(log)] = rng.uniform(0.5, 0.9, len(log))
        A = rng.normal(0, 1, (d, d))
        f = Given("quadratic", {"A": A @ A.T + np.eye(d), "b": rng.normal(0, 1, d)})
        args = {"f": f, "lows": lows, "highs": highs, "n": n, "rng": Given("rng", {"seed": int(rng.integers(10**9))})}
        return Case(args | {"log": log}, about, part, probe="tried")

    return [
        case(2, (), "two plain axes, called twice with one rng", "plain"),
        case(3, (1,), "three axes, the middle one logarithmic", "log"),
        case(2, (0, 1), "two logarithmic axes", "log"),
        case(2, (), "sixty draws", "plain", n=60),
    ]


def judge_random_search(case, outcome, expected):
    """Draws are free; what was asked of f, how the points are spread, and what was made of the values is not."""
    records, model = outcome.value, expected.value[0][0]
    if not isinstance(records, list):
        return unlike(records, expected.value)
    for record in records:
        record = record if isinstance(record, list) else [record]
        if fault := unlike(record[0], model, lists=True) or fault_of_record(record, **case.args):
            return fault
    if np.array_equal(records[0][1], records[1][1]):
        return "Two calls with one rng try the same points: draw from the rng that is given, and make no new one."
    return None


def fault_of_record(record, lows, highs, n, log, **_):
    """What is wrong with one run: ``[answer, points, values]``."""
    (x, value, history), points, values = record if len(record) == 3 else (record[0], np.zeros((0, 1)), ())
    if len(points) != n:
        return f"f was asked for {len(points)} points where {n} are asked for."
    if not np.all((points >= lows * (1 - 1e-12)) & (points <= highs * (1 + 1e-12))):
        return "Some points lie outside the box." + " Some numbers are negative." * bool((points < 0).any())
    for j in range(len(lows)):
        if n >= DRAWS and (fault := fault_of_spread(points[:, j], lows[j], highs[j], j, j in log)):
            return fault
    if n >= DRAWS and abs(np.corrcoef(np.log(points[:, 0]), np.log(points[:, 1]))[0, 1]) > TOGETHER:
        return "The coordinates are not drawn independently: where one is large, so is the other."
    return fault_of_answer(x, value, history, points, values)


def fault_of_spread(column, low, high, axis, log):
    """Whether one coordinate is spread evenly, or evenly in its logarithm where that is asked for."""
    even = uneven((column - low) / (high - low)) < SPREAD
    logarithmic = uneven(np.log(column / low) / np.log(high / low)) < SPREAD
    if log and not logarithmic:
        return f"Axis {axis} is asked for on a logarithmic scale and drawn " + ("evenly." if even else "otherwise.")
    if not log and not even:
        return f"Axis {axis} is not drawn evenly between its ends."
    return None


def uneven(shares):
    """The largest distance of the shares' distribution function from that of even draws (Kolmogorov)."""
    shares, n = np.sort(shares), len(shares)
    steps = np.arange(n + 1) / n
    return max(np.max(steps[1:] - shares), np.max(shares - steps[:-1]))


def fault_of_answer(x, value, history, points, values):
    """Whether point, value and history are those of the draws."""
    best = np.minimum.accumulate(values)
    if np.array_equal(history, values):
        return "The history holds each value as it came, not the best so far."
    if not np.allclose(history, best):
        return "The history is not the smallest value so far."
    if not np.isclose(value, best[-1]):
        return "The value returned is not the smallest one that was found."
    if not np.allclose(x, points[np.argmin(values)]):
        return "The point returned is not the one with the smallest value."
    return None


@exercise(
    "search.random_search",
    lesson="01",
    title="Search at random",
    section="Choosing at random",
    points=3,
    cases=random_search_cases,
    judge=judge_random_search,
    parts=(
        Part("plain", 0.6, "draws evenly, keeps the best and its history"),
        Part("log", 0.4, "draws logarithmic axes evenly in the logarithm"),
    ),
    hints=(
        "Draw a point in the box, ask f, remember the best; n times. For a logarithmic axis: of which quantity should "
        "every value be equally likely?",
        "rng.uniform(low, high) draws evenly. For a logarithmic axis draw the exponent evenly, between the logarithms "
        "of the two ends, and take the power. Each axis needs a draw of its own.",
        "For each axis j: np.exp(rng.uniform(np.log(lows[j]), np.log(highs[j]))) if j in log else rng.uniform(lows[j], "
        "highs[j]). After each value append the smallest so far to the history.",
    ),
)
def random_search(f, lows, highs, n, rng, log=()):
    """Ask f at n points drawn at random from a box, and keep the best.

    f: a function of a point, array (d,), to a number. lows, highs: arrays (d,), the box. n: how many points, n >= 1.
    rng: a numpy.random.Generator. log: the numbers of the axes, a tuple, whose logarithm is drawn evenly between the
    logarithms of the ends; their ends are positive. All others are drawn evenly.

    Returns (x, value, history): the best point, array (d,); its value; and the smallest value after 1, 2, ..., n
    points, array (n,). Changes nothing it is given.
    """
    best, where, history = np.inf, None, []
    for _ in range(n):
        x = np.array([
            np.exp(rng.uniform(np.log(low), np.log(high))) if j in log else rng.uniform(low, high)
            for j, (low, high) in enumerate(zip(lows, highs))
        ])  # fmt: skip
        value = f(x)
        if value < best:
            best, where = value, x
        history.append(best)
    return where, best, np.array(history)


@random_search.style
def random_all_at_once(f, lows, highs, n, rng, log=()):
    scale = np.isin(np.arange(len(lows)), log)
    a, b = np.where(scale, np.log(lows), lows), np.where(scale, np.log(highs), highs)
    points = rng.uniform(a, b, (n, len(lows)))
    points = np.where(scale, np.exp(points), points)
    values = f(points)
    return points[values.argmin()], values.min(), np.minimum.accumulate(values)


@random_search.style
def random_by_powers_of_ten(f, lows, highs, n, rng, log=()):
    values, points = [], []
    for _ in range(n):
        x = lows + (highs - lows) * rng.random(len(lows))
        for j in log:
            x[j] = lows[j] * (highs[j] / lows[j]) ** rng.random()
        points.append(x)
        values.append(f(x))
    i = int(np.argmin(values))
    return points[i], float(values[i]), [min(values[: t + 1]) for t in range(n)]


def drawn(point, n_of=lambda n: n, finish=None, better=lambda value, best: value < best, start=np.inf):
    """A random search with one thing changed; a building block of the zoo. ``point(lows, highs, rng, log)`` draws."""

    def search(f, lows, highs, n, rng, log=()):
        best, where, values, history = start, None, [], []
        for _ in range(n_of(n)):
            x = point(lows, highs, rng, log)
            values.append(f(x))
            if better(values[-1], best):
                best, where = values[-1], x
            history.append(best)
        end = {"x": where, "value": best, "history": np.array(history), "values": np.array(values), "last": x}
        return finish(**end) if finish else (where, best, np.array(history))

    return search


def right_point(lows, highs, rng, log):
    x = rng.uniform(lows, highs)
    for j in log:
        x[j] = np.exp(rng.uniform(np.log(lows[j]), np.log(highs[j])))
    return x


@random_search.mistake(
    "You draw the logarithmic axes evenly. Between 0.00001 and 1 nine draws of ten then lie above 0.1, and the small "
    "values are hardly tried: draw the logarithm evenly."
)
def even_where_log_is_asked(f, lows, highs, n, rng, log=()):
    return drawn(lambda lows, highs, rng, log: rng.uniform(lows, highs))(f, lows, highs, n, rng, log)


@random_search.mistake("You draw every axis on a logarithmic scale. Only those whose numbers stand in log are.")
def log_everywhere(f, lows, highs, n, rng, log=()):
    return drawn(lambda a, b, rng, log: np.exp(rng.uniform(np.log(a), np.log(b))))(f, lows, highs, n, rng, log)


def exponents(lows, highs, rng, log):
    x = right_point(lows, highs, rng, log)
    x[list(log)] = np.log(x[list(log)])
    return x


@random_search.mistake(
    "On the logarithmic axes you hand the exponent itself to f. Take the power before you ask: np.exp of what was "
    "drawn between the logarithms."
)
def exponent_not_undone(f, lows, highs, n, rng, log=()):
    return drawn(exponents)(f, lows, highs, n, rng, log)


def two_bases(lows, highs, rng, log):
    x = rng.uniform(lows, highs)
    for j in log:
        x[j] = np.exp(rng.uniform(np.log10(lows[j]), np.log10(highs[j])))
    return x


@random_search.mistake(
    "You take logarithms to the base 10 (np.log10) and undo them with np.exp, whose base is e. Either np.log and "
    "np.exp, or np.log10 and 10 ** what was drawn."
)
def logarithms_of_two_bases(f, lows, highs, n, rng, log=()):
    return drawn(two_bases)(f, lows, highs, n, rng, log)


@random_search.mistake("You return the last point that was tried, with its value. Return the best one.")
def returns_the_last(f, lows, highs, n, rng, log=()):
    def last(last, values, history, **_):
        return last, values[-1], history

    return drawn(right_point, finish=last)(f, lows, highs, n, rng, log)


@random_search.mistake("The value is the best one, but the point is the last one tried. Keep the two together.")
def best_value_last_point(f, lows, highs, n, rng, log=()):
    return drawn(right_point, finish=lambda last, value, history, **_: (last, value, history))(
        f, lows, highs, n, rng, log
    )


@random_search.mistake(
    "Your history holds the values as they came. Asked for is the smallest so far, which never rises: "
    "np.minimum.accumulate makes one of the other."
)
def history_of_raw_values(f, lows, highs, n, rng, log=()):
    return drawn(right_point, finish=lambda x, value, values, **_: (x, value, values))(f, lows, highs, n, rng, log)


@random_search.mistake(
    "You make a generator of your own inside, so each call tries the same points, and the rng that is given is not "
    "used. Draw from rng."
)
def generator_of_its_own(f, lows, highs, n, rng, log=()):
    return drawn(right_point)(f, lows, highs, n, np.random.default_rng(0), log)


@random_search.mistake("You draw with np.random, the generator that all programs share. Draw from the rng given.")
def global_generator(f, lows, highs, n, rng, log=()):
    return drawn(right_point)(f, lows, highs, n, np.random, log)


@random_search.mistake("One point is missing: you ask f for n - 1 of them. Count your loop again.")
def one_point_short(f, lows, highs, n, rng, log=()):
    def longer(x, value, history, **_):
        return x, value, np.append(history, history[-1:])

    return drawn(right_point, lambda n: n - 1, longer)(f, lows, highs, n, rng, log)


def same_share(lows, highs, rng, log):
    share = rng.random()
    x = lows + share * (highs - lows)
    for j in log:
        x[j] = lows[j] * (highs[j] / lows[j]) ** share
    return x


@random_search.mistake(
    "One random number serves all axes, so your points lie on a line through the box. Draw one for each axis."
)
def one_number_for_all_axes(f, lows, highs, n, rng, log=()):
    return drawn(same_share)(f, lows, highs, n, rng, log)


@random_search.mistake("You keep the largest value of the draws. The best is the smallest here: compare with <.")
def random_maximum(f, lows, highs, n, rng, log=()):
    return drawn(right_point, better=lambda value, best: value > best, start=-np.inf)(f, lows, highs, n, rng, log)


@random_search.mistake(
    "You ask f again for what you know already (to compare, to keep, to note). A value can cost an hour: ask once a "
    "point and keep it in a variable."
)
def asks_again(f, lows, highs, n, rng, log=()):
    def twice(x):
        f(x)
        return f(x)

    return random_search.reference(twice, lows, highs, n, rng, log)


@random_search.mistake(
    "You write the logarithms into lows and highs themselves, so the caller's box is spoiled. Work on copies."
)
def logarithms_in_place(f, lows, highs, n, rng, log=()):
    lows[list(log)], highs[list(log)] = np.log(lows[list(log)]), np.log(highs[list(log)])
    values, points = [], []
    for _ in range(n):
        x = rng.uniform(np.minimum(lows, highs), np.maximum(lows, highs))
        x[list(log)] = np.exp(x[list(log)])
        points.append(x)
        values.append(f(x))
    i = int(np.argmin(values))
    return points[i], values[i], np.minimum.accumulate(values)


# -------------------------------------------------------------------------------------------- search.inertia


def grouped(rng, sizes, d):
    """Points (n, d) in groups of these sizes, in no order, with labels 0, 1, ... that are not the nearest center's."""
    labels = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    return rng.normal(0, 1, (len(labels), d)) + rng.uniform(-2, 2, (len(sizes), d))[labels], labels


def inertia_cases(rng):
    def given(sizes, d, k=None):
        X, labels = grouped(rng, sizes, d)
        return {"X": X, "centers": rng.normal(0, 2, (k or len(sizes), d)), "labels": labels}

    whole = {"X": rng.integers(-9, 10, (6, 2)), "centers": rng.integers(-9, 10, (2, 2)) + 0.5}
    return [
        Case(given((5, 3, 7), 2), "fifteen points, three centers"),
        Case(given((4, 6), 3), "two centers in three dimensions"),
        Case(given((9,), 2), "a single center"),
        Case(given((3, 4), 1, 4), "one dimension; two of four centers have no points"),
        Case(whole | {"labels": np.array([0, 1, 1, 0, 1, 1])}, "whole numbers"),
    ]


@exercise(
    "search.inertia",
    lesson="01",
    title="How tight is a grouping?",
    section="How many clusters?",
    points=1,
    cases=inertia_cases,
    quiet=True,
    hints=(
        "Each point has one center: its own. What does `centers[labels]` hold?",
        "centers[labels] is an array (n, d): in row i the center of point i. Take the differences, square, add up.",
        "np.sum((X - centers[labels]) ** 2): all coordinates of all points, no mean and no root.",
    ),
)
def inertia(X, centers, labels):
    """The inertia of a grouping: the sum of the squared distances of all points to their own centers.

    X: array (n, d), the points. centers: array (k, d). labels: array (n,) of whole numbers 0 to k - 1, the number of
    the center that each point belongs to, whether it is the nearest or not. A center may have no points.

    Returns a number.
    """
    return np.sum((X - centers[labels]) ** 2)


@inertia.style
def inertia_point_by_point(X, centers, labels):
    total = 0.0
    for x, label in zip(X, labels):
        total += float((x - centers[label]) @ (x - centers[label]))
    return total


@inertia.style
def inertia_by_norms(X, centers, labels):
    return sum(np.linalg.norm(X[labels == j] - centers[j]) ** 2 for j in range(len(centers)))


@inertia.mistake("You take the mean of the squared distances. Inertia is their sum: it grows with every point.")
def mean_of_squares(X, centers, labels):
    return np.mean(np.sum((X - centers[labels]) ** 2, axis=1))


@inertia.mistake("You take the mean over coordinates too (np.mean of the whole array). Inertia is a sum throughout.")
def mean_of_everything(X, centers, labels):
    return np.mean((X - centers[labels]) ** 2)


@inertia.mistake("You add up distances. Inertia adds up their squares, so leave the root away.")
def distance_not_squared(X, centers, labels):
    return np.sum(np.linalg.norm(X - centers[labels], axis=1))


@inertia.mistake("You take the root of the sum at the end. Inertia is the sum of the squares itself.")
def root_of_the_sum(X, centers, labels):
    return np.sqrt(np.sum((X - centers[labels]) ** 2))


@inertia.mistake(
    "You measure to the mean of all data. That is the spread of the data; inertia measures from each point to the "
    "center of its own cluster."
)
def global_center(X, centers, labels):
    return np.sum((X - X.mean(axis=0)) ** 2)


@inertia.mistake("You measure to the nearest center and pay no attention to the labels, which say whose point it is.")
def nearest_center(X, centers, labels):
    return np.sum(np.min(np.sum((X[:, None] - centers) ** 2, axis=-1), axis=1))


@inertia.mistake("You add up the distances of every point to every center. Each point counts once, with its own.")
def every_center(X, centers, labels):
    return np.sum((X[:, None] - centers) ** 2)


@inertia.mistake("You compute the means of the clusters anew. The centers are given: measure to those.")
def recomputed_centers(X, centers, labels):
    return sum(np.sum((X[labels == j] - X[labels == j].mean(axis=0)) ** 2) for j in np.unique(labels))


@inertia.mistake("You add up absolute differences. Inertia squares each difference before it adds.")
def absolute_differences(X, centers, labels):
    return np.sum(np.abs(X - centers[labels]))


# ----------------------------------------------------------------------------------------- search.silhouette


def silhouette_cases(rng):
    def given(sizes, d, names):
        X, labels = grouped(rng, sizes, d)
        return {"X": X, "labels": np.array(names)[labels]}

    return [
        Case(given((5, 3, 7), 2, (0, 1, 2)), "three clusters in the plane", "together"),
        Case(given((4, 6), 3, (1, 0)), "two clusters in space", "together"),
        Case(given((3, 5, 4), 2, (7, -2, 3)), "labels 7, -2 and 3", "together"),
        Case(given((2, 2, 3, 9), 1, (0, 1, 2, 3)), "four clusters on a line", "together"),
        Case(given((1, 5, 4), 2, (0, 1, 2)), "a point alone in its cluster", "alone"),
        Case(given((1, 1, 6), 3, (2, 0, 1)), "two points alone in their clusters", "alone"),
    ]


@exercise(
    "search.silhouette",
    lesson="01",
    title="The silhouette of a grouping",
    section="How many clusters?",
    points=3,
    starred=True,
    cases=silhouette_cases,
    parts=(
        Part("together", 0.75, "compares the own cluster with the next one"),
        Part("alone", 0.25, "a point alone in its cluster counts 0"),
    ),
    hints=(
        "Take one point. How far is it on average from the others of its cluster? And from the points of each other "
        "cluster: which of these averages is the smallest?",
        "You need all distances, an array (n, n). For a: the row of a point, over its own cluster, divided by one less "
        "than the cluster holds, since its distance to itself is no distance. For b: the smallest of the means.",
        "a = D[i, own].sum() / (own.sum() - 1); b = min(D[i, labels == other].mean() for other in np.unique(labels) "
        "if other != labels[i]); s = (b - a) / max(a, b), and s = 0 where own.sum() == 1. Return the mean of all s.",
    ),
)
def silhouette(X, labels):
    """The silhouette of a grouping: the mean over all points of s = (b - a) / max(a, b).

    For a point, a is the mean distance (Euclid) to the other points of its cluster, and b the mean distance to the
    points of another cluster, of that one where it is smallest. A point alone in its cluster has s = 0.

    X: array (n, d), no two points equal. labels: array (n,) of whole numbers, any ones, at least two different.

    Returns a number between -1 and 1.
    """
    D = np.linalg.norm(X[:, None] - X, axis=-1)
    scores = []
    for i, label in enumerate(labels):
        own = labels == label
        a = D[i, own].sum() / max(own.sum() - 1, 1)
        b = min(D[i, labels == other].mean() for other in np.unique(labels) if other != label)
        scores.append((b - a) / max(a, b) if own.sum() > 1 else 0.0)
    return np.mean(scores)


@silhouette.style
def silhouette_with_matrices(X, labels):
    names, own = np.unique(labels, return_inverse=True)
    member = np.eye(len(names))[own]
    D = np.sqrt(((X[:, None] - X) ** 2).sum(axis=-1))
    size = member.sum(axis=0)
    a = (D @ member)[np.arange(len(X)), own] / np.maximum(size[own] - 1, 1)
    b = np.where(member > 0, np.inf, D @ member / size).min(axis=1)
    return float(np.where(size[own] > 1, (b - a) / np.maximum(a, b), 0).mean())


@silhouette.style
def silhouette_point_by_point(X, labels):
    total = 0.0
    for i in range(len(X)):
        means = {}
        for name in set(labels.tolist()):
            far = [np.sqrt(np.sum((X[i] - X[j]) ** 2)) for j in range(len(X)) if labels[j] == name and j != i]
            means[name] = sum(far) / len(far) if far else None
        a = means.pop(int(labels[i]))
        b = min(means.values())
        total += 0 if a is None else (b - a) / max(a, b)
    return total / len(X)


def scored(own_mean=None, other=min, far=None, s=lambda a, b: (b - a) / max(a, b), alone=0.0, end=np.mean):
    """A silhouette with one thing changed; a building block of the zoo."""

    def score(X, labels):
        D = np.linalg.norm(X[:, None] - X, axis=-1) if far is None else far(X)
        scores = []
        for i, label in enumerate(labels):
            own = labels == label
            a = (own_mean or right_mean)(D[i, own])
            b = other([D[i, labels == name].mean() for name in np.unique(labels) if name != label])
            scores.append(s(a, b) if own.sum() > 1 or alone is None else alone)
        return end(scores)

    return score


def right_mean(row):
    return row.sum() / max(len(row) - 1, 1)


@silhouette.mistake(
    "Your a counts the point itself, at distance 0, among its neighbors: it comes out too small, and the score too "
    "good. Divide by one less than the cluster holds. A lonely point then looks perfect: it counts 0."
)
def own_point_counted(X, labels):
    return scored(np.mean, alone=None)(X, labels)


@silhouette.mistake("Your a counts the point itself, at distance 0. Divide the sum by one less than the cluster holds.")
def own_point_counted_alone_right(X, labels):
    return scored(np.mean)(X, labels)


@silhouette.mistake("A point alone in its cluster gets 1 from you. It has nobody to be near to: by definition it is 0.")
def lonely_is_perfect(X, labels):
    return scored(alone=1.0)(X, labels)


@silhouette.mistake(
    "A point alone in its cluster turns your result into NaN: you divide by a count of others that is 0. It counts 0."
)
def lonely_is_nan(X, labels):
    return scored(alone=np.nan)(X, labels)


@silhouette.mistake("Points alone in their cluster are left out of your mean. They count, with s = 0.")
def lonely_left_out(X, labels):
    return scored(alone=np.nan, end=np.nanmean)(X, labels)


@silhouette.mistake(
    "Your b is the mean over all other clusters together. Only the nearest other cluster counts: the smallest of the "
    "means."
)
def all_others_together(X, labels):
    D = np.linalg.norm(X[:, None] - X, axis=-1)
    scores = []
    for i, label in enumerate(labels):
        own = labels == label
        a, b = right_mean(D[i, own]), D[i, ~own].mean()
        scores.append((b - a) / max(a, b) if own.sum() > 1 else 0.0)
    return np.mean(scores)


@silhouette.mistake("Your b is the largest of the means, the farthest cluster. The nearest one is the rival: min.")
def farthest_cluster(X, labels):
    return scored(other=max)(X, labels)


@silhouette.mistake("You average squared distances. The silhouette uses the distances themselves: take the root.")
def squared_distances(X, labels):
    return scored(far=lambda X: ((X[:, None] - X) ** 2).sum(axis=-1))(X, labels)


@silhouette.mistake(
    "You measure to the centers of the clusters. That is the simplified silhouette; here a and b are mean distances to "
    "the points."
)
def distances_to_centers(X, labels):
    names = np.unique(labels)
    far = {name: np.linalg.norm(X - X[labels == name].mean(axis=0), axis=1) for name in names}
    scores = []
    for i, label in enumerate(labels):
        a, b = far[label][i], min(far[name][i] for name in names if name != label)
        scores.append((b - a) / max(a, b) if (labels == label).sum() > 1 else 0.0)
    return np.mean(scores)


@silhouette.mistake(
    "You measure to the centers of the clusters, which is the simplified silhouette; here a and b are mean distances "
    "to the points. And a point alone in its cluster, at distance 0 from its own center, counts 0 and not 1."
)
def distances_to_centers_alone_too(X, labels):
    names = np.unique(labels)
    far = {name: np.linalg.norm(X - X[labels == name].mean(axis=0), axis=1) for name in names}
    scores = []
    for i, label in enumerate(labels):
        a, b = far[label][i], min(far[name][i] for name in names if name != label)
        scores.append((b - a) / max(a, b))
    return np.mean(scores)


@silhouette.mistake(
    "Your b is the distance to the nearest point of another cluster. Asked for is a mean over all points "
    "of a cluster, the smallest of these means."
)
def nearest_foreign_point(X, labels):
    D = np.linalg.norm(X[:, None] - X, axis=-1)
    scores = []
    for i, label in enumerate(labels):
        own = labels == label
        a, b = right_mean(D[i, own]), D[i, ~own].min()
        scores.append((b - a) / max(a, b) if own.sum() > 1 else 0.0)
    return np.mean(scores)


@silhouette.mistake("Your b is the mean of the other clusters' means. Only the nearest of them is the rival: min.")
def mean_of_the_others(X, labels):
    return scored(other=np.mean)(X, labels)


@silhouette.mistake(
    "You take the labels for 0, 1, 2, ... (range), and where they are other numbers you ask for clusters that have no "
    "points. np.unique(labels) tells which there are."
)
def labels_from_a_range(X, labels):
    D = np.linalg.norm(X[:, None] - X, axis=-1)
    scores = []
    for i, label in enumerate(labels):
        own = labels == label
        a = right_mean(D[i, own])
        means = [D[i, labels == k].sum() / max((labels == k).sum(), 1) for k in range(labels.max() + 1) if k != label]
        b = min(means) if np.isin(labels, range(labels.max() + 1)).all() else np.nan
        scores.append((b - a) / max(a, b) if own.sum() > 1 else 0.0)
    return np.mean(scores)


@silhouette.mistake("The sign is turned: (b - a), since a point is well placed when the others (b) are far.")
def silhouette_sign_turned(X, labels):
    return scored(s=lambda a, b: (a - b) / max(a, b))(X, labels)


@silhouette.mistake("You divide by a. The larger of a and b stands below, so that s stays between -1 and 1.")
def divided_by_a(X, labels):
    return scored(s=lambda a, b: (b - a) / a)(X, labels)


@silhouette.mistake(
    "You average the clusters' scores, so a small cluster counts as much as a large one. The mean is over all points."
)
def mean_over_clusters(X, labels):
    scores = scored(end=np.array)(X, labels)
    return np.mean([scores[labels == name].mean() for name in np.unique(labels)])


@silhouette.mistake("You return one number for each point. Asked for is their mean.")
def one_score_a_point(X, labels):
    return scored(end=np.array)(X, labels)


# --------------------------------------------------------------------------------------------- search.k_fold


def k_fold_cases(rng):
    def case(n, k, part, probe="once"):
        given = {"n": n, "k": k, "rng": Given("rng", {"seed": int(rng.integers(10**9))})}
        about = f"{n} examples, {k} folds" + (", called twice with one rng" if probe == "twice" else "")
        return Case(given, about, part, probe=probe)

    return [
        case(30, 5, "partition"),
        case(26, 4, "partition"),
        case(17, 3, "partition"),
        case(24, 4, "shuffled", "twice"),
        case(31, 3, "shuffled", "twice"),
    ]


def judge_k_fold(case, outcome, expected):
    """Which example falls into which fold is free. The same folds twice: by chance less than once in 10^12."""
    n, k, answers = case.args["n"], case.args["k"], [outcome.value]
    if case.probe == "twice":
        if not isinstance(outcome.value, list):
            return unlike(outcome.value, expected.value)
        answers = outcome.value
    for answer in answers:
        if fault := fault_of_folds(answer, n, k) or fault_of_shares([indices(pair) for pair in answer], n):
            return fault
    if len(answers) == 2 and all(len(set(np.diff(members(pair)))) <= 1 for pair in answers[0]):
        return "The folds are not shuffled: the examples of each stand in the data at equal distances."
    if len(answers) == 2 and set(map(members, answers[0])) == set(map(members, answers[1])):
        return "Two calls with one rng give the same folds: shuffle with the rng that is given."
    return None


def indices(pair):
    return [np.asarray(part) for part in pair]


def members(pair):
    """The examples that a pair holds back, in no order."""
    return tuple(sorted(np.asarray(pair[1]).tolist()))


def fault_of_folds(value, n, k):
    """Whether it is k pairs of index arrays at all."""
    pair = (np.zeros(1, int), np.zeros(1, int))
    if not isinstance(value, (list, tuple)):
        return unlike(value, [pair] * k)
    if len(value) != k:
        return f"There are {len(value)} pairs where {k} are asked for."
    for two in value:
        if not isinstance(two, (list, tuple)) or len(two) != 2:
            return unlike(two, pair) or "Each fold is a pair (train, val)."
        for part in two:
            if fault := fault_of_indices(part, n):
                return fault
    return None


def fault_of_indices(part, n):
    """Whether one part is a one-dimensional array, or list, of indices from 0 to n - 1."""
    if isinstance(part, (list, tuple)):
        part = np.array(part) if all(isinstance(i, (int, np.integer)) for i in part) else part
    if isinstance(part, np.ndarray) and part.dtype.kind == "f" and np.isnan(part).any():
        return "There is a NaN (not a number) among the indices."
    if fault := unlike(part, np.zeros(np.size(part) if isinstance(part, np.ndarray) else 1, int)):
        mask = isinstance(part, np.ndarray) and part.dtype == bool
        return fault + " np.flatnonzero(mask) makes indices of a mask." * mask
    if part.size == 0:
        return "A part of a pair is empty."
    return None if part.min() >= 0 and part.max() < n else f"Some index is not one of 0, ..., {n - 1}."


def fault_of_shares(folds, n):
    """Whether each example is validated once, and trained with in all other folds."""
    if any(len(np.unique(part)) < len(part) for pair in folds for part in pair):
        return "An example occurs twice in one part."
    if any(np.isin(train, held).any() for train, held in folds):
        return "An example stands in both parts of one pair."
    if all(np.array_equal(held, folds[0][1]) for _, held in folds):
        return "All pairs hold back the same examples."
    count = np.bincount(np.concatenate([held for _, held in folds]), minlength=n)
    if np.all(count == len(folds) - 1) and len(folds) > 2:
        return "Each example is validated in all folds but one: train and val are exchanged."
    if np.any(count == 0):
        return "Some examples are never validated" + (", and some more than once." if np.any(count > 1) else ".")
    if np.any(count > 1):
        return "Some examples are validated more than once."
    if any(len(train) + len(held) < n for train, held in folds):
        return "Some examples are in neither part of a pair."
    sizes = [len(held) for _, held in folds]
    if max(sizes) - min(sizes) <= 1:
        return None
    last = min(sizes[:-1]) == max(sizes[:-1]) < sizes[-1]
    return "The folds differ in size by more than one" + (": the last is the largest." if last else ".")


@exercise(
    "search.k_fold",
    lesson="01",
    title="Cut the data into folds",
    section="Data that nobody has seen",
    points=2,
    cases=k_fold_cases,
    judge=judge_k_fold,
    parts=(
        Part("partition", 0.6, "validates each example once, on all others"),
        Part("shuffled", 0.4, "shuffles with the rng that is given"),
    ),
    hints=(
        "Shuffle the indices once, then cut the row into k pieces. Each piece is held back once; who trains then?",
        "rng.permutation(n) shuffles 0 to n - 1. np.array_split cuts into k pieces whose sizes differ by at most one, "
        "whatever n is.",
        "pieces = np.array_split(rng.permutation(n), k); for fold i val is pieces[i], and train is np.concatenate of "
        "all pieces but that one.",
    ),
)
def k_fold(n, k, rng):
    """Cut n examples, shuffled, into k folds: each is held back once for validation, the others train.

    n: how many examples. k: how many folds, 2 <= k <= n. rng: a numpy.random.Generator.

    Returns a list of k pairs (train, val) of index arrays. Each example is in exactly one val, and in each pair it is
    in train or in val, never in both. The sizes of the k val differ by at most 1.
    """
    pieces = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]) for i in range(k)]


@k_fold.style
def k_fold_by_numbers(n, k, rng):
    fold = rng.permutation(np.arange(n) % k)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


@k_fold.style
def k_fold_by_strides(n, k, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return tuple((np.setdiff1d(order, order[i::k]), order[i::k]) for i in range(k))


@k_fold.style
def k_fold_in_lists(n, k, rng):
    order = rng.permutation(n).tolist()
    ends = [round(i * n / k) for i in range(k + 1)]
    return [(order[:a] + order[b:], order[a:b]) for a, b in zip(ends, ends[1:])]


def cut(order, k, train=lambda order, held: np.setdiff1d(order, held)):
    """Pairs of an order cut into k pieces; a building block of the zoo."""
    return [(train(order, held), held) for held in np.array_split(order, k)]


@k_fold.mistake(
    "The validation examples are in the training part too. A model that has seen them is judged on what it remembers: "
    "leave them out of train."
)
def trains_on_everything(n, k, rng):
    return cut(rng.permutation(n), k, lambda order, held: order)


@k_fold.mistake(
    "You cut without shuffling. Data often come sorted, by class or by day: then a fold holds one class, and nobody "
    "has trained on it. rng.permutation(n) first."
)
def not_shuffled(n, k, rng):
    return cut(np.arange(n), k)


@k_fold.mistake(
    "You make a generator of your own inside and leave the rng that is given alone: every call gives the same folds.",
    credit=0.5,
)
def folds_with_an_own_generator(n, k, rng):
    return cut(np.random.default_rng(42).permutation(n), k)


@k_fold.mistake("You shuffle with np.random, which all programs share. Shuffle with the rng that is given.")
def folds_from_the_global_generator(n, k, rng):
    return cut(np.random.permutation(n), k)  # noqa: NPY002 (this is the mistake)


@k_fold.mistake(
    "The remainder is dropped: with n // k examples a fold, the last n % k are never validated. np.array_split deals "
    "with remainders."
)
def remainder_dropped(n, k, rng):
    order, size = rng.permutation(n), n // k
    return [(np.setdiff1d(order, order[i * size : (i + 1) * size]), order[i * size : (i + 1) * size]) for i in range(k)]


@k_fold.mistake("The whole remainder goes to the last fold, which gets too large. Sizes may differ by one only.")
def remainder_in_the_last(n, k, rng):
    order, size = rng.permutation(n), n // k
    ends = [i * size for i in range(k)] + [n]
    return [(np.setdiff1d(order, order[a:b]), order[a:b]) for a, b in zip(ends, ends[1:])]


@k_fold.mistake(
    "You throw a die for each example: how many fall into a fold is then chance. Cut a shuffled row into k pieces, "
    "whose sizes differ by at most 1."
)
def fold_by_a_die(n, k, rng):
    fold = rng.integers(0, k, n)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]


@k_fold.mistake(
    "np.split wants pieces of one size and stops where k does not divide n. np.array_split lets sizes differ by one."
)
def split_in_equal_pieces(n, k, rng):
    pieces = np.split(rng.permutation(n), k)
    return [(np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]) for i in range(k)]


@k_fold.mistake("All your folds are the same one: the piece that is held back must change with the fold.")
def the_same_fold(n, k, rng):
    return [cut(rng.permutation(n), k)[0]] * k


@k_fold.mistake("You make k - 1 folds: one piece is never held back. Count the loop again.")
def one_fold_short(n, k, rng):
    return cut(rng.permutation(n), k)[:-1]


@k_fold.mistake("Train and val are exchanged: you train on the small part. The pair is (train, val).")
def parts_exchanged(n, k, rng):
    return [(held, train) for train, held in cut(rng.permutation(n), k)]


@k_fold.mistake(
    "Each fold is drawn anew, with a shuffle of its own: some examples are validated several times, others never. "
    "Shuffle once, then cut."
)
def independent_splits(n, k, rng):
    return [cut(rng.permutation(n), k)[i] for i in range(k)]


@k_fold.mistake(
    "You draw with replacement, so an example occurs several times. That is a bootstrap; a fold is a cut of a shuffle."
)
def drawn_with_replacement(n, k, rng):
    return cut(rng.integers(0, n, n), k)


@k_fold.mistake("You count examples from 1. Indices begin with 0, so example n does not exist.")
def counts_from_one(n, k, rng):
    return cut(rng.permutation(n) + 1, k)


@k_fold.mistake("You train on the next piece only. All pieces but the one held back train.")
def trains_on_one_piece(n, k, rng):
    pieces = np.array_split(rng.permutation(n), k)
    return [(pieces[(i + 1) % k], pieces[i]) for i in range(k)]


# ------------------------------------------------------------------------------------------- search.cv_score


def cv_score_cases(rng):
    def folds(n, k):
        pieces = np.array_split(rng.permutation(n), k)
        return [(np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]) for i in range(k)]

    def line(n, d, k, l2):
        X = rng.normal(0, 1, (n, d)) + rng.uniform(-1, 1, d)
        y = X @ rng.normal(0, 2, d) + rng.normal(0, 1, n)
        given = {name: Given(f"ridge.{name}", {"l2": l2}) for name in ("fit", "loss")}
        return given | {"X": X, "y": y, "folds": folds(n, k)}

    y = np.arange(28) % 3
    X = rng.normal(0, 1.5, (28, 2)) + 2 * y[:, None]
    votes = {name: Given(f"neighbors.{name}", {"k": 3}) for name in ("fit", "loss")}
    return [
        Case(line(23, 2, 4, 0.3), "ridge regression, 4 folds of 23 examples"),
        Case(line(30, 4, 6, 1.5), "ridge regression, 6 folds of 30 examples"),
        Case(line(17, 1, 2, 0.7), "a single feature, two folds of different size"),
        Case(votes | {"X": X, "y": y, "folds": folds(28, 5)}, "three nearest neighbors, 5 folds"),
    ]


@exercise(
    "search.cv_score",
    lesson="01",
    title="The cross-validated score and its error",
    section="Data that nobody has seen",
    points=2,
    starred=True,
    cases=cv_score_cases,
    frugal=True,
    hints=(
        "For each fold a fresh model: fitted to one part, judged on the other. You get k losses. What do you return of "
        "them?",
        "model = fit(X[train], y[train]), then loss(model, X[val], y[val]). The standard error of a mean of k numbers "
        "is their standard deviation divided by the root of k.",
        "losses = np.array([...]); return losses.mean(), losses.std(ddof=1) / np.sqrt(len(losses)).",
    ),
)
def cv_score(fit, loss, X, y, folds):
    """Cross-validation: the mean loss on held-out folds, and its standard error.

    fit: fit(X, y) returns a model. loss: loss(model, X, y) returns a number. X, y: arrays (n, d) and (n,).
    folds: a list of k >= 2 pairs (train, val) of index arrays. For each, a model is fitted to the train examples alone
    and judged on the val examples alone.

    Returns (mean, se): the mean of the k losses; and their standard deviation (with k - 1 in the denominator) divided
    by the root of k. Calls fit and loss k times each.
    """
    losses = np.array([loss(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])
    return losses.mean(), losses.std(ddof=1) / np.sqrt(len(losses))


@cv_score.style
def cv_score_in_a_loop(fit, loss, X, y, folds):
    losses = []
    for train, val in folds:
        model = fit(X[train], y[train])
        losses.append(loss(model, X[val], y[val]))
    k = len(losses)
    mean = sum(losses) / k
    return mean, (sum((value - mean) ** 2 for value in losses) / (k * (k - 1))) ** 0.5


@cv_score.style
def cv_score_with_masks(fit, loss, X, y, folds):
    losses = np.zeros(len(folds))
    for i, (_, val) in enumerate(folds):
        held = np.zeros(len(y), dtype=bool)
        held[val] = True
        losses[i] = loss(fit(X[~held], y[~held]), X[val], y[val])
    return [np.mean(losses), np.sqrt(np.var(losses, ddof=1) / losses.size)]


def summed_up(losses):
    losses = np.array(losses)
    return losses.mean(), losses.std(ddof=1) / np.sqrt(len(losses))


@cv_score.mistake(
    "One model, fitted to all data, is judged on every fold: it has seen each of them. Fit inside the loop, to the "
    "train part alone."
)
def fitted_once_to_all(fit, loss, X, y, folds):
    model = fit(X, y)
    return summed_up([loss(model, X[val], y[val]) for _, val in folds])


@cv_score.mistake(
    "You judge each model on the part it was fitted to. That is the training loss; what counts is the part held back."
)
def judged_on_the_training_part(fit, loss, X, y, folds):
    return summed_up([loss(fit(X[train], y[train]), X[train], y[train]) for train, _ in folds])


@cv_score.mistake("You judge each model on all data, the part it was fitted to included. Judge it on val alone.")
def judged_on_all(fit, loss, X, y, folds):
    return summed_up([loss(fit(X[train], y[train]), X, y) for train, _ in folds])


@cv_score.mistake("You fit to the small part and judge on the large one. The pairs are (train, val).")
def fitted_to_the_small_part(fit, loss, X, y, folds):
    return summed_up([loss(fit(X[val], y[val]), X[train], y[train]) for train, val in folds])


@cv_score.mistake("The model of the first fold is judged on all folds; it has seen the others. Fit anew in each fold.")
def fitted_in_the_first_fold(fit, loss, X, y, folds):
    model = fit(X[folds[0][0]], y[folds[0][0]])
    return summed_up([loss(model, X[val], y[val]) for _, val in folds])


@cv_score.mistake(
    "Your second number is the standard deviation of the losses. The standard error of their mean is smaller by the "
    "root of k: divide by np.sqrt(k).",
    credit=0.5,
)
def deviation_for_error(fit, loss, X, y, folds):
    mean, se = cv_score.reference(fit, loss, X, y, folds)
    return mean, se * np.sqrt(len(folds))


@cv_score.mistake(
    "The standard deviation has k in its denominator: np.std does so unless told. With few folds that is visibly too "
    "small: std(ddof=1).",
    credit=0.5,
)
def denominator_k(fit, loss, X, y, folds):
    mean, se = cv_score.reference(fit, loss, X, y, folds)
    return mean, se * np.sqrt((len(folds) - 1) / len(folds))


@cv_score.mistake("You divide the standard deviation by k. The error of a mean shrinks with the root of k only.",
                  credit=0.5)  # fmt: skip
def divided_by_k(fit, loss, X, y, folds):
    mean, se = cv_score.reference(fit, loss, X, y, folds)
    return mean, se / np.sqrt(len(folds))


@cv_score.mistake(
    "You divide the standard deviation by the root of the number of examples. You average k losses, one a fold: divide "
    "by np.sqrt(k).",
    credit=0.5,
)
def divided_by_root_n(fit, loss, X, y, folds):
    mean, se = cv_score.reference(fit, loss, X, y, folds)
    return mean, se * np.sqrt(len(folds) / len(X))


@cv_score.mistake(
    "Your second number begins from the variance of the losses. The standard error begins from its root, the standard "
    "deviation: std, not var.",
    credit=0.5,
)
def variance_for_deviation(fit, loss, X, y, folds):
    mean, se = cv_score.reference(fit, loss, X, y, folds)
    return mean, se**2 * np.sqrt(len(folds))


@cv_score.mistake(
    "You weight each loss by the size of its fold. That is a mean over examples; asked for is the plain mean of the k "
    "losses.",
    credit=0.5,
)
def weighted_by_size(fit, loss, X, y, folds):
    losses = np.array([loss(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])
    mean = np.average(losses, weights=[len(val) for _, val in folds])
    return mean, losses.std(ddof=1) / np.sqrt(len(losses))


@cv_score.mistake(
    "You standardize X before the folds are used, so the mean and scale of the held-out part leak into training (and "
    "the data change). Scaling belongs inside fit."
)
def scaled_with_everything(fit, loss, X, y, folds):
    return cv_score.reference(fit, loss, (X - X.mean(axis=0)) / X.std(axis=0), y, folds)


@cv_score.mistake("You return the smallest of the losses, your luckiest fold. The score is the mean of all of them.")
def luckiest_fold(fit, loss, X, y, folds):
    losses = np.array([loss(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])
    return losses.min(), losses.std(ddof=1) / np.sqrt(len(losses))


@cv_score.mistake("You return the k losses as they are. Asked for are their mean and its standard error.")
def all_losses(fit, loss, X, y, folds):
    return np.array([loss(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])


@cv_score.mistake("You return the mean alone. How far it can be trusted belongs to it: return mean, se.")
def mean_alone(fit, loss, X, y, folds):
    return cv_score.reference(fit, loss, X, y, folds)[0]
