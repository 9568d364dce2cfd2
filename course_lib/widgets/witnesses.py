"""Lesson 03: what single examples say at a point, and what they say on the average."""

from functools import lru_cache

import numpy as np

from course_lib.plots import COLORS
from course_lib.widgets.explorer import Explorer, Point
from course_lib.widgets.fields import columns
from course_lib.widgets.noise_cloud import FEATURES, HIGH, LOW, START, plane, two_weights
from course_lib.widgets.scene import Arrows, Axis, Goal, Panel, Path, Points, Scene

COLOR, MEAN_COLOR = COLORS["sgd"], "ink"  # a thick line in blue would be lost among thin ones
SHOWN, LENGTH, REACH, GOAL_SHARE = 60, 0.12, 6.0, 1 / 50


def witnesses():
    """The explorer of one-example gradients: drag the weights, and see which way each example pulls."""
    step = (0.02, 0.02)
    controls = (Point("w", "the weights", START, LOW, HIGH, step),)

    def draw(w):
        pulls = downhill(w)
        mean = pulls.mean(axis=0)
        sizes, share = np.linalg.norm(pulls, axis=1), float((pulls @ mean > 0).mean())
        ratio = float(np.linalg.norm(mean) / sizes.mean())
        goal = Goal("the mean arrow at most 1/50 as long as the arrows are on the average", ratio <= GOAL_SHARE)
        scene = landscape(w, pulls, mean), cloud(pulls, mean, share)
        return Scene(scene, words(w, share, mean, sizes), goal, readouts={"w": place(w)})

    return Explorer("What single examples say", controls, draw)


def downhill(w):
    """Minus the gradient of each example at w, (n, 2)."""
    f, _, _ = two_weights()
    return -f.sample(np.arange(f.n)[:, None]).grad(np.tile(w, (f.n, 1)))


@lru_cache(maxsize=1)
def chosen():
    """The examples whose arrows are drawn on the landscape: as many as the eye can bear."""
    return np.random.default_rng(3).permutation(two_weights()[0].n)[:SHOWN]


def landscape(w, pulls, mean):
    """Some of the arrows, and their mean, at the point."""
    here = np.array([w])
    tips = here + LENGTH * pulls[chosen()]
    marks = (Arrows(np.repeat(here, SHOWN, axis=0), tips, COLOR, 1.0, 4.0),
             Arrows(here, here + LENGTH * mean, MEAN_COLOR, 3.0, 9.0), Points(here, "ink", 4))  # fmt: skip
    axes = (Axis(a, b, f"weight of {name}") for a, b, name in zip(LOW, HIGH, FEATURES, strict=True))
    alt = f"Level lines of the loss; {SHOWN} thin arrows and their thick mean at {place(w)}."
    return Panel(*axes, marks, f"{SHOWN} of the arrows, and the mean of all", alt, 1.05, equal=True, back=plane())


def cloud(pulls, mean, share):
    """The tips of all arrows, with their tails at zero; the line parts those that point uphill."""
    across = np.array([-mean[1], mean[0]]) / max(np.linalg.norm(mean), 1e-12) * 3 * REACH
    border = columns(*np.array([-across, across]).T)
    marks = (Path(border, "muted", 1.0, (4, 3)), Points(pulls, COLOR, 2.2, opacity=0.7),
             Arrows(np.zeros((1, 2)), mean[None], MEAN_COLOR, 3.0, 9.0))  # fmt: skip
    axes = (Axis(-REACH, REACH, f"pull on {name}") for name in FEATURES)
    alt = f"The tips of {len(pulls)} arrows as dots around zero, and their mean; {share:.0%} lie on its side."
    return Panel(*axes, marks, f"All from one tail: {share:.0%} downhill", alt, equal=True)


def words(w, share, mean, sizes):
    """The finding in one or two sentences."""
    return (f"At {place(w)} the mean arrow has the length {np.linalg.norm(mean):.2g}, single arrows {sizes.mean():.2g} "
            f"on the average; {share:.0%} of the examples point downhill.")  # fmt: skip


def place(w):
    """A point in words."""
    return "(" + ", ".join(f"{value:.2f}" for value in w).replace("-", "−") + ")"
