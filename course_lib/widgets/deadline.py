"""A limit on the time that somebody else's function may take, in this very thread and on every system."""

import ctypes
import threading
from contextlib import contextmanager

from course_lib.run import run

PATIENCE = 2.0  # seconds that a learner's function may take for one picture


class _OutOfTime(BaseException):
    """Raised inside the slow function; no ``except Exception`` of its own may catch it."""


class _Alarm:
    """Raises `_OutOfTime` in the thread that made it, unless it is switched off before."""

    def __init__(self, seconds):
        self.thread, self.rang, self.off, self.lock = threading.get_ident(), False, False, threading.Lock()
        self.timer = threading.Timer(seconds, self.ring)
        self.timer.daemon = True
        self.timer.start()

    def ring(self):
        with self.lock:
            if not self.off:
                self.rang = True
                self._raise(ctypes.py_object(_OutOfTime))

    def switch_off(self):
        """From here on nothing is raised; what was raised and has not arrived yet is taken back."""
        with self.lock:
            self.off = True
            self._raise(None)
        self.timer.cancel()

    def _raise(self, exception):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), exception)


@contextmanager
def deadline(seconds):
    """Give up what runs inside after so many seconds.

    A single call into compiled code is not cut short: the limit strikes when it comes back to Python.

    Raises:
        TimeoutError: it took longer.
    """
    alarm = _Alarm(seconds)
    try:
        try:
            yield
        finally:
            alarm.switch_off()
    except _OutOfTime:
        pass
    if alarm.rang:
        raise TimeoutError(f"it did not finish within {seconds:g} seconds")


def film(step, ours, *args, **options):
    """The trace of a run with ``ours``, a step of the library, or with somebody else's ``step`` if there is one.

    Raises:
        TimeoutError: somebody else's step took longer than `PATIENCE` seconds.
        Exception: whatever it raises.
    """
    if step is None:
        return run(ours, *args, **options)
    with deadline(PATIENCE):
        return run(step, *args, **options)
