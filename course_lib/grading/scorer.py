"""A scoring process of its own, for a host that runs threads: what the examiner watches belongs to a whole process.

A thread of the host that draws a random number, or warns, while an answer is compared would be taken for the doing of
the answer. A plain subprocess rather than one of `multiprocessing`, which daemons may not start. Both sides are ours,
so they speak pickle; no student's code sees this pipe.
"""

import os
import pickle
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).parents[2]


class Scorer:
    """Grades one submission after the other in a process that ends when this one does."""

    def __init__(self):
        self.process = None

    def start(self):
        """Start the process, unless it runs."""
        if self.process is None or self.process.poll() is not None:
            path = os.pathsep.join([str(COURSE), *filter(None, [os.environ.get("PYTHONPATH")])])
            self.process = subprocess.Popen([sys.executable, "-m", "course_lib.grading.scorer"], stdin=subprocess.PIPE,
                                            stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})  # fmt: skip
        return self.process

    def work(self, *request):
        """The `Graded` of ``batch.work(*request)``.

        Raises:
            EOFError, OSError: the process has ended; the next call starts another.
        """
        process = self.start()
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            return pickle.load(process.stdout)
        except BaseException:
            self.close()
            raise

    def close(self):
        """End the process."""
        if self.process:
            self.process.kill()
            self.process.communicate()
        self.process = None


def serve(requests, answers):
    """Grade what comes in until nothing comes."""
    from course_lib.grading import batch

    try:
        while True:
            pickle.dump(batch.work(*pickle.load(requests)), answers)
            answers.flush()
    except EOFError:
        return
    except BrokenPipeError:  # the host was lost while it waited: nor is there anybody to hear what was left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())


if __name__ == "__main__":
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between
    serve(sys.stdin.buffer, answers)
