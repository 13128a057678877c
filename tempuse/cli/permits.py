"""``tempuse permits``: which there are, one of them, and the kinds that the city gives."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import click

from tempuse.cli.common import Context, Group, answer_json, now, print_table
from tempuse.cli.shown import history_of, print_shown
from tempuse.permit_kinds import kinds as kinds_of
from tempuse.permit_kinds import said
from tempuse.permits import Permit
from tempuse.registry.permits.exporting import match_told
from tempuse.standing import standing
from tempuse.store import agreements, events, listed_permits, matches, organisations
from tempuse.store import permits as rows
from tempuse.store.common import get_settings
from tempuse.store.listed_permits import PermitChoice
from tempuse.terms import Terms
from tempuse.vocabulary import PermitStatus

# What opens a link is nobody's to see.
_SECRET = "confirm_token"
_STATUSES = click.Choice([each.value for each in PermitStatus])


@click.group(cls=Group)
def permits() -> None:
    """Who uses which space, or asks for it: requests, permits, past uses.

    \b
    Example:
        tempuse permits list
    """


@permits.command(name="list")
@click.argument("refs", nargs=-1, metavar="[REF]...")
@click.option(
    "--status",
    multiple=True,
    type=_STATUSES,
    help="In this status; may be repeated.",
)
@click.option("--kind", multiple=True, help="Of this kind.")
@click.option("--space", "space_refs", multiple=True, metavar="SP-…", help="Asked for this space.")
@click.option("--holder", "holder_refs", multiple=True, metavar="OR-…", help="Of this organisation.")
@click.option("--source", multiple=True, help="From this list.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Whose days hold this one.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def list_permits(context: Context, /, on: datetime | None, as_json: bool, **wanted: tuple[str, ...]) -> None:
    """Show the permits that a filter keeps: where each stands, whose it is, where and when.

    \b
    Example:
        tempuse permits list --status handed_over --on 2027-06-01 --json
    """
    asked = PermitChoice(on=on.date() if on else None, **wanted)
    with context.connect() as con:
        today = get_settings(con).today(now())
        shown: list[dict[str, Any]] = []
        for batch in listed_permits.walk(con, asked):
            known = {permit.holder_ref for permit, _ in batch if permit.holder_ref}
            names = {ref: each.name for ref, each in organisations.by_refs(con, known).items()}
            shown += [_row(permit, terms, names, today) for permit, terms in batch]
    if as_json:
        answer_json(shown)
        return
    head = ["ref", "status", "state", "starts_on", "ends_on", "space_refs", "holder", "title"]
    print_table([each.replace("_", " ") for each in head], [[_text(row[name]) for name in head] for row in shown])


def _row(permit: Permit, terms: Terms, names: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "ref": permit.ref, "status": permit.status, "state": standing(permit, terms, today).state,
        "title": permit.title, "holder_ref": permit.holder_ref,
        "holder": names.get(permit.holder_ref or "") or permit.holder_name, "space_refs": list(permit.space_refs),
        "starts_on": terms.starts_on, "ends_on": permit.ended_on or terms.ends_on,
    }  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else ", ".join(value) if isinstance(value, list) else str(value)


@permits.command()
@click.argument("ref")
@click.option(
    "--json", "as_json", is_flag=True, help="For a program: also the terms, decisions, signatures and how it fitted."
)
@click.pass_obj
def show(context: Context, ref: str, as_json: bool) -> None:
    """Show one: what is known of it, its terms, and what happened.

    \b
    Example:
        tempuse permits show PM-0012
    """
    with context.connect() as con:
        permit, terms = rows.one_ruled(con, ref)
        today = get_settings(con).today(now())
        stands = standing(permit, terms, today)
        told, fitted = events.of(con, ref, "permit"), matches.of_permit(con, ref)
        beside = {
            "terms": [asdict(each) for each in rows.versions_of(con, ref)],
            "assents": [asdict(each) for each in agreements.assents_of(con, ref)],
            "decisions": [asdict(each) for each in agreements.decisions_of(con, ref)],
            "signatures": [asdict(each) for each in agreements.signatures_of(con, ref)],
            "handovers": [asdict(each) for each in agreements.handovers_of(con, ref)],
            "afterlife": asdict(after) if (after := agreements.afterlife_of(con, ref)) else None,
            "matches": [match_told(each) for each in fitted],
        }
    own = {each.name: getattr(permit, each.name) for each in fields(Permit) if each.name != _SECRET}
    if as_json:
        answer_json({**own, "standing": asdict(stands), **beside, "history": history_of(told)})
        return
    own["state"] = stands.state
    own |= {
        each.name: getattr(terms, each.name) for each in fields(Terms) if each.name not in ("permit_ref", "version")
    }
    print_shown(own, _said, [], fitted, told)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, tuple):
        return ", ".join(each if isinstance(each, str) else str(listed_permits.plain(each)) if hasattr(
            each, "__dataclass_fields__") else str(each) for each in value)  # fmt: skip
    return str(value)


@permits.command()
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def kinds(context: Context, as_json: bool) -> None:
    """Show the kinds of permits that the city gives, as its settings have them.

    \b
    Example:
        tempuse permits kinds
    """
    with context.connect() as con:
        settings = get_settings(con)
    found = kinds_of(settings.permit_kinds)
    if as_json:
        answer_json([asdict(each) for each in found])
        return
    print_table(
        ["name", "title", "offered", "asks", "departments", "decided within days"],
        [[each.name, said(each.title, settings.languages[0]), "yes" if each.is_offered else "no", ", ".join(each.asks),
          ", ".join(each.departments), str(each.decision_days)] for each in found],
    )  # fmt: skip


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(permits)
