"""Neighbours are told, comment in time and late, and are answered; on both engines."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.checks import Comment, Notice
from tempuse.errors import Invalid, NotFound
from tempuse.registry import setup
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.permits.noticing import answer_comment, note_posted, notice_seen, open_notice, send_comment
from tempuse.registry.spaces import add_space
from tempuse.store import checks, letters
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.permitting import a_request, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
MAY = terms(date(2027, 5, 1), date(2027, 5, 31))
SECRET = "of the notice"


def april(day: int, hour: int = 9) -> datetime:
    return datetime(2027, 4, day, hour, 0, tzinfo=UTC)


@pytest.fixture
def ref(con: Connection) -> str:
    kind = {"name": "use", "title": {"en": "Use"}, "notice_days": 14}
    setup.change_settings(
        con, SYSTEM, {"permit_kinds": json.dumps([kind]), "contact_email": "office@city.example"}, NOW
    )
    return a_request(con, NOW, [add_space(con, SYSTEM, a_space(), NOW)], MAY)


def tell(con: Connection, ref: str, first: int = 2, last: int = 16, secret: str = SECRET, **values: Any) -> Notice:
    about = {"opens_on": date(2027, 4, first), "closes_on": date(2027, 4, last), "text": "Evenings in May", **values}
    return open_notice(con, SYSTEM, ref, Notice(**about), NOW, secret=secret)


def obstacles(con: Connection, ref: str, now: datetime) -> list[str]:
    with pytest.raises(Invalid) as caught:
        approve_permit(con, SYSTEM, ref, now)
    return [issue.message for issue in caught.value.issues]


def test_nothing_is_approved_before_the_time_is_over_and_every_comment_answered(con: Connection, ref: str) -> None:
    assert obstacles(con, ref, NOW) == ["notice.missing"]
    tell(con, ref)
    assert obstacles(con, ref, april(16, 21)) == ["notice.runs"]
    send_comment(con, PUBLIC, SECRET, Comment(text="Mind the bats."), april(16, 21))
    assert obstacles(con, ref, april(16, 22)) == ["comment.unanswered"]  # the 17th in Brussels
    answer_comment(con, SYSTEM, ref, 1, april(17), "We do.")
    assert approve_permit(con, SYSTEM, ref, april(17)).status == "approved"


def test_a_further_notice_makes_the_time_longer_and_never_shorter(con: Connection, ref: str) -> None:
    tell(con, ref)
    tell(con, ref, last=20, secret="another")
    tell(con, ref, last=10, secret="a third")
    for secret in (SECRET, "another", "a third"):
        assert notice_seen(con, PUBLIC, secret, april(18)).window.closes_on == date(2027, 4, 20)
        con.rollback()
    assert obstacles(con, ref, april(18)) == ["notice.runs"]


def test_a_late_comment_is_taken_and_marked_and_keeps_nobody_waiting(con: Connection, ref: str) -> None:
    tell(con, ref)
    in_time = send_comment(con, PUBLIC, SECRET, Comment(text="In time"), april(16, 21))
    late = send_comment(con, PUBLIC, SECRET, Comment(text="Late", name="Bo"), april(16, 22))
    assert [(each.number, each.late) for each in (in_time, late)] == [(1, False), (2, True)]
    answer_comment(con, SYSTEM, ref, 1, april(18), "Thank you.")
    assert [each.number for each in checks.unanswered_comments(con)] == [2]
    con.rollback()
    approve_permit(con, SYSTEM, ref, april(18))
    assert send_comment(con, PUBLIC, SECRET, Comment(text="Later still"), april(19)).late


def test_a_comment_stays_as_it_was_written_and_others_read_what_was_released(con: Connection, ref: str) -> None:
    tell(con, ref)
    wrote = Comment(name="Bo", contact="bo@home.example", text="My neighbour Cem at number 9 is ill. No drums.")
    for _ in range(2):
        send_comment(con, PUBLIC, SECRET, wrote, april(5), "form-1")
    assert len(checks.comments_of(con, ref)) == 1
    con.rollback()
    assert [each.to_ref for each in letters.find(con) if each.template == "permit_comment"] == ["office"]
    con.rollback()
    answer_comment(con, SYSTEM, ref, 1, april(6), "There are none.", released_text="No drums.")
    (kept,) = checks.comments_of(con, ref)
    assert (kept.text, kept.released_text, kept.answer) == (wrote.text, "No drums.", "There are none.")
    shown = notice_seen(con, PUBLIC, SECRET, april(7))
    con.rollback()
    assert shown.released == (("No drums.", "There are none."),)
    assert "Ada" not in repr(shown)
    assert "Bo" not in repr(shown)


def test_a_page_has_its_secret_and_a_comment_its_words(con: Connection, ref: str) -> None:
    tell(con, ref)
    for act in (
        lambda: notice_seen(con, PUBLIC, "guessed", april(5)),
        lambda: send_comment(con, PUBLIC, "guessed", Comment(text="Hello"), april(5)),
    ):
        with pytest.raises(NotFound):
            act()
        con.rollback()
    for comment in (Comment(text="  "), Comment(text="x" * 4001), Comment(text="Hello", name="x" * 201)):
        with pytest.raises(Invalid):
            send_comment(con, PUBLIC, SECRET, comment, april(5))
    assert checks.comments_of(con, ref) == []


def test_a_notice_has_its_days_in_order_and_still_to_come(con: Connection, ref: str) -> None:
    for values, message in (
        ({"closes_on": date(2027, 4, 1)}, "notice.ends_before_start"),
        ({"opens_on": date(2027, 3, 1), "closes_on": date(2027, 3, 31)}, "notice.past"),
        ({"closes_on": None}, "field.needed"),
        ({"text": ""}, "field.needed"),
    ):
        with pytest.raises(Invalid) as caught:
            tell(con, ref, **values)  # type: ignore[arg-type]
        assert [issue.message for issue in caught.value.issues] == [message]
    notice = tell(con, ref)
    with pytest.raises(Invalid):
        note_posted(con, SYSTEM, ref, notice.number, date(2027, 4, 9), april(3))
    assert note_posted(con, SYSTEM, ref, notice.number, date(2027, 4, 2), april(3)).posted_on == date(2027, 4, 2)
