"""Papers as PDF that can be read aloud: agreement, decision, hand-over record, letter to an owner. Data in, bytes out.

What they say is worded above (``web/papers``), from the snapshot of a decision and never from today's rows. A city
changes how they look by files of the same names in the folder ``papers`` of its home.
"""

from tempuse.papers.making import AGREEMENT, DECISION, FOLDER, HANDOVER, KINDS, OWNER_LETTER, faults, make
from tempuse.papers.sections import (
    Block,
    CodeBlock,
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

__all__ = [
    "AGREEMENT",
    "DECISION",
    "FOLDER",
    "HANDOVER",
    "KINDS",
    "OWNER_LETTER",
    "Block",
    "CodeBlock",
    "FactsBlock",
    "ListBlock",
    "PaperPart",
    "PaperSection",
    "PicturesBlock",
    "SignatureLine",
    "SignaturesBlock",
    "TableBlock",
    "TextBlock",
    "faults",
    "make",
]
