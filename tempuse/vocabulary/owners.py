"""The lists of letters to owners: by which way one goes, and what the owner says to it."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class LetterWay(Term):
    """By which way an owner is asked."""

    MAIL = "mail", "By e-mail", "To the address that is noted of the owner."
    PAPER = "paper", "On paper", "Printed with its link as a code, and posted by the office."


class OwnerAnswer(Term):
    """What an owner says to a letter."""

    YES = "yes", "Yes, it may be shown", "As precisely as I say below."
    NO = "no", "No", "Nobody but the city sees it."
    LATER = "later", "Ask me again later", "Until then nothing changes."
    NOT_OWNER = "not_owner", "I am not the owner", "The city looks again whom to ask."
