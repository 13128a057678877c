"""``tempuse permit MOVE REF…``: one command for each move of a permit, as the office makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from tempuse.access import SYSTEM
from tempuse.agreements import Handover, Signature
from tempuse.cli.common import EXIT_CODES, Context, Group, answer_json, now, say
from tempuse.errors import TempuseError
from tempuse.permits import Permit
from tempuse.registry.permits.agreeing import adopt_terms
from tempuse.registry.permits.confirming import submit_on_paper
from tempuse.registry.permits.deciding import (
    approve_permit,
    reconsider_permit,
    refuse_request,
    revoke_permit,
    take_up_request,
)
from tempuse.registry.permits.signing import sign_permit
from tempuse.registry.permits.using import end_early, hand_back, hand_over
from tempuse.registry.permits.withdrawing import call_off_permit, withdraw_request
from tempuse.store import permits
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection
from tempuse.terms import digest
from tempuse.vocabulary import EarlyEnd, Party, SignedHow
from web import spoken

# Given a connection, a ref, the instant and what was told: makes the move.
Act = Callable[[Connection, str, datetime, dict[str, Any]], Permit]

_BECAUSE = click.option("--because", required=True, help="Why; the group reads it.")
_ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="On this day (default: today).")
_HOWS = click.Choice([each.value for each in EarlyEnd])
_NOTE = click.option("--note", help="What is kept beside it in the history.")


def _handover(told: dict[str, Any]) -> Handover:
    keys = ({"label": told["keys"], "count": 1},) if told.get("keys") else ()
    return Handover(on=told["on"], keys=keys, condition_text=told.get("condition"))


def _sign(con: Connection, ref: str, at: datetime, told: dict[str, Any]) -> Permit:
    """Both signatures on paper, under the newest terms."""
    permit, newest = permits.get(con, ref), permits.newest_terms(con, ref)
    con.rollback()
    signatures = [
        Signature(party=party.value, name=told[party.value], how=SignedHow.PAPER.value, signed_on=told["on"])
        for party in Party if told[party.value]
    ]  # fmt: skip
    return sign_permit(
        con, SYSTEM, ref, at, signatures, sha256=digest(newest, permit.space_refs, permit.holder_ref)
    )  # fmt: skip


def _adopt(con: Connection, ref: str, at: datetime, told: dict[str, Any]) -> Permit:
    newest = permits.newest_terms(con, ref).version
    con.rollback()
    return adopt_terms(con, SYSTEM, ref, at, version=newest)


@dataclass(frozen=True, slots=True)
class _Move:
    """A move: what it is, its options beside the refs, an example of them, and what makes it."""

    help: str
    act: Act
    options: tuple[Any, ...] = ()
    example: str = ""


_MOVES: dict[str, _Move] = {
    "submit": _Move(
        "Send in what the office filled in for a group, whose yes it has on paper.",
        lambda con, ref, at, told: submit_on_paper(con, SYSTEM, ref, at, note=told["note"]), (_NOTE,),
    ),
    "take_up": _Move(
        "Begin to look at requests.", lambda con, ref, at, _: take_up_request(con, SYSTEM, ref, at),
    ),
    "approve": _Move(
        "Approve requests: their days are taken.",
        lambda con, ref, at, told: approve_permit(
            con, SYSTEM, ref, at, note=told["note"], agreed_by=told["agreed_by"]
        ),
        (click.option("--note", help="What the group reads beside it."),
         click.option("--agreed-by", metavar="WHO", help="Who agreed for a private owner by letter.")),
    ),
    "refuse": _Move(
        "Say no to requests, with a reason.",
        lambda con, ref, at, told: refuse_request(con, SYSTEM, ref, at, told["because"]), (_BECAUSE,),
        '--because "The roof is being mended."',
    ),
    "withdraw": _Move(
        "Take requests back, as their group asked.",
        lambda con, ref, at, told: withdraw_request(con, SYSTEM, ref, at, note=told["note"]), (_NOTE,),
    ),
    "reconsider": _Move(
        "Look anew at what was refused or approved.",
        lambda con, ref, at, told: reconsider_permit(con, SYSTEM, ref, at, told["because"]), (_BECAUSE,),
        '--because "They objected."',
    ),
    "sign": _Move(
        "Note signatures on paper under the newest terms.", _sign,
        (click.option("--holder", metavar="NAME", help="Who signed for the group."),
         click.option("--grantor", metavar="NAME", help="Who signed for the grantor."), _ON),
        '--holder "Ada Peeters" --grantor "The mayor"',
    ),
    "call_off": _Move(
        "Give up what was approved, as its group asked, before the keys.",
        lambda con, ref, at, told: call_off_permit(con, SYSTEM, ref, at, told["because"]), (_BECAUSE,),
        '--because "They found another place."',
    ),
    "revoke": _Move(
        "Take approvals back before the keys changed hands.",
        lambda con, ref, at, told: revoke_permit(con, SYSTEM, ref, at, told["because"]), (_BECAUSE,),
        '--because "The roof leaks."',
    ),
    "hand_over": _Move(
        "Note that the keys were given.",
        lambda con, ref, at, told: hand_over(con, SYSTEM, ref, at, _handover(told)),
        (_ON, click.option("--keys", help="Which keys."), click.option("--condition", help="How it was found.")),
        '--on 2027-05-01 --keys "front door"',
    ),
    "adopt": _Move("Let the newest terms rule.", _adopt),
    "end_early": _Move(
        "Let running permits end before their last day.",
        lambda con, ref, at, told: end_early(
            con, SYSTEM, ref, at, ended_on=told["on"], ended_how=told["how"], because=told["because"]
        ),
        (click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="The last day."),
         click.option("--how", required=True, type=_HOWS, help="How it comes to end."), _BECAUSE),
        '--on 2027-09-30 --how agreed --because "The works begin."',
    ),
    "hand_back": _Move(
        "Note that the keys came back: the spaces are free from the day after.",
        lambda con, ref, at, told: hand_back(con, SYSTEM, ref, at, _handover(told)),
        (_ON, click.option("--condition", help="How it was found.")), "--on 2027-06-30",
    ),
}  # fmt: skip


@click.group(cls=Group)
def permit() -> None:
    """Make a move of permits: each by itself; what a rule forbids is said, and the others go on.

    \b
    Example:
        tempuse permit approve PM-0012 PM-0013
    """


def _command(name: str, move: _Move) -> click.Command:
    @click.pass_context
    def run(ctx: click.Context, /, refs: tuple[str, ...], as_json: bool, **told: Any) -> None:
        context: Context = ctx.obj
        if move.act is _sign and not (told["holder"] or told["grantor"]):
            raise click.UsageError("Say who signed: --holder NAME, --grantor NAME.")
        at, done, code = now(), list[dict[str, Any]](), 0
        with context.connect() as con:
            told["on"] = _day(told.get("on"), get_settings(con).today(at))
            con.rollback()
            for ref in dict.fromkeys(refs):
                try:
                    moved = move.act(con, ref, at, told)
                except TempuseError as error:
                    con.rollback()
                    said = spoken.error_in_english(error)
                    done.append({"ref": ref, "done": False, "message": error.message, "said": said})
                    code = code or next((each for kind, each in EXIT_CODES.items() if isinstance(error, kind)), 1)
                    if not as_json:
                        say(said if ref in said else f"{ref}: {said}")
                else:
                    done.append({"ref": ref, "done": True, "status": moved.status})
                    if not as_json:
                        say(f"{ref}: {name} done; it is {moved.status} now.")
        if as_json:
            answer_json(done)
        ctx.exit(code)

    run.__doc__ = f"{move.help}\n\n\b\nExample:\n    tempuse permit {name} PM-0012 {move.example}".rstrip()
    command: Any = run
    for option in reversed((
        click.argument("refs", nargs=-1, required=True, metavar="REF..."), *move.options,
        click.option("--json", "as_json", is_flag=True, help="For a program."),
    )):  # fmt: skip
        command = option(command)
    return click.command(name)(command)


def _day(told: datetime | None, today: date) -> date:
    return told.date() if told else today


for _name, _each in _MOVES.items():
    permit.add_command(_command(_name, _each))


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(permit)
