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


def test_help_shows_every_command_with_its_own_sentence() -> None:
    context = click.Context(main)
    told = {name: sentence for names in HOMES.values() for name, sentence in names.items()}
    assert main.list_commands(context) == sorted(told)
    for name, sentence in told.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(1000) == sentence
    assert main.get_command(context, "no-such-command") is None


def loaded(code: str, names: tuple[str, ...]) -> str:
    """Which of these modules a process of its own has loaded after some code."""
    code = f"import sys, tempuse.cli; {code}; print('loaded', *(each for each in {names} if each in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.rpartition("loaded")[2].strip()


HEAVY = ("web.app", "folium", "pandas", "pyogrio", "fiona", "openpyxl")


def test_an_export_does_not_load_the_web_the_map_or_gdal() -> None:
    """By night, on a small machine, for a million spaces: what is not needed is not in memory."""
    assert loaded("tempuse.cli.main.get_command(None, 'export')", (*HEAVY, "flask", "psycopg")) == ""


def test_what_a_person_types_first_loads_no_command() -> None:
    code = "tempuse.cli.main(['--help'], 'tempuse', standalone_mode=False)"
    assert loaded(code, (*HEAVY, "flask", "psycopg")) == ""
