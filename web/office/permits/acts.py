"""What may be done with a permit, drawn from its lifecycle and from who may: the buttons of its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from tempuse.access import Actor, is_allowed
from tempuse.permits import CLAIMING, ENDED, OPEN, PERMIT_LIFECYCLE, Permit
from tempuse.store.permits import Ruled
from tempuse.vocabulary import Permission, PermitStatus
from web import database, verbs

_S = PermitStatus
_DECIDE, _REQUEST = Permission.PERMIT_DECIDE, Permission.PERMIT_REQUEST


@dataclass(frozen=True, slots=True)
class ActContext:
    """What the buttons depend on beside the status."""

    newest: int
    needs_word: bool
    goes_on: bool = False
    has_head: bool = False


@dataclass(frozen=True, slots=True)
class PermitAct:
    """One thing that is done with a permit.

    Attributes:
        name: a move of the lifecycle, or another verb of permits.
        permission: who may.
        statuses: where it may stand.
        words: what one presses, where that is more than the verb's own.
        press: it is done by one press; otherwise a page asks what it needs.
        when: what else must be so.
    """

    name: str
    permission: Permission
    statuses: tuple[str, ...]
    words: LazyString | str = ""
    press: bool = False
    when: Callable[[Ruled, ActContext], bool] = lambda each, standing: True


def _move(name: str, words: LazyString | str = "", *, press: bool = False) -> PermitAct:
    move = PERMIT_LIFECYCLE.moves[name]
    return PermitAct(name, move.permission, tuple(sorted(move.origins)), words, press)


ACTS = (
    PermitAct("on_paper", _DECIDE, (_S.DRAFT.value,), lazy_gettext("The group agreed on paper"), True),
    _move("approve"),
    _move("refuse"),
    _move("take_up", press=True),
    _move("ask"),
    PermitAct("checks", _DECIDE, (*OPEN, *CLAIMING), lazy_gettext("Ask departments")),
    PermitAct("notice", _DECIDE, (*OPEN, *CLAIMING), lazy_gettext("Tell the neighbours")),
    _move("sign", lazy_gettext("Write down the signatures")),
    _move("hand_over"),
    _move("hand_back"),
    PermitAct("afterlife", Permission.PERMIT_HAND_OVER, ENDED),
    PermitAct("edit", _REQUEST, (*OPEN, _S.DRAFT.value)),
    PermitAct("name_grantor", _DECIDE, (*OPEN, *CLAIMING), when=lambda each, at: at.needs_word),
    PermitAct(
        "ask_grantor", _DECIDE, (*OPEN, *CLAIMING), press=True,
        when=lambda each, at: at.needs_word and bool(each.permit.grantor_ref),
    ),
    PermitAct(
        "assent", Permission.PERMIT_ASSENT, (*OPEN, *CLAIMING), when=lambda each, at: at.needs_word
    ),
    PermitAct("propose_terms", _DECIDE, (*OPEN, *CLAIMING)),
    PermitAct(
        "adopt", _DECIDE, CLAIMING, press=True, when=lambda each, at: at.newest != each.permit.terms_version
    ),
    PermitAct(
        "sign_again", Permission.PERMIT_SIGN, CLAIMING, lazy_gettext("Write down the signatures on the new terms"),
        when=lambda each, at: at.newest != each.permit.terms_version,
    ),
    _move("end_early"),
    PermitAct(
        "hand_to_head", _DECIDE, OPEN, lazy_gettext("Give it to whoever holds the space"),
        when=lambda each, at: at.has_head,
    ),
    PermitAct(
        "renew", _REQUEST, (_S.SIGNED.value, _S.HANDED_OVER.value), lazy_gettext("Go on after the end"),
        when=lambda each, at: not at.goes_on,
    ),
    PermitAct(
        "transfer", _REQUEST, (_S.SIGNED.value, _S.HANDED_OVER.value), lazy_gettext("Another group takes over"),
        when=lambda each, at: not at.goes_on,
    ),
    PermitAct("assign", _DECIDE, (*OPEN, *CLAIMING)),
    PermitAct(
        "remind", _DECIDE, (_S.DRAFT.value, _S.INFORMATION_REQUESTED.value, *CLAIMING), press=True
    ),
    _move("reconsider"),
    _move("revoke"),
    _move("withdraw", lazy_gettext("The group takes it back")),
    _move("call_off", lazy_gettext("The group calls it off")),
)  # fmt: skip
# Which comes next where nothing else is known.
_USUAL = {
    _S.DRAFT.value: "on_paper", _S.SUBMITTED.value: "approve", _S.UNDER_REVIEW.value: "approve",
    _S.APPROVED.value: "sign", _S.SIGNED.value: "hand_over", _S.HANDED_OVER.value: "hand_back",
    _S.HANDED_BACK.value: "afterlife",
}  # fmt: skip
# Those that end something stand apart from those that lead on.
_ENDING = frozenset({"end_early", "reconsider", "revoke", "withdraw", "call_off", "refuse"})


@dataclass(frozen=True, slots=True)
class ActButton:
    """A button, or a link to the page of an act; ``usual`` is filled, ``more`` lies in the fold below."""

    name: str
    words: str
    href: str
    press: bool
    usual: bool
    more: bool


def may(actor: Actor, permission: Permission, permit: Permit) -> bool:
    """Whether somebody may do this with this permit; their own request they decide where the city allows it."""
    if is_allowed(actor, permission, permit):
        return True
    lifted = database.settings().own_requests == "allowed"
    return lifted and permission in (_DECIDE, Permission.PERMIT_REVOKE) and is_allowed(actor, permission)


def buttons(actor: Actor, each: Ruled, standing: ActContext) -> list[ActButton]:
    """Everything that this person may do with a permit now, what is usual first."""
    usual = _USUAL.get(each.permit.status, "")
    found = [
        ActButton(
            act.name, str(act.words) or verbs.button("permit", act.name),
            url_for(f"office.permit_{act.name}", ref=each.permit.ref), act.press, act.name == usual,
            act.name not in (usual, "refuse", "take_up"),
        )
        for act in ACTS
        if each.permit.status in act.statuses and act.when(each, standing) and may(actor, act.permission, each.permit)
    ]  # fmt: skip
    return sorted(found, key=lambda button: (not button.usual, button.more, button.name in _ENDING))
