"""Sentences that the build does not let stand when they are untrue."""

import numpy as np

from course_lib.showing import display


def claim(sentence, holds):
    """Show a sentence of the text, and fail the cell, and so the build, when it does not hold.

    Args:
        sentence: Markdown; what is compared or counted is formatted into it from the run, not typed.
        holds: the assertion behind it: one truth value, or an array of them.

    Raises:
        AssertionError: it does not hold.
        TypeError: ``holds`` is no truth value, or an empty array of them.
    """
    if np.asarray(holds).dtype != bool or not np.size(holds):
        raise TypeError(f"A claim needs a truth value, such as steps < 100, not {holds!r}.")
    if not np.all(holds):
        raise AssertionError(f"The text claims what the run does not show: {sentence}")
    display({"text/markdown": f"<small>✓ measured here:</small> {sentence}", "text/plain": f"✓ {sentence}"})
