"""Addresses of many countries: spellings of one are one, two are never one, and what is only near is proposed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tempuse.errors import Invalid
from tempuse.io.candidates import Candidates
from tempuse.io.crosswalk import Column, Crosswalk
from tempuse.io.join import AddressList, give_places
from tempuse.io.places import addresses
from tempuse.io.places.addresses import code_of, number_of, street_of
from tempuse.io.places.extents import extent_of
from tempuse.io.read import open_source
from tests.io import lists
from tests.io.test_values import a_source


def keys(address: str) -> set[tuple[str, str]]:
    return set(addresses.read(address).readings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kerkstraat 7", "Kerkstr. 7"), ("Kerkstraat 7A", "kerkstraat 7 a"), ("Kerkstraat 7", "Kerkstraat 7 bus 3"),
        ("Hauptstraße 12", "Hauptstr. 12"), ("Hauptstraße 12", "HAUPTSTRASSE 12"), ("12, rue Haute", "12 rue Haute"),
        ("12bis rue Haute", "12 bis rue Haute"), ("rue Haute 12²", "rue Haute 12"),
        ("Av. de la Paix 3", "3 avenue de la Paix"),
        ("bd Victor Hugo 5", "5, Boulevard Victor-Hugo"), ("14 Ferry St", "14 Ferry Street"),
        ("Via Roma, 5", "Via Roma n. 5"),
        ("Ερμού 12Α", "Ερμού 12 A"), ("ΟΔΟΣ ΑΘΗΝΑΣ 7", "Αθηνάς 7"), ("ul. Długa 5/7 m. 3", "Długa 5/7"),
        ("Str. Lungă nr. 5, bl. A, ap. 12", "Strada Lunga 5"), ("Mannerheiminkatu 5 A 12", "Mannerheiminkatu 5"),
        ("C/ Mayor, 5", "Calle Mayor 5"), ("Brīvības iela 12", "Brivibas iela 12"),
        ("Flat 2, 14 Ferry Street", "14 Ferry Street"),
        ("Unit 5, 14 Ferry Street, SW1A 1AA", "14 Ferry Street"),
        ("Espresso House, 8, Kaivokatu, Kluuvi", "Kaivokatu 8"), ("23, Kylätie, Haaga", "Kylätie 23"),
        ("k. 5, 14 Ferry Street", "14 Ferry Street"), ("Busweg, 7", "Busweg 7"), ("5, Etaweg", "Etaweg 5"),
        ("Kerkstraat 7 9000 Ghent", "Kerkstraat 7, 9000 Ghent"),
        ("No. 5 Mill Lane", "5 Mill Ln"), ("Hlavní č.p. 123/4", "Hlavni 123/4"), ("Saint Mary Road 3", "3 St. Mary Rd"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_address_are_one(one: str, other: str) -> None:
    assert keys(one) & keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 East Road", "5 West Road"), ("3 Mill Lane", "3 Hill Lane"), ("Werkstraat 7", "Kerkstraat 7"),
        ("Lage Straat 9", "Lange Straat 9"), ("8 rue du 8 mai 1945", "1 rue du 8 mai 1945"),
        ("12 rue Haute", "12 bis rue Haute"),
        ("12 B rue Haute", "12 bis rue Haute"), ("Hlavní 123/4", "Hlavní 123"), ("Hlavní 123/4", "Hlavní 4"),
        ("12-14 rue Haute", "12 rue Haute"), ("Kerkstraat 7", "Kerkplein 7"), ("Kerkstraat 7", "Kerklaan 7"),
        ("Mill Road 3", "Mill Lane 3"), ("Plein 1944 12", "Plein 12"),
        ("Straße des 17. Juni 135", "Straße des 17. Juni 17"),
        ("17. listopadu 5", "5. listopadu 17"), ("14 Ferry Street", "4 Ferry Street"),
        ("Rue Sainte-Anne 3", "Rue Saint-Anne 3"),
    ],
)  # fmt: skip
def test_two_addresses_are_never_one(one: str, other: str) -> None:
    assert not keys(one) & keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("602 00", None), ("60200", None)), (("SW1A1AA", None), ("sw1a 1aa", None)), (("1011AB", None),
        ("1011 AB", None)),
        (("9000 Testford", None), ("9000", None)), (("B-9000", None), ("9000", None)), (("9000.0", None),
        ("9000", None)),
        (("LV-1010", None), ("1010", None)), (("1011", None), ("1011 AB", None)), (("1234", None), ("01234", None)),
        (("00-950", None), ("00950", None)), (("9000 Testford", None), (None, "Testford")),
    ],
)  # fmt: skip
def test_postcodes_are_compared_without_what_people_add(one: Any, other: Any) -> None:
    assert addresses.agreement(addresses.read("x", *one).zone, addresses.read("x", *other).zone) == 2


@pytest.mark.parametrize(
    ("one", "other"), [("9000", "9001"), ("900", "9000"), ("SW1A 1AA", "SW1A 1AB"), ("602 00", "602 01")]
)
def test_two_postcodes_are_never_one(one: str, other: str) -> None:
    assert addresses.agreement((code_of(one.lower()), ""), (code_of(other.lower()), "")) == 0


def test_house_numbers_have_one_spelling() -> None:
    assert {number_of(text) for text in ("12a", "12 A", "12/A", "012 a", "nr. 12A", "12-a", "12А", "12Α")} == {"12a"}
    assert number_of("12-14") != number_of("12")
    assert street_of("kerk straat") == street_of("kerkstraat") == street_of("kerkstr.")


# ---- lists ----------------------------------------------------------------------------------------------

LISTS = {
    "ban": [["id", "numero", "rep", "nom_voie", "code_postal", "nom_commune", "x", "y", "lon", "lat"],
            ["a", "5", "", "Rue du Port", "59000", "Quai", 1, 2, 3.70, 51.05], ["b", "5", "bis", "Rue du Port",
             "59000", "Quai", 1, 2, 3.71, 51.05]],
    "openaddresses": [["LON", "LAT", "NUMBER", "STREET", "UNIT", "CITY", "DISTRICT", "REGION", "POSTCODE", "ID",
    "HASH"],
                      [3.70, 51.05, "5", "Rue du Port", "", "Quai", "", "", "59000", "", "x"],
                      [3.71, 51.05, "5 bis", "Rue du Port", "", "Quai", "", "", "59000", "", "y"]],
    "osm": [["addr:street", "addr:housenumber", "addr:postcode", "addr:city", "lat", "lon"],
            ["Rue du Port", "5", "59000", "Quai", 51.05, 3.70], ["Rue du Port", "5bis", "59000", "Quai", 51.05, 3.71]],
    "best": [["EPSG:31370_x", "EPSG:31370_y", "EPSG:4326_lat", "EPSG:4326_lon", "address_id", "box_number",
    "house_number",
              "municipality_name_fr", "municipality_name_nl", "postcode", "streetname_de", "streetname_fr",
              "streetname_nl"],
             [0, 0, 51.05, 3.70, "1", "", "5", "Quai", "Kade", "59000", "", "Rue du Port", "Havenstraat"],
             [0, 0, 51.05, 3.71, "2", "", "5bis", "Quai", "Kade", "59000", "", "Rue du Port", "Havenstraat"]],
}  # fmt: skip


def listed(tmp_path: Path, rows: list[list[Any]], **options: Any) -> AddressList:
    return AddressList.of_source(
        open_source(lists.write_csv(tmp_path / "list.csv", rows), tmp_path / "a"), extent_of("BE"), **options
    )


@pytest.mark.parametrize("kind", LISTS)
def test_the_lists_of_countries_and_projects_are_known_by_their_columns(kind: str, tmp_path: Path) -> None:
    known = listed(tmp_path, LISTS[kind])
    for text, lon in (("5 rue du port", 3.70), ("5 bis, Rue du Port", 3.71), ("Rue du Port 5bis", 3.71)):
        found = known.find(addresses.read(text, "59000"))
        assert found is not None
        assert (round(found.point.x, 4), found.exact) == (lon, True)


def test_a_street_is_known_in_each_of_its_languages(tmp_path: Path) -> None:
    known = listed(tmp_path, LISTS["best"])
    assert all(known.find(addresses.read(text)) for text in ("Havenstraat 5", "5 Rue du Port"))


def test_somebody_may_say_which_column_is_which(tmp_path: Path) -> None:
    rows = [["A", "B", "C", "D"], ["Havenstraat", "5", 51.05, 3.70]]
    with pytest.raises(Invalid) as caught:
        listed(tmp_path, rows)
    assert caught.value.values["columns"] == ["A", "B", "C", "D"]
    known = listed(tmp_path, rows, chosen={"street": "A", "house_number": "B", "lat": "C", "lon": "D"})
    assert known.find(addresses.read("Havenstraat 5")) is not None
    with pytest.raises(Invalid):
        listed(tmp_path, rows, chosen={"street": "Z"})


def test_a_list_with_columns_of_street_and_number_is_asked_by_them(tmp_path: Path) -> None:
    known = listed(tmp_path, LISTS["ban"])
    source = a_source({"Rue": ["rue du port", "rue du port"], "Numéro": [5, "5"], "Bis": [None, "bis"]})
    fields = {"Rue": "street", "Numéro": "house_number", "Bis": "suffix"}
    crosswalk = Crosswalk("test", [Column(name, field) for name, field in fields.items()])
    rows = [row for batch in Candidates(source, crosswalk).batches() for row in batch]
    give_places(rows, known, None)
    assert [round(row.fields["geometry"].x, 4) for row in rows] == [3.70, 3.71]
    assert [row.fields["placed_by"] for row in rows] == ["address", "address"]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("", "Kade 7 box A"), ("Kade 7 A, Gent", "Kade 7 A, Gent"),
        ("behind the church", "Kade 7 box A, behind the church"),
    ],
)  # fmt: skip
def test_an_address_beside_a_street_loses_neither(told: str, address: str) -> None:
    fields = {"street": "Kade", "house_number": "7", "box": "A", "address": told}
    assert addresses.join_address(fields) == ("Kade", "7", "A")
    assert fields == {"address": address}


def test_what_is_near_waits_with_a_proposal(tmp_path: Path) -> None:
    known = listed(tmp_path, [["Adres", "Lat", "Lon"], ["Lange Straat 9", 51.05, 3.70], ["Hill Lane 3", 51.06, 3.71]])
    for text, proposed in (
        ("Lage Straat 9", "Lange Straat 9"),
        ("3 Mill Lane", "Hill Lane 3"),
        ("Hill Lane 3-5", "Hill Lane 3"),
    ):
        found = known.find(addresses.read(text))
        assert found is not None
        assert (found.exact, found.known_as) == (False, proposed)
    assert known.find(addresses.read("Lage Straat 8")) is None
