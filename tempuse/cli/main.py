"""``tempuse``: the group and its commands."""

from __future__ import annotations

from importlib import import_module

import click

from tempuse import __version__
from tempuse.cli.common import Group
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


# Where each command lives. A module is loaded when one of its commands is asked for: an export by night need not
# load the web and its map (200 MB, a second); --help loads them all.
HOMES = {
    "caring": ("backup", "check", "doctor", "restore", "upgrade"),
    "demo": ("demo",),
    "exporting": ("export",),
    "ground": ("ground",),
    "importing": ("areas", "import"),
    "jobs": ("jobs",),
    "matching": ("match",),
    "needs": ("needs",),
    "moves": ("close", "doubt", "erase", "offer", "reinstate", "release", "retire", "verify", "withhold"),
    "people": ("user",),
    "permit_moves": ("permit",),
    "permits": ("permits",),
    "purging": ("purge",),
    "register": ("create", "settings", "stats"),
    "serving": ("serve", "worker"),
}


class Commands(Group):
    """The commands, each loaded with its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command there is."""
        for module in HOMES:
            self._load(module)
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command by its name."""
        known = [module for module, names in HOMES.items() if cmd_name in names]
        for module in known or HOMES:
            self._load(module)
        return super().get_command(ctx, cmd_name)

    def _load(self, module: str) -> None:
        if not set(HOMES[module]) & set(self.commands):
            import_module(f"tempuse.cli.{module}").add_to(self)


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
