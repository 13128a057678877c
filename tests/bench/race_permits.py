"""Eight processes approve at once what overlaps, round after round: ``python -m tests.bench.race_permits``.

Each round is a site of three spaces and eight requests for it, which list them in other orders. Exactly one is
approved; seven are told by whom they were forestalled; nobody waits for ever. In every second round the first process
is killed at a random moment: what it did is whole, or not there.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import signal
import statistics
import subprocess
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import psycopg

from tempuse.access import SYSTEM
from tempuse.registry import setup
from tempuse.registry.care import checking
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, claims, permits
from tempuse.store.engine import Connection, open_register
from tests import store_child
from tests.builders import a_place, a_space
from tests.permitting import a_request, terms

EIGHT = 8
# Seconds in which each process has said how it ended: nobody waits for ever.
ANSWERS_WITHIN = 120.0
NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def ask(con: Connection, round_number: int) -> list[str]:
    """Eight requests for a new site, whose days overlap all."""
    place = a_place(round_number / 1000)
    whole = add_space(con, SYSTEM, a_space(kind="plot", geometry=place), NOW)
    site = [whole, *(add_space(con, SYSTEM, a_space(kind="unit", within_ref=whole), NOW) for _ in range(2))]
    orders = list(permutations(site))
    return [
        a_request(
            con, NOW, orders[n % len(orders)],
            terms(date(2027, 5, 1) + timedelta(days=n), date(2027, 6, 30) + timedelta(days=n)), group=f"Group {n}",
        )
        for n in range(EIGHT)
    ]  # fmt: skip


def faults_of(con: Connection, refs: list[str], said: list[str], killed: bool) -> list[str]:
    """What is not as it should be after a round."""
    approved = [ref for ref in refs if permits.get(con, ref).status == "approved"]
    taken = claims.of_permits(con, refs)
    faults = []
    if len(approved) != 1 or list(taken) != approved or len(taken[approved[0]]) != 3:
        faults.append(f"approved: {approved}, with claims: {sorted(taken)}")
    faults += [
        f"{ref}: {len(agreements.decisions_of(con, ref))} decisions" for ref in refs
        if len(agreements.decisions_of(con, ref)) != (ref in approved)
    ]  # fmt: skip
    con.rollback()
    expected = {"done", *(f"permit.overlaps {ref}" for ref in approved), *([""] if killed else [])}
    return faults + [f"said: {each}" for each in said if each not in expected]


def _say(child: subprocess.Popen[str], ref: str) -> None:
    assert child.stdin is not None
    child.stdin.write(f"{ref}\n")
    child.stdin.flush()


def _answer(child: subprocess.Popen[str]) -> str:
    """What a process says of its permit; nothing where it was killed."""
    assert child.stdout is not None
    there, _, _ = select.select([child.stdout], [], [], ANSWERS_WITHIN)
    return child.stdout.readline().strip() if there else "said nothing in time"


def run(con: Connection, address: str, rounds: int, rng: random.Random) -> tuple[list[str], list[float]]:
    """So many rounds: what was found, and how long each took from the start of all to the end of the last."""
    found, seconds = [], []
    children = [store_child.start("approve each", address) for _ in range(EIGHT)]
    store_child.ready(children)
    for number in range(rounds):
        refs = ask(con, number)
        begun = time.monotonic()
        for child, ref in zip(children, refs, strict=True):
            _say(child, ref)
        killed = number % 2 == 1
        if killed:
            time.sleep(rng.uniform(0, 0.1))
            children[0].send_signal(signal.SIGKILL)
        said = [_answer(each) for each in children]
        seconds.append(time.monotonic() - begun)
        found += [f"round {number}: {each}" for each in faults_of(con, refs, said, killed)]
        if killed:
            children[0].wait()
            children[0] = store_child.start("approve each", address)
            store_child.ready(children[:1])
    for child in children:
        child.communicate(timeout=120)
    found += [f"check: {each.message} {each.values}" for each in checking.check_register(con, datetime.now(UTC))]
    return found, seconds


def main() -> None:
    """Race, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--register", default="", help="a PostgreSQL URL; otherwise a file")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        schema = f"race_{os.getpid()}"
        address = f"{args.register}?schema={schema}" if args.register else f"{folder}/register.gpkg"
        with closing(open_register(address, Path(folder) / "home", create=True)) as register, register.connect() as con:
            setup.create_register(con, SYSTEM, NOW)
            found, seconds = run(con, address, args.rounds, random.Random(args.seed))
        if args.register:
            with psycopg.connect(args.register, autocommit=True) as con:
                con.execute("SET client_min_messages = warning")
                con.execute(f'DROP SCHEMA "{schema}" CASCADE')
                con.execute(f'DROP SCHEMA IF EXISTS "{schema}_accounts" CASCADE')
    print(f"{args.rounds} rounds of {EIGHT}; median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s")
    print(f"found: {len(found)}")
    for each in found:
        print(f"  {each}")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
