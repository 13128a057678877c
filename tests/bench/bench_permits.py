"""How fast the office answers with permits by the hundred thousand, beside somebody who saves meanwhile.

    tempuse demo big --spaces 100000 --no-serve && cp big/demo.gpkg big/plain.gpkg
    python -m tests.bench.large_permits big/demo.gpkg
    python -m tests.bench.bench_permits big/demo.gpkg --without big/plain.gpkg
    TEMPUSE_HOME=home python -m tests.bench.bench_permits postgresql://me@host/db?schema=big

Acts are use cases, each on a space of its own; pages are made by the app in this process, as a browser asks for them,
and no address is asked twice. A process beside this one saves spaces all the while. Where others use the machine, too,
the processors' time tells more than the clock's: it is held against the target. ``--without`` names the same spaces
without permits: the map is asked of both, turn by turn. What is approved stays in the register: take a copy.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from tempuse.access import SYSTEM
from tempuse.agreements import Handover
from tempuse.errors import Conflict, TempuseError
from tempuse.registry.permits.deciding import approve_permit
from tempuse.registry.permits.using import hand_over
from tempuse.registry.spaces import edit_space
from tempuse.store.engine import Register, open_register
from tempuse.store.permit_tables import permit_spaces
from tempuse.store.permit_tables import permits as permits_table
from tempuse.store.tables import areas, published, spaces
from tempuse.terms import Hours, Terms
from tests.bench.bench_map import question
from tests.office import a_signed_in_client
from tests.permitting import a_request, sign_on_paper, terms
from web import create_app
from web.map.index import IndexHolder

FAR = date(2041, 1, 7)  # nobody has these days
SHOWN = ("asked", "agreed", "running", "ending", "ended", "all")
STATES = ("all", "used", "empty", "ending", "asked")


class Took(NamedTuple):
    """Milliseconds of some work: by the clock on the wall, and of processors, the database's server's among them."""

    clock: float
    processor: float


def tell(name: str, took: Sequence[Took], target: float | None = None) -> None:
    """One line: least, half, 95 %, most of both; and whether 95 % of the processor's are within the target."""
    if not took:
        print(f"{name:<30} no answer")
        return
    line, p95 = f"{name:<30}{len(took):4}", 0.0
    for times in (sorted(each.processor for each in took), sorted(each.clock for each in took)):
        p95 = p95 or times[min(int(len(times) * 0.95), len(times) - 1)]
        late = times[min(int(len(times) * 0.95), len(times) - 1)]
        line += f" |{times[0]:7.1f} {statistics.median(times):7.1f} {late:7.1f} {times[-1]:7.1f}"
    print(line + ("" if target is None else f"  {'within' if p95 <= target else 'OVER'} {target:.0f}"), flush=True)


_BACKENDS: list[int] = []


def _note_backend(connection: Any, _: Any) -> None:
    _BACKENDS.append(connection.info.backend_pid)


def _of_server() -> float:
    """Milliseconds that the server's processes for us have run, where it is on this machine."""
    total = 0
    for pid in _BACKENDS:
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return total / 1e6


def timed(work: Callable[[], object]) -> Took:
    """What some work took."""
    before = time.perf_counter(), time.process_time() * 1000 + _of_server()
    work()
    return Took((time.perf_counter() - before[0]) * 1000, time.process_time() * 1000 + _of_server() - before[1])


# ---- acts --------------------------------------------------------------------------------------------------------


def _free_spaces(register: Register, count: int, rng: random.Random) -> list[str]:
    """Spaces of the city that are offered without an end and have their keys: only others' days stand in the way."""
    c, of_space = spaces.c, permit_spaces.c
    out = select(of_space.space_ref).join(permits_table, permits_table.c.ref == of_space.permit_ref)
    out = out.where(permits_table.c.status == "handed_over")
    with register.connect() as con:
        where = (c.ownership == "municipality", c.status == "offered", c.available_until.is_(None), c.ref.not_in(out))
        found = list(con.scalars(select(c.ref).where(*where)))
        con.rollback()
    return rng.sample(found, count)


def acts(register: Register, count: int, rng: random.Random) -> None:
    """Approve, refuse by overlap, sign, hand over."""
    free = iter(_free_spaces(register, count * 2, rng))
    weekly = Hours(weekdays=2, from_minute=19 * 60, until_minute=22 * 60)
    first = FAR + timedelta(days=rng.randrange(2000))
    rows: dict[str, list[Took]] = {
        name: []
        for name in ("approve, whole days", "approve, weekly, five years", "overlap is refused", "sign", "hand over")
    }
    with register.connect() as con:
        now = datetime.now(UTC)
        whole = terms(first, first + timedelta(days=180))
        for number in range(count):
            one, other = next(free), next(free)
            address = f"b{rng.random()}@group.example"
            asked: dict[str, Any] = {"group": f"Bench {rng.random()}", "email": address}
            ref = a_request(con, now, [one], whole, **asked)
            rows["approve, whole days"].append(timed(partial(approve_permit, con, SYSTEM, ref, now)))
            rival = a_request(con, now, [one], whole, **asked)
            rows["overlap is refused"].append(timed(partial(_refused, con, rival, now)))
            rows["sign"].append(timed(partial(sign_on_paper, con, ref, now)))
            keys = Handover(on=now.date(), keys=({"label": "front door", "count": 2},))
            rows["hand over"].append(timed(partial(hand_over, con, SYSTEM, ref, now, keys)))
            often = Terms(starts_on=first, ends_on=first + timedelta(days=1826), hours=(weekly,))
            ref = a_request(con, now, [other], often, **asked)
            rows["approve, weekly, five years"].append(timed(partial(approve_permit, con, SYSTEM, ref, now)))
            if number == 0:
                for times in rows.values():
                    times.clear()  # the first of each prepares its queries
    targets = {"approve, whole days": 50.0, "approve, weekly, five years": 150.0}
    for name, times in rows.items():
        tell(name, times, targets.get(name))


def _refused(con: Connection, ref: str, now: datetime) -> None:
    with contextlib.suppress(Conflict):
        approve_permit(con, SYSTEM, ref, now)
        raise AssertionError(ref)


# ---- pages -------------------------------------------------------------------------------------------------------


def _refs(register: Register, table: object, rng: random.Random, count: int, *where: object) -> list[str]:
    with register.connect() as con:
        found = list(con.scalars(select(table.c.ref).where(*where)))  # type: ignore[attr-defined,arg-type]
        con.rollback()
    return rng.sample(found, min(count, len(found)))


def addresses(register: Register, count: int, rng: random.Random) -> Iterator[tuple[str, list[str]]]:
    """The addresses of each room, none twice."""
    districts = _refs(register, areas, rng, count, areas.c.kind == "district")
    refs = _refs(register, spaces, rng, count * 3)
    yield "Waiting", [f"/office/waiting?n={number}" for number in range(count)]
    for shown in SHOWN:
        yield f"permits: {shown}", [f"/office/permits?show={shown}&page={page + 1}" for page in range(count)]
    yield "permits: a district", [f"/office/permits?show=running&district={ref}" for ref in districts]
    yield "permits: search", [f"/office/permits?q={word}" for word in _words(count, rng)]
    for status in ("submitted", "approved", "handed_over", "handed_back"):
        mine = _refs(register, permits_table, rng, count, permits_table.c.status == status)
        yield f"a permit, {status}", [f"/office/permits/{ref}" for ref in mine]
    yield "a space", [f"/office/spaces/{ref}" for ref in refs[:count]]
    yield "the city's timeline", [f"/office/timeline?page={page + 1}" for page in range(count)]
    for state in STATES[1:]:
        yield f"timeline: {state}", [f"/office/timeline?state={state}&page={page + 1}" for page in range(count)]
    yield "timeline: a district", [f"/office/timeline?district={ref}" for ref in districts]
    yield "timeline of a space", [f"/office/timeline?space={ref}" for ref in refs[count : 2 * count]]


def public_addresses(register: Register, count: int, rng: random.Random) -> Iterator[tuple[str, list[str]]]:
    """The addresses of the public rooms."""
    seen = _refs(register, published, rng, count, published.c.collection == "spaces")
    uses = _refs(register, published, rng, count, published.c.collection == "uses")
    yield "public: a space", [f"/spaces/{ref}" for ref in seen]
    yield "public: uses", [f"/uses?page={page + 1}" for page in range(count)]
    yield "public: a use", [f"/uses/{ref}" for ref in uses]


def _words(count: int, rng: random.Random) -> list[str]:
    return [f"Choir {rng.randrange(20_000)}" for _ in range(count)]


def ask(client: FlaskClient, address: str) -> Took:
    """What one answer took."""

    def get() -> None:
        answer = client.get(address)
        answer.get_data()
        assert answer.status_code == 200, (answer.status, address)

    return timed(get)


def views(register: Register, count: int, rng: random.Random) -> list[str]:
    """Views of the map, as somebody might move it."""
    with register.connect() as con:
        index = IndexHolder().get(con, datetime.now(UTC).date())
        con.rollback()
    placed = np.flatnonzero(np.isfinite(index.lon))
    rows = [placed[rng.randrange(len(placed))] for _ in range(count)]
    places = [(float(index.lon[row]), float(index.lat[row])) for row in rows]
    return [question(rng, *place, 3 + number % 17) for number, place in enumerate(places)]


def map_answers(
    register: Register, client: FlaskClient, plain: Register | None, count: int, rng: random.Random
) -> None:
    """The map's answers with permits and, turn by turn, without."""
    clients = {"map, with permits": client}
    if plain is not None:
        clients["map, without permits"] = create_app(plain, {"RATELIMIT_ENABLED": False}).test_client()
    took: dict[str, list[Took]] = {name: [] for name in clients}
    for each in clients.values():
        each.get("/map/view?zoom=4")
    for asked in views(register, count, rng):
        for name, each in clients.items():
            took[name].append(ask(each, f"/map/view?{asked}"))
    for name, times in took.items():
        tell(name, times)


# ---- somebody who saves --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def somebody_saves(address: str, a_second: float) -> Iterator[None]:
    """A process that saves so many spaces a second, all the while."""
    if not a_second:
        yield
        return
    command = [sys.executable, "-m", "tests.bench.bench_permits", address, "--save", str(a_second)]
    process = subprocess.Popen(command, env=os.environ)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def save(register: Register, a_second: float) -> None:
    """Save until the end."""
    rng, refs = random.Random(7), _refs(register, spaces, random.Random(7), 2000)
    with register.connect() as con:
        for number in itertools.count():
            time.sleep(1 / a_second)
            with contextlib.suppress(TempuseError):
                edit_space(con, SYSTEM, rng.choice(refs), {"name": f"Saved {number}"}, datetime.now(UTC))
            con.rollback()


def main() -> None:
    """Measure and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("register")
    parser.add_argument("--without", help="the same spaces without permits, for the map")
    parser.add_argument("--count", type=int, default=60, help="of each")
    parser.add_argument("--only", default="", help="rooms whose name begins so; nothing else")
    parser.add_argument("--saves", type=float, default=1.0, help="a second, beside")
    parser.add_argument("--save", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    home = os.environ.get("TEMPUSE_HOME")  # that of a database; a file's lies beside it
    register, rng = open_register(asked.register, Path(home) if home else None), random.Random()
    if asked.save:
        save(register, asked.save)
        return
    app = create_app(register, {"RATELIMIT_ENABLED": False})
    client = a_signed_in_client(app, f"Bench{rng.random()} Maes")
    if register.engine.dialect.name == "postgresql":
        event.listen(register.engine, "connect", _note_backend)
    heads = f" |{'least':>7} {'half':>7} {'95 %':>7} {'most':>7}" * 2
    print(f"{'ms of processors | of the clock':<30}{'of':>4}{heads}  load {os.getloadavg()[0]:.1f}")
    with somebody_saves(asked.register, asked.saves):
        if not asked.only:
            acts(register, asked.count, rng)
        for is_public, rooms in ((False, addresses), (True, public_addresses)):
            who = app.test_client() if is_public else client
            for name, these in rooms(register, asked.count + 1, rng):
                if name.startswith(asked.only):
                    ask(who, these.pop())
                    tell(name, [ask(who, each) for each in these], None if is_public else 150.0)
        if not asked.only:
            plain = open_register(asked.without) if asked.without else None
            map_answers(register, app.test_client(), plain, asked.count * 3, rng)
    register.close()


if __name__ == "__main__":
    main()
