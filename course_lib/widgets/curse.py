"""Lesson 01: what a full grid costs in time, and what a week buys, as the axes become more."""

import numpy as np

from course_lib.plots import COLORS
from course_lib.widgets.explorer import Explorer, Slider
from course_lib.widgets.fields import columns
from course_lib.widgets.scene import SUPERSCRIPT, Axis, Goal, Panel, Path, Points, Rule, Scene, Text

COLOR = COLORS["grid_search"]
AXES = tuple(range(1, 11))
VALUES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 100)
UNITS = ((1e-6, "microseconds"), (1e-3, "milliseconds"), (1, "seconds"), (60, "minutes"), (3600, "hours"),
         (86400, "days"), (3.156e7, "years"), (4.35e17, "ages of the universe"))  # fmt: skip
MINUTE, WEEK, AGE = 60, 7 * 86400, 4.35e17
MILESTONES = (MINUTE, "a minute"), (WEEK, "a week"), (AGE, "age of the universe")
GOAL_VALUES = 10


class Seconds(float):
    """A time that writes itself in words."""

    def __format__(self, spec):
        return super().__format__(spec) if spec else duration(self)


SECONDS = tuple(map(Seconds, (1e-6, 1e-3, 0.01, 0.1, 1, 10, 60, 600, 3600)))


def curse():
    """The explorer of n values on each of d axes: how many calls, and how long they take."""
    controls = (
        Slider("d", "axes d", AXES, start=2),
        Slider("n", "values an axis n", VALUES, start=5),
        Slider("seconds", "time of a call", SECONDS, start=1, form="{}"),
    )

    def draw(d, n, seconds):
        most = affordable(n, seconds)
        goal = Goal("10 values an axis, a minute a call: the most axes whose grid ends within a week",
                    (n, seconds, d) == (GOAL_VALUES, MINUTE, most))  # fmt: skip
        panels = (waiting(d, n, seconds), bought(d, n, seconds))
        return Scene(panels, words(d, n, seconds), goal)

    return Explorer("The curse of dimensions", controls, draw)


def affordable(n, seconds):
    """The largest number of axes whose grid ends within a week."""
    return max((d for d in AXES if n**d * seconds <= WEEK), default=0)


def duration(seconds):
    """A time in the largest unit of which it holds at least one."""
    size, unit = next((u for u in reversed(UNITS) if seconds >= u[0] * 0.9999), UNITS[0])
    number = big(seconds / size)
    return f"{number} {unit[:-1] if number == '1' and not unit.startswith('ages') else unit}"


def big(number):
    """Three digits; from a million on a power of ten."""
    if number < 1e6:
        return f"{float(f'{number:.3g}'):,.10g}".replace(",", " ")
    digits, power = f"{number:.1e}".split("e")
    return f"{digits.removesuffix('.0')} × 10{power.lstrip('+0').translate(SUPERSCRIPT)}"


def waiting(d, n, seconds):
    """The time a full grid takes, by the number of axes."""
    time = np.array([float(n) ** k * seconds for k in AXES])
    marks = (
        *(mark for at, name in MILESTONES for mark in (Rule(at), beside(at, name, time))),
        Path(columns(AXES, time), COLOR, 2.0, dots=3),
        Points(np.array([[d, time[d - 1]]]), "ink", 6),
    )
    alt = f"Time of a full grid against the number of axes, straight on a log scale; at {d}: {time[d - 1]:.3g} s."
    sides = Axis(0.5, 10.5, "axes d"), Axis(1e-6, 1e26, log=True)
    return Panel(*sides, marks, "Seconds for the whole grid", alt)


def beside(at, name, time):
    """The name of a rule, above it at the left, or below it at the right where the curve would cross it."""
    first = time[: len(time) // 2]
    if at > first[-1] or at < first[0] / 1e3:
        return Text(0.6, at, name, "muted", "left", 0, 10)
    return Text(10.4, at, name, "muted", "right", 0, -10)


def bought(d, n, seconds):
    """The values an axis that a week pays for, by the number of axes."""
    values = np.array([(WEEK / seconds) ** (1 / k) for k in AXES])
    marks = (
        Rule(float(n)),
        wanted(n, values),
        Path(columns(AXES, values), COLOR, 2.0, dots=3),
        Points(np.array([[d, values[d - 1]]]), "ink", 6),
        Text(d, values[d - 1], f"{values[d - 1]:.3g}", "ink", "left", 8, 10),
    )
    alt = f"Values an axis that a week pays for against the number of axes; at {d} they are {values[d - 1]:.3g}."
    sides = Axis(0.5, 10.5, "axes d"), Axis(0.3, 1e12, log=True)
    return Panel(*sides, marks, "Values an axis that a week buys", alt)


def wanted(n, values):
    """The name of the rule, on the side of it where the falling curve is not."""
    if values[5] < n:
        return Text(10.4, n, f"wanted: {n}", "muted", "right", 0, 10)
    return Text(0.6, n, f"wanted: {n}", "muted", "left", 0, -10)


def words(d, n, seconds):
    """The finding in two sentences."""
    calls = n**d
    count = f"{calls:,}".replace(",", " ") if calls < 1e9 else big(calls)
    pays = (WEEK / seconds) ** (1 / d)
    power = f"{n}{str(d).translate(SUPERSCRIPT)}"
    return (f"{power} = {count} calls of {duration(seconds)} take {duration(n**d * seconds)}. "
            f"A week pays for {big(pays)} values on each of {d} {'axis' if d == 1 else 'axes'}.")  # fmt: skip
