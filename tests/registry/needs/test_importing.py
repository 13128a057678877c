"""A list of groups that wait comes in: open at once, drafts where nobody knows what for, and once only."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tempuse import questions
from tempuse.access import SYSTEM, Actor, Membership
from tempuse.errors import NotAllowed
from tempuse.io.needs import crosswalk_for, read_needs
from tempuse.io.read import open_source
from tempuse.needs import Need, wanted_of
from tempuse.organisations import Organisation
from tempuse.registry.areas import load_areas
from tempuse.registry.care import checking
from tempuse.registry.lists import BroughtIn, SentList
from tempuse.registry.needs.changing import edit_need, move_need
from tempuse.registry.needs.importing import import_needs
from tempuse.registry.needs.purging import purge_needs
from tempuse.registry.organisations import add_organisation
from tempuse.registry.people import forget_person
from tempuse.registry.permits.purging_lists import purge_lists
from tempuse.store import events, imports, letters, needs, organisations, people, published
from tempuse.store.engine import Connection
from tempuse.vocabulary import AreaKind, Role
from tempuse.wanted import Wanted
from tests.builders import a_district
from tests.conftest import NOW

HEAD = "id,group,contact,e-mail,what for,size,from,by,until,district,must have,remarks,since,status\n"
CAFE = "1,Repair café,Ada,ada@group.example,repair café,60-120,2027-03-01,,2028-02-29,Old Docks,power,Calls back.,2025-04-01,\n"  # noqa: E501
CHOIR = "2,Choir,Bo,,rehearsal of a choir,,,,,Nowhere and Quay,,,,\n"
ICE = "3,Ice artists,Cy,cy-at-ice,ice,,,,,,,,,\n"
LIST = HEAD + CAFE + CHOIR + ICE


@pytest.fixture
def bring(con: Connection, tmp_path: Path) -> Any:
    """Bring a list in, as the text of a CSV."""
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [a_district(), a_district("Quay", 3.75)], NOW)

    def call(text: str = LIST, now: datetime = NOW, actor: Actor = SYSTEM, **options: Any) -> BroughtIn:
        path = tmp_path / "waiting.csv"
        path.write_text(text, encoding="utf-8")
        source = open_source(path, tmp_path / "scratch")
        rows = list(read_needs(source, crosswalk_for(source)))
        source.close()
        about = SentList(source="waiting list", file_name="waiting.csv")
        return import_needs(con, actor, rows, about, now, **options)

    return call


def every(con: Connection) -> list[Need]:
    found = needs.find(con)
    con.rollback()
    return found


def messages(done: BroughtIn) -> list[tuple[int | None, str, str]]:
    return [(each.row, each.field, each.message) for each in done.issues]


def test_each_row_is_what_its_group_looks_for_and_nothing_is_lost(con: Connection, bring: Any) -> None:
    done = bring()
    assert dict(done.counts) == {"rows": 3, "new": 3, "looking": 2, "drafts": 1}
    cafe, choir, ice = every(con)
    assert wanted_of(cafe) == (
        Wanted(uses=("workshop",), area_least_m2=60, area_most_m2=120, starts_on=date(2027, 3, 1), term_months=12,
               districts=("AR-0001",), facilities=("power",)), [],
    )  # fmt: skip
    assert (cafe.status, cafe.title, cafe.private_text, cafe.audience) == (
        "open", "repair café", "Calls back.", "private",
    )  # fmt: skip
    assert (cafe.confirmed_on, cafe.opened_at) == (NOW.date(), datetime(2025, 4, 1, 12, tzinfo=UTC))
    assert (cafe.source, cafe.source_ref) == ("waiting list", "1")
    assert cafe.source_fields == {
        "id": "1", "what for": "repair café", "size": "60-120", "from": "2027-03-01", "until": "2028-02-29",
        "district": "Old Docks", "must have": "power", "remarks": "Calls back.", "since": "2025-04-01",
    }  # fmt: skip
    assert people.get(con, str(cafe.contact_ref)).email == "ada@group.example"
    group = organisations.get(con, str(cafe.initiative_ref))
    assert (group.name, group.email, group.kinds, group.name_public) == (
        "Repair café", "ada@group.example", ("initiative",), False,
    )  # fmt: skip
    assert (wanted_of(choir)[0].districts, choir.contact_ref) == (("AR-0002",), None)
    assert (ice.status, ice.question, ice.confirmed_on) == ("draft", "", None)
    assert letters.find(con) == []
    assert list(published.walk(con, "needs")) == []
    assert [each.what for each in events.of(con, cafe.ref, "need")] == ["import"]
    con.rollback()
    assert messages(done) == [
        (3, "", "need.no_address"), (3, "district", "need.no_district"), (4, "e-mail", "email.no_at"),
        (4, "what for", "need.no_use"),
    ]  # fmt: skip
    assert checking.check_register(con, NOW) == []


def test_the_second_time_changes_nothing_and_a_row_that_changed_changes_what_it_says(
    con: Connection, bring: Any
) -> None:
    bring()
    before = every(con)
    edit_need(con, SYSTEM, before[0].ref, {"private_text": "They called."}, NOW)
    before = every(con)
    later = NOW + timedelta(days=30)
    again = bring(now=later)
    assert (dict(again.counts), every(con)) == ({"rows": 3, "unchanged": 3}, before)
    changed = bring(LIST.replace("60-120", "80-120"), later)
    assert dict(changed.counts) == {"rows": 3, "changed": 1, "unchanged": 2}
    cafe = every(con)[0]
    assert (wanted_of(cafe)[0].area_least_m2, cafe.private_text, cafe.source_fields["size"]) == (
        80, "They called.", "80-120",
    )  # fmt: skip
    assert bring(LIST.replace("60-120", "80-120"), later).counts["unchanged"] == 3
    assert bring(LIST.replace(",ice,", ",an office for ice,"), later).counts["changed"] == 2
    assert (every(con)[2].status, wanted_of(every(con)[2])[0].uses) == ("draft", ("office",))
    assert wanted_of(every(con)[0])[0].area_least_m2 == 60
    assert checking.check_register(con, later) == []


def test_what_ended_here_stays_ended_and_what_the_list_ends_is_said(con: Connection, bring: Any) -> None:
    bring()
    cafe, choir, _ = every(con)
    move_need(con, SYSTEM, cafe.ref, "fulfil", NOW, met_how="elsewhere")
    over = LIST.replace("60-120", "10-20").replace(",,,,\n3", ",,,,found one\n3")
    done = bring(over)
    assert dict(done.counts) == {"rows": 3, "unchanged": 3}
    assert every(con)[0].question == cafe.question
    assert (3, "status", "need.list_says_over") in messages(done)
    assert next(each for each in done.issues if each.done == "need.end_it").values["ref"] == choir.ref
    fresh = bring(HEAD + "9,New group,,,office,,,,,,,,,gevonden\n")
    assert dict(fresh.counts) == {"rows": 1, "left_behind": 1}


def test_days_that_are_over_and_what_contradicts_itself_ask_nothing_and_are_said(con: Connection, bring: Any) -> None:
    rows = (
        "5,A,,,office,,2020-01-01,,,,,,,\n6,B,,,office,,2027-05-01,2027-03-01,,,,,,\n"
        "7,C,,,office,,,,2027-05-01,,,,,\n8,D,,,office,,2027-05-01,,2027-03-01,,,,,\n9,,,,office,,,,,,,,,\n"
    )
    done = bring(HEAD + rows)
    assert [questions.text_of(wanted_of(each)[0]) for each in every(con)] == [
        "use=office", "use=office&from=2027-05-01", "use=office", "use=office&from=2027-05-01",
    ]  # fmt: skip
    assert [(row, message) for row, _, message in messages(done) if message != "need.no_address"] == [
        (2, "need.day_over"), (3, "wanted.by_before_from"), (4, "need.until_alone"), (5, "use.end_before_start"),
        (6, "need.no_group"),
    ]  # fmt: skip
    assert done.counts["left_behind"] == 1


def test_a_group_that_is_known_is_found_and_keeps_what_it_has(con: Connection, bring: Any) -> None:
    known = add_organisation(con, SYSTEM, Organisation(name="REPAIR CAFÉ", kinds=("initiative",)), NOW)
    bring(HEAD + CAFE + CAFE.replace("1,", "4,", 1).replace("repair café,60", "tool library,60"))
    assert {each.initiative_ref for each in every(con)} == {known}
    assert organisations.get(con, known).email is None


def test_who_asked_to_be_forgotten_is_not_brought_back_by_the_same_list(con: Connection, bring: Any) -> None:
    bring()
    contact = str(every(con)[0].contact_ref)
    forget_person(con, SYSTEM, contact, NOW)
    done = bring()
    assert every(con)[0].contact_ref is None
    assert people.by_email(con, "ada@group.example") is None
    con.rollback()
    assert (2, "e-mail", "need.other_address") in messages(done)
    assert "ada@" not in json.dumps([each.value for each in done.issues])


def test_the_list_goes_with_its_time(con: Connection, bring: Any) -> None:
    ref = bring().ref
    later = NOW + timedelta(days=365 + 211 + 2)
    purge_needs(con, SYSTEM, later)
    purge_lists(con, SYSTEM, later)
    held = every(con)[0]
    assert (held.title, held.source_fields, held.contact_ref, held.private_text) == (None, {}, None, None)
    told = json.loads(imports.get(con, ref).issues or "[]")
    assert "cy-at-ice" not in json.dumps(told)
    assert {each["message"] for each in told} >= {"need.no_use", "email.no_at"}


def test_a_look_writes_nothing_and_only_the_office_may(con: Connection, bring: Any) -> None:
    assert (bring(dry_run=True).ref, every(con), people.find(con)) == ("", [], [])
    con.rollback()
    auditor = Actor("Ann", frozenset({Membership(Role.AUDITOR.value)}), "PE-0001")
    with pytest.raises(NotAllowed):
        bring(actor=auditor)
