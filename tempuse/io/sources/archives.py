"""Archives opened with care: what really comes out of them is counted, and only what may be a list is looked at."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

from tempuse.errors import Invalid
from tempuse.io.sources.encodings import beside

MEGABYTE = 1024 * 1024
# A list of sites unpacks to a few times its size. What unpacks to more than this is refused before and
# while it is unpacked: declared sizes can lie.
MOST_UNPACKED = 2048 * MEGABYTE
MOST_SHEET = 512 * MEGABYTE  # a workbook is read as a whole
MOST_RATIO = 300
MOST_MEMBERS = 5000
# Files of a folder that are one list together; the first of each kind names the others.
MAIN_PARTS = {".shp": "shapefile", ".tab": "mapinfo", ".mif": "mapinfo"}
PARTS = frozenset({
    ".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".qix", ".tab", ".dat", ".map", ".id", ".ind",
    ".mif", ".mid",
})  # fmt: skip
NEEDED = {".shp": (".shx", ".dbf"), ".tab": (".dat", ".map", ".id"), ".mif": ()}
# What lies beside a list and is none.
_BESIDE = re.compile(
    r"(read.?me|lies.?mich|lisez.?moi|lees.?mij|leggimi|lueminut|licen[cs]e|licence|copying)", re.IGNORECASE
)


def is_list(path: Path) -> bool:
    """Whether a file of an archive may be a list: not hidden, no double of a Mac's, nothing to be read by people."""
    return path.is_file() and not path.name.startswith(".") and _BESIDE.match(path.stem) is None


def found_in(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of a folder and the folders below that end in one of these, by name."""
    these = (each for each in folder.rglob("*") if each.suffix.lower() in suffixes and is_list(each))
    return sorted(each for each in these if not any(part == "__MACOSX" for part in each.parts))


def geodatabases(folder: Path) -> list[Path]:
    """The folders that are a File Geodatabase, this one or below."""
    return sorted({each.parent for each in folder.rglob("*.gdbtable")})


def whole(these: list[Path], name: str) -> list[Path]:
    """Those of these main files whose parts lie beside them.

    Raises:
        Invalid: none is whole.
    """
    held = [each for each in these if not _missing(each)]
    if not held:
        raise Invalid("file.shapefile_parts", name=name, missing=_missing(these[0]))
    return held


def _missing(main: Path) -> list[str]:
    return [suffix for suffix in NEEDED[main.suffix.lower()] if beside(main, suffix) is None]


def unpack(path: Path, scratch: Path) -> None:
    """Unpack an archive into a folder of our own, counting what really comes out.

    Raises:
        Invalid: it holds too much, is encrypted, or is damaged; nothing of it stays.
    """
    check(path)
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


def check(path: Path, watch: Callable[[str, bytes], None] | None = None) -> None:
    """Look at what an archive says of itself, and where somebody watches at what really comes out.

    Args:
        path: the archive.
        watch: is shown each piece of each part, by the part's name; all of them together are no more than a
            workbook may have.

    Raises:
        Invalid: it unpacks to too much, is damaged, or has a password.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            packed = max(path.stat().st_size, 1)
            bomb = size > MOST_UNPACKED or (size > 100 * MEGABYTE and size / packed > MOST_RATIO)
            if bomb or len(members) > MOST_MEMBERS:
                raise Invalid("file.bomb", name=path.name)
            if watch is not None:
                left = MOST_SHEET
                for member in members:
                    with archive.open(member) as inside:
                        while chunk := inside.read(MEGABYTE):
                            left -= len(chunk)
                            if left < 0:
                                raise Invalid("file.bomb", name=path.name)
                            watch(member.filename, chunk)
    except zipfile.BadZipFile as error:
        raise Invalid("file.damaged", name=path.name) from error
    except RuntimeError as error:
        raise Invalid("file.encrypted", name=path.name) from error
