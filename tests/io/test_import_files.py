"""Real registers: every file comes in, nothing lies in another country or away from its own numbers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import shapely

from tempuse.access import SYSTEM
from tempuse.registry.importing import incoming, merging
from tempuse.registry.importing.opening import ImportRequest, open_import
from tempuse.registry.importing.prepare import prepare_import
from tempuse.store import spaces
from tempuse.store.engine import Connection
from tests import real_files
from tests.real_files import FILES, RealFile

# Rows whose own two statements contradict each other, or that lie elsewhere: told, never placed in silence.
WITHOUT = {
    "england/south-gloucestershire.csv": 1,  # its easting has one figure too many
    "derived/flanders_leegstand_by_capakey_SYNTHETIC-attributes.xlsx": 26,  # only parcels' numbers
    "helsinki/addresses.txt": 34,  # only addresses
    "helsinki/helsinki_city_districts_2021.gpkg": 1,  # the open sea
}


@pytest.mark.shared
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_a_real_file_comes_in_and_lies_where_it_says(
    con: Connection, shared: Path, tmp_path: Path, now: datetime, file: RealFile
) -> None:
    truth = real_files.truth(shared, file)
    request = ImportRequest(shared / file.path, within=file.within, source=file.path, status="verified")
    opened = open_import(con, request, tmp_path / "scratch")
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, tmp_path / "staging")
    counts = staging.get("counts")
    assert counts["rows"] == truth.rows or file.path.endswith(".pbf")
    assert counts["without_place"] == WITHOUT.get(file.path, 0)
    assert counts["left_behind"] == 0
    waiting = {issue.row for issue in staging.issues() if issue.done == "place.waits"}
    told_twice = {issue.row for issue in staging.issues() if issue.message == "place.two_places"}
    west, south, east, north = real_files.COUNTRIES[file.country]
    for batch in staging.batches("new"):
        for line, fields in incoming.unpacked(batch):
            place = fields.get("geometry")
            if place is None:
                assert line in waiting or line not in truth.places
                continue
            assert shapely.box(west, south, east, north).contains(place), line
            readings = truth.places.get(line)
            if readings is not None:
                apart = [real_files.apart_m(place, each) for each in readings]
                assert min(apart) <= 5, (line, apart)
                if line not in told_twice:  # and where it says it twice, both
                    assert max(apart) <= 100 or _only_other_readings(file, readings), (line, apart)
    merged = merging.merge_import(con, SYSTEM, staging, now)
    assert merged.new == counts["rows"]
    assert spaces.count(con, spaces.SpaceFilter(source=file.path)) == counts["rows"]
    con.rollback()
    for text in _texts(con, file.path):
        assert not any("\x80" <= letter <= "\x9f" for letter in text)


def _only_other_readings(file: RealFile, readings: list[object]) -> bool:
    """One pair of numbers may make sense in two ways; the file's own columns decide which."""
    return file.country == "GB" and len(readings) > 1


def _texts(con: Connection, source: str) -> list[str]:
    wanted = spaces.SpaceFilter(source=source)
    found = [
        text
        for batch in spaces.walk(con, wanted)
        for _, space in batch
        for text in (space.name, space.address, space.source_ref, *space.source_fields.values())
        if text
    ]
    con.rollback()
    return found


@pytest.mark.shared
def test_without_a_word_where_it_must_lie_the_undeclared_file_is_not_placed(
    con: Connection, shared: Path, tmp_path: Path, now: datetime
) -> None:
    request = ImportRequest(shared / "derived/ardennes_3857_undeclared.csv")
    opened = open_import(con, request, tmp_path / "scratch")
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, tmp_path / "staging")
    assert (staging.get("counts")["new"], staging.get("counts")["without_place"]) == (0, 164)
    said = {(issue.row, issue.message, issue.grave) for issue in staging.issues()}
    assert (None, "place.crs_ambiguous", True) in said
    assert sum(message == "place.crs_ambiguous_row" for _, message, _ in said) == 164
    staging.close()


@pytest.mark.shared
def test_a_vacancy_list_by_parcels_lies_on_its_parcels(
    con: Connection, shared: Path, tmp_path: Path, now: datetime
) -> None:
    request = ImportRequest(
        shared / "derived/flanders_leegstand_by_capakey_SYNTHETIC-attributes.xlsx", within="BE", source="leegstand",
        parcels=shared / "derived/flanders_adp_31370.gpkg",
    )  # fmt: skip
    opened = open_import(con, request, tmp_path / "scratch")
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, tmp_path / "staging")
    assert (staging.get("counts")["new"], staging.get("counts")["without_place"]) == (25, 1)
    assert [(issue.row, issue.message, issue.value) for issue in staging.issues()] == [
        (27, "parcels.unmatched", "24514C9999/00X999")  # there is no such parcel
    ]
    assert merging.merge_import(con, SYSTEM, staging, now).new == 26
    layer = real_files.truth(shared, RealFile("derived/flanders_adp_31370.gpkg", "BE")).places
    outlines = np.array([shapes[0] for shapes in layer.values()], object)
    for batch in spaces.walk(con, spaces.SpaceFilter(source="leegstand")):
        for _, space in batch:
            if space.geometry is None:
                continue
            assert (space.placed_by, space.plot_area_measured) == ("parcel", True)
            assert min(real_files.apart_m(space.geometry, each) for each in outlines) < 1
    con.rollback()


@pytest.mark.shared
def test_helsinkis_addresses_are_found_in_its_own_list(
    con: Connection, shared: Path, tmp_path: Path, now: datetime
) -> None:
    request = ImportRequest(
        shared / "helsinki/addresses.txt", within="FI", source="osoitteet", addresses=shared / "helsinki/addresses.gpkg"
    )
    opened = open_import(con, request, tmp_path / "scratch")
    con.rollback()
    staging = prepare_import(con, SYSTEM, opened, now, tmp_path / "staging")
    counts = staging.get("counts")
    assert (counts["new"], counts["without_place"]) == (19, 15)  # of the others the list has only the street
    own = real_files.truth(shared, RealFile("helsinki/addresses.gpkg", "FI")).places
    placed = 0
    for batch in staging.batches("new"):
        for line, fields in incoming.unpacked(batch):
            if "geometry" in fields:
                placed += 1
                assert real_files.apart_m(fields["geometry"], own[line - 1][0]) < 1  # the two files have one order
    assert placed == 19
    staging.close()
