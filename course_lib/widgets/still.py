"""A scene as a still picture by matplotlib, for pages where no kernel runs."""

from base64 import b64encode
from io import BytesIO

import numpy as np

from course_lib.widgets.scene import MAPS, kind

PAPER = {"ink": "#1f2328", "muted": "#6b7280", "faint": "#cfd8e3", "paper": "#ffffff", "white": "#ffffff",
         "black": "#0b1526"}  # fmt: skip
SHAPES = {"disk": "o", "ring": "o", "cross": "x", "square": "s"}
DPI = 96


def png(scene):
    """The scene as PNG, base64 text as a notebook wants it; matplotlib's own style, whatever the notebook's is."""
    import matplotlib.style

    file = BytesIO()
    with matplotlib.style.context("default"):
        figure(scene).savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return b64encode(file.getvalue()).decode()


def figure(scene):
    """The scene as a matplotlib Figure that no pyplot knows of."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(9.5, 3.6), layout="constrained", facecolor=PAPER["paper"])
    FigureCanvasAgg(fig)
    weights = [panel.weight for panel in scene.panels]
    axes = fig.subplots(1, len(scene.panels), squeeze=False, width_ratios=weights)[0]
    for ax, panel in zip(axes, scene.panels, strict=True):
        draw_panel(ax, panel)
    return fig


def draw_panel(ax, panel):
    """One panel on one axes."""
    ax.set_title(panel.title, loc="left", fontsize=10, fontweight="bold", color=PAPER["ink"])
    for set_scale, axis in ((ax.set_xscale, panel.x), (ax.set_yscale, panel.y)):
        set_scale("log" if axis.log else "linear")
    for z, mark in enumerate((*panel.back, *panel.marks)):
        DRAW[kind(mark)](ax, mark, z + 2)
    dress(ax, panel)


def dress(ax, panel):
    """Limits, ticks and labels as the front end draws them."""
    for side, axis in (("x", panel.x), ("y", panel.y)):
        places, labels = axis.ticks()
        getattr(ax, f"set_{side}ticks")(places, labels, fontsize=8, color=PAPER["muted"])
        getattr(ax, f"set_{side}lim")(axis.low, axis.high)
    ax.set_xlabel(panel.x.label, fontsize=9, color=PAPER["muted"])
    ax.set_ylabel(panel.y.label, fontsize=9, color=PAPER["muted"])
    ax.minorticks_off()
    ax.tick_params(color=PAPER["faint"])
    ax.spines[:].set_visible(False)
    ax.set_aspect("equal" if panel.equal else "auto")


def color(name):
    """A role's color on white paper, or the color itself."""
    return PAPER.get(name, name)


def _image(ax, mark, z):
    from matplotlib.colors import LinearSegmentedColormap

    ramp = LinearSegmentedColormap.from_list(mark.colors, [color(name) for name in MAPS[mark.colors]])
    box = {"extent": (*mark.x, *mark.y), "origin": "lower", "aspect": "auto"}
    ax.imshow(mark.values, cmap=ramp, vmin=mark.low, vmax=mark.high, interpolation="bilinear", zorder=z, **box)


def _path(ax, mark, z):
    look = {"color": color(mark.color), "linewidth": mark.width, "alpha": mark.opacity, "zorder": z}
    dots = {"marker": "o", "markersize": 2 * mark.dots, "markeredgecolor": "white",
            "markeredgewidth": 0.6} if mark.dots else {}
    ax.plot(*_columns(mark.points), linestyle=(0, mark.dash) if mark.dash else "-", **dots, **look)


def _points(ax, mark, z):
    look = {"color": color(mark.color), "markersize": 2 * mark.size, "alpha": mark.opacity, "zorder": z}
    fill = "none" if mark.shape == "ring" else "full"
    ax.plot(*_columns(mark.points), SHAPES[mark.shape], fillstyle=fill, linestyle="none", **look)


def _arrows(ax, mark, z):
    style = {"arrowstyle": "-|>" if mark.head else "-", "color": color(mark.color), "linewidth": mark.width,
             "linestyle": (0, mark.dash) if mark.dash else "-", "shrinkA": 0, "shrinkB": 0}  # fmt: skip
    for tail, tip in zip(mark.tails, mark.tips, strict=True):
        note = ax.annotate("", xy=tip, xytext=tail, arrowprops=style, zorder=z, annotation_clip=False)
        note.arrow_patch.set_clip_path(ax.patch)


def _text(ax, mark, z):
    from matplotlib.patheffects import withStroke

    look = {"fontsize": mark.size * 0.75, "fontweight": "bold" if mark.bold else "normal", "ha": mark.align}
    halo = [withStroke(linewidth=2.5, foreground=color(mark.halo))]
    ax.annotate(mark.text, (mark.x, mark.y), (mark.dx * 0.75, mark.dy * 0.75), textcoords="offset points", va="center",
                color=color(mark.color), path_effects=halo, zorder=z, annotation_clip=True, **look)  # fmt: skip


def _region(ax, mark, z):
    ax.fill(*_columns(mark.points), color=color(mark.color), alpha=mark.opacity, linewidth=0, zorder=z)


def _rule(ax, mark, z):
    line = ax.axhline if mark.axis == "y" else ax.axvline
    line(mark.at, color=color(mark.color), lw=mark.width, ls=(0, mark.dash) if mark.dash else "-", zorder=z)
    place = {"y": ((1, mark.at), "bottom", "right"), "x": ((mark.at, 1), "top", "left")}[mark.axis]
    xy, va, ha = place
    frame = ax.get_yaxis_transform() if mark.axis == "y" else ax.get_xaxis_transform()
    ax.text(*xy, f" {mark.label} ", transform=frame, va=va, ha=ha, fontsize=8, color=color(mark.color), zorder=z)


def _columns(points):
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    return np.where(np.abs(points) < 1e30, points, np.nan).T


DRAW = {"image": _image, "path": _path, "points": _points, "arrows": _arrows, "text": _text, "region": _region,
        "rule": _rule}  # fmt: skip
