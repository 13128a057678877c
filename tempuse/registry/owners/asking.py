"""Owners are asked: each once, about all of their spaces that nobody has asked them about yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict
from tempuse.owner_letters import LASTS, OfOwner, OwnerLetter, ToAsk, by_owner, owner_key
from tempuse.registry.letters import tell
from tempuse.registry.records import changing
from tempuse.registry.spaces import put_changes
from tempuse.spaces import Space
from tempuse.store import owner_letters as rows
from tempuse.store import spaces
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.vocabulary import Consent, LetterWay, OwnerAnswer, Permission, SpaceStatus

# So many spaces are looked at together; the owners of others come when these are asked.
MOST = 2000
TEMPLATE, READER = "owner_ask", "owner_letter"


class Askable(NamedTuple):
    """The owners to ask, the spaces whose owner cannot be asked, each with why (a message id); and whether that is all.

    ``more`` spaces there are than were looked at.
    """

    owners: list[ToAsk]
    cannot: list[tuple[OfOwner, str]]
    more: bool


class LetterWanted(NamedTuple):
    """One letter to be written: about which spaces, by which way."""

    space_refs: Sequence[str]
    way: LetterWay


def owners_to_ask(con: Connection, actor: Actor, refs: Collection[str] | None = None, most: int = MOST) -> Askable:
    """The owners that nobody has asked yet; of some spaces only where ``refs`` names them."""
    check_allowed(actor, Permission.SPACE_READ)
    found = rows.spaces_to_ask(con, most + 1, refs)
    more = len(found) > most
    if more:  # not half of an owner
        last = owner_key(found[-1].owner_name, found[-1].owner_email)
        whole = [each for each in found if owner_key(each.owner_name, each.owner_email) != last]
        found = whole or found[:most]
    return Askable(*by_owner(found), more)


def ask_owners(
    con: Connection, actor: Actor, wanted: Sequence[LetterWanted], language: str, now: datetime
) -> list[OwnerLetter]:  # fmt: skip
    """Ask owners by letter, each about all of the spaces that are named for them: every one of them or none.

    A space is asked about from now on, and shown no more than before. A letter that is mailed is on its way; one that
    is printed lies ready, and its link is known once ``expect_secrets`` was told.

    Args:
        con: an idle connection.
        actor: the office.
        wanted: the letters.
        language: of the letters, as a code.
        now: the instant.

    Raises:
        Conflict: one of the spaces is not to be asked about any more, has another owner, or has no address for mail.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        today = get_settings(con).today(now)
        known = {each.ref: each for each in rows.spaces_to_ask(con, MOST, {r for w in wanted for r in w.space_refs})}
        made = []
        for each in wanted:
            owners, _ = by_owner(known[ref] for ref in each.space_refs if ref in known)
            if len(owners) != 1 or set(owners[0].space_refs) != set(each.space_refs):
                raise Conflict("owner_letter.changed_meanwhile")
            made.append(_ask(con, actor, owners[0], each.way, language, today, now))
    return made


def _ask(
    con: Connection, actor: Actor, owner: ToAsk, way: LetterWay, language: str, today: date, now: datetime
) -> OwnerLetter:  # fmt: skip
    if way is LetterWay.MAIL and not owner.email:
        raise Conflict("owner_letter.changed_meanwhile")
    letter = OwnerLetter(
        ref=next_refs(con, "owner_letter")[0], space_refs=tuple(owner.space_refs), owner_name=owner.name or None,
        owner_email=owner.email or None, way=way.value, language=language, asked_at=now, asked_by=actor.name,
        ends_on=today + LASTS, updated_at=now,
    )  # fmt: skip
    rows.add(con, letter)
    add_event(con, actor, now, "owner_letter", letter.ref, "ask", changes={"way": [None, way.value]})
    for ref in letter.space_refs:
        put_changes(con, actor, ref, {"consent": Consent.ASKED.value, "consent_on": today}, now, note=letter.ref)
    if way is LetterWay.MAIL:
        tell(con, now, TEMPLATE, READER, letter.ref, language, event="1")
    return letter


def expect_secrets(con: Connection, actor: Actor, fingerprints: Mapping[str, str]) -> None:
    """Let whoever knows a secret answer a letter; the register keeps fingerprints alone.

    Args:
        con: an idle connection.
        actor: the program.
        fingerprints: by the letter's ref.

    Raises:
        NotFound: there is no such letter.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        for ref, fingerprint in fingerprints.items():
            letter = rows.lock(con, ref)
            letter.secret_sha256 = fingerprint
            rows.save(con, letter)


def ask_again(con: Connection, actor: Actor, ref: str, now: datetime) -> OwnerLetter:
    """Send a letter again that nobody answered, or whose owner wanted to be asked later; its link lasts anew.

    Raises:
        Conflict: it was answered, or none of its spaces is this owner's to be asked about any more.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con), changing(con, actor, rows.rows, ref, now, "ask_again", only=("times",)) as change:
        letter = change.record
        if letter.answer not in (None, OwnerAnswer.LATER.value):
            raise Conflict("owner_letter.answered", ref=ref)
        if not spaces_of(con, letter):
            raise Conflict("owner_letter.nothing_left", ref=ref)
        letter.answered_at = letter.answer = letter.later_on = letter.answered_by = letter.remark = None
        letter.told_on = None
        letter.times, letter.again_at, letter.ends_on = letter.times + 1, now, get_settings(con).today(now) + LASTS
        if letter.way == LetterWay.MAIL:
            tell(con, now, TEMPLATE, READER, ref, letter.language, event=str(letter.times))
    return letter


def note_told(con: Connection, actor: Actor, ref: str, now: datetime) -> OwnerLetter:
    """Write down that a letter has left: the mail server took it, or the office posted it.

    Only then an owner has been told; where silence is enough (``private_rule`` objection) their time begins.

    Raises:
        NotFound: there is no such letter.
    """
    check_allowed(actor, Permission.SPACE_EDIT)
    with writing(con):
        settings = get_settings(con)
        today = settings.today(now)
        with changing(con, actor, rows.rows, ref, now, "tell", only=("told_on",)) as change:
            letter = change.record
            letter.told_on = today
        if settings.private_rule == "objection" and letter.answered_at is None:
            told = {"consent": Consent.NOTIFIED.value, "consent_on": letter.told_on}
            for space in spaces_of(con, letter):
                if space.consent == Consent.ASKED:
                    put_changes(con, actor, space.ref, told, now, note=ref)
    return letter


def spaces_of(con: Connection, letter: OwnerLetter) -> list[Space]:
    """The spaces that a letter is about and that are still noted as this owner's, in its order; none that ended."""
    found = {each.ref: each for each in spaces.find(con, spaces.SpaceFilter(refs=letter.space_refs))}
    held = [found[ref] for ref in letter.space_refs if ref in found]
    return [
        each for each in held
        if each.status != SpaceStatus.RETIRED and letter.owner and owner_key(each.owner_name, each.owner_email)
        == letter.owner
    ]  # fmt: skip


def forget_owner_letters(con: Connection, actor: Actor, now: datetime) -> int:
    """Blank whom letters were to whose link ended, or that were answered, as long ago as the city keeps that; how many.

    What the owner said stays with the space.
    """
    check_allowed(actor, Permission.SETTINGS_EDIT)
    with writing(con):
        settings = get_settings(con)
        kept = timedelta(days=settings.report_contact_days)
        return rows.forget(con, now - kept, settings.today(now) - kept)
