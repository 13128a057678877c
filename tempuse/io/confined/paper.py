"""A PDF from outside is looked through: what acts, hides or carries other files is refused. It is never changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from tempuse.errors import Invalid

# Names of what acts by itself or by a press, and of what carries other files.
_ACTIVE = frozenset({
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/RichMediaExecute", "/Rendition", "/Movie",
    "/Sound",
})  # fmt: skip
_ATTACHED = frozenset({"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia", "/Collection"})
_KINDS = ("/S", "/Type", "/Subtype")
_DEEPEST = 100


def make(request: dict[str, Any]) -> bytes:
    """Nothing, where the paper may be kept as it is.

    Raises:
        Invalid: it is damaged, has no pages, a password, programs or other files within.
    """
    shown = request["shown"]
    try:
        with pikepdf.open(request["path"]) as paper:
            if paper.is_encrypted:
                raise Invalid("paper.encrypted", name=shown)
            if not len(paper.pages):
                raise Invalid("paper.no_pages", name=shown)
            for found in paper.objects:
                look_at(found, shown)
            look_at(paper.trailer, shown)
    except pikepdf.PasswordError as error:
        raise Invalid("paper.encrypted", name=shown) from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        raise Invalid("paper.damaged", name=shown) from error
    return b""


def look_at(found: pikepdf.Object, shown: str) -> None:
    """Refuse what acts or carries other files, in one object.

    Raises:
        Invalid: it does.
    """
    for each in _within(found):
        names = {str(each[kind]) for kind in _KINDS if kind in each and isinstance(each[kind], pikepdf.Name)}
        if "/JS" in each or "/XFA" in each or "/JavaScript" in each or names & _ACTIVE:
            raise Invalid("paper.active", name=shown)
        if "/EF" in each or "/EmbeddedFiles" in each or names & _ATTACHED:
            raise Invalid("paper.attached", name=shown)


def _within(found: Any, depth: int = 0) -> Iterator[pikepdf.Object]:
    """Every dictionary of one object; others that it only names are looked at in their turn."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
        yield found
        parts = [value for _, value in found.items()]
    elif isinstance(found, pikepdf.Array):
        parts = list(found)
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _within(part, depth + 1)
