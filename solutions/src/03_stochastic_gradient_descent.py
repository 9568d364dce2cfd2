# %% [markdown]
# # Stochastic gradient descent · worksheet
#
# Five exercises that go with lesson 03, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("sgd.run")` in a new cell, with the id of your exercise: there are three hints, each plainer than
# the one before. `solution("sgd.run")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · What one example says
#
# *2 points · in the lesson: "One example is a witness" · id `sgd.sample_gradient`*
#
# The mean squared error is a mean over examples, so its gradient is one too. Here is a single term of that mean. Watch
# for what must *not* be there: no sum over the others, no division by $n$.

# %%
def sample_gradient(w, X, y, i):
    """The gradient of the squared error of example i alone, (X[i] w - y[i])^2, in the weights.

    w: array (d,). X: array (n, d), a row an example. y: array (n,). i: a whole number from 0 to n - 1.

    Returns an array (d,). Its mean over all i is the gradient of the mean squared error. Changes nothing.
    """
    # BEGIN SOLUTION
    return 2 * (X[i] @ w - y[i]) * X[i]
    # END SOLUTION


# %%
check(sample_gradient)

# %% [markdown] tags=["key"]
# **Why.** The residual $r = x_i \cdot w - y_i$ is a number, and the slope of $r^2$ in $w_j$ is $2 r\, x_{ij}$. The
# average of these vectors over all $i$ is the gradient of the mean: a draw with equal chances is right *on average*.
#
# | people write | what happens |
# |:--|:--|
# | the gradient of all examples | right, and $n$ times as expensive: `i` is not used |
# | `/ n` | a share of the mean: the average comes out $n$ times too small |
# | `n *` | right for a loss that is a *sum* |
# | `X[i:i+1]` | an axis too many: `(1, d)` or `(d, 1)`, and the weights become a matrix |
# | no `2` | half the slope |
# | `y[i] - X[i] @ w` | the sign is turned |

# %% [markdown]
# ## 2 · Stochastic gradient descent
#
# *4 points · in the lesson: "One example at a time" · id `sgd.run`*
#
# Two loops. The outer one counts epochs, the inner one visits each example once, in an order drawn anew. Two points are
# for the order, two for the steps. Watch for what happens in which loop: the draw, the move, the note.

# %%
def sgd(grad_i, w0, n, lr, epochs, rng):
    """Stochastic gradient descent: each epoch visits each of the n examples once, in a fresh random order.

    grad_i: a function, grad_i(w, i) is the gradient of example i at w, (d,). w0: array (d,), the start. n: how many
    examples. lr: the rate. epochs: how many, >= 0. rng: a numpy Generator; all that is random comes from it.

    Returns the weights at the start and after each epoch, an array (epochs + 1, d). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    w, path = w0, [w0]
    for _ in range(epochs):
        for i in rng.permutation(n):
            w = w - lr * grad_i(w, i)
        path.append(w)
    return np.array(path)
    # END SOLUTION


# %%
check(sgd)

# %% [markdown] tags=["key"]
# **Why.** The draw stands between the loops: once an epoch. The move stands in the inner one, so that the next gradient
# is asked for at the new weights; that is what makes an epoch worth $n$ steps. The note stands between the loops again.
# Any way to draw an order from `rng` is right: `permutation`, `shuffle`, `choice` without replacement.
#
# | people write | what happens |
# |:--|:--|
# | `for i in range(n)` | sorted data end each epoch with one class |
# | `order = rng.permutation(n)` above both loops | the error of one order comes back in each epoch |
# | `default_rng(0)` in the loop | the same order each time, and thirty seeds give one run |
# | `rng.integers(n)` | a third of the examples is never seen in an epoch |
# | all gradients at the old `w` | gradient descent with $n$ times the rate |
# | `w -= ...` | changes `w0`, or fills the path with one point |
# | `lr / n` | an epoch gets as far as a single step |

# %% [markdown]
# ## 3 · How low the noise lets you go
#
# *2 points · in the lesson: "The noise floor" · id `sgd.noise_floor`*
#
# At a constant rate SGD does not arrive, it hovers. This number says how high. Watch for the order of two operations:
# the mean of the losses is not the loss of the mean.

# %%
def noise_floor(f, path, f_star, tail):
    """How far above the lowest loss a run hovers at its end: the mean of f over its last points, less f_star.

    f: the loss, a function of weights (d,), and of many at once (T, d). path: array (T, d), the weights of a run.
    f_star: a number, the lowest loss there is. tail: how many of the last points count, 1 <= tail <= T.

    Returns a number. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    return float(np.mean(f(path[-tail:])) - f_star)
    # END SOLUTION


# %%
check(noise_floor)

# %% [markdown] tags=["key"]
# **Why.** The path consists of a way down and a cloud. The tail cuts the way down off; the mean over it is the level of
# the cloud. The smallest value would only say how lucky one of many draws was.
#
# | people write | what happens |
# |:--|:--|
# | `f(path)` | the way down counts too |
# | `.min()` | the luckiest moment, lower the longer one looks |
# | `f(path[-tail:].mean(axis=0))` | the noise cancels before it is measured |
# | `path[:tail]` or `path[tail:]` | the wrong end |
# | no `f_star` | a level above zero, not above the best |

# %% [markdown]
# ## 4 · A rate that falls
#
# *2 points · in the lesson: "Decay: long steps first, short ones later" · id `sgd.inverse_decay`*
#
# Far away long steps are good, in the cloud short ones. So let the rate fall as the steps are counted. Watch for what
# is counted, and for when the count begins again: never.

# %%
def decayed_rates(lr0, t0, n, epochs):
    """The rates of all steps of a run under inverse decay: lr0 / (1 + t / t0) after t steps.

    lr0: the first rate. t0 > 0: after so many steps the rate has halved. n: steps an epoch. epochs: how many. The count
    t begins at 0 and goes on through all epochs.

    Returns an array (epochs, n): row e holds the rates of epoch e.
    """
    # BEGIN SOLUTION
    t = np.arange(epochs * n).reshape(epochs, n)
    return lr0 / (1 + t / t0)
    # END SOLUTION


# %%
check(decayed_rates)

# %% [markdown] tags=["key"]
# **Why.** Robbins and Monro (1951): the rates must add up to infinity, so that any distance can be covered, and their
# squares must not, so that the noise dies out. $1/t$ does both. Each further step of epoch $e$ has the number
# $t = en + k$.
#
# | people write | what happens |
# |:--|:--|
# | `t` set to 0 in each epoch | the rate jumps back, and the noise with it |
# | `t` counts epochs | stairs: constant within an epoch |
# | `lr = lr / (1 + t / t0)` | the factors multiply up, and the run stands still |
# | `t // t0` | stairs again |
# | `lr0 / t` | infinite at the first step |
# | `lr0 * exp(-t / t0)` | falls too fast: the rates add up to a finite distance |

# %% [markdown]
# ## 5 · The average of a path
#
# *1 point · starred: optional · in the lesson: "Averaging: the middle of the cloud" · id `sgd.polyak_average`*
#
# The other remedy leaves the rate alone: the points hover *around* the minimum, so take their middle. Watch for the
# axis, and for where the points that count begin.

# %%
def polyak_average(path, burn_in):
    """The mean of the points of a path, its first burn_in points left out (Polyak and Ruppert).

    path: array (T, d), a row a point. burn_in: how many points at the start do not count, 0 <= burn_in < T.

    Returns an array (d,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    return path[burn_in:].mean(axis=0)
    # END SOLUTION


# %%
check(polyak_average)

# %% [markdown] tags=["key"]
# **Why.** Errors to all sides cancel in a mean of points. The running form needs no memory of the path:
# `mean = mean + (w - mean) / k` for the $k$-th point that counts, $k = 1, 2, \dots$
#
# | people write | what happens |
# |:--|:--|
# | `path.mean(axis=0)` | the way down pulls the mean toward the start |
# | `path[burn_in + 1:]` | one point too many is left out |
# | `axis=1`, or none | one number for each point, or for everything |
# | `np.median` | another middle, with more noise |
# | `/ len(path)` | too near to zero |
# | `total = path[burn_in]; total += ...` | writes into the path |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
