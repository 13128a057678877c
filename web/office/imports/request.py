"""An import that was begun, as the registry takes it: the request, the columns, the first rows, what was staged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tempuse import files
from tempuse.errors import NotFound
from tempuse.io import crosswalk as crosswalks
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.crosswalk.columns import match
from tempuse.io.sources import formats
from tempuse.io.sources.source import Row, Source
from tempuse.registry.importing.opening import ImportRequest, Opened, lay_out
from tempuse.store.drafts import Draft
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging
from web.office.imports import sample

SHAPEFILE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".qix"})


def suffix_of(name: str) -> str:
    """The suffix that a stored file gets: one of those we know, whatever the sender called it."""
    suffix = Path(name.replace("\\", "/")).suffix.lower()
    return suffix if suffix in formats.SUFFIXES or suffix in SHAPEFILE_PARTS else ""


def request_of(draft: Draft) -> ImportRequest:
    """What was chosen so far, as the registry takes it."""
    about = draft.about
    defaults: dict[str, Any] = {
        name: about[name] for name in ("ownership", "kind", "location_level") if about.get(name)
    }
    if about.get("licence"):
        defaults["source_licence"] = about["licence"]
    if about.get("agreed_on"):
        defaults.update(consent="given", consent_on=date.fromisoformat(about["agreed_on"]))
    return ImportRequest(
        path=draft.folder / about["list"],
        file_name=about["file_name"],
        source=about.get("source", ""),
        status=about["status"],
        profile=about.get("profile", ""),
        layer=about.get("layer") or None,
        encoding=about.get("encoding") or None,
        crs=about.get("crs") or None,
        within=about.get("within") or None,
        addresses=draft.folder / about["addresses"] if about.get("addresses") else None,
        parcels=draft.folder / about["parcels"] if about.get("parcels") else None,
        parcel_key=about.get("parcel_key") or "CAPAKEY",
        ask_geocoder=bool(about.get("ask_geocoder")),
        defaults=defaults,
    )


def crosswalk_of(draft: Draft, columns: list[str]) -> Crosswalk | None:
    """What the columns are taken for, as the person left it; None before anything was guessed."""
    text = draft.about.get("crosswalk")
    return match(crosswalks.read(text, "generic"), columns) if text else None


def keep_sample(draft: Draft, source: Source, rows: list[Row]) -> None:
    """Keep the first rows beside the file, so that no page has to open it again."""
    files.write_whole(draft.folder / "sample", sample.pack(source, rows))


def guess(con: Connection, draft: Draft) -> None:
    """What the columns are taken for before anybody has said anything."""
    if draft.about.get("source") == draft.about.get("source_guessed"):
        draft.about["source"] = ""  # another sheet is another list
    opened = lay_out(con, request_of(draft), sample_of(draft))
    draft.about["crosswalk"] = opened.crosswalk_text()
    draft.about["profile_used"] = opened.crosswalk.name
    draft.about["guessed"] = [column.theirs for column in opened.crosswalk.columns if column.guessed]
    if not draft.about.get("source"):
        draft.about["source"] = draft.about["source_guessed"] = opened.source


def sample_of(draft: Draft) -> Source:
    """The file's first rows as a file of their own.

    Raises:
        NotFound: they are not there any more, or another version of the program kept them.
    """
    try:
        return sample.unpack((draft.folder / "sample").read_bytes())
    except FileNotFoundError as error:
        raise NotFound("import.gone") from error


def preview(con: Connection, draft: Draft) -> Opened:
    """The first rows as they would be read with what was chosen so far.

    Raises:
        Invalid: an option or the list of columns does not fit.
    """
    request, source = request_of(draft), sample_of(draft)
    request.crosswalk = crosswalk_of(draft, source.columns)
    return lay_out(con, request, source)


def looks_like_another(draft: Draft) -> bool:
    """Whether by their names and places most rows are no spaces of the list of this name."""
    staging = staging_of(draft)
    try:
        return staging.get("another_list") is not None
    finally:
        staging.close()


def staging_of(draft: Draft) -> Staging:
    """What was read and checked.

    Raises:
        NotFound: it is not there (any more).
    """
    if not draft.about.get("staged"):
        raise NotFound("import.gone")
    return Staging(draft.folder / draft.about["staged"])
