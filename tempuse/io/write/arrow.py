"""Features as a stream of Arrow batches, by the C data interface of Apache Arrow, which GDAL reads.

It is small and does not change; a library for it would bring forty megabytes. A batch lives until its reader lets it
go, a stream until its object does.
"""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Iterator, Sequence, Sized
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p, pointer
from functools import lru_cache
from itertools import count
from typing import Any

import numpy as np

from tempuse.io.write.columns import FlatColumn

_FORMATS = {"flag": b"b", "whole": b"l", "number": b"g", "instant": b"tsm:UTC"}
_NULLABLE = 2
# The metadata by which a column of bytes is one of geometries: one pair, each part with its length before it.
_PAIR = (b"ARROW:extension:name", b"ogc.wkb")
_WKB = (1).to_bytes(4, "little") + b"".join(len(part).to_bytes(4, "little") + part for part in _PAIR)
GEOMETRY = "geom"
_NOTHING: Any = None


class _Schema(Structure):
    pass


class _Array(Structure):
    pass


class _Stream(Structure):
    pass


_SchemaRelease, _ArrayRelease = CFUNCTYPE(None, POINTER(_Schema)), CFUNCTYPE(None, POINTER(_Array))
_Schema._fields_ = [
    ("format", c_char_p), ("name", c_char_p), ("metadata", c_char_p), ("flags", c_int64), ("n_children", c_int64),
    ("children", POINTER(POINTER(_Schema))), ("dictionary", c_void_p), ("release", _SchemaRelease),
    ("private_data", c_void_p),
]  # fmt: skip
_Array._fields_ = [
    ("length", c_int64), ("null_count", c_int64), ("offset", c_int64), ("n_buffers", c_int64), ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)), ("children", POINTER(POINTER(_Array))), ("dictionary", c_void_p),
    ("release", _ArrayRelease), ("private_data", c_void_p),
]  # fmt: skip
_GetSchema = CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Schema))
_GetNext = CFUNCTYPE(c_int, POINTER(_Stream), POINTER(_Array))
_GetError, _StreamRelease = CFUNCTYPE(c_void_p, POINTER(_Stream)), CFUNCTYPE(None, POINTER(_Stream))
_Stream._fields_ = [
    ("get_schema", _GetSchema), ("get_next", _GetNext), ("get_last_error", _GetError), ("release", _StreamRelease),
    ("private_data", c_void_p),
]  # fmt: skip


def _gone(struct: Any) -> None:
    """Say that a structure was let go: its release is NULL."""
    field = type(struct.contents).release
    ctypes.memset(ctypes.addressof(struct.contents) + field.offset, 0, field.size)


_release_schema = _SchemaRelease(_gone)


_held: dict[int, Any] = {}
_numbers = count(1)


def _let_go(array: Any) -> None:
    _held.pop(array.contents.private_data, None)
    _gone(array)


_release_array = _ArrayRelease(_let_go)


class Batches:
    """A stream of batches, made as they are asked for.

    Args:
        columns: of which the batches are, before that of the geometries.
        parts: of each batch the values of its columns (None for a column without any) and the geometries as WKB.
    """

    def __init__(self, columns: Sequence[FlatColumn], parts: Iterator[tuple[Sequence[Any], Sequence[Any]]]) -> None:
        self._columns, self._parts = columns, parts
        self.failure: BaseException | None = None
        self._said = ctypes.create_string_buffer(b"the features could not be read")
        self._stream = _Stream(
            _GetSchema(self._schema), _GetNext(self._next), _GetError(lambda _: ctypes.addressof(self._said)),
            _StreamRelease(_gone), None,
        )  # fmt: skip

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream as its reader takes it."""
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, (c_void_p, c_char_p, c_void_p)
        return new(ctypes.addressof(self._stream), b"arrow_array_stream", None)

    def _schema(self, _: Any, out: Any) -> int:
        fields = [_field(column.name.encode(), _FORMATS.get(column.kind, b"u"), None) for column in self._columns]
        fields.append(_field(GEOMETRY.encode(), b"z", _WKB))
        self._fields = fields
        children = (POINTER(_Schema) * len(fields))(*map(pointer, fields))
        self._children = children
        out[0] = _Schema(b"+s", b"", None, 0, len(fields), children, None, _release_schema, None)
        return 0

    def _next(self, _: Any, out: Any) -> int:
        try:
            part = next(self._parts, None)
            if part is None:
                ctypes.memset(out, 0, ctypes.sizeof(_Array))
                return 0
            values, wkbs = part
            arrays = [
                _array(_buffers(column.kind, each, len(wkbs)))
                for column, each in zip(self._columns, values, strict=True)
            ]
            arrays.append(_array((len(wkbs), [_known(wkbs), *_bytes([wkb or b"" for wkb in wkbs])])))
            out[0] = _struct(arrays, len(wkbs))
        except BaseException as error:  # it would be lost in the reader's own code
            self.failure = error
            return errno.EIO
        return 0


def _field(name: bytes, form: bytes, metadata: bytes | None) -> _Schema:
    return _Schema(form, name, metadata, _NULLABLE, 0, None, None, _release_schema, None)


Buffers = tuple[int, list[Any]]


def _array(made: Buffers) -> _Array:
    """One column: its length, and its buffers of which the first says which values are known."""
    length, buffers = made
    number = next(_numbers)
    places = (c_void_p * len(buffers))(*(None if each is None else each.ctypes.data for each in buffers))
    _held[number] = (buffers, places)
    return _Array(length, -1, 0, len(buffers), 0, places, None, None, _release_array, number)


def _struct(arrays: list[_Array], length: int) -> _Array:
    """A batch: its columns, which go when it goes."""
    number = next(_numbers)
    children = (POINTER(_Array) * len(arrays))(*map(pointer, arrays))
    nothing = (c_void_p * 1)(None)
    _held[number] = (arrays, children, nothing)
    return _Array(length, 0, 0, 1, len(arrays), nothing, children, None, _release_batch, number)


def _let_batch_go(batch: Any) -> None:
    for number in range(batch.contents.n_children):
        child = batch.contents.children[number]
        if child.contents.release:
            _let_go(child)
    _let_go(batch)


_release_batch = _ArrayRelease(_let_batch_go)


def _known(values: Sequence[Any]) -> Any:
    """Which values are known, a bit each; None where all are, as Arrow has it."""
    if None not in values:
        return None
    held = np.empty(len(values), object)
    held[:] = values
    return np.packbits(np.not_equal(held, _NOTHING).astype(bool), bitorder="little")


@lru_cache(maxsize=16)
def _nothing(kind: str, length: int) -> Buffers:
    """A column of which a batch has nothing: of zeros, and none of them known."""
    bits = np.zeros(-(-length // 8), np.uint8)
    if kind == "flag":
        return length, [bits, bits]
    if kind in _FORMATS:
        return length, [bits, np.zeros(length, np.int64)]
    return length, [bits, np.zeros(length + 1, np.int32), np.zeros(1, np.uint8)]


def _buffers(kind: str, values: Sequence[Any] | None, length: int) -> Buffers:
    if values is None:
        return _nothing(kind, length)
    known = _known(values)
    if kind not in _FORMATS:
        return length, [known, *_letters(values)]
    if kind == "flag":
        return length, [known, np.packbits(np.array([value is True for value in values]), bitorder="little")]
    if kind in ("whole", "number"):
        numbers = np.array([value or 0 for value in values], np.int64 if kind == "whole" else float)
        return length, [known, numbers]
    millis = [0 if value is None else round(value.timestamp() * 1000) for value in values]
    return length, [known, np.array(millis, np.int64)]


def _letters(texts: Sequence[str | None]) -> tuple[Any, Any]:
    """Where each text begins, and all of them; in one go where a letter is a byte."""
    told = [text or "" for text in texts]
    joined = "".join(told)
    if joined.isascii():
        return _bounds(told), np.frombuffer(f"{joined}\0".encode(), np.uint8)
    return _bytes([text.encode() for text in told])


def _bytes(told: Sequence[bytes]) -> tuple[Any, Any]:
    # One byte more: an empty buffer has no place in memory.
    return _bounds(told), np.frombuffer(b"".join(told) + b"\0", np.uint8)


def _bounds(told: Sequence[Sized]) -> Any:
    offsets = np.zeros(len(told) + 1, np.int32)
    np.cumsum(np.fromiter(map(len, told), np.int32, len(told)), out=offsets[1:])
    return offsets
