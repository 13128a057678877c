"""E-mail addresses: one rule for what is taken in, which is what the mail server is later given."""

from __future__ import annotations

import email_validator
from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # letters of an address (RFC 5321, 4.5.3.1.3, less the angle brackets)

# A town's own mail server may well be called so: such names are kept off the internet, not off a network of its own.
for _name in ("local", "localhost", "test"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)


def tidy_email(text: str) -> str:
    """An e-mail address as it is kept and compared: without blanks around it, in small letters."""
    return text.strip().casefold()


def wrong_with_email(text: str) -> str:
    """What is wrong with an e-mail address: a message id, empty when a letter can be addressed so.

    One receiver as RFC 5321 has it, in ASCII before the @ sign: letters of other scripts are understood only after
    it, where every mail server knows how to write them.
    """
    try:
        validate_email(text, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return "email.odd" if "@" in text else "email.no_at"
    return "" if len(text) <= LONGEST else "email.odd"
