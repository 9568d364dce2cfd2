"""What of the disk a submission may read: the interpreter, its packages and the system's libraries, nothing else."""

import os
import sys
import sysconfig

LIBRARIES = ("/lib", "/lib64", "/lib32", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
COMMON = ("/usr/share/zoneinfo", "/usr/share/fonts", "/etc/fonts")
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def packages(path):
    """Of a `sys.path` what belongs to the interpreter: its library and what is installed, no folder of anybody's."""
    return [folder for folder in path if folder and os.path.isabs(folder) and _installed(folder)]


def _installed(folder):
    if os.path.basename(folder) in ("site-packages", "dist-packages"):
        return True
    return any(_within(folder, library) for library in _standard()) or folder.endswith(".zip")


def _standard():
    return [sysconfig.get_path(name) for name in ("stdlib", "platstdlib")]


def paths():
    """The paths that may be read, those that exist; `COURSE` is to be left out where it lies in one of them."""
    home = os.path.dirname(os.path.dirname(sys.executable))
    wanted = [*packages(sys.path), *_standard(), os.path.join(sys.base_prefix, "lib"), *LIBRARIES, *COMMON]
    wanted += [sys.executable, os.path.join(home, "pyvenv.cfg")]
    return outermost([path for path in wanted if os.path.exists(path)])


def outermost(wanted):
    """Without what lies in another of them."""
    wanted = list(dict.fromkeys(map(os.path.normpath, wanted)))
    return [path for path in wanted if not any(path != other and _within(path, other) for other in wanted)]


def hides(path):
    """The folder of the course in a path that may be read, or None."""
    return COURSE if _within(os.path.realpath(COURSE), os.path.realpath(path)) else None


def without_course(path):
    """A path that may be read, or, where the course lies in it, all that lies beside the course."""
    if not hides(path):
        return [path]
    if os.path.realpath(path) == os.path.realpath(COURSE):
        return []
    return [left for name in os.listdir(path) for left in without_course(os.path.join(path, name))]


def _within(path, folder):
    return path == folder or path.startswith(folder.rstrip("/") + "/")
