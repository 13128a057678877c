"""One way to say in a form what is wrong with it: issues beside fields, refusals above, each with its status."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from wtforms import FormField, StringField

from tempuse.access import SYSTEM
from tempuse.errors import Conflict, Invalid, Issue, NotAllowed, NotFound, TempuseError, Unusable, WrongState
from tempuse.registry.spaces import add_space
from tempuse.spaces import EDITABLE
from tempuse.store.engine import Register
from tempuse.store.tables import sent_forms
from tests.builders import a_space
from tests.office import an_office
from web import create_app, tasks
from web.office.spaces import sections
from web.site.forms import Choice, Choices, Day, Duration, Form, Rows


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


class Row(Form):
    class Meta(Form.Meta):
        csrf = False

    title = StringField()


class Plan(Form):
    class Meta(Form.Meta):
        csrf = False

    name = StringField()
    starts = Day()
    lasts = Duration()
    kind = Choice(choices=[("a", "A"), ("b", "B")], default="a")
    boxes = Choices(choices=[("x", "X"), ("y", "Y")])
    past = Rows(FormField(Row))


def sent(**values: Any) -> Plan:
    pairs = {name.replace("__", "-"): value for name, value in values.items()}
    return Plan(MultiDict(pairs))


def raising(form: Form, error: TempuseError, *args: Any) -> None:
    with form.saying(*args):
        raise error


def test_issues_stand_beside_their_fields_and_within_rows(app: Flask) -> None:
    with app.test_request_context():
        form = sent(past__0__title="", past__1__title="one")
        issues = [
            Issue(None, "name", "", "space.unnamed"), Issue(None, "past-1-title", "", "period.title"),
            Issue(None, "nowhere", "x", "value.not_in_list"),
        ]  # fmt: skip
        raising(form, Invalid("space.invalid", issues))
        assert [where for where, _ in form.mending()] == ["name", "name", "past-1-title"]
        assert form.past[1].form.title.errors
        assert form.status == 422
        bare = sent()
        raising(bare, Invalid("space.invalid", ref="SP-0001"))
        assert (len(bare.mending()), bare.status) == (1, 422), "nothing is refused in silence"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("person.email_taken", email="a@example.org", name="Jo"), 409),
        (NotFound("space.not_found", ref="SP-9"), 404),
        (WrongState("person.last_administrator"), 409),
    ],
)
def test_a_refusal_stands_above_with_its_status(app: Flask, error: TempuseError, status: int) -> None:
    with app.test_request_context():
        form = sent()
        raising(form, error)
        assert (len(form.refusals), form.mending(), form.status) == (1, [], status)
        beside = sent()
        raising(beside, error, {type(error): "name"})
        assert (beside.refusals, beside.status) == ([], 422)
        assert [where for where, _ in beside.mending()] == ["name"]
        other = sent()
        raising(other, error, None, "Not now.")
        assert other.refusals == ["Not now."]


@pytest.mark.parametrize(
    "error", [NotAllowed("actor.not_allowed", name="x", permission="y"), Unusable("register.locked", path="x")]
)
def test_what_is_no_answer_to_a_form_goes_on(app: Flask, error: TempuseError) -> None:
    with app.test_request_context(), pytest.raises(type(error)):
        raising(sent(), error)


def test_a_form_that_is_well_has_status_200(app: Flask) -> None:
    with app.test_request_context():
        form = sent(name="x", kind="b", boxes="y", starts="2027-03-01")
        assert form.validate()
        with form.saying():
            pass
        assert (form.status, form.boxes.data) == (200, ["y"])
        assert str(form.starts.day) == "2027-03-01"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"kind": "zzz"}, "kind"), ({"boxes": "zzz"}, "boxes"), ({"starts": "soon"}, "starts")],
)
def test_what_is_none_of_the_choices_is_said(app: Flask, values: dict[str, str], field: str) -> None:
    with app.test_request_context():
        form = sent(**values)
        assert not form.validate()
        assert [where for where, _ in form.mending()] == [field]


def test_a_term_is_a_number_and_its_unit(app: Flask) -> None:
    with app.test_request_context():
        assert sent(lasts=" 6 ", lasts_unit="month").lasts.data == "6 month"
        assert sent(lasts="", lasts_unit="month").lasts.data == ""
        assert sent(lasts="6").lasts.parts == ("6", "day")
        assert sent().lasts.parts == ("", "month")


@pytest.mark.parametrize("number", ["²", "٣x", "-1", "9" * 30, "", "0x"])
def test_what_only_looks_like_a_row_is_none(app: Flask, number: str) -> None:
    with app.test_request_context():
        form = Plan(MultiDict({f"past-{number}-title": "x", "past-4-title": "four"}))
        assert [entry.form.title.data for entry in form.past] == ["four"]


def test_every_field_that_may_be_edited_stands_in_the_form_of_a_space(app: Flask) -> None:
    with app.test_request_context():
        placed = [name for _, _, names in sections.layout() for name in names]
        assert sorted(placed) == sorted(EDITABLE)


def test_a_field_that_no_section_names_stands_in_the_last(app: Flask) -> None:
    with app.test_request_context():
        assert sections.layout((*EDITABLE, "parking_places"))[-1][2][-1] == "parking_places"


def test_the_clock_forgets_forms_that_were_sent_some_days_ago(register: Register, now: datetime) -> None:
    with register.connect() as con:
        add_space(con, SYSTEM, a_space(), now, form_token="form-1")
    for later, left in ((timedelta(days=6), 1), (timedelta(days=8), 0)):
        aged = create_app(register, clock=lambda at=now + later: at)
        with aged.test_request_context():
            tasks.forget_uploads()
        with register.connect() as con:
            assert con.scalar(select(func.count()).select_from(sent_forms)) == left
