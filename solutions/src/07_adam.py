# %% [markdown]
# # Adam and its family · worksheet
#
# Five exercises that go with lesson 07, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("adam.step")` in a new cell, with the id of your exercise: there are three hints, each plainer than
# the one before. `solution("adam.step")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · The bias, removed
#
# *1 point · in the lesson: "The bias, and its cure" · id `adam.bias_correct`*
#
# An average that begins at 0 is too small for a while. Here is the remedy on its own, for the average as it stands after
# $t$ steps. Watch for brackets, and for where the power belongs.

# %%
def bias_correct(m, beta, t):
    """An average m = beta m + (1 - beta) g that began at 0, freed of its bias toward that 0.

    m: array of any shape, the average after t steps. beta: a number in [0, 1). t: steps taken, t >= 1.

    Returns an array of the same shape; where g was the same at every step, it is that g. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    return m / (1 - beta**t)
    # END SOLUTION


# %%
check(bias_correct)

# %% [markdown] tags=["key"]
# **Why.** Unroll the average: $m_t = (1-\beta)\sum_{k=1}^t \beta^{t-k} g_k$. The shares $(1-\beta)\beta^{t-k}$ add up to
# $1-\beta^t$, a geometric series. If every $g_k$ has the same mean, $m_t$ has $1-\beta^t$ times that mean: divide by it.
#
# | people write | what happens |
# |:--|:--|
# | `m / (1 - beta)` | right at $t = 1$, ten times too large in the end with $\beta = 0.9$ |
# | `m / (1 - beta ** (t - 1))` | 0/0 at the first step |
# | `m / 1 - beta ** t` | subtracts: the brackets are missing |
# | `m / ((1 - beta) * t)` | as if the shares did not shrink |
# | `m /= ...` | the caller's average is corrected too, and corrected again at the next step |

# %% [markdown]
# ## 2 · One step of Adam
#
# *4 points · in the lesson: "Adam, the two together" · id `adam.step`*
#
# Momentum's average over RMSProp's root, both corrected. Seven short lines, and about thirty ways to get them wrong.
# Watch for which $t$ the corrections use, for the brackets around the root and `eps`, and for what is handed on: the
# averages, not the hats.

# %%
def adam_step(x, m, v, t, g, lr, beta1, beta2, eps):
    """One step of Adam, with both averages corrected, and eps outside the root.

    x, m, v, g: arrays of one shape: the point, the average gradient, the average square, the gradient at the point.
    t: the steps taken before this one, a whole number, 0 at the start. lr, beta1, beta2, eps: numbers.

    Returns the new (x, m, v, t): m and v as they are before the correction, t counted up. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
    return x, m, v, t
    # END SOLUTION


# %%
check(adam_step)

# %% [markdown] tags=["key"]
# **Why.** `t` grows first, so that the first step has $t = 1$ and its corrections give back $g$ and $g^2$ themselves: the
# first step is the rate, in every coordinate, whatever the size of the gradient. The hats are for this step only; what
# goes on are the plain averages, since the next correction counts from the very beginning again.
#
# | people write | what happens |
# |:--|:--|
# | no hats | the first step is $\sqrt{10}$ times the rate with the usual betas, the twelfth 6.57 times |
# | `1 - beta1` for `1 - beta1**t` | right once, then the steps are far off |
# | `beta1**t` with the old `t` | divides by 0 at the first step |
# | `np.sqrt(v_hat + eps)` | `eps` weighs as much as its root |
# | `lr * m_hat / np.sqrt(v_hat) + eps` | `eps` is added to the weights |
# | `return x, m_hat, v_hat, t` | corrected again and again |
# | `m *= beta1` | changes the memory of whoever called |

# %% [markdown]
# ## 3 · Many arrays, one clock
#
# *3 points · in the lesson: "Many arrays, one clock" · id `adam.all`*
#
# A network has many arrays, each with averages of its own. Watch for the clock: one step of the whole network is one
# step, however many arrays there are. And for arrays without a gradient, such as a layer that is kept fixed.

# %%
def adam_all(params, m, v, t, grads, lr, beta1, beta2, eps):
    """One step of Adam on several arrays, such as the weights and biases of a network.

    params, m, v: dicts with the same names; each entry is an array: the weights, their average gradient, their average
    square. t: the steps taken before this one, one whole number for all. grads: a dict of gradients; an array whose
    name it lacks stays as it is, its averages too. lr, beta1, beta2, eps: numbers.

    Returns the new (params, m, v, t), three new dicts and a number. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    t = t + 1
    params, m, v = dict(params), dict(m), dict(v)
    for k, g in grads.items():
        m[k] = beta1 * m[k] + (1 - beta1) * g
        v[k] = beta2 * v[k] + (1 - beta2) * g**2
        params[k] = params[k] - lr * m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps)
    return params, m, v, t
    # END SOLUTION


# %%
check(adam_all)

# %% [markdown] tags=["key"]
# **Why.** Each array is a case for itself: own averages, own steps. What they share is the number of steps. It grows
# once, before the loop. An array without a gradient did not take part: neither its weights nor its averages change. (A
# gradient of 0 is something else: then the averages fade, and the weights roll on for a while.)
#
# | people write | what happens |
# |:--|:--|
# | `t += 1` inside the loop | with ten arrays the clock runs ten times too fast |
# | `return` inside the loop | the first array learns, the others never do |
# | `for k in params: g = grads[k]` | stops at the first array that is kept fixed |
# | `grads.get(k, 0)` | the fixed array goes on moving |
# | `params[k] -= ...` on `dict(params)` | a copy of a dict holds the same arrays |

# %% [markdown]
# ## 4 · Decay beside the moments
#
# *2 points · in the lesson: "Weight decay is not L2" · id `adam.adamw_step`*
#
# Adam, and a pull of the weights toward 0 that every weight feels alike. Watch for what the pull must not pass through.
# `weight_decay` may be an array: 0 where a weight is spared.

# %%
def adamw_step(x, m, v, t, g, lr, beta1, beta2, eps, weight_decay):
    """One step of AdamW: Adam's step, and a pull of the weights toward 0 that does not pass through the averages.

    x, m, v, t, g, lr, beta1, beta2, eps: as in adam_step. weight_decay: a number, or an array of x's shape that is 0
    where a weight is spared, such as for biases. The weights lose the share lr * weight_decay of their old value.

    Returns the new (x, m, v, t). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    x = x - lr * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * x)
    return x, m, v, t
    # END SOLUTION


# %%
check(adamw_step)

# %% [markdown] tags=["key"]
# **Why.** In plain gradient descent the slope of an L2 penalty, $\lambda x$, shrinks every weight by the share
# $\alpha\lambda$ a step. Adam divides whatever is in the gradient by $\sqrt{\hat v}$: put the penalty there, and weights
# with large gradients are hardly pulled at all. Loshchilov and Hutter (2019) take it out again.
#
# | people write | what happens |
# |:--|:--|
# | `g = g + weight_decay * x` | L2: the pull is divided by the root |
# | `(m_hat + weight_decay * x) / ...` | the same by another way |
# | `x - weight_decay * x` | the share does not fall with the rate |
# | `new_x * (1 - lr * weight_decay)` | Adam's step is shrunk as well |

# %% [markdown]
# ## 5 · A memory that does not fade
#
# *2 points · starred: optional · in the lesson: "Where Adam fails" · id `adam.amsgrad_step`*
#
# Adam with one more memory: the largest average square that each coordinate has had. Watch for what `u` compares, for
# what is corrected, and when.

# %%
def amsgrad_step(x, m, v, u, t, g, lr, beta1, beta2, eps):
    """One step of AMSGrad: Adam, divided by the root of the largest average square so far.

    x, m, v, t, g, lr, beta1, beta2, eps: as in adam_step. u: array, the largest v so far in each coordinate, 0 at the
    start. As in PyTorch the largest is taken of the averages as they are, and then corrected like v.

    Returns the new (x, m, v, u, t): m, v and u as they are before the correction. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    u = np.maximum(u, v)
    m_hat = m / (1 - beta1**t)
    u_hat = u / (1 - beta2**t)
    x = x - lr * m_hat / (np.sqrt(u_hat) + eps)
    return x, m, v, u, t
    # END SOLUTION


# %%
check(amsgrad_step)

# %% [markdown] tags=["key"]
# **Why.** Where $v$ falls, Adam's steps grow again. $u$ never falls, so a rare large gradient keeps its weight and the
# steps can only shrink. Three conventions are in use: the paper corrects nothing; PyTorch takes the largest $v$ and
# corrects it (as here); some programs take the largest $\hat v$.
#
# | people write | what happens |
# |:--|:--|
# | `np.max(...)` | one step size for all coordinates |
# | `v = np.maximum(u, v)` | the average itself never falls |
# | `np.maximum(u, g**2)` | one outlier rules at full weight |
# | `v_hat` under the root | plain Adam, with a memory that nobody asks |
# | `u` not returned | the largest value is forgotten at once |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
