"""The record of a hand-over in words, for both sides and the office alike: what changed hands, and who agreed when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.agreements import Handover
from web import words

METERS: Mapping[str, LazyString] = {
    "power": lazy_gettext("Power"), "water": lazy_gettext("Water"), "gas": lazy_gettext("Gas"),
    "heat": lazy_gettext("Heat"),
}  # fmt: skip


def meter(kind: str) -> str:
    """What a meter measures; a kind that is not known stands as it is."""
    return str(METERS.get(kind, kind))


def given(record: Handover) -> list[str]:
    """The keys, the meters, and who was there, each a line."""
    found = [f"{each['label']}: {each['count']}" for each in record.keys]
    found += [_reading(each) for each in record.meters]
    if record.present:
        found.append(gettext("There were: %(names)s", names=record.present))
    return found


def _reading(row: Mapping[str, Any]) -> str:
    name = " ".join(filter(None, (meter(row.get("kind") or ""), row.get("number"))))
    return f"{name}: {row.get('reading') or '–'} {row.get('unit') or ''}".strip()


def agreed(record: Handover) -> list[str]:
    """Which side agreed when, each a line; and that one has not yet."""
    sides = (
        (record.agreed_by_holder_at, gettext("The group agreed"), gettext("The group has not agreed yet")),
        (record.agreed_by_grantor_at, gettext("The grantor agreed"), gettext("The grantor has not agreed yet")),
    )
    return [f"{yes}, {words.moment(at)}" if at else no for at, yes, no in sides]


def remarks(record: Handover) -> list[tuple[str, str]]:
    """What each side added: (side, words)."""
    said = ((gettext("The group"), record.remarks_holder), (gettext("The grantor"), record.remarks_grantor))
    return [(side, text) for side, text in said if text]
