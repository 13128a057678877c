"""Which space a row of a list of uses means: by its ref, its name, its address, or one that is made for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tempuse.access import Actor
from tempuse.errors import Issue
from tempuse.folding import fold
from tempuse.io.uses import ListedUse
from tempuse.registry.adding import adding
from tempuse.spaces import Space, check_space
from tempuse.store import listed_uses
from tempuse.store.engine import Connection
from tempuse.store.listed_uses import Called
from tempuse.vocabulary import Certainty, PlacedBy, SpaceKind, SpaceStatus


class Places:
    """What every space is called, to find those of a list."""

    def __init__(self, con: Connection) -> None:
        self._by: dict[str, dict[str, Called]] = {}
        for each in listed_uses.space_names(con):
            self._note(each)

    def _note(self, each: Called) -> None:
        keys = [each.ref, each.source_ref, each.name, each.address]
        if each.locality:
            keys += [f"{text}, {each.locality}" for text in (each.name, each.address) if text]
        for key in keys:
            if key.strip():
                self._by.setdefault(fold(key), {})[each.ref] = each

    def find(self, use: ListedUse) -> list[str]:
        """The spaces that a row may mean: one, if all is well."""
        for text, where in ((use.space, use.municipality), (use.address, use.municipality)):
            if not text:
                continue
            found = (self._by.get(fold(f"{text}, {where}")) if where else None) or self._by.get(fold(text), {})
            if where and len(found) > 1:
                found = {ref: each for ref, each in found.items() if fold(each.locality) == fold(where)} or found
            if len(found) > 1:
                found = {ref: each for ref, each in found.items() if each.status != SpaceStatus.RETIRED} or found
            if found:
                return sorted(found)
        return []

    def take_in(self, made: Sequence[Space]) -> None:
        """Know spaces that were made."""
        for each in made:
            self._note(Called(each.ref, each.name or "", each.address or "", each.locality or "", "", each.status))


def find_spaces(
    con: Connection, actor: Actor, uses: Sequence[ListedUse], source: str, now: datetime, import_ref: str, *,
    make: bool,
) -> list[str | None]:  # fmt: skip
    """The space of each row, None where it is not known, which the row's issues then say; within a transaction.

    Args:
        con: the connection.
        actor: who brings the list in.
        uses: its rows.
        source: what the list is called.
        now: the instant.
        import_ref: the import's.
        make: register spaces that are not known, as ones that the city knows of.
    """
    places = Places(con)
    if make:
        new: dict[tuple[str, str], Space] = {}
        for use in uses:
            if use.stretch and not places.find(use) and (space := _space_of(use, source)):
                key = (fold(space.name or ""), fold(space.locality or ""))
                if key in new:
                    new[key].geometry = space.geometry if new[key].geometry is None else new[key].geometry
                    continue
                new[key] = space
                use.issues.append(Issue(use.line, "", space.name or "", "use.space_new", "use.space_made"))
        if new:
            with adding(con, actor, now, what="import", import_ref=import_ref) as adder:
                adder.add(list(new.values()))
            places.take_in(list(new.values()))
    return [_one(places, use) if use.stretch else None for use in uses]


def _one(places: Places, use: ListedUse) -> str | None:
    found = places.find(use)
    if len(found) == 1:
        return found[0]
    said = ", ".join(filter(None, (use.space, use.address, use.municipality)))
    message = "use.several_spaces" if found else "use.no_such_space"
    use.issues.append(Issue(use.line, "", said, message, "use.left_out", {"refs": ", ".join(found[:5])}, True))
    return None


def _space_of(use: ListedUse, source: str) -> Space | None:
    """The space that a row tells of; None where the row has no name for it, or what it says does not fit."""
    called = use.space or use.address
    space = Space(
        kind=use.kind or SpaceKind.BUILDING.value, status=SpaceStatus.VERIFIED.value, name=called[:200],
        address=use.address[:200] or None, locality=use.municipality[:200] or None, geometry=use.point,
        placed_by=None if use.point is None else PlacedBy.ESTIMATE.value, certainty=Certainty.UNCERTAIN.value,
        source=source, source_ref=f"space {fold(called)} {fold(use.municipality)}".strip()[:200],
    )  # fmt: skip
    return space if called and not check_space(space) else None
