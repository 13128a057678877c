"""A watch is asked for, confirmed by its link, changed and ended; and forgotten when its time is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tempuse import questions
from tempuse.access import Actor, check_allowed
from tempuse.emails import tidy_email
from tempuse.errors import Invalid, Issue
from tempuse.registry.letters import tell
from tempuse.registry.reports import fingerprint
from tempuse.registry.watches.sweeping import note_what_fits
from tempuse.store import forms, watches
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Permission, WatchEnd
from tempuse.wanted import Wanted, check_wanted
from tempuse.watches import BLANKED, LASTS, UNCONFIRMED, Watch, check_watch


class WishToHear(NamedTuple):
    """What became of a wish to hear: the watch, and whether a letter goes to its address."""

    watch: Watch
    told: bool


def _everybody(address: str) -> bool:
    return True


def ask_to_hear(
    con: Connection, actor: Actor, wanted: Wanted, email: str, every: str, language: str, now: datetime,
    form_token: str | None = None, may_write: Callable[[str], bool] = _everybody,
) -> WishToHear:  # fmt: skip
    """Keep a question for an address, and write the letter by which it is confirmed.

    The answer is the same whether the address asks this already or not: then its one letter says so.

    Args:
        con: an idle connection.
        actor: who asks.
        wanted: the question.
        email: where letters go.
        every: a value of WatchPace.
        language: the reader's.
        now: the instant.
        form_token: of the form that was sent; None where none was.
        may_write: asked once, with the address, whether a letter may go there.

    Raises:
        Invalid: the question asks nothing or contradicts itself, or the address is none.
    """
    check_allowed(actor, Permission.REPORT_SEND)
    question = questions.text_of(wanted)
    watch = Watch(
        email=tidy_email(email), language=language, question=question, question_sha256=fingerprint(question),
        every=every, made_at=now, ends_on=get_settings(con).today(now) + LASTS,
    )  # fmt: skip
    con.rollback()
    issues = [*check_watch(watch), *check_wanted(wanted)]
    if wanted.is_empty:
        issues.append(Issue.of("question", "", "watch.no_question"))
    if issues:
        raise Invalid("watch.invalid", issues)
    told = False

    def make() -> str:
        nonlocal told
        held = watches.same(con, str(watch.email), watch.question_sha256)
        watch.id = watches.add(con, watch) if held is None else held.id
        told = may_write(str(watch.email))
        if told:
            tell(con, now, "watch_confirm", "watch", str(watch.id), language, event=now.date().isoformat())
        return str(watch.id)

    with writing(con):
        forms.once(con, "watch", form_token, now, make)
    return WishToHear(watch, told)


def expect_secret(con: Connection, actor: Actor, number: int, secret: str) -> None:
    """Let whoever knows this secret show, confirm, change and end a watch; its fingerprint alone is kept."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        watch = watches.find_one(con, number, lock=True)
        if watch is not None and watch.ended_at is None:
            watch.secret_sha256 = fingerprint(secret)
            watches.save(con, watch)


def of_secret(con: Connection, secret: str) -> Watch | None:
    """The watch of whoever holds a secret; None where there is none, or its address was blanked."""
    return watches.of_secret(con, fingerprint(secret))


def confirm_watch(con: Connection, actor: Actor, secret: str, now: datetime) -> Watch | None:
    """Begin to look. What fits today is no news: it counts as told. Twice does no harm."""
    check_allowed(actor, Permission.REPORT_SEND)
    with writing(con):
        watch = watches.of_secret(con, fingerprint(secret), lock=True)
        if watch is None or watch.ended_at is not None:
            return watch
        if watch.confirmed_at is None:
            watch.confirmed_at = now
            watches.save(con, watch)
            note_what_fits(con, watch, now)
        return watch


def change_watch(
    con: Connection, actor: Actor, secret: str, now: datetime, *, every: str | None = None, still: bool = False,
    wanted: Wanted | None = None,
) -> Watch | None:  # fmt: skip
    """Change how often letters come, say that it is still wanted, or ask something else; then what fits is no news.

    Raises:
        Invalid: the pace is none, or the question asks nothing.
    """
    check_allowed(actor, Permission.REPORT_SEND)
    with writing(con):
        watch = watches.of_secret(con, fingerprint(secret), lock=True)
        if watch is None or watch.ended_at is not None:
            return watch
        if every is not None:
            watch.every = every
        if still:
            watch.ends_on, watch.asked_again_at = get_settings(con).today(now) + LASTS, None
        if wanted is not None:
            watch.question = questions.text_of(wanted)
            watch.question_sha256 = fingerprint(watch.question)
            watch.paused_at = watch.paused_why = None
        if issues := check_watch(watch):
            raise Invalid("watch.invalid", issues)
        watches.save(con, watch)
        if wanted is not None:
            note_what_fits(con, watch, now)
        return watch


def end_watch(con: Connection, actor: Actor, secret: str, now: datetime, how: WatchEnd = WatchEnd.LINK) -> Watch | None:
    """End a watch by its link. Twice does no harm."""
    check_allowed(actor, Permission.REPORT_SEND)
    with writing(con):
        watch = watches.of_secret(con, fingerprint(secret), lock=True)
        if watch is not None:
            _end(con, watch, how, now)
        return watch


def end_watches_of(con: Connection, actor: Actor, email: str, now: datetime, how: WatchEnd = WatchEnd.OFFICE) -> int:
    """End every watch of an address, for whoever asks the office or is forgotten; how many."""
    check_allowed(actor, Permission.PERSON_EDIT)
    with writing(con):
        found = watches.of_email(con, tidy_email(email))
        for watch in found:
            _end(con, watch, how, now)
    return len(found)


def _end(con: Connection, watch: Watch, how: WatchEnd, now: datetime) -> None:
    if watch.ended_at is None:
        watch.ended_at, watch.ended_how = now, how.value
        watches.save(con, watch)


def forget_watches(con: Connection, actor: Actor, now: datetime) -> int:
    """End what nobody wants any more, remove what nobody confirmed, blank whose watch ended; how many of these."""
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        today = get_settings(con).today(now)
        for number in watches.over(con, today):
            watch = watches.find_one(con, number)
            if watch is not None:
                _end(con, watch, WatchEnd.LAPSED, now)
        return watches.forget(con, now - UNCONFIRMED, now - BLANKED)
