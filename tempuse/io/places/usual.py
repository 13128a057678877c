"""What is usual in a country: the money, and the system of its coordinates."""

from __future__ import annotations

from babel.core import get_global
from babel.numbers import get_territory_currencies

from tempuse.io.places.extents import countries


def currency_of(country: str) -> str:
    """The three letters of the money that a country pays with today, as the CLDR has it; empty when not known.

    Args:
        country: its two letters.
    """
    paid = get_territory_currencies(country) if country else []
    return str(paid[-1]) if paid else ""


def currencies() -> list[str]:
    """The three letters of what somebody in the world pays with today."""
    return sorted({currency for country in get_global("territory_currencies") if (currency := currency_of(country))})


def crs_of(country: str) -> str:
    """The system that is used in most of a country, as ``EPSG:n``; empty when not known.

    The first of those in use that reaches over a tenth of the widest: what is far smaller is an island's, and what
    follows is older or finer.

    Args:
        country: its two letters.
    """
    known = countries().get(country)
    if known is None:
        return ""
    areas = [each.area for each in known.systems]
    sizes = [(area.east - area.west) * (area.north - area.south) for area in areas]
    return next(each.crs for each, size in zip(known.systems, sizes, strict=True) if 10 * size > max(sizes))


def crs_in(country: str) -> tuple[str, ...]:
    """The systems in use in a country, the usual one first; none when not known."""
    known = countries().get(country)
    return tuple(dict.fromkeys((crs_of(country), *known.crs))) if known else ()
