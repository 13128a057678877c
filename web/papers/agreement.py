"""The agreement: who, where, when, on what terms, and who signed."""

from __future__ import annotations

from flask_babel import get_locale, gettext

from tempuse.papers import PaperSection, SignatureLine, SignaturesBlock
from tempuse.papers.snapshot import SignatureOnPaper, Snapshot
from web.papers import plain, terms

PARTIES = ("grantor", "holder")


def title(snapshot: Snapshot) -> str:
    """What the paper is called."""
    return gettext("Agreement on temporary use")


def sections(snapshot: Snapshot) -> list[PaperSection]:
    """Everything that both sides agree to."""
    return plain.present([
        plain.about(snapshot), *plain.parties(snapshot), plain.spaces(snapshot), *terms.sections(snapshot),
        signatures(snapshot), terms.proof(snapshot),
    ])  # fmt: skip


def signatures(snapshot: Snapshot) -> PaperSection:
    """Who signed and how; room to sign for each side that has not, where the language is the one that binds."""
    given = snapshot.get("signatures") or []
    rows = []
    for party in PARTIES:
        theirs = [each for each in given if each["party"] == party]
        rows += [SignatureLine(_party(party), _signed(each, snapshot["time_zone"])) for each in theirs]
        if not theirs:
            rows.append(to_sign(party, room=binds(snapshot)))
    return PaperSection(gettext("Signatures"), [SignaturesBlock(rows)])


def binds(snapshot: Snapshot) -> bool:
    """Whether the language of this part is the one that binds: a translation is not signed."""
    return str(get_locale()) == snapshot["language"]


def to_sign(party: str, *, room: bool = True) -> SignatureLine:
    """A side that has not signed, with room to do so by hand."""
    lines = [gettext("Name"), gettext("Day"), gettext("Signature")]
    return SignatureLine(_party(party), gettext("not signed yet"), room, lines)


def _party(party: str) -> str:
    return gettext("Who grants it") if party == "grantor" else gettext("Who holds it")


def _signed(signature: SignatureOnPaper, zone: str) -> str:
    who = ", ".join(filter(None, (signature["name"], signature.get("role_said"))))
    is_day = len(signature["at"]) == len("2027-03-01")  # of what was signed on paper only the day is known
    at = plain.day(signature["at"]) if is_day else plain.instant(signature["at"], zone)
    if signature["how"] == "paper":
        return gettext("%(who)s signed on paper, %(at)s", who=who, at=at)
    return gettext("%(who)s signed by typing this name, %(at)s", who=who, at=at)
