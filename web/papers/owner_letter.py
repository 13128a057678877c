"""The letter that asks an owner, on paper: its link as a code for the camera, and as an address to type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, ngettext

from tempuse.io.codes import qr_svg
from tempuse.papers import CodeBlock, ListBlock, PaperSection, TextBlock
from web import database, words


def title(count: int) -> str:
    """What the letter is about, as its head."""
    return ngettext(
        "How may your space be shown?", "How may your %(n)s spaces be shown?", count, n=words.figure(count)
    )  # fmt: skip


def sections(values: Mapping[str, Any]) -> list[PaperSection]:
    """What stands in it.

    Args:
        values: as for the mail (``web.letters.owners.values_of``).
    """
    letter, settings = values["asked"], database.settings()
    city = settings.municipality or settings.site_name
    name = letter.owner_name
    first = [
        TextBlock(name) if name else None,
        TextBlock(gettext("Dear %(name)s,", name=name) if name else gettext("Dear owner,")),
        TextBlock(gettext(
            "%(city)s keeps a public list of places that stand empty and could be used for a time. As far as we know"
            " this is yours:", city=city,
        )),
        ListBlock(list(values["spaces"])),
        TextBlock(_asked(values["silent"])),
        CodeBlock(qr_svg(values["link"]), gettext("Code with the address below"), values["link"]),
        TextBlock(gettext(
            "The link works once, until %(day)s. Your name and your address are never shown. If this is not yours, you"
            " can say so there.", day=words.day(values["ends"], year=True),
        )),
        TextBlock(city),
    ]  # fmt: skip
    return [PaperSection("", [each for each in first if each is not None])]


def _asked(silent: int) -> str:
    if not silent:
        return gettext(
            "Nothing of it is shown unless you say yes. Here you read what would be shown, choose how precisely, and"
            " say yes or no:"
        )
    return ngettext(
        "Unless you say no within %(num)s day, everybody may see it. You need not wait: here you read what would be"
        " shown, choose how precisely, and say yes or no:",
        "Unless you say no within %(num)s days, everybody may see it. You need not wait: here you read what would be"
        " shown, choose how precisely, and say yes or no:",
        silent,
    )
