"""What the pages for lists of uses and of needs share: a list is sent, looked at, and brought in on a second press."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel.speaklater import LazyString

from tempuse.errors import Issue, TempuseError
from tempuse.imports import Import
from tempuse.io import crosswalk
from tempuse.io.crosswalk import Crosswalk
from tempuse.io.read import open_source
from tempuse.io.sources.source import Source
from tempuse.registry.importing.opening import countries_of
from tempuse.registry.lists import BroughtIn, SentList
from web import database
from web.office.imports import check, noticed
from web.presenters import import_report
from web.site import arguments, uploads
from web.site.forms import Form
from web.site.uploads import Upload

# Whoever waits for a page waits for so many; a longer list is brought in on the command line.
MOST = 2000


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list.

    Attributes:
        name: as imports have it; its addresses and templates are named after it.
        form: makes the form with which one begins: ``file`` and whatever ``asked`` reads.
        asked: what was chosen, for the address of the next page.
        targets: what a column may be, in words.
        columns: what a list's columns are; ``rows`` its rows, at most MOST.
        bring_in: brings the rows in, or only looks; given the rows, the list, and whether to look only.
    """

    name: str
    form: Callable[[], Form]
    asked: Callable[[Any], Mapping[str, str]]
    targets: Mapping[str, LazyString]
    columns: Callable[[Source], Crosswalk]
    rows: Callable[[Source, Crosswalk], Iterable[Any]]
    too_many: Callable[[], TempuseError]
    bring_in: Callable[[list[Any], SentList, bool], BroughtIn]

    def begin(self) -> ResponseReturnValue:
        """Begin with a file."""
        form: Any = self.form()
        if form.validate_on_submit():
            sent = form.file.data
            if not sent or not sent.filename:
                form.say("file", gettext("Choose a file."))
            else:
                upload = uploads.keep([sent])
                with form.saying({TempuseError: "file"}):
                    self._read(upload)
                    asked = {name: text for name, text in self.asked(form).items() if text}
                    return redirect(url_for(f".import_{self.name}_look", **{"key": upload.key, **asked}))  # type: ignore[arg-type]
                uploads.forget(upload)
        return form.page(f"office/imports/{self.name}.html")  # type: ignore[no-any-return]

    def look(self, key: str) -> ResponseReturnValue:
        """What would become of the list; a POST brings it in."""
        upload = uploads.get(key)
        rows, columns, said = self._read(upload)
        source = arguments.text(request.args, "source") or Path(upload.name).stem
        about = SentList(source=source, file_name=upload.name, crosswalk=said)
        is_sent = request.method == "POST"
        done = self.bring_in(rows, about, not is_sent)
        if is_sent:
            uploads.forget(upload)
            flash(gettext("The list is in the register."))
            return redirect(url_for(".import_report", ref=done.ref))
        return render_template(
            f"office/imports/{self.name}_look.html", upload=upload, about=about, columns=columns,
            again=request.full_path, **self._shown(done),
        )  # fmt: skip

    def stop(self, key: str) -> ResponseReturnValue:
        """Not after all: the file is thrown away."""
        uploads.forget(uploads.get(key))
        flash(gettext("Stopped. Nothing was changed."))
        return redirect(url_for(f".import_{self.name}"))

    def report(self, row: Import, issues: list[Issue]) -> str:
        """What a list did that was brought in before."""
        done = BroughtIn(row.ref, issues=issues)
        done.counts.update(row.counts)
        return render_template("office/imports/list_report.html", row=row, **self._shown(done))

    def _shown(self, done: BroughtIn) -> dict[str, Any]:
        lines = noticed.of_kept(done.issues)
        page = arguments.page(request.args, len(lines), check.PAGE)
        asked = {name: value for name, value in request.args.items() if name != "page"}
        here = {**(request.view_args or {}), **asked}
        counts = import_report.counted(dict(done.counts), of=self.name)
        return {
            "counts": [(gettext(label), number) for label, number in counts],
            "lines": lines[page.offset :][: page.size], "noticed": len(done.issues), "page": page,
            "comes": done.counts["new"] + done.counts["changed"],
            "address": lambda number: url_for(request.endpoint or "", **{**here, "page": number}),
        }  # fmt: skip

    def _read(self, upload: Upload) -> tuple[list[Any], list[tuple[str, str]], str]:
        """The rows of a list, what each column was taken for, and the same as a file."""
        here = countries_of(database.connection())
        with contextlib.closing(open_source(upload.path, upload.scratch, name=upload.name, countries=here)) as source:
            known = self.columns(source)
            held = {column.theirs: column.field for column in known.columns}
            rows: list[Any] = []
            for row in self.rows(source, known):
                rows.append(row)
                if len(rows) > MOST:
                    raise self.too_many()
            columns = [(name, str(self.targets.get(held.get(name, ""), ""))) for name in source.columns]
            return rows, columns, crosswalk.write(known, source.columns)
