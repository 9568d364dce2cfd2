"""Unpack zip files that strangers made: under names of our own, within a budget, and never what is no notebook.

A member's name is only ever read as text (`parts_of`); on the disk it is called by a number and what is harmless of
its name, so there is no path to climb and no file to overwrite.
"""

import lzma
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass

from course_lib.grading.notebook import LARGEST_FILE

OF_A_STUDENT = 200_000_000  # bytes that one student's own archive may unpack to
DENSEST = 200  # times that a member above a megabyte may be larger than it is packed; notebooks reach 20
WANTED = (".ipynb", ".zip", "timestamp.txt")
ENCRYPTED = 0x1
UTF8 = 0x800
JUNK = ("__MACOSX", "Thumbs.db", "desktop.ini")
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, KeyError)


@dataclass
class Budget:
    """What all archives of a run together may still unpack."""

    members: int = 200_000
    size: int = 8_000_000_000


class Refused(Exception):
    """Why an archive or a member of it is left aside, as the end of a list entry."""


class Unwritable(ValueError):
    """There is no place to unpack to; it ends the run, since it is not the students' doing."""


def unpack(path, folder, budget, most=None):
    """Unpack the notebooks of a zip file.

    Args:
        path: the file.
        folder: where to; made when needed.
        budget: the `Budget`, which is drawn on.
        most: the bytes that this archive may unpack to; the whole budget by default.

    Returns:
        ``[(parts of the name, path on disk), ...]`` and ``[(name, reason), ...]`` for all else.

    Raises:
        Unwritable: the disk is full, or the folder cannot be written.
    """
    taken, refused = [], []
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _junk(info)]
            _afford(infos, budget, most)
            for number, info in enumerate(infos):
                try:
                    taken.append(_member(archive, info, folder, number))
                except Refused as reason:
                    refused.append((shown(info), str(reason)))
    except Unwritable:
        raise
    except Refused as reason:
        refused.append(("", str(reason)))
    except (*BROKEN, NotImplementedError) as error:
        refused.append(("", f"the archive is broken ({error})"))
    return taken, refused


def _afford(infos, budget, most):
    """Draw on the budget, by the sizes that the archive declares (no more is ever read)."""
    size = sum(info.file_size for info in infos if info.filename.lower().endswith(WANTED))
    if len(infos) > budget.members or size > min(budget.size, most or budget.size):
        raise Refused(f"the archive unpacks to {len(infos)} files with {size / 1e6:.0f} MB, which is too much")
    budget.members -= len(infos)
    budget.size -= size


def _member(archive, info, folder, number):
    parts = parts_of(info)
    _look(info, parts)
    target = folder / f"{number:05d}_{re.sub(r'[^A-Za-z0-9_.-]+', '_', parts[-1])[-80:]}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for block in _blocks(archive, info):
                file.write(block)
    except Refused:
        target.unlink()
        raise
    except OSError as error:
        raise Unwritable(f"{folder} cannot be written ({error.strerror}): make room, or change --out.") from None
    return parts, target


def _blocks(archive, info):
    """What a member holds (raises Refused where it is broken)."""
    try:
        with archive.open(info) as source:
            yield from iter(lambda: source.read(1 << 20), b"")
    except (*BROKEN, NotImplementedError, RuntimeError) as error:
        raise Refused(f"it is broken in the archive ({error})") from None


def _look(info, parts):
    """Raise Refused for a member that is not to be unpacked."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise Refused("it is a link or a device, not a file")
    if not parts[-1].lower().endswith(WANTED):
        raise Refused("it is no notebook")
    if info.flag_bits & ENCRYPTED:
        raise Refused("it is encrypted: ask for it without a password")
    if info.file_size > 1_000_000 and info.file_size > DENSEST * max(info.compress_size, 1):
        raise Refused("it is packed so densely that it looks like a zip bomb")
    if info.file_size > LARGEST_FILE and not parts[-1].lower().endswith(".zip"):
        raise Refused(f"it has {info.file_size / 1e6:.0f} MB: its outputs need to be cleared")


def parts_of(info):
    """The parts of a member's name (raises Refused for a name that leads out of the archive)."""
    parts = [part for part in decoded(info).replace("\\", "/").split("/") if part not in ("", ".")]
    outside = decoded(info)[:1] in ("/", "\\") or ".." in parts or any(re.match("[A-Za-z]:", p) for p in parts[:1])
    if outside or not parts:
        raise Refused("its name leads out of the archive")
    return tuple(parts)


def decoded(info):
    """The name of a member. Many programs write UTF-8 without saying so, and zipfile then reads it as code page 437."""
    if info.flag_bits & UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def shown(info):
    """The name of a member for a list: one line, whatever it holds."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in decoded(info))[:200]


def _junk(info):
    """What systems add by themselves."""
    return any(part.startswith(".") and part not in (".", "..") or part in JUNK
               for part in decoded(info).replace("\\", "/").split("/"))  # fmt: skip
