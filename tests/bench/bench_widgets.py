"""From key press to painted picture, in JupyterLab in Chromium: the Stage against `interact` with an inline figure.

Both show the same bowl, path and curves, in the same notebook, server, kernel and browser, with the same method:
arrow keys on the focused slider. `latency` is of single presses, to the end of the frame in which the new picture
is painted; `painted` is the share of presses that got a picture of their own while a key is held at 30 Hz.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
OWN = ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
SINGLE, HELD, RATE = 30, 90, 30

STAGE = "from course_lib.widgets import descent, show\nshow(descent())"
INTERACT = """%matplotlib inline
import matplotlib.pyplot as plt, numpy as np
from ipywidgets import interact, IntSlider
from course_lib.optimizers import PointState, gradient_descent
from course_lib.problems import bowl
from course_lib.run import run
f = bowl(25, 0.46)
x, y = np.meshgrid(np.linspace(-3.2, 3.2, 121), np.linspace(-2.4, 2.4, 121))
z = f(np.stack([x, y], -1))

@interact(lr=IntSlider(20, 1, 140))
def draw(lr):
    trace = run(gradient_descent, PointState(np.array([-2.5, 1.0])), f, steps=60, lr=lr / 2000)
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
    left.contour(x, y, z, 12)
    left.plot(*trace.x.T, "o-", ms=3)
    right.semilogy(trace.loss)
    plt.show()
"""

WATCH = """(kind) => {
  const now = () => performance.now();
  const bench = (window.bench = { pressed: [], painted: [] });
  const painted = () => requestAnimationFrame(() => setTimeout(() => bench.painted.push(now()), 0));
  window.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && bench.pressed.push(now()), true);
  if (kind === "stage") {
    const stage = document.querySelector(".cs-stage");
    new MutationObserver(painted).observe(stage, { attributes: true, attributeFilter: ["data-frame"] });
  } else {
    const cell = document.querySelectorAll(".jp-Notebook .jp-CodeCell")[1];
    const images = (node) => (node.matches?.("img") ? [node] : [...(node.querySelectorAll?.("img") ?? [])]);
    const seen = (image) => image.decode().then(painted, () => {});
    const added = (changes) => changes.flatMap((change) => [...change.addedNodes]).flatMap(images).forEach(seen);
    new MutationObserver(added).observe(cell, { childList: true, subtree: true });
  }
}"""


def main():
    if CHROMIUM is None:
        print("No Chromium here: install it (Debian: apt install chromium) to measure the widgets.")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, lab(Path(folder)) as url, sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *["--no-sandbox"] * root])
        rows = {kind: measured(browser, url, kind) for kind in ("stage", "interact")}
        browser.close()
    if hasattr(os, "getloadavg"):
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors: from one a processor on, the times grow")
    print(f"{'':10}{'median ms':>11}{'p95 ms':>9}{'painted':>9}   (keys held at {RATE} Hz, {HELD} presses)")
    for kind, (times, share) in rows.items():
        print(f"{kind:10}{median(times):11.1f}{quantiles(times, n=20)[-1]:9.1f}{share:9.0%}")


@contextmanager
def lab(folder):
    """JupyterLab on a free loopback port with one notebook in it; its address."""
    write(folder / "bench.ipynb", STAGE, INTERACT)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    own = {name: str(folder) for name in OWN}
    env = {**os.environ, **own, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
               f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=", "--LabApp.news_url=None"]  # fmt: skip
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield answering(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(20)


def write(path, *cells):
    """A notebook with these code cells."""
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**blank, "id": f"cell-{i}", "source": source} for i, source in enumerate(cells)]
    path.write_text(json.dumps({"cells": cells, "metadata": spec, "nbformat": 4, "nbformat_minor": 5}))


def answering(url, patience=60):
    """The address, as soon as somebody answers there."""
    for _ in range(patience * 5):
        try:
            urllib.request.urlopen(f"{url}/api").read()
            return url
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not answer within {patience} seconds.")


def measured(browser, url, kind):
    """Latencies of single presses in ms, and the share of presses painted while the key is held."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(f"{url}/lab/tree/bench.ipynb?reset")
    run_all(page)
    page.wait_for_selector(".cs-stage canvas", timeout=90_000)
    page.wait_for_selector(".jp-OutputArea-output img", timeout=90_000)
    slider = ".cs-stage input[type=range]" if kind == "stage" else ".noUi-handle"
    page.locator(slider).first.focus()
    page.wait_for_timeout(2000)
    page.evaluate(WATCH, kind)
    times = single(page)
    share = held(page)
    page.close()
    return times, share


def run_all(page):
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_selector("#jp-main-statusbar >> text=| Idle", timeout=60_000)  # sooner, and it asks for a kernel
    page.wait_for_timeout(1500)
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")


def single(page):
    """Milliseconds from each press to its picture."""
    times = []
    for i in range(SINGLE + 3):  # the first three warm up
        page.evaluate("() => { bench.pressed = []; bench.painted = [] }")
        page.keyboard.press("ArrowRight" if i % 10 < 5 else "ArrowLeft")
        page.wait_for_function("bench.painted.length > 0", timeout=10_000)
        times.append(page.evaluate("bench.painted[0] - bench.pressed[0]"))
        page.wait_for_timeout(400)
    return times[3:]


def held(page):
    """Pictures a press while keys come as from a held key, to and fro so that each press changes the value."""
    page.evaluate("() => { bench.pressed = []; bench.painted = [] }")
    start = time.perf_counter()
    for i in range(HELD):
        page.keyboard.press("ArrowRight" if i % 40 < 20 else "ArrowLeft")
        time.sleep(max(0, start + (i + 1) / RATE - time.perf_counter()))
    page.wait_for_timeout(2000)
    return page.evaluate("Math.min(1, bench.painted.length / bench.pressed.length)")


if __name__ == "__main__":
    main()
