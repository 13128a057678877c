"""``tempuse needs``: what groups look for, and one of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import click

from tempuse.cli.common import Context, Group, answer_json, now, print_table
from tempuse.cli.shown import history_of, print_shown
from tempuse.needs import Need, lapses_on, state_of, wanted_of
from tempuse.registry.permits.exporting import match_told
from tempuse.settings import Settings
from tempuse.store import events, listed_needs, matches, organisations
from tempuse.store import needs as rows
from tempuse.store.common import get_settings
from tempuse.store.listed_needs import NeedChoice
from tempuse.vocabulary import NeedState, NeedStatus, UseCategory
from web import spoken

# What opens a link is nobody's to see.
_SECRET = "confirm_token"


@click.group(cls=Group)
def needs() -> None:
    """Which groups look for a space, and what for.

    A list of groups that wait comes in by “tempuse import --kind needs”; “tempuse match ND-0001” lists what fits one.

    \b
    Example:
        tempuse needs list
    """


@needs.command(name="list")
@click.argument("refs", nargs=-1, metavar="[REF]...")
@click.option(
    "--status",
    multiple=True,
    type=click.Choice([each.value for each in NeedStatus]),
    help="In this status; may be repeated.",
)
@click.option(
    "--state",
    type=click.Choice([each.value for each in NeedState]),
    help="Where it stands today: of those that are open also asked, or lapsed.",
)
@click.option("--use", type=click.Choice([each.value for each in UseCategory]), help="That look for this use.")
@click.option("--group", "initiative_refs", multiple=True, metavar="OR-…", help="Of this organisation.")
@click.option("--source", multiple=True, help="From this list.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def list_needs(
    context: Context, /, state: str | None, use: str | None, as_json: bool, **wanted: tuple[str, ...]
) -> None:
    """Show what groups look for that a filter keeps: where each stands, whose it is, and what it asks.

    \b
    Example:
        tempuse needs list --state waiting --use workshop --json
    """
    with context.connect() as con:
        settings = get_settings(con)
        today = settings.today(now())
        shown: list[dict[str, Any]] = []
        for batch in listed_needs.walk(con, NeedChoice(**wanted)):
            known = organisations.by_refs(con, {need.initiative_ref for need in batch if need.initiative_ref})
            names = {ref: each.name for ref, each in known.items()}
            found = [_row(need, names, settings, today) for need in batch]
            shown += [
                row for row in found
                if (state is None or row["state"] == state) and (use is None or use in row["uses"])
            ]  # fmt: skip
    if as_json:
        answer_json(shown)
        return
    head = ["ref", "state", "looks_since", "group", "title", "question"]
    print_table([each.replace("_", " ") for each in head], [[_said(row[name]) for name in head] for row in shown])


def _row(need: Need, names: dict[str, str], settings: Settings, today: date) -> dict[str, Any]:
    return {
        "ref": need.ref, "status": need.status, "state": state_of(need, settings, today).value, "title": need.title,
        "group_ref": need.initiative_ref, "group": names.get(need.initiative_ref or "") or need.group_name,
        "looks_since": settings.today(need.opened_at) if need.opened_at else None,
        "uses": list(wanted_of(need)[0].uses), "question": need.question, "audience": need.audience,
        "source": need.source,
    }  # fmt: skip


@needs.command()
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="For a program: also what was kept of matches.")
@click.pass_obj
def show(context: Context, ref: str, as_json: bool) -> None:
    """Show one: what is known of it, what of it is not understood, and what happened.

    \b
    Example:
        tempuse needs show ND-0012
    """
    with context.connect() as con:
        need = rows.get(con, ref.upper())
        settings = get_settings(con)
        stands, lapses = state_of(need, settings, settings.today(now())), lapses_on(need, settings)
        group = organisations.find_one(con, need.initiative_ref or "")
        told, kept = events.of(con, need.ref, "need"), matches.of_need(con, need.ref)
    own: dict[str, Any] = {each.name: getattr(need, each.name) for each in fields(Need) if each.name != _SECRET}
    own |= {"state": stands.value, "lapses_on": lapses, "group": group.name if group else need.group_name}
    unclear = [spoken.in_language(each.message, {"value": each.value, **each.values}) for each in wanted_of(need)[1]]
    if as_json:
        answer_json(
            {**own, "unclear": unclear, "matches": [match_told(each) for each in kept], "history": history_of(told)}
        )
        return
    print_shown(own, _said, [["not understood", said] for said in unclear], kept, told)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {each}" for name, each in value.items())
    return "" if value is None else ", ".join(value) if isinstance(value, (list, tuple)) else str(value)


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(needs)
