"""Commands for the register as a whole: create, settings, stats."""

from __future__ import annotations

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, answer_json, now, print_table, say
from tempuse.registry import setup
from tempuse.settings import NAMES
from tempuse.store import published, spaces
from tempuse.store.common import get_settings


@click.command()
@click.option("--municipality", default="", help="The municipality's name.")
@click.pass_obj
def create(context: Context, municipality: str) -> None:
    """Make an empty register.

    \b
    Example:
        tempuse create --municipality Rivermouth
    """
    register = context.open(create=True)
    with register.connect() as con:
        setup.create_register(con, SYSTEM, now())
        if municipality:
            setup.change_settings(con, SYSTEM, {"municipality": municipality}, now())
    register.close()
    say(f"A register is at {register.address}.")


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
    return ", ".join(value) if isinstance(value, tuple) else str(value)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def stats(context: Context, as_json: bool) -> None:
    """Count the spaces: by status, kind, occupancy, and what the public sees.

    \b
    Example:
        tempuse stats --json
    """
    with context.connect() as con:
        counts = {name: spaces.tally(con, name) for name in ("status", "kind", "occupancy", "ownership")}
        counts["public"] = {"spaces": published.count(con, "spaces"), "areas": published.count(con, "areas")}
    if as_json:
        answer_json(counts)
        return
    rows = [[name, value, str(number)] for name, values in counts.items() for value, number in sorted(values.items())]
    print_table(["", "", "spaces"], rows, right=(2,))


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for command in (create, settings, stats):
        group.add_command(command)
