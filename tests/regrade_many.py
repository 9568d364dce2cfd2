"""Grade the same submissions again and again, from nothing, and count the different results: there should be one.

    python -m tests.regrade_many --times 100

Each time is another process with another hash seed, with one or two workers in turn.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from demo_submissions import AVERAGED, CRASHING, IN_PLACE, worksheet, write
from kill_and_resume import SAME, ask

CARELESS = """
import random
def momentum_step(x, v, g, lr, beta):
    order = {"a", "b", "c"}
    v = beta * v - lr * g if random.random() < 0.7 and next(iter(order)) else v
    return x + v, v
"""
COUNTING = """
calls = []
def momentum_step(x, v, g, lr, beta):
    calls.append(1)
    v = beta * v - (lr if len(calls) < 9 else 0) * g
    return x + v, v
"""
SUBMISSIONS = {name: worksheet(momentum_step=answer) for name, answer in {
    "averages": AVERAGED, "crashes": CRASHING, "in-place": IN_PLACE, "draws-carelessly": CARELESS,
    "counts-its-calls": COUNTING}.items()} | {"right": worksheet()}  # fmt: skip


def grade(folder, out, turn):
    """Grade in a process of its own."""
    command = [sys.executable, "-m", "course_lib", "grade", folder, "--out", out, "--seed", "s", "--quiet",
               "--jobs", str(1 + turn % 2)]  # fmt: skip
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": str(turn)})
    return str(ask(out, SAME))


def main():
    """Grade so many times; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=100)
    with tempfile.TemporaryDirectory() as folder:
        folder, times = Path(folder), parser.parse_args().times
        write(folder / "in", SUBMISSIONS)
        results = {grade(folder / "in", folder / str(turn), turn) for turn in range(times)}
    print(f"{times} times {len(SUBMISSIONS)} submissions, as many hash seeds: {len(results)} result(s).")
    return 0 if len(results) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
