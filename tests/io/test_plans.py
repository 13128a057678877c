"""Plans from outside: the pages as they are drawn and nothing else, or a sentence why not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from tempuse.errors import Invalid
from tempuse.io import pictures

SECRETS = (
    b"Ilse", b"secret", b"JavaScript", b"EmbeddedFile", b"Launch", b"Metadata", b"PieceInfo", b"/AA", b"/Annots",
    b"OpenAction", b"AcroForm", b"Outlines", b"/URI",
)  # fmt: skip


def a_plan(path: Path, pages: int = 2, change: Callable[[pikepdf.Pdf], None] | None = None) -> Path:
    """A PDF as a drawing program makes it: what all pages need stands above them; a photo that says who took it."""
    pdf = pikepdf.new()
    photo, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = "Ilse Maes"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 3.0, 12.0)})
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG", exif=exif, comment=b"Ilse's yard")
    image = Stream(pdf, photo.getvalue())
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 40, 30
    image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    image.Metadata = Stream(pdf, b"<x>Ilse</x>")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for number in range(pages):
        drawn = f"BT /F1 12 Tf 20 20 Td (Floor {number}) Tj ET q 90 0 0 90 0 60 cm /Im0 Do Q".encode()
        page = Dictionary(Type=Name.Page, Contents=Stream(pdf, drawn))
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pages_above = pdf.Root.Pages
    pages_above.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im0=pdf.make_indirect(image)))
    pages_above.MediaBox = Array([0, 0, 300, 200])
    pdf.docinfo["/Author"] = "Ilse Maes"
    if change:
        change(pdf)
    pdf.save(path, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return path


def acting(pdf: pikepdf.Pdf) -> None:
    """All that a PDF can hold beside its pages."""
    script = pdf.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert('secret')")))
    held = Stream(pdf, b"secret")
    held.Type = Name.EmbeddedFile
    file = Dictionary(Type=Name.Filespec, F=String("secret.exe"), EF=Dictionary(F=pdf.make_indirect(held)))
    pdf.Root.OpenAction = script
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("secret"), pdf.make_indirect(file)])))
    pdf.Root.Metadata = Stream(pdf, b"<x>Ilse</x>")
    pdf.Root.Outlines = Dictionary(Type=Name.Outlines, Title=String("secret"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("secret"))
    page = pdf.pages[0].obj
    page.AA = Dictionary(O=script)
    page.Metadata = Stream(pdf, b"<x>Ilse</x>")
    page.PieceInfo = Dictionary(App=Dictionary(Private=String("secret")))
    page.Annots = Array([
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
                   A=Dictionary(S=Name.URI, URI=String("https://secret.example"))),
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]),
                   A=Dictionary(S=Name.Launch, F=String("secret.exe"))),
        Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=String("secret: Ilse")),
    ])  # fmt: skip


def test_the_pages_stay_and_nothing_beside_them(tmp_path: Path) -> None:
    path = a_plan(tmp_path / "plan.pdf", change=acting)
    assert all(
        secret in path.read_bytes() for secret in (b"secret", b"Ilse", b"JavaScript", b"GPS") if secret != b"GPS"
    )
    plan = pictures.safe_plan(path, "plan.pdf")
    assert plan.pages == 2
    with pikepdf.open(io.BytesIO(plan.pdf)) as pdf:
        loose = io.BytesIO()
        pdf.save(loose, qdf=True)
        assert not [secret for secret in SECRETS if secret in loose.getvalue()]
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert list(pdf.docinfo.keys()) == []
        assert [[int(side) for side in page.mediabox] for page in pdf.pages] == [[0, 0, 300, 200]] * 2
    read = pypdf.PdfReader(io.BytesIO(plan.pdf))
    assert [page.extract_text().strip() for page in read.pages] == ["Floor 0", "Floor 1"]
    assert read.pages[1].images[0].image.getpixel((5, 5))[0] > 200  # type: ignore[union-attr,index]


def test_the_same_plan_is_the_same_file(tmp_path: Path) -> None:
    once, again = (pictures.safe_plan(a_plan(tmp_path / name), name).pdf for name in ("a.pdf", "b.pdf"))
    assert once == again


def test_a_stamp_that_would_be_printed_is_drawn_into_its_page(tmp_path: Path) -> None:
    def stamped(pdf: pikepdf.Pdf) -> None:
        drawn = Stream(pdf, b"BT /F1 9 Tf 2 2 Td (Exit) Tj ET")
        drawn.Type, drawn.Subtype, drawn.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 20])
        drawn.Resources = pdf.Root.Pages.Resources
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([100, 100, 150, 120]), F=4,
            AP=Dictionary(N=pdf.make_indirect(drawn)), Contents=String("secret"),
        ))])  # fmt: skip

    made = pictures.safe_plan(a_plan(tmp_path / "plan.pdf", change=stamped), "plan.pdf").pdf
    assert "Exit" in pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert b"secret" not in made


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        pictures.safe_plan(path, "plan.pdf")
    assert caught.value.values["name"] == "plan.pdf"
    return caught.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "file.empty"), (b"This is a text.", "plan.none"), (b"\xff\xd8\xff\xe0\x00\x10JFIF", "plan.none"),
        (b"%PDF-1.7\nnothing of it", "paper.damaged"),
    ],
)  # fmt: skip
def test_what_is_no_plan_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "sent").write_bytes(content)
    assert refused(tmp_path / "sent") == message


def test_a_plan_with_a_password_and_one_with_many_pages_are_refused(tmp_path: Path) -> None:
    assert refused(a_plan(tmp_path / "many.pdf", pages=300)) == "plan.too_many_pages"
    for user in ("", "open"):
        with pikepdf.open(a_plan(tmp_path / "a.pdf")) as pdf:
            pdf.save(tmp_path / "b.pdf", encryption=pikepdf.Encryption(owner="secret", user=user))
        assert refused(tmp_path / "b.pdf") == "paper.encrypted"


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    def large(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Contents = Stream(pdf, b" " * (400 * 1024 * 1024))

    def wide(pdf: pikepdf.Pdf) -> None:
        image = pdf.Root.Pages.Resources.XObject.Im0
        image.Width, image.Height = 40_000, 40_000

    with pikepdf.open(a_plan(tmp_path / "a.pdf", change=large)) as pdf:
        pdf.save(tmp_path / "small.pdf")
    assert (tmp_path / "small.pdf").stat().st_size < 1024 * 1024
    assert refused(tmp_path / "small.pdf") == "plan.too_much"
    assert refused(a_plan(tmp_path / "wide.pdf", change=wide)) == "plan.too_much"
