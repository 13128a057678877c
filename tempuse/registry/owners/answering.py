"""An owner answers a letter by its link, once. Looking does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from tempuse.access import PUBLIC, Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.fields import check_record
from tempuse.owner_letters import LATER, NOT_SHOWN, OwnerLetter, owner_key
from tempuse.registry.owner_words import with_rooms
from tempuse.registry.owners.asking import spaces_of
from tempuse.registry.reports import fingerprint
from tempuse.registry.spaces import put_changes
from tempuse.spaces import Space
from tempuse.store import owner_letters as rows
from tempuse.store import spaces as space_rows
from tempuse.store.common import add_event, get_settings
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import PUBLIC_OWNERSHIP, Consent, LocationLevel, OwnerAnswer, Permission, WordHow

# Who acts: whoever holds the link. Their name stands with the letter and the space, and not in every entry.
OWNER = replace(PUBLIC, name="owner")


class LetterBehind(NamedTuple):
    """The letter behind a link.

    ``spaces`` are those that are still noted as its owner's. ``is_open`` says whether it can be answered.
    """

    letter: OwnerLetter
    spaces: list[Space]
    is_open: bool


def open_letter(con: Connection, actor: Actor, secret: str, now: datetime) -> LetterBehind | None:
    """The letter of whoever holds a secret; None where there is none."""
    check_allowed(actor, Permission.REPORT_SEND)
    letter = rows.of_secret(con, fingerprint(secret))
    return None if letter is None else _opened(con, letter, now)


def _opened(con: Connection, letter: OwnerLetter, now: datetime) -> LetterBehind:
    still = spaces_of(con, letter)
    return LetterBehind(letter, still, bool(still) and letter.is_open(get_settings(con).today(now)))


def answer_letter(
    con: Connection, actor: Actor, secret: str, answer: OwnerAnswer, now: datetime, *,
    choices: Mapping[str, str] | None = None, by: str | None = None, remark: str | None = None,
) -> LetterBehind | None:  # fmt: skip
    """Write down what the owner says, and let it hold at once. A letter that was answered stays as it is.

    Args:
        con: an idle connection.
        actor: whoever holds the link.
        secret: what the link proves.
        answer: what is said.
        now: the instant.
        choices: with a yes, for each space that the page named a level, or ``no``.
        by: who says so.
        remark: what the city should know.

    Returns:
        The letter as it is now; ``is_open`` where this answer was taken. None where there is none for this secret.

    Raises:
        Invalid: a value does not fit, or of a space nothing was chosen.
    """
    check_allowed(actor, Permission.REPORT_SEND)
    with writing(con):
        letter = rows.of_secret(con, fingerprint(secret), held=True)
        if letter is None:
            return None
        opened = _opened(con, letter, now)
        if not opened.is_open:
            return opened
        today = get_settings(con).today(now)
        letter.answered_at, letter.answer, letter.answered_by, letter.remark = now, answer.value, by, remark
        letter.choices = _choices(answer, opened.spaces, choices or {})
        letter.later_on = today + LATER if answer is OwnerAnswer.LATER else None
        letter.revision, letter.updated_at = letter.revision + 1, now
        if issues := check_record(letter):
            raise Invalid("owner_letter.invalid", issues)
        rows.save(con, letter)
        add_event(con, OWNER, now, "owner_letter", letter.ref, "answer", changes={"answer": [None, answer.value]})
        word = {"consent_on": today, "consent_how": WordHow.LINK.value, "consent_by": by or letter.owner_name}
        for space in opened.spaces:
            _heed(con, letter, space, answer, word, now)
    return opened


def _choices(answer: OwnerAnswer, spaces: list[Space], chosen: Mapping[str, str]) -> dict[str, str]:
    if answer is OwnerAnswer.NO:
        return {space.ref: NOT_SHOWN for space in spaces}
    if answer is not OwnerAnswer.YES:
        return {}
    allowed = {*LocationLevel, NOT_SHOWN}
    issues = [Issue.of("choices", space.ref, "owner_letter.no_level", ref=space.ref)
              for space in spaces if chosen.get(space.ref) not in allowed]  # fmt: skip
    if issues:
        raise Invalid("owner_letter.invalid", issues)
    return {space.ref: chosen[space.ref] for space in spaces}


def _heed(
    con: Connection, letter: OwnerLetter, space: Space, answer: OwnerAnswer, word: Mapping[str, Any], now: datetime
) -> None:
    """Let what was said of one space hold: a level for it alone, a no for whatever lies within it, too."""
    said = letter.choices.get(space.ref)
    if said == NOT_SHOWN:
        for ref in with_rooms(con, space.ref):
            if ref == space.ref or _is_theirs(letter, space_rows.get(con, ref)):
                put_changes(con, OWNER, ref, {**word, "consent": Consent.OBJECTED.value}, now, note=letter.ref)
    elif said is not None:
        given = {"consent": Consent.GIVEN.value, "location_level": said, "location_release_on": None}
        put_changes(con, OWNER, space.ref, {**word, **given}, now, note=letter.ref)
    elif answer is OwnerAnswer.NOT_OWNER and space.consent in (Consent.ASKED, Consent.NOTIFIED):
        nobody = {"consent": Consent.UNASKED.value, "consent_on": None}
        put_changes(con, OWNER, space.ref, nobody, now, note=letter.ref)
    elif answer is OwnerAnswer.LATER and space.consent == Consent.NOTIFIED:  # silence is not to count meanwhile
        put_changes(con, OWNER, space.ref, {"consent": Consent.ASKED.value}, now, note=letter.ref)


def _is_theirs(letter: OwnerLetter, room: Space) -> bool:
    """Whether a room is this owner's, as far as anybody knows: nobody hides what another owner lets be seen."""
    key = owner_key(room.owner_name, room.owner_email)
    return key == letter.owner or (not key and room.ownership not in PUBLIC_OWNERSHIP)
