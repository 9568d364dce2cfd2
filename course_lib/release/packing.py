"""Zip files that are the same bytes whenever they are made of the same files; files written whole or not at all."""

import io
import os
import tempfile
import zipfile
from pathlib import Path

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that zip knows
UNIX = 3  # the system whose modes are in the attributes


def packed(files, top="", executable=()):
    """A zip file as bytes.

    Args:
        files: ``{name: bytes}``.
        top: the folder that all of them lie in, "" for none.
        executable: the names that may be run as programs.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{name}" if top else name, LONG_AGO)
            info.create_system, info.compress_type = UNIX, zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(info, files[name], compresslevel=9)
    return out.getvalue()


def save(path, data, mode=0o644):
    """Write bytes or text, whole or not at all, with this mode (raises OSError)."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".half")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        os.chmod(half, mode)
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
