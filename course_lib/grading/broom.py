"""Remove a folder that a student's code has filled: however deep, whatever its permissions; no link is followed.

`shutil.rmtree` calls itself for each level, and a thousand levels bring it down.
"""

import os
import secrets
import shutil
import stat
from contextlib import suppress

FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def clear(path):
    """Remove a folder with all that is in it; what the system does not let go of stays, and nothing is raised."""
    if os.rename not in os.supports_dir_fd:  # Windows
        shutil.rmtree(path, ignore_errors=True)
        return
    with suppress(OSError):
        top = os.open(path, FOLDER)
        try:
            _empty(top)
        finally:
            os.close(top)
        os.rmdir(path)


def _empty(top):
    """Folders are moved to the top before their turn comes, so that no path grows long."""
    folders = _sweep(top, top)
    while folders:
        name = folders.pop()
        with suppress(OSError):
            fd = os.open(name, FOLDER, dir_fd=top)
            try:
                folders += _sweep(fd, top)
            finally:
                os.close(fd)
            os.rmdir(name, dir_fd=top)


def _sweep(fd, top):
    """Remove the files of an open folder, and move its folders to the top; the names that they have there."""
    moved = []
    for name in os.listdir(fd):
        with suppress(OSError):
            if not stat.S_ISDIR(os.lstat(name, dir_fd=fd).st_mode):
                os.unlink(name, dir_fd=fd)
                continue
            os.chmod(name, 0o700, dir_fd=fd)
            new = secrets.token_hex(16)
            os.rename(name, new, src_dir_fd=fd, dst_dir_fd=top)
            moved.append(new)
    return moved
