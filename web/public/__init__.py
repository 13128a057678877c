"""The public's rooms. Everything here reads ``published`` and nothing else of the register."""

from web.public import (
    calendars,
    data,
    downloads,
    ground,
    home,
    match,
    match_feed,
    needs,
    notices,
    owner,
    pages,
    report,
    request,
    space,
    uses,
    watch,
)

__all__ = [
    "calendars",
    "data",
    "downloads",
    "ground",
    "home",
    "match",
    "match_feed",
    "needs",
    "notices",
    "owner",
    "pages",
    "report",
    "request",
    "space",
    "uses",
    "watch",
]
