"""What a list says about who may see its spaces: kept, or asked about, never lost on the way in.

A list may ask for less than the import does, never for more: a row that its sender withholds is withheld, whatever
the import is to bring in as. And where nobody can tell what a column says, nothing of it becomes public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tempuse.errors import Invalid, Issue
from tempuse.io.candidates import Candidate
from tempuse.io.crosswalk import restricting
from tempuse.registry.importing.opening import Opened
from tempuse.settings import Settings
from tempuse.spaces import Space
from tempuse.vocabulary import Consent, LocationLevel, SpaceStatus

_KEPT_VALUES = 5
# From what nobody sees to what everybody may: of two statuses the earlier one counts.
_BY_SIGHT = (SpaceStatus.WITHHELD, SpaceStatus.REPORTED, SpaceStatus.VERIFIED, SpaceStatus.OFFERED)


def publishes(status: str, settings: Settings) -> bool:
    """Whether spaces that come in with this status may be public at once."""
    return status == SpaceStatus.OFFERED or (status == SpaceStatus.VERIFIED == settings.publish_from)


def status_of(row: Candidate, asked: str) -> str:
    """The status of a new space: as the import asks, or less when the sender's list says less.

    A space that the sender calls retired without a day is none that may be shown.
    """
    told = SpaceStatus.WITHHELD if row.status == SpaceStatus.RETIRED else row.status
    return min(asked, told or asked, key=[each.value for each in _BY_SIGHT].index)


class Restrictions:
    """Follows the columns that restrict through one list, and knows in the end what was not understood.

    Args:
        opened: the request with its file.
        today: the day in the city.
    """

    def __init__(self, opened: Opened, today: date) -> None:
        source = opened.records.source
        self.today = today
        self._asked = restricting.unanswered(
            opened.crosswalk, source.columns, (row.values for row in source.sample())
        )  # fmt: skip
        self._said: dict[str, dict[str, None]] = {}

    def take(self, row: Candidate, before: Space | None, defaults: Mapping[str, Any]) -> None:
        """Look at one row. A day of release alone means that nobody may know the place until then."""
        kept = row.fields.get("source_fields", {})
        for name in self._asked:
            if name in kept:
                self._note(name, str(kept[name]))
        for name, value in row.unclear:
            self._note(name, value)
        if row.unclear and before is None:
            # What was told for all others is not said of this one.
            row.fields.setdefault("consent", Consent.UNASKED.value)
        release = row.fields.get("location_release_on")
        level = before.location_level if before is not None else defaults.get("location_level")
        if release is not None and release > self.today and level is None:
            row.fields.setdefault("location_level", LocationLevel.HIDDEN.value)

    def _note(self, name: str, value: str) -> None:
        said = self._said.setdefault(name, {})
        if len(said) < _KEPT_VALUES:
            said[value[:60]] = None

    def issues(self) -> Iterator[Issue]:
        """What a person should look at before any of these spaces is shown, one a column."""
        for name, said in self._said.items():
            yield Issue(None, name, ", ".join(said), "column.restricts", "column.kept_beside", grave=True)

    def check(self) -> None:
        """Return in silence when everything that restricts was understood.

        Raises:
            Invalid: it was not; one Issue a column.
        """
        issues = list(self.issues())
        if issues:
            columns = ", ".join(f"“{issue.field}”" for issue in issues)
            raise Invalid("import.restricts", issues, columns=columns, first=issues[0].field, says=issues[0].value)
