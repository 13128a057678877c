"""Crosswalks: profiles laid against files, headers guessed in many languages, and the way out as a CSV and back."""

from __future__ import annotations

import pytest

from tempuse.errors import Invalid
from tempuse.io import crosswalk
from tempuse.io.crosswalk import PROFILES, TARGETS, Column, Crosswalk, columns, load, read, write
from tempuse.io.crosswalk.neighbours import settled


def taken(*names: str) -> dict[str, str]:
    return {column.theirs: column.field for column in columns.match(load("generic"), names).columns}


GUESSES = (
    {"Dossiernr": "source_ref", "Naam pand": "name", "Straat": "street", "Huisnr": "house_number", "Bus": "box",
     "Postcode": "postcode", "Gemeente": "locality", "Type pand": "kind", "Leegstaand sinds": "vacant_since",
     "CaPaKey": "parcel_refs"},
    {"ID": "source_ref", "Bezeichnung": "name", "Straße": "street", "Hausnummer": "house_number", "PLZ": "postcode",
     "Ort": "locality", "Nutzfläche in qm": "floor_area_m2", "Leerstand seit": "vacant_since", "Rechtswert": "easting",
     "Hochwert": "northing"},
    {"Référence": "source_ref", "Nom du site": "name", "Adresse du bien": "address", "Code postal": "postcode",
     "Commune": "locality", "Surface (m²)": "floor_area_m2", "Longitude": "lon", "Latitude": "lat"},
    {"Ref": "source_ref", "Property name": "name", "Property address": "address", "Post code": "postcode",
     "Rateable value": "", "Vacant from": "vacant_since", "Lat": "lat", "Long": "lon",
     "Condition of building": "condition"},
    {"Kohteen nimi": "name", "Osoite": "address", "Postinumero": "postcode", "Pinta-ala m2": "floor_area_m2"},
    {"Nazwa obiektu": "name", "Ulica": "street", "Nr domu": "house_number", "Kod pocztowy": "postcode",
     "Miejscowość": "locality", "Powierzchnia użytkowa": "floor_area_m2"},
    {"NAAM": "name", "naam_2": "", "Adress": "address", "Post-code": "postcode"},
    {"Owner": "owner_name", "E-mail eigenaar": "owner_email", "Naam eigenaar": ""},
)  # fmt: skip


@pytest.mark.parametrize("guess", GUESSES, ids=lambda guess: next(iter(guess)))
def test_headers_are_guessed_in_many_languages(guess: dict[str, str]) -> None:
    found = taken(*guess)
    assert {name: found.get(name, "") for name in guess} == guess


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Oppervlakte (ha)", "ha"), ("Nutzfläche in qm", "qm"), ("Surface [m²]", "m²"), ("Oppervlakte", "")],
)
def test_a_unit_in_the_header_is_the_unit_of_the_column(header: str, unit: str) -> None:
    (column,) = columns.match(load("generic"), [header]).columns
    assert (column.field, column.unit) == ("floor_area_m2", unit)


def test_a_field_is_guessed_once_and_a_guess_is_marked() -> None:
    known = columns.match(load("generic"), ["Name", "Naam", "Nom", "Adres"])
    assert [column.field for column in known.columns] == ["name", "address"]
    assert all(column.guessed for column in known.columns)


def test_a_column_of_owners_is_names_or_words_by_what_stands_in_it() -> None:
    known = columns.match(load("generic"), ["Naam", "Eigenaar"])
    by_words = columns.by_values(known, [{"Eigenaar": "gemeente"}, {"Eigenaar": "Privé"}, {"Eigenaar": None}])
    assert by_words.column_for("ownership") == "Eigenaar"
    by_names = columns.by_values(known, [{"Eigenaar": "J. Peeters"}, {"Eigenaar": "gemeente"}])
    assert by_names.column_for("owner_name") == "Eigenaar"
    assert by_names.column_for("ownership") is None


# ---- profiles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["generic", *PROFILES])
def test_every_profile_names_only_fields_and_values_that_there_are(name: str) -> None:
    profile = load(name)
    assert {column.field for column in profile.columns} - {""} <= TARGETS
    assert profile.about["title"]
    for target, words in profile.values.items():
        if target in ("flag", "withhold"):
            assert set(words.values()) <= {"yes", "no", "unknown"}
            continue
        of = crosswalk.FIELDS[target].get("of")
        if of is not None:
            assert set(words.values()) <= {term.value for term in of} | {""}, target


def test_a_profile_is_chosen_by_its_columns() -> None:
    assert columns.choose(["SiteReference", "GeoX", "GeoY", "Notes"]) == "england-brownfield"
    assert columns.choose(["site_id", "site_nom"]) == "cnig-friches"
    assert columns.choose(["osm:id", "building"]) == "osm-vacancy"
    assert columns.choose(["Naam", "Adres"]) == "generic"


def test_a_profile_without_its_columns_says_which_are_missing() -> None:
    with pytest.raises(Invalid) as caught:
        columns.match(load("england-brownfield"), ["SiteReference", "GeoX"])
    assert caught.value.message == "crosswalk.columns_missing"
    assert caught.value.values["columns"] == ["GeoY"]
    assert [issue.message for issue in caught.value.issues] == ["crosswalk.column_missing"]


def test_a_profile_nobody_knows_says_which_there_are() -> None:
    with pytest.raises(Invalid) as caught:
        load("brownfield")
    assert (caught.value.message, caught.value.values["names"][0]) == ("crosswalk.unknown", "generic")
    with pytest.raises(Invalid) as caught:
        load("away.csv")
    assert caught.value.message == "crosswalk.missing"


# ---- out and back ---------------------------------------------------------------------------------------


def test_a_crosswalk_comes_back_as_it_went_out() -> None:
    names = ["Dossiernr", "Naam pand", "Oppervlakte (ha)", "Vreemd", "Staat"]
    first = columns.match(load("generic"), names)
    first.values["condition"] = {**first.values["condition"], "redelijk tot goed": "fair"}
    again = columns.match(read(write(first, names), "mine"), names)
    assert {(c.theirs, c.field, c.unit) for c in again.columns} == {(c.theirs, c.field, c.unit) for c in first.columns}
    assert again.values == first.values
    assert {k: v for k, v in again.about.items() if k not in ("profile", "title")} == {
        k: v for k, v in first.about.items() if k not in ("profile", "title")
    }
    assert write(again, names) == write(first, names)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_comes_back_as_it_went_out(name: str) -> None:
    profile = load(name)
    names = [column.theirs for column in profile.columns]
    first = columns.match(profile, names)
    again = columns.match(read(write(first, names), "mine"), names)
    assert {(c.theirs, c.field, c.unit) for c in again.columns} == {(c.theirs, c.field, c.unit) for c in first.columns}
    assert again.values == first.values
    assert again.about.get("missing") == first.about.get("missing")


def test_a_column_that_was_left_open_on_purpose_is_not_guessed_again() -> None:
    names = ["Naam", "Adres"]
    mended = Crosswalk("generic", [Column("Naam", "name")])
    again = columns.match(read(write(mended, names), "mine"), names)
    assert [column.theirs for column in again.columns if column.field] == ["Naam"]


def test_spreadsheets_semicolons_and_byte_marks_are_taken() -> None:
    text = "\ufeffwhat;theirs;field;ours;unit\r\ncolumn;Naam;name;;\r\nvalue;Slecht;condition;poor;\r\n;;;;\r\n"
    found = read(text, "mine")
    assert found.columns == [Column("Naam", "name")]
    assert found.values == {"condition": {"slecht": "poor"}}


@pytest.mark.parametrize(
    ("text", "message", "issue"),
    [
        ("Naam;Adres\n1;2\n", "crosswalk.header", None),
        ("", "crosswalk.header", None),
        ("what,theirs,field\ncolumn,Naam,nmae\n", "crosswalk.invalid", "crosswalk.field"),
        ("what,theirs,field\nrow,Naam,name\n", "crosswalk.invalid", "crosswalk.what"),
    ],
)
def test_a_file_that_is_no_crosswalk_is_refused_row_by_row(text: str, message: str, issue: str | None) -> None:
    with pytest.raises(Invalid) as caught:
        read(text, "mine.csv")
    assert caught.value.message == message
    assert [each.message for each in caught.value.issues] == ([issue] if issue else [])


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (["Namn", "Adress", "Yta (kvm)", "Hyra per månad", "Ledig från"],
         ["name", "address", "floor_area_m2", "cost_cents", "available_from"]),
        (["Név", "Cím", "Alapterület", "Bérleti díj", "Üres"],
         ["name", "address", "floor_area_m2", "cost_cents", "vacant_since"]),
        (["Nome", "Morada", "Área", "Renda mensal", "Devoluto desde"],
         ["name", "address", "floor_area_m2", "cost_cents", "vacant_since"]),
        (["Όνομα", "Διεύθυνση", "Κενό από", "Γεωγρ. πλάτος", "Γεωγρ. μήκος"],
         ["name", "address", "vacant_since", "lat", "lon"]),
        (["Nazwa", "Adres", "Pustostan od", "Szer.", "Dł."], ["name", "address", "vacant_since", "lat", "lon"]),
        (["Bezeichnung", "Anschrift", "Größe in qm", "Steht leer seit"],
         ["name", "address", "floor_area_m2", "vacant_since"]),
        (["Nombre", "Dirección", "Superficie útil", "Vacío desde"],
         ["name", "address", "floor_area_m2", "vacant_since"]),
    ],
)  # fmt: skip
def test_headings_of_other_languages_are_known(headings: list[str], fields: list[str]) -> None:
    assert taken(*headings) == dict(zip(headings, fields, strict=True))


# ---- by what stands in them -----------------------------------------------------------------------------


def test_a_status_that_says_whether_a_space_is_vacant_is_read_as_that() -> None:
    rows = [
        {"Name": "A", "Status": "leer"},
        {"Name": "B", "Status": "vermietet"},
        {"Name": "C", "Status": "abgerissen"},
    ]
    names = ["Name", "Status"]
    found = columns.by_values(columns.match(load("generic"), names), rows)
    assert found.column_for("occupancy") == "Status"
    others = [{**row, "Status": "geprüft"} for row in rows]
    assert columns.by_values(columns.match(load("generic"), names), others).column_for("occupancy") is None


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        # A heading that only resembles one of addresses, with numbers below it, has none.
        ({"Name": "Mill", "Adrese2": "3,72"}, {"Name": "name"}),
        ({"Straat": "Kade", "Plaats": "Gent"}, {"Straat": "street", "Plaats": "locality"}),
        ({"Straat": "Kade", "Plaats": "Kade 7, Gent"}, {"Straat": "street", "Plaats": "address"}),
        ({"Indirizzo": "Via Roma", "N.": "5/A"}, {"Indirizzo": "street", "N.": "house_number"}),
    ],
)
def test_a_guess_is_held_against_what_stands_below_the_heading(row: dict[str, str], fields: dict[str, str]) -> None:
    names = list(row)
    found = settled(columns.match(load("generic"), names), names, [row] * 3)
    assert {column.theirs: column.field for column in found.columns} == fields
