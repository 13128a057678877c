"""``tempuse match``: which spaces fit a question, and why; from what the public sees of them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import click
import numpy as np

from tempuse import districts, matching, needs, questions
from tempuse.cli.common import Context, answer_json, now, print_table, say
from tempuse.errors import Invalid, Issue
from tempuse.mapindex import MapIndex, empty_index
from tempuse.matching import Judged, NearMiss, Ranking, Reason
from tempuse.store import areas, published
from tempuse.store import needs as need_rows
from tempuse.store.common import current_state, get_settings
from tempuse.store.engine import Connection, reading
from tempuse.wanted import Wanted, check_wanted
from web.match import wording
from web.match.question import BESIDE
from web.presenters import cards

_TIERS = {matching.FITS: "fits", matching.ASK: "ask", matching.NEAR: "near"}
_NEED = re.compile(r"ND-\d{1,12}", re.IGNORECASE)
# What a page says of a part that it leaves out; here nothing is looked for.
_REFUSED = {
    "question.twice": "match.part_twice", "question.unclear": "match.part_unclear",
    "question.unknown_part": "match.part_unknown",
}  # fmt: skip
_LONGEST_FILE, _MOST_NEAR = 100_000, 10


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found of a question: the page of the list, each with its criteria and reasons; titles by place."""

    wanted: Wanted
    today: date
    held: MapIndex
    ranking: Ranking
    judged: Judged
    reasons: list[list[Reason]]
    titles: Mapping[int, str]

    def ref(self, row: int) -> str:
        """The ref of the space at a place in the offers."""
        return self.held.refs(self.held.offer_rows[[row]])[0]


@click.command()
@click.argument("question")
@click.option("--count", type=click.IntRange(1, 1000), default=20, show_default=True, help="So many spaces at most.")
@click.option("--json", "as_json", is_flag=True, help="For a program: every criterion of each, from 0 to 1000.")
@click.pass_obj
def match(context: Context, question: str, count: int, as_json: bool) -> None:
    """List the spaces that fit what somebody looks for, the best first, with what is open or half there.

    QUESTION is what stands in an address of /match, the whole address, the reference of a need, or a file that holds
    such pairs, one a line or several. Nothing is looked for while a part of it is not understood.

    \b
    Example:
        tempuse match "use=workshop&m2=60-120&has=toilets"
        tempuse match ND-0012 --json
    """
    with context.connect() as con, reading(con):
        today = get_settings(con).today(now())
        wanted, never_offer = _understood(con, question, today)
        found = _answer(con, wanted, never_offer, today, count)
    if as_json:
        answer_json(_as_json(found))
    else:
        _tell(found)


def _understood(con: Connection, asked: str, today: date) -> tuple[Wanted, frozenset[str]]:
    """The question, and what its group cannot do without.

    Raises:
        NotFound: there is no such need.
        Invalid: a part is not understood, or cannot be.
    """
    never_offer: frozenset[str] = frozenset()
    if _NEED.fullmatch(asked):
        need = need_rows.get(con, asked.upper())
        never_offer = frozenset(need.never_offer)
        wanted, issues = needs.wanted_of(need)
    else:
        wanted, issues = questions.read(_pairs(asked))
        wanted, gone = districts.among(wanted, {each.ref for each in areas.districts(con)})
        issues += gone
    if not issues and wanted.is_empty:
        issues = [Issue.of("question", asked, "match.asks_nothing")]
    # What a group asked once stays asked: its days may be over.
    issues += check_wanted(wanted, None if _NEED.fullmatch(asked) else today)
    if issues:
        raise Invalid(
            "match.unclear", [replace(each, message=_REFUSED.get(each.message, each.message)) for each in issues]
        )
    return wanted, never_offer


def _pairs(asked: str) -> questions.Pairs:
    """The pairs of an address or its query, or of the file of that name."""
    text = asked
    if "=" not in asked:
        path = Path(asked)
        if not path.is_file():
            raise click.UsageError(f"{asked} is no question, no need and no file. A question is like use=workshop.")
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            text = "&".join(line.strip() for line in file.read(_LONGEST_FILE).splitlines())
    query = urlsplit(text).query if "?" in text else text
    return [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] not in BESIDE]


def _answer(con: Connection, wanted: Wanted, never_offer: frozenset[str], today: date, count: int) -> _Answer:
    held = empty_index(today).changed(published.index_rows(con), [], current_state(con).seq)
    offers = held.offers
    scale = matching.scale_of(get_settings(con))
    ranking = matching.rank(offers, wanted, today, scale, count=count, most_near=_MOST_NEAR, never_offer=never_offer)
    near = np.array([each.row for each in ranking.near], np.int64)
    every = np.concatenate([ranking.rows, near])
    keys = held.key[held.offer_rows[every]].tolist()
    texts = published.features(con, keys)
    return _Answer(
        wanted, today, held, ranking, matching.judge(offers.take(ranking.rows), wanted, today, scale),
        [matching.reasons(offers, int(row), wanted, today, scale) for row in ranking.rows],
        {int(row): cards.title(cards.of_feature(texts[key])) for row, key in zip(every, keys, strict=True)},
    )  # fmt: skip


def _as_json(found: _Answer) -> dict[str, Any]:
    ranking, judged = found.ranking, found.judged
    return {
        "question": questions.text_of(found.wanted), "day": str(found.today), "version": ranking.version,
        "fits": ranking.fits, "asks": ranking.asks,
        "spaces": [
            {
                "place": place + 1, "ref": found.ref(int(row)), "title": found.titles[int(row)],
                "tier": _TIERS[int(ranking.tiers[place])], "score": int(judged.score[place]),
                "completeness": int(judged.completeness[place]),
                "criteria": {
                    key: {"lo": int(judged.lo[at, place]), "hi": int(judged.hi[at, place]),
                          "must": bool(judged.musts[at])}
                    for at, key in enumerate(judged.keys)
                },
            }
            for place, row in enumerate(ranking.rows)
        ],
        "near": [
            {
                "ref": found.ref(miss.row), "title": found.titles[miss.row],
                "changes": {each.key: each.value for each in miss.changes}, "question": questions.text_of(miss.wanted),
            }
            for miss in ranking.near
        ],
        "hides": dict(ranking.hides), "together": list(ranking.failing),
    }  # fmt: skip


def _tell(found: _Answer) -> None:
    ranking = found.ranking
    rows = [
        [str(place), found.ref(int(row)), found.titles[int(row)], _TIERS[int(tier)], _open(reasons)]
        for place, (row, tier, reasons) in enumerate(zip(ranking.rows, ranking.tiers, found.reasons, strict=True), 1)
    ]
    if rows:
        print_table(["", "ref", "title", "", "not known, or half there"], rows, right=(0,))
    if ranking.near:
        print_table(["ref", "misses by little", "it would be listed for"],
                    [[found.ref(miss.row), found.titles[miss.row], _changed(found.wanted, miss)]
                     for miss in ranking.near])  # fmt: skip
    said = [f"{ranking.fits:,} fit; {ranking.asks:,} are to be asked about."]
    if hidden := [f"{wording.label(key)} {count:,}" for key, count in ranking.hides.items() if count]:
        said.append(f"Kept out by one must alone: {', '.join(hidden)}.")
    if ranking.failing:
        said.append(f"No space has all of this: {', '.join(map(wording.label, ranking.failing))}.")
    say("\n".join([*said, f"Criteria {ranking.version}."]))


def _open(told: list[Reason]) -> str:
    """Toilets: not known; Size: half there."""
    words = {"open": "not known", "partly": "half there", "not": "no"}
    return "; ".join(f"{wording.label(each.key)}: {words[each.state]}" for each in told if each.state in words)


def _changed(wanted: Wanted, miss: NearMiss) -> str:
    """The pairs of the changed question that are others than before, and what of it is a wish only."""
    before = questions.pairs(wanted)
    return " ".join(f"{name}={text}" for name, text in questions.pairs(miss.wanted) if (name, text) not in before)


def add_to(group: click.Group) -> None:
    """Give the group this command."""
    group.add_command(match)
