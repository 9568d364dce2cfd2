"""A limit of time: it ends what does not end, and leaves nothing behind that could end anything else."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from course_lib import timeout
from course_lib.calling import Case, observe
from course_lib.timeout import TimeUp, time_limit

WAYS = ["thread"] + ["alarm"] * hasattr(signal, "setitimer")


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """Each way to limit, whatever uses the alarm while tests run."""
    if request.param == "thread":
        monkeypatch.setattr(timeout, "_alarm_is_free", lambda: False)
        yield request.param
        return
    handler, left = signal.signal(signal.SIGALRM, signal.SIG_DFL), signal.setitimer(signal.ITIMER_REAL, 0)
    assert timeout._alarm_is_free()
    yield request.param
    assert timeout._alarm_is_free() and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, *left)


def asked(fn, seconds, x):
    """The outcome of one call."""
    return observe(fn, Case({"x": x}, "a trial"), seconds)


def endless(x):
    while True:
        x += 1


def swallowing(x):
    try:
        endless(x)
    except Exception:
        return "swallowed"


@pytest.mark.parametrize("fn", [endless, swallowing])
def test_an_endless_loop_is_ended(way, fn):
    """A loop without end would hang the notebook, even one that swallows every Exception."""
    assert asked(fn, 0.05, 1.0).failure.kind == "TimeUp"


def test_one_except_is_not_enough_to_escape(way):
    """A loop could catch the interruption and go on forever."""

    def stubborn(x):
        caught = []
        while len(caught) < 2:
            try:
                endless(x)
            except BaseException as error:  # what a bare `except:` catches
                caught.append(type(error).__name__)
        return caught

    assert asked(stubborn, 0.02, 1.0).value == ["TimeUp", "TimeUp"]


def guards():
    """The threads that watch."""
    return [thread for thread in threading.enumerate() if thread.name == "time limit"]


def test_no_guard_is_left(way):
    """A thread would stay for every call, and interrupt the learner's next cell."""
    for seconds in (30.0, 0.02):
        asked(endless if seconds < 1 else abs, seconds, 1.0)
        for guard in guards():
            guard.join(10)
        assert guards() == []


def test_no_interruption_arrives_late(way):
    """A call that ends just when its time is up would interrupt whatever comes next."""
    for trial in range(60):
        try:
            with time_limit(0.001):
                time.sleep(0.0005 + trial * 0.00002)
        except TimeUp:
            pass
        for guard in guards():
            guard.join(10)
        assert guards() == []
    for _ in range(1000):
        abs(1)  # an interruption still on its way would arrive here


def test_a_limit_within_a_limit(way):
    """The inner one would switch the outer one off."""
    with pytest.raises(TimeUp), time_limit(0.1):
        with pytest.raises(TimeUp), time_limit(0.02):
            endless(1)
        endless(1)


def test_a_program_with_an_alarm_of_its_own_keeps_it(way):
    """A learner's own alarm would be lost."""
    if way == "thread":
        pytest.skip("only the other way uses the alarm")
    mine = lambda number, frame: None
    signal.signal(signal.SIGALRM, mine)
    try:
        assert asked(endless, 0.02, 1.0).failure.kind == "TimeUp"
        assert signal.getsignal(signal.SIGALRM) is mine
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def test_an_alarm_that_is_set_or_blocked_is_left_alone(way):
    """A watchdog of whoever started this process would be called off; and a blocked alarm would end no loop."""
    if way == "thread":
        pytest.skip("only the other way uses the alarm")
    signal.setitimer(signal.ITIMER_REAL, 600)
    try:
        assert asked(endless, 0.02, 1.0).failure.kind == "TimeUp"
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 500
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        assert asked(endless_for_a_while, 0.02, 1.0).failure.kind == "TimeUp"
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def endless_for_a_while(x):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        x += 1


def test_other_threads_can_be_limited():
    """A slider's callback in a thread of its own would fail, as only the main thread can set an alarm."""
    seen = []
    thread = threading.Thread(target=lambda: seen.append(asked(endless, 0.02, 1.0).failure.kind))
    thread.start()
    thread.join(30)
    assert seen == ["TimeUp"]


def test_no_limit_needs_no_guard():
    """A confined process, which has limits of its own, would carry a thread."""
    before = guards()  # of the tests before, on their way out
    with time_limit(None):
        assert not set(guards()) - set(before)


TRACED = """
import cProfile
from course_lib import timeout
timeout._alarm_is_free = lambda: {alarm}

def limited():
    with timeout.time_limit(5):
        pass
    return sum(i for i in range(1000))

for _ in range(3):
    assert cProfile.Profile().runcall(limited) == 499_500
"""


@pytest.mark.parametrize("alarm", [way == "alarm" for way in WAYS])
def test_a_profiler_or_debugger_can_look_on(alarm):
    """An interruption that is taken back leaves Python 3.11 in a loop as soon as anybody traces it."""
    subprocess.run([sys.executable, "-c", TRACED.format(alarm=alarm)], check=True, timeout=60)


WATCHED = """
import cProfile
from course_lib.learner.watch import Watch
from course_lib.timeout import TimeUp

def endless():
    while True:
        pass

try:
    Watch(0.02)(endless)
except TimeUp:
    pass
assert cProfile.Profile().runcall(lambda: sum(i for i in range(1000))) == 499_500
"""


def test_a_profiler_can_look_on_after_the_watch():
    """The watch over a learner's functions would leave Python in a loop in the same way."""
    subprocess.run([sys.executable, "-c", WATCHED], check=True, timeout=60)
