"""What a paper is made of: parts in one language each, their sections, and what stands in these."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph; line ends stay."""

    text: str
    kind: str = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class FactsBlock:
    """Labels, each with its value."""

    rows: list[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with a head; each row is as long as it."""

    head: list[str]
    rows: list[list[str]]
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list of points."""

    items: list[str]
    kind: str = field(default="list", init=False)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One party's signature, or the place for it.

    Attributes:
        party: who signs, in words.
        said: how and when they signed, or that they have not yet.
        to_sign: whether there must be room to sign by hand.
        lines: what is to be written there: name, day, signature.
    """

    party: str
    said: str
    to_sign: bool = False
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SignaturesBlock:
    """Who signed, and who has to."""

    rows: list[SignatureLine]
    kind: str = field(default="signatures", init=False)


@dataclass(frozen=True, slots=True)
class PicturesBlock:
    """Pictures: each ``name`` under which its content comes along, and ``alt``, for whoever does not see it."""

    rows: list[dict[str, str]]
    kind: str = field(default="pictures", init=False)


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """An address as a code for a camera, an SVG of ours, with ``alt`` for whoever does not see it, and as a text."""

    svg: str
    alt: str
    text: str
    kind: str = field(default="code", init=False)


Block = TextBlock | FactsBlock | TableBlock | ListBlock | SignaturesBlock | PicturesBlock | CodeBlock


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A heading and what stands below it."""

    heading: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class PaperPart:
    """The whole paper in one language. The first part is the one that binds."""

    language: str
    title: str
    sections: list[PaperSection]
