"""A notebook in JupyterLab, as a person with a mouse and a keyboard uses it.

What is done goes through the page. What came of it is read from the model of the notebook, which knows all cells,
and knows when one has run.
"""

TIMEOUT = 120_000  # ms, on a machine that does other things as well

FIND = """(path) => [...(window.jupyterapp?.shell.widgets("main") ?? [])].find((w) => w.context?.path === path)"""
STATE = f"""(path) => {{
  const panel = ({FIND})(path);
  const cells = [...(panel?.content.model?.cells ?? [])].map((cell) => ({{
    type: cell.type, source: cell.sharedModel.source, count: cell.executionCount ?? 0,
    busy: cell.executionState === "running", outputs: cell.outputs?.toJSON() ?? [],
  }}));
  return {{ kernel: panel?.sessionContext.session?.kernel?.status, dirty: panel?.context.model.dirty, cells }};
}}"""
IDLE = f"""(path) => ({FIND})(path)?.sessionContext.session?.kernel?.status === "idle" """
RAN = f"""([path, wanted]) => {{
  const state = ({STATE})(path);
  return wanted.every(([i, count]) => state.cells[i].count > count && !state.cells[i].busy);
}}"""
SAVED = f"(path) => !({STATE})(path).dirty"
PICTURES = """(stage) => [...stage.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join()"""
REPAINTED = f"([stage, before]) => ({PICTURES})(stage) !== before"


class Notebook:
    """One notebook in a page.

    Args:
        page: the Playwright page.
        path: the path of the notebook below the folder of the server.
    """

    def __init__(self, page, path):
        self.page, self.path = page, path

    def open(self, address):
        """Go to its address, and wait until its kernel is ready."""
        self.page.goto(address)
        return self.ready()

    def ready(self):
        """Wait until it stands in front, with a kernel that waits for work."""
        self.page.wait_for_function(IDLE, arg=self.path, timeout=TIMEOUT)
        self.cell(0).wait_for(timeout=TIMEOUT)
        return self

    # ------------------------------------------------------------------------------------ what is there

    @property
    def cells(self):
        """All cells: type, source, count, busy, outputs."""
        return self.page.evaluate(STATE, self.path)["cells"]

    def find(self, text, after=-1):
        """The index of the first code cell behind the one at ``after`` whose source holds ``text``."""
        cells = enumerate(self.cells)
        return next(i for i, cell in cells if i > after and cell["type"] == "code" and text in cell["source"])

    def cell(self, index):
        """A cell as a Playwright locator."""
        panel = self.page.evaluate(f"(path) => ({FIND})(path).id", self.path)
        return self.page.locator(f"[id='{panel}'] .jp-Cell").nth(index)

    def output(self, index):
        """The outputs of a cell, brought into view: JupyterLab spares itself the painting of cells out of sight."""
        self.cell(index).scroll_into_view_if_needed()
        return self.cell(index).locator(".jp-Cell-outputArea")

    def complaints(self):
        """What went to an error output or to stderr, as texts."""
        outputs = [out for cell in self.cells for out in cell["outputs"]]
        errors = [f"{out['ename']}: {out['evalue']}" for out in outputs if out["output_type"] == "error"]
        return errors + [str(out["text"]) for out in outputs if out.get("name") == "stderr"]

    # ------------------------------------------------------------------------------------ what is done

    def run_all(self):
        """Menu "Run", "Run All Cells", and wait until the last one has run."""
        wanted = [(i, cell["count"]) for i, cell in enumerate(self.cells) if cell["type"] == "code"]
        self.page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        self.page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
        self.page.wait_for_function(RAN, arg=[self.path, wanted], timeout=TIMEOUT)

    def run(self, index):
        """Choose a cell and press Shift+Enter."""
        self.cell(index).locator(".jp-InputPrompt").click()
        self._shift_enter(index)

    def answer(self, name, source):
        """Type a function over its stub, run it, and run the check in the next cell; that cell's output."""
        index = self.find(f"def {name}(")
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)
        self._shift_enter(index)
        self._shift_enter(index + 1)
        return self.output(index + 1)

    def _shift_enter(self, index):
        count = self.cells[index]["count"]
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(RAN, arg=[self.path, [(index, count)]], timeout=TIMEOUT)

    def save(self):
        """Ctrl+S, and wait until it is on the disk."""
        self.page.keyboard.press("ControlOrMeta+S")
        self.page.wait_for_function(SAVED, arg=self.path, timeout=TIMEOUT)

    def show(self):
        """Bring its tab to the front."""
        self.page.click(f"#jp-main-dock-panel .lm-TabBar-tab[title*='Path: {self.path}']")
        return self.ready()


class Stage:
    """A widget in the output of a cell."""

    def __init__(self, output):
        self.root = output.locator(".cs-stage")
        self.root.locator("canvas").first.wait_for(state="attached", timeout=TIMEOUT)
        self.root.scroll_into_view_if_needed()

    def pictures(self):
        """What its canvases show, as one text."""
        return self.root.evaluate(PICTURES)

    def press(self, control, *keys):
        """Focus a control, press keys, and wait until the picture is another one."""
        before = self.pictures()
        control.focus()
        for key in keys:
            control.press(key)
        page = self.root.page
        page.wait_for_function(REPAINTED, arg=[self.root.element_handle(), before], timeout=TIMEOUT)
