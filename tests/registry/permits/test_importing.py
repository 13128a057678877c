"""A list of uses comes in: what is over, what runs, what does not fit, and the same list again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.agreements import Handover
from tempuse.errors import Invalid, NotAllowed
from tempuse.io.read import open_source
from tempuse.io.uses import crosswalk_for, read_uses
from tempuse.registry.lists import BroughtIn
from tempuse.registry.permits.importing import UseList, import_uses
from tempuse.registry.permits.purging import purge_permits
from tempuse.registry.permits.purging_lists import due_lists, purge_lists
from tempuse.registry.permits.using import hand_back
from tempuse.registry.spaces import add_space
from tempuse.store import agreements, claims, events, imports, letters, organisations, permits, spaces
from tempuse.store.engine import Connection
from tests.builders import a_space
from tests.permitting import approved, terms

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
LIST = UseList(source="leases", file_name="leases.csv")


@pytest.fixture
def bring(con: Connection, tmp_path: Path) -> Any:
    """Bring a list in, as the text of a CSV."""

    def call(text: str, about: UseList = LIST, now: datetime = NOW, **options: Any) -> BroughtIn:
        path = tmp_path / "leases.csv"
        path.write_text(text, encoding="utf-8")
        source = open_source(path, tmp_path / "scratch")
        uses = list(read_uses(source, crosswalk_for(source)))
        source.close()
        return import_uses(con, SYSTEM, uses, about, now, **options)

    return call


@pytest.fixture
def hall(con: Connection) -> str:
    return add_space(con, SYSTEM, a_space(name="Fish auction hall", address="Kaai 4", locality="Rivermouth"), NOW)


def messages(done: BroughtIn) -> list[str]:
    return [each.message for each in done.issues]


PAST = "id,space,use,group,from,until,afterwards\n7,Fish auction hall,Boat school,De Kiel,2025-01-01,2026-10-31,moved\n"


def test_what_is_over_comes_in_as_a_permit_without_claims(con: Connection, hall: str, bring: Any) -> None:
    done = bring(PAST)
    assert (done.counts["new"], done.counts["past"], done.issues) == (1, 1, [])
    permit, ruled = permits.ruled(con)[0]
    assert (permit.status, permit.title, permit.space_refs, permit.source, permit.source_ref) == (
        "handed_back", "Boat school", (hall,), "leases", "7",
    )  # fmt: skip
    assert (ruled.starts_on, ruled.ends_on) == (date(2025, 1, 1), date(2026, 10, 31))
    assert organisations.get(con, permit.holder_ref).name == "De Kiel"
    after = agreements.afterlife_of(con, permit.ref)
    assert after is not None
    assert (after.outcome, after.note) == ("moved", "moved")
    assert claims.count(con) == 0
    told = events.of(con, permit.ref, "permit")
    assert [(each.what, each.import_ref) for each in told] == [("import", done.ref)]
    assert imports.get(con, done.ref).counts["new"] == 1
    assert letters.find(con) == []


def test_what_runs_takes_its_days_and_the_keys_are_noted(con: Connection, hall: str, bring: Any) -> None:
    done = bring("space,use,from,until\nSP-0001,Repair café,1 March 2027,30/06/2027\n")
    assert done.counts["running"] == 1
    permit = permits.ruled(con)[0].permit
    assert permit.status == "handed_over"
    (claim,) = claims.of_permit(con, permit.ref)
    assert claim.until_minute == date(2027, 7, 1).toordinal() * 1440
    (over,) = agreements.handovers_of(con, permit.ref)
    assert (over.on, over.condition_text) == (date(2027, 3, 1), "imported: leases")
    assert [each.kind for each in agreements.decisions_of(con, permit.ref)] == ["grant"]
    con.rollback()
    hand_back(con, SYSTEM, permit.ref, NOW, Handover(on=date(2027, 4, 1)))
    assert permits.get(con, permit.ref).status == "handed_back"


def test_what_is_still_to_come_is_approved(con: Connection, hall: str, bring: Any) -> None:
    assert bring("space,use,from,until\nSP-0001,Market,2027-06-01,2027-06-30\n").counts["coming"] == 1
    assert permits.ruled(con)[0].permit.status == "approved"
    assert claims.count(con) == 1


def test_a_use_that_the_list_leaves_open_runs_for_a_year_and_is_said(con: Connection, hall: str, bring: Any) -> None:
    done = bring("space,use,years\nSP-0001,Gardens,2012-\n")
    assert messages(done) == ["use.no_end"]
    assert permits.ruled(con)[0].terms.ends_on == date(2028, 3, 31)
    assert permits.ruled(con)[0].permit.source_fields["precision"] == "year"


def test_an_overlap_is_told_by_its_permit_and_nothing_is_taken_twice(con: Connection, hall: str, bring: Any) -> None:
    ref = approved(con, NOW, [hall], terms(date(2027, 5, 1), date(2027, 5, 31)))
    done = bring("space,use,from,until\nSP-0001,Choir,2027-03-01,2027-05-01\n")
    assert (messages(done), done.counts["left_behind"]) == (["use.overlaps"], 1)
    assert (done.issues[0].values["refs"], done.issues[0].values["day"]) == (ref, date(2027, 5, 1))
    assert claims.count(con) == 1


def test_two_rows_of_the_past_that_overlap_are_both_kept_and_said(con: Connection, hall: str, bring: Any) -> None:
    done = bring("space,use,years\nSP-0001,Choir,2015-2017\nSP-0001,Band,2016-2018\n")
    assert (messages(done), done.counts["new"]) == (["use.overlaps_past"], 2)
    assert done.issues[0].values["refs"] == "PM-0001"


def test_rows_that_do_not_fit_are_left_out_each_with_its_sentence(con: Connection, hall: str, bring: Any) -> None:
    done = bring(
        "space,use,from,until\n"
        "SP-0001,Backwards,2027-05-01,2027-03-01\n"
        "SP-9999,Nowhere,2025-01-01,2025-02-01\n"
        "SP-0001,In words,since the summer,until further notice\n"
        "SP-0001,Never,31 February 2025,2025-04-01\n"
        "SP-0001,No days,,\n"
        "SP-0001,Right,2025-01-01,2025-02-01\n"
    )
    assert messages(done) == [
        "use.end_before_start", "use.no_such_space", "value.not_a_day", "value.not_a_day", "use.no_days",
    ]  # fmt: skip
    assert [each.row for each in done.issues] == [2, 3, 4, 5, 6]
    assert (done.counts["new"], done.counts["left_behind"]) == (1, 5)


def test_spaces_are_found_by_name_number_and_address_and_none_is_guessed(
    con: Connection, hall: str, bring: Any
) -> None:
    for place in ("Rivermouth", "Elsewhere"):
        add_space(con, SYSTEM, a_space(name="Station", locality=place), NOW)
    done = bring(
        "space,address,city,use,years\n"
        "FISH  auction Hall,,,A,2001-2002\n"
        ",kaai 4,Rivermouth,B,2003-2004\n"
        "Station,,Elsewhere,C,2005-2006\n"
        "Station,,,D,2007-2008\n"
    )
    found = {permit.title: permit.space_refs for permit, _ in permits.ruled(con)}
    assert found == {"A": (hall,), "B": (hall,), "C": ("SP-0003",)}
    assert messages(done) == ["use.several_spaces"]


def test_spaces_that_are_not_known_are_made_where_one_says_so(con: Connection, bring: Any) -> None:
    text = "case,city,use,years,lon,lat\nOld dairy,Rivermouth,Choir,2011-2013,3.7,51.0\n"
    assert bring(text).counts["new"] == 0
    about = UseList(source="leases", make_spaces=True)
    assert bring(text, about).counts["new"] == 1
    (permit, _), space = permits.ruled(con)[0], spaces.get(con, "SP-0001")
    assert permit.space_refs == ("SP-0001",)
    assert (space.name, space.locality, space.status, space.geometry.x) == ("Old dairy", "Rivermouth", "verified", 3.7)
    con.rollback()
    assert bring(text, about).counts["unchanged"] == 1
    assert spaces.count(con, spaces.SpaceFilter()) == 1


def test_the_same_list_again_changes_and_doubles_nothing(con: Connection, hall: str, bring: Any) -> None:
    bring(PAST)
    assert dict(bring(PAST).counts) == {"rows": 1, "unchanged": 1}
    done = bring(PAST.replace("2026-10-31", "2026-09-30").replace("moved", "sold"))
    assert done.counts["changed"] == 1
    ((permit, ruled),) = permits.ruled(con)
    assert (ruled.version, ruled.ends_on) == (2, date(2026, 9, 30))
    after = agreements.afterlife_of(con, permit.ref)
    assert after is not None
    assert after.outcome == "sold"


def test_a_use_that_ran_and_is_over_in_the_next_list_is_handed_back(con: Connection, hall: str, bring: Any) -> None:
    bring("id,space,use,from,until\n1,SP-0001,Choir,2027-01-01,\n")
    bring("id,space,use,from,until\n1,SP-0001,Choir,2027-01-01,2027-03-20\n")
    ((permit, ruled),) = permits.ruled(con)
    assert (permit.status, ruled.ends_on) == ("handed_back", date(2027, 3, 20))
    assert claims.of_permit(con, permit.ref)[0].until_minute == date(2027, 3, 21).toordinal() * 1440


def test_what_the_office_did_since_stays(con: Connection, hall: str, bring: Any) -> None:
    text = "id,space,use,from,until\n1,SP-0001,Choir,2027-01-01,2027-12-31\n"
    bring(text)
    hand_back(con, SYSTEM, "PM-0001", NOW, Handover(on=date(2027, 3, 31)))
    assert bring(text).counts["unchanged"] == 1
    assert permits.get(con, "PM-0001").ended_on == date(2027, 3, 31)


def test_a_look_says_the_same_and_writes_nothing(con: Connection, hall: str, bring: Any) -> None:
    looked = bring(PAST, dry_run=True)
    assert (looked.ref, looked.counts["new"]) == ("", 1)
    assert permits.count(con) == 0
    con.rollback()
    assert bring(PAST).ref == "IM-0001"
    assert permits.ruled(con)[0].permit.ref == "PM-0001"


def test_a_list_without_a_space_or_days_is_refused_and_so_is_a_stranger(con: Connection, hall: str, bring: Any) -> None:
    with pytest.raises(Invalid) as caught:
        bring("use,from\nChoir,2027-01-01\n")
    assert caught.value.message == "use.no_space_column"
    with pytest.raises(Invalid) as caught:
        bring("space,use\nSP-0001,Choir\n")
    assert caught.value.message == "use.no_day_column"
    with pytest.raises(NotAllowed):
        import_uses(con, PUBLIC, [], LIST, NOW)


def test_the_documented_cases_come_in(con: Connection, shared: Path, tmp_path: Path) -> None:
    source = open_source(shared / "refill-cases.csv", tmp_path / "scratch")
    uses = list(read_uses(source, crosswalk_for(source)))
    source.close()
    about = UseList(source="refill", make_spaces=True)
    done = import_uses(con, SYSTEM, uses, about, NOW)
    assert done.counts["rows"] == 25
    assert done.counts["left_behind"] == 2  # one was never used, one is told in words
    assert {each.permit.status for each in permits.ruled(con)} == {"handed_back", "handed_over"}
    con.rollback()
    assert import_uses(con, SYSTEM, uses, about, NOW).counts["new"] == 0


def test_hours_of_the_week_let_two_groups_share_a_hall(con: Connection, hall: str, bring: Any) -> None:
    done = bring(
        "id,space,use,from,until,hours\n"
        "1,SP-0001,Choir,2027-01-01,2027-12-31,Tue 19:00-22:00\n"
        '2,SP-0001,Band,2027-01-01,2027-12-31,"ma, wo 19u-21u30; za 10-12"\n'
        "3,SP-0001,Club,2027-01-01,2027-12-31,dinsdag 21:30 tot 23:00\n"
        "4,SP-0001,Yoga,2027-01-01,2027-12-31,now and then\n"
    )
    assert messages(done) == ["use.overlaps", "use.hours", "use.overlaps"]
    assert done.counts["running"] == 2
    assert [[each.weekdays for each in ruled.hours] for _, ruled in permits.ruled(con)] == [[2], [5, 32]]
    con.rollback()
    again = bring("id,space,use,from,until,hours\n1,SP-0001,Choir,2027-01-01,2027-12-31,Tue 18:00-22:00\n")
    assert again.counts["changed"] == 1
    assert permits.one_ruled(con, "PM-0001").terms.hours[0].from_minute == 18 * 60


def test_what_a_report_quotes_is_purged_with_the_uses_it_brought(con: Connection, hall: str, bring: Any) -> None:
    done = bring(PAST + "8,Ada Mol's attic,Ada Mol's choir,Ada Mol,2026-01-01,2026-01-31,\n")
    kept = imports.get(con, done.ref)
    assert "Ada Mol" in str(kept.issues)
    due = NOW + timedelta(days=1826)
    assert purge_lists(con, SYSTEM, due - timedelta(days=1)) == []
    assert due_lists(con, SYSTEM, due) == [done.ref]
    assert purge_lists(con, SYSTEM, due) == [done.ref]
    after = imports.get(con, done.ref)
    assert "Ada" not in str(after)
    shown = [(each["row"], each["message"], each["done"]) for each in json.loads(str(after.issues))]
    assert shown == [(each["row"], each["message"], each["done"]) for each in json.loads(str(kept.issues))]
    assert after.counts == kept.counts
    con.rollback()
    assert purge_lists(con, SYSTEM, due) == [], "once"
    again = bring(PAST, now=due)
    assert due_lists(con, SYSTEM, due) == []
    assert again.ref != done.ref


def test_the_nightly_purge_takes_reports_along(con: Connection, hall: str, bring: Any, tmp_path: Path) -> None:
    done = bring("space,use,group,from,until\nAda Mol's attic,Choir,Ada Mol,2025-01-01,2025-02-01\n")
    assert "Ada Mol" in str(imports.get(con, done.ref).issues)
    con.rollback()
    assert purge_permits(con, SYSTEM, tmp_path, NOW + timedelta(days=1826)).lists == [done.ref]
    assert "Ada" not in str(imports.get(con, done.ref))
