"""An import that was begun, as the registry takes it: the request, the columns, the first rows, what was staged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import shapely

from tempuse import files
from tempuse.errors import NotFound
from tempuse.io import crosswalk as crosswalks
from tempuse.io.by_hand import ByHand
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.crosswalk.columns import match
from tempuse.io.sources import archives, formats
from tempuse.io.sources.source import Row, Source
from tempuse.jobs import Job
from tempuse.registry.importing.opening import ImportRequest, Opened, lay_out
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging
from web.office.imports import jobs, sample


def suffix_of(name: str) -> str:
    """The suffix that a stored file gets: one of those we know, whatever the sender called it."""
    suffix = Path(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix in formats.SUFFIXES or suffix in archives.PARTS else ""


def request_of(draft: Job) -> ImportRequest:
    """What was chosen so far, as the registry takes it."""
    about = draft.about
    defaults: dict[str, Any] = {
        name: getattr(about, name) for name in ("ownership", "kind", "location_level") if getattr(about, name)
    }
    if about.licence:
        defaults["source_licence"] = about.licence
    if about.looked_on:
        defaults["checked_on"] = date.fromisoformat(about.looked_on)
    if about.agreed_on:
        defaults.update(consent="given", consent_on=date.fromisoformat(about.agreed_on))
    return ImportRequest(
        path=jobs.folder(draft) / about.list,
        file_name=about.file_name,
        source=about.source,
        status=about.status,
        profile=about.profile,
        layer=about.layer or None,
        encoding=about.encoding or None,
        crs=about.crs or None,
        within=about.within or None,
        addresses=jobs.folder(draft) / about.addresses if about.addresses else None,
        address_columns=dict(about.address_columns),
        parcels=jobs.folder(draft) / about.parcels if about.parcels else None,
        parcel_key=about.parcel_key or "CAPAKEY",
        ask_geocoder=bool(about.ask_geocoder),
        decimal=about.decimal,
        defaults=defaults,
        every_row=about.every_row,
        by_hand=by_hand_of(draft),
    )


def by_hand_of(draft: Job) -> ByHand:
    """What was said of single rows so far."""
    said = draft.about.by_hand
    places = {int(line): shapely.from_wkt(text) for line, text in said.get("places", {}).items()}
    return ByHand(frozenset(said.get("spaces", ())), frozenset(said.get("near", ())), places)


def crosswalk_of(draft: Job, columns: list[str]) -> Crosswalk | None:
    """What the columns are taken for, as the person left it; None before anything was guessed."""
    text = draft.about.crosswalk
    return match(crosswalks.read(text, "generic"), columns) if text else None


def keep_sample(draft: Job, source: Source, rows: list[Row]) -> None:
    """Keep the first rows beside the file, so that no page has to open it again."""
    files.write_whole(jobs.folder(draft) / "sample", sample.pack(source, rows))


def guess(con: Connection, draft: Job) -> None:
    """What the columns are taken for before anybody has said anything."""
    if draft.about.source == draft.about.source_guessed:
        draft.about.source = ""  # another sheet is another list
    opened = lay_out(con, request_of(draft), sample_of(draft))
    draft.about.crosswalk = opened.crosswalk_text()
    draft.about.profile_used = opened.crosswalk.name
    draft.about.is_known = opened.is_known
    draft.about.guessed = tuple(column.theirs for column in opened.crosswalk.columns if column.guessed)
    if not draft.about.source:
        draft.about.source = draft.about.source_guessed = opened.source


def sample_of(draft: Job) -> Source:
    """The file's first rows as a file of their own.

    Raises:
        NotFound: they are not there any more, or another version of the program kept them.
    """
    try:
        return sample.unpack((jobs.folder(draft) / "sample").read_bytes())
    except FileNotFoundError as error:
        raise NotFound("import.gone") from error


def preview(con: Connection, draft: Job) -> Opened:
    """The first rows as they would be read with what was chosen so far.

    Raises:
        Invalid: an option or the list of columns does not fit.
    """
    request, source = request_of(draft), sample_of(draft)
    request.crosswalk = crosswalk_of(draft, source.columns)
    return lay_out(con, request, source)


def looks_like_another(draft: Job) -> bool:
    """Whether by their names and places most rows are no spaces of the list of this name."""
    staging = staging_of(draft)
    try:
        return staging.get("another_list") is not None
    finally:
        staging.close()


def staging_of(draft: Job) -> Staging:
    """What was read and checked.

    Raises:
        NotFound: it is not there (any more).
    """
    if not draft.about.staged:
        raise NotFound("import.gone")
    return Staging(jobs.folder(draft) / draft.about.staged)
