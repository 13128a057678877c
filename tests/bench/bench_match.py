"""How fast matching answers, in this process: one question and a million spaces, many questions, one changed space.

    python -m tests.bench.bench_match
    python -m tests.bench.bench_match --spaces 100000 --no-postgres

Spaces are random and strewn over a continent, a seventh of them with a place that is known to a square only; all of
them may be asked for. Questions are such as people press: a use, sizes, a day, a term, two or three facilities, money.
Beside it, in the same run, the nearest thing that a database does: one ``SELECT ... ORDER BY`` in PostGIS over the
same columns, its musts as ``WHERE`` and its sum as the order, with an index on the place. It gives a list; what is
not known it must take for yes or no, and it tells neither why a row is in it nor what the others lack.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from tempuse import matching
from tempuse.offers import COLUMNS, Offers
from tempuse.vocabulary import Facility, SpaceKind, UseCategory
from tempuse.wanted import Wanted
from tests.matching.columns import TODAY
from tests.matching.crowds import crowd, pressed
from tests.postgres import own_cluster

WIDE = 6.0  # degrees: a continent
QUESTIONS = 30
KIND = [each.value for each in SpaceKind]
USES = {each.value: 1 << each.bit for each in UseCategory}
HAS = {each.value: 1 << each.bit for each in Facility}
# Those of the columns that the query beside it reads.
READ = ("number", "lon", "lat", "kind", "uses", "excluded", "yes", "no", "area_low", "area_high", "from_low", "until",
        "longest", "cost_low", "cost_high", "start_low", "persons", "ceiling", "noise", "shared")  # fmt: skip


def tell(name: str, work: list[Callable[[], object]]) -> None:
    """Half and 95 % of some pieces of work, by the processor and by the clock, each the better of two."""
    processor, clock = [], []
    for piece in work:
        best = [np.inf, np.inf]
        for _ in range(2):
            before = time.process_time(), time.perf_counter()
            piece()
            after = time.process_time(), time.perf_counter()
            best = [min(held, end - start) for held, start, end in zip(best, before, after, strict=True)]
        processor.append(best[0] * 1000)
        clock.append(best[1] * 1000)
    by = "   ".join(
        f"{of} {np.median(times):9.2f} ms half {np.percentile(times, 95):9.2f} ms 95 %"
        for of, times in (("processor", processor), ("clock", clock))
    )
    print(f"{name:<52} {by}")


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def columns_of(offers: Offers) -> float:
    return float(sum(getattr(offers, name).nbytes for name in COLUMNS)) / 1e6


def in_process(offers: Offers) -> None:
    placed = [pressed(seed, placed=True, wide=WIDE) for seed in range(QUESTIONS)]
    anywhere = [pressed(seed, placed=False) for seed in range(QUESTIONS)]

    def ranks(questions: list[Wanted], spaces: Offers = offers) -> list[Callable[[], object]]:
        return [partial(matching.rank, spaces, each, TODAY) for each in questions]

    size = f"1 question x {len(offers):,}"
    tell(f"{size}, with a place: list, counts, near", ranks(placed))
    tell(f"{size}, anywhere: list, counts, near", ranks(anywhere))
    tell(f"{size}, no must at all", ranks([Wanted(quiet=True, themes=("culture",), works="small")]))
    small = offers.take(np.arange(min(10_000, len(offers))))
    tell(f"1 question x {len(small):,}: list, counts, near", ranks(anywhere, small))
    thousand = matching.wants([pressed(seed) for seed in range(1_000)], TODAY)
    tell(f"1,000 questions x {len(small):,}: tiers", [lambda: matching.sweep(small, thousand)])
    many = matching.wants([pressed(seed) for seed in range(10_000)], TODAY)
    changed = [offers.take(np.array([row])) for row in range(QUESTIONS)]
    tell(
        "1 changed space x 10,000 questions: tiers", [lambda each=each: matching.sweep(each, many) for each in changed]
    )  # type: ignore[misc]
    tell("10,000 questions made into columns", [lambda: matching.wants([pressed(7)] * 10_000, TODAY)])


def beside(con: psycopg.Connection[Any], offers: Offers) -> None:
    """The same columns in a table, with the indexes that the query can use."""
    kinds = {"f": "real", "i": "bigint", "u": "bigint"}
    held = ", ".join(f"{name} {kinds[getattr(offers, name).dtype.kind]}" for name in READ)
    con.execute(f"CREATE TABLE offers ({held})")
    con.execute("ALTER TABLE offers ALTER lon TYPE double precision, ALTER lat TYPE double precision")
    with con.cursor() as cursor, cursor.copy(f"COPY offers ({', '.join(READ)}) FROM STDIN") as copy:
        for row in zip(*(getattr(offers, name).tolist() for name in READ), strict=True):
            copy.write_row([None if value != value else value for value in row])
    con.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    con.execute("ALTER TABLE offers ADD place geography(Point, 4326)")
    con.execute("UPDATE offers SET place = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography WHERE lon IS NOT NULL")
    con.execute("CREATE INDEX ON offers USING gist (place)")
    con.execute("CREATE INDEX ON offers (area_high, cost_low)")
    con.execute("VACUUM ANALYZE offers")


def query(wanted: Wanted) -> tuple[str, list[Any]]:
    """The musts as conditions, each open fact let through, and the sum of what is met as the order."""
    uses, has = sum(USES[each] for each in wanted.uses), sum(HAS[each] for each in wanted.facilities)
    kinds = [KIND.index(each) for each in wanted.kinds]
    today = TODAY.toordinal()
    where: list[tuple[str, list[Any]]] = [
        ("(uses = 0 OR uses & %s <> 0) AND %s & ~excluded <> 0", [uses, uses]), ("no & %s = 0", [has]),
    ]  # fmt: skip
    score: list[tuple[str, list[Any]]] = [("3.0 * (uses & %s <> 0)::int", [uses])]
    if kinds:
        where.append(("kind = ANY(%s)", [kinds]))
    if wanted.area_least_m2:
        where.append(("(area_high IS NULL OR area_high >= %s)", [wanted.area_least_m2]))
        score.append(("3 * coalesce((area_low >= %s)::int, 0)", [wanted.area_least_m2]))
    if wanted.area_most_m2:
        where.append(("(area_low IS NULL OR area_low <= %s)", [wanted.area_most_m2]))
    if wanted.last_start:
        by = wanted.last_start.toordinal()
        where.append(("from_low <= %s", [by]))
        score.append(("2 * greatest(0, least(1, 1 - (greatest(from_low, %s) - %s) / 180.0))", [today, by]))
    if days := wanted.days_least(TODAY):
        score.append(("2 * least(1, greatest(0, least(until - %s + 1, coalesce(longest, 1e6))) / %s)", [today, days]))
    if wanted.near:
        where.append(
            (
                "ST_DWithin(place, ST_SetSRID(ST_MakePoint(%s, %s), 4326)::geography, %s)",
                [*wanted.near, wanted.within_m],
            )
        )
    if wanted.budget_month_cents is not None:
        where.append(("cost_low <= %s", [wanted.budget_month_cents]))
        score.append(("3 * (cost_high <= %s)::int", [wanted.budget_month_cents]))
    for each in wanted.facilities:
        score.append(("(yes & %s <> 0)::int", [HAS[each]]))
    for name, need in (("ceiling", wanted.ceiling_cm), ("persons", wanted.persons), ("noise", wanted.noise_db)):
        if need is not None:
            where.append((f"({name} IS NULL OR {name} >= %s)", [need]))
            score.append((f"coalesce(({name} >= %s)::int, 0)", [need]))
    text = f"SELECT number FROM offers WHERE {' AND '.join(part for part, _ in where)}"
    text += f" ORDER BY {' + '.join(part for part, _ in score)} DESC, number LIMIT 30"
    return text, [value for _, values in (*where, *score) for value in values]


def fetch(con: psycopg.Connection[Any], text: str, values: list[Any]) -> list[Any]:
    return con.execute(text, values).fetchall()


def in_postgis(offers: Offers) -> None:
    with own_cluster() as cluster:
        if cluster is None:
            print("no PostgreSQL with PostGIS here: nothing beside it")
            return
        with psycopg.connect(cluster.url, autocommit=True) as con:
            beside(con, offers)
            for name, placed in (("with a place", True), ("anywhere", False)):
                asked = [query(pressed(seed, placed=placed, wide=WIDE)) for seed in range(QUESTIONS)]
                work = [partial(fetch, con, *each) for each in asked]
                tell(f"PostGIS, {name}: a list of 30 alone", work)
        print("  (its processor is another process's: read the clock; no counts, no near misses, no reasons, no ask)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spaces", type=int, default=1_000_000)
    parser.add_argument("--no-postgres", action="store_true")
    asked = parser.parse_args()
    print(f"load {Path('/proc/loadavg').read_text().split()[0]}, version {matching.version()}")
    offers = crowd(asked.spaces, 1, wide=WIDE)
    print(f"{len(offers):,} spaces: {columns_of(offers):.0f} MB of columns, {megabytes():.0f} MB in all at most")
    before = megabytes()
    in_process(offers)
    print(f"matching took {megabytes() - before:.0f} MB more at most")
    if not asked.no_postgres:
        in_postgis(offers)


if __name__ == "__main__":
    main()
