"""A template of Typst and what it is to say become a PDF that can be read aloud (PDF/UA-1).

The same template, words, fonts and instant give the same bytes. What is said is data to the template: it is handed over
as JSON and never read as Typst.
"""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from tempuse.errors import Invalid
from tempuse.texts import without_controls

INPUT = "paper"
FONTS = "fonts"
_STANDARDS: list[typst.PDFStandard] = ["ua-1"]
# Letters that no font has, as Typst names them: all of them at once.
_NO_LETTER = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_CODE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_PLACE = re.compile(r"┌─ (?:.*/)?([^/\s:]+):(\d+):\d+")
_TRIES = 3
# Letters that turn round what follows: a name must not turn the sentence that it stands in.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def typeset(template: Path, content: dict[str, Any], made_at: datetime) -> bytes:
    """The paper as PDF.

    Args:
        template: the file; it may read what lies in its folder, and use the fonts in the folder ``fonts`` there.
        content: what it is to say, as JSON takes it.
        made_at: the instant that stands in the file as its date.

    Raises:
        Invalid: the template does not make a PDF that can be read aloud; it says which file and which line.
    """
    folder = template.parent
    own = [folder / FONTS] if (folder / FONTS).is_dir() else []
    fonts = typst.Fonts(include_system_fonts=False, font_paths=list(own))
    text = json.dumps(_cleaned(content), ensure_ascii=False)
    for tries_left in reversed(range(_TRIES)):
        try:
            return typst.compile(
                template, root=folder, font_paths=fonts, ignore_system_fonts=True, sys_inputs={INPUT: text},
                pdf_standards=_STANDARDS, timestamp=int(made_at.timestamp()),
            )  # fmt: skip
        except typst.TypstError as error:
            missing = {_letters(each) for each in _NO_LETTER.findall(error.diagnostic)}
            if not missing or not tries_left:
                raise _broken(template, error) from error
            for letter in "".join(missing):
                text = text.replace(letter, _named(letter))
    raise AssertionError("the last try returns or raises")


def _cleaned(value: Any) -> Any:
    """The content without letters that are none or that turn others round."""
    if isinstance(value, str):
        return without_controls(value).translate(_TURNS)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, (list, tuple)) else value


def _letters(told: str) -> str:
    return _CODE.sub(lambda code: chr(int(code[1], 16)), told)


def _named(letter: str) -> str:
    """What stands for a letter that no font has: what it shows, or its number. Joiners and the like are left out."""
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Mn", "Me", "Sk"):
        return ""
    name = unicodedata.name(letter, "").lower() if kind == "So" else ""
    return f"[{name or f'U+{ord(letter):04X}'}]"


def _broken(template: Path, error: typst.TypstError) -> Invalid:
    place = _PLACE.search(error.diagnostic)
    name, line = (place[1], int(place[2])) if place else (template.name, 1)
    return Invalid("paper.template", name=name, line=line, detail=error.message[:500])
