# %% [markdown]
# # 03 · Stochastic gradient descent
#
# | | |
# |:--|:--|
# | **You will be able to** | show that one example is right on average · build SGD with a fresh order in each epoch · say how high it hovers, and why · bring it down, by decay and by averaging · compare methods by the examples they look at |
# | **Time** | 105 minutes, of which about 45 for the exercises |
# | **You need** | lesson 02 (gradient, rate, curvature), means and variances, NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import LeastSquares, Logistic, add_intercept, breast_cancer, diabetes, standardize
from course_lib.run import first, run

GD, SGD = plots.COLORS["gradient_descent"], plots.COLORS["sgd"]

# %% [markdown]
# ## Many questions for one step
#
# The loss of a model is a mean over examples, and so is its gradient. Gradient descent asks *all* of them before it
# moves once. With 442 patients that is bearable; with a million examples the first step waits for a million answers,
# most of which say nearly the same.
#
# Here is the smallest case that shows it. Two features of the diabetes data (body mass index and blood pressure,
# standardized), a linear model with two weights, the mean squared error. Then the same data ten times over, and a
# hundred times over: nothing new to learn, only more to read. We count the examples that are looked at until the loss
# is within 0.02 of the lowest one. *SGD* is the method of this lesson: it moves after each single example.

# %%
data = diabetes()
X = standardize(data.X[:, [data.names.index(name) for name in ("bmi", "bp")]])
y = (data.y - data.y.mean()) / data.y.std()
f, n, start = LeastSquares(X, y), len(y), np.array([-0.6, -0.6])
best = np.linalg.lstsq(X, y, rcond=None)[0]
lowest, (mu, L) = f(best), np.linalg.eigvalsh(f.hess(best))
thirty = PointState(np.tile(start, (30, 1)))  # thirty runs at once; with apart=True each draws examples of its own

copies, read = (1, 10, 100), {"gradient_descent": [], "sgd": []}
for c in copies:
    big = f.sample(np.tile(np.arange(n), c))
    full = run(gradient_descent, PointState(start), big, steps=6, lr=2 / (L + mu))
    one = run(gradient_descent, thirty, big, 1, steps=400, batch_size=1, apart=True, every=10, lr=0.005)
    read["gradient_descent"].append(first(full.loss <= lowest + 0.02) * big.n)
    read["sgd"].append(10 * first(one.loss.mean(axis=1) <= lowest + 0.02))  # looked at every ten steps

# %%
fig, ax = plt.subplots()
for name, counts in read.items():
    ax.loglog(copies, counts, "o" + plots.STYLE[name].line, color=plots.COLORS[name], label=plots.label_of(name))
ax.set(xlabel="copies of the data", ylabel="examples looked at", xticks=copies, xticklabels=copies)
ax.minorticks_off()
ax.legend()
plots.show(fig, "Ten times the data: gradient descent looks at ten times as many examples, SGD at no more than before.")
steps = read["gradient_descent"][0] // n
claim(f"Gradient descent at its best rate takes {steps} steps whatever the number of copies, so it looks at "
      f"{', '.join(f'{count:,}' for count in read['gradient_descent'])} examples. SGD (the mean of 30 runs) looks at "
      f"{', '.join(map(str, read['sgd']))}.", [read["gradient_descent"] == [steps * n * c for c in copies],
                                               max(read["sgd"]) < n, max(read["sgd"]) < 1.2 * min(read["sgd"])])

# %% [markdown]
# Real data are no copies, but many examples resemble others. Where is the catch? SGD has one, and this lesson is about
# it: it gets near quickly, and then it does not arrive.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("03.floor", "At a constant rate SGD ends up hovering above the lowest loss. You halve the rate. How high does it "
        "hover then?", ("as high: it only takes longer", "about half as high, or a little less", "not at all: it arrives",
                        "higher: it is too slow"))
predict("03.up", "While it hovers: in what percentage of its steps does the loss over all data go *up*? (0 to 100)")
predict("03.catch", "Tumor data, 284 examples, 31 weights, both rates tuned. How many passes over the data does gradient "
        "descent need to get as low as SGD after one pass?")

# %% [markdown]
# ## One example is a witness
#
# Pick a place in the plane of the two weights and ask every patient, one by one, which way to go: *minus the gradient
# of this patient's squared error*. Each answer is an arrow. Here are the tips of all 442 of them, once far from the
# minimum, once at the minimum.

# %%
fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(7.4, 3.7))
pulls = {"far away": -2 * (X @ start - y)[:, None] * X, "at the minimum": -2 * (X @ best - y)[:, None] * X}
for ax, (where, pull) in zip(axes, pulls.items()):
    ax.plot(*pull.T, ".", color=SGD, ms=4)
    ax.plot(*pull.mean(axis=0), "*", color=GD, ms=14, mec="white")
    ax.annotate("the mean", pull.mean(axis=0), (4.5, -4.5), color=GD, arrowprops={"arrowstyle": "-", "color": GD})
    ax.axhline(0, color="#8a8f98", lw=0.6)
    ax.axvline(0, color="#8a8f98", lw=0.6)
    ax.set(title=where, xlabel="pull on the weight of bmi", xlim=(-8, 14), ylim=(-8, 14))
axes[0].set_ylabel("pull on the weight of bp")
plots.show(fig, "Far away most witnesses agree on the direction. At the minimum they disagree as they always do, and "
           "their mean is zero.", "Two clouds of points; the left one leans to the upper right, the right one is "
           "centered at zero, with the mean marked by a star.")
sizes = {where: np.linalg.norm(pull, axis=1).mean() for where, pull in pulls.items()}
agree = {where: (pull @ pull.mean(axis=0) > 0).mean() for where, pull in pulls.items()}
claim(f"Far away {agree['far away']:.0%} of the arrows point downhill. At the minimum the mean arrow is zero, but a "
      f"single one still has a length of {sizes['at the minimum']:.1f} on average.",
      [agree["far away"] > 0.8, sizes["at the minimum"] > 1, np.allclose(pulls["at the minimum"].mean(axis=0), 0)])

# %% [markdown]
# With $f(w) = \frac1n \sum_i f_i(w)$ the slope of the mean is the mean of the slopes. So if $i$ is drawn with equal
# chances,
#
# $$\mathrm{E}\,\nabla f_i(w) = \frac1n \sum_{i=1}^n \nabla f_i(w) = \nabla f(w)$$
#
# One example gives an *unbiased* estimate of the gradient: wrong each time, right on average, at $1/n$ of the cost. For
# the squared error $f_i(w) = (x_i \cdot w - y_i)^2$ it is $2\,(x_i \cdot w - y_i)\,x_i$.

# %%
sample_gradient = your_turn("sgd.sample_gradient")

# %%
w = np.array([1.0, -0.3])
each = np.array([sample_gradient(w, X, y, i) for i in range(n)])
claim("The mean of the 442 gradients is the gradient of the whole, to all digits.",
      np.allclose(each.mean(axis=0), f.grad(w), rtol=1e-12))
draws = each[np.random.default_rng(3).integers(n, size=(10_000, 2))]
miss = np.linalg.norm(draws - f.grad(w), axis=-1).mean(), np.linalg.norm(draws.mean(axis=1) - f.grad(w), axis=-1).mean()
claim(f"A single one misses it by {miss[0]:.1f} on average, where the gradient itself has the length "
      f"{np.linalg.norm(f.grad(w)):.1f}; the mean of two misses it by {miss[1]:.1f}.", miss[1] < 0.8 * miss[0])

# %% [markdown]
# Drag the point through the plane (or focus it and use the arrow keys). Thin arrows are single examples, the thick one
# is their mean. **Goal:** find a place where the mean arrow is at most a fiftieth as long as the arrows are on average.
# What do the thin ones do there?

# %%
widgets.show(widgets.witnesses())

# %% [markdown]
# ## One example at a time
#
# What would you do with a witness who is right on average and costs next to nothing? Believe a little, move, and ask
# the next. Picture first: one pass over the data, 442 single steps, beside the one step that gradient descent makes for
# the same 442 questions.

# %%
single = run(gradient_descent, PointState(start), f, 3, epochs=1, batch_size=1, lr=0.005)
whole = run(gradient_descent, PointState(start), f, steps=1, lr=2 / (L + mu))
fig, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.15))
plots.landscape(f, left, low=(-0.8, -0.8), high=(1.0, 0.8)).set(xlabel="weight of bmi", ylabel="weight of bp")
plots.path(single.x, "sgd", left, marker=False)
plots.path(whole.x, "gradient_descent", left)
left.plot(*best, "k+", ms=9)
for name, trace in (("sgd", single), ("gradient_descent", whole)):
    plots.curve(trace.loss - lowest, name, right, cost=trace.cost)
right.set(xlabel="passes over the data", ylabel="loss - lowest")
right.legend(loc=(0.48, 0.63))
plots.show(fig, "In one pass SGD stumbles all the way to the minimum; gradient descent has made one good step.")
ends = [float(trace.loss[-1] - lowest) for trace in (single, whole)]
claim(f"After one pass the loss is {ends[0]:.4f} above the lowest with SGD and {ends[1]:.2f} with gradient descent at its "
      f"best rate; both began at {f(start) - lowest:.2f}.", ends[0] < ends[1] / 20)

# %% [markdown]
# The step is the one you know. There is no new line of code, only another $f$: the loss of one example.

# %%
plots.formula_beside_code(gradient_descent)

# %% [markdown]
# What is new is the order of the questions. One pass over all examples is an **epoch**. Draw a fresh random order for
# each epoch and go through it: every example is heard once, and none has a fixed place. In short, for each epoch, for
# each $i$ of a fresh permutation of the examples: $w \leftarrow w - \alpha \nabla f_i(w)$.

# %%
sgd = your_turn("sgd.run")

# %%
def grad_i(w, i):
    return sample_gradient(w, X, y, i)


fig, ax = plt.subplots()
hover, moved = [], []
for lr, line in ((0.04, ":"), (0.01, "--"), (0.0025, "-")):
    path = sgd(grad_i, start, n, lr, 25, np.random.default_rng(7))
    ax.semilogy(f(path) - lowest, line, color=SGD, label=f"SGD, rate {lr}")
    hover.append((f(path[-20:]) - lowest).mean())
    moved.append(np.linalg.norm(np.diff(path[-21:], axis=0), axis=1).mean())
ax.set(xlabel="epochs", ylabel="loss - lowest", ylim=(3e-5, 8))
ax.legend(ncols=3, loc="upper right")
plots.show(fig, "At each rate SGD comes down within a few epochs and then hovers: on average lower for a smaller rate.")
claim(f"At the rates 0.04, 0.01 and 0.0025 the loss is {hover[0]:.4f}, {hover[1]:.4f} and {hover[2]:.4f} above the lowest, "
      f"on average over the last 20 epochs, and the weights still move by {moved[0]:.2f}, {moved[1]:.2f} and "
      f"{moved[2]:.2f} an epoch. Where a single curve ends is luck.",
      [hover[0] > 2 * hover[1], hover[1] > 2 * hover[2], moved[0] > moved[1] > moved[2] > 0.01])

# %% [markdown]
# ### Does the order matter?
#
# Four ways to ask, forty runs each, twenty epochs at the rate 0.01: draws *with replacement* (any example at any time),
# a *fresh order* in each epoch, *one random order* that is kept, and the examples *sorted* by their target, as they
# often come out of a database. We look at the mean height over the last ten epochs.

# %%
runs, epochs, rng = 40, 20, np.random.default_rng(3)


def shuffled():
    return rng.permuted(np.tile(np.arange(n), (runs, 1)), axis=1).T


def heights(orders, lr):
    """How high above the lowest loss each run is after each step; orders (steps, runs) says which example it sees."""
    w, seen = np.tile(start, (orders.shape[1], 1)), []
    for i in orders:
        w = w - lr * f.sample(i[:, None]).grad(w)
        seen.append(w - best)
    away = np.array(seen)
    return (away @ f.hess(best) * away).sum(axis=-1) / 2  # on a bowl that is f(w) - lowest


kept = shuffled()
orders = {"with replacement": rng.integers(n, size=(epochs * n, runs)),
          "fresh order": np.concatenate([shuffled() for _ in range(epochs)]),
          "one order, kept": np.tile(kept, (epochs, 1)),
          "sorted": np.tile(np.argsort(y)[:, None], (epochs, runs))}
levels = {name: heights(order, 0.01)[epochs // 2 * n :].mean(axis=0) for name, order in orders.items()}

# %%
fig, ax = plt.subplots(figsize=(6.4, 2.8))
for k, (name, level) in enumerate(levels.items()):
    ax.semilogx(level, np.full(runs, k) + np.linspace(-0.2, 0.2, runs), ".", color=SGD, label=f"_{name}")
    ax.semilogx([level.mean()] * 2, [k - 0.3, k + 0.3], color="#333a40", lw=2)
ax.set(yticks=range(4), yticklabels=levels, xlabel="loss - lowest, mean of ten epochs (a dot is a run)")
ax.set_xticks([0.003, 0.01, 0.03, 0.1, 0.3], ["0.003", "0.01", "0.03", "0.1", "0.3"])
ax.invert_yaxis()
plots.show(fig, "A fresh order is low every time. One order that is kept is a lottery ticket, a sorted one a disaster.",
           "Dots on a logarithmic axis: with replacement about 0.010, fresh order about 0.008, one kept order from 0.004 "
           "to 0.02, sorted 0.13.")
mean = {name: level.mean() for name, level in levels.items()}
half = {name: 1.96 * level.std(ddof=1) / runs**0.5 for name, level in levels.items()}
claim("Mean heights with 95% intervals: " + ", ".join(f"{name} {mean[name]:.4f} ± {half[name]:.4f}" for name in mean) + ".",
      [mean["fresh order"] + half["fresh order"] < mean["with replacement"] - half["with replacement"]])
claim(f"One kept order is no worse on average, but its luck stays: its forty runs spread "
      f"{levels['one order, kept'].std() / levels['fresh order'].std():.1f} times as much as those with fresh orders. "
      f"The sorted order is {mean['sorted'] / mean['fresh order']:.0f} times as high.",
      [mean["one order, kept"] < mean["fresh order"] + half["one order, kept"],
       levels["one order, kept"].std() > 2 * levels["fresh order"].std(), mean["sorted"] > 10 * mean["fresh order"]])

# %% [markdown]
# A fresh order beats draws with replacement because within an epoch the errors cancel: who was heard early is not heard
# again until all others were. And it never repeats an unlucky order. Sorted data are the worst case of a kept order: the
# run first hears only patients who are well, then only patients who are ill, and believes each group in turn.
#
# ## The noise floor
#
# Near the minimum the mean of the arrows is zero and the single arrows are not. Each step throws the weights by
# $\alpha$ times a random arrow; the slope pulls them back. Where both balance, the run hovers. For a bowl and
# independent draws one can compute the height:
#
# $$\mathrm{E} f(w) - f(w^*) \approx \frac{\alpha}{4}\; \frac1n \sum_i \|\nabla f_i(w^*)\|^2$$
#
# Where does it come from? In the balance the squared distance to $w^*$ stays the same on average. A step adds
# $\alpha^2$ times the mean square of an arrow to it, and the pull takes away $2\alpha$ times the scalar product of
# gradient and distance, which on a bowl is twice the height above the lowest loss. So
# $4\alpha \cdot \text{height} = \alpha^2 \cdot \text{mean square}$, and that is the formula.
#
# Two things to read off: the height is proportional to the *rate*, and it would be zero only if every single example had
# a zero gradient at $w^*$, that is, if the model fitted all data perfectly.

# %%
noise_floor = your_turn("sgd.noise_floor")

# %%
rates, every = np.array([0.04, 0.02, 0.01, 0.005]), 13  # four times forty runs, each with its own rate: one array
each_rate, tail = np.repeat(rates, runs)[:, None], 10 * n // every
trace = run(gradient_descent, PointState(np.tile(start, (4 * runs, 1))), f, 5, epochs=epochs, batch_size=1, apart=True,
            every=every, lr=each_rate)
floors = np.array([noise_floor(f, path, lowest, tail) for path in trace.x.swapaxes(0, 1)]).reshape(4, runs)
again = heights(np.tile(orders["with replacement"], (1, 4)), each_rate)[-10 * n :].mean(axis=0).reshape(4, runs)
ups = (np.diff(heights(orders["fresh order"], 0.01)[-10 * n :], axis=0) > 0).mean(axis=0)
theory = rates / 4 * (np.linalg.norm(pulls["at the minimum"], axis=1) ** 2).mean()

# %%
curves = (trace.loss - lowest).reshape(-1, 4, runs).mean(axis=-1)
fig, (left, right) = plt.subplots(1, 2, width_ratios=(1.2, 1))
for lr, curve, line in zip(rates, curves.T, ("-", "--", "-.", ":")):
    left.semilogy(trace.cost, curve, line, color=SGD, label=f"rate {lr}")
left.set(xlabel="passes over the data", ylabel="loss - lowest, mean of 40 runs", ylim=(1e-3, 5), xlim=(0, 6))
left.legend(loc="upper right", ncols=2, fontsize=8)
right.loglog(rates, again.mean(axis=1), "s--", color="#5b6770", label="with replacement")
right.loglog(rates, theory, color="#b22222", lw=1, label="formula")
right.loglog(rates, floors.mean(axis=1), "o-", color=SGD, label="fresh orders")
right.set(xlabel="rate", ylabel="noise floor", xticks=rates, xticklabels=rates)
right.minorticks_off()
right.legend()
right.set_yticks([0.003, 0.01, 0.03], ["0.003", "0.01", "0.03"])
plots.show(fig, "Each halving of the rate about halves the floor; with fresh orders it does a little more than that.")
ratios = floors.mean(axis=1)[1:] / floors.mean(axis=1)[:-1], again.mean(axis=1)[1:] / again.mean(axis=1)[:-1]
shown = [", ".join(f"{r:.2f}" for r in row) for row in ratios]
claim(f"From 0.04 on, each halving of the rate multiplies the floor by {shown[1]} with replacement, and by {shown[0]} "
      "with fresh orders, whose errors cancel better the shorter the steps.",
      [np.abs(ratios[1] - 0.485) < 0.05, np.abs(ratios[0] - 0.41) < 0.05])
reveal("03.floor", "b")

# %%
half_width = 1.96 * again.std(axis=1, ddof=1) / runs**0.5
measured, off = again.mean(axis=1), again.mean(axis=1) / theory - 1
claim(f"At the rate 0.01 the formula says {theory[2]:.4f}, and the runs with replacement hover at {measured[2]:.4f} ± "
      f"{half_width[2]:.4f}. At 0.04 they are {off[0]:.0%} above the formula, which is exact for short steps only.",
      [abs(measured[2] - theory[2]) < 2 * half_width[2], 0.1 < off[0] < 0.3])
claim(f"While it hovers at the rate 0.01, the loss over all data goes up in {ups.mean():.0%} of the steps.",
      0.47 < ups.mean() < 0.53)
reveal("03.up", round(100 * ups.mean()))

# %% [markdown]
# Half of all steps make things worse, and yet it got here: on the way down the witnesses agree. Watch a hundred runs
# fall into place: press play, or move the time. **Goal:** halve the floor twice. In the second pass the runs should
# hover at most a quarter as high as at the rate 0.04. What happens when you overdo it?

# %%
widgets.show(widgets.noise_cloud())

# %% [markdown]
# ## Decay: long steps first, short ones later
#
# A long rate is quick and hovers high, a short one is slow and hovers low. Nobody says that the rate has to stay the
# same. *Inverse decay* begins with $\alpha_0$ and lets the rate fall as the steps are counted:
#
# $$\alpha_t = \frac{\alpha_0}{1 + t/t_0}$$
#
# The rates add up to infinity, so no start is too far away; their squares do not, so the noise dies out (Robbins and
# Monro, 1951). The count $t$ goes on through all epochs. And $t_0$ says how long you stay bold: after $t_0$ steps the
# rate has halved. Choose it so that the way down is done by then; too small a $t_0$ is the more expensive mistake, as
# you will see.

# %%
decayed_rates = your_turn("sgd.inverse_decay")

# %%
plans = {"constant": np.full(epochs * n, 0.02),
         "decay, t0 = 200": decayed_rates(0.02, 200, n, epochs).ravel(),
         "decay, t0 = 5": decayed_rates(0.02, 5, n, epochs).ravel(),
         "count restarts": np.tile(decayed_rates(0.02, 200, n, 1).ravel(), epochs)}
table = np.repeat(list(plans.values()), runs, axis=0)  # (four plans of forty runs, steps)
fell = run(gradient_descent, PointState(np.tile(start, (4 * runs, 1))), f, 6, epochs=epochs, batch_size=1, apart=True,
           every=26, lr=lambda t: table[:, t, None])
above = dict(zip(plans, (fell.loss - lowest).reshape(-1, 4, runs).mean(axis=-1).T))
fig, ax = plt.subplots()
for (name, curve), line in zip(above.items(), (":", "-", "-.", "--")):
    ax.semilogy(fell.cost, curve, line, label=name, color="#b22222" if name == "count restarts" else SGD)
ax.set(xlabel="passes over the data", ylabel="loss - lowest, mean of 40 runs")
ax.legend(ncols=2, loc="upper right")
plots.show(fig, "With decay the floor keeps sinking. A count that restarts in each epoch brings the noise back each time; "
           "a rate that falls too early stalls on the way.")

# %%
at_end = {name: curve[-17:].mean() for name, curve in above.items()}  # 17 looks an epoch
dip = above["decay, t0 = 200"][-1]
claim(f"In epoch {epochs} the runs with a constant rate are {at_end['constant']:.4f} above the lowest loss, those with "
      f"decay (t0 = 200) {at_end['decay, t0 = 200']:.6f}: {at_end['constant'] / at_end['decay, t0 = 200']:.0f} times lower.",
      at_end["constant"] > 100 * at_end["decay, t0 = 200"])
claim(f"Where the count restarts, it is {at_end['count restarts'] / at_end['decay, t0 = 200']:.0f} times as high as with "
      f"decay; and with t0 = 5 the runs are still {at_end['decay, t0 = 5']:.2f} above: they stopped believing too early.",
      [at_end["count restarts"] > 50 * at_end["decay, t0 = 200"], at_end["decay, t0 = 5"] > at_end["constant"]])
claim(f"The dips in the lowest curve are the ends of the epochs: there every example has been heard, and the errors have "
      f"canceled. The last one is {at_end['decay, t0 = 200'] / dip:.0f} times lower than the mean of its epoch.",
      at_end["decay, t0 = 200"] > 3 * dip)

# %% [markdown]
# ## Averaging: the middle of the cloud
#
# There is a second way down, and it needs no schedule. The points of the cloud lie on all sides of the minimum, so
# their *mean* lies near it (Polyak and Juditsky, 1992; Ruppert, 1988). Leave the way down out, the *burn-in*, and
# average the rest.

# %%
polyak_average = your_turn("sgd.polyak_average")

# %%
group, middles = PointState(np.tile(start, (2 * runs, 1))), {}
x = run(gradient_descent, group, f, 8, epochs=epochs, batch_size=1, apart=True, every=every,
        lr=np.repeat([0.04, 0.0025], runs)[:, None]).x
middles = {"last point": x[-1], "average of the last half": np.array([polyak_average(path, tail) for path in
           x.swapaxes(0, 1)]), "average with the way down": x.mean(axis=0)}
above = {name: (f(point) - lowest).reshape(2, runs).mean(axis=1) for name, point in middles.items()}
for name, (quick, slow) in above.items():
    print(f"{name:26} rate 0.04: {quick:.6f}   rate 0.0025: {slow:.6f}")
last, average, everything = above.values()
claim(f"At the rate 0.04 the last point is {last[0]:.3f} above the lowest loss on average, the average over the last ten "
      f"epochs {average[0]:.6f}: {last[0] / average[0]:.0f} times lower, for no further gradient.",
      last[0] > 200 * average[0])
claim(f"At the rate 0.0025 the way down is long: with it the average is {everything[1] / average[1]:.0f} times as high. "
      "There the burn-in matters.", everything[1] > 20 * average[1])
cloud, noise = np.zeros(4000), np.random.default_rng(9)
for _ in range(300):  # f(x) = exp(x) - x, with a slope that is wrong by 1 up or down
    cloud = cloud - 0.2 * (np.exp(cloud) - 1 + noise.choice([-1, 1], len(cloud)))
claim(f"Another loss: exp(x) - x has its minimum at 0 and is steeper on the right. There the mean of 4000 runs lies at "
      f"{cloud.mean():.2f}.", -0.2 < cloud.mean() < -0.02)

# %% [markdown]
# On a bowl the noise pulls to all sides alike. On a loss that is steeper on one side than on the other, the cloud leans
# to the flat side, and so does its mean: averaging helps there too, but not as much.
#
# ## Real data: which is faster?
#
# *SGD is faster but more volatile*, say popular articles. Faster by which clock? Ours counts the examples looked at, in
# passes over the data. The tumors of lesson 02, thirty features, a logistic model, and a small penalty on long weights,
# so that there is one lowest place. To be fair, both rates are tuned on one half of the tumors, with the same budget of
# 20 passes, and the race is run on the *other* half: 284 examples, thirty runs of SGD.

# %%
cells, order = breast_cancer(), np.random.default_rng(3).permutation(569)
tuning, race = (Logistic(add_intercept(standardize(cells.X[part])), cells.y[part], l2=0.01)
                for part in (order[:285], order[285:]))
zero, crowd = PointState(np.zeros(31)), PointState(np.zeros((30, 31)))


def lowest_of(loss):
    """The lowest loss, by Newton's method (lesson 10)."""
    w = np.zeros(loss.dim)
    for _ in range(20):
        w = w - np.linalg.solve(loss.hess(w), loss.grad(w))
    return loss(w)


def loss_at_end(lr, state, **options):
    return run(gradient_descent, state, tuning, 1, budget=20, every=285, lr=lr, **options).loss[-1].mean()


lr_full = min((0.4, 0.8, 1.6, 3.2), key=lambda lr: loss_at_end(lr, zero))
lr_one = min((0.01, 0.02, 0.04, 0.08), key=lambda lr: loss_at_end(lr, crowd, batch_size=1, apart=True))
claim(f"The best rates on the tuning half: {lr_full} for gradient descent, {lr_one} for SGD.",
      [lr_full in (0.8, 1.6), lr_one in (0.02, 0.04)])

# %%
base = lowest_of(race)
slow = run(gradient_descent, zero, race, steps=200, lr=lr_full)
quick = run(gradient_descent, crowd, race, 2, epochs=100, batch_size=1, apart=True, every=71, lr=lr_one)
slow_excess, quick_excess = slow.loss - base, (quick.loss[1:] - base).reshape(100, 4, 30)  # four looks a pass
level = quick_excess.mean(axis=1)  # (passes, runs)
fig, ax = plt.subplots()
plots.curve(slow_excess[1:], "gradient_descent", ax, cost=slow.cost[1:])
plots.curve(level.mean(axis=1), "sgd", ax, cost=np.arange(0.5, 100), label="SGD, mean of each pass")
ax.fill_between(np.arange(0.5, 100), *np.quantile(level, (0.1, 0.9), axis=1), color=SGD, alpha=0.25, lw=0)
ax.set(xscale="log", xlabel="passes over the data", ylabel="loss - lowest", ylim=(3e-6, 1))
ax.set_xticks([0.5, 1, 3, 10, 30, 100], ["1/2", "1", "3", "10", "30", "100"])
ax.minorticks_off()
ax.legend(loc="lower left")
plots.show(fig, "SGD is far ahead for dozens of passes; in the end gradient descent goes below its floor. The band holds "
           "eight of ten runs.", "Two falling curves on logarithmic axes; that of SGD is lower until it levels off.")

# %%
pass_1, pass_20 = quick_excess[0, -1], level[19]  # the end of the first pass, the mean over the twentieth
catch = [first(slow_excess <= heights.mean()) for heights in (pass_1, pass_20)]
error = [1.96 * heights.std(ddof=1) / 30**0.5 for heights in (pass_1, pass_20)]
claim(f"After one pass SGD is {pass_1.mean():.4f} ± {error[0]:.4f} above the lowest loss; gradient descent needs "
      f"**{catch[0]} passes** for that. In its 20th pass SGD is at {pass_20.mean():.5f} ± {error[1]:.5f} on average, "
      f"where gradient descent is after {catch[1]}.", [2 <= catch[0] <= 4, catch[1] > 40])
reveal("03.catch", catch[0])
late = level[-10:].mean()
claim(f"In the last ten passes SGD hovers at {late:.5f}, and gradient descent passes below that after "
      f"{first(slow_excess < late)} passes and goes on falling.", [first(slow_excess < late) < 100, slow_excess[-1] < late / 20])
steps = run(gradient_descent, crowd, race, 2, epochs=20, batch_size=1, apart=True, lr=lr_one).loss
early, hovering = ((np.diff(part, axis=0) > 0).mean() for part in (steps[: 2 * race.n], steps[-2 * race.n :]))
claim(f"Volatile it is: in the first two passes {early:.0%} of the steps of SGD make the loss larger, in the last two of "
      f"twenty {hovering:.0%}; of the 200 steps of gradient descent none does.",
      [0.1 < early < 0.3, hovering > 0.5, (np.diff(slow.loss) < 0).all()])

# %% [markdown]
# So the articles are right, with a condition (lesson 12, claim c): *faster* holds while you are above the noise floor
# and count examples. Count *seconds* and it is another race, since 284 small steps take a computer far longer than one
# step on 284 examples at once. The way out is to ask a few examples at a time: lesson 04.
#
# ## Bug clinic
#
# This training stops when the weights no longer move from one epoch to the next, and it does stop: it reports that it
# has *converged*. The loss it converges to is not the lowest. What is the cause, and why does it look like success?
# Mend the cell: the next one tells you when you have.

# %%
def train(loss, lr, epochs, rng):
    w, path = np.zeros(loss.dim), []
    order = np.argsort(loss.y, kind="stable")
    for _ in range(epochs):
        for i in order:
            w = w - lr * loss.sample(i).grad(w)
        path.append(w)
    return np.array(path)


# %%
found = train(race, 0.1, 60, np.random.default_rng(1))
moved, height = np.linalg.norm(found[-1] - found[-2]), (race(found[-20:]) - base).mean()
print("mended" if moved > 0.01 and height < 0.012 else "still ill",
      f"- moved in the last epoch by {moved:.0e}; {height:.3f} above the lowest loss")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# The examples are sorted by class: first all malignant tumors, then all benign ones. In the first half of each epoch
# the weights lean to one class, in the second half to the other, and at the end of an epoch they always stand at the
# same far point of the same round trip. That is why they "no longer move": looked at once a round, a wheel stands
# still. Draw `order = rng.permutation(loss.n)` *inside* the loop over the epochs. Then the weights never stop at a
# constant rate, and that is what healthy SGD looks like. Judge it by its loss, not by its standing still.
#
# </details>

# %%
quiz("03")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("03")

# %% [markdown]
# ## Summary
#
# - The gradient of one example is right on average, at $1/n$ of the cost: far away the witnesses agree, at the minimum
#   they do not.
# - SGD: for each epoch a fresh order, for each example $w \leftarrow w - \alpha \nabla f_i(w)$. Sorted data without
#   shuffling are a disaster that looks like convergence.
# - At a constant rate it hovers. The floor is proportional to the rate; half of the steps there go up.
# - Two ways below the floor: let the rate fall, with a count that never restarts, or average the tail of the path.
# - Counted in examples SGD wins until it meets its floor; then gradient descent does.
#
# **For the cheat sheet:** *SGD — `w = w - lr * grad_i(w, i)`, `i` from a fresh permutation each epoch — many examples,
# moderate precision; shuffle; halve the rate to halve the floor; decay or average at the end.*
#
# **References:** H. Robbins and S. Monro, *A stochastic approximation method*, 1951 · D. Ruppert, *Efficient estimations
# from a slowly convergent Robbins-Monro process*, 1988 · B. T. Polyak and A. B. Juditsky, *Acceleration of stochastic
# approximation by averaging*, 1992 · L. Bottou, F. E. Curtis and J. Nocedal, *Optimization methods for large-scale
# machine learning*, 2018 · M. Gürbüzbalaban, A. Ozdaglar and P. Parrilo, *Why random reshuffling beats stochastic
# gradient descent*, 2021. **Next:** lesson 04 asks a few examples at a time.
