"""A limit of time for a block of Python code, which works on every system and in every thread.

In the main thread of a process that uses no alarm itself it is an alarm of the system, which costs microseconds;
elsewhere a thread watches the block. Both interrupt Python code, not a single long call into compiled code: a confined
process has harder limits.
"""

import ctypes
import signal
import threading
from contextlib import contextmanager

AGAIN = 0.5  # seconds to the next interruption, where the first one was swallowed


class TimeUp(BaseException):
    """The time for one call is used up. No `Exception`, so that ``except Exception`` does not swallow it."""


def time_limit(seconds):
    """A context that raises `TimeUp` in this thread when its block takes longer, and again; None: never."""
    if seconds is None:
        return _no_limit()
    return _by_alarm(seconds) if _alarm_is_free() else _by_thread(seconds)


@contextmanager
def _no_limit():
    yield


def _alarm_is_free():
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) == signal.SIG_DFL
        and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        and signal.SIGALRM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())  # it would never ring
    )


@contextmanager
def _by_alarm(seconds):
    signal.signal(signal.SIGALRM, _ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), AGAIN)
        yield
    finally:
        while True:  # it may ring between any two of these lines
            try:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                break
            except TimeUp:
                continue


def _ring(number, frame):
    raise TimeUp


@contextmanager
def _by_thread(seconds):
    me, running, ended, turn = threading.get_ident(), [True], threading.Lock(), threading.Lock()
    ended.acquire()
    guard = threading.Thread(target=_guard, args=(me, seconds, running, ended, turn), name="time limit", daemon=True)
    try:
        guard.start()
        yield
    finally:
        while running:  # an interruption may still arrive between any two of these lines, and none may be lost
            try:
                with turn:
                    running.clear()
                    ended.release()
            except TimeUp:
                continue
        try:
            for _ in range(2):  # one that was sent and has not arrived does so here, at the latest
                pass
        except TimeUp:
            pass


def _guard(thread, seconds, running, ended, turn):
    """Interrupt a thread when its time is up, until the block has ended. Runs in a thread of its own."""
    while not ended.acquire(timeout=seconds):
        with turn:
            if not running:
                return
            interrupt(thread)
        seconds = AGAIN


def interrupt(thread):
    """Have `TimeUp` raised in a thread; never take one back: Python 3.11 goes in circles then when it is traced."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TimeUp))
