"""The one list of lessons; everything that enumerates lessons reads it."""

from typing import NamedTuple


class Lesson(NamedTuple):
    """One lesson: its two-digit number, its slug, its title, its color and the minutes it takes."""

    number: str
    slug: str
    title: str
    color: str
    minutes: int

    @property
    def stem(self):
        """The name that the lesson, its worksheet and its key share, without the ending."""
        return f"{self.number}_{self.slug}"


LESSONS = (
    Lesson("00", "start_here", "Start here", "#5b6770", 50),
    Lesson("01", "exhaustive_search", "Exhaustive and random search", "#7a7a7a", 125),
    Lesson("02", "gradient_descent", "Gradient descent", "#0072b2", 130),
    Lesson("03", "stochastic_gradient_descent", "Stochastic gradient descent", "#56b4e9", 105),
    Lesson("04", "mini_batch", "Mini-batches and schedules", "#009e73", 105),
    Lesson("05", "momentum", "Momentum and Nesterov", "#d55e00", 120),
    Lesson("06", "rmsprop", "Adagrad and RMSProp", "#cc79a7", 105),
    Lesson("07", "adam", "Adam and its family", "#b8860b", 140),
    Lesson("08", "genetic_algorithms", "Genetic algorithms", "#6a3d9a", 140),
    Lesson("09", "simulated_annealing", "Simulated annealing", "#b22222", 130),
    Lesson("10", "second_order_and_stability", "Second order and stability", "#1b7837", 230),
    Lesson("11", "hybrids_and_tuning", "Hybrids and tuning", "#8c510a", 115),
    Lesson("12", "which_optimizer_when", "Which optimizer when", "#333333", 180),
)


def lesson(key):
    """The lesson with this number (``"05"`` or ``5``), slug or stem.

    Raises:
        KeyError: no lesson has that number, slug or stem.
    """
    text = f"{key:02d}" if isinstance(key, int) else str(key)
    for entry in LESSONS:
        if text in (entry.number, entry.slug, entry.stem):
            return entry
    raise KeyError(f"There is no lesson {key!r}: the lessons are {', '.join(e.number for e in LESSONS)}.")
