# %% [markdown]
# # Simulated annealing · worksheet
#
# Seven exercises that go with lesson 09, one of them optional. This is the one notebook where you write, and the one
# that is handed in.

# %% [markdown] tags=["key"]
# **This is the key**: every exercise solved, why it is so, and what people write on the way there.

# %%
import numpy as np

from course_lib.learner import check, hint, solution

# %% [markdown]
# **How to work.** Replace the dots by your code and run the cell (Shift+Enter). Then run the `check` below it: it
# calls your function with many inputs and says whether it is right, and if not, what differs and, where it can tell,
# which mistake it is. Check as often as you like; nothing is lost by a wrong answer. Where chance plays a part, the
# check calls you many times and looks at how often; a right answer passes all the same.
#
# Stuck? Write `hint("anneal.accept")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("anneal.accept")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · To accept or not to accept
#
# *2 points · in the lesson: "Sometimes accept what is worse" · id `anneal.accept`*
#
# The one decision that makes annealing more than hill climbing. Watch for the sign, for what is divided by what, and for
# an exponential that overflows when a candidate is much *better* and the temperature is tiny.

# %%
def accept(delta, T, rng):
    """Whether annealing takes a candidate: always when it is not worse, else with the probability exp(-delta/T).

    delta: a number, the value of the candidate less that of the current state; positive is worse. T: the temperature,
    T > 0, possibly tiny. rng: `numpy.random.Generator`.

    Returns True or False, and causes no overflow.
    """
    # BEGIN SOLUTION
    if delta <= 0:
        return True
    return rng.random() < np.exp(-delta / T)
    # END SOLUTION


# %%
check(accept)

# %% [markdown] tags=["key"]
# **Why.** The chance $e^{-\Delta/T}$ (Metropolis et al., 1953) has two good limits: hot, it accepts everything, cold,
# nothing that is worse. Between them a rise of $T$ is accepted about once in three times, one of $5T$ once in 150.
# Asking for `delta <= 0` first is no matter of style: `np.exp` of a large positive number overflows.
#
# | people write | what happens |
# |:--|:--|
# | `return delta <= 0` | hill climbing: stuck in the first local minimum |
# | `np.exp(-delta * T)` | right at $\Delta = T = 1$, wrong everywhere else: heat makes it choosy |
# | `np.exp(delta / T)` | accepts all that is worse and rejects what is better |
# | `rng.random() > ...` | accepts with 1 minus the chance |
# | `delta < T` | threshold accepting: another method, without chance |
# | `np.exp(-delta / T)` alone | right numbers, but it overflows for much better candidates |

# %% [markdown]
# ## 2 · A cooling schedule
#
# *1 point · in the lesson: "Cooling" · id `anneal.geometric`*
#
# Each temperature is the same share of the one before. Watch for the count: between n temperatures there are n - 1
# steps.

# %%
def geometric(T0, T1, n):
    """n temperatures that fall geometrically: each is the same share of the one before.

    T0: the first, T1: the last, T0 >= T1 > 0. n: how many, n >= 2, both ends counted.

    Returns an array (n,).
    """
    # BEGIN SOLUTION
    gamma = (T1 / T0) ** (1 / (n - 1))
    return T0 * gamma ** np.arange(n)
    # END SOLUTION


# %%
check(geometric)

# %% [markdown] tags=["key"]
# **Why.** What matters is the *ratio* of deltas to the temperature, and nobody knows beforehand at which temperature the
# decisions fall. Equal factors spend as many steps between 10 and 1 as between 1 and 0.1. `np.geomspace(T0, T1, n)`
# is the same in one word.
#
# | people write | what happens |
# |:--|:--|
# | `np.linspace` | nearly all steps are hot; the cold end is over in a moment |
# | the n-th root | stops one step above `T1` |
# | `T1 / T0` in each step | at `T1` after one step |
# | a fixed 0.95 | where it ends depends on `n`, not on `T1` |

# %% [markdown]
# ## 3 · How hot to begin
#
# *3 points · in the lesson: "How hot to begin" · id `anneal.initial_temperature`*
#
# A temperature has the units of f, so no fixed number suits every problem. Measure instead: try some moves at random,
# note what they change, and find the temperature at which a given share of the *worse* ones would be accepted. There is
# no formula for it; halving an interval finds it.

# %%
def initial_temperature(deltas, p):
    """The temperature at which worse moves are accepted with the mean probability p (Ben-Ameur, 2004).

    deltas: array (n,), what n moves at random changed in f; some are positive (worse), others negative or zero. Only
    the positive ones count: the mean of exp(-delta/T) over them is to be p. p: a number between 0 and 1.

    Returns the number T > 0; three digits are enough.
    """
    # BEGIN SOLUTION
    worse = deltas[deltas > 0]
    low, high = worse.min() / -np.log(p), worse.max() / -np.log(p)
    for _ in range(100):
        T = (low + high) / 2
        if np.exp(-worse / T).mean() < p:
            low = T
        else:
            high = T
    return T
    # END SOLUTION


# %%
check(initial_temperature)

# %% [markdown] tags=["key"]
# **Why.** Each chance $e^{-\Delta/T}$ grows with $T$, so their mean does, and halving finds the one place where it is $p$. The
# bracket: were all deltas equal, $T = -\Delta/\ln p$; with the smallest one that is too cold, with the largest too hot.
#
# | people write | what happens |
# |:--|:--|
# | `-worse.mean() / np.log(p)` | a fair guess, but too hot or too cold by up to a factor of two |
# | `worse.mean() / np.log(p)` | negative, since $\ln p < 0$ |
# | `np.abs(deltas)` | better moves are accepted at any temperature; they do not count |
# | `1 - p` | the share that is rejected |

# %% [markdown]
# ## 4 · The 2-opt move
#
# *2 points · in the lesson: "A move for tours" · id `anneal.two_opt`*
#
# Cut two edges of a round trip, turn the stretch between them around, close it again. Watch for both ends of a slice,
# and for the tour that was passed in: if the move is rejected, it is still needed.

# %%
def two_opt(tour, i, j):
    """The tour with its stretch from place i to place j turned around.

    tour: array (n,) of whole numbers, the cities in the order of the visit. i, j: places, 0 <= i < j <= n - 1; both
    belong to the stretch.

    Returns a new array (n,). Changes nothing it is given.
    """
    # BEGIN SOLUTION
    new = tour.copy()
    new[i : j + 1] = tour[i : j + 1][::-1]
    return new
    # END SOLUTION


# %%
check(two_opt)

# %% [markdown] tags=["key"]
# **Why.** Turning a stretch around changes exactly the two edges at its ends; all edges inside stay, walked the other way.
# It is the smallest change that takes a tour to a tour.
#
# | people write | what happens |
# |:--|:--|
# | `tour[i:j]` | place j stays where it is |
# | swap `tour[i]` and `tour[j]` | changes four edges in place of two |
# | `tour[j : i - 1 : -1]` | empty when `i = 0`: cities are lost |
# | `tour[i : j + 1] = ...` | spoils the current tour, even if the move is rejected |

# %% [markdown]
# ## 5 · What a 2-opt move costs
#
# *3 points · in the lesson: "A move for tours" · id `anneal.two_opt_delta`*
#
# A 2-opt move changes two edges, so its cost is known from four distances, whatever the number of cities. That is what
# makes annealing of tours fast. Watch for the ring: it has no first and no last place.

# %%
def two_opt_delta(D, tour, i, j):
    """What turning around the stretch from place i to place j adds to the length of the closed tour.

    D: array (n, n), the distances, symmetric. tour: array (n,) of cities, n >= 4; after the last comes the first.
    i, j: places, 0 <= i < j <= n - 1; all pairs may occur, even the whole tour.

    Returns a number, negative where the tour gets shorter. Looks at the edges that go and come, at no others (D may be
    NaN elsewhere): four look-ups, however many cities there are.
    """
    # BEGIN SOLUTION
    n = len(tour)
    if j - i == n - 1:
        return 0.0
    a, b, c, d = tour[i - 1], tour[i], tour[j], tour[(j + 1) % n]
    return D[a, c] + D[b, d] - D[a, b] - D[c, d]
    # END SOLUTION


# %%
check(two_opt_delta)

# %% [markdown] tags=["key"]
# **Why.** Two edges go, two come. In Python `tour[-1]` is the last place, so the left end of the ring needs no care; the
# right one does. And if the whole ring is turned around nothing changes, but the formula would take off an edge twice.
#
# | people write | what happens |
# |:--|:--|
# | no edge at the first or last place | an open path in place of a ring |
# | `tour[j + 1]` | an IndexError at the last place |
# | new length less old length | right, and n times the work |
# | `D[a, d] + D[b, c]` | cuts the stretch out as a ring of its own |
# | `D[i - 1, j]` | places are no cities: `D[tour[i - 1], tour[j]]` |

# %% [markdown]
# ## 6 · The whole of simulated annealing
#
# *4 points · in the lesson: "The whole loop" · id `anneal.run`*
#
# The whole method. Watch for two states that are easily mixed up: the one where you *are*, and the *best* you have
# met. And watch how often you ask f: it is what costs.

# %%
def anneal(f, x0, neighbor, temps, rng):
    """Simulated annealing: walk by random moves, take what is better, and worse with the probability exp(-delta/T).

    f: a function of a state to a number, to be minimized. x0: the first state, an array. neighbor: a function
    (x, rng) to a new state near x. temps: array (n,), one temperature a step. rng: `numpy.random.Generator`.

    Returns (best_x, best_f, history): the best state met, x0 included, its value, and the values of the *current* state
    at the start and after each step, an array (n + 1,). Calls f once at the start, then f and neighbor once a step.
    Changes nothing it is given.
    """
    # BEGIN SOLUTION
    x, y = x0.copy(), f(x0)
    best_x, best_y, history = x, y, [y]
    for T in temps:
        c = neighbor(x, rng)
        z = f(c)
        if z <= y or rng.random() < np.exp(-(z - y) / T):
            x, y = c, z
        if y < best_y:
            best_x, best_y = x, y
        history.append(y)
    return best_x, best_y, np.array(history)
    # END SOLUTION


# %%
check(anneal)

# %% [markdown] tags=["key"]
# **Why.** Current and best are two different things: a hot walk *must* leave the best behind, that is how it gets over
# barriers. So the best is only remembered; neighbors and comparisons belong to the current state.
#
# | people write | what happens |
# |:--|:--|
# | `return x, y` | the walk's last state may be worse than one it met |
# | `best = None` at first | the start never counts |
# | `z - best_y` | everything looks worse than the best: the walk freezes or jumps |
# | `neighbor(x0, rng)` | never gets further than one move |
# | `f(x)` again and again | three times the cost for the same answer |
# | `x[...] = c` | the best is the same array and moves along |

# %% [markdown]
# ## 7 · The rival: restarts on a budget
#
# *2 points · starred: optional · in the lesson: "A fair rival: restarts" · id `anneal.restarts`*
#
# A method is judged beside a rival that may spend as much. The rival of annealing: go downhill, and when stuck, begin
# anew elsewhere. Watch the budget: it is one for all searches together.

# %%
def restarts(f, starts, local, budget):
    """Local search from one start after the other, until the budget is used up; the best end of all.

    f: a function to be minimized. starts: array (m, d), m >= 1. local: a function (f, x, most) that searches from x,
    asks f at most `most` times, and returns (x, y, used): where it ended, the value there, how often it asked.
    budget: how often f may be asked in all, a whole number >= 1; the last search may be cut short by it.

    Returns (x, y): the best end, an array (d,), and its value.
    """
    # BEGIN SOLUTION
    best_x, best_y, left = starts[0].copy(), np.inf, budget
    for x0 in starts:
        if left <= 0:
            break
        x, y, used = local(f, x0, left)
        left -= used
        if y < best_y:
            best_x, best_y = x, y
    return best_x, best_y
    # END SOLUTION


# %%
check(restarts)

# %% [markdown] tags=["key"]
# **Why.** Comparisons are made at equal cost. What one search leaves, the next may use; a search that is cut short still
# has an end, and it may be the best.
#
# | people write | what happens |
# |:--|:--|
# | the whole budget for each start | m times the cost that was allowed |
# | `budget // m` for each | what early searches leave is never used |
# | returns the last end | the best may have been the third |
# | `starts[0]` each time | the same end, again and again |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
