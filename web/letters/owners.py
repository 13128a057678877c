"""The letter that asks an owner how their spaces may be shown, in words; and the link in it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from tempuse.access import SYSTEM
from tempuse.errors import NotFound
from tempuse.letters import Letter
from tempuse.owner_letters import OwnerLetter
from tempuse.registry.owners import asking
from tempuse.registry.reports import fingerprint
from tempuse.spaces import Space
from tempuse.store import owner_letters as rows
from web import database
from web.letters import writing
from web.letters.writing import Addressed, Moot


def _secret(letter: OwnerLetter) -> str:
    """What proves who got the letter: the home's key makes it again, and it stands nowhere."""
    at = letter.asked_at and letter.asked_at.isoformat()
    return writing.secret_about(f"owner_letter {letter.ref} {at} {letter.owner}")


def link_of(letter: OwnerLetter) -> str:
    """The address of the page on which the owner answers. Who has it can answer: it is shown to nobody else."""
    return writing.address_of("public.owner_letter", secret=_secret(letter))


def expect(letters: Iterable[OwnerLetter]) -> None:
    """Tell the register which links answer these letters."""
    wanted = {each.ref: fingerprint(_secret(each)) for each in letters}
    asking.expect_secrets(database.idle(), SYSTEM, wanted)


def lines(spaces: Iterable[Space]) -> list[str]:
    """Each space as its owner knows it: name, address, number."""
    return [", ".join(dict.fromkeys(filter(None, (each.name, each.address, each.ref)))) for each in spaces]


def _ask(letter: Letter) -> Addressed:
    try:
        asked = rows.get(database.connection(), letter.to_ref)
    except NotFound:
        raise Moot("no letter") from None
    spaces = asking.spaces_of(database.connection(), asked)
    if asked.answered_at is not None or not spaces or not asked.owner_email:
        raise Moot("answered" if asked.answered_at else "nothing left")
    expect([asked])
    return Addressed(str(asked.owner_email), values_of(asked, spaces, link_of(asked)))


def values_of(letter: OwnerLetter, spaces: list[Space], link: str) -> dict[str, object]:
    """What the words of a letter need, on paper and in a mail."""
    settings = database.settings()
    silent = settings.objection_days if settings.private_rule == "objection" else 0
    return {"asked": letter, "spaces": lines(spaces), "link": link, "ends": letter.ends_on, "silent": silent}


def _was_sent(letter: Letter) -> None:
    if writing.has_server():
        asking.note_told(database.idle(), SYSTEM, letter.to_ref, database.now())


def init_app(app: Flask) -> None:
    """Let letters to owners be worded, and note when one has left."""
    writing.CONTENTS[asking.TEMPLATE] = _ask
    writing.AFTER[asking.TEMPLATE] = _was_sent
