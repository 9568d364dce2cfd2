"""What the confined process gives up before it runs a line of a student's code, layer by layer.

Every layer is a function of the `Confinement`; `LAYERS` is the order. A layer that the system does not offer raises
OSError: `rehearse` finds out which do, once, and `confine` then applies those and no others, each of them strictly.
"""

import ctypes
import os
import sys
import tempfile
from typing import NamedTuple

from course_lib.grading import kernel, landlock, namespaces, seccomp, view

try:
    import resource
except ImportError:  # Windows
    resource = None

LINUX = sys.platform == "linux"
DIE_WITH_PARENT, ADOPT_ORPHANS = kernel.DIE_WITH_PARENT, kernel.ADOPT_ORPHANS
SPARE = 400  # processes and threads that the user's other programs may start meanwhile
UNUSED = range(62_000, 65_000)  # numbers of users that systems give to nobody


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
        processes: further processes and threads.
        disk: bytes of its temporary space.
    """

    seconds: float = 4.0
    patience: float = 2.0
    cell: float = 4.0
    cells: float = 20.0
    cpu: int = 60
    memory: int = 1_000_000_000
    file: int = 16_000_000
    files: int = 128
    processes: int = 64
    disk: int = 64_000_000


class Confinement(NamedTuple):
    """Where, within which limits, and what was found out beforehand.

    Attributes:
        folder: a folder of its own, where it has no world of its own.
        limits: the `Limits`.
        world: whether `namespaces.build` has been done.
        user: the number of a user that nobody else is; 0 to stay the same.
        readable: the paths it may read.
        rules: an open file with the rules of landlock, made beforehand for all; None to make them of `readable`.
        loaded: bytes of address space before anything of the submission is there; None to look it up.
    """

    folder: str
    limits: Limits
    world: bool = False
    user: int = 0
    readable: tuple = ()
    rules: int | None = None
    loaded: int | None = None


def own_session(confinement):
    """Its own process group, so that all it starts is killed with it."""
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()


def nothing_to_say(confinement):
    """What it prints goes nowhere, and there is nothing to read."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):  # `sys.stdin` and the others go on with these numbers
        os.dup2(null, fd)
    os.close(null)


def own_world(confinement):
    """A world of processes and a disk of its own, on which nothing but the temporary space can be written."""
    if not confinement.world:
        raise OSError("it has no world of its own")
    user = confinement.user or os.geteuid()
    namespaces.own_room(user, confinement.user or os.getegid(), confinement.limits.disk)


def own_folder(confinement):
    """A folder of its own, the current one, for temporary files and as home."""
    if confinement.world:  # where `at_home` was done once for all
        os.chdir(namespaces.ROOM)
        return
    if confinement.user:
        os.chown(confinement.folder, confinement.user, confinement.user)
    os.chdir(confinement.folder)
    at_home(confinement.folder)


def at_home(folder):
    """Name a folder as the home, and the place for temporary files."""
    os.environ.update(HOME=folder, TMPDIR=folder, TEMP=folder, TMP=folder)
    tempfile.tempdir = folder


def resources(confinement):
    """Limits that the system keeps."""
    if resource is None:
        raise OSError("this system has none")
    limits = confinement.limits
    _limit("RLIMIT_CORE", 0)
    _limit("RLIMIT_CPU", limits.cpu)
    _limit("RLIMIT_FSIZE", limits.file)
    _limit("RLIMIT_NOFILE", limits.files)
    if LINUX:
        _limit("RLIMIT_AS", (confinement.loaded or address_space()) + limits.memory)
        _limit("RLIMIT_NPROC", limits.processes + _others(confinement))


def other_user(confinement):
    """Become a user that owns nothing and runs nothing else."""
    if not confinement.user:
        raise OSError("only root can become another user")
    if not confinement.world:
        kernel.drop_bound()  # another user may not
    os.setgroups([])
    os.setresgid(*[confinement.user] * 3)
    os.setresuid(*[confinement.user] * 3)
    if not os.access(os.__file__, os.R_OK):
        raise OSError("another user cannot read this Python")


def no_privileges(confinement):
    """None of root's powers, no way to gain any, and no life without its parent."""
    if not confinement.world:  # where that was done once for all
        kernel.drop_bound()
    kernel.drop_capabilities()
    kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    kernel.prctl(DIE_WITH_PARENT, 9)  # last: a change of user takes it back


def few_files(confinement):
    """No file but the interpreter's and its own."""
    if confinement.rules is None:
        landlock.restrict(confinement.readable, [confinement.folder], view.DEVICES)
        return
    landlock.enforce(confinement.rules)
    os.close(confinement.rules)  # whoever has them open can add to those of the next


def few_calls(confinement):
    """Nothing of the kernel that an exercise has no use for, such as the network."""
    seccomp.install(only=None if confinement.world else os.getpid())


class Layer(NamedTuple):
    """One layer.

    Attributes:
        name: the name in results and messages.
        apply: ``apply(confinement)``, raises OSError where the system does not offer it.
        lack: what a submission can do without it, as words; "" for what is no protection.
        essential: whether `--require-isolation` insists on it.
        instead: the name of a layer that makes it needless.
    """

    name: str
    apply: object
    lack: str = ""
    essential: bool = False
    instead: str = ""


LAYERS = (
    Layer("session", own_session),
    Layer("silence", nothing_to_say),
    Layer("namespaces", own_world, "fill the disk and see who else is there", essential=True),
    Layer("folder", own_folder),
    Layer("limits", resources, "use all memory", essential=True),
    Layer("user", other_user, "signal processes of the same user", instead="namespaces"),
    Layer("privileges", no_privileges, "keep the privileges of the grader", essential=True),
    Layer("landlock", few_files, "open whatever files they find"),
    Layer("seccomp", few_calls, "use the network and every call of the system", essential=True),
)
WATCH = Layer("watch", None, "multiply its memory by starting processes")
ALWAYS = tuple(layer.name for layer in LAYERS if not layer.lack)


def confine(confinement, names):
    """Apply the layers of these names, and those that every system has, to this process; there is no way back.

    Raises:
        OSError: one of them is refused.
    """
    for layer in LAYERS:
        if layer.name in names or layer.name in ALWAYS:
            layer.apply(confinement)


def rehearse(confinement, without=()):
    """Apply to this process all layers that the system offers; yields (name, "" or why it is refused) for each."""
    for layer in LAYERS:
        if layer.name in without:
            yield layer.name, "it is switched off"
            continue
        try:
            layer.apply(confinement)
            yield layer.name, ""
        except (OSError, AttributeError, ValueError) as error:
            yield layer.name, str(error)


def missing(force):
    """What the layers in force leave open, in one line; "" when they are complete.

    Args:
        force: names of layers, as `Sandbox.isolation` gives them.
    """
    lacks = [layer for layer in (*LAYERS, WATCH) if layer.lack and not {layer.name, layer.instead} & set(force)]
    words = "; ".join(f"without {layer.name} submissions can {layer.lack}" for layer in lacks)
    return f"Isolation is not complete on this system: {words}." if lacks else ""


def essential(force):
    """The essential layers that are not in force."""
    return [layer.name for layer in LAYERS if layer.essential and layer.name not in force]


def unused_user():
    """The number of a user and group that nobody has, for root to become; 0 for all others, who cannot."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return 0
    import pwd

    taken = {entry.pw_uid for entry in pwd.getpwall()} | {entry.pw_gid for entry in pwd.getpwall()}
    start = os.getpid() % len(UNUSED)
    return next(number for number in (*UNUSED[start:], *UNUSED[:start]) if number not in taken)


def prctl(option, value):
    """Ask the Linux kernel for a property of this process; elsewhere nothing."""
    if LINUX:
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _others(confinement):
    """How many processes and threads the limit on them counts besides those of the submission."""
    if confinement.world or confinement.user or os.geteuid() == 0:
        return 8  # the warm process and its keeper
    return threads_of_user() + SPARE


def threads_of_user():
    """How many threads this user runs in all, by /proc."""
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


def address_space(file=None):
    """The bytes of address space of this process, or of the one whose /proc/PID/statm is open as `file`."""
    fd = os.open("/proc/self/statm", os.O_RDONLY) if file is None else file
    try:
        return int(os.pread(fd, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        if file is None:
            os.close(fd)
