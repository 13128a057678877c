"""Commands that bring files in: import, areas."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tempuse import files
from tempuse.access import SYSTEM
from tempuse.cli.collecting import begin_long_work
from tempuse.cli.common import (
    Context,
    answer_json,
    now,
    out,
    print_table,
    say,
    shown_progress,
    staging_of,
)  # fmt: skip
from tempuse.cli.import_options import how_it_is_read, pairs, what_rows_leave_out
from tempuse.cli.lists import NEEDS, USES, ListAsked, bring_in_list
from tempuse.io.areas import read_areas
from tempuse.io.crosswalk import NOT, PROFILES
from tempuse.io.read import open_source
from tempuse.io.write import target
from tempuse.jobs import ImportJob, Job
from tempuse.registry import jobs
from tempuse.registry.areas import load_areas
from tempuse.registry.ground import known_addresses
from tempuse.registry.importing import merging
from tempuse.registry.importing.opening import ImportRequest, Opened, countries_of, open_import
from tempuse.registry.importing.prepare import Progress, prepare_import
from tempuse.spaces import check_value
from tempuse.store import areas as area_rows
from tempuse.store.engine import Connection
from tempuse.store.import_staging import Staging
from tempuse.vocabulary import AreaKind, SpaceKind
from web import spoken
from web.presenters import import_report

SHOWN_ISSUES = 20
_PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("file", type=_PATH)
@click.option(
    "--as",
    "status",
    type=click.Choice(["reported", "verified", "offered"]),
    default="reported",
    show_default=True,
    help="The status of new spaces.",
)
@click.option("--source", default="", help="The list's name, by which next year's list finds its spaces again.")
@click.option("--profile", default="", help=f"generic, {', '.join(PROFILES)}, or your own CSV.")
@how_it_is_read
@click.option(
    "--kind",
    type=click.Choice([*(kind.value for kind in SpaceKind), USES, NEEDS]),
    help="For rows that do not say what they are; “uses” for a list of who used which space, “needs” for one of "
    "groups that wait for a space.",
)
@click.option("--make-spaces", is_flag=True, help="With --kind uses: register spaces that are not known.")
@click.option(
    "--open-until",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --kind uses: the last day of those that the list leaves open (default: a year from today).",
)
@what_rows_leave_out
@click.option(
    "--retire-missing",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Retire what the list has no more, as of this day.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="COLUMN",
    help="A column that does not say who may see a space, though it seems to; may be repeated.",
)
@click.option(
    "--same-list",
    is_flag=True,
    help="It is the list of this name, though most of its spaces look like others.",
)
@click.option("--every-row", is_flag=True, help="Bring in headings, totals and notes within the list, too.")
@click.option("--dry-run", is_flag=True, help="Compare and report; write nothing.")
@click.option("--report", type=_PATH, help="Write the whole report to this file (.csv or .txt).")
@click.option(
    "--columns",
    type=_PATH,
    help="Write what the columns are taken for to this CSV, to mend it and give it as --profile; import nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def bring_in(
    context: Context, /, file: Path, dry_run: bool, report: Path | None, columns: Path | None, as_json: bool,
    retire_missing: datetime | None, same_list: bool, kind: str | None, ownership: str | None, licence: str | None,
    looked_on: datetime | None, make_spaces: bool, open_until: datetime | None, decimal: str | None, **options: Any,
) -> None:  # fmt: skip
    """Bring in a city's list: any table or map file.

    \b
    Example:
        tempuse import vacant.xlsx --as verified --ownership municipality
        tempuse import --kind uses leases.csv
        tempuse import --kind needs waiting.xlsx --dry-run
    """
    if kind in (USES, NEEDS):
        asked = ListAsked(kind, file, options["source"], options["profile"], make_spaces, open_until, dry_run=dry_run,
                          layer=options["layer"], encoding=options["encoding"], report=report, columns=columns,
                          as_json=as_json)  # fmt: skip
        bring_in_list(context, asked)
        return
    looked = looked_on.date() if looked_on else None
    if looked and looked > now().date():
        raise click.BadParameter("This day is still to come.", param_hint="--looked-on")
    defaults = {"kind": kind, "ownership": ownership, "source_licence": licence, "checked_on": looked}
    defaults = {name: value for name, value in defaults.items() if value and not check_value(name, value)}
    if report is not None:
        target.check_place(report)
    options["address_columns"] = pairs(options["address_columns"])
    sign = {"comma": ",", "dot": "."}.get(decimal or "", "")
    request = ImportRequest(path=file, defaults=defaults, decimal=sign, **options)
    for path in (columns, report):
        if path is not None:
            target.check_writable(path)  # before the work, not after it
    with context.connect() as con, files.scratch(staging_of(context), "import") as scratch:
        request.known_addresses = known_addresses(con, context.open().home)
        opened = open_import(con, request, scratch)
        con.rollback()
        if columns is not None:
            _write(columns, opened.crosswalk_text(), "utf-8-sig")
            say(f"What the columns are taken for is in {columns}.")
            return
        if not as_json:
            _show_columns(opened)
        begin_long_work()
        seconds = {"prepare": -time.monotonic()}
        with shown_progress(_WORK) as bar, _shown(context, con, opened, bar, dry_run) as (job, progress):
            staging = prepare_import(con, SYSTEM, opened, now(), scratch / "staging", progress)
            seconds["prepare"] += time.monotonic()
            # All words are made, and the report lies there, before anything is written: what goes wrong with them
            # must not look as if the import had failed.
            told_of = _told_of(staging, report)
            merged, seconds["merge"] = None, -time.monotonic()
            if job is not None:
                jobs.move_job(con, SYSTEM, job, "merge", now())
                on = retire_missing.date() if retire_missing else None
                merged = merging.merge_import(
                    con, SYSTEM, staging, now(), retire_vanished_on=on, same_list=same_list, progress=progress
                )
            seconds["merge"] += time.monotonic()
        told_of.about["seconds"] = {what: round(each, 2) for what, each in seconds.items()}
        staging.discard()
        _tell(told_of, as_json, merged.ref if merged else None)


def _shown(
    context: Context, con: Connection, opened: Opened, bar: Progress, dry_run: bool
) -> contextlib.AbstractContextManager[tuple[Job | None, Progress]]:
    """The import as a job that the office sees while it runs; a dry run, which writes nothing, is none."""
    if dry_run:
        return contextlib.nullcontext((None, bar))
    about = ImportJob(file_name=opened.request.file_name or opened.request.path.name, source=opened.source)
    return jobs.shown_as_job(con, SYSTEM, context.open().home, about, now, bar)


# What a long import does, as its bar names it.
_WORK = {"rows": "Reading", "duplicates": "Comparing", "merge": "Bringing in"}


def _write(path: Path, content: str, encoding: str) -> None:
    with target.replacing(path) as made:
        made.write_text(content, encoding=encoding, errors="replace")


def _show_columns(opened: Opened) -> None:
    held = {column.theirs: column for column in opened.crosswalk.columns}
    rows = []
    for name in opened.records.source.columns:
        column = held.get(name)
        how = column.field if column and column.field else "kept as it is"
        how += " (contrary)" if column and column.unit == NOT else ""
        how += " (guessed)" if column and column.guessed else ""
        rows.append([name, how])
    how = "the register knows it, its columns are as last time" if opened.is_known else ""
    say(f"Profile {opened.crosswalk.name}; list “{opened.source}”{': ' if how else ''}{how}.")
    for name, how in rows:
        say(f"  {name}  ->  {how}")


@dataclass(slots=True)
class _Told:
    """What there is to tell about an import, in words: its lines and figures, and what else a program asks."""

    lines: list[tuple[str, str, str, str, str]]
    figures: list[list[str]]
    noticed: int
    about: dict[str, Any]
    another: str


def _told_of(staging: Staging, report: Path | None) -> _Told:
    """The words of what was staged; the whole report as a file, where one is asked for."""
    counts, issues, another = staging.get("counts"), staging.issues(), staging.get("another_list")
    if report is not None:
        as_text = report.suffix.lower() != ".csv"
        content = import_report.as_text(counts, issues) if as_text else import_report.as_csv(issues)
        _write(report, content, "utf-8" if as_text else "utf-8-sig")
    return _Told(
        [import_report.line(issue) for issue in issues],
        [[f"{number:,}", label] for label, number in import_report.counted(counts)],
        staging.get("issue_count"),
        {name: staging.get(name) for name in ("source", "profile", "counts", "another_list")},
        spoken.in_language("import.another_list", another) if another else "",
    )


def _tell(told_of: _Told, as_json: bool, merged: str | None) -> None:
    if as_json:
        names = ("row", "column", "value", "wrong", "done")
        said = [dict(zip(names, line, strict=True)) for line in told_of.lines]
        answer_json({"import": merged, **told_of.about, "issues": said})
        return
    print_table(["", ""], told_of.figures, right=(0,))
    if told_of.lines:
        out.print()
        kinds = import_report.together(told_of.lines)
        print_table(list(import_report.HEAD), [list(line) for line in kinds[:SHOWN_ISSUES]], right=(0,))
        if len(kinds) > SHOWN_ISSUES or told_of.noticed > len(told_of.lines):
            say(
                f"{told_of.noticed:,} things were noticed, of {len(kinds):,} kinds; the first {SHOWN_ISSUES} are "
                "shown. --report FILE.csv writes them all."
            )
    if merged is None and told_of.another:
        say(told_of.another)
    say(f"Brought in as {merged}." if merged else "Nothing was written.")


@click.command()
@click.argument("file", type=_PATH, required=False)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in AreaKind]),
    default="district",
    show_default=True,
    help="What the areas are.",
)
@click.option("--name", "name_column", help="The column with their names (otherwise guessed).")
@click.option("--code", "code_column", help="The column with their codes (otherwise guessed).")
@click.option("--layer", help="The layer to read.")
@click.option("--encoding", help="How the letters of the file are written.")
@click.option("--crs", help="What the coordinates are, like EPSG:31370.")
@click.option("--source", help="Where they come from, as the map should say.")
@click.pass_obj
def areas(context: Context, /, file: Path | None, kind: str, **options: Any) -> None:
    """Load districts, the municipality's boundary, water or green; without a file, count them.

    \b
    Example:
        tempuse areas districts.gpkg --kind district --source "City of Ghent, 2025"
    """
    with context.connect() as con, files.scratch(staging_of(context), "areas") as scratch:
        if file is not None:
            layer, encoding = options.pop("layer"), options.pop("encoding")
            here = countries_of(con)
            con.rollback()
            opened = open_source(file, scratch / "file", layer=layer, encoding=encoding, countries=here)
            options["source_name"] = options.pop("source")
            found = read_areas(opened, **options)
            counts = load_areas(con, SYSTEM, AreaKind(kind), found.areas, now())
            for issue in found.issues:
                say(" ".join(part for part in import_report.line(issue) if part))
            said = ", ".join(f"{number} {what}" for what, number in counts.items())
            say(f"{kind}: {said}.")
            return
        print_table(
            ["kind", "areas"], [[each, str(number)] for each, number in area_rows.tally(con).items()], right=(1,)
        )


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for command in (bring_in, areas):
        group.add_command(command)
