"""``tempuse demo``: the invented town Rivermouth, made and served in one go."""

from __future__ import annotations

import socket
import time

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, now, out, say, stderr
from tempuse.cli.serving import serve_register
from tempuse.demo import MOST, OFFICE, OpenedDemo, open_demo, tell_neighbours
from tempuse.people import Person
from tempuse.registry.people import add_person
from tempuse.store import owner_letters, people
from tempuse.store.engine import Register, is_url
from tempuse.vocabulary import Role
from web import create_app
from web.accounts import auth
from web.letters import owners
from web.office.permits import noticing

HOST, FIRST_PORT, PORTS_TRIED = "127.0.0.1", 8765, 50

# The invented office of the demo; both have the one password that was made for it.
PEOPLE = (
    Person.with_role(Role.PLANNER.value, name="Ilse Maes", email="planner@rivermouth.example"),
    Person.with_role(Role.ADMINISTRATOR.value, name="Tomas Reed", email="administrator@rivermouth.example"),
)


@click.command()
@click.argument("folder", required=False)
@click.option(
    "--spaces",
    "total",
    type=click.IntRange(1, MOST),
    metavar="N",
    help="A large invented register of N spaces instead.",
)
@click.option("--fresh", is_flag=True, help="Make it anew; what was changed in the demo is gone.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help=f"Where to serve (default: {FIRST_PORT}, or the next that is free)."
)
@click.option("--no-serve", is_flag=True, help="Make the register and stop.")
@click.pass_obj
def demo(
    context: Context, folder: str | None, total: int | None, fresh: bool, port: int | None, no_serve: bool
) -> None:  # fmt: skip
    """Make a demo register and serve it: an invented town and 25 documented sites.

    FOLDER is where it goes (default: tempuse-demo here). The next time it is found there as you left it.

    \b
    Example:
        tempuse demo
    """
    where = folder or (context.address if is_url(context.address) else "tempuse-demo" + (f"-{total}" if total else ""))
    begun = time.monotonic()
    opened = _open(context, where, total or 0, fresh)
    if opened.is_new and not total:
        _make_links(opened.register)
    say(f"{'Made' if opened.is_new else 'Found'} the demo register {opened.register.address}.")
    if opened.is_new and total:
        seconds = time.monotonic() - begun
        say(f"{total} spaces in {seconds:.0f} seconds, {total / seconds:.0f} a second.")
    if not opened.is_new and (now().date() - opened.made).days > 31:
        say(f"It was made on {opened.made:%Y-%m-%d}. Add --fresh to bring its dates up to today.")
    if no_serve:
        opened.register.close()
        return
    _let_in(opened)

    def ready(address: str) -> None:
        out.print(f"The map:        {address}")
        for person in PEOPLE:
            out.print(f"{f'{Role(person.role).label}:':<15} {person.email}")
        out.print(f"Password:       {opened.password}")
        say("Stop with Ctrl+C.")

    serve_register(context, opened.register, HOST, port or _free_port(), ready=ready)


def _open(context: Context, where: str, total: int, fresh: bool) -> OpenedDemo:
    if not total:
        return open_demo(where, context.home, 0, now(), fresh=fresh)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("Inventing spaces", total=total)
        return open_demo(
            where, context.home, total, now(), fresh=fresh, progress=lambda done: bar.update(task, completed=done)
        )


def _make_links(register: Register) -> None:
    """What the home's key makes, which web alone reads: the address of a notice, and the links in letters to owners."""
    with create_app(register).test_request_context(), register.connect() as con:
        tell_neighbours(con, OFFICE, now(), noticing.secret_of)
        unanswered = owner_letters.unanswered(con)
        con.rollback()
        owners.expect(unanswered)


def _let_in(opened: OpenedDemo) -> None:
    """Give the invented office its people, and them the password."""
    register: Register = opened.register
    with create_app(register).test_request_context(), register.connect() as con:
        for person in PEOPLE:
            held = people.by_email(con, person.email)
            con.rollback()
            held = held or add_person(con, SYSTEM, person, now())
            if not auth.has_password(held):
                auth.set_password(held, opened.password)


def _free_port() -> int:
    """The first port of a few that nobody listens on; any other when all are taken."""
    for port in (*range(FIRST_PORT, FIRST_PORT + PORTS_TRIED), 0):
        with socket.socket() as listener:
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    raise OSError("no free port")


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(demo)
