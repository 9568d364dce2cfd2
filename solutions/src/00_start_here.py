# %% [markdown]
# # Start here · worksheet
#
# Three short exercises that go with lesson 00: a loss, a running best, a function that counts its calls. You will meet
# all three in every lesson.

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
# Stuck? Write `hint("start.mse")` in a new cell, with the id of your exercise: there are three hints, each plainer
# than the one before. `solution("start.mse")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it goes on with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · The mean squared error
#
# *1 point · in the lesson: "A loss is one number" · id `start.mse`*
#
# How wrong are these predictions? One number says it. Watch for whole numbers of few bits, as pixels are stored: they
# overflow without a word.

# %%
def mse(y, yhat):
    """The mean squared error of predictions: the mean of (y - yhat)^2.

    y, yhat: arrays (n,), n >= 1, of fractions or of whole numbers of any kind (such as int8): what is, and what was
    predicted.

    Returns a number. Changes nothing it is given.
    """
    return np.mean((y.astype(float) - yhat) ** 2)  # SOLUTION


# %%
check(mse)

# %% [markdown] tags=["key"]
# **Why.** The square makes every error count as positive, and large ones more; the mean makes the loss of ten examples
# comparable with that of ten thousand. `astype(float)` makes a copy of fractions: the subtraction can't overflow, and
# the data of whoever called stay as they are.
#
# | people write | what happens |
# |:--|:--|
# | `print(...)` | it can be read, but nobody can compute with it: the function returns `None` |
# | `np.sum` | twice the data, twice the "error" |
# | `np.mean(y - yhat) ** 2` | +1 and -1 cancel before they are squared |
# | `y[:, None] - yhat` | a table of all pairs |
# | `(y - yhat) ** 2` on `int8` | 100 - (-100) is -56 |

# %% [markdown]
# ## 2 · The best so far
#
# *2 points · in the lesson: "Cost and quality" · id `start.best_so_far`*
#
# A run wanders; what it has found so far does not get worse. This is the curve that races are judged by. Watch for NaN:
# a step that failed must not win.

# %%
def best_so_far(values):
    """The smallest value up to each place, as it is drawn in a race: a curve that never rises.

    values: array (n,), n >= 1; a NaN, left by a step that failed, is passed over (the first value is a number).

    Returns a new array (n,) whose entry i is the smallest of values[0], ..., values[i].
    """
    # BEGIN SOLUTION
    return np.fmin.accumulate(values)
    # END SOLUTION


# %%
check(best_so_far)

# %% [markdown] tags=["key"]
# **Why.** `np.fmin` takes the smaller of two numbers and passes over a NaN; `accumulate` does so from left to right and
# keeps every result. A loop with `if value < best` does the same, since no comparison with NaN is true.
#
# | people write | what happens |
# |:--|:--|
# | `values.min()` | one number in the place of a curve |
# | `np.minimum(values[1:], values[:-1])` | the best of the last two: it rises again |
# | `best = 0` at the start | a loss above zero never counts |
# | `np.minimum.accumulate` | the first NaN stays forever |
# | `values[i] = ...` | the losses of the run are gone |

# %% [markdown]
# ## 3 · A function that counts its calls
#
# *2 points · in the lesson: "Cost and quality" · id `start.counted`*
#
# Methods are compared at equal cost, so somebody has to count. Wrap any function so that it does. Watch for keywords,
# and for two functions that must not share one count.

# %%
def counted(f):
    """A function that answers as f does and counts how often it was asked.

    f: any function, with any arguments and keywords.

    Returns a new function g with g(...) equal to f(...); g.calls is the number of calls so far, 0 at first. Each
    function that counted makes has a count of its own.
    """
    # BEGIN SOLUTION
    def asked(*args, **kwargs):
        asked.calls += 1
        return f(*args, **kwargs)

    asked.calls = 0
    return asked
    # END SOLUTION


# %%
check(counted)

# %% [markdown] tags=["key"]
# **Why.** A function in Python is an object and can carry attributes. The inner one keeps its count on itself, so each
# has its own; `*args, **kwargs` hands on whatever comes.
#
# | people write | what happens |
# |:--|:--|
# | `calls = 0` outside, and `global` | two wrapped functions count together |
# | `asked.calls = 1` | the construction is counted as a call |
# | `def asked(x)` | keywords are lost, or raise a TypeError |
# | no `return` before `f(...)` | the answer is `None` |
# | `f(...)` once to count, once to answer | the cost doubles, unseen |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
