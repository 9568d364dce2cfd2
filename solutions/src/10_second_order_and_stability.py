# %% [markdown]
# # Second order and stability · worksheet
#
# Eleven exercises that go with lesson 10, three of them optional: five on Newton and his relatives, six on keeping
# training stable. This is the one notebook where you write, and the one that is handed in.

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
# Stuck? Write `hint("newton.path")` in a new cell, with the id of your exercise: there are three hints, each plainer
# than the one before. `solution("newton.path")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · Newton's path
#
# *3 points · in the lesson: "Newton's step" · id `newton.path`*
#
# Near a point every smooth function looks like a parabola with the slope $g$ and the curvature $H$. One step goes to
# where that parabola is level. Watch for what is asked anew at every point, and for a system of equations that is solved
# rather than divided.

# %%
def newton_path(grad, hess, x0, n):
    """The path of n steps of Newton's method: each goes to the level point of the parabola that fits at x.

    grad: a function, (d,) to (d,). hess: a function, (d,) to (d, d). x0: array (d,), the start. n: how many steps,
    n >= 0. No Hessian on the way is singular, but not all are positive definite.

    Returns the path, an array (n + 1, d) whose first row is x0. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    path = [x0]
    for _ in range(n):
        x = path[-1]
        path.append(x - np.linalg.solve(hess(x), grad(x)))
    return np.array(path)
    # END SOLUTION


# %%
check(newton_path)

# %% [markdown] tags=["key"]
# **Why.** The parabola $f(x) + g^\top p + \tfrac12 p^\top H p$ is level where $g + H p = 0$. So $p$ solves $H p = -g$. On a
# bowl the parabola *is* the function, and one step arrives. `np.linalg.solve` is faster and more exact than the inverse.
#
# | people write | what happens |
# |:--|:--|
# | `x + solve(H, g)` | walks away from the level point |
# | `x - H @ g` | long steps where the ground is steep: the wrong way round |
# | `g / np.diag(H)` | right on bowls along the axes alone |
# | `hess(x0)` before the loop | the right digits no longer double |
# | `x -= ...` | all rows of the path are the last point, and `x0` has moved |

# %% [markdown]
# ## 2 · A step that is sure to fall
#
# *2 points · in the lesson: "A step that is sure to fall" · id `newton.backtracking`*
#
# Newton's step may be too long, and so may any other. The remedy is as old as it is short: try the full step, and shorten
# it until $f$ falls by at least the share $c$ of what the slope promises (Armijo, 1966). Watch for what a step of length $t$
# promises, and for directions that climb.

# %%
def backtracking(f, g, x, d, c=1e-4, rho=0.5, most=40):
    """The step length by backtracking: the first t of 1, rho, rho^2, ... with f(x + t d) <= f(x) + c t (g . d).

    f: a function, (d,) to a number. g: array (d,), its gradient at x. x: array (d,). d: array (d,), the direction.
    c: the share of the promised fall that is asked for, 0 < c < 1. rho: the factor after a refusal, 0 < rho < 1.
    most: after so many refusals t = rho^most is returned untried, so that a direction that climbs ends the search too.

    Returns the number t. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    t = 1.0
    for _ in range(most):
        if f(x + t * d) <= f(x) + c * t * (g @ d):
            break
        t = rho * t
    return t
    # END SOLUTION


# %%
check(backtracking)

# %% [markdown] tags=["key"]
# **Why.** For small $t$ the function falls by about $t\,|g \cdot d|$, so with $c < 1$ some $t$ will do, as long as $d$ points
# downhill. Asking only for *some* fall is not enough: the falls may shrink so quickly that the run stops at no minimum.
#
# | people write | what happens |
# |:--|:--|
# | `f(x + t * d) < f(x)` | zigzags with falls that go to nothing |
# | `c * (g @ d)` without `t` | asks a short step for the fall of a long one |
# | `- c * t * (g @ d)` | accepts steps that climb |
# | `while True` | a direction that climbs is searched forever |
# | `t = t - rho` | negative lengths |

# %% [markdown]
# ## 3 · A Hessian that points downhill
#
# *2 points · in the lesson: "Always downhill" · id `newton.make_pd`*
#
# Newton's step goes uphill along every direction whose curvature is negative. Raise those curvatures, and it goes downhill
# in all of them. Watch for the difference between an entry and an eigenvalue.

# %%
def make_pd(H, tau):
    """The matrix with the eigenvectors of H, and with each eigenvalue below tau raised to tau.

    H: symmetric array (d, d). tau: a number > 0.

    Returns a symmetric array (d, d) with no eigenvalue below tau. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    values, vectors = np.linalg.eigh(H)
    return vectors @ np.diag(np.maximum(values, tau)) @ vectors.T
    # END SOLUTION


# %%
check(make_pd)

# %% [markdown] tags=["key"]
# **Why.** Along an eigenvector with the eigenvalue $\lambda$ Newton's step is $-g/\lambda$. With $\lambda < 0$ that is uphill, with a
# tiny $\lambda$ it is enormous. Raising what is below $\tau$ mends both and leaves good directions alone. (Turning $\lambda$ into
# $|\lambda|$ is a good idea too, the *saddle-free* method.)
#
# | people write | what happens |
# |:--|:--|
# | `np.abs(H)` | entries are not eigenvalues |
# | `H + tau * np.eye(d)` | shifts all eigenvalues, and perhaps not far enough |
# | `values[values < 0] = tau` | a tiny positive one still makes an enormous step |
# | `V.T @ ... @ V` | `eigh` gives the eigenvectors as columns |
# | `H += ...` | changes the Hessian of whoever called |

# %% [markdown]
# ## 4 · Curvature learned from gradients
#
# *3 points · in the lesson: "Curvature from gradients alone" · id `newton.bfgs_update`*
#
# After a step $s$ the gradient has changed by $y$. So the true Hessian maps $s$ to about $y$, and an estimate should do so
# as well. BFGS changes it as little as it can. Watch for outer products, and for steps that saw no upward curvature.

# %%
def bfgs_update(B, s, y):
    """The BFGS update of an estimated Hessian: B - (B s)(B s)^T / (s . B s) + y y^T / (y . s).

    B: symmetric positive definite array (d, d). s: array (d,), the step x took. y: array (d,), what the gradient
    changed by. Where s . y <= 0, the update is skipped and B is returned as it is.

    Returns the new estimate, an array (d, d): symmetric, positive definite, and it maps s to y. Changes nothing it
    is given.
    """
    # BEGIN SOLUTION
    if s @ y <= 0:
        return B
    Bs = B @ s
    return B - np.outer(Bs, Bs) / (s @ Bs) + np.outer(y, y) / (y @ s)
    # END SOLUTION


# %%
check(bfgs_update)

# %% [markdown] tags=["key"]
# **Why.** The new matrix maps $s$ to $Bs - Bs + y = y$: the first term is eaten by the second, the third gives $y$. It stays
# positive definite exactly when $s \cdot y > 0$, so otherwise the update is skipped.
#
# | people write | what happens |
# |:--|:--|
# | `Bs @ Bs`, `y * y` | a number and a vector where a matrix belongs |
# | no look at `s @ y` | a negative eigenvalue, and steps that climb |
# | s and y exchanged | the rule for the inverse (DFP) |
# | no second term | curvature is counted twice |
# | `B -= ...` | the estimate of whoever called has changed |

# %% [markdown]
# ## 5 · Logistic regression by Newton
#
# *3 points · starred: optional · in the lesson: "Real data: logistic regression in a handful of steps" · id `newton.logistic`*
#
# Logistic regression is where Newton is at home: convex, smooth, few weights. Under the name *iteratively reweighted least
# squares* it is what statistics packages run. Watch for the intercept, which is not penalized, and for the mean.

# %%
def logistic_newton(X, y, lam, n):
    """The weights of a logistic regression after n steps of Newton's method from 0, the intercept first.

    The loss is the mean over the m examples of -log p(y | x), plus lam/2 times the sum of the squared weights
    *without* the intercept. X: array (m, d), no column of ones. y: array (m,) of 0 and 1. lam: a number > 0.
    n: how many steps, n >= 1.

    Returns w, an array (1 + d,), with p(1 | x) = 1 / (1 + exp(-(w[0] + x . w[1:]))). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    A = np.column_stack([np.ones(len(X)), X])
    P = lam * np.diag([0.0] + [1.0] * X.shape[1])
    w = np.zeros(A.shape[1])
    for _ in range(n):
        p = 1 / (1 + np.exp(-A @ w))
        g = A.T @ (p - y) / len(y) + P @ w
        H = (A.T * (p * (1 - p))) @ A / len(y) + P
        w = w - np.linalg.solve(H, g)
    return w
    # END SOLUTION


# %%
check(logistic_newton)

# %% [markdown] tags=["key"]
# **Why.** The loss of one example has the slope $p - y$ and the curvature $p(1-p)$ in $z = w \cdot x$. By the chain rule the
# gradient is $A^\top(p-y)/m$ and the Hessian $A^\top \mathrm{diag}(p(1-p))\,A/m$; the penalty adds $\lambda w$ and $\lambda$, but not
# for the intercept. Without a penalty and with classes that lie apart, the weights grow forever.
#
# | people write | what happens |
# |:--|:--|
# | no `p * (1 - p)` | least squares in disguise: many more steps |
# | penalty on `w[0]` | the border is pulled toward the origin |
# | penalty in one of the two | another fixed point, or steps of the wrong length |
# | sum in the place of mean | the penalty weighs $m$ times too little |
# | no column of ones | the border passes through the origin |

# %% [markdown]
# ## 6 · Clip each entry
#
# *1 point · in the lesson: "Clipping" · id `stable.clip_by_value`*
#
# The simplest brake: no entry of the gradient may be larger than $c$ in size. Watch for the negative ones.

# %%
def clip_by_value(g, c):
    """The gradient with every entry kept between -c and c.

    g: array of any shape. c: a number > 0.

    Returns an array of the shape of g. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    return np.clip(g, -c, c)
    # END SOLUTION


# %%
check(clip_by_value)

# %% [markdown] tags=["key"]
# **Why.** It bounds every coordinate's step by `lr * c`. The price: large entries are shortened and small ones are not, so the
# *direction* changes.
#
# | people write | what happens |
# |:--|:--|
# | `np.minimum(g, c)` | large negative entries pass |
# | `np.clip(g, 0, c)` | negative slopes are lost |
# | `np.minimum(abs(g), c)` | signs are lost |
# | `out=g` | the gradient of whoever called is gone |

# %% [markdown]
# ## 7 · Clip by the global norm
#
# *3 points · in the lesson: "Clipping" · id `stable.clip_by_global_norm`*
#
# The better brake: all gradients of a model shrink by *one* factor, so the direction stays. It is in every training loop of a
# recurrent network (Pascanu, Mikolov and Bengio, 2013). Watch for one norm over all arrays, for gradients that are short
# already, and for zeros.

# %%
def clip_by_global_norm(grads, max_norm):
    """The gradients of a model, shortened by one common factor so that together they are at most max_norm long.

    grads: a list of arrays of any shapes. Their global norm is the root of the sum of the squares of all entries of
    all arrays. max_norm: a number > 0. Gradients that are not too long, zeros included, keep their values.

    Returns as many new arrays, in a tuple or a list. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    factor = max_norm / norm if norm > max_norm else 1.0
    return tuple(g * factor for g in grads)
    # END SOLUTION


# %%
check(clip_by_global_norm)

# %% [markdown] tags=["key"]
# **Why.** The global norm is the length of all entries as one long vector, so its square is the sum of the squares of all
# arrays. One factor keeps every ratio between entries. A gradient that is short enough must stay as it is, or steps would
# never shrink near the minimum; and that also settles the gradient of zeros, where `max_norm / norm` would divide by 0.
#
# | people write | what happens |
# |:--|:--|
# | the norm of each array | each layer gets a factor of its own: another direction |
# | no root | compares a square with a length |
# | the sum of the norms | lengths do not add, squares do |
# | always `max_norm / norm` | short gradients grow, zeros become NaN |
# | `g *= factor` | the true gradients are lost for the log |

# %% [markdown]
# ## 8 · A staircase of rates
#
# *1 point · in the lesson: "Rates that fall" · id `stable.step_decay`*
#
# Early on a long rate makes way, late a short one lets the run settle. The oldest schedule is a staircase. Watch for the
# step at which a stair ends.

# %%
def step_decay(t, base, drop, every):
    """The learning rate at step t: it stays constant for `every` steps, then is multiplied with drop, again and again.

    t: whole number >= 0, the steps taken so far; the steps 0, ..., every - 1 have the rate base. base: number > 0.
    drop: number in (0, 1). every: whole number >= 1.

    Returns the number.
    """
    # BEGIN SOLUTION
    return base * drop ** (t // every)
    # END SOLUTION


# %%
check(step_decay)

# %% [markdown] tags=["key"]
# **Why.** `t // every` counts the falls so far. The first `every` steps, with the numbers 0 to `every - 1`, see none.
#
# | people write | what happens |
# |:--|:--|
# | `t / every` | a smooth slide, no stairs |
# | `(t - 1) // every` | each fall a step late |
# | `base * drop * k` | falls once, then grows |
# | `t % every` | jumps back up |

# %% [markdown]
# ## 9 · The loss-curve doctor
#
# *3 points · in the lesson: "The doctor" · id `stable.diagnose`*
#
# Five words for a loss curve. The rules are fixed so that they can be checked; the art is that they hold in any units, and
# that NaN does not slip through. Watch for the order, and for what is compared with what.

# %%
def diagnose(loss):
    """What a loss curve says: the pair (left, word), with left = loss[-1] / loss[0] and the first word that fits:

    "diverged": some value is not finite, or left > 1;
    "oscillating": in the tail, the last n // 4 values, at least 30% of the steps rise, and the highest value is more
    than 0.05 loss[0] above the lowest;
    "ok": left <= 0.5;
    "too small": the second half, from loss[n // 2], fell at least half as far as the first half;
    "plateau": none of these.

    loss: array (n,), n >= 8, the loss by the step, positive at the start; it may hold inf or NaN.

    Returns (left, word), a number and a text. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    left, n = loss[-1] / loss[0], len(loss)
    tail, middle = loss[-(n // 4) :], loss[n // 2]
    if not np.isfinite(loss).all() or left > 1:
        return left, "diverged"
    if np.mean(np.diff(tail) > 0) >= 0.3 and tail.max() - tail.min() > 0.05 * loss[0]:
        return left, "oscillating"
    if left <= 0.5:
        return left, "ok"
    if middle - loss[-1] >= 0.5 * (loss[0] - middle):
        return left, "too small"
    return left, "plateau"
    # END SOLUTION


# %%
check(diagnose)

# %% [markdown] tags=["key"]
# **Why.** Every comparison with NaN is `False`, so a curve that ends in NaN would pass as healthy unless `isfinite` is asked
# first. And every threshold is a share of `loss[0]`: multiply the loss by 1000 and the diagnosis stays.
#
# | people write | what happens |
# |:--|:--|
# | `loss[-1] > loss[0]` alone | NaN is healthy |
# | `np.ptp(tail) > 0.05` | another diagnosis in other units |
# | swings in the whole curve | a rough start is called oscillating |
# | `loss.max() > loss[0]` | one spike is called divergence |
# | `return word, left` | the contract has the number first |

# %% [markdown]
# ## 10 · The range of rates
#
# *3 points · starred: optional · in the lesson: "Rates that fall" · id `stable.lr_range_test`*
#
# How large may the rate be? Let it rise from step to step until the loss blows up, and look back (Smith, 2017). Watch for
# one walk rather than many, for rates spaced in logarithm, and for where the suggestion lies.

# %%
def lr_range_test(f, grad, x0, low, high, n):
    """Gradient descent with a rate that rises from low to high in n steps, and the rate that it suggests (Smith, 2017).

    f: a function, (d,) to a number. grad: its gradient, (d,) to (d,). x0: array (d,), the start. low, high: the first
    and the last rate; the n rates are evenly spaced in logarithm. n: whole number >= 2. The walk ends early after the
    first loss that is not below 4 f(x0), and f(x0) > 0.

    Returns (rates, losses, suggested): two arrays of equal length, the rates tried and the loss after the step with
    each, and a tenth of the rate with the lowest loss. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    x, losses, rates = x0, [], np.geomspace(low, high, n)
    for lr in rates:
        x = x - lr * grad(x)
        losses.append(f(x))
        if not losses[-1] < 4 * f(x0):
            break
    return rates[: len(losses)], np.array(losses), rates[np.argmin(losses)] / 10
    # END SOLUTION


# %%
check(lr_range_test)

# %% [markdown] tags=["key"]
# **Why.** The loss is lowest a few steps *before* the blow-up shows: there the rate is already too long for the steepest
# direction, and only had no time to do harm. A tenth of it leaves room. The test costs one short run.
#
# | people write | what happens |
# |:--|:--|
# | the rate of the lowest loss itself | at the edge of the blow-up |
# | `np.linspace` | nearly all rates are large |
# | `x = x0` for every rate | many first steps, no walk |
# | `while loss < 4 * f(x0)` with `not`-less NaN | NaN is below nothing: write `not loss < ...` |

# %% [markdown]
# ## 11 · When to stop
#
# *2 points · starred: optional · in the lesson: "The doctor" · id `stable.early_stop`*
#
# Training may end when the loss on held-out data has stopped falling. Patience waits a while; the best epoch is what you
# keep. Watch for ties, and for what you return.

# %%
def early_stop(val, patience, min_delta=0.0):
    """When training stops, by the losses on held-out data, and which epoch to go back to.

    val: array (n,), n >= 1, the loss after epoch 0, 1, ... An epoch is better when its loss is more than min_delta
    below the best so far; epoch 0 is the best to begin with. patience: whole number >= 1: training stops after the
    first epoch that ends a row of so many that are not better. If there is none, it stops after the last epoch.

    Returns (best, at, stop): the best loss, its epoch, and the epoch after which training stops. Looks at no loss
    after that, and changes nothing it is given.
    """
    # BEGIN SOLUTION
    best, at = val[0], 0
    for t in range(1, len(val)):
        if val[t] < best - min_delta:
            best, at = val[t], t
        elif t - at >= patience:
            return best, at, t
    return best, at, len(val) - 1
    # END SOLUTION


# %%
check(early_stop)

# %% [markdown] tags=["key"]
# **Why.** A single bad epoch is noise; `patience` of them in a row are a sign. What counts as better is measured against the
# *best* so far, and what you go back to is that best epoch, not the last.
#
# | people write | what happens |
# |:--|:--|
# | `<=` | a loss that stands still is waited on forever |
# | `val[t] < val[t - 1]` | after a jump up every small fall is a success |
# | `return val[t], t` | the worst of both: waited, and kept the last |
# | `np.argmin(val)` | looks at epochs that were never trained |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
