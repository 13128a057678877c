"""The table of spaces as a file: all facts of the office, for the office, of exactly what the filter shows."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import BinaryIO, cast

from flask import Response, request
from flask_babel import gettext

from tempuse import exports
from tempuse.errors import Invalid
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.store import space_lists
from tempuse.vocabulary import Audience, Permission
from web import database, words
from web.office.blueprint import office
from web.office.spaces import table
from web.presenters import imprints, listing
from web.site import arguments, built_files, errors, scratch, sending

# A sheet of so many spaces takes half a minute to make; more is for a GIS.
MOST_SHEET_SPACES = 100_000
_SHEETS = ("xlsx",)
_NAMES = ",".join(f'"{name}"' for name in table.FILE_FORMATS)


@office.get(f"/spaces.<any({_NAMES}):suffix>", Permission.SPACE_READ, endpoint="spaces_file")
def spaces(suffix: str) -> Response:
    """The spaces that the question in the address keeps, as a file."""
    form, language = write.FORMATS[suffix], words.locale().language
    for_people = arguments.text(request.args, "for") == "people"
    if for_people:
        write.check_for_people(form)
    wanted = table.read(request.args).wanted
    con = database.snapshot()
    if suffix in _SHEETS and space_lists.count_to(con, wanted, MOST_SHEET_SPACES + 1) > MOST_SHEET_SPACES:
        raise Invalid("download.sheet_too_large", most=MOST_SHEET_SPACES)
    settings, columns = database.settings(), space_columns(Audience.OFFICE)
    today = database.today()
    imprint = imprints.imprint(settings, today, language, Audience.OFFICE)
    readable = listing.for_people(settings, Audience.OFFICE, language, today) if for_people else None
    texts = exports.office_texts(con, wanted)
    content = write.Content(
        texts, columns, title=settings.site_name, imprint=imprint, legend=listing.legend(language), readable=readable
    )
    try:
        with built_files.in_turn():
            file = _made(form, content)
    except built_files.Busy:
        said = gettext("Others are making files just now. Try again in a minute.")
        return Response(errors.page(503, said), 503, {"Retry-After": "60"})
    answer = sending.a_file(file, form.mime, whole=True)
    answer.headers["Content-Disposition"] = f'attachment; filename="spaces-office-{today}{form.suffixes[0]}"'
    return answer


class _Passing(io.FileIO):
    """A file that is gone with its folder when it is closed: it is not for everybody on this machine."""

    def close(self) -> None:
        was_open = not self.closed
        super().close()
        if was_open:
            shutil.rmtree(Path(str(self.name)).parent, ignore_errors=True)


def _made(form: write.Format, content: write.Content) -> BinaryIO:
    folder = scratch.new_folder()
    try:
        path = folder / f"spaces{form.suffixes[0]}"
        write.write_file(path, form, content)
        return cast(BinaryIO, _Passing(path))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
