"""The part of a check that looks at permits: what they took against what was decided, signatures against the terms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta

from tempuse.occurrences import minute_of
from tempuse.registry.care.findings import Finding
from tempuse.registry.care.look import Look
from tempuse.registry.permits.claiming import wanted
from tempuse.store import agreements, claims, permit_audit, permits, raw
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.terms import digest

_Stretches = set[tuple[int, int, int, int]]


def check(con: Connection, look: Look) -> Iterator[Finding]:
    """Everything about permits that is not as it should be."""
    for ref, version in permit_audit.without_terms(con):
        yield Finding("check.permit_terms", {"ref": raw.shown(ref), "version": version})
    for ref in permit_audit.wrongly_found(con):
        yield Finding("check.permit_spaces", {"ref": raw.shown(ref)})
    for chain in (permit_audit.chains(con), permit_audit.heads(con)):
        for ref, by in circles(chain):
            yield Finding("check.permit_chain", {"ref": raw.shown(ref), "refs": ", ".join(map(raw.shown, by))})
    for ref, _ in circles(permit_audit.within(con)):
        yield Finding("check.within_circle", {"ref": raw.shown(ref)})
    for ref in permit_audit.claims_of_nobody(con, look.today):
        yield Finding("check.claims_nobody", {"ref": raw.shown(ref)})
    for ref, other, space in permit_audit.claims_that_meet(con):
        yield Finding("check.claims_meet", {"ref": raw.shown(ref), "other": raw.shown(other), "space": space})
    yield from (Finding("check.claims", {"ref": each.permit.ref}) for each, _, _ in _wrongly_taken(con, look))
    yield from _signatures(con)


def circles(leads: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """The things that lead back to themselves, each circle once: its first ref, and the others on the way."""
    found, done = [], set[str]()
    for start in sorted(leads):
        way: list[str] = []
        at: str | None = start
        while at is not None and at not in done and at not in way:
            way.append(at)
            at = leads.get(at)
        if at is not None and at in way:
            circle = way[way.index(at) :]
            found.append((circle[0], circle[1:]))
        done.update(way)
    return found


# ---- what was taken -------------------------------------------------------------------------------------------


class _Should:
    """What a permit should have taken, from tomorrow or from the first day of its terms on."""

    def __init__(self, con: Connection, look: Look) -> None:
        self.con, self.today = con, look.today
        self._next, self._within = permit_audit.begins_of_next(con), permit_audit.Within(con)

    def bounds(self, each: Ruled) -> tuple[int, int | None]:
        """From which minute on it is known, and until which: what goes on from it takes its place."""
        first = minute_of(max(self.today + timedelta(days=1), each.terms.from_on or self.today))
        begins = self._next.get(each.permit.ref)
        return first, None if begins is None else minute_of(begins)

    def claims(self, each: Ruled) -> list[claims.Claim]:
        """The claims themselves."""
        first, end = self.bounds(each)
        asked = wanted(self.con, each.permit, each.terms, first, self._within.closure(each.permit.space_refs))
        return [
            claim if end is None else claim._replace(until_minute=min(claim.until_minute, end))
            for claim in asked if end is None or claim.from_minute < end
        ]  # fmt: skip


def _wrongly_taken(con: Connection, look: Look) -> Iterator[tuple[Ruled, list[claims.Claim], int]]:
    """The permits that took other days than they should: what they should, and from which minute on."""
    known = _Should(con, look)
    for batch in permit_audit.claiming(con, look.today):
        for each, taken in batch:
            should, bounds = known.claims(each), known.bounds(each)
            if not _is_right(each, should, taken, *bounds):
                yield each, should, bounds[0]


def _is_right(
    each: Ruled, should: Collection[claims.Claim], taken: Collection[claims.Claim], first: int, end: int | None
) -> bool:  # fmt: skip
    """Whether a permit took what it should; what came in with a list took what was free, and no more is right."""
    asked, does = _stretches(should, first, end), _stretches(taken, first, end)
    if each.permit.source is None:
        return asked == does
    return all(any(_covers(one, other) for one in asked) for other in does)


def _covers(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[:2] == other[:2] and one[2] <= other[2] and other[3] <= one[3]


def _stretches(these: Iterable[claims.Claim], first: int, end: int | None) -> _Stretches:
    """What some claims take from one minute to another, those that touch joined."""
    joined: list[tuple[int, int, int, int]] = []
    for each in sorted(these, key=lambda claim: (claim.space_id, claim.head_id, claim.from_minute)):
        begins = max(each.from_minute, first)
        ends = each.until_minute if end is None else min(each.until_minute, end)
        if begins >= ends:
            continue
        last = joined[-1] if joined else None
        if last is not None and last[:2] == (each.space_id, each.head_id) and begins <= last[3]:
            joined[-1] = (*last[:3], max(last[3], ends))
        else:
            joined.append((each.space_id, each.head_id, begins, ends))
    return set(joined)


# ---- what was signed ------------------------------------------------------------------------------------------


def _signatures(con: Connection) -> Iterator[Finding]:
    """A signature is on a version of the terms, or on what was decided once."""
    for batch in permit_audit.signed(con):
        for ref in batch:
            permit = permits.get(con, ref)
            known = {digest(each, permit.space_refs, permit.holder_ref) for each in permits.versions_of(con, ref)}
            known |= {each.sha256 for each in agreements.decisions_of(con, ref)}
            for each in agreements.signatures_of(con, ref):
                if each.sha256 not in known:
                    yield Finding("check.signature", {"ref": ref, "party": raw.shown(each.party)})


# ---- what can be made anew ------------------------------------------------------------------------------------


def mend(con: Connection, look: Look) -> int:
    """Take anew what permits ask for, free what nobody has, find permits by their spaces; how many were changed.

    What somebody else has by now is left to a person.
    """
    tomorrow = minute_of(look.today + timedelta(days=1))
    nobody = permit_audit.claims_of_nobody(con, look.today)
    for ref in nobody:
        claims.cut(con, ref, tomorrow)
    wrongly_found = permit_audit.wrongly_found(con)
    for ref in wrongly_found:
        permit_audit.find_anew(con, ref)
    changed = len(nobody) + len(wrongly_found)
    for each, should, first in list(_wrongly_taken(con, look)):
        if should and not claims.rivals(con, should, {each.permit.ref})[0]:
            claims.cut(con, each.permit.ref, first)
            claims.put(con, should)
            changed += 1
    return changed
