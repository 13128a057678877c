"""Who looks in a district that is no more waits, hears of it, and chooses another; nothing is widened or forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tempuse import questions
from tempuse.access import SYSTEM
from tempuse.needs import wanted_of
from tempuse.registry.areas import load_areas
from tempuse.registry.needs.changing import edit_need
from tempuse.registry.needs.reminding import ask_due
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.store import letters, needs, published, watches
from tempuse.store.engine import Connection, reading
from tempuse.vocabulary import AreaKind, NeedAudience
from tempuse.wanted import Wanted
from tests.builders import a_district
from tests.needing import ASKED, a_need, shown

DOCKS = a_district("Docks, old", west=3.70)
HILL = a_district("Hill", west=3.75)


def letters_of(con: Connection) -> list[str]:
    with reading(con):
        return [each.template for each in letters.find(con)]


def test_a_question_about_a_district_that_is_gone_waits_until_another_is_chosen(con: Connection, now: datetime) -> None:
    load_areas(con, SYSTEM, AreaKind.DISTRICT, [DOCKS, HILL], now)
    both = replace(ASKED, near=None, within_m=None, districts=("AR-0001", "AR-0002"))
    elsewhere = replace(both, districts=("AR-0002",))
    ref = shown(con, now, a_need(both, audience=NeedAudience.PUBLIC.value))
    other = shown(con, now, a_need(elsewhere), email="b@b.example")
    asked = keeping.ask_to_hear(con, SYSTEM, Wanted(districts=("AR-0001",)), "jo@example.org", "day", "en", now)
    keeping.expect_secret(con, SYSTEM, asked.watch.id, "s")
    keeping.confirm_watch(con, SYSTEM, "s", now)
    with reading(con):
        before = needs.get(con, other)
        assert published.feature(con, "needs", ref) is not None

    load_areas(con, SYSTEM, AreaKind.DISTRICT, [HILL], now)
    with reading(con):
        _, unclear = wanted_of(needs.get(con, ref))
        assert [(issue.field, issue.value) for issue in unclear] == [("district", "Docks  old")]
        assert needs.get(con, other) == before
        assert published.feature(con, "needs", ref) is None
    assert [ask_due(con, SYSTEM, now) for _ in range(2)] == [1, 0]
    assert [sweep_watches(con, SYSTEM, now) for _ in range(2)] == [0, 0]
    told = letters_of(con)
    assert (told.count("need_unclear"), told.count("watch_paused")) == (2, 1)  # the group and the office; who watches
    with reading(con):
        assert [each.question for each in watches.paused(con)] == ["district=Docks++old"]

    edit_need(con, SYSTEM, ref, {"question": questions.text_of(elsewhere)}, now)
    with reading(con):
        assert wanted_of(needs.get(con, ref))[1] == []
        assert published.feature(con, "needs", ref) is not None
