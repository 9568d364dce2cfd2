# %% [markdown]
# # 02 · Gradient descent
#
# | | |
# |:--|:--|
# | **You will be able to** | check any gradient numerically · build gradient descent · say from the curvature which rate is too long · explain valleys, and why scaled features help · choose when to stop |
# | **Time** | 130 minutes, of which about 50 for the exercises |
# | **You need** | slopes and the chain rule, NumPy arrays; lesson 01 (grids) helps, but is not required |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, SearchState, gradient_descent, grid_search
from course_lib.problems import LeastSquares, Logistic, SURFACES, add_intercept, bowl, breast_cancer, diabetes, split
from course_lib.run import Ledger, first, run

# %% [markdown]
# ## Where the grid gives up
#
# A grid asks for the value at every crossing of its lines: with ten values an axis that is $10^d$ questions in $d$
# dimensions. It learns nothing on the way: what it saw at one crossing does not tell it where to look next.
#
# Here is a smooth bowl in 1, 2, ... dimensions. The grid covers its box; gradient descent starts in a corner, and runs
# until it is as low as the best crossing. To be fair, it may ask for *values* only: each slope is measured with two of
# them, so one gradient costs $2d$.

# %%
dims, grid, counts = range(1, 11), [], []
for d in dims:
    f = bowl(10 if d > 1 else 1, dim=d)
    if d <= 4:
        grid.append(run(grid_search, SearchState(np.zeros(d)), f, steps=10**d, every=10**d, n=10).cost[-1])
    walk = run(gradient_descent, PointState(np.full(d, 5.0)), f, steps=50, lr=2 / 11)  # a good rate: see below
    counts.append(first(walk.loss <= f(np.full(d, 5 / 9))))  # 5/9: the crossings nearest to the minimum
descent = [2 * d * steps for d, steps in zip(dims, counts)]

fig, ax = plt.subplots()
ax.semilogy(dims, [10.0**d for d in dims], ":", color=plots.COLORS["grid_search"], label="grid, 10 to the power d")
ax.semilogy(dims[:4], grid, "s", color=plots.COLORS["grid_search"], label="grid, counted")
ax.semilogy(dims, descent, "o-", color=plots.COLORS["gradient_descent"], label="gradient descent, counted")
ax.set(xlabel="dimensions d", ylabel="values asked for")
ax.legend()
plots.show(fig, "Each further dimension makes the grid ten times as expensive; gradient descent grows about like d.")
claim(f"Gradient descent takes {min(counts)} to {max(counts)} steps in all of them. In one dimension the grid is "
      f"cheaper ({grid[0]:.0f} values against {descent[0]}). In ten gradient descent asks for **{descent[9]} values**, "
      f"the grid for {10**10:,}: at a microsecond each, {10**10 / 1e6 / 3600:.1f} hours. In twenty it would be "
      f"{10**20 / 1e6 / 3.156e7 / 1e6:.1f} million years.",
      [grid == [10.0**d for d in dims[:4]], grid[0] < descent[0], descent[9] < 300])

# %% [markdown]
# What does it know that the grid does not? At every point, which way is *down*. This lesson builds that from nothing:
# how to get a slope, how to use it, how far to trust it.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("02.miss", "A bowl 25 times as curved across as along. At the worst place, by how many degrees does the way "
        "straight downhill miss the minimum? (0 to 90)")
predict("02.small", "On that bowl, at the rate 0.04, gradient descent comes within a thousandth of its first "
        "distance after 166 steps. After how many at the rate 0.004?")
predict("02.up", "Right code and gradient, a fixed rate; the first step makes the loss larger. Can it still end well?",
        ("no: there must be a bug", "no: it will diverge", "yes, even on a bowl", "yes, but not on a bowl"))
predict("02.rate", "A linear model with ten standardized features (diabetes), mean squared error. Its curvature is 2 "
        "on the average over all directions. What is the longest rate at which gradient descent still converges?")

# %% [markdown]
# ## The slope, measured
#
# You stand on a curve in fog and want to know how steep it is. Take a small step $h$ forward, note the height, take a
# small step back, note the height, and divide the difference by the distance between the two places:
#
# $$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}$$
#
# The line through the two places is the *secant*. As $h$ shrinks it turns into the tangent, whose slope we want.

# %%
wells, here = SURFACES["wells"](), 3.2
x = np.linspace(1.2, 5.4, 200)
slope = wells.grad([here])[0]
fig, ax = plt.subplots()
ax.plot(x, wells(x[:, None]), color="#5b6770", label="the curve")
for h, line in ((1.4, ":"), (0.7, "--")):
    ends = np.array([here - h, here + h])
    ax.plot(ends, wells(ends[:, None]), "o" + line, color="#d55e00", label=f"secant, h = {h}")
ax.plot(here + np.array([-0.7, 0.7]), wells([here]) + slope * np.array([-0.7, 0.7]), color="#0072b2", label="tangent")
ax.set(xlabel="$x$", ylabel="$f(x)$")
ax.legend()
plots.show(fig, "The closer the two places, the more the secant resembles the tangent.")
wide, near, tiny = ((wells([here + h]) - wells([here - h])) / (2 * h) for h in (1.4, 0.7, 0.01))
claim(f"The slope here is {slope:.3f}; the secants have {wide:.3f} (h = 1.4), {near:.3f} (h = 0.7) and {tiny:.3f} "
      "(h = 0.01).", [abs(tiny - slope) < abs(near - slope) < abs(wide - slope), abs(tiny - slope) < 0.002])

# %% [markdown]
# With several coordinates there is one slope for each: move one, keep all others where they are. The vector of these
# slopes is the **gradient** $\nabla f(x)$. It points the way that goes *up* most steeply; its length says how steeply.

# %%
numerical_grad = your_turn("gradient.numerical")


def ahead_only(f, x, h):
    return np.array([(f(x + e) - f(x)) / h for e in h * np.eye(len(x))])


himmelblau = SURFACES["himmelblau"]()
f, x = himmelblau, np.array([1.0, 2.0])
h = np.array([float(f"1e-{k}") for k in range(1, 14)])
one, two = (np.array([np.abs(slopes(f, x, step) - f.grad(x)).max() for step in h])
            for slopes in (ahead_only, numerical_grad))
fig, ax = plt.subplots()
ax.loglog(h, one, "s--", color="#d55e00", label="_one side")
ax.loglog(h, two, "o-", color="#0072b2", label="_both sides")
ax.text(1.5e-3, 6e-2, "one side: f(x + h) - f(x)", color="#a84300", ha="right")
ax.text(4e-4, 3e-9, "both sides:\nf(x + h) - f(x - h)", color="#0072b2")
ax.set(xlabel="h", ylabel="error of the slope", ylim=(1e-10, 1e2))
plots.show(fig, "A shorter h is better only down to a point: then rounding takes over, and the error grows again.",
           "Two V-shaped curves. Both sides: lowest near h = 1e-5. One side: lowest near h = 1e-8, and higher there.")
claim(f"From h = 0.1 to h = 0.01 the error of one side falls by {one[0] / one[1]:.0f}, that of both sides by "
      f"{two[0] / two[1]:.0f}.", [9 < one[0] / one[1] < 12, 95 < two[0] / two[1] < 105])
claim("Both sides with h = 1e-5 are right to 7 digits after the point; with h = 1e-12 the error is more than ten "
      "thousand times as large.", [two[4] < 5e-8, two[11] > 1e4 * two[4]])

# %% [markdown]
# So a measured gradient is precise enough to *check* with, but too expensive to train with: two values of the loss for
# every weight, at every step. For that we need a formula.
#
# ## The gradient of a loss
#
# Learning means: choose weights so that a loss is small. Take one feature (body mass index) of the diabetes data, and a
# line through the origin, $\hat y = w u$. Each patient has a *residual* $r = w u - y$. The loss is the mean of the
# squared residuals, and as $w$ turns the line, the loss follows a parabola.

# %%
data = diabetes()
u, y = data.X[:, data.names.index("bmi")], (data.y - data.y.mean()) / data.y.std()
line, w = LeastSquares(((u - u.mean()) / u.std())[:, None], y), -0.4
u, ws = line.X[:, 0], np.linspace(-1, 2.2, 100)
fig, (left, right) = plt.subplots(1, 2)
left.plot(u, y, ".", color="#8a8f98", ms=3)
left.vlines(u[::10], w * u[::10], y[::10], color="#d55e00", lw=0.9)
left.plot(u, w * u, color="#0072b2", label="the line for w = -0.4")
left.set(xlabel="body mass index, standardized", ylabel="progression, standardized")
right.plot(ws, line(ws[:, None]), color="#5b6770", label="loss")
right.plot(w, line([w]), "o", color="#0072b2", label="w = -0.4")
right.axline((w, line([w])), slope=line.grad([w])[0], color="#0072b2", label="tangent")
right.set(xlabel="w", ylabel="mean squared error", xlim=(-1.1, 2.3), ylim=(0, 3.4))
right.legend()
plots.show(fig, "Left: some residuals of a bad line. Right: its loss; the tangent falls to the right: w should grow.")

# %% [markdown]
# With several features $X$ is a table, an example a row, and the residuals are $r = Xw - y$. Three small steps:
#
# 1. The slope of $r_i^2$ in $r_i$ is $2 r_i$.
# 2. The slope of $r_i$ in $w_j$ is the feature $X_{ij}$. The chain rule multiplies the two: $2 r_i X_{ij}$.
# 3. The loss is a mean over the $n$ examples, so its slope is the mean of theirs. The product $X^\top r$ holds these sums:
#    its entry $j$ is $\sum_i X_{ij} r_i$.
#
# $$J(w) = \frac1n \sum_i r_i^2 \qquad\Rightarrow\qquad \nabla J(w) = \frac2n X^\top r$$
#
# Some books put a factor 1/2 before the sum, so that the 2 goes away. Then all curvatures halve, and all rates double.

# %%
mse_grad = your_turn("gradient.mse")
raw = data.X - data.X.mean(axis=0)
fit = LeastSquares(raw / raw.std(axis=0), y)
ledger, w = Ledger(fit), np.linspace(-1, 1, 10)
measured, derived = numerical_grad(ledger.view(), w), mse_grad(w, fit.X, y)
claim("On all ten features the derived gradient and the measured one agree to 8 digits after the point; measuring took "
      f"{ledger.values:.0f} values of the loss.", [np.abs(measured - derived).max() < 5e-9, ledger.values >= 20])

# %% [markdown]
# Keep that habit: whenever you derive a gradient, compare it with the measured one at a random point.
#
# ## One step, again and again
#
# Near a point $x$ the function looks like its tangent. A small step $s$ changes it by
#
# $$f(x + s) - f(x) \approx \nabla f(x) \cdot s$$
#
# Among all steps of one length, that is smallest when $s$ points exactly against the gradient. The slope says up: go
# the other way. How far? In proportion to the slope, $s = -\alpha \nabla f(x)$: long strides on steep ground, short
# ones where it levels out, none in a minimum. The factor $\alpha$ is the **learning rate**, in short the *rate*. Put
# that in:
#
# $$f(x + s) - f(x) \approx -\alpha\, \|\nabla f(x)\|^2$$
#
# It falls wherever the ground is not flat, *as long as the tangent can be trusted*, which the next section is about.
# Formula and code, line by line; both come from the one function that runs in this lesson:

# %%
plots.formula_beside_code(gradient_descent)

# %% [markdown]
# One line, and a loop around it. The gradient is asked for anew at every point: it is a compass that holds for the spot
# where you read it. Where does it lead, if you follow it to the end? Your version keeps the whole path, so that we can
# draw it.

# %%
your_gd = your_turn("gradient.descent")


def gd(grad, x0, lr, n):
    """Your descent, its path as an array even where you return a list."""
    return np.array(your_gd(grad, x0, lr, n))

# %%
starts, x = np.linspace(-7, 7, 71), np.linspace(-7.6, 7, 1461)
ends = np.array([gd(wells.grad, np.array([s]), 0.1, 300)[-1, 0] for s in starts])
bottoms, tops = (1 + np.flatnonzero(np.diff(np.sign(np.diff(s * wells(x[:, None])))) > 0) for s in (1, -1))
fig, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.4))
plots.landscape(himmelblau, left)
for start in ((0.2, -0.4), (0.2, -1.6), (-0.8, -0.4), (-0.8, -1.6)):
    plots.path(gd(himmelblau.grad, np.array(start), 0.01, 60), "gradient_descent", left)
right.plot(x, wells(x[:, None]), color="#5b6770", label="five wells")
right.vlines(x[tops], -2.2, wells(x[tops, None]), color="#8a8f98", ls=":", lw=1)
right.plot(starts[::2], wells(starts[::2, None]), "o", mfc="white", color="#0072b2", ms=4, label="starts")
right.plot(ends, wells(ends[:, None]), "o", color="#0072b2", ms=7, label="ends")
right.set(xlabel="$x$", ylabel="$f(x)$", ylim=(-2.3, 6.5))
right.legend(ncols=3, fontsize=8)
plots.show(fig, "Left: four starts on one hilltop, four wells. Right: each start ends at the bottom of its own well.")

own = np.searchsorted(x[tops], starts) == np.searchsorted(x[tops], ends)
deepest = np.abs(ends - x[bottoms][np.argmin(wells(x[bottoms, None]))]) < 0.02
claim(f"*It stops at the first local minimum it finds*, say popular articles. True at a rate of 0.1: of {len(starts)} "
      f"starts {own.sum()} end in the well where they began, and only {deepest.mean():.0%} in the deepest one.",
      [own.all(), 0.2 < deepest.mean() < 0.3])
limits = 2 / wells.hess(x[bottoms, None])[:, 0, 0]
restless = np.array([abs(wells.grad(gd(wells.grad, np.array([s]), 0.5, 300)[-1])[0]) for s in starts])
claim(f"But not at every rate: at 0.5, too long for each of the five bottoms (they allow {limits.min():.2f} to "
      f"{limits.max():.2f}), none of the starts has come to rest after 300 steps.",
      [(restless > 1e-6).all(), (limits < 0.5).all()])

# %% [markdown]
# ## How long may a step be
#
# (Lesson 12, claim a, tests that sentence on other surfaces, and with noise.) Where do those limits come from? Take the
# plainest bowl there is, $f(x) = \lambda x^2 / 2$. Its slope is $\lambda x$; $\lambda$ is its **curvature**, how fast
# the slope changes. One step gives
#
# $$x - \alpha \lambda x = (1 - \alpha\lambda)\, x$$
#
# So a step multiplies the distance to the minimum by $1 - \alpha\lambda$, and the next one does the same again.

# %%
unit = bowl(condition=1, dim=1)
x = np.linspace(-1.5, 1.5, 100)
fig, axes = plt.subplots(1, 4, sharey=True, figsize=(7.6, 2.7))
for ax, lr in zip(axes, (0.3, 1.0, 1.8, 2.1)):
    track = gd(unit.grad, np.array([1.0]), lr, 4)
    ax.plot(x, unit(x[:, None]), color="#8a8f98")
    plots.path(np.column_stack([track, unit(track)]), "gradient_descent", ax)
    ax.set_title(f"$\\alpha\\lambda$ = {lr}, factor {1 - lr:.1f}".replace("-", "−"), fontsize=9)
    ax.set(xlabel="$x$")
axes[0].set(ylabel="$f(x)$")
plots.show(fig, "Four steps from the ring: creeping, there at once, leaping over and still closing in, flying off.")
last = [abs(gd(unit.grad, np.array([1.0]), lr, 4)[-1, 0]) for lr in (0.3, 1.0, 1.8, 2.1)]
claim(f"After four steps the distance is {last[0]:.2f}, {last[1]:.0f}, {last[2]:.2f} and {last[3]:.2f} of what it was.",
      [last[1] == 0, last[0] < 1, last[2] < 1, last[3] > 1])

# %% [markdown]
# The distance shrinks as long as the factor lies between $-1$ and $1$, that is for $\alpha < 2/\lambda$.
#
# In many dimensions there are $d$ slopes, and each may change along each coordinate. The table of all these changes is
# the **Hessian** $H$: its entry $(i, j)$ says how fast the slope in $x_i$ changes as $x_j$ grows. On a bowl it is the
# same everywhere, and the gradient at a distance $s$ from the minimum is $H s$. A bowl has $d$ *main directions*, at
# right angles to each other, in which $H$ only stretches: $H v = \lambda v$. Such a $v$ is an eigenvector of $H$, and
# its $\lambda$, the *eigenvalue*, is the curvature in that direction.
#
# Let them go from the flattest, $\mu$, to the steepest, $L$. In the main directions the step acts as on separate
# parabolas, each with its own factor $1 - \alpha\lambda$. One rate has to suit them all, so the steepest decides:
# $\alpha < 2/L$.

# %%
critical_lr = your_turn("gradient.critical_rate")
R = np.random.default_rng(2).normal(size=(5, 5))
H = R @ R.T + np.eye(5)
limit = critical_lr(H)
far = [np.linalg.norm(gd(lambda x: H @ x, np.ones(5), share * limit, 500)[-1]) for share in (0.99, 1.01)]
claim(f"A bowl in five dimensions with random directions: the limit is {limit:.3f}. With 0.99 of it the distance after "
      f"500 steps is {far[0]:.5f}; with 1.01 of it, {far[1]:,.0f}.", [far[0] < 1e-3, far[1] > 1e3])

# %% [markdown]
# Left below are the factors of the flattest and the steepest direction of a bowl with $\mu = 1$ and $L = 25$; the
# larger of the two sets the pace. They balance at $\alpha = 2/(L + \mu)$, the best rate. Right: what that means in
# steps.

# %%
valley, where = bowl(condition=25), np.array([1.0, 0.6])
rates = np.sort([*np.geomspace(0.002, 0.0795, 40), 2 / 26])
crowd = PointState(np.tile(where, (len(rates), 1)))
away = run(gradient_descent, crowd, valley, steps=4000, lr=rates[:, None]).distance()
steps = [first(d <= 1e-3 * d[0]) for d in away.T]
fig, (left, right) = plt.subplots(1, 2)
a = np.linspace(0, 0.09, 181)
left.plot(a, np.abs(1 - a), "--", color="#009e73", label="flattest, $\\lambda = 1$")
left.plot(a, np.abs(1 - 25 * a), "-.", color="#d55e00", label="steepest, $\\lambda = 25$")
left.plot(a, np.maximum(np.abs(1 - a), np.abs(1 - 25 * a)), color="#333a40", lw=4, alpha=0.25, label="the larger one")
left.set(xlabel="rate", ylabel="size of the factor a step", ylim=(0, 1.7))
left.legend(loc="upper left", fontsize=8)
right.loglog(rates, steps, ".-", color=plots.COLORS["gradient_descent"], label="steps to a thousandth")
right.set(xlabel="rate", ylabel="steps to a thousandth of the distance", ylim=(50, 6000))
right.set_xticks([0.002, 0.005, 0.01, 0.02, 0.04], ["0.002", "0.005", "0.01", "0.02", "0.04"])
right.minorticks_off()
for ax in (left, right):
    ax.axvline(0.08, color="#b22222", lw=1)
left.text(0.081, 0.05, "2/L", color="#b22222")
right.text(0.076, 3500, "2/L", color="#b22222", ha="right")
plots.show(fig, "Below 2/L: the smaller the rate, the longer the way. The best rate lies just before the wall.")

# %%
def steps_to(share, f, lr, n, start):
    away = np.linalg.norm(gd(f.grad, start, lr, n), axis=1)
    return first(away <= share * away[0])


slow = [steps_to(1e-3, valley, lr, 20_000, where) for lr in (0.04, 0.004, 0.0004)]
best = rates[np.argmin(steps)]
claim(f"A tenth of the rate, ten times the steps: {slow[0]} at 0.04, {slow[1]} at 0.004, {slow[2]} at 0.0004. The best "
      f"of the rates tried is {best:.3f}, with {min(steps)} steps: 2/(L + mu).",
      [slow[0] == 166, 9.9 < slow[1] / slow[0] < 10.2, 9.9 < slow[2] / slow[1] < 10.2, best == 2 / 26])
reveal("02.small", slow[1])
tenfold = steps_to(1e-3, bowl(25, dim=10), 0.0004, 20_000, np.ones(10))
claim("*Too small a rate is as slow as exhaustive search*, say popular articles. Not in many dimensions: in ten "
      f"of them the crawl at 0.0004 takes {tenfold} steps, a grid of ten values an axis {10**10:,}.", tenfold < 30_000)
crawl = first(np.abs(gd(wells.grad, np.array([0.8]), 1e-4, 12_000)[:, 0] - 2.425) < 0.01)
claim(f"In one dimension they have a point: at the rate 0.0001 it takes {crawl} steps to come within 0.01 of the "
      "bottom of one well. A grid as fine needs 1601 values, and has seen all five.",
      [crawl > 1601, 16 / 0.01 + 1 == 1601])

# %% [markdown]
# So a smaller rate is safer, but not as good: the price is paid in steps. Find the balance by hand. Drag the start, or
# focus a control and use the arrow keys. **Goal:** at $\kappa = L/\mu = 25$, bring the norm of the gradient
# below $10^{-3}$ in at most 40 steps. The start matters too: from where is the way short, and why?

# %%
def own_step(state, f, rng, lr):
    """One step of your own descent, in the form that the explorers ask for."""
    return PointState(gd(f.grad, state.x, lr, 1)[-1])


widgets.show(widgets.descent(own_step))

# %% [markdown]
# ## Valleys and scales
#
# Downhill is the best direction for a *short* step. That does not make it the way to the minimum. The ratio
# $\kappa = L/\mu$, the **condition number**, says how far from round a bowl is; here are three, each with the way
# downhill (arrow) and the way to the minimum (dotted), from the place where they differ most.

# %%
def miss(f, x):
    """Degrees between downhill and the way to the minimum, which is at 0."""
    g = f.grad(x)
    cosine = (g * x).sum(-1) / np.linalg.norm(g, axis=-1) / np.linalg.norm(x, axis=-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


fig, axes = plt.subplots(1, 3, sharey=True, figsize=(7.6, 3.0))
for ax, kappa in zip(axes, (1, 5, 25)):
    f, x = bowl(kappa), np.sqrt([kappa, 1]) / np.sqrt(kappa + 1)
    plots.landscape(f, ax, low=(-0.4, -0.5), high=(1.2, 0.9), levels=12).set_aspect("equal")
    ax.label_outer()
    plots.path(gd(f.grad, x, 1.6 / (kappa + 1), 25), "gradient_descent", ax)
    ax.plot(*np.stack([x, 0 * x]).T, ":", color="#333a40", lw=1.2)
    tip = x - 0.55 * f.grad(x) / np.linalg.norm(f.grad(x))
    ax.annotate("", tip, x, arrowprops={"arrowstyle": "->", "color": "#b22222", "lw": 2})
    ax.set_title(f"$\\kappa$ = {kappa}: misses by {miss(f, x):.0f}°")
plots.show(fig, "Only on the round bowl does downhill point to the minimum; in a valley it points across.")
worst, anywhere = miss(valley, x), miss(valley, np.random.default_rng(2).normal(size=(10_000, 2)))
counts = [steps_to(1e-3, bowl(kappa), 2 / (kappa + 1), 3000, np.ones(2)) for kappa in (5, 25, 125, 625)]
claim(f"At condition number 25 downhill misses the minimum by up to **{worst:.0f} degrees**.",
      [67 < worst < 68, (anywhere <= worst + 1e-9).all()])
claim("Five times the condition number, about five times the steps, at the best rate each time: "
      f"{', '.join(map(str, counts))}.", [4.8 < b / a < 5.1 for a, b in zip(counts, counts[1:])])
reveal("02.miss", round(worst))

# %% [markdown]
# Where do valleys come from? Often from units. A feature whose numbers are a thousand times as large bends the loss a
# million times as much, and the rate must suit the steepest. The remedy costs two lines: shift and scale each column so
# that it has mean 0 and standard deviation 1. The test set gets the shift and scale *of the training set*: it must stay
# unseen.
#
# Build it, then compare raw and standardized features in the explorer. **Goal:** within 1% of the lowest loss in at
# most 30 steps.

# %%
standardize = your_turn("gradient.standardize")
widgets.show(widgets.scaling(own_step))

# %% [markdown]
# Two features are a picture; here are thirty: cell nuclei of 569 tumors, malignant or benign. A *logistic model* answers
# with the probability of one of the two, $p = 1/(1 + e^{-x \cdot w})$, and its loss is the mean of $-\log$ of the
# probability that it gave to what came true. That is no bowl, but its curvature is largest at $w = 0$, so the Hessian
# there gives a limit that is safe everywhere.
#
# Three runs: raw and standardized features at half their limit, and raw features at *twice* their limit.

# %%
cells, (train, test) = breast_cancer(), split(569, np.random.default_rng(2))
scaled, scaled_test = standardize(cells.X[train], cells.X[test])
losses = {"raw": Logistic(add_intercept(cells.X[train]), cells.y[train]),
          "standardized": Logistic(add_intercept(scaled), cells.y[train])}
w0, limits = np.zeros(31), {name: critical_lr(f.hess(np.zeros(31))) for name, f in losses.items()}
plans = {"raw, half the limit": ("raw", 0.5, "--"), "raw, twice the limit": ("raw", 2, "-."),
         "standardized, half the limit": ("standardized", 0.5, "-")}
loss, fig, ax = {}, *plt.subplots()
for label, (name, share, line) in plans.items():
    track = gd(losses[name].grad, w0, share * limits[name], 500)
    loss[label] = losses[name](track)
    ax.plot(loss[label], line, color="#0072b2" if name == "standardized" else "#d55e00", lw=1.5, label=label)
ax.set(xlabel="steps", ylabel="loss", yscale="log", xlim=(0, 500))
ax.set_xscale("symlog", linthresh=1)
ax.legend(loc="lower left")
plots.show(fig, "Standardized features need a few steps for what raw ones do not reach in five hundred.")
half, twice, good = loss.values()

# %%
rises, never, early = np.diff(twice) > 0, np.diff(half) < 0, first(good < min(half.min(), twice.min()))
claim(f"The largest curvature is {2 / limits['raw']:,.0f} for raw features and {2 / limits['standardized']:.1f} for "
      f"standardized ones. After {early} steps the standardized run is below where the raw ones get in 500.",
      [2 / limits["raw"] > 3e5, 2 / limits["standardized"] < 4, 1 < early < 6])
claim(f"At twice the limit the loss rises at the first step, and in {rises.sum()} of 500 steps; then the run comes to "
      f"a place that is less curved, and ends lower ({twice[-1]:.2f}) than the one at half the limit ({half[-1]:.2f}), "
      "which never rises. No bug anywhere.", [rises[0], rises.sum() > 30, twice[-1] < half[-1], never.all()])
reveal("02.up", "d")

# %% [markdown]
# On a bowl the curvature is the same everywhere, so a rate that is too long stays too long. Elsewhere a loss that rises
# once is a warning, not a proof.
#
# ## When to stop
#
# Three reasons to stop, and a program should say which it was: the ground is flat (*converged*), the time is used up
# (*max_steps*), or the numbers are no longer finite (*diverged*). Flat means that the norm of the gradient is small.
# "The loss hardly changes" is a weaker sign: in a long valley it hardly changes, and the minimum is still far away.

# %%
banana, start = SURFACES["rosenbrock"](), np.array([-1.5, 1.0])
track = gd(banana.grad, start, 0.001, 15_000)
change, flatness = np.abs(np.diff(banana(track))), np.linalg.norm(banana.grad(track), axis=1)
distance = np.linalg.norm(track - 1, axis=1)
fig, ax = plt.subplots()
ax.loglog(np.arange(1, 15_001), change, ":", color="#d55e00", label="change of the loss in a step")
ax.loglog(np.arange(1, 15_001), flatness[1:], "--", color="#009e73", label="norm of the gradient")
ax.loglog(np.arange(1, 15_001), distance[1:], color="#0072b2", label="distance to the minimum")
ax.set(xlabel="steps", ylabel="size")
ax.legend(loc="lower left")
plots.show(fig, "In Rosenbrock's valley the loss hardly changes long before the minimum is near.")
by_loss, by_slope = first(change < 1e-3), first(flatness < 1e-3)
claim(f"*Stop when the loss changes by less than 0.001*: after {by_loss} steps, {distance[by_loss]:.2f} from the "
      f"minimum. *Stop when the slope is below 0.001*: after {by_slope} steps, {distance[by_slope]:.3f} from it.",
      [distance[by_loss] > 1, distance[by_slope] < 0.01])

# %% [markdown]
# Build the three endings, and see each of them in the same valley:

# %%
gd_until = your_turn("gradient.until")
with np.errstate(all="ignore"):  # a run that diverges is a result, not a warning
    for lr, most in ((0.001, 20_000), (0.001, 2000), (0.005, 20_000)):
        _, steps, reason = gd_until(banana.grad, start, lr, 1e-3, most)
        print(f"rate {lr}, at most {most:5} steps: {reason} after {steps}")

# %% [markdown]
# ## Real data: ten weights and the longest rate
#
# Now all ten features of the diabetes data, standardized. Had they nothing to do with each other, every direction would
# have curvature 2 and the limit would be 1. But some nearly repeat each other, and then a few directions hold most of
# the curvature while others are flat. What did you predict?

# %%
H = fit.hess(np.zeros(10))
limit, curvatures, best = critical_lr(H), np.linalg.eigvalsh(H), np.linalg.lstsq(fit.X, y, rcond=None)[0]
floor = fit(best)
claim(f"The average curvature is {curvatures.mean():.0f}, the largest {curvatures[-1]:.2f}, the smallest "
      f"{curvatures[0]:.4f}; a condition number of {curvatures[-1] / curvatures[0]:.0f}, a limit of **{limit:.4f}** "
      f"(with the factor 1/2 in the loss it would be {2 * limit:.3f}).",
      [8 < curvatures[-1] < 8.1, 0.248 < limit < 0.249])
reveal("02.rate", limit)
excess, fig, ax = {}, *plt.subplots()
for share, line in ((0.1, ":"), (0.99, "-"), (1.01, "--")):
    excess[share] = fit(gd(lambda w: mse_grad(w, fit.X, y), np.zeros(10), share * limit, 300)) / floor - 1
    ax.semilogy(excess[share], line, color=plots.COLORS["gradient_descent"], label=f"{share:g} times the limit")
ax.set(xlabel="steps", ylabel="loss above the lowest, as a share", ylim=(1e-4, 1e3))
ax.legend()
plots.show(fig, "One percent below the limit the loss goes on falling; one percent above, it grows without end.")


# %%
ahead = 4 + first(excess[0.99][4:] < excess[0.1][4:])
claim("Just below the limit the steepest direction swings and dies slowly: a tenth of the limit is ahead until step "
      f"{ahead - 1}, and is then left behind.",
      [(excess[0.99][4:ahead] >= excess[0.1][4:ahead]).all(),
       50 < ahead < 200, (excess[0.99][ahead:] < excess[0.1][ahead:]).all()])
with np.errstate(all="ignore"):
    ends = [gd_until(fit.grad, np.zeros(10), share * limit, 1e-3, 20_000)[1:] for share in (0.09, 0.9, 1.05)]
claim(f"With 0.9 of the limit the run has {ends[1][1]} after {ends[1][0]} steps, with a tenth of that rate after "
      f"{ends[0][0]}; with 1.05 of the limit it has {ends[2][1]}.",
      [[reason for _, reason in ends] == ["converged", "converged", "diverged"], ends[0][0] > 9 * ends[1][0]])
w = gd(fit.grad, np.zeros(10), 0.9 * limit, 100)[-1]
claim(f"After 100 steps the loss is {fit(w) / floor - 1:.1%} above the lowest, while the weights are still "
      f"{np.linalg.norm(w - best) / np.linalg.norm(best):.0%} off: flat directions matter to the weights, "
      "hardly to the loss.",
      [fit(w) / floor < 1.01, np.linalg.norm(w - best) > 0.4 * np.linalg.norm(best)])

# %% [markdown]
# ## Bug clinic
#
# This descent was found in a notebook. It runs, and its last point is right. The figure drawn from its path shows a
# single dot. What is the cause, and what else has it spoiled? Mend the cell: the next one tells you when you have.

# %%
def descend(grad, x, lr, n):
    path = [x]
    for _ in range(n):
        x -= lr * grad(x)
        path.append(x)
    return np.array(path)


# %%
begin = where.copy()
found = descend(valley.grad, begin, 0.05, 20)
sought = run(gradient_descent, PointState(where), valley, steps=20, lr=0.05).x
print("mended" if np.allclose(found, sought) and np.array_equal(begin, where) else "still ill",
      f"- different points on the path: {len(np.unique(found, axis=0))}, should be {len(np.unique(sought, axis=0))};",
      "start untouched" if np.array_equal(begin, where) else "start overwritten")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# `x -= ...` changes the array in place, and the list holds the *same* array again and again: one point with 21 names.
# The array that the caller passed in is that one too, so the start is gone, and a second run would begin where the
# first one ended. Write `x = x - lr * grad(x)`, which makes a new array each time.
#
# </details>

# %%
quiz("02")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("02")

# %% [markdown]
# ## Summary
#
# - A slope can be measured: both sides, $h$ about $10^{-5}$. Use it to check every gradient that you derive.
# - One step: $x \leftarrow x - \alpha \nabla f(x)$. It ends in the well where it began.
# - A step multiplies a direction of curvature $\lambda$ by $1 - \alpha\lambda$: the rate must stay below $2/L$, and the
#   best one is $2/(L + \mu)$. A tenth of the rate costs ten times the steps.
# - Downhill is not the way to the minimum. The steps grow with the condition number $\kappa = L/\mu$.
# - Standardize the features, with the numbers of the training set: it is the cheapest speed-up there is.
# - Stop on the norm of the gradient, and say why you stopped.
#
# **For the cheat sheet:** *gradient descent — `x = x - lr * grad(x)` — smooth losses; lr below 2/L; standardize first;
# if the loss grows without end, lower the rate.*
#
# **References:** A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, 1847 · Y.
# LeCun, L. Bottou, G. Orr and K.-R. Müller, *Efficient BackProp*, 1998 · S. Boyd and L. Vandenberghe, *Convex
# Optimization*, 2004 · J. Nocedal and S. Wright, *Numerical Optimization*, 2006. **Next:** lesson 03 asks one example
# at a time; lesson 05 gives the descent a memory, for valleys like those above.
