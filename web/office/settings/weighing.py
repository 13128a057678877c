"""What the city weighs: an input for each criterion, and what other weights would do to the groups that look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext, ngettext
from wtforms import Field, ValidationError

from tempuse import matching, needs, weights
from tempuse.matching import CRITERIA
from tempuse.settings import Settings, parse
from tempuse.store import needs as need_rows
from tempuse.wanted import KEYS
from web import database, words
from web.map import index
from web.match import wording

# So many groups at most are asked what would come first for them, those that began last.
MOST_ASKED = 200
_LONGEST = 40


class WeightsField(Field):  # type: ignore[misc]
    """How much each criterion weighs; ``data`` is the text of those that weigh otherwise than usual."""

    def process(self, formdata: Any, *args: Any, **options: Any) -> None:
        """Join the inputs; a form that says all again has them in one."""
        super().process(formdata, *args, **options)
        if formdata and self.name not in formdata:
            typed = {key: (formdata.get(name) or "").strip()[:_LONGEST] for key, name in self._names()}
            self.data = " ".join(
                f"{key}={text.replace(' ', '')}" for key, text in typed.items()
                if text and text != str(CRITERIA[key].weight)
            )  # fmt: skip

    def _names(self) -> Iterator[tuple[str, str]]:
        return ((key, f"{self.name}-{place}") for place, key in enumerate(KEYS))

    @property
    def inputs(self) -> list[tuple[str, str, str, str]]:
        """Of each criterion the input's name, its label, what stands in it, and the usual weight."""
        held = dict(part.split("=", 1) for part in (self.data or "").split() if "=" in part)
        return [
            (name, wording.label(key), held.get(key, str(CRITERIA[key].weight)), str(CRITERIA[key].weight))
            for key, name in self._names()
        ]  # fmt: skip

    def pre_validate(self, form: Any) -> None:
        """Each a whole number from 0 to 5."""
        for issue in weights.read(self.data or "")[1]:
            name = str(issue.values.get("name", ""))
            said = wording.label(name) if name in CRITERIA else name
            raise ValidationError(
                words.issue_sentence(dataclasses.replace(issue, values={**issue.values, "name": said}))
            )


def in_words(held: weights.Weights) -> str:
    """What weighs otherwise than usual."""
    said = [f"{wording.label(key)} {weight}" for key, weight in held.items() if weight != CRITERIA[key].weight]
    return ", ".join(said) or gettext("As usual")


def effect(held: Settings, texts: Mapping[str, str]) -> list[tuple[str, bool]]:
    """What other weights would do, in sentences; whether one changes something stands beside it. Empty: nothing."""
    changed = dataclasses.replace(held, **{name: parse(name, text) for name, text in texts.items()})
    con, today, offers = database.connection(), database.today(), index.current().offers
    looking = [each for batch in need_rows.looking(con, held, today) for each in batch][-MOST_ASKED:]
    asked = [wanted for each in looking for wanted, unclear in [needs.wanted_of(each)] if not unclear]
    if not asked:
        return []
    before, after = (
        [_first(offers, each, scale) for each in asked] for scale in map(matching.scale_of, (held, changed))
    )
    other = sum(one[0] != two[0] for one, two in zip(before, after, strict=True))
    more, fewer = (
        sum(sign * (two[1] - one[1]) > 0 for one, two in zip(before, after, strict=True)) for sign in (1, -1)
    )
    told = (
        (other, ngettext("For %(num)s group another space stands first.",
                         "For %(num)s groups another space stands first.", other)),
        (more, ngettext("For %(num)s group more spaces fit.", "For %(num)s groups more spaces fit.", more)),
        (fewer, ngettext("For %(num)s group fewer spaces fit.", "For %(num)s groups fewer spaces fit.", fewer)),
    )  # fmt: skip
    all_of_them = ngettext("%(num)s group that looks was asked.", "%(num)s groups that look were asked.", len(asked))
    return [*((text, True) for count, text in told if count), (all_of_them, False)]


def _first(offers: Any, wanted: Any, scale: matching.Scale) -> tuple[int, int]:
    """The space that stands first, and how many fit."""
    found = matching.rank(offers, wanted, database.today(), scale, count=1, most_near=0)
    return (int(offers.number[found.rows[0]]) if len(found.rows) else 0), found.fits
