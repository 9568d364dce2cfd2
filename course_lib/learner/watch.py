"""A limit on the time of a call, for functions that are called thousands of times a second.

`timeout.time_limit` may start a thread for each block; here one thread watches all calls, and a call costs about a
microsecond. Like there, Python code is interrupted, a single long call into compiled code is not.
"""

import threading
from time import perf_counter, sleep

from course_lib.timeout import TimeUp, interrupt


class Watch:
    """``watch(function, *args)`` is ``function(*args)``, or `TimeUp` after so many seconds.

    A call inside a watched call runs on the time of the outer one.

    Args:
        seconds: how long a call may take; the watch looks four times as often, so it may be a quarter longer.
    """

    def __init__(self, seconds):
        self.seconds, self.ends, self.lock, self.thread = seconds, {}, threading.Lock(), None

    def __call__(self, function, *args, **kwargs):
        me = threading.get_ident()
        if me in self.ends:
            return function(*args, **kwargs)
        end = self.ends[me] = perf_counter() + self.seconds
        try:
            if self.thread is None:
                self._begin()
            return self._call(me, end, function, args, kwargs)
        except TimeUp:  # it may have arrived on the way into `_leave`
            self._leave(me, end)
            raise

    def _call(self, me, end, function, args, kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            self._leave(me, end)

    def _begin(self):
        self.thread = threading.Thread(target=self._look, name="watch over the learner's functions", daemon=True)
        self.thread.start()

    def _look(self):
        while True:
            sleep(self.seconds / 4)
            with self.lock:
                for thread, end in list(self.ends.items()):
                    if perf_counter() > end:  # again at each look: a bare `except:` may have swallowed the first
                        interrupt(thread)

    def _leave(self, me, end):
        """End the watch over this thread: from here on nothing is raised in it."""
        while me in self.ends:
            try:
                with self.lock:
                    del self.ends[me]
            except TimeUp:  # it arrived between the last line of the function and here
                continue
        try:
            for _ in range(2):  # one that was sent and has not arrived does so here, at the latest
                pass
        except TimeUp:
            pass
