"""Fields of forms for pictures, plans and scans: looked at when they come, and kept when the rest of the form is right.

    photos = Pictures(lazy_gettext("Photos"))
    scan = Paper(lazy_gettext("The signed paper"))

What does not fit is said beside the field. No browser sends a file twice: where another field does not fit, the hint
asks for the files again. A view that takes the form writes ``form.photos.keep()`` into its row: names of attachments.
The page's form needs ``enctype="multipart/form-data"``, its address a place in ``incoming.UPLOAD_DOORS``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import ValidationError

from tempuse.errors import Invalid
from tempuse.io.pictures import (
    MOST_PAPER_MB,
    MOST_PICTURE_MB,
    MOST_PLAN_MB,
    MOST_PLAN_PAGES,
    PICTURE,
    Plan,
    Sized,
    safe_paper,
    safe_picture,
    safe_plan,
    sized_picture,
)
from tempuse.pictures import SIDES
from tempuse.store import attachments
from web import database, words
from web.config import MEGABYTE
from web.site import scratch
from web.site.forms import Form
from web.site.limits import PHOTOS_OF_ALL, PHOTOS_OF_ONE, take, visitor

MOST_AT_ONCE = 10
# How a form with such a field is sent.
FILES = "multipart/form-data"
_Made = TypeVar("_Made")
_PICTURES = "image/jpeg,image/png,image/webp"
_TAKEN = lazy_gettext(
    "JPEG, PNG or WebP, at most %(mb)s MB each. Where and by whom they were taken is removed.", mb=MOST_PICTURE_MB
)


def _looked_at(file: FileStorage, look: Callable[..., _Made]) -> _Made:
    """What becomes of a file that came; its name is only said."""
    folder = scratch.new_folder()
    try:
        file.save(folder / "sent")
        return look(folder / "sent", (file.filename or "").replace("\\", "/").rpartition("/")[2])
    except Invalid as error:
        raise ValidationError(words.error_sentence(error)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _SentAgain:
    """The hint of a field whose files fit: when its form is shown again, they have to be chosen again."""

    made: Any

    @property
    def description(self) -> str:
        """The hint."""
        return f"{self._hint} {gettext('Please choose them again.')}" if self.made else str(self._hint)

    @description.setter
    def description(self, hint: Any) -> None:
        self._hint = hint

    def _value(self) -> str:
        return ""


class Pictures(_SentAgain, MultipleFileField):  # type: ignore[misc]
    """Any number of pictures; ``made`` holds what became of them, once the form was looked through."""

    def __init__(self, label: Any = None, most: int = MOST_AT_ONCE, **options: Any) -> None:
        options.setdefault("description", _TAKEN)
        self.most = most
        self.made: list[bytes] = []
        super().__init__(label, render_kw={"accept": _PICTURES, "multiple": True}, **options)

    def pre_validate(self, form: Form) -> None:
        """Refuse all of them where one does not fit."""
        files = list(self.data or ())
        if len(files) > self.most:
            raise ValidationError(words.sentence("picture.too_many", {"most": self.most}))
        self.made = [_looked_at(file, safe_picture) for file in files]

    def keep(self) -> tuple[str, ...]:
        """Keep the pictures; gives their names.

        Raises:
            Unusable: the disk is full.
        """
        home = database.register().home
        return tuple(dict.fromkeys(attachments.put(home, content, PICTURE) for content in self.made))


class StrangersPictures(Pictures):
    """Pictures from somebody whom nobody knows: few, and not many in an hour."""

    def pre_validate(self, form: Form) -> None:
        """Refuse them all where there are too many, or one does not fit."""
        counted = [(PHOTOS_OF_ONE, f"photos {visitor()}"), (PHOTOS_OF_ALL, "photos")]
        if len(self.data or ()) <= self.most and not all(take(counted) for _ in self.data or ()):
            raise ValidationError(words.sentence("picture.too_often"))
        super().pre_validate(form)


class Paper(_SentAgain, FileField):  # type: ignore[misc]
    """One scan: a PDF or a picture; ``made`` holds its bytes and its ending, once the form was looked through."""

    def __init__(self, label: Any = None, most_mb: int = MOST_PAPER_MB, **options: Any) -> None:
        self.most_mb = most_mb
        options.setdefault(
            "description",
            lazy_gettext(
                "A PDF of at most %(pdf_mb)s MB, or a picture of at most %(mb)s MB.",
                pdf_mb=most_mb,
                mb=min(most_mb, MOST_PICTURE_MB),
            ),
        )
        self.made: tuple[bytes, str] | None = None
        super().__init__(label, render_kw={"accept": f"application/pdf,{_PICTURES}"}, **options)

    def pre_validate(self, form: Form) -> None:
        """Refuse what is neither a PDF that lies still nor a picture."""
        if not self.data:
            return
        size = self.data.stream.seek(0, os.SEEK_END)
        self.data.stream.seek(0)
        if size > self.most_mb * MEGABYTE:
            raise ValidationError(words.sentence("paper.too_large", {"name": self.called, "most": self.most_mb}))
        self.made = _looked_at(self.data, safe_paper)

    @property
    def called(self) -> str:
        """The name of the file, as its sender has it; empty where none was sent."""
        return (self.data.filename or "").replace("\\", "/").rpartition("/")[2] if self.data else ""

    def keep(self) -> str:
        """Keep the scan; gives its name, empty where none was sent.

        Raises:
            Unusable: the disk is full.
        """
        return attachments.put(database.register().home, *self.made) if self.made else ""


class PlanFile(_SentAgain, FileField):  # type: ignore[misc]
    """One plan, a PDF; ``made`` holds what became of it, once the form was looked through."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        options.setdefault(
            "description",
            lazy_gettext(
                "A PDF of at most %(mb)s MB and %(pages)s pages. Only what is drawn on its pages stays.",
                mb=MOST_PLAN_MB, pages=MOST_PLAN_PAGES,
            ),
        )  # fmt: skip
        self.made: Plan | None = None
        super().__init__(label, render_kw={"accept": "application/pdf"}, **options)

    def pre_validate(self, form: Form) -> None:
        """Refuse what is no PDF that anybody can open."""
        if not self.data:
            raise ValidationError(gettext("Choose a PDF."))
        self.made = _looked_at(self.data, safe_plan)

    def keep(self) -> tuple[dict[str, Any], ...]:
        """Keep the plan; gives it as a row of pictures holds it.

        Raises:
            Unusable: the disk is full.
        """
        assert self.made is not None
        name = attachments.put(database.register().home, self.made.pdf, "pdf")
        return ({"pdf": name, "pages": self.made.pages, "bytes": len(self.made.pdf)},)


class EachPicture(MultipleFileField):  # type: ignore[misc]
    """Pictures to be shown in several sizes, each taken or refused by itself: what fits is not asked for again.

    Attributes:
        room: how many more there may be.
        made: what became of those that fit, in all sizes.
        refused: why the others were not taken, a sentence each.
    """

    def __init__(self, label: Any = None, **options: Any) -> None:
        self.room = MOST_AT_ONCE
        self.made: list[list[Sized]] = []
        self.refused: list[str] = []
        options.setdefault("description", _TAKEN)
        super().__init__(label, render_kw={"accept": _PICTURES, "multiple": True}, **options)

    def pre_validate(self, form: Form) -> None:
        """Look at each of them; the form is taken whatever is wrong with some."""
        for file in list(self.data or ())[: self.room]:
            try:
                self.made.append(_looked_at(file, partial(sized_picture, sides=SIDES)))
            except ValidationError as error:
                self.refused.append(str(error))

    @property
    def left_over(self) -> int:
        """For how many there is no room."""
        return max(0, len(list(self.data or ())) - self.room)

    def keep(self) -> list[tuple[dict[str, Any], ...]]:
        """Keep those that fit; gives the sizes of each, with the names of their files.

        Raises:
            Unusable: the disk is full.
        """
        return [keep_sized(each) for each in self.made]


def keep_sized(made: Sequence[Sized]) -> tuple[dict[str, Any], ...]:
    """Keep a picture in all its sizes; gives them with the names of their files, the smallest first.

    Raises:
        Unusable: the disk is full.
    """
    home = database.register().home
    return tuple(
        {
            "width": each.width, "height": each.height,
            "jpg": attachments.put(home, each.jpg, PICTURE), "webp": attachments.put(home, each.webp, "webp"),
        }
        for each in made
    )  # fmt: skip
