"""Plain data as bytes and back: what travels between the examiner and the process that runs a student's code.

JSON carries texts, booleans, None, small integers, finite floats and lists; everything else is an object with one
key that says what it is. Nothing is ever executed or imported on the way in, and sizes are checked before memory
is taken, so `loads` may be fed by an enemy.
"""

import binascii
import itertools
import json
import math
from dataclasses import MISSING, fields

import numpy as np

from course_lib.calling import BITS, DEEPEST, DTYPES, LARGEST, Case, Failure, Given, Outcome, Strange

RECORDS = {record.__name__: record for record in (Case, Failure, Given, Outcome, Strange)}
USUAL = {record: {one.name: one.default_factory() if one.default is MISSING else one.default for one in fields(record)
                  if one.default is not MISSING or one.default_factory is not MISSING}
         for record in RECORDS.values()}  # fmt: skip
MOST_BYTES = 64_000_000
MOST = {b"{": 300_000, b"[": 300_000, b",": 3_000_000}  # of these a message holds; each costs memory to read
ASIS, NUMBERS = {bool, str, type(None)}, {bool, int, float, type(None)}  # a list of nothing else travels as it is
LONG = 200  # numbers of an array that are worth a look at how large they are
SIDES = 64  # of an array
DEPTH = 2 * DEEPEST + 8


class WireError(ValueError):
    """The bytes are no message of ours, or hold more than a message may."""


def dumps(value):
    """The bytes of a plain value.

    Raises:
        WireError: the value holds something that is no plain data.
    """
    return WRITER.encode(_pack(value)).encode()


def loads(data):
    """The plain value of the bytes.

    Raises:
        WireError: the bytes are malformed, too many, too deep, or describe what is no plain data.
    """
    if len(data) > MOST_BYTES:
        raise WireError(f"A message holds at most {MOST_BYTES} bytes, not {len(data)}.")
    for mark, most in MOST.items():
        if data.count(mark) > most:
            raise WireError(f"A message holds at most {most} times {mark.decode()!r}.")
    try:
        return _unpack(READER.decode(data.decode()), 0)
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(f"This is no message of ours: {type(error).__name__}: {error}"[:300]) from None


def _pack(value):
    kind = type(value)
    if kind in ASIS:
        return value
    packer = PACKERS.get(kind) or (_pack_array if isinstance(value, (np.ndarray, np.generic)) else None)
    if packer:
        return packer(value)
    raise WireError(f"A {kind.__name__} is no plain data.")


def _pack_int(value):
    if value.bit_length() > BITS:
        raise WireError("An int of this size is no plain data.")
    return value if abs(value) < 2**53 else {"int": str(value)}


def _pack_float(value):
    return value if math.isfinite(value) else {"float": str(value)}


def _pack_list(value):
    kinds = set(map(type, value))
    if kinds <= ASIS or (kinds == {float} and math.isfinite(sum(value))):
        return value
    return _pack_alike(value, kinds) or _pack_rows(value, kinds) or [_pack(item) for item in value]


def _pack_array(value):
    if value.dtype.str not in DTYPES:
        raise WireError(f"An array of {value.dtype} is no plain data.")
    sent = _narrow(value) if value.size >= LONG and value.dtype.kind == "i" else value
    body = [value.dtype.str, list(value.shape), _base64(sent.tobytes()), *([] if sent is value else [sent.dtype.str])]
    return {"array" if isinstance(value, np.ndarray) else "scalar": body}


def _base64(data):
    return binascii.b2a_base64(data, newline=False).decode()


def _narrow(value):
    """Integers in as few bytes as hold them: indices fill thousands of places and need one or two."""
    lowest, highest = value.min(), value.max()
    wide = next(kind for kind in "bhiq" if np.iinfo(kind).min <= lowest and highest <= np.iinfo(kind).max)
    return value.astype(wide)


def _pack_alike(items, kinds):
    """A list of arrays, or of numpy scalars, all of one kind, in one piece, which costs a tenth; else None."""
    if len(items) < 2 or len(kinds) > 1 or not hasattr(items[0], "dtype"):
        return None
    if type(items[0]) is np.ndarray:
        return _pack_arrays(items)
    made = np.array(items)
    return {"scalars": _pack_array(made)["array"]} if made.dtype.str in DTYPES and made.ndim == 1 else None


def _pack_arrays(items):
    code = items[0].dtype.str
    if code not in DTYPES or any(item.dtype.str != code for item in items):
        return None
    return {"arrays": [code, [list(item.shape) for item in items], _base64(b"".join([i.tobytes() for i in items]))]}


def _pack_rows(items, kinds):
    """A list of tuples of one length, as the states of a method are, column by column; else None."""
    if len(items) < 2 or kinds != {tuple} or not items[0] or len(set(map(len, items))) > 1:
        return None
    return {"rows": [_pack(list(column)) for column in zip(*items)]}


def _pack_record(value):
    """A record without the fields that are as they would be anyway: most of an outcome."""
    usual = USUAL[type(value)]
    told = {name: _pack(item) for name, item in vars(value).items() if not _same(item, usual.get(name, ...))}
    return {"record": [type(value).__name__, told]}


def _same(item, usual):
    return type(item) is type(usual) and item == usual


PACKERS = {
    int: _pack_int,
    float: _pack_float,
    list: _pack_list,
    np.ndarray: _pack_array,
    complex: lambda z: {"complex": [_pack(z.real), _pack(z.imag)]},
    tuple: lambda items: {"tuple": [_pack(item) for item in items]},
    dict: lambda items: {"dict": {_text(key): _pack(item) for key, item in items.items()}},
    **dict.fromkeys(RECORDS.values(), _pack_record),
}


def _unpack(value, depth):
    if depth > DEPTH:
        raise WireError(f"A message is at most {DEPTH} levels deep.")
    kind = type(value)
    if kind is list:
        return value if set(map(type, value)) <= NUMBERS else [_unpack(item, depth + 1) for item in value]
    if kind is str:
        return _whole(value)
    if kind is not dict:
        return value
    ((name, body),) = value.items()
    return UNPACKERS[name](body, depth + 1)


def _unpack_array(body, depth):
    code, shape, raw, *sent = body
    if code not in DTYPES or _size(shape) > LARGEST:
        raise WireError("An array of this kind or size is no plain data.")
    if sent and (len(sent) > 1 or sent[0] not in DTYPES or {np.dtype(code).kind, np.dtype(*sent).kind} != {"i"}):
        raise WireError("Only integers are sent in fewer bytes.")
    array = np.frombuffer(binascii.a2b_base64(raw, strict_mode=True), dtype=sent[0] if sent else code)
    return array.reshape(shape).astype(code)


def _unpack_arrays(body, depth):
    code, shapes, raw = body
    if shapes and shapes[0] and shapes.count(shapes[0]) == len(shapes):  # as of one step after the other
        whole = _unpack_array([code, [_size(shapes[0]) * len(shapes)], raw], depth)
        return [piece.copy() for piece in whole.reshape(len(shapes), *shapes[0])]
    sizes = list(map(_size, shapes))
    whole = _unpack_array([code, [sum(sizes)], raw], depth)
    ends = itertools.accumulate(sizes)
    return [whole[end - size : end].reshape(shape).copy() for end, size, shape in zip(ends, sizes, shapes)]


def _unpack_rows(body, depth):
    columns = [_unpack(column, depth) for column in body]
    if not columns or set(map(type, columns)) != {list}:
        raise WireError("Rows come as columns, which are lists.")
    return list(zip(*columns, strict=True))


def _size(shape):
    """The entries of an array of this shape, which is looked at before it is multiplied: texts fill memory that way."""
    if len(shape) == 1 and type(shape[0]) is int and shape[0] >= 0:  # most are
        return shape[0]
    if len(shape) > SIDES or not set(map(type, shape)) <= {int} or min(shape, default=0) < 0:
        raise WireError("A shape is a few whole numbers.")
    size = math.prod(shape)
    if not size and math.prod(n or 1 for n in shape) > LARGEST:  # no memory, but a day to walk along it
        raise WireError("An array without entries has a shape of plain size.")
    return size


def _unpack_scalar(body, depth):
    scalar = _unpack_array(body, depth)[()]
    if isinstance(scalar, np.ndarray):
        raise WireError("A scalar has no shape.")
    return scalar


def _unpack_scalars(body, depth):
    array = _unpack_array(body, depth)
    if array.ndim != 1:
        raise WireError("A list of scalars has one axis.")
    return list(array)


def _unpack_int(body, depth):
    if len(_text(body)) > 4000:
        raise WireError("An integer has at most 4000 digits.")
    return int(body)


def _unpack_record(body, depth):
    name, fields = body
    return RECORDS[name](**{key: _unpack(item, depth) for key, item in fields.items()})


UNPACKERS = {
    "int": _unpack_int,
    "float": lambda body, depth: {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[body],
    "complex": lambda body, depth: complex(*(_unpack(part, depth) for part in body)),
    "tuple": lambda body, depth: tuple(_unpack(item, depth) for item in body),
    "dict": lambda body, depth: {_whole(key): _unpack(item, depth) for key, item in body.items()},
    "array": _unpack_array,
    "arrays": _unpack_arrays,
    "rows": _unpack_rows,
    "scalar": _unpack_scalar,
    "scalars": _unpack_scalars,
    "record": _unpack_record,
}


def _small_int(text):
    """An integer as it stands in JSON; reading a long one takes time that grows with the square of its length."""
    if len(text) > 20:
        raise WireError("A long integer travels as a text.")
    return int(text)


WRITER = json.JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":"))  # `_pack` has made it a tree
READER = json.JSONDecoder(parse_int=_small_int)


def _whole(text):
    """A text that can be written to a file: halves of a surrogate pair, which JSON lets through, cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _text(value):
    if type(value) is not str:
        raise WireError("The keys of a dict are texts.")
    return value
