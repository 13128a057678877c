"""Commands for the register as a whole: create, settings, stats."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict
from datetime import date, datetime

import click

from tempuse import weights
from tempuse.access import SYSTEM
from tempuse.analysis import by_district, frame_of
from tempuse.cli.common import Context, answer_json, now, print_table, say
from tempuse.errors import Unusable
from tempuse.publication import COLLECTIONS
from tempuse.registry import setup
from tempuse.registry.care import making
from tempuse.registry.figures import figures_of
from tempuse.settings import NAMES
from tempuse.store import areas, published, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Register


@click.command()
@click.option("--municipality", default="", help="The municipality's name.")
@click.pass_obj
def create(context: Context, municipality: str) -> None:
    """Make an empty register.

    \b
    Example:
        tempuse create --municipality Rivermouth
    """
    with contextlib.closing(context.open(create=True)) as register:
        with making.new(register), register.connect() as con:
            setup.create_register(con, SYSTEM, now())
            if municipality:
                setup.change_settings(con, SYSTEM, {"municipality": municipality}, now())
        _take_home(register)
    context.share(register)
    say(f"A register is at {register.address}.")


def _take_home(register: Register) -> None:
    """Let a new register belong to its home; beside a database it waits until somebody says where that is."""
    with contextlib.suppress(Unusable):
        register.use_home()
        with register.connect():
            return


@click.command()
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def settings(context: Context, name: str | None, value: str | None, as_json: bool) -> None:
    """Show or change what the city sets.

    \b
    Example:
        tempuse settings municipality Rivermouth
    """
    with context.connect() as con:
        if name and value is not None:
            setup.change_settings(con, SYSTEM, {name: value}, now())
        held = get_settings(con)
        shown = {each: getattr(held, each) for each in NAMES if name in (None, each)}
        if as_json:
            answer_json(shown)
            return
        print_table(["setting", "value"], [[each, _text(of)] for each, of in shown.items()])


def _text(value: object) -> str:
    if isinstance(value, dict):
        return weights.text_of(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@click.command()
@click.option("--districts", is_flag=True, help="By district: how many, how large, for how long empty.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="How it stood on this day: spaces and permits by status, uses that ran, m² in use, requests open.",
)
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def stats(context: Context, districts: bool, as_of: datetime | None, as_json: bool) -> None:
    """Count the spaces: by status, kind, occupancy, and what the public sees; or by district, or as of a past day.

    \b
    Example:
        tempuse stats --districts
        tempuse stats --as-of 2027-01-01 --json
    """
    if districts and as_of:
        raise click.UsageError("Either --districts or --as-of.")
    if as_of:
        _as_of(context, as_of.date(), as_json)
        return
    if districts:
        _by_district(context, as_json)
        return
    with context.connect() as con:
        counts = {name: spaces.tally(con, name) for name in ("status", "kind", "occupancy", "ownership")}
        counts["public"] = {name: published.count(con, name) for name in COLLECTIONS}
    if as_json:
        answer_json(counts)
        return
    rows = [[name, value, str(number)] for name, values in counts.items() for value, number in sorted(values.items())]
    print_table(["", "", "spaces"], rows, right=(2,))


def _as_of(context: Context, day: date, as_json: bool) -> None:
    with context.connect() as con:
        found = figures_of(con, SYSTEM, day)
    if as_json:
        answer_json(asdict(found))
        return
    print_table(["", "", f"{day:%Y-%m-%d}"], [[what, which, f"{number:,}"] for what, which, number in found.rows()],
                right=(2,))  # fmt: skip


def _by_district(context: Context, as_json: bool) -> None:
    with context.connect() as con:
        here = (space for batch in spaces.walk(con) for _, space in batch if space.status != "retired")
        table = by_district(frame_of(here, get_settings(con).today(now())), areas.districts(con))
    plain = table.drop(columns="geometry").reset_index()
    if as_json:
        answer_json(json.loads(plain.to_json(orient="records")))
        return
    rows = [["" if value != value else f"{value:,}" if not isinstance(value, str) else value for value in row]
            for row in plain.itertuples(index=False)]  # fmt: skip
    print_table([name.replace("_", " ") for name in plain.columns], rows, right=tuple(range(2, len(plain.columns))))


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for command in (create, settings, stats):
        group.add_command(command)
