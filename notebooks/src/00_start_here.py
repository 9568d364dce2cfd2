# %% [markdown]
# # Optimization for Machine Learning: start here
#
# *From brute force to Adam and beyond.* Everything a model learns, it learns by making a number small: the loss. This
# course builds the methods that do so, one after the other, from trying everything to Adam, evolution and annealing.
# You will write each of them yourself, see it move, and measure when it is the right one.
#
# You need Python, NumPy and school mathematics; slopes and vectors come with pictures. Every lesson takes about two hours.

# %% [markdown]
# ## How a lesson works
#
# 1. **Predict.** Before you see a result you write down what you expect. It is kept, nobody grades it, and at the end of
#    the lesson it stands beside what came out. The differences are where the learning is.
# 2. **Run.** Read from the top, and run each cell with Shift + Enter. Sentences marked "measured here" are not opinions:
#    the numbers in them were computed by the cell above, and the course is not built when they are untrue.
# 3. **Build.** Where it says *your turn*, open the worksheet beside the lesson (same name, folder `exercises/`), write
#    the function, and save. Run the cell in the lesson again: from there on it draws with *your* function.
# 4. **Check.** In the worksheet `check(function)` says at once whether it is right, and if not, which mistake it is.
#    `hint(function)` has three hints, from vague to plain; `solution(function)` shows an answer after an attempt.
#
# A lesson runs from top to bottom whether or not its exercises are done, so you may look ahead. Lost? *Kernel, Restart
# Kernel and Run All Cells* brings every notebook back to a clean state; your answers are kept.

# %% [markdown]
# ## The first prediction
#
# Try the form here, then play: the picture below is a bowl from above, with a method that walks downhill. **Goal:** bring
# the slope below $10^{-3}$ in at most 40 steps. Drag the start and the rate, or focus them and use the arrow keys. Why
# it works is lesson 02.

# %%
import numpy as np

from course_lib import widgets
from course_lib.learner import claim, predict, progress, reveal
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import bowl
from course_lib.run import run

predict("00.rate", "A rate says how long the steps of a descent are. Ten times the rate: what happens?",
        ("it gets there sooner", "it flies off", "either of the two: it depends"))

# %%
widgets.show(widgets.descent())

# %%
far = [run(gradient_descent, PointState(np.ones(2)), bowl(25), steps=100, lr=rate).distance()[-1]
       for rate in (0.004, 0.04, 0.4)]
claim(f"A hundred steps from distance 1.4: at the rate 0.004 they leave {far[0]:.2f}, at 0.04 only {far[1]:.2f}, and at "
      "0.4 the descent is gone for good.", [far[1] < far[0] / 10, far[2] > 1e6])
reveal("00.rate", "c")

# %% [markdown]
# ## The lessons
#
# | | lesson | what you build | minutes |
# |:--|:--|:--|--:|
# | 01 | Exhaustive and random search | grids, cross-validation; the number of clusters | to come |
# | 02 | [Gradient descent](02_gradient_descent.ipynb) | gradients, the descent, the longest rate, scaling | 120 |
# | 03 | Stochastic gradient descent | one example at a time | to come |
# | 04 | Mini-batches and schedules | batches, warm-up, decay | to come |
# | 05 | [Momentum and Nesterov](05_momentum.ipynb) | a memory for the descent | 130 |
# | 06 | Adagrad and RMSProp | a step for each coordinate | to come |
# | 07 | Adam and its family | both together, and the bias | to come |
# | 08 | Genetic algorithms | selection, crossover, mutation | to come |
# | 09 | Simulated annealing | accepting the worse, on purpose | to come |
# | 10 | Second order and stability | Newton, line search, clipping | to come |
# | 11 | Hybrids and tuning | teams of methods, and their settings | to come |
# | 12 | Which optimizer when | a fair race, and what articles claim | to come |
#
# Start with 02, then 05. Each has a worksheet in `exercises/` and a key in `solutions/`, of the same name.

# %% [markdown]
# ## Where you stand
#
# Run this cell whenever you want to know. What you have done is kept outside the notebooks, so it survives a restart.

# %%
progress()
