"""Curves over the steps of a run: the corner where a goal lies, and names written at the curves themselves."""

import numpy as np

from course_lib.widgets.fields import columns
from course_lib.widgets.scene import Path, Region, Text

NEAR = 0.3  # of the steps: how close two curves may end for their names to stand together
SPAN = 0.5  # of the steps: how far a name written at the end of a curve reaches back


def corner(steps, value, label, floor, side="right"):
    """The region "at most so many steps, below this value" of a panel whose axis starts at ``floor``.

    The label stands at its top, on the side where fewer curves pass.
    """
    low = floor / 10
    box = np.array([[0, low], [steps, low], [steps, value], [0, value]], dtype=float)
    x, dx = (steps, -7) if side == "right" else (0, 7)
    return Region(box, "faint", 0.6), Text(x, value, label, "muted", side, dx, -12)


def lines(series, axis):
    """Named curves: ``series`` holds (name, y, color, dash), all over steps 0, 1, ..."""
    paths = [Path(columns(np.arange(len(y)), y), color, 2.0, dash) for _, y, color, dash in series]
    return *paths, *names(series, axis)


def names(series, axis):
    """The name of each curve where it is seen last."""
    ends = [last_seen(y, axis) for _, y, _, _ in series]
    highest = max(range(len(series)), key=lambda i: series[i][1][ends[i]])
    for i, (name, y, color, _) in enumerate(series):
        whole = ends[i] == len(y) - 1
        place = at_the_end(y, axis, i == highest) if whole else at_the_exit(y, after(ends, i, len(y)), axis, i)
        yield Text(*place[:2], name, color, *place[2:], bold=True)


def at_the_end(y, axis, above):
    """For a curve that is seen to its last step: a name that ends there, and clears it on the way."""
    stretch = y[-max(1, round(SPAN * len(y))) :]
    height = np.clip((max if above else min)(stretch), axis.low, axis.high)
    return len(y) - 1, height, "right", -5, 11 if above else -12


def after(ends, i, steps):
    """Where curve i ends, or the last of those that end soon after it: its name should not stand in their way."""
    return max(end for end in ends if end < steps - 1 and ends[i] <= end <= ends[i] + NEAR * steps)


def at_the_exit(y, end, axis, order):
    """For a curve that leaves the panel: a name just right of where it does."""
    falls = y[min(end + 1, len(y) - 1)] < axis.high
    return end, axis.low if falls else axis.high, "left", 7, 30 + 17 * order if falls else -12 - 17 * order


def last_seen(y, axis):
    """The last index at which a curve lies inside the panel, or 0."""
    seen = np.flatnonzero((y > axis.low) & (y < axis.high))
    return int(seen[-1]) if len(seen) else 0
