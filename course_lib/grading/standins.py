"""What a submission finds in the confined process in the place of what is not for it.

What a worksheet calls for the learner's sake (checks, hints, figures, displays) is there and does nothing. What
holds answers (references, the optimizers, solutions) cannot be imported.
"""

import importlib.machinery
import sys
from types import ModuleType

SILENT = ("course_lib.learner", "course_lib.plots", "course_lib.run", "course_lib.widgets", "IPython", "ipywidgets",
          "google.colab")  # fmt: skip
LEARNER = ["check", "claim", "hint", "predict", "progress", "quiz", "reconcile", "reveal", "solution", "your_turn"]


class Silent:
    """Does nothing, whatever is asked of it."""

    def __call__(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(())

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def __repr__(self):
        return ""


class SilentModule(ModuleType):
    """A module in which every name is `Silent`."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Silent()


class StandIns:
    """A finder, asked before all others."""

    def find_spec(self, name, path=None, target=None):
        if any(name == silent or name.startswith(silent + ".") for silent in SILENT):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if name.startswith("course_lib."):
            raise ImportError(f"{name} is not available while your work is graded; course_lib.problems is.", name=name)
        return None

    def create_module(self, spec):
        return SilentModule(spec.name)

    def exec_module(self, module):
        module.__all__ = LEARNER if module.__name__ == "course_lib.learner" else []


def install():
    """Put the stand-ins in place; modules that are loaded stay as they are."""
    sys.meta_path.insert(0, StandIns())
