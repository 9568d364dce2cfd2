"""Figures from a problem and a trace, one look for the whole course; and formula beside code.

A method has one color and one line style everywhere. A figure is shown with `show`, which adds its text twin: what
it says, and the values its lines are made of, so that nobody needs the picture to follow the argument, and the
build can compare figures by their values.
"""

import ast
import inspect
import io
import textwrap
from html import escape
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from course_lib.optimizers import METHODS
from course_lib.showing import display

plt.style.use(Path(__file__).parent / "course.mplstyle")


class Style(NamedTuple):
    """The look of a method: never color alone."""

    color: str
    line: str


STYLE = {
    "gradient_descent": Style("#0072b2", "-"),
    "sgd": Style("#56b4e9", ":"),
    "mini_batch": Style("#009e73", "--"),
    "momentum": Style("#d55e00", "-"),
    "nesterov": Style("#e69f00", "--"),
    "adagrad": Style("#8b5fbf", "-."),
    "rmsprop": Style("#cc79a7", "--"),
    "adam": Style("#b8860b", "-"),
    "adamw": Style("#7f6000", ":"),
    "amsgrad": Style("#5c7f00", "-."),
    "newton": Style("#1b7837", "-"),
    "bfgs": Style("#7b9a26", "--"),
    "textbook_genetic": Style("#b08fd0", ":"),
    "genetic": Style("#6a3d9a", "--"),
    "annealing": Style("#b22222", "-."),
    "grid_search": Style("#7a7a7a", "-"),
    "random_search": Style("#6b8e23", ":"),
}
COLORS = {name: style.color for name, style in STYLE.items()}


def label_of(name):
    """What a method is called in a figure."""
    others = {"sgd": "SGD", "mini_batch": "mini-batch", "bfgs": "BFGS"}
    return METHODS[name].label if name in METHODS else others.get(name, name)


# ----------------------------------------------------------------------------------------------- figures


def landscape(f, ax=None, low=None, high=None, levels=18, n=121):
    """The level lines of a two-dimensional problem on a box (by default its own).

    The levels are closer near the bottom: they are evenly spaced in the cube root of the height.
    """
    ax = ax or plt.subplots(figsize=(4.6, 3.8))[1]
    low, high = (f.bounds[i] if given is None else np.asarray(given, float) for i, given in enumerate((low, high)))
    x, y = (np.linspace(a, b, n) for a, b in zip(low, high, strict=True))
    z = f(np.stack(np.meshgrid(x, y), axis=-1))
    depth = np.cbrt(z - z.min())
    ax.contourf(x, y, depth, levels=levels, cmap="cividis", alpha=0.35)
    ax.contour(x, y, depth, levels=levels, colors="#5b6770", linewidths=0.4, alpha=0.6)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), xlabel="$x_1$", ylabel="$x_2$")
    ax.grid(False)
    return ax


def path(points, name, ax, label=None, every=1, marker=True):
    """The path of a run, ``(T, 2)``, in the look of the method; the start is a ring, the end a dot."""
    points, style = np.asarray(points), STYLE[name]
    ax.plot(*points[::every].T, style.line, color=style.color, label=label or label_of(name), lw=1.4, zorder=3,
            marker="." if marker else "", ms=4)  # fmt: skip
    ax.plot(*points[0], "o", mfc="white", mec=style.color, ms=7, zorder=4)
    ax.plot(*points[-1], "o", color=style.color, ms=6, zorder=4)
    return ax


def curve(values, name, ax, cost=None, label=None):
    """A loss curve over steps, or over ``cost`` where given, on a logarithmic scale, labeled at its end."""
    values, style = np.asarray(values), STYLE[name]
    x = np.arange(len(values)) if cost is None else cost
    ax.plot(x, values, style.line, color=style.color, label=label or label_of(name))
    ax.set(yscale="log", xlabel="steps" if cost is None else "cost (values + gradients)", ylabel="loss")
    return ax


def compare(traces, ax=None, floor=0.0):
    """The best loss so far of several traces ``{name: Trace}`` against what they cost; ``floor`` is subtracted."""
    ax = ax or plt.subplots()[1]
    for name, trace in traces.items():
        curve(np.maximum(trace.best - floor, 1e-16), name, ax, cost=trace.cost)
    ax.set_ylabel("best loss so far" + (" - minimum" if floor else ""))
    ax.legend()
    return ax


def show(fig, caption, alt=None):
    """Show a figure with its caption and its text twin, and close it.

    Args:
        fig: a matplotlib figure, or an axes of it.
        caption: the finding, as a sentence.
        alt: what is to be seen, for whoever can't see it; the caption where none is given.
    """
    fig = getattr(fig, "figure", fig)
    twin = f"{alt or caption}\n{summary(fig)}"
    picture = _png(fig)
    plt.close(fig)
    display({"image/png": picture, "text/plain": twin}, {"image/png": {"alt": twin}})
    display({"text/markdown": f"*{caption}*\n\n{_words(twin)}", "text/plain": caption})


def _words(twin):
    """The text twin under a picture, folded: JupyterLab gives its pictures no alt text."""
    lines = "<br>".join(escape(line.strip()) for line in twin.splitlines())
    return f"<details><summary><small>the figure in words</small></summary>\n<small>{lines}</small>\n</details>"


def summary(fig):
    """The values of a figure as text: for each labeled line its first, middle and last point, and its range."""
    lines = []
    for ax in fig.axes:
        title = ax.get_title(loc="left") or ax.get_ylabel() or "panel"
        lines += [f"[{title}: {ax.get_ylabel() or 'y'} over {ax.get_xlabel() or 'x'}]"]
        lines += [_line_summary(line) for line in ax.get_lines() if not line.get_label().startswith("_")]
    return "\n".join(lines)


def _line_summary(line):
    points = np.array([np.asarray(data, dtype=float) for data in line.get_data()])
    x, y = points[:, np.isfinite(points).all(axis=0)]
    if not len(y):
        return f"  {line.get_label()}: no points"
    places = ", ".join(f"({_brief(x[i])}, {_brief(y[i])})" for i in (0, len(y) // 2, -1))
    return f"  {line.get_label()}: {len(y)} points {places}, lowest {_brief(y.min())}, highest {_brief(y.max())}"


def _brief(number):
    """Three digits; what is smaller than 1e-9 is rounding, which differs between machines."""
    return "about 0" if 0 < abs(number) < 1e-9 else f"{number:.3g}"


def _png(fig):
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


# ------------------------------------------------------------------------------------ formula beside code


def formula_lines(step):
    """Pairs (LaTeX, code): the lines of the formula in the docstring of a step, each with its statement.

    Raises:
        ValueError: there is a line of formula, or of code, too many.
    """
    formula, code = _formula(inspect.getdoc(step)), _statements(step)
    if len(formula) != len(code):
        raise ValueError(f"{step.__name__} has {len(formula)} lines of formula and {len(code)} statements.")
    return list(zip(formula, code, strict=True))


def _formula(doc):
    """The indented lines under "Formula:" in a docstring."""
    lines = doc.partition("Formula:\n")[2].splitlines()
    block = lines[: next((i for i, line in enumerate(lines) if not line.startswith(" ")), len(lines))]
    return [line.strip() for line in block if line.strip()]


def _statements(step):
    """The source of the statements between the first, which unpacks the state, and the last, which packs it."""
    source = textwrap.dedent(inspect.getsource(step))
    body = ast.parse(source).body[0].body
    return [ast.get_source_segment(source, statement) for statement in body[2:-1]]  # [0] is the docstring


class FormulaTable:
    """The update of a method, formula beside code, both from the function that runs."""

    def __init__(self, step):
        self.rows = formula_lines(step)

    def __repr__(self):
        width = max(len(code) for _, code in self.rows)
        return "\n".join(f"{code.ljust(width)}    {latex}" for latex, code in self.rows)

    def _repr_markdown_(self):
        rows = (f"| ${latex}$ | `{code.replace('|', chr(92) + '|')}` |" for latex, code in self.rows)
        return "\n".join(["| formula | code |", "|:--|:--|", *rows])


def formula_beside_code(step):
    """A table of the update of a method: each line of its formula beside the statement that computes it."""
    return FormulaTable(step)
