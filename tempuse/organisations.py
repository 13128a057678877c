"""Organisation: a group, an owner, a mediator or a department, and who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import urlsplit

from tempuse.emails import wrong_with_email
from tempuse.errors import Issue
from tempuse.fields import check_record, field
from tempuse.refs import noun
from tempuse.vocabulary import PARTS, OrganisationKind, Serves, Theme


@noun("organisation", "OR")
@dataclass(slots=True, kw_only=True)
class Organisation:
    """One organisation.

    ``name`` is what the office and its members call it. Everybody reads ``public_name``, or the name where it has
    none, and only if ``name_public`` says so. ``informal``: it is no legal person; ``guarantor_ref`` answers for it.
    ``serves`` is voluntary, for figures of the office; no match ever looks at it. ``seen_by_owners``: whoever owns a
    space that fits may read its name.
    """

    RULES: ClassVar = ()

    ref: str = field("text", default="", fixed=True, needed=True)
    kinds: tuple[str, ...] = field("list", "What it is", (), of=OrganisationKind)
    name: str = field("text", "Name", "", longest=200, needed=True)
    public_name: str | None = field("text", "Name for everybody", longest=200)
    name_public: bool = field("flag", "Everybody may read its name", default=False)
    legal_form: str | None = field("text", "Legal form", longest=100)
    registered_no: str | None = field("text", "Registered number", longest=60)
    informal: bool = field("flag", "Without a legal form of its own", default=False)
    guarantor_ref: str | None = field("text", "Guarantor")
    url: str | None = field("text", "Web page", longest=500)
    email: str | None = field("text", "E-mail address", longest=254)
    phone: str | None = field("text", "Telephone", longest=60)
    address: str | None = field("text", "Address", longest=300)
    language: str = field("text", "Language", "en", longest=20)
    retired_on: date | None = field("day", "Ended on", fixed=True)
    created_at: datetime | None = field("instant", "Added on", fixed=True)
    updated_at: datetime | None = field("instant", "Changed on", fixed=True)
    revision: int = field("whole", "Revision", 1, fixed=True)
    about: str | None = field("long", "What the group is about", longest=4000)
    private_text: str | None = field("long", "Only for the office", longest=4000)
    themes: tuple[str, ...] = field("list", "Its themes", (), of=Theme)
    serves: tuple[str, ...] = field("list", "For whom it is there", (), of=Serves)
    seen_by_owners: bool = field("flag", "Owners of spaces that fit may read its name", default=False)

    @property
    def shown_name(self) -> str:
        """What everybody may read as its name; empty when they may not."""
        return (self.public_name or self.name) if self.name_public else ""


# What a contact changes of their own organisation; the rest is the office's to say.
OWN = frozenset({
    "name", "public_name", "name_public", "url", "email", "phone", "address", "language", "about", "private_text",
    "themes", "serves", "seen_by_owners",
})  # fmt: skip


def check_organisation(organisation: Organisation) -> list[Issue]:
    """What is missing or wrong, field by field."""
    issues = check_record(organisation)
    if not organisation.name.strip():
        issues.append(Issue.of("name", "", "organisation.name"))
    if organisation.email and (message := wrong_with_email(organisation.email)):
        issues.append(Issue.of("email", organisation.email, message))
    if organisation.url and not _is_web_address(organisation.url):
        issues.append(Issue.of("url", organisation.url, "organisation.url"))
    if organisation.guarantor_ref and organisation.guarantor_ref == organisation.ref:
        issues.append(Issue.of("guarantor_ref", organisation.guarantor_ref, "organisation.own_guarantor"))
    return issues


def check_part(part: str) -> list[Issue]:
    """What is wrong with somebody's part in an organisation."""
    return [] if part in PARTS else [Issue.of("part", part, "value.not_in_list")]


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, text))
    except ValueError:
        return False
