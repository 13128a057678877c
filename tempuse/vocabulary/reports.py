"""The lists of citizens' reports."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class ReportKind(Term):
    """What a citizen tells."""

    VACANT = "vacant", "A space stands empty", "A place that is not on the map."
    WRONG = "wrong", "Something is wrong", "A fact on a page does not stand."
    NOT_VACANT = "not_vacant", "It is not empty", "Somebody uses a place that the map shows as free."
    QUESTION = "question", "A question", "Somebody needs a fact that nobody has told yet."
    NUISANCE = "nuisance", "Noise or other trouble", "A use troubles its neighbours."
    DANGER = "danger", "Danger", "Somebody may come to harm."
    OFFER = "offer", "An owner offers a space", "Whoever owns a place would have it used."
    OWNER = "owner", "The owner’s word", "Somebody who speaks for the owner says how a space is to be shown."


class OwnerWish(Term):
    """What somebody who speaks for the owner of a space that is shown would have."""

    SHOW = "show", "Let it be shown", "It may be shown, as precisely as I say below."
    LESS = "less", "Let less of it be shown", "It may stay, but with less of where it is."
    OFF = "off", "Take it off", "Nobody but the city sees it."


class ReportStatus(Term):
    """Where a report stands."""

    SENT = "sent", "Waiting", "Nobody has judged it yet."
    JOINED = "joined", "Joined", "It tells of a space that is in the register."
    MADE = "made", "Made a space", "The office made a space of it."
    ANSWERED = "answered", "Answered", "Nothing in the register changes."
    HEEDED = "heeded", "Done as they said", "The owner’s word was written down, and the space is shown accordingly."
