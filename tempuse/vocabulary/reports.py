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


class ReportStatus(Term):
    """Where a report stands."""

    SENT = "sent", "Waiting", "Nobody has judged it yet."
    JOINED = "joined", "Joined", "It tells of a space that is in the register."
    MADE = "made", "Made a space", "The office made a space of it."
    ANSWERED = "answered", "Answered", "Nothing in the register changes."
