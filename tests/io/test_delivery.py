"""National profiles: valid by the standards' schemas, what came goes back, nothing is invented."""

from __future__ import annotations

import contextlib
import csv
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result

from tempuse import geometry
from tempuse.access import SYSTEM
from tempuse.cli import main
from tempuse.errors import Invalid
from tempuse.io.write import profiles
from tempuse.io.write.delivery import Delivery
from tempuse.registry.spaces import add_space, edit_space
from tempuse.settings import Settings
from tempuse.spaces import FIELDS, Space
from tempuse.store.engine import Connection
from tempuse.vocabulary import (
    Condition,
    Contamination,
    Heritage,
    Occupancy,
    Ownership,
    PreviousUse,
    Term,
)
from tests.builders import a_place, a_space, an_outline

Run = Callable[..., Result]
ENGLAND = {
    "OrganisationURI": "http://opendatacommunities.org/id/london-borough-council/brent", "OrganisationLabel": "Brent",
    "SiteplanURL": "https://maps.example/1", "PlanningStatus": "permissioned", "PermissionType": "other",
    "Deliverable": "yes", "NetDwellingsRangeFrom": "4", "NetDwellingsRangeTo": "6", "FirstAddedDate": "2017-12-15",
    "PlanningHistory": "https://a.example/1|https://a.example/2", "Notes": "16/4156",
}  # fmt: skip
FRANCE = {
    "comm_insee": "08105", "source_nom": "BASIAS", "site_identif_date": "2003-05-18", "urba_zaer": "non",
    "urba_zone_formdomi": "0202", "site_statut": "friche avec projet", "proprio_type": "P4a|X1a",
}  # fmt: skip


def an_english_site(**values: Any) -> Space:
    """A site as an import of a brownfield register leaves it."""
    values = {
        "ref": "SP-0007", "kind": "plot", "name": "Heron House, 109 Wembley Hill Road", "source": "brownfield register",
        "source_ref": "BR00004", "source_fields": dict(ENGLAND), "ownership": "private", "plot_area_m2": 1549.0,
        "geometry": shapely.Point(-0.2875612, 51.5572651), "checked_on": date(2019, 12, 13), **values,
    }  # fmt: skip
    return a_space(**values)


def a_french_site(**values: Any) -> Space:
    """A site as an import of a CNIG file leaves it."""
    values = {
        "ref": "SP-0008", "kind": "plot", "name": "Ferronnerie Doudoux", "source": "friches", "source_ref": "08022_01",
        "source_fields": dict(FRANCE), "locality": "Arreux", "previous_use": "industry", "ownership": "private_person",
        "geometry": an_outline(), "checked_on": date(2024, 1, 2), "plot_area_m2": 1002.4, **values,
    }  # fmt: skip
    return a_space(**values)


def rows(profile: str, *spaces: Space, office: bool = True, **constants: str) -> tuple[list[dict[str, Any]], Delivery]:
    delivery = Delivery(profiles.load(profile), Settings(), constants, "EPSG:4326", office=office)
    return [row for batch in delivery.rows([list(spaces)]) for _, row in batch], delivery


def told(delivery: Delivery) -> set[tuple[str, str, str]]:
    return {(issue.field, issue.message, issue.done) for issue in delivery.issues}


# ---- what a row says ----------------------------------------------------------------------------------------


def test_what_came_from_a_brownfield_register_goes_back_unchanged() -> None:
    [row], delivery = rows("england-brownfield", an_english_site())
    assert delivery.issues == []
    wanted = {name: value for name, value in ENGLAND.items() if name != "OrganisationLabel"}
    assert {name: str(row[name]) for name in wanted} == wanted
    assert (row["SiteReference"], row["SiteNameAddress"]) == ("BR00004", "Heron House, 109 Wembley Hill Road")
    assert (row["GeoX"], row["GeoY"], row["Hectares"]) == ("-0.287561", "51.557265", "0.15")
    assert (row["OwnershipStatus"], row["LastUpdatedDate"]) == ("not owned by a public authority", "2019-12-13")
    assert row["EndDate"] is None


def test_a_value_is_written_as_the_standard_spells_it() -> None:
    kept = {
        **ENGLAND, "PlanningStatus": " Permissioned", "Deliverable": "Y", "HazardousSubstances": "No",
        "PermissionDate": "24/05/2018", "NetDwellingsRangeTo": "6.0",
        "PlanningHistory": "https://a.example https://b.example",
    }  # fmt: skip
    [row], delivery = rows("england-brownfield", an_english_site(source_fields=kept))
    assert (row["PlanningStatus"], row["Deliverable"], row["HazardousSubstances"]) == ("permissioned", "yes", None)
    assert (row["PermissionDate"], row["NetDwellingsRangeTo"]) == ("2018-05-24", 6)
    assert row["PlanningHistory"] == "https://a.example|https://b.example"
    assert told(delivery) == {("PlanningHistory", "profile.separator", "profile.mended")}


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        ({"geometry": None}, "GeoX", "profile.missing"),
        ({"plot_area_m2": None}, "Hectares", "profile.missing"),
        ({"ownership": "unknown"}, "OwnershipStatus", "profile.missing"),
        ({"source_fields": {**ENGLAND, "PlanningStatus": ""}}, "PlanningStatus", "profile.missing"),
        ({"source_fields": {**ENGLAND, "PlanningStatus": "who knows"}}, "PlanningStatus", "profile.misfit"),
        ({"source_fields": {**ENGLAND, "FirstAddedDate": "soon"}}, "FirstAddedDate", "profile.misfit"),
        ({"checked_on": None}, "LastUpdatedDate", "profile.missing"),
        ({"source_ref": "x" * 51}, "SiteReference", "profile.misfit"),
    ],
)
def test_a_row_that_lacks_what_the_standard_demands_is_left_out_and_told(
    change: dict[str, Any], column: str, message: str
) -> None:
    found, delivery = rows("england-brownfield", an_english_site(**change))
    assert found == []
    assert (delivery.written, delivery.left_out) == (0, 1)
    assert (column, message, "profile.left_out") in told(delivery)
    assert delivery.issues[0].values["ref"] == "SP-0007"


def test_what_does_not_fit_and_need_not_be_there_is_emptied_or_cut_and_told() -> None:
    kept = {**ENGLAND, "PermissionType": "Under Construction", "Notes": "n" * 5000}
    [row], delivery = rows("england-brownfield", an_english_site(source_fields=kept))
    assert row["PermissionType"] is None
    assert len(row["Notes"]) == 4000
    assert told(delivery) == {
        ("PermissionType", "profile.misfit", "profile.left_blank"), ("Notes", "profile.too_long", "profile.cut"),
    }  # fmt: skip


def test_two_rows_of_one_reference_are_not_both_written() -> None:
    found, delivery = rows("england-brownfield", an_english_site(), an_english_site(ref="SP-0009"))
    assert len(found) == 1
    assert told(delivery) == {("SiteReference", "profile.twice", "profile.left_out")}


def test_a_space_of_our_own_is_written_when_the_office_states_what_no_space_has() -> None:
    made = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    ours = a_space(ref="SP-0003", name="Net loft", address="Kaai 4", geometry=an_outline(), plot_area_m2=1248.0,
                   source_fields={"Notes": "for us alone"}, created_at=made, updated_at=made)  # fmt: skip
    assert rows("england-brownfield", ours)[0] == []
    stated = {
        name: ENGLAND[name]
        for name in ("SiteplanURL", "PlanningStatus", "NetDwellingsRangeFrom", "NetDwellingsRangeTo")
    }
    [row], _ = rows("england-brownfield", ours, **stated)
    assert (row["SiteReference"], row["SiteNameAddress"], row["Hectares"]) == ("SP-0003", "Net loft, Kaai 4", "0.12")
    assert row["OwnershipStatus"] == "owned by a public authority"
    assert row["FirstAddedDate"] == "2026-03-02", "the day it was in the city"
    assert row["Notes"] is None, "a column of that name in any other list is nobody's business"


def test_a_word_of_the_sender_stays_while_it_says_what_we_know() -> None:
    kept = {
        **FRANCE,
        "site_type": "friche ferroviaire",
        "site_occupation": "totalement inoccupé",
        "bati_etat": "dégradation moyenne",
    }
    site = a_french_site(source_fields=kept, previous_use="transport", occupancy="vacant", condition="fair")
    [row], _ = rows("cnig-friches", site)
    assert (row["site_type"], row["site_occupation"]) == ("friche ferroviaire", "totalement inoccupé")
    site = a_french_site(source_fields=kept, previous_use="worship", occupancy="temporary_use", condition="poor")
    [row], _ = rows("cnig-friches", site)
    assert row["site_type"] == "friche cultuelle"
    assert row["site_occupation"] == "occupation transitoire ou temporaire"
    assert row["bati_etat"] == "dégradation très importante"


def test_what_a_planner_corrected_is_not_undone_by_what_the_sender_wrote(con: Connection, now: datetime) -> None:
    site = an_english_site(status="verified")
    site.source_fields["OwnershipStatus"] = "not owned by a public authority"
    ref = add_space(con, SYSTEM, site, now)
    space = edit_space(con, SYSTEM, ref, {"ownership": "municipality"}, now)
    [row], _ = rows("england-brownfield", space)
    assert row["OwnershipStatus"] == "owned by a public authority"
    assert row["LastUpdatedDate"] == "2026-11-23"
    french = a_french_site(corrected_fields=("ownership",), ownership="company", updated_at=now)
    [row], _ = rows("cnig-friches", french)
    assert (row["proprio_type"], row["proprio_personne"]) == (None, "personne morale")
    [row], _ = rows("cnig-friches", a_french_site())
    assert (row["proprio_type"], row["proprio_personne"]) == ("P4a|X1a", "personne physique")


def test_a_curly_apostrophe_is_straightened_as_the_list_has_it() -> None:
    kept = {**FRANCE, "site_type": "friche d’équipement public"}
    [row], _ = rows("cnig-friches", a_french_site(source_fields=kept, previous_use="public_service"))
    assert row["site_type"] == "friche d'équipement public"


def test_the_shapefiles_short_names_are_known() -> None:
    kept = {
        "COMMINSEE": "08105",
        "SOURCENOM": "BASIAS",
        "SITINIDAT": "2003-05-18",
        "SOLPOLORIG": "retombées atmosphériques",
    }
    [row], _ = rows("cnig-friches", a_french_site(source_fields=kept))
    assert (row["comm_insee"], row["sol_pollution_origine"]) == ("08105", "retombées atmosphériques")
    assert row["urba_zaer"] == "inconnu", "the standard has a word for not knowing"


def test_no_person_is_ever_named_and_bodies_only_by_the_office() -> None:
    for ownership in Ownership:
        site = a_french_site(ownership=ownership.value, owner_name="Jeanne Petit")
        [row], _ = rows("cnig-friches", site)
        body = ownership in (Ownership.MUNICIPALITY, Ownership.PUBLIC_BODY, Ownership.COMPANY, Ownership.ASSOCIATION)
        assert row["proprio_nom"] == ("Jeanne Petit" if body else None)
        assert rows("cnig-friches", site, office=False)[0][0]["proprio_nom"] is None


def test_a_site_of_our_own_gets_its_french_key_from_the_communes_code(now: datetime) -> None:
    ours = a_space(ref="SP-0003", locality="Arreux", source="our walk", created_at=now, updated_at=now)
    found, delivery = rows("cnig-friches", ours)
    assert found == []
    assert {"site_id", "comm_insee"} <= {issue.field for issue in delivery.issues}
    [row], _ = rows("cnig-friches", ours, comm_insee="08022")
    assert (row["site_id"], row["comm_nom"], row["geompoint"]) == ("08022_SP-0003", "Arreux", "POINT (3.72 51.05)")
    assert row["geomsurf"] is None
    outline = shapely.from_wkt(rows("cnig-friches", a_french_site())[0][0]["geomsurf"])
    assert shapely.hausdorff_distance(outline, an_outline()) < 1e-7


def test_a_retired_site_gets_its_end_date_where_the_standard_has_one() -> None:
    gone = {"status": "retired", "retired_on": date(2025, 6, 30)}
    [row], _ = rows("england-brownfield", an_english_site(**gone))
    assert row["EndDate"] == "2025-06-30"
    for profile, site in (
        ("england-brownfield-2017", an_english_site(**gone)),
        ("cnig-friches", a_french_site(**gone)),
    ):
        found, delivery = rows(profile, site)
        assert found == []
        assert told(delivery) == {("", "profile.ended", "profile.left_out")}


VALUES: dict[str, type[Term]] = {
    "previous_use": PreviousUse, "occupancy": Occupancy, "condition": Condition, "heritage": Heritage,
    "contamination": Contamination, "ownership": Ownership,
}  # fmt: skip


@pytest.mark.parametrize("name", profiles.names())
def test_the_words_of_a_profile_stand_for_values_that_we_have(name: str) -> None:
    for column in profiles.load(name).columns:
        if column.origin in FIELDS and column.words:
            assert set(column.words) <= {term.value for term in VALUES[column.origin]}, column.name
        if column.rule == "match":
            re.compile(column.argument)
    for field, kind in VALUES.items():
        for term in kind:
            found, delivery = rows(name, a_french_site(**{field: term.value}), an_english_site(**{field: term.value}))
            assert found or field == "ownership", [issue.message for issue in delivery.issues]


def test_there_is_no_profile_of_another_name() -> None:
    assert profiles.names() == ["cnig-friches", "england-brownfield", "england-brownfield-2017"]
    with pytest.raises(Invalid):
        profiles.load("atlantis")


# ---- the schemas, the command, the real files ----------------------------------------------------------------


def schema(shared: Path, name: str) -> dict[str, dict[str, Any]]:
    held = json.loads((shared / "schemas" / name).read_text(encoding="utf-8"))
    return {each["name"]: each for each in held["fields"]}


def wrong_by(fields: dict[str, dict[str, Any]], row: dict[str, str]) -> list[str]:
    """What Table Schema and its 2017 dialect say against a row: required, enum, pattern, length, type."""
    wrong = []
    for name, about in fields.items():
        rules, value = about.get("constraints") or about, row.get(name) or ""
        if not value:
            wrong += [f"{name} is missing"] if rules.get("required") else []
            continue
        kind = str(rules.get("type") or about.get("type") or "").rpartition("#")[2]
        pattern = {"integer": r"-?\d+", "float": r"-?\d*\.?\d+", "date": r"\d{4}(-\d\d-\d\d)?"}.get(kind, "")
        fits = (
            value in rules.get("enum", [value])
            and re.match(rules.get("pattern", ""), value)
            and len(value) <= rules.get("maxLength", len(value))
            and (not pattern or re.fullmatch(pattern, value))
        )
        wrong += [] if fits else [f"{name}: {value}"]
    return wrong


def read(path: Path) -> str:
    """A council's file, UTF-8 or Windows-1252."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line on a register of its own."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    env = {"TEMPUSE_HOME": str(tmp_path / "home"), "TEMPUSE_REGISTER": str(tmp_path / "register.gpkg")}

    def call(*words: Any) -> Result:
        done = runner.invoke(main, [str(word) for word in words], env=env, catch_exceptions=False)
        assert done.exit_code == 0, done.stderr
        return done

    call("create")
    return call


@pytest.mark.shared
@pytest.mark.parametrize(
    "council", ["bolton", "brent", "bristol", "nottingham", "wakefield", "south-gloucestershire", "st-helens"]
)
def test_a_real_brownfield_register_goes_in_and_out_again(council: str, shared: Path, run: Run, tmp_path: Path) -> None:
    source = shared / "england" / f"{council}.csv"
    run("import", source, "--as", "offered")
    before = {row["SiteReference"].strip(): row for row in csv.DictReader(read(source).splitlines())}
    is_old = "MinNetDwellings" in next(iter(before.values()))
    profile = "england-brownfield-2017" if is_old else "england-brownfield"
    told = json.loads(run("export", "out.csv", "--profile", profile, "--audience", "office", "--json").stdout)
    after = table(tmp_path / "out.csv")
    report = csv.DictReader(read(tmp_path / "out-left-out.csv").splitlines())
    left_out = {row["ref"] for row in report if row["done"] == "The row was left out."}
    assert (told["rows"], told["left_out"]) == (len(after), len(left_out))
    assert len(after) > 20
    fields = schema(shared, "england_brownfield_2017_schema.json")
    names = fields if is_old else {name: about for name, about in fields.items() if name in after[0]}
    assert [wrong for row in after for wrong in wrong_by(names, row)] == []
    if is_old:
        assert list(after[0]) == list(fields)
    same = 0
    for row in after:
        was = before[row["SiteReference"]]
        for name in ("PlanningStatus", "OwnershipStatus", "SiteplanURL", "FirstAddedDate", "LastUpdatedDate"):
            for style in ("%d/%m/%Y", "%d-%b-%y"):
                with contextlib.suppress(ValueError):
                    was[name] = datetime.strptime(was[name], style).date().isoformat()
            assert row[name].lower() == was[name].strip().lower()[: len(row[name])]
            same += 1
    assert same >= 5 * len(after)


@pytest.mark.shared
def test_the_register_of_the_ardennes_goes_out_valid_as_csv_and_geojson(shared: Path, run: Run, tmp_path: Path) -> None:
    run("import", shared / "france" / "data.csv", "--as", "verified")
    run("export", "lacking.csv", "--profile", "cnig-friches", "--audience", "office")
    assert table(tmp_path / "lacking.csv") == [], "no site says when it was identified"
    report = list(csv.DictReader((tmp_path / "lacking-left-out.csv").read_text("utf-8-sig").splitlines()))
    assert {row["column"] for row in report if row["done"] == "The row was left out."} == {
        "site_identif_date",
        "site_actu_date",
    }
    stated = ("--set", "site_identif_date=2020-01-01", "--set", "site_actu_date=2024-01-01")
    run("export", "out.csv", "--profile", "cnig-friches", "--audience", "office", *stated)
    after = table(tmp_path / "out.csv")
    fields = schema(shared, "cnig_friches_schema_v1.0.6.json")
    assert len(after) == 164
    assert list(after[0]) == list(fields)
    assert [wrong for row in after for wrong in wrong_by(fields, row)] == []
    with (shared / "france" / "data.csv").open(encoding="utf-8-sig", newline="") as file:
        before = {row["site_id"]: row for row in csv.DictReader(file)}
    for row in after:
        was = before[row["site_id"]]
        for name in ("site_nom", "site_statut", "comm_insee", "unite_fonciere_refcad", "site_type"):
            assert row[name] == was[name].replace("friche d’", "friche d'") or name == "site_nom"
        assert shapely.from_wkt(row["geompoint"]).distance(shapely.from_wkt(was["geompoint"])) < 1e-6
    run("export", "out.geojson", "--profile", "cnig-friches", "--audience", "office", *stated)
    held = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert len(held["features"]) == 164
    for feature in held["features"]:
        assert list(feature["properties"]) == list(fields)
        shown = {name: "" if value is None else str(value) for name, value in feature["properties"].items()}
        assert wrong_by(fields, shown) == []
        assert feature["id"] == shown["site_id"]
        assert isinstance(feature["properties"]["unite_fonciere_surface"], (int, type(None)))


def test_the_default_tells_only_of_spaces_that_the_public_sees_exactly(run: Run, tmp_path: Path, now: datetime) -> None:
    lines = [
        ["SiteReference", "GeoX", "GeoY", "SiteNameAddress", "Hectares", "OwnershipStatus", "LastUpdatedDate", *ENGLAND]
    ]
    for number, owner in enumerate(("owned by a public authority", "not owned by a public authority")):
        lines.append(
            [f"BR{number}", "-0.28", f"51.5{number}", f"Site {number}", "0.5", owner, "2026-01-01", *ENGLAND.values()]
        )
    with (tmp_path / "in.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    run("import", "in.csv", "--as", "offered")
    run("export", "open.csv", "--profile", "england-brownfield")
    assert [row["SiteReference"] for row in table(tmp_path / "open.csv")] == ["BR0"]
    run("export", "all.csv", "--profile", "england-brownfield", "--audience", "office")
    assert sorted(row["SiteReference"] for row in table(tmp_path / "all.csv")) == ["BR0", "BR1"]


def test_the_command_says_what_a_profile_cannot_be(tmp_path: Path, run: Run) -> None:
    env = {"TEMPUSE_HOME": str(tmp_path / "home"), "TEMPUSE_REGISTER": str(tmp_path / "register.gpkg")}
    for words, sentence in (
        (["x.gpkg", "--profile", "england-brownfield"], "The profile england-brownfield can be written as: csv."),
        (["x.csv", "--profile", "atlantis"], "There is no profile “atlantis” to write."),
        (["x.csv", "--profile", "england-brownfield", "--crs", "27700"], "The profile england-brownfield is always in"),
        (["x.csv", "--profile", "cnig-friches", "--set", "comm"], "Write it like COLUMN=VALUE"),
        (["x.csv", "--profile", "cnig-friches", "--set", "a=b"], "The profile cnig-friches has no column “a”."),
    ):  # fmt: skip
        done = CliRunner().invoke(main, ["export", *words], env=env)
        assert done.exit_code == 5
        assert done.stderr.startswith(sentence)
    assert not list(tmp_path.glob("x*"))


def test_a_french_file_can_be_in_the_national_crs(run: Run, tmp_path: Path) -> None:
    delivery = Delivery(profiles.load("cnig-friches"), Settings(), {}, "EPSG:2154", office=True)
    [[(_, row)]] = list(delivery.rows([[a_french_site(geometry=a_place(1.0, -1.0))]]))
    point = shapely.from_wkt(row["geompoint"])
    assert (point.x, point.y) > (800_000, 6_900_000)
    assert geometry.project(np.array([point]), "EPSG:2154")[0].distance(a_place(1.0, -1.0)) < 1e-7
