"""The owners of the demo's town: some to ask, one who has not answered, one who said no."""

from __future__ import annotations

from datetime import timedelta

from tempuse.access import SYSTEM
from tempuse.registry.owners import asking
from tempuse.store import owner_letters, published, spaces
from tempuse.store.engine import Connection
from tests import test_demo
from tests.test_demo import TODAY

made = test_demo.made


def test_some_owners_are_to_be_asked_one_has_not_answered_and_one_said_no(made: Connection) -> None:
    owners, cannot, more = asking.owners_to_ask(made, SYSTEM)
    assert [(each.name, bool(each.email), len(each.space_refs)) for each in owners] == [
        ("Heirs of P. Maas", False, 1), ("Noor Visser", True, 1), ("Tidewater Properties", True, 5),
    ]  # fmt: skip
    assert ([why for _, why in cannot], more) == (["owner_letter.unknown"], False)
    (waits,) = owner_letters.unanswered(made)
    assert (waits.owner_name, waits.way, len(waits.space_refs)) == ("Hoek Brothers", "paper", 2)
    assert waits.told_on == TODAY - timedelta(days=22)
    (refused,) = owner_letters.answered(made, 9)
    assert (refused.answer, spaces.get(made, refused.space_refs[0]).consent) == ("no", "objected")
    theirs = [
        *(each.ref for each, _ in cannot),
        *waits.space_refs,
        *refused.space_refs,
        *(ref for each in owners for ref in each.space_refs),
    ]
    assert not set(theirs) & set(published.refs(made, "spaces"))
