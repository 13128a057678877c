"""How fast a large list comes in: the real command, in a process of its own, beside plain GeoPandas.

    python -m tests.bench.bench_import --spaces 1000000 --format gpkg
    python -m tests.bench.bench_import --spaces 1000000 --format csv --register postgresql://me@host/db?schema=bench
    python -m tests.bench.bench_import --files        # the real registers beside the checkout, as a table

Made-up spaces lie all over Belgium: 70 % points, 30 % outlines, fifteen columns that the generic profile has to guess.
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
from typing import Any

FORMATS = {"gpkg": "GPKG", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "csv": "CSV"}
CHUNK = 250_000


# ---- the file -------------------------------------------------------------------------------------------


def write_file(path: Path, count: int, seed: int = 1) -> None:
    """A city's list of so many spaces, in the format of the suffix."""
    import geopandas
    import numpy as np
    import pandas
    import shapely

    random = np.random.default_rng(seed)
    streets = np.array([f"{a}{b}" for a in ("Kerk", "Haven", "Molen", "Nieuw", "Markt", "Station", "School", "Veld")
                        for b in ("straat", "laan", "plein", "kaai", "weg", "dreef")])  # fmt: skip
    towns = np.array(["Gent", "Brugge", "Aalst", "Leuven", "Mechelen", "Kortrijk", "Oostende", "Hasselt"])
    frames = []
    for first in range(0, count, CHUNK):
        n = min(CHUNK, count - first)
        numbers = np.arange(first + 1, first + n + 1)
        # Streets lie together, as lists do: a walk over the country with a jump now and then.
        steps = np.where(random.random(n) < 0.0005, random.normal(0, 0.3, n), random.normal(0, 0.0005, n))
        lon = 4.4 + 0.9 * np.sin(np.cumsum(steps) * 3 + random.random())
        lat = 50.75 + 0.25 * np.sin(np.cumsum(random.normal(0, 0.0008, n)) * 3 + random.random())
        lon, lat = np.round(lon, 7), np.round(lat, 7)
        shapes = shapely.points(lon, lat)
        flat = random.random(n) < 0.3
        wide, tall = random.uniform(0.0001, 0.0008, n), random.uniform(0.0001, 0.0005, n)
        rings = np.stack([
            np.stack([lon, lat], 1), np.stack([lon + wide, lat + tall / 5], 1),
            np.stack([lon + wide * 1.1, lat + tall], 1), np.stack([lon + wide * 0.4, lat + tall * 1.2], 1),
            np.stack([lon, lat + tall], 1), np.stack([lon, lat], 1),
        ], 1)[flat]  # fmt: skip
        shapes[flat] = shapely.polygons(rings)
        street = streets[random.integers(len(streets), size=n)]
        choose = lambda these, share=None: np.array(these, object)[random.choice(len(these), n, p=share)]  # noqa: E731
        frame = {
            "nummer": np.char.add("L", numbers.astype(str)).astype(object),
            "naam": np.array([f"{s} {i % 217}" if i % 3 else None for s, i in zip(street, numbers, strict=True)], object),
            "adres": np.array([f"{s} {i % 217 + 1}" for s, i in zip(street, numbers, strict=True)], object),
            "postcode": random.integers(1000, 9999, n).astype(str).astype(object),
            "gemeente": towns[random.integers(len(towns), size=n)].astype(object),
            "soort": choose(["gebouw", "unit", "terrein"], [0.6, 0.25, 0.15]),
            "oppervlakte": np.round(random.gamma(2.0, 140, n) + 8, 1),
            "leegstaand sinds": np.datetime_as_string(
                np.datetime64("2010-01-01") + random.integers(0, 6000, n).astype("timedelta64[D]")
            ).astype(object),
            "bouwjaar": random.integers(1850, 2020, n),
            "staat": choose(["goed", "matig", "slecht", None]),
            "elektriciteit": choose(["ja", "nee", "onbekend"], [0.6, 0.2, 0.2]),
            "water": choose(["ja", "nee", "onbekend"], [0.5, 0.2, 0.3]),
            "verwarming": choose(["ja", "nee", None], [0.3, 0.4, 0.3]),
            "eigenaar": choose(["gemeente", "privé", "onbekend"], [0.3, 0.5, 0.2]),
            "opmerking": np.array([f"dossier {i}" if not i % 10 else None for i in numbers], object),
        }  # fmt: skip
        frames.append(geopandas.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326"))
    whole = frames[0] if len(frames) == 1 else pandas.concat(frames, ignore_index=True)
    if path.suffix == ".csv":
        whole["wkt"] = shapely.to_wkt(whole.geometry.to_numpy(), rounding_precision=7)
        pandas.DataFrame(whole.drop(columns="geometry")).to_csv(path, index=False, sep=";")
        return
    whole.to_file(path, driver=FORMATS[path.suffix[1:]], engine="pyogrio")


# ---- what is measured -----------------------------------------------------------------------------------


def run(command: list[str], **environment: str) -> tuple[str, float, float, float]:
    """Run a command in a process of its own: what it said, seconds, seconds of processor, peak memory in MB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, env={**os.environ, **environment})  # noqa: S603
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
        f"  tempuse import       {seconds:7.1f} s {count / seconds:9,.0f} spaces/s   peak {peak:6.0f} MB   processor {busy:.1f} s; "
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
    print(
        f"  geopandas alone      {seconds:7.1f} s {count / seconds:9,.0f} rows/s     peak {peak:6.0f} MB   processor {busy:.1f} s"
    )


def main() -> None:
    """Measure what the arguments ask for."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--spaces", type=int, default=100_000)
    arguments.add_argument("--format", choices=[*FORMATS, "all"], default="gpkg")
    arguments.add_argument("--register", help="a PostgreSQL address; otherwise a GeoPackage in a folder that goes away")
    arguments.add_argument("--file", type=Path, help="keep the made-up file here, and use it again")
    arguments.add_argument("--without-plain", action="store_true", help="leave GeoPandas out")
    arguments.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.write:
        write_file(given.write, given.spaces)
        return
    for suffix in FORMATS if given.format == "all" else [given.format]:
        with tempfile.TemporaryDirectory() as folder:
            path = given.file or Path(folder) / f"list.{suffix}"
            if not path.exists():
                run(
                    [
                        sys.executable,
                        "-m",
                        "tests.bench.bench_import",
                        "--spaces",
                        str(given.spaces),
                        "--write",
                        str(path),
                    ]
                )
            print(f"{given.spaces:,} spaces as {suffix}, {path.stat().st_size / 2**20:,.0f} MB")
            bring_in(path, given.register or f"{folder}/register.gpkg", given.spaces)
            if not given.without_plain:
                plain(path, Path(folder) / "plain.gpkg", given.spaces)


if __name__ == "__main__":
    main()
