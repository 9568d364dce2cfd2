"""How much memory a process and all that it has started use together: the limit of one process does not bound that."""

import os

PAGE = 4096 if not hasattr(os, "sysconf") else os.sysconf("SC_PAGE_SIZE")


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
    """The bytes of memory that a process shares with no file."""
    fields = _read(f"/proc/{pid}/statm").split()
    return (int(fields[1]) - int(fields[2])) * PAGE if fields else 0


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
