"""Make what a notebook printed repeatable: two builds of the same source are equal to the last byte."""

import base64
import copy
import re
import struct

from course_lib.release.form import METADATA

WIDGET = "application/vnd.jupyter.widget-view+json"
PNG = b"\x89PNG\r\n\x1a\n"
ADDRESS = re.compile(r"<[^<>\n]+ at 0x[0-9A-Fa-f]+>")
TEXTS = ("text/plain", "text/html", "image/svg+xml")
PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND"}  # the rest names programs and dates


def clean(book):
    """Rid an executed notebook, in place, of all that varies from run to run."""
    book.metadata = copy.deepcopy(METADATA)  # running adds the version of Python and the state of widgets
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_still, merged(cell.outputs)) if output]
    return book


def faults(book):
    """What no two runs print alike, or no reader should see, as ``[(cell number, sentence), ...]``."""
    cells = [(n, cell) for n, cell in enumerate(book["cells"], 1) if cell["cell_type"] == "code"]
    return [(n, fault) for n, cell in cells for output in cell["outputs"] for fault in _faults(output)]


def _faults(output):
    if output["output_type"] == "error":
        yield "ends in an error"
    if output.get("name") == "stderr":
        yield "writes to stderr (a warning?)"
    texts = [output.get("text", ""), *(output.get("data", {}).get(kind, "") for kind in TEXTS)]
    if any(ADDRESS.search("".join(text)) for text in texts):
        yield "prints the address of an object, which changes each time; give the object a fixed repr"


def merged(outputs):
    """The outputs with neighboring pieces of one stream joined: where a stream is cut is chance."""
    joined = []
    for output in outputs:
        streams = bool(joined) and output.output_type == "stream" == joined[-1].output_type
        if streams and output.name == joined[-1].name:
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


def _still(output):
    """The output as a static page shows it: no live widget (its model is gone), bare pictures.

    None when nothing is left.
    """
    if "data" not in output:
        return output
    output.data.pop(WIDGET, None)
    if "image/png" in output.data:
        picture = bare_png(base64.b64decode(output.data["image/png"]))
        output.data["image/png"] = base64.b64encode(picture).decode() + "\n"
    return output if output.data else None


def bare_png(data):
    """A PNG file with the chunks that hold the picture only.

    Raises:
        ValueError: the data are no PNG.
    """
    if not data.startswith(PNG):
        raise ValueError("These data are no PNG picture: they do not begin with its signature.")
    kept, start = [PNG], len(PNG)
    while start < len(data):
        (length,) = struct.unpack(">I", data[start : start + 4])
        end = start + length + 12
        if data[start + 4 : start + 8] in PICTURE:
            kept.append(data[start:end])
        start = end
    return b"".join(kept)
