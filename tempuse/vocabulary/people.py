"""The lists of people and of the organisations that they belong to."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class Role(Term):
    """What a person is: in the office, in an organisation, or for a department."""

    ADMINISTRATOR = "administrator", "Administrator", "Sets up the register and its people."
    PLANNER = "planner", "Planner", "Works with spaces, reports and imports."
    AUDITOR = "auditor", "Auditor", "Reads everything in the office and changes nothing."
    CONTACT = "contact", "Contact", "Gets the letters to an organisation, and speaks and asks for it."
    SIGNATORY = "signatory", "Signatory", "Signs for an organisation."
    MEMBER = "member", "Member", "Reads what concerns an organisation."
    REVIEWER = "reviewer", "Reviewer", "Answers for a department of the city."


# Roles in the whole register; and the parts that one may have in an organisation.
OFFICE_ROLES = (Role.PLANNER, Role.ADMINISTRATOR, Role.AUDITOR)
PARTS = (Role.CONTACT, Role.SIGNATORY, Role.MEMBER)


class OrganisationKind(Term):
    """What an organisation is to the register; it may be several."""

    INITIATIVE = "initiative", "Group", "Looks for a space, or uses one."
    OWNER = "owner", "Owner", "Holds title to spaces."
    MEDIATOR = "mediator", "Mediator", "Finds users for spaces of others, with a mandate."
    DEPARTMENT = "department", "Department", "A part of the city."
