"""A made-up list as large as one likes: ``python -m tests.bench.large_list PATH SPACES``, in the format of the suffix.

In a process of its own, so that what makes the list does not count where the import is measured. The spaces lie all
over Belgium: 70 % points, 30 % outlines, fifteen columns that the generic profile has to guess.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely

FORMATS = {"gpkg": "GPKG", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "csv": "CSV"}
CHUNK = 250_000


def _choose(random: np.random.Generator, n: int, these: Sequence[object], share: Sequence[float] | None = None):
    return np.array(these, object)[random.choice(len(these), n, p=share)]


def write_file(path: Path, count: int, seed: int = 1) -> None:
    """A city's list of so many spaces, in the format of the suffix."""
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
        pairs = list(zip(street, numbers, strict=True))
        choose = partial(_choose, random, n)
        frame = {
            "nummer": np.char.add("L", numbers.astype(str)).astype(object),
            "naam": np.array([f"{s} {i % 217}" if i % 3 else None for s, i in pairs], object),
            "adres": np.array([f"{s} {i % 217 + 1}" for s, i in pairs], object),
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


if __name__ == "__main__":
    write_file(Path(sys.argv[1]), int(sys.argv[2]))
