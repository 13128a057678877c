"""``python -m tempuse.io.confined``: reads one file behind walls and says what it finds, or makes one of it.

The request comes as one line of JSON on the standard input, which stays open as long as anybody wants the answer.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from tempuse.errors import Invalid, TempuseError
from tempuse.io import drivers
from tempuse.io.confined import walls, wire
from tempuse.io.sources import formats, geopackage, recoded, several
from tempuse.io.sources.several import Table
from tempuse.io.sources.source import Source

BATCH = 2000


def main() -> None:
    """Read the file that is asked for."""
    # Whatever a library prints must not get between the frames.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    request = json.loads(sys.stdin.buffer.readline())
    walls.end_with(0)
    walls.limit(walls.Limits(**request["limits"]))
    scratch = Path(request["scratch"])
    os.chdir(scratch)
    walls.close_off(map(Path, request["readable"]), map(Path, request["listable"]), [scratch])
    walls.deny_calls()
    try:
        if request["job"] == "rows":
            _tell(out, request, scratch)
        else:
            # Each of these loads a library of its own, which no other job should pay for; GDAL knows no more drivers
            # than the job needs.
            os.environ.update(drivers.environment(request.get("drivers", ())))
            job = import_module(f"tempuse.io.confined.{request['job']}")
            _send(out, wire.frame(wire.MADE, None, job.make(request)))
    except BrokenPipeError:
        return
    except TempuseError as error:
        answer = wire.error_frame(error)
    except MemoryError:
        answer = wire.error_frame(Invalid("file.reader_memory", name=request["shown"]))
    except Exception as error:
        # A reader that fails in a way nobody thought of: the sender is told what can be told, the log the rest.
        sys.stderr.write("".join(traceback.format_exception(error))[-2000:])
        answer = wire.error_frame(Invalid("file.damaged", name=request["shown"]))
    else:
        return
    out.write(answer)


def _tell(out: BinaryIO, request: dict[str, Any], scratch: Path) -> None:
    source = _opened(request, scratch)
    said = len(source.issues)
    about: dict[str, Any] = {
        name: getattr(source, name)
        for name in ("name", "kind", "columns", "layer", "layers", "alike", "apart", "crs", "has_geometry", "count")
    }
    _send(out, wire.frame(wire.OPENED, {**about, "issues": wire.issue_list(source.issues)}))
    rows = source.rows()
    while batch := list(islice(rows, BATCH)):
        for each in wire.rows_frames(batch):
            _send(out, each)
    _send(out, wire.frame(wire.DONE, wire.issue_list(source.issues[said:])))


def _send(out: BinaryIO, frame: bytes) -> None:
    left = memoryview(frame)
    while left:
        left = left[out.write(left) :]


def _opened(request: dict[str, Any], scratch: Path) -> Source:
    found = formats.find(Path(request["path"]), scratch)
    if kinds := [each.kind for each in found if each.kind in drivers.DRIVERS]:
        # GDAL is not loaded yet; when it is, it knows one driver.
        os.environ.update(drivers.environment(kinds))
        logging.getLogger("fiona").setLevel(logging.CRITICAL)
        # pyogrio loads them where it finds them; a reader of rows needs no frames, and half a second is a lot.
        sys.modules.update(dict.fromkeys(("pandas", "geopandas", "pyarrow"), None))  # type: ignore[arg-type]
    tables: list[Table] = []
    refused: Invalid | None = None
    for each in found:
        try:
            tables += _tables(each, request, scratch)
        except Invalid as error:
            refused = refused or error
    if not tables:
        raise refused or Invalid("file.no_rows", name=request["shown"])
    shown = request["name"] or found[0].name
    return several.chosen(tables, shown, request["layer"], request["known"])


def _tables(found: formats.KnownFile, request: dict[str, Any], scratch: Path) -> list[Table]:
    """The tables of one file; in an archive of several each is called after its file."""
    shown, encoding, countries = request["name"] or found.name, request["encoding"], request["countries"]
    known = request["known"]
    word = "file" if found.label else "layer"
    if found.kind == "csv":
        source = import_module("tempuse.io.sources.separated").open_csv(found.path, shown, encoding, countries, known)
        tables = [Table(source, word)]
    elif found.kind == "sheet":
        tables = import_module("tempuse.io.sources.tables").open_sheets(found.path, shown, known)
    elif found.kind == "osm":
        tables = [Table(import_module("tempuse.io.sources.osm").open_osm(found.path, shown), word, "any")]
    else:
        vectors = import_module("tempuse.io.sources.vectors")
        path = geopackage.at_rest(found.path, scratch) if found.kind == "gpkg" else found.path
        path, issues = recoded.in_utf8(path, shown, found.kind, scratch, encoding, countries)
        tables = vectors.open_layers(path, shown, found.kind, encoding, request["engine"], countries)
        tables[0].source.issues[:0] = issues
    tables[0].source.issues[:0] = found.issues
    for each in tables if found.label else ():
        each.source.layer = f"{found.label}, {each.name}" if len(tables) > 1 else found.label
        each.word = "file"
    return tables


if __name__ == "__main__":
    main()
