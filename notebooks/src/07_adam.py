# %% [markdown]
# # 07 · Adam and its family
#
# | | |
# |:--|:--|
# | **You will be able to** | say why averages that begin at 0 are too small, and mend them · build Adam from momentum and RMSProp · say when ε matters · train word vectors and a network with it · tell weight decay from L2 · make Adam fail, and repair it |
# | **Time** | 140 minutes, of which about 55 for the exercises |
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
from course_lib.optimizers import momentum, rmsprop
from course_lib.problems import OneHidden, bowl, digits, split
from course_lib.problems.words import CATEGORIES, KINDS, WORDS, language, own_kind, sentences
from course_lib.run import first, run
from course_lib.widgets.adam_steps import without_hats
from course_lib.widgets.cycle import walk

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
predict("07.first", "Adam, at a rate of 0.01, where the gradient is 1000. How long is its first step?")
predict("07.printed", "Adam without bias correction (beta1 = 0.9, beta2 = 0.999): what becomes of the first steps?",
        ("nothing one would notice", "shorter", "3 to 7 times longer", "about 1000 times longer"))
predict("07.tuning", "A network on digits, each method with the best of nine rates. Which test error is lowest?",
        ("gradient descent's, by over a point", "momentum's, by over a point", "RMSProp's, by over a point",
         "Adam's, by over a point", "momentum's and Adam's, less than a point apart"))
predict("07.decay", "Two weights whose gradients are pure noise, one's a thousand times as large. Adam with an L2 penalty in "
        "the gradient: which is pulled to 0?", ("both alike", "the quiet one only", "the noisy one only", "neither"))

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
# This is exact for a constant gradient, and right on the average for a noisy one. It costs a power and a division, and
# it fades by itself: after $5/(1-\beta)$ steps the factor differs from 1 by less than a hundredth. For $m$ with
# $\beta_1 = 0.9$ that is 50 steps, for the squares with $\beta_2 = 0.999$ it is 5000, longer than many a lesson's run.

# %%
bias_correct = your_turn("adam.bias_correct")

# %%
rng, t = np.random.default_rng(7), np.arange(1, 401)
squares, v, plain, hats = rng.normal(0, 1, (400, 1000)) ** 2, np.zeros(1000), [], []  # 1000 series at once
for k, square in zip(t, squares):
    v = 0.99 * v + 0.01 * square
    plain.append(v)
    hats.append(bias_correct(v, 0.99, int(k)))
plain, hats = np.array(plain), np.array(hats)
fig, ax = plt.subplots()
for values, line, color, name in ((plain, "--", "#8a8f98", "average"), (hats, "-", plots.COLORS["adam"], "corrected")):
    ax.fill_between(t, *np.quantile(values, (0.1, 0.9), axis=1), color=color, alpha=0.2)
    ax.plot(t, values.mean(axis=1), line, color=color, label=f"{name}, mean of 1000 series")
ax.axhline(1, color="#333a40", lw=0.8)
ax.set(xlabel="steps", ylabel="average of the squares, beta = 0.99", ylim=(0, 2.2))
ax.legend()
plots.show(fig, "The plain average needs hundreds of steps to reach 1; the corrected one is right from the first step.",
           "Bands of 80% of 1000 noisy series. The corrected band is wide at first: few data, but no bias.")
error = 2 * hats.std(axis=1) / np.sqrt(1000)
claim(f"After 10 steps the plain average is {plain[9].mean():.3f}, where theory says 1 - 0.99^10 = {1 - 0.99**10:.3f}. "
      f"The corrected one is {hats[9].mean():.2f}, ± {error[9]:.2f}; it should be 1.",
      [abs(plain[9].mean() - 1 + 0.99**10) < 0.01, abs(hats[9].mean() - 1) < 1.5 * error[9]])

# %% [markdown]
# ## Adam, the two together
#
# Now take momentum's average for the direction and RMSProp's for the scale, correct both, and let one divide the other
# (Kingma and Ba, 2015). Look first: the turned valley, the same rate for three methods. Below the picture stand formula
# and code, line by line; both come from the one function that runs in this lesson.

# %%
three = {"momentum": run(momentum, VelocityState(start), valley, steps=200, lr=0.01),
         "rmsprop": run(rmsprop, SquaresState(start), valley, steps=200, lr=0.01),
         "adam": run(METHODS["adam"].step, AdamState(start), valley, steps=200, lr=0.01)}
fig, axes = plt.subplots(1, 3, sharey=True, figsize=(7.6, 2.9))
for ax, (name, trace) in zip(axes, three.items()):
    plots.landscape(valley, ax, low=(-0.2, -0.22), high=(0.36, 0.24), levels=12)
    plots.path(trace.x, name, ax).set_title(f"{plots.label_of(name)}: {trace.distance()[-1]:.0e} away".replace("e-0", "e−"))
    ax.label_outer()
plots.show(fig, "All three get there. Momentum and Adam come to rest; RMSProp jitters on.")
left_over = {name: trace.distance()[-20:].max() for name, trace in three.items()}
claim(f"Over the last 20 of 200 steps RMSProp is up to {left_over['rmsprop']:.4f} away from the minimum, Adam up to "
      f"{left_over['adam']:.6f}.", left_over["adam"] < left_over["rmsprop"] / 100)

# %%
plots.formula_beside_code(METHODS["adam"].step)

# %% [markdown]
# You know each line. The first counts; the next two are momentum's average (lesson 05, third spelling) and RMSProp's
# (lesson 06); the two hats are the correction that you built above; the last line takes the step. What is new is what
# they do together:
#
# - At the first step $\hat m = g$ and $\hat v = g^2$, so $x$ moves by $\alpha\, g / |g|$: the **rate itself**, in every
#   coordinate, whatever the size of the gradient.
# - Later the step is the rate times $\hat m / \sqrt{\hat v}$: near $\pm 1$ while the gradients agree, near 0 while they
#   contradict each other. It is a kind of signal-to-noise ratio.
# - Multiply $f$ by a thousand, and $\hat m$ and $\sqrt{\hat v}$ grow alike. The path stays the same.

# %%
def usual_constants(step):
    """A step of yours, with Adam's usual constants where none are given."""
    return lambda state, f, rng, **knobs: step(state, f, rng, **{"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, **knobs})


adam = usual_constants(from_update(your_turn("adam.step"), AdamState))

# %%
class Changed:
    """An objective whose gradient g is changed on the way: a method gets change(x, g)."""

    def __init__(self, f, change):
        self.f, self.change = f, change

    def __call__(self, x):
        return self.f(x)

    def grad(self, x):
        return self.change(x, self.f.grad(x))


slopes = np.geomspace(1e-12, 1e2, 57)  # of a plane: the same everywhere, one a coordinate
plane, origin = Changed(bowl(dim=57), lambda x, g: slopes), AdamState(np.zeros(57))
paths = {by: run(adam, AdamState(start), Changed(valley, lambda x, g, by=by: by * g), steps=200, lr=0.01).x
         for by in (0.001, 1, 1000)}
steepest = 1000 * np.abs(valley.grad(start)).max()
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
# is one rate. Without it, β₂ decides how the run begins. **Goal:** leave the correction *off*, and bring all of the
# first 60 steps, on all three slopes, between half a rate and one and a half.

# %%
widgets.show(widgets.adam_steps(adam))

# %% [markdown]
# Did you notice that only a narrow range of β₂ works, and that a large ε silences the gentle slope? The correction buys
# the freedom to choose β₂ for its memory alone.
#
# ε looks like a safeguard against dividing by 0, and with $10^{-8}$ that is all it is, *as long as the gradients are
# much larger*. A step on a constant slope $g$ is $\alpha\,|g| / (|g| + \epsilon)$. Where $|g|$ is far below ε, Adam
# turns into momentum with the rate $\alpha/\epsilon$: equal steps for all give way to steps in proportion to the slope.

# %%
fig, ax = plt.subplots()
for eps, line, color in ((1e-8, "-", plots.COLORS["adam"]), (1e-3, "--", "#0072b2"), (0.1, ":", "#a8327a")):
    made = run(adam, origin, plane, steps=20, lr=1.0, eps=eps)
    ax.loglog(slopes, -made.x[-1] / 20, line, color=color, label=f"eps = {eps:g}")
ax.set(xlabel="slope", ylabel="mean step, in rates", ylim=(1e-5, 3))
ax.legend()
plots.show(fig, "Right of ε all slopes make the same step; left of it the step shrinks with the slope.")

# %%
tiny, normal, large = (-np.interp(slope, slopes, run(adam, origin, plane, steps=1, lr=1.0, eps=eps).x[-1])
                      for slope, eps in ((1e-8, 1e-8), (0.01, 1e-8), (0.01, 0.1)))
claim(f"With eps = 1e-8 a gradient of 1e-8 makes a step of {tiny:.2f} rates, one of 0.01 a step of {normal:.2f}; with eps = "
      f"0.1 that one makes {large:.2f}.", [abs(tiny - 0.5) < 0.01, normal > 0.999, large < 0.12])

# %% [markdown]
# ## Many arrays, one clock
#
# A network is not one vector. It has matrices and rows of biases, and Adam keeps two averages for each: it needs three
# times the memory of gradient descent, and for large models that counts. What all arrays share is the *clock*: one step
# of the network is one step, however many arrays it has. Programs that forget this run the corrections too fast. An
# array without a gradient, such as a layer that is kept fixed, sits the step out, averages and all.

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
for line in sentences(4, np.random.default_rng(7)):
    print(" ".join(WORDS[word] for word in line))
text = language(7)
counts = text.seen.sum(axis=1)
claim(f"{text.n} pairs. The commonest word, {WORDS[counts.argmax()]}, has {counts.max() / counts.min():.0f} times as many "
      f"as the rarest, {WORDS[counts.argmin()]}.", counts.max() > 5 * counts.min())

# %%
films = run(adam, AdamState(text.init(np.random.default_rng(10))), text, 7, epochs=3, batch_size=50, lr=0.03)
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
            ax.annotate(kind, (mine[:, 0].mean(), mine[:, 1].max()), color=color, weight="bold", ha="center",
                        xytext=(0, 6), textcoords="offset points")
    ax.set(title=name, xlabel="first direction", ylabel="second direction", xlim=(-0.9, 0.9), ylim=(-0.85, 0.85))
plots.show(fig, "Nobody told the model what an animal is: words of one category end up in one place.",
           "Each dot is a word, its color the category. Before: a cloud. After: seven groups.")

# %%
shares = own_kind(text, films.x)
claim(f"Before, {shares[0]:.0%} of the words have a nearest word of their own category; after three passes "
      f"{shares[-1]:.0%}. Nine in ten is reached after {first(shares >= 0.9) * 50 / text.n:.1f} passes.",
      [shares[0] < 0.35, shares[-1] == 1])
similar = text.vectors(films.x[-1]) @ text.vectors(films.x[-1])[WORDS.index("cat")]
nearest = [WORDS[i] for i in np.argsort(-similar)[1:4]]
claim(f"Nearest to *cat*: {', '.join(nearest)}.", all(word in CATEGORIES["animals"] for word in nearest))

# %% [markdown]
# Why does that work? Words of one category have the same neighbors, so the same vectors $c_o$ pull at them. Given room
# enough, the best product $u_w \cdot c_o$ is the logarithm of how much more often the two are seen together than drawn
# as strangers (Levy and Goldberg, 2014): similar company, similar numbers, similar vectors. And each word moves only
# when it is in the batch. In gradient descent a rare word creeps, since its gradients are few; with steps of its own it
# keeps up.
#
# ## Real data: a fair comparison
#
# Is Adam better here, or have we only chosen its rate well? To be fair, each method gets the *same tuning budget*: nine
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


once, thrice, deal = {"epochs": 1, "batch_size": 50}, {"epochs": 3, "batch_size": 32}, np.random.default_rng(7)
train, test = split(len(pixels.y), deal, test=0.3)
build, held, network, exam = (OneHidden(pixels.X[part] / 16, pixels.y[part], hidden=32, classes=10)
                              for part in (train[:900], train[900:], train, test))
words_tuned, digits_tuned = tune(language(99), language(99), **once), tune(build, held, **thrice)

# %%
best = [{name: rates[np.argmin(means)] for name, (rates, means) in tuned.items()} for tuned in (words_tuned, digits_tuned)]
texts, word_loss, error = [language(1000 + seed) for seed in range(30)], {}, {}
for name, rates in best[0].items():
    tried = [(f, np.random.default_rng(seed)) for seed, f in enumerate(texts)]
    word_loss[name] = np.array([f(ends(name, f, f.init(rng), rng, rates, **once)) for f, rng in tried])
    tried = [(network, np.random.default_rng(seed)) for seed in range(30)]
    error[name] = 1 - exam.accuracy(np.array([ends(name, f, f.init(rng), rng, best[1][name], **thrice) for f, rng in tried]))

# %%
fig, axes = plt.subplots(1, 3, figsize=(8.4, 3.2), width_ratios=(1.3, 1, 1))
for i, name in enumerate(RIVALS):
    axes[0].loglog(digits_tuned[name][0], np.minimum(digits_tuned[name][1], 5), plots.STYLE[name].line, marker=".",
                   color=plots.COLORS[name], label=plots.label_of(name))
    for ax, values in zip(axes[1:], (word_loss[name], 100 * error[name])):
        half = 2 * values.std(ddof=1) / np.sqrt(30)
        ax.errorbar([i], [values.mean()], yerr=[half], fmt="o", color=plots.COLORS[name], capsize=4)
        ax.set_xticks(range(4), ["GD", "mom.", "RMSP", "Adam"])
axes[0].set(xlabel="rate", ylabel="loss on held-out digits", ylim=(0.15, 6))
axes[0].set_yticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5+"])
axes[0].minorticks_off()
axes[0].legend(fontsize=7, loc="upper left")
axes[1].set(ylabel="loss on words, one pass")
axes[2].set(ylabel="test error on digits, %")
plots.show(fig, "Tuned on one budget no method leads everywhere, and the wrong rate costs more than the wrong method.",
           "Left: loss by rate, one curve a method. Middle and right: means of 30 runs with two standard errors.")
lows, at = [means.min() for _, means in digits_tuned.values()], best[1].values()
adams = digits_tuned["adam"][1]
claim(f"On held-out digits the best losses of the four methods lie between {min(lows):.2f} and {max(lows):.2f}, those of Adam at "
      f"its nine rates between {adams.min():.2f} and more than 5. The best rates differ by a factor of "
      f"{max(at) / min(at):.0f} from method to method.",
      [max(lows) < 2 * min(lows), adams.max() > 5, max(at) > 20 * min(at)])

# %%
def gap(values, a, b):
    """Mean of a - b over 30 pairs of runs, and two standard errors."""
    apart = values[a] - values[b]
    return apart.mean(), 2 * apart.std(ddof=1) / np.sqrt(30)


by, half = gap(word_loss, "momentum", "adam")
more, width = gap(word_loss, "adam", "rmsprop")
claim(f"Words: Adam's loss is lower than momentum's by {by:.3f} ± {half:.3f}; RMSProp's is lower still, by {more:.3f} ± "
      f"{width:.3f}. In one short pass over sparse gradients it is the steps of their own that count.",
      [by - half > 0, more - width > 0])
by, half = gap(error, "momentum", "adam")
means, spread = ({name: getattr(values, what)() for name, values in error.items()} for what in ("mean", "std"))
claim(f"Digits: test error {means['momentum']:.1%} for momentum and {means['adam']:.1%} for Adam (difference {by:.2%} ± "
      f"{half:.2%}); {means['rmsprop']:.1%} for RMSProp and {means['gradient_descent']:.1%} for gradient descent. The "
      f"last two scatter from run to run by {100 * spread['rmsprop']:.0f} and {100 * spread['gradient_descent']:.0f} points, "
      f"the first two by {100 * max(spread['momentum'], spread['adam']):.0f} at most.",
      [abs(by) < 0.01, means["rmsprop"] > means["adam"] + 0.02, means["gradient_descent"] > means["adam"] + 0.02,
       min(spread["rmsprop"], spread["gradient_descent"]) > 3 * max(spread["momentum"], spread["adam"])])
rates, losses = digits_tuned["adam"]
claim(f"*Adam needs no tuning*, some say. At its usual rate 0.001 the loss after three passes is {losses[0]:.2f}, at the "
      f"best of the nine, {rates[losses.argmin()]:.3f}, it is {losses.min():.2f}.", losses[0] > 5 * losses.min())
reveal("07.tuning", "e")

# %% [markdown]
# Read the left panel once more. Each method has a valley of good rates with a cliff on the right, and the valleys lie in
# different places. Whoever compares methods at *one* rate compares rates.
#
# So: choose the rate before you choose the method. With its best rate each of momentum, RMSProp and Adam does well on
# something; what speaks for Adam is that it is never far from the best here.
#
# *Adam handles noise and large data*, say popular articles (lesson 12, claim f). Large data, yes: it asks for one
# gradient on a batch, like all the others, and keeps two numbers for each weight. Noise depends on the kind. Here is a
# bowl in ten dimensions whose gradients are noisy, once with normal noise, once with noise that has *heavy tails*
# (Student's t with 1.5 degrees of freedom: now and then a gradient is a hundred times too large). Rates are tuned as
# before; 200 runs each.

# %%
def noisy(seed, heavy):
    """A bowl whose gradients come with noise."""
    rng = np.random.default_rng(seed)
    draw = (lambda size: rng.standard_t(1.5, size)) if heavy else (lambda size: rng.normal(size=size))
    return Changed(bowl(condition=10, dim=10), lambda x, g: g + draw(g.shape))


noise, rates = {}, np.geomspace(1e-4, 0.1, 10)
for heavy in (False, True):
    for name in RIVALS:
        f = noisy(1, heavy)
        tries = f(ends(name, f, np.ones((10, 20, 10)), 1, rates[:, None, None], steps=400))
        rate = rates[np.nan_to_num(np.median(tries, axis=1), nan=np.inf).argmin()]
        logs = np.log10(f(ends(name, noisy(2, heavy), np.ones((200, 10)), 1, rate, steps=400)))
        noise[name, heavy] = logs.mean(), 2 * logs.std(ddof=1) / np.sqrt(200)

# %%
fig, axes = plt.subplots(1, 2, sharey=False)
for ax, heavy, title in zip(axes, (False, True), ("normal noise", "heavy tails")):
    for i, name in enumerate(RIVALS):
        ax.errorbar([noise[name, heavy][0]], [i], xerr=[noise[name, heavy][1]], fmt="o", capsize=4,
                    color=plots.COLORS[name])
    ax.set(title=title, xlabel="log10 of the loss, mean of 200 runs", ylim=(-0.5, 3.5))
    ax.set_yticks(range(4), [plots.label_of(name) for name in RIVALS] if not heavy else [""] * 4)
plots.show(fig, "Normal noise: Adam is ahead. Heavy tails: RMSProp's short memory forgives, Adam's long one does "
           "not.", "Means with two standard errors, further left is better.")


def sure(a, b, heavy):
    """Is the loss of a below that of b by more than both intervals?"""
    return noise[a, heavy][0] + noise[a, heavy][1] < noise[b, heavy][0] - noise[b, heavy][1]


size = {key: 10**mean for key, (mean, _) in noise.items()}
claim(f"Normal noise: typical loss {size['adam', False]:.3f} with Adam, {size['momentum', False]:.3f} with momentum. Heavy "
      f"tails: {size['rmsprop', True]:.2f} with RMSProp, {size['adam', True]:.2f} with Adam.",
      [all(sure("adam", name, False) for name in RIVALS if name != "adam"), sure("rmsprop", "adam", True),
       sure("adam", "gradient_descent", True)])

# %% [markdown]
# One outlier stays in Adam's $v$ for a thousand steps and shortens them all. RMSProp has forgotten it after ten. The
# claim holds for well-behaved noise; against heavy tails use a shorter memory, or clip (lesson 10).
#
# ## Weight decay is not L2
#
# To keep weights small, one adds $\tfrac{\lambda}{2}\|x\|^2$ to the loss. Its gradient is $\lambda x$, and in gradient
# descent that makes every weight lose the share $\alpha\lambda$ a step. In Adam it goes through the division like any
# other gradient: where gradients are large, $\sqrt{\hat v}$ is large, and the pull is divided away. AdamW (Loshchilov
# and Hutter, 2019) leaves the gradient alone and pulls beside it:
#
# $$x \leftarrow x - \alpha\,\big(\hat m / (\sqrt{\hat v} + \epsilon) + \lambda x\big)$$

# %%
adamw_step = your_turn("adam.adamw_step")


def static(l2):
    """Gradients that are nothing but noise, of another size for each weight; l2 adds a penalty's gradient."""
    rng = np.random.default_rng(7)
    return Changed(bowl(dim=4), lambda x, g: rng.normal(0, (0.01, 0.1, 1, 10), x.shape) + l2 * x)


quiet, usual = {}, {"lr": 0.01, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
step, ones = from_update(adamw_step, AdamState), AdamState(np.ones((100, 4)))
for name, l2, decay in (("L2 in the gradient", 0.1, 0.0), ("decay beside it", 0.0, 0.1)):
    quiet[name] = run(step, ones, static(l2), steps=1000, every=100, weight_decay=decay, **usual).x[-1]

# %%
fig, ax = plt.subplots()
for (name, x), look, color in zip(quiet.items(), ("s--", "o:"), ("#b22222", plots.COLORS["adamw"])):
    ax.errorbar(range(4), x.mean(axis=0), yerr=0.2 * x.std(axis=0), fmt=look, color=color, capsize=4, label=name)
ax.axhline((1 - 0.001) ** 1000, color="#333a40", lw=0.8)
ax.text(-0.1, (1 - 0.001) ** 1000 - 0.13, "line: the share that\ndecay should leave")
ax.set_xticks(range(4), ["0.01", "0.1", "1", "10"])
ax.set(xlabel="size of the noise in the gradient", ylabel="weight after 1000 steps, from 1")
ax.legend(loc="upper left")
plots.show(fig, "L2 inside Adam pulls the quiet weights to 0 and hardly the noisy one; decay beside it treats all alike.")
l2, beside = (x.mean(axis=0) for x in quiet.values())
claim(f"100 runs: L2 in the gradient leaves {abs(l2[0]):.2f} of the quietest weight and {l2[3]:.2f} of the noisiest; decay beside "
      f"it {beside[0]:.2f} and {beside[3]:.2f}.", [abs(l2[0]) < 0.05, l2[3] > 0.75, np.abs(beside - 0.37).max() < 0.1])
reveal("07.decay", "b")

# %% [markdown]
# ## Where Adam fails
#
# Adam's proof of convergence had a gap, and Reddi, Kale and Kumar (2018) found an example that falls through it. On the
# interval from −1 to 1 the slopes come in a cycle: $C, -1, -1, C, -1, -1, \dots$ with $C > 2$. On the average the slope
# is positive, so −1 is the best point. With a *short* memory of squares Adam walks to +1, the worst: the rare large
# slope is divided by its own size and forgotten at once, the two small ones then count in full.
#
# Their repair, AMSGrad, divides by the largest average that there ever was. One line more, one memory more. Build it,
# then play: the bars show what each slope of the cycle makes of $x$. **Goal:** make Adam fail, so that it ends near +1.
# Then fix it. Which memories, of slopes or of squares, protect it?

# %%
amsgrad_step = your_turn("adam.amsgrad_step")
amsgrad = usual_constants(from_update(amsgrad_step, AmsgradState))
widgets.show(widgets.cycle(adam, amsgrad))

# %%
grid = {(b1, b2): walk("Adam", adam, amsgrad, 3.0, {"beta1": b1, "beta2": b2}).x[-1, 0]
        for b1 in (0.0, 0.9) for b2 in (0.1, 0.3, 0.9, 0.999)}
fixed = walk("AMSGrad", adam, amsgrad, 3.0, {"beta1": 0.0, "beta2": 0.1}).x[-1, 0]
claim(f"C = 3: without memory of slopes and with beta2 = 0.1 Adam ends at {grid[0.0, 0.1]:.2f}, AMSGrad with the same "
      f"constants at {fixed:.2f}.", [grid[0.0, 0.1] > 0.99, fixed < -0.99])
claim(f"With beta2 = 0.9 or more, or beta1 = 0.9, Adam ends at {max(v for k, v in grid.items() if max(k) >= 0.9):.2f} or "
      "below: the usual constants remember longer than this cycle lasts.",
      [value < -0.9 for key, value in grid.items() if max(key) >= 0.9])

# %% [markdown]
# Here is why, without memory of slopes. When $C$ arrives, $v$ is at least $(1-\beta_2) C^2$, so the step is not much
# longer than one rate, however large $C$ is. At the two slopes of −1 a short memory has forgotten $C$, $v$ is near 1,
# and each makes nearly a full step the other way: two against one. AMSGrad divides all three by the same number, and
# $C > 2$ wins.
#
# For *every* choice of memories (with $\beta_1 < \sqrt{\beta_2}$) there is a cycle long enough to defeat it: that is
# the theorem. The usual $\beta_2$ remembers for a thousand steps, far longer than this cycle lasts; and where
# outliers are frequent AMSGrad pays for its memory, since it never forgets one.
#
# ## Bug clinic
#
# Adam, as it stands in many articles. It runs, the loss falls in the end. Compare the first steps with what they should
# be, and mend the listing: the next cell tells you when you have.

# %%
def adam_as_printed(grad, x, lr, beta1, beta2, eps, steps):
    m, v, path = np.zeros_like(x), np.zeros_like(x), [x]
    for _ in range(steps):
        m = beta1 * m + (1 - beta1) * grad(x)
        v = beta2 * v + (1 - beta2) * grad(x) ** 2
        x = x - lr * m / (np.sqrt(v) + eps)
        path.append(x)
    return np.array(path)


# %%
found = adam_as_printed(valley.grad, start, steps=40, **usual)
sought = run(METHODS["adam"].step, AdamState(start), valley, steps=40, **usual).x
print("mended" if np.allclose(found, sought) else "still ill",
      f"- first step {np.abs(found[1] - found[0]).max() / 0.01:.2f} rates, should be 1.00")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# The hats are missing. Both averages begin at 0, and $m$ recovers within some ten steps where $v$ needs a thousand: at
# first the divisor is far too small. The cure is a count, `for t in range(1, steps + 1)`, two lines,
# `m_hat = m / (1 - beta1**t)` and the same for `v` with `beta2`, and a step with the hats.
#
# </details>
#
# With a memory as long as the run, the mistake hides well: after some thousand steps the two programs agree, and the
# loss that is printed at the end looks fine.
#
# *It behaves the same*, say those who print it (lesson 12, claim j). Does it? On a constant slope, and on the digits of
# before, 30 starts. At small rates the longer steps even help, like a larger rate; at large ones they throw the weights
# far away.

# %%
ramp = run(without_hats, origin, plane, steps=150, **{**usual, "lr": 1.0}).x[:, -1]
lengths = np.abs(np.diff(ramp))
x0, rates = np.array([network.init(np.random.default_rng(i)) for i in range(30)]), (0.001, 0.01, 0.1)
steps = METHODS["adam"].step, without_hats
hats, none = ([run(step, AdamState(x0), network, 5, steps=20, every=10, batch_size=32, **{**usual, "lr": lr}).loss[-1]
               for lr in rates] for step in steps)
claim(f"On a constant slope of 1 the first step is {lengths[0]:.2f} rates, the twelfth, the longest, {lengths[11]:.2f}, the "
      f"hundredth {lengths[99]:.2f}.", [np.isclose(lengths[0], 10**0.5), lengths.argmax() == 11, 3 < lengths[99] < 3.5])
for lr, a, b in zip(rates, hats, none):
    worse, half = (b - a).mean(), 2 * (b - a).std(ddof=1) / np.sqrt(30)
    claim(f"Rate {lr:g}: after 20 steps the loss is {a.mean():.2f} with hats, {b.mean():.2f} without (difference "
          f"{worse:+.2f} ± {half:.2f}).", worse + half < 0 if lr < 0.1 else worse - half > 1)
reveal("07.printed", "c")

# %%
quiz("07")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("07")

# %% [markdown]
# ## Summary
#
# - An average that begins at 0 is too small by the known factor $1-\beta^t$; divide by it.
# - Adam: momentum's average over the root of RMSProp's, both corrected. The rate is a length: how far a weight may move.
# - ε sets the size of gradient below which Adam turns back into momentum.
# - One clock for all arrays, two averages for each.
# - L2 in the gradient is divided away where gradients are large; AdamW's decay treats all weights alike.
# - Tuned on one budget, Adam is seldom far from the best and not always the best. Untuned it can be far off.
# - A short memory of squares can lead it to the wrong end; heavy-tailed noise stays in a long one.
#
# **For the cheat sheet:** *Adam — `m_hat / (sqrt(v_hat) + eps)`, both hats — sparse or badly scaled gradients; start with
# betas 0.9 and 0.999 and tune the rate; for decay take AdamW.*
#
# **References:** D. P. Kingma and J. Ba, *Adam: a method for stochastic optimization*, 2015 · S. J. Reddi, S. Kale and
# S. Kumar, *On the convergence of Adam and beyond*, 2018 · I. Loshchilov and F. Hutter, *Decoupled weight decay
# regularization*, 2019 · T. Mikolov, I. Sutskever, K. Chen, G. Corrado and J. Dean, *Distributed representations of words
# and phrases and their compositionality*, 2013 · O. Levy and Y. Goldberg, *Neural word embedding as implicit matrix
# factorization*, 2014. **Next:** lesson 08 leaves gradients behind and lets populations evolve.
