"""A list of uses comes in: past ones as permits that are over, running ones take what is free.

Each becomes one permit with one event. The same list again changes what it brought before and doubles nothing: a row
is known by its list's name and its number, or by its space and title where it has none.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.errors import Conflict, Issue
from tempuse.folding import fold
from tempuse.io.uses import ListedUse
from tempuse.io.weekly import read_hours
from tempuse.occurrences import check_occurrences
from tempuse.organisations import Organisation
from tempuse.permit_kinds import PermitKind, kinds
from tempuse.permits import Permit
from tempuse.publication import COLLECTIONS
from tempuse.registry.lists import BroughtIn, SentList, bring_in
from tempuse.registry.organisations import put_organisation
from tempuse.registry.permits import claiming, listed_terms
from tempuse.registry.permits.holding import Held
from tempuse.registry.permits.listed_spaces import find_spaces
from tempuse.registry.publishing import publish
from tempuse.settings import Settings
from tempuse.store import imports, listed_uses, permits
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection
from tempuse.terms import Terms, check_terms
from tempuse.vocabulary import OrganisationKind, Permission, PermitStatus

# How a use stands on the day its list comes in.
PAST, RUNNING, COMING = "past", "running", "coming"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseList(SentList):
    """A list of uses that comes in.

    Attributes:
        make_spaces: register spaces that are not known.
        open_until: the last day of a use that the list leaves open; a year from today where it is None.
    """

    make_spaces: bool = False
    open_until: date | None = None


def import_uses(
    con: Connection, actor: Actor, uses: Sequence[ListedUse], about: UseList, now: datetime, *, dry_run: bool = False
) -> BroughtIn:
    """Bring a list of uses in, every row that fits or, where something breaks, none.

    Args:
        con: an idle connection.
        actor: who brings it in.
        uses: its rows, as ``io.uses`` read them.
        about: the list.
        now: the instant.
        dry_run: only look what would become of it; nothing is written.
    """
    check_allowed(actor, Permission.SPACE_IMPORT)
    uses = [dataclasses.replace(each, issues=list(each.issues)) for each in uses]

    def take(ref: str, done: BroughtIn) -> None:
        _Taker(con, actor, about, now, ref, done).take(uses)

    return bring_in(con, actor, about, imports.USES, now, take, dry_run=dry_run)


class _Taker:
    """Takes the rows of one list in, within one transaction."""

    def __init__(
        self, con: Connection, actor: Actor, about: UseList, now: datetime, import_ref: str, done: BroughtIn
    ) -> None:
        self.con, self.actor, self.about, self.now, self.import_ref, self.done = (
            con,
            actor,
            about,
            now,
            import_ref,
            done,
        )
        self.settings: Settings = get_settings(con)
        self.today = self.settings.today(now)
        self.kind: PermitKind = kinds(self.settings.permit_kinds)[0]
        self.known = listed_uses.of_source(con, about.source)
        self.groups = {fold(name): ref for ref, name in listed_uses.organisation_names(con)}
        self.seen: Counter[str] = Counter()
        self.touched: list[str] = []
        self.shown: set[str] = set()

    def take(self, uses: Sequence[ListedUse]) -> None:
        counts = self.done.counts
        counts["rows"] = len({use.line for use in uses})
        make = self.about.make_spaces
        found = find_spaces(
            self.con, self.actor, uses, self.about.source, self.now, self.import_ref, make=make
        )  # fmt: skip
        for use, space_ref in zip(uses, found, strict=True):
            what = self._take(use, space_ref) if space_ref and use.stretch else "left_behind"
            counts[what] += 1
            self.done.issues += use.issues
        if self.touched:
            publish(self.con, "spaces", sorted(self.shown), self.now)
            for collection in COLLECTIONS.values():
                if collection.noun == "permit":
                    publish(self.con, collection.name, self.touched, self.now)

    def _take(self, use: ListedUse, space_ref: str) -> str:
        key = use.source_ref or f"{fold(use.space or use.address)} / {fold(use.title)}"[:180]
        self.seen[key] += 1
        if self.seen[key] > 1:
            key = f"{key} ({self.seen[key]})"
        if held := self.known.get(key):
            return self._change(use, held, space_ref)
        standing, terms = self._standing(use)
        if standing == RUNNING:
            self._say_open(use, terms)
        permit = Permit(
            kind=self.kind.name, space_refs=(space_ref,), holder_ref=self._holder(use), created_at=self.now,
            updated_at=self.now, source=self.about.source, source_ref=key, language=self.settings.languages[0],
            location_level=self.kind.location_level, unlisted=self.kind.unlisted, **listed_terms.texts_of(use),
            status={PAST: PermitStatus.HANDED_BACK, RUNNING: PermitStatus.HANDED_OVER,
                    COMING: PermitStatus.APPROVED}[standing].value,
        )  # fmt: skip
        if standing != PAST and not self._is_free(use, permit, terms):
            return "left_behind"
        permit.ref = next_refs(self.con, "permit")[0]
        terms.permit_ref = permit.ref
        permits.add(self.con, permit)
        permits.add_terms(self.con, terms)
        add_event(self.con, self.actor, self.now, "permit", permit.ref, "import", status=permit.status,
                  import_ref=self.import_ref)  # fmt: skip
        if standing == PAST:
            self._say_met(use, permit, terms)
        else:
            given = Held(permit, terms, self.settings, self.today, {})
            listed_terms.give(self.con, self.actor, given, self.now, keys=standing == RUNNING)
        listed_terms.note_afterlife(self.con, self.actor, use, permit, self.today, self.now)
        self._touch(permit)
        self.done.counts[standing] += 1
        return "new"

    def _standing(self, use: ListedUse) -> tuple[str, Terms]:
        stretch = use.stretch
        assert stretch is not None
        until = self.about.open_until or self.today + timedelta(days=365)
        first = stretch.starts_on or stretch.ends_on or self.today
        last = stretch.ends_on or max(until, first)
        terms = Terms(
            starts_on=first, ends_on=last, proposed_at=self.now, proposed_by=self.actor.name,
            tenure=self.kind.terms.get("tenure", Terms().tenure),
        )  # fmt: skip
        hours = dataclasses.replace(terms, hours=read_hours(use.hours)) if use.hours else terms
        if hours.hours and not [*check_terms(hours), *check_occurrences(hours)]:
            terms = hours
        standing = PAST if last < self.today else COMING if first > self.today else RUNNING
        return standing, terms

    def _say_open(self, use: ListedUse, terms: Terms) -> None:
        if use.stretch and use.stretch.is_open:
            use.issues.append(Issue(use.line, "", "", "use.no_end", "use.open_until", {"day": terms.ends_on}))
        if use.hours and not terms.hours:
            use.issues.append(Issue(use.line, "", use.hours, "use.hours", "use.whole_days"))

    def _holder(self, use: ListedUse) -> str | None:
        """The organisation that the list names: known by its name, or written down now."""
        called = " ".join(use.organisation.split())
        if not called:
            return None
        if fold(called) not in self.groups:
            group = Organisation(
                kinds=(OrganisationKind.INITIATIVE.value,), name=called, language=self.settings.languages[0]
            )
            self.groups[fold(called)] = put_organisation(self.con, self.actor, group, self.now).ref
        return self.groups[fold(called)]

    def _is_free(self, use: ListedUse, permit: Permit, terms: Terms) -> bool:
        """Whether a running use may take its days; if not, the row says whose they are."""
        try:
            if not claiming.wanted(self.con, permit, terms):
                use.issues.append(Issue(use.line, "", permit.space_refs[0], "use.space_gone", "use.left_out", {}, True))
                return False
            found, number = claiming.meets(self.con, permit, terms)
        except Conflict as error:
            use.issues.append(
                Issue(use.line, "", permit.title or "", error.message, "use.left_out", error.values, True)
            )
            return False
        if found:
            values = claiming.overlap(permit, found, number).values
            told = {name: values[name] for name in ("refs", "space", "day")}
            use.issues.append(Issue(use.line, "", permit.title or "", "use.overlaps", "use.left_out", told, True))
        return not found

    def _say_met(self, use: ListedUse, permit: Permit, terms: Terms) -> None:
        assert terms.starts_on is not None
        assert terms.ends_on is not None
        refs = listed_uses.met(self.con, permit.space_refs[0], terms.starts_on, terms.ends_on, permit.ref)
        if refs:
            values = {"refs": ", ".join(refs), "space": permit.space_refs[0]}
            use.issues.append(Issue(use.line, "", permit.title or "", "use.overlaps_past", "use.both_kept", values))

    def _touch(self, permit: Permit) -> None:
        self.touched.append(permit.ref)
        self.shown.update(permit.space_refs)

    def _change(self, use: ListedUse, ref: str, space_ref: str) -> str:
        """Bring a permit that came with this list before up to what the list says now."""
        permit, before = permits.rows.lock(self.con, ref), permits.one_ruled(self.con, ref).terms
        standing, terms = self._standing(use)
        changed = listed_terms.update(
            permit, before, terms, dict(listed_terms.texts_of(use)), (space_ref,), self._holder(use),
            is_open=bool(use.stretch and use.stretch.is_open), is_past=standing == PAST,
        )  # fmt: skip
        days = bool({"starts_on", "ends_on", "hours"} & set(changed))
        moved = days or "space_refs" in changed
        if moved and permit.status == PermitStatus.HANDED_OVER and standing == PAST:
            listed_terms.end(self.con, self.actor, permit, terms, self.now)
            changed["status"] = [PermitStatus.HANDED_OVER.value, permit.status]
        elif moved and permit.status in (PermitStatus.HANDED_OVER, PermitStatus.APPROVED):
            if not self._is_free(use, permit, terms):
                return "left_behind"
            claiming.take(self.con, permit, terms)
        if days:
            terms = dataclasses.replace(
                before, version=permits.next_version(self.con, ref), proposed_at=self.now,
                proposed_by=self.actor.name, starts_on=terms.starts_on, ends_on=terms.ends_on,
                hours=terms.hours,
            )  # fmt: skip
            permits.add_terms(self.con, terms)
            permit.terms_version = terms.version
        told_after = listed_terms.note_afterlife(self.con, self.actor, use, permit, self.today, self.now)
        if not changed and not told_after:
            return "unchanged"
        permit.revision += 1
        permit.updated_at = self.now
        permits.save(self.con, permit)
        add_event(self.con, self.actor, self.now, "permit", ref, "import", status=permit.status,
                  changes=changed or None, import_ref=self.import_ref)  # fmt: skip
        self._touch(permit)
        return "changed"
