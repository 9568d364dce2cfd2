"""What the numeric layer costs: its import against NumPy alone, a step of Adam against PyTorch's, a check.

Each figure is a median over runs that alternate with those it is compared with. PyTorch stands in no environment
of the course: the steps are measured by the Python that ORACLE_PYTHON names, or that of `.venv-oracles`, which
`make oracles` fills.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # a Python of its own for PyTorch does not know the course

IMPORTS = {
    "numpy": "import numpy",
    "course_lib": "import course_lib",
    "numeric layer": "import course_lib.problems, course_lib.run",
}


def seconds(code):
    """How long a fresh Python takes for this import."""
    timed = f"from time import perf_counter as now; t = now(); {code}; print(now() - t)"
    return float(subprocess.run([sys.executable, "-c", timed], cwd=ROOT, capture_output=True, check=True).stdout)


def imports(runs=11):
    """Rows (what, median seconds)."""
    times = [{what: seconds(code) for what, code in IMPORTS.items()} for _ in range(runs + 1)][1:]  # the first warms
    return [(what, median(run[what] for run in times)) for what in IMPORTS]


class Given:
    """A problem whose gradient costs nothing, so that the step alone is measured."""

    def __init__(self, g):
        self.g = g

    def grad(self, x):
        return self.g


def our_adam(g):
    from course_lib.optimizers import AdamState, adam

    state, f = AdamState(np.zeros_like(g)), Given(g)

    def step():
        nonlocal state
        state = adam(state, f, None, lr=0.01)

    return step


def torch_adam(g):
    import torch

    torch.set_num_threads(1)
    p = torch.zeros(len(g), dtype=torch.float64, requires_grad=True)
    p.grad = torch.tensor(g)
    return torch.optim.Adam([p], lr=0.01).step


def a_step(step, times=1000):
    """Mean seconds of a step."""
    start = perf_counter()
    for _ in range(times):
        step()
    return (perf_counter() - start) / times


def steps(n, runs=15):
    """Median seconds of a step of Adam on n weights: ours, and PyTorch's or None."""
    g, rivals = np.random.default_rng(0).standard_normal(n), {"ours": our_adam, "torch": torch_adam}
    try:
        makers = {name: make(g) for name, make in rivals.items()}
    except ImportError:
        makers = {"ours": our_adam(g)}
    times = [{name: a_step(step) for name, step in makers.items()} for _ in range(runs + 1)][1:]
    return {name: median(run[name] for run in times) for name in makers}


def python_with_torch():
    """The Python that has PyTorch, as far as anyone said; else this one."""
    own = [ROOT / ".venv-oracles" / folder for folder in ("bin/python", "Scripts/python.exe")]
    return os.environ.get("ORACLE_PYTHON") or next((str(p) for p in own if p.exists()), sys.executable)


def measured_steps(sizes=(10, 1000)):
    """``{n: times}``, from the Python that has PyTorch."""
    done = subprocess.run([python_with_torch(), __file__, *map(str, sizes)], capture_output=True, check=True)
    return json.loads(done.stdout)


def main():
    rows = imports()
    for what, time in rows:
        print(f"import {what:24}{time * 1e3:8.1f} ms   {time / rows[0][1]:5.2f} x NumPy alone")
    for n, times in measured_steps().items():
        print(f"a step of Adam, n = {n:11}{times['ours'] * 1e6:8.1f} us", end="   ")
        print(f"PyTorch {times['torch'] * 1e6:.1f} us" if "torch" in times else "PyTorch: run `make oracles` first.")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps({n: steps(int(n)) for n in sys.argv[1:]}))
    else:
        main()
