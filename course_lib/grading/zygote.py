"""The process that confined processes are forked from: NumPy and the problems loaded once, no reference ever.

Run as a script, never imported:

    zygote.py serve FD PATH WITHOUT    fork a child for each submission, as asked on the socket FD
    zygote.py once PORT PATH WITHOUT   become one, where there is no fork
    zygote.py offer 0 PATH WITHOUT     print which layers of confinement this system offers

PATH is the scorer's ``sys.path``, WITHOUT the layers to leave out, both as JSON.

Where the system has namespaces, `serve` is two processes: the keeper, which stays outside and clears up when all is
over, and the warm process, the first of a world of its own that ends with it. The package `course_lib` is set up by
hand here, without its ``__init__``: only what is imported below exists.
"""

import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import types

COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAFE = ("calling", "lessons", "problems", "wire", "grading.channel", "grading.confine", "grading.watch",
        "grading.child")
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
    for made in packages:
        made.__path__ = []
    sys.modules["course_lib.grading.standins"].install()


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


def rehearsed(confinement, without):
    """What comes of each layer, found out in a process that is thrown away: ``{name: "" or why it is refused}``."""
    from course_lib.grading import confine

    return told_by(lambda: confine.rehearse(confinement, without))


def told_by(steps):
    """The pairs that an iterable yields in a process that is thrown away, as a dict; it may end at any of them."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            for pair in steps():
                os.write(theirs, json.dumps(pair).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours) as lines:
        told = dict(map(json.loads, lines))
    os.waitpid(pid, 0)
    return told


# ------------------------------------------------------------------------------------------------- the keeper


def keep(control, without):
    """Stay outside, with the warm process in a world of its own; where there are no namespaces, be the warm process."""
    from course_lib.grading import kernel, namespaces

    why = world_refused(without)
    if not why:
        namespaces.separate()
        pid = os.fork()
        if pid:
            control.close()
            os.waitpid(pid, 0)
            clear_up()
            os._exit(0)
        kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGKILL)
    return why


def clear_up():
    """Remove the folder of the sandbox: a scorer that was killed has not done it."""
    if os.path.basename(os.getcwd()).startswith("course-sandbox-"):
        shutil.rmtree(os.getcwd(), ignore_errors=True)


def world_refused(without):
    """Why there can be no world of its own, or ""; tried out in a process that is thrown away."""
    if "namespaces" in without:
        return "it is switched off"
    return told_by(try_world).get("namespaces", "the system ended the trial")


def try_world():
    """Do all that a world of its own needs; yields what came of it."""
    from course_lib.grading import namespaces

    try:
        namespaces.separate()
        told = told_by(try_inside)
    except OSError as error:
        told = {"namespaces": str(error)}
    yield from told.items()


def try_inside():
    """The part that is done by the first process inside."""
    from course_lib.grading import namespaces

    try:
        namespaces.remember_home()
        namespaces.build(os.getcwd())
        pid = namespaces.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
        yield "namespaces", ""
    except OSError as error:
        yield "namespaces", str(error)


# ------------------------------------------------------------------------------------------------- with fork


class Plan:
    """How confined processes are made here: found out once, used for each.

    Args:
        why: why there is no world of its own, or "".
        user: the number of a user to become, or 0.
        without: names of layers to leave out.
    """

    def __init__(self, why, user, without=()):
        from course_lib.grading import confine, namespaces, view, watch

        self.statm, self.world = size_file(), not why
        readable = [part for path in view.paths() for part in ([path] if self.world else view.without_course(path))]
        if self.world:
            namespaces.remember_home()
            namespaces.build(os.getcwd())
            tempfile.tempdir = namespaces.ROOM
        room = tempfile.mkdtemp(dir=None if self.world else os.getcwd())
        self.confinement = confine.Confinement(room, confine.Limits(), self.world, user, tuple(readable), self.size())
        told = rehearsed(self.confinement, without)
        shutil.rmtree(room, ignore_errors=True)
        told["watch"] = "" if watch.offered() and "watch" not in without else "/proc does not tell"
        self.force = [name for name, reason in told.items() if not reason]
        self.refused = {name: reason for name, reason in told.items() if reason} | ({"namespaces": why} if why else {})

    def size(self):
        """Bytes of address space of this process; None where the system does not tell."""
        from course_lib.grading.confine import address_space

        return None if self.statm is None else address_space(self.statm)

    def of(self, request):
        """The `Confinement` of one submission."""
        from course_lib.grading.confine import Limits

        user = self.confinement.user if "user" in self.force else 0
        limits = Limits(*request["limits"])
        return self.confinement._replace(folder=request["folder"], limits=limits, user=user, loaded=self.size())

    def fork(self):
        """`os.fork`, into a world of processes of its own where there is one."""
        from course_lib.grading import namespaces

        return namespaces.fork() if self.world else os.fork()


def size_file():
    """What tells the size of this process, open: /proc may be gone later."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def serve(control, plan):
    """Do what the scorer asks on a socket: F forks a child, E or G ends it; when the scorer is gone, all ends."""
    from course_lib.grading.channel import Channel, Closed
    from course_lib.grading.confine import ADOPT_ORPHANS, prctl

    prctl(ADOPT_ORPHANS, 1)
    channel, pid, most = Channel(control), 0, 0
    gc.freeze()
    channel.send({"force": plan.force, "refused": plan.refused})
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
        clear_up()


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
        become(aside(fd), confinement, plan.force)
    finally:
        os._exit(1)


def aside(fd):
    """The socket under a number that no program hits by accident, and that nothing it starts inherits."""
    import fcntl

    number = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 100)
    os.closerange(3, number)
    os.closerange(number + 1, min(os.sysconf("SC_OPEN_MAX"), 65_536))
    return socket.socket(fileno=number)


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
    request = Channel(sock).receive()
    preload(request["preload"])
    become(sock, Confinement(request["folder"], Limits(*request["limits"])), request["force"])


if __name__ == "__main__":
    mode, number, path, without = sys.argv[1], int(sys.argv[2]), *map(json.loads, sys.argv[3:])
    sys.path[:] = path
    packages = begin()
    from course_lib.grading import confine, view

    sys.path[:] = view.packages(path)
    if mode == "once":
        load(packages)
        once(number)
        sys.exit()
    control, user = socket.socket(fileno=number) if number else socket.socket(), confine.unused_user()
    refused = keep(control, without)
    if mode == "offer":
        plan = Plan(refused, user, without)
        os.write(1, json.dumps({"force": plan.force, "refused": plan.refused}).encode())
    else:
        load(packages)
        serve(control, Plan(refused, user, without))
