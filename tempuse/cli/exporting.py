"""The command that sends files out: export."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tempuse import exports
from tempuse.cli.collecting import begin_long_work
from tempuse.cli.common import Context, answer_json, now, print_table, say, stderr
from tempuse.errors import Invalid, Issue
from tempuse.io import commas, write
from tempuse.io.write import columns as flat_columns
from tempuse.io.write import profiles, target
from tempuse.io.write.delivery import Delivery
from tempuse.registry.permits.exporting import USE_COLUMNS, use_texts
from tempuse.settings import LANGUAGES
from tempuse.store import listed_permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, reading, spare_memory
from tempuse.store.listed_permits import PermitChoice
from tempuse.vocabulary import AreaKind, Audience, Occupancy, SpaceKind, SpaceStatus, Term
from web import spoken
from web.presenters import imprints, listing

# Instead of a kind of space: permits, with their terms.
_USES = "uses"
_REPORT_COLUMNS = ("ref", "name", "column", "value", "wrong", "done")


@dataclass(slots=True)
class _Job:
    """One export: what, for whom, how, where to; for people in the language ``for_people``, else for programs."""

    context: Context
    con: Connection
    file: Path
    form: write.Format
    audience: Audience
    wanted: exports.Selection
    crs: str
    as_json: bool
    for_people: str = ""

    def language(self) -> str:
        """The language of the file: that of who reads it, else the city's first."""
        return self.for_people or get_settings(self.con).languages[0]

    def imprint(self, audience: Audience) -> write.Imprint:
        """What a file of today says of itself."""
        settings = get_settings(self.con)
        return imprints.imprint(settings, settings.today(now()), self.language(), audience)

    def readable(self) -> write.Readable | None:
        """The table for people, where that is wanted."""
        if not self.for_people:
            return None
        settings = get_settings(self.con)
        return listing.for_people(settings, self.audience, self.for_people, settings.today(now()))

    def tell(self, what: str, number: int, files: Sequence[Path], **more: Any) -> None:
        """Say what was written."""
        if self.as_json:
            names = [str(file) for file in files]
            answer_json({"files": names, "format": self.form.name, "crs": self.crs, what: number, **more})
        else:
            shown = [file for file in files if file.suffix in (".shp", *self.form.suffixes)]
            say(f"Wrote {number:,} {what} to {', '.join(str(file) for file in shown)}.")


def _choices(kind: type[Term]) -> click.Choice[str]:
    return click.Choice([term.value for term in kind])


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--audience", type=_choices(Audience), default="public", show_default=True, help="For whom it is.")
@click.option("--crs", default="", help="The coordinate reference system, like EPSG:31370 (default: EPSG:4326).")
@click.option("--format", "form", default="", help=f"If the suffix does not say it: {', '.join(write.FORMATS)}.")
@click.option(
    "--for-people",
    type=click.Choice(LANGUAGES),
    default=None,
    help="A table to read, in this language: Excel, ODS or CSV with words, amounts and days.",
)
@click.option("--profile", default="", help="A national standard: england-brownfield, cnig-friches, …")
@click.option("--set", "constants", multiple=True, metavar="COLUMN=VALUE", help="State a profile’s value for all rows.")
@click.option(
    "--status", multiple=True, type=_choices(SpaceStatus), help="Only spaces of this status; may be repeated."
)
@click.option(
    "--kind",
    multiple=True,
    type=click.Choice([*(kind.value for kind in SpaceKind), _USES]),
    help="Only buildings, units or plots; or “uses”: who used which space, under which permit, for the office.",
)
@click.option("--occupancy", multiple=True, type=_choices(Occupancy), help="Only spaces so occupied.")
@click.option("--district", "district_ref", multiple=True, help="Only spaces in this district: its name, code or ref.")
@click.option("--source", multiple=True, help="Only spaces that came with this list.")
@click.option("--areas", multiple=True, type=_choices(AreaKind), help="Areas of this kind instead of spaces.")
@click.option("--columns", "show_columns", is_flag=True, help="Show the columns of flat files and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def export(
    context: Context, /, file: Path | None, audience: str, crs: str, form: str, profile: str, constants: Sequence[str],
    areas: Sequence[str], show_columns: bool, as_json: bool, for_people: str | None, **wanted: Sequence[str],
) -> None:  # fmt: skip
    """Write spaces or areas to a file: GeoJSON, GeoPackage, FlatGeobuf, Shapefile, KML, CSV, Excel, ODS.

    The suffix says the format. The public's file holds what the public sees and nothing else; a partner's leaves
    out the owner's contact and the office's notes; the office's holds every field. An older file of the same name
    is replaced when the new one is whole. A register is never overwritten.

    With --profile, rows that lack what the standard demands are left out and listed in FILE-left-out.csv.

    \b
    Example:
        tempuse export public.gpkg --crs EPSG:31370
        tempuse export spaces.xlsx --for-people nl
        tempuse export --kind uses --audience office uses.xlsx
        tempuse export register.csv --profile england-brownfield
    """
    uses = _USES in wanted["kind"]
    if show_columns:
        columns = USE_COLUMNS if uses else flat_columns.space_columns(Audience(audience))
        _show_columns(columns, as_json)
        return
    if uses and (
        audience != Audience.OFFICE
        or profile
        or areas
        or any(given for name, given in wanted.items() if name != "kind")
    ):
        raise click.UsageError("Uses go out as they are, with --audience office and no filter.")
    if file is None:
        raise click.UsageError("Name the file to write, like public.gpkg.")
    target.check_place(file)
    chosen = write.format_for(file, form)
    if for_people:
        if uses or areas or profile:
            raise click.UsageError("A table for people has spaces, and no profile.")
        write.check_for_people(chosen)
    checked = write.crs_for(chosen, crs)
    begin_long_work()
    register = context.open()
    try:
        exports.check_target(register, file)
        with register.connect() as con, _reading_lean(con):
            asked = exports.Selection() if uses else exports.check_wanted(con, wanted)
            job = _Job(context, con, file, chosen, Audience(audience), asked, checked, as_json, for_people or "")
            if uses:
                _write_uses(job)
            elif areas:
                _write_areas(job, [AreaKind(area) for area in areas])
            elif profile:
                _write_profile(job, profile, constants, given_crs=bool(crs))
            else:
                _write_spaces(job)
    finally:
        register.close()


@contextlib.contextmanager
def _reading_lean(con: Connection) -> Iterator[None]:
    spare_memory(con)
    with reading(con):
        yield


def _write_spaces(job: _Job) -> None:
    total = exports.count(job.con, job.audience, job.wanted)
    texts = exports.space_texts(job.con, job.audience, job.wanted)
    with _counted(texts, total) as (batches, done):
        columns = flat_columns.space_columns(job.audience)
        title = get_settings(job.con).site_name
        imprint, readable = job.imprint(job.audience), job.readable()
        legend = listing.legend(job.language())
        content = write.Content(
            batches, columns, crs=job.crs, title=title, imprint=imprint, legend=legend, readable=readable
        )
        files = write.write_file(job.file, job.form, content)
    job.tell("spaces", done(), files, audience=job.audience.value)


def _write_uses(job: _Job) -> None:
    today = get_settings(job.con).today(now())
    total = listed_permits.count(job.con, PermitChoice())
    with _counted(use_texts(job.con, PermitChoice(), today), total) as (batches, done):
        content = write.Content(batches, USE_COLUMNS, _USES, job.crs, _USES, job.imprint(Audience.OFFICE))
        files = write.write_file(job.file, job.form, content)
    job.tell(_USES, done(), files, audience=job.audience.value)


def _write_areas(job: _Job, kinds: list[AreaKind]) -> None:
    with _counted(exports.area_texts(job.con, kinds), None) as (batches, done):
        imprint = job.imprint(Audience.PUBLIC)
        content = write.Content(batches, flat_columns.AREA_COLUMNS, "areas", job.crs, "areas", imprint)
        files = write.write_file(job.file, job.form, content)
    job.tell("areas", done(), files)


def _write_profile(job: _Job, name: str, constants: Sequence[str], *, given_crs: bool) -> None:
    profile = profiles.load(name)
    if job.form.name not in profile.listed("formats"):
        raise Invalid("profile.format", profile=name, formats=", ".join(profile.listed("formats")))
    if given_crs and profile.about.get("crs", job.crs) != job.crs:
        raise Invalid("profile.has_its_crs", profile=name, crs=profile.about["crs"])
    stated = _constants(constants, profile)
    office = job.audience is Audience.OFFICE
    delivery = Delivery(profile, get_settings(job.con), stated, job.crs, office=office)
    chosen = exports.profile_spaces(job.con, job.audience, job.wanted, now())
    with _counted(chosen, exports.count(job.con, job.audience, job.wanted)) as (batches, _):
        delivery.write(job.file, job.form, batches, job.imprint(job.audience))
    report = job.file.with_name(f"{job.file.stem}-left-out.csv")
    _write_report(report, delivery.issues)
    job.tell("rows", delivery.written, [job.file], profile=name, left_out=delivery.left_out, report=str(report))
    if delivery.issues and not job.as_json:
        cells = sum(not issue.grave for issue in delivery.issues)
        say(f"Rows left out: {delivery.left_out:,}; cells emptied or cut: {cells:,}. {report} says which and why.")


def _constants(texts: Sequence[str], profile: profiles.Profile) -> dict[str, str]:
    """COLUMN=VALUE as they were typed."""
    known = {column.name for column in profile.columns}
    found = {}
    for text in texts:
        column, sign, value = text.partition("=")
        if not sign:
            raise Invalid("profile.set", text=text)
        if column.strip() not in known:
            raise Invalid("profile.no_such_column", profile=profile.name, column=column.strip())
        found[column.strip()] = value.strip()
    return found


def _write_report(path: Path, issues: Sequence[Issue]) -> None:
    """What was left out or changed, a line a value; always written, so that an old one never misleads."""
    with target.replacing(path) as made, made.open("w", encoding="utf-8-sig", newline="") as out:
        writer = commas.Writer(out)
        writer.row(_REPORT_COLUMNS)
        for issue in issues:
            sentences = (spoken.in_language(each, issue.values) for each in (issue.message, issue.done))
            writer.row([issue.values["ref"], issue.values["name"], issue.field, issue.value, *sentences])


@contextlib.contextmanager
def _counted(
    batches: Iterable[Sequence[Any]], total: int | None
) -> Iterator[tuple[Iterator[Sequence[Any]], Callable[[], int]]]:
    """The batches, counted as they pass, with a bar on stderr where that is a terminal."""
    columns = (TextColumn("Writing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    seen = 0
    with Progress(*columns, console=stderr, transient=True, disable=not stderr.is_terminal) as bar:
        task = bar.add_task("", total=total)

        def passing() -> Iterator[Sequence[Any]]:
            nonlocal seen
            for batch in batches:
                yield batch
                seen += len(batch)
                bar.update(task, completed=seen)

        yield passing(), lambda: seen


def _show_columns(columns: Sequence[flat_columns.FlatColumn], as_json: bool) -> None:
    short = flat_columns.shortened(columns)
    rows = [[column.name, column.kind, short[column.name]] for column in columns]
    if as_json:
        answer_json([dict(zip(("column", "type", "short"), row, strict=True)) for row in rows])
    else:
        print_table(["column", "type", "in a Shapefile"], rows)


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(export)
