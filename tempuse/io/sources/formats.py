"""What a file is, by its first bytes rather than by its name; archives opened with care."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from tempuse.errors import Invalid, Issue, NotFound
from tempuse.io import drivers
from tempuse.io.sources import rectangle
from tempuse.io.sources.kinds import kind_by_content

MEGABYTE = 1024 * 1024
# A list of sites unpacks to a few times its size. What unpacks to more than this is refused before and
# while it is unpacked: declared sizes can lie.
MOST_UNPACKED = 2048 * MEGABYTE
MOST_SHEET = 512 * MEGABYTE  # a workbook is read as a whole
MOST_RATIO = 300
MOST_MEMBERS = 5000

SUFFIXES: dict[str, str] = {
    ".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".shp": "shapefile", ".kml": "kml",
    ".fgb": "flatgeobuf",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "sheet", ".xlsm": "sheet", ".xls": "sheet", ".ods": "sheet",
    ".pbf": "osm", ".zip": "zip", ".kmz": "kmz",
}  # fmt: skip


@dataclass(slots=True)
class KnownFile:
    """A file that can be read: its kind, where its content lies now, and what was noticed."""

    kind: str
    path: Path
    name: str
    issues: list[Issue] = field(default_factory=list)


def find(path: Path, scratch: Path) -> KnownFile:
    """What this file (or folder with a Shapefile) is.

    Args:
        path: the sender's file.
        scratch: a folder of our own, where archives may be unpacked.

    Raises:
        NotFound: there is no such file.
        Invalid: it is empty, of a kind that cannot be read, or an archive that unpacks to too much.
    """
    if not path.exists():
        raise NotFound("file.missing", name=path.name)
    if path.is_dir():
        return KnownFile("shapefile", _one_shapefile(path, path.name), path.name)
    if path.stat().st_size == 0:
        raise Invalid("file.empty", name=path.name)
    kind = kind_by_content(path)
    if kind == "zip":
        found = _within_zip(path, scratch)
    elif kind == "kmz":
        unpack(path, scratch)
        found = KnownFile("kml", _one_of(scratch, (".kml",), path.name), path.name)
    else:
        found = KnownFile(kind, path, path.name)
    found.path = _under_its_suffix(found, scratch)
    if found.kind == "sheet" and zipfile.is_zipfile(found.path):
        if failed := _check_archive(found.path, count_bytes=True):
            issue = Issue(None, "", "", "file.failed_formulas", "file.taken_as_empty", {"cells": failed})
            found.issues.append(issue)
        found.path, far = rectangle.within_reason(found.path, scratch, path.name)
        found.issues += far
    claimed = SUFFIXES.get(path.suffix.lower())
    kind = "geojson" if kind in drivers.JSON_KINDS else kind
    if claimed is not None and claimed != kind and not (claimed == "csv" and kind == "csv"):
        values = {"name": path.name, "suffix": path.suffix, "kind": kind}
        found.issues.append(Issue(None, "", path.name, "file.other_kind", "file.read_as", values))
    return found


_FAILED = b' t="e"'
# How Office names the part that holds a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OWN = {
    "geojson": ".geojson", "geojsonseq": ".geojsonl", "topojson": ".json", "esrijson": ".json", "gpkg": ".gpkg",
    "kml": ".kml", "flatgeobuf": ".fgb", "osm": ".osm.pbf",
}  # fmt: skip


def _under_its_suffix(found: KnownFile, scratch: Path) -> Path:
    """The file under a name that says what it is: GDAL and the readers of workbooks believe the name."""
    own = _OWN.get(found.kind, "")
    if found.kind == "sheet":
        with found.path.open("rb") as file:
            old = file.read(4) == b"\xd0\xcf\x11\xe0"
            if old and _ENCRYPTED in file.read():
                raise Invalid("file.encrypted", name=found.name)
        own = ".xls" if old else ".ods" if _is_opendocument(found.path) else ".xlsx"
    if not own or found.path.name.lower().endswith(own):
        return found.path
    scratch.mkdir(parents=True, exist_ok=True)
    right = scratch / f"list{own}"
    right.unlink(missing_ok=True)
    try:
        right.symlink_to(found.path.absolute())
    except OSError:  # where links are not allowed
        shutil.copyfile(found.path, right)
    return right


def _is_opendocument(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return "mimetype" in archive.namelist() and b"opendocument" in archive.open("mimetype").read(200)


def _within_zip(path: Path, scratch: Path) -> KnownFile:
    unpack(path, scratch)
    if shapefiles := [each for each in scratch.rglob("*") if each.suffix.lower() == ".shp"]:
        return KnownFile("shapefile", _one_shapefile(scratch, path.name, shapefiles), path.name)
    inner = _one_of(
        scratch, tuple(suffix for suffix, kind in SUFFIXES.items() if kind not in ("zip", "kmz")), path.name
    )
    kind = kind_by_content(inner)
    if kind in ("zip", "kmz"):
        raise Invalid("file.zip_in_zip", name=path.name)
    return KnownFile(kind, inner, f"{path.name}/{inner.name}")


def _one_shapefile(folder: Path, name: str, these: list[Path] | None = None) -> Path:
    """The one .shp of a folder; its .shx and .dbf must lie beside it."""
    if these is None:
        these = [each for each in folder.rglob("*") if each.suffix.lower() == ".shp"]
    if not these:
        raise Invalid("file.no_shapefile", name=name)
    if len(these) > 1:
        raise Invalid("file.several", name=name, names=sorted(each.name for each in these))
    beside = {each.suffix.lower() for each in these[0].parent.iterdir() if each.stem == these[0].stem}
    if missing := sorted({".shx", ".dbf"} - beside):
        raise Invalid("file.shapefile_parts", name=name, missing=missing)
    return these[0]


def _one_of(folder: Path, suffixes: tuple[str, ...], name: str) -> Path:
    these = sorted(each for each in folder.rglob("*") if each.is_file() and each.suffix.lower() in suffixes)
    if not these:
        raise Invalid("file.zip_without", name=name)
    if len(these) > 1:
        raise Invalid("file.several", name=name, names=[each.name for each in these])
    return these[0]


def unpack(path: Path, scratch: Path) -> None:
    """Unpack an archive into a folder of our own, counting what really comes out.

    Raises:
        Invalid: it holds too much, is encrypted, or is damaged; nothing of it stays.
    """
    _check_archive(path)
    scratch.mkdir(parents=True, exist_ok=True)
    written = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                # Only the last two parts of a path matter, and none may lead out of the folder.
                parts = [part for part in Path(member.filename.replace("\\", "/")).parts if part not in ("..", "/")]
                if member.is_dir() or not parts or parts[0] == "__MACOSX":
                    continue
                target = scratch.joinpath(*parts)
                if not target.resolve().is_relative_to(scratch.resolve()):
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as inside, target.open("wb") as out:
                    while chunk := inside.read(MEGABYTE):
                        written += len(chunk)
                        if written > MOST_UNPACKED:
                            raise Invalid("file.bomb", name=path.name)
                        out.write(chunk)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise Invalid("file.damaged", name=path.name) from error
    except (Invalid, RuntimeError) as error:
        shutil.rmtree(scratch, ignore_errors=True)
        if isinstance(error, Invalid):
            raise
        raise Invalid("file.encrypted", name=path.name) from error


def _check_archive(path: Path, *, count_bytes: bool = False) -> int:
    """Look at what an archive says of itself, and for workbooks at what really comes out.

    Gives how many cells of a workbook hold a formula that failed: the reader leaves them empty without a word.
    """
    failed = 0
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            packed = max(path.stat().st_size, 1)
            bomb = size > MOST_UNPACKED or (size > 100 * MEGABYTE and size / packed > MOST_RATIO)
            if bomb or len(members) > MOST_MEMBERS:
                raise Invalid("file.bomb", name=path.name)
            if count_bytes:
                left = MOST_SHEET
                for member in members:
                    with archive.open(member) as inside:
                        while chunk := inside.read(MEGABYTE):
                            left -= len(chunk)
                            failed += chunk.count(_FAILED) if "worksheets/" in member.filename else 0
                            if left < 0:
                                raise Invalid("file.bomb", name=path.name)
    except zipfile.BadZipFile as error:
        raise Invalid("file.damaged", name=path.name) from error
    except RuntimeError as error:
        raise Invalid("file.encrypted", name=path.name) from error
    return failed
