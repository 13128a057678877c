"""What happened to a space or a report, in words: who, what, when, why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from tempuse.access import PUBLIC, SYSTEM
from tempuse.registry.erasing import ERASED
from tempuse.vocabulary import SpaceStatus
from web.presenters import labels

# What an event's word means as the end of a sentence that begins with a name.
DONE: dict[str, Any] = {
    "add": lazy_gettext("added it"),
    "import": lazy_gettext("brought it in with a file"),
    "verify": lazy_gettext("verified it"),
    "doubt": lazy_gettext("took the verification back"),
    "offer": lazy_gettext("offered it"),
    "close": lazy_gettext("took the offer back"),
    "withhold": lazy_gettext("withheld it"),
    "release": lazy_gettext("released it"),
    "retire": lazy_gettext("retired it"),
    "reinstate": lazy_gettext("brought it back into the register"),
    "send": lazy_gettext("sent it"),
    "confirm": lazy_gettext("confirmed the e-mail address"),
    "join": lazy_gettext("joined it to a space"),
    "make": lazy_gettext("made a space of it"),
    "answer": lazy_gettext("answered it"),
    "reopen": lazy_gettext("opened it again"),
    "erase": lazy_gettext("erased what the history told of persons"),
    "forget": lazy_gettext("removed the sender’s e-mail address, as its time was over"),
}
_ACTORS: dict[str, Any] = {
    SYSTEM.name: lazy_gettext("The command line"),
    PUBLIC.name: lazy_gettext("A visitor"),
}
# Beyond so many changes an event is told by the names of its fields alone.
FEW = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One event in words; ``details`` has one sentence for each of several changes."""

    at: datetime
    said: str
    details: list[str]
    note: str
    import_ref: str | None = None


def tell(event: Any) -> Told:
    """An event of the store in words."""
    return replace(_tell(event), import_ref=event.import_ref)


def _tell(event: Any) -> Told:
    changes = {name: pair for name, pair in (event.changes or {}).items() if _is_change(name, pair)}
    who = who_did(event.actor)
    facts = [_changed(name, *pair) for name, pair in changes.items() if name not in ("status", "space_ref")]
    note = event.note or ""
    if event.what not in ("edit", "update", "import") and event.what in DONE:
        said = gettext("%(who)s %(done)s", who=who, done=str(DONE[event.what]))
        return Told(event.at, said, facts[:FEW], note)
    if not facts:
        done = str(DONE.get(event.what, lazy_gettext("changed it")))
        return Told(event.at, gettext("%(who)s %(done)s", who=who, done=done), [], note)
    if len(facts) == 1:
        return Told(event.at, gettext("%(who)s %(done)s", who=who, done=facts[0]), [], note)
    count = ngettext("changed %(num)s fact", "changed %(num)s facts", len(facts))
    return Told(event.at, gettext("%(who)s %(done)s", who=who, done=count), facts, note)


def who_did(name: str) -> str:
    """Who acted, as a sentence begins."""
    return str(_ACTORS.get(name, name[:1].upper() + name[1:]))


def _is_change(name: str, pair: Any) -> bool:
    return isinstance(pair, (list, tuple)) and len(pair) == 2 and name not in ("plot_area_measured", "placed_by")


def _changed(name: str, before: Any, after: Any) -> str:
    """``changed the floor area from 600 m² to 640 m²``."""
    if name == "geometry":
        if not before:
            return gettext("put it on the map")
        return gettext("moved it on the map") if after else gettext("took it off the map")
    if name == "past":
        return gettext("changed who was there before")
    if name == "source_fields":
        return gettext("brought in what else the source says")
    what = lower_first(labels.label(name))
    if name in ("description", "rules", "internal_note"):
        return gettext("rewrote “%(what)s”", what=what)
    if ERASED in (before, after):
        return gettext("changed “%(what)s” (erased since)", what=what)
    old, new = labels.told(name, before), labels.told(name, after)
    if name == "district_ref":
        return gettext("so its district changed")
    if not old or old == new:
        return gettext("set “%(what)s” to %(new)s", what=what, new=new or gettext("not known"))
    if not new:
        return gettext("cleared “%(what)s”, which was %(old)s", what=what, old=old)
    return gettext("changed “%(what)s” from %(old)s to %(new)s", what=what, old=old, new=new)


def lower_first(text: str) -> str:
    """A label within a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def status_word(status: str) -> str:
    """The word for a space's status."""
    return labels.term(SpaceStatus, status)
