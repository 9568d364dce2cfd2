"""Ending, signaling, staying: exits, signals, daemons, threads, hooks, and bombs with bounds."""

from .entry import attack, called

DAEMON = """
import os, signal, time
def momentum_step(*args):
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        if os.fork() == 0:
            while True:
                open("still-here", "a").write("x")
                time.sleep(0.05)
        os._exit(0)
    return 1, 1
"""
HOOKS = """
import atexit, signal, sys, threading
class Late:
    def __del__(self):
        while True:
            pass
def again(*args):
    return again
def momentum_step(x, v, g, lr, beta):
    atexit.register(momentum_step, x, v, g, lr, beta)
    sys.settrace(again); threading.settrace(again); sys.setprofile(again)
    sys.excepthook = threading.excepthook = sys.unraisablehook = again
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGXCPU):
        signal.signal(number, again)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    sys.late = Late()
    return x, v
"""

RINGS = """
import signal
from course_lib.timeout import TimeUp
def ring(*args):
    raise TimeUp
"""

ENTRIES = [
    attack("blocks-the-alarm", "blocks the alarm, and never ends", """
        import signal
        def momentum_step(*args):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
            signal.setitimer(signal.ITIMER_REAL, 0)
            while True:
                pass
        """),
    attack("rings-later", "has an alarm of its own ring in whatever runs after it", RINGS + """
def momentum_step(x, v, g, lr, beta):
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 1e-4, 1e-4)
    return x, v
""", spares=False),
    attack("rings-between", "leaves an alarm that rings when the limit of the next call is taken back", RINGS + """
def momentum_step(x, v, g, lr, beta):
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    return x, v
""", spares=False),
    called("exit", "exits", "raise SystemExit(0)"),
    called("exit-at-once", "ends its process, as if all were well", "import os\nos._exit(0)"),
    attack("exit-in-a-cell", "ends its process in a cell", "import os\nos._exit(0)\n"),
    called("interrupt", "raises what ctrl-C raises", "raise KeyboardInterrupt"),
    called("kill-itself", "kills its own process", "import os\nos.kill(os.getpid(), 9)\nraise SystemExit"),
    called("stop-itself", "stops its own process, group and session", """
        import os, signal
        os.killpg(0, signal.SIGSTOP)
        os.kill(os.getpid(), signal.SIGSTOP)
        """),
    called("kill-everybody", "kills its parent, its group, and every process it can think of", """
        import os
        for pid in (os.getppid(), 0, -1, *range(1, 5000)):
            if pid != os.getpid():
                try:
                    os.kill(pid, 9)
                except OSError:
                    continue
        """, danger=True),
    called("stop-everybody", "stops and signals every process, the grader's too", """
        import os
        for pid in (os.getppid(), *range(2, 3000)):
            for number in (1, 2, 15, 19, 20):
                try:
                    os.kill(pid, number) if pid != os.getpid() else None
                except OSError:
                    break
        """, danger=True),
    called("segmentation-fault", "reads where nothing is", "import ctypes\nctypes.string_at(0)"),
    called("abort", "aborts", "import os\nos.abort()"),
    called("no-end-of-stack", "recurses without limit", """
        import sys
        sys.setrecursionlimit(10**9)
        return momentum_step(x, v, g, lr, beta)
        """),
    attack("daemon", "leaves a daemon behind that ignores every signal and writes files", DAEMON, spares=False),
    called("thread-that-stays", "leaves threads behind that change what comes after", """
        import builtins, threading, time
        def later():
            time.sleep(0.1)
            while True:
                np.add = np.sum = np.multiply = None
        threading.Thread(target=later).start()
        return x, v
        """, spares=False),
    called("become-another-program", "becomes another program that keeps the channel", """
        import os, sys
        for fd in range(3, 1024):
            try:
                os.set_inheritable(fd, True)
            except OSError:
                continue
        os.execv(sys.executable, [sys.executable, "-c", "import time\\nwhile True: time.sleep(1)"])
        """),
    called("two-of-it", "answers twice, from a fork", "import os\nos.fork()\nreturn x, v", spares=False),
    called("outlive", "asks the system to let it live on when its parent dies", """
        import ctypes, os
        libc = ctypes.CDLL(None)
        libc.prctl(1, 0, 0, 0, 0)
        libc.prctl(36, 1, 0, 0, 0)
        os.setpgid(0, 0) if os.getpgrp() != os.getpid() else None
        if os.fork():
            os._exit(0)
        while True:
            pass
        """),
    attack("hooks", "registers itself with every hook and signal there is", HOOKS, spares=False),
    called("fork-bomb", "forks, and its forks fork", """
        import os
        for _ in range(500):
            try:
                os.fork()
            except OSError:
                continue
        while True:
            pass
        """),
    called("thread-bomb", "starts threads without end", """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(60,)).start()
        """, spares=False),
    called("memory-bomb", "takes all memory", "a = []\nwhile True:\n    a.append(bytearray(10**7))"),
    called("memory-bomb-in-one", "asks for a terabyte at once", "return np.ones(10**11), v"),
    called("memory-of-a-family", "takes memory in many processes", """
        import os, time
        for _ in range(12):
            if os.fork() == 0:
                block = np.ones(25_000_000)
                time.sleep(60)
        time.sleep(60)
        """),
    called("disk-bomb", "fills the disk", """
        import itertools
        for n in itertools.count():
            with open(f"part{n}", "wb") as file:
                file.write(bytes(10**6))
        """),
    called("file-bomb", "makes files without end, and folders within folders", """
        import itertools, os
        for n in itertools.count():
            os.mkdir("d")
            open("f", "x").close()
            os.chdir("d")
        """),
    called("output-bomb", "prints without end", """
        import os, sys
        while True:
            print("x" * 10**5)
            os.write(2, b"x" * 10**5)
        """),
    called("warning-bomb", "warns of a hundred thousand things, a megabyte each", """
        import warnings
        for n in range(10**5):
            warnings.warn(f"{n}" * 10**6)
        """),
    attack("parser-bomb", "is a text that brings the parser down", "x = " + "(" * 5000 + ")" * 5000 + "\n"
           + "y = " + "-" * 100_000 + "1\ndef momentum_step(*args):\n    return 1, 1\n"),
    attack("slow-to-read", "is a text on which patterns for definitions take hours",
           "'''\n" + "\n" * 400_000 + "from " + "import " * 30_000 + "momentum_step\n'''\n"),
]  # fmt: skip
