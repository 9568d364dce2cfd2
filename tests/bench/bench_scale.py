"""What a run costs as the class grows: ``python tests/bench/bench_scale.py [10 100 1000 10000] [--jobs N]``.

Makes a folder of submissions (those of demo_submissions.py without the endless loop, whose price is our patience),
grades it by the command line, and prints wall time, CPU of all processes, the most memory that the process held which
keeps the gradebook, and its share of a submission. Linear cost and flat memory are straight columns.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from time import perf_counter, sleep

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from demo_submissions import SUBMISSIONS, write  # noqa: E402 (found by the line above)

KINDS = [text for name, text in SUBMISSIONS.items() if "endless" not in name]


def peak(pid, seen):
    """Note the most memory of a process, in MB, as long as it runs; Linux only."""
    while True:
        try:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        except OSError:
            return
        seen[:] = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")] or seen
        sleep(0.05)


def measure(count, jobs):
    """(wall seconds, CPU seconds, MB) for so many submissions."""
    with tempfile.TemporaryDirectory(prefix="course-scale-") as folder:
        write(Path(folder) / "in", {f"student{i:06d}": KINDS[i % len(KINDS)] for i in range(count)})
        command = [sys.executable, "-m", "course_lib", "grade", "in", "--out", "out", "--quiet", *jobs]
        before, began, seen = cpu(), perf_counter(), [0]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        watcher = threading.Thread(target=peak, args=(process.pid, seen))
        watcher.start()
        process.wait()
        wall = perf_counter() - began
        watcher.join()
        assert (Path(folder) / "out" / "grades.csv").exists(), "the run ended early"
        return wall, cpu() - before, seen[0]


def cpu():
    """CPU seconds of all processes that this one has seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    """Print the curve."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("counts", nargs="*", type=int, default=[10, 100, 1000], help="how many submissions")
    asked.add_argument("--jobs", help="as of `grade`")
    args = asked.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'submissions':>11} {'wall s':>9} {'CPU s':>9} {'MB':>7} {'wall ms each':>13} {'CPU ms each':>12}")
    for count in args.counts or [10, 100, 1000]:
        wall, used, memory = measure(count, ["--jobs", args.jobs] if args.jobs else [])
        each = f"{1e3 * wall / count:>13.1f} {1e3 * used / count:>12.1f}"
        print(f"{count:>11,} {wall:>9.1f} {used:>9.1f} {memory:>7.0f} {each}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
