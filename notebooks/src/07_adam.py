# %% [markdown]
# # 07 · Adam and its family
#
# | | |
# |:--|:--|
# | **You will be able to** | say why averages that begin at 0 are too small, and mend them · build Adam from momentum and RMSProp · say when ε matters · train word vectors and a network with it · tell weight decay from L2 · make Adam fail, and repair it |
# | **Time** | 130 minutes, of which about 55 for the exercises |
# | **You need** | lesson 05 (momentum, averages that forget), lesson 06 (RMSProp), NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import METHODS, AdamState, AmsgradState, SquaresState, VelocityState, from_update
from course_lib.optimizers import adamw, gradient_descent, momentum, rmsprop
from course_lib.problems import Cycle, OneHidden, SkipGram, bowl, digits, split
from course_lib.problems.words import CATEGORIES, KINDS, WORDS, sentences, skip_grams
from course_lib.run import first, run

# %% [markdown]
# ## A long memory that starts empty
#
# RMSProp divides each gradient by the root of an average of its squares. How long should that average remember? With
# $\rho = 0.9$ it covers about the last ten steps. That is short: where gradients are noisy, or come once in a hundred
# steps, the divisor jumps about. A long memory, $\rho = 0.999$, is calmer. Let us take it, in a turned valley, from a
# start that is already rather good.

# %%
valley, start = bowl(condition=25, angle=0.5), np.array([0.3, 0.18])
short, long = (run(rmsprop, SquaresState(start), valley, steps=120, lr=0.01, rho=rho) for rho in (0.9, 0.999))
fig, (left, right) = plt.subplots(1, 2)
plots.landscape(valley, left, low=(-0.6, -0.45), high=(0.6, 0.45))
left.plot(*long.x[:25].T, ".-", color="#333a40", lw=1.3, label="_long")
left.plot(*start, "o", mfc="white", mec="#333a40", ms=7)
plots.curve(short.loss, "rmsprop", right, label="RMSProp, rho = 0.9")
right.plot(long.loss, color="#333a40", label="RMSProp, rho = 0.999")
right.set(ylim=(1e-9, 30))
right.legend(loc="upper right")
plots.show(fig, "With the long memory RMSProp leaps out of the valley first; with the short one it never settles.",
           "Left: the path with rho = 0.999 jumps far across the valley. Right: its loss rises at once, then falls.")

leap = np.abs(np.diff(long.x, axis=0)).max(axis=1)
claim(f"At a rate of 0.01 the first step with the long memory is {leap[0]:.3f} in each coordinate, "
      f"**{leap[0] / 0.01:.1f} times the rate**, and the loss rises to {long.loss.max() / long.loss[0]:.0f} times what it "
      "was.", [np.isclose(leap[0], 0.01 / np.sqrt(0.001)), long.loss.max() > 15 * long.loss[0]])
claim(f"After 120 steps the short memory still jitters at a loss of {short.loss[-20:].max():.0e}, the long one is at "
      f"{long.loss[-20:].max():.0e}.", [short.loss[-20:].max() > 1e-4, long.loss[-20:].max() < 1e-6])

# %% [markdown]
# Where does that leap come from? The average begins at 0. After one step it holds a thousandth of the first square,
# so its root is $\sqrt{0.001}$ of the gradient, and dividing by it makes the step 31.6 times as long. Nobody chose that.
#
# So two things are missing: an average that is right *from the start*, and the memory for directions that momentum has
# and RMSProp lacks. Adam is RMSProp with both.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("07.first", "Adam, at a rate of 0.01, in a place where the gradient is 1000. How long is its first step?")
predict("07.printed", "Articles often print Adam without bias correction, with beta1 = 0.9 and beta2 = 0.999. What does "
        "that do to the first steps?",
        ("nothing one would notice", "they are shorter: the averages start at 0", "they are 3 to 7 times longer",
         "they are about 1000 times longer"))
predict("07.tuning", "A small network on digits, three passes, each method with the best of nine rates. Which test error "
        "is lowest?", ("gradient descent's", "momentum's", "RMSProp's", "Adam's", "no clear winner among the last three"))
predict("07.decay", "Two weights, both with gradients that are pure noise; the noise of one is a thousand times as large. "
        "Adam, with an L2 penalty in the gradient. Which weight is pulled to 0?",
        ("both alike", "the quiet one only", "the noisy one only", "neither"))

# %% [markdown]
# ## The bias, and its cure
#
# Lesson 05 had the average $m \leftarrow \beta m + (1-\beta) g$ from $m = 0$. Write out what is in it after $t$ steps:
#
# $$m_t = (1-\beta)\,\big(g_t + \beta g_{t-1} + \dots + \beta^{t-1} g_1\big)$$
#
# The shares are a geometric series, and they add up to $1 - \beta^t$; the share $\beta^t$ still belongs to the 0 of the
# beginning. So if every gradient has the mean $\bar g$, then $m_t$ has the mean $(1-\beta^t)\,\bar g$: too small by a
# factor that is *known*. Divide by it. The hat says that it is done:
#
# $$\hat m = \frac{m}{1 - \beta^t}$$
#
# This is exact for a constant gradient, and right on the average for a noisy one.

# %%
bias_correct = your_turn("adam.bias_correct")

# %%
rng, t = np.random.default_rng(7), np.arange(1, 401)
squares, v, plain, hats = rng.normal(0, 1, (400, 200)) ** 2, np.zeros(200), [], []  # 200 series at once
for k, square in zip(t, squares):
    v = 0.99 * v + 0.01 * square
    plain.append(v)
    hats.append(bias_correct(v, 0.99, int(k)))
plain, hats = np.array(plain), np.array(hats)
fig, ax = plt.subplots()
for values, line, color, name in ((plain, "--", "#8a8f98", "average"), (hats, "-", plots.COLORS["adam"], "corrected")):
    ax.fill_between(t, *np.quantile(values, (0.1, 0.9), axis=1), color=color, alpha=0.2)
    ax.plot(t, values.mean(axis=1), line, color=color, label=f"{name}, mean of 200 series")
ax.axhline(1, color="#333a40", lw=0.8)
ax.set(xlabel="steps", ylabel="average of the squares, beta = 0.99", ylim=(0, 2.2))
ax.legend()
plots.show(fig, "The plain average needs hundreds of steps to reach 1; the corrected one is right from the first step.",
           "Bands of 80% of 200 noisy series. The corrected band is wide at first: few data, but no bias.")
error = 2 * hats.std(axis=1) / np.sqrt(200)
claim(f"After 10 steps the plain average is {plain[9].mean():.3f}, where theory says 1 - 0.99^10 = {1 - 0.99**10:.3f}. "
      f"The corrected one is {hats[9].mean():.2f}, plus or minus {error[9]:.2f}; it should be 1.",
      [abs(plain[9].mean() - 1 + 0.99**10) < 0.01, abs(hats[9].mean() - 1) < 1.5 * error[9]])

# %% [markdown]
# ## Adam, the two together
#
# Now take momentum's average for the direction and RMSProp's for the scale, correct both, and let one divide the other
# (Kingma and Ba, 2015). Look first: the turned valley, the same rate for three methods.

# %%
three = {"momentum": run(momentum, VelocityState(start), valley, steps=120, lr=0.01),
         "rmsprop": run(rmsprop, SquaresState(start), valley, steps=120, lr=0.01),
         "adam": run(METHODS["adam"].step, AdamState(start), valley, steps=120, lr=0.01)}
fig, axes = plt.subplots(1, 3, sharey=True, figsize=(7.6, 2.9))
for ax, (name, trace) in zip(axes, three.items()):
    plots.landscape(valley, ax, low=(-0.2, -0.22), high=(0.36, 0.24), levels=12)
    plots.path(trace.x, name, ax).set_title(f"{plots.label_of(name)}: {trace.distance()[-1]:.0e} away".replace("e-0", "e−"))
    ax.label_outer()
plots.show(fig, "Momentum swings, RMSProp arrives and jitters, Adam arrives and comes to rest.")
left_over = {name: trace.distance()[-20:].max() for name, trace in three.items()}
claim(f"Over the last 20 of 120 steps RMSProp is up to {left_over['rmsprop']:.4f} away from the minimum, Adam up to "
      f"{left_over['adam']:.6f}.", left_over["adam"] < left_over["rmsprop"] / 5)

# %% [markdown]
# Formula and code, line by line. Both come from the one function that runs in this lesson:

# %%
plots.formula_beside_code(METHODS["adam"].step)

# %% [markdown]
# You know each line. What is new is what they do together:
#
# - At the first step $\hat m = g$ and $\hat v = g^2$, so $x$ moves by $\alpha\, g / |g|$: the **rate itself**, in every
#   coordinate, whatever the size of the gradient.
# - Later the step is the rate times $\hat m / \sqrt{\hat v}$: near $\pm 1$ while the gradients agree, near 0 while they
#   contradict each other. It is a kind of signal-to-noise ratio.
# - Multiply $f$ by a thousand, and $\hat m$ and $\sqrt{\hat v}$ grow alike. The path stays the same.

# %%
adam_step = your_turn("adam.step")
update = from_update(adam_step, AdamState)


def adam(state, f, rng, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    """Your step of Adam, with the usual constants."""
    return update(state, f, rng, lr=lr, beta1=beta1, beta2=beta2, eps=eps)


# %%
class Scaled:
    """An objective, multiplied by a number."""

    def __init__(self, f, by):
        self.f, self.by = f, by

    def __call__(self, x):
        return self.by * self.f(x)

    def grad(self, x):
        return self.by * self.f.grad(x)


paths = {by: run(adam, AdamState(start), Scaled(valley, by), steps=120, lr=0.01).x for by in (0.001, 1, 1000)}
steepest = np.abs(Scaled(valley, 1000).grad(start)).max()
jump = np.abs(paths[1000][1] - paths[1000][0])
claim(f"With f multiplied by 1000 the gradient at the start is up to {steepest:.0f}; the first step of your Adam is "
      f"{jump[0]:.4f} and {jump[1]:.4f}.", np.allclose(jump, 0.01))
apart = max(np.abs(paths[by] - paths[1]).max() for by in (0.001, 1000))
claim("The path is the same when f is multiplied by 0.001 or by 1000 (to four digits after the point), and it is the "
      "path drawn above.", [apart < 5e-5, np.allclose(paths[1], three["adam"].x)])
reveal("07.first", 0.01)

# %% [markdown]
# The rate of Adam is therefore a *length*: how far a weight may move in a step. That is why one rate often serves many
# problems. It does not mean that Adam needs no tuning, as we shall see.
#
# Three constant slopes show the knobs at work: steep, gentle, very gentle. With the correction and a tiny ε each step
# is one rate. Without it, β₂ decides how the run begins. **Goal:** leave the correction *off*, and bring all of the first
# 60 steps, on all three slopes, between half a rate and one and a half.

# %%
widgets.show(widgets.adam_steps(adam))

# %% [markdown]
# Did you notice that there is only a narrow range of β₂ that works, near $1 - (1-\beta_1)^2 = 0.99$ or below, and that a
# large ε silences the gentle slope? The correction buys the freedom to choose β₂ for its memory alone.
#
# ε looks like a safeguard against dividing by 0, and with $10^{-8}$ that is all it is, *as long as the gradients are much
# larger*. A step on a constant slope $g$ is $\alpha\,|g| / (|g| + \epsilon)$. Where $|g|$ is far below ε, Adam turns into
# momentum with the rate $\alpha/\epsilon$: equal steps for all give way to steps in proportion to the slope.

# %%
slopes = np.geomspace(1e-12, 1e2, 57)


class Plane:
    """The same slopes everywhere, one a coordinate."""

    def __call__(self, x):
        return x @ slopes

    def grad(self, x):
        return slopes


fig, ax = plt.subplots()
for eps, line, color in ((1e-8, "-", plots.COLORS["adam"]), (1e-3, "--", "#0072b2"), (0.1, ":", "#a8327a")):
    walk = run(adam, AdamState(np.zeros(57)), Plane(), steps=20, lr=1.0, eps=eps)
    ax.loglog(slopes, -walk.x[-1] / 20, line, color=color, label=f"eps = {eps:g}")
ax.set(xlabel="slope", ylabel="mean step, in rates", ylim=(1e-5, 3))
ax.legend()
plots.show(fig, "Right of ε all slopes make the same step; left of it the step shrinks with the slope.")
sizes = [1 - np.abs(run(adam, AdamState(np.zeros(57)), Plane(), steps=1, lr=1.0, eps=eps).x[-1] + 1) for eps in (1e-8, 0.1)]
claim("A gradient of 1e-8 makes half a step with eps = 1e-8; a gradient of 0.01 makes a full step there, and with eps = "
      f"0.1 one of {np.interp(0.01, slopes, sizes[1]):.2f} rates.",
      [abs(np.interp(1e-8, slopes, sizes[0]) - 0.5) < 0.01, np.interp(0.01, slopes, sizes[0]) > 0.999,
       np.interp(0.01, slopes, sizes[1]) < 0.12])

# %% [markdown]
# ## Many arrays, one clock
#
# A network is not one vector. It has matrices and rows of biases, and Adam keeps two averages for each. What they share
# is the *clock*: one step of the network is one step, however many arrays it has. Programs that forget this run the
# corrections too fast.

# %%
adam_all = your_turn("adam.all")

# %%
pixels = digits()
net = OneHidden(pixels.X[:300] / 16, pixels.y[:300], hidden=16)
names, w = ("W", "a", "V", "b"), net.init(np.random.default_rng(7))


def arrays(w):
    """A vector of weights as a dict of arrays."""
    return dict(zip(names, net.unpack(w)))


params, m, v, t = arrays(w), arrays(0 * w), arrays(0 * w), 0
for _ in range(20):
    flat = np.concatenate([params[name].ravel() for name in names])
    params, m, v, t = adam_all(params, m, v, t, arrays(net.grad(flat)), 0.01, 0.9, 0.999, 1e-8)
whole = run(adam, AdamState(w), net, steps=20, lr=0.01)
claim(f"Four arrays of a network, {net.dim} weights: 20 steps on the dict, with t = {t}, end where 20 steps on the one "
      "long vector do.", [t == 20, np.allclose(np.concatenate([params[n].ravel() for n in names]), whole.x[-1])])

# %% [markdown]
# ## Words become vectors
#
# What does a word mean? One answer (Firth, 1957): you shall know a word by the company it keeps. *Skip-gram with
# negative sampling* (Mikolov and others, 2013) makes that a loss. Each word $w$ gets a vector $u_w$, each neighbor $o$ a
# vector $c_o$. Seen pairs should have a large product; pairs with *strangers* $k$ drawn at random, a small one:
#
# $$-\log\sigma(u_w \cdot c_o) - \sum_k \log\sigma(-u_w \cdot c_k)$$
#
# Our language is small, so that you can see all of it: 32 words, and a grammar of five forms of sentence. The model is
# given the sentences, never the categories. Some words are rare: they get few gradients, and that is where steps of
# their own should help.

# %%
def language(seed):
    """The skip-gram loss on a text of 600 sentences."""
    rng = np.random.default_rng(seed)
    return SkipGram(*skip_grams(sentences(600, rng), rng), words=len(WORDS), size=8)


for line in sentences(4, np.random.default_rng(7)):
    print(" ".join(WORDS[word] for word in line))
text = language(7)
counts = text.seen.sum(axis=1)
claim(f"{text.n} pairs. The commonest word, {WORDS[counts.argmax()]}, has {counts.max() / counts.min():.0f} times as many "
      f"as the rarest, {WORDS[counts.argmin()]}.", counts.max() > 5 * counts.min())

# %%
films = run(adam, AdamState(text.init(np.random.default_rng(7))), text, 7, epochs=3, batch_size=50, lr=0.03)
vectors = text.vectors(films.x)
centered = vectors[-1] - vectors[-1].mean(axis=0)
axes2 = np.linalg.svd(centered)[2][:2]
axes2 = axes2 * np.sign(axes2.sum(axis=1, keepdims=True))
looks = dict(zip(CATEGORIES, ("#0072b2", "#d55e00", "#009e73", "#a8327a", "#7f6000", "#5b6770", "#6a3d9a")))
fig, axes = plt.subplots(1, 2, figsize=(7.8, 4.0), width_ratios=(1, 1.25))
for ax, now, name in zip(axes, (0, -1), ("before", "after three passes")):
    places = (vectors[now] - vectors[-1].mean(axis=0)) @ axes2.T
    for kind, color in looks.items():
        mine = places[[k == kind for k in KINDS]]
        ax.plot(*mine.T, "o", color=color, ms=5)
        if now:
            ax.annotate(kind, mine.mean(axis=0), color=color, weight="bold", ha="center", xytext=(0, 9),
                        textcoords="offset points")
    ax.set(title=name, xlabel="first direction", ylabel="second direction")
plots.show(fig, "Nobody told the model what an animal is: words of one category end up in one place.",
           "Each dot is a word, its color the category. Before: a cloud. After: seven groups.")

# %%
def own_kind(f, w):
    """The share of words whose nearest word is of their own category, (...)."""
    V = f.vectors(w)
    near = (V @ V.mT - 9 * np.eye(len(WORDS))).argmax(-1)
    return (np.array(KINDS)[near] == np.array(KINDS)).mean(-1)


shares = own_kind(text, films.x)
claim(f"Before, {shares[0]:.0%} of the words have a nearest word of their own category; after three passes "
      f"{shares[-1]:.0%}. Nine in ten is reached after {first(shares >= 0.9) * 50 / text.n:.1f} passes.",
      [shares[0] < 0.35, shares[-1] == 1])
similar = text.vectors(films.x[-1]) @ text.vectors(films.x[-1])[WORDS.index("cat")]
nearest = [WORDS[i] for i in np.argsort(-similar)[1:4]]
claim(f"Nearest to *cat*: {', '.join(nearest)}.", all(word in CATEGORIES["animals"] for word in nearest))

# %% [markdown]
# ## A fair comparison
#
# Is Adam better here, or have we just chosen its rate well? To be fair, each method gets the *same tuning budget*: nine
# rates over three decades, five starts each, on a text that is used for nothing else. Then its best rate is tried on 30
# other texts, each with a start and an order of its own, one pass each. The same again for a network: 64 pixels, 32
# hidden units, 10 digits; tuned on a part of the training set, judged on test digits that nobody has seen.

# %%
RIVALS = {"gradient_descent": 0.01, "momentum": 0.01, "rmsprop": 0.001, "adam": 0.001}  # the smallest rate tried


def ends(name, f, x0, rng, lr, **limits):
    """Where a method ends, from the starts x0."""
    method = METHODS[name]
    return run(method.step, method.start(x0, f, None), f, rng, lr=lr, every=10**6, **limits).x[-1]


def tune(f, score, **limits):
    """For each method its nine rates, and the mean score over five starts at each."""
    x0 = np.broadcast_to([f.init(np.random.default_rng(100 + i)) for i in range(5)], (9, 5, f.dim))
    found = {}
    for name, low in RIVALS.items():
        rates = low * np.geomspace(1, 1000, 9)
        means = score(ends(name, f, x0, 1, rates[:, None, None], **limits)).mean(axis=1)
        found[name] = rates, np.where(np.isfinite(means), means, np.inf)
    return found


once, thrice = {"epochs": 1, "batch_size": 50}, {"epochs": 3, "batch_size": 32}
words_tuned = tune(language(99), language(99), **once)
train, test = split(len(pixels.y), np.random.default_rng(7), test=0.3)
build, held = (OneHidden(pixels.X[part] / 16, pixels.y[part], hidden=32, classes=10) for part in (train[:900], train[900:]))
network, exam = (OneHidden(pixels.X[part] / 16, pixels.y[part], hidden=32, classes=10) for part in (train, test))
digits_tuned = tune(build, held, **thrice)

# %%
best = [{name: rates[np.argmin(means)] for name, (rates, means) in tuned.items()} for tuned in (words_tuned, digits_tuned)]
word_loss, error = {}, {}
for name in RIVALS:
    word_loss[name], error[name] = np.zeros(30), np.zeros(30)
    for seed in range(30):
        f, rng = language(1000 + seed), np.random.default_rng(seed)
        word_loss[name][seed] = f(ends(name, f, f.init(rng), rng, best[0][name], **once))
        rng = np.random.default_rng(seed)
        error[name][seed] = 1 - exam.accuracy(ends(name, network, network.init(rng), rng, best[1][name], **thrice))

# %%
fig, axes = plt.subplots(1, 3, figsize=(8.4, 3.2), width_ratios=(1.3, 1, 1))
for i, name in enumerate(RIVALS):
    axes[0].loglog(digits_tuned[name][0], np.minimum(digits_tuned[name][1], 1e3), plots.STYLE[name].line, marker=".",
                   color=plots.COLORS[name], label=plots.label_of(name))
    for ax, values in zip(axes[1:], (word_loss[name], 100 * error[name])):
        half = 2 * values.std(ddof=1) / np.sqrt(30)
        ax.errorbar([i], [values.mean()], yerr=[half], fmt="o", color=plots.COLORS[name], capsize=4)
        ax.set_xticks(range(4), ["GD", "mom.", "RMSP", "Adam"])
axes[0].set(xlabel="rate", ylabel="loss on held-out digits", ylim=(0.15, 5))
axes[0].legend(fontsize=7)
axes[1].set(ylabel="loss on words, one pass")
axes[2].set(ylabel="test error on digits, %")
plots.show(fig, "Tuned on one budget, the methods are closer than their reputation; the wrong rate costs far more.",
           "Left: loss by rate, one curve a method. Middle and right: means of 30 runs with two standard errors.")

# %%
def better(a, b):
    """Mean of a - b over the pairs of runs, and two standard errors."""
    return (a - b).mean(), 2 * (a - b).std(ddof=1) / np.sqrt(len(a))


for title, values in (("words", word_loss), ("digits", error)):
    print(title, {n: (v.mean().round(4), (2 * v.std(ddof=1) / np.sqrt(30)).round(4)) for n, v in values.items()}, best)
    print({n: np.round(better(values[n], values["adam"]), 4) for n in RIVALS})
print({n: (r.round(4), m.round(3)) for n, (r, m) in digits_tuned.items()})
