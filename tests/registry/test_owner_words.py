"""What somebody says for an owner: it takes away at once and gives only when the office has looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Invalid, WrongState
from tempuse.publication import Publisher
from tempuse.publication.audiences import partner_sees
from tempuse.registry import publishing, reports, setup, spaces
from tempuse.registry.care.checking import check_register
from tempuse.reports import Report, strictest
from tempuse.settings import Settings
from tempuse.store import events, published
from tempuse.store import reports as report_rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection
from tempuse.vocabulary import OwnerLimit
from tests.builders import a_space, prove

pytestmark = pytest.mark.both_engines


def a_word(space_ref: str, wish: str = "off", **values: Any) -> Report:
    return Report(kind="owner", space_ref=space_ref, wish=wish, sender_name="Ann Baker", **values)


def a_private_shop(**values: Any) -> Any:
    given = {"name": "Bakery", "ownership": "private", "consent": "given", "consent_on": date(2026, 5, 1),
             "location_level": "exact", **values}  # fmt: skip
    return a_space(**given)


def level_seen(con: Connection, ref: str) -> str | None:
    text = published.feature(con, "spaces", ref)
    con.rollback()
    return orjson.loads(text)["properties"]["location_level"] if text else None


@pytest.fixture
def shop(con: Connection, now: datetime) -> str:
    return spaces.add_space(con, SYSTEM, a_private_shop(), now)


def test_an_objection_hides_at_once_whoever_owns_it(con: Connection, now: datetime, shop: str) -> None:
    hall = spaces.add_space(con, SYSTEM, a_space(), now)
    for ref in (shop, hall):
        reports.send_report(con, PUBLIC, a_word(ref), now)
        assert level_seen(con, ref) is None
        assert not partner_sees(space_rows.get(con, ref))
        con.rollback()
    assert space_rows.get(con, shop).consent == "given", "what was agreed stays written"
    con.rollback()


def test_an_objection_that_was_not_the_owners_is_taken_back(con: Connection, now: datetime, shop: str) -> None:
    sent = reports.send_report(con, PUBLIC, a_word(shop), now)
    reports.judge_report(con, SYSTEM, sent.report.ref, "answer", now, answer="Nobody of the family asked for it.")
    assert level_seen(con, shop) == "exact"
    told = [each.what for each in events.of(con, shop, "space")]
    con.rollback()
    assert {"limit", "unlimit"} <= set(told)
    reports.judge_report(con, SYSTEM, sent.report.ref, "reopen", now)
    assert level_seen(con, shop) is None, "it waits again"


def test_an_objection_that_is_heeded_is_the_owners_word(con: Connection, now: datetime, shop: str) -> None:
    sent = reports.send_report(con, PUBLIC, a_word(shop, contact="ann@baker.example", contact_consent=True), now)
    prove(con, sent.report.ref, now)
    reports.judge_report(con, SYSTEM, sent.report.ref, "heed", now + timedelta(days=3))
    held = space_rows.get(con, shop)
    con.rollback()
    assert (held.consent, held.consent_on, held.owner_limit) == ("objected", now.date(), None)
    assert (held.owner_name, held.owner_email) == ("Ann Baker", "ann@baker.example")
    assert level_seen(con, shop) is None
    assert check_register(con, now) == []


def test_less_holds_at_once_and_more_waits(con: Connection, now: datetime, shop: str) -> None:
    less = reports.send_report(con, PUBLIC, a_word(shop, "less", level="district"), now).report.ref
    assert level_seen(con, shop) == "district"
    more = a_word(shop, "show", level="exact", contact="ann@baker.example", contact_consent=True)
    more_ref = reports.send_report(con, PUBLIC, more, now).report.ref
    assert level_seen(con, shop) == "district"
    reports.judge_report(con, SYSTEM, more_ref, "heed", now)
    assert level_seen(con, shop) == "district", "the other word still waits"
    reports.judge_report(con, SYSTEM, less, "heed", now)
    assert level_seen(con, shop) == "district"
    held = space_rows.get(con, shop)
    con.rollback()
    assert (held.location_level, held.consent, held.owner_limit) == ("district", "given", None)


def test_of_several_words_the_strictest_counts(con: Connection, now: datetime, shop: str) -> None:
    refs = [
        reports.send_report(con, PUBLIC, a_word(shop, wish, level=level), now).report.ref
        for wish, level in (("less", "cell"), ("off", None), ("less", "hidden"))
    ]
    assert level_seen(con, shop) is None
    reports.judge_report(con, SYSTEM, refs[1], "answer", now, answer="A neighbour.")
    assert level_seen(con, shop) == "hidden"
    reports.judge_report(con, SYSTEM, refs[2], "answer", now, answer="A neighbour.")
    assert level_seen(con, shop) == "cell"
    assert strictest([]) is None
    assert strictest([None, "cell", "off"]) == "off"


def test_a_building_goes_with_its_rooms(con: Connection, now: datetime, shop: str) -> None:
    room = spaces.add_space(con, SYSTEM, a_private_shop(kind="unit", within_ref=shop), now)
    beside = spaces.add_space(con, SYSTEM, a_private_shop(name="Beside"), now)
    sent = reports.send_report(con, PUBLIC, a_word(shop), now)
    assert [level_seen(con, ref) for ref in (shop, room, beside)] == [None, None, "exact"]
    reports.judge_report(con, SYSTEM, sent.report.ref, "heed", now)
    assert [space_rows.get(con, ref).consent for ref in (shop, room, beside)] == ["objected", "objected", "given"]
    con.rollback()
    assert [level_seen(con, ref) for ref in (shop, room, beside)] == [None, None, "exact"]


def test_the_calendar_lifts_no_limit(con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection", "objection_days": "10"}, now)
    shop = spaces.add_space(con, SYSTEM, a_private_shop(consent="notified", consent_on=now.date()), now)
    reports.send_report(con, PUBLIC, a_word(shop), now)
    later = now + timedelta(days=30)
    assert publishing.due(con, later) == {}, "nothing is looked at each minute for nothing"
    con.rollback()
    publishing.republish_due(con, SYSTEM, later)
    assert level_seen(con, shop) is None
    coarse = a_space(location_level="district", location_release_on=date(2027, 1, 1), owner_limit="cell")
    ruling = Publisher(Settings(), [], now + timedelta(days=400)).decide(coarse)
    assert ruling.level == "cell", "nor does a release date"
    assert Publisher(Settings(), [], now).decide(replace(coarse, owner_limit=OwnerLimit.OFF.value)).shown == "nothing"


def test_whoever_speaks_for_an_owner_says_who_they_are(con: Connection, now: datetime, shop: str) -> None:
    def missing(report: Report) -> set[str]:
        with pytest.raises(Invalid) as caught:
            reports.send_report(con, PUBLIC, report, now)
        return {issue.field for issue in caught.value.issues}

    assert missing(Report(kind="owner", space_ref=shop)) == {"sender_name", "wish"}
    assert missing(a_word(shop, "less", level="exact")) == {"level"}
    assert missing(a_word(shop, "show", level="exact")) == {"contact"}
    assert missing(Report(kind="offer")) == {"address", "sender_name", "level", "contact", "space_kind"}
    assert level_seen(con, shop) == "exact"


def test_only_an_owners_word_is_heeded(con: Connection, now: datetime, shop: str) -> None:
    sent = reports.send_report(con, PUBLIC, Report(kind="wrong", space_ref=shop, text="It is blue."), now)
    with pytest.raises(WrongState):
        reports.judge_report(con, SYSTEM, sent.report.ref, "heed", now)
    assert report_rows.get(con, sent.report.ref).status == "sent"
    con.rollback()


@pytest.mark.parametrize("is_proved", [True, False])
def test_an_offer_becomes_a_space_with_its_owners_word(con: Connection, now: datetime, is_proved: bool) -> None:
    offer = Report(
        kind="offer", space_kind="unit", address="3 Rope Walk", level="cell", area_m2=260.0, sender_name="Bo Mason",
        contact="bo@mason.example", contact_consent=True,
    )  # fmt: skip
    ref = reports.send_report(con, PUBLIC, offer, now).report.ref
    if is_proved:
        prove(con, ref, now)
    made = reports.judge_report(
        con, SYSTEM, ref, "make", now, space=a_private_shop(consent="unasked", location_level=None)
    ).space_ref
    held = space_rows.get(con, str(made))
    con.rollback()
    assert (held.status, held.source) == ("reported", "citizen report")
    assert (held.consent, held.location_level) == (("given", "cell") if is_proved else ("unasked", None))


def test_the_name_of_who_spoke_goes_in_time_though_there_is_no_address(
    con: Connection, now: datetime, shop: str
) -> None:
    ref = reports.send_report(con, PUBLIC, a_word(shop), now).report.ref
    assert reports.blank_contacts(con, SYSTEM, now + timedelta(days=4000)) == 1
    held = report_rows.get(con, ref)
    con.rollback()
    assert (held.sender_name, held.contact_removed_at) == (None, None)
    assert reports.blank_contacts(con, SYSTEM, now + timedelta(days=4000)) == 0
