"""One paper becomes a PDF: by the city's template where it has one that works, else by ours."""

from __future__ import annotations

import dataclasses
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tempuse import files, resources
from tempuse.errors import Invalid
from tempuse.io import typeset
from tempuse.io.confined import reader
from tempuse.io.confined.walls import MEGABYTE, Limits
from tempuse.papers.sections import (
    FactsBlock,
    ListBlock,
    PaperPart,
    PaperSection,
    PicturesBlock,
    SignatureLine,
    SignaturesBlock,
    TableBlock,
    TextBlock,
)

AGREEMENT, DECISION, HANDOVER, OWNER_LETTER = "agreement", "decision", "handover", "owner_letter"
FOLDER = "papers"  # in TEMPUSE_HOME: the city's templates
PICTURES = "pictures"  # beside the template, while a paper is made
KINDS = (AGREEMENT, DECISION, HANDOVER, OWNER_LETTER)
_LIMITS = Limits(seconds=10, memory=2048 * MEGABYTE, silence=30, file_bytes=MEGABYTE)
_MOST_BYTES = 50 * MEGABYTE
# What a template may have beside it: others, pictures, fonts.
_BESIDE = frozenset({".typ", ".png", ".jpg", ".jpeg", ".svg", ".ttf", ".otf"})
# One of everything, to try templates with.
_SAMPLE = PaperPart("en", "A paper", [
    PaperSection("A section", [
        TextBlock("A text"), FactsBlock([("A fact", "Its value")]), TableBlock(["A head"], [["A cell"]]),
        ListBlock(["A point"]), SignaturesBlock([SignatureLine("A party", "not signed yet", True, ["Name"])]),
    ])
])  # fmt: skip
_log = logging.getLogger("tempuse.papers")


def make(
    kind: str, parts: Sequence[PaperPart], *, title: str, language: str, made_at: datetime, folder: Path | None,
    author: str = "", number: str = "", footer: str = "", pictures: Mapping[str, bytes] | None = None,
    apart: bool = False,
) -> bytes:  # fmt: skip
    """One paper as PDF/UA-1; the same words by the same template give the same bytes.

    Args:
        kind: one of KINDS.
        parts: what it says; first in the language that binds, then in the reader's where that is another.
        title: of the file.
        language: the one that binds, as a code.
        made_at: the instant that stands in the file.
        folder: with the city's templates, if it has any. One that does not work is said in the log, and ours is used.
        author: the municipality, at the head of each page.
        number: of the permit, beside it.
        footer: at the foot of each page.
        pictures: what is in the blocks of pictures, JPEG by name; one that is not among them is left out.
        apart: each part goes to somebody else, on pages of its own, without their numbers.
    """
    held = pictures or {}
    content = _content(parts, title, language, author, number, footer, held) | {"apart": apart}
    if folder is not None and _changed(folder):
        try:
            return _behind_walls(kind, content, made_at, folder, held)
        except Invalid as error:
            name, line = error.values.get("name"), error.values.get("line", "?")
            detail = error.values.get("detail", error.message)
            _log.warning("the city's template %s does not work, in line %s: %s; ours was used", name, line, detail)
    if held:
        try:
            return _behind_walls(kind, content, made_at, None, held)
        except Invalid as error:
            _log.warning("the pictures of a paper cannot be printed: %s", error.values.get("detail", error.message))
            content = _content(parts, title, language, author, number, footer)
    return typeset.typeset(resources.path(f"papers/{kind}.typ"), content, made_at)


def faults(folder: Path, made_at: datetime) -> list[Invalid]:
    """What is wrong with the city's templates, each with its file and line; empty where there is none."""
    found = []
    for kind in KINDS if _changed(folder) else ():
        try:
            _behind_walls(kind, _content([_SAMPLE], kind, "en"), made_at, folder, {})
        except Invalid as error:
            found.append(error)
    return found


def _content(
    parts: Sequence[PaperPart], title: str, language: str, author: str = "", number: str = "", footer: str = "",
    pictures: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:  # fmt: skip
    held = pictures or {}
    return {
        "title": title, "language": language, "author": author, "number": number, "footer": footer,
        "parts": [dataclasses.asdict(_with(part, held)) for part in parts],
    }  # fmt: skip


def _with(part: PaperPart, pictures: Mapping[str, bytes]) -> PaperPart:
    """A part with those of its pictures that there are."""
    sections = []
    for section in part.sections:
        blocks = [
            PicturesBlock([row for row in block.rows if row["name"] in pictures])
            if isinstance(block, PicturesBlock) else block
            for block in section.blocks
        ]  # fmt: skip
        sections.append(PaperSection(section.heading, blocks))
    return dataclasses.replace(part, sections=sections)


def _changed(folder: Path) -> bool:
    return folder.is_dir() and any(True for _ in _beside(folder))


def _behind_walls(
    kind: str, content: dict[str, Any], made_at: datetime, folder: Path | None, pictures: Mapping[str, bytes]
) -> bytes:
    """A template that somebody wrote, or a picture, may do anything: what reads it runs behind walls, on copies.

    Raises:
        Invalid: it does not make a PDF.
    """
    with tempfile.TemporaryDirectory(prefix="tempuse-papers-") as name:
        copies = Path(name) / "papers"
        shutil.copytree(resources.folder("papers"), copies)
        if folder is not None:
            for path in _beside(folder):
                target = copies / path.relative_to(folder)
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, target)
        (copies / PICTURES).mkdir(exist_ok=True)
        for called, picture in pictures.items():
            files.write_whole(copies / PICTURES / Path(called).name, picture)
        template = copies / f"{kind}.typ"
        wanted = {"content": content, "made_at": made_at.isoformat()}
        try:
            made = reader.make("typesetting", template, template.name, _LIMITS, _MOST_BYTES, [copies], **wanted)
        except Invalid as error:
            if error.message != "paper.template":
                raise Invalid("paper.template_ended", name=template.name) from error
            raise
    if not made.startswith(b"%PDF-"):
        raise Invalid("paper.template_ended", name=template.name)
    return made


def _beside(folder: Path) -> Iterator[Path]:
    """The files of the city's that a template may use; nothing that a link leads to."""
    left = _MOST_BYTES
    for path in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if path.suffix.lower() in _BESIDE and path.is_file() and not path.is_symlink():
            left -= path.stat().st_size
            if left < 0:
                raise Invalid("paper.template_large", name=path.name, most=_MOST_BYTES // MEGABYTE)
            yield path
