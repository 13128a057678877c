"""What happened to a thing, in words: who, what, when, why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry.erasing import ERASED
from tempuse.registry.owners.answering import OWNER
from tempuse.store import people
from tempuse.vocabulary import PARTS, Role
from web import database, verbs, words
from web.presenters import labels

_ACTORS: dict[str, LazyString] = {
    SYSTEM.name: lazy_gettext("The command line"),
    PUBLIC.name: lazy_gettext("A visitor"),
    OWNER.name: lazy_gettext("The owner, by the link in a letter,"),
}
# Beyond so many changes an event is told by the names of its fields alone.
FEW = 4


@dataclass(frozen=True, slots=True)
class EventInWords:
    """One event in words; ``details`` has one sentence for each of several changes."""

    at: datetime
    said: str
    details: list[str]
    note: str
    import_ref: str | None = None


def tell(event: Any) -> EventInWords:
    """An event of the store in words."""
    return replace(_tell(event), import_ref=event.import_ref)


def _tell(event: Any) -> EventInWords:
    changes = {name: pair for name, pair in (event.changes or {}).items() if _is_change(name, pair)}
    who = who_did(event.actor)
    facts = [_changed(event.noun, name, *pair) for name, pair in changes.items() if name not in ("status", "space_ref")]
    note = event.note or ""
    done = verbs.did(event.noun, event.what)
    # Whatever is done by changing facts is told by the facts.
    if not facts or event.what not in ("edit", "import"):
        return EventInWords(event.at, gettext("%(who)s %(done)s", who=who, done=done), facts[:FEW], note)
    if len(facts) == 1:
        return EventInWords(event.at, gettext("%(who)s %(done)s", who=who, done=facts[0]), [], note)
    count = ngettext("changed %(num)s fact", "changed %(num)s facts", len(facts))
    return EventInWords(event.at, gettext("%(who)s %(done)s", who=who, done=count), facts, note)


def who_did(name: str) -> str:
    """Who acted, as a sentence begins."""
    return str(_ACTORS.get(name, name[:1].upper() + name[1:]))


def _person(ref: str) -> str:
    """Somebody's name as it is today."""
    found = people.find_one(database.connection(), ref)
    return found.name if found else ref


def _is_change(name: str, pair: object) -> bool:
    return isinstance(pair, (list, tuple)) and len(pair) == 2 and name not in ("plot_area_measured", "placed_by")


def _changed(noun: str, name: str, before: Any, after: Any) -> str:
    """``changed the floor area from 600 m² to 640 m²``."""
    if name == "geometry":
        if not before:
            return gettext("put it on the map")
        return gettext("moved it on the map") if after else gettext("took it off the map")
    if noun == "organisation" and name in PARTS:
        return f"{gettext(Role(name).label)}: {_person(after or before)}"
    if name == "past":
        return gettext("changed who was there before")
    if name == "source_fields":
        return gettext("brought in what else the source says")
    what = words.lower_first(labels.label(name, noun))
    if name in ("description", "rules", "internal_note"):
        return gettext("rewrote “%(what)s”", what=what)
    if ERASED in (before, after):
        return gettext("changed “%(what)s” (erased since)", what=what)
    old, new = labels.told(name, before, noun), labels.told(name, after, noun)
    if name == "district_ref":
        return gettext("so its district changed")
    if not old or old == new:
        return gettext("set “%(what)s” to %(new)s", what=what, new=new or gettext("not known"))
    if not new:
        return gettext("cleared “%(what)s”, which was %(old)s", what=what, old=old)
    return gettext("changed “%(what)s” from %(old)s to %(new)s", what=what, old=old, new=new)
