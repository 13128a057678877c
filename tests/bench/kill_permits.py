"""Processes killed in the middle of approving, signing, purging and mailing (kill -9), and what is found afterwards.

    python -m tests.bench.kill_permits --kills 50
    python -m tests.bench.kill_permits --kills 20 --register postgresql://me@host/db

Each permit is decided whole or not at all: its status, what it took, the decision, its letters. What was acknowledged
is there. What was purged bears nobody's name anywhere, and the next run purges the rest. Every letter arrives.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg

from tempuse.access import SYSTEM
from tempuse.registry.permits.deciding import approve_permit, refuse_request
from tempuse.store import agreements, claims, events, letters, permits
from tempuse.store.engine import Connection, open_register
from tempuse.vocabulary import LetterStatus
from tests.bench.kill_hundred import _TEMPUSE, Place, look, make, post
from tests.permitting import a_request, approved, sign_on_paper, terms

# So many permits are waiting for each process; none of them gets to the end of them.
MANY = 40
LONG_AGO = timedelta(days=800)


def _days(number: int) -> tuple[date, date]:
    first = date(2030, 1, 1) + timedelta(days=3 * number)
    return first, first + timedelta(days=2)


class Counting:
    """Days that nobody has asked for yet."""

    used = 0


def _more(con: Connection, make_one: Callable[..., str], now: datetime) -> list[str]:
    refs = []
    for _ in range(MANY):
        Counting.used += 1
        space = f"SP-{Counting.used % 40 + 1:04d}"
        refs.append(make_one(con, now, [space], terms(*_days(Counting.used))))
    return refs


def _act(place: Place, what: str, refs: list[str]) -> set[str]:
    """Let a child do it with these, and kill it; what it acknowledged."""
    child = (sys.executable, "-m", "tests.bench.kill_permits", "--child", what, "--refs", ",".join(refs))
    return set(place.killed(what, *child).split("\n")[:-1])


def approve(place: Place) -> None:
    """Approved whole or not at all."""
    register = place.open()
    with register.connect() as con:
        refs = _more(con, a_request, datetime.now(UTC))
        acknowledged = _act(place, "approve", refs)
        for ref in refs:
            done = permits.get(con, ref).status == "approved"
            parts = (
                len(claims.of_permit(con, ref)), len(agreements.decisions_of(con, ref)),
                sum(each.what == "approve" for each in events.of(con, ref)), _letters(con, ref, "permit_approved"),
            )  # fmt: skip
            if parts != (int(done),) * 4 or (ref in acknowledged and not done):
                place.says(f"approve: {ref} {done}, its parts {parts}")
    register.close()


def _letters(con: Connection, ref: str, template: str) -> int:
    waiting = letters.find(con, [LetterStatus.WAITING])
    return sum(each.template == template and each.refs.get("permit") == ref for each in waiting)


def sign(place: Place) -> None:
    """Signed by both sides or by none: they sign on one paper."""
    register = place.open()
    with register.connect() as con:
        refs = _more(con, approved, datetime.now(UTC))
        acknowledged = _act(place, "sign", refs)
        for ref in refs:
            done = permits.get(con, ref).status == "signed"
            parts = len(agreements.signatures_of(con, ref)), _letters(con, ref, "permit_signed")
            if parts != ((2, 1) if done else (0, 0)) or (ref in acknowledged and not done):
                place.says(f"sign: {ref} {done}, its parts {parts}")
    register.close()


def purge(place: Place) -> None:
    """Purged whole or not at all; the next run does the rest."""
    register = place.open()
    with register.connect() as con:
        before = datetime.now(UTC) - LONG_AGO
        refs = _more(con, a_request, before)
        for ref in refs:
            refuse_request(con, SYSTEM, ref, before, "Ada asked for too much.")
        place.killed("purge", *_TEMPUSE, "purge", "--yes")
        for ref in refs:
            purged = _is_purged(con, ref)
            named = any("Ada" in f"{each.actor} {each.note}" for each in events.of(con, ref))
            if purged == named or (permits.get(con, ref).contact_ref is None) != purged:
                place.says(f"purge: {ref} is {'' if purged else 'not '}purged, its history names {'her' * named}")
        con.rollback()
        place.begin(*_TEMPUSE, "purge", "--yes").communicate()
        if left := [ref for ref in refs if not _is_purged(con, ref)]:
            place.says(f"purge: left after another run: {left}")
    register.close()


def _is_purged(con: Connection, ref: str) -> bool:
    return any(each.what == "purge" for each in events.of(con, ref))


WORKS: dict[str, Callable[[Place], None]] = {"approve": approve, "sign": sign, "purge": purge, "letters": post}


def child(what: str, refs: list[str]) -> None:
    """Do one thing with each of these permits, and say so when it is done."""
    register = open_register(os.environ["TEMPUSE_REGISTER"], Path(os.environ["TEMPUSE_HOME"]))
    with register.connect() as con:
        for ref in refs:
            if what == "approve":
                approve_permit(con, SYSTEM, ref, datetime.now(UTC))
            else:
                sign_on_paper(con, ref, datetime.now(UTC))
            print(ref, flush=True)


def main() -> None:
    """Kill, look, and print what was killed and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--register", default="", help="a PostgreSQL URL; otherwise a file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--works", default=",".join(WORKS), help="which of them")
    parser.add_argument("--child", choices=["approve", "sign"], help=argparse.SUPPRESS)
    parser.add_argument("--refs", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child(args.child, args.refs.split(","))
        return
    names = args.works.split(",")
    with tempfile.TemporaryDirectory() as folder:
        schema = f"killing_{os.getpid()}"
        address = f"{args.register}?schema={schema}" if args.register else f"{folder}/register.gpkg"
        place = make(Path(folder), address, args.seed)
        # The letters of approvals wait: those that are sent here are of another register.
        (Path(folder) / "post").mkdir()
        mailing = make(Path(folder) / "post", f"{folder}/post/register.gpkg", args.seed)
        mailing.found, mailing.ended = place.found, place.ended
        for n in range(args.kills + len(set(names) - {"letters"})):  # each is done whole once, to learn its time
            here = mailing if names[n % len(names)] == "letters" else place
            WORKS[names[n % len(names)]](here)
            look(here, names[n % len(names)])
        if args.register:
            with psycopg.connect(args.register, autocommit=True) as con:
                con.execute("SET client_min_messages = warning")
                con.execute(f'DROP SCHEMA "{schema}" CASCADE')
                con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')
    for what, count in sorted(place.ended.items()):
        print(f"{count:5} {what}")
    print(f"{place.ended.total():5} in all; found afterwards: {len(place.found)}")
    for each in place.found:
        print(f"      {each}")
    raise SystemExit(bool(place.found))


if __name__ == "__main__":
    main()
