"""The process that confined processes are forked from: NumPy and the problems loaded once, no reference ever.

Run as a script, never imported: ``zygote.py serve FD PATH`` forks a child for each submission, ``zygote.py once PORT
PATH`` becomes one, where there is no fork. PATH is the scorer's ``sys.path`` as JSON.

The package `course_lib` is set up by hand here, without its ``__init__``: only what is imported below exists.
"""

import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import types

COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAFE = ("calling", "lessons", "problems", "wire", "grading.channel", "grading.confine", "grading.child")
MOMENT = 0.5


def load():
    """Import what is safe beside a student's code, and make the rest of the course impossible to find."""
    packages = [package("course_lib", COURSE), package("course_lib.grading", os.path.join(COURSE, "grading"))]
    for name in SAFE:
        importlib.import_module(f"course_lib.{name}")
    for made in packages:
        made.__path__ = []
    home = os.path.dirname(COURSE)
    sys.path[:] = [folder for folder in sys.path if folder and os.path.realpath(folder) != os.path.realpath(home)]
    sys.modules["course_lib.grading.standins"].install()


def package(name, folder):
    """An empty package whose modules are in a folder."""
    made = sys.modules[name] = types.ModuleType(name)
    made.__path__ = [folder]
    return made


def preload(names):
    """Import heavy packages once, before the fork, for submissions that use them."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:  # the student's own import will say so
            continue


def become(sock, request):
    """Confine this process, and serve one submission in it."""
    from course_lib.grading import channel, child, confine

    limits = confine.Limits(*request["limits"])
    confine.confine(confine.Confinement(request["folder"], limits))
    try:
        child.serve(channel.Channel(sock), limits.patience)
    except (channel.Closed, channel.Broken):
        pass
    finally:
        os._exit(0)


# ------------------------------------------------------------------------------------------------- with fork


def serve(control):
    """Do what the scorer asks on a socket: F forks a child, E or G ends it; when the scorer is gone, all ends."""
    from course_lib.grading.channel import Channel, Closed
    from course_lib.grading.confine import ADOPT_ORPHANS, prctl

    prctl(ADOPT_ORPHANS, 1)
    channel, pid = Channel(control), 0
    gc.freeze()
    channel.send("ready")
    try:
        while True:
            order, fds = orders(control)
            if order in (b"E", b"G"):
                channel.send(end(pid, gone=order == b"G"))
                pid = 0
            elif order == b"F":
                pid = fork(control, fds[0], channel.receive())
                channel.send(pid)
            else:
                break
    except Closed:
        pass
    end(pid)
    shutil.rmtree(os.getcwd(), ignore_errors=True)  # a scorer that was killed has not done it


def orders(control):
    """The next order of one byte, and the socket that may come with it."""
    control.settimeout(None)
    try:
        order, fds, *_ = socket.recv_fds(control, 1, 1)
    except OSError:
        return b"", []
    return order, fds


def fork(control, fd, request):
    """Fork a child that serves on the socket `fd`; its process id."""
    preload(request["preload"])
    pid = os.fork()
    if pid:
        os.close(fd)
        return pid
    try:
        control.close()
        become(aside(fd), request)
    finally:
        os._exit(1)


def aside(fd):
    """The socket under a number that no program hits by accident, and that nothing it starts inherits."""
    import fcntl

    number = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
    os.closerange(3, 100)
    return socket.socket(fileno=number)


def end(pid, gone=False):
    """Kill the child and all it started; how it ended, as an exit code: -1000 when it was still running.

    Args:
        pid: its process id; 0 for none.
        gone: it has hung up, so it has a moment to end by itself.
    """
    if not pid:
        return 0
    status = waited(pid, MOMENT if gone else 0)
    kill(pid)
    if status is None:
        os.waitpid(pid, 0)
    for _ in range(100):  # orphans come to us, also those that left the group; and theirs, when they die
        if not [bury(orphan) for orphan in children()]:
            break
    return -1000 if status is None else os.waitstatus_to_exitcode(status)


def waited(pid, seconds):
    """The wait status of a process that ends within so many seconds, or None."""
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done or time.monotonic() >= until:
            return status if done else None
        time.sleep(0.001)


def kill(pid):
    """Kill a process group, and the process too, if it has no group of its own yet."""
    for deadly in (os.killpg, os.kill):
        try:
            deadly(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def bury(pid):
    """Kill a process that was adopted, and take note of its death."""
    kill(pid)
    os.waitpid(pid, 0)
    return pid


def children():
    """The processes whose parent is this one."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return list(map(int, file.read().split()))
    except OSError:
        return []


# ---------------------------------------------------------------------------------------------- without fork


def once(port):
    """Connect to the scorer, say the word that was given on standard input, and serve one submission."""
    from course_lib.grading.channel import Channel

    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(sys.stdin.readline().strip().encode())
    become(sock, Channel(sock).receive())


if __name__ == "__main__":
    mode, number, path = sys.argv[1:]
    sys.path[:] = json.loads(path)
    load()
    if mode == "once":
        once(int(number))
    else:
        serve(socket.socket(fileno=int(number)))
