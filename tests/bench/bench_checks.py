"""How long a learner waits for a verdict: each exercise's right and wrong answers, examined as a worksheet does.

A wrong answer waits longer, for the zoo is tried to name the mistake. Those that hang on purpose are left out:
they take as long as the patience that is set.
"""

import sys
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

try:
    from course_lib.checking import calling_here, examine
    from course_lib.exercises import all_exercises
except ImportError as missing:
    sys.exit(f"The checks cannot be measured: {missing}.")

SEEDS = range(3)


def seconds(exercise, answer, seed):
    """How long one examination takes."""
    start = perf_counter()
    examine(exercise, calling_here(answer), seed=seed)
    return perf_counter() - start


def right_answers(exercise):
    return [exercise.reference, *exercise.styles]


def wrong_answers(exercise):
    return [mistake.make() for mistake in exercise.zoo if not mistake.hangs]


def times(exercise, answers):
    """Seconds for each answer and seed."""
    return [seconds(exercise, answer, seed) for seed in SEEDS for answer in answers(exercise)]


def row(title, right, wrong):
    """A line of the table, in milliseconds."""
    figures = (figure * 1e3 for part in (right, wrong) for figure in (median(part), p95(part)))
    return f"{title:34}" + "".join(f"{figure:12.1f}" for figure in figures)


def p95(part):
    return quantiles(part, n=20, method="inclusive")[-1]


def main():
    print(f"{'ms for a verdict':34}" + "".join(f"{head:>12}" for head in ("right", "p95", "wrong", "p95")))
    right, wrong = [], []
    for exercise in all_exercises():
        examine(exercise, calling_here(exercise.reference))  # the first call imports
        mine = times(exercise, right_answers), times(exercise, wrong_answers)
        print(row(exercise.id, *mine), flush=True)
        right, wrong = right + mine[0], wrong + mine[1]
    print(row("all exercises", right, wrong))


if __name__ == "__main__":
    main()
