"""A list of groups that wait comes in: each becomes what its group looks for, open from now on.

The same list again changes what it brought where its rows changed, and doubles nothing: a row is known by its list's
name and its number, or by its group and title where it has none. What the office did meanwhile stays.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from tempuse import questions
from tempuse.access import Actor, check_allowed
from tempuse.errors import Invalid, Issue
from tempuse.folding import fold
from tempuse.io import need_values
from tempuse.io.needs import ListedNeed
from tempuse.needs import ENDED, Need, wanted_of
from tempuse.organisations import Organisation
from tempuse.registry.lists import BroughtIn, SentList, bring_in
from tempuse.registry.organisations import put_organisation
from tempuse.registry.people import known_person
from tempuse.registry.publishing import publish
from tempuse.registry.records import changing
from tempuse.settings import Settings
from tempuse.store import areas, imports, listed_uses, needs, people
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection
from tempuse.vocabulary import NeedStatus, OrganisationKind, Permission
from tempuse.wanted import Wanted, check_wanted

_LONGEST_VALUE = 2000
_DAYS = ("from", "by")
# What a need says in words, by the columns that it is made of; everything else of a row is its question.
_TEXTS = {"title": ("title", "purpose", "use"), "purpose": ("purpose",), "near_label": ("near",),
          "private_text": ("note",)}  # fmt: skip
_NO_QUESTION = frozenset({"title", "near", "note", "phone", "since", "state", "source_ref"})


def import_needs(
    con: Connection, actor: Actor, rows: Sequence[ListedNeed], about: SentList, now: datetime, *, dry_run: bool = False
) -> BroughtIn:
    """Bring a waiting list in, every row that fits or, where something breaks, none.

    A row whose use nobody understands is a draft that the office opens. Nobody gets a letter by it.

    Args:
        con: an idle connection.
        actor: who brings it in.
        rows: its rows, as ``io.needs`` read them.
        about: the list.
        now: the instant.
        dry_run: only look what would become of it; nothing is written.
    """
    check_allowed(actor, Permission.NEED_RELEASE)
    rows = [dataclasses.replace(each, issues=list(each.issues)) for each in rows]

    def take(ref: str, done: BroughtIn) -> None:
        _Taker(con, actor, about, now, ref, done).take(rows)

    return bring_in(con, actor, about, imports.NEEDS, now, take, dry_run=dry_run)


class _Taker:
    """Takes the rows of one list in, within one transaction."""

    def __init__(
        self, con: Connection, actor: Actor, about: SentList, now: datetime, import_ref: str, done: BroughtIn
    ) -> None:
        self.con, self.actor, self.about, self.now = con, actor, about, now
        self.import_ref, self.done = import_ref, done
        self.settings: Settings = get_settings(con)
        self.today = self.settings.today(now)
        self.known = needs.of_source(con, about.source)
        self.groups = {fold(name): ref for ref, name in listed_uses.organisation_names(con)}
        self.districts = {
            fold(name): area.ref for area in areas.districts(con) for name in (area.code, area.ref, area.name) if name
        }
        self.seen: Counter[str] = Counter()
        self.new: list[str] = []

    def take(self, rows: Sequence[ListedNeed]) -> None:
        for row in rows:
            self.done.counts["rows"] += 1
            self.done.counts[self._take(row)] += 1
            self.done.issues += row.issues
        if self.new:
            publish(self.con, "needs", self.new, self.now)

    def _take(self, row: ListedNeed) -> str:
        group = " ".join((row.group or row.contact).split())
        if not group:
            row.issues.append(Issue(row.line, "", "", "need.no_group", "use.left_out", grave=True))
            return "left_behind"
        key = row.source_ref or f"{fold(group)} / {fold(row.title)}"[:180]
        self.seen[key] += 1
        if self.seen[key] > 1:
            key = f"{key} ({self.seen[key]})"
        held = self.known.get(key)
        if row.is_over:
            if held is None or needs.get(self.con, held).status not in ENDED:
                row.notice("state", group, "need.list_says_over", "need.end_it" if held else "use.left_out", ref=held)
            return "left_behind" if held is None else "unchanged"
        return self._change(row, held) if held else self._add(row, group, key)

    # ---- what a row asks -----------------------------------------------------------------------------------

    def _wanted(self, row: ListedNeed) -> Wanted:
        """The question of a row: what contradicts the rest of it, or is over, asks nothing and is said."""
        taken: list[tuple[str, str]] = []
        for name, text, target in [*row.asked, *self._districts(row)]:
            if name in _DAYS and date.fromisoformat(text) < self.today:
                row.notice(target, text, "need.day_over", "need.from_today", day=date.fromisoformat(text))
                continue
            wanted, wrong = questions.read([*taken, (name, text)])
            if wrong := wrong or check_wanted(wanted):
                done = "need.kept_in_words"
                row.issues.append(
                    Issue(row.line, row.column(target), text, wrong[0].message, done, wrong[0].values, grave=True)
                )
            else:
                taken.append((name, text))
        return questions.read(taken)[0]

    def _districts(self, row: ListedNeed) -> list[tuple[str, str, str]]:
        whole = self.districts.get(fold(row.district))
        if not row.district or whole:
            return [("district", whole, "district")] if whole else []
        found = []
        for part in need_values.parts_in(row.district):
            ref = self.districts.get(fold(part))
            if ref is None:
                row.notice("district", part, "need.no_district", "need.kept_in_words")
            else:
                found.append(("district", ref, "district"))
        return found

    # ---- a row that is new ---------------------------------------------------------------------------------

    def _add(self, row: ListedNeed, group: str, key: str) -> str:
        wanted = self._wanted(row)
        is_open = bool(wanted.uses)
        need = Need(
            initiative_ref=self._group(row, group), contact_ref=self._contact(row, group),
            helper_ref=self.actor.person_ref, question=questions.text_of(wanted), language=self.settings.languages[0],
            status=(NeedStatus.OPEN if is_open else NeedStatus.DRAFT).value, source=self.about.source, source_ref=key,
            source_fields=_kept(row), created_at=self.now, updated_at=self.now,
            opened_at=self._since(row) if is_open else None, confirmed_on=self.today if is_open else None,
            title=_text(row, "title"), purpose=_text(row, "purpose"), near_label=_text(row, "near_label"),
            private_text=_text(row, "private_text"),
        )  # fmt: skip
        need.ref = next_refs(self.con, "need")[0]
        needs.add(self.con, need)
        add_event(
            self.con, self.actor, self.now, "need", need.ref, "import", status=need.status, import_ref=self.import_ref
        )
        self.new.append(need.ref)
        self.done.counts["looking" if is_open else "drafts"] += 1
        return "new"

    def _group(self, row: ListedNeed, called: str) -> str:
        """The group: known by its name, or written down now with the address that the list has."""
        if fold(called) not in self.groups:
            group = Organisation(
                kinds=(OrganisationKind.INITIATIVE.value,), name=called, email=row.email or None,
                language=self.settings.languages[0],
            )  # fmt: skip
            self.groups[fold(called)] = put_organisation(self.con, self.actor, group, self.now).ref
        return self.groups[fold(called)]

    def _contact(self, row: ListedNeed, group: str) -> str | None:
        """Whoever is to be asked; a part in the group is theirs to confirm some day, by a letter."""
        if not row.email:
            return None
        try:
            language = self.settings.languages[0]
            return known_person(self.con, row.contact or group, row.email, language, self.now, by=self.actor).ref
        except Invalid as error:
            row.notice("contact", row.contact or group, error.issues[0].message, "need.office_asks")
            return None

    def _since(self, row: ListedNeed) -> datetime:
        """Since when it looks: noon of the day that the list names, where that is not to come."""
        if row.since is None or row.since >= self.today:
            return self.now
        return datetime.combine(row.since, time(12), UTC)

    # ---- a row that came before ----------------------------------------------------------------------------

    def _change(self, row: ListedNeed, ref: str) -> str:
        """Bring what came with this list before up to what the list says now, where its words are others."""
        held, kept = needs.get(self.con, ref), _kept(row)
        if row.email and held.status not in ENDED:
            contact = people.by_email(self.con, row.email)
            if contact is None or contact.ref != held.contact_ref:
                row.issues.append(Issue(row.line, row.column("email"), "", "need.other_address", "need.ours_kept"))
        changed = {row.columns.get(name) for name in {*kept, *held.source_fields}
                   if kept.get(name) != held.source_fields.get(name)}  # fmt: skip
        if held.status in ENDED or not changed:
            return "unchanged"
        with changing(self.con, self.actor, needs.rows, ref, self.now, "import", import_ref=self.import_ref) as change:
            need = change.record
            for name, targets in _TEXTS.items():
                if changed & set(targets):
                    setattr(need, name, _text(row, name))
            if changed - _NO_QUESTION - {None}:
                wanted = self._wanted(row)
                if wanted.uses or not wanted_of(need)[0].uses:
                    need.question = questions.text_of(wanted)
            need.source_fields = kept
        return "changed"


def _kept(row: ListedNeed) -> dict[str, str]:
    return {name: text[:_LONGEST_VALUE] for name, text in row.kept.items()}


def _text(row: ListedNeed, name: str) -> str | None:
    """A text of a need, as a row has it."""
    texts = {"title": " ".join(row.title.split())[:200], "purpose": row.purpose, "near_label": row.near,
             "private_text": row.note}  # fmt: skip
    return texts[name] or None
