"""``tempuse import --kind uses`` and ``--kind needs``: lists of who used which space, and of groups that wait."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tempuse import files
from tempuse.access import SYSTEM
from tempuse.cli.collecting import begin_long_work
from tempuse.cli.common import Context, answer_json, now, out, print_table, say, staging_of
from tempuse.io import crosswalk, needs, uses
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tempuse.io.write import target
from tempuse.registry.lists import BroughtIn, SentList
from tempuse.registry.needs.importing import import_needs
from tempuse.registry.permits.importing import UseList, import_uses
from tempuse.store.engine import Connection
from web.presenters import import_report

# What ``--kind`` says of such lists, where it says "building" of one of spaces.
USES, NEEDS = "uses", "needs"
_SHOWN_ISSUES = 20


@dataclass(frozen=True, slots=True)
class ListAsked:
    """What the command was told."""

    kind: str
    file: Path
    source: str
    profile: str
    make_spaces: bool
    open_until: datetime | None
    dry_run: bool
    layer: str | None
    encoding: str | None
    report: Path | None
    columns: Path | None
    as_json: bool


# Takes the rows of an opened list; gives what brings them in.
_Take = Callable[[Connection, SentList], BroughtIn]
_Columns = Callable[[Source, str], Crosswalk]


def _uses(asked: ListAsked, source: Source, known: Crosswalk) -> _Take:
    rows = list(uses.read_uses(source, known))
    until = asked.open_until.date() if asked.open_until else None

    def take(con: Connection, sent: SentList) -> BroughtIn:
        about = UseList(source=sent.source, file_name=sent.file_name, crosswalk=sent.crosswalk,
                        make_spaces=asked.make_spaces, open_until=until)  # fmt: skip
        return import_uses(con, SYSTEM, rows, about, now(), dry_run=asked.dry_run)

    return take


def _needs(asked: ListAsked, source: Source, known: Crosswalk) -> _Take:
    rows = list(needs.read_needs(source, known))
    return lambda con, about: import_needs(con, SYSTEM, rows, about, now(), dry_run=asked.dry_run)


_KINDS: dict[str, tuple[_Columns, Callable[[ListAsked, Source, Crosswalk], _Take]]] = {
    USES: (uses.crosswalk_for, _uses), NEEDS: (needs.crosswalk_for, _needs),
}  # fmt: skip


def bring_in_list(context: Context, asked: ListAsked) -> None:
    """Read the list, bring it in or only look, and say what was noticed."""
    for path in (asked.columns, asked.report):
        if path is not None:
            target.check_place(path)
            target.check_writable(path)
    columns_of, read = _KINDS[asked.kind]
    with context.connect() as con, files.scratch(staging_of(context), asked.kind) as scratch:
        with contextlib.closing(
            open_source(asked.file, scratch / "file", layer=asked.layer, encoding=asked.encoding)
        ) as source:
            known = columns_of(source, asked.profile)
            said = crosswalk.write(known, source.columns)
            if asked.columns is not None:
                _write(asked.columns, said, "utf-8-sig")
                say(f"What the columns are taken for is in {asked.columns}.")
                return
            if not asked.as_json:
                held = {column.theirs: column.field for column in known.columns}
                for name in source.columns:
                    say(f"  {name}  ->  {held.get(name, 'kept as it is')}")
            begin_long_work()
            take = read(asked, source, known)
            noticed = list(source.issues)
        about = SentList(source=asked.source or asked.file.stem, file_name=asked.file.name, crosswalk=said)
        done = take(con, about)
    done.issues = [*noticed, *done.issues]
    _tell(asked, about, done)


def _tell(asked: ListAsked, about: SentList, done: BroughtIn) -> None:
    counts = dict(done.counts)
    if asked.report is not None:
        as_text = asked.report.suffix.lower() != ".csv"
        content = (
            import_report.as_text(counts, done.issues, of=asked.kind) if as_text else import_report.as_csv(done.issues)
        )
        _write(asked.report, content, "utf-8" if as_text else "utf-8-sig")
    lines = [import_report.line(issue) for issue in done.issues]
    if asked.as_json:
        names = ("row", "column", "value", "wrong", "done")
        said = [dict(zip(names, line, strict=True)) for line in lines]
        answer_json({"import": done.ref or None, "source": about.source, "counts": counts, "issues": said})
        return
    print_table(
        ["", ""], [[f"{number:,}", label] for label, number in import_report.counted(counts, of=asked.kind)], right=(0,)
    )
    if lines:
        out.print()
        print_table(list(import_report.HEAD), [list(line) for line in lines[:_SHOWN_ISSUES]], right=(0,))
    if len(lines) > _SHOWN_ISSUES:
        say(f"{len(lines):,} things were noticed; the first {_SHOWN_ISSUES} are shown. --report FILE.csv writes all.")
    say(f"Brought in as {done.ref}." if done.ref else "Nothing was written.")


def _write(path: Path, content: str, encoding: str) -> None:
    with target.replacing(path) as made:
        made.write_text(content, encoding=encoding, errors="replace")
