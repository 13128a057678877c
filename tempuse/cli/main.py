"""``tempuse``: the group and its commands."""

from __future__ import annotations

import click

from tempuse import __version__
from tempuse.cli import caring, exporting, importing, moves, register
from tempuse.cli.common import Group, context_from_environment

HELP = """The register of vacant spaces for temporary use.

\b
Ends with 0 when all is well, 1 when something went wrong, 2 when the command was not understood,
3 when a thing is missing, 4 when a rule forbids it, 5 when the input does not fit,
6 when the register cannot be used.

\b
Example:
    tempuse create && tempuse import list.xlsx && tempuse serve
"""


@click.group(cls=Group, help=HELP)
@click.option(
    "--register",
    "address",
    metavar="PATH-or-URL",
    help="The register (default: TEMPUSE_REGISTER, or register.gpkg here).",
)
@click.version_option(__version__)
@click.pass_context
def main(ctx: click.Context, address: str | None) -> None:
    """Keep in the context what every command needs."""
    ctx.obj = context_from_environment(address)


for module in (caring, exporting, importing, moves, register):
    module.add_to(main)
