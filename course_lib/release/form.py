"""Source text (percent format) <-> notebook: fixed metadata, repeatable ids, the usual layout on disk."""

import copy
import hashlib
import json
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
KEPT = ("slideshow", "tags")  # the cell metadata that means something; jupytext.toml names the same two
KEY_ONLY, WORKSHEET_ONLY = "key", "worksheet"


class Content(NamedTuple):
    """What a person wrote in a cell: all that two versions of a notebook are compared by."""

    kind: str
    source: str
    meaning: str


def notebook(text, stem, without=None):
    """A notebook, not executed, from source text in percent format.

    Cells with the tag `without` are left out. The ids of the cells depend on the stem and the sources alone.
    """
    import jupytext  # two seconds: only who builds pays them

    book = jupytext.reads(text, fmt="py:percent")
    book.cells = [cell for cell in book.cells if without not in cell.metadata.get("tags", ())]
    for cell, name in zip(book.cells, ids(stem, [cell.source for cell in book.cells])):
        cell["id"] = name
        cell.metadata = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
    book.nbformat, book.nbformat_minor = 4, 5
    book.metadata = copy.deepcopy(METADATA)
    return _plain(book)


def ids(stem, sources):
    """One id a cell: a hash of stem, source and how many cells with this source came before."""
    seen, names = Counter(), []
    for source in sources:
        names.append(hashlib.sha256(f"{stem}\0{source}\0{seen[source]}".encode()).hexdigest()[:12])
        seen[source] += 1
    return names


def contents(book):
    """The cells of a notebook as `Content`, without ids, outputs and what an editor adds by itself."""
    return [Content(c["cell_type"], source(c), _meaning(c["metadata"])) for c in book["cells"]]


def touched(book, stem):
    """Has somebody run or edited this notebook since it was built without outputs?

    An editor keeps the id of a cell whose text changes, so an id that is not the hash of its cell tells.
    """
    cells = book["cells"]
    run = any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
    return run or [cell.get("id") for cell in cells] != ids(stem, map(source, cells))


def source(cell):
    """The text of a cell, which a file may hold as one string or as lines."""
    return "".join(cell["source"])


def load(path):
    """A notebook file as plain dicts and lists (nbformat would cost a second).

    Raises:
        ValueError: the file holds no notebook.
    """
    try:
        book = json.loads(Path(path).read_text(encoding="utf-8"))
        contents(book)
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is no notebook ({error!r}); build it again.") from None
    return book


def save(book, path, as_old_as=None):
    """Write a notebook in nbformat's layout, whole or not at all.

    The file gets the time of `as_old_as`, its source: an editor that pairs both must not take
    the derived file for the newer of the two.
    """
    import nbformat

    text = nbformat.writes(book, version=4) + "\n"
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, half = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".half")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(half, 0o644)
        if as_old_as:
            moment = Path(as_old_as).stat().st_mtime_ns
            os.utime(half, ns=(moment, moment))
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise


def code_cell(text):
    """A code cell that has not been run."""
    import nbformat

    return nbformat.v4.new_code_cell(text)


def _meaning(metadata):
    kept = {key: metadata[key] for key in (*KEPT, "nbgrader") if metadata.get(key)}
    return json.dumps(kept, sort_keys=True)


def _plain(book):
    import nbformat

    return nbformat.from_dict(json.loads(json.dumps(book)))
