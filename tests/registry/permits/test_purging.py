"""The purge: when a permit's time is over, whatever tells of persons is gone, and the figures are what they were."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Afterlife, Handover, Signature
from tempuse.checks import CheckAnswer, Comment, Notice, matter
from tempuse.permits import Permit
from tempuse.registry import setup
from tempuse.registry.care.backups import backup
from tempuse.registry.figures import figures_of
from tempuse.registry.permits.asking import answer_ask, ask_holder
from tempuse.registry.permits.checking import answer_check, waive_check
from tempuse.registry.permits.confirming import confirm_request, expect_secret
from tempuse.registry.permits.deciding import approve_permit, refuse_request, take_up_request
from tempuse.registry.permits.noticing import answer_comment, open_notice, send_comment
from tempuse.registry.permits.purging import due_permits, purge_permits
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.using import hand_back, hand_over, write_afterlife
from tempuse.registry.permits.withdrawing import withdraw_request
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, attachments, check_purging, checks, events, letters, people, permits
from tempuse.store.engine import Connection, Register, writing
from tests.builders import a_space
from tests.permitting import a_request, approved, sha_of, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
BACK = datetime(2027, 6, 30, 9, 0, tzinfo=UTC)
MAY = terms(date(2027, 5, 1), date(2027, 6, 30))
YEAR, FIVE = timedelta(days=366), timedelta(days=1828)
NAME, MAIL = "Zqada Zqlovelace", "zqada@group.example"


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(floor_area_m2=400.0), NOW)


@pytest.fixture
def home(register: Register) -> Path:
    return register.home


def a_whole_use(con: Connection, home: Path, hall: str, *, continues: str | None = None) -> tuple[str, str]:
    """The ref of a use from request to afterlife in which her name stands wherever it can; and its scanned paper."""
    asked = Permit(
        space_refs=(hall,), title="Repair café", purpose=f"{NAME} mends radios", private_text=f"Call {NAME}",
        purpose_released=f"{NAME} mends radios",
    )  # fmt: skip
    who = Requester(name=NAME, email=MAIL, group=NAME)
    ref = request_permit(con, PUBLIC, asked, MAY, who, NOW).permit.ref
    expect_secret(con, SYSTEM, ref, f"secret of {ref}")
    assert confirm_request(con, PUBLIC, f"secret of {ref}", NOW)
    if continues:
        with writing(con):
            held = permits.lock(con, ref)
            held.continues_ref = continues
            permits.save(con, held)
    approve_permit(con, SYSTEM, ref, NOW, note=f"For {NAME}")
    paper = attachments.put(home, b"%PDF-1.7 signed by " + NAME.encode(), "pdf")
    os.utime(home / "attachments" / paper[:2] / paper, (1, 1))  # not of this day
    signatures = [
        Signature(party="holder", name=NAME, role_said=f"{NAME}, chair", how="paper", document=paper),
        Signature(party="grantor", name="The mayor", how="paper"),
    ]
    sign_permit(con, SYSTEM, ref, NOW, signatures, sha256=sha_of(con, ref))
    hand_over(con, SYSTEM, ref, NOW, Handover(on=NOW.date(), present=NAME, condition_text=f"{NAME} saw a crack"))
    hand_back(con, SYSTEM, ref, BACK, Handover(on=BACK.date(), present=NAME, remarks_holder=f"Thanks, {NAME}"))
    write_afterlife(
        con, SYSTEM, ref, BACK, Afterlife(outcome="moved", moved_to_text="The school", note=f"{NAME} moved")
    )
    return ref, paper


def found_in(folder: Path) -> list[str]:
    """Files below a folder in which her name or address stands, also within archives."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                content += [archive.read(name) for name in archive.namelist()]
        if any(word in each for each in content for word in (b"Zqada", b"zqada")):
            found.append(path.name)
    return found


def test_after_its_time_her_name_is_nowhere_and_the_figures_are_the_same(
    con: Connection, register: Register, home: Path, hall: str, tmp_path: Path
) -> None:
    ref, paper = a_whole_use(con, home, hall)
    days = [date(2027, 5, 15), date(2027, 4, 2), date(2027, 12, 31)]
    before = [figures_of(con, SYSTEM, day) for day in days]
    con.rollback()
    assert due_permits(con, SYSTEM, BACK + timedelta(days=1800)) == []
    done = purge_permits(con, SYSTEM, home, BACK + FIVE)
    assert (done.refs, done.people, done.papers) == ([ref], 1, 1)
    assert len(done.message_ids) > 3
    assert letters.find(con) == []
    permit, ruled = permits.one_ruled(con, ref)
    assert (permit.status, permit.title, permit.purpose, permit.contact_ref) == (
        "handed_back", "Repair café", None, None,
    )  # fmt: skip
    assert (ruled.starts_on, ruled.ends_on) == (date(2027, 5, 1), date(2027, 6, 30))
    assert {each.name for each in agreements.signatures_of(con, ref)} == {f"a member of {permit.holder_ref}"}
    after = agreements.afterlife_of(con, ref)
    assert after is not None
    assert (after.outcome, after.moved_to_text, after.note) == ("moved", "The school", None)
    (grant,) = agreements.decisions_of(con, ref)
    assert grant.snapshot["spaces"] == [{"ref": hall, "floor_area_m2": 400.0, "plot_area_m2": None}]
    assert people.by_email(con, MAIL) is None
    assert [figures_of(con, SYSTEM, day) for day in days] == before
    con.rollback()
    assert not (home / "attachments" / paper[:2] / paper).exists()
    backup(register, tmp_path / "home" / "after.zip", BACK + FIVE)
    assert found_in(tmp_path) == []


def test_what_was_purged_is_not_purged_again_until_something_is_added(con: Connection, home: Path, hall: str) -> None:
    ref, _ = a_whole_use(con, home, hall)
    assert purge_permits(con, SYSTEM, home, BACK + FIVE).refs == [ref]
    assert purge_permits(con, SYSTEM, home, BACK + FIVE).refs == []
    write_afterlife(con, SYSTEM, ref, BACK + FIVE, Afterlife(outcome="sold", note=f"{NAME} said so"))
    assert purge_permits(con, SYSTEM, home, BACK + FIVE).refs == [ref]
    after = agreements.afterlife_of(con, ref)
    assert after is not None
    assert (after.outcome, after.note) == ("sold", None)


def test_a_refused_or_withdrawn_request_goes_after_its_own_time(con: Connection, home: Path, hall: str) -> None:
    refused = a_request(con, NOW, [hall], MAY, purpose="Ada mends radios")
    refuse_request(con, SYSTEM, refused, NOW, "Ada has no insurance.")
    withdrawn = a_request(con, NOW, [hall], MAY, group="Choir", email="bo@choir.example", name="Bo")
    withdraw_request(con, SYSTEM, withdrawn, NOW, note="Bo is ill")
    waits = a_request(con, NOW, [hall], MAY, group="Band", email="cy@band.example", name="Cy")
    assert due_permits(con, SYSTEM, NOW + timedelta(days=364)) == []
    assert [each.ref for each in due_permits(con, SYSTEM, NOW + YEAR)] == [refused, withdrawn]
    done = purge_permits(con, SYSTEM, home, NOW + YEAR)
    assert (done.refs, done.people) == ([refused, withdrawn], 2)
    notes = [each.note for each in events.of(con, refused, "permit") if each.what == "refuse"]
    assert notes == ["…"]
    assert [each.kind for each in agreements.decisions_of(con, refused)] == ["refuse"]
    assert permits.get(con, waits).contact_ref is not None


def test_a_chain_is_over_when_its_last_keys_are_back(con: Connection, home: Path, hall: str) -> None:
    first, _ = a_whole_use(con, home, hall)
    going_on = approved(
        con, NOW, [hall], terms(date(2027, 7, 1), date(2027, 12, 31)), group="Choir", email="bo@x.example"
    )
    with writing(con):
        held = permits.lock(con, going_on)
        held.continues_ref = first
        permits.save(con, held)
    assert due_permits(con, SYSTEM, BACK + FIVE) == []
    with writing(con):
        held = permits.lock(con, going_on)
        held.status = "withdrawn"
        permits.save(con, held)
    assert first in [each.ref for each in due_permits(con, SYSTEM, BACK + FIVE)]


def test_somebody_with_another_permit_is_kept(con: Connection, home: Path, hall: str) -> None:
    refused = a_request(con, NOW, [hall], MAY)
    refuse_request(con, SYSTEM, refused, NOW, "No.")
    a_request(con, NOW, [hall], MAY)
    assert purge_permits(con, SYSTEM, home, NOW + YEAR).people == 0
    assert people.by_email(con, "ada@group.example") is not None


def test_the_city_says_for_how_long(con: Connection, home: Path, hall: str) -> None:
    setup.change_settings(con, SYSTEM, {"request_data_days": "10"}, NOW)
    refused = a_request(con, NOW, [hall], MAY)
    refuse_request(con, SYSTEM, refused, NOW, "No.")
    assert [each.ref for each in due_permits(con, SYSTEM, NOW + timedelta(days=10))] == [refused]


def test_a_purge_that_breaks_off_in_one_permit_leaves_the_others_whole_and_is_ended_later(
    con: Connection, home: Path, hall: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = []
    for number in range(3):
        refs.append(
            a_request(con, NOW, [hall], MAY, email=f"n{number}@x.example", name=f"Ada {number}", private_text="Ada")
        )
        refuse_request(con, SYSTEM, refs[-1], NOW, "No.")

    whole = check_purging.blank

    def breaks(con: Connection, ref: str, by: str, mark: str) -> None:
        if ref == refs[1]:
            raise KeyboardInterrupt
        whole(con, ref, by, mark)

    with monkeypatch.context() as broken:
        broken.setattr(check_purging, "blank", breaks)
        with pytest.raises(KeyboardInterrupt):
            purge_permits(con, SYSTEM, home, NOW + YEAR)
    assert [permits.get(con, ref).private_text for ref in refs] == [None, "Ada", "Ada"]
    assert agreements.decisions_of(con, refs[1])[0].because == "No."
    con.rollback()
    assert purge_permits(con, SYSTEM, home, NOW + YEAR).refs == refs[1:]


def test_what_departments_the_group_and_neighbours_wrote_goes_as_well(
    con: Connection, register: Register, home: Path, hall: str, tmp_path: Path
) -> None:
    kind = {"name": "use", "title": {"en": "Use"}, "departments": ["noise"]}
    departments = [{"name": "noise", "title": {"en": "Noise"}, "answer_days": 21}]
    changes = {"departments": json.dumps(departments), "permit_kinds": json.dumps([kind])}
    setup.change_settings(con, SYSTEM, changes, NOW)
    ref = a_request(con, NOW, [hall], MAY)
    take_up_request(con, SYSTEM, ref, NOW)
    check_ref = checks.checks_of(con, ref)[0].ref
    seen = matter(permits.newest_terms(con, ref), (hall,))
    con.rollback()
    said = CheckAnswer(sha256=seen, verdict="objection", text=f"{NAME} is loud", office_text=f"Ring {NAME}")
    answer_check(con, SYSTEM, check_ref, said, NOW, by=NAME)
    waive_check(con, SYSTEM, check_ref, f"{NAME} will be quiet", NOW)
    asked = ask_holder(con, SYSTEM, ref, NOW, f"Is {NAME} insured?", date(2027, 4, 20))
    answer_ask(con, SYSTEM, ref, asked.number, f"{NAME} is", NOW, by=NAME)
    notice = Notice(opens_on=date(2027, 4, 2), closes_on=date(2027, 4, 9), text=f"{NAME} plays")
    open_notice(con, SYSTEM, ref, notice, NOW, secret="of the notice")
    send_comment(con, PUBLIC, "of the notice", Comment(text=f"Poor {NAME}", name=NAME, contact=MAIL), NOW)
    answer_comment(con, SYSTEM, ref, 1, NOW, f"{NAME} knows", released_text=f"Poor {NAME}")
    refuse_request(con, SYSTEM, ref, NOW, f"{NAME} is too loud.")
    assert purge_permits(con, SYSTEM, home, NOW + YEAR).refs == [ref]
    assert [(each.verdict, each.text) for each in checks.answers_of(con, [check_ref])[check_ref]] == [
        ("objection", "…")
    ]
    con.rollback()
    backup(register, tmp_path / "home" / "after.zip", NOW + YEAR)
    assert found_in(tmp_path) == []
    assert purge_permits(con, SYSTEM, home, NOW + YEAR).refs == []
