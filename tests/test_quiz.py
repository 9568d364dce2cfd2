"""The quiz as a learner meets it: as widgets, as a page that opens on a click, as text."""

import re
import sys

import pytest

from course_lib import quizzes
from course_lib.learner import quiz, store
from course_lib.learner.cards import inline
from course_lib.learner.quiz import StillQuiz, said

QUESTIONS = quizzes.of_lesson("05")


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """A learner who has answered nothing."""
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path))
    monkeypatch.setattr(store, "_waiting", [])


@pytest.fixture
def live(monkeypatch):
    """For each question its (head, buttons by letter, answer), as a notebook shows them."""
    module, shown = sys.modules["course_lib.learner.quiz"], []
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr(module, "display_live", lambda widget, still: shown.append((widget, still)))
    quiz("05")
    assert isinstance(shown[0][1], StillQuiz)
    children = iter(shown[0][0].children)
    return [(next(children), letters(children, len(question.options)), next(children)) for question in QUESTIONS]


def letters(children, count):
    """The buttons of the next rows, by letter."""
    return {button.description: button for button in (next(children).children[0] for _ in range(count))}


def test_each_press_gives_its_reason_and_is_kept(live):
    """Broken: a choice is answered with the reason of another, or leaves no trace."""
    for i, (question, (_, buttons, answer)) in enumerate(zip(QUESTIONS, live, strict=True), start=1):
        for letter, option in question.lettered():
            buttons[letter].click()
            assert inline(said(option)) in answer.value
            assert buttons[letter].button_style == ("success" if option.right else "danger")
        assert store.history("quiz", f"05.{i}") == [option.right for option in question.options]


def test_nothing_is_chosen_or_recorded_before_a_press(live):
    """Broken: showing the quiz counts as answering it."""
    assert all(button.button_style == "" for _, buttons, _ in live for button in buttons.values())
    assert all(answer.value == "" for *_, answer in live)
    assert not any(store.history("quiz", f"05.{i}") for i in range(1, 7))


def test_the_still_page_opens_on_a_click():
    """Broken: where no widget runs the answers stand open, or are missing."""
    html = StillQuiz(QUESTIONS)._repr_html_()
    folds = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", html)
    assert len(folds) == sum(len(question.options) for question in QUESTIONS)
    assert sum(body.startswith("✓") for _, body in folds) == 6
    assert not any("✓" in summary or "✗" in summary for summary, _ in folds)


def test_the_text_gives_no_answer_away(capsys):
    """Broken: a terminal shows which option is right."""
    quiz("05")
    text = capsys.readouterr().out
    for question in QUESTIONS:
        assert question.text in text
        for option in question.options:
            assert option.text in text and option.reason not in text
    assert "✓" not in text and "Right" not in text


def test_the_still_quiz_is_the_same_in_each_run():
    """Broken: two builds of a lesson differ."""
    assert StillQuiz(QUESTIONS)._repr_html_() == StillQuiz(quizzes.of_lesson("05"))._repr_html_()


def test_a_lesson_without_a_quiz_is_said(monkeypatch):
    """Broken: an author who forgot the quiz sees a ModuleNotFoundError."""
    monkeypatch.setitem(sys.modules, "course_lib.quizzes.start_here", None)  # as if it were not there
    with pytest.raises(KeyError, match="no quiz"):
        quiz("00")
