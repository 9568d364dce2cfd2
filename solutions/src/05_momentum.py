# %% [markdown]
# # Momentum and Nesterov · worksheet
#
# Five exercises that go with lesson 05, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("momentum.step")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("momentum.step")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · A running average that forgets
#
# *2 points · in the lesson: "An average that forgets" · id `momentum.ema`*
#
# Momentum is an average of gradients that forgets the old ones little by little. Here is that average on its own,
# for a series of numbers. Watch for the start: an average that begins at 0 is too small for a while, and the
# correction mends what you *note*, not what you carry on with.

# %%
def ema(xs, beta, correct=False):
    """The exponential moving average of a series: m = beta m + (1 - beta) x, starting from m = 0.

    xs: array (n,), n >= 1. beta: a number in [0, 1). correct: whether to divide the t-th average, t = 1, 2, ...,
    by 1 - beta^t, which makes the average of a constant series that constant.

    Returns the n averages, an array (n,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    m, averages = 0.0, []
    for t, x in enumerate(xs, start=1):
        m = beta * m + (1 - beta) * x
        averages.append(m / (1 - beta**t) if correct else m)
    return np.array(averages)
    # END SOLUTION


# %%
check(ema)

# %% [markdown] tags=["key"]
# **Why.** After $t$ data the weights $(1-\beta)\beta^{t-k}$ add up to $1 - \beta^t$ and not to 1: the rest still
# belongs to the 0 we began with. Dividing by that sum makes it a true average at every moment. Adam (lesson 07) does
# the same and calls it bias correction.
#
# | people write | what happens |
# |:--|:--|
# | the two weights swapped | with $\beta$ near 1 hardly anything is remembered |
# | no $(1-\beta)$ before the datum | a sum that grows toward $1/(1-\beta)$ times the data |
# | `enumerate(xs)` in the correction | counts from 0 and divides by $1 - \beta^0 = 0$ |
# | the corrected value carried on | every correction is corrected again |
# | `m = xs[0]` to begin with | another average, sensible too, but not this one |
# | `xs[i] = m` | the data of whoever called are gone |

# %% [markdown]
# ## 2 · One step of the heavy ball
#
# *3 points · in the lesson: "The heavy ball" · id `momentum.step`*
#
# One update of point and velocity. The two lines look harmless; nearly everything that can go wrong with momentum
# goes wrong in them. Watch for signs, for which velocity moves the point, and for `+=` on what you are given.

# %%
def momentum_step(x, v, g, lr, beta):
    """One step of momentum, the heavy ball: v = beta v - lr g, then x = x + v.

    x, v, g: arrays of one shape: the point, its velocity, the gradient at the point. lr, beta: numbers.

    Returns the new pair (x, v). Changes nothing it is given: no +=, -=, *= on x or v.
    """
    # BEGIN SOLUTION
    v = beta * v - lr * g
    x = x + v
    return x, v
    # END SOLUTION


# %%
check(momentum_step)

# %% [markdown] tags=["key"]
# **Why.** The velocity hears the gradient first, then the point moves by the *new* velocity. The rate is inside the
# velocity already, so it does not appear in the second line. In this spelling $v$ is the very step that is taken.
#
# | people write | what happens |
# |:--|:--|
# | `v = -lr * g` | the history is gone: plain gradient descent |
# | `v = beta * v + lr * g; x = x + v` | climbs |
# | `v = beta * v + (1 - beta) * ...` | the averaged form: steps $1/(1-\beta)$ times shorter at the same rate |
# | `v = beta * v + g; x = x - lr * v` | PyTorch's form: the same path, until the rate changes |
# | `x + lr * v` | the rate counts twice |
# | `v *= beta` | changes the velocity of whoever called |

# %% [markdown]
# ## 3 · Nesterov: look before you leap
#
# *3 points · in the lesson: "Nesterov looks ahead" · id `momentum.nesterov`*
#
# Nesterov's idea: the velocity will carry us to `x + beta * v` anyway, so ask for the slope *there*. Watch for what
# you note: the path consists of the points `x`, not of the places where you looked.

# %%
def nesterov_path(grad, x0, lr, beta, n):
    """The path of n steps of Nesterov's momentum from rest: v = beta v - lr grad(x + beta v), then x = x + v.

    grad: a function, (d,) to (d,). x0: array (d,), the start. lr, beta: numbers. n: how many steps, n >= 0.

    Returns the path, an array (n + 1, d) whose first row is x0. Asks for one gradient a step and changes nothing.
    """
    # BEGIN SOLUTION
    x, v = x0, np.zeros_like(x0)
    path = [x]
    for _ in range(n):
        v = beta * v - lr * grad(x + beta * v)
        x = x + v
        path.append(x)
    return np.array(path)
    # END SOLUTION


# %%
check(nesterov_path)

# %% [markdown] tags=["key"]
# **Why.** Only the argument of `grad` differs from the heavy ball. On the way up the far wall the gradient ahead
# already pulls back, so the ball brakes one step earlier: less swinging, and Nesterov (1983) proved the better rate
# for all convex functions, not for bowls alone.
#
# | people write | what happens |
# |:--|:--|
# | `grad(x)` | the plain heavy ball |
# | `grad(x + v)` | looks too far: only `beta * v` of the velocity survives |
# | `grad(x - beta * v)` | looks back |
# | steps from the point ahead | `beta * v` counts twice |
# | notes the points ahead | a path of places where nobody has been |
# | `x += v` | all rows of the path are the last point |

# %% [markdown]
# ## 4 · The best constants for a bowl
#
# *2 points · in the lesson: "The best pair" · id `momentum.optimal_heavy_ball`*
#
# For a bowl the best pair of constants is known (Polyak, 1964). Watch for what is squared, and for where a root
# stands.

# %%
def optimal_heavy_ball(L, mu):
    """The rate and the beta with which the heavy ball is fastest on a bowl with curvatures from mu to L.

    L, mu: numbers, L >= mu > 0. With the pair returned the error shrinks by (sqrt(kappa) - 1)/(sqrt(kappa) + 1) a
    step in the long run, where kappa = L/mu; no other pair does better.

    Returns the pair of numbers (lr, beta).
    """
    # BEGIN SOLUTION
    lr = 4 / (np.sqrt(L) + np.sqrt(mu)) ** 2
    beta = ((np.sqrt(L) - np.sqrt(mu)) / (np.sqrt(L) + np.sqrt(mu))) ** 2
    return lr, beta
    # END SOLUTION


# %%
check(optimal_heavy_ball)

# %% [markdown] tags=["key"]
# **Why.** In each direction two steps of the heavy ball are tied by a quadratic equation, and where its roots are
# complex the distance shrinks by $\sqrt\beta$ a step, whatever the curvature. The pair makes both ends of the range,
# $\mu$ and $L$, touch that region; there $\sqrt\beta = (\sqrt L - \sqrt\mu)/(\sqrt L + \sqrt\mu)$.
# So it is the *root* of the condition number that counts.
#
# | people write | what happens |
# |:--|:--|
# | $\beta$ without the square | far too much momentum: it swings for long |
# | $2/(L+\mu)$ | the best rate of plain descent; the heavy ball may go further |
# | the rate without its square | too long by far on a steep bowl: it diverges |
# | $L$ and $\mu$ without the roots | the constants of no method |
# | `return beta, lr` | the contract has the rate first |

# %% [markdown]
# ## 5 · From the averaged form to the heavy ball
#
# *1 point · starred: optional · in the lesson: "Three spellings" · id `momentum.to_heavy_ball`*
#
# Books and libraries spell momentum in different ways. Two of them take the same path if the rates fit; this is the
# exchange rate. Watch for the direction: which of the two needs the smaller number?

# %%
def to_heavy_ball(lr_ema, beta):
    """The rate with which the heavy ball follows the path of momentum in the averaged form.

    The averaged form is m = beta m + (1 - beta) g, x = x - lr_ema m, the heavy ball v = beta v - lr g, x = x + v,
    both from rest. lr_ema, beta: numbers, 0 <= beta < 1.

    Returns the number lr.
    """
    # BEGIN SOLUTION
    return lr_ema * (1 - beta)
    # END SOLUTION


# %%
check(to_heavy_ball)

# %% [markdown] tags=["key"]
# **Why.** Put $v = -\alpha_\text{ema}\, m$ into the averaged form: $v = \beta v - \alpha_\text{ema}(1-\beta)\, g$.
# That is the heavy ball with the rate $\alpha_\text{ema}(1-\beta)$. With $\beta = 0.9$ a rate taken over from the
# other form without change makes steps ten times too long, or too short.
#
# | people write | what happens |
# |:--|:--|
# | `lr_ema / (1 - beta)` | the wrong way round |
# | `lr_ema` | the steps differ by the factor $1/(1-\beta)$ |
# | `lr_ema * beta` | the weight of the old average, not that of the gradient |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
