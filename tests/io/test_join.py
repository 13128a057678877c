"""Rows without coordinates get their place from an address list, from parcels, or from the city's address service."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import geopandas
import pyogrio
import pytest
import shapely

from tempuse.errors import Invalid, Unusable
from tempuse.io.candidates import Candidate
from tempuse.io.join import AddressList, ParcelLayer, give_places
from tempuse.io.places import addresses
from tempuse.io.places.extents import extent_of
from tempuse.io.places.geocode import Asker
from tempuse.io.read import open_source
from tempuse.settings import Settings
from tempuse.spaces import PROPOSED_ADDRESS, PROPOSED_PLACE
from tests.io import lists

ADDRESSES = [
    ("14 Ferry Street", "9000", "Ghent", 3.72, 51.05), ("2 Quay Lane", "9000", "Ghent", 3.73, 51.05),
    ("2 Quay Lane", "9050", "Gentbrugge", 3.75, 51.03), ("Kerkstraat 7", "9000", "Ghent", 3.74, 51.05),
    ("Kerkstraat 7a", "9000", "Ghent", 3.741, 51.05), ("Molenweg 3", "9000", "Ghent", 3.70, 51.04),
    ("Molenweg 3", "9000", "Ghent", 3.7000001, 51.04), ("Nieuwstraat 5", "9000", "Ghent", 3.71, 51.04),
    ("Nieuwstraat 5", "8000", "Bruges", 3.22, 51.21),
]  # fmt: skip


@pytest.fixture
def address_list(tmp_path: Path) -> AddressList:
    rows = [["Adres", "Postcode", "Gemeente", "Lon", "Lat"], *[list(row) for row in ADDRESSES]]
    source = open_source(lists.write_csv(tmp_path / "addresses.csv", rows), tmp_path / "a")
    return AddressList.of_source(source, extent_of("BE"))


def a_row(**fields: Any) -> Candidate:
    return Candidate(2, fields)


@pytest.mark.parametrize(
    ("address", "postcode", "town", "found", "how"),
    [
        ("14 Ferry Street", "9000", None, 3.72, "exact"), ("Ferry Street 14", None, None, 3.72, "exact"),
        ("14, ferry street", "9000", "Ghent", 3.72, "exact"), ("14 Fery Street", "9000", None, 3.72, "near"),
        ("Kerkstraat 7", "9000", None, 3.74, "exact"), ("Kerkstraat 7A", "9000", None, 3.741, "exact"),
        ("Kerkstraat 7 box 3", "9000", None, 3.74, "exact"), ("Molenweg 3, 9000 Ghent", None, None, 3.70, "exact"),
        ("2 Quay Lane", "9050", None, 3.75, "exact"), ("2 Quay Lane", None, "Gentbrugge", 3.75, "exact"),
        ("2 Quay Lane", None, None, None, ""),  # two towns have it
        ("Nieuwstraat 5", "9000", None, 3.71, "exact"), ("Nieuwstraat 5", "1000", None, None, ""),
        ("15 Ferry Street", "9000", None, None, ""),  # another house is another place
        ("9000 Ghent, Ferry Street 14", None, None, 3.72, "exact"),
        ("Hall, 14, Ferry Street", None, None, 3.72, "exact"),
        ("Ferry Street, 9000 Ghent", None, None, None, ""),
        ("Behind the gasworks", "9000", None, None, ""), ("Kerkstraat", "9000", None, None, ""),
    ],
)  # fmt: skip
def test_an_address_is_found_only_where_it_can_be_one_alone(
    address_list: AddressList, address: str, postcode: str | None, town: str | None, found: float | None, how: str
) -> None:
    got = address_list.find(addresses.read(address, postcode, town))
    by = "" if got is None else "exact" if got.exact else "near"
    assert (None if got is None else round(got.point.x, 5), by) == (found, how)


def test_what_was_found_is_placed_and_what_is_only_near_is_proposed(address_list: AddressList) -> None:
    rows = [a_row(address="14 Ferry Street"), a_row(address="14 Fery Street"), a_row(address="Behind the gasworks"),
            a_row(name="Loft"), a_row(address="14 Ferry Street", geometry=shapely.Point(3.8, 51))]  # fmt: skip
    give_places(rows, address_list, None)
    assert [row.fields.get("placed_by") for row in rows] == ["address", None, None, None, None]
    assert [[(issue.message, issue.done) for issue in row.issues] for row in rows] == [
        [], [("addresses.not_listed", "addresses.near")], [("addresses.not_listed", "place.waits")], [], [],
    ]  # fmt: skip
    assert rows[1].fields["source_fields"] == {PROPOSED_ADDRESS: "14 Ferry Street", PROPOSED_PLACE: "51.05, 3.72"}
    assert rows[4].fields["geometry"].x == 3.8


def test_a_list_without_places_is_no_address_list(tmp_path: Path) -> None:
    rows = [["Adres", "Postcode"], ["14 Ferry Street", "9000"]]
    with pytest.raises(Invalid) as caught:
        AddressList.of_source(open_source(lists.write_csv(tmp_path / "a.csv", rows), tmp_path / "a"), extent_of("BE"))
    assert caught.value.message == "addresses.none"


# ---- parcels --------------------------------------------------------------------------------------------


@pytest.fixture
def parcels(tmp_path: Path) -> Path:
    keys = ["44001A0001/00A000", "44001A0001/00B000", "44001A0002/00C000"]
    shapes = [
        shapely.box(3.7, 51, 3.701, 51.001),
        shapely.box(3.701, 51, 3.702, 51.001),
        shapely.box(3.71, 51, 3.711, 51.001),
    ]
    frame = geopandas.GeoDataFrame({"CaPaKey": keys}, geometry=shapes, crs="EPSG:4326").to_crs("EPSG:31370")
    pyogrio.write_dataframe(frame, tmp_path / "parcels.gpkg", driver="GPKG")
    return tmp_path / "parcels.gpkg"


def test_parcels_give_their_outlines_together_and_missing_ones_are_said(parcels: Path, tmp_path: Path) -> None:
    layer = ParcelLayer(open_source(parcels, tmp_path / "p"), "CAPAKEY", extent_of("BE"))
    rows = [
        a_row(parcel_refs=("44001A0001/00A000",)), a_row(parcel_refs=("44001a0001/00A000 ", "44001A0001/00B000")),
        a_row(parcel_refs=("44001A0001/00A000", "1")), a_row(parcel_refs=("44001A1/00A000",)), a_row(parcel_refs=()),
    ]  # fmt: skip
    give_places(rows, None, layer)
    assert [row.fields.get("placed_by") for row in rows] == ["parcel", "parcel", "parcel", None, None]
    assert rows[1].fields["geometry"].geom_type == "Polygon"
    assert rows[1].fields["geometry"].area == pytest.approx(2 * rows[0].fields["geometry"].area, rel=0.01)
    assert [[(issue.message, issue.done) for issue in row.issues] for row in rows] == [
        [], [], [("parcels.unmatched", "place.by_other_parcels")], [("parcels.unmatched", "place.waits")], [],
    ]  # fmt: skip


def test_parcels_without_the_key_say_which_columns_there_are(parcels: Path, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        ParcelLayer(open_source(parcels, tmp_path / "p"), "parcel_no", extent_of("BE"))
    assert (caught.value.message, caught.value.values["columns"]) == ("parcels.no_key", ["CaPaKey"])


# ---- an address service ---------------------------------------------------------------------------------


@pytest.fixture
def photon() -> Iterator[tuple[str, list[str]]]:
    """A Photon of our own on this machine, which knows one street; and what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = parse_qs(urlsplit(self.path).query)["q"][0]
            asked.append(text)
            if "broken" in text:
                self.send_error(503)
                return
            feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.72, 51.05]},
                       "properties": {"name": "14 Ferry Street", "city": "Ghent"}}  # fmt: skip
            body = json.dumps({"features": [feature] if "Ferry" in text else []}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_city_s_address_service_places_what_nothing_else_does(photon: tuple[str, list[str]]) -> None:
    url, asked = photon
    ask = Asker(Settings(geocoder="photon", geocoder_url=url), extent_of("BE"))
    rows = [a_row(address="14 Ferry Street", locality="Ghent"), a_row(address="14 Ferry Street", locality="Ghent"),
            a_row(address="Behind the gasworks"), a_row(name="Loft")]  # fmt: skip
    give_places(rows, None, None, ask)
    assert [row.fields.get("placed_by") for row in rows] == ["geocoder", "geocoder", None, None]
    assert [[(issue.message, issue.done) for issue in row.issues] for row in rows] == [
        [("geocoder.asked", "geocoder.placed")], [("geocoder.asked", "geocoder.placed")],
        [("geocoder.unknown", "place.waits")], [],
    ]  # fmt: skip
    assert asked == ["14 Ferry Street, Ghent", "Behind the gasworks"]  # each address once


def test_a_service_that_fails_is_asked_no_more_and_the_rows_wait(photon: tuple[str, list[str]]) -> None:
    url, asked = photon
    ask = Asker(Settings(geocoder="photon", geocoder_url=url), extent_of("BE"))
    rows = [a_row(address="broken"), a_row(address="14 Ferry Street")]
    give_places(rows, None, None, ask)
    assert [[(issue.message, issue.done) for issue in row.issues] for row in rows] == [
        [("geocoder.no_answer", "place.waits")]
    ] * 2
    assert len(set(asked)) == 1
    with pytest.raises(Unusable):
        ask("14 Ferry Street")
