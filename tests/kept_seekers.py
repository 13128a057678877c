"""One of everything that version 0005 has more of, for the registers that are kept (``tests.keep_register``)."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

from PIL import Image

from tempuse.access import PUBLIC, SYSTEM
from tempuse.organisations import Organisation
from tempuse.permits import Permit
from tempuse.pictures import SpacePicture
from tempuse.registry import mandates, organisations, pictures, reports
from tempuse.registry.needs.changing import move_need, propose_space
from tempuse.registry.permits.requesting import Requester, request_permit
from tempuse.registry.spaces import add_space, edit_space
from tempuse.registry.watches import keeping
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.reports import Report
from tempuse.store import attachments
from tempuse.store.engine import Connection, Register
from tempuse.vocabulary import NeedAudience
from tests.builders import a_place, a_space, prove
from tests.mandating import give
from tests.needing import ASKED, a_need, drafted, looking, shown
from tests.permitting import terms
from tests.registry.watches.test_watches import WHOLE, a_watch

_MAY = terms(date(2027, 5, 1), date(2027, 6, 30))


def fill(con: Connection, register: Register, now: datetime) -> None:
    """Pictures, owners' words, mandates, needs, kept matches and watches."""
    hall = add_space(con, SYSTEM, a_space(name="Hall with pictures", toilets=True, address="Kaai 5", **WHOLE), now)
    _pictures(con, register, hall, now)
    _words(con, now)
    mediator = organisations.add_organisation(con, SYSTEM, Organisation(name="Pro", kinds=("mediator",)), now)
    give(con, now, mediator, [hall], date(2026, 1, 1), may_visit=True, may_propose=True)
    mandates.end_mandate(con, SYSTEM, give(con, now, mediator, [hall], date(2026, 1, 1), may_head=True), now)
    _needs(con, hall, now)
    asks = Permit(space_refs=(hall,), title="Repair café", use_categories=("workshop",))
    who = Requester(name="Ada", email="match@group.example", group="Repair café")
    request_permit(con, PUBLIC, asks, _MAY, who, now, wanted=ASKED)
    _watches(con, now)


def _picture(register: Register, space_ref: str, colour: str) -> SpacePicture:
    files = {}
    for kind, ending in (("JPEG", "jpg"), ("WEBP", "webp")):
        made = io.BytesIO()
        Image.new("RGB", (32, 24), colour).save(made, kind)
        files[ending] = attachments.put(register.home, made.getvalue(), ending)
    sizes = ({"width": 32, "height": 24, **files},)
    return SpacePicture(space_ref=space_ref, name=files["jpg"], sizes=sizes)


def _pictures(con: Connection, register: Register, hall: str, now: datetime) -> None:
    seen, unseen = (_picture(register, hall, colour) for colour in ("red", "blue"))
    for each in (seen, unseen):
        pictures.add_picture(con, SYSTEM, each, now)
    pictures.show_picture(con, SYSTEM, hall, seen.name, "The yard", "I. Maes", now)
    photo = _picture(register, hall, "green").name
    told = Report(kind="vacant", address="Kaai 6", photos=(photo,), contact="jo@example.org", contact_consent=True)
    reports.send_report(con, PUBLIC, told, now)


def _words(con: Connection, now: datetime) -> None:
    """An offer, and of each wish one that waits and one that is judged."""
    offer = Report(kind="offer", sender_name="Ann Baker", level="district", contact="ann@baker.example",
                   contact_consent=True, space_kind="unit", address="Kaai 7", area_m2=94.0,
                   free_from=date(2027, 1, 1))  # fmt: skip
    reports.send_report(con, PUBLIC, offer, now)
    for wish, level in (("show", "exact"), ("less", "cell"), ("off", None)):
        for judged in ("", "heed", "answer"):
            shop = a_space(name=f"Shop {wish} {judged}", ownership="private", consent="given",
                           consent_on=date(2026, 5, 1), location_level="exact")  # fmt: skip
            ref = add_space(con, SYSTEM, shop, now)
            word = Report(kind="owner", space_ref=ref, wish=wish, level=level, sender_name="Ann Baker",
                          contact="ann@baker.example", contact_consent=True)  # fmt: skip
            sent = reports.send_report(con, PUBLIC, word, now).report.ref
            prove(con, sent, now)
            if judged:
                reports.judge_report(con, SYSTEM, sent, judged, now, answer="No." if judged == "answer" else None)


def _needs(con: Connection, hall: str, now: datetime) -> None:
    drafted(con, now, email="draft@group.example", group="A draft")
    looks = looking(con, now)
    propose_space(con, SYSTEM, looks, hall, now)
    shown(con, now, email="shown@group.example", group="Shown")
    read = a_need(audience=NeedAudience.PUBLIC.value)
    looking(con, now, read, email="read@group.example", group="To be read")
    for move in ("withdraw", "set_aside"):
        ref = looking(con, now, email=f"{move}@group.example", group=move)
        move_need(con, SYSTEM, ref, move, now, note="not for this register")


def _watches(con: Connection, now: datetime) -> None:
    a_watch(con, now)
    ended = a_watch(con, now, email="ended@example.org", secret="another")
    keeping.end_watch(con, PUBLIC, "another", now)
    assert ended.id
    new = add_space(con, SYSTEM, a_space(name="New for a watch", **WHOLE), now)
    sweep_watches(con, SYSTEM, now)
    edit_space(con, SYSTEM, new, {"cost_cents": 90_000, "geometry": a_place(0.001)}, now + timedelta(minutes=1))
    sweep_watches(con, SYSTEM, now + timedelta(minutes=1))
