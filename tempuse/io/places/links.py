"""Links to maps on the web, as people paste them into a list: the place that stands in the address itself.

Only the address is read; nobody is asked. A short link says nothing of a place.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from tempuse.io.places.angles import pair_of
from tempuse.io.places.squares import square_of

# Letters. What Google Maps puts into an address has some hundreds.
_LONGEST = 2_000
# Whole, or that part of it which people think is the place.
_LINK = re.compile(
    r"(?:https?+://|www\.|maps?\.|(?:[a-z]{1,9}\.)?google\.|goo\.gl/|osm\.org/|plus\.codes/|geo:|[@?!])\S++",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:https?+://)?+(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/kgs|osm\.org/go|maps\.apple/p|binged\.it)/",
    re.IGNORECASE,
)
_NUMBER = r"[-+]?+[0-9]{1,3}+(?:\.[0-9]++)?+"
_LAT, _LON = rf"(?P<lat>{_NUMBER})", rf"(?P<lon>{_NUMBER})"
_END = r"(?![0-9.])"
# Degrees, minutes and seconds, as the pin is named.
_SPELT = re.compile(r"(?:/(?:place|search|dir)/|[?&](?:q|query|ll|daddr|destination)=)([^/?&#@]++)")
_NAMED = r"q|query|daddr|destination|where1"
# What a pin says comes before what the map shows around it.
_PINS = (
    re.compile(rf"!3d{_LAT}!4d{_LON}{_END}"),
    re.compile(rf"[?&#]mlat={_LAT}&mlon={_LON}{_END}"),
    re.compile(rf"[?&](?:{_NAMED})=(?:loc:)?+[(\s]*+{_LAT}(?:\s*+[,~]\s*+|\s++){_LON}{_END}"),
    re.compile(rf"(?:apple|waze)\.com/.*?[?&](?:ll|coordinate)={_LAT},{_LON}{_END}"),
    re.compile(rf"^geo:{_LAT},{_LON}{_END}", re.IGNORECASE),
    # On a way from somewhere it is the end of it that counts, but nobody knows who walks there for what.
    re.compile(rf"/(?:place|search|dir/?+|l)/{_LAT},\s*+{_LON}(?=/?+(?:[?#@]|data=|$))"),
    re.compile(rf"[?&]sp=point\.{_LAT}_{_LON}(?=_|&|$)"),
    re.compile(rf"mapy\.c(?:z|om)/.*?source=coor&id={_LON},{_LAT}{_END}"),
    re.compile(rf"yandex\..*?[?&]pt={_LON},{_LAT}{_END}"),
    _SPELT,
)
_VIEWS = (
    re.compile(rf"yandex\..*?[?&]ll={_LON},{_LAT}{_END}"),
    re.compile(rf"mapy\.c(?:z|om)/.*?[?&]x={_LON}&y={_LAT}{_END}"),
    re.compile(rf"[?&](?:ll|center|cp|sll|viewpoint|map)=[(\s]*+{_LAT}(?:\s*+[,~]\s*+|\s++){_LON}{_END}"),
    re.compile(rf"(?:^|/)@{_LAT},\s*+{_LON}(?=[,/?#]|$)"),
    re.compile(rf"#(?:map=)?+[0-9]{{1,2}}+(?:\.[0-9]++)?+/{_LAT}/{_LON}{_END}"),
)
_CODE = re.compile(
    r"(?:plus\.codes/|/(?:place|search)/|[?&](?:q|query)=)([2-9A-Z]{8}(?:\+|%2B)[2-9A-Z]{2,5})", re.IGNORECASE
)


def is_link(text: str) -> bool:
    """Whether a text is one link and nothing else."""
    return len(text) <= _LONGEST and _LINK.fullmatch(text.strip()) is not None


def is_short(text: str) -> bool:
    """Whether a text is a short link, which names no place."""
    return is_link(text) and _SHORT.match(text.strip()) is not None


def lon_lat(text: str) -> tuple[float, float] | None:
    """Lon and lat of the place that a link to a map is of; None where it is of none, or of several."""
    if not is_link(text):
        return None
    if code := _CODE.search(text):
        square = square_of(code[1].replace("%2B", "+").replace("%2b", "+"))
        return (square.lon, square.lat) if square is not None else None
    plain = _plain(text)
    for way in (*_PINS, *(() if "/dir/" in plain else _VIEWS)):
        if way is _SPELT:
            found = {pair for text in way.findall(plain) if (pair := pair_of(text)) is not None}
        else:
            found = {(float(each["lon"]), float(each["lat"])) for each in way.finditer(plain)}
        if found:
            ((lon, lat), *others) = found
            return (lon, lat) if not others and abs(lat) <= 90 and abs(lon) <= 180 else None
    return None


def is_view(text: str) -> bool:
    """Whether a link says what part of a map is shown, and of nothing in it that this is meant."""
    plain = _plain(text)
    pins = (way.search(plain) for way in _PINS if way is not _SPELT)
    spelt = any(pair_of(each) is not None for each in _SPELT.findall(plain))
    return not spelt and _CODE.search(text) is None and not any(pins) and any(way.search(plain) for way in _VIEWS)


def _plain(text: str) -> str:
    return unquote_plus(text.strip()).replace("&amp;", "&")
