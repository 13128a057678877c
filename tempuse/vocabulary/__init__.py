"""Every list of values, each value with the word and the public definition that people are shown.

Both are data in English; floor 6 translates them. For facts from outside, *unknown*, *other* and *not
applicable* are three different values. The lists follow the field: occupancy, status and condition are
three facts, as in France's CNIG *friches* standard; ownership follows England's brownfield register.
"""

from __future__ import annotations

from tempuse.vocabulary.areas import AreaKind
from tempuse.vocabulary.checks import CheckState, Verdict
from tempuse.vocabulary.jobs import JobState
from tempuse.vocabulary.letters import LetterStatus
from tempuse.vocabulary.needs import (
    MatchBecause,
    MatchTier,
    MetHow,
    NeedAudience,
    NeedState,
    NeedStatus,
    Serves,
    Surroundings,
    Theme,
    WatchEnd,
    WatchPace,
    Works,
)
from tempuse.vocabulary.owners import LetterWay, OwnerAnswer
from tempuse.vocabulary.people import OFFICE_ROLES, PARTS, OrganisationKind, Role
from tempuse.vocabulary.permissions import Permission
from tempuse.vocabulary.permits import (
    AssentHow,
    DecisionKind,
    EarlyEnd,
    HandoverWay,
    OnSale,
    Outcome,
    Party,
    PermitChange,
    PermitStatus,
    SignedHow,
    Sublet,
    Tenure,
    UseState,
)
from tempuse.vocabulary.reports import OwnerWish, ReportKind, ReportStatus
from tempuse.vocabulary.spaces import (
    PUBLIC_OWNERSHIP,
    Audience,
    Certainty,
    Condition,
    Consent,
    Contamination,
    CostModel,
    CostPeriod,
    Facility,
    Heritage,
    LocationLevel,
    Occupancy,
    OwnerLimit,
    Ownership,
    PlacedBy,
    PreviousUse,
    SpaceKind,
    SpaceStatus,
    UseCategory,
    WordHow,
)
from tempuse.vocabulary.terms import BitTerm, Deed, Named, Term, lists

__all__ = [
    "OFFICE_ROLES",
    "PARTS",
    "PUBLIC_OWNERSHIP",
    "AreaKind",
    "AssentHow",
    "Audience",
    "BitTerm",
    "Certainty",
    "CheckState",
    "Condition",
    "Consent",
    "Contamination",
    "CostModel",
    "CostPeriod",
    "DecisionKind",
    "Deed",
    "EarlyEnd",
    "Facility",
    "HandoverWay",
    "Heritage",
    "JobState",
    "LetterStatus",
    "LetterWay",
    "LocationLevel",
    "MatchBecause",
    "MatchTier",
    "MetHow",
    "Named",
    "NeedAudience",
    "NeedState",
    "NeedStatus",
    "Occupancy",
    "OnSale",
    "OrganisationKind",
    "Outcome",
    "OwnerAnswer",
    "OwnerLimit",
    "OwnerWish",
    "Ownership",
    "Party",
    "Permission",
    "PermitChange",
    "PermitStatus",
    "PlacedBy",
    "PreviousUse",
    "ReportKind",
    "ReportStatus",
    "Role",
    "Serves",
    "SignedHow",
    "SpaceKind",
    "SpaceStatus",
    "Sublet",
    "Surroundings",
    "Tenure",
    "Term",
    "Theme",
    "UseCategory",
    "UseState",
    "Verdict",
    "WatchEnd",
    "WatchPace",
    "WordHow",
    "Works",
    "lists",
]
