"""What the groups of Rivermouth look for: sent, confirmed, released and ended by the use cases, each at its time.

Their data is ``data/demo/rivermouth-needs.csv``; its README says how it is to be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl

from tempuse import questions
from tempuse.access import PUBLIC, Actor
from tempuse.demo.dates import dated, moved
from tempuse.demo.rivermouth import rows_of
from tempuse.needs import Need
from tempuse.registry import letters
from tempuse.registry.needs.changing import move_need
from tempuse.registry.needs.drafting import confirm_need, draft_need, expect_secret
from tempuse.registry.permits.requesting import Requester
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_all
from tempuse.store import watches
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import LetterStatus, WatchEnd, WatchPace
from tempuse.watches import PACES

_DAYS = ("from", "by")
# How long each step takes; nothing happens later than now.
_CONFIRMED, _RELEASED, _ENDED = timedelta(hours=2), timedelta(days=1), timedelta(days=45)
# What a question asked before the list of uses was made anew.
_NO_LONGER_LISTED = "atelier"
_ENDS = {"ended": (WatchEnd.LINK, _ENDED), "bounced": (WatchEnd.BOUNCE, timedelta(days=60))}


def make_needs(
    con: Connection, actor: Actor, districts: Mapping[str, str], uses: Mapping[str, str], months: int, now: datetime
) -> int:  # fmt: skip
    """Let every group of the data look for its space; how many they are.

    Args:
        con: an idle connection.
        actor: who releases what they wrote.
        districts: the districts' refs by their codes.
        uses: the permits' refs by what they are called.
        months: by how many months all dates of the questions are moved.
        now: the instant; nothing happens later.
    """
    rows = sorted(rows_of("demo/rivermouth-needs.csv"), key=lambda row: -int(row["opened"]))
    for row in rows:
        _look(con, actor, row, question_of(row["question"], districts, months), uses, months, now)
    for row in sorted(rows, key=lambda row: row["told"] != "paused"):
        if row["told"]:
            _watch(con, actor, row, question_of(row["question"], districts, months), now)
    while (letter := letters.take_letter(con, actor, now)) is not None:  # nobody of that town has a mailbox
        letters.settle_letter(con, actor, letter, LetterStatus.SENT, "", now)
    return len(rows)


def question_of(text: str, districts: Mapping[str, str], months: int) -> str:
    """A question of the data as a need keeps it: its days moved, its districts by their refs."""
    said = []
    for name, value in parse_qsl(text):
        if name in _DAYS:
            value = str(moved(date.fromisoformat(value), months))
        elif name == "district":
            value = ",".join(districts[code] for code in value.split(","))
        said.append((name, value))
    wanted, issues = questions.read(said)
    assert not issues, (text, issues)
    return questions.text_of(wanted)


def _look(
    con: Connection, actor: Actor, row: Mapping[str, str], question: str, uses: Mapping[str, str], months: int,
    now: datetime,
) -> None:  # fmt: skip
    at = now - timedelta(days=int(row["opened"]))
    who = Requester(name=row["contact"], email=_address(row), group=row["group"])
    need = Need(
        title=row["title"], purpose=row["purpose"], question=question, near_label=row["near"] or None,
        audience=row["audience"],
    )  # fmt: skip
    ref = draft_need(con, PUBLIC, need, who, at).need.ref
    if row["state"] == "draft":
        return
    expect_secret(con, actor, ref, f"the demo, {ref}")
    confirm_need(con, PUBLIC, f"the demo, {ref}", min(at + _CONFIRMED, now))
    if row["released"]:
        said = dated(row["released"], months)
        move_need(con, actor, ref, "release", min(at + _RELEASED, now), released_text=said)
    if row["confirmed"]:
        move_need(con, actor, ref, "confirm", now - timedelta(days=int(row["confirmed"])))
    over = min(at + _ENDED, now)
    if row["state"] == "met":
        met_by = uses[row["met_by"]] if row["met_by"] else None
        move_need(con, actor, ref, "fulfil", over, met_how=row["met_how"], met_by_ref=met_by)
    elif row["state"] == "withdrawn":
        move_need(con, actor, ref, "withdraw", over, note=row["because"])
    elif row["state"] == "set_aside":
        move_need(con, actor, ref, "set_aside", over, note=row["because"])


def _address(row: Mapping[str, str]) -> str:
    slug = re.sub(r"[^a-z]+", "-", row["group"].lower()).strip("-")
    return f"{slug}@groups.example"


def _watch(con: Connection, actor: Actor, row: Mapping[str, str], question: str, now: datetime) -> None:
    """Let them hear of each space that begins to fit what they look for; what fits on that day is no news."""
    at = now - timedelta(days=int(row["opened"]))
    secret, every = f"the demo, {row['group']}", row["told"] if row["told"] in PACES else WatchPace.DAY.value
    wanted, _ = questions.read_text(question)
    sent = keeping.ask_to_hear(con, PUBLIC, wanted, _address(row), every, "en", at)
    keeping.expect_secret(con, actor, sent.watch.id, secret)
    if row["told"] != "unconfirmed":
        keeping.confirm_watch(con, PUBLIC, secret, min(at + _CONFIRMED, now))
    if row["told"] == "paused":
        _ask_as_of_old(con, sent.watch.id)
        sweep_all(con, actor, now)  # by which it is seen
    if row["told"] in _ENDS:
        how, after = _ENDS[row["told"]]
        keeping.end_watch(con, PUBLIC, secret, min(at + after, now), how)


def _ask_as_of_old(con: Connection, number: int) -> None:
    """Let a search ask for a use that was on the list when it was written, and is no longer."""
    with writing(con):
        watch = watches.find_one(con, number, lock=True)
        assert watch is not None
        watch.question = re.sub(r"use=[a-z_,]+", f"use={_NO_LONGER_LISTED}", watch.question)
        watches.save(con, watch)
