"""One assignment, the same for every grader: five exercises, twenty students, and tests as an instructor writes them.

Run as a program it is the course's command line, for which lesson 05 holds these five exercises alone:
``python tests/bench/five.py grade SUBMISSIONS --out DIR``. Worker processes load this file too, so it holds there.
"""

import json
import sys
import textwrap
from contextlib import nullcontext
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from course_lib.grading import garbage, nursery  # noqa: E402 (found by the line above)

if __name__ == "__main__":
    nursery.begin()
with garbage.none() if __name__ == "__main__" else nullcontext():  # both as the command line does before it loads them
    from course_lib import exercises

    for number in ("04", "05", "07", "08", "09"):  # to ask for one by its id alone would load all lessons
        exercises.of_lesson(number)
FIVE = tuple(exercises.get(id) for id in ("momentum.step", "adam.step", "batch.minibatches", "ga.tournament",
                                          "anneal.accept"))  # fmt: skip
elsewhere = exercises.of_lesson
exercises.of_lesson = lambda number: FIVE if number == "05" else elsewhere(number)

NAME = "05_momentum.ipynb"
HEAD = "import numpy as np"
TESTS = {
    "momentum_step": """
        for seed in range(5):
            x, v, g = np.random.default_rng(seed).normal(size=(3, 4))
            new_x, new_v = momentum_step(x, v, g, 0.1, 0.9)
            assert np.allclose(new_v, 0.9 * v - 0.1 * g), "the velocity is not beta v - lr g"
            assert np.allclose(new_x, x + 0.9 * v - 0.1 * g), "the point does not move by the velocity"
    """,
    "adam_step": """
        for seed in range(5):
            x, m, g = np.random.default_rng(seed).normal(size=(3, 4))
            v, t = m**2, seed
            new_x, new_m, new_v, new_t = adam_step(x, m, v, t, g, 0.1, 0.9, 0.999, 1e-3)
            first, second = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            length = first / (1 - 0.9 ** (t + 1)) / (np.sqrt(second / (1 - 0.999 ** (t + 1))) + 1e-3)
            assert new_t == t + 1 and np.allclose(new_m, first) and np.allclose(new_v, second), "the averages"
            assert np.allclose(new_x, x - 0.1 * length), "the step"
    """,
    "minibatches": """
        rng = np.random.default_rng(0)
        for n, size in ((10, 3), (12, 4), (5, 9)):
            some = minibatches(n, size, rng)
            assert sorted(np.concatenate(some).tolist()) == list(range(n)), "each example once"
            assert all(len(batch) == size for batch in some[:-1]), "all but the last are full"
        assert not np.array_equal(minibatches(99, 99, rng)[0], minibatches(99, 99, rng)[0]), "a fresh order"
    """,
    "select_by_tournament": """
        cost, rng = np.array([3.0, 1.0, 2.0, 5.0, 4.0]), np.random.default_rng(0)
        winners = np.asarray(select_by_tournament(cost, 2, 8000, rng))
        assert winners.shape == (8000,), "so many winners"
        for place, share in zip(np.argsort(cost), np.diff(1 - np.linspace(1, 0, 6) ** 2)):
            assert abs(np.mean(winners == place) - share) < 0.03, "how often each wins"
    """,
    "accept": """
        rng = np.random.default_rng(0)
        assert all(accept(-1.0, 0.5, rng) for _ in range(50)), "what is better is taken"
        for delta, T in ((0.7, 2.4), (2.0, 0.8)):
            rate = np.mean([accept(delta, T, rng) for _ in range(1200)])
            assert abs(rate - np.exp(-delta / T)) < 0.06, "the probability"
    """,
}
TESTS = {name: textwrap.dedent(text).strip() for name, text in TESTS.items()}
STUDENTS = [f"student{i:02d}" for i in range(20)]


def answers(i):
    """The five answers of student `i`: twelve are all right, six have one wrong, two have one that crashes."""
    from demo_submissions import solved  # not when this is run as the grader

    texts = {exercise.name: solved(exercise) for exercise in FIVE}
    exercise = FIVE[i % len(FIVE)]
    if 12 <= i < 18:
        texts[exercise.name] = wrong(exercise)
    elif i >= 18:
        texts[exercise.name] = f"def {exercise.signature}:\n    return undefined_name"
    return texts


WRONG = {
    "momentum_step": ("beta * v - lr * g", "beta * v + lr * g"),
    "adam_step": ("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)"),
    "minibatches": ("range(0, n, batch_size)", "range(0, n - batch_size + 1, batch_size)"),
    "select_by_tournament": (".argmin(", ".argmax("),
    "accept": ("np.exp(-delta / T)", "np.exp(-delta * T)"),
}


def wrong(exercise):
    """A plausible wrong answer."""
    from demo_submissions import solved

    right, mistake = WRONG[exercise.name]
    assert right in solved(exercise), exercise.name
    return solved(exercise).replace(right, mistake)


def cell(source, **metadata):
    """A code cell."""
    return {"cell_type": "code", "metadata": metadata, "execution_count": None, "outputs": [], "source": source}


def notebook(cells):
    """A notebook as text; format 4.4, which has no cell ids."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps({"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4})


def plain(i):
    """The notebook of student `i`, without tests."""
    return notebook([cell(HEAD), *map(cell, answers(i).values())])


if __name__ == "__main__":
    from course_lib.__main__ import run

    run()
