# %% [markdown]
# # Hybrids and tuning · worksheet
#
# Five exercises that go with lesson 11, one of them optional. This is the one notebook where you write, and the one
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
# Stuck? Write `hint("hybrid.multi_start")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("hybrid.multi_start")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · Many starts, one budget
#
# *3 points · in the lesson: "Many starts" · id `hybrid.multi_start`*
#
# A local search finds the bottom of the well it starts in. Many starts see many wells, but they share one
# budget: that is what makes the comparison fair. Watch for what is left over when the budget does not divide.

# %%
def multi_start(local, starts, budget):
    """A local search from several starts that share one budget of steps; the best end wins.

    local: a function (start, steps) to (x, y): where so many steps lead, and the value there. starts: array (n, d).
    budget: how many steps there are in all, at least n.

    Each start gets the same number of steps; what is left over goes to the first starts, one step each, so that all of
    the budget is spent. Returns the pair (x, y) of the best end.
    """
    # BEGIN SOLUTION
    share, left = divmod(budget, len(starts))
    ends = [local(start, share + (i < left)) for i, start in enumerate(starts)]
    return min(ends, key=lambda end: end[1])
    # END SOLUTION


# %%
check(multi_start)

# %% [markdown] tags=["key"]
# **Why.** The best end is what counts, and nobody knows beforehand which start leads there. Sharing evenly is the
# choice of somebody who knows nothing yet; successive halving, below, is the choice of somebody who looks.
#
# | people write | what happens |
# |:--|:--|
# | the end of the last start | the best is thrown away |
# | `local(start, budget)` for each | n times the budget is spent, and the race is lost before it begins |
# | `budget // n` and nothing else | up to n - 1 steps are never used |

# %% [markdown]
# ## 2 · Look around, then walk
#
# *3 points · in the lesson: "Look around, then walk" · id `hybrid.grid_then_gd`*
#
# Look first, walk afterward: the values at some places decide where walking is worth it. Watch for the ranks: the
# best place need not lead to the best end.

# %%
def grid_then_gd(f, grad, points, top, lr, steps):
    """Ask for the value at every point, then walk down from the best ones; the best end wins.

    f: a function, (d,) to a number; grad: its gradient, (d,) to (d,). points: array (n, d), the cells of a grid. top:
    from how many of the best points to walk, 1 <= top <= n. lr, steps: the rate and the number of steps of each walk.

    Returns the pair (x, y): the best end, an array (d,), and the value there. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    order = np.argsort([f(point) for point in points])[:top]
    ends = []
    for i in order:
        x = points[i]
        for _ in range(steps):
            x = x - lr * grad(x)
        ends.append((x, f(x)))
    return min(ends, key=lambda end: end[1])
    # END SOLUTION


# %%
check(grid_then_gd)

# %% [markdown] tags=["key"]
# **Why.** A value says how high a place is, not how deep its well goes. A few walkers instead of one are the
# insurance against that; how many is a matter of the budget.
#
# | people write | what happens |
# |:--|:--|
# | `points[np.argmin(values)]` only | one walker, and no insurance |
# | the value at the start decides | the end that was found is not the one that is returned |
# | `x -= lr * grad(x)` on a row of `points` | the grid itself moves |

# %% [markdown]
# ## 3 · Learning within a life
#
# *2 points · in the lesson: "Lamarck and Baldwin" · id `hybrid.learn`*
#
# In an evolution individuals may learn during their life, by some steps of descent. Does a child inherit what its
# parent learned (Lamarck), or only the talent to learn it (Baldwin)? Watch for the values: both judge after
# learning.

# %%
def learned(population, local, f, steps, lamarck):
    """Let each individual learn by a local search, and say what it passes on and how fit it is.

    population: array (n, d). local: a function (start, steps) to (x, y): where so many steps lead, and the value there.
    f: the objective, (d,) to a number. steps: how long an individual learns. lamarck: whether what was learned is
    written back into the genes (Lamarck), or only counts for the fitness (Baldwin).

    Returns the pair (population, values): a new array (n, d), and the values after learning, an array (n,).
    """
    # BEGIN SOLUTION
    ends = [local(x, steps) for x in population]
    genes = np.array([x for x, _ in ends]) if lamarck else population.copy()
    return genes, np.array([y for _, y in ends])
    # END SOLUTION


# %%
check(learned)

# %% [markdown] tags=["key"]
# **Why.** Lamarck's way is faster on a quiet surface, since nothing learned is lost. Baldwin's keeps the genes apart
# and the population diverse, and still rewards who stands near a good place.
#
# | people write | what happens |
# |:--|:--|
# | values before learning | learning has no effect on who survives |
# | genes written back in both modes | Baldwin becomes Lamarck |
# | `population[i] = end` | the parents of whoever called are gone |

# %% [markdown]
# ## 4 · Successive halving
#
# *3 points · in the lesson: "Successive halving" · id `hybrid.halving`*
#
# Settings such as rates and sizes can't be learned by descent; they are tried. Most are bad, and show it early.
# Watch for who stays when the numbers do not divide, and for what a round costs.

# %%
def successive_halving(evaluate, n, eta, effort):
    """Find the best of n settings: train all a little, keep the best share, train those longer, until one is left.

    evaluate: a function (i, effort) to the loss of setting i after that much training. n: how many settings, n >= 2.
    eta: a whole number >= 2: of m survivors the best ceil(m / eta) stay, and the effort of the next round is eta times
    as large. effort: the training of the first round.

    Returns the pair (winner, spent): the number of the setting that is left, and the sum of all efforts.
    """
    # BEGIN SOLUTION
    alive, spent = list(range(n)), 0
    while len(alive) > 1:
        losses = [evaluate(i, effort) for i in alive]
        spent += effort * len(alive)
        alive = [alive[j] for j in np.argsort(losses)[: -(-len(alive) // eta)]]
        effort *= eta
    return alive[0], spent
    # END SOLUTION


# %%
check(successive_halving)

# %% [markdown] tags=["key"]
# **Why.** A round with m survivors at effort r costs m r, and the next one, with m/eta of them at eta r, the same:
# each round has an equal share of the budget. Full training of everybody would cost several times as much.
#
# | people write | what happens |
# |:--|:--|
# | `losses.argsort()[::-1]` | the worst are trained on |
# | the effort stays | the last rounds know no more than the first |
# | `m // eta` | with 7 settings and eta = 2 three stay in the place of four |

# %% [markdown]
# ## 5 · A safe last step
#
# *2 points · starred: optional · in the lesson: "Momentum first, Newton last" · id `hybrid.polish`*
#
# Near a minimum Newton's step doubles the digits; far away it may climb. A hybrid that switches must know when.
# Watch for negative curvature, and for steps that lower nothing.

# %%
def polish(f, grad, hess, x, lr):
    """One safe step: Newton's where the Hessian is positive definite and the step lowers f, else a gradient step.

    f, grad, hess: functions of x, giving a number, an array (d,) and an array (d, d). x: array (d,). lr: the rate of
    the gradient step.

    Returns the new point, an array (d,): x - H^-1 g, or x - lr g. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    g, H = grad(x), hess(x)
    if np.linalg.eigvalsh(H).min() > 0:
        new = x - np.linalg.solve(H, g)
        if f(new) < f(x):
            return new
    return x - lr * g
    # END SOLUTION


# %%
check(polish)

# %% [markdown] tags=["key"]
# **Why.** Positive eigenvalues say that the model of the step, a bowl, opens upward; the comparison of values says
# that the bowl resembles the function as far as the step goes. Where one of the two fails, the gradient is the safe
# choice.
#
# | people write | what happens |
# |:--|:--|
# | `x - np.linalg.solve(H, g)` always | near a top it climbs |
# | `x + ...` | the right direction, the wrong way |
# | no comparison of values | a long leap beyond the region where the bowl is right |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
