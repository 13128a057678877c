"""What the groups of the demo's town look for: every state, every tier, and near misses of every sort."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tempuse import matching, questions
from tempuse.demo import make_demo
from tempuse.mapindex import empty_index
from tempuse.needs import Need, wanted_of
from tempuse.offers import Offers
from tempuse.store import needs, published, watches
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, open_register
from tempuse.vocabulary import NeedState
from tests import test_demo

made = test_demo.made


def test_the_town_has_groups_in_every_state_and_spaces_for_some_of_them(
    made: Connection,
    now: datetime,
) -> None:
    settings = get_settings(made)
    today = settings.today(now)
    tally = needs.tally(made, settings, today)
    assert set(tally) == set(NeedState)
    assert min(tally.values()) >= 2
    assert needs.count_to_release(made) == 3
    assert 40 <= published.count(made, "needs") < sum(tally.values())
    assert watches.tally(made) == {"asking": 14, "unconfirmed": 2, "paused": 1, "bounced": 1}
    assert [issue.value for watch in watches.paused(made) for issue in questions.read_text(watch.question)[1]] == [
        "atelier"
    ]
    fitting = [watches.hits_of_watch(made, each.id) for each in watches.asking(made)]
    assert all(fitting), "each is told of something"
    assert all(hit.told_at for hits in fitting for hit in hits), "what fits on the day of asking is no news"

    offers = empty_index(today).changed(published.index_rows(made), [], 0).offers
    assert 0.7 < np.isfinite(offers.cost_high).mean() < 1
    looking = {each.title: each for batch in needs.looking(made, settings, today) for each in batch}
    ranked = {title: matching.rank(offers, wanted_of(each)[0], today) for title, each in looking.items()}
    assert sum(not (each.fits or each.asks) for each in ranked.values()) >= 4
    assert sum(bool(each.fits) for each in ranked.values()) >= 20
    assert sum(each.asks and not each.fits for each in ranked.values()) >= 10
    missed = Counter(change.key for each in ranked.values() for miss in each.near for change in miss.changes)
    assert {"use", "kind", "size", "start", "term", "hours", "place", "cost", "ceiling", "facility:heating"} <= {
        *missed
    }
    repair = ranked["A bigger place for the repair café"]
    assert repair.near
    assert repair.fits + repair.asks >= 3
    assert sum(_waits_for_toilets(offers, each, ranked[title], made, now) for title, each in looking.items()) >= 5


def _waits_for_toilets(
    offers: Offers, need: Need, ranking: matching.Ranking, con: Connection, now: datetime
) -> bool:  # fmt: skip
    """Whether a space would come into question if somebody said that it has toilets."""
    wanted, today = wanted_of(need)[0], get_settings(con).today(now)
    said = [each for row in ranking.rows for each in matching.reasons(offers, int(row), wanted, today)]
    return any(each.key == "facility:toilets" and each.state == "open" for each in said)


def test_every_question_is_asked_of_days_to_come(tmp_path: Path) -> None:
    at = datetime(2026, 12, 22, 12, tzinfo=UTC)  # the day on which the dates of the data are the nearest
    register = open_register(str(tmp_path / "demo.gpkg"), home=tmp_path / "home", create=True)
    with register.connect() as con:
        make_demo(con, at)
        today = get_settings(con).today(at)
        looking = [each for batch in needs.looking(con, get_settings(con), today) for each in batch]
    register.close()
    starts = [wanted_of(each)[0].last_start for each in looking]
    assert len(looking) > 50
    assert all(start is None or start >= today for start in starts)
