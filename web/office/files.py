"""The table of spaces as a file: all facts of the office, for the office, of exactly what the filter shows."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, request

from tempuse import exports
from tempuse.errors import Invalid
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.store import overview
from tempuse.vocabulary import Audience
from web import database
from web.office import table

# A sheet of so many spaces takes half a minute to make; more is for a GIS.
MOST_SHEET_SPACES = 100_000
_SHEETS = ("xlsx",)
_CHUNK = 1 << 18


def spaces(suffix: str) -> Response:
    """The spaces that the question in the address keeps, as a file."""
    form = write.FORMATS[suffix]
    wanted = table.read(request.args).wanted
    con = database.snapshot()
    if suffix in _SHEETS and overview.count_to(con, wanted, MOST_SHEET_SPACES + 1) > MOST_SHEET_SPACES:
        raise Invalid("download.sheet_too_large", most=MOST_SHEET_SPACES)
    content = write.Content(exports.office_texts(con, wanted), space_columns(Audience.OFFICE))
    chunks = write.stream(form, content)
    if chunks is not None:
        answer = Response(iter(chunks))
        answer.call_on_close(database.take())
    else:
        # In a folder of its own that goes when the answer has gone: it is not for everybody on this machine.
        folder = Path(tempfile.mkdtemp(prefix="tempuse-"))
        try:
            write.write_file(folder / f"spaces{form.suffixes[0]}", form, content)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        answer = Response(_read(folder / f"spaces{form.suffixes[0]}"))
        answer.call_on_close(lambda: shutil.rmtree(folder, ignore_errors=True))
    answer.content_type = form.mime
    answer.headers["Content-Disposition"] = f'attachment; filename="spaces-office-{database.today()}{form.suffixes[0]}"'
    return answer


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def add_to(blueprint: Blueprint) -> None:
    """Give this view its address."""
    names = ",".join(f'"{name}"' for name in table.FILE_FORMATS)
    blueprint.add_url_rule(f"/spaces.<any({names}):suffix>", endpoint="spaces_file", view_func=spaces)
