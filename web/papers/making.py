"""From a snapshot to a PDF: once in each language that the paper speaks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale, gettext

from tempuse import papers
from tempuse.errors import NotFound
from tempuse.papers import PaperPart, PaperSection
from tempuse.papers.snapshot import Snapshot
from tempuse.settings import LANGUAGES
from tempuse.store import attachments
from web import database
from web.papers import agreement, decision, handover

Sections = Callable[[Snapshot], list[PaperSection]]


def agreement_paper(snapshot: Snapshot, language: str) -> bytes:
    """The agreement between who grants and who holds, with the signatures that there are and room for the others.

    Args:
        snapshot: of the decision.
        language: the reader's; the paper says everything in it too, where another one binds.
    """
    return _made(papers.AGREEMENT, snapshot, language, agreement.title, agreement.sections)


def decision_paper(snapshot: Snapshot, language: str) -> bytes:
    """What was decided on a request, why, on what terms, and until when one may object.

    Args:
        snapshot: of the decision.
        language: the reader's; the paper says everything in it too, where another one binds.
    """
    return _made(papers.DECISION, snapshot, language, decision.title, decision.sections)


def handover_paper(snapshot: Snapshot, language: str) -> bytes:
    """What was handed over or back: keys, readings, how it looked, and what both said.

    Args:
        snapshot: of the hand-over.
        language: the reader's; the paper says everything in it too, where another one binds.
    """
    return _made(papers.HANDOVER, snapshot, language, handover.title, handover.sections)


def _made(
    kind: str, snapshot: Snapshot, language: str, title: Callable[[Snapshot], str], sections: Sections
) -> bytes:  # fmt: skip
    binding = snapshot["language"]
    spoken = [binding, *([language] if language != binding and language in LANGUAGES else [])]
    parts, whole = [], ""
    for each in spoken:
        with force_locale(each):
            heading = title(snapshot)
            if len(spoken) > 1 and each != binding:
                heading = gettext("%(title)s (translation; the first part is the one that binds)", title=heading)
            whole = whole or f"{title(snapshot)} · {snapshot['title']}"
            parts.append(PaperPart(each, heading, sections(snapshot)))
    return papers.make(
        kind, parts, title=whole, language=binding, made_at=datetime.fromisoformat(snapshot["made_at"]),
        folder=database.register().home / papers.FOLDER, author=snapshot["municipality"], number=snapshot["ref"],
        footer=" · ".join(filter(None, (snapshot.get("site"), snapshot.get("contact")))), pictures=_pictures(snapshot),
    )  # fmt: skip


def _pictures(snapshot: Snapshot) -> dict[str, bytes]:
    """The photos of a hand-over, by their names; one that is lost is not printed."""
    found, home = {}, database.register().home
    for name in (snapshot.get("handover") or {}).get("photos") or ():
        with contextlib.suppress(NotFound):
            found[name] = attachments.get(home, name)
    return found
