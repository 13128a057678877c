"""Import: that a list was brought in, by whom, with what report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from tempuse.fields import field
from tempuse.refs import noun


@noun("import", "IM")
@dataclass(slots=True, kw_only=True)
class Import:
    """A list that was brought in. ``issues`` is JSON, ``crosswalk`` CSV: what the columns were taken for."""

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    at: datetime | None = field("instant", fixed=True, needed=True)
    actor: str = field("text", default="", fixed=True, needed=True)
    source: str | None = field("text")
    file_name: str | None = field("text")
    profile: str | None = field("text")
    counts: dict[str, Any] = field("map", default=dict)
    issues: str | None = field("long")
    crosswalk: str | None = field("long")
