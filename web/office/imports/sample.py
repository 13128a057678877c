"""The first rows of a list as they wait beside it: JSON that says of each value what it is; nothing that could run."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import numpy as np
import shapely

from tempuse.errors import Issue, NotFound
from tempuse.io.sources.source import Row, Source
from tempuse.store.import_staging import WRITTEN_BY

_ABOUT = ("name", "kind", "columns", "layer", "layers", "alike", "apart", "crs", "has_geometry", "count")
_ISSUE = ("row", "field", "value", "message", "done", "values", "grave")

# What JSON has no word for: the type, its mark, and the way there and back. An instant is a day too, so it comes first.
_MARKED: tuple[tuple[type, str, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (datetime, "instant", datetime.isoformat, datetime.fromisoformat),
    (date, "day", date.isoformat, date.fromisoformat),
    (time, "time", time.isoformat, time.fromisoformat),
    (shapely.Geometry, "shape", lambda shape: shapely.to_wkb(shape, hex=True), shapely.from_wkb),
    (bytes, "bytes", bytes.hex, bytes.fromhex),
)
_BACK = {mark: back for _, mark, _, back in _MARKED}


def pack(source: Source, rows: list[Row]) -> bytes:
    """A source and its first rows, for a file."""
    held = {
        "written_by": WRITTEN_BY,
        **{name: getattr(source, name) for name in _ABOUT},
        "issues": [{name: _plain(getattr(issue, name)) for name in _ISSUE} for issue in source.issues],
        "rows": [[row.line, _plain(row.values)["map"], _plain(row.geometry), row.problem] for row in rows],
    }
    return json.dumps(held, ensure_ascii=True).encode()


def unpack(content: bytes) -> Source:
    """The source that was packed; it has no more rows than those.

    Raises:
        NotFound: another version of the program wrote it.
    """
    try:
        held = json.loads(content)
        if held["written_by"] != WRITTEN_BY:
            raise NotFound("import.other_version")
        rows = [Row(line, _typed({"map": values}), _typed(shape), why) for line, values, shape, why in held["rows"]]
        issues = [Issue(**{name: _typed(value) for name, value in issue.items()}) for issue in held["issues"]]
        about = {name: held[name] for name in _ABOUT}
    except (ValueError, TypeError, KeyError) as error:
        raise NotFound("import.other_version") from error
    return Source(read=lambda: iter(rows), issues=issues, **about)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, dict):
        return {"map": {str(name): _plain(each) for name, each in value.items()}}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return next(({mark: there(value)} for kind, mark, there, _ in _MARKED if isinstance(value, kind)), str(value))


def _typed(value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(each) for each in value]
    if not isinstance(value, dict):
        return value
    ((mark, held),) = value.items()
    if mark == "map":
        return {name: _typed(each) for name, each in held.items()}
    return _BACK[mark](held)
