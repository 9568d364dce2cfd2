"""Pictures of the course at work, to be looked at: ``python -m tests.browser.screenshots FOLDER [--readme]``.

With --readme it also takes the picture of the README, docs/images/course.png. With --widgets it takes the widgets only,
each before and after a move, in both themes and at two widths of the window.
"""

import argparse
import tempfile
from pathlib import Path

from .answers import ANSWERS, filled
from .lab import ROOT, browser, lab, missing
from .notebook import Notebook, Stage

README = ROOT / "docs" / "images" / "course.png"
THEME = '(name) => jupyterapp.commands.execute("apputils:change-theme", {theme: `JupyterLab ${name}`})'
WINDOWS = ((1400, 1000), (900, 1500))  # of the widgets: usual, and narrow
LEFT_BAR = 'jupyterapp.commands.execute("application:toggle-left-area")'
BARE = [LEFT_BAR, *(f'jupyterapp.commands.execute("application:toggle-side-tabbar", {{side: "{side}"}})'
                    for side in ("left", "right"))]  # fmt: skip
BESIDE = """([path, ref]) => {
  const find = (path) => [...jupyterapp.shell.widgets("main")].find((w) => w.context?.path === path);
  jupyterapp.shell.add(find(path), "main", { mode: "split-right", ref: find(ref).id });
}"""
TO_TOP = """([path, index]) => {
  const panel = [...jupyterapp.shell.widgets("main")].find((w) => w.context?.path === path);
  panel.content.widgets[index].node.scrollIntoView({ block: "start" });
}"""
TO_GOAL = ["Shift+ArrowRight"] * 4 + ["ArrowRight"] * 6 + ["Shift+ArrowUp"] * 3 + ["ArrowUp"] * 7


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("folder", type=Path, help="where the pictures go")
    words.add_argument("--stems", nargs="*", default=list(ANSWERS), help="which lessons (all)")
    words.add_argument("--widgets", action="store_true", help="the widgets only, in both themes, wide and narrow")
    words.add_argument("--readme", action="store_true", help="also take the picture of the README")
    args = words.parse_args()
    if missing():
        words.exit(2, f"{missing()}\n")
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, lab(Path(home)) as server, browser() as chrome:
        if args.readme:
            Tour(chrome, server, "05_momentum", args.folder, width=1440, height=920).readme()
        for stem in args.stems:
            tour = Tour(chrome, server, stem, args.folder)
            tour.widgets() if args.widgets else tour.all()


def slim(source, target):
    """A copy of a picture in 256 colors, about half the size."""
    from PIL import Image

    picture = Image.open(source).convert("RGB")
    colors = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE)
    target.parent.mkdir(exist_ok=True)
    picture.quantize(palette=colors, dither=Image.Dither.FLOYDSTEINBERG).save(target, optimize=True)
    print(target)


class Tour:
    """Through one lesson and its worksheet, with a camera."""

    def __init__(self, chrome, server, stem, folder, width=1300, height=1000):
        self.page = chrome.new_page(viewport={"width": width, "height": height})
        self.server, self.stem, self.folder, self.answers = server, stem, folder, ANSWERS[stem]

    def all(self):
        self.begin()
        self.lesson.cell(0).scroll_into_view_if_needed()
        self.shoot("lesson-top")
        for index in self.shown():
            self.widget(index)
        self.forms()
        self.cards()
        self.dark()
        self.page.close()

    def widgets(self):
        """Every widget before and after a move, and then as it stands in each theme and each width."""
        self.begin()
        for index in self.shown():
            self.widget(index)
        for theme in ("Dark", "Light"):
            self.dress(theme)
            for width, height in WINDOWS:
                self.page.set_viewport_size({"width": width, "height": height})
                for index in self.shown():
                    self.shoot(f"widget-{index}-{theme.lower()}-{width}", Stage(self.lesson.output(index)).root)
        self.page.close()

    def begin(self):
        """Open the lesson and run it."""
        self.lesson = self.opened("notebooks")
        self.page.evaluate(LEFT_BAR)
        self.lesson.run_all()

    def shown(self):
        """The cells that show a widget."""
        return [i for i, cell in enumerate(self.lesson.cells) if "widgets.show(" in cell["source"]]

    def opened(self, kind):
        path = f"{kind}/{self.stem}.ipynb"
        return Notebook(self.page, path).open(self.server.address(path))

    def shoot(self, name, locator=None):
        """The page, or one element of it."""
        self.page.wait_for_timeout(800)  # what scrolls or fades comes to rest
        path = self.folder / f"{self.stem[:2]}-{name}.png"
        locator.screenshot(path=path) if locator else self.page.screenshot(path=path)
        print(path)
        return path

    def widget(self, index):
        """Before and after a move."""
        stage = Stage(self.lesson.output(index))
        self.shoot(f"widget-{index}-before", stage.root)
        moves = {".cs-handle": ["ArrowUp"] * 25, "input[type=range]": ["ArrowRight"] * 12}
        for control, keys in moves.items():
            if stage.root.locator(control).count():
                stage.press(stage.root.locator(control).first, *keys)
        self.shoot(f"widget-{index}-after", stage.root)

    def forms(self):
        """A prediction and a quiz, each answered."""
        for name in ("predict", "quiz"):
            output = self.lesson.output(self.lesson.find(f"{name}("))
            output.get_by_role("button", name="b", exact=True).first.click()
            self.shoot(name, output)
        self.shoot("reconcile", self.lesson.output(self.lesson.find("reconcile(")))

    def cards(self):
        """A wrong card and a right one in the worksheet, and the turn in the lesson before and after."""
        turn = self.lesson.find(f'your_turn("{self.answers.id}")')
        self.shoot("turn-before", self.lesson.output(turn))
        sheet = self.worksheet()
        sheet.run(sheet.find("import "))
        for name, body in (("wrong", self.answers.wrong), ("error", "return w"), ("right", self.answers.right)):
            self.shoot(f"card-{name}", self.tried(sheet, body))
        self.shoot("worksheet")
        sheet.save()
        self.lesson.show().run(turn)
        self.shoot("turn-after", self.lesson.output(turn))

    def worksheet(self):
        """The worksheet, opened by the link in the lesson."""
        turn = self.lesson.find(f'your_turn("{self.answers.id}")')
        self.lesson.output(turn).get_by_text("Open the worksheet").click()
        sheet = Notebook(self.page, f"exercises/{self.stem}.ipynb").ready()
        self.stub = sheet.cells[sheet.find(f"def {self.answers.name}(")]["source"]
        return sheet

    def tried(self, sheet, body):
        """The card on an answer, once it is there."""
        card = sheet.answer(self.answers.name, filled(self.stub, body))
        card.locator("strong").wait_for()
        return card

    def dark(self):
        """The same in the dark."""
        self.dress("Dark")
        for name in ("plots.show", "your_turn", "widgets.show", "quiz", "reconcile"):
            self.lesson.output(self.lesson.find(f"{name}("))
            self.shoot(f"dark-{name}")
        self.dress("Light")

    def dress(self, theme):
        """Choose a theme of JupyterLab."""
        self.page.evaluate(THEME, theme)
        is_light = "true" if theme == "Light" else "false"
        self.page.wait_for_selector(f"body[data-jp-theme-light='{is_light}']", state="attached")

    def readme(self):
        """The lesson with its widget, and beside it the worksheet with a mistake that is named."""
        self.lesson = self.opened("notebooks")
        for command in BARE:
            self.page.evaluate(command)
        self.lesson.run_all()
        sheet = self.worksheet()
        self.page.evaluate(BESIDE, [sheet.path, self.lesson.path])
        self.widen()
        sheet.run(sheet.find("import "))
        self.tried(sheet, self.answers.wrong)
        self.page.evaluate(TO_TOP, [sheet.path, sheet.find(f"def {self.answers.name}(")])
        self.reached()
        self.page.evaluate(TO_TOP, [self.lesson.path, self.lesson.find("widgets.show(") - 1])
        self.page.mouse.move(0, 0)
        slim(self.shoot("readme"), README)

    def widen(self):
        """Give the lesson the larger half."""
        handle = self.page.locator(".lm-DockPanel-handle[data-orientation=horizontal]:not(.lm-mod-hidden)").first
        box = handle.bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2, 500)
        self.page.mouse.down()
        self.page.mouse.move(945, 500, steps=4)
        self.page.mouse.up()

    def reached(self):
        """Move the point of the plane to its goal."""
        stage = Stage(self.lesson.output(self.lesson.find("widgets.show(")))
        stage.press(stage.root.locator(".cs-handle").first, *TO_GOAL)
        stage.root.get_by_text("✓ reached").wait_for()


if __name__ == "__main__":
    main()
