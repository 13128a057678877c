"""Owners are asked once about all their spaces, answer once by a link, and what they say holds at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import orjson
import pytest

from tempuse.access import PUBLIC, SYSTEM
from tempuse.errors import Conflict, Invalid
from tempuse.owner_letters import LASTS, LATER, OfOwner, by_owner
from tempuse.registry import publishing, setup
from tempuse.registry.care import checking
from tempuse.registry.owners import answering, asking
from tempuse.registry.owners.answering import answer_letter, open_letter
from tempuse.registry.owners.asking import LetterWanted, ask_again, ask_owners, note_told, owners_to_ask
from tempuse.registry.permits.owners import change_owner
from tempuse.registry.reports import fingerprint
from tempuse.registry.spaces import add_space, edit_space, move_space
from tempuse.store import events, letters, owner_letters, published, spaces
from tempuse.store.engine import Connection
from tempuse.vocabulary import LetterWay, LocationLevel, OwnerAnswer
from tests.builders import a_space

pytestmark = pytest.mark.both_engines
ANN = {"ownership": "private_person", "owner_name": "Ann Baker", "owner_email": "Ann@baker.example"}
MAIL, PAPER = LetterWay.MAIL, LetterWay.PAPER
DAY = timedelta(days=1)


def a_shop(con: Connection, now: datetime, name: str = "Shop", **values: object) -> str:
    return add_space(con, SYSTEM, a_space(name=name, status="offered", **{**ANN, **values}), now)


def level_seen(con: Connection, ref: str) -> str | None:
    text = published.feature(con, "spaces", ref)
    con.rollback()
    return orjson.loads(text)["properties"]["location_level"] if text else None


def consent_of(con: Connection, ref: str) -> tuple[str, date | None]:
    held = spaces.get(con, ref)
    con.rollback()
    return held.consent, held.consent_on


def asked(con: Connection, now: datetime, *refs: str, way: LetterWay = MAIL) -> str:
    """The secret of a letter about these spaces."""
    (letter,) = ask_owners(con, SYSTEM, [LetterWanted(refs, way)], "en", now)
    asking.expect_secrets(con, SYSTEM, {letter.ref: fingerprint(f"secret {letter.ref}")})
    return f"secret {letter.ref}"


def test_an_owner_of_several_spaces_is_asked_once_and_who_cannot_be_is_said() -> None:
    owners, cannot = by_owner([
        OfOwner("SP-1", "Ann Baker", " Ann@Baker.example"), OfOwner("SP-2", "ann", "ann@baker.example"),
        OfOwner("SP-3", "Ann Baker", None), OfOwner("SP-4", "ANN  báker", ""), OfOwner("SP-5", "Bo", "no address"),
        OfOwner("SP-6", None, "no address"), OfOwner("SP-7", " ", None),
        OfOwner("SP-8", "Ann Baker", "ann@baker.example", do_not_contact=True),
        OfOwner("SP-9", "Ann Baker", "ann@baker.example", not_theirs=True),
    ])  # fmt: skip
    assert [(each.name, each.email, each.way, each.space_refs) for each in owners] == [
        ("Ann Baker", "", PAPER, ["SP-3", "SP-4"]), ("Ann Baker", "ann@baker.example", MAIL, ["SP-1", "SP-2"]),
        ("Bo", "", PAPER, ["SP-5"]),
    ]  # fmt: skip
    assert [(space.ref, why.partition(".")[2]) for space, why in cannot] == [
        ("SP-6", "wrong_address"), ("SP-7", "unknown"), ("SP-8", "no_contact"), ("SP-9", "not_theirs"),
    ]  # fmt: skip


def test_only_what_is_verified_private_and_not_asked_about_is_to_be_asked(con: Connection, now: datetime) -> None:
    wanted = {a_shop(con, now), add_space(con, SYSTEM, a_space(status="verified", **ANN), now)}
    for values in ({"status": "reported"}, {"status": "withheld"}, {"ownership": "municipality"},
                   {"consent": "given"}, {"consent": "objected"}, {"consent": "notified"}):  # fmt: skip
        add_space(con, SYSTEM, a_space(**{"status": "offered", **ANN, **values}), now)
    found = owners_to_ask(con, SYSTEM)
    con.rollback()
    assert [set(each.space_refs) for each in found.owners] == [wanted]
    assert (found.cannot, found.more) == ([], False)
    assert owners_to_ask(con, SYSTEM, most=1).more
    con.rollback()


def test_asking_shows_nothing_and_a_yes_shows_each_as_it_was_chosen(con: Connection, now: datetime) -> None:
    one, two, three = (a_shop(con, now, f"Shop {n}") for n in range(3))
    secret = asked(con, now, one, two, three)
    assert [each.template for each in letters.find(con)] == ["owner_ask"]
    con.rollback()
    assert {consent_of(con, ref) for ref in (one, two, three)} == {("asked", now.date())}
    assert [level_seen(con, ref) for ref in (one, two, three)] == [None] * 3
    opened = open_letter(con, PUBLIC, secret, now)
    con.rollback()
    assert opened is not None
    assert (opened.is_open, [each.ref for each in opened.spaces]) == (True, [one, two, three])
    assert {consent_of(con, ref)[0] for ref in (one, two)} == {"asked"}, "looking does nothing"
    later = now + 3 * DAY
    choices = {one: "district", two: "exact", three: "no"}
    done = answer_letter(
        con, PUBLIC, secret, OwnerAnswer.YES, later, choices=choices, by="Ann", remark="The key is here."
    )
    assert done is not None
    assert done.is_open
    assert [level_seen(con, ref) for ref in (one, two, three)] == ["district", "exact", None]
    held = spaces.get(con, one)
    con.rollback()
    assert (held.consent, held.consent_on, held.consent_how, held.consent_by) == ("given", later.date(), "link", "Ann")
    assert consent_of(con, three) == ("objected", later.date())
    letter = owner_letters.get(con, "OL-0001")
    told = [(each.what, each.actor) for each in events.of(con, "OL-0001", "owner_letter")]
    con.rollback()
    assert (letter.answer, letter.choices, letter.answered_by) == ("yes", choices, "Ann")
    assert told == [("answer", "owner"), ("ask", "command line")]
    again = answer_letter(con, PUBLIC, secret, OwnerAnswer.NO, later + DAY)
    assert again is not None
    assert not again.is_open, "a link works once"
    assert level_seen(con, two) == "exact"
    assert checking.check_register(con, later + DAY) == []


def test_a_no_hides_what_lies_within_too_unless_it_is_anothers(con: Connection, now: datetime) -> None:
    house = a_shop(con, now, "House", kind="building")
    given = {"kind": "unit", "within_ref": house, "consent": "given", "consent_on": now.date()}
    hers, others = (
        a_shop(con, now, "Hers", **given),
        a_shop(con, now, "Others", **{**given, "owner_email": "bo@b.example"}),
    )
    answer_letter(con, PUBLIC, asked(con, now, house), OwnerAnswer.NO, now)
    assert [level_seen(con, ref) is None for ref in (house, hers, others)] == [True, True, False]


def test_who_is_not_the_owner_is_not_asked_again(con: Connection, now: datetime) -> None:
    shop = a_shop(con, now)
    answer_letter(con, PUBLIC, asked(con, now, shop), OwnerAnswer.NOT_OWNER, now)
    assert consent_of(con, shop) == ("unasked", None)
    found = owners_to_ask(con, SYSTEM)
    con.rollback()
    assert (found.owners, [why for _, why in found.cannot]) == ([], ["owner_letter.not_theirs"])
    edit_space(con, SYSTEM, shop, {"owner_name": "Bo", "owner_email": "bo@mason.example"}, now)
    assert [each.name for each in owners_to_ask(con, SYSTEM).owners] == ["Bo"]
    con.rollback()


def test_later_is_asked_again_by_the_same_link_when_the_office_says_so(con: Connection, now: datetime) -> None:
    shop = a_shop(con, now)
    secret = asked(con, now, shop)
    answer_letter(con, PUBLIC, secret, OwnerAnswer.LATER, now)
    assert consent_of(con, shop)[0] == "asked"
    assert owner_letters.to_ask_later(con, (now + LATER - DAY).date()) == []
    assert [each.ref for each in owner_letters.to_ask_later(con, (now + LATER).date())] == ["OL-0001"]
    con.rollback()
    ask_again(con, SYSTEM, "OL-0001", now + LATER)
    opened = open_letter(con, PUBLIC, secret, now + LATER + LASTS)
    over = open_letter(con, PUBLIC, secret, now + LATER + LASTS + DAY)
    con.rollback()
    assert opened is not None
    assert over is not None
    assert (opened.is_open, over.is_open) == (True, False)
    answer_letter(con, PUBLIC, secret, OwnerAnswer.YES, now + LATER, choices={shop: "cell"})
    with pytest.raises(Conflict):
        ask_again(con, SYSTEM, "OL-0001", now + LATER)


@pytest.mark.parametrize("level", ["", "yes", "1"])
def test_a_yes_without_a_level_is_none(con: Connection, now: datetime, level: str) -> None:
    shop = a_shop(con, now)
    secret = asked(con, now, shop)
    with pytest.raises(Invalid):
        answer_letter(con, PUBLIC, secret, OwnerAnswer.YES, now, choices={shop: level})
    assert consent_of(con, shop)[0] == "asked"
    assert answer_letter(con, PUBLIC, "another secret", OwnerAnswer.YES, now, choices={shop: "exact"}) is None


def test_the_old_owners_link_does_not_speak_for_the_new_one(con: Connection, now: datetime) -> None:
    sold, kept = a_shop(con, now, "Sold"), a_shop(con, now, "Kept")
    secret = asked(con, now, sold, kept)
    change_owner(con, SYSTEM, sold, {"owner_name": "Janssens", "owner_email": "jan@janssens.example"}, None, now)
    move_space(con, SYSTEM, kept, "withhold", now)
    answer_letter(con, PUBLIC, secret, OwnerAnswer.YES, now, choices={sold: "exact", kept: "exact"})
    assert (consent_of(con, sold)[0], consent_of(con, kept)[0]) == ("unasked", "given")
    assert level_seen(con, kept) is None, "it is withheld by the city"


def test_who_was_asked_and_is_not_noted_as_the_owner_any_more_is_not_waited_for(con: Connection, now: datetime) -> None:
    shop = a_shop(con, now)
    secret = asked(con, now, shop)
    edit_space(con, SYSTEM, shop, {"owner_email": "ann@new.example"}, now)
    assert consent_of(con, shop) == ("unasked", None)
    opened = open_letter(con, PUBLIC, secret, now)
    con.rollback()
    assert opened is not None
    assert not opened.is_open
    with pytest.raises(Conflict):
        ask_again(con, SYSTEM, "OL-0001", now)


def test_somebody_who_was_asked_meanwhile_is_not_asked_twice(con: Connection, now: datetime) -> None:
    one, two = a_shop(con, now), a_shop(con, now)
    asked(con, now, one)
    for refs in ((one,), (one, two)):
        with pytest.raises(Conflict):
            ask_owners(con, SYSTEM, [LetterWanted(refs, MAIL)], "en", now)
    with pytest.raises(Conflict):
        ask_owners(con, SYSTEM, [LetterWanted((two,), MAIL), LetterWanted((one,), PAPER)], "en", now)
    assert consent_of(con, two)[0] == "unasked", "all letters or none"


def test_where_silence_is_enough_the_time_begins_when_the_letter_left(con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"private_rule": "objection", "objection_days": "30"}, now)
    shop, other = a_shop(con, now), a_shop(con, now, owner_email="bo@mason.example")
    asked(con, now, shop, way=PAPER)
    secret = asked(con, now, other)
    later = now + 5 * DAY
    publishing.republish_due(con, SYSTEM, now + 90 * DAY)
    assert level_seen(con, shop) is None, "a letter that never left tells nobody"
    for ref in ("OL-0001", "OL-0002"):
        note_told(con, SYSTEM, ref, later)
    assert consent_of(con, shop) == ("notified", later.date())
    answer_letter(con, PUBLIC, secret, OwnerAnswer.LATER, later)
    assert consent_of(con, other)[0] == "asked", "silence does not count until they are asked again"


def test_whom_letters_were_to_is_forgotten_when_its_time_is_over(con: Connection, now: datetime) -> None:
    setup.change_settings(con, SYSTEM, {"report_contact_days": "30"}, now)
    one, two = a_shop(con, now), a_shop(con, now, owner_email="bo@mason.example")
    secret = asked(con, now, one)
    asked(con, now, two)
    answer_letter(con, PUBLIC, secret, OwnerAnswer.YES, now, choices={one: "cell"}, by="Ann", remark="Ring twice.")
    assert asking.forget_owner_letters(con, SYSTEM, now + 29 * DAY) == 0
    assert asking.forget_owner_letters(con, SYSTEM, now + 31 * DAY) == 1
    held = owner_letters.get(con, "OL-0001")
    con.rollback()
    assert (held.owner_name, held.owner_email, held.answered_by, held.remark, held.answer) == (*[None] * 4, "yes")
    assert open_letter(con, PUBLIC, secret, now + 31 * DAY) is None
    con.rollback()
    assert asking.forget_owner_letters(con, SYSTEM, now + LASTS + 32 * DAY) == 1
    assert level_seen(con, one) == "cell"
    assert checking.check_register(con, now + LASTS + 32 * DAY) == []


def test_every_level_can_be_chosen(con: Connection, now: datetime) -> None:
    for level in LocationLevel:
        shop = a_shop(con, now)
        answer_letter(con, PUBLIC, asked(con, now, shop), OwnerAnswer.YES, now, choices={shop: level.value})
        assert level_seen(con, shop) == level
    assert answering.OWNER.person_ref is None
