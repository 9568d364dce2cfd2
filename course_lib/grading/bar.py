"""What one sees while many are graded: a bar on a terminal, plain lines elsewhere, a line a submission in a log."""

import re
import shutil
import sys
import time
from contextlib import suppress
from datetime import datetime, timezone

WIDTH = 24  # letters of the bar itself
REDRAW = 0.1  # seconds: more often only costs time
APART = 5.0  # seconds between plain lines
TENTHS = 10


class Bar:
    """Call `step` once an item, and `end` when there are no more.

    Args:
        total: how many items.
        stream: where to write: a bar that is drawn again and again on a terminal, at most ten lines elsewhere.
        clock: seconds that only grow.
        quiet: write nothing at all.
    """

    def __init__(self, total, stream=None, clock=time.monotonic, quiet=False):
        self.total, self.done = total, 0
        self.stream, self.clock, self.quiet = stream or sys.stderr, clock, quiet
        self.began = self.shown = clock()
        self.live, self.open = self.stream.isatty(), False
        self.draw()

    def step(self):
        """One more is done."""
        self.done += 1
        now = self.clock()
        if self.live and (self.done == self.total or now - self.shown >= REDRAW):
            self.draw(now)
        elif not self.live and self.due(now):
            self.plain(now)

    def due(self, now):
        """Whether a plain line is due: a tenth is full, and the last line is not of a moment ago."""
        tenth = self.done * TENTHS // self.total > (self.done - 1) * TENTHS // self.total
        return tenth and self.done < self.total and now - self.shown >= APART

    def draw(self, now=None):
        """Draw the bar in its place, on a terminal."""
        if not self.live or self.quiet or not self.total:
            return
        room = shutil.get_terminal_size().columns - 1
        self.write(f"\r{self.line(now)[:room]}\x1b[K")
        self.shown, self.open = self.began if now is None else now, True

    def plain(self, now):
        """Write where it stands as a line of its own."""
        self.shown = now
        if not self.quiet:
            self.write(f"{self.done:,} of {self.total:,} graded, {self.pace(now)}\n")

    def end(self):
        """Leave the line of the bar, also when not all are done; what is written next begins a new one."""
        if self.open:
            self.draw(self.clock())
            self.write("\n")
        self.open = False

    def write(self, text):
        """Write at once."""
        self.stream.write(text)
        self.stream.flush()

    def line(self, now=None):
        """The bar as text."""
        full = round(WIDTH * self.done / self.total)
        bar = "█" * full + "·" * (WIDTH - full)
        return f"{bar} {self.done:,}/{self.total:,}  {self.pace(now)}"

    def pace(self, now=None):
        """The rate so far, and the time left at this rate."""
        if not self.done:
            return "starting"
        rate = self.done / max((self.clock() if now is None else now) - self.began, 1e-9)
        return f"{rate:.1f} a second  {spelled((self.total - self.done) / rate)} left"


def spelled(seconds):
    """Seconds as m:ss or h:mm:ss."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class Log:
    """A line a submission, added to a file: UTC time, student, lesson, status, seconds, reason; tabs between.

    Args:
        path: the file; what stands in it stays.
        total: how many submissions are to be graded.
    """

    def __init__(self, path, total):
        self.file = open(path, "a", encoding="utf-8", errors="replace", buffering=1)  # noqa: SIM115 (closed by `end`)
        self.row(f"# {total} to grade")

    def line(self, graded):
        """One is graded, `Graded`."""
        found = graded.found
        self.row(found.student, found.lesson, graded.status, f"{graded.seconds:.3f}", graded.reason)

    def row(self, *entries):
        """Write entries, in which nothing can pass for the end of an entry or a line."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with suppress(OSError):  # marks matter more than the log of them
            self.file.write("\t".join(re.sub(r"\s", " ", entry) for entry in (now, *entries)).rstrip() + "\n")

    def end(self):
        """Close the file."""
        with suppress(OSError):
            self.file.close()
