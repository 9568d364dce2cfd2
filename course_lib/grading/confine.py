"""What the confined process gives up before it runs a line of a student's code, layer by layer.

Every layer is a function of the `Confinement`; `LAYERS` is the order. Stronger layers (another user, namespaces,
seccomp, landlock) belong into the same table.
"""

import ctypes
import os
import sys
import tempfile
from typing import NamedTuple

try:
    import resource
except ImportError:  # Windows
    resource = None

LINUX = sys.platform == "linux"
DIE_WITH_PARENT, ADOPT_ORPHANS = 1, 36  # numbers of prctl, from linux/prctl.h


class Limits(NamedTuple):
    """What one submission may use.

    Attributes:
        seconds: wall time for one exercise with all its cases; then the process is killed.
        patience: wall time for one case; then a loop is interrupted, so that its line can be named.
        cell: wall time for one cell.
        cells: wall time for all runs of all cells of a submission.
        cpu: CPU seconds of a process in all.
        memory: bytes beyond what is loaded at the start.
        file: bytes of a file it writes.
        files: open files.
        processes: further processes and threads, of which the user's other programs need some; does not bind root.
    """

    seconds: float = 4.0
    patience: float = 2.0
    cell: float = 4.0
    cells: float = 20.0
    cpu: int = 60
    memory: int = 1_000_000_000
    file: int = 16_000_000
    files: int = 128
    processes: int = 500


class Confinement(NamedTuple):
    """Where and within which limits: a folder of its own, and the `Limits`."""

    folder: str
    limits: Limits


def own_session(confinement):
    """Its own process group, so that all it starts is killed with it; no life without its parent."""
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()
    prctl(DIE_WITH_PARENT, 9)


def nothing_to_say(confinement):
    """What it prints goes nowhere, and there is nothing to read."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(fd, mode, closefd=False) for fd, mode in enumerate("rww"))


def own_folder(confinement):
    """A folder of its own, the current one, for temporary files and as home."""
    folder = confinement.folder
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, TEMP=folder, TMP=folder)
    tempfile.tempdir = folder


def resources(confinement):
    """Limits that the system keeps."""
    if resource is None:
        return
    limits = confinement.limits
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_CPU", limits.cpu)
    _limit("RLIMIT_FSIZE", limits.file)
    _limit("RLIMIT_NOFILE", limits.files)
    if LINUX:
        _limit("RLIMIT_AS", _address_space() + limits.memory)
        _limit("RLIMIT_NPROC", threads_of_user() + limits.processes)


LAYERS = (own_session, nothing_to_say, own_folder, resources)


def confine(confinement):
    """Apply all layers to this process; there is no way back."""
    for layer in LAYERS:
        layer(confinement)


def prctl(option, value):
    """Ask the Linux kernel for a property of this process; elsewhere nothing."""
    if LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def threads_of_user():
    """How many threads this user runs in all, by /proc; root, whom the limit does not bind, is not counted."""
    if os.getuid() == 0:
        return 0
    return sum(map(_own_threads, filter(str.isdigit, os.listdir("/proc"))))


def _own_threads(pid):
    try:
        return len(os.listdir(f"/proc/{pid}/task")) if os.stat(f"/proc/{pid}").st_uid == os.getuid() else 0
    except OSError:
        return 0


def _limit(name, value):
    which = getattr(resource, name)
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(which, (value, value))


def _address_space():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
