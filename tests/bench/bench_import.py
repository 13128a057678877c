"""How fast a large list comes in: the real command, in a process of its own, beside plain GeoPandas.

    python -m tests.bench.bench_import --spaces 1000000 --format gpkg
    python -m tests.bench.bench_import --spaces 1000000 --format csv --register postgresql://me@host/db?schema=bench

What is brought in is made by ``tests/bench/large_list.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench_export import installed

FORMATS = ("gpkg", "geojson", "fgb", "csv")

# ---- what is measured -----------------------------------------------------------------------------------


def run(command: list[str], **environment: str) -> tuple[str, float, float, float]:
    """Run a command in a process of its own: what it said, seconds, seconds of processor, peak memory in MB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, env={**installed(), **environment})
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        said = out.read()
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}\n{said}")
    return said, time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def bring_in(path: Path, register: str, count: int) -> None:
    """``tempuse import`` into an empty register."""
    tempuse = [str(Path(sys.executable).with_name("tempuse")), "--register", register]
    run([*tempuse, "create"])
    run([*tempuse, "settings", "country", "BE"])
    said, seconds, busy, peak = run([*tempuse, "import", str(path), "--as", "verified", "--json"])
    answer = json.loads(said)
    parts = answer["seconds"]
    came = answer["counts"]["new"] + answer["counts"]["without_place"]
    assert came == count, answer["counts"]
    print(
        f"  tempuse import       {seconds:7.1f} s {count / seconds:9,.0f} spaces/s   peak {peak:6.0f} MB   "
        f"processor {busy:.1f} s; "
        f"read and check {parts['prepare']:.1f} s ({count / parts['prepare']:,.0f}/s), "
        f"merge {parts['merge']:.1f} s ({count / parts['merge']:,.0f}/s)"
    )


PLAIN = """
import sys, geopandas, pandas, shapely
path, out = sys.argv[1:]
if path.endswith(".csv"):
    frame = pandas.read_csv(path, sep=";")
    frame = geopandas.GeoDataFrame(frame.drop(columns="wkt"), geometry=shapely.from_wkt(frame["wkt"]), crs=4326)
else:
    frame = geopandas.read_file(path)
frame.to_file(out, driver="GPKG")
"""


def plain(path: Path, out: Path, count: int) -> None:
    """The same file by GeoPandas alone: nothing checked, nothing compared, no events, nothing published."""
    _, seconds, busy, peak = run([sys.executable, "-c", PLAIN, str(path), str(out)])
    rate = count / seconds
    print(
        f"  geopandas alone      {seconds:7.1f} s {rate:9,.0f} rows/s     peak {peak:6.0f} MB   processor {busy:.1f} s"
    )


def main() -> None:
    """Measure what the arguments ask for."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--spaces", type=int, default=100_000)
    arguments.add_argument("--format", choices=[*FORMATS, "all"], default="gpkg")
    arguments.add_argument("--register", help="a PostgreSQL address; otherwise a GeoPackage in a folder that goes away")
    arguments.add_argument("--file", type=Path, help="keep the made-up file here, and use it again")
    arguments.add_argument("--without-plain", action="store_true", help="leave GeoPandas out")
    given = arguments.parse_args()
    for suffix in FORMATS if given.format == "all" else [given.format]:
        with tempfile.TemporaryDirectory() as folder:
            path = given.file or Path(folder) / f"list.{suffix}"
            if not path.exists():
                run([sys.executable, "-m", "tests.bench.large_list", str(path), str(given.spaces)])
            print(f"{given.spaces:,} spaces as {suffix}, {path.stat().st_size / 2**20:,.0f} MB")
            bring_in(path, given.register or f"{folder}/register.gpkg", given.spaces)
            if not given.without_plain:
                plain(path, Path(folder) / "plain.gpkg", given.spaces)


if __name__ == "__main__":
    main()
