"""What the confined process and ours say to each other: frames of JSON and WKB, every part of them checked.

A frame is its kind (one letter), the lengths of its two parts, then the parts: JSON, and the geometries of a batch as
WKB, one behind the other, or the bytes of a file that was made. Nothing is unpickled: who reads a foreign file may have
been taken over by it.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any

import orjson

from tempuse.errors import Invalid, Issue, NotFound, TempuseError
from tempuse.io.sources.source import Row

HEAD = struct.Struct("<cII")
PAIR = struct.Struct("<II")  # the lengths of two files that were made together
OPENED, ROWS, DONE, ERROR, MADE = b"O", b"R", b"D", b"E", b"M"
MOST_BYTES = 256 * 1024 * 1024  # of a frame's part
MOST_COLUMNS = 20_000
MOST_ISSUES = 2000
MOST_TEXT = 64 * 1024 * 1024
_ERRORS: dict[str, type[TempuseError]] = {"Invalid": Invalid, "NotFound": NotFound}
_PLAIN = frozenset({str, int, float, bool, type(None)})
_NESTED = frozenset({*_PLAIN, dict})
# What readers say of a file and its rows: all that is believed.
SAYS = frozenset({
    "crs.passed_over", "crs.unknown", "file.alike_left", "file.another_table", "file.ask_again", "file.letters_twice",
    "file.beside_left", "file.table_beside",
    "file.bomb",
    "file.cell_too_long", "file.cells_cut",
    "file.cells_far_out", "file.column_named", "file.column_twice", "file.commas_joined", "file.commas_open",
    "file.count_all_read", "file.count_differs", "file.damaged", "file.decimal_commas", "file.empty", "file.encoding",
    "file.encoding_guessed", "file.encoding_wrong", "file.encrypted", "file.failed_formulas", "file.file_taken",
    "file.folder_taken", "file.foreign", "file.half_left_out", "file.header_found", "file.hidden_read",
    "file.hidden_rows", "file.kml_links",
    "file.layer_taken", "file.letters_cut", "file.lines_are_rows", "file.merged_cells", "file.merged_filled",
    "file.missing", "file.no_layer", "file.no_rows", "file.no_shapefile", "file.no_sheet", "file.not_geojson",
    "file.odd_letters", "file.odd_read_in", "file.open_formulas", "file.other_kind", "file.preamble", "file.quote_open",
    "file.read_as", "file.read_by_its_columns", "file.read_in_encoding",
    "file.read_together", "file.reader_memory", "file.save_in_excel",
    "file.several", "file.several_alike", "file.several_files", "file.several_folders", "file.several_layers",
    "file.several_sheets", "file.shapefile_parts", "file.sheet_taken", "file.sheet_too_wide", "file.taken_as_empty",
    "file.unknown_kind", "file.zip_in_zip", "file.zip_without", "geometry.unreadable", "ground.damaged",
    "ground.no_streets", "ground.none", "ground.other_layers", "ground.too_wide", "paper.active", "paper.attached",
    "paper.damaged", "paper.encrypted", "paper.no_pages", "paper.template", "picture.damaged", "picture.heic",
    "picture.none", "picture.too_many_pixels", "plan.too_many_pages", "plan.too_much",
    "row.too_many_cells", "value.left_empty", "value.unreadable",
})  # fmt: skip


class Odd(Exception):
    """The other side said something that it never says."""


# ---- said by the confined process -----------------------------------------------------------------------


def frame(kind: bytes, content: Any, blob: bytes = b"") -> bytes:
    """One frame, ready to be sent."""
    try:
        text = orjson.dumps(content, default=_tagged, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS)
    except TypeError:  # a letter that is none, a number beyond 64 bits
        text = json.dumps(content, default=_tagged).encode()
        text = orjson.dumps(_mended(json.loads(text)))
    return HEAD.pack(kind, len(text), len(blob)) + text + blob


def _tagged(value: Any) -> Any:
    """What JSON has no word for; what nobody can read as text or number is left out."""
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    if type(value).__module__ == "numpy" and callable(getattr(value, "item", None)):
        return value.item()
    return None


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(key): _mended(each) for key, each in value.items()}
    return str(value) if type(value) is int and not -(2**63) <= value < 2**64 else value


def rows_frames(rows: Sequence[Row]) -> list[bytes]:
    """A batch of rows as one frame, or as several where it is large.

    Raises:
        MemoryError: a single row is larger than a list of spaces could need.
    """
    blobs = [b""] * len(rows)
    if any(row.geometry is not None for row in rows):
        blobs = _geometries().packed(rows)
    content = [[row.line, row.values, row.problem, len(blob)] for row, blob in zip(rows, blobs, strict=True)]
    whole = frame(ROWS, content, b"".join(blobs))
    if len(whole) <= MOST_TEXT or len(rows) == 1:
        if len(whole) > MOST_BYTES:
            raise MemoryError
        return [whole]
    middle = len(rows) // 2
    return rows_frames(rows[:middle]) + rows_frames(rows[middle:])


def _geometries() -> Any:
    """What packs geometries: more than half of what a reader begins with, and a table has none."""
    return import_module("tempuse.io.confined.wkb")


def issue_list(issues: Sequence[Issue]) -> list[Any]:
    """Issues as lists."""
    return [
        [each.row, each.field, each.value, each.message, each.done, each.values, each.grave]
        for each in issues[:MOST_ISSUES]
    ]


def error_frame(error: TempuseError) -> bytes:
    """An error that a person is told."""
    return frame(ERROR, [type(error).__name__, error.message, error.values])


# ---- heard by ours --------------------------------------------------------------------------------------


def heard(text: bytes) -> Any:
    """The JSON of a frame.

    Raises:
        Odd: it is none.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Odd from error


def opened(content: Any) -> dict[str, Any]:
    """What a source says of itself.

    Raises:
        Odd: something is missing, or not what it should be.
    """
    wanted: dict[str, Any] = {
        "name": str, "kind": str, "columns": list, "layer": str, "layers": list, "alike": list, "apart": str,
        "crs": (str, type(None)), "has_geometry": bool, "count": (int, type(None)), "issues": list,
    }  # fmt: skip
    if not isinstance(content, dict) or set(content) != set(wanted):
        raise Odd
    if not all(isinstance(content[name], kind) for name, kind in wanted.items()):
        raise Odd
    names = [*content["columns"], *content["layers"], *content["alike"]]
    if len(names) > 2 * MOST_COLUMNS or set(map(type, names)) - {str} or len(content["crs"] or "") > MOST_COLUMNS:
        raise Odd
    return {**content, "issues": issues(content["issues"])}


def issues(content: Any) -> list[Issue]:
    """Issues that were sent.

    Raises:
        Odd: one is not what it should be.
    """
    if not isinstance(content, list) or len(content) > MOST_ISSUES:
        raise Odd
    found = []
    for each in content:
        if not isinstance(each, list) or len(each) != 7:
            raise Odd
        row, field, value, message, done, values, grave = each
        texts = (field, value, message, done)
        if set(map(type, texts)) != {str} or type(row) not in (int, type(None)) or type(grave) is not bool:
            raise Odd
        found.append(Issue(row, field, value, _known(message), done and _known(done), _said(values), grave))
    return found


def error(content: Any) -> TempuseError:
    """An error that was sent.

    Raises:
        Odd: it is none.
    """
    if not isinstance(content, list) or len(content) != 3 or content[0] not in _ERRORS:
        raise Odd
    return _ERRORS[content[0]](_known(content[1]), **_said(content[2]))


def _known(message: Any) -> str:
    if not isinstance(message, str) or message not in SAYS:
        raise Odd
    return message


def _said(values: Any) -> dict[str, Any]:
    """What a sentence names: texts, numbers, lists of texts."""
    if not isinstance(values, dict) or len(values) > 20:
        raise Odd
    for name, value in values.items():
        each = value if isinstance(value, list) else [value]
        if (
            not re.fullmatch(r"[a-z][a-z_]{0,39}", name)
            or name in ("message", "issues")
            or set(map(type, each)) - _PLAIN
        ):
            raise Odd
    return values


def rows(content: Any, blob: bytes) -> list[Row]:
    """A batch of rows.

    Raises:
        Odd: one of them is not what it should be.
    """
    try:
        whole = [_row(*each) for each in content]
        lengths = [each[3] for each in content]
    except (TypeError, IndexError) as error:
        raise Odd from error
    if set(map(type, lengths)) - {int} or any(length < 0 for length in lengths) or sum(lengths) != len(blob):
        raise Odd
    if blob and not _geometries().unpacked(whole, lengths, blob):
        raise Odd
    return whole


def _row(line: Any, values: Any, problem: Any, _length: Any) -> Row:
    if type(line) is not int or type(values) is not dict or (problem and problem not in SAYS):
        raise Odd
    kinds = set(map(type, values.values()))
    if kinds - _PLAIN:
        if kinds - _NESTED:
            raise Odd
        values = {name: _untagged(value) if type(value) is dict else value for name, value in values.items()}
    return Row(line, values, None, problem or "")


def _untagged(value: dict[str, Any]) -> Any:
    told: Any
    tag, told = next(iter(value.items())) if len(value) == 1 else ("", None)
    try:
        if tag == "instant":
            return datetime.fromisoformat(told)
        if tag == "day":
            return date.fromisoformat(told)
        if tag == "time":
            return time.fromisoformat(told)
        if tag == "seconds":
            return timedelta(seconds=told)
    except (TypeError, ValueError, OverflowError) as error:
        raise Odd from error
    raise Odd
