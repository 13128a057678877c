"""``tempuse jobs``: the imports that were begun, in the office or here, and how far they are."""

from __future__ import annotations

from typing import Any

import click

from tempuse.access import SYSTEM
from tempuse.cli.common import Context, Group, answer_json, print_table, say
from tempuse.errors import NotFound
from tempuse.jobs import Job
from tempuse.registry import jobs as registry
from tempuse.store import jobs as rows
from tempuse.store.engine import Connection
from tempuse.store.job_files import JobFiles

_number = click.argument("number", type=int)


@click.group(cls=Group)
def jobs() -> None:
    """The imports that were begun and not ended, in the office or on the command line.

    \b
    Example:
        tempuse jobs list
    """


@jobs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_obj
def list_jobs(context: Context, as_json: bool) -> None:
    """Show what was begun, whose it is, where it stands and how far it is.

    \b
    Example:
        tempuse jobs list --json
    """
    with context.connect() as con:
        shown = [_about(context, job) for job in reversed(rows.find(con))]
    if as_json:
        answer_json(shown)
        return
    head = ["number", "list", "by", "state", "done", "of"]
    print_table(head, [["" if row[each] is None else str(row[each]) for each in head] for row in shown])


@jobs.command()
@_number
@click.pass_obj
def show(context: Context, number: int) -> None:
    """Show one of them, as a program reads it.

    \b
    Example:
        tempuse jobs show 3
    """
    with context.connect() as con:
        answer_json(_about(context, _find(con, number)))


@jobs.command()
@_number
@click.pass_obj
def cancel(context: Context, number: int) -> None:
    """Stop one and throw its file away. What was brought in stays.

    \b
    Example:
        tempuse jobs cancel 3
    """
    with context.connect() as con:
        job = _find(con, number)
        con.rollback()
        ended = registry.stop_job(con, SYSTEM, context.open().home, job)
    said = "stopped." if ended else "somebody is at it, and was asked to stop."
    say(f"{job.about.file_name}: {said}")


def _find(con: Connection, number: int) -> Job:
    found = [job for job in rows.find(con) if job.id == number]
    if not found:
        raise NotFound("job.not_found", number=number)
    return found[0]


def _about(context: Context, job: Job) -> dict[str, Any]:
    progress = JobFiles(context.open().home, job.key).progress()
    return {
        "number": job.id, "list": job.about.file_name, "by": job.actor, "state": job.state, "begun_at": job.begun_at,
        "moved_at": job.moved_at, "step": progress.get("what"), "done": progress.get("done"),
        "of": progress.get("total"), "problem": job.problem.message if job.problem else None,
    }  # fmt: skip


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(jobs)
