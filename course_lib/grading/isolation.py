"""In a line: how students' code is kept apart on this system, as the gradebook records it with each submission."""

import sys

from course_lib.grading import launch


def in_force():
    """The kind of process and the layers of confinement that are in force, in words."""
    kind = "warm process" if launch.can_fork() else "fresh interpreter"
    return f"{sys.platform}, {kind}: {', '.join(launch.offered()) or 'no layers'}"
