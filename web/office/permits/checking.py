"""Departments on the office's page of a permit: asked, reminded, answered for, done without."""

from __future__ import annotations

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, StringField, TextAreaField, ValidationError

from tempuse.checks import Check, CheckAnswer, matter
from tempuse.permit_kinds import departments
from tempuse.registry.permits import checking, taking_in
from tempuse.store import checks as rows
from tempuse.store import permits
from tempuse.store.engine import Connection
from tempuse.store.permits import Ruled
from tempuse.vocabulary import CheckState, Permission, Verdict
from web import database
from web.office.blueprint import office
from web.office.permits import acting, called, sections
from web.office.permits.acting import ActForm, act_page
from web.office.permits.acts import may
from web.office.permits.sections import PermitSection
from web.presenters import labels
from web.site.forms import AtMost, Choice, Choices, Day, Needed

_DECIDE = Permission.PERMIT_DECIDE
_ONE = "/permits/<ref>/checks/<check>"
_AGAIN = (CheckState.STALE, CheckState.NOT_ASKED, CheckState.WAIVED, CheckState.ANSWERED)


class DepartmentsForm(ActForm):
    """Which departments are asked, and whether their answer is needed."""

    departments = Choices(lazy_gettext("Which departments?"))
    required = BooleanField(
        lazy_gettext("Nothing is approved without their answer"),
        description=lazy_gettext("Of those that were asked before it stays as it was."),
    )

    def __init__(self) -> None:
        super().__init__(data={"required": True})
        every = departments(database.settings().departments)
        self.departments.choices = [(each.name, called.department(each.name)) for each in every]

    def validate_departments(self, field: Choices) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(gettext("Choose at least one."))


class OfficeAnswerForm(ActForm):
    """What a department said another way, and who did."""

    by = StringField(lazy_gettext("Who answered, and how?"), validators=[Needed(), AtMost(200)])
    verdict = Choice(lazy_gettext("What do they say?"))
    text = TextAreaField(lazy_gettext("What has to be said"), validators=[AtMost(4000)])
    office_text = TextAreaField(lazy_gettext("Only for the handler"), validators=[AtMost(4000)])

    def __init__(self) -> None:
        super().__init__()
        self.verdict.choices = labels.choices(Verdict, hints=True)


class WaiveForm(ActForm):
    """Why the office does without an answer."""

    because = TextAreaField(
        lazy_gettext("Why?"), validators=[Needed(), AtMost(4000)],
        description=lazy_gettext("It stands in the history; nobody outside the office reads it."),
    )  # fmt: skip


class ConditionForm(ActForm):
    """A condition that follows a department's answer."""

    text = TextAreaField(
        lazy_gettext("What does the group keep to?"), validators=[Needed(), AtMost(2000)],
        description=lazy_gettext("It becomes one of the terms."),
    )  # fmt: skip
    because = StringField(lazy_gettext("Why?"), validators=[AtMost(500)])
    check_on = Day(lazy_gettext("To look after on"))


def _one(ref: str, check: str) -> Check:
    found = rows.find_one(database.connection(), check)
    if found is None or found.permit_ref != ref:
        abort(404)
    return found


@office.route("/permits/<ref>/checks", _DECIDE, endpoint="permit_checks", methods=["GET", "POST"])
def ask(ref: str) -> ResponseReturnValue:
    """Ask departments, or ask them again."""
    form = DepartmentsForm()

    def do() -> str:
        silent = checking.ask_departments(
            database.idle(), g.actor, ref, database.now(), form.departments.data or (),
            required=bool(form.required.data),
        )  # fmt: skip
        return said_of(silent)

    lead = "" if form.departments.choices else gettext("There are no departments yet. Add them in the settings.")
    return act_page(
        ref, "checks", form, do, heading=gettext("Ask departments"), verb=gettext("Ask departments"), lead=lead
    )


def said_of(silent: list[str]) -> str:
    """What is said when departments were asked: whom no letter reached, by name."""
    if not silent:
        return gettext("Asked.")
    named = ", ".join(called.department(name) for name in silent)
    return gettext("Asked. Nobody answers for %(departments)s yet: no letter went there.", departments=named)


@office.route(f"{_ONE}/answer", _DECIDE, endpoint="permit_check_answer", methods=["GET", "POST"])
def answer(ref: str, check: str) -> ResponseReturnValue:
    """Write a department's answer down."""
    found, form = _one(ref, check), OfficeAnswerForm()
    permit, newest = permits.get(database.connection(), ref), permits.newest_terms(database.connection(), ref)
    said = CheckAnswer(
        verdict=form.verdict.data or "", sha256=matter(newest, permit.space_refs),
        text=(form.text.data or "").strip() or None, office_text=(form.office_text.data or "").strip() or None,
    )  # fmt: skip
    return act_page(
        ref, "checks", form,
        lambda: checking.answer_check(database.idle(), g.actor, check, said, database.now(), by=form.by.data)
        and gettext("Written down."),
        heading=gettext("What %(department)s says", department=called.department(found.department)),
    )  # fmt: skip


@office.route(f"{_ONE}/waive", _DECIDE, endpoint="permit_check_waive", methods=["GET", "POST"])
def waive(ref: str, check: str) -> ResponseReturnValue:
    """Do without an answer, or go on in spite of it."""
    found, form = _one(ref, check), WaiveForm()
    return act_page(
        ref, "checks", form,
        lambda: checking.waive_check(database.idle(), g.actor, check, form.because.data or "", database.now())
        and gettext("Written down."),
        heading=gettext("Go on without %(department)s", department=called.department(found.department)),
    )  # fmt: skip


@office.route(f"{_ONE}/condition", _DECIDE, endpoint="permit_check_condition", methods=["GET", "POST"])
def condition(ref: str, check: str) -> ResponseReturnValue:
    """Take into the terms what a department asked for."""
    found, form = _one(ref, check), ConditionForm()
    answers = rows.answers_of(database.connection(), [check])[check]
    if answers and not form.is_submitted():
        form.text.data = answers[-1].text
    return act_page(
        ref, "checks", form,
        lambda: taking_in.take_condition(
            database.idle(), g.actor, check, form.text.data or "", database.now(), because=form.because.data,
            check_on=form.check_on.day,
        ) and gettext("It is one of the terms now."),
        heading=gettext("A condition of %(department)s", department=called.department(found.department)),
    )  # fmt: skip


@office.post(f"{_ONE}/remind", _DECIDE, endpoint="permit_check_remind")
def remind(ref: str, check: str) -> ResponseReturnValue:
    """Remind a department."""
    _one(ref, check)
    checking.remind_department(database.idle(), g.actor, check, database.now())
    flash(gettext("Reminded."))
    return redirect(acting.to(ref))


@office.post(f"{_ONE}/again", _DECIDE, endpoint="permit_check_again")
def again(ref: str, check: str) -> ResponseReturnValue:
    """Ask a department again, about the terms as they are now."""
    name = _one(ref, check).department
    flash(said_of(checking.ask_departments(database.idle(), g.actor, ref, database.now(), [name])))
    return redirect(acting.to(ref))


def section(con: Connection, each: Ruled) -> PermitSection | None:
    """The departments that are asked, and where each stands; nothing where none is."""
    newest = permits.newest_terms(con, each.permit.ref)
    seen = checking.checks_seen(con, each.permit, newest, database.settings(), database.today())
    if not seen:
        return None
    is_live = each.permit.status in checking.LIVE
    return PermitSection("office/permits/_checks.html", {
        "seen": seen, "may": is_live and may(g.actor, _DECIDE, each.permit), "labels": labels, "again": _AGAIN,
        "states": CheckState, "verdicts": Verdict, "called": called, "sha256": matter(newest, each.permit.space_refs),
    })  # fmt: skip


sections.SECTIONS.append(section)
