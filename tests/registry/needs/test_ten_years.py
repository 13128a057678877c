"""Case 20: what was kept comes out again in ten years, whatever became of functions, weights and the space."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from flask import Flask

from tempuse import matching
from tempuse.access import SYSTEM
from tempuse.matches import Match, digest
from tempuse.matching import functions, table
from tempuse.registry import setup
from tempuse.registry.needs.changing import propose_space
from tempuse.registry.needs.purging import purge_needs
from tempuse.registry.permits.purging import purge_permits
from tempuse.registry.permits.withdrawing import withdraw_request
from tempuse.registry.spaces import edit_space, move_space
from tempuse.store import events, matches
from tempuse.store.common import get_settings
from tempuse.store.engine import Connection, Register
from tests.needing import ASKED, looking
from tests.office import a_signed_in_client, an_office
from tests.registry.needs.test_matches import asked, findings, hall, of  # noqa: F401  (hall: a fixture)
from tests.web.test_public_pages import text

TEN_YEARS = timedelta(days=3653)


def another_size(*inputs: Any) -> Any:
    """Size as somebody may see it one day: all or nothing."""
    lo, hi = functions.size_1(*inputs)
    return np.where(lo < 1000, 0, lo), np.where(hi < 1000, 0, hi)


def a_decade(con: Connection, monkeypatch: pytest.MonkeyPatch, space: str, now: datetime) -> None:
    """Another function for size, other weights, and a space that was measured anew and is no more."""
    lines = [replace(each, id="size_2") if each.key == "size" else each for each in table.BY_PLACE]
    monkeypatch.setattr(functions, "size_2", another_size, raising=False)
    monkeypatch.setattr(table, "_LINES", tuple(lines))
    setup.change_settings(con, SYSTEM, {"match_weights": "size=5 place=0 use=1"}, now)
    edit_space(con, SYSTEM, space, {"floor_area_m2": 12.0, "suitable_uses": ("shop",)}, now)
    move_space(con, SYSTEM, space, "retire", now, retired_on=now.date(), note="Pulled down.")


def as_bytes(match: Match) -> bytes:
    """All that it says, but for what is read of it."""
    held = [match.question, match.facts, match.criteria, match.good, match.bad, match.total, match.tier, match.version]
    return json.dumps(held, sort_keys=True).encode()


def test_a_match_comes_out_again_after_ten_years(
    con: Connection, now: datetime, hall: str, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    ref = asked(con, now, hall)
    (then,), was = of(con, ref), as_bytes(of(con, ref)[0])
    said, version = matching.reasons_kept(then), matching.version()
    a_decade(con, monkeypatch, hall, now + TEN_YEARS)
    (kept,) = of(con, ref)
    assert (as_bytes(kept), digest(kept)) == (was, then.sha256)
    assert list(matching.faults(kept)) == []
    assert matching.reasons_kept(kept) == said
    assert findings(con, now + TEN_YEARS) == []
    scale = matching.scale_of(get_settings(con))
    con.rollback()
    assert len({version, matching.version(), matching.version(scale)}) == 3, "what is computed now says by what"
    assert kept.version == version


def test_an_auditor_sees_what_it_was_computed_from_and_neither_who_nor_where(
    con: Connection, register: Register, now: datetime, hall: str  # noqa: F811
) -> None:  # fmt: skip
    app: Flask = an_office(register, now)
    ref = asked(con, now, hall)
    client = a_signed_in_client(app, "Olga Rey", "auditor")
    page = client.get(f"/office/permits/{ref}")
    assert "94 m². You asked for 60 to 120" in text(page)
    assert "kept as MT-0001" in text(page)
    lon, lat = ASKED.near or (0, 0)
    for secret in (str(lon), str(lat), "ada@group.example"):
        assert secret not in page.text


def test_with_its_time_the_groups_names_go_and_the_figures_stay(
    con: Connection, register: Register, now: datetime, hall: str  # noqa: F811
) -> None:  # fmt: skip
    ref, need = asked(con, now, hall), looking(con, now)
    propose_space(con, SYSTEM, need, hall, now)
    figures = [(each.tier, each.good, each.bad, each.total, each.sha256) for each in matches.rows.find(con)]
    withdraw_request(con, SYSTEM, ref, now)
    purge_permits(con, SYSTEM, register.home, now + TEN_YEARS)
    purge_needs(con, SYSTEM, now + TEN_YEARS)
    with register.connect() as other:
        kept = matches.rows.find(other)
        told = [each for match in kept for each in events.of(other, match.ref, "match")]
        needs_told = [*events.of(other, need, "need"), *events.of(other, ref)]
    assert [(each.tier, each.good, each.bad, each.total, each.sha256) for each in kept] == figures
    assert [list(matching.faults(each)) for each in kept] == [[], []]
    everything = f"{kept} {told} {needs_told}"
    assert [each for each in ("Ada", "group.example", "Repair café") if each in everything] == []
