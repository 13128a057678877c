"""The record of a hand-over: keys, readings, how it looked, and what both said."""

from __future__ import annotations

from flask_babel import gettext, ngettext

from tempuse.papers import Block, ListBlock, PaperSection, PicturesBlock, SignaturesBlock, TableBlock, TextBlock
from tempuse.papers.snapshot import HandoverOnPaper, MeterOnPaper, Snapshot
from web import words
from web.papers import agreement, plain
from web.presenters import handovers


def title(snapshot: Snapshot) -> str:
    """What the paper is called."""
    is_back = (snapshot.get("handover") or {}).get("way") == "back"
    return gettext("Record of the keys coming back") if is_back else gettext("Record of the hand-over")


def sections(snapshot: Snapshot) -> list[PaperSection]:
    """What was handed over, and how it looked."""
    record = snapshot.get("handover") or {}
    zone, currency = snapshot["time_zone"], snapshot["currency"]
    return plain.present([
        _when(record), plain.about(snapshot), *plain.parties(snapshot), plain.spaces(snapshot), _keys(record),
        _meters(record), _condition(record), _remarks(record, zone, currency), _signatures(snapshot, record),
    ])  # fmt: skip


def _when(record: HandoverOnPaper) -> PaperSection:
    return plain.section(
        gettext("The hand-over"),
        (gettext("Day"), plain.day(record.get("on"))),
        (gettext("Present"), record.get("present")),
    )


def _keys(record: HandoverOnPaper) -> PaperSection | None:
    keys = record.get("keys") or []
    rows = [f"{words.figure(each['count'])} × {each['label']}" for each in keys]
    return PaperSection(gettext("Keys"), [ListBlock(rows)]) if rows else None


def _meters(record: HandoverOnPaper) -> PaperSection | None:
    meters = record.get("meters") or []
    head = [gettext("Meter"), gettext("Number"), gettext("Reading")]
    rows = [
        [words.lower_first(handovers.meter(each["kind"])), each.get("number") or "–", _reading(each)] for each in meters
    ]
    return PaperSection(gettext("Readings"), [TableBlock(head, rows)]) if rows else None


def _meter(meter: MeterOnPaper) -> str:
    return words.lower_first(handovers.meter(meter["kind"]))


def _reading(meter: MeterOnPaper) -> str:
    reading = meter.get("reading", "")
    figure = words.figure(reading, 3) if isinstance(reading, (int, float)) else str(reading)
    return f"{figure} {meter.get('unit') or ''}".strip()


def _condition(record: HandoverOnPaper) -> PaperSection | None:
    text, photos = record.get("condition_text"), record.get("photos") or []
    blocks: list[Block] = [TextBlock(text)] if text else []
    if photos:
        count = len(photos)
        blocks.append(TextBlock(ngettext("%(num)s photo is kept.", "%(num)s photos are kept.", count)))
        told = {"count": words.figure(count), "day": plain.day(record.get("on"))}
        blocks.append(PicturesBlock([
            {"name": name, "alt": gettext("Photo %(number)s of %(count)s: how it looked on %(day)s", number=at, **told)}
            for at, name in enumerate(photos, start=1)
        ]))  # fmt: skip
    return PaperSection(gettext("How it looked"), blocks) if blocks else None


def _remarks(record: HandoverOnPaper, zone: str, currency: str) -> PaperSection | None:
    returned = record.get("deposit_returned_cents")
    block = plain.known(
        [
            (gettext("Agreed by who holds it"), plain.instant(record.get("agreed_by_holder_at"), zone)),
            (gettext("Remarks by who holds it"), record.get("remarks_holder")),
            (gettext("Agreed by who grants it"), plain.instant(record.get("agreed_by_grantor_at"), zone)),
            (gettext("Remarks by who grants it"), record.get("remarks_grantor")),
            (gettext("Deposit returned"), plain.amount(returned, currency) if returned is not None else ""),
        ]
    )
    return PaperSection(gettext("What both sides say"), [block]) if block.rows else None


def _signatures(snapshot: Snapshot, record: HandoverOnPaper) -> PaperSection | None:
    """Room to sign for each side that has not agreed yet, where the language is the one that binds."""
    waiting = [] if record.get("agreed_by_grantor_at") else ["grantor"]
    waiting += [] if record.get("agreed_by_holder_at") else ["holder"]
    rows = [agreement.to_sign(party) for party in waiting if agreement.binds(snapshot)]
    return PaperSection(gettext("Signatures"), [SignaturesBlock(rows)]) if rows else None
