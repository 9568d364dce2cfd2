"""Kill a grading run at random moments, start it again each time, and compare with a run that nobody disturbed.

    python -m tests.kill_and_resume --submissions 200 --kills 20

The last column says how many submissions are stored whole after the kill; the last lines, whether the final gradebook
is that of the undisturbed run, and whether anything was graded twice.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from demo_submissions import AVERAGED, CRASHING, IN_PLACE, UPHILL, worksheet, write

from course_lib import exercises

ANSWERS = ({}, *({"momentum_step": answer} for answer in (AVERAGED, UPHILL, CRASHING, IN_PLACE)))
SAME = """SELECT student, lesson, attempt, sha256, s.status, reason, exercise, key, points, max_points, v.status,
    diagnosis, message, detail FROM submissions s LEFT JOIN verdicts v ON submission = s.id ORDER BY 1, 2, 3, 7"""


def submissions(folder, number):
    """Write so many small submissions, of five kinds in turn."""
    return write(folder, {f"student-{i:04d}": worksheet(**ANSWERS[i % len(ANSWERS)]) for i in range(number)})


def start(folder, out, jobs):
    """Start a run."""
    command = [sys.executable, "-m", "course_lib", "grade", folder, "--out", out, "--seed", "kill", "--jobs", str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def ask(out, query):
    """Read from the gradebook of a run, as another program may at any moment; [] while there is none."""
    path = Path(out) / "gradebook.sqlite"
    if not path.exists() or not path.stat().st_size:
        return []
    connection = sqlite3.connect(path, timeout=10)
    try:
        return connection.execute(query).fetchall()
    except sqlite3.OperationalError:  # its tables are being made
        return []
    finally:
        connection.close()


def stored(out):
    """How many submissions are graded."""
    rows = ask(out, "SELECT count(*) FROM submissions WHERE status <> 'not graded'")
    return rows[0][0] if rows else 0


def halves(out):
    """Submissions that are graded and have not all their verdicts, or the other way round: there should be none."""
    each = len(exercises.of_lesson("05"))
    return ask(out, f"""SELECT student, count(exercise) FROM submissions s LEFT JOIN verdicts ON submission = s.id
        GROUP BY s.id HAVING count(exercise) <> CASE s.status WHEN 'not graded' THEN 0 ELSE {each} END""")


def kill_once(folder, out, jobs, rng, most):
    """Start a run, kill it after a random number of further submissions and a moment; (seconds, stored after it)."""
    began, goal = time.monotonic(), stored(out) + rng.randint(0, most)
    run = start(folder, out, jobs)
    if goal == stored(out):
        time.sleep(rng.uniform(0, 1.5))  # somewhere in its beginning
    while stored(out) < goal and run.poll() is None:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.05))
    run.kill()
    run.communicate()
    return time.monotonic() - began, stored(out)


def disturb(folder, out, number, kills, jobs=2, seed=0, say=lambda line: None):
    """Kill a run so many times, then let it end; the exit code and output of the last run.

    Raises:
        AssertionError: a kill left half a submission, a damaged file, or lost what was stored.
    """
    rng, before = random.Random(seed), 0
    for i in range(1, kills + 1):
        seconds, after = kill_once(folder, out, jobs, rng, max(1, 2 * (number - before) // (kills - i + 2)))
        say(f"{i:>4} {seconds:>8.2f} {before:>8} {after:>8}")
        assert after >= before and not halves(out)
        assert ask(out, "PRAGMA integrity_check") in ([("ok",)], [])
        before = after
    last = start(folder, out, jobs)
    output, errors = last.communicate(timeout=600)
    return last.returncode, output + errors


def compare(out, calm):
    """(whether two gradebooks say the same, how many marks were graded twice in the first)."""
    return ask(out, SAME) == ask(calm, SAME), len(ask(out, "SELECT 1 FROM history"))


def main():
    """Run it all, and print the table; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        submissions(folder / "in", args.submissions)
        start(folder / "in", folder / "calm", args.jobs).communicate()
        print(f"{'kill':>4} {'after s':>8} {'before':>8} {'stored':>8}", flush=True)
        code, output = disturb(folder / "in", folder / "out", args.submissions, args.kills, args.jobs, args.seed,
                               lambda line: print(line, flush=True))  # fmt: skip
        same, twice = compare(folder / "out", folder / "calm")
        marks = [(folder / name / "grades.csv").read_bytes() for name in ("out", "calm")]
    print("\n".join(line for line in output.splitlines() if "graded" in line or "unchanged" in line))
    print(f"Gradebook equal to the undisturbed one: {same}; grades.csv equal: {marks[0] == marks[1]}; "
          f"marks graded twice: {twice}; exit code {code}.")  # fmt: skip
    return 0 if same and marks[0] == marks[1] and not twice and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
