"""Who may do what: a table from Permission to the roles that hold it, readable aloud."""

from __future__ import annotations

from dataclasses import dataclass

from tempuse.errors import NotAllowed
from tempuse.vocabulary import Permission, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person with roles, the public, or the program itself.

    Attributes:
        name: as written into events ("Ilse Maes", "the public", "command line").
        roles: what this actor is in the register.
        person_ref: the person's ref, None for the public and the program.
    """

    name: str
    roles: frozenset[Role] = frozenset()
    person_ref: str | None = None


# The program on the register's own machine: whoever may read the file may administer it.
SYSTEM = Actor("command line", frozenset({Role.ADMINISTRATOR}))
PUBLIC = Actor("the public")

_BOTH = frozenset({Role.ADMINISTRATOR, Role.PLANNER})
_ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
_EVERYBODY: frozenset[Role] = frozenset()

WHO_MAY: dict[Permission, frozenset[Role]] = {
    Permission.SPACE_READ: _BOTH,
    Permission.SPACE_EDIT: _BOTH,
    Permission.SPACE_VERIFY: _BOTH,
    Permission.SPACE_OFFER: _BOTH,
    Permission.SPACE_WITHHOLD: _BOTH,
    Permission.SPACE_RETIRE: _BOTH,
    Permission.SPACE_IMPORT: _BOTH,
    Permission.SPACE_ERASE: _ADMINISTRATORS,
    Permission.AREA_EDIT: _BOTH,
    Permission.REPORT_SEND: _EVERYBODY,
    Permission.REPORT_JUDGE: _BOTH,
    Permission.SETTINGS_EDIT: _ADMINISTRATORS,
    Permission.PERSON_EDIT: _ADMINISTRATORS,
}


def is_allowed(actor: Actor, permission: Permission) -> bool:
    """Whether this actor holds this permission; an empty set of roles means everybody."""
    roles = WHO_MAY[permission]
    return not roles or bool(roles & actor.roles)


def check_allowed(actor: Actor, permission: Permission) -> None:
    """Return in silence if the actor may.

    Raises:
        NotAllowed: the actor holds none of the roles that have this permission.
    """
    if not is_allowed(actor, permission):
        raise NotAllowed("actor.not_allowed", name=actor.name, permission=permission.value)
