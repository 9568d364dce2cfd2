"""Declare a claim: who says what, and an experiment that could refute it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Finding(NamedTuple):
    """What was measured under one condition, in the direction of the claim: it says that the mean is above the margin.

    Attributes:
        condition: where it was measured, as the end of "when ...".
        measure: what the numbers are, with their unit.
        sample: one number a seed, (seeds,); paired differences where two methods are compared, each pair from one seed.
        margin: what the mean has to exceed for the claim to hold; a difference that matters to nobody is below it.
    """

    condition: str
    measure: str
    sample: np.ndarray
    margin: float = 0.0


class Claim(NamedTuple):
    """A sentence of popular articles, and its experiment.

    Attributes:
        letter: its place in the list.
        text: the sentence, in our words.
        lesson: number of the lesson where the topic belongs.
        experiment: ``experiment(seeds, full) -> iterable of Finding``; not `full` is a quick form of the same.
    """

    letter: str
    text: str
    lesson: str
    experiment: Callable


CLAIMS = {}


def claimed(letter, text, lesson):
    """Register the decorated experiment as that of a claim."""

    def register(experiment):
        CLAIMS[letter] = Claim(letter, text, lesson, experiment)
        return experiment

    return register
