# %% [markdown]
# # Gradient descent · worksheet
#
# Six exercises that go with lesson 02, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("gradient.numerical")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("gradient.numerical")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · The slope, measured
#
# *2 points · in the lesson: "The slope, measured" · id `gradient.numerical`*
#
# Before you trust a gradient that you derived on paper, compare it with one that is measured: step a little to both
# sides, along one coordinate at a time, and see how much the function changes. Watch for the divisor, and for what
# happens to `x` when you move one of its coordinates.

# %%
def numerical_grad(f, x, h=1e-5):
    """The gradient of f at x by central differences: a step of h to both sides, one coordinate at a time.

    f: a function, (d,) to a number. x: array (d,), of fractions or whole numbers. h: a number > 0, how far to look.

    Returns the d slopes (f(x + h e_i) - f(x - h e_i)) / (2h), an array (d,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient
    # END SOLUTION


# %%
check(numerical_grad)

# %% [markdown] tags=["key"]
# **Why both sides?** In the Taylor series of $f(x+h) - f(x-h)$ the even terms cancel: what is left of the error is of
# the order $h^2$, where the one-sided difference has $h$. And why not a tiny $h$? A computer keeps 16 digits; the
# two values agree in most of them when $h$ is small, and their difference keeps the few that are left. Around
# $h = 10^{-5}$ both errors are small.
#
# | people write | what happens |
# |:--|:--|
# | `(f(x + e) - f(x)) / h` | looks to one side: the error falls like $h$ only |
# | `... / 2 * h` | divides by 2, then multiplies by `h`: slopes near 0 |
# | `f(x + h)` with the number `h` | moves all coordinates at once: every entry is the sum of all slopes |
# | `x[i] += h` and never back | every later slope is measured at another place |
# | `np.zeros_like(x)` for the slopes | cuts off the fractions when `x` holds whole numbers |
# | `h = 1e-12`, "to be exact" | rounding noise instead of a slope |

# %% [markdown]
# ## 2 · The gradient of the mean squared error
#
# *2 points · in the lesson: "The gradient of a loss" · id `gradient.mse`*
#
# The loss of linear regression, and the gradient that the rest of the lesson runs on. Derive it for one example
# first, then write it for all of them at once, without a loop. Watch the shapes: residuals are `(n,)`, the gradient
# is `(d,)`. When it is done, you have the means to test it: exercise 1.

# %%
def mse_grad(w, X, y):
    """The gradient of the mean squared error of a linear model: of mean((X w - y)^2), with no factor 1/2, for w.

    w: array (d,), the weights. X: array (n, d), one example a row. y: array (n,), what should come out.

    Returns the gradient, an array (d,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    residuals = X @ w - y
    return 2 * X.T @ residuals / len(y)
    # END SOLUTION


# %%
check(mse_grad)

# %% [markdown] tags=["key"]
# **Why.** One example contributes $r^2$ with $r = x \cdot w - y$; its slope for weight $j$ is $2 r x_j$. Adding over
# the examples is what the transposed matrix does: row $j$ of $X^T$ holds feature $j$ of every example. The mean, and
# not the sum, keeps the gradient of the same size when there are more data, so that a rate stays good.
#
# | people write | what happens |
# |:--|:--|
# | no `/ len(y)` | the sum: ten times the data, ten times the gradient, and the rate is too large |
# | no `2` | right for the loss with a factor 1/2, which this course does not have |
# | `y - X @ w` | points downhill, so that descent climbs |
# | `X @ w[:, None] - y` | a column minus a row: a table $(n, n)$, and no error message |
# | `/ X.shape[1]` | divides by the number of features |
# | `np.mean(r) * X.mean(axis=0)` | the product of means is not the mean of products |

# %% [markdown]
# ## 3 · One step, again and again
#
# *3 points · in the lesson: "One step, again and again" · id `gradient.descent`*
#
# The method itself. You are given a function `grad`; ask it where you are, take a step, note where you got. Watch
# for what stands in your list: the points, or one array many times.

# %%
def gd(grad, x0, lr, n):
    """The path of n steps of gradient descent: x = x - lr grad(x).

    grad: a function, (d,) to (d,). x0: array (d,) of fractions, the start. lr: a number. n: how many steps, n >= 0.

    Returns the path, an array (n + 1, d) whose first row is x0. Asks for one gradient a step and changes nothing.
    """
    # BEGIN SOLUTION
    x = x0
    path = [x]
    for _ in range(n):
        x = x - lr * grad(x)
        path.append(x)
    return np.array(path)
    # END SOLUTION


# %%
check(gd)

# %% [markdown] tags=["key"]
# **Why.** `x = x - ...` makes a new array and gives it the name `x`; the old one stays in the list as it was.
# `x -= ...` changes the array itself, and with it every place that holds it: the list, and the `x0` of whoever
# called. No error is raised.
#
# | people write | what happens |
# |:--|:--|
# | `x -= lr * grad(x); path.append(x)` | all rows of the path are the last point |
# | `x = x0`, then `x -= ...` | the start of whoever called has moved |
# | `g = grad(x0)` before the loop | a straight line: the slope is never asked again |
# | `x + lr * grad(x)` | climbs |
# | `path = []` | the start is missing, so there are `n` rows |
# | `g / np.linalg.norm(g)` | every step equally long: it hops about the minimum forever |

# %% [markdown]
# ## 4 · How long may a step be?
#
# *2 points · in the lesson: "How long may a step be" · id `gradient.critical_rate`*
#
# Too long a step lands higher up on the other side of the valley, and the next one higher still. On a bowl you can
# say exactly where that begins, from the curvatures alone. Watch for which of them decides.

# %%
def critical_lr(H):
    """The rate at which gradient descent on a bowl stops converging: below it every start leads to the minimum.

    H: array (d, d), the Hessian of the bowl, symmetric, its eigenvalues (the curvatures) all positive.

    Returns the number 2 / lambda_max.
    """
    # BEGIN SOLUTION
    return 2 / np.linalg.eigvalsh(H).max()
    # END SOLUTION


# %%
check(critical_lr)

# %% [markdown] tags=["key"]
# **Why.** Along the direction with curvature $\lambda$ one step multiplies the distance to the minimum by
# $1 - \alpha \lambda$. It shrinks while $|1 - \alpha\lambda| < 1$, that is while $\alpha < 2/\lambda$. All directions
# share one rate, so the largest curvature sets the limit, and the smallest one then sets the pace: that is what the
# condition number is about. `eigvalsh` is made for symmetric matrices: real numbers, sorted.
#
# | people write | what happens |
# |:--|:--|
# | `1 / max` | safe, with no overshooting, but half of what is allowed |
# | `2 / min` | the flattest direction would allow it, the steepest blows up |
# | `2 / (max + min)` | the *fastest* rate on a bowl, not the limit |
# | `2 / np.trace(H)` | the sum of the curvatures: too short |
# | `2 / H.max()` | entries are no curvatures as soon as the bowl lies askew |
# | `2 / np.linalg.norm(H)` | the root of the sum of all squares; `norm(H, 2)` would do |

# %% [markdown]
# ## 5 · Make the valley round
#
# *2 points · in the lesson: "Valleys and scales" · id `gradient.standardize`*
#
# Columns in different units make a narrow valley; scaled columns make a rounder one, and the same rate suits all
# weights. Watch for where the shift and the scale come from, and for a column that never changes.

# %%
def standardize(X_train, X_test):
    """Both tables with each column shifted and scaled so that the training rows have mean 0 and deviation 1.

    X_train: array (n, d). X_test: array (m, d). The mean and the standard deviation (that of the n rows themselves:
    divide by n) of a column come from X_train alone. A column that is constant in X_train is shifted, not scaled.

    Returns the pair of new arrays, (n, d) and (m, d). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std = np.where(np.ptp(X_train, axis=0) == 0, 1, std)  # safer than std == 0: for twelve times 0.1 that is 1e-17
    return (X_train - mean) / std, (X_test - mean) / std
    # END SOLUTION


# %%
check(standardize)

# %% [markdown] tags=["key"]
# **Why.** The test rows stand for data that nobody has seen yet, so nothing may be learned from them, not even a
# mean. They are shifted and scaled by the numbers of the training rows; their own mean is then near 0, not 0. A
# constant column has the deviation 0, and 0/0 is NaN, which spreads to every weight with the first step.
#
# | people write | what happens |
# |:--|:--|
# | each table by its own mean | the same row means two things; a single test row becomes 0 |
# | mean of both tables together | a leak: the training has seen the test |
# | `X_train = ...`, then its mean for the test | the mean is 0 by now: the test rows stay as they were |
# | `/ std` with a constant column | NaN everywhere |
# | `/ (std + 1e-8)` | fine in training, and $10^8$ where a test row differs |
# | no `axis=0` | one mean for grams and kilometers |

# %% [markdown]
# ## 6 · When to stop
#
# *3 points · starred: optional · in the lesson: "When to stop" · id `gradient.until`*
#
# "A thousand steps" is no answer to *when is it done*. A run ends for one of three reasons, and whoever reads the
# result must know which. Watch for the start, for the last step, and for NaN: a comparison with NaN is always False.

# %%
def gd_until(grad, x0, lr, tol, max_steps):
    """Gradient descent, x = x - lr grad(x), that knows when to stop, and says why.

    grad: a function, (d,) to (d,). x0: array (d,) of fractions, the start. lr, tol: numbers > 0. max_steps: an
    integer >= 0. At the start and after each step it asks, in this order, and stops at the first yes: is the norm of
    the gradient at most tol ("converged")? Is it no finite number ("diverged")? Are max_steps taken ("max_steps")?

    Returns the last point, an array (d,), how many steps led there, and the reason in the words above.
    """
    # BEGIN SOLUTION
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
    # END SOLUTION


# %%
check(gd_until)

# %% [markdown] tags=["key"]
# **Why.** The questions are asked at every point, `max_steps + 1` of them at most: the start is one, and so is the
# point after the last step. The norm of the gradient is asked, not the length of the step, since a short step may
# come from a short rate. And a NaN is neither below nor above any limit: whoever asks `size > tol` takes it for
# success, whoever asks `size <= tol` waits forever.
#
# | people write | what happens |
# |:--|:--|
# | `while norm > tol` and then "converged" | a NaN ends the loop and counts as success |
# | `while not norm <= tol` | a NaN never ends |
# | `lr * norm <= tol` | a tiny rate "converges" at once |
# | steps first, then looks | a start in the minimum takes a step |
# | no look after the loop | arrived with the last step, and reported as "max_steps" |
# | "diverged" as soon as the slope grows | it grows on the way down from a hilltop too |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
