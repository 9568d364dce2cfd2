"""Which files there are: sources by kind and stem, and the notebooks that are built from them."""

from pathlib import Path
from typing import NamedTuple

from course_lib.release import form, nbgrader
from course_lib.release.markers import worksheet

LESSON, KEY, WORKSHEET = "notebooks", "solutions", "exercises"
WITHOUT = {LESSON: None, KEY: form.WORKSHEET_ONLY, WORKSHEET: form.KEY_ONLY}


class Target(NamedTuple):
    """One notebook to build: of a kind (the folder it stands in), a stem, from a source."""

    root: Path
    kind: str
    stem: str

    @property
    def source(self):
        """The file that a person edits."""
        folder = KEY if self.kind == WORKSHEET else self.kind
        return self.root / folder / "src" / f"{self.stem}.py"

    @property
    def path(self):
        """The notebook that is built."""
        return self.root / self.kind / f"{self.stem}.ipynb"

    @property
    def name(self):
        """The notebook as messages call it, the same on every system."""
        return f"{self.kind}/{self.stem}.ipynb"

    @property
    def source_name(self):
        """The source as messages call it."""
        return self.source.relative_to(self.root).as_posix()

    def text(self):
        """The source text; for a worksheet, without the solutions (raises MarkerError)."""
        text = self.source.read_text(encoding="utf-8")
        return worksheet(text, self.source_name) if self.kind == WORKSHEET else text

    def book(self):
        """The notebook, not executed."""
        made = form.notebook(self.text(), self.stem, without=WITHOUT[self.kind])
        if self.kind != LESSON:
            nbgrader.mark(made, self.stem.split("_")[0])
        return made


def targets(root, stems=None):
    """Every notebook that has a source under `root`, by kind and stem; `stems` picks (also by number).

    Raises:
        ValueError: one of `stems` has no source.
    """
    root = Path(root).resolve()
    found = [Target(root, kind, stem) for kind in (LESSON, KEY, WORKSHEET) for stem in _stems(root, kind)]
    if stems is None:
        return found
    for stem in stems:
        if not any(_picks(stem, target) for target in found):
            there = ", ".join(sorted({target.stem for target in found}))
            raise ValueError(f"There is no source for {stem!r}; there are {there or 'none at all'}.")
    return [target for target in found if any(_picks(stem, target) for stem in stems)]


def _stems(root, kind):
    folder = root / (KEY if kind == WORKSHEET else kind) / "src"
    return sorted(path.stem for path in folder.glob("*.py"))


def _picks(stem, target):
    return stem in (target.stem, target.stem.split("_")[0])
