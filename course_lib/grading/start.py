"""Start zygote.py: what a process for submissions is given by the one that scores them. Quick to import."""

import json
import os
import socket
import subprocess
import sys

ZYGOTE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "zygote.py")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def can_fork():
    """Whether this system can fork, and pass a socket to another process."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds")


def environment():
    """The environment of a confined process: nothing of the scorer's but what a system needs to start one."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    kept |= {"PYTHONDONTWRITEBYTECODE": "1"} if sys.dont_write_bytecode else {}
    return kept | dict.fromkeys(THREADS, "1") | {
        "LANG": "C.UTF-8",
        "MPLBACKEND": "Agg",
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS: the warm process has one thread when it forks
        "PYTHONHASHSEED": "0",  # the order of a set is part of an answer
        "PYTHONUTF8": "1",
    }  # fmt: skip


def spawn(mode, number, folder, **options):
    """Start zygote.py with an interpreter like this one: same packages, no site hooks, a session of its own."""
    command = [sys.executable, "-S", "-s", ZYGOTE, mode, str(number), json.dumps(sys.path)]
    options = {"stdout": subprocess.DEVNULL} | options
    return subprocess.Popen(command, cwd=folder, env=environment(), start_new_session=True, **options)
