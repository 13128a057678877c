"""How a list is to be read, as options of the command that brings it in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tempuse.io.join import ADDRESS_TARGETS
from tempuse.vocabulary import Ownership

_PATH = click.Path(path_type=Path)

_OPTIONS = (
    click.option("--crs", help="What the coordinates are, like EPSG:31370."),
    click.option("--within", help="Where the spaces must lie: a country (BE) or west,south,east,north."),
    click.option(
        "--sheet", "--layer", "layer", help="The sheet or layer to read; “*” for all that are alike, as one list."
    ),
    click.option(
        "--decimal",
        type=click.Choice(["comma", "dot"]),
        help="The sign before decimals, for numbers like 1.250 that could be two.",
    ),
    click.option("--encoding", help="How the letters of a text file are written."),
    click.option("--addresses", type=_PATH, help="A list of addresses with places, to place rows that have none."),
    click.option(
        "--address-column",
        "address_columns",
        multiple=True,
        metavar="FIELD=COLUMN",
        help="What a column of --addresses is: street=STRNAME, house_number, postcode, lon ...; may be repeated.",
    ),
    click.option("--parcels", type=_PATH, help="The cadastre's parcels, to place rows by their parcel."),
    click.option("--parcel-key", default="CAPAKEY", show_default=True, help="The column with the parcel's key."),
    click.option(
        "--ask-geocoder", is_flag=True, help="Ask the city's address service (see settings) for rows without a place."
    ),
)

_LEFT_OUT = (
    click.option(
        "--ownership",
        type=click.Choice([each.value for each in Ownership]),
        help="For rows that do not say who owns them.",
    ),
    click.option(
        "--looked-on",
        metavar="DAY",
        type=click.DateTime(["%Y-%m-%d"]),
        help="When somebody last looked, for new spaces of which the list does not say.",
    ),
    click.option("--licence", help="The licence of the list."),
)


def how_it_is_read(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def what_rows_leave_out(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what counts for rows that do not say it themselves."""
    for option in reversed(_LEFT_OUT):
        command = option(command)
    return command


def pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """``street=STRNAME`` as what it is, and the column."""
    told = [text.partition("=") for text in texts]
    for what, _, column in told:
        if what not in ADDRESS_TARGETS or not column:
            raise click.BadParameter(f"{what}: not one of {', '.join(sorted(ADDRESS_TARGETS))}")
    return {what: column for what, _, column in told}
