"""Picture: a photo, a drawing or a plan of a space. The office alone sees it until somebody looked whom it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from tempuse.errors import Issue
from tempuse.fields import check_record, field

MOST_PICTURES, MOST_PLANS = 8, 5
# The longest sides in which a picture is kept, in pixels: for a row of a list, for a page, for a whole screen.
SIDES = (320, 800, 1600)


@dataclass(slots=True, kw_only=True)
class SpacePicture:
    """One picture of a space.

    ``name`` is its largest file among the attachments. ``sizes`` are maps, the smallest first: ``width`` and ``height``
    in pixels, and the files' names, ``jpg`` and ``webp``. ``place`` is its number in the order in which they are shown.
    ``looked_at`` says when somebody of the office found that everybody may see it: no face, no plate, no name.

    Of a plan, ``sizes`` is one map: its file's name, ``pdf``, its ``pages``, and its size in ``bytes``; and ``alt`` is
    what it is called.
    """

    RULES: ClassVar = ()

    space_ref: str = field("text", default="", needed=True)
    name: str = field("text", default="", needed=True)
    sizes: tuple[dict[str, Any], ...] = field("list", default=())
    alt: str | None = field("text", "What it shows", longest=300)
    credit: str | None = field("text", "Who made it", longest=200)
    place: int = field("whole", default=0)
    added_at: datetime | None = field("instant")
    added_by: str | None = field("text")
    looked_at: datetime | None = field("instant")
    looked_by: str | None = field("text")

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan, a PDF."""
        return any("pdf" in each for each in self.sizes)

    @property
    def noun(self) -> str:
        """What it is called: ``picture`` or ``plan``."""
        return "plan" if self.is_plan else "picture"

    @property
    def files(self) -> list[str]:
        """The names of all its files among the attachments."""
        return files_of(self.sizes)


def files_of(sizes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of the files of a picture's sizes."""
    return [each[kind] for each in sizes for kind in ("jpg", "webp", "pdf") if kind in each]


def check_picture(picture: SpacePicture) -> list[Issue]:
    """What is missing or wrong, field by field; a list, empty when nothing is."""
    issues = check_record(picture)
    if picture.looked_at is not None and not picture.alt:
        issues.append(Issue.of("alt", "", "plan.no_name" if picture.is_plan else "picture.no_words"))
    return issues
