"""Pictures and scans from outside: taken by what they hold, made anew without what they say beside, or refused."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageOps

from tempuse.errors import Invalid
from tempuse.io import pictures

GPS = {1: "N", 2: (51.0, 3.0, 12.0), 3: "E", 4: (3.0, 43.0, 9.0)}
MAKER, TAKEN_BY, COMMENT = "Camera of Ilse Maes", "Ilse Maes", b"in the back yard of Ilse Maes"


def a_photo(path: Path, size: tuple[int, int] = (400, 300), orientation: int = 1) -> Path:
    """A JPEG as a telephone makes it: red on its left, blue elsewhere; where it was taken, and by whom."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 4, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, MAKER, TAKEN_BY
    exif.get_ifd(0x8825).update(GPS)
    image.save(path, "JPEG", exif=exif, comment=COMMENT, xmp=b"<x:xmpmeta>Ilse Maes</x:xmpmeta>", quality=95)
    return path


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def refused(path: Path, take: Any = pictures.safe_picture) -> str:
    with pytest.raises(Invalid) as caught:
        take(path, "yard.jpg")
    assert caught.value.values["name"] == "yard.jpg"
    return caught.value.message


def test_nothing_is_left_of_where_and_by_whom_it_was_taken(tmp_path: Path) -> None:
    path = a_photo(tmp_path / "yard.jpg")
    assert opened(path.read_bytes()).getexif().get_ifd(0x8825)
    assert b"Ilse" in path.read_bytes()
    made = pictures.safe_picture(path)
    image = opened(made)
    assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (400, 300), {})
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for secret in (b"Ilse", b"Exif", b"xmp", b"GPS"):
        assert secret not in made


def test_a_picture_that_lies_on_its_side_is_put_upright(tmp_path: Path) -> None:
    image = opened(pictures.safe_picture(a_photo(tmp_path / "yard.jpg", orientation=6)))
    assert image.size == (300, 400)
    red, _, blue = image.getpixel((150, 20))  # type: ignore[misc]
    assert (red, blue) > (200, 0)
    assert image.getpixel((150, 380))[2] > 200  # type: ignore[index]


@pytest.mark.parametrize("held", range(1, 9))
def test_however_it_was_held_it_looks_as_it_did(tmp_path: Path, held: int) -> None:
    path = a_photo(tmp_path / "yard.jpg", orientation=held)
    with Image.open(path) as picture:
        wanted = ImageOps.exif_transpose(picture)
    image = opened(pictures.safe_picture(path))
    assert image.size == wanted.size
    for x, y in ((20, 20), (image.width - 20, 20), (20, image.height - 20)):
        (red, _, blue), (was_red, _, was_blue) = image.getpixel((x, y)), wanted.getpixel((x, y))  # type: ignore[misc]
        assert (red > blue) == (was_red > was_blue)


def test_nonsense_beside_a_picture_costs_nothing(tmp_path: Path) -> None:
    for exif in (b"Exif\0\0garbage", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x09\0"):
        Image.new("RGB", (30, 20)).save(tmp_path / "yard.jpg", "JPEG", exif=exif)
        assert opened(pictures.safe_picture(tmp_path / "yard.jpg")).size == (30, 20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_becomes_smaller(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "yard"
    Image.new("RGB", (6000, 3000), "green").save(path, kind)
    image = opened(pictures.safe_picture(path))
    assert (image.format, image.size) == ("JPEG", (2000, 1000))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_to_write_colours_is_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "yard"
    Image.new(mode, (30, 20)).save(path, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(pictures.safe_picture(path)).mode == "RGB"


def test_of_a_picture_that_moves_the_first_is_kept(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    for kind in ("PNG", "WEBP"):
        frames[0].save(tmp_path / kind, kind, save_all=True, append_images=frames[1:])
        assert opened(pictures.safe_picture(tmp_path / kind)).getpixel((5, 5))[0] > 200  # type: ignore[index]


def test_what_is_behind_glass_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert opened(pictures.safe_picture(tmp_path / "a.png")).getpixel((5, 5)) == (255, 255, 255)


def a_bomb(path: Path, side: int = 40_000) -> Path:
    """A small PNG that says that it is large, and is."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    content = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", content) + chunk(b"IEND", b""))
    return path


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = a_bomb(tmp_path / "yard.png")
    assert path.stat().st_size < 500_000
    assert refused(path) == "picture.too_many_pixels"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "file.empty"),
        (b"This is a text.", "picture.none"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "picture.none"),
        (b"GIF89a" + bytes(100), "picture.none"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n", "picture.none"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "picture.heic"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture.damaged"),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "yard.jpg").write_bytes(content)
    assert refused(tmp_path / "yard.jpg") == message


def test_half_a_picture_is_damaged(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        path = tmp_path / kind
        Image.effect_noise((300, 300), 80).convert("RGB").save(path, kind)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert refused(path) == "picture.damaged", kind


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = a_photo(tmp_path / "yard.jpg")
    with path.open("ab") as file:
        file.truncate(50 * 1024 * 1024)
    assert refused(path) == "picture.too_large"
    path.write_bytes(b"%PDF-1.7\n")
    with path.open("ab") as file:
        file.truncate(50 * 1024 * 1024)
    assert refused(path, pictures.safe_paper) == "paper.too_large"


# ---- papers -----------------------------------------------------------------------------------------------


def a_pdf(path: Path, change: Any = None, **options: Any) -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if change is not None:
        change(pdf)
    pdf.save(path, **options)
    return path


def test_a_scan_stays_as_it_is(tmp_path: Path) -> None:
    path = a_pdf(tmp_path / "signed.jpg")
    assert pictures.safe_paper(path) == (path.read_bytes(), "pdf")
    made, ending = pictures.safe_paper(a_photo(tmp_path / "signed.pdf"))
    assert (ending, opened(made).format) == ("jpg", "JPEG")


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _script_by_name(pdf: pikepdf.Pdf) -> None:
    act = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", act])))


def _start(pdf: pikepdf.Pdf) -> None:
    act = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"))
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=act)
    pdf.pages[0].Annots = pikepdf.Array([note])


def _attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_script, "paper.active"), (_script_by_name, "paper.active"), (_start, "paper.active"),
        (_attach, "paper.attached"), (lambda pdf: pdf.pages.__delitem__(0), "paper.no_pages"),
    ],
)  # fmt: skip
def test_a_pdf_that_does_more_than_lie_there_is_refused(tmp_path: Path, change: Any, message: str) -> None:
    for streams in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
        path = a_pdf(tmp_path / "signed.pdf", change, object_stream_mode=streams)
        assert refused(path, pictures.safe_paper) == message


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    for user in ("", "secret"):
        path = a_pdf(tmp_path / "signed.pdf", encryption=pikepdf.Encryption(owner="owner", user=user))
        assert refused(path, pictures.safe_paper) == "paper.encrypted"


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"%PDF-1.7\nnothing", "paper.damaged"), (b"A letter.", "paper.none"), (b"PK\x03\x04", "paper.none")],
)
def test_what_is_no_paper_is_said(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "signed.pdf").write_bytes(content)
    assert refused(tmp_path / "signed.pdf", pictures.safe_paper) == message
