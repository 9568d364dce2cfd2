"""Lesson 04: what a batch size and a rate make of four epochs of training on the digits, as a map and as curves."""

from functools import lru_cache

import numpy as np

from course_lib.optimizers import PointState, gradient_descent
from course_lib.plots import COLORS
from course_lib.problems import Softmax, add_intercept, digits
from course_lib.run import run
from course_lib.widgets.explorer import Explorer, Point, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Axis, Goal, Image, Panel, Path, Points, Scene, Text

COLOR, MODEL_COLOR = COLORS["mini_batch"], COLORS["sgd"]
N, EPOCHS, LOOKS = 256, 4, 8  # examples, passes over them, and how often an epoch is looked at where it can be
SIZES, RATES = tuple(range(9)), tuple(range(-8, 3))  # exponents of 2
MODEL, GOAL_SIZE, GOAL_SHARE = (2, -5), 6, 0.02
UPDATE, EXAMPLE = 70e-6, 1e-6  # seconds: what an update costs, and each example in it (measured once, rounded)
XS = (("epochs", "passes over the data"), ("updates", "updates"), ("time", "milliseconds of computing"))


def batch_and_rate():
    """The explorer of batch size and learning rate: a map of the loss after four epochs, and two curves."""
    controls = (
        Point("knobs", "batch size and rate", (6, -6), (SIZES[0], RATES[0]), (SIZES[-1], RATES[-1]), (1, 1)),
        Slider("axis", "the horizontal axis counts", (0, 1, 2), start=0, words=tuple(name for name, _ in XS)),
    )

    def draw(knobs, axis):
        size, rate = map(int, knobs)
        mine, model = loss_at(size, rate)[-1], loss_at(*MODEL)[-1]
        same = abs(mine / model - 1) <= GOAL_SHARE
        dashed = f"batches of {2 ** MODEL[0]} at the rate {written(MODEL[1])}"
        goal = Goal(f"with batches of {2**GOAL_SIZE}, end within {GOAL_SHARE:.0%} of the dashed run, {dashed}",
                    size == GOAL_SIZE and same)  # fmt: skip
        saying = f"b = {2**size}, α = {written(rate)}"
        updates = EPOCHS * -(-N // 2**size)
        beside = f"The dashed run, {dashed}, makes {EPOCHS * N // 2 ** MODEL[0]} updates and ends at {model:.3f}."
        text = f"{saying}: {updates} updates, {words(mine)}. {beside}"
        return Scene((plane(knobs), curves(size, rate, axis)), text, goal, readouts={"knobs": saying})

    return Explorer("Batch size and learning rate", controls, draw)


def written(exponent):
    """A power of two as it is written: 4, 1/8."""
    return f"{2**exponent}" if exponent >= 0 else f"1/{2**-exponent}"


def words(loss):
    return f"the loss ends at {loss:.3f}" if loss < np.log(10) else "the loss ends higher than it began"


# ------------------------------------------------------------------------------------------------- the runs


@lru_cache(maxsize=1)
def task():
    """Softmax regression on the first digits."""
    data = digits()
    return Softmax(add_intercept(data.X[:N] / 16), data.y[:N], l2=1e-3)


@lru_cache(maxsize=len(SIZES))
def losses(size):
    """The loss of all rates at once, (looks, rates): the rates are a leading axis of one run."""
    f, rates = task(), 2.0 ** np.array(RATES)
    every = max(1, N // 2**size // LOOKS)
    trace = run(gradient_descent, PointState(np.zeros((len(rates), f.dim))), f, 4, epochs=EPOCHS, batch_size=2**size,
                lr=rates[:, None], every=every)  # fmt: skip
    return np.nan_to_num(trace.loss, nan=1e6, posinf=1e6).clip(0, 1e6)


def loss_at(size, rate):
    """The loss by the look, of one batch size and rate, both as exponents of 2."""
    return losses(size)[:, RATES.index(rate)]


def clock(size, looks, axis):
    """Where the looks stand on the chosen axis, and where that axis ends."""
    updates = np.linspace(0, EPOCHS * N // 2**size, looks)
    unit = (2**size / N, 1, 1000 * (UPDATE + EXAMPLE * 2**size))[axis]
    return updates * unit


# --------------------------------------------------------------------------------------------------- panels


@lru_cache(maxsize=1)
def plane_back():
    """The map: bright where the loss after the last epoch is low, transparent where it is above the start's."""
    final = np.array([losses(size)[-1] for size in SIZES]).T
    shown = np.where(final < np.log(10), -np.log(final), np.nan)
    return (Image(shown, (SIZES[0] - 0.5, SIZES[-1] + 0.5), (RATES[0] - 0.5, RATES[-1] + 0.5), "cividis",
                  low=-np.log(np.log(10)), high=float(np.nanmax(shown))),)  # fmt: skip


def plane(knobs):
    """The map with the chosen point and the one to match."""
    dashed = Points(np.array([MODEL], dtype=float), MODEL_COLOR, 7, "ring")
    marks = (dashed, Points(np.array([knobs], dtype=float), COLOR, 6), Text(*MODEL, "dashed", "white", "left", 11, 0,
             bold=True, halo="black"))  # fmt: skip
    x = Axis(SIZES[0] - 0.5, SIZES[-1] + 0.5, "batch size, log₂ b")
    y = Axis(RATES[0] - 0.5, RATES[-1] + 0.5, "learning rate, log₂ α")
    alt = ("Map of the loss after four epochs over batch size and rate: bands of equal loss run along the diagonal, "
           "until the rate is too large for any batch.")  # fmt: skip
    return Panel(x, y, marks, f"Loss after {EPOCHS} epochs (yellow: low, empty: rose)", alt, 1.0, back=plane_back())


def curves(size, rate, axis):
    """The two losses over the chosen axis, which is as long as the longer of them."""
    mine, model = loss_at(size, rate), loss_at(*MODEL)
    x, x_model = clock(size, len(mine), axis), clock(MODEL[0], len(model), axis)
    width = max(x[-1], x_model[-1])
    marks = (Path(columns(x_model, model), MODEL_COLOR, 2.0, (5, 3)), Path(columns(x, mine), COLOR, 2.2),
             Points(np.array([[x[-1], mine[-1]]]), COLOR, 4.5))  # fmt: skip
    alt = (f"Two curves of the loss over {XS[axis][1]}: dashed batches of {2 ** MODEL[0]}, solid batches of {2**size}, "
           f"which end at {x[-1]:.3g}.")  # fmt: skip
    return Panel(Axis(0, 1.04 * width, XS[axis][1]), Axis(0, 2.6), marks, "Training loss", alt, 1.0)
