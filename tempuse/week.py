"""The hours of a week as 168 bits, Monday from 0 to 1 o'clock first; and as addresses write them: ``tu19-22``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tempuse.terms import Hours

HOURS = 168
ALL = (1 << HOURS) - 1
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_TEXT = re.compile(r"(mo|tu|we|th|fr|sa|su)(\d{1,2})-(\d{1,2})")


def bits_of(hours: Iterable[Hours]) -> int:
    """The hours of a week that are touched at all, also where only each second week or each first Tuesday is."""
    found = 0
    for each in hours:
        first = each.from_minute // 60
        last = -(-(each.from_minute + each.minutes) // 60)
        for day in range(7):
            if each.weekdays >> day & 1:
                for hour in range(day * 24 + first, day * 24 + last):
                    found |= 1 << hour % HOURS
    return found


def read(text: str) -> int | None:
    """What ``tu19-22`` means; ``sa22-2`` goes on into Sunday. None for what makes no sense."""
    written = _TEXT.fullmatch(text.strip().lower())
    if written is None:
        return None
    first, last = int(written[2]), int(written[3])
    if first > 23 or last > 24 or first == last:
        return None
    length = (last - first) % 24 or 24
    start = DAYS.index(written[1]) * 24 + first
    return sum(1 << (start + hour) % HOURS for hour in range(length))


def stretches(bits: int) -> Iterator[tuple[int, int, int]]:
    """The hours as weekday (0 Monday), from and until o'clock, cut at midnight, in order."""
    for day in range(7):
        of_day = bits >> day * 24 & 0xFFFFFF
        hour = 0
        while hour < 24:
            if of_day >> hour & 1:
                first = hour
                while hour < 24 and of_day >> hour & 1:
                    hour += 1
                yield day, first, hour
            hour += 1


def texts(bits: int) -> list[str]:
    """The hours as addresses write them, one text a stretch; nothing for no hour."""
    return [f"{DAYS[day]}{first}-{last}" for day, first, last in stretches(bits)]
