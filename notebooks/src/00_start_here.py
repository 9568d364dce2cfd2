# %% [markdown]
# # Optimization for Machine Learning: start here
#
# *From brute force to Adam and beyond.* Everything a model learns, it learns by making a number small: the loss. This
# course builds the methods that do so, one after the other, from trying everything to Adam, evolution and annealing.
# You will write each of them yourself, see it move, and measure when it is the right one.
#
# | | |
# |:--|:--|
# | **You will be able to** | work with the lessons · read a check · record a prediction · tell cost from quality |
# | **Time** | 50 minutes, of which about 20 for the exercises |
# | **You need** | Python, NumPy arrays, school mathematics; slopes and vectors come with pictures |

# %% [markdown]
# ## How a lesson works
#
# 1. **Predict.** Before you see a result you write down what you expect. It is kept, nobody grades it, and at the end of
#    the lesson it stands beside what came out. The differences are where the learning is.
# 2. **Run.** Read from the top, and run each cell with Shift + Enter. Sentences marked "measured here" are not opinions:
#    the numbers in them were computed by the cell above, and the course is not built when they are untrue. What popular
#    articles say is put to the test too: "claim d" is the sentence with that letter in lesson 12.
# 3. **Build.** Where it says *your turn*, open the worksheet beside the lesson (same name, folder `exercises/`), write
#    the function, and save. Run the cell in the lesson again: from there on it draws with *your* function. Starred
#    exercises are optional; until a function of yours is right, the lesson uses the course's.
# 4. **Check.** In the worksheet `check(function)` says at once whether it is right, and if not, which mistake it is.
#    `hint(function)` has three hints, from vague to plain; `solution(function)` shows an answer after an attempt.
#
# A lesson runs from top to bottom whether or not its exercises are done, so you may look ahead.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, progress, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import METHODS
from course_lib.problems import Wells, bowl
from course_lib.run import race

# %% [markdown]
# ## Are you ready?
#
# Three questions, each with the answer folded below. If one of them is hard, an hour with the pointer is well spent.
#
# - **NumPy.** `X` has the shape (100, 3) and `w` the shape (3,). What is the shape of `X @ w`, and of `X - X.mean(axis=0)`?
#   <details><summary>answer</summary>(100,) and (100, 3): the means, of shape (3,), are subtracted from every row.
#   Pointer: "NumPy: the absolute basics for beginners", in NumPy's own documentation.</details>
# - **Slopes.** What is the slope of $x^2 - 4x$ at $x = 3$, and where is it zero?
#   <details><summary>answer</summary>$2x - 4 = 2$; at $x = 2$, its lowest place. Pointer: the chapter on derivatives of
#   any school book.</details>
# - **Functions of functions.** What does `(lambda f: f(f(3)))(lambda x: x + 1)` give?
#   <details><summary>answer</summary>5: the inner function adds 1, the outer one applies it twice. In this course
#   functions take functions all the time. Pointer: "Defining Functions" in the Python tutorial.</details>

# %% [markdown]
# ## Find the lowest place
#
# Minimizing is a search in the dark: you may ask for the height at a place, and each question costs. Below is a hidden
# curve and a budget of twelve questions. Some of them look around evenly; the rest look closely about the best place
# found. **Goal:** one setting that comes within 0.05 of the lowest height on four of the five curves. Use the sliders,
# with the mouse or with the arrow keys.
#
# ### Predict
#
# Write down what you expect before you touch them. Nobody grades it; the differences are where the learning is.

# %%
predict("00.split", "Twelve questions. At least how many of them have to look around, before the others look closely, "
        "to reach the goal?")
predict("00.grid", "A search by trying all places needs 12 questions for one number. How many for six numbers, "
        "as finely?", ("72", "about 20 thousand", "about 3 million", "about 3 billion"))

# %%
widgets.show(widgets.guess())

# %%
settings = [(around, reach) for around in range(1, 12) for reach in (0.1, 0.2, 0.4, 0.8, 1.6, 3.2)]
solved = {(a, r): widgets.guess().scene(around=a, reach=r).goal.reached for a, r in settings}
good = sorted({around for (around, _), fine in solved.items() if fine})
claim(f"Of the {len(settings)} settings {sum(solved.values())} reach the goal; they look around with "
      f"{', '.join(map(str, good))} questions. None reaches it that looks around with 11 and closely with one.",
      [0 < sum(solved.values()) < len(settings) / 4, 11 not in good])
reveal("00.split", good[0])
reaches = [reach for (_, reach), fine in solved.items() if fine]
claim(f"All of them reach at least {min(reaches)} to each side of the best place found: with so few questions around, the "
      "second look has to be wide too.", min(reaches) >= 0.8)
claim(f"For one number 12 questions, for six as finely 12 to the power 6: {12**6:,}.", 2.9e6 < 12**6 < 3.1e6)
reveal("00.grid", "c")

# %% [markdown]
# Looking around finds the right *well* (so we call the ground around a lowest place), looking closely finds its bottom,
# and the budget has to be split. You will meet this balance again in lessons 08 to 11. And you see why trying
# everything does not go far: models have thousands of numbers. The way out is to ask a better question than "how
# high?", namely "which way is down?": lesson 02.
#
# ## A loss is one number
#
# What do we minimize? In machine learning it is a *loss*: one number that says how wrong a model is. The best known is
# the mean squared error of its predictions $\hat y$,
#
# $$\mathrm{mse}(y, \hat y) = \frac1n \sum_i (y_i - \hat y_i)^2$$

# %%
mse = your_turn("start.mse")

# %%
hours, marks = np.array([1.0, 2.0, 3.0, 5.0, 6.0]), np.array([2.1, 2.9, 4.2, 5.8, 7.1])
slopes = np.linspace(0.4, 2.0, 81)
losses = [mse(marks, slope * hours) for slope in slopes]
best = slopes[np.argmin(losses)]
fig, (left, right) = plt.subplots(1, 2)
left.plot(hours, marks, "o", color="#5b6770", label="five students")
for slope, line in ((0.8, ":"), (best, "-")):
    left.plot([0, 6.5], [0, 6.5 * slope], line, color="#0072b2", label=f"{slope:.2f} marks an hour")
left.set(xlabel="hours of work", ylabel="mark")
right.plot(slopes, losses, color="#0072b2", label="loss")
right.plot(best, min(losses), "o", color="#0072b2", label="lowest")
right.set(xlabel="marks an hour", ylabel="mean squared error")
left.legend()
right.legend()
plots.show(fig, "Each line on the left is one place on the right; the best line is the lowest place of the loss.")
claim(f"The best of the {len(slopes)} lines has {best:.2f} marks an hour and a loss of {min(losses):.3f}; at 0.80 it is "
      f"{mse(marks, 0.8 * hours):.2f}.", [1.1 < best < 1.3, min(losses) < 0.3, mse(marks, 0.8 * hours) > 1])

# %% [markdown]
# ## Cost and quality
#
# A method is good if it finds a low loss *for what it asks*. Steps are no measure: a step of one method asks for one
# value, a step of another for a hundred. So this course counts questions, and compares at equal cost. Two small tools
# do that: a function that counts its calls, and the curve of the best value so far.

# %%
best_so_far = your_turn("start.best_so_far")

# %%
counted = your_turn("start.counted")

# %%
rng = np.random.default_rng(4)
asked = counted(lambda x: float(Wells()([x])))
values = np.array([asked(x) for x in rng.uniform(-8, 8, 40)])
curve = best_so_far(values)
fig, ax = plt.subplots()
ax.plot(np.arange(1, 41), values, ".", color="#8a8f98", label="value of each question")
ax.step(np.arange(1, 41), curve, where="post", color="#0072b2", label="best so far")
ax.set(xlabel="questions asked", ylabel="height")
ax.legend()
plots.show(fig, "Random places: the values jump, the best so far can only fall.")
claim(f"The function was asked {asked.calls} times; the best so far improved {int((np.diff(curve) < 0).sum())} times, the "
      f"last time at question {int(np.flatnonzero(np.diff(curve))[-1]) + 2}.", [asked.calls == 40, (np.diff(curve) <= 0).all()])

# %% [markdown]
# Here is a first race at equal cost: the same bowl in two dimensions, the same start, 120 questions each. The methods
# are those of lessons 01, 02, 05 and 09. Nobody is tuned, so it says little about them yet; it shows what a fair
# picture looks like. The real one is for lesson 12.

# %%
names = ("random_search", "gradient_descent", "momentum", "annealing")
entries = {name: ({"lr": METHODS[name].lr} if METHODS[name].lr else {}) for name in names}
traces = race(entries, bowl(condition=10), np.array([4.0, 3.0]), budget=120)
plots.show(plots.compare(traces), "At equal cost: methods that may ask for the slope leave those behind that ask for heights only.")
finals = {name: trace.best[-1] for name, trace in traces.items()}
blind, seeing = ("random_search", "annealing"), ("gradient_descent", "momentum")
ratio = min(finals[name] for name in blind) / max(finals[name] for name in seeing)
claim("After 120 questions the worse of the two methods that ask for slopes is more than a hundred times as low as the "
      "better of the two that do not.", ratio > 100)

# %% [markdown]
# ## Bug clinic: the cell that was not run
#
# A notebook is a page *and* a kernel, and they may disagree: the kernel knows what was run, in the order it was run.
# Here somebody ran three cells of one line each, then changed the first to `rate = 0.5` and ran only the last. What did
# it print?
#
#     rate = 0.1
#     step = rate * 2
#     print(step)
#
# <details><summary>What it printed</summary>
#
# 0.2. The page says 0.5, the kernel still has <code>step = 0.2</code>: neither the first nor the second line was run again.
# Nothing warns you. When numbers look odd, choose <em>Kernel, Restart Kernel and Run All Cells</em>: then page and kernel
# agree, from top to bottom. Your answers and predictions are kept.
#
# </details>
#
# The cell below has the same trouble inside one function: a default argument is made once, when the `def` is run, and
# then remembered. Mend it so that two runs don't share their history.

# %%
def noted(value, history=[]):  # noqa: B006 (this is the bug)
    history.append(value)
    return history


first_run, second_run = noted(1.0), noted(2.0)
print("mended" if second_run == [2.0] else f"still ill - the second run begins with {second_run}")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# The list is made once and belongs to the function, so both runs write into the same one. Write
# <code>history=None</code> and begin with <code>history = [] if history is None else history</code>.
#
# </details>
#
# ## Notation
#
# | in text | in code | meaning |
# |:--|:--|:--|
# | $x$, $w$ | `x`, `w` | where we are; $w$ for the weights of a model |
# | $f(x)$ | `f(x)` | the objective, here always to be made small |
# | $\nabla f(x)$, $g$ | `f.grad(x)`, `g` | the gradient: all slopes in one vector |
# | $\alpha$ | `lr` | the learning rate, in short the rate: how long the steps are |
# | $\beta$ | `beta` | how much of a memory is kept |
# | $t$ | `t` | steps taken |
#
# Randomness always comes from a generator that is handed in, `rng = np.random.default_rng(7)`, so that every run can be
# repeated. The full list is in `docs/notation.md`.

# %%
quiz("00")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("00")

# %% [markdown]
# ## The lessons
#
# | | lesson | what you build | minutes |
# |:--|:--|:--|--:|
# | 01 | [Exhaustive and random search](01_exhaustive_search.ipynb) | grids, cross-validation; the number of clusters | 125 |
# | 02 | [Gradient descent](02_gradient_descent.ipynb) | gradients, the descent, the longest rate, scaling | 130 |
# | 03 | [Stochastic gradient descent](03_stochastic_gradient_descent.ipynb) | one example at a time | 105 |
# | 04 | [Mini-batches and schedules](04_mini_batch.ipynb) | batches, warm-up, decay | 105 |
# | 05 | [Momentum and Nesterov](05_momentum.ipynb) | a memory for the descent | 120 |
# | 06 | [Adagrad and RMSProp](06_rmsprop.ipynb) | a step for each coordinate | 105 |
# | 07 | [Adam and its family](07_adam.ipynb) | both together, and the bias | 140 |
# | 08 | [Genetic algorithms](08_genetic_algorithms.ipynb) | selection, crossover, mutation | 140 |
# | 09 | [Simulated annealing](09_simulated_annealing.ipynb) | accepting the worse, on purpose | 130 |
# | 10 | [Second order and stability](10_second_order_and_stability.ipynb) | Newton, line search, clipping | 230 |
# | 11 | [Hybrids and tuning](11_hybrids_and_tuning.ipynb) | teams of methods, and their settings | 115 |
# | 12 | [Which optimizer when](12_which_optimizer_when.ipynb) | a fair race, and what articles claim | 180 |
#
# Each has a worksheet in `exercises/` and a key in `solutions/`, of the same name.
#
# ## Where you stand
#
# Run this cell whenever you want to know. What you have done is kept outside the notebooks, so it survives a restart.

# %%
progress()

# %% [markdown]
# ## Summary
#
# - To learn is to make a loss small, and a loss is one number.
# - Every question costs. Looking around finds the well, looking closely finds its bottom.
# - Compare at equal cost, by the best so far; steps are no measure.
# - Page and kernel may disagree; restart and run all when in doubt.
#
# **For the cheat sheet:** *restart and run all; compare at equal cost; predict before you look.*
#
# **References:** C. R. Harris et al., *Array programming with NumPy*, Nature, 2020 · J. M. Perkel, *Why Jupyter is data
# scientists' computational notebook of choice*, Nature, 2018 · R. L. Bjork and E. L. Bjork, *Making things hard on
# yourself, but in a good way*, 2011 (why predicting first helps). **Next:** lesson 01 tries
# everything, and then at random; lesson 02, if you are in a hurry, follows the slope.
