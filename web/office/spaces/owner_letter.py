"""One letter to an owner: about what, where it stands, what was said; sent again, printed, posted."""

from __future__ import annotations

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from tempuse import papers
from tempuse.access import is_allowed
from tempuse.errors import WrongState
from tempuse.owner_letters import OwnerLetter
from tempuse.papers import PaperPart
from tempuse.registry.owners import asking
from tempuse.store import events as event_rows
from tempuse.store import owner_letters as rows
from tempuse.store import spaces as space_rows
from tempuse.store.spaces import SpaceFilter
from tempuse.vocabulary import LetterWay, OwnerAnswer, Permission
from web import database, verbs
from web.letters import owners as worded
from web.office import history, names
from web.office.blueprint import office
from web.office.spaces import owners
from web.papers import owner_letter as paper_of
from web.presenters import labels
from web.presenters.owners import level_word
from web.site import layout
from web.site.forms import Form
from web.site.papers import pdf_answer

MOST_PRINTED = 200


@office.get("/owners/<ref>", Permission.SPACE_READ, endpoint="owner_letter")
def page(ref: str) -> ResponseReturnValue:
    """The letter."""
    con = database.connection()
    letter = rows.get(con, ref)
    held = space_rows.find(con, SpaceFilter(refs=letter.space_refs))
    still = {each.ref for each in asking.spaces_of(con, letter)}
    said = {ref: level_word(choice) or gettext("It is not shown.") for ref, choice in letter.choices.items()}
    is_over = letter.answer not in (None, OwnerAnswer.LATER.value) or not still
    return Form().page(
        "office/spaces/owner_letter.html", letter=letter, shown=owners.shown(letter), said=said,
        spaces=[(each, names.space(each), each.ref in still) for each in held],
        answer=labels.term(OwnerAnswer, letter.answer), way=labels.term(LetterWay, letter.way),
        may_edit=is_allowed(g.actor, Permission.SPACE_EDIT), is_over=is_over,
        may_print=not is_over and letter.answered_at is None,
        on_paper=letter.way == LetterWay.PAPER,
        told=[history.tell(event) for event in event_rows.of(con, ref, "owner_letter")],
    )  # fmt: skip


@office.post("/owners/<ref>/again", Permission.SPACE_EDIT, endpoint="owner_letter_again")
def again(ref: str) -> ResponseReturnValue:
    """Send it again; printed it lies ready anew, its link as before."""
    letter = asking.ask_again(database.idle(), g.actor, ref, database.now())
    if letter.way == LetterWay.PAPER:
        worded.expect([letter])
    flash(verbs.done("owner_letter", "ask_again"))
    return redirect(url_for("office.owner_letter", ref=ref))


@office.post("/owners/posted", Permission.SPACE_EDIT, endpoint="owners_posted")
def posted() -> ResponseReturnValue:
    """Write down that letters left the house."""
    refs = request.form.getlist("ref")[:MOST_PRINTED]
    for ref in refs:
        asking.note_told(database.idle(), g.actor, ref, database.now())
    flash(verbs.done("owner_letter", "tell"))
    return redirect(url_for("office.owner_letter", ref=refs[0]) if len(refs) == 1 else url_for("office.owners"))


@office.get("/owners/letters.pdf", Permission.SPACE_EDIT, endpoint="owner_letters_paper")
def print_them() -> Response:
    """Letters to be printed, one after another, each on a page of its own: those named, else all that wait for it."""
    con, named = database.connection(), request.args.getlist("ref")
    found = [rows.get(con, ref) for ref in named[:MOST_PRINTED]] if named else owners.to_post()
    return pdf_answer(_pdf(found[:MOST_PRINTED]), "letters")


def _pdf(letters: list[OwnerLetter]) -> bytes:
    """The letters as one file.

    Raises:
        WrongState: there is nothing to print.
    """
    parts, con = [], database.connection()
    for letter in letters:
        spaces = asking.spaces_of(con, letter)
        if spaces and letter.answered_at is None and letter.secret_sha256:
            with force_locale(letter.language):
                content = paper_of.sections(worded.values_of(letter, spaces, worded.link_of(letter)))
                parts.append(PaperPart(letter.language, paper_of.title(len(spaces)), content))
    if not parts:
        raise WrongState("owner_letter.nothing_to_print")
    settings = database.settings()
    return papers.make(
        papers.OWNER_LETTER, parts, title=gettext("Letters to owners"), language=parts[0].language,
        made_at=database.now(), folder=database.register().home / papers.FOLDER,
        author=settings.municipality or settings.site_name,
        footer=layout.sender().replace("\n", " · "), apart=True,
    )  # fmt: skip
