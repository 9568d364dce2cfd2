"""Backgrounds: a function of two variables as bands of height, with the lines of equal value."""

import numpy as np

from course_lib.widgets.scene import Image, Path


def mesh(low, high, n=121):
    """Two axes of n values each, and the points of their grid, shape (n, n, 2), rows upward."""
    x, y = (np.linspace(a, b, n) for a, b in zip(low, high, strict=True))
    return x, y, np.stack(np.meshgrid(x, y), axis=-1)


def hills(f, low, high, lines=11, floor=0.0):
    """The marks of a landscape between low and high: darker is higher, lines crowd where it is steep.

    The height is shown by the root of ``f - floor``, so that the lines of a bowl stand at equal distances.
    """
    x, y, points = mesh(low, high)
    height = np.sqrt(np.maximum(f(points) - floor, 0))
    top = height.max()
    levels = top * np.arange(1, lines + 1) / (lines + 1)
    field = Image(height, (low[0], high[0]), (low[1], high[1]), "hills", low=0.0, high=top)
    return field, Path(contours(x, y, height, levels), "muted", width=0.8, opacity=0.55)


def contours(x, y, z, levels):
    """The lines where z (rows upward) has one of the levels, as one polyline (n, 2) with NaN between the pieces."""
    from contourpy import contour_generator

    generator = contour_generator(x, y, z)
    pieces = [line for level in levels for line in generator.lines(level)]
    return joined(pieces)


def joined(pieces):
    """Polylines as one, the pen lifted between them."""
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for piece in pieces for part in (piece, gap)] or [gap])


def columns(x, y):
    """Points (n, 2) from two sequences."""
    return np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
