"""Commands that care for a register: check, doctor, backup, restore, upgrade."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, answer_json, now, say, shown_progress
from tempuse.cli.health import examine
from tempuse.errors import TempuseError
from tempuse.registry import setup
from tempuse.registry.care import backups, checking, mending
from tempuse.store import letters, schema
from tempuse.store.engine import Register
from tempuse.vocabulary import LetterStatus
from web import spoken

_PATH = click.Path(path_type=Path)
_UPGRADED_ALREADY = "The register is of this version already."


@click.command()
@click.option("--mend", is_flag=True, help="Make anew what the public sees, indexes, guards, counters.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def check(ctx: click.Context, mend: bool, as_json: bool) -> None:
    """Hold the register against its own rules; ends with 1 when something is wrong.

    \b
    Example:
        tempuse check
    """
    with contextlib.closing(ctx.obj.open()) as register, register.connect_unchecked() as con:
        schema.check_version(con, register.address)  # what is missing otherwise, the check itself says
        con.rollback()
        if mend:
            changed = mending.mend_register(con, SYSTEM, now())
            say(f"{changed} things were made anew.")
        found = checking.check_register(con, now(), home=register.home)
    if as_json:
        answer_json([{"message": each.message, "grave": each.grave, **each.values} for each in found])
    else:
        for each in found:
            click.echo(spoken.in_language(each.message, each.values))
    if not found:
        say(spoken.in_language("doctor.all_well"))
    elif any(each.grave for each in found):
        ctx.exit(1)


@click.command()
@click.option("--adopt-home", is_flag=True, help="Let the register belong to this TEMPUSE_HOME from now on.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def doctor(ctx: click.Context, adopt_home: bool, as_json: bool) -> None:
    """Say in sentences what is wrong with this installation; ends with 1 when something is.

    \b
    Example:
        tempuse doctor
    """
    if adopt_home:
        with contextlib.closing(ctx.obj.open()) as register, register.connect() as con:
            setup.adopt_home(con, SYSTEM, register.home, now())
            say(f"The home of the register is {register.home} now.")
    found = examine(ctx.obj)
    if as_json:
        answer_json([{"message": each.message, "grave": each.grave, **each.values} for each in found])
    else:
        for each in found:
            click.echo(spoken.in_language(each.message, each.values))
    if all(each.message == "doctor.version" for each in found):
        say(spoken.in_language("doctor.all_well"))
    if any(each.grave for each in found):
        ctx.exit(1)


@click.command()
@click.argument("file", type=_PATH, required=False)
@click.pass_obj
def backup(context: Context, file: Path | None) -> None:
    """Make one archive of everything: register, accounts, attachments, key.

    \b
    Example:
        tempuse backup tempuse-monday.zip
    """
    target = file or Path(f"tempuse-{now():%Y-%m-%d-%H%M%S}.zip")
    with contextlib.closing(context.open()) as register:
        size = backups.backup(register, target, now())
    say(f"A backup is at {target} ({size / 1e6:,.1f} MB). It holds personal data and the secret key: keep it safe.")


@click.command()
@click.argument("file", type=_PATH)
@click.pass_obj
def restore(context: Context, file: Path) -> None:
    """Bring a backup back, into a place where there is no register yet; also from a file into PostgreSQL.

    \b
    Example:
        tempuse --register register.gpkg restore tempuse-monday.zip
    """
    with contextlib.closing(context.open(create=True)) as register:
        made_at: datetime = backups.restore(register, file, now())
        with register.connect() as con:
            held = letters.tally(con).get(LetterStatus.HELD, 0)
    context.share(register)
    say(f"The register of {made_at:%Y-%m-%d %H:%M} UTC is back at {register.address}.")
    if held:
        say(spoken.in_language("doctor.mail_held", {"count": held}))
    aside = backups.letters_aside(register.home)
    if aside:
        say(spoken.in_language("doctor.mail_aside", {"count": len(aside), "path": str(aside[0].parent)}))


@click.command()
@click.pass_obj
def upgrade(context: Context) -> None:
    """Bring the register to this program's version, after a backup.

    \b
    Example:
        tempuse upgrade
    """
    with contextlib.closing(context.open()) as register:
        _upgrade(register)


def _upgrade(register: Register) -> None:
    with register.connect_unchecked() as con:
        waiting = setup.steps_waiting(con, register.address)
        con.rollback()
        if not waiting:
            say(_UPGRADED_ALREADY)
            return
        target = register.home / "backups" / f"before-upgrade-{now():%Y-%m-%d-%H%M%S}.zip"
        try:
            backups.backup(register, target, now(), checked=False)
        except TempuseError:
            say("The backup before the upgrade did not work, so nothing was changed.")
            raise
        say(f"A backup is at {target}.")
        with shown_progress({"published": "Deciding what the public sees"}) as progress:
            steps = setup.upgrade_register(con, SYSTEM, now(), progress)
    register.use_home()
    with register.connect():
        pass  # a register of the first version does not know its home yet
    say(f"Upgraded: {', '.join(steps)}." if steps else _UPGRADED_ALREADY)


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for command in (check, doctor, backup, restore, upgrade):
        group.add_command(command)
