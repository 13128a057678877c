"""National profiles, row by row: what came goes back, nothing is invented."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import shapely

from tempuse.access import SYSTEM
from tempuse.errors import Invalid
from tempuse.io.write import profiles
from tempuse.registry.spaces import add_space, edit_space
from tempuse.spaces import FIELDS
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
from tests.builders import a_space, an_outline
from tests.io.sites import ENGLAND, FRANCE, a_french_site, an_english_site, rows, told


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
