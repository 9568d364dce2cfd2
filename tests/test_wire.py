"""Bytes between the examiner and a hostile process: exact there and back, and no harm in what is malformed."""

import base64
import contextlib
import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib import wire
from course_lib.calling import LARGEST, Case, Failure, Given, Outcome, Strange, identical, is_plain, plain
from course_lib.wire import WireError, dumps, loads

numeric = st.sampled_from(sorted(wire.DTYPES))
arrays = numeric.flatmap(lambda code: hnp.arrays(code, hnp.array_shapes(min_dims=0, min_side=0, max_side=3)))
leaves = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**40), 10**40), st.floats(), st.complex_numbers(), st.text(max_size=5),
    arrays, arrays.filter(lambda a: a.ndim == 0).map(lambda a: a[()]),
)  # fmt: skip
plain_values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(plain_values)
def test_there_and_back(value):
    """The examiner would see something else than what the function returned."""
    assert identical(loads(dumps(value)), value)


def test_signs_and_kinds_survive():
    """-0.0, a NumPy number, a matrix in Fortran order or a shape without entries would change on the way."""
    back = loads(dumps([-0.0, np.float32(2.5), np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), np.zeros((0, 3))]))
    assert math.copysign(1, back[0]) == -1
    assert type(back[1]) is np.float32
    assert back[2].tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert back[3].shape == (0, 3)


def test_what_arrives_can_be_written_to():
    """A function would be given arrays that cannot be changed, and its mistake would look different."""
    back = loads(dumps(np.zeros(2)))
    back += 1
    assert back.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "record",
    [
        Strange("set"),
        Failure("ValueError", "no", "x = 1", 3),
        Given("rosenbrock.grad", {"dim": 3}),
        Case({"x": (1.0, [Given("bowl")])}, "a bowl", "start", "chain"),
        Outcome((1.0, "a"), None, ("x",), True, {"f": 3}, "careful", True, 0.5),
    ],
)
def test_records_survive(record):
    """A case or an outcome would not reach the other side."""
    assert loads(dumps(record)) == record


@pytest.mark.parametrize(
    "value",
    [
        {1, 2}, print, object(), {1: 2}, b"bytes", ..., range(3), np.array(["a"]), np.array([None]), 10**5000,
        np.array([1.0], ">f8"), np.datetime64("2020-01-01"), [[{"deep": {1.5: 2}}]],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_is_no_plain_data_is_refused(value):
    """A process would send what the other side cannot read, or fail with an error nobody expects."""
    with pytest.raises(WireError):
        dumps(value)


@given(st.recursive(
    st.one_of(leaves, st.just(...), st.sets(st.integers(), max_size=2), st.just(np.longdouble(1)),
              st.just(np.array([None])), st.just(np.array([1.0], ">f8"))),
    lambda inner: st.lists(inner, max_size=3), max_leaves=4,
))  # fmt: skip
def test_what_was_made_plain_can_be_sent(value):
    """An answer of a strange type would end the process that asks, not the answer."""
    made = plain(value)
    assert identical(loads(dumps(made)), made) or "Strange" in repr(made)
    assert is_plain(value) <= ("Strange" not in repr(made))


def raw(data, shape, code="<f8", kind="array"):
    return json.dumps({kind: [code, shape, base64.b64encode(data).decode()]}).encode()


MALFORMED = {
    "nothing": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe\xfd",
    "two objects": b"1 2",
    "an unknown kind": b'{"pickle": "gASVAAAA"}',
    "two kinds": b'{"int": "1", "float": "nan"}',
    "no kind": b"{}",
    "an int that is none": b'{"int": "abc"}',
    "an int that is a list": b'{"int": [1]}',
    "an int of a million digits": b'{"int": "%s"}' % (b"9" * 10**6),
    "an int of 4100 digits": b'{"int": "%s"}' % (b"9" * 4100),
    "a bare int of a million digits": b"9" * 10**6,
    "a float that is none": b'{"float": "0.5"}',
    "a float that is a list": b'{"float": []}',
    "a complex of one part": b'{"complex": "12"}',
    "a complex of three parts": b'{"complex": [1, 2, 3]}',
    "a complex of a list": b'{"complex": [[1], 2]}',
    "a tuple of nothing": b'{"tuple": null}',
    "a dict that is a list": b'{"dict": [1]}',
    "an array of objects": raw(b"\0" * 8, [1], "|O"),
    "an array of texts": raw(b"\0" * 8, [1], "<U2"),
    "an array of a list": b'{"array": [["<f8"], [1], ""]}',
    "an array of the other endian": raw(b"\0" * 8, [1], ">f8"),
    "an array that is too short": raw(b"\0" * 8, [2]),
    "an array that is too long": raw(b"\0" * 16, [1]),
    "an array of odd bytes": raw(b"\0" * 7, [1]),
    "an array with a negative side": raw(b"\0" * 8, [-1]),
    "an array with a side of truth": raw(b"\0" * 8, [True]),
    "an array with a side that is a float": raw(b"\0" * 8, [1.0]),
    "an array with a shape that is a number": raw(b"\0" * 8, 1),
    "an array of a hundred sides": raw(b"\0" * 8, [1] * 100),
    "an array that claims terabytes": raw(b"", [10**12]),
    "an empty array with a huge side": raw(b"", [10**30, 0]),
    "an array in no base64": b'{"array": ["<f8", [1], "!!!!"]}',
    "an array in base64 with something else in it": b'{"array": ["<f8", [1], "AAAA!AAAAAAA="]}',
    "an array of too many numbers": raw(b"\0" * (LARGEST + 1), [LARGEST + 1], "|b1"),
    "an array of base64 that is a number": b'{"array": ["<f8", [1], 5]}',
    "an array without a shape": b'{"array": ["<f8", ""]}',
    "a scalar of two": raw(b"\0" * 16, [2], kind="scalar"),
    "a record that is none": b'{"record": ["Path", {}]}',
    "a record of a list": b'{"record": [["Case"], {}]}',
    "a record with a foreign field": b'{"record": ["Strange", {"kind": "a", "other": 1}]}',
    "a record with a missing field": b'{"record": ["Strange", {}]}',
    "a record with fields in a list": b'{"record": ["Strange", ["kind"]]}',
    "an outcome with a wrong field": b'{"record": ["Outcome", {"seconds": "fast"}]}',
    "an outcome with a wrong failure": b'{"record": ["Outcome", {"failure": {"dict": {}}}]}',
    "an outcome with wrong counts": b'{"record": ["Outcome", {"calls": {"dict": {"f": 1.5}}}]}',
    "a failure with a wrong field": b'{"record": ["Failure", {"kind": 1, "message": "", "line": "", "number": 0}]}',
    "lists without end": b"[" * 10**6,
    "lists too deep": b"[" * 60 + b"]" * 60,
    "a million empty lists": b"[" + b"[]," * 10**6 + b"[]]",
    "a million empty objects": b"[" + b'{"tuple":[]},' * 10**6 + b"0]",
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED)
def test_malformed_bytes_are_a_wire_error(data):
    """A hostile process would end the examiner with an error that nobody catches."""
    with pytest.raises(WireError):
        loads(data)


def loads_or_refuses(data):
    with contextlib.suppress(WireError):
        loads(data)


@given(st.binary(max_size=40))
def test_random_bytes_do_no_harm(data):
    """Some bytes would raise another error."""
    loads_or_refuses(data)


json_values = st.recursive(
    leaves.filter(lambda leaf: type(leaf) in (type(None), bool, int, float, str))
    | st.sampled_from(["<f8", "AAAA", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*wire.UNPACKERS, *wire.RECORDS, "kind", "value"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(json_values)
def test_random_messages_do_no_harm(value):
    """Some message in the form of ours would raise another error."""
    loads_or_refuses(json.dumps(value).encode())


@settings(max_examples=100)
@given(plain_values, st.integers(0), st.integers(0, 255))
def test_a_damaged_byte_does_no_harm(value, place, byte):
    """A message that is damaged on the way would raise another error."""
    data = bytearray(dumps(Outcome(value)))
    data[place % len(data)] = byte
    loads_or_refuses(bytes(data))


@pytest.mark.parametrize("name", ["an array that claims terabytes", "a million empty lists", "lists without end"])
def test_sizes_are_checked_before_memory_is_taken(name):
    """A short message would fill the memory of the examiner."""
    tracemalloc.start()
    with pytest.raises(WireError):
        loads(MALFORMED[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000 + len(MALFORMED[name])


def test_messages_have_a_largest_size(monkeypatch):
    """A process could send without end."""
    monkeypatch.setattr(wire, "MOST_BYTES", 10)
    assert loads(b"[1,2,3,45]") == [1, 2, 3, 45]
    with pytest.raises(WireError, match="at most 10 bytes, not 11"):
        loads(b"[1,2,3,456]")


def test_nothing_is_imported_or_run(tmp_path):
    """A message could name code to be run."""
    for name in ("Watched", "TimeUp", "observe", "__class__", "Case.__init__"):
        with pytest.raises(WireError):
            loads(json.dumps({"record": [name, {}]}).encode())


def test_half_a_character_is_replaced():
    """A text that no file can hold would end the run when the feedback is written."""
    assert loads(b'"a\\ud800"').encode() == b"a?"
    assert list(loads(b'{"dict":{"\\udfff":1}}')) == ["?"]
    assert loads(b'"\\u00e9\\ud83d\\ude00"') == "\N{LATIN SMALL LETTER E WITH ACUTE}\N{GRINNING FACE}"


def test_a_long_integer_is_refused_unread():
    """A million digits would keep the scorer busy for minutes on an older Python."""
    with pytest.raises(WireError):
        loads(b"9" * 1_000_000)
    assert loads(b"-9007199254740991") == -(2**53) + 1


def test_many_scalars_travel_as_one_array():
    """A thousand answers of `rng.random() < p` cost ten times as much one by one; they come back as what they were."""
    some = [np.True_, np.False_] * 500
    back = loads(dumps(some))
    assert back == some and {type(one) for one in back} == {np.bool_} and len(dumps(some)) < 2_000
    mixed = [np.float64(1.5), np.float32(1.5), 1.5]
    assert [type(one) for one in loads(dumps(mixed))] == [np.float64, np.float32, float]


@pytest.mark.parametrize("body", [["|b1", [2, 2], "AAAAAA=="], ["|b1", [], "AA=="], ["|O8", [1], "AAAAAAAAAAA="]])
def test_a_list_of_scalars_that_is_none_is_refused(body):
    """Rows would pass for numbers, and pointers for objects."""
    with pytest.raises(WireError):
        loads(json.dumps({"scalars": body}).encode())


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.tuples(*[plain_values] * n), min_size=2, max_size=5)))
def test_rows_travel_as_columns_and_come_back(rows):
    """The states of a method are tuples; a value that lands in another row is taken for a mistake in the method."""
    assert "rows" in json.loads(dumps(rows)) and identical(loads(dumps(rows)), rows)


@pytest.mark.parametrize("body", [[], [[1, 2], [3]], ["ab", "cd"], [{"array": ["|i1", [2], "AAA="]}], {"a": [1]}, 5])
def test_rows_that_are_none_are_refused(body):
    """A short column would drop rows, a text or an array would be taken apart, and nothing at all has no length."""
    with pytest.raises(WireError):
        loads(json.dumps({"rows": body}).encode())


LISTS_OF_ARRAYS = {
    "pieces": [np.arange(3), np.zeros((0, 2), int), np.array(5), np.arange(6).reshape(2, 3)],
    "two kinds": [np.arange(3), np.arange(3.0)],
    "turned round": [np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::-1]],
    "foreign bytes": [np.arange(3, dtype=">i8")] * 2,
}


@pytest.mark.parametrize("items", LISTS_OF_ARRAYS.values(), ids=LISTS_OF_ARRAYS)
def test_a_list_of_arrays_arrives_as_it_was(items):
    """Arrays that travel in one piece would be cut in the wrong places, or the bytes of one read as another kind."""
    if not is_plain(items):
        with pytest.raises(WireError):
            dumps(items)
        return
    back = loads(dumps(items))
    assert identical(back, items)
    assert all(array.flags.owndata and array.flags.writeable for array in back)


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=wire.LONG, max_size=wire.LONG + 20))
def test_long_arrays_of_integers_arrive_as_they_were(numbers):
    """Integers that are sent in fewer bytes would lose their highest bits or their sign."""
    array = np.array(numbers)
    assert identical(loads(dumps(array)), array)


def test_indices_travel_in_a_byte_each():
    """Eight thousand winners of tournaments would travel in eight bytes each."""
    winners = np.arange(8000) % 9
    assert identical(loads(dumps(winners)), winners) and len(dumps(winners)) < 11_000


RAW = base64.b64encode(bytes(8)).decode()
FORGED_ARRAYS = {
    "two narrow kinds": {"array": ["<i8", [8], RAW, "|i1", "|i1"]},
    "floats for integers": {"array": ["<i8", [2], RAW, "<f4"]},
    "integers for floats": {"array": ["<f8", [8], RAW, "|i1"]},
    "an unknown narrow kind": {"array": ["<i8", [1], RAW, "|O8"]},
    "a narrow kind that is no text": {"array": ["<i8", [1], RAW, [1]]},
    "too few pieces": {"arrays": ["|i1", [[3], [4]], RAW]},
    "pieces of negative size": {"arrays": ["|i1", [[-2, -4]], RAW]},
    "as long as it is": {"array": ["|i1", [-1], RAW]},
    "a piece as long as it is": {"arrays": ["|i1", [[-1], [9]], RAW]},
    "pieces that cancel out": {"arrays": ["|i1", [[-8], [16]], RAW]},
    "sizes that are truths": {"arrays": ["|i1", [[True]] * 8, RAW]},
    "terabytes in pieces": {"arrays": ["|i1", [[2**40], [2**40]], RAW]},
    "numbers for shapes": {"arrays": ["|i1", [8], RAW]},
    "texts that are multiplied": {"arrays": ["|i1", [["a", 10**8]], RAW]},
    "lists that are multiplied": {"arrays": ["|i1", [[[0], 10**8]], RAW]},
    "pieces that are long and empty": {"arrays": ["|i1", [[8], [10**12, 0]], RAW]},
    "an array that is long and empty": {"array": ["|i1", [10**12, 0], ""]},
}


@pytest.mark.parametrize("message", FORGED_ARRAYS.values(), ids=FORGED_ARRAYS)
def test_forged_arrays_are_refused(message):
    """A hostile process would have the examiner read past the end, or take memory for what was never sent."""
    data = json.dumps(message).encode()
    tracemalloc.start()
    with pytest.raises(WireError):
        loads(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000 + 10 * len(data)


@pytest.mark.parametrize("kind", ["array", "arrays"])
def test_a_shape_is_counted_before_it_is_multiplied(kind, monkeypatch):
    """A product of two hundred thousand long numbers keeps the examiner busy for a minute."""
    monkeypatch.setattr(wire.math, "prod", lambda shape: pytest.fail("it was multiplied"))
    shape = [10**17] * 100
    with pytest.raises(WireError):
        loads(json.dumps({kind: ["|i1", shape if kind == "array" else [shape], ""]}).encode())


@pytest.mark.parametrize("record", [Outcome(), Outcome(value=0.0), Outcome(shared=True, calls={"f": 0}, changed=("x",)),
                                    Outcome(seconds=-1.0, warned=" "), Failure("E", ""), Given("rng"),
                                    Case({}, "", part="shape")])  # fmt: skip
def test_what_is_usual_is_left_out_and_comes_back(record):
    """A field that differs from the usual one could be lost, or every answer carry eight fields that say nothing."""
    assert wire.loads(wire.dumps(record)) == record
    assert b"global_random" not in wire.dumps(record)


def test_an_array_is_never_taken_for_what_is_usual():
    """To compare an array with None gives an array, and no answer."""
    for value in (np.zeros(3), np.array([]), np.float64(0.0), np.bool_(False)):
        assert identical(loads(dumps(Outcome(value=value))).value, value)
