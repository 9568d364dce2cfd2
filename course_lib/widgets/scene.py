"""A scene: what an explorer shows, as plain data. It knows no browser and no matplotlib; both draw it."""

from dataclasses import dataclass, fields, is_dataclass
from math import ceil, floor, log10
from typing import Any
from zlib import crc32

import numpy as np

ROLES = ("ink", "muted", "faint", "paper", "white", "black")  # the theme's, and two for pictures of fixed colors
# Any other color is "#rrggbb"; a front end may lighten or darken it until it stands out from the paper.

MAPS = {  # perceptual maps as anchors at equal distances; a role stands for the theme's color
    "cividis": ("#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55",
                "#fee838"),
    "viridis": ("#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b",
                "#fde725"),
    "hills": ("paper", "faint"),
}  # fmt: skip


@dataclass(frozen=True)
class Image:
    """A scalar field ``values`` (rows upward, columns to the right) over ``x`` and ``y``, each (from, to).

    ``low`` and ``high`` are drawn with the first and the last color of the map; NaN is left transparent.
    """

    values: Any
    x: tuple
    y: tuple
    colors: str = "cividis"
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True)
class Path:
    """A line through ``points`` (n, 2); a NaN lifts the pen. ``dots`` is the radius of a dot at each point."""

    points: Any
    color: str = "ink"
    width: float = 1.5
    dash: tuple = ()
    dots: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True)
class Points:
    """Markers at ``points`` (n, 2): a "disk", "ring", "cross" or "square" of radius ``size``."""

    points: Any
    color: str = "ink"
    size: float = 4.0
    shape: str = "disk"
    opacity: float = 1.0


@dataclass(frozen=True)
class Arrows:
    """Straight lines from ``tails`` to ``tips``, both (n, 2); ``head`` is the length of the arrow head, 0 for none."""

    tails: Any
    tips: Any
    color: str = "ink"
    width: float = 1.5
    head: float = 7.0
    dash: tuple = ()


@dataclass(frozen=True)
class Text:
    """A direct label at (x, y), shifted by ``dx`` and ``dy`` (upward) pixels; "left" starts it there.

    ``halo`` is the color around the letters, that of what lies behind them.
    """

    x: float
    y: float
    text: str
    color: str = "ink"
    align: str = "left"
    dx: float = 0.0
    dy: float = 0.0
    size: float = 12.0
    bold: bool = False
    halo: str = "paper"


@dataclass(frozen=True)
class Region:
    """The inside of the polygon ``points`` (n, 2)."""

    points: Any
    color: str = "faint"
    opacity: float = 0.5


@dataclass(frozen=True)
class Rule:
    """A line across the panel at one value of the axis "x" or "y", with its label at the far end."""

    at: float
    axis: str = "y"
    color: str = "muted"
    width: float = 1.0
    dash: tuple = (4, 3)
    label: str = ""


MARKS = (Image, Path, Points, Arrows, Text, Region, Rule)


@dataclass(frozen=True)
class Axis:
    """From ``low`` to ``high``; ``log`` for a logarithmic scale (both ends positive)."""

    low: float
    high: float
    label: str = ""
    log: bool = False

    def ticks(self):
        """Positions and labels of the ticks; a front end may leave out labels that would touch."""
        places = decades(self.low, self.high) if self.log else nice(self.low, self.high)
        return places, tuple(tick_label(place, self.log) for place in places)


@dataclass(frozen=True)
class Panel:
    """One picture: two axes and its marks, drawn in order, first those in the ``back``, which seldom change.

    ``alt`` is what a screen reader says, ``weight`` the share of the width, ``equal`` the same scale on both axes.
    """

    x: Axis
    y: Axis
    marks: tuple
    title: str = ""
    alt: str = ""
    weight: float = 1.0
    equal: bool = False
    back: tuple = ()


@dataclass(frozen=True)
class Goal:
    """What is to be reached, in one line, and whether it is."""

    text: str
    reached: bool = False

    def __post_init__(self):
        object.__setattr__(self, "reached", bool(self.reached))  # comparisons of arrays give NumPy's own kind


@dataclass(frozen=True)
class Scene:
    """What an explorer answers: panels, the text that says the same in words, and the goal.

    ``limits`` marks values on sliders, ``{control: ((value, label), ...)}``;
    ``readouts`` replaces a control's own words for its value, ``{control: text}``.
    """

    panels: tuple
    text: str
    goal: Goal | None = None
    limits: Any = None
    readouts: Any = None


def nice(low, high, about=5):
    """About so many round numbers between low and high."""
    rough = (high - low) / about
    unit = 10.0 ** floor(log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough * 0.999)
    return tuple(round(i * step, 12) for i in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))


def decades(low, high, about=6):
    """Powers of ten between low and high, at most about so many."""
    first, last = ceil(log10(low) - 1e-9), floor(log10(high) + 1e-9)
    stride = max(1, ceil((last - first) / about))
    return tuple(10.0**k for k in range(first, last + 1) if k % stride == 0)


SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def tick_label(value, log=False):
    """A short label: 0.5, −2, or 10⁻³ on a logarithmic axis."""
    if log and not 0.01 <= value <= 1000:
        return "10" + f"{round(log10(value))}".translate(SUPERSCRIPT)
    return f"{value:g}".replace("-", "−")


# ---------------------------------------------------------------------------------------------- on the wire


def wire(thing):
    """Plain data for the front end: dataclasses as dicts with their kind, arrays as float32 or uint8 buffers."""
    if isinstance(thing, Image):
        return {**_fields(thing), "values": _buffer(levels(thing)), "colors": list(MAPS[thing.colors])}
    if isinstance(thing, Panel):
        sent = _fields(thing)
        return {**sent, "key": fingerprint(sent["back"])}
    if isinstance(thing, Axis):
        return {**_fields(thing), "ticks": [list(part) for part in thing.ticks()]}
    if is_dataclass(thing):
        return _fields(thing)
    if isinstance(thing, np.ndarray):
        return _buffer(finite32(thing))
    if isinstance(thing, dict):
        return {key: wire(value) for key, value in thing.items()}
    if isinstance(thing, (tuple, list)):
        return [wire(value) for value in thing]
    return thing.item() if isinstance(thing, np.generic) else thing


def _fields(thing):
    return {"kind": kind(thing)} | {f.name: wire(getattr(thing, f.name)) for f in fields(thing)}


def fingerprint(sent, seed=0):
    """A number that changes when what is sent does; a front end draws the back of a panel anew only then."""
    if isinstance(sent, dict):
        sent = list(sent.items())
    if isinstance(sent, (list, tuple)):
        for part in sent:
            seed = fingerprint(part, seed)
        return seed
    return crc32(sent if isinstance(sent, bytes) else repr(sent).encode(), seed)


def kind(thing):
    """The name of a mark on the wire."""
    return type(thing).__name__.lower()


def _buffer(array):
    array = np.ascontiguousarray(array)
    return {"type": array.dtype.str[1:], "shape": list(array.shape), "data": array.tobytes()}


def finite32(array):
    """float32, with what a canvas cannot hold (infinite, beyond 1e30) turned into NaN: there the pen is lifted."""
    array = np.asarray(array, dtype=float)
    return np.where(np.abs(array) < 1e30, array, np.nan).astype(np.float32)


def levels(image):
    """The field as colors 0 to 254 of the map, 255 where it is transparent, uint8 of the field's shape."""
    values = np.asarray(image.values, dtype=float)
    share = np.clip((values - image.low) / (image.high - image.low), 0, 1)
    return np.where(np.isnan(share), 255, np.rint(np.nan_to_num(share) * 254)).astype(np.uint8)
