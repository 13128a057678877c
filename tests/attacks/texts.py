"""Texts that a parser may get from a stranger, and what each parser makes of one: ``python -m tests.attacks.texts``
reads names of parsers and texts as JSON, so that a parser that ends its process ends only this one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tempuse import geometry, settings
from tempuse.errors import TempuseError
from tempuse.io import commas, crosswalk, join
from tempuse.io.crosswalk import columns
from tempuse.io.places import addresses, extents, typed, wkt
from tempuse.io.places.numbers import coordinate, coordinate_style, pair
from tempuse.io.sources import osm
from tempuse.io.values import cells, days, decimals, headings, parse
from tempuse.io.values.cells import Style
from tempuse.registry import report_matches
from web.office import names
from web.office.spaces import fields

PIECES = (
    "0", "1", "51", "3.7", "51,05", "1.250,00", "1,2,3.4,5", "12-14", "1/2", "1½", "²", "٣", "-", "--", "−", "+", ".",
    ",", ", ", ";", "|", "/", ":", " ", "  ", "\t", "\n", "\u00a0", "\u2009", "'", "’", "''", '"', "″", "°", "º",
    "N", "W", "O", "m", "m2", "m²", "ha", "ca", "ft", "eur", "€", "dag", "weeks", "jan", "maart", "déc", "yes", "ja",
    "onbekend", "box", "Ferry Street", "9000 Ghent", "SW1A 1AA", "(", "((", ")", "[", "]", "{", "}", '{"a":',
    "EPSG:", "31370", "urn:ogc:def:crs:EPSG::", "+proj=", "PROJCS[", "Lambert 72", "WGS84", "SRID=4326;", "POINT(",
    "POLYGON((", "3 51", "3 51,", "GEOMETRYCOLLECTION(", "MULTICURVE(", "CURVEPOLYGON(", "EMPTY", "Z", "nan", "inf",
    "1e400", "9" * 400, "=", "=1+1", "@SUM(A1)", "\\", '\\"', '"=>"', "http://", "{z}", "a@b.", "\x00", "\ud800",
    "\U0001f600", "é", "ß", "Ⅷ",
)  # fmt: skip
_REPEATED = st.tuples(st.sampled_from(PIECES), st.sampled_from((1, 1, 1, 2, 3, 60, 4000, 20_000)))
# At most some 40,000 letters: what a cell of a workbook holds, and more than any form lets through.
TEXTS = st.lists(_REPEATED, min_size=1, max_size=6).map(lambda parts: "".join(p * n for p, n in parts)[:40_000])

_STYLES = [Style(decimal, day_first) for decimal in ("", ",", ".") for day_first in (True, False)]
_BELGIUM = extents.extent_of("BE")
_WORDS = crosswalk.shipped("generic").values


def _parsed(target: str, unit: str = "") -> Callable[[str], Any]:
    words = {**_WORDS.get("flag", {}), **_WORDS.get(target, {})}
    parsers = [parse.parser_for(target, unit, style, words) for style in _STYLES]
    return lambda text: [parser(text) for parser in parsers]


def _sentence(function: Callable[[str], Any]) -> Callable[[str], Any]:
    """A parser that may refuse with a sentence, and with nothing else."""

    def told(text: str) -> Any:
        try:
            return function(text)
        except TempuseError as error:
            return error.message

    return told


def _columns(text: str) -> Any:
    return columns.match(crosswalk.shipped("generic"), [text, "Name"])


PARSERS: dict[str, Callable[[str], Any]] = {
    "area": _parsed("floor_area_m2", "m2"),
    "number": lambda text: [cells.number(text, style) for style in _STYLES],
    "money": _parsed("cost_cents"),
    "length": _parsed("ceiling_height_cm"),
    "term": _parsed("shortest_term_days"),
    "storey": _parsed("storey"),
    "year": _parsed("building_year"),
    "day": _parsed("available_from"),
    "flag": _parsed("heating"),
    "choice": _parsed("condition"),
    "list": _parsed("suitable_uses"),
    "parcels": _parsed("parcel_refs"),
    "style": lambda text: (decimals.votes([text]), days.day_first([text]), coordinate_style([text])),
    "coordinate": lambda text: [coordinate(text, style) for style in _STYLES],
    "pair": lambda text: (pair([text], Style()), pair([text, text], Style())),
    "place": _sentence(lambda text: typed.parse_place(text, "EPSG:31370", _BELGIUM)),
    "place anywhere": _sentence(typed.parse_place),
    "wkt": lambda text: wkt.shapes_of([text, f"SRID=4326;{text}", f"POINT({text}", f"POLYGON(({text}"]),
    "box": _sentence(extents.extent_of),
    "crs over the web": _sentence(geometry.coded_crs),
    "crs": _sentence(geometry.known_crs),
    "crs in a name": extents.crs_in_name,
    "column": _columns,
    "heading": headings.readings,
    "address": lambda text: addresses.read(text, text[:40], None),
    "parcel's key": join._key,
    "likeness": lambda text: report_matches._is_alike(text, f"x{text}"),
    "tags": lambda text: osm._tags({"osm_id": "1", "other_tags": text}, "points"),
    "crosswalk": _sentence(lambda text: crosswalk.read(f"what,theirs,field,ours,unit\n{text}", "x")),
    "formula": lambda text: commas.bare(commas.harmless(text)),
    "figure of a form": lambda text: fields.values_of({"floor_area_m2": text, "cost_cents": text}),
    "other facts of a form": lambda text: fields.values_of({"available_from": text, "geometry": text, "name": text}),
    "space in a form": names.full_ref,
    "setting": _sentence(lambda text: [settings.parse(name, text) for name in ("national_crs", "tile_url")]),
}


def main() -> None:
    """Read what to do from standard input; a line for each text that a parser read to its end."""
    asked = json.load(sys.stdin)
    for parser in asked["parsers"]:
        for text in asked["texts"]:
            PARSERS[parser](text)
            sys.stdout.write(f"{parser}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
