# %% [markdown]
# # 10 · Second order and stability
#
# | | |
# |:--|:--|
# | **You will be able to** | derive and build Newton's step · say where it goes astray and mend it · learn curvature from gradients (BFGS) · clip gradients the right way · read a loss curve and say what to change |
# | **Time** | 230 minutes in two halves, *Newton and friends* and *keeping training stable*; about 100 of them for the exercises |
# | **You need** | lesson 02 (gradient, curvature), linear systems and eigenvalues, NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LogisticRegression

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, VelocityState, gradient_descent, momentum, newton
from course_lib.problems import (
    Himmelblau, Logistic, OneHidden, Rosenbrock, Wells, add_intercept, breast_cancer, digits, leaky_sum
)  # fmt: skip
from course_lib.run import first, run
from course_lib.second_order import BFGSState, safe_newton
from course_lib.stability import clip_by_norm, clipped_descent

# %% [markdown]
# ## A valley that bends
#
# You have met Rosenbrock's function (lessons 02 and 08): its valley bends. The gradient points at the wall across,
# hardly ever along the floor, so gradient descent at a safe rate creeps. We start at $(-1.2, 1)$, as Rosenbrock did in
# 1960, and stop when the slope is below $10^{-4}$.

# %%
f, start = Rosenbrock(), np.array([-1.2, 1.0])
creep = run(gradient_descent, PointState(start), f, steps=21_000, lr=1e-3)
late = first(np.linalg.norm(f.grad(creep.x), axis=-1) < 1e-4)
claim(f"Gradient descent with the rate 0.001 needs **{late} steps** until the slope is below 1e-4.", late == 20548)
wild = run(gradient_descent, PointState(start), f, steps=100, lr=1e-2)
rolled = first(np.linalg.norm(f.grad(run(momentum, VelocityState(start), f, steps=3000, lr=1e-3, beta=0.9).x), axis=-1) < 1e-4)
claim(f"Momentum at the same rate (and beta = 0.9) needs {rolled}. With the rate 0.01 the loss of gradient descent is not even "
      "finite after 100 steps.", [late / 20 < rolled < late / 5, not np.isfinite(wild.loss[-1])])

# %% [markdown]
# Momentum is some ten times quicker, and still feels its way: no method so far *knows* how the ground bends. In this
# lesson we ask for that: for the second derivatives.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("10.steps", "Same function, same start: how many steps does Newton's method need, which sees the curvature?")
predict("10.astray", "Himmelblau's function has four minima, four saddles and a hilltop. Newton starts at 2000 random "
        "points. How many of them end at a minimum?", ("all", "about 9 in 10", "a little more than half", "hardly any"))
predict("10.clip", "A training run blows up; its rate is three times too large for the ground near the minimum. You "
        "clip the gradients. What happens?",
        ("it converges", "it stays finite but does not converge", "it blows up all the same, only later"))

# %% [markdown]
# ## Newton's step
#
# Put a parabola on the function that has the same height, slope and curvature at the point where we are. It is a good
# picture of the ground nearby, and the point where it is level can be computed. So go there, and repeat.

# %%
line, x = Wells(1), np.linspace(-0.5, 4, 200)
fig, ax = plt.subplots()
ax.plot(x, line(x[:, None]), color="#5b6770", label="the function")
landings = []
for here, style in ((2.0, "--"), (1.1, ":")):
    height, slant, bend = (part(np.array([here])).item() for part in (line, line.grad, line.hess))
    parabola = height + slant * (x - here) + bend / 2 * (x - here) ** 2
    landings.append(here - slant / bend)
    ax.plot(x, np.where(np.abs(parabola) < 3, parabola, np.nan), style, color=plots.COLORS["newton"],
            label=f"the parabola at {here}")
    ax.plot(here, height, "o", mfc="white", mec=plots.COLORS["newton"], ms=8)
    ax.plot(landings[-1], height - slant**2 / bend / 2, "o", color=plots.COLORS["newton"], ms=8)
ax.set(xlabel="x", ylabel="height f", ylim=(-3.2, 3.2))
ax.legend(loc="lower left")
plots.show(fig, "From 2.0 the parabola leads to the bottom of the well. From 1.1 it is upside down, and leads to the top.")
claim(f"From 2.0 one step leads to {landings[0]:.2f}, near the bottom at {line.card.minima[0, 0]:.2f}; from 1.1 it climbs to "
      f"{landings[1]:.2f}.", [abs(landings[0] - 2.43) < 0.15, landings[1] < 1.1])

# %% [markdown]
# In one dimension the parabola is level at $x - f'(x)/f''(x)$: slope over curvature. In many dimensions the slope is
# the gradient $g$, the curvature the Hessian $H$, and the division becomes a system of linear equations: the step $p$
# solves $H p = g$, and we subtract it. No rate appears: the curvature says how far to go. (One *solves*; to invert $H$
# costs more and is less exact.) In the listing stands a $\lambda I$ that is 0 for now.

# %%
plots.formula_beside_code(newton)

# %%
newton_path = your_turn("newton.path")

# %%
quick = newton_path(f.grad, f.hess, start, 10)
ax = plots.landscape(f, low=(-1.6, -3.6), high=(1.6, 1.8))
plots.path(creep.x[:late:100], "gradient_descent", ax)
plots.path(quick, "newton", ax)
ax.legend(loc="lower left")
plots.show(ax, "Newton steps down into the valley, leaps across the bend, and is there. One dot of gradient descent "
           "stands for a hundred steps.")

away = np.linalg.norm(quick - 1, axis=1)
needed = first(np.linalg.norm(f.grad(quick), axis=1) < 1e-4)
claim(f"Newton needs **{needed} steps** for what took gradient descent {late}.", [needed <= 6, late / needed > 3000])
claim(f"Distances after steps 4, 5 and 6: {away[4]:.1e}, {away[5]:.1e}, {away[6]:.1e}. The number of right digits "
      "about doubles with every step.", [away[5] < away[4] ** 2, away[6] < away[5] ** 2])
claim(f"On the way there the loss *rises* once, from {f(quick[1]):.1f} to {f(quick[2]):.0f}.", f(quick[2]) > 100 * f(quick[1]))
reveal("10.steps", needed)

# %% [markdown]
# ## Where Newton goes astray
#
# "Level" may mean a valley, a saddle or a hilltop: where the slope is 0, Newton is content. To see how often that
# happens, we let it start from 2000 random places of Himmelblau's function, and look at the signs of the curvatures
# where it ends.

# %%
hills = Himmelblau()
places = np.random.default_rng(10).uniform(-5, 5, (2000, 2))


def ends(step, **knobs):
    """The shares of starts that end at a minimum, at a saddle, on the hilltop."""
    last = run(step, PointState(places), hills, steps=100, every=100, **knobs).x[-1]
    return np.bincount((np.linalg.eigvalsh(hills.hess(last)) < 0).sum(axis=1), minlength=3) / len(places)


bare, damped, safe = ends(newton), ends(newton, damping=50.0), ends(safe_newton)
margin = 1.96 * np.sqrt(bare[0] * (1 - bare[0]) / len(places))
claim(f"Newton ends at a minimum from {bare[0]:.0%} of the starts (± {margin:.0%}), at a saddle from "
      f"{bare[1]:.0%}, on the hilltop from {bare[2]:.0%}.", [0.5 < bare[0] < 0.65, bare[1] > 0.25, bare[2] > 0.03])
claim("With a damping of 50, all of them end at a minimum.", damped[0] == 1)
reveal("10.astray", "c")

# %% [markdown]
# *Damping* solves $(H + \lambda I)\,p = g$. It adds $\lambda$ to every eigenvalue: with a large $\lambda$ all are
# positive, and the step becomes a short one along the gradient. The price is paid near the minimum, where the pure step
# would be so quick. Drag the start, move the damping. **Goal:** find a start from which the pure step ($\lambda = 0$)
# ends on a saddle or the hilltop, and a $\lambda$ with which it reaches a minimum in at most 15 steps.

# %%
def own_newton(state, f, rng, damping=0.0):
    return PointState(newton_path(f.grad, lambda x: f.hess(x) + damping * np.eye(2), state.x, 1)[-1])


widgets.show(widgets.newton_basins(own_newton))

# %% [markdown]
# ## Always downhill
#
# Damping shortens all directions to mend one. It is more exact to mend the bad ones alone: take the Hessian apart into
# its eigenvalues, raise those below a small $\tau > 0$ to $\tau$, and put it together again. Then all curvatures are
# positive, and the direction $d = -H^{-1} g$ has the slope $g \cdot d = -g^\top H^{-1} g < 0$: downhill, always.
#
# ## A step that is sure to fall
#
# A downhill direction $d$ is not yet a step that falls: it may be too long, as on Rosenbrock above. *Backtracking*
# tries the full step $x + t\,d$ with $t = 1$, and shortens $t$ until $f$ falls enough: by the share $c$ of what the
# slope promises for this length, which makes the bound $f(x) + c\,t\,(g \cdot d)$. (The product $g \cdot d$ is
# negative.)

# %%
make_pd = your_turn("newton.make_pd")
backtracking = your_turn("newton.backtracking")

# %%
def careful(state, f, rng):
    """Newton with both remedies."""
    (x,) = state
    g = f.grad(x)
    d = -np.linalg.solve(make_pd(f.hess(x), 1e-3), g)
    return PointState(x + backtracking(f, g, x, d) * d)


walk = run(careful, PointState(start), f, steps=30)
claim("With both remedies the loss falls in every step until it is below 1e-20.",
      np.all(np.diff(walk.loss[walk.loss > 1e-20]) < 0))
claim("And from all 2000 places of Himmelblau's function the same method ends at a minimum.", safe[0] == 1)
sure = first(walk.loss < 1e-10)
claim(f"Safety has a price: {sure} steps on Rosenbrock, where the bold leap across the bend needed "
      f"{first(f(quick) < 1e-10)}.", 15 < sure < 30)

# %% [markdown]
# ## Curvature from gradients alone
#
# A Hessian has $d^2$ entries and costs about as much as $d$ gradients; on the ledger of this course it is booked so.
# But we see curvature for free: a step $s$ changed the gradient by $y$, so the Hessian must map $s$ to about $y$. *BFGS*
# keeps an estimate $B$ of the Hessian and corrects it after every step, as little as it can:
#
# $$B \leftarrow B - \frac{(Bs)(Bs)^\top}{s^\top B s} + \frac{y y^\top}{y^\top s}$$

# %%
bfgs_update = your_turn("newton.bfgs_update")

# %%
def quasi_newton(state, f, rng):
    x, B, g = state
    d = -np.linalg.solve(B, g)
    new = x + backtracking(f, g, x, d) * d
    slope = f.grad(new)
    return BFGSState(new, bfgs_update(B, new - x, slope - g), slope)


learned = run(quasi_newton, BFGSState(start, np.eye(2), f.grad(start)), f, steps=40)
error = np.abs(np.linalg.eigvalsh(learned.states[-1].B) / np.linalg.eigvalsh(f.hess(np.ones(2))) - 1).max()
claim(f"BFGS arrives after {first(learned.loss < 1e-10)} steps and never asked for a Hessian; the curvatures it learned are "
      "right to a thousandth.", [first(learned.loss < 1e-10) < 40, error < 1e-3])

# %%
bold = run(newton, PointState(start), f, steps=6)
fig, ax = plt.subplots()
plots.curve(creep.loss[:151], "gradient_descent", ax, cost=creep.cost[:151])
plots.curve(np.maximum(learned.loss, 1e-16), "bfgs", ax, cost=learned.cost)
plots.curve(np.maximum(bold.loss, 1e-16), "newton", ax, cost=bold.cost)
ax.legend()
plots.show(ax, "At equal cost, too, curvature pays in a bent valley: gradient descent is still at its start.")

prices = [trace.cost[first(trace.loss < 1e-10)] for trace in (bold, walk, learned)]
claim(f"To a loss of 1e-10 pure Newton pays {prices[0]:.0f}, safe Newton {prices[1]:.0f}, BFGS {prices[2]:.0f} values "
      "and gradients, with two gradients for each Hessian.", [prices[0] < 20, prices[1] < 200, prices[2] < 200])

# %% [markdown]
# ## Real data: logistic regression in a handful of steps
#
# The breast cancer data: 569 tumors, 30 measurements of cell nuclei each, benign or malignant. The loss is convex, so
# there is no saddle to fear, and with 31 weights a system of equations is solved in no time. Newton's method has
# another name here, *iteratively reweighted least squares*. Gradient and Hessian come by the chain rule: an example's
# loss has the slope $p - y$ in the argument $w \cdot x$, and $p$ itself the slope $p(1-p)$; the penalty adds its own.

# %%
data, lam = breast_cancer(), 0.01
X = (data.X - data.X.mean(axis=0)) / data.X.std(axis=0)
logistic_newton = your_turn("newton.logistic")
w = logistic_newton(X, data.y, lam, 9)
theirs = LogisticRegression(C=1 / (lam * len(X)), tol=1e-10, max_iter=10_000).fit(X, data.y)
gap = np.abs(w - np.append(theirs.intercept_, theirs.coef_)).max()
claim("After 9 steps our weights agree with scikit-learn's to five decimals.", gap < 5e-6)

# %%
tumors, zero = Logistic(add_intercept(X), data.y, l2=lam), np.zeros(31)
lowest = tumors(w)
steep = np.linalg.eigvalsh(tumors.hess(zero))[-1]
entries = {
    "gradient_descent": run(gradient_descent, PointState(zero), tumors, steps=1800, lr=1 / steep),
    "bfgs": run(quasi_newton, BFGSState(zero, np.eye(31), tumors.grad(zero)), tumors, steps=60),
    "newton": run(newton, PointState(zero), tumors, steps=8),
}
ax = plots.compare(entries, floor=lowest)
ax.set(xscale="log", xlim=(1, None), ylim=(1e-10, 1))
plots.show(ax, "At equal cost: Newton's first step is late, then it falls like a stone; BFGS needs no Hessian and is there first.")

steps = {name: first(trace.loss - lowest < 1e-8) for name, trace in entries.items()}
cost = {name: entries[name].cost[n] for name, n in steps.items()}
claim(f"To a hundred-millionth above the minimum Newton takes {steps['newton']} steps, BFGS {steps['bfgs']}, gradient descent "
      f"{steps['gradient_descent']}.", [steps["newton"] <= 8, steps["gradient_descent"] > 1000])
claim(f"In values and gradients that is {cost['newton']:.0f}, {cost['bfgs']:.0f} and {cost['gradient_descent']:.0f}: a step of "
      "Newton's costs 32 gradients here.", [cost["bfgs"] < cost["newton"] < cost["gradient_descent"] / 5])

# %% [markdown]
# So few steps are not so little work: seconds and gradients are what one pays, not steps. Newton is at home with tens
# or hundreds of weights; with a million of them nobody even stores a Hessian. This ends the first half. The second asks
# how to keep *any* method from blowing up.
#
# ## When training blows up
#
# A recurrent network applies the same weights again and again. The smallest one has two: $h_t = a\,h_{t-1} + b\,u_t$.
# After 30 steps of time the first input has been multiplied with $a^{29}$. For $a = 0.9$ that is 0.05; for $a = 1.2$ it
# is 198, and the gradient has another factor 29. We fit $a$ and $b$ to 24 sequences that were made with $a = 0.9$ and
# $b = 0.5$.

# %%
echo = leaky_sum(np.random.default_rng(10), n=24)
keep = np.linspace(0.5, 1.3, 161)
lengths = np.linalg.norm(echo.grad(np.stack([keep, np.full(161, 0.5)], axis=-1)), axis=-1)
fig, ax = plt.subplots()
ax.semilogy(keep, np.maximum(lengths, 1e-1), color="#5b6770", label="length of the gradient")
ax.set(xlabel="a: what is kept each step", ylabel="length of the gradient")
plots.show(fig, "Left of 1 the gradient is gentle (and 0 at the minimum, 0.9); right of 1 it explodes.")
growth = lengths[[120, 140, 160]] / lengths[[100, 120, 140]]
claim(f"From a = 1.0 on, each tenth makes the gradient {growth.min():.0f} to {growth.max():.0f} times longer.", growth > 50)

cliff = np.array([1.25, 0.6])
burst = run(gradient_descent, PointState(cliff), echo, steps=50, lr=0.005)
claim(f"At a = 1.25 the gradient is {np.linalg.norm(echo.grad(cliff)):.0e} long, and descent from there is lost after "
      f"{first(~np.isfinite(burst.loss))} steps.", [np.linalg.norm(echo.grad(cliff)) > 1e6, not np.isfinite(burst.loss[-1])])
flat, sharp = np.linalg.eigvalsh([(echo.grad(np.array([0.9, 0.5]) + e) - echo.grad(np.array([0.9, 0.5]) - e)) / 2e-5
                                  for e in 1e-5 * np.eye(2)])  # fmt: skip
claim(f"Near the minimum all is well: the largest curvature is {sharp:.0f}, so rates up to 2/L = {2 / sharp:.4f} are fine.",
      0.009 < 2 / sharp < 0.011)

# %% [markdown]
# ## Clipping
#
# The direction of such a gradient is fine; its length is not. So keep the direction and limit the length. There are two
# ways: clip every *entry*, or scale the whole gradient, all arrays of a model by *one* factor.

# %%
clip_by_value = your_turn("stable.clip_by_value")
clip_by_global_norm = your_turn("stable.clip_by_global_norm")

# %%
g = np.array([4.0, 1.0])
fig, ax = plt.subplots(figsize=(5.2, 2.6))
for v, name, color, line in ((g, "the gradient", "#8a8f98", ":"), (clip_by_value(g, 1.5), "clipped by value", "#a8327a", "--"),
                             (clip_by_global_norm([g], 1.5)[0], "clipped by norm", plots.COLORS["gradient_descent"], "-")):  # fmt: skip
    ax.plot([0, v[0]], [0, v[1]], line, color=color, lw=2.5, marker="o", markevery=[1], label=name)
ax.set(xlabel="first entry", ylabel="second entry", xlim=(-0.1, 4.6), ylim=(-0.1, 1.7))
ax.legend(loc="upper left", ncols=3, fontsize=8)
plots.show(fig, "By norm the direction stays. By value it turns: the long entry is cut, the short one is not.")

angles = [np.degrees(np.arctan2(v[1], v[0])) for v in (g, clip_by_value(g, 1.5), clip_by_global_norm([g], 1.5)[0])]
claim(f"The gradient points {angles[0]:.0f} degrees upward; clipped by norm {angles[2]:.0f}, clipped by value {angles[1]:.0f}.",
      [np.isclose(angles[0], angles[2]), angles[1] > angles[0] + 15])

# %% [markdown]
# Further still goes *normalizing*: every gradient gets length 1, short ones too. Then no step is ever shorter than the
# rate, so the rate must fall for the run to settle.
#
# Here is the cliff. **Goal:** from its top, with a loss above 10,000, get below 0.001 in at most 80 steps. Try it
# without clipping first.

# %%
def own_clipping(state, f, rng, lr, most):
    return PointState(state.x - lr * clip_by_global_norm([f.grad(state.x)], most)[0])


widgets.show(widgets.cliff(own_clipping))

# %% [markdown]
# ### "Gradient clipping cures instability"
#
# So popular articles say (lesson 12, claim k). We put it to the test: 60 random starts on the cliff, 300 steps each,
# with four pairs of rate and threshold. A run has *converged* below a loss of 0.001 and has *blown up* if its loss is
# not below the first.

# %%
rng = np.random.default_rng(3)
tops = np.stack([rng.uniform(1.0, 1.3, 60), rng.uniform(0.2, 1.0, 60)], axis=-1)


def interval(hits, n=60, z=1.96):
    """The share of hits in percent with its 95% interval (Wilson, 1927), as text."""
    p, half = (hits + z**2 / 2) / (n + z**2), z * np.sqrt(hits * (n - hits) / n + z**2 / 4) / (n + z**2)
    return f"{hits / n:.0%} ({max(p - half, 0):.0%} to {min(p + half, 1):.0%})"


pairs = {"no clipping": (0.005, np.inf), "clip at 3": (0.005, 3.0), "clip at 1000": (0.005, 1000.0),
         "clip at 0.01": (0.005, 0.01), "clip at 3, rate 0.03": (0.03, 3.0)}  # fmt: skip
runs = {name: run(clipped_descent, PointState(tops), echo, steps=300, every=300, lr=lr, most=most).loss
        for name, (lr, most) in pairs.items()}  # fmt: skip
good = {name: int((loss[-1] < 1e-3).sum()) for name, loss in runs.items()}
blown = {name: int((~(loss[-1] < loss[0])).sum()) for name, loss in runs.items()}
claim(f"Without clipping {interval(blown['no clipping'])} of the runs blow up.", blown["no clipping"] > 50)
claim("With clipping none does, whatever the threshold and the rate: upper end of the interval 6%.",
      [blown[name] == 0 for name in pairs if name != "no clipping"])
claim(f"With a rate below 2/L and a threshold that suits, {interval(good['clip at 3'])} converge.", good["clip at 3"] >= 58)
claim(f"With the threshold 1000 {interval(good['clip at 1000'])} do, with 0.01 {interval(good['clip at 0.01'])}, and with a rate "
      f"of three times 2/L {interval(good['clip at 3, rate 0.03'])}.",
      [good["clip at 1000"] < 30, good["clip at 0.01"] == 0, good["clip at 3, rate 0.03"] == 0])
reveal("10.clip", "b")

# %% [markdown]
# Verdict: *conditional*. Clipping prevents the blow-up; convergence still needs a suitable rate and threshold. A common
# way to choose the threshold: log the lengths for a while, and clip somewhat above the usual ones.
#
# ## Rates that fall
#
# And the rate? A *range test* finds its size in one short run: let the rate rise from step to step until the loss blows
# up, and take a tenth of the best. Later a *staircase* lowers it, so that the run can settle.

# %%
step_decay = your_turn("stable.step_decay")
lr_range_test = your_turn("stable.lr_range_test")

# %%
pixels, order = digits(), np.random.default_rng(0).permutation(1797)
train, held = order[:300], order[300:700]
net = OneHidden(pixels.X[train] / 16, pixels.y[train], hidden=16)
begin = net.init(np.random.default_rng(1))
rates, losses, suggested = lr_range_test(net, net.grad, begin, 1e-3, 100.0, 50)
fig, ax = plt.subplots()
ax.loglog(rates, losses, color="#5b6770", marker=".", label="loss after the step")
ax.axvline(suggested, color=plots.COLORS["gradient_descent"], ls="--")
ax.text(suggested * 0.85, 5, "suggested", ha="right", color=plots.COLORS["gradient_descent"])
ax.set(xlabel="learning rate of the step", ylabel="loss")
plots.show(fig, "The loss falls faster and faster, then it blows up: the suggestion stands well before that.")

settled = run(clipped_descent, PointState(tops), echo, steps=300, every=300, lr=lambda t: step_decay(t, 0.03, 0.3, 80), most=3.0)
claim(f"The network's test suggests the rate {suggested:.2f}.", 0.2 < suggested < 0.4)
claim("On the cliff, the rate 0.03 that never converged converges from "
      f"{interval(int((settled.loss[-1] < 1e-3).sum()))} of the starts when it falls to 0.3 of itself every 80 steps.",
      (settled.loss[-1] < 1e-3).sum() > 50)

# %% [markdown]
# ## The doctor
#
# A loss curve is the first thing one looks at. Five words cover most of them, and the first that fits holds:
# *diverged*, it ends above its first loss; *oscillating*, it still jumps up and down in its last quarter, by more than
# 5% of the first loss; *ok*, at most half of the first loss is left; *too small* (a rate), the second half of the steps
# still brings at least half of what the first brought; *plateau*, it does not.
#
# By eye first. Eight runs of one network, each with a fault or with none: look closely at each, and give it a word. How
# you did is told when all eight have one. **Goal:** name all eight runs of a ward, at least six of them right.
#
# Then write the rules as code, so that a script can watch a hundred runs. The other guard looks at held-out data, and
# says when to stop.

# %%
widgets.show(widgets.loss_doctor())

# %%
diagnose = your_turn("stable.diagnose")
early_stop = your_turn("stable.early_stop")

# %%
patients = {"rate 0.03": (begin, 0.03), "rate 0.5": (begin, 0.5), "rate 8": (begin, 8.0), "all weights 0": (0 * begin, 0.5)}
charts = {name: run(gradient_descent, PointState(w), net, steps=40, lr=lr).loss for name, (w, lr) in patients.items()}
charts["recurrence"] = run(clipped_descent, PointState(tops[0]), echo, steps=280, lr=0.03, most=3.0).loss[200:]
words = {name: diagnose(loss)[1] for name, loss in charts.items()}
fig, axes = plt.subplots(1, 5, figsize=(10.5, 2.3))
for ax, (name, loss) in zip(axes, charts.items()):
    ax.plot(loss, color="#5b6770", label=name)
    ax.set_title(f"{words[name]}\n({name})", fontsize=9)
    ax.set(xlabel="steps", ylim=(0, 1.1 * loss.max()))
plots.show(fig, "Four runs of one network, and the end of one of the recurrence: each curve has its own illness, or none.")
claim("The doctor finds: " + ", ".join(f"{name}: *{word}*" for name, word in words.items()) + ".",
      list(words.values()) == ["too small", "ok", "diverged", "plateau", "oscillating"])

# %%
noisy = np.append(np.random.default_rng(2).integers(0, 10, 60), pixels.y[train][60:])
learner = OneHidden(pixels.X[train] / 16, noisy, hidden=16)
judge = OneHidden(pixels.X[held] / 16, pixels.y[held], hidden=16, classes=10)
long = run(gradient_descent, PointState(learner.init(np.random.default_rng(1))), learner, steps=400, every=10, lr=0.5)
_, at, stop = early_stop(judge(long.x), patience=4)
claim(f"With a fifth of the labels random, patience of four stops after step {10 * stop} and goes back to step {10 * at}. There "
      f"{judge.accuracy(long.x[at]):.0%} of the held-out digits are right, at the end of the long run {judge.accuracy(long.x[-1]):.0%}.",
      [stop < 50, judge.accuracy(long.x[at]) > judge.accuracy(long.x[-1]) + 0.02])

# %% [markdown]
# ## Bug clinic
#
# Someone added clipping to a training loop, and it still blows up. What is the symptom, what is the cause? Mend the
# cell: its last line tells you when you have.

# %%
def train_clipped(f, w, lr, most, steps):
    for _ in range(steps):
        g = f.grad(w)
        w = w - lr * g
        g = clip_by_norm(g, most)
    return w


with np.errstate(all="ignore"):
    found = echo(train_clipped(echo, cliff, 0.005, 3.0, 300))
print("mended" if found < 1e-3 else "still ill", "- the loss after 300 steps should be below 0.001")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# The gradient is clipped *after* the step, when nobody uses it anymore. The order is: ask for the gradient, clip it,
# step. In PyTorch: `loss.backward()`, then `clip_grad_norm_(...)`, then `optimizer.step()`. With the lines the other
# way round nothing complains, and nothing is clipped.
#
# </details>

# %%
quiz("10")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("10")

# %% [markdown]
# ## Summary
#
# - Newton's step solves $H p = g$ and goes to $x - p$. On a bowl one step arrives; near a minimum the right digits double.
# - It goes to *any* level point: saddles and hilltops too. Raising the small eigenvalues makes it go downhill, and
#   backtracking makes it fall.
# - A Hessian costs $d$ gradients. BFGS learns the curvature from the gradients it has anyway.
# - Clipping by global norm limits the step and keeps its direction. It prevents the blow-up; the rate must suit all the same.
# - A rate is found by a range test, lowered by a schedule, and judged by the curve: ok, too small, oscillating, diverged,
#   plateau.
#
# **For the cheat sheet:** *Newton — `x = x - solve(H, g)` — few weights, smooth, convex; add a line search; else BFGS.
# Clipping — `g * min(1, c / norm(g))` — recurrent networks and spikes; before the step.*
#
# **References:** L. Armijo, *Minimization of functions having Lipschitz continuous first partial derivatives*, 1966 ·
# J. Nocedal and S. Wright, *Numerical optimization*, 2006 · Y. Dauphin et al., *Identifying and attacking the saddle point
# problem*, 2014 · Y. Bengio, P. Simard and P. Frasconi, *Learning long-term dependencies with gradient descent is
# difficult*, 1994 · R. Pascanu, T. Mikolov and Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013 ·
# L. Smith, *Cyclical learning rates for training neural networks*, 2017. **Next:** lesson 11 puts methods together.
