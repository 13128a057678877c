"""Owners to ask: each once, with what will be sent to whom and who cannot be asked and why; and what they said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext, lazy_gettext, ngettext

from tempuse.access import SYSTEM
from tempuse.owner_letters import LASTS, NO_ANSWER_AFTER, OfOwner, OwnerLetter, ToAsk
from tempuse.registry.owners import asking
from tempuse.spaces import Space
from tempuse.store import owner_letters as rows
from tempuse.store import spaces as space_rows
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import Consent, LetterWay, OwnerAnswer, Permission
from web import database, words
from web.accounts import guard
from web.letters import owners as worded
from web.letters import writing
from web.office import names
from web.office.blueprint import office
from web.office.queue import Queue, Row
from web.office.spaces import moves
from web.presenters import labels
from web.site.forms import Form

_COUNTED = 500  # for the band, which every page of the office has
_FEW, _LISTED, _LATEST, _MOST_WAITING = 3, 200, 50, 1000
_EXAMPLE = "…"


@dataclass(frozen=True, slots=True)
class OwnerLetterRow:
    """A letter in a list: to whom, about how many spaces, where it stands, whether somebody should look after it."""

    letter: OwnerLetter
    name: str
    about: str
    stands: str
    is_late: bool = False


# ---- the lists ------------------------------------------------------------------------------------------------


def called(name: str | None, email: str | None) -> str:
    """An owner as the office reads them."""
    return name or email or gettext("Somebody whose name was removed")


def counted(count: int) -> str:
    """How many spaces."""
    return names.counted(count)


def _waits(letter: OwnerLetter, consents: dict[str, str]) -> bool:
    """Whether the office still waits for an answer: not where it was told otherwise."""
    return any(consents.get(ref) in (Consent.ASKED, Consent.NOTIFIED) for ref in letter.space_refs)


def unanswered() -> list[OwnerLetter]:
    """The letters for whose answer the office waits, the oldest first."""
    found = rows.unanswered(database.connection(), _MOST_WAITING)
    consents = rows.consents(database.connection(), [ref for each in found for ref in each.space_refs])
    return [each for each in found if _waits(each, consents)]


def due() -> list[OwnerLetter]:
    """Those of them that were sent some time ago, and those whose owners wanted to be asked again by now."""
    before = database.now() - NO_ANSWER_AFTER
    late = [each for each in unanswered() if (at := each.again_at or each.asked_at) is not None and at <= before]
    return [*rows.to_ask_later(database.connection(), database.today()), *late]


def to_post() -> list[OwnerLetter]:
    """The printed letters that nobody has posted yet."""
    return [each for each in unanswered() if each.way == LetterWay.PAPER and each.told_on is None]


def shown(letter: OwnerLetter) -> OwnerLetterRow:
    """A letter in a list."""
    return OwnerLetterRow(
        letter, called(letter.owner_name, letter.owner_email), names.counted(len(letter.space_refs)), _stands(letter)
    )


def _stands(letter: OwnerLetter) -> str:
    at = letter.again_at or letter.asked_at
    day = words.day(database.settings().today(at)) if at else ""
    if letter.answered_at:
        said = labels.term(OwnerAnswer, letter.answer)
        return f"{words.day(database.settings().today(letter.answered_at))}: {said}"
    if letter.way == LetterWay.PAPER and letter.told_on is None:
        return gettext("To be printed and posted, since %(day)s", day=day)
    if not letter.is_open(database.today()):
        return gettext("Asked on %(day)s, no answer; its link has ended", day=day)
    return gettext("Asked on %(day)s, no answer yet", day=day)


# ---- the queues -----------------------------------------------------------------------------------------------


def _askable() -> asking.Askable:
    if "owners_to_ask" not in g:
        # Whoever is shown the band may read it; an error's page has a band and no actor.
        g.owners_to_ask = asking.owners_to_ask(database.connection(), SYSTEM, most=_COUNTED)
    return g.owners_to_ask  # type: ignore[no-any-return]


def _count() -> int:
    found = _askable()
    return len(found.owners) + bool(found.cannot)


def _rows() -> list[Row]:
    found, href = _askable(), url_for("office.owners")
    made = [
        Row(called(each.name, each.email), href, counted(len(each.space_refs)), gettext("Ask"))
        for each in found.owners[:_FEW]
    ]
    if found.cannot:
        made.append(Row(gettext("Owners who cannot be asked"), f"{href}#cannot", counted(len(found.cannot)),
                        gettext("See why")))  # fmt: skip
    return made


def _due_rows() -> list[Row]:
    return [
        Row(each.name, url_for("office.owner_letter", ref=each.letter.ref), f"{each.about}. {each.stands}",
            gettext("Look"))
        for each in map(shown, due()[:_FEW])
    ]  # fmt: skip


def _ask_all(total: int, shown_now: int) -> tuple[str, str] | None:
    return gettext("Ask them by letter"), url_for("office.owners")


def _see_all(total: int, shown_now: int) -> tuple[str, str] | None:
    return (gettext("See all"), url_for("office.owners") + "#asked") if total > shown_now else None


QUEUES = (
    Queue(lazy_gettext("Owners to ask"), Permission.SPACE_EDIT, _count, _rows, _ask_all),
    Queue(lazy_gettext("Owners who have not answered"), Permission.SPACE_EDIT, lambda: len(due()), _due_rows,
          _see_all),
)  # fmt: skip


# ---- the page, the look ahead, and the letters ----------------------------------------------------------------


@office.get("/owners", Permission.SPACE_READ)
def owners() -> str:
    """Whom to ask, who cannot be asked, who was asked, and what they said."""
    con = database.connection()
    found = asking.owners_to_ask(con, g.actor)
    return render_template(
        "office/spaces/owners.html", owners=_with_spaces(found.owners[:_LISTED]), total=len(found.owners),
        cannot=_why(found.cannot[:_LISTED]), cannot_total=len(found.cannot), more=found.more, listed=_LISTED,
        asked=[shown(each) for each in unanswered()[:_LISTED]], later=[shown(each) for each in rows.to_ask_later(
            con, database.today())],
        answered=[shown(each) for each in rows.answered(con, _LATEST)],
        languages=[(code, words.NAMES.get(code, code)) for code in database.settings().languages],
        to_post=to_post()[:_LISTED], may_edit=guard.may(Permission.SPACE_EDIT),
    )  # fmt: skip


def _with_spaces(found: list[ToAsk]) -> list[tuple[ToAsk, str, list[Space]]]:
    held = _spaces(ref for each in found for ref in each.space_refs)
    return [
        (each, called(each.name, each.email), [held[ref] for ref in each.space_refs if ref in held]) for each in found
    ]


def _spaces(refs: Iterable[str]) -> dict[str, Space]:
    found: dict[str, Space] = {}
    these = list(refs)
    for start in range(0, len(these), 500):
        some = tuple(these[start : start + 500])
        found.update({each.ref: each for each in space_rows.find(database.connection(), SpaceFilter(refs=some))})
    return found


def _why(cannot: list[tuple[OfOwner, str]]) -> list[tuple[str, str, str]]:
    """Spaces whose owner cannot be asked: ref, name, why."""
    held = _spaces(each.ref for each, _ in cannot)
    return [(each.ref, names.space(held[each.ref]), words.sentence(why)) for each, why in cannot if each.ref in held]


@office.post("/owners/letters", Permission.SPACE_EDIT, endpoint="owners_letters")
def letters() -> ResponseReturnValue:
    """What will be sent to whom, and what cannot; at its button, do it."""
    asked, printed = request.form.get("asked"), "print" in request.form
    refs = moves.chosen(asked) if asked is not None else request.form.get("refs", "").split()
    if not refs:
        refs = [ref for these in request.form.getlist("owner") for ref in these.split()]
    back = url_for("office.owners") if asked is None else moves.to_table(asked)
    if not refs:
        flash(gettext("Choose whom to ask first.") if asked is None else gettext("Tick the spaces first."))
        return redirect(back)
    spoken = database.settings().languages
    language = request.form.get("language", "") if request.form.get("language", "") in spoken else spoken[0]
    con, refs = database.connection(), list(dict.fromkeys(refs))[: asking.MOST]
    found = asking.owners_to_ask(con, g.actor, refs)
    plan = [asking.LetterWanted(each.space_refs, LetterWay.PAPER if printed else each.way) for each in found.owners]
    form, seal = Form(), _seal(found.owners, plan)
    if (go := request.form.get("go")) and plan:
        if go != seal:
            form.refuse(words.sentence("owner_letter.changed_meanwhile"), 409)
        elif form.validate_on_submit():
            with form.saying():
                made = asking.ask_owners(database.idle(), g.actor, plan, language, database.now())
                worded.expect(each for each in made if each.way == LetterWay.PAPER)
                _flash(made)
                return redirect(url_for("office.owners") + "#asked")
    left = len(refs) - sum(len(each.space_refs) for each in found.owners) - len(found.cannot)
    return form.page(
        "office/spaces/owners_letters.html", letters=list(zip(_with_spaces(found.owners), plan, strict=True)),
        cannot=_why(found.cannot), left=left, refs=refs, seal=seal, language=language, back=back,
        printed=printed, asked=asked, text=_text(found.owners[0], language) if found.owners else "",
        mailed=sum(each.way is LetterWay.MAIL for each in plan), PAPER=LetterWay.PAPER, has_server=writing.has_server(),
        language_name=words.NAMES.get(language, language),
    )  # fmt: skip


def _seal(found: list[ToAsk], plan: list[asking.LetterWanted]) -> str:
    """What was shown, so that nothing else is sent: which letters to whom, about which spaces."""
    told = [(each.name, each.email, each.space_refs, want.way.value) for each, want in zip(found, plan, strict=True)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _text(owner: ToAsk, language: str) -> str:
    """The first letter, with dots where its link will stand."""
    con = database.connection()
    spaces = space_rows.find(con, SpaceFilter(refs=tuple(owner.space_refs)))
    letter = OwnerLetter(owner_name=owner.name or None, language=language, ends_on=database.today() + LASTS)
    with force_locale(language):
        return render_template("mail/owner_ask.txt", **worded.values_of(letter, spaces, _EXAMPLE)).strip()


def _flash(made: list[OwnerLetter]) -> None:
    mailed = sum(each.way == LetterWay.MAIL for each in made)
    if mailed:
        flash(ngettext("%(n)s letter is on its way.", "%(n)s letters are on their way.", mailed,
                       n=words.figure(mailed)))  # fmt: skip
    if printed := len(made) - mailed:
        flash(ngettext("%(n)s letter lies ready to be printed.", "%(n)s letters lie ready to be printed.", printed,
                       n=words.figure(printed)))  # fmt: skip
