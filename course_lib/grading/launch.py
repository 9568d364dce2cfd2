"""Start confined processes: forked from a warm one where the system forks, fresh ones elsewhere."""

import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import tempfile
from functools import lru_cache
from typing import NamedTuple

from course_lib.grading import nursery
from course_lib.grading.channel import Broken, Channel, Closed, Late
from course_lib.grading.start import can_fork, spawn

START_SECONDS = 60  # for a process to come up, on a machine that does other things as well
END_SECONDS = 20
MOMENT = 0.5  # for a process that hung up to end by itself
STILL_RUNNING = -1000


class SandboxError(RuntimeError):
    """The confined process cannot be started at all, whatever the submission."""


def told(channel, errors):
    """What a process of the nursery says first: ``{"force": [name, ...], "refused": {name: why}, "pid": its number}``.

    Raises:
        SandboxError: it does not come up.
    """
    with errors:
        try:
            return channel.receive(START_SECONDS)
        except (Closed, Late, Broken):
            errors.seek(0)
            raise SandboxError(failed_start(errors.read())) from None


def offered():
    """The names of the layers of confinement that this system offers; found out once."""
    return tuple(_answer()["force"]) if can_fork() else Cold.isolation


@lru_cache(maxsize=1)
def _answer():
    folder, sock, errors = nursery.inquiry()
    with folder, sock:
        answer = told(Channel(sock), errors)
        hangs_up(sock, END_SECONDS)
    return {name: answer[name] for name in ("force", "refused")}


def known(without):
    """The answer, where it has been asked for in this process and holds; else None, and each process tries anew."""
    return _answer() if _answer.cache_info().currsize and not without else None


class Started(NamedTuple):
    """A process that another one has started for us, by its number."""

    pid: int


class Warm:
    """Forks each confined process from one that has NumPy loaded; it is started when first needed.

    Args:
        folder: where it may stand.
        without: names of layers of confinement to leave out.

    Attributes:
        isolation: the names of the layers in force, once it is ready.
        refused: ``{name: why}`` of the others.
        process: the `Started` at the top of what belongs to it, once it is ready.
    """

    def __init__(self, folder, without=()):
        self.folder, self.without, self.process, self.control = folder, list(without), None, None
        self.pid, self.handle, self.errors = 0, None, None
        self.isolation, self.refused = (), {}

    def begin(self, request):
        """A `Channel` to a fresh confined process.

        Raises:
            SandboxError: there can be none.
        """
        try:
            return self._fork(request)
        except (Closed, Late, Broken, OSError):  # somebody has killed it, and its keeper has cleared up
            self.close()
            os.makedirs(request["folder"], exist_ok=True)
            return self._fork(request)

    def _fork(self, request):
        self.await_ready()
        ours, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control.sock, [b"F"], [theirs.fileno()])
        self.control.send(request, END_SECONDS)
        self._hold(self.control.receive(START_SECONDS))
        return confined(Channel(ours))

    def _hold(self, pid):
        """Keep a handle of a process that may outlive the warm one; the number alone could pass to another process."""
        self.pid, self.handle = pid, None
        if pid and hasattr(os, "pidfd_open"):
            self.handle = os.pidfd_open(pid)

    def prepare(self):
        """Start the warm process without waiting for it."""
        if self.control is None:
            sock, self.errors = nursery.grown(self.folder, self.without, known(self.without))
            self.control = Channel(sock)

    def await_ready(self):
        """Start the warm process, wait until it can fork, and note what it says of its isolation."""
        self.prepare()
        if self.process is None:
            answer = told(self.control, self.errors)
            self.isolation, self.refused = tuple(answer["force"]), answer["refused"]
            self.process = Started(answer["pid"])

    def end(self, gone=False):
        """End the confined process and all it started; how it had ended, in words."""
        if self.control is None:  # it could not be started
            return "the process that starts it is gone."
        try:
            self.control.sock.settimeout(END_SECONDS)
            self.control.sock.sendall(b"G" if gone else b"E")
            status = self.control.receive(END_SECONDS)
            self._release()
            return ending(status)
        except (Closed, Late, Broken, OSError):
            self.close()
            return "the process that started it was killed."

    def close(self):
        """End the warm process and what it has forked."""
        if self.control is None:
            return
        if not hangs_up(self.control.sock, 2) and self.process:  # by itself, and takes along what it has forked
            kill(self.process.pid)
            hangs_up(self.control.sock, END_SECONDS)
        self.leave()

    def leave(self):
        """Hang up without waiting: what was started ends by itself, and removes its folder; whether there was any."""
        if self.control is None:
            return False
        self.errors.close()
        self.control.close()
        self._release(alive=True)
        self.process, self.control = None, None
        return True

    def _release(self, alive=False):
        """Let go of the confined process; one that may be alive is killed first."""
        if self.handle is not None:
            if alive and send(self.handle):
                kill(self.pid)
            os.close(self.handle)
        elif alive:
            kill(self.pid)
        self.pid, self.handle = 0, None


class Cold:
    """Starts a fresh interpreter for each confined process; works on every system."""

    isolation = ("limits",) if importlib.util.find_spec("resource") else ()
    refused = {}

    def __init__(self, folder, without=()):
        self.folder, self.process = folder, None
        self.isolation = tuple(name for name in self.isolation if name not in without)

    def prepare(self):
        """Nothing can be started before it is needed."""

    await_ready = prepare

    def begin(self, request):
        """A `Channel` to a fresh confined process.

        Raises:
            SandboxError: there can be none.
        """
        word = secrets.token_hex(16)
        with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryFile() as errors:
            self.process = spawn("once", server.getsockname()[1], self.folder, stdin=subprocess.PIPE, stderr=errors)
            self.process.stdin.write(f"{word}\n".encode())
            self.process.stdin.close()
            try:
                channel = Channel(self._accept(server, word))
            except (TimeoutError, Closed):
                self.close()
                errors.seek(0)
                raise SandboxError(failed_start(errors.read())) from None
        channel.send(request | {"force": list(self.isolation)}, END_SECONDS)
        return confined(channel)

    def _accept(self, server, word):
        """The connection of whoever knows the word."""
        server.settimeout(0.2)
        for _ in range(int(START_SECONDS / 0.2)):
            try:
                sock, _ = server.accept()
            except TimeoutError:
                if self.process.poll() is not None:
                    raise Closed from None
                continue
            sock.settimeout(2)
            if secrets.compare_digest(sock.recv(len(word), socket.MSG_WAITALL), word.encode()):
                return sock
            sock.close()
        raise TimeoutError

    def end(self, gone=False):
        """End the confined process and its group; how it had ended, in words."""
        status = self._status(MOMENT if gone else 0)
        kill(self.process.pid)
        self.process.kill()
        self.process.wait()
        return ending(STILL_RUNNING if status is None else status)

    def _status(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def close(self):
        """End it."""
        if self.process:
            self.end()

    def leave(self):
        """End it; False, as nobody removes its folder."""
        self.close()
        return False


def confined(channel):
    """The channel, once the process has said that all its layers are on.

    Raises:
        SandboxError: it has not.
    """
    try:
        if channel.receive(START_SECONDS) == "confined":
            return channel
    except (Closed, Late, Broken):
        pass
    channel.close()
    raise SandboxError("The process for submissions cannot be confined as it could before: grade again.")


def hangs_up(sock, seconds):
    """Tell a process that no more will come; whether it, and whoever keeps its end open, ends in so many seconds."""
    try:
        sock.settimeout(seconds)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1 << 16):
            continue
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def send(handle):
    """Kill the process of a handle; whether it was still there."""
    try:
        signal.pidfd_send_signal(handle, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill(pid):
    """Kill the process group of this number, where there are groups and this one is left."""
    if pid and hasattr(os, "killpg"):
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def ending(status):
    """How a process ended, in words that complete "It stopped with ProcessEnded: "."""
    if status == STILL_RUNNING:
        return "it hung up without an answer."
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return f"the system stopped it ({name}): too much memory, or a recursion without end?"
    return f"it ended its own process (exit code {status})."


def failed_start(output):
    """The sentence for a confined process that does not come up, from what it wrote."""
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return f"The process for submissions does not start: {lines[-1] if lines else 'it said nothing'}."
