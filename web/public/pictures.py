"""The files of the pictures and plans of a space, as far as they are published with it."""

from __future__ import annotations

from flask import Response

from tempuse.errors import NotFound
from tempuse.vocabulary import Permission
from web.presenters import cards
from web.public.blueprint import public
from web.public.space import published_text
from web.site.attachments import attachment_answer


@public.get("/spaces/<ref>/pictures/<name>", Permission.PUBLIC_READ, endpoint="space_picture")
def picture(ref: str, name: str) -> Response:
    """One file: only while the space's public row tells of it."""
    shown = cards.of_feature(published_text(ref))
    sizes = [size for each in shown.get("pictures") or [] for size in each["sizes"]]
    if name not in {size[kind] for size in sizes for kind in ("jpg", "webp")}:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, shown["ref"])


@public.get("/spaces/<ref>/plans/<name>", Permission.PUBLIC_READ, endpoint="space_plan")
def plan(ref: str, name: str) -> Response:
    """One plan, to be saved: only while the space's public row tells of it."""
    shown = cards.of_feature(published_text(ref))
    found = next((each for each in shown.get("plans") or [] if each["pdf"] == name), None)
    if found is None:
        raise NotFound("attachment.not_found")
    digest, _, ending = name.partition(".")
    return attachment_answer(digest, ending, f"{shown['ref']} {found['title']}")
