"""What a PDF is, as a screen reader meets it: its tags, its languages, its text."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pikepdf
import pypdf


def tags(content: bytes) -> list[tuple[str, str]]:
    """Every element of the structure in reading order: its tag, and the language that it changes to."""

    def walk(node: pikepdf.Object) -> Iterator[tuple[str, str]]:
        if isinstance(node, pikepdf.Array):
            for each in node:
                yield from walk(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node.S), str(node.get("/Lang", ""))
            if "/K" in node:
                yield from walk(node.K)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return list(walk(pdf.Root.StructTreeRoot.K))


def text(content: bytes) -> str:
    """The text of all pages; a break within a long word is none."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return "\n".join(pages).replace("\u200b", "").replace("\xad", "")


def flat(content: bytes) -> str:
    """The text as one line."""
    return " ".join(text(content).split())


def bookmarks(content: bytes) -> list[str]:
    """The titles in the outline, from above."""

    def walk(items: list[pikepdf.OutlineItem]) -> Iterator[str]:
        for each in items:
            yield each.title
            yield from walk(each.children)

    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return list(walk(outline.root))


def alternatives(content: bytes) -> list[str]:
    """What stands for each figure, for whoever does not see it."""

    def walk(node: pikepdf.Object) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for each in node:
                yield from walk(each)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            if node.S == "/Figure":
                yield str(node.get("/Alt", ""))
            if "/K" in node:
                yield from walk(node.K)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return list(walk(pdf.Root.StructTreeRoot.K))


def pictures(content: bytes) -> int:
    """How many pictures are in the file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return sum(
            1 for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        )  # fmt: skip


def metadata(content: bytes) -> str:
    """What the file says of itself, as XMP."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return pdf.Root.Metadata.read_bytes().decode()
