"""Who may do what: a table from Permission to alternatives of predicates, readable aloud.

``[[is_administrator], [is_planner]]`` is "an administrator, or a planner"; ``[[is_signed_in, is_holder]]`` would be
"who is signed in and holds it". ``[[anybody]]`` is everybody; ``[]``, and a permission without a row, is nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from tempuse.errors import NotAllowed
from tempuse.vocabulary import PARTS, Permission, Role


class Over(NamedTuple):
    """The named thing that a membership is over: one space, one organisation, one department."""

    noun: str
    ref: str


@dataclass(frozen=True, slots=True)
class Membership:
    """What somebody is: in the whole register, or over one named thing only.

    Attributes:
        role: a value of ``Role``; one that this program does not know is kept and allows nothing.
        over: the thing, None for the whole register.
    """

    role: str
    over: Over | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with memberships, the public, or the program itself.

    Attributes:
        name: as written into events ("Ilse Maes", "the public", "command line").
        memberships: what this actor is.
        person_ref: the person's ref, None for the public and the program.
    """

    name: str
    memberships: frozenset[Membership] = frozenset()
    person_ref: str | None = None

    def has(self, role: str, over: Over | None = None) -> bool:
        """Whether this actor has a role in the whole register or, where a thing is named, at least over that."""
        return any(each.role == role and each.over in (None, over) for each in self.memberships)


# The program on the register's own machine: whoever may read the file may administer it.
SYSTEM = Actor("command line", frozenset({Membership(Role.ADMINISTRATOR.value)}))
PUBLIC = Actor("the public")

# Whether an actor stands so towards a thing: a record, or None where a permission is asked for none in particular.
Predicate = Callable[[Actor, Any], bool]


def anybody(actor: Actor, thing: Any) -> bool:
    """Everybody, signed in or not."""
    return True


def is_signed_in(actor: Actor, thing: Any) -> bool:
    """A person whom the register knows, and who has not left."""
    return actor.person_ref is not None


def is_administrator(actor: Actor, thing: Any) -> bool:
    """An administrator of the whole register."""
    return actor.has(Role.ADMINISTRATOR)


def is_planner(actor: Actor, thing: Any) -> bool:
    """A planner of the whole register."""
    return actor.has(Role.PLANNER)


def is_auditor(actor: Actor, thing: Any) -> bool:
    """An auditor of the whole register, who reads and changes nothing."""
    return actor.has(Role.AUDITOR)


# ---- how somebody stands towards one thing; towards none in particular nobody does ---------------------------


def _is_over(actor: Actor, role: Role, noun: str, ref: Any) -> bool:
    return bool(ref) and actor.person_ref is not None and actor.has(role, Over(noun, str(ref)))


def _is_of(actor: Actor, ref: Any) -> bool:
    return any(_is_over(actor, part, "organisation", ref) for part in PARTS)


def is_of_it(actor: Actor, thing: Any) -> bool:
    """Whoever has a part in this organisation."""
    return _is_of(actor, getattr(thing, "ref", None))


def is_contact_of_it(actor: Actor, thing: Any) -> bool:
    """A contact of this organisation."""
    return _is_over(actor, Role.CONTACT, "organisation", getattr(thing, "ref", None))


def is_of_holder(actor: Actor, thing: Any) -> bool:
    """Whoever has a part in the organisation that holds it, or asks for it."""
    return _is_of(actor, getattr(thing, "holder_ref", None))


def is_contact_of_holder(actor: Actor, thing: Any) -> bool:
    """A contact of the organisation that holds it, or asks for it."""
    return _is_over(actor, Role.CONTACT, "organisation", getattr(thing, "holder_ref", None))


def is_signatory_of_holder(actor: Actor, thing: Any) -> bool:
    """A signatory of the organisation that holds it, or asks for it."""
    return _is_over(actor, Role.SIGNATORY, "organisation", getattr(thing, "holder_ref", None))


def is_of_grantor(actor: Actor, thing: Any) -> bool:
    """Whoever has a part in the organisation that grants it."""
    return _is_of(actor, getattr(thing, "grantor_ref", None))


def is_contact_of_grantor(actor: Actor, thing: Any) -> bool:
    """A contact of the organisation that grants it."""
    return _is_over(actor, Role.CONTACT, "organisation", getattr(thing, "grantor_ref", None))


def is_signatory_of_grantor(actor: Actor, thing: Any) -> bool:
    """A signatory of the organisation that grants it."""
    return _is_over(actor, Role.SIGNATORY, "organisation", getattr(thing, "grantor_ref", None))


def is_contact_of_head(actor: Actor, thing: Any) -> bool:
    """A contact of the organisation within whose own permit it is given: a mediator, who decides what others get."""
    return bool(getattr(thing, "head_ref", None)) and is_contact_of_grantor(actor, thing)


def with_mandate(actor: Actor, thing: Any) -> bool:
    """A contact of a mediator that has a mandate over all of it today."""
    mediators = getattr(thing, "mediator_refs", ())
    return any(_is_over(actor, Role.CONTACT, "organisation", ref) for ref in mediators)


def is_of_initiative(actor: Actor, thing: Any) -> bool:
    """Whoever has a part in the group that looks for a space."""
    return _is_of(actor, getattr(thing, "initiative_ref", None))


def is_contact_of_initiative(actor: Actor, thing: Any) -> bool:
    """A contact of the group that looks for a space."""
    return _is_over(actor, Role.CONTACT, "organisation", getattr(thing, "initiative_ref", None))


def is_writer_without_group(actor: Actor, thing: Any) -> bool:
    """Whoever wrote it down for a group that is not there yet."""
    writer = getattr(thing, "contact_ref", None)
    return bool(writer) and writer == actor.person_ref and not getattr(thing, "initiative_ref", None)


def is_reviewer_of_department(actor: Actor, thing: Any) -> bool:
    """A reviewer of the department that is asked."""
    return _is_over(actor, Role.REVIEWER, "department", getattr(thing, "department", None))


def is_of_neither(actor: Actor, thing: Any) -> bool:
    """Whoever has no part in the organisation that asks for it: nobody decides on a request of their own."""
    return not _is_of(actor, getattr(thing, "holder_ref", None))


WHO_MAY: dict[Permission, list[list[Predicate]]] = {
    Permission.PUBLIC_READ: [[anybody]],
    Permission.ACCOUNT_ENTER: [[anybody]],
    Permission.ACCOUNT_EDIT: [[is_signed_in]],
    Permission.OFFICE_ENTER: [[is_administrator], [is_planner], [is_auditor]],
    Permission.SPACE_READ: [[is_administrator], [is_planner], [is_auditor]],
    Permission.SPACE_EDIT: [[is_administrator], [is_planner]],
    Permission.SPACE_VERIFY: [[is_administrator], [is_planner]],
    Permission.SPACE_OFFER: [[is_administrator], [is_planner]],
    Permission.SPACE_WITHHOLD: [[is_administrator], [is_planner]],
    Permission.SPACE_RETIRE: [[is_administrator], [is_planner]],
    Permission.SPACE_IMPORT: [[is_administrator], [is_planner]],
    Permission.SPACE_ERASE: [[is_administrator]],
    Permission.IMPORT_READ: [[is_administrator], [is_planner], [is_auditor]],
    Permission.AREA_READ: [[is_administrator], [is_planner], [is_auditor]],
    Permission.AREA_EDIT: [[is_administrator], [is_planner]],
    Permission.REPORT_SEND: [[anybody]],
    Permission.REPORT_READ: [[is_administrator], [is_planner], [is_auditor]],
    Permission.REPORT_JUDGE: [[is_administrator], [is_planner]],
    Permission.SETTINGS_READ: [[is_administrator], [is_auditor]],
    Permission.SETTINGS_EDIT: [[is_administrator]],
    Permission.PERSON_READ: [[is_administrator], [is_auditor]],
    Permission.PERSON_EDIT: [[is_administrator]],
    Permission.ORGANISATION_READ: [[is_administrator], [is_planner], [is_auditor], [is_of_it]],
    Permission.ORGANISATION_TEND: [[is_administrator], [is_planner], [is_contact_of_it]],
    Permission.ORGANISATION_EDIT: [[is_administrator], [is_planner]],
    Permission.PERMIT_SEND: [[anybody]],
    Permission.PERMIT_READ: [[is_administrator], [is_planner], [is_auditor], [is_of_holder], [is_of_grantor]],
    Permission.PERMIT_REQUEST: [[is_administrator], [is_planner], [is_contact_of_holder]],
    Permission.PERMIT_PROPOSE: [[is_administrator], [is_planner], [with_mandate]],
    Permission.PERMIT_ANSWER: [[is_administrator], [is_planner], [is_contact_of_holder]],
    Permission.PERMIT_DECIDE: [
        [is_administrator, is_of_neither], [is_planner, is_of_neither], [is_contact_of_head, is_of_neither],
    ],
    Permission.PERMIT_SIGN: [
        [is_administrator], [is_planner], [is_contact_of_holder], [is_signatory_of_holder], [is_contact_of_grantor],
        [is_signatory_of_grantor],
    ],
    Permission.PERMIT_ASSENT: [
        [is_administrator], [is_planner], [is_contact_of_grantor], [is_signatory_of_grantor],
    ],
    Permission.PERMIT_REVOKE: [
        [is_administrator, is_of_neither], [is_planner, is_of_neither], [is_contact_of_head, is_of_neither],
    ],
    Permission.PERMIT_HAND_OVER: [[is_administrator], [is_planner], [is_of_grantor]],
    Permission.PERMIT_END: [[is_administrator], [is_planner], [is_contact_of_holder], [is_contact_of_grantor]],
    Permission.CHECK_ANSWER: [
        [is_administrator, is_of_neither], [is_planner, is_of_neither], [is_reviewer_of_department, is_of_neither],
    ],
    Permission.NEED_SEND: [[anybody]],
    Permission.NEED_READ: [
        [is_administrator], [is_planner], [is_auditor], [is_of_initiative], [is_writer_without_group],
    ],
    Permission.NEED_WRITE: [
        [is_administrator], [is_planner], [is_contact_of_initiative], [is_writer_without_group],
    ],
    Permission.NEED_RELEASE: [[is_administrator], [is_planner]],
    Permission.NEED_PROPOSE: [[is_administrator], [is_planner]],
    Permission.COMMENT_SEND: [[anybody]],
    Permission.MY_READ: [[is_signed_in]],
    Permission.MY_EDIT: [[is_signed_in]],
}  # fmt: skip


def is_allowed(actor: Actor, permission: Permission, thing: Any = None) -> bool:
    """Whether this actor holds this permission, towards this thing where one is named."""
    # An alternative that asks nothing is a slip, and opens no door.
    return any(asked and all(holds(actor, thing) for holds in asked) for asked in WHO_MAY.get(permission, []))


def check_allowed(actor: Actor, permission: Permission, thing: Any = None) -> None:
    """Return in silence if the actor may.

    Raises:
        NotAllowed: no alternative of this permission holds for this actor and this thing.
    """
    if not is_allowed(actor, permission, thing):
        raise NotAllowed("actor.not_allowed", name=actor.name, permission=permission.value)
