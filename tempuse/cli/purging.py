"""``tempuse purge``: what permits and needs tell of persons goes when its time is over."""

from __future__ import annotations

import contextlib

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, answer_json, now, print_table, say
from tempuse.registry.needs.purging import due_needs
from tempuse.registry.permits.purging import due_permits
from tempuse.registry.permits.purging_lists import due_lists
from web import create_app
from web.environment import app_settings
from web.letters import forgetting


@click.command()
@click.option("--yes", is_flag=True, help="Do it. Without it, only what would go is shown.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def purge(context: Context, yes: bool, as_json: bool) -> None:
    """Take out, for good, what requests, permits and needs tell of persons when their time is over.

    Refused and withdrawn requests are kept for request_data_days, everything else for permit_data_days after the keys
    of its whole chain came back, needs for need_data_days after they ended (see “tempuse settings”); what the report
    on a list of uses quotes goes with them. Refs, days and areas stay. A worker does the same every night. Older
    backups keep what they hold until they are thrown away.

    \b
    Example:
        tempuse purge
        tempuse purge --yes
    """
    with context.connect() as con:
        due, lists = due_permits(con, SYSTEM, now()), due_lists(con, SYSTEM, now())
        over = due_needs(con, SYSTEM, now())
    about = [{"ref": each.ref, "status": each.status, "ended_at": each.ended_at, "due_at": each.due_at} for each in due]
    if not as_json and over:
        say(f"Needs: {', '.join(over)}")
    if not as_json and due:
        head = ["ref", "status", "ended", "due"]
        print_table(
            head, [[each.ref, each.status, f"{each.ended_at:%Y-%m-%d}", f"{each.due_at:%Y-%m-%d}"] for each in due]
        )
    if not yes:
        if as_json:
            answer_json({"done": False, "permits": about, "lists": lists, "needs": over})
            return
        if lists:
            say(f"Reports on lists of uses: {', '.join(lists)}.")
        any_due = len(due) + len(lists) + len(over)
        say(f"{any_due:,} would be purged. --yes does it, for good." if any_due else "Nothing is due.")
        return
    with contextlib.closing(context.open()) as register, create_app(register, app_settings()).test_request_context():
        done, needs = forgetting.purge()
    people = done.people + needs.people
    if as_json:
        answer_json({
            "done": True, "permits": done.refs, "needs": needs.refs, "people": people, "papers": done.papers,
            "lists": done.lists,
        })  # fmt: skip
    else:
        many = len(done.refs) + len(done.lists) + len(needs.refs)
        said = f"{many:,} purged; {people:,} people forgotten, {done.papers:,} papers removed."
        say(said if many else "Nothing was due.")


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(purge)
