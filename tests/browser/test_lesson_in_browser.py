"""A learner's way through a lesson, in JupyterLab in Chromium."""

import re
from urllib.parse import urlsplit

import pytest

from .answers import ANSWERS, filled
from .notebook import TIMEOUT, Notebook, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
HERE = ("127.0.0.1", None)  # the latter: data: and blob: addresses
WIDGET, LIVE = "application/vnd.jupyter.widget-view+json", ".cs-stage, .jupyter-widgets:not(.jupyter-widgets *)"
BROKEN = re.compile("Error displaying widget|Failed to load model|Javascript Error|Loading widget")


class Heard:
    """What a page asks for and complains about."""

    def __init__(self, page):
        self.addresses, self.complaints = [], []
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("websocket", lambda socket: self.addresses.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.note)

    def note(self, said):
        if said.type == "error":
            self.complaints.append(f"{said.text} ({said.location})")


@pytest.fixture(scope="module", params=sorted(ANSWERS))
def lesson(request, chrome, lab):
    """A lesson that was opened and run from top to bottom, with what was heard on the way."""
    page = chrome.new_page(viewport={"width": 1400, "height": 1000})
    heard = Heard(page)
    path = f"notebooks/{request.param}.ipynb"
    lesson = Notebook(page, path).open(lab.address(path))
    lesson.heard, lesson.answers = heard, ANSWERS[request.param]
    lesson.run_all()
    yield lesson
    page.close()


def test_a_lesson_runs_without_a_complaint(lesson):
    """Else a learner meets a traceback, a warning or a dead widget on the way through a lesson."""
    assert lesson.complaints() == []
    for index, cell in enumerate(lesson.cells):
        views = [out for out in cell["outputs"] if WIDGET in out.get("data", {})]
        if views:
            lesson.output(index).locator(LIVE).nth(len(views) - 1).wait_for(state="attached", timeout=TIMEOUT)
    assert lesson.page.get_by_text(BROKEN).count() == 0


def stages(lesson):
    """The widgets of a lesson, from the top."""
    for index, cell in enumerate(lesson.cells):
        if cell["type"] == "code" and "widgets.show(" in cell["source"]:
            yield Stage(lesson.output(index))


def test_a_key_on_a_slider_moves_the_picture(lesson):
    """Else the slider is dead, JupyterLab takes its keys, or the picture does not follow."""
    stage = next(stage for stage in stages(lesson) if stage.root.locator("input[type=range]:enabled").count())
    slider = stage.root.locator("input[type=range]:enabled").first
    its_control = stage.root.locator(".cs-control", has=lesson.page.locator("input[type=range]:enabled")).first
    readout = its_control.locator("output")
    before = readout.inner_text()
    there_is_room = slider.evaluate("slider => Number(slider.value) >= Number(slider.min) + 2 * Number(slider.step)")
    stage.press(slider, *2 * ["ArrowLeft" if there_is_room else "ArrowRight"])
    assert readout.inner_text() != before
    assert stage.root.get_attribute("data-failed") is None
    assert lesson.complaints() == []


def test_a_key_on_a_handle_moves_the_picture(lesson):
    """Else the point in the picture can be moved with a mouse alone."""
    stage = Stage(lesson.output(lesson.find("widgets.show(")))
    if not stage.root.locator(".cs-handle").count():
        pytest.skip("the first widget of this lesson has no handle")
    before = stage.root.locator(".cs-twin").inner_text()
    stage.press(stage.root.locator(".cs-handle").first, "ArrowRight", "ArrowUp")
    assert stage.root.locator(".cs-twin").inner_text() != before


def test_a_prediction_is_kept(lesson):
    """Else a prediction is lost, or asked for again, when its cell is run once more."""
    index = lesson.find("predict(")
    output = lesson.output(index)
    output.get_by_role("button", name="b", exact=True).first.click()
    said = output.get_by_text("You predicted:").inner_text()
    forms = output.get_by_role("button", name="b", exact=True).count()
    lesson.run(index)
    output.get_by_text(said).wait_for()
    assert output.get_by_role("button", name="b", exact=True).count() == forms - 1


def test_an_option_of_the_quiz_says_why(lesson):
    """Else a learner is told nothing on a wrong or a right option."""
    output = lesson.output(lesson.find("quiz("))
    output.get_by_role("button", name="a", exact=True).first.click()
    output.get_by_text("✓ Right.").or_(output.get_by_text("✗ No.")).first.wait_for()


def test_the_worksheet_names_the_mistake_and_the_lesson_goes_on_with_the_answer(lesson):
    """Else the way lesson -> worksheet -> check -> save -> lesson is broken somewhere."""
    answers, turn = lesson.answers, lesson.find(f'your_turn("{lesson.answers.id}")')
    lesson.output(turn).get_by_text("Not attempted yet").first.wait_for()
    lesson.output(turn).get_by_text("Open the worksheet").first.click()
    worksheet = Notebook(lesson.page, lesson.path.replace("notebooks", "exercises")).ready()
    worksheet.run(worksheet.find("import "))
    stub = worksheet.cells[worksheet.find(f"def {answers.name}(")]["source"]

    card = worksheet.answer(answers.name, filled(stub, answers.wrong))
    card.get_by_text(answers.mistake).wait_for()
    assert "✗" in card.inner_text()

    card = worksheet.answer(answers.name, filled(stub, answers.right))
    card.get_by_text("the lesson goes on with your function").wait_for()
    assert "✓" in card.inner_text()
    worksheet.save()

    lesson.show().run(turn)
    lesson.output(turn).get_by_text(f"Your {answers.name} is right: what follows is drawn with it.").wait_for()
    lesson.run(lesson.find("", after=turn))
    lesson.run(lesson.find("widgets.show("))
    assert lesson.complaints() + worksheet.complaints() == []


def test_the_console_is_silent(lesson):
    """Else something failed in the page that the notebook does not show."""
    assert lesson.heard.complaints == []


def test_nothing_comes_from_elsewhere(lesson):
    """Else a learner without a network sees less, and somebody else sees the learner."""
    assert lesson.heard.addresses
    assert [address for address in lesson.heard.addresses if urlsplit(address).hostname not in HERE] == []
