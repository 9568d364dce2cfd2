"""The process that stays outside while the warm one lives in a world of its own, and clears up when that is over."""

import json
import os
import shutil
import signal

from course_lib.grading import kernel, namespaces


def keep(control, without):
    """Stay outside, with the warm process in a world of its own; where there are no namespaces, be the warm process."""
    why = world_refused(without)
    if not why:
        namespaces.separate()
        pid = os.fork()
        if pid:
            control.close()
            os.waitpid(pid, 0)
            clear_up()
            os._exit(0)
        kernel.prctl(kernel.DIE_WITH_PARENT, signal.SIGKILL)
    return why


def clear_up():
    """Remove the folder of the sandbox: a scorer that was killed has not done it."""
    if os.path.basename(os.getcwd()).startswith("course-sandbox-"):
        shutil.rmtree(os.getcwd(), ignore_errors=True)


def world_refused(without):
    """Why there can be no world of its own, or ""; tried out in a process that is thrown away."""
    if "namespaces" in without:
        return "it is switched off"
    return told_by(try_world).get("namespaces", "the system ended the trial")


def try_world():
    """Do all that a world of its own needs; yields what came of it."""
    try:
        namespaces.separate()
        told = told_by(try_inside)
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
