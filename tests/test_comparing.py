"""Whether two plain values agree: strict on kind and shape, tolerant of rounding, and clear about the difference."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import comparing
from course_lib.calling import Given, Strange
from course_lib.comparing import Mismatch, describe, dig, mismatch, show

V = np.array([1.0, -2.0, 0.5])
M = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize(
    "got, expected",
    [
        (1.0, 1.0),
        (np.float64(1.0), 1.0),
        (2, 2.0),
        (np.int32(2), 2.0),
        (np.array(2.0), 2.0),
        (1.0 + 1e-12, 1.0),
        (float("nan"), float("nan")),
        (float("inf"), float("inf")),
        (V + 1e-13, V),
        (V.astype(np.float32), V),
        (np.array([1, 2]), np.array([1.0, 2.0])),
        (np.array([True, False]), np.array([True, False])),
        ([V, 1.0], (V, 1.0)),
        ({"a": V}, {"a": V}),
        ("converged", "converged"),
        (None, None),
        (10**30, 10**30),
        (np.zeros((0, 3)), np.zeros((0, 3))),
    ],
)
def test_agreement(got, expected):
    """A right answer would be rejected for the way it is written down."""
    assert mismatch(got, expected) is None


@pytest.mark.parametrize(
    "got, expected, says",
    [
        (None, V, "return"),
        (Strange("ellipsis"), V, "dots"),
        (Strange("set"), V, "object of the type set"),
        (True, 1.0, "a truth value where a number"),
        (np.True_, 1.0, "a truth value where a number"),
        (1 + 0j, 1.0, "a complex number where a number"),
        (1.0, 1, "a number where a whole number"),
        ("1.0", 1.0, "a text where a number"),
        (V[:1], 1.0, "an array of shape (1,) where a number"),
        (1.0, V, "a number where an array of shape (3,)"),
        (V.tolist(), V, "a list of 3 where an array of shape (3,)"),
        (V[:, None], V, "shape (3, 1) where (3,)"),
        (M.T, M, "shape (3, 2) where (2, 3)"),
        (V > 0, V, "array of bool where one of float64"),
        (V + 0j, V, "array of complex128 where one of float64"),
        (V, np.array([1, 2, 3]), "array of float64 where one of int64"),
        (V * np.nan, V, "NaN"),
        (V + 1e-3, V, "values differ"),
        (np.inf, 1.0, "values differ"),
        (-np.inf, np.inf, "values differ"),
        (1.0, np.nan, "values differ"),
        (2**70, 1.5, "values differ"),
        (10**400, 1.5, "values differ"),
        (1.5, 10**400, "where a whole number"),
        ("diverged", "converged", "'diverged' where 'converged' is asked for"),
        ((V,), (V, 1.0), "1 entries where 2"),
        ((V, 1.0, 2.0), (V, 1.0), "3 entries where 2"),
        (V, (V, 1.0), "an array of shape (3,) where a tuple of 2"),
        ({"a": 1.0}, {"b": 1.0}, "keys ['a'] where ['b']"),
        (Given("bowl"), V, "something else"),
    ],
)
def test_difference(got, expected, says):
    """A wrong answer would pass, or be explained by the wrong sentence."""
    found = mismatch(got, expected)
    assert found is not None and says in found.text.replace("int32", "int64")


def test_the_path_leads_to_the_difference():
    """The learner would be shown another part of the answer than the one that is wrong."""
    got, expected = [(V, {"a": 1.0}), (V, {"a": 2.0})], [(V, {"a": 1.0}), (V, {"a": 1.0})]
    assert mismatch(got, expected) == Mismatch((1, 1, "a"), "The values differ.")
    assert dig(got, (1, 1, "a")) == 2.0


def test_the_first_difference_is_reported():
    """Later steps of an update follow from the first that is wrong; that one explains."""
    assert mismatch([1.0, 2.0, 3.0], [1.0, 0.0, 0.0]).path == (1,)


def test_a_tolerance_is_what_it_says():
    """An exercise could not say how close is close enough."""
    assert mismatch(1.01, 1.0, rtol=0.02) is None and mismatch(1.03, 1.0, rtol=0.02) is not None
    assert mismatch(1e-4, 0.0, atol=1e-3) is None and mismatch(1e-2, 0.0, atol=1e-3) is not None


def test_lists_stand_for_arrays_only_where_allowed():
    """`return path` in the place of `return np.array(path)` would be wrong where the contract allows it."""
    assert mismatch([V, V], np.array([V, V]), lists=True) is None
    assert mismatch([V, V], np.array([V, V])).text.startswith("It is a list of 2")
    assert "shape (2,)" in mismatch([1.0, 2.0], np.array([V, V]), lists=True).text
    assert mismatch([V, 1.0], np.array([V, V]), lists=True) is not None
    assert mismatch([True, False], np.array([1.0, 0.0]), lists=True) is not None


def test_dig_stops_where_a_path_ends():
    """A card would fail when the answer has fewer parts than the path."""
    assert dig((1.0, 2.0), (5,)) == (1.0, 2.0)
    assert dig(3.0, (0, "a")) == 3.0
    assert dig({"a": [4.0]}, ("a", 0)) == 4.0


@pytest.mark.parametrize(
    "value, text",
    [
        (1 / 3, "0.333333"),
        (np.float64(2.0), "2"),
        (np.True_, "True"),
        (V, "[1, -2, 0.5]"),
        ((1.0, [None, "a"]), "(1, [None, 'a'])"),
        ({"a": 1.0}, "{'a': 1}"),
        (Given("rosenbrock.grad", {"dim": 3}), "<grad of rosenbrock(dim=3)>"),
        (Given("himmelblau"), "<himmelblau()>"),
        (Strange("set"), "<set>"),
    ],
)
def test_values_as_text(value, text):
    """A card would show a value in a form that nobody reads."""
    assert show(value) == text


def test_long_values_are_cut():
    """A large array would fill the notebook."""
    assert len(show(list(range(1000)))) == 400 and show(list(range(1000))).endswith("...")
    assert len(show(np.zeros(10**6))) < 100


leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(max_size=4),
    st.sampled_from([V, M, V > 0, V + 1j, np.array([1, 2]), np.float32(1), np.array([]), Strange("set")]),
)  # fmt: skip
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=5)


@given(values, values, st.booleans())
def test_any_two_values_can_be_compared_and_described(got, expected, lists):
    """A strange answer would crash the examiner in the place of being called wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mismatch(got, expected, lists=lists)
    assert found is None or found.text[0].isupper()
    assert isinstance(show(got), str) and isinstance(describe(got), str)


@given(values)
def test_a_value_agrees_with_itself(value):
    """The reference would be wrong."""
    assert mismatch(value, value) is None


@pytest.mark.parametrize("many", [[0.5] * 200_000, {str(n): 0.5 for n in range(200_000)}], ids=["list", "dict"])
def test_what_is_cut_is_not_written_first(many, monkeypatch):
    """An answer of a million numbers would cost the examiner seconds for the four hundred characters that are shown."""
    written, write = [], comparing._show
    monkeypatch.setattr(comparing, "_show", lambda value: written.append(1) or write(value))
    text = comparing.show(many)
    assert len(text) == 400 and text.endswith("...") and len(written) < 2_000
