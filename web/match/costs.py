"""Why a space's costs fit or not, in words."""

from __future__ import annotations

import math

from flask_babel import gettext

from tempuse.matching import Reason
from tempuse.vocabulary import CostModel
from tempuse.wanted import Wanted
from web import words
from web.presenters.cards import Properties


def monthly(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    """What it costs a month beside what can be paid."""
    budget = wanted.budget_month_cents or 0
    low, high = reason.values.get("low"), reason.values.get("high")
    if high == 0:
        return gettext("Free of charge.")
    if high is not None and high == low:
        amount = gettext("%(amount)s a month", amount=_money(high))
        if high <= budget:
            return gettext("%(amount)s, within your %(budget)s.", amount=amount, budget=words.money(budget))
        if reason.state == "not" and budget:
            return gettext("%(amount)s, far over your %(budget)s.", amount=amount, budget=words.money(budget))
        over = _money(high - budget)
        return gettext(
            "%(amount)s, %(over)s over your %(budget)s.", amount=amount, over=over, budget=words.money(budget)
        )
    if low:
        return gettext("%(amount)s a month, and costs that nobody has told.", amount=_money(low))
    if shown.get("cost_model") == CostModel.RUNNING_COSTS.value:
        return gettext("Running costs only; nobody has told how much.")
    return gettext("Nobody has told what it costs.")


def _money(cents: float) -> str:
    """An amount that was reckoned, rounded up to a whole unit where it is large."""
    return words.money(math.ceil(cents / 100) * 100 if cents >= 1000 else math.ceil(cents))


def at_the_start(shown: Properties, wanted: Wanted, reason: Reason) -> str:
    """What is paid once at the start."""
    budget = wanted.budget_start_cents or 0
    low, high = reason.values.get("low"), reason.values.get("high")
    if high is None:
        return gettext("The deposit is not known.")
    if high == 0:
        return gettext("Nothing at the start.")
    if low is not None and high <= budget:
        return gettext("%(amount)s at the start.", amount=_money(high))
    return gettext("%(amount)s at the start, %(over)s over.", amount=_money(high), over=_money(high - budget))
