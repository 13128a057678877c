"""What every file says of itself: whose it is, under which licence, as of when; for pages and for the terminal."""

from __future__ import annotations

from datetime import date

from babel import dates

from tempuse import licences
from tempuse.io.write import Imprint
from tempuse.settings import Settings
from tempuse.vocabulary import Audience
from web import spoken


def imprint(
    settings: Settings, as_of: date, language: str, audience: Audience = Audience.PUBLIC, source: str = ""
) -> Imprint:
    """What a file of this day says of itself.

    Args:
        settings: the register's.
        as_of: the day on which it is so.
        language: of its sentence for people, by its code.
        audience: for whom it is; the licence is that of what everybody sees, and of nothing else.
        source: the address where everybody gets it, empty where that is not known.
    """
    publisher = settings.municipality or settings.site_name
    is_open = audience is Audience.PUBLIC
    licence = settings.licence if is_open else ""
    attribution = (settings.attribution or publisher) if is_open else ""
    said = {
        "publisher": publisher,
        "attribution": attribution,
        "licence": licence,
        "day": dates.format_date(as_of, "d MMMM y", locale=language),
    }
    parts = (
        "imprint.as_of",
        *(("imprint.licence",) if licence else ()),
        *(("imprint.named",) if is_open else ("imprint.inside",)),
    )
    note = " ".join(spoken.in_language(part, said, language) for part in parts)
    return Imprint(publisher, attribution, licence, licences.address_of(licence), as_of, source, note)
