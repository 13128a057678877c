"""What the office writes to files: each audience gets what it may know, in every format, and nothing beside."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tempuse.access import SYSTEM
from tempuse.exports import Selection, profile_spaces, space_texts
from tempuse.io import write
from tempuse.io.write import profiles
from tempuse.io.write.columns import space_columns
from tempuse.io.write.delivery import Delivery
from tempuse.publication.audiences import OFFICE_ONLY
from tempuse.registry.spaces import add_space
from tempuse.settings import Settings
from tempuse.spaces import Space
from tempuse.store.engine import Connection
from tempuse.vocabulary import Audience, LocationLevel
from tests.builders import a_space
from tests.web.doors import a_secretive_space, is_in, secret, unpacked

pytestmark = pytest.mark.both_engines

PRIVATE = [*(secret(name, "exact") for name in OFFICE_ONLY), *(secret(n, "exact") for n in ("owneremail", "kept"))]


def a_file(con: Connection, folder: Path, audience: Audience, name: str) -> bytes:
    """What an export of this format holds, unpacked."""
    form = write.FORMATS[name]
    content = write.Content(space_texts(con, audience, Selection()), space_columns(audience), title="Spaces")
    files = write.write_file(folder / f"{audience.value}{form.suffixes[0]}", form, content)
    con.rollback()
    return b"".join(file.read_bytes() + unpacked(file.read_bytes()) for file in files)


@pytest.mark.parametrize("name", write.FORMATS)
def test_each_audience_gets_its_own(con: Connection, tmp_path: Path, now: datetime, name: str) -> None:
    building = add_space(con, SYSTEM, a_space(status="withheld", name="Zqhall"), now)
    space, past, _ = a_secretive_space("exact", within_ref=building)
    coarse, more, hidden = a_secretive_space("hidden", within_ref=building)
    add_space(con, SYSTEM, space, now, past=past)
    add_space(con, SYSTEM, coarse, now, past=more)
    add_space(con, SYSTEM, a_space(name="Zqobjected", ownership="company", consent="objected"), now)
    public, partner, office = (a_file(con, tmp_path, audience, name) for audience in Audience)
    for body in (public, partner):
        for word in [*PRIVATE, "Zqhall", "Zqobjected", building]:
            assert not is_in(word, body), word
    for word in hidden:
        if not word[0].isdigit():  # a number of the exact space is no secret
            assert not is_in(word, public), word
    assert secret("name", "hidden").encode() in partner, "a partner sees where it is"
    for word in [secret("ownername", "exact"), secret("internalnote", "exact"), "Zqhall", "Zqobjected"]:
        assert word.encode() in office, word


@pytest.mark.parametrize("profile", profiles.names())
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PARTNER])
def test_a_national_delivery_tells_nobody_else_what_the_office_knows(
    con: Connection, now: datetime, profile: str, audience: Audience
) -> None:
    standard = profiles.load(profile)
    kept = {column.name: secret(f"kept{number}", "exact") for number, column in enumerate(standard.columns)}
    marked = {"planning": "permissioned", "source_producteur": "the city", "OrganisationLabel": "Brent"}
    for number, values in enumerate(({}, {"location_level": "hidden"}, {"ownership": "company"})):
        space, past, _ = a_secretive_space("exact")
        space.source_ref = f"{space.source_ref} {number}"
        space.source_fields = {**kept, **marked}
        for field, value in values.items():
            setattr(space, field, value)
        add_space(con, SYSTEM, space, now, past=past)
    delivery = Delivery(standard, Settings(), {}, "EPSG:4326", office=False)
    told: list[str] = []
    seen: list[Space] = [each for batch in profile_spaces(con, audience, Selection(), now) for each in batch]
    con.rollback()
    assert len(seen) == (1 if audience is Audience.PUBLIC else 3)
    assert all(audience is Audience.PARTNER or each.location_level == LocationLevel.EXACT for each in seen)
    for entry in delivery._entries(seen):
        told += [str(column.fit(delivery._value(entry, column))[0]) for column in standard.columns]
    for word in [*PRIVATE, *kept.values()]:
        assert word not in " ".join(told), word
