"""Links to maps on the web, as people paste them into a list: the place that stands in the address itself.

Only the address is read; nobody is asked. A short link says nothing of a place.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

from tempuse.io.places.angles import pair_of

# Letters. What Google Maps puts into an address has some hundreds.
_LONGEST = 2_000
# Whole, or that part of it which people think is the place.
_LINK = re.compile(
    r"(?:https?+://|www\.|maps?\.|(?:[a-z]{1,9}\.)?google\.|goo\.gl/|osm\.org/|geo:|[@?!])\S++", re.IGNORECASE
)
_SHORT = re.compile(
    r"(?:https?+://)?+(?:maps\.app\.goo\.gl|goo\.gl/maps|g\.co/kgs|osm\.org/go|maps\.apple/p|binged\.it)/",
    re.IGNORECASE,
)
_NUMBER = r"([-+]?+[0-9]{1,3}+(?:\.[0-9]++)?+)"
_END = r"(?![0-9.])"
# Degrees, minutes and seconds, as the pin is named.
_SPELT = re.compile(r"(?:/(?:place|search|dir)/|[?&](?:q|query|ll|daddr|destination)=)([^/?&#@]++)")
# Latitude before longitude in all of them. What a pin says comes before what the map shows around it.
_WAYS = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}{_END}"),
    re.compile(rf"[?&#]mlat={_NUMBER}&mlon={_NUMBER}{_END}"),
    re.compile(
        rf"[?&](?:q|query|ll|daddr|destination|center|cp|where1|sll|viewpoint)=(?:loc:)?+[(\s]*+{_NUMBER}(?:\s*+[,~]\s*+|\s++){_NUMBER}{_END}"
    ),
    re.compile(rf"^geo:{_NUMBER},{_NUMBER}{_END}", re.IGNORECASE),
    re.compile(rf"/(?:place|search|dir)/{_NUMBER},\s*+{_NUMBER}(?=[/?#]|$)"),
    _SPELT,
    re.compile(rf"(?:^|/)@{_NUMBER},\s*+{_NUMBER}(?=[,/?#]|$)"),
    re.compile(rf"#(?:map=)?+[0-9]{{1,2}}+(?:\.[0-9]++)?+/{_NUMBER}/{_NUMBER}{_END}"),
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
    plain = unquote_plus(text.strip()).replace("&amp;", "&")
    for way in _WAYS:
        if way is _SPELT:
            found = {pair for text in way.findall(plain) if (pair := pair_of(text)) is not None}
        else:
            found = {(float(lon), float(lat)) for lat, lon in way.findall(plain)}
        if found:
            ((lon, lat), *others) = found
            return (lon, lat) if not others and abs(lat) <= 90 and abs(lon) <= 180 else None
    return None
