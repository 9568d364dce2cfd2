"""Lesson 07: what bias correction, eps and the memory of the squares make of Adam's steps."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import AdamState, adam
from course_lib.plots import COLORS
from course_lib.problems import bowl
from course_lib.widgets.explorer import Explorer, Slider, Toggle
from course_lib.widgets.fields import columns, hills
from course_lib.widgets.film import film
from course_lib.widgets.scene import Axis, Goal, Panel, Path, Points, Region, Rule, Scene, Text, tick_label

COLOR = COLORS["adam"]
BETAS = (0.5, 0.8, 0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999)
EPSILONS = tuple(float(f"1e{k}") for k in range(-10, 1))
SLOPES = np.array([10.0, 0.1, 0.001])  # constant gradients of three coordinates
LOOKS = (("ink", ()), ("#b8860b", (6, 3)), ("#a8327a", (2, 3)))
STEPS, LOW, HIGH = 60, 0.5, 1.5
RATE, TURN, START = 0.02, 0.5, np.array([0.5, 0.35])
WINDOW = (-0.75, -0.6), (0.75, 0.6)


def power(eps):
    """A power of ten as it is written: 10⁻⁸, 1."""
    return tick_label(eps, log=True) if eps < 0.01 else f"{eps:g}"


def adam_steps(step=None):
    """The explorer of Adam's step lengths: bias correction on or off, the memory of the squares, eps.

    Args:
        step: Adam as ``step(state, f, rng, lr, beta1, beta2, eps) -> state``, e.g. a learner's own; by default the
            library's. It draws where the correction is on.
    """
    controls = (
        Toggle("corrected", "bias correction"),
        Slider("beta2", "memory of the squares β₂", BETAS, start=0.999, form="{:g}"),
        Slider("eps", "ε", EPSILONS, start=1e-3, words=tuple(map(power, EPSILONS))),
    )

    def draw(corrected, beta2, eps):
        steps = (step, adam) if corrected else (None, without_hats)
        knobs = {"beta1": 0.9, "beta2": beta2, "eps": eps}
        walk = film(*steps, AdamState(np.zeros(3)), Ramp(), steps=STEPS, lr=1.0, **knobs)
        lengths = np.abs(np.diff(walk.x, axis=0))
        trace = film(*steps, AdamState(START), valley(), steps=150, lr=RATE, **knobs)
        within = (lengths >= LOW) & (lengths <= HIGH)
        goal = Goal(f"without the correction: all of the first {STEPS} steps of the three coordinates between "
                    f"{LOW:g} and {HIGH:g} rates", not corrected and within.all())  # fmt: skip
        return Scene((curves(lengths), picture(trace.x)), words(corrected, beta2, eps, lengths, trace), goal)

    return Explorer("The steps of Adam", controls, draw)


class Ramp:
    """A plane: the three slopes are the same everywhere."""

    def __call__(self, x):
        return x @ SLOPES

    def grad(self, x):
        return SLOPES


def without_hats(state, f, rng, lr, beta1, beta2, eps):
    """Adam as it is often printed, without bias correction."""
    x, m, v, t = state
    g = f.grad(x)
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    return AdamState(x - lr * m / (np.sqrt(v) + eps), m, v, t + 1)


@lru_cache(maxsize=1)
def valley():
    return bowl(condition=25, angle=TURN)


def curves(lengths):
    """Step lengths by the step, one curve a coordinate."""
    height = Axis(1e-2, 1e3, "step, in rates", log=True)
    band = Region(np.array([[0, LOW], [STEPS, LOW], [STEPS, HIGH], [0, HIGH]], dtype=float), "faint", 0.8)
    marks = [band, Rule(1.0), Text(STEPS, HIGH, "goal: in here", "muted", "right", -5, 10)]
    t = np.arange(1, STEPS + 1)
    for i, (color, dash) in enumerate(LOOKS):
        marks.append(Path(columns(t, lengths[:, i]), color, 2.4 - 0.4 * i, dash))
        marks += key(500 / 2.3**i, f"slope {SLOPES[i]:g}", color, 2.4 - 0.4 * i, dash)
    alt = "Step lengths over the steps for three constant slopes: " + ", ".join(
        f"slope {s:g} from {a:.2g} to {b:.2g} rates" for s, a, b in zip(SLOPES, lengths[0], lengths[-1], strict=True))
    return Panel(Axis(0, STEPS, "steps"), height, tuple(marks), "Three constant slopes: how long is a step?", alt, 1.2)


def key(height, name, color, width, dash):
    """A piece of the line with its name: the curves themselves may lie one on the other."""
    return Path(columns([2, 8], [height, height]), color, width, dash), Text(9, height, name, color, bold=True)


@lru_cache(maxsize=1)
def ground():
    return *hills(valley(), *WINDOW), Points(np.zeros((1, 2)), "ink", 5, "cross")


def picture(x):
    """The path in a turned valley."""
    marks = Points(x[:1], COLOR, 5, "ring"), Path(x, COLOR, 1.8, dots=2.0), Points(x[-1:], COLOR, 5)
    alt = f"A path in a turned valley; farthest from the minimum {np.linalg.norm(x, axis=-1).max():.2f}."
    sides = (Axis(low, high, name) for low, high, name in zip(*WINDOW, ("x₁", "x₂"), strict=True))
    return Panel(*sides, marks, f"A run in a valley, rate {RATE:g}", alt, equal=True, back=ground())


def words(corrected, beta2, eps, lengths, trace):
    """The finding in one or two sentences."""
    how = "With" if corrected else "Without"
    ends = f"the first step is {lengths[0, 0]:.3g} rates on the steepest slope and {lengths[0, 2]:.2g} on the gentlest"
    top = f"the longest is {lengths.max():.3g}"
    run = f"In the valley the loss rises from {trace.loss[0]:.2g} to {trace.loss.max():.2g} on the way"
    calm = f"In the valley the loss never rises above its start, {trace.loss[0]:.2g}"
    last = run if trace.loss.max() > 1.05 * trace.loss[0] else calm
    return f"{how} correction, β₂ = {beta2:g}, ε = {power(eps)}: {ends}; {top}. {last}."
