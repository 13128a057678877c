"""What the office calls a permit, its group and its spaces; each is read once for a whole list."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g, url_for
from flask_babel import gettext

from tempuse.permit_kinds import PermitKind, kind_named, kinds, said
from tempuse.permits import Permit
from tempuse.registry.permits.checking import department_named
from tempuse.spaces import Space
from tempuse.store import organisations, people
from tempuse.store import spaces as space_rows
from tempuse.store.permits import Ruled
from web import database, words
from web.office import names
from web.office.permits import sections
from web.office.queue import Row
from web.presenters import permits as stand
from web.presenters import terms as terms_words


def warm(these: Sequence[Permit]) -> None:
    """Read the groups and spaces of several permits at once, for what is asked of each of them afterwards."""
    con = database.connection()
    refs = {ref for each in these for ref in (each.holder_ref, each.grantor_ref) if ref}
    known = g.setdefault("permit_groups", {})
    known |= organisations.by_refs(con, refs - set(known)) if refs - set(known) else {}
    there = g.setdefault("permit_places", {})
    wanted = [ref for each in these for ref in each.space_refs if ref not in there]
    if wanted:
        there |= {space.ref: space for _, space in space_rows.numbered(con, list(dict.fromkeys(wanted)))}


def group(each: Permit) -> str:
    """Whose it is: the group's name in the register, or as it called itself."""
    if each.holder_ref:
        warm([each])
        if found := g.permit_groups.get(each.holder_ref):
            return str(found.name)
    return each.holder_name or gettext("A group without a name")


def grantor(each: Permit) -> str:
    """Who grants it."""
    if not each.grantor_ref:
        return database.settings().municipality or gettext("The city")
    warm([each])
    found = g.permit_groups.get(each.grantor_ref)
    return str(found.name) if found else each.grantor_ref


def places(each: Permit) -> list[Space]:
    """The spaces of a permit that are still in the register."""
    warm([each])
    return [g.permit_places[ref] for ref in each.space_refs if ref in g.permit_places]


def where(each: Permit) -> str:
    """The names of its spaces: one, two, or the first and how many more."""
    called = [names.space(space) for space in places(each)]
    if len(called) > 2:
        return gettext("%(first)s and %(n)s more", first=called[0], n=words.figure(len(called) - 1))
    return words.several(called) if called else gettext("no space")


def title(each: Permit) -> str:
    """What it is called; its group where it has no name of its own."""
    return each.title or group(each)


def person(ref: str | None) -> str:
    """The name of somebody; empty where there is nobody."""
    found = people.find_one(database.connection(), ref) if ref else None
    return found.name if found else ""


def kind(each: Permit) -> PermitKind:
    """Its kind, as the city has it today."""
    return kind_named(database.settings().permit_kinds, each.kind)


def kind_title(each: PermitKind) -> str:
    """What a kind is called, in the reader's language."""
    return said(each.title, words.locale().language) or each.name


def kind_choices() -> list[tuple[str, ...]]:
    """The city's kinds for a list."""
    return [(each.name, kind_title(each)) for each in kinds(database.settings().permit_kinds)]


def row(each: Ruled, button: str, why: str = "") -> Row:
    """A permit as a row of a queue."""
    permit, terms = each
    parts = (group(permit) if group(permit) != title(permit) else "", where(permit), terms_words.period(terms), why)
    due = stand.next_day(permit, terms, kind(permit), sections.stops_of(database.connection(), permit.ref))
    href = url_for("office.permit", ref=permit.ref)
    return Row(
        title(permit), href, ". ".join(part for part in parts if part), button,
        due.words if due else "", due.late if due else False,
    )  # fmt: skip


def department(name: str) -> str:
    """What a department is called, in the reader's language."""
    found = department_named(database.settings(), str(name))
    return said(found.title, words.locale().language) or found.name
