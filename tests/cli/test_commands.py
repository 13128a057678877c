"""The command line loads a command's module when it is asked for; the table of where each lives is whole."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from tempuse.cli.main import HOMES, main


@pytest.mark.parametrize("module", HOMES)
def test_each_command_stands_where_the_table_says(module: str) -> None:
    group = click.Group()
    import_module(f"tempuse.cli.{module}").add_to(group)
    assert sorted(group.commands) == sorted(HOMES[module])


def test_every_module_of_commands_is_in_the_table() -> None:
    folder = Path(str(import_module("tempuse.cli").__file__)).parent
    found = {path.stem for path in folder.glob("*.py") if "def add_to(" in path.read_text()}
    assert found == set(HOMES)


def test_help_shows_every_command() -> None:
    context = click.Context(main)
    assert set(main.list_commands(context)) == {name for names in HOMES.values() for name in names}
    assert main.get_command(context, "no-such-command") is None


def test_an_export_does_not_load_the_web_the_map_or_gdal() -> None:
    """By night, on a small machine, for a million spaces: what is not needed is not in memory."""
    heavy = ("web.app", "folium", "pandas", "pyogrio", "fiona", "openpyxl")
    code = (
        "import sys, tempuse.cli; tempuse.cli.main.get_command(None, 'export');"
        f"print(*(name for name in {heavy} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
