"""What an import keeps of a list between two pages: data that come back as they were, and nothing that could run."""

from __future__ import annotations

import json
import math
import pickle
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import shapely

from tempuse.errors import Issue, NotFound
from tempuse.io.sources.source import Row, Source
from tempuse.registry.importing import incoming
from tempuse.store import import_staging
from tempuse.store.import_staging import Staging
from web.office.imports import sample

_VALUES = {
    "text": "Größe „640“ \ud800", "number": 0.1, "endless": math.inf, "whole": 2**70, "flag": True, "none": None,
    "day": date(2026, 1, 2), "instant": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "time": time(12, 30),
    "list": ["a", date(2026, 1, 2)], "map": {"map": {"shape": "x"}}, "bytes": b"\x00\xff",
}  # fmt: skip


def a_source(rows: list[Row]) -> Source:
    issues = [Issue(None, "a", "b", "c", values={"day": date(2026, 1, 2)})]
    return Source("list.csv", "csv", list(_VALUES), lambda: iter(rows), layers=["one"], count=2, issues=issues)


def test_a_sample_comes_back_as_it_was() -> None:
    rows = [Row(2, dict(_VALUES), shapely.Point(3.7, 51.05), "place.x"), Row(3, {})]
    source = sample.unpack(sample.pack(a_source(rows), rows))
    assert list(source.rows()) == rows
    assert source.issues == a_source(rows).issues
    assert (source.name, source.columns, source.layers, source.count) == ("list.csv", list(_VALUES), ["one"], 2)


@pytest.mark.parametrize(
    "content",
    [pickle.dumps({"rows": []}), b"", b"null", b"[]", b'{"written_by": "0.0.0 json-1"}',
     json.dumps({"written_by": import_staging.WRITTEN_BY, "rows": [[1, {"a": {"evil": "x"}}, None, ""]]}).encode()],
)  # fmt: skip
def test_a_sample_of_another_version_is_begun_again(content: bytes) -> None:
    with pytest.raises(NotFound) as told:
        sample.unpack(content)
    assert told.value.message == "import.other_version"


def test_what_another_version_staged_is_begun_again(tmp_path: Path) -> None:
    held = Staging(tmp_path / "staged", create=True)
    held.put("written_by", "0.0.0 json-1")
    held.close()
    (tmp_path / "garbage").write_bytes(b"no database")
    for name in ("staged", "garbage"):
        with pytest.raises(NotFound) as told:
            Staging(tmp_path / name)
        assert told.value.message == "import.other_version"


def test_staged_rows_come_back_with_their_types(tmp_path: Path) -> None:
    fields = {
        "ref": "x", "geometry": shapely.Point(3.7, 51.05), "vacant_since": date(2026, 1, 2), "floor_area_m2": 0.1,
        "suitable_uses": ("event", "food"), "parcel_refs": (), "source_fields": {"Größe": "640"}, "water": None,
    }  # fmt: skip
    held = Staging(tmp_path / "staged", create=True)
    held.add_batch("new", incoming.packed([(2, dict(fields)), (3, {"name": "no place"})]))
    held.add_batch("changed", incoming.packed_changes([(2, "SP-0001", 4, dict(fields))]))
    held.add_batch("retired", [("SP-0001", 4, date(2026, 1, 2))])
    held.close()
    again = Staging(tmp_path / "staged")
    (new,), (changed,), (retired,) = (list(again.batches(action)) for action in ("new", "changed", "retired"))
    assert list(incoming.unpacked(new)) == [(2, fields), (3, {"name": "no place"})]
    assert list(incoming.unpacked_changes(changed)) == [(2, "SP-0001", 4, fields)]
    assert list(incoming.unpacked_retired(retired)) == [("SP-0001", 4, date(2026, 1, 2))]
    again.close()
