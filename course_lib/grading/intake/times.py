"""When a submission was handed in, as ISO text in UTC; "" where nothing tells."""

import re
import shutil
import subprocess
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

HASH = re.compile(r"[0-9a-f]{40}")
TIME = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:?\d\d|[A-Za-z_/]+)?")
LONGEST = 200  # characters of a time stamp


def stamp(path):
    """The time in nbgrader's timestamp.txt, e.g. ``2026-03-01 15:58:23.948203 UTC``; "" when it cannot be read."""
    try:
        return utc(path.read_text(encoding="utf-8-sig")[:LONGEST].strip())
    except (OSError, ValueError):
        return ""


def utc(text):
    """A time as ISO text in UTC. Without a zone it is one already (as nbgrader takes it).

    Raises:
        ValueError: it is no time.
    """
    match = TIME.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is no time.")
    moment = datetime.fromisoformat(_padded(match[1])).replace(tzinfo=zone(match[2] or "UTC"))
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")


def zone(text):
    """A time zone by its name or offset (raises ValueError)."""
    if text in ("Z", "UTC", "UCT", "GMT"):
        return timezone.utc
    if text[0] in "+-":
        return datetime.strptime(text.replace(":", ""), "%z").tzinfo
    try:
        return ZoneInfo(text)
    except (KeyError, OSError, ValueError):  # KeyError: Windows has no zones without the package tzdata
        raise ValueError(f"{text!r} is no time zone.") from None


def _padded(text):
    """Microseconds with six digits, as Python 3.10 wants them."""
    whole, dot, part = text.partition(".")
    return f"{whole}.{part:0<6}" if dot else whole


# ------------------------------------------------------------------------------------------------------- commits


def committed(repository):
    """The time of the last commit of a checkout, "" where there is no git or no commit.

    A checkout's own configuration may name programs to run, so git sees only its objects, from an empty repository.
    """
    folder = Path(repository) / ".git"
    commit = head(folder)
    if not commit or not shutil.which("git"):
        return ""
    with tempfile.TemporaryDirectory() as scratch:
        info = Path(scratch) / "objects" / "info"
        for path in (info, Path(scratch) / "refs"):
            path.mkdir(parents=True)
        (Path(scratch) / "HEAD").write_text("ref: refs/heads/none\n", encoding="utf-8")
        (info / "alternates").write_text(f"{(folder / 'objects').resolve()}\n", encoding="utf-8")
        return _time_of(scratch, commit)


def _time_of(bare, commit):
    command = ["git", "-c", "safe.directory=*", "--git-dir", bare, "cat-file", "commit", commit]
    try:
        text = subprocess.run(command, capture_output=True, timeout=20, check=True, stdin=subprocess.DEVNULL).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    match = re.search(rb"^committer .* (\d{1,11}) [+-]\d{4}$", text, re.MULTILINE)
    return datetime.fromtimestamp(int(match[1]), timezone.utc).isoformat(timespec="seconds") if match else ""


def head(folder):
    """The hash of the commit that is checked out, or "" (reads text files alone)."""
    text = _text(folder / "HEAD")
    if HASH.fullmatch(text):
        return text
    name = text.removeprefix("ref: ")
    if not re.fullmatch(r"refs/[\w./-]+", name) or ".." in name:
        return ""
    loose = _text(folder / name)
    packed = re.search(rf"^([0-9a-f]{{40}}) {re.escape(name)}$", _text(folder / "packed-refs"), re.MULTILINE)
    return loose if HASH.fullmatch(loose) else packed[1] if packed else ""


def _text(path):
    try:
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    except (OSError, ValueError):
        return ""
