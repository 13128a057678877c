"""One command for each move of a space: verify, offer, withhold, retire, and their ways back; and erase."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, answer_json, now, print_table, say
from tempuse.errors import NotFound
from tempuse.registry.erasing import erase_personal
from tempuse.registry.spaces import move_spaces
from tempuse.spaces import SPACE_LIFECYCLE
from tempuse.store import buildings, spaces
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import Occupancy, Ownership, SpaceKind, SpaceStatus
from web import verbs

_SHOWN = 20


def _options(command: Any) -> Any:
    """The options that every move has."""
    for option in reversed((
        click.argument("refs", nargs=-1, metavar="[REF]..."),
        click.option("--status", type=click.Choice([each.value for each in SpaceStatus]), help="Those in this status."),
        click.option("--kind", type=click.Choice([each.value for each in SpaceKind]), help="Those of this kind."),
        click.option("--occupancy", type=click.Choice([each.value for each in Occupancy]), help="Those observed so."),
        click.option("--ownership", type=click.Choice([each.value for each in Ownership]), help="Those owned so."),
        click.option("--district", help="Those in this district (AR-…)."),
        click.option("--source", help="Those from this list."),
        click.option("--note", help="Why; kept in the history."),
        click.option("--yes", is_flag=True, help="Do it without asking."),
        click.option("--dry-run", is_flag=True, help="Only show which."),
        click.option("--json", "as_json", is_flag=True, help="For a program."),
        click.pass_obj,
    )):  # fmt: skip
        command = option(command)
    return command


def _command(name: str) -> click.Command:
    def move(
        context: Context, /, refs: tuple[str, ...], note: str | None, yes: bool, dry_run: bool, as_json: bool,
        on: datetime | None = None, **wanted: str | None,
    ) -> None:  # fmt: skip
        with context.connect() as con:
            chosen, left = _chosen(con, name, refs, wanted)
            day = on.date() if on else get_settings(con).today(now())
            stay = buildings.units_shown(con, chosen) if name == "withhold" else 0
            con.rollback()
            if not as_json:
                _show(con, name, chosen, left)
            if stay and not as_json:
                say(f"{stay:,} unit{'' if stay == 1 else 's'} within stay{'s' if stay == 1 else ''} public.")
            sure = yes or as_json or dry_run or not chosen or click.confirm(f"{name.capitalize()} {len(chosen)}?")
            done = chosen if sure and not dry_run else []
            if done:
                move_spaces(con, SYSTEM, done, name, now(), note=note, retired_on=day if name == "retire" else None)
        if as_json:
            units = {"units_public": stay} if name == "withhold" else {}
            answer_json({"move": name, "refs": chosen, "left": left, "done": bool(done), **units})
        else:
            say(f"{name}: {len(done)} done." if done else "Nothing was changed.")

    example = f"Example:\n    tempuse {name} SP-0117 SP-0118\n    tempuse {name} --source winter --yes"
    move.__doc__ = f"{verbs.verb('space', name).help}\n\n\b\n{example}"
    command = _options(move)
    if name == "retire":
        command = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As of this day (default: today).")(
            command
        )
    return click.command(name)(command)


def _chosen(
    con: Connection, name: str, refs: tuple[str, ...], wanted: dict[str, str | None]
) -> tuple[list[str], list[str]]:  # fmt: skip
    """The spaces that can be moved, and those that were named but cannot."""
    if not refs and not any(wanted.values()):
        raise click.UsageError("Name spaces (SP-…), or say which by a filter.")
    asked = SpaceFilter(
        refs=refs,
        status=_one(wanted["status"]),
        kind=_one(wanted["kind"]),
        occupancy=_one(wanted["occupancy"]),
        ownership=_one(wanted["ownership"]),
        district_ref=wanted["district"],
        source=wanted["source"],
    )
    found = spaces.statuses(con, asked)
    if missing := [ref for ref in refs if ref not in found]:
        raise NotFound("space.not_found", ref=missing[0])
    origins = SPACE_LIFECYCLE.moves[name].origins
    chosen = [ref for ref, status in found.items() if status in origins]
    return chosen, [ref for ref, status in found.items() if status not in origins]


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _show(con: Connection, name: str, chosen: list[str], left: list[str]) -> None:
    """The preview."""
    shown = spaces.find(con, SpaceFilter(refs=tuple(chosen[:_SHOWN]))) if chosen else []
    con.rollback()
    if shown:
        rows = [[space.ref, space.status, space.name or "", space.address or ""] for space in shown]
        print_table(["ref", "status", "name", "address"], rows)
    if len(chosen) > _SHOWN:
        say(f"and {len(chosen) - _SHOWN:,} more")
    if left:
        say(f"{len(left):,} cannot be moved like this ({name}): {', '.join(left[:5])}{' …' if len(left) > 5 else ''}")


@click.command()
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--notes", is_flag=True, help="Also the reasons that people wrote beside what they did.")
@click.option("--kept", is_flag=True, help="Also the values that a list had beside and nobody mapped.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.pass_obj
def erase(context: Context, /, refs: tuple[str, ...], notes: bool, kept: bool, yes: bool) -> None:
    """Erase a person's data from the history of spaces, at that person's request, for good.

    What stands in the facts today stays: take it out there first. Older backups keep it until they are thrown away.

    \b
    Example:
        tempuse erase SP-0117 --notes
    """
    if not yes and not click.confirm(f"Erase for good what the history of {', '.join(refs)} tells of persons?"):
        say("Nothing was changed.")
        return
    with context.connect() as con:
        for ref in refs:
            count = erase_personal(con, SYSTEM, ref, now(), notes=notes, kept=kept)
            say(f"{ref}: erased from {count} {'entry' if count == 1 else 'entries'} of the history.")


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for name in SPACE_LIFECYCLE.moves:
        group.add_command(_command(name))
    group.add_command(erase)
