# %% [markdown]
# # Genetic algorithms · worksheet
#
# Six exercises that go with lesson 08, two of them optional. This is the one notebook where you write, and the one
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
# Most functions here draw random numbers. They are given `rng`, a NumPy generator: draw from it and from nothing else,
# in any order you like. The check looks at what thousands of draws have in common, so your numbers need not be ours.
#
# Stuck? Write `hint("ga.tournament")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("ga.tournament")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · Selection by tournament
#
# *2 points · in the lesson: "Selection: who becomes a parent" · id `ga.tournament`*
#
# Selection decides who becomes a parent. A tournament is the simplest fair contest: draw a few, let the cheapest win.
# It needs no scale, only comparisons, and `k` sets the pressure. Watch for what you return: *who* won, not where the
# winner stood among the `k`.

# %%
def select_by_tournament(cost, k, n, rng):
    """The winners of n tournaments: in each, k members are drawn at random, and the one with the lowest cost wins.

    cost: array (m,), lower is better, no two equal. k: how many compete, k >= 1; each is drawn from all m, so one
    member may be drawn twice. n: how many tournaments. rng: numpy.random.Generator.

    Returns the n winners as an array of indices into cost, shape (n,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    rivals = rng.integers(len(cost), size=(n, k))
    column = cost[rivals].argmin(axis=1)
    return rivals[np.arange(n), column]
    # END SOLUTION


# %%
check(select_by_tournament)

# %% [markdown] tags=["key"]
# **Why.** The winner of a tournament is the best of `k` independent draws. The best of $m$ members wins
# unless it is missed `k` times, so with probability $1-(1-1/m)^k$. Only the order of the costs counts: add 1000 to all
# of them, or take their logarithm, and nothing changes. That is why tournaments replaced the wheel of fortune.
#
# | people write | what happens |
# |:--|:--|
# | `argmax` | the worst become parents, the population climbs |
# | `argmin` of the `k` costs, returned as it is | a number below `k`: only the first members ever have children |
# | `cost.argmin()` | one parent for all; the variety is gone in one generation |
# | one tournament, repeated | the same, by luck of the draw |
# | `rng.integers(len(cost) - 1)` | the last member never competes |
# | `rng.choice(..., replace=False)` | a slightly stronger pressure, and an error for large `k` |

# %% [markdown]
# ## 2 · Selection by roulette
#
# *1 point · starred: optional · in the lesson: "Selection: who becomes a parent" · id `ga.roulette`*
#
# The older way to select: a wheel of fortune with a wide slice for a good member. We minimize, so a low cost must give a
# wide slice. Watch for negative costs, and for the generation in which all costs are equal.

# %%
def select_by_roulette(cost, n, rng):
    """n members drawn with a wheel of fortune: the lower the cost, the wider the slice.

    cost: array (m,), lower is better, of any sign. The slice of a member has the width worst - cost + 0.1 (worst -
    best), so that the best has eleven times the slice of the worst; where all costs are equal, so are the slices.
    n: how many to draw. rng: numpy.random.Generator.

    Returns n indices into cost, an array (n,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    width = cost.max() - cost + 0.1 * (cost.max() - cost.min())
    if width.sum() == 0:
        width = np.ones(len(cost))
    return rng.choice(len(cost), size=n, p=width / width.sum())
    # END SOLUTION


# %%
check(select_by_roulette)

# %% [markdown] tags=["key"]
# **Why.** Slices must be positive, must grow as the cost falls, and must not depend on where zero is. `worst - cost`
# does that; the tenth of the range keeps the worst in the game. When all costs are equal there is nothing to prefer.
#
# | people write | what happens |
# |:--|:--|
# | `cost / cost.sum()` | the worst get the widest slices; negative costs raise |
# | `1 / cost` | breaks at zero and below; a constant added to all costs takes the pressure away |
# | `worst - cost` alone | the worst is never drawn |
# | no case for equal costs | 0/0 in the generation in which the search has converged |
# | `searchsorted(...) - 1` | every slice belongs to the neighbor |

# %% [markdown]
# ## 3 · One-point crossover
#
# *2 points · in the lesson: "Crossover: children from two parents" · id `ga.crossover`*
#
# A child takes the beginning of one parent and the end of the other. Watch for where the cut may be, and draw one for
# each pair.

# %%
def crossover(p, q, rng):
    """One-point crossover of n pairs of parents: the genes before the cut come from p, the others from q.

    p, q: arrays (n, d), d >= 2, one parent a row; row i of p is paired with row i of q. rng: numpy.random.Generator.
    Each pair has a cut of its own, all d - 1 places equally likely; a child has at least one gene of each parent.

    Returns the n children, an array (n, d). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    n, d = p.shape
    cut = rng.integers(1, d, size=n)
    return np.where(np.arange(d) < cut[:, None], p, q)
    # END SOLUTION


# %%
check(crossover)

# %% [markdown] tags=["key"]
# **Why.** A cut after `cut` genes, `cut` from 1 to $d-1$, leaves at least one gene of each parent. The comparison
# `np.arange(d) < cut[:, None]` makes the mask for all pairs at once.
#
# | people write | what happens |
# |:--|:--|
# | `rng.integers(0, d)` | some children are copies of `q` |
# | `rng.integers(1, d - 1)` | the last place is never cut: the upper end is left out by itself |
# | one cut for all rows | a generation with little variety |
# | `np.concatenate([p[:cut], q[:d - cut]])` | genes at places where they mean something else |
# | `p[:, cut:] = q[:, cut:]` | the parents are gone |

# %% [markdown]
# ## 4 · Mutation of real genes
#
# *2 points · in the lesson: "Mutation: what no parent had" · id `ga.mutate`*
#
# Crossover only shuffles the genes that are there. Mutation makes new ones. Watch for what is drawn once a gene, for
# the units of `scale`, and for the border of the box.

# %%
def mutate_genes(x, low, high, rate, scale, rng):
    """Gaussian mutation: each gene moves, with the probability rate, by a normal random number.

    x: array (n, d), one member a row, inside the box. low, high: arrays (d,), the box. rate: the probability that a
    gene moves, each by itself. scale: the standard deviation of a move, as a share of the width of the box in that
    coordinate. A gene that would leave the box stops at its border. rng: numpy.random.Generator.

    Returns the mutated members, a new array (n, d). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    hit = rng.random(x.shape) < rate
    noise = scale * (high - low) * rng.standard_normal(x.shape)
    return np.clip(x + hit * noise, low, high)
    # END SOLUTION


# %%
check(mutate_genes)

# %% [markdown] tags=["key"]
# **Why.** Two independent draws for each gene: whether, and how far. `scale` counts in widths of the box, so that one number
# fits coordinates of any unit. Clipping keeps children where $f$ is defined.
#
# | people write | what happens |
# |:--|:--|
# | `x += ...` | parents and elite change with the children |
# | `rng.random((n, 1)) < rate` | all genes of a member mutate, or none |
# | `rng.standard_normal()` | one number for everybody: the population is shifted, not mutated |
# | no `(high - low)` | narrow coordinates are shaken, wide ones stand still |
# | `abs(...)` or `rng.random(...)` for the noise | a drift to one side |

# %% [markdown]
# ## 5 · One generation with an elite
#
# *3 points · in the lesson: "A generation, and an elite" · id `ga.next_generation`*
#
# All together: the elite survives, the others are bred and mutated. The classic mistake of this lesson is made here.
# Watch for *who* is mutated.

# %%
def next_generation(pop, cost, n_elite, breed, mutate):
    """The next population: the elite as it is, then mutated children; as many members as before.

    pop: array (n, d), one member a row. cost: array (n,), lower is better, no two equal. n_elite: how many of the
    best survive unchanged, 0 <= n_elite < n. breed: a function, breed(pop, cost, m) gives m children (m, d), not
    mutated yet. mutate: a function from children (m, d) to mutated children (m, d).

    Returns an array (n, d): first the elite, the best in front, then the children. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    elite = pop[np.argsort(cost)[:n_elite]]
    children = mutate(breed(pop, cost, len(pop) - n_elite))
    return np.concatenate([elite, children])
    # END SOLUTION


# %%
check(next_generation)

# %% [markdown] tags=["key"]
# **Why.** The elite is copied first and touched by nobody. Then the best cost can never rise from one generation to the next,
# which is what makes the running best of a GA a falling curve.
#
# | people write | what happens |
# |:--|:--|
# | `mutate` on the whole new population | the elite is mutated: the best is lost again and again |
# | `argsort(cost)[-n_elite:]` | keeps the worst |
# | `breed(pop, cost, n)` | the population grows |
# | one child, repeated | the population collapses to a point |
# | `breed(elite, ...)` | only the elite has children: no variety after a few generations |
# | `pop[:n_elite] = ...` | the parents are overwritten before they have had children |

# %% [markdown]
# ## 6 · Crossover of two tours
#
# *2 points · starred: optional · in the lesson: "Genomes of other kinds" · id `ga.order_crossover`*
#
# A tour is a permutation, and one-point crossover of two tours is hardly ever one. Order crossover keeps a stretch of
# one parent and the *order* of the other. Watch for the places at which the stretch stands.

# %%
def order_crossover(p, q, i, j):
    """Order crossover of two tours: a stretch of p stays in its place, the other cities come in the order of q.

    p, q: arrays (n,), each a permutation of 0 to n - 1. i, j: the stretch is p[i:j], 0 <= i < j <= n. The free places
    are filled from left to right with the cities that are missing, in the order in which q visits them.

    Returns the child, a permutation (n,) of whole numbers. Changes nothing it is given.
    """
    # BEGIN SOLUTION
    rest = q[~np.isin(q, p[i:j])]
    return np.concatenate([rest[:i], p[i:j], rest[i:]])
    # END SOLUTION


# %%
check(order_crossover)

# %% [markdown] tags=["key"]
# **Why.** What two tours share is not the city at place 7 but which city follows which. Order crossover hands on both: a
# stretch of `p` city by city, and the order of `q` for the rest.
#
# | people write | what happens |
# |:--|:--|
# | `q[:i], p[i:j], q[j:]` | cities visited twice, others never: no tour |
# | the stretch moved to the front | other places than in the parent |
# | the rest in the order of `p` | the child is `p` |
# | the rest sorted | `q` hands nothing on |
# | filling from behind the stretch | Davis's original; valid, another child |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
