"""What the terms of a request begin with: the city's defaults for its kind, and what the spaces demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from tempuse.permit_kinds import PermitKind, city_conditions, said
from tempuse.store import spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.terms import Terms, TermsCondition, with_values
from tempuse.vocabulary import CostModel

# What a space demands of whoever uses it, by the field of the terms that says so.
_DEMANDS = {
    "persons_most": "fire_capacity_persons",
    "noise_limit_db": "noise_limit_db",
    "deposit_cents": "deposit_cents",
}


def begin_with(con: Connection, kind: PermitKind, space_refs: Sequence[str], asked: Terms, language: str) -> Terms:
    """The terms that were asked, with what they leave open filled in from the kind and the spaces.

    Args:
        con: any connection.
        kind: the permit's.
        space_refs: where; the smallest number of several spaces counts.
        asked: what a form said; where it says nothing stands the field's own default.
        language: of the conditions.

    Raises:
        NotFound: there is no such space.
    """
    untouched = Terms()
    open_names = {each.name for each in fields(Terms) if getattr(asked, each.name) == getattr(untouched, each.name)}
    values: dict[str, Any] = {}
    asked_for = [spaces.get(con, ref) for ref in space_refs]
    for name, demanded in _DEMANDS.items():
        told = [value for space in asked_for if (value := getattr(space, demanded)) is not None]
        if told:
            values[name] = max(told) if name == "deposit_cents" else min(told)
    if len(asked_for) == 1 and asked_for[0].cost_model != CostModel.UNKNOWN:
        space = asked_for[0]
        values |= {"cost_model": space.cost_model, "fee_cents": space.cost_cents, "fee_period": space.cost_period}
    values |= {name: value for name, value in kind.terms.items() if name in open_names}
    if kind.conditions:
        catalogue = {each.key: each for each in city_conditions(get_settings(con).city_conditions)}
        values["conditions"] = tuple(
            TermsCondition(key=key, text=said(known.text, language), because=said(known.because, language) or None)
            for key in kind.conditions if (known := catalogue.get(key))
        )  # fmt: skip
    return with_values(asked, {name: value for name, value in values.items() if name in open_names})
