"""Claims against brute force: the check, and the database behind it, say what a plain comparison says."""

from __future__ import annotations

import random
from datetime import date

import pytest

from tempuse.access import SYSTEM
from tempuse.errors import Conflict
from tempuse.registry.spaces import add_space
from tempuse.store import claims, covering, spaces
from tempuse.store.engine import Connection, writing
from tests.builders import a_space
from tests.registry.permits.test_cases_spaces import NOW

DAY = date(2027, 1, 1)
Row = tuple[str, int, int, int, int]


def meets(row: Row, held: list[Row]) -> bool:
    """Whether a row meets one of the others, minute by minute."""
    _, space, head, begins, ends = row
    return any(space == s and head == h and begins < e and b < ends for _, s, h, b, e in held)


def claim(row: Row) -> claims.Claim:
    return claims.Claim(*row, on=DAY)


def held_rows(con: Connection) -> list[Row]:
    found = claims.of_permits(con, [f"PM-{n:04d}" for n in range(1, 9)])
    return sorted(tuple(each)[:5] for rows in found.values() for each in rows)


@pytest.mark.both_engines
@pytest.mark.parametrize("seed", [1, 2])
def test_random_claims_and_cuts_agree_with_a_plain_comparison(con: Connection, seed: int) -> None:
    rng, held = random.Random(seed), list[Row]()
    refs = [add_space(con, SYSTEM, a_space(), NOW) for _ in range(2)]
    ids = [number for number, _ in spaces.numbered(con, refs)]
    con.rollback()
    for _ in range(400):
        ref, begins = f"PM-{rng.randint(1, 8):04d}", rng.randint(0, 200)
        row: Row = (ref, rng.choice(ids), rng.randint(0, 1), begins, begins + rng.randint(1, 25))
        if rng.random() < 0.15:
            with writing(con):
                claims.cut(con, ref, begins)
            held = [
                (r, s, h, b, min(e, begins)) if r == ref and e > begins else (r, s, h, b, e)
                for r, s, h, b, e in held if not (r == ref and b >= begins)
            ]  # fmt: skip
            continue
        found, count = claims.rivals(con, [claim(row)])
        con.rollback()
        assert bool(found) == bool(count) == meets(row, held)
        try:
            with writing(con):
                claims.put(con, [claim(row)])  # whatever the check said: the database sees it, too
            held.append(row)
            assert not count
        except Conflict:
            assert count
    assert held_rows(con) == sorted(held)


@pytest.mark.both_engines
def test_the_database_takes_no_claim_that_ends_before_it_begins(con: Connection) -> None:
    ref = add_space(con, SYSTEM, a_space(), NOW)
    number = spaces.numbered(con, [ref])[0][0]
    con.rollback()
    for begins, ends in ((10, 10), (10, 9)):
        with pytest.raises(Exception, match=r".+"), writing(con):
            claims.put(con, [claims.Claim("PM-0001", number, 0, begins, ends, DAY)])
    assert claims.count(con) == 0


@pytest.mark.both_engines
def test_covering_agrees_with_a_plain_comparison(con: Connection) -> None:
    rng = random.Random(3)
    ref = add_space(con, SYSTEM, a_space(), NOW)
    number = spaces.numbered(con, [ref])[0][0]
    con.rollback()
    stretches = [(0, 10), (10, 20), (25, 40), (60, 61)]
    with writing(con):
        claims.put(con, [claims.Claim("PM-0001", number, 0, begins, ends, DAY) for begins, ends in stretches])
    minutes = {minute for begins, ends in stretches for minute in range(begins, ends)}
    for _ in range(200):
        begins = rng.randint(0, 60)
        asked = claims.Claim("PM-0002", number, 9, begins, begins + rng.randint(1, 12), DAY)
        outside = not minutes.issuperset(range(asked.from_minute, asked.until_minute))
        assert bool(covering.not_covered(con, [asked], "PM-0001")) == outside
        con.rollback()


def test_nothing_wanted_is_refused_before_any_query(con: Connection) -> None:
    with pytest.raises(ValueError, match="no claim"):
        claims.rivals(con, [])
