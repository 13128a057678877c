"""Spaces and those who look for one: how well they fit, why, and what would have to change where they nearly do.

What is not known is neither for nor against; nothing depends on the other spaces; and both directions, spaces for a
question and questions for a space, are computed by the same functions. It ranks and explains: people decide.
"""

from __future__ import annotations

from tempuse.matching.demand import Demand, demand_of
from tempuse.matching.judging import ASK, FITS, NEAR, Judged, JudgedNeeds, judge, judge_needs, turn
from tempuse.matching.keeping import faults, keep, reasons_kept
from tempuse.matching.near import Concession, NearMiss
from tempuse.matching.ranking import Ranking, rank
from tempuse.matching.reasons import Reason, reasons
from tempuse.matching.sweeping import Hits, sweep
from tempuse.matching.table import CRITERIA, Scale, scale_of, version, weigh
from tempuse.matching.wants import Wants, wants

__all__ = [
    "ASK",
    "CRITERIA",
    "FITS",
    "NEAR",
    "Concession",
    "Demand",
    "Hits",
    "Judged",
    "JudgedNeeds",
    "NearMiss",
    "Ranking",
    "Reason",
    "Scale",
    "Wants",
    "demand_of",
    "faults",
    "judge",
    "judge_needs",
    "keep",
    "rank",
    "reasons",
    "reasons_kept",
    "scale_of",
    "sweep",
    "turn",
    "version",
    "wants",
    "weigh",
]
