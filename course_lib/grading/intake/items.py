"""All files of a folder of submissions, through its archives, each with the names that lead to it."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from course_lib.grading.intake.archives import OF_A_STUDENT, Budget, unpack

DEEPEST = 12  # folders inside folders
CROWD = 5  # so many files of a folder that are no notebooks are listed one by one; more, in one line


class Item(NamedTuple):
    """A file: the names that lead to it from the folder of submissions, where it is, and what to call it in a list."""

    parts: tuple
    path: Path
    shown: str


class Gathered(NamedTuple):
    """The files, the folders at the top (also empty ones), and ``[(path, reason), ...]`` for what is left aside."""

    items: list
    folders: list
    problems: list


def gather(root, store=None):
    """Find all files.

    Args:
        root: a folder, or a zip file.
        store: a folder to unpack archives into; a temporary one by default, which goes when the program ends.
    """
    found = Gathered([], [], [])
    opener = _Opener(store)
    if root.is_file():
        opener.into(found, Item((), root, root.name), depth=0)
        return found
    _walk(root, (), found, opener)
    return found


def _walk(folder, parts, found, opener):
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        item = Item((*parts, path.name), path, str(path))
        if path.is_symlink() and parts:
            found.problems.append((str(path), "it is a link, which is not followed"))
        elif path.is_dir() and path.suffix != ".ipynb":
            _descend(item, found, opener)
        elif path.suffix.lower() == ".zip" and path.is_file():
            opener.into(found, item, depth=1)
        else:
            found.items.append(item)


def _descend(item, found, opener):
    if len(item.parts) == 1:
        found.folders.append(item.parts[0])
    if len(item.parts) > DEEPEST:
        found.problems.append((str(item.path), "it lies too deep"))
        return
    try:
        _walk(item.path, item.parts, found, opener)
    except OSError as error:
        found.problems.append((str(item.path), f"it cannot be opened ({error.strerror})"))


class _Opener:
    """Unpacks archives, each into a folder of its own below the store, on one budget."""

    def __init__(self, store):
        self.store, self.budget, self.count = store, Budget(), 0

    def into(self, found, item, depth):
        """Add the notebooks of an archive to what is found; archives inside it are a student's."""
        most = OF_A_STUDENT if depth > 1 or len(item.parts) > 1 else None
        taken, refused = unpack(item.path, self.folder(item), self.budget, most)
        found.problems.extend((f"{item.shown}/{name}" if name else item.shown, reason) for name, reason in refused)
        for parts, path in taken:
            inner = Item((*item.parts, *parts), path, "/".join((item.shown, *parts)))
            if path.suffix.lower() != ".zip":
                found.items.append(inner)
            elif depth < 2:
                self.into(found, inner, depth + 1)
            else:
                found.problems.append((inner.shown, "it is an archive in an archive in an archive"))

    def folder(self, item):
        """A new folder to unpack into."""
        if self.store is None:
            self.store = Path(tempfile.mkdtemp(prefix="submissions-"))
            atexit.register(shutil.rmtree, self.store, ignore_errors=True)
        self.count += 1
        return self.store / f"{self.count:04d}_{re.sub(r'[^A-Za-z0-9_.-]+', '_', item.path.stem)[-60:]}"


def in_brief(problems):
    """The same list, with a crowd of files that are no notebooks told in a line a folder."""
    crowds, brief = {}, []
    for path, reason in problems:
        if reason == "it is no notebook":
            crowds.setdefault(os.path.dirname(path), []).append(path)
        else:
            brief.append((path, reason))
    for folder, paths in crowds.items():
        if len(paths) > CROWD:
            brief.append((folder, f"{len(paths)} files in it are no notebooks"))
        else:
            brief.extend((path, "it is no notebook") for path in paths)
    return brief
