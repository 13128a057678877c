"""Whatever drivers GDAL is built with: none opens a sender's file but the one that is named for its kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pyogrio
import pytest

from tempuse.errors import Invalid
from tempuse.io import drivers
from tempuse.io.confined import wire
from tempuse.io.read import open_source
from tempuse.io.sources.source import quietly
from tests.io import lists
from web.messages import MESSAGES

EVERYTHING = bool(os.environ.get("TEMPUSE_TEST_EVERYTHING"))
SUFFIXES = (".kml", ".geojson", ".gpkg", ".fgb")
# Every driver for features of the library that a module has loaded, read out of the library itself: a process for
# each environment, which has in common with the others what the module loads beside GDAL.
INSTALLED = """
import ctypes, json, os, re, sys
from pathlib import Path
import geopandas
module, environments = json.loads(sys.argv[1])
assert "libgdal" not in Path("/proc/self/maps").read_text()
for environment in environments:
    if os.fork():
        os.wait()
        continue
    os.environ.update(environment)
    __import__(module)
    path = re.search(r"(/\\S*%s\\.libs/libgdal\\S*)" % module, Path("/proc/self/maps").read_text())[1]
    gdal = ctypes.CDLL(path)
    gdal.GDALGetDriver.restype = ctypes.c_void_p
    for name in ("GDALGetDriverShortName", "GDALGetMetadataItem"):
        getattr(gdal, name).restype = ctypes.c_char_p
    found = []
    for i in range(gdal.GDALGetDriverCount()):
        driver = ctypes.c_void_p(gdal.GDALGetDriver(i))
        if gdal.GDALGetMetadataItem(driver, b"DCAP_VECTOR", None):
            found.append(gdal.GDALGetDriverShortName(driver).decode())
    print(json.dumps(found), flush=True)
    os._exit(0)
"""


def installed(module: str, environments: list[dict[str, str]]) -> list[set[str]]:
    """What a process of its own has, with each of these environments and nothing of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GDAL", "OGR", "CPL"))}
    asked = json.dumps([module, environments])
    ran = subprocess.run([sys.executable, "-c", INSTALLED, asked], capture_output=True, text=True, check=True, env=kept)
    return [set(json.loads(line)) for line in ran.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are found as Linux tells them")
@pytest.mark.parametrize("module", ["pyogrio", "fiona"])
def test_no_driver_is_left_but_those_of_the_table(module: str) -> None:
    pytest.importorskip(module)
    environments = [{}, drivers.environment(), *(drivers.environment([kind]) for kind in drivers.DRIVERS)]
    every, with_ours, *with_one = installed(module, environments)
    assert {"OGR_VRT", "WFS", "SQLite", "CSV"} <= every
    assert every - set(drivers.KNOWN) <= {"VRT"}
    ours = {*drivers.DRIVERS.values(), "MEM", "Memory"}
    assert with_ours == every & ours
    for driver, left in zip(drivers.DRIVERS.values(), with_one, strict=True):
        assert left <= {driver}


@pytest.mark.parametrize("start", ["import tempuse.cli.main, web", "import web.app", "import tempuse.io.write.vector"])
def test_every_door_of_the_house_takes_them_out(start: str) -> None:
    code = f"{start}\nimport tempuse.cli.importing, pyogrio\nprint(*sorted(pyogrio.list_drivers()), sep=',')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(ran.stdout.strip().split(",")) <= {*drivers.DRIVERS.values(), "MEM"}
    assert "Unable" not in ran.stderr


@pytest.mark.parametrize("driver", [
    name for name, can in pyogrio.list_drivers().items() if "w" in can and name not in drivers.DRIVERS.values()
])  # fmt: skip
def test_a_file_of_another_kind_is_refused_or_read_as_text(tmp_path: Path, driver: str) -> None:
    frame = lists.frame()[["Name", "geometry"]]
    sent = tmp_path / "sent"
    sent.mkdir()
    try:
        quietly(pyogrio.write_dataframe, frame, sent / "list", driver=driver)
    except Exception:
        pytest.skip(f"{driver} writes no single file of points")
    made = sorted(each for each in sent.rglob("*") if each.is_file())
    # Half of the names, the other half for the next file; TEMPUSE_TEST_EVERYTHING=1 gives each file all of them.
    turn = zlib.crc32(driver.encode())
    for i, each in enumerate(made):
        for suffix in SUFFIXES if EVERYTHING else SUFFIXES[(turn + i) % 2 :: 2]:
            path = tmp_path / f"list{i}{suffix}"
            path.write_bytes(each.read_bytes())
            try:
                source = open_source(path, tmp_path / "scratch")
            except Invalid:
                continue
            # What is JSON with features or a table is read as that, never by the driver that made it.
            assert source.kind in {*drivers.JSON_KINDS, "csv", "sheet"} | ({"kml"} if driver == "KML" else set())
            source.close()


def test_all_that_a_reader_may_say_has_words() -> None:
    assert set(MESSAGES) >= wire.SAYS
