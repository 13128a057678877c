"""``tempuse check`` on permits: what was taken against what was decided, signatures against the terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from tempuse.access import SYSTEM
from tempuse.registry.care import checking
from tempuse.registry.care.check_permits import circles
from tempuse.registry.care.mending import mend_register
from tempuse.registry.permits.agreeing import adopt_terms, propose_terms
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.permits.renewing import renew_permit
from tempuse.registry.permits.using import end_early
from tempuse.registry.publishing import republish_due
from tempuse.registry.spaces import add_space
from tempuse.store import claims, permits, spaces
from tempuse.store.engine import Connection, writing
from tempuse.store.permit_tables import claims as claims_table
from tempuse.store.permit_tables import permit_spaces, signatures
from tempuse.store.permit_tables import permits as permits_table
from tempuse.store.permit_tables import terms as terms_table
from tempuse.terms import Hours
from tests.builders import a_space
from tests.permitting import a_request, approved, running, sign_on_paper, signed, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
YEAR = terms(date(2027, 4, 1), date(2028, 3, 31))


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(), NOW)


def found(con: Connection, now: datetime = NOW) -> set[str]:
    con.rollback()
    return {each.message for each in checking.check_register(con, now)}


def test_a_register_whose_permits_were_changed_in_every_way_is_well(con: Connection, hall: str) -> None:
    room = add_space(con, SYSTEM, a_space(kind="unit", within_ref=hall), NOW)
    first = running(con, NOW, [hall], YEAR, on=date(2027, 4, 1))
    end_early(con, SYSTEM, first, NOW, ended_on=date(2027, 12, 31), ended_how="agreed", because="Works.")
    changes = {"starts_on": date(2027, 12, 1), "ends_on": date(2028, 6, 30)}
    second = renew_permit(con, SYSTEM, first, changes, NOW).permit.ref
    approve_permit(con, SYSTEM, second, NOW)
    sign_on_paper(con, second, NOW)
    propose_terms(con, SYSTEM, second, {"ends_on": date(2028, 5, 31), "from_on": date(2027, 12, 1)}, NOW)
    version = permits.newest_terms(con, second).version
    con.rollback()
    sign_on_paper(con, second, NOW)
    adopt_terms(con, SYSTEM, second, NOW, version=version)
    evening = Hours(weekdays=2, from_minute=1140, until_minute=1380)
    approved(con, NOW, [room], terms(date(2028, 6, 1), date(2028, 12, 31), hours=(evening,)), group="Choir")
    for day in (0, 100, 300, 500, 900):
        republish_due(con, SYSTEM, NOW + timedelta(days=day))
        assert found(con, NOW + timedelta(days=day)) == set()


def test_the_guard_of_the_claims_is_missed_and_made_anew(con: Connection, hall: str) -> None:
    approved(con, NOW, [hall], YEAR)
    with writing(con):
        if con.dialect.name == "sqlite":
            con.exec_driver_sql("DROP TRIGGER claims_kept")
            con.exec_driver_sql("DROP TRIGGER claims_free")
            con.exec_driver_sql("CREATE TRIGGER claims_free BEFORE INSERT ON claims BEGIN SELECT 1; END")
        else:
            con.exec_driver_sql("ALTER TABLE claims DROP CONSTRAINT claims_apart, DROP CONSTRAINT claims_last")
    assert "check.part_missing" in found(con)
    mend_register(con, SYSTEM, NOW)
    assert found(con) == set()
    taken = claims.of_permit(con, "PM-0001")[0]._asdict()
    con.rollback()
    del taken["on"]
    with pytest.raises(IntegrityError), writing(con):
        con.execute(insert(claims_table), [taken | {"ref": "PM-0002", "on_day": NOW.date()}])


Damage = Callable[[Connection, str], None]


def lose_claims(con: Connection, ref: str) -> None:
    con.execute(delete(claims_table).where(claims_table.c.ref == ref))


def cut_claims(con: Connection, ref: str) -> None:
    claims.cut(con, ref, date(2027, 9, 1).toordinal() * 1440)


def claims_of_nobody(con: Connection, ref: str) -> None:
    number = spaces.numbered(con, permits.get(con, ref).space_refs)[0][0]
    later = date(2029, 1, 1).toordinal() * 1440
    claims.put(con, [claims.Claim("PM-0077", number, 0, later, later + 1440, date(2029, 1, 1))])


def lose_spaces(con: Connection, ref: str) -> None:
    con.execute(delete(permit_spaces).where(permit_spaces.c.permit_ref == ref))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lose_claims, "check.claims"), (cut_claims, "check.claims"), (claims_of_nobody, "check.claims_nobody"),
        (lose_spaces, "check.permit_spaces"),
    ],
)  # fmt: skip
def test_what_can_be_made_anew_is_found_and_mended(con: Connection, hall: str, damage: Damage, message: str) -> None:
    ref = approved(con, NOW, [hall], YEAR)
    before = claims.of_permit(con, ref)
    con.rollback()
    with writing(con):
        damage(con, ref)
    assert message in found(con)
    mend_register(con, SYSTEM, NOW)
    assert found(con) == set()
    assert [each[1:5] for each in claims.of_permit(con, ref)][-1][3] == before[-1].until_minute


def other_hash(con: Connection, ref: str) -> None:
    con.execute(update(signatures).where(signatures.c.permit_ref == ref).values(sha256=signatures.c.party))


def other_terms(con: Connection, ref: str) -> None:
    con.execute(update(terms_table).where(terms_table.c.permit_ref == ref).values(version=7))


def own_tail(con: Connection, ref: str) -> None:
    con.execute(update(permits_table).where(permits_table.c.ref == ref).values(continues_ref=ref))


@pytest.mark.parametrize(
    ("damage", "message"),
    [(other_hash, "check.signature"), (other_terms, "check.permit_terms"), (own_tail, "check.permit_chain")],
)
def test_what_only_a_backup_knows_is_found(con: Connection, hall: str, damage: Damage, message: str) -> None:
    ref = signed(con, NOW, [hall], YEAR)
    with writing(con):
        damage(con, ref)
    assert message in found(con)


def test_days_that_two_have_are_found_where_no_guard_kept_them_apart(con: Connection, hall: str) -> None:
    ref = approved(con, NOW, [hall], YEAR)
    other = a_request(con, NOW, [hall], YEAR, group="Choir")
    taken = claims.of_permit(con, ref)[0]
    con.rollback()
    with writing(con):
        if con.dialect.name == "sqlite":
            con.exec_driver_sql("DROP TRIGGER claims_free")
        else:
            con.exec_driver_sql("ALTER TABLE claims DROP CONSTRAINT claims_apart")
        row = taken._asdict() | {"ref": other, "on_day": taken.on}
        del row["on"]
        con.execute(insert(claims_table), [row])
        con.execute(update(permits_table).where(permits_table.c.ref == other).values(status="approved"))
    assert "check.claims_meet" in found(con)


def test_circles_are_found_once_each() -> None:
    leads = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "e", "f": "g"}
    assert circles(leads) == [("a", ["b", "c"]), ("e", [])]
