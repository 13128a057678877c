"""A city's own template is a program: it runs where it can read its folder and nothing else, and not for long."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from tempuse.io import typeset


def make(request: dict[str, Any]) -> bytes:
    """The paper as PDF.

    Raises:
        Invalid: the template does not make one.
    """
    return typeset.typeset(Path(request["path"]), request["content"], datetime.fromisoformat(request["made_at"]))
