"""What is proved of each exercise, as a table: ``python -m tests.zoo_table [seeds]``."""

import sys

from course_lib.checking import RIGHT, calling_here, examine
from course_lib.exercises import all_exercises

PATIENCE = 0.5  # seconds; only members of the zoo that never end use them up


def verdict_on(exercise, function, seed):
    """The verdict on an answer, its points known to lie in their range."""
    verdict = examine(exercise, calling_here(function, PATIENCE), seed)
    assert 0 <= verdict.points <= verdict.max_points == exercise.points
    return verdict


def rejected(exercise, mistake, seeds):
    """Whether no seed lets a mistake pass: neither as right nor with all points."""
    verdicts = [verdict_on(exercise, mistake.make(), seed) for seed in seeds]
    return all(not v.clean and v.points < v.max_points for v in verdicts)


def named(exercise, mistake, seeds):
    """Whether every seed tells a mistake from all others."""
    return all(verdict_on(exercise, mistake.make(), seed).diagnosis == mistake.name for seed in seeds)


def accepted(exercise, function, seeds):
    """Whether every seed finds an answer right, with nothing to mend and all points."""
    verdicts = [verdict_on(exercise, function, seed) for seed in seeds]
    return all(v.status == RIGHT and not v.flaws and v.points == exercise.points for v in verdicts)


def row(exercise, seeds, few):
    """One line of the table; mistakes and styles are tried on the first `few` seeds."""
    right = accepted(exercise, exercise.reference, seeds)
    return (
        exercise.id,
        f"{'right' if right else 'WRONG'} on {len(seeds)}",
        f"{sum(accepted(exercise, style, seeds[:few]) for style in exercise.styles)} of {len(exercise.styles)}",
        len(exercise.zoo),
        sum(rejected(exercise, mistake, seeds[:few]) for mistake in exercise.zoo),
        sum(named(exercise, mistake, seeds[:few]) for mistake in exercise.zoo),
        min(few, len(seeds)),
    )


def main(seeds=50, few=3):
    """Print the table."""
    form = "{:<30}{:>14}{:>12}{:>6}{:>10}{:>7}{:>7}"
    print(form.format("exercise", "reference", "styles", "zoo", "rejected", "named", "seeds"))
    for exercise in all_exercises():
        print(form.format(*row(exercise, range(seeds), few)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
