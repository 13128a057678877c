"""What a sender's file had and nobody mapped goes out again to the office alone."""

from __future__ import annotations

import pytest

from tempuse.io.write import profiles
from tempuse.io.write.delivery import Delivery
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.settings import Settings
from tests.io.sites import FRANCE, a_french_site, an_english_site, rows


@pytest.mark.parametrize("profile", profiles.names())
@pytest.mark.parametrize("came", [True, False])
def test_what_was_kept_beside_is_told_to_the_office_alone_but_for_codes(profile: str, came: bool) -> None:
    """Whatever a sender wrote in whichever column, free text, persons and contacts of it stay in the office."""
    standard = profiles.load(profile)
    kept = {name: f"Zq{number}Zq" for number, column in enumerate(standard.columns) for name in column.names}
    contacts = {name: f"zq{number}zq@example.org" for number, name in enumerate(kept)}
    for owner in ("municipality", "company", "private_person"):
        for said in (kept, contacts):
            make = an_english_site if profile.startswith("england") else a_french_site
            fields = {**make().source_fields, **said} if came else said
            site = make(source_fields=fields, ownership=owner, owner_name="Zq", internal_note="Zq", retired_why="Zq")
            delivery = Delivery(standard, Settings(), {}, "EPSG:4326", office=False)
            [entry] = delivery._entries([site])
            told = {column.name: column.fit(delivery._value(entry, column))[0] for column in standard.columns}
            leaking = {name for name, value in told.items() if "zq" in str(value).lower()}
            assert leaking <= {"OrganisationLabel"}, told


@pytest.mark.parametrize("profile", profiles.names())
def test_no_column_is_open_whose_words_are_free_or_that_tells_of_an_owner(profile: str) -> None:
    for column in profiles.load(profile).columns:
        assert column.origin not in OFFICE_ONLY
        if column.open:
            assert column.rule not in ("text", "line") or column.name == "OrganisationLabel", column.name
            assert column.origin != "legal_owner"


def test_a_person_is_not_named_by_what_the_sender_wrote_either() -> None:
    kept = {**FRANCE, "proprio_nom": "Jeanne Petit"}
    [row], _ = rows("cnig-friches", a_french_site(source_fields=kept))
    assert row["proprio_nom"] is None
    [row], _ = rows("cnig-friches", a_french_site(source_fields=kept, ownership="company"))
    assert row["proprio_nom"] == "Jeanne Petit"
    [row], _ = rows("cnig-friches", a_french_site(source_fields=kept, ownership="company"), office=False)
    assert row["proprio_nom"] is None
