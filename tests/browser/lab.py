"""A JupyterLab of its own on a copy of the course's notebooks, and the Chromium that looks at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
QUIET = ("--no-browser", "--allow-root", "--LabApp.news_url=None", "--LabApp.expose_app_in_browser=True",
         "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.extension_manager=readonly",
         "--LanguageServerManager.autodetect=False", "--ServerApp.answer_yes=True")  # fmt: skip
SETTINGS = {
    "notification": {"fetchNews": "false", "checkForUpdates": False},
    "themes": {"theme": "JupyterLab Light"},
}
PATIENCE = 90  # seconds for a server to answer, on a machine that does other things as well


def chromium():
    """The path of a Chromium of this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def missing():
    """What keeps the browser tests from running, as a sentence that says what to do; empty when all is there."""
    if not chromium():
        return f"There is no Chromium on the PATH ({', '.join(NAMES)}): install it (Debian: apt install chromium)."
    if not find_spec("playwright"):
        return "Playwright is not installed: pip install -r requirements-test.txt brings it."
    return ""


@contextmanager
def browser():
    """Chromium, headless."""
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *["--no-sandbox"] * root])
        try:
            yield chrome
        finally:
            chrome.close()


class Lab:
    """A running JupyterLab: its ``folder`` with the copies, its ``url`` and ``token``."""

    def __init__(self, folder, url, token):
        self.folder, self.url, self.token = folder, url, token

    def address(self, path):
        """Where a notebook opens, alone, whatever was open before."""
        return f"{self.url}lab/tree/{path}?reset&token={self.token}"


@contextmanager
def lab(home):
    """JupyterLab on a free loopback port, with its copies, settings and progress in the folder ``home``."""
    folder = home / "course"
    copy(folder)
    settle(home / "settings")
    with open(home / "lab.log", "w") as log:
        server = subprocess.Popen(command(folder), env=environ(home), cwd=folder, stdout=log, stderr=log)
    try:
        yield Lab(folder, *answering(server, home))
    finally:
        end(server)


def copy(folder):
    """Lessons and keys as they are, and untouched worksheets, whoever works in those of this checkout."""
    from course_lib.release import worksheets

    for name in ("notebooks", "solutions"):
        (folder / name).mkdir(parents=True)
        for path in sorted((ROOT / name).glob("*.ipynb")):
            uncounted(path, folder / name / path.name)
    worksheets(ROOT, folder / "exercises")


def uncounted(path, target):
    """Copy a notebook without its execution counts, so that a count says: this cell was run here."""
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = None
    target.write_text(json.dumps(book), encoding="utf-8")


def settle(folder):
    """Settings under which JupyterLab asks no questions."""
    for name, values in SETTINGS.items():
        path = folder / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def command(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = ("--ip=127.0.0.1", f"--port={port}", f"--ServerApp.root_dir={folder}")
    return [sys.executable, "-m", "jupyterlab", *QUIET, *where]


def environ(home):
    """Nobody's own settings, progress or worksheets."""
    from course_lib.release import environment

    (home / "data").mkdir()
    folders = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings",
               "JUPYTERLAB_WORKSPACES_DIR": "workspaces"}  # fmt: skip
    own = {name: str(home / value) for name, value in folders.items()}
    return os.environ | environment(home / "data", home / "course" / "exercises") | own


def answering(server, home):
    """URL and token of the server, as soon as it answers.

    Raises:
        RuntimeError: it ended, or did not answer in time; with its last words.
    """
    end_of_patience = time.monotonic() + PATIENCE
    while time.monotonic() < end_of_patience and server.poll() is None:
        try:
            (found,) = (home / "runtime").glob("jpserver-*.json")
            said = json.loads(found.read_text())
            urllib.request.urlopen(f"{said['url']}api").read()
            return said["url"], said["token"]
        except (ValueError, OSError):
            time.sleep(0.1)
    words = (home / "lab.log").read_text()[-2000:]
    raise RuntimeError(f"JupyterLab did not answer within {PATIENCE} seconds; it said:\n{words}")


def end(server):
    """End the server, which ends its kernels."""
    server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(20)
