# %% [markdown]
# # Exhaustive and random search · worksheet
#
# Seven exercises that go with lesson 01, two of them optional. This is the one notebook where you write, and the one
# that is handed in.

# %% [markdown] tags=["key"]
# **This is the key**: every exercise solved, why it is so, and what people write on the way there.

# %%
import numpy as np

from course_lib.learner import check, hint, solution

# %% [markdown]
# **How to work.** Replace the dots by your code and run the cell (Shift+Enter). Then run the `check` below it: it
# calls your function with many inputs and says whether it is right, and if not, what differs and, where it can tell,
# which mistake it is. Check as often as you like; nothing is lost by a wrong answer.
#
# Stuck? Write `hint("search.grid")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("search.grid")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · All points of a grid
#
# *2 points · in the lesson: "Try everything" · id `search.grid`*
#
# The points of a full grid, ends included. Watch for the number of rows, which tells you whether you combined the axes
# or put them side by side, and for the number of gaps between n values.

# %%
def grid(lows, highs, n):
    """All points of a grid with n values on each axis, evenly spaced, both ends included.

    lows, highs: arrays (d,), the ends of each axis, lows < highs. n: how many values an axis, n >= 2.

    Returns the points as the rows of an array (n**d, d), each once, in any order.
    """
    # BEGIN SOLUTION
    axes = [np.linspace(low, high, n) for low, high in zip(lows, highs)]
    return np.stack([mesh.ravel() for mesh in np.meshgrid(*axes)], axis=1)
    # END SOLUTION


# %%
check(grid)

# %% [markdown] tags=["key"]
# **Why.** `np.meshgrid` turns the wheels of the combination lock: every value of one axis with every combination of
# the others, $n^d$ in all; `itertools.product` does the same, point by point. Between $n$ values there are $n - 1$
# gaps, which `np.linspace` knows.
#
# | people write | what happens |
# |:--|:--|
# | `zip(*axes)` | the diagonal: n points |
# | `np.arange(low, high, (high - low) / n)` | the upper end is missing |
# | n gaps with both ends | $(n+1)^d$ points |
# | one axis at a time | a cross of $n \cdot d$ points |
# | `np.meshgrid(...)` returned as it is | the coordinates are there, but not as rows |

# %% [markdown]
# ## 2 · Try every combination
#
# *3 points · in the lesson: "Try everything" · id `search.grid_search`*
#
# Ask everywhere, note everything, keep the best. Watch for what the best so far is before the first value, for NaN, and
# for how often you ask: in real life a value is a training run.

# %%
def grid_search(f, axes):
    """Ask f at every combination of one value from each axis, and keep the best.

    f: a function of a point, array (d,), to a number; it may be NaN, which never wins, but not everywhere.
    axes: a list of d arrays, the values to try on each axis; they may have different lengths.

    Returns (x, value, table): the point with the smallest value, array (d,); that value; and all values, an array with
    one axis for each of axes. Of equal values the first in the order of the table (last axis fastest) wins. f is
    called once for each combination.
    """
    # BEGIN SOLUTION
    shape = tuple(len(axis) for axis in axes)
    table, best, where = np.empty(shape), np.inf, None
    for index in np.ndindex(shape):
        x = np.array([axis[i] for axis, i in zip(axes, index)])
        table[index] = f(x)
        if table[index] < best:
            best, where = table[index], x
    return where, best, table
    # END SOLUTION


# %%
check(grid_search)

# %% [markdown] tags=["key"]
# **Why.** `value < best` does three things at once: starting from infinity the first number wins; of equals the first
# stays; and a NaN never gets in, since every comparison with it is false.
#
# | people write | what happens |
# |:--|:--|
# | `best = 0` | where all values are positive nothing ever wins |
# | `best = f(first point)` | if that is NaN, it stays |
# | `<=` | the last of equals wins |
# | `np.argmin(table)` | takes NaN for the smallest; and it is an index, not a point |
# | `if f(x) < best: best = f(x)` | pays twice |
# | `np.zeros(shape, dtype=int)` | cuts off what stands after the point |
# | one axis after the other | stops where no single axis helps |

# %% [markdown]
# ## 3 · Search at random
#
# *3 points · in the lesson: "Choosing at random" · id `search.random_search`*
#
# Draws from a box, the best and its history. Watch for the logarithmic axes, for a draw of its own for each axis, and
# for keeping point and value together.

# %%
def random_search(f, lows, highs, n, rng, log=()):
    """Ask f at n points drawn at random from a box, and keep the best.

    f: a function of a point, array (d,), to a number. lows, highs: arrays (d,), the box. n: how many points, n >= 1.
    rng: a numpy.random.Generator. log: the numbers of the axes, a tuple, whose logarithm is drawn evenly between the
    logarithms of the ends; their ends are positive. All others are drawn evenly.

    Returns (x, value, history): the best point, array (d,); its value; and the smallest value after 1, 2, ..., n
    points, array (n,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    best, where, history = np.inf, None, []
    for _ in range(n):
        x = np.array([
            np.exp(rng.uniform(np.log(low), np.log(high))) if j in log else rng.uniform(low, high)
            for j, (low, high) in enumerate(zip(lows, highs))
        ])
        value = f(x)
        if value < best:
            best, where = value, x
        history.append(best)
    return where, best, np.array(history)
    # END SOLUTION


# %%
check(random_search)

# %% [markdown] tags=["key"]
# **Why.** On a logarithmic axis the *exponent* is drawn evenly, so each power of ten gets its share of the trials. The
# history is the running minimum: it never rises, and two searches can be compared at any number of trials.
#
# | people write | what happens |
# |:--|:--|
# | `rng.uniform(low, high)` on every axis | small learning rates are hardly ever tried |
# | the exponent handed to `f` | points far outside the box |
# | `rng.random()` once for all axes | points on a line through the box |
# | `np.random.default_rng(0)` inside | each call tries the same points |
# | `history.append(value)` | the raw values, not the best so far |
# | `lows[j] = np.log(lows[j])` | changes the box of whoever called |

# %% [markdown]
# ## 4 · How tight is a grouping?
#
# *1 point · in the lesson: "How many clusters?" · id `search.inertia`*
#
# One line, if you see what `centers[labels]` is. Watch for sum or mean, and for squares.

# %%
def inertia(X, centers, labels):
    """The inertia of a grouping: the sum of the squared distances of all points to their own centers.

    X: array (n, d), the points. centers: array (k, d). labels: array (n,) of whole numbers 0 to k - 1, the number of
    the center that each point belongs to, whether it is the nearest or not. A center may have no points.

    Returns a number.
    """
    # BEGIN SOLUTION
    return np.sum((X - centers[labels]) ** 2)
    # END SOLUTION


# %%
check(inertia)

# %% [markdown] tags=["key"]
# **Why.** Indexing with an array of labels makes an array of centers, one a point. All the rest is a sum of squares.
#
# | people write | what happens |
# |:--|:--|
# | `np.mean(...)` | another quantity, which does not grow with the data |
# | `np.linalg.norm(X - centers[labels])` | the root of the inertia |
# | the sum of the distances | what k-medians minimizes |
# | `X - X.mean(axis=0)` | the spread of the data, whatever the clusters |
# | the nearest center | the labels say whose point it is |

# %% [markdown]
# ## 5 · The silhouette of a grouping
#
# *3 points · starred: optional · in the lesson: "How many clusters?" · id `search.silhouette`*
#
# How much nearer is each point to its own cluster than to the next one? Watch for the point itself, which is no
# neighbor of its own, for clusters of one point, and for labels that are not 0, 1, 2.

# %%
def silhouette(X, labels):
    """The silhouette of a grouping: the mean over all points of s = (b - a) / max(a, b).

    For a point, a is the mean distance (Euclid) to the other points of its cluster, and b the mean distance to the
    points of another cluster, of that one where it is smallest. A point alone in its cluster has s = 0.

    X: array (n, d), no two points equal. labels: array (n,) of whole numbers, any ones, at least two different.

    Returns a number between -1 and 1.
    """
    # BEGIN SOLUTION
    D = np.linalg.norm(X[:, None] - X, axis=-1)
    scores = []
    for i, label in enumerate(labels):
        own = labels == label
        a = D[i, own].sum() / max(own.sum() - 1, 1)
        b = min(D[i, labels == other].mean() for other in np.unique(labels) if other != label)
        scores.append((b - a) / max(a, b) if own.sum() > 1 else 0.0)
    return np.mean(scores)
    # END SOLUTION


# %%
check(silhouette)

# %% [markdown] tags=["key"]
# **Why.** A point is at distance 0 from itself, so the sum over its own cluster is right and the count is one too
# high. Without that, clusters of few points look too good, and a point alone looks perfect; by definition it scores 0.
#
# | people write | what happens |
# |:--|:--|
# | `D[i, own].mean()` | counts the point itself |
# | `D[i, ~own].mean()` for b | mixes all other clusters; only the nearest one is the rival |
# | distances to the centers | the simplified silhouette |
# | squared distances | another score, much nearer to 1 |
# | `range(k)` for labels | breaks when labels have gaps |

# %% [markdown]
# ## 6 · Cut the data into folds
#
# *2 points · in the lesson: "Data that nobody has seen" · id `search.k_fold`*
#
# Everything about honest validation rests on this cut. Watch for the remainder when k does not divide n, for the
# shuffle, and for examples that stand on both sides.

# %%
def k_fold(n, k, rng):
    """Cut n examples, shuffled, into k folds: each is held back once for validation, the others train.

    n: how many examples. k: how many folds, 2 <= k <= n. rng: a numpy.random.Generator.

    Returns a list of k pairs (train, val) of index arrays. Each example is in exactly one val, and in each pair it is
    in train or in val, never in both. The sizes of the k val differ by at most 1.
    """
    # BEGIN SOLUTION
    pieces = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]) for i in range(k)]
    # END SOLUTION


# %%
check(k_fold)

# %% [markdown] tags=["key"]
# **Why.** One shuffle, then one cut: so every example is held back once. `np.array_split` spreads the remainder over
# the first folds. Without the shuffle, data sorted by class put a whole class into one fold, where nobody has trained
# on it.
#
# | people write | what happens |
# |:--|:--|
# | `n // k` examples a fold | the remainder is never validated |
# | no shuffle | folds follow the order of the file |
# | a shuffle for each fold | some examples are validated twice, some never |
# | `train = order` | the model has seen what it is judged on |
# | `default_rng(42)` inside | the same folds forever |

# %% [markdown]
# ## 7 · The cross-validated score and its error
#
# *2 points · starred: optional · in the lesson: "Data that nobody has seen" · id `search.cv_score`*
#
# A fresh model for each fold. Watch for who has seen what, and for the difference between the spread of the losses and
# the error of their mean.

# %%
def cv_score(fit, loss, X, y, folds):
    """Cross-validation: the mean loss on held-out folds, and its standard error.

    fit: fit(X, y) returns a model. loss: loss(model, X, y) returns a number. X, y: arrays (n, d) and (n,).
    folds: a list of k >= 2 pairs (train, val) of index arrays. For each, a model is fitted to the train examples alone
    and judged on the val examples alone.

    Returns (mean, se): the mean of the k losses; and their standard deviation (with k - 1 in the denominator) divided
    by the root of k. Calls fit and loss k times each.
    """
    # BEGIN SOLUTION
    losses = np.array([loss(fit(X[train], y[train]), X[val], y[val]) for train, val in folds])
    return losses.mean(), losses.std(ddof=1) / np.sqrt(len(losses))
    # END SOLUTION


# %%
check(cv_score)

# %% [markdown] tags=["key"]
# **Why.** The model that is judged on a fold must never have met it, nor may anything else that was learned from it:
# scaling and the choice of columns belong in `fit`. The mean of $k$ losses is known better than a single one, by the
# root of $k$. (The folds share training data, so this error is a little too small. It is what everybody reports.)
#
# | people write | what happens |
# |:--|:--|
# | `fit(X, y)` before the loop | every fold has been seen |
# | `loss(model, X[train], y[train])` | the training loss |
# | `losses.std()` | spread of the folds, with k below: no error of the mean |
# | `/ k` | too small by the root of k |
# | `(X - X.mean(0)) / X.std(0)` before the loop | the held-out part leaks through mean and scale |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
