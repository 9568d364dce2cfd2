# %% [markdown]
# # 05 · Momentum and Nesterov
#
# | | |
# |:--|:--|
# | **You will be able to** | build the heavy ball and Nesterov's momentum · read the plane of rate and momentum · compute the best pair for a bowl · convert between the three spellings in use · say when momentum hurts |
# | **Time** | 120 minutes, of which about 50 for the exercises |
# | **You need** | lesson 02 (gradient descent, curvature, condition number), NumPy |
#
# Read, predict, look, then build: where it says *your turn*, open the worksheet beside this notebook, write the
# function, save, and run the cell here again. What follows is then drawn with your own function.

# %%
import matplotlib.pyplot as plt
import numpy as np

from course_lib import plots, widgets
from course_lib.learner import claim, predict, quiz, reconcile, reveal, your_turn
from course_lib.optimizers import PointState, VelocityState, from_update, gradient_descent, momentum, nesterov
from course_lib.problems import LeastSquares, add_intercept, bowl, diabetes
from course_lib.run import first, run

# %% [markdown]
# ## A valley that gradient descent handles badly
#
# Lesson 02 met a *valley*: steep across, nearly flat along. The rate has to be small enough for the steep
# direction, and then the flat direction crawls. With curvatures from $\mu$ to $L$ the best that gradient descent can
# do is the rate $2/(L+\mu)$. Here $\mu = 1$ and $L = 100$, so the condition number is $\kappa = L/\mu = 100$.

# %%
f, start = bowl(condition=100), np.array([1.0, 1.0])
L, mu = 100.0, 1.0
descent = run(gradient_descent, PointState(start), f, steps=1000, lr=2 / (L + mu))
share = descent.distance() / descent.distance()[0]

# %%
fig, (left, right) = plt.subplots(1, 2, width_ratios=(1, 1.3))
plots.landscape(f, left, low=(-0.3, -1.2), high=(1.2, 1.2))
plots.path(descent.x[:60], "gradient_descent", left)
plots.curve(share, "gradient_descent", right).set(ylabel="share of the distance")
right.axhline(1e-6, color="#8a8f98", lw=1)
right.text(0, 1.3e-6, "a millionth", color="#5b6770")
plots.show(fig, "Sixty steps from wall to wall get less than three quarters of the way along the valley.",
           "Left: a zigzag path in a narrow valley. Right: the distance falls slowly on a log scale.")

arrival = first(share <= 1e-6)
claim(f"Gradient descent at its best rate needs **{arrival} steps** to shrink the distance to a millionth.",
      arrival == 691)
claim(f"After 60 steps {share[60]:.0%} of the distance is still there.", 0.25 < share[60] < 0.32)

# %% [markdown]
# The walls pull it back and forth, while the gentle slope along the valley says the same thing at every step and is
# hardly heard. A method with a *memory* would hear it: what keeps changing sign cancels out, what stays adds up.
#
# ### Predict
#
# Write down what you expect before you go on. Nobody grades it; the differences are where the learning is.

# %%
predict("05.steps", "Same valley, same start: after how many steps does momentum at its best reach a millionth?")
predict("05.high", "A round bowl (condition number 2). Momentum keeps 99% of its velocity, at the best rate of "
        "gradient descent. What happens?",
        ("it is faster than gradient descent", "about the same", "slower, but it arrives", "it never arrives"))
predict("05.spelling", "PyTorch multiplies the velocity by the rate when x moves; we put the rate inside the velocity. "
        "When do the two paths differ?",
        ("never", "when the rate changes during the run", "always, by the factor 1 - beta", "only for beta > 0.9"))

# %% [markdown]
# ## An average that forgets
#
# The simplest memory is one number. Let $m$ start at 0, and let every new datum $x$ pull it a little:
#
# $$m \leftarrow \beta m + (1 - \beta)\, x$$
#
# This is the *exponential moving average*. A datum that arrived $k$ steps ago still counts with weight
# $(1-\beta)\beta^k$: recent ones count most, and none is ever quite forgotten. With $\beta = 0.9$ about the last ten
# matter, in general about the last $1/(1-\beta)$.
#
# There is one snag. Since $m$ starts at 0, the first averages are too small: after $t$ data the weights add up to
# $1-\beta^t$, not to 1. Dividing by that sum, the *bias correction*, mends it. You will meet it again in Adam.

# %%
ema = your_turn("momentum.ema")

# %%
rng = np.random.default_rng(5)
series = 1.0 + rng.normal(0, 0.5, 80)
fig, ax = plt.subplots()
ax.plot(series, ".", color="#8a8f98", label="data: 1 + noise")
ax.plot(ema(series, 0.9), "--", color="#d55e00", label="average, beta = 0.9")
ax.plot(ema(series, 0.9, True), color="#d55e00", label="the same, corrected")
ax.set(xlabel="datum", ylabel="value", ylim=(0, 2.9))
ax.legend(ncols=3, loc="upper center")
plots.show(fig, "Without the correction the average starts near 0 and needs some twenty data to recover.")

noise = rng.normal(0, 1, 20_000)
ratio = np.var(ema(noise, 0.9)[1000:]) / np.var(noise)
claim(f"With beta = 0.9 the variance of the noise falls to {ratio:.3f} of what it was; theory says "
      f"(1 - beta)/(1 + beta) = {0.1 / 1.9:.3f}.", abs(ratio - 0.1 / 1.9) < 0.01)
plain, corrected = ema(series, 0.9), ema(series, 0.9, True)
claim("The first plain average is a tenth of the first corrected one, the thirtieth "
      f"{plain[29] / corrected[29]:.0%} of it.", [np.isclose(plain[0] / corrected[0], 0.1), plain[29] / corrected[29] > 0.95])

# %% [markdown]
# ## The heavy ball
#
# Now let the memory be a *velocity*. Think of a heavy ball that rolls on the surface (Polyak, 1964). Each step it
# keeps the share $\beta$ of its velocity, the rest is lost to friction, and the slope pulls it downhill.
#
# Look first: the same valley, a rate that is safe for both, and the paths of gradient descent and of the ball.

# %%
mild, where = bowl(condition=25), np.array([1.0, 0.6])
slow = run(gradient_descent, PointState(where), mild, steps=25, lr=0.03)
ball = run(momentum, VelocityState(where), mild, steps=25, lr=0.03, beta=0.7)
fig, axes = plt.subplots(1, 2, sharey=True)
for ax, name, trace in zip(axes, ("gradient_descent", "momentum"), (slow, ball)):
    plots.landscape(mild, ax, low=(-0.3, -0.8), high=(1.2, 0.8)).set_title(plots.label_of(name))
    plots.path(trace.x, name, ax)
axes[1].label_outer()
plots.show(fig, "Twenty-five steps at the same rate: the ball swings out at first, and is at the bottom when gradient "
           "descent is still under way.")

left_over = [trace.distance()[-1] for trace in (slow, ball)]
claim(f"After 25 steps at the same rate gradient descent is {left_over[0]:.2f} away from the minimum, the ball "
      f"{left_over[1]:.3f}.", left_over[1] < left_over[0] / 5)

# %% [markdown]
# Formula and code, line by line. Both come from the one function that runs in this lesson:

# %%
plots.formula_beside_code(momentum)

# %% [markdown]
# Two lines, two things to notice:
#
# - The velocity $v$ *is* the step. The rate $\alpha$ stands inside it; $x$ moves by $v$ and nothing else.
# - On a constant slope $g$ the velocity grows until friction balances the pull: $v = \beta v - \alpha g$ has the
#   solution $v = -\alpha g/(1-\beta)$. With $\beta = 0.9$ the ball rolls ten times as fast as gradient descent walks.

# %%
momentum_step = your_turn("momentum.step")

# %%
step = from_update(momentum_step, VelocityState)
v = np.zeros(1)
for _ in range(100):
    _, v = momentum_step(np.zeros(1), v, np.ones(1), 0.01, 0.9)
claim(f"On a constant slope of 1, with lr = 0.01 and beta = 0.9, the velocity settles at {v[0]:.4f}, ten times the step "
      "of gradient descent.", np.allclose(v, -0.1, rtol=1e-4))
same = run(step, VelocityState(where), mild, steps=25, lr=0.03, beta=0.7)
claim("The function from your turn walks the path drawn above.", np.allclose(same.x, ball.x))

# %% [markdown]
# ## What rate and momentum do together
#
# On a bowl everything can be computed. Each direction of curvature $\lambda$ evolves by itself, its gradient is
# $\lambda x$, and so one step multiplies $(x, v)$ by a small matrix:
#
# $$\begin{pmatrix} x \\ v \end{pmatrix} \leftarrow
#   \begin{pmatrix} 1 - \alpha\lambda & \beta \\ -\alpha\lambda & \beta \end{pmatrix}
#   \begin{pmatrix} x \\ v \end{pmatrix}$$
#
# What becomes of a vector that is multiplied by the same matrix again and again? Two numbers decide, the matrix's
# *eigenvalues* (`np.linalg.eigvals`): in the long run a step multiplies its length, on the average, by the size of the
# larger one. Where both are real and positive the ball slides in (*damped*); where they are complex, or negative, it
# swings through the bottom (*oscillates*); where one is larger than 1 in size it *diverges*, which happens exactly for
# $\alpha\lambda > 2(1+\beta)$. So momentum allows a *longer* rate than the $2/\lambda$ of lesson 02.
#
# Move the point in the plane with the mouse, or focus it and use the arrow keys. **Goal:** at $\kappa = 100$, bring
# both coordinates below a millionth in fewer than 100 steps.

# %%
widgets.show(widgets.momentum_plane(step))

# %%
edge = [run(momentum, VelocityState(np.ones(1)), bowl(condition=1, dim=1), steps=400, lr=lr, beta=0.5).distance()[-1]
        for lr in (2.99, 3.01)]
claim("With beta = 0.5 and curvature 1 the border is at the rate 2(1 + beta) = 3: at 2.99 the ball comes to rest, at "
      "3.01 it flies off.", [edge[0] < 0.1, edge[1] > 10])

# %% [markdown]
# ## The best pair
#
# Did you find the sweet spot by hand? It can be written down. The error of a direction shrinks by $\sqrt\beta$ a step
# as soon as its eigenvalues are complex, so all directions should get there, and no further: both the flattest and the
# steepest sit on the border between damped and oscillating. That gives Polyak's pair
#
# $$\alpha = \left(\frac{2}{\sqrt L + \sqrt\mu}\right)^2 \qquad
#   \beta = \left(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\right)^2$$
#
# and the factor $\frac{\sqrt\kappa-1}{\sqrt\kappa+1}$ a step, where gradient descent has $\frac{\kappa-1}{\kappa+1}$.
# The *root* of the condition number is the whole point of momentum.

# %%
optimal_heavy_ball = your_turn("momentum.optimal_heavy_ball")

# %%
def steps_needed(method, state, condition, **knobs):
    """Steps until the distance is a millionth of what it was."""
    goal = 1e-6 * np.linalg.norm(state.x)
    trace = run(method, state, bowl(condition), steps=20_000, **knobs,
                callback=lambda frame: np.linalg.norm(frame.state.x) <= goal)
    return trace.steps


conditions = (4, 25, 100, 400, 1600)
walk = [steps_needed(gradient_descent, PointState(start), k, lr=2 / (k + 1)) for k in conditions]
pairs = [optimal_heavy_ball(k, 1.0) for k in conditions]
roll = [steps_needed(step, VelocityState(start), k, lr=lr, beta=beta) for k, (lr, beta) in zip(conditions, pairs)]

# %%
fig, ax = plt.subplots()
ax.loglog(conditions, walk, "o-", color=plots.COLORS["gradient_descent"], label="gradient descent, best rate")
ax.loglog(conditions, roll, "s-", color=plots.COLORS["momentum"], label="heavy ball, best pair")
ax.set(xlabel="condition number", ylabel="steps to a millionth")
ax.legend()
plots.show(fig, "Four times the condition number: four times the steps for gradient descent, twice for the heavy ball.")

# %%
claim(f"At a condition number of 100 the heavy ball arrives after **{roll[2]} steps** where gradient descent takes "
      f"{walk[2]}, {walk[2] / roll[2]:.1f} times as many.", [roll[2] < 100, walk[2] > 7 * roll[2]])
growth = [walk[i + 1] / walk[i] for i in (2, 3)] + [roll[i + 1] / roll[i] for i in (2, 3)]
claim("Each time the condition number grows fourfold, the steps of gradient descent grow by about 4 and those of the "
      f"heavy ball by about 2 (measured: {growth[0]:.2f}, {growth[1]:.2f} and {growth[2]:.2f}, {growth[3]:.2f}).",
      [3.9 < growth[0] < 4.1, 3.9 < growth[1] < 4.1, 1.9 < growth[2] < 2.2, 1.9 < growth[3] < 2.2])
reveal("05.steps", roll[2])

# %% [markdown]
# ## When momentum hurts
#
# More memory is not better memory. On a nearly round bowl the gradient points almost at the minimum, and a ball that
# keeps 99% of its velocity rolls past it, again and again.

# %%
round_bowl = bowl(condition=2)
quick = run(gradient_descent, PointState(start), round_bowl, steps=400, lr=2 / 3)
heavy = run(momentum, VelocityState(start), round_bowl, steps=3000, lr=2 / 3, beta=0.99)
fig, ax = plt.subplots()
plots.curve(quick.distance()[:60], "gradient_descent", ax)
plots.curve(heavy.distance()[:400], "momentum", ax, label="momentum, beta = 0.99")
ax.set(ylabel="distance to the minimum", ylim=(1e-7, 5))
ax.legend()
plots.show(fig, "On a round bowl gradient descent is there at once; the ball with little friction swings for a long time.")

# %%
arrivals = [first(trace.distance() <= 1e-6 * trace.distance()[0]) for trace in (quick, heavy)]
claim(f"Condition number 2: gradient descent needs {arrivals[0]} steps, momentum with beta = 0.99 needs {arrivals[1]}. "
      "It does arrive.", [arrivals[0] < 20, 2000 < arrivals[1] < 3000])
reveal("05.high", "c")

# %% [markdown]
# There is a second warning. Polyak's pair is the best for *bowls*. On a function that is as smooth and as convex, but
# not quadratic, the same pair may circle forever (Lessard, Recht and Packard, 2016):

# %%
class Kinked:
    """Curvature 25, then 1, then 25: between the constants of a bowl with L = 25 and mu = 1."""

    def __call__(self, x):
        u = x[..., 0]
        return np.where(u < 1, 12.5 * u**2, np.where(u < 2, u**2 / 2 + 24 * u - 12, 12.5 * u**2 - 24 * u + 36))

    def grad(self, x):
        return np.where(x < 1, 25 * x, np.where(x < 2, x + 24, 25 * x - 24))


lr, beta = optimal_heavy_ball(25.0, 1.0)
circling = run(step, VelocityState(np.array([3.3])), Kinked(), steps=300, lr=lr, beta=beta).x[:, 0]
claim(f"After 300 steps the ball still jumps between {circling[-3]:.2f}, {circling[-2]:.2f} and {circling[-1]:.2f}; the "
      "minimum is at 0.", [np.allclose(circling[-3:], circling[-6:-3]), np.abs(circling[-3:]).max() > 1])

# %% [markdown]
# ## Nesterov looks ahead
#
# The ball knows where it is about to be: whatever the slope says, its velocity will carry it by $\beta v$. So why ask
# for the slope *here*? Nesterov asks for it *there*, and can brake before it is too late.

# %%
plots.formula_beside_code(nesterov)

# %%
nesterov_path = your_turn("momentum.nesterov")

# %%
ahead = nesterov_path(f.grad, start, lr=1 / L, beta=0.95, n=600)
blind = run(step, VelocityState(start), f, steps=600, lr=1 / L, beta=0.95)
fig, ax = plt.subplots()
plots.curve(blind.distance(), "momentum", ax, label="heavy ball")
plots.curve(np.linalg.norm(ahead, axis=1), "nesterov", ax).set_ylabel("distance to the minimum")
ax.legend()
plots.show(fig, "With more memory than is good (beta = 0.95) the ball swings; looking ahead, it brakes in time.")

away = np.linalg.norm(ahead, axis=1)
looked, rolled = (first(d <= 1e-6 * d[0]) for d in (away, blind.distance()))
claim(f"With the rate 1/L and beta = 0.95 looking ahead takes {looked} steps, the heavy ball {rolled}.",
      looked < 0.7 * rolled)
root = np.sqrt(L / mu)
own = np.linalg.norm(nesterov_path(f.grad, start, lr=1 / L, beta=(root - 1) / (root + 1), n=400), axis=1)
own_steps = first(own <= 1e-6 * own[0])
claim(f"With its own constants, 1/L and (sqrt(kappa) - 1)/(sqrt(kappa) + 1), Nesterov's method takes {own_steps} steps: "
      f"between Polyak's pair ({roll[2]}) and gradient descent ({walk[2]}).", roll[2] < own_steps < walk[2] / 4)
calm = nesterov_path(Kinked().grad, np.array([3.3]), n=300, lr=1 / 25, beta=4 / 6)
claim("And where the heavy ball circled forever, Nesterov's method converges.", np.abs(calm[-1]) < 1e-6)

# %% [markdown]
# That is the trade: on a perfect bowl the best heavy ball is faster, and Nesterov's guarantee holds for every function
# whose curvature stays between $\mu > 0$ and $L$, wherever you are (books say *strongly convex and smooth*).
#
# ## Three spellings
#
# The same idea is written in three ways, and a rate from one of them is another rate in the next.
#
# | spelling | update | who |
# |:--|:--|:--|
# | rate inside | $v \leftarrow \beta v - \alpha g,\quad x \leftarrow x + v$ | Polyak; this course |
# | rate outside | $v \leftarrow \beta v + g,\quad x \leftarrow x - \alpha v$ | PyTorch |
# | averaged | $m \leftarrow \beta m + (1-\beta) g,\quad x \leftarrow x - \alpha m$ | Adam, many articles |

# %%
to_heavy_ball = your_turn("momentum.to_heavy_ball")

# %%
def averaged(x, m, g, lr, beta):
    m = beta * m + (1 - beta) * g
    return x - lr * m, m


def outside(x, v, g, lr, beta):
    v = beta * v + g
    return x - lr * v, v


def endpoints(rate):
    """Where rate inside and rate outside end after 30 steps at this rate."""
    steps = step, from_update(outside, VelocityState)
    return [run(way, VelocityState(where), mild, steps=30, lr=rate, beta=0.8).x[-1] for way in steps]


constant, falling = endpoints(0.02), endpoints(lambda t: 0.02 / (1 + t))
claim("At a constant rate, rate inside and rate outside end at the same point; under a falling rate they end "
      f"{np.linalg.norm(falling[0] - falling[1]):.2f} apart.",
      [np.allclose(*constant), np.linalg.norm(falling[0] - falling[1]) > 0.05])
mean = run(from_update(averaged, VelocityState), VelocityState(where), mild, steps=30, lr=0.1, beta=0.8).x[-1]
ours = run(step, VelocityState(where), mild, steps=30, lr=to_heavy_ball(0.1, 0.8), beta=0.8).x[-1]
claim("The averaged form at the rate 0.1 and the heavy ball at the converted rate 0.02 end at the same point.",
      np.allclose(mean, ours))
reveal("05.spelling", "b")

# %% [markdown]
# ## Real data: a polynomial that crawls
#
# The diabetes data of scikit-learn: 442 patients, and how far the disease has progressed after a year. We fit a
# polynomial of degree 8 in one feature, the body mass index. Its columns $u, u^2, \dots, u^8$ are almost parallel, so
# the bowl is extremely long. (Better columns would be the better remedy: lesson 02. Here we want a hard valley.)

# %%
data = diabetes()
u = data.X[:, data.names.index("bmi")]
u = (u - u.mean()) / np.abs(u - u.mean()).max()
y = (data.y - data.y.mean()) / data.y.std()
fit = LeastSquares(add_intercept(u[:, None] ** np.arange(1, 9)), y)
curvatures = np.linalg.eigvalsh(fit.hess(np.zeros(fit.dim)))
floor = fit(np.linalg.lstsq(fit.X, y, rcond=None)[0])
claim(f"The condition number is {curvatures[-1] / curvatures[0]:.0e}.", curvatures[-1] / curvatures[0] > 1e7)

origin, rate = np.zeros(fit.dim), 1 / curvatures[-1]
traces = {
    "gradient_descent": run(gradient_descent, PointState(origin), fit, steps=3000, lr=rate),
    "momentum": run(step, VelocityState(origin), fit, steps=3000, lr=rate, beta=0.9),
    "nesterov": run(nesterov, VelocityState(origin), fit, steps=3000, lr=rate, beta=0.99),
}
ax = plots.compare(traces, floor=floor)
ax.set_xscale("log")
plots.show(ax, "A gradient a step, the same rate for all: momentum (beta = 0.9) and Nesterov (it bears 0.99) are where "
           "gradient descent will be later.")

# %%
excess = {name: trace.loss - floor for name, trace in traces.items()}
catch_up = first(excess["momentum"] <= excess["gradient_descent"][-1])
claim(f"What gradient descent reaches after 3000 gradients, momentum with beta = 0.9 reaches after {catch_up}: "
      f"{3000 / catch_up:.1f} times sooner, about 1/(1 - beta).", 8 < 3000 / catch_up < 12)
lr, beta = optimal_heavy_ball(curvatures[-1], curvatures[0])
wild = run(step, VelocityState(origin), fit, steps=3000, lr=lr, beta=beta)
claim(f"The 'best' pair for this bowl has beta = {beta:.4f} and after 3000 steps its loss is {wild.loss[-1]:.0f}, worse "
      "than at the start: it is the best in the *long* run, and this run is short.", wild.loss[-1] > fit(origin))

# %% [markdown]
# ## A ball among wells
#
# Does momentum roll out of local minima? Let the ball go and watch its energy. **Goal:** find a setting with which it
# comes to rest in the deepest well.

# %%
widgets.show(widgets.rolling_ball(step))

# %% [markdown]
# It rolls through shallow ripples, and it stays in a well whose rims are higher than the place it started from: there
# is no free energy. Lesson 12, claim d, measures how often momentum escapes.
#
# ## Bug clinic
#
# This training loop was found in a notebook. It runs, the loss falls, and it is wrong. What is the symptom, what is
# the cause? Mend the cell: the next one tells you when you have.

# %%
def train(grad, x, lr, beta, epochs, steps):
    for _ in range(epochs):
        v = np.zeros_like(x)
        for _ in range(steps):
            v = beta * v - lr * grad(x)
            x = x + v
    return x


# %%
found = train(f.grad, start, 0.01, 0.9, epochs=60, steps=5)
sought = run(momentum, VelocityState(start), f, steps=300, lr=0.01, beta=0.9).x[-1]
print("mended" if np.allclose(found, sought) else "still ill",
      f"- distance after 300 steps: {np.linalg.norm(found):.1e}, should be {np.linalg.norm(sought):.1e}")

# %% [markdown]
# <details><summary>What was wrong</summary>
#
# The velocity is set to zero at the start of every epoch. With 5 steps an epoch the ball never gets up to speed: it
# has hardly started to roll when somebody stops it. The memory belongs *outside* both loops, since it is part of the
# state, like `x`. The same mistake with Adam forgets its moments *and* its count of steps.
#
# </details>

# %%
quiz("05")

# %% [markdown]
# ## Your predictions
#
# Where you were off, which picture did you have in mind? Say it in a sentence, best to somebody else.

# %%
reconcile("05")

# %% [markdown]
# ## Summary
#
# - An exponential moving average remembers about the last $1/(1-\beta)$ data; started at 0 it is biased, and dividing by
#   $1-\beta^t$ mends that.
# - The heavy ball: $v \leftarrow \beta v - \alpha g$, $x \leftarrow x + v$. Across the valley the pulls cancel, along it
#   they add up.
# - At its best its steps grow with $\sqrt\kappa$, those of gradient descent with $\kappa$.
# - Too much memory swings: on round bowls momentum hurts, and in short runs so does the theoretically best pair.
# - Nesterov asks for the gradient at $x + \beta v$; its guarantee reaches beyond bowls.
# - Three spellings are in use. Before you compare rates, ask which one it is.
#
# **For the cheat sheet:** *momentum — `v = beta*v - lr*g; x = x + v` — long valleys; start with beta = 0.9; lower the
# rate when you raise beta.*
#
# **References:** B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, 1964 · Yu. Nesterov,
# *A method for solving the convex programming problem with convergence rate O(1/k²)*, 1983 · I. Sutskever, J. Martens,
# G. Dahl and G. Hinton, *On the importance of initialization and momentum in deep learning*, 2013 · L. Lessard,
# B. Recht and A. Packard, *Analysis and design of optimization algorithms via integral quadratic constraints*, 2016 ·
# G. Goh, *Why momentum really works*, Distill, 2017. **Next:** lesson 06 gives each coordinate a step of its own.
