"""Pictures and scans in forms, and on their way back to who may see them."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pikepdf
import pytest
from flask import Flask, render_template_string
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict

from tempuse.errors import NotFound
from tempuse.store import attachments
from tempuse.store.engine import Register
from tests.office import a_signed_in_client, an_office
from web import spoken
from web.config import UPLOAD_LIMIT
from web.site import pictures
from web.site.attachments import attachment_answer
from web.site.forms import Form, Needed
from web.site.incoming import FORM_LIMIT, PHOTO_LIMIT, limit_for
from web.site.pictures import Paper, Pictures

MB = 1024 * 1024


@pytest.fixture
def app(register: Register, now: datetime) -> Flask:
    return an_office(register, now)


class Keys(Form):
    class Meta(Form.Meta):
        csrf = False

    photos = Pictures("Photos")
    scan = Paper("The signed paper")


class KeysAndScan(Keys):
    scan = Paper("The signed paper", validators=[Needed()])


def a_jpeg(colour: str = "red") -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Ilse Maes"
    Image.new("RGB", (40, 30), colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


def a_pdf(**options: Any) -> bytes:
    made = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(made, **options)
    return made.getvalue()


def sent(kind: type[Keys], *photos: bytes, scan: bytes | None = None, name: str = "yard.jpg") -> Keys:
    files: MultiDict[str, Any] = MultiDict()
    for content in photos:
        files.add("photos", FileStorage(io.BytesIO(content), name))
    if scan is not None:
        files.add("scan", FileStorage(io.BytesIO(scan), name))
    return kind(files)


def said(form: Keys) -> list[str]:
    assert not form.validate()
    return [sentence for _, sentence in form.mending()]


def test_pictures_and_a_scan_are_kept_when_the_form_is_right(app: Flask, register: Register) -> None:
    pdf = a_pdf()
    with app.test_request_context():
        form = sent(Keys, a_jpeg("red"), a_jpeg("blue"), a_jpeg("red"), scan=pdf)
        assert form.validate(), form.mending()
        assert attachments.names(register.home) == [], "looked at is not kept"
        photos, scan = form.photos.keep(), form.scan.keep()
    assert (len(photos), scan.endswith(".pdf")) == (2, True)
    assert attachments.get(register.home, scan) == pdf
    for name in photos:
        assert b"Ilse" not in attachments.get(register.home, name)
        assert name.endswith(".jpg")


def test_nothing_sent_is_nothing_kept(app: Flask, register: Register) -> None:
    with app.test_request_context():
        form = sent(Keys)
        assert form.validate()
        assert (form.photos.keep(), form.scan.keep()) == ((), "")
        assert said(sent(KeysAndScan)) == ["This is needed."]
    assert attachments.names(register.home) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "yard.jpg is empty."),
        (b"A text.", "yard.jpg is not a picture that we can show. Send a JPEG, PNG or WebP."),
        (a_jpeg()[:-200], "yard.jpg is damaged and cannot be shown. Take or save it again."),
        (a_jpeg() + bytes(50 * MB), "yard.jpg is larger than 15 MB. Save it smaller and send it again."),
    ],
)
def test_what_is_wrong_with_a_picture_is_said_beside_it(app: Flask, content: bytes, sentence: str) -> None:
    with app.test_request_context():
        assert said(sent(Keys, a_jpeg(), content, name="C:\\Users\\ilse\\yard.jpg")) == [sentence]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"A text.", "yard.jpg is neither a PDF nor a picture. Send a PDF, JPEG, PNG or WebP."),
        (a_pdf(encryption=pikepdf.Encryption(owner="o", user="u")), "has a password"),
        (b"%PDF-1.7" + bytes(30 * MB), "yard.jpg is larger than 20 MB."),
    ],
)
def test_what_is_wrong_with_a_scan_is_said_beside_it(app: Flask, content: bytes, sentence: str) -> None:
    with app.test_request_context():
        (told,) = said(sent(Keys, scan=content))
    assert sentence in told


def test_too_many_at_once_are_refused(app: Flask) -> None:
    with app.test_request_context():
        (told,) = said(sent(Keys, *[a_jpeg()] * (pictures.MOST_AT_ONCE + 1)))
    assert told == spoken.in_language("picture.too_many", {"most": pictures.MOST_AT_ONCE})


def test_the_fields_are_drawn_as_files_with_their_hint(app: Flask) -> None:
    with app.test_request_context():
        form = sent(Keys, b"A text.")
        form.validate()
        page = render_template_string(
            '{% from "_forms.html" import draw with context %}{{ draw(form.photos) }}{{ draw(form.scan) }}', form=form
        )
    assert page.count('type="file"') == 2
    assert 'accept="image/jpeg,image/png,image/webp"' in page
    assert "multiple" in page
    assert "at most 15 MB each" in page
    assert 'aria-invalid="true"' in page
    assert "False" not in page


def test_files_that_fit_are_asked_for_again_when_another_field_does_not(app: Flask) -> None:
    with app.test_request_context():
        form = sent(KeysAndScan, a_jpeg())
        assert "choose them again" not in form.photos.description
        assert said(form) == ["This is needed."]
        assert form.photos.description.endswith("Please choose them again.")
        assert "choose them again" not in form.scan.description


# ---- out ------------------------------------------------------------------------------------------------


def test_a_file_leaves_as_what_it_is(app: Flask, register: Register) -> None:
    photo, scan = a_jpeg(), a_pdf()
    names = [attachments.put(register.home, content, ending) for content, ending in ((photo, "jpg"), (scan, "pdf"))]
    with app.test_request_context():
        for name, content, way in zip(names, (photo, scan), ("inline", "attachment"), strict=True):
            digest, _, ending = name.partition(".")
            answer = app.process_response(attachment_answer(digest, ending, "PM-0012 Übergabe; a=“b”\r\nX: y"))
            answer.direct_passthrough = False
            assert answer.get_data() == content
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert "private" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Disposition"].startswith(way)
            assert f".{ending}" in answer.headers["Content-Disposition"]
            assert "\n" not in answer.headers["Content-Disposition"]
        with pytest.raises(NotFound):
            attachment_answer("0" * 64, "jpg", "x")
        with pytest.raises(NotFound):
            attachment_answer("../../secret", "jpg", "x")


def test_no_address_leads_to_a_file_by_its_name(app: Flask, register: Register) -> None:
    name = attachments.put(register.home, a_jpeg(), "jpg")
    for client in (app.test_client(), a_signed_in_client(app)):
        for address in (f"/logo/{name}", f"/attachments/{name}", f"/office/attachments/{name}", f"/static/{name}"):
            assert client.get(address).status_code == 404


def test_a_door_for_pictures_takes_more_from_who_is_signed_in(app: Flask) -> None:
    client = a_signed_in_client(app)
    client.get("/office")
    cookie = "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
    for path, most in (
        ("/office/permits/PM-0012/hand-over", UPLOAD_LIMIT), ("/my/permits/PM-0012/sign", UPLOAD_LIMIT),
        ("/office/spaces", FORM_LIMIT), ("/office/permits", FORM_LIMIT), ("/office/permits/a/b/c", FORM_LIMIT),
    ):  # fmt: skip
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}
        assert limit_for(app, environ) == FORM_LIMIT
        assert limit_for(app, {**environ, "HTTP_COOKIE": cookie}) == most
    assert {limit_for(app, {**environ, "PATH_INFO": path}) for path in ("/report", "/owner/offer")} == {PHOTO_LIMIT}
