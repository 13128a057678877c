"""Pictures of spaces as pages show them: each in several sizes, as WebP and as JPEG, with its words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

# Up to which width of a picture a browser that knows nothing of sizes takes it.
_USUAL = 800


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its addresses; ``webp`` and ``jpg`` are sets of sizes as a browser chooses from them.

    ``src`` is the usual size as JPEG, ``width`` and ``height`` are its own; ``small`` and ``large`` are the addresses
    of the smallest and the largest size.
    """

    alt: str
    credit: str
    width: int
    height: int
    src: str
    jpg: str
    webp: str
    small: str
    large: str


def of_sizes(
    endpoint: str, ref: str, sizes: Iterable[Mapping[str, Any]], alt: str | None, credit: str | None
) -> ShownPicture:  # fmt: skip
    """A picture of a space, whose files lie at this endpoint's addresses."""
    ordered = sorted(sizes, key=lambda each: int(each["width"]))
    usual = max((each for each in ordered if max(each["width"], each["height"]) <= _USUAL), default=ordered[0],
                key=lambda each: int(each["width"]))  # fmt: skip

    def address(name: str) -> str:
        return url_for(endpoint, ref=ref, name=name)

    def among(kind: str) -> str:
        return ", ".join(f"{address(each[kind])} {each['width']}w" for each in ordered)

    return ShownPicture(
        alt or "", credit or "", usual["width"], usual["height"], address(usual["jpg"]), among("jpg"), among("webp"),
        address(ordered[0]["jpg"]), address(ordered[-1]["jpg"]),
    )  # fmt: skip


def of_space(shown: Mapping[str, Any]) -> list[ShownPicture]:
    """The pictures that are published of a space, in their order."""
    return [
        of_sizes("public.space_picture", shown["ref"], each["sizes"], each.get("alt"), each.get("credit"))
        for each in shown.get("pictures") or []
    ]


def first(shown: Mapping[str, Any]) -> ShownPicture | None:
    """The one that stands for the space in lists; None where there is none."""
    found = (shown.get("pictures") or [])[:1]
    return of_space({**shown, "pictures": found})[0] if found else None
