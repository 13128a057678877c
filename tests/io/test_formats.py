"""What a file is, by what is in it; archives are opened with care."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tempuse.errors import Invalid, NotFound
from tempuse.io.read import open_source
from tempuse.io.sources import archives, formats
from tests.io import lists

DATA = Path(__file__).resolve().parents[1] / "data"


def refused(path: Path, tmp_path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        open_source(path, tmp_path / "scratch").sample()
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("list.csv", b"", "file.empty"),
        ("list.csv", b"\n\n  \n", "file.empty"),
        ("list.csv", b"Name,Address\n", "file.no_rows"),
        ("list.csv", b"%PDF-1.7\n1 0 obj", "file.foreign"),
        ("list.xlsx", b"<!DOCTYPE html><html><body>Sign in</body></html>", "file.foreign"),
        ("list.csv", b"\xef\xbb\xbf  <HTML><head>", "file.foreign"),
        ("list.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "file.foreign"),
        ("list.csv", b"{\\rtf1 Name}", "file.foreign"),
        ("list.dat", bytes(range(256)) * 20, "file.unknown_kind"),
        ("list.csv", b"Name\x00Address\x00" * 100, "file.unknown_kind"),
        ("list.xlsx", b"PK\x03\x04 this is no archive at all", "file.damaged"),
        ("list.gpkg", b"SQLite format 3\x00" + bytes(84), "file.damaged"),
        ("list.fgb", b"fgb\x03fgb\x00" + bytes(40), "file.damaged"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file.damaged"),
        ("list.geojson", b'{"type": "FeatureCollection", "features": [', "file.not_geojson"),
        ("list.geojson", b'{"type": "Topology", "objects": {}}', "file.not_geojson"),
        ("list.geojson", b'{"type": "FeatureCollection", "features": []}', "file.no_rows"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path, tmp_path) == message


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        open_source(tmp_path / "away.csv", tmp_path / "scratch")
    assert caught.value.message == "file.missing"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".gpkg", ".geojson", ".zip", ".shp", ".kml", ".fgb", ".pdf", ""])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "gpkg", "geojson", "fgb", "kml", "zip"])
def test_a_file_is_read_by_its_content_whatever_its_suffix(tmp_path: Path, kind: str, suffix: str) -> None:
    path = tmp_path / f"list{suffix}"
    right = tmp_path / f"right.{kind}"
    match kind:
        case "csv":
            lists.write_csv(right, lists.table())
        case "xlsx":
            lists.write_xlsx(right, {"Vacant": lists.table()})
        case "ods":
            lists.write_ods(right, lists.table())
        case "zip":
            folder = lists.write_shapefile(tmp_path / "shape")
            lists.zipped(right, {each.name: each for each in folder.iterdir()})
        case _:
            driver = {"gpkg": "GPKG", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "kml": "KML"}[kind]
            lists.write_vector(right, driver)
    path.write_bytes(right.read_bytes())
    source = open_source(path, tmp_path / "scratch")
    assert len(list(source.rows())) == 4
    said = {issue.message for issue in source.issues}
    known = formats.SUFFIXES.get(suffix)
    meant = {"xlsx": "sheet", "ods": "sheet", "fgb": "flatgeobuf"}.get(kind, kind)
    assert ("file.other_kind" in said) == (known is not None and known != meant)


# ---- archives -------------------------------------------------------------------------------------------


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("list.csv", "w", force_zip64=True) as out,
    ):
        for _ in range(130):
            out.write(bytes(archives.MEGABYTE))
    assert path.stat().st_size < archives.MEGABYTE
    assert refused(path, tmp_path) == "file.bomb"
    assert not list((tmp_path / "scratch").iterdir())


def test_a_zip_that_lies_about_its_size_is_stopped_while_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", "Name,Address\n" + "a,b\n" * 100_000)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100_000)
    monkeypatch.setattr(archives, "check", lambda path, watch=None: None)
    with pytest.raises(Invalid) as caught:
        formats.find(path, tmp_path / "scratch")
    assert caught.value.message == "file.bomb"
    assert not (tmp_path / "scratch").exists()


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lists.write_xlsx(tmp_path / "list.xlsx", {"Vacant": [["Name"], *([f"name {i}"] for i in range(5000))]})
    monkeypatch.setattr(archives, "MOST_SHEET", 50_000)
    with pytest.raises(Invalid) as caught:
        formats.find(path, tmp_path / "scratch")
    assert caught.value.message == "file.bomb"


def test_a_zip_with_a_password_says_so(tmp_path: Path) -> None:
    path = lists.zipped(tmp_path / "list.zip", {"list.csv": lists.write_csv(tmp_path / "list.csv", lists.table())})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag "encrypted", in the local header and in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert refused(path, tmp_path) == "file.encrypted"


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    assert refused(DATA / "with_password.xlsx", tmp_path) == "file.encrypted"


def test_a_workbook_cut_short_is_damaged(tmp_path: Path) -> None:
    whole = lists.write_xlsx(tmp_path / "whole.xlsx", {"Vacant": lists.table()}).read_bytes()
    path = tmp_path / "list.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path, tmp_path) == "file.damaged"


@pytest.mark.parametrize("driver", ["GPKG", "FlatGeobuf"])
def test_a_vector_file_cut_short_is_damaged(tmp_path: Path, driver: str) -> None:
    path = lists.write_vector(tmp_path / {"GPKG": "list.gpkg", "FlatGeobuf": "list.fgb"}[driver], driver)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(Invalid) as caught:
        list(open_source(path, tmp_path / "scratch").rows())
    assert caught.value.message in ("file.damaged", "file.no_rows")


def test_a_zip_within_a_zip_is_refused(tmp_path: Path) -> None:
    one = lists.write_csv(tmp_path / "one.csv", lists.table())
    inner = lists.zipped(tmp_path / "inner.zip", {"one.csv": one})
    assert refused(lists.zipped(tmp_path / "outer.zip", {"inner.csv": inner}), tmp_path) == "file.zip_in_zip"
    assert refused(lists.zipped(tmp_path / "more.zip", {"inner.zip": inner}), tmp_path / "more") == "file.zip_without"


def test_a_zip_cannot_write_outside_its_folder(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("../../list.csv", "/etc/list.csv", "..\\..\\list.csv", "C:\\list.csv"):
            archive.writestr(name, "Name,Address\na,b\n")
    path = tmp_path / "list.zip"
    path.write_bytes(content.getvalue())
    before = set(tmp_path.rglob("*"))
    open_source(path, tmp_path / "scratch" / "deep").close()
    made = set(tmp_path.rglob("*")) - before
    assert all(each.is_relative_to(tmp_path / "scratch") for each in made)


@pytest.mark.parametrize("lost", [".shx", ".dbf"])
def test_a_shapefile_without_one_of_its_parts_says_which(tmp_path: Path, lost: str) -> None:
    folder = lists.write_shapefile(tmp_path / "shape")
    (folder / f"list{lost}").unlink()
    with pytest.raises(Invalid) as caught:
        open_source(folder, tmp_path / "scratch")
    assert (caught.value.message, caught.value.values["missing"]) == ("file.shapefile_parts", [lost])


def test_a_folder_without_a_shapefile_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty", tmp_path) == "file.no_shapefile"
