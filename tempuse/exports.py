"""What goes out, and to whom: spaces and areas as batches of GeoJSON texts, for a file.

The public's texts come from ``published`` and from nothing else. Partners and the office get what
``publication.audiences.view`` gives. A national profile is the office's delivery of open data: it needs columns
that only the sender's own file had (``source_fields``), so it reads the spaces themselves, and asks
``publication`` of each whether the public sees it exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from tempuse.errors import Invalid, NotFound
from tempuse.geojson import Features, feature_text, wkbs_of
from tempuse.publication import Publisher, told
from tempuse.publication.audiences import partner_sees, view
from tempuse.spaces import FIELDS, Space
from tempuse.store import areas as area_rows
from tempuse.store import buildings, published, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register
from tempuse.store.engine.recognise import is_file_of, is_register
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import AreaKind, Audience


@dataclass(frozen=True, slots=True)
class Selection:
    """Which spaces go out; of each list any one is enough, and a list that is empty asks nothing."""

    status: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    occupancy: tuple[str, ...] = ()
    district_ref: tuple[str, ...] = ()
    source: tuple[str, ...] = ()

    def keeps(self, shown: dict[str, Any]) -> bool:
        """Whether the properties of a feature fit; what the public is not shown fits nothing."""
        asked = ((each.name, getattr(self, each.name)) for each in fields(self))
        return all(shown.get(name) in values for name, values in asked if values)


def check_wanted(con: Connection, wanted: dict[str, Sequence[str]]) -> Selection:
    """A filter as a person types it: values of our lists, districts by ref, code or name.

    Raises:
        Invalid: a value is not in its list.
        NotFound: there is no such district.
    """
    checked: dict[str, tuple[str, ...]] = {}
    for name, given in wanted.items():
        listed = FIELDS[name].get("of")
        allowed = [term.value for term in listed] if listed else []
        if unknown := [value for value in given if listed and value not in allowed]:
            raise Invalid("export.no_such_value", field=name, value=unknown[0], choices=", ".join(allowed))
        checked[name] = tuple(given)
    if checked.get("district_ref"):
        checked["district_ref"] = tuple(_district(con, text) for text in checked["district_ref"])
    return Selection(**checked)


def _district(con: Connection, text: str) -> str:
    known = area_rows.districts(con)
    for area in known:
        if text.casefold() in {(name or "").casefold() for name in (area.ref, area.code, area.name)}:
            return area.ref
    named = ", ".join(sorted(area.name or area.ref for area in known))
    raise NotFound("export.no_such_district" if known else "export.no_districts", name=text, districts=named)


def check_target(register: Register, path: Path) -> None:
    """See that an export does not write over a register, this one or any other.

    Raises:
        Invalid: the file is a register, or belongs to one.
    """
    path = path.resolve()
    if is_file_of(register.path, path) or is_register(path):
        raise Invalid("export.is_register", path=str(path))


def space_texts(con: Connection, audience: Audience, wanted: Selection) -> Iterator[Features]:
    """What this audience sees of the spaces, in batches; the public's come ready from ``published``."""
    if audience is Audience.PUBLIC:
        walk = published.walk(con, "spaces")
        if wanted == Selection():
            return walk
        return (batch.only(lambda text: wanted.keeps(orjson.loads(text)["properties"])) for batch in walk)
    return _shown_texts(con, audience, _walk(con, wanted))


def office_texts(con: Connection, query: SpaceFilter) -> Iterator[Features]:
    """Everything the office knows of the spaces that a filter of its table keeps, in batches."""
    return _shown_texts(con, Audience.OFFICE, ([space for _, space in batch] for batch in spaces.walk(con, query)))


def _shown_texts(con: Connection, audience: Audience, batches: Iterator[list[Space]]) -> Iterator[Features]:
    names = {area.ref: area.name for area in area_rows.districts(con)}
    for batch in batches:
        chosen = [space for space in batch if audience is Audience.OFFICE or partner_sees(space)]
        past = spaces.periods_of_many(con, [space.ref for space in chosen])
        within = buildings.of_units(con, chosen)
        texts = []
        for space in chosen:
            shown = view(space, audience, within.get(space.within_ref or ""))
            shown["district"] = names.get(space.district_ref or "")
            shown["history"] = [told(period) for period in past.get(space.ref, ())]
            known = {name: value for name, value in shown.items() if value not in (None, (), {}, [])}
            texts.append(feature_text(space.ref, space.geometry, known))
        yield Features(texts, wkbs_of([space.geometry for space in chosen]))


def _walk(con: Connection, wanted: Selection) -> Iterator[list[Space]]:
    """The spaces of the register that the filter keeps."""
    query = SpaceFilter(status=wanted.status, kind=wanted.kind, occupancy=wanted.occupancy)
    for batch in spaces.walk(con, query):
        yield [
            space
            for _, space in batch
            if (not wanted.source or space.source in wanted.source)
            and (not wanted.district_ref or space.district_ref in wanted.district_ref)
        ]


def profile_spaces(con: Connection, audience: Audience, wanted: Selection, now: datetime) -> Iterator[list[Space]]:
    """The spaces of which a national profile may tell: for the public those it sees exactly today."""
    rule = Publisher(get_settings(con), area_rows.districts(con), now)
    for batch in _walk(con, wanted):
        yield [space for space in batch if _may_tell(space, audience, rule)]


def _may_tell(space: Space, audience: Audience, rule: Publisher) -> bool:
    if audience is Audience.PUBLIC:
        return rule.decide(space).is_exact
    return audience is Audience.OFFICE or partner_sees(space)


def area_texts(con: Connection, kinds: Sequence[AreaKind] = ()) -> Iterator[Features]:
    """The areas of these kinds, or all, in batches; they are no secret."""
    for batch in published.walk(con, "areas"):
        yield batch.only(lambda text: not kinds or orjson.loads(text)["properties"]["kind"] in kinds)


def count(con: Connection, audience: Audience, wanted: Selection) -> int:
    """About how many spaces that will be, for a progress bar."""
    if audience is Audience.PUBLIC:
        return published.count(con, "spaces")
    return spaces.count(con, SpaceFilter(status=wanted.status, kind=wanted.kind, occupancy=wanted.occupancy))
