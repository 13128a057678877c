"""Job: long work that somebody began, and where it stands. An import is one, from its file to its merge."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from tempuse.lifecycle import Lifecycle, Move
from tempuse.vocabulary import JobState, Permission

IMPORT = "import"
# An import of the command line: its file is not ours, so nobody goes on with it when it was stopped.
COMMAND = "command"
# Work that ends whoever does it so often is not tried any more.
MOST_TRIES = 3


@dataclass(slots=True, kw_only=True)
class ImportJob:
    """What is known of an import that was begun, and what was chosen so far.

    Attributes:
        file_name: as its sender calls the list.
        list: the file's name in the job's folder, or of the folder where several belong together.
        bytes: how much was sent in all.
        source: the name of the list; ``source_guessed`` is the one that nobody chose.
        is_known: the register has a list of this name, and the columns are as they were last time.
        status: what the new spaces are.
        sheet: which sheet or layer was opened, of ``sheets``; ``layer`` is what a person chose; ``alike`` are those
            that may be read as one list.
        addresses: the file's name in the folder; ``addresses_name`` as its sender calls it; the parcels' likewise.
        address_heads: the columns of the list of addresses; ``address_columns`` is what a person said that they are.
        rows: about how many the list has.
        decimal: the sign before decimals that a person said.
        crosswalk: what the columns are taken for, as text; ``guessed`` are those that nobody has confirmed.
        words: what a person explained: column, target, text, and the word of ours.
        opened_as: sheet and encoding before a person chose others.
        every_row: headings, totals and notes within the list are to come in, too.
        by_hand: what a person said of single rows, by their lines: ``spaces``, ``near``, and ``places`` with where.
        same_list: somebody said that it is the list of this name.
        staged: the name of what was read and compared, in the folder.
        retire_on: the day on which what the list has no more ended, where that was asked for.
        ref: the import's, once it was brought in.
    """

    file_name: str = ""
    list: str = ""
    bytes: int = 0
    source: str = ""
    source_guessed: str = ""
    is_known: bool = False
    source_kind: str = ""
    status: str = ""
    ownership: str = ""
    kind: str = ""
    looked_on: str = ""
    agreed_on: str = ""
    location_level: str = ""
    parcel_key: str = ""
    profile: str = ""
    profile_used: str = ""
    licence: str = ""
    layer: str = ""
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    crs: str = ""
    within: str = ""
    encoding: str = ""
    decimal: str = ""
    opened_as: tuple[str, str] | None = None
    ask_geocoder: bool = False
    addresses: str = ""
    addresses_name: str = ""
    address_heads: tuple[str, ...] = ()
    address_columns: dict[str, str] = field(default_factory=dict)
    parcels: str = ""
    parcels_name: str = ""
    rows: int | None = None
    crosswalk: str = ""
    guessed: tuple[str, ...] = ()
    words: tuple[dict[str, str], ...] = ()
    same_list: bool = False
    every_row: bool = False
    by_hand: dict[str, Any] = field(default_factory=dict)
    staged: str = ""
    retire_on: str = ""
    ref: str = ""


@dataclass(slots=True, kw_only=True)
class Problem:
    """Why the last piece of work could not be done: a message, and what was wrong row by row."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Job:
    """One piece of long work.

    Attributes:
        id: its number, by which the command line names it.
        key: its secret name in addresses, and of its folder.
        kind: ``import``, or ``command`` for one that the command line does.
        state: where it stands.
        step: counts the moves; a form says which one it follows.
        person_ref: whose it is; None for the command line's.
        actor: their name.
        begun_at: when it was begun.
        moved_at: when it moved last.
        version: of the program that began it; others cannot read what lies in its folder.
        tries: how often the work of this state was begun.
        about: what is known and was chosen.
        problem: why it could not go on.
    """

    id: int = 0
    key: str
    kind: str = IMPORT
    state: str = JobState.OPENING.value
    step: int = 1
    person_ref: str | None
    actor: str
    begun_at: datetime
    moved_at: datetime
    version: str
    tries: int = 0
    about: ImportJob
    problem: Problem | None = None


# States in which a worker has something to do.
AT_WORK = frozenset({JobState.OPENING.value, JobState.CHECKING.value, JobState.MERGING.value})
_MAY = Permission.SPACE_IMPORT

JOB_LIFECYCLE = Lifecycle("job", tuple(JobState), (
    Move("open", frozenset({JobState.OPENING, JobState.COLUMNS, JobState.CHECKED}), JobState.OPENING, _MAY),
    Move("opened", frozenset({JobState.OPENING}), JobState.COLUMNS, _MAY),
    Move("not_opened", frozenset({JobState.OPENING}), JobState.UNREADABLE, _MAY),
    Move("mend", frozenset({JobState.COLUMNS, JobState.CHECKED}), JobState.COLUMNS, _MAY),
    Move("check", frozenset({JobState.COLUMNS, JobState.CHECKING, JobState.CHECKED, JobState.MERGING}),
         JobState.CHECKING, _MAY),
    Move("checked", frozenset({JobState.CHECKING}), JobState.CHECKED, _MAY),
    Move("not_checked", frozenset({JobState.CHECKING}), JobState.COLUMNS, _MAY),
    Move("merge", frozenset({JobState.CHECKED, JobState.CHECKING}), JobState.MERGING, _MAY),
    Move("merged", frozenset({JobState.MERGING}), JobState.MERGED, _MAY),
    Move("not_merged", frozenset({JobState.MERGING}), JobState.CHECKED, _MAY),
), is_silent=True)  # fmt: skip


def import_job(stored: dict[str, Any] | None) -> ImportJob:
    """What was stored of an import; what this version does not know is left out."""
    known = {each.name for each in fields(ImportJob)}
    values = {name: value for name, value in (stored or {}).items() if name in known}
    for name in ("sheets", "alike", "guessed", "words", "opened_as", "address_heads"):
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    return ImportJob(**values)
