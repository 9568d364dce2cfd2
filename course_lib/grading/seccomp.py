"""System calls that no solution of an exercise needs, refused by the kernel (seccomp).

A filter in the language of BPF, put together here and installed by prctl. What is listed gets EPERM; clone3, whose
flags a filter cannot see, gets ENOSYS, so that the C library falls back to clone. Numbers: asm/unistd.h of x86_64,
asm-generic/unistd.h for aarch64.
"""

import ctypes
import errno
import os
import struct
from functools import lru_cache

from course_lib.grading import kernel

REFUSED = {  # name: (x86_64, aarch64)
    # looking into and meddling with other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "pidfd_send_signal": (424, 424), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # other worlds, other roots
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # the network; a connected pair within the process (socketpair) is none
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242),
    # large and rarely used parts of the kernel
    "bpf": (321, 280), "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "fanotify_init": (300, 262),
    "personality": (135, 92), "modify_ldt": (154, None), "iopl": (172, None), "ioperm": (173, None),
    "uselib": (134, None), "ustat": (136, None), "sysfs": (139, None), "_sysctl": (156, None),
    "lookup_dcookie": (212, 18), "nfsservctl": (180, 42), "mbind": (237, 235), "set_mempolicy": (238, 237),
    # memory that no quota counts, or that outlives its process
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196),
    "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    # the machine itself
    "reboot": (169, 142), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "vhangup": (153, 58), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162),
}  # fmt: skip
OTHERS = {  # what may be done to itself, and not to other processes of the same user
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274),
}  # fmt: skip
SIGNALS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
           "rt_tgsigqueueinfo": (297, 240)}  # fmt: skip
PERMISSIONS = {  # of files by their names, which landlock does not look at; and how urgent processes are
    "setpriority": (141, 140), "ioprio_set": (251, 30),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
}  # fmt: skip
CLONE, CLONE3, IOCTL = (56, 220), (435, 435), (16, 29)
NEW_ANYTHING = 0x7E020000  # the flags of clone that make namespaces
PUSH_INPUT = 0x5412  # TIOCSTI, types into somebody's terminal
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # (column above, AUDIT_ARCH_...)
OTHER_ABI = 0x40000000  # x32 on x86_64: the same calls under other numbers

LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
SET_SECCOMP, FILTER = 22, 2
FEW = 9  # calls that are looked at one by one: the kernel walks through all of it for each call when it is installed


def install(only=None):
    """Install the filter for this process and all it starts.

    Args:
        only: signals may be sent, and limits set, to this process alone, and the permissions of files are left as they
            are; None where it sees no other's anyway.

    Raises:
        OSError: the kernel has no seccomp, or knows this machine under no name of ours.
    """
    code = filter_code(only)
    text = ctypes.create_string_buffer(code)
    described = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(text))
    kernel.prctl(kernel.NO_NEW_PRIVILEGES, 1)
    kernel.prctl(SET_SECCOMP, FILTER, ctypes.c_char_p(described))


@lru_cache(maxsize=1)
def filter_code(only=None):
    """The filter of `install` for this machine; the warm process has it ready for all that need no other."""
    return b"".join(program(os.uname().machine, only))


def program(machine, only=None):
    """The instructions for a machine, 8 bytes each."""
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter is written for {machine}")
    column, architecture = MACHINES[machine]
    yield from (instruction(LOAD, ARCHITECTURE), instruction(EQUAL, architecture, 1, 0), instruction(ANSWER, KILL))
    yield instruction(LOAD, NUMBER)
    if column == 0:
        yield from (instruction(AT_LEAST, OTHER_ABI, 0, 1), instruction(ANSWER, REFUSE))
    rows = (*REFUSED.values(), *(PERMISSIONS.values() if only else ()))
    refused = sorted(row[column] for row in rows if row[column] is not None)
    for some in (refused[n : n + FEW] for n in range(0, len(refused), FEW)):
        checks = [part for number in some for part in when(number, [instruction(ANSWER, REFUSE)])]
        yield from (instruction(AT_LEAST, some[-1] + 1, len(checks), 0), *checks)
    yield from when(CLONE3[column], [instruction(ANSWER, UNKNOWN)])
    yield from when(CLONE[column], refused_if(ANY_BIT, NEW_ANYTHING, FIRST))
    yield from when(IOCTL[column], refused_if(EQUAL, PUSH_INPUT, SECOND))
    for numbers in (*SIGNALS.values(), *OTHERS.values()) if only else ():
        yield from when(numbers[column], to_itself(only))
    yield instruction(ANSWER, ALLOW)


def when(number, then):
    """Instructions for one call; they end with an answer."""
    return [instruction(EQUAL, number, 0, len(then)), *then]


def refused_if(test, value, argument):
    """Refuse when an argument passes a test, else allow."""
    return [instruction(LOAD, argument), instruction(test, value, 0, 1), instruction(ANSWER, REFUSE),
            instruction(ANSWER, ALLOW)]  # fmt: skip


def to_itself(pid):
    """Allow when the first argument is this process, or 0, its own group."""
    return [instruction(LOAD, FIRST), instruction(EQUAL, pid, 1, 0), instruction(EQUAL, 0, 0, 1),
            instruction(ANSWER, ALLOW), instruction(ANSWER, REFUSE)]  # fmt: skip


def instruction(code, value, if_true=0, if_false=0):
    """One instruction: struct sock_filter."""
    return struct.pack("HBBI", code, if_true, if_false, value)
