"""The log of what was asked: no visitor's address, no question, no secret, and one line a question."""

from __future__ import annotations

import logging
import re
from urllib.parse import quote

log = logging.getLogger("tempuse.access")

# Where secrets stand in addresses; all that follows is left out, also where no such page is found.
_PLACES = (
    r"/(?:my|office)/password|/my/enter|/my/calendar|/(?:report|request|needs)/confirm|/notices|/watch|/owner/letter"
)
_SECRET_FOLLOWS = re.compile(rf"({_PLACES})/.*", re.IGNORECASE | re.DOTALL)
_SLASHES = re.compile(r"[/\\]+")
# Keys and tokens are long words, and get written at the wrong place too.
_LONGEST_WORD = 28
_LONGEST_PATH = 200


def written(path: str) -> str:
    """A path as the log may have it: on one line, in plain letters, without secrets."""
    path = _SECRET_FOLLOWS.sub(r"\1/…", _SLASHES.sub("/", path))
    parts = ["…" if len(part) > _LONGEST_WORD or part == "…" else quote(part) for part in path.split("/")]
    return "/".join(parts)[:_LONGEST_PATH]


def note(method: str, path: str, how: int | str, took_ms: float) -> None:
    """Write what was asked, how it ended and how long it took."""
    level = logging.DEBUG if path.startswith("/static/") else logging.INFO
    log.log(level, "%s %s %s %.0f ms", method[:10], written(path), how, took_ms)
