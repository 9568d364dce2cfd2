"""Which layers this system offers, found out once by trying, and the confinement of each submission made of them."""

import os
import shutil
import tempfile

from course_lib.grading import confine, kernel, landlock, namespaces, seccomp, view, watch
from course_lib.grading.keeper import ENDED, told_by, try_world


class Plan:
    """How confined processes are made here: found out once, used for each.

    Args:
        why: why there is no world of its own, or "".
        user: the number of a user to become, or 0.
        without: names of layers to leave out.
        known: what an earlier one found out on this system, ``{"force": [name, ...], "refused": {name: why}}``.
    """

    def __init__(self, why, user, without=(), known=None):
        self.statm, self.world = size_file(), not why
        readable = [part for path in view.paths() for part in ([path] if self.world else view.without_course(path))]
        if self.world:
            seccomp.filter_code()
            namespaces.remember_home()
            namespaces.build(os.getcwd())
            kernel.drop_bound()
            confine.at_home(namespaces.ROOM)
        room = tempfile.mkdtemp(dir=None if self.world else os.getcwd())
        rules = common_rules(readable) if self.world else None
        self.confinement = confine.Confinement(room, confine.Limits(), self.world, user, tuple(readable), rules,
                                               self.size())  # fmt: skip
        self.force, self.refused = (known["force"], known["refused"]) if known else self.tried(why, without)
        shutil.rmtree(room, ignore_errors=True)

    def tried(self, why, without):
        """(the names of the layers that a process could put on, ``{name: why}`` of the others)."""
        told = told_by(lambda: confine.rehearse(self.confinement, without))
        told["watch"] = "" if watch.offered() and "watch" not in without else "/proc does not tell"
        refused = {name: reason for name, reason in told.items() if reason} | ({"namespaces": why} if why else {})
        return [name for name, reason in told.items() if not reason], refused

    def size(self):
        """Bytes of address space of this process; None where the system does not tell."""
        return None if self.statm is None else confine.address_space(self.statm)

    def of(self, request):
        """The `Confinement` of one submission."""
        user = self.confinement.user if "user" in self.force else 0
        limits = confine.Limits(*request["limits"])
        rules = self.confinement.rules if "landlock" in self.force else None
        return self.confinement._replace(folder=request["folder"], limits=limits, user=user, rules=rules,
                                         loaded=self.size())  # fmt: skip

    def fork(self):
        """`os.fork`, into a world of processes of its own where there is one."""
        return namespaces.fork() if self.world else os.fork()


def found_out(user):
    """(the names of the layers that this system offers, ``{name: why}`` of the others), from one try of them all."""
    told = told_by(lambda: try_world(lambda: try_all(user)))
    if why := told.get("namespaces", ENDED):
        made = Plan(why, user)
        return made.force, made.refused
    return [name for name in told if not told[name]], {name: told[name] for name in told if told[name]}


def try_all(user):
    """Confine a process in a world of its own, as each will be; yields a name and why it is refused, or ""."""
    try:
        made = Plan("", user)
        pid = made.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
        yield from [(name, "") for name in made.force]
        yield from made.refused.items()
    except OSError as error:
        yield "namespaces", str(error)


def common_rules(readable):
    """The rules of landlock for all processes that have a world of their own, as an open file; None without it."""
    try:
        return landlock.prepared(readable, [namespaces.HOUSE], view.DEVICES)
    except (OSError, AttributeError):
        return None


def size_file():
    """What tells the size of this process, open: /proc may be gone later."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
