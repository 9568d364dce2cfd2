"""Linux namespaces: a world for submissions with processes, network, names and a disk of its own.

Three steps, since what costs milliseconds is done once and not for each submission:

    separate()   the keeper leaves its user (unless it is root), processes, network and names behind
    build()      the warm process, the first of that world, puts a root folder together from read-only parts
    fork()       for each submission, makes the first process of a world of processes within that world,
    own_room()   which mounts its temporary space there, with a quota
"""

import os

from course_lib.grading import kernel, view

HOUSE = "/house"  # not /tmp, where an environment with packages may lie
ROOM = f"{HOUSE}/room"  # each process mounts its own there, so the rules of landlock name the folder around it
INSIDE = 1000  # the number of the user within, where the user has to be its own root
SMALL = "size=16m,nr_inodes=2048,mode=755"


def separate():
    """Enter new namespaces; the next process that is forked is the first in the world of processes."""
    flags = kernel.NEW_PIDS | kernel.NEW_NETWORK | kernel.NEW_NAMES | kernel.NEW_IPC
    if os.geteuid() == 0:
        kernel.unshare(flags)
        return
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEW_USERS | flags)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{INSIDE} {user} 1")
    _write("/proc/self/gid_map", f"{INSIDE} {group} 1")


def build(folder):
    """Put a root folder together on an empty one, and go there. Needs `separate` and a fork before.

    Returns:
        Whether /proc is there, with the processes of this world.
    """
    kernel.unshare(kernel.NEW_MOUNTS)
    kernel.mount(None, "/", None, kernel.RECURSIVE | kernel.PRIVATE)
    kernel.mount("tmpfs", folder, "tmpfs", kernel.NO_SUID | kernel.NO_DEVICES, SMALL)
    for path in view.paths():
        _show(folder, path)
        _hide(folder, view.hides(path))
    for device in filter(os.path.exists, view.DEVICES):
        _bind(device, _place(folder, device, True))
    own = _processes(_place(folder, "/proc", False))
    os.symlink(ROOM, f"{folder}/dev/shm")
    kernel.mount("tmpfs", _place(folder, ROOM, False), "tmpfs", kernel.NO_SUID | kernel.NO_DEVICES, "size=64m")
    if not os.path.lexists(f"{folder}/tmp"):
        os.symlink(ROOM, f"{folder}/tmp")
    kernel.become_root_folder(folder)
    kernel.seal("/", kernel.READ_ONLY, deep=False)
    return own


def fork():
    """Fork a process that is the first of a new world of processes; its process id in the world of this one."""
    kernel.unshare(kernel.NEW_PIDS)
    pid = -1
    try:
        pid = os.fork()
    finally:
        if pid:
            kernel.enter(_pid_home, kernel.NEW_PIDS)
    return pid


_pid_home = None


def remember_home():
    """Keep the way back from `fork` open, before /proc is gone."""
    global _pid_home
    _pid_home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)


def own_room(user, group, size):
    """In the child: mounts of its own, without /proc, and a temporary space of so many bytes."""
    kernel.unshare(kernel.NEW_MOUNTS | kernel.NEW_IPC)
    options = f"size={size},nr_inodes=4096,mode=700,uid={user},gid={group}"
    kernel.mount("tmpfs", ROOM, "tmpfs", kernel.NO_SUID | kernel.NO_DEVICES, options)
    try:
        kernel.unmount("/proc")
    except OSError:  # there is none
        return


def _show(root, path):
    """Make a path readable below a new root, and the links that lead to it links."""
    real = os.path.realpath(path)
    _links(root, path)
    place = _place(root, real, not os.path.isdir(real))
    if not os.path.ismount(place):
        _bind(real, place)
        kernel.seal(place, kernel.READ_ONLY | kernel.NO_SUID | kernel.NO_DEVICES)


def _links(root, path):
    """Repeat the symbolic links on the way to a path below a new root."""
    way = ""
    for part in path.strip("/").split("/"):
        way = f"{os.path.realpath(way)}/{part}" if way else f"/{part}"
        if os.path.islink(way) and not os.path.lexists(root + way):
            os.makedirs(os.path.dirname(root + way), exist_ok=True)
            os.symlink(os.readlink(way), root + way)
            _links(root, os.path.normpath(os.path.join(os.path.dirname(way), os.readlink(way))))


def _hide(root, path):
    """Cover a folder with an empty one."""
    if path:
        kernel.mount("tmpfs", root + os.path.realpath(path), "tmpfs", kernel.READ_ONLY, "size=4k,mode=755")


def _bind(path, place):
    kernel.mount(path, place, None, kernel.BIND | kernel.RECURSIVE)


def _place(root, path, file):
    """An empty file or folder below a new root to mount something on."""
    place = root + path
    os.makedirs(os.path.dirname(place) if file else place, exist_ok=True)
    if file and not os.path.exists(place):
        open(place, "x").close()
    return place


def _processes(place):
    try:
        kernel.mount("proc", place, "proc", kernel.NO_SUID | kernel.NO_DEVICES | kernel.NO_EXEC)
    except OSError:  # a container that covers parts of /proc does not let a new one be mounted
        return False
    return True


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)
