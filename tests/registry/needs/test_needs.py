"""What groups look for: written down, confirmed, changed, met, set aside, asked about, forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update

from tempuse import questions
from tempuse.access import PUBLIC, SYSTEM, Actor, Membership, Over
from tempuse.errors import Conflict, Invalid, NotAllowed, NotFound, WrongState
from tempuse.needs import state_of, wanted_of
from tempuse.registry.care import checking
from tempuse.registry.needs.changing import edit_need, move_need, propose_space
from tempuse.registry.needs.drafting import confirm_need, draft_need, expect_secret, forget_unconfirmed
from tempuse.registry.needs.purging import due_needs, purge_needs
from tempuse.registry.needs.reminding import ask_due
from tempuse.registry.organisations import retire_organisation
from tempuse.registry.people import forget_person
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.spaces import add_space
from tempuse.settings import Settings
from tempuse.store import events, letters, needs, organisations, people
from tempuse.store.engine import Connection, writing
from tempuse.store.tables import needs as table
from tempuse.vocabulary import NeedAudience, NeedState, Role
from tempuse.wanted import Wanted
from tests.builders import a_space
from tests.needing import ASKED, a_need, drafted, looking, shown

SETTINGS = Settings()


def contact_of(con: Connection, ref: str) -> Actor:
    """The contact of the group that looks, signed in."""
    need = needs.get(con, ref)
    con.rollback()
    part = Membership(Role.CONTACT.value, Over("organisation", str(need.initiative_ref)))
    return Actor("Ada", frozenset({part}), need.contact_ref)


def told(con: Connection) -> list[str]:
    """The letters so far, by what they say."""
    found = [each.template for each in letters.find(con)]
    con.rollback()
    return found


def test_a_stranger_writes_it_down_and_the_link_makes_it_a_groups(con: Connection, now: datetime) -> None:
    ref = drafted(con, now)
    held = needs.get(con, ref)
    con.rollback()
    assert (ref, held.status, held.initiative_ref, told(con)) == ("ND-0001", "draft", None, ["need_confirm"])
    assert wanted_of(held) == (ASKED, [])
    expect_secret(con, SYSTEM, ref, "the secret")
    assert confirm_need(con, PUBLIC, "another", now) is None
    for _ in range(2):
        done = confirm_need(con, PUBLIC, "the secret", now)
        assert done is not None
        assert (done.need.status, done.need.confirmed_on, done.person.name) == ("open", now.date(), "Ada")
    group = organisations.get(con, str(done.need.initiative_ref))
    assert (group.name, [each.person.email for each in organisations.members(con, group.ref) if each.is_contact]) == (
        "Repair café", ["ada@group.example"],
    )  # fmt: skip
    assert {each.what for each in events.of(con, ref, "need")} == {"draft", "open"}
    con.rollback()
    assert checking.check_register(con, now) == []


def test_the_same_form_twice_is_one_need_and_one_letter(con: Connection, now: datetime) -> None:
    who = Requester(name="Ada", email="ada@group.example", group="Repair café")
    refs = {draft_need(con, PUBLIC, a_need(), who, now, "form-1").need.ref for _ in range(2)}
    assert (refs, told(con)) == ({"ND-0001"}, ["need_confirm"])


def test_what_is_missing_or_contradicts_itself_stands_beside_its_field(con: Connection, now: datetime) -> None:
    odd = Wanted(area_least_m2=200, area_most_m2=100, starts_on=date(2027, 5, 1), starts_by=date(2027, 4, 1))
    with pytest.raises(Invalid) as refused:
        draft_need(con, PUBLIC, a_need(odd, title=" ", never_offer=("no such",)), Requester(), now)
    fields = {issue.field for issue in refused.value.issues}
    assert fields == {"area_most_m2", "starts_by", "title", "never_offer", "uses", "group", "email"}
    over = replace(ASKED, starts_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match=r"need\.invalid"):
        drafted(con, now, a_need(over))


def test_a_contact_who_is_signed_in_looks_at_once_and_nobody_else_for_the_group(con: Connection, now: datetime) -> None:
    ref = looking(con, now)
    actor = contact_of(con, ref)
    group = next(iter(actor.memberships)).over
    assert group is not None
    who = Requester(organisation_ref=group.ref)
    second = draft_need(con, actor, a_need(), who, now).need
    assert (second.status, second.initiative_ref, second.contact_ref) == ("open", group.ref, actor.person_ref)
    with pytest.raises(NotAllowed):
        draft_need(con, Actor("Bea", person_ref="PE-0099"), a_need(), who, now)
    with pytest.raises(NotAllowed):
        edit_need(con, Actor("Bea", person_ref="PE-0099"), ref, {"title": "Mine"}, now)


def test_the_office_writes_it_down_and_opens_it_for_a_group_without_an_address(con: Connection, now: datetime) -> None:
    need = draft_need(con, SYSTEM, a_need(), Requester(group="Choir"), now).need
    assert (need.status, told(con)) == ("draft", [])
    opened = move_need(con, SYSTEM, need.ref, "open", now)
    assert organisations.get(con, str(opened.initiative_ref)).name == "Choir"
    con.rollback()
    assert checking.check_register(con, now) == []


def test_changes_are_held_against_what_somebody_saw_and_a_new_name_is_looked_at_again(
    con: Connection, now: datetime
) -> None:
    ref = shown(con, now)
    actor, seen = contact_of(con, ref), needs.get(con, ref)
    con.rollback()
    smaller = questions.text_of(replace(ASKED, area_least_m2=40))
    changed = edit_need(con, actor, ref, {"question": smaller}, now, seen.revision)
    assert (changed.released_text, changed.revision) == (seen.released_text, seen.revision + 1)
    with pytest.raises(Conflict):
        edit_need(con, actor, ref, {"title": "Other"}, now, seen.revision)
    with pytest.raises(NotFound):
        edit_need(con, actor, ref, {"released_text": "Buy here"}, now)
    with pytest.raises(Invalid):
        edit_need(con, actor, ref, {"question": "m2=60-120"}, now)
    assert edit_need(con, SYSTEM, ref, {"title": "Workshop"}, now).released_text
    assert edit_need(con, actor, ref, {"title": "Buy here"}, now).released_text is None


def test_each_move_is_made_by_who_may_and_from_where_it_leaves(con: Connection, now: datetime) -> None:
    ref = shown(con, now)
    actor, later = contact_of(con, ref), now + timedelta(days=20)
    with pytest.raises(NotAllowed):
        move_need(con, actor, ref, "release", now, released_text="We")
    with pytest.raises(NotAllowed):
        move_need(con, actor, ref, "set_aside", now, note="Why not")
    assert move_need(con, actor, ref, "confirm", later).confirmed_on == later.date()
    with pytest.raises(Invalid):
        move_need(con, actor, ref, "fulfil", later)
    with pytest.raises(Invalid):
        move_need(con, actor, ref, "fulfil", later, met_how="by magic")
    with pytest.raises(NotFound):
        move_need(con, actor, ref, "fulfil", later, met_how="here", met_by_ref="PM-0404")
    met = move_need(con, actor, ref, "fulfil", later, met_how="elsewhere")
    assert (met.status, met.met_how) == ("met", "elsewhere")
    with pytest.raises(WrongState):
        move_need(con, actor, ref, "withdraw", later)
    again = move_need(con, actor, ref, "reopen", later + timedelta(days=300))
    assert (again.status, again.met_how, again.confirmed_on) == ("open", None, (later + timedelta(days=300)).date())
    with pytest.raises(Invalid):
        move_need(con, SYSTEM, ref, "set_aside", later)
    aside = move_need(con, SYSTEM, ref, "set_aside", later, note="This is an advertisement.")
    assert (aside.status, aside.released_text, told(con)[-1]) == ("withdrawn", None, "need_set_aside")


def test_a_space_is_suggested_that_everybody_may_know_and_no_other(con: Connection, now: datetime) -> None:
    ref = looking(con, now)
    space = add_space(con, SYSTEM, a_space(), now)
    hidden = add_space(con, SYSTEM, a_space(status="reported"), now)
    with pytest.raises(NotAllowed):
        propose_space(con, contact_of(con, ref), ref, space, now)
    for unseen in (hidden, "SP-0404"):
        with pytest.raises(NotFound):
            propose_space(con, SYSTEM, ref, unseen, now)
    for _ in range(2):
        propose_space(con, SYSTEM, ref, space, now)
    assert told(con).count("need_proposed") == 1
    move_need(con, SYSTEM, ref, "withdraw", now)
    with pytest.raises(WrongState):
        propose_space(con, SYSTEM, ref, space, now)


def test_the_calendar_says_who_is_asked_and_whom_nobody_hears_from(con: Connection, now: datetime) -> None:
    ref = looking(con, now)
    day = now.date()
    wanted = {180: NeedState.WAITING, 181: NeedState.ASKED, 210: NeedState.ASKED, 211: NeedState.LAPSED}
    for days, state in wanted.items():
        today = day + timedelta(days=days)
        assert state_of(needs.get(con, ref), SETTINGS, today) is state
        assert [need.ref for need in needs.in_state(con, state, SETTINGS, today)] == [ref]
        assert needs.tally(con, SETTINGS, today) == {state.value: 1}
        con.rollback()
    assert ask_due(con, SYSTEM, now + timedelta(days=180)) == 0
    assert [ask_due(con, SYSTEM, now + timedelta(days=days)) for days in (181, 182, 200)] == [1, 0, 0]
    assert told(con).count("need_still_looking") == 1
    later = now + timedelta(days=220)
    move_need(con, contact_of(con, ref), ref, "confirm", later)
    assert state_of(needs.get(con, ref), SETTINGS, later.date()) is NeedState.WAITING
    con.rollback()
    assert ask_due(con, SYSTEM, later + timedelta(days=181)) == 1


def test_a_question_that_nobody_understands_any_more_waits_and_both_are_told_once(
    con: Connection, now: datetime
) -> None:
    ref = shown(con, now)
    with writing(con):
        con.execute(update(table).where(table.c.ref == ref).values(question="use=sculpture&m2=60-"))
    wanted, unclear = wanted_of(needs.get(con, ref))
    con.rollback()
    assert (wanted.uses, [issue.field for issue in unclear]) == ((), ["use"])
    assert [ask_due(con, SYSTEM, now) for _ in range(2)] == [1, 0]
    assert told(con).count("need_unclear") == 2


def test_a_draft_that_nobody_confirms_is_forgotten(con: Connection, now: datetime) -> None:
    ref = drafted(con, now, a_need(near_label="Ada’s house"))
    expect_secret(con, SYSTEM, ref, "late")
    assert forget_unconfirmed(con, SYSTEM, now + timedelta(days=13)) == 0
    assert confirm_need(con, PUBLIC, "late", now + timedelta(days=14)) is None
    assert forget_unconfirmed(con, SYSTEM, now + timedelta(days=14)) == 1
    held = needs.get(con, ref)
    assert (held.status, held.title, held.contact_ref, held.near_label) == ("withdrawn", None, None, None)
    assert held.question == questions.text_of(replace(ASKED, near=None, within_m=None))


def test_after_its_time_names_texts_and_places_are_gone_and_what_was_asked_stays(
    con: Connection, now: datetime
) -> None:
    private = "Call Zqada"
    need = a_need(private_text=private, near_label="Zqada’s house", audience=NeedAudience.PUBLIC.value)
    ref = shown(con, now, need, name="Zqada", email="zqada@group.example", group="Zqada")
    move_need(con, contact_of(con, ref), ref, "fulfil", now, met_how="elsewhere", note="Zqada found one")
    assert due_needs(con, SYSTEM, now + timedelta(days=364)) == []
    done = purge_needs(con, SYSTEM, now + timedelta(days=366))
    assert (done.refs, done.people) == ([ref], 1)
    assert purge_needs(con, SYSTEM, now + timedelta(days=800)).refs == []
    held = needs.get(con, ref)
    assert (held.status, held.met_how, wanted_of(held)[0]) == (
        "met", "elsewhere", replace(ASKED, near=None, within_m=None),
    )  # fmt: skip
    assert people.by_email(con, "zqada@group.example") is None
    dump = [str(row) for name in ("needs", "events", "letters", "organisations", "people")
            for row in con.exec_driver_sql(f"SELECT * FROM {name}")]  # fmt: skip
    assert [row for row in dump if "qada" in row] == []
    con.rollback()
    assert checking.check_register(con, now + timedelta(days=366)) == []


def test_what_lapsed_is_purged_as_well_and_who_looks_elsewhere_stays_known(con: Connection, now: datetime) -> None:
    first = looking(con, now)
    group = str(needs.get(con, first).initiative_ref)
    con.rollback()
    second = draft_need(con, contact_of(con, first), a_need(), Requester(organisation_ref=group), now).need.ref
    late = now + timedelta(days=211 + 366)
    move_need(con, contact_of(con, second), second, "confirm", late)
    done = purge_needs(con, SYSTEM, late)
    assert (done.refs, done.people, needs.get(con, first).status) == ([first], 0, "withdrawn")
    assert people.by_email(con, "ada@group.example") is not None


def test_who_is_forgotten_takes_a_draft_along_and_leaves_what_the_group_looks_for(
    con: Connection, now: datetime
) -> None:
    opened, draft = looking(con, now), drafted(con, now)
    person_ref = str(needs.get(con, draft).contact_ref)
    con.rollback()
    forget_person(con, SYSTEM, person_ref, now)
    held, gone = needs.get(con, opened), needs.get(con, draft)
    assert (held.status, held.contact_ref, held.title) == ("open", None, "A place for a repair café")
    assert (gone.status, gone.contact_ref, gone.title) == ("withdrawn", None, None)
    con.rollback()
    with pytest.raises(WrongState):
        retire_organisation(con, SYSTEM, str(held.initiative_ref), now, on=now.date())
    assert checking.check_register(con, now) == []
