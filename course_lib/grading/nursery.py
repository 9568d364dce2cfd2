"""The process that warm processes are forked from: all who grade in this process, and in forks of it, share one.

To load NumPy takes far longer than to fork. It is started with the first order, and ends when nobody is left who
could give one. Both of its sides are here; what it forks is in `zygote.py`.
"""

import atexit
import json
import os
import select
import socket
import struct
import subprocess
from functools import lru_cache

from course_lib.grading.start import THREADS, can_fork, spawn

LENGTH = struct.Struct(">I")
MOST_FILES = 4
PREFIX = "course-sandbox-"
_running = []  # at most one


class Nursery:
    """A running nursery."""

    def __init__(self):
        self.starter, (self.sock, theirs) = os.getpid(), socket.socketpair()
        with theirs:
            self.process = spawn("nursery", theirs.fileno(), os.sep, stdin=subprocess.DEVNULL,
                                 pass_fds=[theirs.fileno()])  # fmt: skip
        atexit.register(self.close)

    def order(self, request, files):
        """Send an order in one piece: others may send theirs on the same socket."""
        data = json.dumps(request).encode()
        socket.send_fds(self.sock, [LENGTH.pack(len(data)) + data], files)

    def close(self):
        """Let it end, and see to it that it does; in a fork it is another's, and only let go."""
        self.sock.close()
        if self.starter == os.getpid() and not ends(self.process, 2):
            self.process.kill()
            self.process.wait()


def leave():
    """Let it end as soon as nobody else gives it orders; the end of the program waits for that."""
    for one in _running:
        one.sock.close()


def begin():
    """Start it, where the system can fork, and ask at once what isolation there is; returns at once.

    For a run of many processes: so it also keeps this one, before NumPy is loaded, to one thread.
    """
    for name in THREADS:
        os.environ.setdefault(name, "1")  # those of BLAS take a core from the others even when they do nothing
    if can_fork():
        if not _running:
            _running.append(Nursery())  # it comes up while more is loaded here
        inquiry()


@lru_cache(maxsize=1)
def inquiry():
    """(its folder, socket, open file of complaints) of a process that tells which layers of confinement there are."""
    import tempfile

    folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    return folder, *grown(folder.name, (), serve=False)


def grown(folder, without, known=None, serve=True):
    """(socket, open file of its complaints) of a new process: a warm one, or one that only tells; returns at once.

    Args:
        folder: where it may stand.
        without: names of layers of confinement to leave out.
        known: what another one has told before; None: it finds out for itself.
        serve: whether it stays to fork confined processes, after it has told which layers there are.
    """
    import tempfile

    ours, theirs = socket.socketpair()
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed by whoever asked)
    request = {"folder": str(folder), "without": list(without), "known": known, "serve": serve}
    with theirs:
        order(request, [theirs.fileno(), errors.fileno()])
    return ours, errors


def order(request, files):
    """Have a process forked, from a new nursery if there is none that listens.

    Args:
        request: what it is to be, as plain data.
        files: the numbers of open files that it gets.
    """
    try:
        if _running:
            return _running[0].order(request, files)
    except OSError:  # somebody has killed it
        atexit.unregister(_running[0].close)
        _running.pop().close()
    _running.append(Nursery())
    return _running[0].order(request, files)


def next_order(sock):
    """(request, numbers of its open files) of the next order, in the nursery; None when nobody is left to give any."""
    head, files, *_ = socket.recv_fds(sock, LENGTH.size, MOST_FILES)
    if len(head) < LENGTH.size:
        return None
    return json.loads(sock.recv(*LENGTH.unpack(head), socket.MSG_WAITALL)), files


def told(force, refused, pid):
    """What a process says first, as a frame of `channel`: made by hand, since NumPy may not be loaded yet.

    Args:
        force: the names of the layers of confinement that it has.
        refused: ``{name: why}`` of the others.
        pid: its number.
    """
    data = json.dumps({"dict": {"force": force, "refused": {"dict": refused}, "pid": pid}}).encode()
    return LENGTH.pack(len(data)) + data


def ends(process, seconds):
    """Whether a `Popen` ends within so many seconds; its own `wait` looks up now and then, this sees it at once."""
    try:
        if hasattr(os, "pidfd_open") and process.returncode is None:
            with open(os.pidfd_open(process.pid), "rb", buffering=0) as handle:
                select.select([handle], [], [], seconds)
                seconds = 0
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
