# %% [markdown]
# # 04 · Mini-batches and schedules
#
# | | |
# |:--|:--|
# | **You will be able to** | cut data into batches without losing an example · write the loop that trains every model · say how noisy a batch is · move from one batch size to another without tuning anew · choose a schedule · read a curve by its horizontal axis |
# | **Time** | 105 minutes, of which about 45 for the exercises |
# | **You need** | lesson 02 (gradient descent), lesson 03 (one example at a time, the noise floor), NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import Softmax, add_intercept, digits, split
from course_lib.run import first, run

# %% [markdown]
# ## All examples, or one?
#
# The data of this lesson are 1797 handwritten digits, each a picture of 8 by 8 pixels. A quarter of them is set aside
# for testing. The model is *softmax regression*: ten classes, a weight for each class and pixel, and the loss is the
# mean surprise at the true class (plus a very small penalty on large weights).
#
# You know two ways to feed a method. Gradient descent takes **all** examples for each step (lesson 02): a precise
# direction, and a long wait for it. Stochastic gradient descent takes **one** (lesson 03): many quick steps, each of
# them noisy. Let both see every example three times.

# %%
data = digits()
train_rows, test_rows = split(len(data.y), np.random.default_rng(4))
X, y = add_intercept(data.X / 16), data.y
f = Softmax(X[train_rows], y[train_rows], l2=1e-3)
test = Softmax(X[test_rows], y[test_rows])
zero = PointState(np.zeros(f.dim))
claim(f"{f.n} pictures to train with, {test.n} to test; {f.dim} weights.", [f.n == 1348, test.n == 449])

# %%
feeds = {"gradient_descent": (f.n, 2.0), "sgd": (1, 0.25), "mini_batch": (32, 0.5)}
traces = {name: run(gradient_descent, zero, f, 1, epochs=3, batch_size=b, lr=lr, every=max(1, 32 // b))
          for name, (b, lr) in feeds.items()}
fig, ax = plt.subplots()
for name, trace in traces.items():
    label = {"gradient_descent": "all 1348", "sgd": "1 example", "mini_batch": "32 examples"}[name]
    plots.curve(trace.loss, name, ax, cost=trace.cost, label=label)
ax.set(xlabel="epochs (passes over the data)", yscale="linear", ylim=(0.2, 2.4))
ax.legend()
plots.show(fig, "Three passes: three steps get nowhere, 4044 noisy ones jump about, and in between there is a calm and "
           "quick way.")

late = {name: trace.loss[trace.cost > 2] for name, trace in traces.items()}
claim(f"After three epochs the loss is {late['gradient_descent'][-1]:.2f} with all examples a step and "
      f"{late['mini_batch'][-1]:.2f} with 32. With one example it swings between {late['sgd'].min():.2f} and "
      f"{late['sgd'].max():.2f} during the third epoch.",
      [late["gradient_descent"][-1] > 1, late["mini_batch"][-1] < 0.5, np.ptp(late["sgd"]) > 2 * np.ptp(late["mini_batch"])])

# %% [markdown]
# (Each has a rate that suits it; how the rate depends on the batch is a question of this lesson.) Counted in passes over
# the data one example at a time is ahead, for all its noise. But an update on one example takes nearly as long as one on
# 32, so its 4044 updates take their time. The way in between is the *mini-batch*: a few examples a step.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("04.updates", "1348 training pictures in batches of 32: how many updates are one epoch?")
predict("04.noise", "Four times as many examples in a batch. What becomes of the variance of its gradient?",
        ("it stays", "it halves", "it falls to a quarter", "it falls to a sixteenth"))
predict("04.rate", "Batches of 4 train well at some rate. With batches of 16 and as many epochs, which rate ends at about "
        "the same loss?", ("the same rate", "half of it", "twice as large", "four times as large"))
predict("04.accuracy", "Batches of 16 or of 256, as many epochs, each at its best rate. Which model is right more often on "
        "the test pictures?", ("that of 16", "that of 256", "no difference can be seen"))

# %% [markdown]
# ## Batches
#
# Three words that are often mixed up:
#
# - a **batch** (in full: mini-batch) is the set of examples behind one gradient,
# - an **update** is one step of the method, so one batch,
# - an **epoch** is a pass over all examples: many updates.
#
# To make the batches of an epoch, shuffle all the indices like a deck of cards and deal them out. If they do not come
# out even, the rest is a batch too, only a smaller one.

# %%
minibatches = your_turn("batch.minibatches")

# %%
deck = minibatches(f.n, 32, np.random.default_rng(0))
sizes = [len(rows) for rows in deck]
claim(f"An epoch in batches of 32 has **{len(deck)} updates**: {sizes.count(32)} batches of 32 and one of {sizes[-1]}.",
      [len(deck) == 43, sizes[-1] == 4])
seen = np.sort(np.concatenate(deck))
claim("Every picture is in exactly one of them.", np.array_equal(seen, np.arange(f.n)))
lost = {b: f.n % b for b in (32, 1000)}
claim(f"Ignoring the rest would leave out {lost[32]} pictures an epoch with batches of 32, but {lost[1000]} with batches of "
      "1000: a quarter of the data.", 0.25 < lost[1000] / f.n < 0.26)
reveal("04.updates", len(deck))

# %% [markdown]
# Why shuffle? Lesson 03 saw what sorted examples do one at a time; a batch does not cure it. In the order of a sorted
# file it shows one kind of example only, and its gradient is an answer to another question. Here are the same digits,
# sorted by class, fed with and without shuffling.

# %%
def feed(batches_of_epoch, epochs=5, lr=0.5):
    """Test accuracy after each epoch of gradient descent on the given batches."""
    state, accuracy = zero, [test.accuracy(zero.x)]
    for _ in range(epochs):
        for rows in batches_of_epoch():
            state = gradient_descent(state, f.sample(rows), None, lr=lr)
        accuracy.append(test.accuracy(state.x))
    return accuracy


by_class, rng = np.argsort(f.y, kind="stable"), np.random.default_rng(0)
in_order = feed(lambda: np.split(by_class, range(32, f.n, 32)))
shuffled = feed(lambda: [by_class[rows] for rows in minibatches(f.n, 32, rng)])

# %%
fig, ax = plt.subplots()
ax.plot(shuffled, "o--", color=plots.COLORS["mini_batch"], label="shuffled anew in each epoch")
ax.plot(in_order, "s:", color=plots.COLORS["random_search"], label="in the order of the file (0, 0, ..., 9, 9)")
ax.set(xlabel="epochs", ylabel="test accuracy", ylim=(0, 1.02))
ax.legend(loc="center right")
plots.show(fig, "The same pictures, the same number of updates: in the order of the file the last class wins every epoch.")

claim(f"After five epochs {shuffled[-1]:.0%} of the test pictures are recognized with shuffling, {in_order[-1]:.0%} "
      f"without; after the first epoch {in_order[1]:.0%}, which is guessing.",
      [shuffled[-1] > 0.9, in_order[-1] < 0.5, in_order[1] < 0.15])

# %% [markdown]
# ## The training loop
#
# Now the loop around it. It is the same for every method in this course and, give or take a library, for every neural
# network: an outer loop over epochs, an inner one over batches, and in it a gradient and a step.
#
# $$\text{state} \leftarrow \text{step}\big(\text{state},\ \nabla f_B(w)\big)
#   \qquad B = \text{the next batch}$$
#
# Three things deserve care. An input must keep its answer: `X` and `y` are indexed with the same rows. The gradient is
# asked for at the *newest* weights. And whatever the method remembers must live as long as the run.

# %%
train = your_turn("batch.train")

# %%
def gradient(w, inputs, labels):
    """The gradient of the loss on these examples."""
    return Softmax(inputs, labels, l2=f.l2, classes=10).grad(w)


def descend(state, g):
    """Gradient descent at the rate 0.5; its state is the weights alone."""
    return (state[0] - 0.5 * g,)


w, history = train(descend, gradient, (zero.x,), f.X, f.y, 32, 5, np.random.default_rng(1))
accuracy = test.accuracy(history)
claim(f"Test accuracy after epochs 0 to 5: {', '.join(f'{a:.1%}' for a in accuracy)}.",
      [accuracy[0] < 0.2, accuracy[1] > 0.75, accuracy[-1] > 0.9])

# %% [markdown]
# ## The loss of an epoch
#
# While the loop runs, each batch can tell its mean loss for free. What is the loss of the epoch? Not the mean of the
# means: the small last batch would count as much as the others.

# %%
epoch_loss = your_turn("batch.epoch_loss")

# %%
order = np.argsort(f.losses(w))  # the hardest pictures in the last, small batch: the worst case
parts = np.split(order, range(500, f.n, 500))
means, sizes = np.array([f.losses(w)[rows].mean() for rows in parts]), np.array([len(rows) for rows in parts])
claim(f"Batches of {sizes[0]}, {sizes[1]} and {sizes[2]} pictures: weighed, the loss is {epoch_loss(means, sizes):.3f}, and "
      f"that is the loss over all pictures. The mean of the means is {means.mean():.3f}, {means.mean() / f.losses(w).mean() - 1:.0%} "
      "too high.", [np.isclose(epoch_loss(means, sizes), f.losses(w).mean()), means.mean() > 1.1 * f.losses(w).mean()])

# %% [markdown]
# There is a second trap. The losses told on the way belong to *different* weights: those of the first batch are an
# epoch older than those of the last. Such a curve lags behind. For a figure that decides something, stop and evaluate
# all examples at the same weights, as `run` does.
#
# ## The noise of a batch
#
# The gradient $g_B$ of a batch $B$ is a mean over $b$ examples, so it scatters around the full gradient $g$ like any
# mean:
#
# $$\mathbb{E}\,\|g_B - g\|^2 = \frac{\sigma^2}{b} \cdot \frac{n-b}{n-1}$$
#
# where $\sigma^2$ is the variance over single examples. The second factor is close to 1 for small batches, and 0 for
# $b = n$: a batch of everything has no noise. Measure it (a starred exercise).

# %%
grad_variance = your_turn("batch.gradient_variance")

# %%
batch_sizes = np.array([1, 4, 16, 64, 256, 1024])
rng = np.random.default_rng(3)
measured = np.array([[grad_variance(gradient, zero.x, f.X, f.y, b, 10, rng) for _ in range(30)] for b in batch_sizes])
variance, half = measured.mean(axis=1), 1.96 * measured.std(axis=1, ddof=1) / np.sqrt(30)
each = np.array([f.sample([i]).grad(zero.x) for i in range(f.n)])
sigma2 = ((each - each.mean(axis=0)) ** 2).sum(axis=1).mean()
theory = sigma2 / batch_sizes * (f.n - batch_sizes) / (f.n - 1)

# %%
fig, ax = plt.subplots()
ax.errorbar(batch_sizes, variance, half, fmt="o", color=plots.COLORS["mini_batch"], label="measured, with 95% interval")
ax.plot(batch_sizes, theory, color="#5b6770", label="theory")
ax.plot(batch_sizes, sigma2 / batch_sizes, ":", color="#5b6770", label="variance of one / b")
ax.set(xscale="log", yscale="log", xlabel="batch size b", ylabel="variance of the gradient")
ax.legend()
plots.show(fig, "Four times the examples, a quarter of the variance; near all of the data it falls faster still.")

falls = variance[:-1] / variance[1:]
claim(f"From 1 to 4 to 16 to 64 examples the variance falls by factors of {falls[0]:.1f}, {falls[1]:.1f} and "
      f"{falls[2]:.1f}.", np.abs(falls[:3] / 4 - 1) < 0.15)
claim(f"All {len(batch_sizes)} measurements agree with the theory within twice their 95% interval.",
      np.abs(variance - theory) < 2 * half)
reveal("04.noise", "c")

# %% [markdown]
# Read that with cost in mind. A batch of 4 costs four times as much as one example, and its *standard deviation* is only
# half as large: each further halving costs another factor of four. Precision has diminishing returns. So why not always
# take one example? Because a computer works on whole arrays: an update has a fixed price, and each example in it a small
# one. How small depends on the machine, so measure yours: run the cell below, and then `seconds(1), seconds(32)` in a
# new one. Is the second 32 times as long?

# %%
def seconds(b, repeats=40):
    """The shortest time of an update on b examples."""
    rows, best = np.arange(b), np.inf
    for _ in range(repeats):
        began = perf_counter()
        gradient_descent(zero, f.sample(rows), None, lr=0.5)
        best = min(best, perf_counter() - began)
    return best


# %% [markdown]
# ## Batch size and rate
#
# If a batch is four times as large, an epoch has a quarter of the updates. To come as far in an epoch, each must be four
# times as long. Hence the **linear scaling rule**: *multiply the batch size by k, multiply the rate by k*
# (Goyal and others, 2017).
#
# It can't go on forever. Lesson 02 has a largest stable rate, $2/L$, whatever the batch: no rule makes a step of that
# length safe. See where the rule ends:

# %%
ladder = (4, 16, 64, 256, 1024)
ends = [run(gradient_descent, zero, f, 1, epochs=5, batch_size=b, lr=b / 128, every=10**6).loss[-1] for b in ladder]
fixed = [run(gradient_descent, zero, f, 1, epochs=5, batch_size=b, lr=4 / 128, every=10**6).loss[-1] for b in ladder]
fig, ax = plt.subplots()
ax.plot(ladder, fixed, "s:", color=plots.COLORS["random_search"], label="the same rate for all, 1/32")
ax.plot(ladder, np.minimum(ends, 20), "o--", color=plots.COLORS["mini_batch"], label="rate = b / 128")
ax.set(xscale="log", yscale="log", xlabel="batch size b", ylabel="loss after five epochs", ylim=(0.2, 30))
ax.legend(loc="upper left")
plots.show(fig, "Rate and batch size together: the same loss for the same work, up to a rate that no batch can bear.")

# %%
claim(f"With rate = b/128 batches of 4, 16, 64 and 256 end at {ends[0]:.2f}, {ends[1]:.2f}, {ends[2]:.2f} and "
      f"{ends[3]:.2f}; at one and the same rate they end at {fixed[0]:.2f}, {fixed[1]:.2f}, {fixed[2]:.2f} and "
      f"{fixed[3]:.2f}.", [np.ptp(ends[:4]) < 0.1 * ends[0], fixed[3] > 4 * fixed[0]])
claim(f"Batches of 1024 at the rate 8 end at {ends[-1]:.1f}, worse than the {f(zero.x):.1f} they began with.",
      ends[-1] > f(zero.x))
reveal("04.rate", "d")

# %% [markdown]
# The explorer shows all of it: each cell of the map is a training run of four epochs on 256 digits. Move the point with
# the mouse, or focus it and use the arrow keys. **Goal:** batches of 4 at the rate 1/32 draw the dashed curve. Find the
# rate with which batches of 64 end within 2% of the same loss.
#
# Then switch the horizontal axis from epochs to updates and to time. Which of the two curves is "faster"?

# %%
widgets.show(widgets.batch_and_rate())

# %% [markdown]
# ## Epochs, updates, time
#
# "Trains twice as fast" means nothing until somebody says what the horizontal axis counts. For six batch sizes, each at
# the best of a few rates, here is what it takes to bring the loss below 0.4, counted in three ways. (The time is a
# model, so that this page is the same everywhere: 70 microseconds an update and 1 for each example, about what we
# measured.)

# %%
trials = {1: (0.125, 0.25), 4: (0.25, 0.5), 16: (1, 2), 64: (2, 4), 256: (1, 2), f.n: (2, 4)}
updates = {}
for b, rates in trials.items():
    start, rate = PointState(np.zeros((len(rates), f.dim))), np.array(rates)[:, None]
    steps, every = max(60, 1000 // b), max(1, 16 // b)
    trace = run(gradient_descent, start, f, 1, steps=steps, batch_size=b, lr=rate, every=every)
    reached = [first(column < 0.4) for column in trace.loss.T]
    updates[b] = min(every * r for r in reached if r is not None)
b, u = np.array(list(updates)), np.array(list(updates.values()))
counts = {"epochs": u * b / f.n, "updates": u, "milliseconds": u * (0.07 + 0.001 * b)}

# %%
fig, axes = plt.subplots(1, 3, figsize=(9, 3))
for ax, (name, needed) in zip(axes, counts.items()):
    ax.plot(b, needed, "o--", color=plots.COLORS["mini_batch"], label=name)
    ax.plot(b[needed.argmin()], needed.min(), "o", ms=13, mfc="none", mec="#d55e00")
    for x, value, rises in zip(b, needed, np.diff(needed, prepend=np.inf) >= 0):
        side, *shift = ("center", 0, -18) if value == needed.min() else ("right", -5, 3) if rises else ("left", 5, 3)
        ax.annotate(f"{value:.2g}" if value < 10 else f"{value:.0f}", (x, value), shift, textcoords="offset points", ha=side)
    ax.set(xscale="log", yscale="log", xlabel="batch size b", ylabel=name, xlim=(0.4, 6000))
    ax.margins(y=0.2)
    ax.yaxis.set_minor_formatter(plt.NullFormatter())
plots.show(fig, "Three ways to count, three winners (ringed): small batches save examples, large ones save updates, and "
           "the middle saves time.")

best = {name: int(b[needed.argmin()]) for name, needed in counts.items()}
claim(f"Counted in epochs batches of {best['epochs']} are first ({counts['epochs'][0]:.2f} epochs; all examples at once need "
      f"{counts['epochs'][-1]:.0f}). Counted in updates those of one example are last, and from 64 on more examples hardly "
      f"help ({u[3]}, {u[4]} and {u[5]} updates). Counted in time batches of {best['milliseconds']} are first.",
      [best["epochs"] <= 4, u[0] == u.max(), u[3:].max() < 1.5 * u[3:].min(), 4 < best["milliseconds"] < 256])

# %% [markdown]
# That is what is meant by "mini-batch strikes a balance", and now you can say between what: between the price of an
# update and the price of an example. On a machine with more parallel arithmetic the balance lies at larger batches.
#
# ### Are bigger batches more accurate?
#
# Their *gradients* are. Is the model they end with? Thirty seeds each, five epochs, the rate tuned with another seed on
# the training loss; then the test pictures decide.

# %%
def tuned(b):
    """The rate with the lowest training loss after five epochs, with a seed that is used nowhere else."""
    rates = 2.0 ** np.arange(-3, 3)
    start = PointState(np.zeros((len(rates), f.dim)))
    ends = run(gradient_descent, start, f, 99, epochs=5, batch_size=b, lr=rates[:, None], every=10**6).loss[-1]
    return rates[np.argmin(ends)]


def final(b, lr, seeds=30):
    """Where five epochs end, (seeds, weights)."""
    return np.array([run(gradient_descent, zero, f, seed, epochs=5, batch_size=b, lr=lr, every=10**6).x[-1]
                     for seed in range(seeds)])


small, large = (test.accuracy(final(b, tuned(b))) for b in (16, 256))
gap, wide = (small - large).mean(), 1.96 * (small - large).std(ddof=1) / np.sqrt(30)
claim(f"Batches of 16 recognize {small.mean():.1%} of the test pictures, batches of 256 {large.mean():.1%}; the difference is "
      f"{100 * gap:.1f} ± {100 * wide:.1f} points (95% interval, 30 seeds).", gap > wide)
reveal("04.accuracy", "a")

# %% [markdown]
# At equal epochs the smaller batches win here. The reason is plain: they made many more updates. What if both make as
# many?

# %%
many, few = (5 * len(minibatches(f.n, b, rng)) for b in (16, 256))
lr = tuned(256)
patient = [run(gradient_descent, zero, f, seed, steps=many, batch_size=256, lr=lr, every=10**6).x[-1] for seed in range(30)]
apart = test.accuracy(np.array(patient)) - small
gap, wide = apart.mean(), 1.96 * apart.std(ddof=1) / np.sqrt(30)
claim(f"In five epochs batches of 16 make {many} updates, those of 256 make {few}. Given {many} updates, which is {many / few:.0f} "
      f"times as long as before, batches of 256 are ahead by {100 * gap:.1f} ± {100 * wide:.1f} points.", gap > wide)

# %% [markdown]
# ## Schedules
#
# A large rate travels fast and leaves a high noise floor; a small one is precise and slow (lesson 03). So begin large
# and end small. A *schedule* says how: a function of the updates $t$ so far. Inverse decay was one; a widely used other
# has two parts:
#
# $$\alpha_t = \alpha_{\max}\,\frac{t+1}{t_w} \ \text{ for } t < t_w, \qquad
#   \alpha_t = \alpha_{\min} + (\alpha_{\max} - \alpha_{\min})\,\frac{1 + \cos \pi s}{2}, \quad
#   s = \frac{t - t_w}{T - t_w}$$
#
# The *warm-up* of $t_w$ updates is for the beginning, where the gradients are large and the curvature may be, too; then
# half a cosine comes down, slowly at first and slowly at the end. $T$ is the number of updates in the **whole run**: a
# schedule does not start anew with an epoch.

# %%
warmup_cosine = your_turn("batch.warmup_cosine")

# %%
T = 5 * 43
plans = {
    "constant 1/2": lambda t: 0.5,
    "constant 2": lambda t: 2.0,
    "warm-up and cosine": lambda t: warmup_cosine(t, T, base=2.0, warmup=10, final=0.02),
}
floor = run(gradient_descent, zero, f, steps=400, lr=2.0, every=400).loss[-1]  # a long run, to measure against
excess = {name: f(final(32, plan)) - floor for name, plan in plans.items()}

# %%
fig, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.2), figsize=(9, 3.2))
looks = zip(plans, ("#7a7a7a", "#56b4e9", "#009e73"), (":", "-.", "-"), strict=True)
for i, (name, color, line) in enumerate(looks):
    left.plot([plans[name](t) for t in range(T)], line, color=color, label=name)
    right.plot(excess[name], np.full(30, i) + np.linspace(-0.2, 0.2, 30), "o", ms=4, color=color, label=name)
for name, x, height in zip(plans, (5, 90, 15), (0.55, 2.05, 1.2)):
    left.text(x, height, name.replace("up and", "up\nand"))
left.set(xlabel="updates", ylabel="rate", ylim=(0, 2.25))
right.set(xscale="log", xlabel="loss above a long run's, 30 seeds", yticks=range(3), yticklabels=plans)
plots.show(fig, "The rate 2 is far too noisy to stay at, and a good place to come down from.")

mean = {name: e.mean() for name, e in excess.items()}
ci = {name: 1.96 * e.std(ddof=1) / np.sqrt(30) for name, e in excess.items()}
told = "; ".join(f"{name}: {mean[name]:.4f} ± {ci[name]:.4f}" for name in plans)
claim(f"Loss above that of a long run after five epochs of batches of 32 (95% intervals, 30 seeds): {told}.",
      [mean["constant 1/2"] > 2 * mean["warm-up and cosine"], mean["constant 2"] > 3 * mean["warm-up and cosine"],
       excess["warm-up and cosine"].max() < excess["constant 1/2"].min()])

# %% [markdown]
# The same batches, the same number of updates; only the rates differ. Two simpler schedules are in
# `course_lib.schedules`: `step_decay` (a staircase) and `inverse_decay` (lesson 03).
#
# ## Bug clinic
#
# This program circulates as "mini-batch gradient descent from scratch". It runs and prints a number. Three things are
# wrong with its loop, and a fourth with what it prints. Mend the cell: the next one tells you when the loop is right,
# which takes all three.

# %%
def mini_batch_descent(X, y, w, lr, batch_size, epochs, rng):
    predictions = X @ w
    for _ in range(epochs):
        for i in range(0, len(y), batch_size):
            rows = slice(i, i + batch_size)  # a random subset
            error = predictions[rows] - y[rows]
            w = w - lr * 2 * (X[rows] * error[:, None]).mean()
    print(f"loss: {np.mean((predictions - y) ** 2):.3f}")
    return w


# %%
rng = np.random.default_rng(8)
inputs = rng.normal(0, 1, (203, 3))
inputs = inputs[np.argsort(inputs[:, 0])]  # a file that is sorted by its first column
answers = inputs @ np.array([1.0, -2.0, 0.5]) + np.abs(inputs[:, 0])  # and no straight line: the halves disagree
found = mini_batch_descent(inputs, answers, np.zeros(3), 0.05, 20, 100, rng)
sought = np.linalg.lstsq(inputs, answers, rcond=None)[0]
ill = np.mean((inputs @ found - answers) ** 2) > 1.1 * np.mean((inputs @ sought - answers) ** 2)
print("still ill" if ill else "mended", "- weights", found.round(1) + 0.0, "should be near", sought.round(1))

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# 1. The predictions are computed once, before the loop, so the error never changes, however much is learned. They belong
#    inside: `error = X[rows] @ w - y[rows]`.
# 2. `.mean()` without an axis turns the gradient into one number, which NumPy kindly subtracts from every weight. A
#    gradient has the shape of the weights: `2 * X[rows].T @ error / len(error)`.
# 3. The "random subset" is the next slice of the file. Shuffle: `order = rng.permutation(len(y))` in each epoch, and
#    `rows = order[i : i + batch_size]`.
# 4. The loss that is printed is that of the first predictions, once, at the end. Note it in every epoch: a single number
#    can't show that nothing is learned.
#
# </details>

# %%
quiz("04")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("04")

# %% [markdown]
# ## Summary
#
# - A batch is behind one update; an epoch is as many updates as there are batches, the small last one included.
# - Shuffle all indices anew in each epoch, and index inputs and answers with the same rows.
# - The variance of a batch's gradient is $\sigma^2/b$ (times $(n-b)/(n-1)$): four times the work halves the scatter.
# - Batch size times $k$, rate times $k$: the same way in an epoch, until the rate meets the limit of the curvature.
# - Small batches save examples, large ones save updates, and the time is least in between. Say which axis you mean.
# - Come down from a large rate: a schedule spans the whole run, and $t$ counts its updates.
#
# **For the cheat sheet:** *mini-batch — `rows = order[i:i+b]; w = w - lr * grad(w, X[rows], y[rows])` — the default for
# data; b = 32 to 256; change the rate with b; warm up, then cosine.*
#
# **References:** H. Robbins and S. Monro, *A stochastic approximation method*, 1951 · L. Bottou, F. Curtis and J. Nocedal,
# *Optimization methods for large-scale machine learning*, 2018 · P. Goyal et al., *Accurate, large minibatch SGD: training
# ImageNet in 1 hour*, 2017 · I. Loshchilov and F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, 2017 ·
# S. McCandlish, J. Kaplan, D. Amodei et al., *An empirical model of large-batch training*, 2018. **Next:** lesson 05 lets
# the steps remember.
