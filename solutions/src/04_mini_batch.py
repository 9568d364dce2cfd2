# %% [markdown]
# # Mini-batches and schedules · worksheet
#
# Five exercises that go with lesson 04, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("batch.minibatches")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("batch.minibatches")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · The batches of one epoch
#
# *3 points · in the lesson: "Batches" · id `batch.minibatches`*
#
# Shuffle the deck, deal it out. Watch for what is left over at the end, and for where the randomness comes from.
# Any order is right as long as it is a fresh one.

# %%
def minibatches(n, batch_size, rng):
    """The batches of one epoch: all indices 0 to n - 1 in a fresh random order, cut into pieces.

    n: how many examples, n >= 1. batch_size: how many a batch, at least 1; it may be larger than n.
    rng: a numpy.random.Generator; a second call with it gives another order.

    Returns a list of integer arrays: batches of batch_size, and at the end one of what is left over, if anything is.
    """
    # BEGIN SOLUTION
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]
    # END SOLUTION


# %%
check(minibatches)

# %% [markdown] tags=["key"]
# **Why.** One permutation for the whole epoch makes sure that each example comes exactly once. A slice that reaches
# beyond the end is cut short by Python, so the last, smaller batch needs no special case. The `rng` goes on from call
# to call: the next epoch has another order, and the same seed repeats the whole run.
#
# | people write | what happens |
# |:--|:--|
# | `range(n // batch_size)` | the examples of the last batch are not seen in this epoch |
# | `range(n // batch_size + 1)` | an empty batch when it comes out even: its mean is NaN |
# | `rng.integers(0, n, batch_size)` for each batch | some examples twice, about a third not at all |
# | `np.arange(n)` cut into pieces | sorted data: batches of one class |
# | a shuffle of the batches, or within them | the same examples meet in every epoch |
# | `np.random.default_rng(0)` inside | every epoch is the same |
# | `np.random.shuffle(order)` | the global generator: nobody can repeat the run |

# %% [markdown]
# ## 2 · The training loop
#
# *3 points · in the lesson: "The training loop" · id `batch.train`*
#
# The loop around every method of this course. The method is given as `step`, with a state that may hold more than the
# weights: a velocity, averages, a count. Watch for what is made once, what once an epoch, and what once a batch.

# %%
def train(step, grad, start, X, y, batch_size, epochs, rng):
    """Train in mini-batches: in every epoch a fresh order of the examples, cut into batches, and a step for each.

    step: a function, step(state, g) gives the next state, a tuple whose first entry is the weights w.
    grad: a function, grad(w, X, y) is the gradient (d,) on the examples it is given. start: the state to start from.
    X: array (n, d). y: array (n,). batch_size: at most so many examples a step; the last batch may be smaller.
    epochs: how many passes, at least 1. rng: a numpy.random.Generator.

    Returns (w, history): the last w, and an array (epochs + 1, d) of w at the start and after each epoch.
    """
    # BEGIN SOLUTION
    state, history = start, [start[0]]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            state = step(state, grad(state[0], X[rows], y[rows]))
        history.append(state[0])
    return state[0], np.array(history)
    # END SOLUTION


# %%
check(train)

# %% [markdown] tags=["key"]
# **Why.** The state is made once, the order once an epoch, the step once a batch. `X` and `y` are indexed with the same
# `rows`: an input keeps its answer. The gradient is asked for at the newest weights, which is the whole point of taking
# many small steps.
#
# | people write | what happens |
# |:--|:--|
# | `rng.shuffle(X); rng.shuffle(y)` | inputs get the answers of others, and whoever called has shuffled data |
# | the state made inside a loop | momentum, averages and the count of steps are forgotten |
# | `grad(w, X, y)` in the inner loop | every step costs a whole pass |
# | `order` drawn before the loops | every epoch has the same batches |
# | `history.append` before the inner loop | the curve lags an epoch behind |

# %% [markdown]
# ## 3 · The loss of an epoch
#
# *1 point · in the lesson: "The loss of an epoch" · id `batch.epoch_loss`*
#
# While training, each batch tells its mean loss. Watch for the last batch: it may be small.

# %%
def epoch_loss(batch_means, batch_sizes):
    """The mean loss over all examples of an epoch, from the mean losses of its batches.

    batch_means: array (k,), the mean loss of each batch. batch_sizes: array (k,), how many examples each has.

    Returns a number.
    """
    # BEGIN SOLUTION
    return np.sum(batch_means * batch_sizes) / np.sum(batch_sizes)
    # END SOLUTION


# %%
check(epoch_loss)

# %% [markdown] tags=["key"]
# **Why.** A mean times its size is the sum it came from; sums may be added. Only when all batches are of one size is
# the mean of the means the same.
#
# | people write | what happens |
# |:--|:--|
# | `np.mean(batch_means)` | an example in the small last batch counts for more |
# | the loss of the last batch, after the loop | the curve shows a single batch, and jumps |
# | `total / n_batches` with sums in `total` | the curve is too high by the batch size |
# | `len(batch_sizes) * batch_size` below | too low when the last batch is small |

# %% [markdown]
# ## 4 · How noisy is a batch?
#
# *2 points · starred: optional · in the lesson: "The noise of a batch" · id `batch.gradient_variance`*
#
# A batch's gradient scatters around the full one. Measure by how much. The answer is a random number, so the check asks
# whether it is right on average, and judges with the exact value from all possible batches of a small data set.

# %%
def grad_variance(grad, w, X, y, batch_size, draws, rng):
    """The variance of a batch's gradient, estimated: the mean squared distance of such gradients to the full one.

    grad: a function, grad(w, X, y) is the gradient (d,) on the examples it is given. w: array (d,).
    X: array (n, d). y: array (n,). batch_size: how many different examples a batch has, at most n.
    draws: how many batches to draw, at least 2, each independent of the others. rng: a numpy.random.Generator.

    Returns a number: the mean over the draws of the squared length of (the batch's gradient - the full gradient).
    """
    # BEGIN SOLUTION
    full, squares = grad(w, X, y), []
    for _ in range(draws):
        rows = rng.choice(len(y), batch_size, replace=False)
        squares.append(np.sum((grad(w, X[rows], y[rows]) - full) ** 2))
    return np.mean(squares)
    # END SOLUTION


# %%
check(grad_variance)

# %% [markdown] tags=["key"]
# **Why.** The full gradient is what the batches scatter around, and it is known, so nothing needs to be estimated but
# the mean square itself. Batches of distinct examples scatter less than independent ones, by $(n-b)/(n-1)$: a batch of
# all examples has no noise at all.
#
# | people write | what happens |
# |:--|:--|
# | `found.var(axis=0).sum()` | measured around the draws' own mean: too small by (draws − 1)/draws |
# | `np.linalg.norm(...)` without `**2` | a distance, not a variance |
# | `rows` drawn before the loop | all draws say the same |
# | `rng.integers(0, n, batch_size)` | an example may come twice: too large |
# | `np.mean((g - full)**2)` | the variance of one coordinate on average |

# %% [markdown]
# ## 5 · Up and down: warm-up and cosine
#
# *2 points · in the lesson: "Schedules" · id `batch.warmup_cosine`*
#
# A schedule that many large models are trained with. Watch for the knots: the first step, the end of the warm-up,
# the end.

# %%
def warmup_cosine(t, T, base, warmup, final):
    """The learning rate at step t: a linear warm-up to base, then half a cosine down to final.

    t: the steps taken so far, 0 <= t <= T. T: the steps of the whole run. base: the highest rate.
    warmup: how many steps the warm-up has, 0 <= warmup < T; in step t < warmup the rate is (t + 1)/warmup of base.
    final: the rate that is reached at t = T. At t = warmup the rate is base.

    Returns a number.
    """
    # BEGIN SOLUTION
    if t < warmup:
        return base * (t + 1) / warmup
    s = (t - warmup) / (T - warmup)
    return final + (base - final) * (1 + np.cos(np.pi * s)) / 2
    # END SOLUTION


# %%
check(warmup_cosine)

# %% [markdown] tags=["key"]
# **Why.** $s$ runs from 0 at the end of the warm-up to 1 at the end of the run, and $(1+\cos \pi s)/2$ from 1 to 0: flat
# at both ends, steep between. Mixing `base` and `final` with these weights meets both knots exactly.
#
# | people write | what happens |
# |:--|:--|
# | `base * t / warmup` | the first batch is for nothing: a step of length 0 |
# | `cos(pi * s)` without `(1 + ...)/2` | a negative rate in the second half: it climbs |
# | `t / T` in the cosine | a jump at the end of the warm-up |
# | `cos(s)` | hardly falls |
# | `t` of the epoch in place of the run | the rate starts anew in each epoch |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
