"""A profile laid against the columns that a file really has; what it does not name is guessed, and marked so."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from tempuse.errors import Invalid, Issue
from tempuse.folding import fold, fold_name
from tempuse.io.crosswalk import IGNORED, PROFILES, TARGETS, Column, Crosswalk, shipped
from tempuse.io.crosswalk.restricting import heading_of
from tempuse.io.values.headings import readings, unit_for
from tempuse.spaces import EDITABLE, FIELDS
from tempuse.vocabulary import Ownership

_CLOSE = 88  # of 100; RapidFuzz's ratio, below which a guess is more often wrong than right
# What a list calls the column that says whether a space is vacant, or something else of it.
_STATUS = frozenset({
    "status", "statut", "staat", "toestand", "stan", "stav", "stare", "tila", "estado", "stato", "stavoklis", "busena",
    "allapot", "olek", "situatie", "situation", "belegung", "leegstandsstatus", "κατασταση", "current status",
})  # fmt: skip
_OURS = 10  # fields by their own names in a file that is one of ours
_LONGEST = 200  # letters of a column's name that may mean something


def choose(columns: Sequence[str]) -> str:
    """The profile whose required columns are all there, else ``generic``."""
    present = set(columns)
    for name in PROFILES:
        for required in shipped(name).about.get("required", "").split("\n"):
            if required and set(required.split("|")) <= present:
                return name
    return "generic"


def match(profile: Crosswalk, columns: Sequence[str]) -> Crosswalk:
    """A profile laid against the columns that a file really has.

    Columns that the profile does not know are guessed from their names where the name is plain enough; a
    field is guessed only once.

    Raises:
        Invalid: a column that the profile needs is missing.
    """
    wanted = [set(each.split("|")) for each in profile.about.get("required", "").split("\n") if each]
    if wanted and not any(need <= set(columns) for need in wanted):
        missing = min((sorted(need - set(columns)) for need in wanted), key=lambda names: len(names))
        issues = [Issue.of(name, "", "crosswalk.column_missing", column=name) for name in missing]
        raise Invalid("crosswalk.columns_missing", issues, profile=profile.name, columns=missing)
    known: dict[str, list[Column]] = {}
    for column in profile.columns:
        known.setdefault(fold_name(column.theirs), []).append(column)
    generic = profile.about.get("guess") == "yes"
    if generic:
        for column in _own_names(profile):
            known.setdefault(fold_name(column.theirs), []).append(column)
        for column in _written_names(sum(name in EDITABLE for name in columns) >= _OURS):
            known.setdefault(fold_name(column.theirs), [column])
    found: list[Column] = []
    ignored: list[Column] = []
    for name in columns:
        exact, unit = next(
            ((known[bare], unit) for told, unit in readings(name) if (bare := fold_name(told)) in known), ([], "")
        )
        fields = dict.fromkeys((each.field, each.unit or unit_for(each.field, unit)) for each in exact if each.field)
        found += [Column(name, target, of, generic) for target, of in fields]
        ignored += [Column(name, "", IGNORED) for each in exact if not each.field and each.unit == IGNORED]
    if generic:
        found = _guess(found, columns, known, profile.listed("fillers"))
    order = {column.theirs: i for i, column in reversed(list(enumerate(profile.columns)))}
    found.sort(key=lambda column: order.get(column.theirs, len(order)) if not generic else 0)
    values = {**shipped("generic").values}
    for target, words in profile.values.items():
        values[target] = {**values.get(target, {}), **words}
    about = {key: value for key, value in profile.about.items() if key not in ("guess", "fillers")}
    return Crosswalk(profile.about.get("profile", profile.name), found + ignored, values, about)


@lru_cache(maxsize=1)
def known_names() -> dict[str, str]:
    """Every name of a column that the profiles know, folded, against our field."""
    profiles = [shipped(name) for name in (*PROFILES, "generic")]
    named = [column for profile in profiles for column in profile.columns] + _own_names(shipped("generic"))
    return {fold_name(column.theirs): column.field for column in named if column.field}


def _own_names(profile: Crosswalk) -> list[Column]:
    """A field of which the profile knows no name is taken by its own, and by what people call it."""
    known = {column.field for column in profile.columns}
    asked = ((name, FIELDS[name]) for name in EDITABLE if name in TARGETS - known)
    return [Column(each, name) for name, about in asked if about.get("guessed", True) for each in (name, about["word"])]


@lru_cache(maxsize=2)
def _written_names(is_ours: bool) -> list[Column]:
    """Fields by the names that our own files have for them, whole and short; amounts stand in them in cents.

    In a file that is not ours a column that is called *rules* may hold any. Within what a space lies is told by our
    refs, which mean something in one register alone.
    """
    units = {"cents": "cents", "cm": "cm", "days": "days", "m2": "m2"}
    asked = ((name, FIELDS[name]) for name in EDITABLE if name in TARGETS and name != "within_ref")
    return [
        Column(each, name, units.get(str(about.get("unit")), ""))
        for name, about in asked
        if is_ours or about.get("guessed", True)
        for each in (name, about.get("short", name))
    ]


def by_values(known: Crosswalk, sample: Iterable[Mapping[str, Any]]) -> Crosswalk:
    """The guessed columns of a file once more, by what stands in them.

    A column "Owner" may hold names of people or one of few words, and the two are not to be confused: the words
    decide what is public, the names never are.
    """
    words = {*known.values.get("ownership", {}), *(each.value for each in Ownership)}
    rows = list(sample)
    columns = []
    for column in known.columns:
        if column.guessed and column.field in ("owner_name", "ownership"):
            said = {fold(str(value)) for row in rows if (value := row.get(column.theirs))}
            are_words = bool(said) and sum(each in words for each in said) >= 0.8 * len(said)
            target = "ownership" if are_words else "owner_name" if said else column.field
            if target == column.field or known.column_for(target) is None:
                column = Column(column.theirs, target, column.unit, True)
        columns.append(column)
    if any(column.guessed for column in columns) and known.column_for("occupancy") is None:
        columns += [Column(name, "occupancy", "keep", True) for name in _tells_occupancy(known, rows)[:1]]
    return Crosswalk(known.name, columns, known.values, known.about)


def _tells_occupancy(known: Crosswalk, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns called *status* in which most cells say whether a space is vacant."""
    words, taken = known.values.get("occupancy", {}), {column.theirs for column in known.columns if column.field}
    found = []
    for name in dict.fromkeys(name for row in rows for name in row if name not in taken):
        told = [fold(str(value)) for row in rows if (value := row.get(name))]
        if fold_name(name) in _STATUS and told and sum(each in words for each in told) >= len(told) / 2:
            found.append(name)
    return found


def _guess(
    found: list[Column], columns: Sequence[str], known: dict[str, list[Column]], fillers: Collection[str]
) -> list[Column]:
    """Each field once: the first exact name wins, then the names that come close."""
    taken: set[str] = set()
    once = []
    for column in found:
        if column.field not in taken:
            taken.add(column.field)
            once.append(column)
    done = {column.theirs for column in once}
    for find in (_plainer, _closest):
        for name in columns:
            # What a heading that restricts resembles is never a guess: "restricting" reads those.
            told = [] if name in done or heading_of(name) else readings(name)
            near = ((close, unit) for bare, unit in told if (close := find(fold_name(bare), known, fillers)))
            close, unit = next(near, ("", ""))
            if close and (target := known[close][0].field) not in taken:
                taken.add(target)
                done.add(name)
                once.append(Column(name, target, unit_for(target, unit), True))
    return once


def _plainer(folded: str, known: Collection[str], fillers: Collection[str]) -> str | None:
    """The known name that is left when filling words go and abbreviations are written out."""
    words = [re.sub(r"nr$", "nummer", word) for word in folded.split()]
    bare = " ".join(word for word in words if word not in fillers)
    return next((name for name in (" ".join(words), bare, bare.replace(" ", "")) if name in known), None)


def _closest(folded: str, known: Collection[str], fillers: Collection[str]) -> str | None:
    """The known name that is a letter or two away."""
    if not 5 <= len(folded) <= _LONGEST:
        return None
    best = process.extractOne(folded, list(known), scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return str(best[0]) if best else None
