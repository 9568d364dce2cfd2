"""The few calls to the Linux kernel that Python has no name for, by ctypes; each raises OSError when it is refused.

Constants are those of linux/sched.h, linux/mount.h, linux/prctl.h and linux/capability.h. Elsewhere than on Linux the
module can be imported, and every call raises OSError.
"""

import ctypes
import errno
import os
import sys
from functools import lru_cache

LINUX = sys.platform == "linux"

NEW_MOUNTS, NEW_NAMES, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_USERS, NEW_PIDS, NEW_NETWORK, NEW_CGROUPS = 0x10000000, 0x20000000, 0x40000000, 0x02000000

READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC = 1, 2, 4, 8
BIND, RECURSIVE, PRIVATE = 0x1000, 0x4000, 0x40000
DETACH = 2
HERE = -100  # AT_FDCWD
WHOLE_TREE = 0x8000  # AT_RECURSIVE
MOUNT_SETATTR, PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}

DIE_WITH_PARENT, ADOPT_ORPHANS, NO_NEW_PRIVILEGES, DROP_BOUND = 1, 36, 38, 24
CAPABILITIES_V3 = 0x20080522


@lru_cache(maxsize=1)
def libc():
    """The C library of this process."""
    if not LINUX:
        raise OSError(errno.ENOSYS, "this is no Linux")
    return ctypes.CDLL(None, use_errno=True)


def done(result, what):
    """The result of a call that tells by -1 that it was refused: OSError then, with the name of the call."""
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def syscall(number, *args):
    """A call by its number; integers and pointers only."""
    words = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return done(libc().syscall(ctypes.c_long(number), *words), f"call {number}")


def prctl(option, value=0, more=0):
    """Set a property of this process."""
    return done(libc().prctl(option, ctypes.c_ulong(value), more, 0, 0), f"prctl {option}")


def unshare(flags):
    """Leave the namespaces named by flags for new ones."""
    done(libc().unshare(flags), "unshare")


def enter(fd, flag):
    """Enter the namespace of an open file."""
    done(libc().setns(fd, flag), "setns")


def mount(source, target, kind=None, flags=0, options=None):
    """Mount; texts or None."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    done(libc().mount(*texts[:3], ctypes.c_ulong(flags), texts[3]), f"mount {target}")


def unmount(target):
    """Detach what is mounted at a path."""
    done(libc().umount2(os.fsencode(target), DETACH), f"unmount {target}")


def seal(path, flags, deep=True):
    """Set flags (`READ_ONLY`, ...) on what is mounted at a path, and below it. Needs Linux 5.12."""
    attributes = (ctypes.c_uint64 * 4)(flags)
    syscall(MOUNT_SETATTR, HERE, os.fsencode(path), WHOLE_TREE if deep else 0, attributes, ctypes.sizeof(attributes))


def become_root_folder(folder):
    """Make a mounted folder the root of all paths, and let go of the old one."""
    os.chdir(folder)
    syscall(PIVOT_ROOT[os.uname().machine], b".", b".")
    unmount(".")
    os.chdir("/")


def drop_bound():
    """Let no program that is started from now on have any power of root; what this process has stays."""
    for number in range(64):
        try:
            prctl(DROP_BOUND, number)
        except OSError:  # past the last one; or not allowed, and then there is nothing to give up
            break


def drop_capabilities():
    """Give up every power of root that this process has."""
    header, empty = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0), (ctypes.c_uint32 * 6)()
    done(libc().capset(header, empty), "capset")
