"""A progress bar with rate and time left, for a terminal; silent elsewhere."""

import sys
import time


class Bar:
    """Call `step` once an item.

    Args:
        total: how many items.
        stream: where to draw; nothing is drawn where that is no terminal.
        clock: seconds that only grow.
    """

    def __init__(self, total, stream=None, clock=time.monotonic):
        self.total, self.done = total, 0
        self.stream, self.clock = stream or sys.stderr, clock
        self.began, self.live = clock(), self.stream.isatty()

    def step(self):
        """One more is done."""
        self.done += 1
        if self.live:
            self.stream.write(f"\r{self.line()}\x1b[K" + ("\n" if self.done == self.total else ""))
            self.stream.flush()

    def line(self):
        """The bar as text."""
        rate = self.done / max(self.clock() - self.began, 1e-9)
        left = round((self.total - self.done) / max(rate, 1e-9))
        full = round(24 * self.done / self.total)
        bar = "█" * full + "·" * (24 - full)
        return f"{bar} {self.done}/{self.total}  {rate:.1f} a second  {left // 60}:{left % 60:02d} left"
