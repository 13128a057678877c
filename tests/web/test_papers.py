"""Papers in words: each fact of a snapshot stands in the paper, in the language that binds and in the reader's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import pytest
from flask import Flask

from tempuse.papers.snapshot import Snapshot
from tempuse.store import attachments
from tempuse.store.engine import Register
from tests import pdfs
from tests.office import an_office
from tests.web.test_pictures import a_jpeg
from web.papers import agreement_paper, decision_paper, handover_paper

Change = Callable[..., Snapshot]


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


def a_snapshot(**changes: Any) -> Snapshot:
    """A granted permit that says something of everything."""
    held: dict[str, Any] = {
        "municipality": "Rivermouth", "site": "https://spaces.rivermouth.example",
        "contact": "planning@rivermouth.example",
        "language": "nl", "time_zone": "Europe/Brussels", "currency": "EUR", "made_at": "2027-02-01T23:30:00+00:00",
        "ref": "PM-0012", "kind": "Small permit", "title": "Repair café", "purpose": "Mending on two evenings",
        "holder": {"ref": "OR-0003", "name": "The Menders", "legal_form": "association", "registered_no": "0123.456",
                   "contact": "Ada Łuczak\nada@menders.example"},
        "grantor": {"ref": "OR-0001", "name": "Harbour Company", "contact": None},
        "spaces": [{"ref": "SP-0001", "name": "Fish auction hall", "address": "Kaai 4", "area_m2": 412.5},
                   {"ref": "SP-0002", "name": "Yard", "address": None, "area_m2": None}],
        "terms": {
            "version": 2, "sha256": "ab" * 32, "starts_on": "2027-03-01", "ends_on": "2027-08-31", "from_on": None,
            "hours": [
                {"weekdays": 2 | 8, "from_minute": 1140, "until_minute": 1320, "every_weeks": 2},
                {"weekdays": 32, "from_minute": 1320, "until_minute": 150, "nth_in_month": -1},
            ],
            "season": {"from_day": "05-01", "until_day": "02-29"},
            "except_on": ["2027-07-21"], "extra_on": ["2027-03-07"],
            "part": "The ground floor", "uses_permitted": ["workshop", "food"], "persons_most": 60,
            "noise_limit_db": 85, "quiet_from": 1320, "quiet_until": 420, "open_to_public": True,
            "insurance_required": True, "sublet": "with_consent", "tenure": "precarious", "instrument": "Besluit 7",
            "fee_cents": 12_050, "fee_period": "month", "cost_model": "running_costs", "deposit_cents": 50_000,
            "notice_days_holder": 30, "notice_days_grantor": 1, "renew_ask_days": 90, "longest_total_days": 1095,
            "on_sale": "may_be_ended",
            "conditions": [{"text": "Keep the fire exit free.", "because": "The fire brigade asks for it.",
                            "check_on": "2027-03-15"}],
        },
        "decision": {"kind": "grant", "on": "2027-02-02", "by": "Ilse Maes", "because": "It fits.",
                     "object_until_on": "2027-03-16", "objections_to": "Town hall, Market 1"},
        "signatures": [{"party": "holder", "name": "Ada Łuczak", "role_said": "chair", "how": "typed",
                        "at": "2027-02-02T23:30:00+00:00"}],
        "handover": {
            "way": "over", "on": "2027-03-01", "present": "Ilse Maes, Ada Łuczak",
            "keys": [{"label": "front door", "count": 2}],
            "meters": [{"kind": "power", "number": "E-77", "reading": 12345.6, "unit": "kWh"}],
            "condition_text": "A cracked window at the back.", "photos": [],
            "agreed_by_holder_at": "2027-03-01T09:00:00+00:00", "remarks_holder": "The tap drips.",
        },
    }  # fmt: skip
    return cast(Snapshot, {**held, **changes})


def told(app: Flask, make: Callable[[Snapshot, str], bytes], snapshot: Snapshot, language: str) -> str:
    """The paper's text as a snapshot gives it that was kept as JSON."""
    with app.app_context():
        return pdfs.flat(make(json.loads(json.dumps(snapshot)), language))


def test_an_agreement_says_everything_that_was_agreed(app: Flask) -> None:
    said = told(app, agreement_paper, a_snapshot(language="en"), "en")
    for wanted in (
        "Agreement on temporary use · Repair café", "Number: PM-0012", "Kind: Small permit", "Harbour Company",
        "The Menders", "Registered as: 0123.456", "Ada Łuczak ada@menders.example",
        "SP-0001 Fish auction hall Kaai 4 412 m²",
        "SP-0002 Yard – –", "First day: 1 March 2027", "Last day: 31 August 2027",
        "Hours: Tuesday and Thursday, 19:00–22:00, every 2 weeks",
        "the last Saturday of each month, 22:00–02:30 the next morning", "Each year: from 1 May to 29 February",
        "Not on: 21 July 2027", "Also on: 7 March 2027", "Part: The ground floor",
        "Allowed uses: workshop and kitchen or café",
        "Persons at most: 60", "Noise at most: 85 dB", "Quiet hours: 22:00–07:00", "Open to the public: yes",
        "The holder is insured", "only when who grants it agrees", "precarious use, which may be ended at any time",
        "Instrument: Besluit 7", "running costs only", "Fee: €120.50 a month", "Deposit: €500.00",
        "Notice by who holds it: 30 days", "Notice by who grants it: 1 day", "ask at least 90 days before it",
        "Longest in all: 1095 days", "the new owner may end it with notice",
        "Keep the fire exit free. Reason: The fire brigade asks for it. Checked on 15 March 2027.",
        "Ada Łuczak, chair signed by typing this name, 3 February 2027, 00:30", "not signed yet",
        "version 2", "ab" * 32,
    ):  # fmt: skip
        assert wanted in said, (wanted, said)


def test_what_is_not_known_is_not_said(app: Flask) -> None:
    bare = {"version": 1, "sha256": "cd" * 32, "starts_on": "2027-03-01", "ends_on": "2027-03-02"}
    snapshot = a_snapshot(language="en", terms=bare, grantor=None, purpose=None, kind=None, signatures=[], site=None)
    said = told(app, agreement_paper, snapshot, "en")
    assert "Hours: at any hour" in said
    assert "Who grants it Name: Rivermouth" in said
    assert said.count("not signed yet") == 2
    for unsaid in ("None", "Costs", "Conditions", "Purpose", "Form and end", "Noise", "insured", "Kind"):
        assert unsaid not in said, unsaid


def test_the_reader_s_language_stands_beside_the_one_that_binds(app: Flask) -> None:
    said = told(app, agreement_paper, a_snapshot(), "en")
    first, _, second = said.partition("the first part is the one that binds")
    assert "Eerste dag: 1 maart 2027" in first
    assert "First day: 1 March 2027" in second
    assert "€ 120,50" in " ".join(first.split())
    assert "Handtekening " in first
    assert "Signature " not in second, "the translation is not signed"
    with app.app_context():
        made = agreement_paper(a_snapshot(), "en")
        alone = agreement_paper(a_snapshot(), "nl")
    assert pdfs.bookmarks(made)[0] == "Overeenkomst over tijdelijk gebruik"
    assert "Wanneer" in pdfs.bookmarks(alone)
    assert "When" not in pdfs.bookmarks(alone)
    assert {language for _, language in pdfs.tags(alone)} == {""}


def test_a_refusal_tells_why_and_neither_terms_nor_conditions(app: Flask) -> None:
    decision = {"kind": "refuse", "on": "2027-02-02", "by": "Ilse Maes", "because": "PM-0007 has these days.",
                "object_until_on": "2027-03-16", "objections_to": "Town hall, Market 1"}  # fmt: skip
    said = told(app, decision_paper, a_snapshot(language="en", decision=decision), "en")
    assert "the request is refused" in said
    assert "Reason: PM-0007 has these days." in said
    assert "You may object until: 16 March 2027 Where: Town hall, Market 1" in said
    assert "fire exit" not in said
    assert "Fee" not in said


def test_a_grant_tells_the_terms_and_conditions(app: Flask) -> None:
    said = told(app, decision_paper, a_snapshot(language="en"), "en")
    for wanted in (
        "the permit is granted",
        "Decided by: Ilse Maes",
        "Fee: €120.50 a month",
        "fire exit",
        "16 March 2027",
    ):
        assert wanted in said


def test_a_hand_over_tells_keys_and_readings(app: Flask) -> None:
    said = told(app, handover_paper, a_snapshot(language="en"), "en")
    for wanted in (
        "Record of the hand-over", "Day: 1 March 2027", "Present: Ilse Maes, Ada Łuczak", "2 × front door",
        "power E-77 12,345.6 kWh", "A cracked window at the back.",
        "Agreed by who holds it: 1 March 2027, 10:00", "The tap drips.",
    ):  # fmt: skip
        assert wanted in said, (wanted, said)
    back = {"way": "back", "on": "2027-08-31", "deposit_returned_cents": 0}
    said = told(app, handover_paper, a_snapshot(language="en", handover=back), "en")
    assert "Record of the keys coming back" in said
    assert "Deposit returned: €0.00" in said
    assert said.count("not signed yet Name Day Signature") == 2


def test_photos_are_printed_for_those_who_see_them_and_told_to_those_who_do_not(
    app: Flask, register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    photos = [attachments.put(register.home, a_jpeg(colour), "jpg") for colour in ("red", "green")]
    record = {"way": "over", "on": "2027-03-01", "photos": [*photos, f"{'0' * 64}.jpg"]}
    with app.app_context():
        made = handover_paper(a_snapshot(language="en", handover=record), "en")
        assert handover_paper(a_snapshot(language="en", handover=record), "en") == made
        both = handover_paper(a_snapshot(language="nl", handover=record), "en")
    assert pdfs.alternatives(made) == [
        "Photo 1 of 3: how it looked on 1 March 2027", "Photo 2 of 3: how it looked on 1 March 2027",
    ]  # fmt: skip
    assert "3 photos are kept." in pdfs.flat(made), "one that is lost is not printed"
    assert pdfs.pictures(made) == 2
    assert "pdfuaid" in pdfs.metadata(made)
    assert pdfs.alternatives(both)[0] == "Foto 1 van 3: hoe het eruitzag op 1 maart 2027"
    assert pdfs.alternatives(both)[2] == "Photo 1 of 3: how it looked on 1 March 2027"
    assert not caplog.records
    broken = attachments.put(register.home, b"\xff\xd8\xff no picture", "jpg")
    told_without = told(app, handover_paper, a_snapshot(language="en", handover={**record, "photos": [broken]}), "en")
    assert "1 photo is kept." in told_without
    assert "cannot be printed" in caplog.text


def test_a_paper_made_again_is_the_same_whatever_the_settings_say_by_then(app: Flask, register: Register) -> None:
    with app.app_context():
        first = agreement_paper(a_snapshot(), "en")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert agreement_paper(a_snapshot(), "en") == first


def test_the_city_s_template_lies_in_its_home(app: Flask, register: Register) -> None:
    folder = register.home / "papers"
    folder.mkdir()
    (folder / "decision.typ").write_text(
        '#import "paper.typ": paper\n#paper(json(bytes(sys.inputs.paper)))\n\nSealed in Rivermouth.\n'
    )
    assert "Sealed in Rivermouth." in told(app, decision_paper, a_snapshot(), "nl")
    assert "Sealed in Rivermouth." not in told(app, agreement_paper, a_snapshot(), "nl")


def test_words_of_strangers_are_only_words(app: Flask) -> None:
    snapshot = a_snapshot(title='#read("/etc/passwd") %(title)s {0}', purpose="*x* <b> $y$", language="en")
    said = told(app, agreement_paper, snapshot, "nl")
    assert '#read("/etc/passwd") %(title)s {0}' in said.replace("“", '"').replace("”", '"')
    assert "*x* <b> $y$" in said
