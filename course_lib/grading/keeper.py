"""The process that stays outside while the warm one lives in a world of its own, and clears up when that is over."""

import json
import os
import signal

from course_lib.grading import broom, kernel, namespaces, watch

ENDED = "the system ended the trial"


def keep(without, known=None):
    """Stay outside, with the warm process in a world of its own where there are namespaces; why there are none, or "".

    Returns in the warm process. A world ends with its first process; elsewhere the keeper ends what is left of it. It
    keeps all open files, so that the scorer's socket hangs up when everything is over. What is known of this system
    need not be tried.
    """
    why = known["refused"].get("namespaces", "") if known else world_refused(without)
    if why and not watch.offered():
        return why
    kernel.prctl(kernel.ADOPT_ORPHANS, 1) if why else namespaces.separate()
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        end_children()
        clear_up()
        os._exit(0)
    if not why:
        kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGKILL)
    return why


def end_children():
    """End the processes that came to this one when their own parents died, and theirs in turn."""
    for _ in range(100):
        orphans = watch.children(os.getpid())
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
        if not orphans:
            return


def clear_up():
    """Remove the folder of the sandbox: a scorer that was killed has not done it."""
    if os.path.basename(os.getcwd()).startswith("course-sandbox-"):
        broom.clear(os.getcwd())


def world_refused(without):
    """Why there can be no world of its own, or ""; tried out in a process that is thrown away."""
    if "namespaces" in without:
        return "it is switched off"
    return told_by(lambda: try_world(try_inside)).get("namespaces", ENDED)


def try_world(inside):
    """Do all that a world of its own needs, the steps `inside` as the first process there; yields what came of it."""
    try:
        namespaces.separate()
        told = told_by(inside)
    except OSError as error:
        told = {"namespaces": str(error)}
    yield from told.items()


def try_inside():
    """The part that is done by the first process inside."""
    try:
        namespaces.remember_home()
        namespaces.build(os.getcwd())
        pid = namespaces.fork()
        if not pid:
            os._exit(0)
        os.waitpid(pid, 0)
        yield "namespaces", ""
    except OSError as error:
        yield "namespaces", str(error)


def told_by(steps):
    """The pairs that an iterable yields in a process that is thrown away, as a dict; it may end at any of them."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            for pair in steps():
                os.write(theirs, json.dumps(pair).encode() + b"\n")
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours) as lines:
        told = dict(map(json.loads, lines))
    os.waitpid(pid, 0)
    return told
