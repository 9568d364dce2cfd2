"""Predictions: the first one stands, changes show as changes, and nothing typed there ends in an exception."""

import numpy as np
import pytest

from course_lib.learner import forms, predict, predictions, reconcile, reveal, store

HIGH = "05.high", "A bowl with `beta` = 0.99?", ("faster", "about `the` same", "it never arrives")
STEPS = "05.steps", "After how many steps?"


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """A learner who has predicted nothing, in a kernel that has asked nothing."""
    monkeypatch.setenv("COURSE_LIB_DATA", str(tmp_path))
    monkeypatch.setattr(store, "_waiting", [])
    monkeypatch.setattr(predictions, "QUESTIONS", {})
    monkeypatch.setattr(predictions, "TRUTHS", {})


@pytest.fixture
def told(capsys):
    """What a call prints."""

    def tell(call, *args, **options):
        capsys.readouterr()
        call(*args, **options)
        return capsys.readouterr().out

    return tell


def kept(key):
    return store.history("prediction", key)


def test_a_question_shows_its_options_and_how_to_answer(told):
    """Broken: without widgets nobody can answer."""
    text = told(predict, *HIGH)
    for part in ("beta", "a) faster", "b) about `the` same", "c) it never arrives", 'predict("05.high", answer="a")'):
        assert part in text
    assert 'predict("05.steps", answer=0.5)' in told(predict, *STEPS)


def test_an_answer_is_recorded_once(told):
    """Broken: running the cell again counts as changing one's mind."""
    predict(*HIGH)
    for _ in range(3):
        assert "You predicted: it never arrives" in told(predict, "05.high", answer="c")
    assert kept("05.high") == ["it never arrives"]


def test_a_change_stands_beside_the_first(told):
    """Broken: hindsight replaces what was predicted."""
    predict(*HIGH)
    predict("05.high", answer="a")
    text = told(predict, "05.high", answer="b")
    assert "You predicted: faster; changed later to: about `the` same" in text
    predict("05.high", answer="a")
    assert kept("05.high") == ["faster", "about `the` same", "faster"]


def test_asking_again_shows_what_was_predicted_and_the_options(told):
    """Broken: after a restart the form is empty, as if nothing had been predicted."""
    predict(*HIGH)
    predict("05.high", answer="a")
    predictions.QUESTIONS.clear()
    text = told(predict, *HIGH)
    assert "You predicted: faster" in text and "c) it never arrives" in text and "Record it" not in text


@pytest.mark.parametrize("answer, words", [
    (137, "137"), ("137", "137"), (" 0.5 ", "0.5"), (np.float64(0.123456), "0.1235"), (10_000, "10000"),
    (1e12, "1e+12"), (-3.0, "-3"), (True, "1"),
])  # fmt: skip
def test_a_number_is_kept_readably(answer, words):
    """Broken: 10000 steps are shown as 1e+04."""
    predict(*STEPS)
    predict("05.steps", answer=answer)
    assert kept("05.steps") == [words]


@pytest.mark.parametrize("answer", ["many", "", "1 2", "nan", float("inf"), [1], (), {}, np.ones(2), b"x"], ids=repr)
def test_what_is_no_number_gets_a_sentence(answer, told):
    """Broken: an exception, or "inf" as a prediction."""
    predict(*STEPS)
    text = told(predict, "05.steps", answer=answer)
    assert text.startswith("✗ A number is asked for") and kept("05.steps") == []


@pytest.mark.parametrize("answer", ["b", "B", " b "])
def test_a_letter_may_be_typed_as_it_comes(answer):
    """Broken: "B" is refused."""
    predict(*HIGH)
    predict("05.high", answer=answer)
    assert kept("05.high") == ["about `the` same"]


@pytest.mark.parametrize("answer", ["d", "ab", "", "faster", 0, 1.5, True, ["a"], ()], ids=repr)
def test_what_is_no_letter_of_an_option_gets_a_sentence(answer, told):
    """Broken: `answer=0` ends in a TypeError, or "ab" counts as an answer."""
    predict(*HIGH)
    text = told(predict, "05.high", answer=answer)
    assert text.startswith("✗ Choose one of the letters a, b, c") and kept("05.high") == []


def test_the_truth_stands_beside_the_prediction(told):
    """Broken: the reveal leaves out one of the two."""
    predict(*HIGH)
    assert "You made no prediction." in told(reveal, "05.high", "c")
    predict("05.high", answer="a")
    text = told(reveal, "05.high", "c")
    assert "It is: it never arrives" in text and "You predicted: faster" in text


@pytest.mark.parametrize("truth", ["c", 137, np.float64(2.5)])
def test_a_reveal_without_its_question_does_not_break(truth, told):
    """Broken: whoever skips the cell of the question gets an exception further down."""
    assert f"It is: {truth}" in told(reveal, "05.unasked", truth)


def test_a_wrong_truth_is_the_authors_mistake_and_fails_the_build():
    """Broken: a lesson is built with an answer that is no option."""
    predict(*HIGH)
    with pytest.raises(ValueError, match="Choose one of the letters"):
        reveal("05.high", "z")


def test_reconcile_shows_the_lesson_in_the_order_it_asked(told):
    """Broken: other lessons' predictions mix in, or a change hides the first answer."""
    predict(*STEPS)
    predict(*HIGH)
    predict("06.other", "Other?")
    predict("05.last", "Last?")
    predict("05.steps", answer=50)
    predict("05.steps", answer=100)
    predict("05.high", answer="a")
    reveal("05.steps", 137)
    reveal("05.high", "c")
    rows = [line.split("  ") for line in told(reconcile, "05").splitlines()[2:]]
    rows = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert rows == [
        ["After how many steps?", "50", "100", "137"],
        ["A bowl with `beta` = 0.99?", "faster", "it never arrives"],
        ["Last?", "none", "not revealed yet"],
    ]


def test_reconcile_after_a_restart_knows_the_predictions(told):
    """Broken: "restart and run all" loses what was predicted."""
    predict(*HIGH)
    predict("05.high", answer="a")
    predictions.QUESTIONS.clear()
    predict(*HIGH)
    reveal("05.high", "c")
    assert "faster" in told(reconcile, "05")


def test_reconcile_before_any_question_does_not_break(told):
    """Broken: running the last cell alone raises."""
    assert "Your predictions" in told(reconcile, "05")


# ------------------------------------------------------------------------------------------------- the widgets


def live(monkeypatch, *args):
    """The widget that a question shows in a notebook."""
    shown = []
    monkeypatch.setattr(forms, "in_notebook", lambda: True)
    monkeypatch.setattr(forms, "display_live", lambda widget, still: shown.append(widget))
    predict(*args)
    return shown[0]


def test_a_press_on_a_letter_records_and_marks_it(monkeypatch):
    """Broken: the buttons of the form do nothing."""
    head, *rows, said = live(monkeypatch, *HIGH).children
    buttons = [row.children[0] for row in rows]
    assert [button.description for button in buttons] == ["a", "b", "c"]
    assert "<code>the</code>" in rows[1].children[1].value and "<code>beta</code>" in head.value
    for button in (buttons[2], buttons[1]):
        button.click()
        assert [each.button_style for each in buttons] == ["primary" if each is button else "" for each in buttons]
    assert kept("05.high") == ["it never arrives", "about `the` same"]
    assert "changed later to: about <code>the</code> same" in said.value


def test_a_number_is_taken_by_the_button_and_by_enter(monkeypatch):
    """Broken: Enter in the field does nothing, or what is no number is recorded."""
    _, row, said = live(monkeypatch, *STEPS).children
    field, button = row.children
    field.value = "<b>"
    button.click()
    assert "A number is asked for" in said.value and "<b>" not in said.value and kept("05.steps") == []
    field.value = "42"
    button.click()
    field.value = "43"
    field._handle_custom_msg({"event": "submit"}, [])
    assert kept("05.steps") == ["42", "43"] and "You predicted: 42; changed later to: 43" in said.value
