"""Neighbours are told of a request, comment until a day, and are answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from tempuse.access import Actor, check_allowed
from tempuse.checks import Comment, Notice, Window, check_text, window_of
from tempuse.errors import Invalid, Issue, NotFound
from tempuse.fields import check_record
from tempuse.permits import CLAIMING, OPEN
from tempuse.registry.permits.holding import Held, allow, expect, holding, tell_office
from tempuse.registry.reports import fingerprint
from tempuse.store import checks, forms, permits
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission


def open_notice(
    con: Connection, actor: Actor, ref: str, notice: Notice, now: datetime, *, secret: str, revision: int | None = None
) -> Notice:  # fmt: skip
    """Tell the neighbours of a request: from a day to a day they may comment on the page that a secret opens.

    A further notice makes the time longer and never shorter: it lasts until the latest last day.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        notice: its days and what neighbours read.
        now: the instant.
        secret: in the address of its page; the register keeps its fingerprint.
        revision: what they saw; when the permit was changed since, nothing is written.

    Raises:
        Invalid: a day or the text is missing, or the last day is before the first, or past.
        WrongState: the permit is over.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with (
        writing(con),
        holding(con, actor, ref, now, "open_notice", revision=revision, note=notice.text or None) as held,
    ):
        expect(held.permit, (*OPEN, *CLAIMING))
        noted = replace(notice, permit_ref=ref, token=fingerprint(secret), opened_at=now, by=actor.name)
        issues = [*check_record(noted), *check_text("text", noted.text)]
        issues += [Issue.of(name, "", "field.needed") for name in ("opens_on", "closes_on") if not getattr(noted, name)]
        if noted.closes_on and noted.closes_on < held.today:
            issues.append(Issue.of("closes_on", noted.closes_on.isoformat(), "notice.past"))
        if issues:
            raise Invalid("permit.invalid", issues)
        checks.add_notice(con, noted)
        held.told |= {"opens_on": [None, noted.opens_on], "closes_on": [None, noted.closes_on]}
    return noted


def note_posted(con: Connection, actor: Actor, ref: str, number: int, on: date, now: datetime) -> Notice:
    """Write down on which day a notice was posted up on the spot.

    Raises:
        NotFound: there is no such notice.
        Invalid: the day is still to come.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con), holding(con, actor, ref, now, "post_notice") as held:
        notice = checks.lock_notice(con, ref, number)
        if on > held.today:
            raise Invalid("permit.invalid", [Issue.of("posted_on", on.isoformat(), "permit.not_yet")])
        notice.posted_on = on
        checks.save_notice(con, notice)
        held.told["posted_on"] = [None, on]
    return notice


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """What the page of a notice may show: nothing of who asks, nor of what else the office knows.

    ``space_refs`` are the spaces that were asked for: the page shows of them what everybody sees. ``released`` are
    pairs of what others may read of a comment, and of the answer to it.
    """

    permit_ref: str
    text: str
    window: Window
    is_over: bool
    is_coming: bool
    is_decided: bool
    space_refs: tuple[str, ...]
    title: str | None
    purpose: str | None
    starts_on: date | None
    ends_on: date | None
    released: tuple[tuple[str, str], ...]


def notice_seen(con: Connection, actor: Actor, secret: str, now: datetime) -> NoticeSeen:
    """What the page shows that a secret opens.

    Raises:
        NotFound: it opens none.
    """
    check_allowed(actor, Permission.COMMENT_SEND)
    notice = _of_secret(con, secret)
    permit, terms = permits.one_ruled(con, notice.permit_ref)
    window, today = _window(con, notice.permit_ref), get_settings(con).today(now)
    return NoticeSeen(
        permit.ref, notice.text, window, window.is_over(today), today < window.opens_on, permit.status not in OPEN,
        tuple(permit.space_refs), permit.title, permit.purpose_released, terms.starts_on, terms.ends_on,
        tuple(
            (each.released_text, each.answer or "")
            for each in checks.comments_of(con, permit.ref) if each.released_text
        ),
    )  # fmt: skip


def _of_secret(con: Connection, secret: str) -> Notice:
    notice = checks.notice_of_token(con, fingerprint(secret))
    if notice is None:
        raise NotFound("notice.no_page")
    return notice


def _window(con: Connection, ref: str) -> Window:
    window = window_of(checks.notices_of(con, ref))
    assert window is not None  # each notice has its days
    return window


def send_comment(
    con: Connection, actor: Actor, secret: str, comment: Comment, now: datetime, form_token: str | None = None
) -> Comment:  # fmt: skip
    """Take in what a neighbour writes. After the last day it is taken, too, and marked as late.

    The same form sent twice is one comment.

    Raises:
        NotFound: there is no such page.
        Invalid: nothing was written, or too much.
    """
    check_allowed(actor, Permission.COMMENT_SEND)
    noted = replace(comment, at=now)
    if issues := [*check_record(noted), *check_text("text", comment.text)]:
        raise Invalid("permit.invalid", issues)

    def take() -> str:
        permit = permits.lock(con, noted.permit_ref)
        checks.add_comment(con, noted)
        add_event(con, actor, now, "permit", permit.ref, "comment", status=permit.status)
        tell_office(con, permit, "permit_comment", now, str(noted.number))
        return str(noted.number)

    with writing(con):
        noted.permit_ref = _of_secret(con, secret).permit_ref
        noted.late = _window(con, noted.permit_ref).is_over(get_settings(con).today(now))
        number = forms.once(con, "comment", form_token, now, take)
        return checks.lock_comment(con, noted.permit_ref, int(number))


def answer_comment(
    con: Connection, actor: Actor, ref: str, number: int, now: datetime, answer: str, *,
    released_text: str | None = None,
) -> Comment:  # fmt: skip
    """Answer a comment. Where others may read something of it, they read the answer, too, on the notice's page.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        number: which comment.
        now: the instant.
        answer: the answer.
        released_text: what others may read of the comment; nothing where it is empty. The comment itself stays.

    Raises:
        NotFound: there is no such comment.
        Invalid: the answer is empty or too long.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        permit, comment = permits.lock(con, ref), checks.lock_comment(con, ref, number)
        noted = replace(comment, answer=answer.strip(), answered_at=now, answered_by=actor.name,
                        released_text=(released_text or "").strip() or None)  # fmt: skip
        if issues := [*check_record(noted), *check_text("answer", answer)]:
            raise Invalid("permit.invalid", issues)
        if replace(noted, answered_at=comment.answered_at) == comment:
            return comment
        checks.save_comment(con, noted)
        add_event(con, actor, now, "permit", ref, "answer_comment", status=permit.status)
    return noted


def not_heard(con: Connection, held: Held) -> list[Issue]:
    """Obstacle: the neighbours were not told though the kind asks for it, may still comment, or wait for an answer.

    What came late is answered, too, but keeps nobody waiting.
    """
    window = window_of(checks.notices_of(con, held.permit.ref))
    if window is None:
        return [Issue.of("notice", "", "notice.missing", days=held.kind.notice_days)] if held.kind.notice_days else []
    issues = [] if window.is_over(held.today) else [Issue.of("notice", "", "notice.runs", day=window.closes_on)]
    waiting = [each for each in checks.comments_of(con, held.permit.ref) if each.answered_at is None and not each.late]
    if waiting:
        issues.append(Issue.of("comments", "", "comment.unanswered", count=len(waiting)))
    return issues
