"""How much memory a process and all that it has started use together: the limit of one process does not bound that."""

import os

COUNTED = ("RssAnon:", "RssShmem:", "VmSwap:")  # lines of /proc/PID/status, in kB


def offered():
    """Whether this system tells, by /proc."""
    return os.path.exists(f"/proc/self/task/{os.getpid()}/children")


def descendants(pid):
    """The processes that a process has started, and those that they have."""
    for child in children(pid):
        yield child
        yield from descendants(child)


def children(pid):
    """The processes whose parent is a process, by any of its threads."""
    found = []
    for task in _listed(f"/proc/{pid}/task"):
        found += map(int, _read(f"/proc/{pid}/task/{task}/children").split())
    return found


def memory(pid):
    """The bytes of memory that a process uses and that lie in no file, in swap too."""
    lines = _read(f"/proc/{pid}/status").splitlines()
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(COUNTED))


def together(pid):
    """The bytes that all descendants of a process use beyond what they have from it."""
    from_it = memory(pid)
    return sum(max(0, memory(child) - from_it) for child in descendants(pid))


def _listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:  # it has ended meanwhile
        return ""
