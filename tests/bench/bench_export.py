"""How fast a large register goes out: the real command, each in a process of its own, beside plain GeoPandas.

    python -m tests.bench.bench_export 1000000
    python -m tests.bench.bench_export 100000 --formats geojson,gpkg,fgb,shp.zip,kml,csv,xlsx
    python -m tests.bench.bench_export 100000 --register postgresql://me@host/db?schema=bench

Made-up spaces lie all over Belgium: 70 % points, 30 % outlines, about fifteen facts each. GeoPandas writes the
same features from a frame that it has read already; reading it is not counted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import shapely

from tempuse.access import SYSTEM
from tempuse.geometry import morton_keys
from tempuse.registry import setup
from tempuse.registry.adding import add_spaces
from tempuse.spaces import Space
from tempuse.store.engine import open_register
from tempuse.vocabulary import Occupancy, SpaceKind, UseCategory

BATCH = 2000
MEGABYTE = 1024  # ru_maxrss counts KiB on Linux

_FRAME = """
import geopandas, resource, sys, time
frame = geopandas.read_file(sys.argv[1])
before = time.perf_counter()
frame.to_file(sys.argv[2], driver="GeoJSON", RFC7946="YES")
print(time.perf_counter() - before)
"""


def spaces(count: int, seed: int = 1) -> Iterator[list[Space]]:
    """So many spaces in batches, neighbours together."""
    random = np.random.default_rng(seed)
    lon, lat = np.round(random.uniform(2.6, 6.3, count), 7), np.round(random.uniform(49.6, 51.4, count), 7)
    order = np.argsort(morton_keys(lon, lat))
    lon, lat = lon[order], lat[order]
    kinds, states = [each.value for each in SpaceKind], [each.value for each in Occupancy]
    uses = [each.value for each in UseCategory]
    for first in range(0, count, BATCH):
        x, y = lon[first : first + BATCH], lat[first : first + BATCH]
        places = shapely.points(x, y)
        flat = random.random(len(x)) < 0.3
        places[flat] = shapely.box(x[flat], y[flat], x[flat] + 0.0004, y[flat] + 0.0003)
        yield [
            Space(
                kind=kinds[i % 3], status="offered", occupancy=states[i % 5], ownership="municipality",
                name=f"Hall {first + i}, former weaving mill", address=f"Havenstraat {i % 200}", locality="Gent",
                postcode="9000", geometry=place, floor_area_m2=float(20 + i % 900), building_year=1900 + i % 100,
                power=True, water=i % 2 == 0, toilets=i % 3 == 0, suitable_uses=(uses[i % 13], uses[(i + 5) % 13]),
                available_from=date(2026, 1 + i % 12, 1), cost_model="free", checked_on=date(2026, 5, 4),
                description="A dry hall with daylight from the north, a goods door to the quay and a loft above it.",
            )
            for i, place in enumerate(places.tolist())
        ]  # fmt: skip


def build(address: str, count: int) -> None:
    """A register of so many spaces."""
    register = open_register(address, create=True)
    now = datetime.now(UTC)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now)
        add_spaces(con, SYSTEM, spaces(count), now)
    register.close()


def measured(command: list[str], **environment: str) -> tuple[float, float, str]:
    """Seconds and peak MB of a command in a process of its own, and what it said."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}, text=True)
    assert process.stdout
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - before, used.ru_maxrss / MEGABYTE, said


def main() -> None:
    """Build the register, write each format, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spaces", nargs="?", type=int, default=100_000)
    parser.add_argument("--formats", default="geojson,gpkg")
    parser.add_argument("--register", default="", help="an empty database, or a register to be used as it is")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.register or f"{folder}/bench.gpkg"
        if not Path(address).exists():
            # In a process of its own: a child's peak counts what its parent had when it was made.
            code = f"from {__spec__.name} import build; build({address!r}, {asked.spaces})"
            seconds, _, _ = measured([sys.executable, "-c", code])
            print(f"built {asked.spaces:,} spaces in {seconds:.0f} s")
        for name in dict.fromkeys([*asked.formats.split(","), "gpkg"]):
            target = f"{folder}/public.{name}"
            command = [str(Path(sys.executable).with_name("tempuse")), "export", target]
            seconds, peak, _ = measured(command, TEMPUSE_REGISTER=address)
            size = Path(target).stat().st_size / 1e6
            rate = asked.spaces / seconds
            print(f"{'tempuse export ' + name:32} {seconds:7.1f} s {rate:9,.0f}/s {peak:7.0f} MB peak {size:8.0f} MB")
        command = [sys.executable, "-W", "ignore", "-c", _FRAME, f"{folder}/public.gpkg", f"{folder}/frame.geojson"]
        _, peak, said = measured(command)
        seconds = float(said)
        size = Path(f"{folder}/frame.geojson").stat().st_size / 1e6
        rate = asked.spaces / seconds
        print(f"{'gdf.to_file(GeoJSON)':32} {seconds:7.1f} s {rate:9,.0f}/s {peak:7.0f} MB peak {size:8.0f} MB")


if __name__ == "__main__":
    main()
