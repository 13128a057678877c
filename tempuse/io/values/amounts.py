"""Amounts of a row once all of it is read: a rent for each square metre needs the square metres."""

from __future__ import annotations

from typing import Any

from tempuse.io.values.money import MONTHS, Amount

_MONTHLY = frozenset({"running_cost_month_cents", "running_cost_winter_cents"})


def settle(fields: dict[str, Any]) -> dict[str, str]:
    """Make plain amounts of a row's; what cannot be told is taken out.

    Args:
        fields: the row's, changed in place; may get a ``cost_period``.

    Returns:
        The amounts that were reckoned or taken out, each with the message id of why.
    """
    said: dict[str, str] = {}
    for name in [name for name, value in fields.items() if type(value) is Amount]:
        amount: Amount = fields[name]
        cents, period = float(amount), amount.period
        if amount.per_m2:
            area = fields.get("floor_area_m2") or fields.get("plot_area_m2")
            said[name] = "value.per_m2"
            if not area:
                del fields[name]
                continue
            cents *= area
        if name in _MONTHLY and period not in ("", "month"):
            said[name] = "value.other_period"
            if period not in MONTHS:
                del fields[name]
                continue
            cents /= MONTHS[period]
        elif name == "cost_cents" and period == "week":
            said[name], cents, period = "value.other_period", cents / MONTHS["week"], "month"
        if name == "cost_cents" and period:
            fields.setdefault("cost_period", period)
        fields[name] = round(cents)
    return said
