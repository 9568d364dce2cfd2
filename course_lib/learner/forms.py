"""Small forms: a question, a way to answer, a line that says what was recorded.

Where widgets run they are ipywidgets; elsewhere the same question stands as HTML and as text with a fixed form, and
says what to type instead.
"""

from html import escape

from course_lib.learner.cards import Card, inline
from course_lib.showing import display, in_notebook

ANSWER = '<div style="line-height:1.5">{}</div>'


def choice_form(question, options, spell, record):
    """A question with options; ``record(letter)`` takes the answer and returns what to say."""
    rows = [f"{letter}) {option}" for letter, option in zip("abcdefgh", options)]
    _show_form(question, rows, spell, lambda widgets: _choice(widgets, rows, record))


def number_form(question, spell, record):
    """A question for a number; ``record(number)`` takes the answer and returns what to say."""
    _show_form(question, [], spell, lambda widgets: _number(widgets, record))


def _choice(widgets, rows, record):
    options = [(row, row[0]) for row in rows]
    field = widgets.RadioButtons(options=options, value=None, layout={"width": "auto"})
    return [field, *_record_button(widgets, field, record)]


def _number(widgets, record):
    field = widgets.Text(placeholder="a number", layout={"width": "12em"})
    return [field, *_record_button(widgets, field, record)]


def _record_button(widgets, field, record):
    button, said = widgets.Button(description="Record", button_style="primary"), widgets.HTML()

    def take(_):
        try:
            said.value = ANSWER.format(inline(record(field.value)))
        except ValueError as error:
            said.value = ANSWER.format(inline(str(error)))

    button.on_click(take)
    return button, said


def _show_form(question, rows, spell, build):
    """Show the widgets that ``build`` makes under the question, with a still form beside them."""
    still = Card("note", f"Predict: {question}", [*rows, f"Record it: `{spell}`"])
    if not in_notebook():
        print(still)
        return
    import ipywidgets as widgets

    head = widgets.HTML(f"<strong>Predict: {inline(question)}</strong>")
    display_live(widgets.VBox([head, *build(widgets)]), still)


def display_live(widget, still):
    """Display a widget, with a card in its place where no widget manager runs."""
    display({**widget._repr_mimebundle_(), "text/html": still._repr_html_(), "text/plain": repr(still)})


def fold(summary, body):
    """HTML that opens on a click: for an answer on a static page."""
    return f"<details><summary>{escape(summary)}</summary>{inline(body)}</details>"
