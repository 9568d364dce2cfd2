"""Kinds of arguments that several commands have."""

from argparse import ArgumentTypeError

from course_lib.lessons import lesson


def positive(text):
    """A number of processes."""
    if int(text) < 1:
        raise ValueError
    return int(text)


def share(text):
    """A number, zero or more."""
    if not 0 <= float(text) < float("inf"):
        raise ValueError
    return float(text)


def numbers(text):
    """``"02,05"`` as a list of lesson numbers."""
    try:
        return [lesson(part.strip()).number for part in text.split(",")]
    except KeyError as error:
        raise ArgumentTypeError(error.args[0]) from None
