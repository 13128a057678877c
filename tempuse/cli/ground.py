"""The command that gives the town its own background."""

from __future__ import annotations

from pathlib import Path

import click

from tempuse.access import SYSTEM
from tempuse.cli.collecting import begin_long_work
from tempuse.cli.common import Context, now, say
from tempuse.errors import NotFound
from tempuse.io.ground.making import make_ground
from tempuse.registry.ground import set_ground, town


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--remove", is_flag=True, help="Take the background away again.")
@click.pass_obj
def ground(context: Context, file: Path | None, remove: bool) -> None:
    """Make the map's streets, buildings and house numbers of an OpenStreetMap extract (.osm.pbf), or take a .pmtiles.

    \b
    Example:
        tempuse ground town.osm.pbf
    """
    if remove == (file is not None):
        raise click.UsageError("Either a file or --remove.")
    if file is not None and not file.is_file():
        raise NotFound("file.missing", name=file.name)
    with context.connect() as con:
        home = context.open().home
        if file is None:
            set_ground(con, SYSTEM, home, None, now())
            say("The map has no ground of its own any more.")
            return
        here = town(con)
        con.rollback()
        begin_long_work()
        made = make_ground(file, town=here)
        set_ground(con, SYSTEM, home, made, now())
    addresses = max(0, made.addresses.count(b"\n") - 1)
    say(f"The map has its ground: {len(made.tiles) / 1e6:,.1f} MB, {addresses:,} addresses. {made.source}")


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(ground)
