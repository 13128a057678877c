"""How fast a large register goes out: the real command, each in a process of its own, beside GDAL's ogr2ogr.

    python -m tests.bench.bench_export 1000000
    python -m tests.bench.bench_export 100000 --formats geojson,gpkg,fgb,shp.zip,kml,csv,xlsx
    python -m tests.bench.bench_export 100000 --register postgresql://me@host/db?schema=bench

Made-up spaces lie all over Belgium: 70 % points, 30 % outlines, about fifteen facts each. Beside each format stands
ogr2ogr, in the same run: it writes the same features out of the GeoPackage of this register. What counts is the time
of the processor, as machines that run benchmarks do other things, too; the time of the clock stands beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely

from tempuse.access import SYSTEM
from tempuse.geometry import morton_keys
from tempuse.io import drivers
from tempuse.registry import setup
from tempuse.registry.adding import add_spaces
from tempuse.spaces import Space
from tempuse.store.engine import open_register
from tempuse.vocabulary import Occupancy, SpaceKind, UseCategory

BATCH = 2000
MEGABYTE = 1024  # ru_maxrss counts KiB on Linux

# How ogr2ogr writes each format: its driver, and what makes the result alike.
_PEERS: dict[str, tuple[str, ...]] = {
    "geojson": ("GeoJSON", "-lco", "RFC7946=YES"), "gpkg": ("GPKG",), "fgb": ("FlatGeobuf",),
    "csv": ("CSV", "-lco", "GEOMETRY=AS_WKT"), "kml": ("KML",), "xlsx": ("XLSX",), "ods": ("ODS",),
}  # fmt: skip


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


class Run(NamedTuple):
    """A command in a process of its own: seconds of the clock and of the processor, peak MB."""

    seconds: float
    processor: float
    peak: float


def installed() -> dict[str, str]:
    """The environment as where the program is installed: what was compiled is kept, and GDAL has all its drivers."""
    ours = {"PYTHONDONTWRITEBYTECODE", *drivers.environment()}
    return {name: value for name, value in os.environ.items() if name not in ours}


def measured(command: list[str], **environment: str) -> Run:
    """Run a command."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**installed(), **environment})
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return Run(time.perf_counter() - before, used.ru_utime + used.ru_stime, used.ru_maxrss / MEGABYTE)


def by_peer(name: str, source: str, folder: str) -> Run | None:
    """The same features by ogr2ogr; None where it is missing or has no such format."""
    program, driver = shutil.which("ogr2ogr"), _PEERS.get(name)
    if program is None or driver is None:
        return None
    return measured([program, "-f", *driver, f"{folder}/peer.{name}", source, "spaces"], CPL_LOG=os.devnull)


def main() -> None:
    """Build the register, write each format, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spaces", nargs="?", type=int, default=100_000)
    parser.add_argument("--formats", default="geojson,gpkg,fgb,csv")
    parser.add_argument("--register", default="", help="an empty database, or a register to be used as it is")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        address = asked.register or f"{folder}/bench.gpkg"
        if not Path(address).exists():
            # In a process of its own: a child's peak counts what its parent had when it was made.
            code = f"from {__spec__.name} import build; build({address!r}, {asked.spaces})"
            run = measured([sys.executable, "-c", code])
            print(f"built {asked.spaces:,} spaces in {run.seconds:.0f} s")
        program = str(Path(sys.executable).with_name("tempuse"))
        for _ in range(2):  # the first compiles
            start = measured([program, "export", "--columns", "--json"])
        print(f"of each command {start.processor:.1f} s of the processor are its start, whatever it writes")
        print(f"{'format':8} {'processor':>10} {'clock':>8} {'peak':>8} {'size':>9}   {'ogr2ogr':>9} {'times':>6}")
        for name in dict.fromkeys(["gpkg", *asked.formats.split(",")]):
            target = f"{folder}/public.{name}"
            run = measured([program, "export", target], TEMPUSE_REGISTER=address)
            peer = by_peer(name, f"{folder}/public.gpkg", folder)
            beside = f"{peer.processor:7.1f} s {run.processor / peer.processor:6.1f}" if peer else "        -      -"
            size = Path(target).stat().st_size / 1e6
            print(
                f"{name:8} {run.processor:8.1f} s {run.seconds:6.1f} s {run.peak:5.0f} MB {size:6.0f} MB   {beside}",
                flush=True,
            )


if __name__ == "__main__":
    main()
