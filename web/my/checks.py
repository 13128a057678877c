"""What reviewers of departments are asked: on their own page, and answered there."""

from __future__ import annotations

from typing import NamedTuple

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, TextAreaField

from tempuse.access import is_allowed
from tempuse.checks import Check, CheckAnswer, matter
from tempuse.errors import NotFound
from tempuse.people import Person
from tempuse.permit_kinds import said
from tempuse.permits import Permit
from tempuse.registry.permits import checking
from tempuse.store import checks as rows
from tempuse.store import organisations, permits
from tempuse.terms import Terms
from tempuse.vocabulary import Permission, Role, Verdict
from web import database, words
from web.my import home
from web.my.blueprint import my
from web.my.home import Matter, Matters
from web.presenters import labels, permit_words
from web.presenters import terms as terms_words
from web.site.forms import AtMost, Choice, Form

_LONGEST = 4000


class CheckForm(Form):
    """A department's answer; ``sha256`` is of what the reviewer reads beside it."""

    verdict = Choice(lazy_gettext("What do you say?"), strict=False)
    text = TextAreaField(
        lazy_gettext("What has to be said"), validators=[AtMost(_LONGEST)],
        description=lazy_gettext("What stands in the way, or what has to be kept to. The office reads it and may pass "
                                 "it on. The group and the owner read your answer alone."),
    )  # fmt: skip
    office_text = TextAreaField(
        lazy_gettext("Only for the handler"), validators=[AtMost(_LONGEST)],
        description=lazy_gettext("Nobody outside the office reads this."),
    )  # fmt: skip
    sha256 = HiddenField()

    def __init__(self) -> None:
        super().__init__()
        self.verdict.choices = labels.choices(Verdict, hints=True)

    def answer(self) -> CheckAnswer:
        """The answer as it was written."""
        text, office_text = ((field.data or "").strip() or None for field in (self.text, self.office_text))
        return CheckAnswer(
            verdict=self.verdict.data or "", sha256=self.sha256.data or "", text=text, office_text=office_text
        )

    def is_chosen(self) -> bool:
        """Whether one of the answers was chosen; if not, it is said there."""
        if self.verdict.data in set(Verdict):
            return True
        self.say("verdict", gettext("Choose an answer."))
        return False


class CheckAsked(NamedTuple):
    """A question to a department of theirs, with what it is about."""

    check: Check
    permit: Permit
    terms: Terms

    @property
    def sha256(self) -> str:
        """What there is to judge."""
        return matter(self.terms, self.permit.space_refs)


def title_of(check: Check) -> str:
    """What the department is called."""
    department = checking.department_named(database.settings(), check.department)
    return said(department.title, words.locale().language) or check.department


def _one(ref: str) -> CheckAsked:
    """A question that they may answer; of others nobody here learns that they are there."""
    con = database.connection()
    check = rows.find_one(con, ref.upper()[:20])
    if check is None or not is_allowed(g.actor, Permission.CHECK_ANSWER, checking.access_to(con, check.ref)):
        raise NotFound("check.not_found", ref=ref[:20])
    return CheckAsked(check, permits.get(con, check.permit_ref), permits.newest_terms(con, check.permit_ref))


def _waiting(person: Person) -> list[Matter]:
    mine = [
        each.over.ref for each in person.memberships
        if each.role == Role.REVIEWER and each.over and each.over.noun == rows.DEPARTMENT
    ]  # fmt: skip
    con, found = database.connection(), []
    for check in rows.unanswered(con, mine) if mine else ():
        permit = permits.get(con, check.permit_ref)
        late = check.due_on is not None and check.due_on < database.today()
        due = gettext("Answer by %(day)s", day=words.day(check.due_on)) if check.due_on else ""
        found.append(Matter(
            f"{permit.title or ''} ({permit.ref})", url_for("auth.check", ref=check.ref), title_of(check), due, late,
            gettext("Answer"),
        ))  # fmt: skip
    return found


home.SECTIONS.append(Matters(lazy_gettext("To answer for your department"), _waiting, waits=True))


@my.route("/checks/<ref>", Permission.MY_READ, methods=["GET", "POST"])
def check(ref: str) -> ResponseReturnValue:
    """What a department is asked: the request, its terms and spaces, what was answered so far, and the form."""
    asked, form = _one(ref), CheckForm()
    is_live = asked.permit.status in checking.LIVE
    if request.method == "POST" and form.validate_on_submit() and form.is_chosen():
        with form.saying():
            checking.answer_check(database.idle(), g.actor, asked.check.ref, form.answer(), database.now())
            flash(gettext("Thank you. The office has your answer."))
            return redirect(url_for(".check", ref=asked.check.ref))
        asked = _one(ref)
    form.sha256.data = asked.sha256
    con = database.connection()
    answers = rows.answers_of(con, [asked.check.ref])[asked.check.ref]
    holder = organisations.find_one(con, asked.permit.holder_ref or "")
    return form.page(
        "my/checks/check.html", check=asked.check, permit=asked.permit, is_live=is_live,
        department=title_of(asked.check), group=holder.name if holder else asked.permit.holder_name,
        places=permit_words.places(asked.permit, "department"), sentences=terms_words.sentences(asked.terms),
        conditions=terms_words.conditions(asked.terms), verdicts=Verdict, labels=labels,
        answers=[(each, each.sha256 == asked.sha256) for each in answers],
    )  # fmt: skip
