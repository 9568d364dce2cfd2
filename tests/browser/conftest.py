"""One JupyterLab and one Chromium for all browser tests; both end with them, whatever fails."""

import os
import sys

import pytest

from . import lab as labs


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Skip the browser tests where there is no browser; on CI under Linux, where it belongs, fail."""
    why = labs.missing() if item.get_closest_marker("browser") else ""
    if why and os.environ.get("CI") == "true" and sys.platform == "linux":
        pytest.fail(why, pytrace=False)
    elif why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def chrome():
    with labs.browser() as chrome:
        yield chrome


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    with labs.lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
