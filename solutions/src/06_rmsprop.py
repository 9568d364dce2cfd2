# %% [markdown]
# # Adagrad and RMSProp · worksheet
#
# Four exercises that go with lesson 06. This is the one notebook where you write, and the one that is handed in.

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
# Stuck? Write `hint("adagrad.step")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("adagrad.step")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · One step of Adagrad
#
# *3 points · in the lesson: "A rate for each coordinate" · id `adagrad.step`*
#
# Every coordinate keeps an account of the squares of its gradients, and divides its step by the root of the balance.
# Two lines of NumPy; watch for the order of the two, for brackets, and for `+=` on what you are given.

# %%
def adagrad_step(x, s, g, lr, eps):
    """One step of Adagrad: s = s + g^2, then x = x - lr g / (sqrt(s) + eps), coordinate by coordinate.

    x, s, g: arrays of one shape: the point, the sum of squares so far, the gradient at the point. lr, eps: numbers;
    eps stands outside the root. A coordinate with s = 0 and g = 0 stays where it is, without a warning.

    Returns the new pair (x, s). Changes nothing it is given: no +=, -= on x or s.
    """
    # BEGIN SOLUTION
    s = s + g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return x, s
    # END SOLUTION


# %%
check(adagrad_step)

# %% [markdown] tags=["key"]
# **Why.** The root of a sum of squares has the unit of a gradient, so $g/\sqrt s$ has none: how steep a coordinate is
# cancels out, and only the *pattern* of its gradients over time is left. The new square is counted before it divides, so
# that the very first step is $\alpha$ long and not $\alpha g/\epsilon$.
#
# | people write | what happens |
# |:--|:--|
# | `s + g` | signs cancel, and the root of a negative sum is NaN |
# | `/ (s + eps)` | steep coordinates take *shorter* steps than flat ones |
# | `s = g**2` | no memory: every coordinate moves by $\alpha$ forever |
# | `np.sqrt(s + eps)` | another method where `s` is small: the divisor is never below $\sqrt\epsilon$ |
# | no `eps` | 0/0 in a coordinate that has had no gradient yet |
# | `lr * g / np.sqrt(s) + eps` | eps is added to the step |
# | `(g**2).sum()` | one account for all: one rate for all |
# | `s += g**2` | changes the squares of whoever called |

# %% [markdown]
# ## 2 · One step of RMSProp
#
# *3 points · in the lesson: "RMSProp: an account that forgets" · id `rmsprop.step`*
#
# The same two lines, but the account forgets: in the place of the sum stands the running average that you know from
# lesson 05. Watch for which weight belongs to what.

# %%
def rmsprop_step(x, s, g, lr, rho, eps):
    """One step of RMSProp: s = rho s + (1 - rho) g^2, then x = x - lr g / (sqrt(s) + eps), coordinate by coordinate.

    x, s, g: arrays of one shape: the point, the average square so far, the gradient at the point. lr, rho, eps:
    numbers; rho is the share of s that is kept, and eps stands outside the root. There is no bias correction. A
    coordinate with s = 0 and g = 0 stays where it is, without a warning.

    Returns the new pair (x, s). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    s = rho * s + (1 - rho) * g**2
    x = x - lr * g / (np.sqrt(s) + eps)
    return x, s
    # END SOLUTION


# %%
check(rmsprop_step)

# %% [markdown] tags=["key"]
# **Why.** A sum can only grow, so Adagrad's steps can only shrink. An average follows the gradients of about the last
# $1/(1-\rho)$ steps: where they become smaller the coordinate speeds up again. Starting from 0 the average is too small
# at first, and the first step is $1/\sqrt{1-\rho}$ times as long as $\alpha$; Adam will correct that.
#
# | people write | what happens |
# |:--|:--|
# | `s + g**2` | Adagrad |
# | `(1 - rho) * s + rho * g**2` | with $\rho$ near 1 nothing is remembered |
# | `rho * s + g**2` | $s$ settles $1/(1-\rho)$ times too high: steps 3.2 times too short at $\rho = 0.9$ |
# | `rho * s + (1 - rho) * g` | an average of gradients: that is momentum |
# | `s / (1 - rho**t)` | Adam's correction, not asked for |
# | `np.mean(g**2)` | one average for all coordinates |
# | `return x` | the next step has no average |

# %% [markdown]
# ## 3 · The rate that each coordinate gets
#
# *1 point · in the lesson: "What eps is for" · id `rmsprop.effective_rate`*
#
# Whoever debugs a training run wants to see it: how fast does each weight move at present? The lesson draws the answer
# as a picture of 8 × 8 pixels.

# %%
def effective_rate(s, lr, eps):
    """The rate at which each coordinate moves: the number that its gradient is multiplied with in a step.

    s: array of any shape, the accumulated squares of Adagrad or RMSProp, at least 0. lr, eps: numbers; eps stands
    outside the root.

    Returns an array of the shape of s. Where s = 0 it is lr / eps, without a warning. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    return lr / (np.sqrt(s) + eps)
    # END SOLUTION


# %%
check(effective_rate)

# %% [markdown] tags=["key"]
# **Why.** The step is $-\alpha g/(\sqrt s+\epsilon)$, so $\alpha/(\sqrt s+\epsilon)$ is a learning rate, one a
# coordinate. It is never above $\alpha/\epsilon$, and that is the whole use of $\epsilon$.
#
# | people write | what happens |
# |:--|:--|
# | `s.mean()` or `s.sum()` | one rate for all |
# | `lr / np.sqrt(s) + eps` | eps is added to the rate |
# | `lr * np.sqrt(s)` | the wrong way round: what was steep gets faster |
# | no `eps` | infinite where a gradient has never come |

# %% [markdown]
# ## 4 · Turn a landscape
#
# *3 points · in the lesson: "Turn the valley" · id `rmsprop.rotate`*
#
# The lesson asks what becomes of a method when the landscape is turned. For that we need an objective made from
# another one: a thing that can be called for its value and asked for its gradient. A small class inside the function
# does it. Watch for the gradient: which way is it turned?

# %%
def rotate(f, theta):
    """The objective f of two variables, its landscape turned counterclockwise about the origin by theta radians.

    f: an objective: f(x) is its value and f.grad(x) its gradient, for x of shape (2,) or (n, 2), one point a row.
    theta: a number. With R = [[cos, -sin], [sin, cos]] the new value at x is f(R^T x): what was at p is now at R p.

    Returns an objective of the same kind, say turned: turned(x) is its value, turned.grad(x) its gradient.
    """
    # BEGIN SOLUTION
    c, s = np.cos(theta), np.sin(theta)
    R = np.array([[c, -s], [s, c]])

    class Turned:
        def __call__(self, x):
            return f(x @ R)

        def grad(self, x):
            return f.grad(x @ R) @ R.T

    return Turned()
    # END SOLUTION


# %%
check(rotate)

# %% [markdown] tags=["key"]
# **Why.** A column is turned by $Rx$ and turned back by $R^\top x$. For a row the order is reversed, so `x @ R` turns
# every row of `x` back. By the chain rule the gradient of $f(R^\top x)$ is $R\,\nabla f(R^\top x)$: the point is turned
# back, the arrow is turned forward. Finite differences on the new objective tell whether both fit.
#
# | people write | what happens |
# |:--|:--|
# | `f.grad(x @ R)` | an arrow in the old frame: it does not point uphill here |
# | `f.grad(x @ R) @ R` | turned back twice |
# | `x @ R.T` in both | a landscape turned clockwise |
# | `f.grad(x)` | the gradient of another landscape |
# | `[[c, s], [s, c]]` | no rotation: it stretches |
# | `R.T @ x` | right for one point, and nonsense for several |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
