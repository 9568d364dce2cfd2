"""A widget whose answer is lost on its way from the kernel to the browser."""

import json

import pytest

from .notebook import Notebook, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SOURCE = """\
from course_lib.widgets import Stage, descent

class Forgetful(Stage):
    asked = 0

    def _answer(self, *question):
        self.asked += 1
        if self.asked > 1:
            super()._answer(*question)

Forgetful(descent())
"""


def test_a_lost_answer_is_asked_for_again(chrome, lab):
    """A picture would stay behind its sliders until somebody moves one again."""
    cell = {"cell_type": "code", "source": SOURCE, "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    kernel = {"name": "python3", "display_name": "Python 3"}
    book = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (lab.folder / "lost.ipynb").write_text(json.dumps(book))
    page = chrome.new_page(viewport={"width": 1400, "height": 1000})
    lost = Notebook(page, "lost.ipynb").open(lab.address("lost.ipynb"))
    lost.run_all()
    stage = Stage(lost.output(0))
    stage.press(stage.root.locator("input[type=range]").first, "End")
    stage.root.get_by_text("the run diverges").wait_for()
    page.close()
