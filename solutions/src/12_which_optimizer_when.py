# %% [markdown]
# # Which optimizer when · worksheet
#
# Four exercises that go with lesson 12. This is the one notebook where you write, and the one that is handed in. Your
# written report, if your course asks for one, is a file of its own: the lesson says what belongs in it.

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
# Stuck? Write `hint("trial.suite")` in a new cell, with the id of your exercise: there are three hints, each
# plainer than the one before. `solution("trial.suite")` shows an answer after you have tried.
#
# Then save (Ctrl+S). The lesson reads this file: as soon as an answer is right, it draws with *your* function.
# Keep the names of the functions and the order of their arguments.

# %% [markdown]
# ## 1 · Everybody, everywhere, with every seed
#
# *4 points · in the lesson: "Plan before you run" · id `trial.suite`*
#
# A comparison is a table before it is an opinion: every method, on every problem, with every seed, each run with
# the same cost. Watch for what a search does behind your back: it may ask more than it may, and say what it likes.

# %%
def run_suite(methods, problems, budget, seeds):
    """Run every method on every problem with every seed, at equal cost, and keep the best value of each run.

    methods: list of searches, each a function (ask, rng) that puts questions ask(x) and draws from the generator rng.
    problems: list of functions x to a number. budget: how many answers of a run count. seeds: list of whole numbers.

    A run gets a generator of its own, np.random.default_rng(seed), so that all methods meet a problem with the same
    chances. Its result is the smallest of the first `budget` answers it was given: what it asks beyond does not
    count, and what a search returns is not to be trusted. Every search asks at least once, and ends by itself.

    Returns an array (methods, problems, seeds).
    """
    # BEGIN SOLUTION
    best = np.empty((len(methods), len(problems), len(seeds)))
    for i, search in enumerate(methods):
        for j, f in enumerate(problems):
            for k, seed in enumerate(seeds):
                answers = []

                def ask(x, f=f, answers=answers):
                    answers.append(f(x))
                    return answers[-1]

                search(ask, np.random.default_rng(seed))
                best[i, j, k] = min(answers[:budget])
    return best
    # END SOLUTION


# %%
check(run_suite)

# %% [markdown] tags=["key"]
# **Why.** The function that a search gets is yours, so the count and the result are yours too. A fresh generator
# for each run makes runs repeatable one by one, and the same seed for all methods makes them pairs.
#
# | people write | what happens |
# |:--|:--|
# | `min(answers)` | whoever asks more wins |
# | the value that `search` returns | a search that boasts wins |
# | one `rng` before the loops | a run depends on all runs before it |
# | `best.min(axis=-1)` in the end | the luckiest run stands for all |

# %% [markdown]
# ## 2 · An interval for a difference
#
# *3 points · in the lesson: "How sure are we?" · id `trial.interval`*
#
# Thirty seeds gave a mean difference. Thirty others would have given another one; how different? The bootstrap
# answers without a formula for the distribution: it draws the seeds again. Watch for the pairs: both methods had the
# same luck with the same seed.

# %%
def bootstrap_ci(a, b, rng, n, level):
    """A paired bootstrap interval for the mean of a - b, by percentiles.

    a, b: arrays (seeds,); a[i] and b[i] are the results of two methods with the same seed. rng: a generator. n: how
    many resamples. level: how often the interval shall hold the truth, such as 0.95: half of the rest is cut off at
    each end.

    A resample draws as many differences as there are, with replacement; what counts is its mean.

    Returns the pair (low, high).
    """
    # BEGIN SOLUTION
    d = a - b
    means = d[rng.integers(len(d), size=(n, len(d)))].mean(axis=1)
    tail = (1 - level) / 2
    low, high = np.quantile(means, (tail, 1 - tail))
    return float(low), float(high)
    # END SOLUTION


# %%
check(bootstrap_ci)

# %% [markdown] tags=["key"]
# **Why.** The mean difference is what you report, so its means are what you resample. Differences first: what a
# hard seed does to both methods cancels in the pair, and the interval becomes as narrow as the evidence allows.
#
# | people write | what happens |
# |:--|:--|
# | resamples of `a` and of `b`, apart | the shared luck counts as noise, and the interval is far too wide |
# | `np.quantile(d, ...)` | where single runs lie, not where the mean lies |
# | `rng.permutation(d)` | the same mean n times: no width at all |
# | `np.quantile(means, (1 - level, level))` | 95% on paper, 90% in truth |

# %% [markdown]
# ## 3 · A performance profile
#
# *3 points · in the lesson: "Who is how often how fast?" · id `trial.profile`*
#
# A mean of costs is ruled by the hardest problem, and a failure has no cost at all. A profile asks instead: on which
# share of the problems was a method within twice, ten times, a hundred times the cost of the best? Watch for failures.

# %%
def performance_profile(costs, taus):
    """For each method and each tau the share of all problems that it solves at no more than tau times the best cost.

    costs: array (methods, problems), the cost until the target was reached, inf where it never was. taus: array (k,),
    each at least 1.

    The best cost is the smallest that any method needed on the same problem. Ties count for both. A problem that a
    method fails on counts as not solved by it at any tau, also where all the others fail too.

    Returns an array (methods, k).
    """
    # BEGIN SOLUTION
    best, ratio = costs.min(axis=0), np.full(costs.shape, np.inf)
    np.divide(costs, best, out=ratio, where=np.isfinite(costs))
    return (ratio[:, :, None] <= taus).mean(axis=1)
    # END SOLUTION


# %%
check(performance_profile)

# %% [markdown] tags=["key"]
# **Why.** Each problem has its own ruler, the best cost there. Failures are infinite, so they are never within any
# factor, and they stay in the denominator: what a method does not solve is part of what it is.
#
# | people write | what happens |
# |:--|:--|
# | the mean over the solved problems only | who gives up on everything hard looks best |
# | `costs / costs.min(axis=1)` | each method is compared with itself |
# | inf / inf | NaN, or a point for everybody where nobody arrived |
# | `<` in place of `<=` | at tau = 1 not even the winner counts |

# %% [markdown]
# ## 4 · The verdict
#
# *3 points · in the lesson: "What popular articles claim" · id `trial.audit`*
#
# An interval lies above the margin, below it, or on both sides. Watch for the third case: it is the one that gets
# lost in print.

# %%
def claim_audit(claims, low, high, margin):
    """Judge each finding by its whole interval, and each claim by all of its findings.

    claims: list of letters, one for each finding; a claim may have several findings, in any order. low, high: arrays
    (findings,), the ends of their intervals. margin: array (findings,), what a finding has to exceed for the claim.

    A finding supports its claim if its whole interval lies above the margin, refutes it if the whole of it lies below,
    and is undecided otherwise. A claim whose findings all agree has their word for its verdict, "supported", "refuted"
    or "undecided"; any other is "conditional".

    Returns a dict {letter: (counts, verdict)} with counts = [supported, refuted, undecided], three whole numbers.
    """
    # BEGIN SOLUTION
    found = {}
    for claim, a, b, m in zip(claims, low, high, margin):
        counts = found.setdefault(claim, [0, 0, 0])
        counts[0 if a > m else 1 if b < m else 2] += 1
    words = "supported", "refuted", "undecided"
    return {claim: (counts, words[counts.index(max(counts))] if counts.count(0) == 2 else "conditional")
            for claim, counts in found.items()}  # fmt: skip
    # END SOLUTION


# %%
check(claim_audit)

# %% [markdown] tags=["key"]
# **Why.** Three words for three places of an interval. A claim with several conditions is as true as all of them
# together: if they differ, the difference *is* the finding, and it is called a condition.
#
# | people write | what happens |
# |:--|:--|
# | `'supported' if low > margin else 'refuted'` | a small study refutes everything |
# | the middle of the interval | half of all noise supports a claim |
# | the word of the majority | the condition, which is what one wants to know, is lost |

# %% [markdown]
# Done? Save (Ctrl+S), go back to the lesson, and run its cells again: it draws with what you built.
