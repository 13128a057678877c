"""The letters of watches in words: to confirm one, what began to fit, that it is paused, whether it is still wanted."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

from tempuse import questions
from tempuse.access import SYSTEM
from tempuse.letters import Letter
from tempuse.registry.reports import fingerprint
from tempuse.registry.watches import keeping
from tempuse.store import published, watches
from tempuse.watches import UNCONFIRMED, Watch
from web import database
from web.letters import writing
from web.letters.writing import Addressed, Moot
from web.match import question, wording
from web.presenters import cards


def _watch(letter: Letter) -> Watch:
    watch = watches.find_one(database.connection(), int(letter.to_ref))
    if watch is None or watch.email is None or watch.ended_at is not None:
        raise Moot("ended" if watch else "no watch")
    return watch


def _secret(watch: Watch) -> str:
    """What proves an address: whoever got a letter knows it, and the home's key makes it again."""
    secret = writing.secret_about(f"watch {watch.id} {watch.made_at.isoformat()} {watch.email}")
    if watch.secret_sha256 != fingerprint(secret):
        keeping.expect_secret(database.idle(), SYSTEM, watch.id, secret)
    return secret


def link_of(watch: Watch) -> str:
    """The page that shows, changes and ends a watch, for whoever its address is known to belong to."""
    return url_for("public.watch", secret=_secret(watch))


def _addressed(watch: Watch, **more: Any) -> Addressed:
    secret = _secret(watch)
    asked = questions.read_text(watch.question)[0]
    link = writing.address_of("public.watch", secret=secret)
    values = {"summary": wording.summary(asked), "link": link, **more}
    return Addressed(str(watch.email), values, stop=writing.address_of("public.watch_stop", secret=secret))


def _confirm(letter: Letter) -> Addressed:
    watch = _watch(letter)
    return _addressed(watch, days=UNCONFIRMED.days, is_known=watch.confirmed_at is not None)


def _hits(letter: Letter) -> Addressed:
    """What began to fit; a space that left the public's sight since is not named, and without any nothing goes."""
    watch = _watch(letter)
    found = []
    for ref in letter.refs["spaces"].split():
        text = published.feature(database.connection(), "spaces", ref)
        if text is not None:
            found.append(cards.of_feature(text))
    if not found:
        raise Moot("nothing is left")
    spaces = [
        {
            "title": cards.title(shown), "meta": cards.meta(shown), "state": cards.state(shown),
            "link": writing.base() + url_for("public.space", ref=shown["ref"]),
        }
        for shown in found
    ]  # fmt: skip
    more = max(int(letter.refs.get("more", "0")), 0)
    asked = questions.read_text(watch.question)[0]
    every = writing.base() + url_for("public.match") + question.address(asked)
    return _addressed(watch, spaces=spaces, more=more, every=every)


def _paused(letter: Letter) -> Addressed:
    watch = _watch(letter)
    if watch.paused_at is None:
        raise Moot("asks again")
    _, issues = questions.read_text(watch.question)
    return _addressed(watch, unknown=[issue.value or issue.field for issue in issues])


def _still(letter: Letter) -> Addressed:
    watch = _watch(letter)
    if watch.asked_again_at is None:
        raise Moot("said already")
    return _addressed(watch, day=watch.ends_on)


def init_app(app: Flask) -> None:
    """Let these letters be worded."""
    writing.CONTENTS |= {
        "watch_confirm": _confirm, "watch_hits": _hits, "watch_paused": _paused, "watch_still": _still,
    }  # fmt: skip
