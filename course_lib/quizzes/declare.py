"""How a quiz question is declared: a text, and options that each carry their reason."""

from typing import NamedTuple


class Option(NamedTuple):
    """An answer to choose: its text, whether it is right, and why."""

    text: str
    right: bool
    reason: str


class Question(NamedTuple):
    """A question with one right option."""

    text: str
    options: tuple

    def lettered(self):
        """Pairs (letter, option)."""
        return list(zip("abcdefgh", self.options))


def yes(text, reason):
    """The right option."""
    return Option(text, True, reason)


def no(text, reason):
    """A wrong option, with the reason why it is wrong."""
    return Option(text, False, reason)


def ask(text, *options):
    """A question.

    Raises:
        ValueError: not exactly one option is right, or a reason is missing.
    """
    if sum(option.right for option in options) != 1 or not all(option.reason for option in options):
        raise ValueError(f"One right option and a reason for each is what a question needs: {text!r}")
    return Question(text, options)
