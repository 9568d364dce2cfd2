"""The process that confined processes are forked from: NumPy and the problems loaded once, no reference ever.

Run as a script, never imported:

    zygote.py nursery FD PATH    load once, and fork warm processes as ordered on the socket FD
    zygote.py once PORT PATH     become one confined process, where there is no fork

PATH is the scorer's ``sys.path``, as JSON.

A warm process (`serve`) forks a confined one for each submission. Where the system has namespaces it is two processes:
the keeper, which stays outside and clears up when all is over, and the warm process itself, the first of a world of its
own that ends with it. The package `course_lib` is set up by hand here, without its ``__init__``: only what is imported
below exists.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
import types

gc.disable()  # until all is loaded: none of it is garbage
COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAFE = ("calling", "lessons", "problems", "wire", "grading.channel", "grading.confine", "grading.memoryless",
        "grading.watch", "grading.child")
PRACTICE = "import numpy as np\ndef f(x, *rest):\n    return np.array([x, rest[0] is None]), [np.sqrt(2.0)]"
MOMENT = 0.5
GLANCE = 0.05  # seconds between two looks at the memory of a submission


def begin():
    """The package and its subpackage, with nothing imported yet."""
    return [package("course_lib", COURSE), package("course_lib.grading", os.path.join(COURSE, "grading"))]


def package(name, folder):
    """An empty package whose modules are in a folder."""
    made = sys.modules[name] = types.ModuleType(name)
    made.__path__ = [folder]
    return made


def load(packages):
    """Import what is safe beside a student's code, and make the rest of the course impossible to find."""
    for name in SAFE:
        importlib.import_module(f"course_lib.{name}")
    sys.dont_write_bytecode, os.environ["PYTHONDONTWRITEBYTECODE"] = True, "1"
    for made in packages:
        made.__path__ = []
    sys.modules["course_lib.grading.standins"].install()


def practice():
    """Do once what every submission needs, so that each finds its modules loaded and its code in the quick form."""
    import fcntl  # noqa: F401 (for `aside`)

    from course_lib import wire
    from course_lib.calling import Case, Given
    from course_lib.grading import child

    space, feeds = {}, [(1.0,)] * 8
    rng = Given("rng", {"seed": 0})
    asked = (Case({"x": [1.0], "rng": rng}, ""), Case({"times": 8, "x": 1.0, "rng": rng}, "", probe="repeat"),
             Case({"state": (1.0, 2.0), "feeds": feeds}, "", probe="chain"))  # fmt: skip
    for _ in range(8):
        child.run_cell("practice", PRACTICE, True, space)
        for case in wire.loads(wire.dumps(list(asked))):
            wire.dumps(child.outcome_of(space["f"], case, 10.0))
    child.linecache.cache.clear()


def preload(names):
    """Import heavy packages once, before the fork, for submissions that use them."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:  # the student's own import will say so
            continue


def become(sock, confinement, force):
    """Confine this process with the layers in force, say so, and serve one submission in it."""
    from course_lib.grading import channel, child, confine

    confine.confine(confinement, force)
    try:
        line = channel.Channel(sock)
        line.send("confined")
        child.serve(line, confinement.limits.patience)
    except (channel.Closed, channel.Broken):
        pass
    finally:
        os._exit(0)


# ------------------------------------------------------------------------------------------------- with fork


def raise_all(sock, packages):
    """Fork a process for each order, until there is nobody left to give any; load all that they need before the first.

    Only one that tells what confinement there is needs none of it: if that is asked first, it is told meanwhile.
    """
    from course_lib.grading import nursery

    signal.signal(signal.SIGCHLD, take_note)
    order = nursery.next_order(sock)
    if order and not order[0]["serve"]:
        raise_one(sock, *order)
        order = None
    load(packages)
    practice()
    gc.freeze()
    gc.enable()
    while order := order or nursery.next_order(sock):
        raise_one(sock, *order)
        order = None
    with contextlib.suppress(ChildProcessError):  # whoever started it waits for all
        while True:
            os.wait()


def raise_one(sock, request, files):
    """Fork the process that is ordered; its files are its own."""
    if not os.fork():
        sock.close()
        grow_up(request, *files)
    for file in files:
        os.close(file)


def take_note(*_):
    """Take note of the death of children, which nobody else will."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def grow_up(request, control, errors):
    """Become a warm process, or tell what confinement there is; ends this process."""
    from course_lib.grading import confine, keeper, nursery, plan

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.dup2(errors, 2)
        os.close(errors)
        os.chdir(request["folder"])
        control, pid, known = socket.socket(fileno=control), os.getpid(), request["known"]
        user, without = confine.unused_user(), request["without"]
        if not request["serve"]:
            told = plan.found_out(user)
            keeper.clear_up()  # a scorer that was killed meanwhile does not
            control.sendall(nursery.told(*told, pid))
            return
        made = plan.Plan(keeper.keep(without, known), user, without, known)
        control.sendall(nursery.told(made.force, made.refused, pid))
        serve(control, made)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def serve(control, plan):
    """Do what the scorer asks on a socket: F forks a child, E or G ends it; when the scorer is gone, all ends."""
    from course_lib.grading import keeper
    from course_lib.grading.channel import Channel, Closed
    from course_lib.grading.confine import ADOPT_ORPHANS, prctl

    prctl(ADOPT_ORPHANS, 1)
    channel, pid, most = Channel(control, ahead=False), 0, 0
    gc.freeze()
    try:
        while True:
            watched(control, pid, most if "watch" in plan.force else 0)
            order, fds = orders(control)
            if order in (b"E", b"G"):
                channel.send(end(pid, gone=order == b"G"))
                pid = 0
            elif order == b"F":
                request = channel.receive()
                preload(request["preload"])
                confinement = plan.of(request)
                pid, most = fork(control, fds[0], confinement, plan), confinement.limits.memory
                channel.send(0 if plan.world else pid)  # a number of another world means nothing there
            else:
                break
    except Closed:
        pass
    end(pid)
    if not plan.world:
        keeper.clear_up()


def watched(control, pid, most):
    """Wait for an order; meanwhile kill a child whose processes use more memory together than so many bytes."""
    from course_lib.grading.watch import together

    while pid and most and not select.select([control], [], [], GLANCE)[0]:
        if together(os.getpid()) > most:
            kill(pid)
            return


def orders(control):
    """The next order of one byte, and the socket that may come with it."""
    control.settimeout(None)
    try:
        order, fds, *_ = socket.recv_fds(control, 1, 1)
    except OSError:
        return b"", []
    return order, fds


def fork(control, fd, confinement, plan):
    """Fork a child that serves on the socket `fd`; its process id."""
    pid = plan.fork()
    if pid:
        os.close(fd)
        return pid
    try:
        control.close()
        fd, rules = aside(fd, confinement.rules)
        become(socket.socket(fileno=fd), confinement._replace(rules=rules), plan.force)
    finally:
        os._exit(1)


def aside(*fds):
    """Open files under numbers that no program hits by accident, and that nothing it starts inherits; others close."""
    import fcntl

    moved, free = [], 100
    for fd in fds:
        moved.append(fd and fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, free))
        free = moved[-1] + 1 if fd else free
    kept = [2, *filter(None, moved), min(os.sysconf("SC_OPEN_MAX"), 65_536)]
    for before, after in zip(kept, kept[1:]):
        os.closerange(before + 1, after)
    return moved


def end(pid, gone=False):
    """Kill the child and all it started; how it ended, as an exit code: -1000 when it was still running.

    Args:
        pid: its process id; 0 for none.
        gone: it has hung up, so it has a moment to end by itself.
    """
    from course_lib.grading.watch import children

    if not pid:
        return 0
    status = waited(pid, MOMENT if gone else 0)
    kill(pid)
    if status is None:
        os.waitpid(pid, 0)
    for _ in range(100):  # orphans come to us, also those that left the group; and theirs, when they die
        if not [bury(orphan) for orphan in children(os.getpid())]:
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


# ---------------------------------------------------------------------------------------------- without fork


def once(port):
    """Connect to the scorer, say the word that was given on standard input, and serve one submission."""
    from course_lib.grading.channel import Channel
    from course_lib.grading.confine import Confinement, Limits

    sock = socket.create_connection(("127.0.0.1", port))
    sock.sendall(sys.stdin.readline().strip().encode())
    request = Channel(sock, ahead=False).receive()
    preload(request["preload"])
    gc.freeze()
    gc.enable()
    become(sock, Confinement(request["folder"], Limits(*request["limits"])), request["force"])


if __name__ == "__main__":
    mode, number, path = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    sys.path[:] = path
    packages = begin()
    from course_lib.grading import confine, keeper, nursery, plan, view  # noqa: F401 (found by no path later)

    sys.path[:] = view.packages(path)
    if mode == "once":
        load(packages)
        once(number)
    else:
        raise_all(socket.socket(fileno=number), packages)
    os._exit(0)  # there is nothing to clear up, which would take a while
