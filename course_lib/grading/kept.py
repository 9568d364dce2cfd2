"""What takes a while to work out from the course's own files: kept beside their bytecode until one of them changes.

It may be lost or refused at any time, and is worked out anew then; so is all of it where Python writes no bytecode.
"""

import json
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from course_lib.grading import files


def kept(name, key, make):
    """What `make` returns, plain data: worked out, or that of an earlier run under the same name and key.

    Args:
        name: of a file.
        key: a text that is another one whenever something else would come of it.
        make: called without arguments, where nothing is kept.
    """
    path = Path(cache_from_source(str(Path(__file__).with_name(f"{name}.py")))).with_suffix(".json")
    with suppress(OSError, ValueError, TypeError, KeyError):
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["key"] == key:
            return before["value"]
    value = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            files.save(path, json.dumps({"key": key, "value": value}))
    return value
