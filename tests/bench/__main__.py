"""Run every bench_*.py beside this file, each in a process of its own: `python -m tests.bench [NAME ...]`.

With names (`numeric`, `widgets`) only those; without, all but those that take long or install something. A bench
prints its table, or says in a sentence what it lacks.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ASKED_FOR = {"grading", "scale"}
BENCHES = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}


def main(names):
    unknown = set(names) - set(BENCHES)
    if unknown:
        sys.exit(f"There is no bench {', '.join(sorted(unknown))}: choose among {', '.join(BENCHES)}.")
    asked = names or [name for name in BENCHES if name not in ASKED_FOR]
    failed = [name for name in asked if bench(name)]
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


def bench(name):
    """Run one and return its exit code."""
    print(f"== {name} ==", flush=True)
    code = subprocess.run([sys.executable, BENCHES[name]], cwd=HERE.parents[1]).returncode
    print(flush=True)
    return code


if __name__ == "__main__":
    main(sys.argv[1:])
