"""The lists of what departments are asked: what one may answer, and where the question stands."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class Verdict(Term):
    """What a department says of a request."""

    OK = "ok", "No objection", "From this department’s side it may go ahead."
    OK_WITH_CONDITIONS = "ok_with_conditions", "No objection, with conditions", "It may go ahead if these are kept."
    OBJECTION = "objection", "Objection", "As it is asked, it may not go ahead."
    NOT_CONCERNED = "not_concerned", "Not concerned", "This department has nothing to say here."


class CheckState(Term):
    """Where the question to a department stands on a day; it follows from the rows and the calendar."""

    NOT_ASKED = "not_asked", "Not asked yet", "Nobody has asked the department."
    WAITING = "waiting", "Waiting", "The department was asked and has time."
    OVERDUE = "overdue", "Overdue", "The day for its answer is over."
    ANSWERED = "answered", "Answered", "It answered on these terms."
    STALE = "stale", "For other terms", "It answered on terms that have changed since."
    SILENT = "silent", "Silence counts as no concern", "It had its time, as is published, and said nothing."
    WAIVED = "waived", "Done without", "The office decides without its answer."
