"""The quiz of a lesson: a reason for every option, at once, and what was answered kept."""

from course_lib import quizzes
from course_lib.learner import store
from course_lib.learner.cards import BOX, COLORS, Card, inline
from course_lib.learner.forms import HEAD, choices, display_live, fold
from course_lib.showing import in_notebook


class StillQuiz(Card):
    """The quiz as HTML that opens on a click, and as text without the answers."""

    def __init__(self, questions):
        super().__init__("note", f"Quiz: {len(questions)} questions")
        self.questions = questions

    def __repr__(self):
        lines = [f"{i}. {q.text}\n" + "\n".join(f"   {letter}) {option.text}" for letter, option in q.lettered())
                 for i, q in enumerate(self.questions, start=1)]  # fmt: skip
        return "\n".join([f"• {self.title}", *lines])

    def _repr_html_(self):
        body = "".join(
            f'<p style="margin:10px 0 2px 0"><strong>{i}. {inline(q.text)}</strong></p>'
            + "".join(fold(f"{letter}) {option.text}", said(option)) for letter, option in q.lettered())
            for i, q in enumerate(self.questions, start=1)
        )
        return f'<div style="{BOX.format(color=COLORS["note"])}"><strong>{self.title}</strong>{body}</div>'


def quiz(number):
    """Show the quiz of a lesson.

    Args:
        number: the number of the lesson, e.g. "05".
    """
    questions = quizzes.of_lesson(number)
    still = StillQuiz(questions)
    if not in_notebook():
        print(still)
        return
    import ipywidgets as widgets

    rows = [row for i, question in enumerate(questions, start=1) for row in _live(widgets, number, i, question)]
    display_live(widgets.VBox(rows), still)


def said(option):
    """What an option has to say for itself."""
    return f"{'✓ Right.' if option.right else '✗ No.'} {option.reason}"


def _live(widgets, number, i, question):
    def take(letter):
        option = dict(question.lettered())[letter]
        store.record("quiz", f"{number}.{i}", option.right)
        return said(option), "success" if option.right else "danger"

    head = widgets.HTML(HEAD.format(f"{i}. {inline(question.text)}"))
    return head, *choices(widgets, [option.text for option in question.options], take)
