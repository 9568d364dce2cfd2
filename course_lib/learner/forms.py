"""Small forms: a question, a way to answer, a line that says what was recorded.

Where widgets run they are ipywidgets; elsewhere the same question stands as HTML and as text with a fixed form, and
says what to type instead.
"""

from course_lib.learner.cards import Card, inline
from course_lib.showing import display, in_notebook

LETTERS = "abcdefgh"
ANSWER = '<div style="line-height:1.5;max-width:54em">{}</div>'
HEAD = '<div style="line-height:1.5;max-width:54em;margin-top:6px"><strong>{}</strong></div>'
BESIDE = {"flex": "1 1 auto", "margin": "0 0 0 8px"}  # an option, beside its button


def choice_form(question, options, spell, record):
    """A question with options; ``record(letter)`` takes the answer and returns what to say."""

    def build(widgets):
        return choices(widgets, options, lambda letter: (record(letter), "primary"))

    rows = [f"{letter}) {option}" for letter, option in zip(LETTERS, options)]
    _show_form(question, rows, spell, build)


def number_form(question, spell, record):
    """A question for a number; ``record(number)`` takes the answer and returns what to say."""
    _show_form(question, [], spell, lambda widgets: _number(widgets, record))


def choices(widgets, options, take):
    """A button for each option, the option beside it (it may be long), and a line for the answer under them.

    Args:
        widgets: the module ipywidgets.
        options: texts with `code`.
        take: ``take(letter) -> (what to say, look of the button)``.
    """
    said, buttons = widgets.HTML(), [_letter(widgets, *row) for row in zip(LETTERS, options)]

    def pressed(button):
        words, look = take(button.description)
        for each in buttons:
            each.button_style = look if each is button else ""
        said.value = ANSWER.format(inline(words))

    for button in buttons:
        button.on_click(pressed)
    texts = [widgets.HTML(ANSWER.format(inline(option)), layout=BESIDE) for option in options]
    return [*(widgets.HBox(pair, layout={"align_items": "center"}) for pair in zip(buttons, texts)), said]


def _letter(widgets, letter, option):
    return widgets.Button(description=letter, tooltip=option, layout={"width": "2.6em", "flex": "0 0 auto"})


def _number(widgets, record):
    field = widgets.Text(placeholder="a number", layout={"width": "12em"})
    button, said = widgets.Button(description="Record", button_style="primary"), widgets.HTML()

    def take(*_):
        try:
            words = record(field.value)
        except ValueError as error:
            words = str(error)
        said.value = ANSWER.format(inline(words))

    button.on_click(take)
    field.on_msg(lambda _, message, buffers: message.get("event") == "submit" and take())  # the Enter key
    return [widgets.HBox([field, button]), said]


def _show_form(question, rows, spell, build):
    """Show the widgets that ``build`` makes under the question, with a still form beside them."""
    still = Card("note", f"Predict: {question}", [*rows, f"Record it: `{spell}`"])
    if not in_notebook():
        print(still)
        return
    import ipywidgets as widgets

    display_live(widgets.VBox([widgets.HTML(HEAD.format(f"Predict: {inline(question)}")), *build(widgets)]), still)


def display_live(widget, still):
    """Display a widget, with a card in its place where no widget manager runs."""
    display({**widget._repr_mimebundle_(), "text/html": still._repr_html_(), "text/plain": repr(still)})


def fold(summary, body):
    """HTML that opens on a click: for an answer on a static page."""
    return f"<details><summary>{inline(summary)}</summary>{inline(body)}</details>"
