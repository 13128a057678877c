"""The lists of permits: where one stands, on what terms it is, how it ends, and what came after."""

from __future__ import annotations

from tempuse.vocabulary.terms import Term


class PermitStatus(Term):
    """Where a permit stands, from the first draft of a request to the keys' return."""

    DRAFT = "draft", "Draft", "Not sent yet, or its e-mail address is not confirmed."
    SUBMITTED = "submitted", "Asked for", "The office has the request; nobody has taken it up."
    UNDER_REVIEW = "under_review", "In review", "Somebody in the office looks at it."
    INFORMATION_REQUESTED = "information_requested", "Question asked", "The office asked something and waits."
    APPROVED = "approved", "Approved", "The days are taken for it; it is to be signed."
    SIGNED = "signed", "Signed", "Both sides have signed; the keys are still here."
    HANDED_OVER = "handed_over", "Handed over", "The group has the keys."
    HANDED_BACK = "handed_back", "Handed back", "The keys are back."
    REFUSED = "refused", "Refused", "The office said no, with a reason."
    WITHDRAWN = "withdrawn", "Withdrawn", "The group took it back."
    REVOKED = "revoked", "Revoked", "The office took it back before the keys changed hands."


class UseState(Term):
    """Where a use stands for everybody who looks."""

    COMING = "coming", "To come", "It is agreed and has not begun."
    RUNNING = "running", "Running", "Somebody uses the space."
    ENDED = "ended", "Over", "It is over."


class PermitChange(Term):
    """How a permit goes on from an earlier one."""

    RENEWAL = "renewal", "Renewal", "The same group goes on in the same space."
    TRANSFER = "transfer", "Transfer", "Another group takes it over."


class EarlyEnd(Term):
    """How a permit comes to end before its last day."""

    NOTICE_BY_HOLDER = "notice_by_holder", "The group gave notice", "It leaves earlier."
    NOTICE_BY_GRANTOR = "notice_by_grantor", "The grantor gave notice", "In the time that was agreed."
    BREACH = "breach", "Terms were broken", "After a warning."
    DANGER = "danger", "Danger", "Nobody may stay."
    SPACE_GONE = "space_gone", "The space is gone", "Sold, pulled down or burnt."
    AGREED = "agreed", "Both agreed", "By common wish."


class Tenure(Term):
    """In what form of law somebody uses a space."""

    LOAN = "loan", "Loan for use", "Lent for nothing, for a purpose."
    PRECARIOUS = "precarious", "Precarious occupancy", "May be ended when the owner needs the space."
    LICENCE = "licence", "Licence", "A personal leave to use it; no lease."
    LEASE = "lease", "Lease", "A lease for a fixed time."
    LAND_PERMIT = "land_permit", "Permit for public land", "Leave to use public ground for a time."
    OTHER = "other", "Other", "None of these."


class Sublet(Term):
    """Whether the holder may let others use it."""

    NO = "no", "No", "Nobody else may use it."
    WITH_CONSENT = "with_consent", "With consent", "Each time the grantor is asked."
    YES = "yes", "Yes", "The holder gives parts of it to others."


class OnSale(Term):
    """What happens to the use when the space is sold."""

    CONTINUES = "continues", "It goes on", "The new owner takes the terms over."
    MAY_BE_ENDED = "may_be_ended", "It may be ended", "With the grantor’s notice."
    ENDS = "ends", "It ends", "On the day of the sale."


class DecisionKind(Term):
    """What was decided about a permit."""

    GRANT = "grant", "Granted", "The use may begin."
    REFUSE = "refuse", "Refused", "The use may not begin."
    CHANGE = "change", "Changed", "Other terms from a day on."
    END_EARLY = "end_early", "Ended early", "It ends before its last day."
    REVOKE = "revoke", "Revoked", "Taken back before it began."


class Party(Term):
    """Whose signature it is."""

    HOLDER = "holder", "For the group", "The group that uses the space."
    GRANTOR = "grantor", "For the grantor", "Whoever lets it be used: city, owner or mediator."


class SignedHow(Term):
    """How somebody signed."""

    TYPED = "typed", "On this site", "The name was typed, signed in or by a link of one’s own."
    PAPER = "paper", "On paper", "The office noted it."


class AssentHow(Term):
    """How the grantor's word reached the office."""

    LINK = "link", "By link", "On the page behind the letter."
    SIGNED_IN = "signed_in", "Signed in", "On this site."
    LETTER = "letter", "By letter", "The office noted it."


class HandoverWay(Term):
    """Which way the keys went."""

    OVER = "over", "Handed over", "The group got the keys."
    BACK = "back", "Handed back", "The keys came back."


class Outcome(Term):
    """What became of a use when it was over."""

    BECAME_PERMANENT = "became_permanent", "Stayed for good", "The use got a lasting place here."
    MOVED = "moved", "Moved", "It goes on elsewhere."
    ENDED_AS_PLANNED = "ended_as_planned", "Ended as planned", "It was for a time, and the time was over."
    ENDED_EARLY = "ended_early", "Ended early", "Before its last day."
    NEVER_STARTED = "never_started", "Never began", "It was agreed and did not begin."
    REBUILT = "rebuilt", "Rebuilt", "The space was built over or renewed."
    SOLD = "sold", "Sold", "The space was sold."
    RE_LET = "re_let", "Let again", "The space was let for good."
    EMPTY_AGAIN = "empty_again", "Empty again", "Nobody came after."
    UNKNOWN = "unknown", "Not known", "Nobody has told."
