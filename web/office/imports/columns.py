"""The second step: what each column is taken for, the words in it that we do not know, the first rows as read."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tempuse.errors import Invalid, TempuseError
from tempuse.folding import fold
from tempuse.io import crosswalk as crosswalks
from tempuse.io.candidates import Candidate
from tempuse.io.crosswalk import IGNORED, TARGETS, Column, Crosswalk, kind_of
from tempuse.io.crosswalk.columns import match
from tempuse.io.crosswalk.restricting import unanswered
from tempuse.io.styles import DecimalQuestion
from tempuse.jobs import Job
from tempuse.registry.importing.opening import Opened
from tempuse.store import imports as import_rows
from tempuse.vocabulary import Permission
from web import database, words
from web.office.blueprint import office
from web.office.imports import addresses, file, jobs, preview, reading, work
from web.office.imports import request as import_request
from web.office.imports import targets as import_targets
from web.office.imports.mending import UNKNOWN, Word, take_words, unknown_parts

SHOWN_VALUES = 3
SHOWN_ROWS = 5
MOST_WORDS = 40


@dataclass(slots=True)
class Shown:
    """One column of the file on the page."""

    name: str
    values: list[str]
    target: str
    unit: str
    guessed: bool
    units: list[tuple[str, str]]
    asks: bool = False


@dataclass(slots=True)
class Look:
    """What the page shows of a draft."""

    columns: list[Shown] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    rows: list[preview.Shown] = field(default_factory=list)
    noticed: list[str] = field(default_factory=list)
    said: str = ""
    placed: int = 0
    looked_at: int = 0
    says_where: bool = False
    question: DecimalQuestion | None = None


@office.route("/import/<key>/columns", Permission.SPACE_IMPORT, endpoint="import_columns", methods=["GET", "POST"])
def columns(key: str) -> ResponseReturnValue:
    """The page, and what its buttons do."""
    draft = file.mine(key)
    if draft.state not in ("columns", "checked"):
        return file.way_on(draft)
    if request.method == "GET":
        return _page(draft)
    if file.was_sent_before(draft):
        return file.way_on(draft)
    try:
        _take(draft)
    except TempuseError as error:
        return _page(draft, words.error_sentence(error), file.issue_sentences(error), 422)
    if reading.must_open_again(draft):
        work.begin(draft, "open", big=work.is_big(draft))
        return redirect(url_for("office.import_go", key=key))
    if request.form.get("do") == "check":
        work.begin(draft, "check", big=work.is_big(draft))
        return redirect(url_for("office.import_go", key=key))
    jobs.note(draft)
    if request.headers.get("HX-Request"):
        return _page(draft)
    return redirect(url_for("office.import_columns", key=key) + request.form.get("to", ""))


def _page(draft: Job, said: str = "", issues: list[str] | None = None, status: int = 200) -> ResponseReturnValue:
    if draft.problem and not said:
        said, issues, status = file.error_of(draft), file.error_issues(draft), 422
    look = _look(draft)
    if look.said and not said:
        said, status = look.said, 422
    page = render_template(
        "office/imports/columns.html", draft=draft, look=look, groups=import_targets.grouped(), said=said,
        issues=issues or [], form=reading.reading_form(draft), step=draft.step,
        address_columns=addresses.shown(draft.about), address_choices=addresses.choices(),
    )  # fmt: skip
    return make_response(page, 200 if request.headers.get("HX-Request") else status)


# ---- what the form says ---------------------------------------------------------------------------------


def _take(draft: Job) -> None:
    """Write what was chosen on the page into the draft.

    Raises:
        Invalid: a list of columns that was sent does not fit.
    """
    about = draft.about
    reading.take_reading(draft)
    sent = request.files.get("crosswalk")
    source = import_request.sample_of(draft)
    if request.form.get("do") == "load":
        if sent is None or not sent.filename:
            raise Invalid("crosswalk.none_sent")
        text = sent.read(1_000_000).decode("utf-8-sig", errors="replace")
        read = crosswalks.read(text, sent.filename)
        known = match(read, source.columns)
        about.crosswalk, about.profile_used = crosswalks.write(known, source.columns), known.name
        about.guessed, about.words = (), ()
        return
    if request.form.get("do") == "guess":
        about.crosswalk, about.words = "", ()
        import_request.guess(database.connection(), draft)
        return
    if request.form.get("do") == "rename":
        about.source, about.crosswalk, about.words = _other_name(request.form.get("source", "").strip()[:200]), "", ()
        import_request.guess(database.connection(), draft)
        return
    held = import_request.crosswalk_of(draft, source.columns)
    if held is None or "columns" not in request.form:
        return
    addresses.take(about)
    before = {column.theirs: column for column in held.columns}
    chosen = []
    for number, name in enumerate(source.columns):
        target, unit = request.form.get(f"field-{number}", ""), request.form.get(f"unit-{number}", "")
        if target == IGNORED:
            chosen.append(Column(name, "", IGNORED))
        elif target in TARGETS:
            was = before.get(name)
            fits = unit in dict(import_targets.units(target, unit)) or unit == "keep"
            chosen.append(Column(name, target, unit if fits else was.unit if was and was.field == target else ""))
        if name in before and target != _target(before[name]):
            about.guessed = tuple(each for each in about.guessed if each != name)
    known = Crosswalk(held.name, chosen, dict(held.values), held.about)
    take_words(about, known)
    about.crosswalk = crosswalks.write(known, source.columns)


def _other_name(name: str) -> str:
    """The name that a person gives a list which is not the one that the register knows.

    Raises:
        Invalid: it is empty, or the register has such a list, too.
    """
    if not name:
        raise Invalid("import.name_needed")
    if import_rows.count_of(database.connection(), name):
        raise Invalid("import.name_taken")
    return name


def _target(column: Column) -> str:
    return IGNORED if column.unit == IGNORED else column.field


# ---- what the page shows --------------------------------------------------------------------------------


def _look(draft: Job) -> Look:
    look = Look()
    source = import_request.sample_of(draft)
    rows = source.sample(work.SAMPLE)
    held = import_request.crosswalk_of(draft, source.columns) or Crosswalk("generic")
    known = {column.theirs: column for column in held.columns}
    guessed = set(draft.about.guessed)
    for name in source.columns:
        column = known.get(name)
        target, unit = (_target(column), column.unit) if column else ("", "")
        values = [str(value) for row in rows if (value := row.values.get(name)) is not None]
        first = list(dict.fromkeys(values))[:SHOWN_VALUES]
        units = import_targets.units(target, unit)
        asks = target == IGNORED or bool(first and unanswered(held, [name], (row.values for row in rows)))
        look.columns.append(Shown(name, first, target, unit, name in guessed and bool(target), units, asks))
    look.noticed = [preview.said(issue) for issue in source.issues]
    try:
        opened = import_request.preview(database.connection(), draft)
        _read(draft, look, opened)
    except TempuseError as error:
        look.said = words.error_sentence(error)
    database.connection().rollback()
    return look


def _read(draft: Job, look: Look, opened: Opened) -> None:
    candidates = opened.records.first(work.SAMPLE)
    look.noticed += [preview.said(issue) for issue in opened.records.positions.issues]
    look.question = opened.records.styles.question
    look.says_where = bool(opened.records.positions.statements)
    look.looked_at, look.placed = len(candidates), sum("geometry" in each.fields for each in candidates)
    look.rows = preview.rows(candidates[:SHOWN_ROWS], draft.about)
    look.words = _words(draft, opened, candidates)


def _words(draft: Job, opened: Opened, candidates: list[Candidate]) -> list[Word]:
    """What the person explained, then the words that we still do not know, each once."""
    targets = {column.theirs: column.field for column in opened.crosswalk.columns}
    found: dict[tuple[str, str], Word] = {}
    for each in draft.about.words:
        choices = import_targets.answers(each["target"])
        found[each["target"], fold(each["text"])] = Word(
            each["column"], each["target"], each["text"], each["ours"], choices
        )
    for candidate in candidates:
        for issue in candidate.issues:
            target = targets.get(issue.field, "")
            if issue.message not in UNKNOWN or not target:
                continue
            texts = [issue.value] if kind_of(target) != "list" else unknown_parts(opened.crosswalk, target, issue.value)
            for text in texts:
                if (target, fold(text)) not in found and len(found) < MOST_WORDS:
                    choices = import_targets.answers(target)
                    found[target, fold(text)] = Word(issue.field, target, text, "", choices)
    return list(found.values())


@office.get("/import/<key>/columns.csv", Permission.SPACE_IMPORT, endpoint="import_columns_file")
def download(key: str) -> Response:
    """What the columns are taken for, as a file to keep and to bring again."""
    draft = file.mine(key)
    response = Response("\ufeff" + draft.about.crosswalk, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=columns.csv"
    return response
