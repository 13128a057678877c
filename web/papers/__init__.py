"""Papers in words: a snapshot becomes labelled sections in the language that binds, and in the reader's beside it.

    agreement_paper(snapshot, "nl")

gives the bytes of a PDF. Nothing is read from the register: what today's rows say is not what was decided.
"""

from web.papers.making import agreement_paper, decision_paper, handover_paper

__all__ = ["agreement_paper", "decision_paper", "handover_paper"]
