"""In a line: how students' code is kept apart on this system, as the gradebook records it with each submission."""

import sys

from course_lib.grading import confine
from course_lib.grading.launch import can_fork


def in_force():
    """The kind of process and the layers of `confine`, in words."""
    kind = "warm process" if can_fork() else "fresh interpreter"
    return f"{sys.platform}, {kind}: {', '.join(map(name, confine.LAYERS))}"


def name(layer):
    """The name of a layer."""
    return getattr(layer, "name", None) or layer.__name__
