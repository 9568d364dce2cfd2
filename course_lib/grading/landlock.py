"""Landlock: a process gives up all files but those below given paths, and the network; needs no privilege.

Numbers are those of linux/landlock.h, the same on all machines. Each version of the kernel's interface knows more
rights; asked for are all it knows.
"""

import ctypes
import os
import struct

from course_lib.grading import kernel

CREATE, ADD, RESTRICT = 444, 445, 446
EXECUTE, WRITE, READ, LIST, TRUNCATE, DEVICE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
RIGHTS = {1: (1 << 13) - 1, 2: 1 << 13, 3: TRUNCATE, 5: DEVICE}  # what each version adds
FOR_FILES = EXECUTE | WRITE | READ | TRUNCATE | DEVICE
NO_TCP, NO_SIGNALS_OUT = 3, 3  # handled and never granted: bind and connect; abstract sockets and signals
LOOK = READ | LIST | EXECUTE


def version():
    """The version of the interface; OSError where there is none."""
    return kernel.syscall(CREATE, 0, 0, 1)


def restrict(readable, writable, devices=()):
    """Keep read access below some paths and full access below others, and nothing else, for good.

    Raises:
        OSError: the kernel offers no landlock.
    """
    rules = prepared(readable, writable, devices)
    try:
        enforce(rules)
    finally:
        os.close(rules)


def prepared(readable, writable, devices=()):
    """The rules for `enforce` as an open file; many processes may share it.

    Raises:
        OSError: the kernel offers no landlock.
    """
    known = version()
    every = sum(rights for since, rights in RIGHTS.items() if since <= known)
    rules = _rules(every, NO_TCP if known >= 4 else 0, NO_SIGNALS_OUT if known >= 6 else 0)
    for paths, rights in ((readable, LOOK), (writable, every), (devices, LOOK | WRITE)):
        for path in paths:
            _grant(rules, path, rights & every)
    return rules


def enforce(rules):
    """Keep this process and all it starts to prepared rules, for good."""
    kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    kernel.syscall(RESTRICT, rules, 0)


def _rules(*handled):
    """A set of rules, as a file; an older kernel takes the longer description when the rest is 0."""
    return kernel.syscall(CREATE, struct.pack("QQQ", *handled), 24, 0)


def _grant(rules, path, rights):
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no rule
        return
    try:
        allowed = rights if os.path.isdir(path) else rights & FOR_FILES
        rule = ctypes.create_string_buffer(struct.pack("=Qi", allowed, fd), 12)
        kernel.syscall(ADD, rules, 1, rule, 0)
    finally:
        os.close(fd)
