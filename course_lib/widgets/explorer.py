"""An explorer: controls, and a pure function from their values to a scene. No browser is needed to drive it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from course_lib.widgets.scene import Scene


@dataclass(frozen=True)
class Slider:
    """One of ``values``, by default the one at ``start``; ``form`` says how a value is written, or ``words`` do."""

    name: str
    label: str
    values: tuple
    start: Any
    form: str = "{:g}"
    words: tuple = ()

    @property
    def default(self):
        return min(self.values, key=lambda value: abs(value - self.start))

    def parse(self, raw):
        """The value at the index that the front end sends."""
        return self.values[min(max(int(raw), 0), len(self.values) - 1)]

    def raw(self, value):
        return min(range(len(self.values)), key=lambda i: abs(self.values[i] - value))

    def samples(self):
        """Values for a test: all of them."""
        return self.values

    def place(self, value):
        """Where a value stands on the track, 0 to 1, or None beyond its ends."""
        if not self.values[0] <= value <= self.values[-1]:
            return None
        return float(np.interp(value, self.values, np.linspace(0, 1, len(self.values))))

    def spec(self):
        texts = list(self.words) or [self.form.format(value).replace("-", "−") for value in self.values]
        return {"count": len(texts), "texts": texts}


@dataclass(frozen=True)
class Player(Slider):
    """A slider over the frames 0 to ``last`` that can also play, pause and step."""

    values: tuple = ()
    start: Any = 0
    last: int = 100
    rate: float = 20.0  # frames a second

    def __post_init__(self):
        object.__setattr__(self, "values", tuple(range(self.last + 1)))

    def spec(self):
        return {**super().spec(), "rate": self.rate}


@dataclass(frozen=True)
class Toggle:
    """True or false."""

    name: str
    label: str
    default: bool = False

    def parse(self, raw):
        return bool(raw)

    def raw(self, value):
        return bool(value)

    def samples(self):
        return (False, True)

    def spec(self):
        return {}


@dataclass(frozen=True)
class Point:
    """A handle on panel number ``panel`` that stays between ``low`` and ``high`` and moves in steps of ``step``."""

    name: str
    label: str
    default: tuple
    low: tuple
    high: tuple
    step: tuple
    panel: int = 0

    def parse(self, raw):
        """The nearest allowed point, as a tuple of floats."""
        return tuple(self._snap(*part) for part in zip(raw, self.low, self.high, self.step, strict=True))

    def _snap(self, value, low, high, step):
        return round(float(np.clip(low + round((float(value) - low) / step) * step, low, high)), 10)

    def raw(self, value):
        return list(value)

    def samples(self):
        """Values for a test: the corners, the middles of the sides, the center."""
        axes = [(a, (a + b) / 2, b) for a, b in zip(self.low, self.high, strict=True)]
        return tuple(self.parse(point) for point in product(*axes))

    def spec(self):
        return {name: list(getattr(self, name)) for name in ("low", "high", "step")} | {"panel": self.panel}


@dataclass(frozen=True)
class Explorer:
    """A title, the controls, and ``draw``: their values as keywords in, a `Scene` out, nothing else touched."""

    title: str
    controls: tuple
    draw: Callable[..., Scene]

    @property
    def defaults(self):
        """``{name: value}`` before anybody moved anything."""
        return {control.name: control.default for control in self.controls}

    def scene(self, **values):
        """The scene at these values, the others at their defaults.

        Raises:
            TypeError: a value belongs to no control.
            Exception: whatever the function that is shown raises; TimeoutError if it does not come to an end.
        """
        if unknown := values.keys() - self.defaults.keys():
            raise TypeError(f"There is no control {sorted(unknown)[0]!r}: choose among {', '.join(self.defaults)}.")
        return self.draw(**{**self.defaults, **values})

    def parse(self, raw):
        """Values from what the front end sends, ``{name: raw}``; what it does not send is at its default."""
        return {c.name: c.parse(raw[c.name]) if c.name in raw else c.default for c in self.controls}

    def spec(self):
        """The controls as plain data for the front end."""
        return [
            {"kind": type(c).__name__.lower(), "name": c.name, "label": c.label, "raw": c.raw(c.default), **c.spec()}
            for c in self.controls
        ]

    def tour(self):
        """Keywords for `scene` that move each control through its range, the others at their defaults."""
        return ({control.name: value} for control in self.controls for value in control.samples())
