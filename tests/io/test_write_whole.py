"""Files out: whole or not at all, and what cannot be written is said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from tempuse import exports, files
from tempuse.access import SYSTEM
from tempuse.errors import Invalid, NotFound, TempuseError, Unusable
from tempuse.io import commas, write
from tempuse.io.write import columns
from tempuse.registry.spaces import add_space
from tempuse.store import published
from tempuse.store.engine import Connection
from tempuse.vocabulary import Audience
from tests.builders import a_space
from tests.io.exported import ALL, READERS, export, fill


@pytest.fixture
def filled(con: Connection, now: datetime) -> Connection:
    """A register with a space of each sort, one with a past, in a district."""
    fill(con, now)
    return con


def _breaking_off(con: Connection) -> Iterator[list[str]]:
    yield next(published.walk(con, "spaces"))
    raise RuntimeError("the lights went out")


@pytest.mark.parametrize("name", ALL)
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(name: str, filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / f"a.{name}"
    path.write_bytes(b"yesterday's")
    content = write.Content(_breaking_off(filled), columns.space_columns(Audience.PUBLIC))
    before = set(os.listdir(tmp_path))
    with pytest.raises(RuntimeError, match="lights"):
        write.write_file(path, write.FORMATS[name], content)
    assert path.read_bytes() == b"yesterday's"
    assert set(os.listdir(tmp_path)) == before


def test_what_a_killed_export_left_is_gone_with_the_next_and_one_at_work_is_left_alone(
    filled: Connection, tmp_path: Path
) -> None:
    left, other = tmp_path / ".a.gpkg-x1.unfinished", tmp_path / ".b.gpkg-x2.unfinished"
    for folder in (left, other):
        folder.mkdir()
        (folder / "a.gpkg").touch()
    with files.scratch(tmp_path, "a.gpkg") as at_work:
        left.mkdir(exist_ok=True)
        export(filled, tmp_path / "a.gpkg")
        assert [folder.exists() for folder in (left, at_work, other)] == [False, True, True]


@pytest.mark.parametrize("name", ["geojson", "gpkg", "csv"])
def test_an_older_file_is_replaced_and_a_link_still_leads_there(name: str, filled: Connection, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / f"data.{name}"
    real.write_bytes(b"x" * 100_000)
    link = tmp_path / f"link.{name}"
    link.symlink_to(real)
    export(filled, link)
    assert link.is_symlink()
    assert len(READERS[name](real)) == 6


def sentence_of(call: Callable[[], Any], kind: type[TempuseError]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.message


def test_what_cannot_be_written_is_said_in_one_sentence(filled: Connection, tmp_path: Path) -> None:
    def at(path: str, **options: str) -> Callable[[], Any]:
        return lambda: export(filled, tmp_path / path, **options)

    assert sentence_of(at("a.pdf"), Invalid) == "export.unknown_suffix"
    assert sentence_of(at("a"), Invalid) == "export.unknown_suffix"
    assert sentence_of(at("missing/a.gpkg"), NotFound) == "export.folder_missing"
    assert sentence_of(at("a.gpkg", crs="EPSG:999999"), Invalid) == "crs.unknown"
    assert sentence_of(at("a.geojson", crs="31370"), Invalid) == "export.format_has_no_crs"
    assert sentence_of(at("a.kml", crs="EPSG:3857"), Invalid) == "export.format_has_no_crs"
    (tmp_path / "folder.gpkg").mkdir()
    assert sentence_of(at("folder.gpkg"), Invalid) == "export.is_folder"
    assert sentence_of(lambda: write.format_for(Path("x"), "dxf"), Invalid) == "export.unknown_format"
    assert os.listdir(tmp_path / "folder.gpkg") == []
    assert not list(tmp_path.glob(".*"))


def test_a_place_that_a_crs_cannot_hold_is_said_and_not_written(con: Connection, now: datetime, tmp_path: Path) -> None:
    add_space(con, SYSTEM, a_space(geometry=shapely.Point(-90.0, -90.0)), now)
    assert sentence_of(lambda: export(con, tmp_path / "a.gpkg", crs="EPSG:2154"), Invalid) == "export.crs_elsewhere"
    assert not (tmp_path / "a.gpkg").exists()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a folder that even root may not write to")
def test_a_folder_that_may_not_be_written_to_is_said(con: Connection) -> None:
    assert sentence_of(lambda: export(con, Path("/sys/kernel/a.geojson")), Unusable) == "export.not_writable"


FULL = """
import random, resource, signal, sys
from pathlib import Path
from tempuse.errors import TempuseError
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.vocabulary import Audience
place = '"geometry":{"type":"Point","coordinates":[3.7,51.0]}'
text = '{"type":"Feature","id":"SP-1",' + place + ',"properties":{"ref":"SP-1","name":"%s"}}'
texts = ([text % random.randbytes(200).hex() for _ in range(100)] for _ in range(40))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
path = Path(sys.argv[1])
try:
    write.write_file(path, write.format_for(path), write.Content(texts, space_columns(Audience.PUBLIC)))
except TempuseError as error:
    sys.exit(error.message)
"""


@pytest.mark.parametrize("name", ["geojson", "gpkg", "fgb", "kml", "csv", "ods"])
def test_a_full_disk_is_said_and_leaves_nothing_half(name: str, tmp_path: Path) -> None:
    """A process that may write 200 kB stands for the disk: the system refuses the next byte either way."""
    path = tmp_path / f"a.{name}"
    path.write_bytes(b"yesterday's")
    done = subprocess.run([sys.executable, "-c", FULL, path], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "export.disk_full", done.stderr
    assert path.read_bytes() == b"yesterday's"
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.both_engines
def test_a_stream_is_the_file(filled: Connection, tmp_path: Path) -> None:
    for name in ("geojson", "csv", "kml"):
        form = write.FORMATS[name]
        texts = exports.space_texts(filled, Audience.PUBLIC, exports.Selection())
        content = write.Content(texts, columns.space_columns(Audience.PUBLIC), title="Rooms & ‘ruimte’")
        chunks = b"".join(write.stream(form, content) or ())
        filled.rollback()
        assert chunks == export(filled, tmp_path / f"a.{name}").read_bytes()
    assert write.stream(write.FORMATS["gpkg"], content) is None


def test_values_in_csv_are_plain() -> None:
    assert [commas.cell(value) for value in (True, False, 3, 2.5, date(2026, 1, 2), "x")] == [
        "true", "false", 3, 2.5, "2026-01-02", "x",
    ]  # fmt: skip
