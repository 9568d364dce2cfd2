# %% [markdown]
# # 06 · Adagrad and RMSProp
#
# | | |
# |:--|:--|
# | **You will be able to** | give each coordinate a rate of its own · build Adagrad and RMSProp · say how long their steps are, early and late · find out what becomes of both when the axes are turned · explain what epsilon does |
# | **Time** | 105 minutes, of which about 40 for the exercises |
# | **You need** | lesson 02 (curvature, condition number), lesson 05 (the average that forgets), NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import optimizers, plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, SquaresState, VelocityState, adagrad, gradient_descent, momentum, rmsprop
from course_lib.problems import Quadratic, Softmax, add_intercept, bowl, digits
from course_lib.run import first, run

# %% [markdown]
# ## One rate does not fit all
#
# Momentum made long valleys bearable: its steps grow with the *root* of the condition number. But they grow, and both
# of its constants must be known in advance. What if the valley is very long? Here one coordinate is steep, the other
# gentle, and we make the difference larger and larger.

# %%
start = np.array([1.0, 0.6])


def steps_to(trace, share=1e-6):
    """Steps until the distance is that share of what it was, or None."""
    away = trace.distance()
    return first(away <= share * away[0])


def best_ball(f, x0, steps=4000):
    """The heavy ball with the best pair for a bowl (lesson 05)."""
    a, b = np.sqrt(f.L), np.sqrt(f.mu)
    return run(momentum, VelocityState(x0), f, steps=steps, lr=4 / (a + b) ** 2, beta=((a - b) / (a + b)) ** 2)


conditions = (1e2, 1e3, 1e4, 1e5)
ball_steps = [steps_to(best_ball(bowl(k), start)) for k in conditions]
claim(f"At condition numbers of 100, 1000, 10,000 and 100,000 the heavy ball at its best takes {ball_steps[0]}, "
      f"{ball_steps[1]}, {ball_steps[2]} and {ball_steps[3]} steps.", np.diff(ball_steps) > 100)

# %% [markdown]
# The rate has to be small enough for the steep coordinate, and the gentle one pays for it. The cure suggests itself:
# **one rate for each coordinate**, long where it is gentle, short where it is steep. But who sets ten thousand rates by
# hand? The gradients themselves tell which coordinate is steep.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("06.scale", "Adagrad divides each coordinate's step by the root of the sum of its squared gradients. The "
        "condition number grows from 100 to 100,000. Its steps grow ...",
        ("a thousandfold", "by the root, about 32-fold", "by a factor of 2 or 3", "not at all"))
predict("06.late", "The gradient is constant. How long is Adagrad's step number 100, as a share of its first step?")
predict("06.turn", "We turn the valley by 45 degrees, and the start with it. Adagrad, which was far ahead of gradient "
        "descent, is then ...",
        ("as fast as before: it is the same valley", "a little slower", "slower than gradient descent", "divergent"))

# %% [markdown]
# ## A rate for each coordinate
#
# Give each coordinate an *account* $s$. Whenever a gradient comes, its square is paid in. The larger the balance, the
# shorter the steps of this coordinate: they are divided by $\sqrt s$, which has the unit of a gradient. This is
# **Adagrad** (Duchi, Hazan and Singer, 2011). Picture before formula: the same valley, gradient descent and Adagrad.

# %%
valley = bowl(100)
slow = run(gradient_descent, PointState(start), valley, steps=26, lr=2 / 101)
quick = run(adagrad, SquaresState(start), valley, steps=26, lr=0.4)
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, name, trace in zip(axes, ("gradient_descent", "adagrad"), (slow, quick)):
    plots.landscape(valley, ax, low=(-0.3, -0.8), high=(1.2, 0.8)).set_title(plots.label_of(name))
    plots.path(trace.x, name, ax)
axes[1].label_outer()
plots.show(fig, "Twenty-six steps each: gradient descent bounces from wall to wall, Adagrad walks to the bottom as if "
           "the walls were not there.", "Left: a zigzag in a narrow valley. Right: a smooth curve to the minimum.")
left_over = [trace.distance()[-1] for trace in (slow, quick)]
claim(f"After 26 steps gradient descent at its best rate is {left_over[0]:.2f} away from the minimum, Adagrad "
      f"{left_over[1]:.1e}.", left_over[1] < 1e-4 < 0.1 < left_over[0])
plots.formula_beside_code(adagrad)

# %% [markdown]
# Three lines, three things to notice:
#
# - $g^2$, the root and the division work *coordinate by coordinate*: $s$ is an array of the shape of $x$.
# - The new square is paid in *before* it divides. So the first step is $\alpha\, g/\sqrt{g^2} = \pm\alpha$ in every
#   coordinate, whatever the gradient.
# - $\epsilon$ keeps 0/0 away, where a coordinate has had no gradient yet. It stands outside the root.

# %%
adagrad_step = your_turn("adagrad.step")

# %% [markdown]
# Now use it. Say a coordinate has curvature $\lambda$, so its gradient is $\lambda x$. Then $\lambda$ stands above and
# below the fraction bar, and *cancels*: $\lambda x / \sqrt{\lambda^2 x_0^2 + \lambda^2 x_1^2 + \dots}$. The steps of
# Adagrad do not know how steep a coordinate is.

# %%
ada = optimizers.from_update(adagrad_step, SquaresState)
traces = [run(ada, SquaresState(start), bowl(k), steps=60, lr=0.4, eps=1e-10) for k in conditions]
ada_steps = [steps_to(trace) for trace in traces]
claim(f"At the same four condition numbers Adagrad takes {', '.join(map(str, ada_steps[:3]))} and {ada_steps[3]} steps "
      "at one and the same rate, and walks the same path.",
      [len(set(ada_steps)) == 1, *(np.allclose(trace.x, traces[0].x, atol=1e-6) for trace in traces)])
reveal("06.scale", "d")

# %% [markdown]
# ### The account only grows
#
# There is a price. A sum of squares never shrinks, so the rates never rise again. With a constant gradient $g$ the
# balance after $t$ steps is $t g^2$, and step $t$ has the length $\alpha/\sqrt t$.

# %%
def step_lengths(step, steps, **knobs):
    """The lengths of the steps on a slope of constant gradient 1."""
    lengths, x, s = [], np.zeros(1), np.zeros(1)
    for _ in range(steps):
        new, s = step(x, s, np.ones(1), eps=0.0, **knobs)
        lengths.append(float(x[0] - new[0]))
        x = new
    return np.array(lengths)


lengths = step_lengths(adagrad_step, 10_000, lr=1.0)
claim(f"With lr = 1 and a constant gradient Adagrad's step is {lengths[0]:g} long at t = 1, {lengths[99]:g} at t = 100 and "
      f"{lengths[9999]:g} at t = 10,000.", np.allclose(lengths[[0, 99, 9999]], [1, 0.1, 0.01]))
reveal("06.late", round(lengths[99], 3))

# %% [markdown]
# Where gradients are noisy this is welcome: the rate has to fall if the run is to settle (lesson 03), and here it does
# so by itself. But where the world changes, or where a steep wall comes before a gentle plain, Adagrad has used up its
# steps. Nothing is ever forgotten.
#
# ## RMSProp: an account that forgets
#
# You know the cure from lesson 05: in the place of the sum take the *average that forgets*. This is **RMSProp**,
# proposed by Geoffrey Hinton on a slide of his lecture (Tieleman and Hinton, 2012), and never published as a paper.

# %%
plots.formula_beside_code(rmsprop)

# %%
rmsprop_step = your_turn("rmsprop.step")
rms = optimizers.from_update(rmsprop_step, SquaresState)
forgets = step_lengths(rmsprop_step, 100, lr=1.0, rho=0.9)
fig, ax = plt.subplots()
plots.curve(lengths[:100], "adagrad", ax)
plots.curve(forgets, "rmsprop", ax).set(ylabel="length of the step", yscale="linear", ylim=(0, 3.4))
ax.axhline(1, color="#8a8f98", lw=1)
ax.legend()
plots.show(fig, "A constant gradient, lr = 1: Adagrad's steps die out, RMSProp's begin too long and settle at lr.")
claim(f"RMSProp's first step is {forgets[0]:.2f} times lr, since s starts at 0 and is too small: 1/sqrt(1 - rho). Its "
      f"hundredth is {forgets[99]:.4f} times lr.", [np.isclose(forgets[0], 10**0.5), abs(forgets[99] - 1) < 1e-4])

# %% [markdown]
# So RMSProp moves each coordinate by *about lr a step*, steep or gentle, early or late. That is its strength and its
# weakness: near the minimum, too, it moves by about lr. Gradient descent slows down by itself where the gradient
# vanishes; RMSProp does not.

# %%
d = {}
for name, rate in {"constant rate": 0.05, "falling rate": lambda t: 0.05 * 0.98**t}.items():
    d[name] = run(rms, SquaresState(start), bowl(100), steps=400, lr=rate, rho=0.9, eps=1e-8).distance()
fig, ax = plt.subplots()
plots.curve(d["constant rate"], "rmsprop", ax, label="RMSProp, constant rate")
ax.plot(np.maximum(d["falling rate"], 1e-9), "-", color="#5b6770", label="RMSProp, falling rate")
ax.set(ylabel="distance to the minimum", ylim=(1e-6, 3))
ax.legend()
plots.show(fig, "At a constant rate RMSProp is thrown out of the minimum and stays in motion; under a falling rate it "
           "comes to rest.")
rest, found = d["constant rate"][-50:], first(d["constant rate"] < 1e-9)
claim(f"With lr = 0.05 RMSProp is {rest.min():.3f} away at each of the last 50 steps: it jumps to and fro by lr in both "
      f"coordinates. Under a rate that falls by 2% a step it ends {d['falling rate'][-1]:.0e} away.",
      [np.allclose(rest, 0.025 * 2**0.5, rtol=0.01), d["falling rate"][-1] < 1e-4])
claim(f"At step {found} it was less than a billionth away, and by step 100 more than 0.01 again.",
      d["constant rate"][found:101].max() > 0.01)

# %% [markdown]
# How can it leave a minimum that it has found? As the gradients vanish the account empties, the effective rates grow,
# and at some point they are too long for the curvature: lesson 02's limit $2/\lambda$ is passed, and the distance grows
# until the account is full again. You can watch it in the widget: at rest the two effective rates stand at $2/\lambda$.
#
# ### When the world changes
#
# Data drift: the best weights of last month are not those of today. Below, the minimum of a bowl moves after 80 steps,
# and the optimizer goes on with the memory it has. Each coordinate's account is drawn as a square whose side is
# $\sqrt s$. Play the film once without *forget*, which is Adagrad, and once with it. **Goal:** be within 0.1 of the
# minimum when it moves, and again at most 40 steps later, for good.

# %%
widgets.show(widgets.accumulators(rms))

# %%
today = Quadratic(np.diag([1.0, 10.0]), [3.0, -20.0])  # the bowl, its minimum moved from (0, 0) to (3, -2)


def after_the_move(step, **knobs):
    """Steps until within 0.1 of the new minimum, after 300 steps in the old world that began far away."""
    before = run(step, SquaresState(np.array([50.0, 30.0])), bowl(10), steps=300, **knobs).states[-1]
    return first(run(step, before, today, steps=300, **knobs).distance(today.minima[0]) <= 0.1)


late, keen = (after_the_move(ada, lr=lr, eps=1e-10) for lr in (3.0, 10.0))
awake = after_the_move(rms, lr=0.3, rho=0.99, eps=1e-8)
claim(f"A start 58 away, 300 steps, and then the minimum moves by 3.6. To reach it Adagrad with lr = 3 needs {late} "
      f"steps, RMSProp with a tenth of that rate (and rho = 0.99) {awake}.", late > 4 * awake)
claim(f"With lr = 10 Adagrad needs {keen}: it *can* keep up, if you know before the start how far it will have to go.",
      keen < awake)

# %% [markdown]
# ## What eps is for
#
# The step is $-\frac{\alpha}{\sqrt s + \epsilon}\, g$. What multiplies $g$ is a learning rate, one for each coordinate:
# the *effective rate*. To look at it is the first thing to do when such a method misbehaves.
#
# The effective rate is never above $\alpha/\epsilon$. With the usual $10^{-8}$ that hardly limits anything. But make
# $\epsilon$ larger than the gradients, and $\sqrt s$ no longer matters: all coordinates have the rate $\alpha/\epsilon$,
# and the method *is* gradient descent. Epsilon is a dial between the two.

# %%
effective_rate = your_turn("rmsprop.effective_rate")
sizes = (1e-8, 1.0, 100.0, 1e4)
plain = run(gradient_descent, PointState(start), valley, steps=50, lr=0.01)
apart = []
for eps in sizes:
    turned_up = run(rms, SquaresState(start), valley, steps=50, lr=0.01 * eps, rho=0.9, eps=eps)
    apart.append(np.abs(turned_up.x - plain.x).max())
claim("RMSProp with lr = 0.01 eps against gradient descent with lr = 0.01: for eps = 1, 100 and 10,000 their paths are "
      f"at most {apart[1]:.2f}, {apart[2]:.2f} and {apart[3]:.3f} apart.",
      [apart[1] > apart[2] > apart[3], apart[3] < 0.01])
s = np.array([1e-12, 1e-4, 1.0])
claim(f"Gradients of about 1e-6, 0.01 and 1 get effective rates of {', '.join(f'{r:.3g}' for r in effective_rate(s, 0.01, 1e-8))} "
      f"at eps = 1e-8, and of {', '.join(f'{r:.3g}' for r in effective_rate(s, 0.01, 0.1))} at eps = 0.1.",
      effective_rate(s, 0.01, 0.1).max() < 0.1 + 1e-12)

# %% [markdown]
# ## Turn the valley
#
# Adagrad's trick was that each coordinate has its *own* steepness. That is a statement about the axes. What if the
# valley lies across them? Nothing about the landscape changes, only the names we give to its points. To find out, we
# need an objective made from another one. Is it right? The test of lesson 02 tells: its gradient must agree with finite
# differences of its values.

# %%
rotate = your_turn("rmsprop.rotate")

# %%
turned = rotate(valley, np.pi / 4)
at, h = np.array([0.7, -0.4]), 1e-6
differences = [(turned(at + h * e) - turned(at - h * e)) / (2 * h) for e in np.eye(2)]
claim("The gradient of the turned valley agrees with finite differences of its values.",
      np.allclose(turned.grad(at), differences, rtol=1e-5))


def turned_run(step, State, degrees, **knobs):
    """Steps to a millionth in the valley turned by so many degrees, start and all, at the best of the rates."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    there = np.array([[c, -s], [s, c]]) @ start
    there = np.broadcast_to(there, (np.size(knobs["lr"]), 2))  # a run for each rate, all at once
    away = run(step, State(there), rotate(valley, np.radians(degrees)), **knobs).distance()
    return first((away <= 1e-6 * away[0]).any(axis=1))


angles = np.arange(0, 91, 7.5)
rates = np.array([0.1, 0.2, 0.4, 0.8, 1.6])[:, None]
gd_steps = [turned_run(gradient_descent, PointState, a, steps=800, lr=2 / 101) for a in angles]
hb_steps = [turned_run(momentum, VelocityState, a, steps=200, lr=(2 / 11) ** 2, beta=(9 / 11) ** 2) for a in angles]
ada_best = [turned_run(ada, SquaresState, a, steps=1100, lr=rates, eps=1e-10) for a in angles]

# %%
fig, ax = plt.subplots()
for name, values in {"gradient_descent": gd_steps, "momentum": hb_steps, "adagrad": ada_best}.items():
    plots.curve(values, name, ax, cost=angles)
ax.set(xlabel="the valley is turned by (degrees)", ylabel="steps to a millionth", xticks=range(0, 91, 15))
ax.legend()
plots.show(fig, "Gradient descent and momentum do not notice that the valley is turned. Adagrad, at the best of five "
           "rates, goes from the fastest to the slowest of the three.")
middle = list(angles).index(45.0)
claim(f"At every angle gradient descent takes {gd_steps[0]} steps and the heavy ball {hb_steps[0]}.",
      [len(set(gd_steps)) == 1, len(set(hb_steps)) == 1])
claim(f"Adagrad at the best of five rates takes {ada_best[0]} steps in the straight valley, {ada_best[1]} when it is "
      f"turned by 7.5 degrees, and {ada_best[middle]} at 45 degrees: slower than gradient descent.",
      [ada_best[0] < 30, ada_best[1] > 3 * ada_best[0], gd_steps[0] < ada_best[middle]])
reveal("06.turn", "c")

# %% [markdown]
# A rate for each coordinate is a *diagonal* remedy: it stretches the picture along the axes, and a slanted valley stays
# a slanted valley. (What stretches along any direction needs a full matrix, as Newton's method in lesson 10.) RMSProp
# is in the same boat. See for yourself. **Goal:** at $\kappa = 100$ and 45 degrees, find a rate with which RMSProp
# comes within 5% of the start's distance, for good, after at most 140 steps: a little sooner than gradient descent.

# %%
widgets.show(widgets.turning(rms, rotate))

# %% [markdown]
# So why are these methods in use everywhere? Because the coordinates of a real model *mean* something: a weight belongs
# to one feature or one word, and features differ in how large and how frequent they are. The axes are no accident.
#
# ## Real data: pixels that are rarely lit
#
# Handwritten digits of 8 × 8 pixels, and softmax regression: one weight for each pixel and each class. The pixels at
# the rim are lit in a few images only. Their weights seldom hear a gradient, and when they do, it may matter.

# %%
data = digits()
order = np.random.default_rng(6).permutation(len(data.y))
X, y = add_intercept(data.X / 16)[order], data.y[order]
parts = slice(0, 500), slice(500, 800), slice(800, 1400), slice(1400, None)
tuning, judging, training, testing = (Softmax(X[part], y[part], classes=10) for part in parts)

# %%
lit = (training.X[:, 1:] > 0).mean(axis=0).reshape(8, 8)
last = run(ada, SquaresState(np.zeros(training.dim)), training, 6, epochs=3, batch_size=32, lr=0.3, eps=1e-10)
own = effective_rate(last.states[-1].s, 0.3, 1e-10).reshape(65, 10)[1:]
own = np.where(lit.reshape(-1, 1) > 0, own, np.nan)  # a pixel that is never lit has no gradient and no use for a rate
typical = np.exp(np.log(own).mean(axis=1)).reshape(8, 8)

# %%
fig, axes = plt.subplots(1, 2)
for ax, picture, title in zip(axes, (lit, np.log10(typical)), ("share of images that light it", "effective rate (log 10)")):
    shown = ax.imshow(picture, cmap="cividis")
    ax.set(title=title, xticks=[], yticks=[])
    ax.grid(False)
    fig.colorbar(shown, ax=ax, shrink=0.8)
plots.show(fig, "Adagrad gives the pixels at the rim, which are rarely lit, the highest rates (white: never lit).",
           "Two pictures of 8 by 8 pixels. Left: bright in the middle, dark at the left and right rim. Right: the "
           "reverse, with holes where no image has any light.")
seen = lit > 0
ranks = [np.argsort(np.argsort(values[seen])) for values in (lit, typical)]
alike = np.corrcoef(*ranks)[0, 1]
gap = np.nanmax(typical) / np.nanmin(typical)
claim(f"Of the 64 pixels {seen.sum()} are lit at least once. The rarer a pixel, the higher its rate: the rank "
      f"correlation is {alike:.2f}, and the highest rate is {gap:.0f} times the lowest.", [alike < -0.6, gap > 10])

# %% [markdown]
# ### A fair race
#
# Four methods, the same cost: three passes over the training examples in batches of 32. Each method's rate is the best
# of five, found on *other* examples with the same budget, once for a constant rate and once for one that falls to zero.
# Then thirty runs with different shuffles, judged on examples that none has seen.

# %%
def learn(f, seed, step, State, lr, falling=False, batch_size=32, epochs=3, **knobs):
    """The weights after training from zero, at a constant rate or one that falls to zero in a straight line."""
    steps = epochs * -(-f.n // batch_size)
    rate = (lambda t: lr * (1 - t / steps)) if falling else lr
    return run(step, State(np.zeros(f.dim)), f, seed, epochs=epochs, batch_size=batch_size, lr=rate,
               every=10**6, **knobs).x[-1]


def tuned(way, grid, **knobs):
    """The rate of the grid with the lowest loss on examples it has not seen, mean of three shuffles."""
    scores = [np.mean([judging(learn(tuning, seed, *way, lr=lr, **knobs)) for seed in range(3)]) for lr in grid]
    return grid[int(np.argmin(scores))]


def spread(values):
    """A mean and the half width of its 95% interval."""
    return np.mean(values), 1.96 * np.std(values, ddof=1) / len(values) ** 0.5


# %%
entries = {
    "mini_batch": ((gradient_descent, PointState), {}, (0.3, 1.0, 3.0, 10.0, 30.0)),
    "momentum": ((momentum, VelocityState), {"beta": 0.9}, (0.03, 0.1, 0.3, 1.0, 3.0)),
    "adagrad": ((ada, SquaresState), {"eps": 1e-10}, (0.03, 0.1, 0.3, 1.0, 3.0)),
    "rmsprop": ((rms, SquaresState), {"rho": 0.9, "eps": 1e-8}, (0.01, 0.03, 0.1, 0.3, 1.0)),
}
best, loss = {}, {}
for name, (way, knobs, grid) in entries.items():
    for falling in (False, True):
        lr = best[name, falling] = tuned(way, grid, falling=falling, **knobs)
        loss[name, falling] = np.array([testing(learn(training, 100 + seed, *way, lr=lr, falling=falling, **knobs))
                                        for seed in range(30)])

# %%
fig, ax = plt.subplots()
for row, name in enumerate(entries):
    for falling, marker, white in ((False, "o", "white"), (True, "s", None)):
        middle, half = spread(loss[name, falling])
        ax.errorbar(middle, row + 0.12 - 0.24 * falling, xerr=half, fmt=marker, capsize=3, color=plots.COLORS[name],
                    mfc=white, label=f"{plots.label_of(name)}, {'falling' if falling else 'constant'} rate")
ax.set(xlabel="loss on unseen examples, mean of 30 shuffles with its 95% interval", yticks=range(4),
       yticklabels=[plots.label_of(name) for name in entries], ylim=(-0.5, 3.5))
plots.show(fig, "At a constant rate (rings) Adagrad and momentum lead; when the rate falls to zero (squares) RMSProp, "
           "which gains the most by it, takes the lead.", "Constant, falling: " + "; ".join(
               f"{plots.label_of(name)} {loss[name, False].mean():.2f}, {loss[name, True].mean():.2f}" for name in entries))

for falling, leader, others in ((False, "adagrad", ("momentum", "rmsprop", "mini_batch")),
                                (True, "rmsprop", ("momentum", "adagrad", "mini_batch"))):
    gaps = [spread(loss[other, falling] - loss[leader, falling]) for other in others]
    said = ", ".join(f"{plots.label_of(o)} by {gap:.3f} ± {half:.3f}" for o, (gap, half) in zip(others, gaps))
    tie = [gap < half for gap, half in gaps] == [not falling, False, False]
    claim(f"At a {'falling' if falling else 'constant'} rate {plots.label_of(leader)} is ahead of {said}"
          f"{'' if falling else ' (so momentum is level with it)'}.", [tie, *(gap > 0 for gap, _ in gaps)])
gain = {name: (loss[name, False] - loss[name, True]).mean() for name in entries}
claim(f"RMSProp gains {gain['rmsprop']:.3f} by the falling rate, more than any other.", max(gain, key=gain.get) == "rmsprop")

# %% [markdown]
# ## Does it work with the smallest batches?
#
# "RMSProp works even with the smallest batches", one reads. Let us feed one example at a time.

# %%
right = {}
for name, grid in {"mini_batch": (0.03, 0.1, 0.3, 1.0), "rmsprop": (0.003, 0.01, 0.03, 0.1)}.items():
    way, own = entries[name][0], {**entries[name][1], "batch_size": 1, "epochs": 1}
    own["lr"] = tuned(way, grid, **own)
    right[name] = spread([testing.accuracy(learn(training, 200 + seed, *way, **own)) for seed in range(30)])
claim("One pass, one example at a time, each at its own tuned rate, 30 shuffles: of the unseen digits SGD gets {:.1%} ± "
      "{:.1%} right, RMSProp {:.1%} ± {:.1%}. It works; so does SGD.".format(*right["mini_batch"], *right["rmsprop"]),
      [mean > 0.85 for mean, _ in right.values()])

# %% [markdown]
# On other data it is much the same (lesson 12, claim e). But it is no law. RMSProp divides by the size of what it has
# *recently* seen, so it hears the sign of a gradient better than its size. Here is a loss whose mean slope is positive:
# down is to the left. One example in a hundred says so with a slope of +200, ninety-nine say −1.

# %%
class Lopsided:
    """The mean of straight lines through 0, one an example."""

    def __init__(self, slopes):
        self.slopes, self.n = np.asarray(slopes, float), len(slopes)

    def __call__(self, x):
        return self.slopes.mean() * x[..., 0]

    def grad(self, x):
        return np.full(np.shape(x), self.slopes.mean())

    def sample(self, indices):
        return Lopsided(self.slopes[indices])


lines, still = Lopsided([200] + 99 * [-1]), np.zeros(1)
knobs = {"lr": 0.01, "rho": 0.9, "eps": 1e-8, "every": 10**6}
ends = [run(rms, SquaresState(still), lines, seed, epochs=10, batch_size=1, **knobs).x[-1, 0] for seed in range(30)]
whole = run(rms, SquaresState(still), lines, steps=1000, **knobs).x[-1, 0]
walk = run(gradient_descent, PointState(still), lines, epochs=10, batch_size=1, lr=0.01).x[-1, 0]
wrong, (middle, half) = int(np.sum(np.array(ends) > 0)), spread(ends)
claim(f"After 1000 steps with one example each RMSProp has gone *uphill* in {wrong} of 30 runs, to {middle:.2f} ± "
      f"{half:.2f}; with all hundred at a time it ends at {whole:.1f}, downhill. SGD with one example each ends at "
      f"{walk:.1f}: downhill too, since it weighs gradients by their size.", [wrong == 30, whole < 0, walk < 0])

# %% [markdown]
# The rare large gradient moves it by at most $\alpha/\sqrt{1-\rho}$, about three rates; then ninety-nine small ones,
# divided by an account that soon forgets, move it back and beyond. More memory, a smaller rate for the rare, or larger
# batches help. Lesson 07 meets the same weakness in Adam.
#
# ## Bug clinic
#
# "RMSProp is no better than gradient descent in my valley", says somebody, and shows this loop. It runs without a
# warning, the loss falls, and there is a bug. What is the symptom, what is the cause? Mend the cell: the next one tells
# you when you have.

# %%
def train(grad, x, lr, rho, steps):
    s = 0.0
    for _ in range(steps):
        g = grad(x)
        s = rho * s + (1 - rho) * np.dot(g, g)
        x = x - lr * g / (np.sqrt(s) + 1e-8)
    return x


# %%
found = train(valley.grad, start, 0.02, 0.9, steps=60)
sought = run(rmsprop, SquaresState(start), valley, steps=60, lr=0.02, rho=0.9).x[-1]
print("mended" if np.allclose(found, sought) else "still ill",
      f"- distance after 60 steps: {np.linalg.norm(found):.3f}, should be {np.linalg.norm(sought):.3f}")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# `np.dot(g, g)` adds up the squares of *all* coordinates: one number, one account, one rate for everybody. The steep
# coordinate fills the account, and the gentle one pays. That is gradient descent with its gradient brought to a fixed
# length, a useful method under another name (lesson 10), but no RMSProp. The sign to look for is the *shape* of `s`: it
# must be that of `x`. Written `g**2`, it is.
#
# </details>

# %%
quiz("06")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("06")

# %% [markdown]
# ## Summary
#
# - Dividing each coordinate's gradient by the root of its accumulated squares gives each a rate of its own: how steep a
#   coordinate is cancels out.
# - Adagrad adds the squares up. Its steps fall like $1/\sqrt t$, and what it has spent it never gets back.
# - RMSProp averages and forgets. Its steps stay about $\alpha$ long, so at a constant rate it does not come to rest.
# - $\epsilon$ bounds the effective rate by $\alpha/\epsilon$; made large, it turns the method into gradient descent.
# - The remedy is diagonal: turn the valley off the axes, and the advantage is gone. Gradient descent and momentum do not
#   notice a turn.
# - With the smallest batches it works on our data, and there are losses on which it walks uphill.
#
# **For the cheat sheet:** *RMSProp — `s = rho*s + (1-rho)*g**2; x = x - lr*g/(sqrt(s)+eps)` — features of unequal size or
# frequency; start with lr = 0.01, rho = 0.9, and let the rate fall at the end.*
#
# **References:** J. Duchi, E. Hazan and Y. Singer, *Adaptive subgradient methods for online learning and stochastic
# optimization*, 2011 · T. Tieleman and G. Hinton, *Lecture 6.5: rmsprop*, Coursera, 2012 · S. Reddi, S. Kale and
# S. Kumar, *On the convergence of Adam and beyond*, 2018 (the lopsided example is of their kind) · A. Wilson, R. Roelofs,
# M. Stern, N. Srebro and B. Recht, *The marginal value of adaptive gradient methods in machine learning*, 2017.
# **Next:** lesson 07 puts momentum and RMSProp together.
