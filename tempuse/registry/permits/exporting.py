"""Permits as they go out to the office: every field, with the terms that rule and what became of them, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import shapely

from tempuse.agreements import Afterlife
from tempuse.geojson import feature_text
from tempuse.io.write.columns import FlatColumn
from tempuse.matches import Match
from tempuse.permits import Permit
from tempuse.standing import standing
from tempuse.store import listed_permits, matches, organisations
from tempuse.store.engine import Connection
from tempuse.store.listed_permits import PermitChoice
from tempuse.terms import Terms

_FLAT = {"long": "text", "choice": "text", "minute": "whole"}
# What opens a link, or says nothing to a reader.
_LEFT_OUT = frozenset({"confirm_token", "permit_ref", "version", "proposed_by", "proposed_at", "from_on"})
_BESIDE = (
    FlatColumn("holder", "text"), FlatColumn("grantor", "text"), FlatColumn("spaces", "text"),
    FlatColumn("state", "text"), FlatColumn("last_on", "day"), FlatColumn("outcome", "text"),
    FlatColumn("moved_to", "text"), FlatColumn("what_came", "text"), FlatColumn("matches", "map"),
)  # fmt: skip


def _columns(noun: Any) -> Iterator[FlatColumn]:
    for each in fields(noun):
        kind = str(each.metadata["kind"])
        if each.name not in _LEFT_OUT:
            # Rows of hours and conditions are maps within a list.
            kind = "map" if each.name in ("hours", "conditions") else _FLAT.get(kind, kind)
            yield FlatColumn(each.name, kind)


USE_COLUMNS: tuple[FlatColumn, ...] = (*_columns(Permit), *_columns(Terms), *_BESIDE)


def use_texts(con: Connection, wanted: PermitChoice, today: date) -> Iterator[list[str]]:
    """Every permit that a filter keeps as a GeoJSON text, with the shapes of its spaces, in batches."""
    for batch in listed_permits.walk(con, wanted):
        refs = {ref for permit, _ in batch for ref in permit.space_refs}
        shown = listed_permits.spaces_of(con, sorted(refs))
        parties = {ref for permit, _ in batch for ref in (permit.holder_ref, permit.grantor_ref) if ref}
        names = {ref: each.name for ref, each in organisations.by_refs(con, sorted(parties)).items()}
        after = listed_permits.afterlives_of(con, [permit.ref for permit, _ in batch])
        fitted = matches.of_permits(con, [permit.ref for permit, _ in batch])
        yield [
            _text(permit, terms, shown, names, after.get(permit.ref), fitted.get(permit.ref, []), today)
            for permit, terms in batch
        ]


def _text(
    permit: Permit, terms: Terms, shown: dict[str, Any], names: dict[str, str], after: Afterlife | None,
    fitted: Sequence[Match], today: date,
) -> str:  # fmt: skip
    values: dict[str, Any] = {name.name: getattr(permit, name.name, None) for name in fields(Permit)}
    values |= {each.name: getattr(terms, each.name) for each in fields(Terms)}
    its = [shown[ref] for ref in permit.space_refs if ref in shown]
    stands = standing(permit, terms, today)
    values |= {
        "holder": names.get(permit.holder_ref or "") or permit.holder_name,
        "grantor": names.get(permit.grantor_ref or ""),
        "spaces": ", ".join(f"{each.ref} {each.name or each.address or ''}".strip() for each in its),
        "state": stands.state, "last_on": stands.last_on,
        "hours": [listed_permits.plain(each) for each in terms.hours],
        "conditions": [listed_permits.plain(each) for each in terms.conditions],
        "matches": [match_told(each) for each in fitted],
    }  # fmt: skip
    if after is not None:
        moved = after.moved_to_ref or after.moved_to_text
        values |= {"outcome": after.outcome, "moved_to": moved, "what_came": after.note}
    known = {name: value for name, value in values.items() if name not in _LEFT_OUT and value not in (None, (), {}, [])}
    return feature_text(permit.ref, _place([each.geometry for each in its if each.geometry is not None]), known)


def match_told(match: Match) -> dict[str, Any]:
    """A kept match as a file has it: what was asked, what came out by which criteria, and each of them."""
    names = ("ref", "space_ref", "need_ref", "on", "version", "tier", "question", "good", "bad", "total")
    own = ("key", "function", "weight", "must", "lo", "hi")
    return {
        **{name: value for name in names if (value := getattr(match, name)) is not None},
        "criteria": [{name: each[name] for name in own} for each in match.criteria],
    }


def _place(shapes: Sequence[Any]) -> Any:
    """The place of one space, or of several as one shape; None where there is none."""
    if len(shapes) <= 1:
        return shapes[0] if shapes else None
    kinds = {each.geom_type.removeprefix("Multi") for each in shapes}
    if kinds == {"Point"} or kinds == {"Polygon"}:
        return shapely.union_all(list(shapes))
    return shapely.MultiPoint([each.representative_point() for each in shapes])
