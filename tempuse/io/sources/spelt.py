"""Names of columns spelt out in letters and figures, for readers that leave no others as they are."""

from __future__ import annotations

import re

_SPELT_OUT = re.compile(r"spelt_out_((?:[0-9a-f]{2})+)")


def spelt_out(name: str) -> str:
    """A name in letters and figures that every reader leaves as they are; ``whole`` makes it whole again."""
    return name if name.isascii() and name.isidentifier() else f"spelt_out_{name.encode().hex()}"


def whole(name: str) -> str | None:
    """The name that was spelt out, None where none was."""
    match = _SPELT_OUT.fullmatch(name)
    return None if match is None else bytes.fromhex(match[1]).decode("utf-8", "replace")
