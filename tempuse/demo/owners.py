"""The owners of Rivermouth who were asked by letter, and what came back. Its data is ``rivermouth-letters.csv``.

Those whom nobody has asked yet are the other owners of ``rivermouth-owners.geojson``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from tempuse.access import PUBLIC, Actor
from tempuse.demo.rivermouth import rows_of
from tempuse.registry.owners.answering import answer_letter
from tempuse.registry.owners.asking import LetterWanted, ask_owners, expect_secrets, note_told
from tempuse.registry.reports import fingerprint
from tempuse.spaces import Space
from tempuse.store.engine import Connection
from tempuse.vocabulary import LetterWay, OwnerAnswer


def make_letters(con: Connection, actor: Actor, spaces: Iterable[Space], refs: Mapping[str, str], now: datetime) -> int:
    """Ask the owners that the data name, and let those answer who did; how many letters.

    Args:
        con: an idle connection.
        actor: who asks.
        spaces: those whose owners nobody has asked.
        refs: by source_ref.
        now: the instant.
    """
    owned: dict[str | None, list[str]] = {}
    for space in spaces:
        owned.setdefault(space.owner_name, []).append(refs[str(space.source_ref)])
    rows = list(rows_of("demo/rivermouth-letters.csv"))
    for row in rows:
        wanted = LetterWanted(owned[row["owner"]], LetterWay(row["way"]))
        (letter,) = ask_owners(con, actor, [wanted], "en", _ago(row["days_ago"], now))
        note_told(con, actor, letter.ref, _ago(row["posted"], now))
        if row["answer"]:
            secret = f"the demo, {letter.ref}"
            expect_secrets(con, actor, {letter.ref: fingerprint(secret)})
            answer_letter(
                con, PUBLIC, secret, OwnerAnswer(row["answer"]), _ago(row["answered"], now),
                by=row["owner"], remark=row["remark"],
            )  # fmt: skip
    return len(rows)


def _ago(days: str, now: datetime) -> datetime:
    return now - timedelta(days=int(days))
