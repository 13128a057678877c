"""One of everything of permits, for the registers of earlier versions that are kept (``tests.keep_register``)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Afterlife, Handover, Signature
from tempuse.checks import CheckAnswer, Comment, Notice, matter
from tempuse.io.read import open_source
from tempuse.io.uses import crosswalk_for, read_uses
from tempuse.organisations import Organisation
from tempuse.people import Person
from tempuse.permits import Permit
from tempuse.registry import calendars, letters, members, organisations, reports, setup
from tempuse.registry.closing import close_space, reopen_space
from tempuse.registry.people import add_person
from tempuse.registry.permits import (
    agreeing,
    asking,
    checking,
    confirming,
    deciding,
    noticing,
    subletting,
    using,
    withdrawing,
)
from tempuse.registry.permits.importing import UseList, import_uses
from tempuse.registry.permits.owners import change_owner, settle_owner_change
from tempuse.registry.permits.renewing import renew_permit, transfer_permit
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.permits.reviewing import end_reviewer, name_reviewer
from tempuse.registry.permits.showing import show_use
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.taking_in import take_condition
from tempuse.registry.spaces import add_space
from tempuse.reports import Report
from tempuse.store import checks, people, permits
from tempuse.store.engine import Connection
from tempuse.terms import Hours, TermsCondition
from tempuse.vocabulary import AssentHow, EarlyEnd, LetterStatus, LocationLevel, Outcome, Verdict
from tests.builders import a_place, a_space
from tests.permitting import a_request, approved, running, sha_of, sign_on_paper, signed, terms

_DEPARTMENTS = [
    {"name": "noise", "title": {"en": "Noise", "nl": "Geluid"}, "email": "noise@city.example", "answer_days": 21},
    {"name": "fire", "title": {"en": "Fire brigade"}, "answer_days": 14, "silence": "no_concern", "silence_days": 30},
]
_KINDS = [
    {"name": "use", "title": {"en": "Use"}},
    {"name": "feast", "title": {"en": "Feast", "nl": "Feest"}, "departments": ["noise"], "asked_departments": ["fire"]},
]
_ALL_TERMS: dict[str, Any] = {
    "hours": (Hours(weekdays=96, from_minute=1140, until_minute=60, every_weeks=2),
              Hours(weekdays=2, from_minute=540, until_minute=1020, nth_in_month=-1)),
    "season_from": "11-01", "season_until": "02-29", "except_on": (date(2027, 1, 1),),
    "extra_on": (date(2027, 1, 6),), "part": "The ground floor", "uses_permitted": ("workshop",), "persons_most": 80,
    "noise_limit_db": 70, "quiet_from": 1320, "quiet_until": 420, "open_to_public": True, "insurance_required": True,
    "tenure": "precarious", "instrument": "Bezetting ter bede", "cost_model": "reduced", "fee_cents": 12500,
    "fee_period": "month", "deposit_cents": 50000,
    "conditions": (TermsCondition(text="No fire", key="fire", because="Wood", check_on=date(2027, 1, 15)),),
}  # fmt: skip


def fill(con: Connection, now: datetime) -> None:
    """A permit of each status, with everything that can hang on one."""
    setup.change_settings(con, SYSTEM, {
        "departments": json.dumps(_DEPARTMENTS), "permit_kinds": json.dumps(_KINDS), "uses_public_from": "signed",
        "contact_email": "office@city.example",
    }, now)  # fmt: skip
    names = iter(range(1, 1000))

    def hall(**values: Any) -> str:
        number = next(names)
        asked = {"name": f"Hall {number}", "geometry": a_place(0.0001 * number), **values}
        return add_space(con, SYSTEM, a_space(**asked), now)

    _statuses(con, hall, now)
    _asked_and_answered(con, hall, now)
    _changed(con, hall, now)
    _given_within(con, hall, now)
    _owned(con, hall, now)
    _ended(con, hall, now)
    _shown(con, hall, now)
    _listed(con, hall(name="Fish auction hall"), now)
    _letters(con, now)


_Hall = Callable[..., str]
_YEAR = terms(date(2026, 11, 1), date(2027, 10, 31))


def _statuses(con: Connection, hall: _Hall, now: datetime) -> None:
    a_request(con, now, [hall()], _YEAR, confirmed=False, group="Draft")
    a_request(con, now, [hall()], terms(date(2026, 12, 1), date(2028, 11, 30), **_ALL_TERMS), group="Every term")
    deciding.take_up_request(con, SYSTEM, a_request(con, now, [hall()], _YEAR), now)
    refused = a_request(con, now, [hall()], _YEAR)
    deciding.refuse_request(con, SYSTEM, refused, now, "It is too loud.")
    withdrawing.withdraw_request(con, SYSTEM, a_request(con, now, [hall()], _YEAR), now, note="They moved.")
    approved(con, now, [hall()], _YEAR)
    signed(con, now, [hall()], _YEAR)
    reconsidered = approved(con, now, [hall()], _YEAR)
    deciding.reconsider_permit(con, SYSTEM, reconsidered, now, "An objection")
    withdrawing.call_off_permit(con, SYSTEM, approved(con, now, [hall()], _YEAR), now, "No money")
    deciding.revoke_permit(con, SYSTEM, signed(con, now, [hall()], _YEAR), now, "The roof leaks.")
    edited = a_request(con, now, [hall()], _YEAR)
    withdrawing.edit_request(con, SYSTEM, edited, {"title": "Another", "ends_on": date(2027, 5, 31)}, now)


def _asked_and_answered(con: Connection, hall: _Hall, now: datetime) -> None:
    today = now.date()
    ref = a_request(con, now, [hall(), hall()], _YEAR, group="Feast", kind="feast", purpose="To dance", persons=80)
    other = name_reviewer(con, SYSTEM, "noise", "Nora", "nora@city.example", "nl", now)
    name_reviewer(con, SYSTEM, "noise", "Noel", "noel@city.example", "nl", now)
    end_reviewer(con, SYSTEM, "noise", other.ref, now)
    deciding.take_up_request(con, SYSTEM, ref, now)
    for each in checks.checks_of(con, ref):
        con.rollback()
        for verdict in Verdict if each.department == "noise" else ():
            answer = CheckAnswer(sha256=_matter(con, ref), verdict=verdict.value, text="Shut at ten.",
                                 office_text="They were loud before.")  # fmt: skip
            checking.answer_check(con, SYSTEM, each.ref, answer, now, by="Noel")
        if each.department == "noise":
            take_condition(con, SYSTEM, each.ref, "Doors stay shut.", now, because="Noise", check_on=date(2027, 6, 1))
        else:
            checking.waive_check(con, SYSTEM, each.ref, "They were there last week.", now)
    con.rollback()
    for number, stops in enumerate((True, False, True)):
        ask = asking.ask_holder(con, SYSTEM, ref, now, f"How many? {number}", today + timedelta(7), stops_clock=stops)
        if number == 0:
            asking.answer_ask(con, SYSTEM, ref, ask.number, "Eighty", now, by="Ada, by telephone")
        elif number == 1:
            asking.withdraw_ask(con, SYSTEM, ref, ask.number, now)
    notice = Notice(opens_on=today, closes_on=today + timedelta(20), text="A feast")
    opened = noticing.open_notice(con, SYSTEM, ref, notice, now, secret="of a notice")
    noticing.note_posted(con, SYSTEM, ref, opened.number, today, now)
    for number in range(2):
        said = Comment(name="Bo", contact="bo@example.org", text=f"Not so loud {number}")
        sent = noticing.send_comment(con, PUBLIC, "of a notice", said, now, f"comment {number}")
        if number:
            noticing.answer_comment(con, SYSTEM, ref, sent.number, now, "It ends at ten.", released_text="Not loud")


def _matter(con: Connection, ref: str) -> str:
    sha256 = matter(permits.newest_terms(con, ref), permits.get(con, ref).space_refs)
    con.rollback()
    return sha256


def _changed(con: Connection, hall: _Hall, now: datetime) -> None:
    on = now.date()
    ref = running(con, now, [hall()], _YEAR, on=on, group="Changed")
    new = agreeing.propose_terms(con, SYSTEM, ref, {"ends_on": date(2027, 6, 30), "from_on": on}, now)
    sign_on_paper(con, ref, now)
    agreeing.adopt_terms(con, SYSTEM, ref, now, version=new.version)
    agreeing.propose_terms(con, SYSTEM, ref, {"persons_most": 20}, now)
    with_conditions = terms(date(2026, 11, 1), date(2027, 10, 31), conditions=(TermsCondition(text="Keep it clean"),))
    kept = running(con, now, [hall()], with_conditions, on=on, group="Looked at")
    for is_kept in (True, False):
        using.look_at_condition(con, SYSTEM, kept, now, number=0, kept=is_kept, note="seen")
    renewed = renew_permit(con, SYSTEM, kept, {"ends_on": date(2028, 10, 31)}, now).permit
    deciding.approve_permit(con, SYSTEM, renewed.ref, now)
    sign_on_paper(con, renewed.ref, now)
    renew_permit(con, SYSTEM, ref, {"ends_on": date(2027, 12, 31)}, now, private_text="We like it here.")
    left = running(con, now, [hall()], _YEAR, on=on, group="Leaves")
    transfer_permit(con, SYSTEM, left, Requester(name="Cy", email="cy@group.example", group="Comes"),
                    {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 10, 31)}, now)  # fmt: skip
    typed = approved(con, now, [hall()], _YEAR, group="Typed")
    permit = permits.get(con, typed)
    contact = people.get(con, permit.contact_ref or "")
    con.rollback()
    signature = Signature(party="holder", name="Ada", role_said="chair", how="typed")
    sign_permit(con, contact.actor(), typed, now, [signature], sha256=sha_of(con, typed))


def _given_within(con: Connection, hall: _Hall, now: datetime) -> None:
    mediator = Organisation(name="Mediator", kinds=("mediator",), email="mediator@example.org")
    organisation = organisations.add_organisation(con, SYSTEM, mediator, now)
    person = members.invite_member(con, SYSTEM, organisation, "Mo", "mo@example.org", "nl", "contact", now)
    members.confirm_membership(con, person.actor(), organisation, now)
    mo = people.get(con, person.ref).actor()
    con.rollback()
    building = hall(name="House of many")
    rooms = [hall(name=f"Room {number}", kind="unit", within_ref=building) for number in range(2)]
    asked = Permit(space_refs=(building,), title="Many", use_categories=("workshop",))
    long = terms(date(2026, 11, 1), date(2028, 10, 31), sublet="yes")
    head = request_permit(con, mo, asked, long, Requester(organisation_ref=organisation), now).permit.ref
    # What the city grants lets others in by the terms that it proposed.
    agreeing.propose_terms(con, SYSTEM, head, {"sublet": "yes"}, now)
    deciding.approve_permit(con, SYSTEM, head, now)
    sign_on_paper(con, head, now)
    using.hand_over(con, SYSTEM, head, now, Handover(on=now.date(), keys=({"label": "house", "count": 9},)))
    for number, room in enumerate(rooms):
        within = Permit(space_refs=(room,), title=f"Within {number}", use_categories=("workshop",))
        who = Requester(name="Di", email=f"di{number}@group.example", group=f"Within {number}")
        sub = subletting.request_within(con, mo, head, within, _YEAR, who, now).permit.ref
        if number:
            confirming.submit_on_paper(con, SYSTEM, sub, now, note="On paper")
            deciding.approve_permit(con, SYSTEM, sub, now)


def _owned(con: Connection, hall: _Hall, now: datetime) -> None:
    firm = Organisation(name="Firm", kinds=("owner",), email="firm@example.org")
    owner = organisations.add_organisation(con, SYSTEM, firm, now)
    private = {"ownership": "company", "consent": "given"}
    for says_yes in (True, False):
        ref = a_request(con, now, [hall(**private)], _YEAR, group=f"Asks the firm {says_yes}")
        agreeing.name_grantor(con, SYSTEM, ref, owner, now)
        agreeing.ask_grantor(con, SYSTEM, ref, now)
        agreeing.give_assent(
            con, SYSTEM, ref, now, says_yes=says_yes, sha256=sha_of(con, ref), because="By letter",
            how=AssentHow.LETTER, by="The firm",
        )  # fmt: skip
    for is_settled in (True, False):
        sold = hall()
        ref = running(con, now, [sold], _YEAR, on=now.date(), group=f"Sold {is_settled}")
        change_owner(con, SYSTEM, sold, {"ownership": "company", "owner_name": "Firm"}, owner, now, note="Sold")
        if is_settled:
            settle_owner_change(con, SYSTEM, ref, now, note="It goes on.")
    for is_open in (True, False):
        closure = close_space(con, SYSTEM, hall(), date(2027, 7, 1), date(2027, 7, 31), "Works", now)
        if not is_open:
            reopen_space(con, SYSTEM, closure.ref, now)


def _ended(con: Connection, hall: _Hall, now: datetime) -> None:
    later = now.date() + timedelta(120)
    for how in EarlyEnd:
        ref = running(con, now, [hall()], _YEAR, on=now.date(), group=f"Ends: {how}")
        using.end_early(con, SYSTEM, ref, now, ended_on=later, ended_how=how.value, because="So it is.")
    gone = hall(name="Where it went")
    for outcome in Outcome:
        ref = running(con, now, [hall()], _YEAR, on=now.date(), group=f"Became: {outcome}")
        back = Handover(
            on=now.date(), present="Ada", keys=({"label": "door", "count": 2},), condition_text="Clean",
            meters=({"kind": "power", "number": "7", "reading": 1234.5, "unit": "kWh"},), deposit_returned_cents=50000,
        )  # fmt: skip
        using.hand_back(con, SYSTEM, ref, now, back)
        moved = {"moved_to_ref": gone} if outcome is Outcome.MOVED else {}
        using.write_afterlife(con, SYSTEM, ref, now, Afterlife(outcome=outcome.value, note="So it was.", **moved))


def _shown(con: Connection, hall: _Hall, now: datetime) -> None:
    for level in LocationLevel:
        ref = running(con, now, [hall(), hall()], _YEAR, on=now.date(), group=f"Shown: {level}")
        show_use(con, SYSTEM, ref, now, unlisted=False, location_level=level.value, purpose_released="To mend")
    ref = running(con, now, [hall()], _YEAR, on=now.date(), group="A shelter")
    show_use(con, SYSTEM, ref, now, unlisted=True, location_level=None, purpose_released=None)
    loud = running(con, now, [hall()], _YEAR, on=now.date(), group="Loud")
    reports.send_report(con, PUBLIC, Report(kind="nuisance", use_ref=loud, text="It is loud."), now, "of a use")
    holder = permits.get(con, loud).holder_ref or ""
    con.rollback()
    for _ in range(2):
        calendars.give_address(con, SYSTEM, calendars.ORGANISATION, holder, now)
    calendars.end_address(con, SYSTEM, calendars.ORGANISATION, holder, now)
    calendars.give_address(con, SYSTEM, calendars.ORGANISATION, holder, now)
    planner = Person.with_role("planner", name="Who helps", email="helps@example.org")
    office = add_person(con, SYSTEM, planner, now).actor()
    calendars.give_address(con, office, calendars.PERSON, office.person_ref or "", now)
    asked = Permit(space_refs=(hall(),), title="On behalf", use_categories=("workshop",))
    request_permit(con, office, asked, _YEAR, Requester(name="Ed", email="ed@group.example", group="Helped"), now)


def _listed(con: Connection, auction: str, now: datetime) -> None:
    rows = (
        "id,space,use,group,from,until,afterwards\n"
        f"7,{auction},Boat school,De Kiel,2025-01-01,2026-10-31,moved\n"
        f"8,{auction},Choir,De Kiel,2026-11-01,2027-10-31,\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leases.csv"
        path.write_text(rows, encoding="utf-8")
        source = open_source(path, Path(folder) / "scratch")
        uses = list(read_uses(source, crosswalk_for(source)))
        source.close()
    import_uses(con, SYSTEM, uses, UseList(source="leases", file_name="leases.csv"), now)


def _letters(con: Connection, now: datetime) -> None:
    """One letter of each status; the rest wait."""
    for status in (LetterStatus.SENT, LetterStatus.FAILED, LetterStatus.DROPPED, LetterStatus.WAITING):
        letter = letters.take_letter(con, SYSTEM, now)
        assert letter is not None
        letters.settle_letter(con, SYSTEM, letter, status, "" if status == LetterStatus.SENT else "no such box", now)
