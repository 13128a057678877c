"""The README is held against the code: its tables, its commands, its codes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from tempuse.cli import main
from tempuse.cli.common import EXIT_CODES
from tempuse.publication import PUBLIC_WHEN, SHOWN_FROM
from tempuse.publication.uses import USE_SHOWN_FROM
from tempuse.vocabulary import LocationLevel

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def public_when() -> str:
    owners = list(next(iter(PUBLIC_WHEN.values())))
    lines = [f"| status | {' | '.join(owners)} |", "|---|---|---|"]
    lines += [f"| {status} | {' | '.join(when[owner] for owner in owners)} |" for status, when in PUBLIC_WHEN.items()]
    return "\n".join(lines)


def use_shown_from() -> str:
    lines = ["| shown down to | fields of a use |", "|---|---|"]
    for level in LocationLevel:
        if fields := sorted(name for name, lowest in USE_SHOWN_FROM.items() if lowest is level):
            lines.append(f"| {level.value} | {', '.join(fields)} |")
    return "\n".join(lines)


def shown_from() -> str:
    lines = ["| shown down to | fields |", "|---|---|"]
    for level in LocationLevel:
        fields = sorted(name for name, lowest in SHOWN_FROM.items() if lowest is level)
        if fields:
            said = {"hidden": "hidden (always, when the space is public)"}.get(level.value, level.value)
            lines.append(f"| {said} | {', '.join(fields)} |")
    return "\n".join(lines)


def table_in_readme(name: str) -> str:
    match = re.search(rf"<!-- table: {name} -->\n(.*?)\n?<!-- end -->", README, re.DOTALL)
    assert match, name
    return match[1].strip()


@pytest.mark.parametrize(("name", "made"), [
    ("PUBLIC_WHEN", public_when()), ("SHOWN_FROM", shown_from()), ("USE_SHOWN_FROM", use_shown_from()),
])  # fmt: skip
def test_the_tables_of_publication_are_the_codes_own(name: str, made: str) -> None:
    assert table_in_readme(name) == made


def commands() -> list[str]:
    context = click.Context(main)
    return main.list_commands(context)


def test_every_command_stands_in_the_readme() -> None:
    section = README[README.index("## The command line") : README.index("## Running it for real")]
    words = set(re.findall(r"[a-z]+", " ".join(re.findall(r"`([^`]+)`", section))))
    assert set(commands()) <= words


@pytest.mark.parametrize("name", commands())
def test_every_command_has_help_with_an_example(name: str) -> None:
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command is not None
    own = [command] if not isinstance(command, click.Group) else [
        each for sub in command.list_commands(context) if (each := command.get_command(context, sub))
    ]  # fmt: skip
    for each in own:
        assert each.help, name
        assert "Example:" in each.help, each.name
        assert re.search(rf"tempuse .*{name}", each.help), each.name


def test_every_exit_code_stands_in_the_readme() -> None:
    section = README[README.index("A command ends with") : README.index("## Running it for real")]
    stated = {int(code) for code in re.findall(r"^\| (\d) \|", section, re.MULTILINE)}
    assert stated == {0, 1, 2, *EXIT_CODES.values()}


def test_every_variable_of_the_environment_stands_in_the_readme() -> None:
    used = set()
    for path in [*(ROOT / "tempuse").rglob("*.py"), *(ROOT / "web").rglob("*.py")]:
        used |= set(re.findall(r'"(TEMPUSE_[A-Z]+)"', path.read_text()))
    assert used <= set(re.findall(r"`(TEMPUSE_[A-Z]+)`", README))


def test_ci_calls_the_readmes_own_test_command() -> None:
    lines = [line.strip() for line in README.splitlines() if re.match(r"\s+python3 -m venv .*pytest", line)]
    assert len(lines) == 1
    assert "pytest' README.md" in (ROOT / ".ci" / "run").read_text()


def test_nothing_names_a_machine_or_a_registry() -> None:
    """What is committed holds no path of the machine it was made on, and no registry's address."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    for name in listed:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".json", ".html", ".css", ".js", ".csv", "") and path.is_file():
            text = path.read_text(errors="replace")
            assert "registry.npmjs" not in text or path == Path(__file__), name
            assert "/work/" not in text or path == Path(__file__), name
