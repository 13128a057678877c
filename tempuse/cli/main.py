"""``tempuse``: the group and its commands."""

from __future__ import annotations

from importlib import import_module

import click

from tempuse import __version__
from tempuse.cli.common import Group
from tempuse.cli.homes import HOMES
from web.environment import context_from_environment

HELP = """The register of vacant spaces for temporary use.

\b
Ends with 0 when all is well, 1 when something went wrong, 2 when the command was not understood,
3 when a thing is missing, 4 when a rule forbids it, 5 when the input does not fit,
6 when the register cannot be used.

\b
Example:
    tempuse create && tempuse import list.xlsx && tempuse serve
"""


class Commands(Group):
    """The commands, each loaded with its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command there is."""
        return sorted(name for names in HOMES.values() for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command by its name."""
        for module, names in HOMES.items():
            if cmd_name in names and cmd_name not in self.commands:
                import_module(f"tempuse.cli.{module}").add_to(self)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every command with its sentence; none is loaded for that."""
        with formatter.section("Commands"):
            formatter.write_dl(sorted(each for names in HOMES.values() for each in names.items()))


@click.group(cls=Commands, help=HELP)
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
