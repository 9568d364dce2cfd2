"""Whether a process was kept waiting: it wanted to run, and the machine ran others.

Only that can make a time-out a matter of luck. A loop without end gets its processor, and a function that sleeps
does not want one: neither is starved, and neither earns another try.
"""

import os
import threading
import time
from pathlib import Path

FIRST, EVERY = 0.6, 0.1  # seconds: nobody who is done by then is looked at
WANTING, SERVED = 0.5, 0.8  # starved: wants to run in more than half of all looks, and gets less than so much of it
PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Meter:
    """Looks at all processes below one, from a thread of its own, for as long as the block runs.

    Args:
        process: gives the ``Popen`` at the top, or None while there is none.
    """

    def __init__(self, process):
        self.process, self.ended, self.looks = process, threading.Event(), []

    def __enter__(self):
        self.thread = threading.Thread(target=self._watch, name="load", daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.ended.set()
        self.thread.join()

    def _watch(self):
        seconds = FIRST
        while not self.ended.wait(seconds):
            process, seconds = self.process(), EVERY
            if process is not None:
                self.looks.append((time.monotonic(), *below(process.pid)))

    def starved(self, enough):
        """Whether it wanted to run and could not, for a good part of the time, and got fewer CPU seconds than these."""
        return starved(self.looks, enough, crowded())


def starved(looks, enough, crowded):
    """The verdict on a series of looks, each (second, {process: CPU seconds}, whether one of them wants to run).

    Args:
        looks: in their order.
        enough: CPU seconds after which nobody was starved.
        crowded: what to believe where nothing can be seen.
    """
    if not any(seen for _, seen, _ in looks):
        return crowded
    pairs = [(b[0] - a[0], spent(a[1], b[1])) for a, b in zip(looks, looks[1:]) if b[2]]
    wanted, got = sum(seconds for seconds, _ in pairs), sum(cpu for _, cpu in pairs)
    total = looks[-1][0] - looks[0][0]
    return wanted > WANTING * total and got < SERVED * min(wanted, enough)


def spent(before, after):
    """CPU seconds of the processes that two looks have both seen."""
    return sum(after[pid] - before[pid] for pid in before.keys() & after.keys())


def crowded():
    """Whether more processes want to run than there are cores, over the last minute; False where nobody knows."""
    try:
        return os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1)
    except (AttributeError, OSError):
        return False


def below(pid):
    """({process: CPU seconds}, whether one of them wants to run) of this process and all below it, where /proc is."""
    seen, wants, todo = {}, False, [pid]
    while todo:
        one = todo.pop()
        state, seconds = stat(one)
        if state:
            seen[one], wants = seconds, wants or state == "R"
            todo.extend(child for child in children(one) if child not in seen)
    return seen, wants


def stat(pid):
    """(state, CPU seconds) of a process; ("", 0) when it is gone."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", 0.0
    return fields[0], (int(fields[11]) + int(fields[12])) / TICKS


def children(pid):
    """The processes whose parent this is."""
    try:
        return [int(text) for text in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    except (OSError, ValueError):
        return []
