"""Tests and the notebooks that nbval runs see a fresh learner: no progress, untouched worksheets."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent


def pytest_configure(config):
    """Set the variables once; the workers of a parallel run inherit them."""
    if hasattr(config, "workerinput"):
        return
    from course_lib.release import environment, worksheets

    scratch = Path(tempfile.mkdtemp(prefix="course-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    variables = environment(scratch, scratch / "exercises")
    if config.getoption("--nbval", default=False):
        worksheets(ROOT, scratch / "exercises")
    else:
        variables["MPLBACKEND"] = "Agg"  # a notebook shows its figures, a test must not open windows
    os.environ.update(variables)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Each notebook gets a data folder of its own before its kernel starts, as in `build`."""
    if getattr(item.parent, "kernel", item) is None:
        scratch = Path(os.environ["COURSE_LIB_WORKSHEETS"]).parent
        os.environ["COURSE_LIB_DATA"] = tempfile.mkdtemp(dir=scratch)
