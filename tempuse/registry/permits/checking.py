"""Departments are asked about a request, and answer; the office may do without an answer, with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tempuse.access import Actor, check_allowed
from tempuse.checks import Check, CheckAnswer, CheckStanding, check_answer, check_standing, check_text, matter
from tempuse.errors import Conflict, Invalid, Issue
from tempuse.permit_kinds import Department, departments, said
from tempuse.permits import CLAIMING, OPEN, Permit
from tempuse.registry.letters import tell
from tempuse.registry.permits.holding import Held, allow, expect, tell_office
from tempuse.registry.permits.reviewing import reviewers_of
from tempuse.settings import Settings
from tempuse.store import checks, permits
from tempuse.store.common import add_event, get_settings, next_refs
from tempuse.store.engine import Connection, writing
from tempuse.terms import Terms
from tempuse.vocabulary import CheckState, Permission, Verdict

LIVE = (*OPEN, *CLAIMING)


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """The question to one department, with everything that it was answered and where it stands today."""

    check: Check
    department: Department
    answers: list[CheckAnswer]
    standing: CheckStanding


def department_named(settings: Settings, name: str) -> Department:
    """A department of the city; one that it has no more is known by its name."""
    found = next((each for each in departments(settings.departments) if each.name == name), None)
    return found or Department(name=name)


def checks_seen(con: Connection, permit: Permit, terms: Terms, settings: Settings, today: date) -> list[CheckSeen]:
    """The departments that are asked about a permit, and where each question stands on a day for these terms."""
    asked, sha256 = checks.checks_of(con, permit.ref), matter(terms, permit.space_refs)
    answers = checks.answers_of(con, [each.ref for each in asked])
    found = []
    for check in asked:
        department = department_named(settings, check.department)
        asked_on = settings.today(check.asked_at) if check.asked_at else None
        stands = check_standing(check, answers[check.ref], sha256, today, department, asked_on)
        found.append(CheckSeen(check, department, answers[check.ref], stands))
    return found


def checks_overdue(con: Connection, settings: Settings, today: date, most: int) -> list[Check]:
    """The questions whose day is over without an answer, the longest over first, but for silence that counts."""
    found = []
    for check in checks.unanswered(con, limit=most, due_before=today):
        department = department_named(settings, check.department)
        asked_on = settings.today(check.asked_at) if check.asked_at else None
        if not check_standing(check, (), check.sha256, today, department, asked_on).is_done:
            found.append(check)
    return found


def not_checked(con: Connection, held: Held) -> list[Issue]:
    """Obstacle: a department whose answer is needed has not given it for these terms, or objects."""
    seen = checks_seen(con, held.permit, held.terms, held.settings, held.today)
    known = {each.check.department for each in seen}
    issues = [
        Issue.of("checks", name, "check.not_asked", department=_title(department_named(held.settings, name), held))
        for name in held.kind.departments if name not in known
    ]  # fmt: skip
    for each in seen:
        if each.check.required and not each.standing.is_done:
            why = "check.objects" if each.standing.verdict is Verdict.OBJECTION else _WHY[each.standing.state]
            issues.append(Issue.of("checks", each.check.ref, why, department=_title(each.department, held)))
    return issues


_WHY = {
    CheckState.NOT_ASKED: "check.not_asked", CheckState.WAITING: "check.waits", CheckState.OVERDUE: "check.overdue",
    CheckState.STALE: "check.stale",
}  # fmt: skip


def _title(department: Department, held: Held) -> str:
    return said(department.title, held.settings.languages[0]) or department.name


# ---- asking ---------------------------------------------------------------------------------------------------


def put_checks(con: Connection, actor: Actor, held: Held, now: datetime) -> list[str]:
    """Ask the departments that a permit's kind names and that were not asked yet, within another act; whom."""
    known = {each.department for each in checks.checks_of(con, held.permit.ref)}
    kind, asked = held.kind, []
    for name in dict.fromkeys((*kind.departments, *kind.asked_departments)):
        if name not in known:
            check = Check(permit_ref=held.permit.ref, department=name, required=name in kind.departments)
            _ask(con, actor, held.permit, held.terms, check, now)
            asked.append(name)
    return asked


def ask_departments(
    con: Connection, actor: Actor, ref: str, now: datetime, names: Collection[str] = (), *, required: bool = True
) -> list[str]:
    """Ask departments by letter about a permit, or ask again about terms that changed.

    Args:
        con: an idle connection.
        actor: the office.
        ref: which permit.
        now: the instant.
        names: which departments; those that its kind names where none is given.
        required: their answer is needed; it stays as it was for those that were asked before.

    Returns:
        The departments that nobody answers for: no letter went there.

    Raises:
        WrongState: the permit is over.
        Conflict: there is no such department.
    """
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        permit = permits.lock(con, ref)
        expect(permit, LIVE)
        settings, terms = get_settings(con), permits.newest_terms(con, ref)
        held = Held(permit, terms, settings, settings.today(now), {})
        known = {each.name for each in departments(settings.departments)}
        if strange := [name for name in names if name not in known]:
            raise Conflict("check.no_department", name=", ".join(strange))
        before = {each.department: each for each in checks.checks_of(con, ref)}
        if not names:
            put_checks(con, actor, held, now)
            return _unreached(con, [*held.kind.departments, *held.kind.asked_departments])
        for name in dict.fromkeys(names):
            check = before.get(name) or Check(permit_ref=ref, department=name, required=required)
            _ask(con, actor, permit, terms, check, now)
        return _unreached(con, names)


def _ask(con: Connection, actor: Actor, permit: Permit, terms: Terms, check: Check, now: datetime) -> None:
    settings = get_settings(con)
    department, is_new = department_named(settings, check.department), not check.ref
    today = settings.today(now)
    check.asked_at, check.due_on = now, today + timedelta(days=department.answer_days)
    check.terms_version, check.sha256 = terms.version, matter(terms, permit.space_refs)
    check.waived_at = check.waived_by = check.waived_because = None
    if is_new:
        check.ref = next_refs(con, "check")[0]
        checks.add(con, check)
    else:
        check.revision += 1
        checks.save(con, check)
    told = {"department": [None, check.department], "due_on": [None, check.due_on]}
    add_event(con, actor, now, "permit", permit.ref, "check_asked", status=permit.status, changes=told)
    _write(con, check, department, now, f"{check.ref} {now.isoformat()}")


def _write(con: Connection, check: Check, department: Department, now: datetime, event: str) -> None:
    for person in reviewers_of(con, department, now):
        tell(con, now, "permit_check_asked", "person", person.ref, person.language, event=event,
             refs={"permit": check.permit_ref, "check": check.ref})  # fmt: skip


def _unreached(con: Connection, names: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if not checks.reviewers(con, name)]


def remind_department(con: Connection, actor: Actor, check_ref: str, now: datetime) -> Check:
    """Write once more to whoever answers for a department; once a day at most."""
    ref = _permit_of(con, check_ref)
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        check, permit, settings = checks.lock(con, check_ref), permits.lock(con, ref), get_settings(con)
        expect(permit, LIVE)
        add_event(con, actor, now, "permit", ref, "remind", status=permit.status)
        department = department_named(settings, check.department)
        _write(con, check, department, now, f"{check.ref} {settings.today(now)}")
    return check


# ---- answering ------------------------------------------------------------------------------------------------


def answer_check(
    con: Connection, actor: Actor, check_ref: str, answer: CheckAnswer, now: datetime, *, by: str | None = None
) -> CheckAnswer:  # fmt: skip
    """Write a department's answer down; those before it stay. The same answer twice is one.

    Args:
        con: an idle connection.
        actor: a reviewer of the department; or the office, for what came another way.
        check_ref: which question.
        answer: the verdict with its texts; ``sha256`` is of what they saw (``checks.matter``).
        now: the instant.
        by: whose word it is, where the office writes it down.

    Raises:
        NotFound: there is no such question.
        NotAllowed: they do not answer for this department.
        Conflict: the terms are others by now.
        Invalid: an objection says nothing.
        WrongState: the permit is over.
    """
    about = access_to(con, check_ref)
    con.rollback()
    check_allowed(actor, Permission.CHECK_ANSWER, about)
    with writing(con):
        check = checks.lock(con, check_ref)
        permit = permits.lock(con, check.permit_ref)
        expect(permit, LIVE)
        terms = permits.newest_terms(con, permit.ref)
        if answer.sha256 != matter(terms, permit.space_refs):
            raise Conflict("check.other_terms", ref=permit.ref)
        noted = replace(answer, check_ref=check_ref, terms_version=terms.version, by=by or actor.name,
                        person_ref=None if by else actor.person_ref, at=now)  # fmt: skip
        if issues := check_answer(noted):
            raise Invalid("permit.invalid", issues)
        held = checks.answers_of(con, [check_ref])[check_ref]
        if held and replace(held[-1], at=now) == noted:
            return held[-1]
        checks.answer_rows.add(con, noted)
        told = {"department": [None, check.department], "verdict": [None, noted.verdict]}
        add_event(con, actor, now, "permit", permit.ref, "check_answered", status=permit.status, changes=told)
        if not by:
            tell_office(con, permit, "permit_check_answered", now, f"{check_ref} {len(held)}")
    return noted


def waive_check(con: Connection, actor: Actor, check_ref: str, because: str, now: datetime) -> Check:
    """Do without a department's answer on the present terms, or go on in spite of it, with a reason.

    Raises:
        Invalid: no reason is given.
        WrongState: the permit is over.
    """
    ref = _permit_of(con, check_ref)
    allow(con, actor, Permission.PERMIT_DECIDE, ref)
    with writing(con):
        check, permit = checks.lock(con, check_ref), permits.lock(con, ref)
        expect(permit, LIVE)
        if issues := check_text("because", because):
            raise Invalid("permit.invalid", issues)
        terms = permits.newest_terms(con, ref)
        check.waived_at, check.waived_by, check.waived_because = now, actor.name, because.strip()
        check.terms_version, check.sha256 = terms.version, matter(terms, permit.space_refs)
        check.revision += 1
        checks.save(con, check)
        told = {"department": [None, check.department]}
        add_event(con, actor, now, "permit", ref, "check_waived", status=permit.status, changes=told, note=because)
    return check


def _permit_of(con: Connection, check_ref: str) -> str:
    """The permit that a check is of; afterwards the connection is idle."""
    check = checks.find_one(con, check_ref)
    con.rollback()
    return check.permit_ref if check else ""


@dataclass(frozen=True, slots=True)
class CheckAccess:
    """A check as far as access asks: for which department, and on whose request."""

    department: str
    holder_ref: str | None


def access_to(con: Connection, check_ref: str) -> CheckAccess:
    """What access asks of a check; whoever may not does not learn whether there is one of this ref.

    Nobody answers for the city on a request of their own, unless the city lets them.
    """
    check = checks.find_one(con, check_ref) or Check(ref=check_ref)
    lifted = get_settings(con).own_requests == "allowed"
    return CheckAccess(check.department, None if lifted else checks.holder_of(con, check.permit_ref))
