"""Run a notebook from top to bottom in a fresh kernel that knows nothing of the person who builds."""

import os
import re
import subprocess
from pathlib import Path

SECONDS = 180  # for one cell, on a slow machine that does other things as well
INLINE = "module://matplotlib_inline.backend_inline"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PACKAGE_HOME = Path(__file__).resolve().parents[2]


class BuildError(Exception):
    """A notebook that cannot be built; says which one, where and why."""


def environment(data, worksheets):
    """The variables under which notebooks are run, so that two runs print the same.

    Args:
        data: an empty folder, in place of the person's own progress.
        worksheets: a folder of untouched worksheets, in place of the person's own answers.
    """
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return threads | {
        "COURSE_LIB_DATA": str(data),
        "COURSE_LIB_WORKSHEETS": str(worksheets),
        "IPYTHONDIR": str(Path(data) / "ipython"),  # nobody's own start-up files
        "MPLBACKEND": INLINE,
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "0",  # Matplotlib dates its files by it
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PACKAGE_HOME), os.environ.get("PYTHONPATH")])),
    }


def run(book, name, folder, variables, seconds=SECONDS):
    """Run a notebook in place, in `folder`, as Jupyter would.

    Raises:
        BuildError: a cell fails, takes longer than `seconds`, or the kernel dies.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    reached = {}
    client = NotebookClient(
        book,
        timeout=seconds,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        on_cell_execute=lambda cell, cell_index: reached.update(number=cell_index + 1, source=cell.source),
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        client.execute(env=os.environ | variables, stderr=subprocess.DEVNULL)
    except CellTimeoutError:
        raise BuildError(_report(name, reached, f"takes longer than {seconds} seconds")) from None
    except CellExecutionError as error:
        raise BuildError(_report(name, reached, "fails", error.traceback)) from None
    except DeadKernelError:
        raise BuildError(_report(name, reached, "kills its kernel")) from None
    return book


def _report(name, reached, what, traceback=""):
    """The message for the cell that was running: its number among all cells, its source, the error."""
    source = [f"    {line}" for line in reached["source"].splitlines()]
    error = [f"  | {line}" for line in ANSI.sub("", traceback).strip().splitlines()[-6:]]
    return "\n".join([f"{name}: cell {reached['number']} {what}:", *source, *error])
