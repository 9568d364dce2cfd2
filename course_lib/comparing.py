"""Whether an answer is what was expected, strict on kind and shape, and how to say it when it is not."""

import operator
from itertools import islice
from typing import NamedTuple

import numpy as np

from course_lib.calling import Given, Strange, identical

NAN = "There is a NaN (not a number) in it: look for 0/0, inf - inf or the root of a negative number."
MANY = 1000  # entries of a list to write down: the text is cut long before


class Mismatch(NamedTuple):
    """Where an answer departs from what was expected (a path of indices and keys), and how, as a sentence."""

    path: tuple
    text: str


def mismatch(got, expected, rtol=1e-7, atol=1e-9, lists=False, path=()):
    """The first `Mismatch` of two plain values, or None.

    A boolean is no number and a complex number no float; shapes are equal, not just broadcastable; an integer may
    stand for a float, a tuple for a list. NaN equals NaN.

    Args:
        got, expected: plain values.
        rtol, atol: how close is close enough: ``|got - expected| <= atol + rtol * |expected|``.
        lists: a list may stand for an array.
    """
    if type(got) is type(expected) is np.ndarray and identical(got, expected):
        return None
    if lists and isinstance(expected, np.ndarray) and isinstance(got, (list, tuple)):
        got = _stacked(got)
    fault = _kind_fault(got, expected)
    if fault:
        return Mismatch(path, fault)
    if isinstance(expected, (list, tuple)):
        return _sequence_mismatch(got, expected, rtol, atol, lists, path)
    if isinstance(expected, dict):
        return _dict_mismatch(got, expected, rtol, atol, lists, path)
    fault = _value_fault(got, expected, rtol, atol)
    return Mismatch(path, fault) if fault else None


def _sequence_mismatch(got, expected, rtol, atol, lists, path):
    for i, (a, b) in enumerate(zip(got, expected, strict=False)):
        found = mismatch(a, b, rtol, atol, lists, (*path, i))
        if found:
            return found
    if len(got) != len(expected):
        return Mismatch(path, f"It has {len(got)} entries where {len(expected)} are asked for.")
    return None


def _dict_mismatch(got, expected, rtol, atol, lists, path):
    if got.keys() != expected.keys():
        return Mismatch(path, f"It has the keys {sorted(got)} where {sorted(expected)} are asked for.")
    found = (mismatch(got[key], expected[key], rtol, atol, lists, (*path, key)) for key in expected)
    return next(filter(None, found), None)


def _stacked(items):
    try:
        return np.array(items)
    except ValueError:
        return items


def _kind_fault(got, expected):
    if got is None and expected is not None:
        return "It returned None: is the `return` missing?"
    if isinstance(got, Strange) and got.kind == "ellipsis":
        return "There are still dots (...) where your code should be."
    if kind(got) != kind(expected) and not (kind(got) == "a whole number" and kind(expected) == "a number"):
        remedy = isinstance(got, list) and isinstance(expected, np.ndarray) and expected.ndim > 0
        return f"It is {describe(got)} where {describe(expected)} is asked for." + " np.array(...) makes one." * remedy
    if isinstance(expected, np.ndarray):
        return _array_fault(got, expected)
    return ""


def _array_fault(got, expected):
    if got.shape != expected.shape:
        return f"It has the shape {got.shape} where {expected.shape} is asked for."
    if got.dtype.kind == "f" and np.isnan(got).any() and expected.dtype.kind in "iu":
        return NAN
    numbers = {"f": "fiu", "i": "iu", "u": "iu", "b": "b", "c": "cfiu"}[expected.dtype.kind]
    if got.dtype.kind not in numbers:
        nan = " with NaN in it" if got.dtype.kind == "f" and np.isnan(got).any() else ""
        return f"It is an array of {got.dtype}{nan} where one of {expected.dtype} is asked for."
    return ""


def _value_fault(got, expected, rtol, atol):
    if kind(expected) in ("a text", "None", "something else"):
        return "" if got == expected else f"It is {show(got)} where {show(expected)} is asked for."
    got, expected = np.asarray(got), np.asarray(expected)
    if got.size == 0 or np.all(got == expected):
        return ""
    if "O" in (got.dtype.kind, expected.dtype.kind):  # integers of more than 64 bits
        return "The values differ."
    if np.any(np.isnan(got) & ~np.isnan(expected)):
        return NAN
    if got.dtype.kind == expected.dtype.kind == "f" and np.isfinite(expected).all():
        close = abs(got - expected) <= atol + rtol * abs(expected)  # as `isclose` does it, and sooner
    else:
        with np.errstate(invalid="ignore"):
            close = np.isclose(got, expected, rtol, atol, equal_nan=True)
    return "" if np.all(close) else "The values differ."


def kind(value):
    """What a value is, in words that do not depend on its size: the same words, the same kind."""
    if isinstance(value, np.ndarray) and value.ndim:
        return "an array"
    if isinstance(value, (list, tuple)):
        return "a list or tuple"
    code = (
        np.asarray(value).dtype.kind if isinstance(value, (bool, int, float, complex, np.ndarray, np.generic)) else ""
    )
    words = {"b": "a truth value", "i": "a whole number", "u": "a whole number", "O": "a whole number"}
    words |= {"f": "a number", "c": "a complex number"}
    other = {str: "a text", dict: "a dict", type(None): "None"}
    return words.get(code) or other.get(type(value), "something else")


def describe(value):
    """What a value is, in words, for a sentence."""
    if isinstance(value, Strange):
        return f"an object of the type {value.kind}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return kind(value)


def show(value, most=400):
    """A value as short text."""
    text = _show(value)
    return text if len(text) <= most else text[: most - 3] + "..."


def _show(value):
    if isinstance(value, np.ndarray):
        short = {"float_kind": "{:.6g}".format, "complex_kind": "{:.6g}".format}
        return np.array2string(value, threshold=12, edgeitems=3, separator=", ", formatter=short)
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (float, np.floating)):
        return f"{value:.6g}"
    if isinstance(value, np.generic):
        return str(value)
    if isinstance(value, (list, tuple)):
        marks, value = "[]" if isinstance(value, list) else "()", value[:MANY]
        comma = ",\n " if any(isinstance(item, np.ndarray) and item.ndim for item in value) else ", "
        return marks[0] + comma.join(map(_show, value)) + marks[1]
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_show(item)}" for key, item in islice(value.items(), MANY)) + "}"
    if isinstance(value, Given):
        inside = ", ".join(f"{key}={_show(item)}" for key, item in value.data.items())
        name, _, part = value.name.partition(".")
        return f"<{part + ' of ' if part else ''}{name}({inside})>"
    return f"<{value.kind}>" if isinstance(value, Strange) else repr(value)


def dig(value, path):
    """The part of a nested value that a path leads to, or as near as one gets."""
    for key in path:
        try:
            value = operator.getitem(value, key)
        except (IndexError, KeyError, TypeError):
            return value
    return value
