"""``tempuse user``: the people of the office."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, Group, answer_json, now, out, print_table, say
from tempuse.emails import tidy_email
from tempuse.errors import Invalid, NotFound
from tempuse.people import Person
from tempuse.registry import people as registry
from tempuse.store import people
from tempuse.store.engine import Connection
from tempuse.vocabulary import OFFICE_ROLES, Role
from web import create_app, database
from web.accounts import auth
from web.environment import app_settings
from web.letters import delivery, writing

_url = click.option("--url", help="The address of this installation (default: TEMPUSE_URL, or http://127.0.0.1:8000).")
_by_mail = click.option("--mail", "by_mail", is_flag=True, help="Send the link instead of printing it.")
_password = click.option("--password-stdin", is_flag=True, help="Set the password that stands on standard input.")


@click.group(cls=Group)
def user() -> None:
    """The people of the office.

    \b
    Example:
        tempuse user add "Ilse Maes" ilse@example.org --role administrator
    """


@user.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in OFFICE_ROLES]), help="What they are.")
@click.option("--language", default="", help="Of their pages and letters (default: the first of the settings).")
@_url
@_by_mail
@_password
@click.pass_obj
def add(
    context: Context, name: str, email: str, role: str | None, language: str, url: str | None, by_mail: bool,
    password_stdin: bool,
) -> None:  # fmt: skip
    """Take somebody into the office and print their invitation.

    The first person becomes administrator, the others planners, unless --role says otherwise.

    \b
    Example:
        tempuse user add "Ilse Maes" ilse@example.org --url https://spaces.example.org
    """
    password = _read_password() if password_stdin else None
    with _app(context, url) as con:
        first = not people.find_office(con)
        con.rollback()
        chosen = role or (Role.ADMINISTRATOR.value if first else Role.PLANNER.value)
        person = Person.with_role(chosen, name=name, email=email, language=language or _first_language())
        _check_password(password, person)
        invite = by_mail and password is None
        person = registry.add_person(con, SYSTEM, person, database.now(), invite=invite)
        con.rollback()
        say(f"{person.name} is {chosen} now.")
        if invite:
            _say_written(con, person)
        else:
            _let_in(con, person, password, by_mail=False)


@user.command(name="list")
@click.option("--all", "with_ended", is_flag=True, help="Also those who left.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def list_people(context: Context, with_ended: bool, as_json: bool) -> None:
    """Show who works in the office.

    \b
    Example:
        tempuse user list --json
    """
    with _app(context, None) as con:
        found = people.find_office(con, with_ended=with_ended)
        settled = auth.accounts().refs_with_password()
    rows = [
        {
            "ref": person.ref, "name": person.name, "email": person.email, "role": person.role,
            "language": person.language, "state": _state(person, settled), "added_at": person.added_at,
            "ended_at": person.ended_at,
        }
        for person in found
    ]  # fmt: skip
    if as_json:
        answer_json(rows)
        return
    head = ["ref", "name", "email", "role", "state"]
    print_table(head, [[str(row[each]) for each in head] for row in rows])


@user.command()
@click.argument("email")
@_url
@_by_mail
@_password
@click.pass_obj
def reset(context: Context, email: str, url: str | None, by_mail: bool, password_stdin: bool) -> None:
    """Give somebody a link to a new password, or a lost invitation again.

    \b
    Example:
        tempuse user reset ilse@example.org
    """
    password = _read_password() if password_stdin else None
    with _app(context, url) as con:
        person = _find(con, email)
        if person.ended_at:
            raise NotFound("person.no_such_email", email=person.email)
        _check_password(password, person)
        _let_in(con, person, password, by_mail)


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in OFFICE_ROLES]))
@click.option("--name")
@click.option("--new-email", help="Another address.")
@click.option("--language")
@click.pass_obj
def change(context: Context, /, email: str, **given: str | None) -> None:
    """Change somebody's role, name, address or language.

    \b
    Example:
        tempuse user change ilse@example.org --role administrator
    """
    given["email"] = given.pop("new_email")
    with _app(context, None) as con:
        person = _find(con, email)
        changes = {name: value for name, value in given.items() if value is not None}
        person = registry.change_person(con, SYSTEM, person.ref, changes, now())
    say(f"{person.name}, {person.email}: {person.role}.")


@user.command()
@click.argument("email")
@click.pass_obj
def end(context: Context, email: str) -> None:
    """Somebody left: they cannot sign in any more. What they did stays written down.

    \b
    Example:
        tempuse user end ilse@example.org
    """
    with _app(context, None) as con:
        person = registry.end_person(con, SYSTEM, _find(con, email).ref, now())
        auth.forget(person)
    say(f"{person.name} cannot sign in any more.")


@user.command(name="bring-back")
@click.argument("email")
@_url
@_by_mail
@click.pass_obj
def bring_back(context: Context, email: str, url: str | None, by_mail: bool) -> None:
    """Let somebody who left work in the office again, with a new invitation.

    \b
    Example:
        tempuse user bring-back ilse@example.org
    """
    with _app(context, url) as con:
        person = registry.bring_back_person(con, SYSTEM, _find(con, email).ref, now())
        con.rollback()
        _let_in(con, person, None, by_mail)


@contextlib.contextmanager
def _app(context: Context, url: str | None) -> Iterator[Connection]:
    """An idle connection, and the app around it, for passwords and letters."""
    register = context.open()
    try:
        settings = app_settings()
        if url:
            settings["PUBLIC_URL"] = url.rstrip("/")
        register.use_home()
        with register.connect() as con, create_app(register, settings).test_request_context():
            yield con
    finally:
        register.close()


def _let_in(con: Connection, person: Person, password: str | None, by_mail: bool) -> None:
    """Set the password, or give a link: on paper or by mail."""
    if password is not None:
        auth.set_password(person, password)
        say("The password is set.")
        return
    lasts, new = auth.link_lasts(person), not auth.has_password(person)
    if by_mail:
        _say_written(con, registry.send_link(con, SYSTEM, person.ref, database.now(), first=new))
        return
    many = f"{lasts.days} days" if new else f"{round(lasts.total_seconds() / 3600)} hours"
    say(f"With this link {person.name} chooses a password. It works once, for {many}.")
    out.print(auth.link_for(person, writing.base()))


def _say_written(con: Connection, person: Person) -> None:
    """Let a letter go that was written, and say so."""
    delivery.wake_if_told(con)
    say(f"A letter to {person.email} is on its way." if writing.has_server() else
        f"No mail server is set (TEMPUSE_SMTP): the letter is a file in {writing.folder('')}.")  # fmt: skip


def _find(con: Connection, email: str) -> Person:
    person = people.by_email(con, tidy_email(email))
    con.rollback()
    if person is None:
        raise NotFound("person.no_such_email", email=email)
    return person


def _first_language() -> str:
    return str(database.settings().languages[0])


def _read_password() -> str:
    password = sys.stdin.readline().rstrip("\n")
    if not auth.SHORTEST_PASSWORD <= len(password) <= auth.LONGEST_PASSWORD:
        raise Invalid("person.password_length", least=auth.SHORTEST_PASSWORD, most=auth.LONGEST_PASSWORD)
    return password


def _check_password(password: str | None, person: Person) -> None:
    if password is not None and auth.is_easy(password, person):
        raise Invalid("person.password_easy")


def _state(person: Person, settled: set[str]) -> str:
    return "left" if person.ended_at else "here" if person.ref in settled else "invited"


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(user)
