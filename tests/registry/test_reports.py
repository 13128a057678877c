"""What a citizen tells: taken in once, confirmed, judged, answered, and forgotten in time."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
import shapely

from tempuse.access import PUBLIC, SYSTEM, Actor, Membership
from tempuse.errors import Invalid, NotAllowed, NotFound, WrongState
from tempuse.registry import reports, spaces
from tempuse.reports import Report, check_report
from tempuse.store import letters, published
from tempuse.store import reports as report_rows
from tempuse.store import spaces as space_rows
from tempuse.store.engine import Connection, Register, writing
from tempuse.store.events import of as events_of
from tempuse.vocabulary import ReportKind
from tests.builders import HERE, a_place, a_space, prove

ILSE = Actor("Ilse Maes", frozenset({Membership("planner")}), "PE-0001")


def a_report(**values: Any) -> Report:
    given: dict[str, Any] = {
        "kind": "vacant", "geometry": a_place(), "address": "9 Quay Lane", "space_kind": "unit",
        "since": "Since spring", "text": "The baker left.", **values,
    }  # fmt: skip
    return Report(**given)


def with_mail(**values: Any) -> Report:
    return a_report(contact="jo.vermeer@example.org", contact_consent=True, **values)


def test_a_report_is_kept_as_it_was_told(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, with_mail(language="nl"), now)
    kept = report_rows.get(con, sent.report.ref)
    assert (kept.ref, kept.status, kept.sent_at, kept.language) == ("RP-0001", "sent", now, "nl")
    assert kept.geometry.equals(a_place())
    assert (kept.address, kept.since, kept.text) == ("9 Quay Lane", "Since spring", "The baker left.")
    assert kept.contact_consent is True
    assert not kept.may_be_answered, "nobody has shown yet that the address is theirs"


def test_the_register_keeps_no_secret_that_could_confirm_an_address(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, with_mail(), now)
    assert report_rows.get(con, sent.report.ref).confirm_token is None, "no letter went yet"
    con.rollback()
    reports.expect_secret(con, SYSTEM, sent.report.ref, "a secret in a letter")
    kept = report_rows.get(con, sent.report.ref)
    assert kept.confirm_token not in (None, "a secret in a letter")
    con.rollback()
    assert reports.confirm_report(con, PUBLIC, str(kept.confirm_token), now) is None
    confirmed = reports.confirm_report(con, PUBLIC, "a secret in a letter", now)
    assert confirmed is not None
    assert confirmed.may_be_answered


def test_a_link_that_is_pressed_twice_confirms_once(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, with_mail(), now)
    prove(con, sent.report.ref, now)
    again = prove(con, sent.report.ref, now + timedelta(days=1))
    assert again is not None
    assert again.confirmed_at == now
    assert [event.what for event in events_of(con, "RP-0001")] == ["confirm", "send"]


def test_the_same_form_sent_twice_is_one_report(con: Connection, now: datetime) -> None:
    first = reports.send_report(con, PUBLIC, with_mail(), now, "f1")
    second = reports.send_report(con, PUBLIC, with_mail(), now, "f1")
    assert second.report.ref == first.report.ref
    assert [letter.key for letter in letters.find(con)] == ["report_confirm RP-0001"], "no second mail"
    assert len(report_rows.find(con)) == 1


def test_the_same_form_sent_ten_times_at_once_is_one_report(register: Register, now: datetime) -> None:
    refs: list[str] = []
    with register.connect() as con:
        reports.send_report(con, PUBLIC, a_report(), now, "other")

    def send() -> None:
        with register.connect() as con:
            refs.append(reports.send_report(con, PUBLIC, a_report(), now, "f1").report.ref)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with register.connect() as con:
        assert len(report_rows.find(con)) == 2
    assert len(refs) == 10
    assert len(set(refs)) == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"geometry": None, "address": None}, "address", "report.where"),
        ({"kind": "rumour"}, "kind", "report.kind"),
        ({"kind": "wrong", "text": ""}, "text", "report.what"),
        ({"kind": "wrong", "geometry": None, "address": ""}, "address", "report.where"),
        ({"space_kind": "castle"}, "space_kind", "report.space_kind"),
        ({"text": "x" * 4001}, "text", "report.too_long"),
        ({"contact": "jo.vermeer.example.org", "contact_consent": True}, "contact", "email.no_at"),
        ({"contact": "jo@here", "contact_consent": True}, "contact", "email.odd"),
        ({"contact": "jo vermeer@example.org", "contact_consent": True}, "contact", "email.odd"),
        ({"contact": "jo@example.org\nBcc: all@example.org", "contact_consent": True}, "contact", "email.odd"),
        ({"contact": "jo@example.org"}, "contact_consent", "report.consent"),
        ({"geometry": shapely.Point(0, 95)}, "address", "report.where"),
        ({"geometry": shapely.Point(float("nan"), 1), "address": None}, "address", "report.where"),
        ({"geometry": shapely.LineString([HERE, (0, 0)])}, "address", "report.where"),
    ],
)
def test_what_is_missing_or_wrong_is_told_by_field(
    con: Connection, now: datetime, values: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as caught:
        reports.send_report(con, PUBLIC, a_report(**values), now)
    assert [(issue.field, issue.message) for issue in caught.value.issues] == [(field, message)]
    assert report_rows.find(con) == []


def test_something_wrong_with_a_known_space_needs_no_place() -> None:
    told = a_report(kind="wrong", space_ref="SP-0001", geometry=None, address=None)
    assert check_report(told) == []


def test_a_report_about_a_space_that_is_not_there_is_refused(con: Connection, now: datetime) -> None:
    with pytest.raises(NotFound):
        reports.send_report(con, PUBLIC, a_report(kind="wrong", space_ref="SP-0404"), now)


def test_a_report_is_joined_to_a_space(con: Connection, now: datetime) -> None:
    ref = spaces.add_space(con, ILSE, a_space(), now)
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    judged = reports.judge_report(con, ILSE, sent.report.ref, "join", now, space_ref=ref)
    assert (judged.status, judged.space_ref, judged.judged_by, judged.judged_at) == ("joined", ref, "Ilse Maes", now)
    assert [report.ref for report in report_rows.find(con, space_ref=ref)] == ["RP-0001"]


def test_a_report_that_names_its_space_is_joined_to_it(con: Connection, now: datetime) -> None:
    ref = spaces.add_space(con, ILSE, a_space(), now)
    told = a_report(kind=ReportKind.NOT_VACANT.value, space_ref=ref, geometry=None, address=None)
    sent = reports.send_report(con, PUBLIC, told, now)
    assert reports.judge_report(con, ILSE, sent.report.ref, "join", now).space_ref == ref


def test_joining_needs_a_space_that_is_there(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    with pytest.raises(Invalid):
        reports.judge_report(con, ILSE, sent.report.ref, "join", now)
    with pytest.raises(NotFound):
        reports.judge_report(con, ILSE, sent.report.ref, "join", now, space_ref="SP-0404")
    assert report_rows.get(con, sent.report.ref).status == "sent"


def test_a_space_is_made_of_a_report_only_when_the_office_says_so(con: Connection, now: datetime) -> None:
    told = with_mail(text="Ask Jo Vermeer, 0477 12 34 56")
    sent = reports.send_report(con, PUBLIC, told, now)
    assert space_rows.count(con, space_rows.SpaceFilter()) == 0
    con.rollback()
    described = a_space(status="offered", name=None, address="9 Quay Lane", kind="unit", geometry=None)
    judged = reports.judge_report(con, ILSE, sent.report.ref, "make", now, space=described)
    made = space_rows.get(con, str(judged.space_ref))
    assert (made.status, made.source, made.source_ref, made.placed_by) == (
        "reported",
        "citizen report",
        None,
        "estimate",
    )
    assert made.geometry.equals(a_place())
    kept = " ".join(str(getattr(made, name)) for name in made.__slots__)
    assert "Vermeer" not in kept
    assert "0477" not in kept
    assert published.feature(con, "spaces", made.ref) is None


def test_a_space_that_does_not_fit_leaves_the_report_waiting(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    with pytest.raises(Invalid):
        reports.judge_report(con, ILSE, sent.report.ref, "make", now, space=a_space(storey=900))
    assert report_rows.get(con, sent.report.ref).status == "sent"
    assert space_rows.count(con, space_rows.SpaceFilter()) == 0


def test_an_answer_needs_words(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    for words in (None, "", "x" * 4001):
        with pytest.raises(Invalid):
            reports.judge_report(con, ILSE, sent.report.ref, "answer", now, answer=words)
    judged = reports.judge_report(con, ILSE, sent.report.ref, "answer", now, answer="It is let from May.")
    assert (judged.status, judged.answer) == ("answered", "It is let from May.")


def test_a_report_is_judged_once_unless_it_is_opened_again(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    reports.judge_report(con, ILSE, sent.report.ref, "answer", now, answer="Thank you.")
    with pytest.raises(WrongState):
        reports.judge_report(con, ILSE, sent.report.ref, "make", now)
    opened = reports.judge_report(con, ILSE, sent.report.ref, "reopen", now)
    assert (opened.status, opened.answer, opened.judged_by) == ("sent", None, None)


def test_the_public_cannot_judge(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, a_report(), now)
    with pytest.raises(NotAllowed):
        reports.judge_report(con, PUBLIC, sent.report.ref, "answer", now, answer="Thank you.")
    with pytest.raises(NotAllowed):
        reports.blank_contacts(con, PUBLIC, now)


def test_addresses_are_removed_when_their_time_is_over(con: Connection, now: datetime) -> None:
    old = reports.send_report(con, PUBLIC, with_mail(), now - timedelta(days=366))
    new = reports.send_report(con, PUBLIC, with_mail(), now - timedelta(days=364))
    without = reports.send_report(con, PUBLIC, a_report(), now - timedelta(days=700))
    assert reports.blank_contacts(con, ILSE, now) == 1
    blanked = report_rows.get(con, old.report.ref)
    assert (blanked.contact, blanked.contact_removed_at, blanked.confirm_token) == (None, now, None)
    assert blanked.text == "The baker left."
    assert report_rows.get(con, new.report.ref).contact == "jo.vermeer@example.org"
    assert report_rows.get(con, without.report.ref).contact_removed_at is None
    con.rollback()
    assert reports.blank_contacts(con, ILSE, now) == 0
    assert prove(con, old.report.ref, now) is None


def test_a_report_that_cannot_be_read_keeps_no_other_address_in_the_register(con: Connection, now: datetime) -> None:
    old = now - timedelta(days=400)
    sent = [reports.send_report(con, PUBLIC, with_mail(), old).report.ref for _ in range(3)]
    if con.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses what is no instant by itself")
    with writing(con):
        con.exec_driver_sql("UPDATE reports SET confirmed_at = 'some day' WHERE ref = ?", (sent[0],))
    with pytest.raises(ValueError, match="some day"):
        reports.blank_contacts(con, ILSE, now)
    con.rollback()
    assert [report_rows.get(con, ref).contact for ref in sent[1:]] == [None, None]


def test_no_event_names_the_sender(con: Connection, now: datetime) -> None:
    sent = reports.send_report(con, PUBLIC, with_mail(), now - timedelta(days=400))
    prove(con, sent.report.ref, now)
    reports.judge_report(con, ILSE, sent.report.ref, "make", now)
    reports.blank_contacts(con, ILSE, now)
    told = [*events_of(con, sent.report.ref), *events_of(con, "SP-0001")]
    assert len(told) == 5
    assert "vermeer" not in str(told).lower()
    assert "baker" not in str(told)


def test_nothing_of_a_report_is_ever_published(con: Connection, now: datetime) -> None:
    ref = spaces.add_space(con, ILSE, a_space(), now)
    marked = with_mail(
        kind="wrong", space_ref=ref, text="MARKED text", since="MARKED since", address="MARKED address",
    )  # fmt: skip
    sent = reports.send_report(con, PUBLIC, marked, now, "MARKEDform")
    reports.judge_report(con, ILSE, sent.report.ref, "join", now, answer="MARKED answer")
    made = reports.judge_report(
        con, ILSE, reports.send_report(con, PUBLIC, a_report(text="MARKED", since="MARKED"), now).report.ref, "make",
        now, space=a_space(name="Bakery"), answer="MARKED",
    )  # fmt: skip
    for move in ("verify", "offer"):
        spaces.move_space(con, ILSE, str(made.space_ref), move, now)
    shown = [
        text
        for collection in ("spaces", "areas", "reports")
        for page in published.walk(con, collection)
        for text in page
    ]
    assert len(shown) == 2
    for secret in ("MARKED", "vermeer", "RP-0", "Ilse"):
        assert secret not in " ".join(shown)
