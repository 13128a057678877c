"""What a file is, by its first bytes rather than by its name; what an archive or a folder holds."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from tempuse.errors import Invalid, Issue, NotFound
from tempuse.io import drivers
from tempuse.io.sources import archives, rectangle
from tempuse.io.sources.formulas import Formulas
from tempuse.io.sources.kinds import is_xml, kind_by_content

SUFFIXES: dict[str, str] = {
    ".geojson": "geojson", ".json": "geojson", ".gpkg": "gpkg", ".shp": "shapefile", ".kml": "kml",
    ".fgb": "flatgeobuf", ".gml": "gml", ".gpx": "gpx", ".dxf": "dxf", ".tab": "mapinfo", ".mif": "mapinfo",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "sheet", ".xlsm": "sheet", ".xlsb": "sheet", ".xls": "sheet",
    ".ods": "sheet", ".pbf": "osm", ".osm": "osm", ".zip": "zip", ".kmz": "kmz",
}  # fmt: skip


@dataclass(slots=True)
class KnownFile:
    """A file that can be read: its kind, where its content lies now, and what was noticed.

    ``label`` tells it from the other files of its archive, empty where it is the only one.
    """

    kind: str
    path: Path
    name: str
    issues: list[Issue] = field(default_factory=list)
    label: str = ""


def find(path: Path, scratch: Path) -> list[KnownFile]:
    """What this file is, or what this folder or archive holds; at least one that may be a list.

    Args:
        path: the sender's file, or a folder with the parts of a Shapefile and their like.
        scratch: a folder of our own, where archives may be unpacked.

    Raises:
        NotFound: there is no such file.
        Invalid: it is empty, of a kind that cannot be read, or an archive that unpacks to too much.
    """
    if not path.exists():
        raise NotFound("file.missing", name=path.name)
    if path.is_dir():
        return _of_folder(path, path.name, scratch)
    if path.stat().st_size == 0:
        raise Invalid("file.empty", name=path.name)
    kind = kind_by_content(path)
    if kind in ("zip", "kmz"):
        archives.unpack(path, scratch)
        found = _of_kmz(scratch, path.name) if kind == "kmz" else _of_folder(scratch, path.name, scratch)
    else:
        if archives.MAIN_PARTS.get(path.suffix.lower()) == kind:
            archives.whole([path], path.name)
        found = [_known(kind, path, path.name, scratch)]
    claimed = SUFFIXES.get(path.suffix.lower())
    kind = "geojson" if kind in drivers.JSON_KINDS else kind
    if claimed is not None and claimed != kind:
        values = {"name": path.name, "suffix": path.suffix, "kind": kind}
        found[0].issues.append(Issue(None, "", path.name, "file.other_kind", "file.read_as", values))
    return found


def _of_folder(folder: Path, name: str, scratch: Path) -> list[KnownFile]:
    """The lists in a folder: geodatabases, else files of several parts, else whatever else may be one."""
    if databases := archives.geodatabases(folder):
        return [_known("filegdb", each, name, scratch, each.stem if databases[1:] else "") for each in databases]
    if mains := archives.found_in(folder, tuple(archives.MAIN_PARTS)):
        mains = archives.whole(mains, name)
        return [
            KnownFile(archives.MAIN_PARTS[each.suffix.lower()], each, name, [], each.stem if mains[1:] else "")
            for each in mains
        ]
    if folder != scratch:
        raise Invalid("file.no_shapefile", name=name)
    others = archives.found_in(folder, tuple(suffix for suffix, kind in SUFFIXES.items() if kind not in ("zip", "kmz")))
    if not others:
        raise Invalid("file.zip_without", name=name)
    found, refused = [], Invalid("file.zip_without", name=name)
    for each in others:
        try:
            kind = kind_by_content(each)
            if kind in ("zip", "kmz"):
                raise Invalid("file.zip_in_zip", name=name)
            within = f"{name}/{each.name}"
            found.append(_known(kind, each, within, scratch / f"of-{each.name}", each.name if others[1:] else ""))
        except Invalid as error:
            refused = error
    if not found:
        raise refused
    return found


def _of_kmz(folder: Path, name: str) -> list[KnownFile]:
    """The list of a KMZ: its ``doc.kml``, as the format says, else all that it holds."""
    these = archives.found_in(folder, (".kml",))
    named = [each for each in these if each.name.lower() == "doc.kml"]
    these = named[:1] or [each for each in these if each.parent == folder] or these
    if not these:
        raise Invalid("file.zip_without", name=name)
    return [KnownFile("kml", each, name, [], each.name if these[1:] else "") for each in these]


def _known(kind: str, path: Path, name: str, scratch: Path, label: str = "") -> KnownFile:
    """A file of this kind under a name that says so; a workbook looked through before it is built."""
    found = KnownFile(kind, path, name, [], label)
    found.path = _under_its_suffix(found, scratch)
    if kind == "sheet" and zipfile.is_zipfile(found.path):
        formulas = Formulas()
        archives.check(found.path, formulas.take)
        found.issues += formulas.issues()
        found.path, far = rectangle.within_reason(found.path, scratch, name)
        found.issues += far
    return found


# How Office names the part that holds a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OWN = {
    "geojson": ".geojson", "geojsonseq": ".geojsonl", "topojson": ".json", "esrijson": ".json", "gpkg": ".gpkg",
    "kml": ".kml", "flatgeobuf": ".fgb", "osm": ".osm.pbf", "gml": ".gml", "gpx": ".gpx", "dxf": ".dxf",
    "filegdb": ".gdb",
}  # fmt: skip


def _under_its_suffix(found: KnownFile, scratch: Path) -> Path:
    """The file under a name that says what it is: GDAL and the readers of workbooks believe the name."""
    own = _OWN.get(found.kind, "")
    if found.kind == "sheet":
        own = _suffix_of_workbook(found)
    if found.kind == "osm" and is_xml(found.path):
        own = ".osm"
    if not own or found.path.name.lower().endswith(own):
        return found.path
    scratch.mkdir(parents=True, exist_ok=True)
    right = scratch / f"list{own}"
    right.unlink(missing_ok=True)
    try:
        right.symlink_to(found.path.absolute())
    except OSError:  # where links are not allowed
        shutil.copytree(found.path, right) if found.path.is_dir() else shutil.copyfile(found.path, right)
    return right


def _suffix_of_workbook(found: KnownFile) -> str:
    with found.path.open("rb") as file:
        old = file.read(4) == b"\xd0\xcf\x11\xe0"
        if old and _ENCRYPTED in file.read():
            raise Invalid("file.encrypted", name=found.name)
    if old:
        return ".xls"
    with zipfile.ZipFile(found.path) as archive:
        names = archive.namelist()
        if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
            return ".ods"
    return ".xlsb" if "xl/workbook.bin" in names else ".xlsx"
