"""A picture from outside becomes one of ours: its pixels and nothing else, as JPEG; in several sizes as WebP, too.

What it says beside (where and by whom it was taken, thumbnails, comments, colours of a screen) stays behind.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin

from tempuse.errors import Invalid
from tempuse.io.confined import packed

_FORMATS = (JpegImagePlugin.JpegImageFile, PngImagePlugin.PngImageFile, WebPImagePlugin.WebPImageFile)
_QUALITY, _WEBP_QUALITY = 85, 78
# How a picture of Apple's telephones begins; Pillow does not read it.
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_ODD = (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError, OverflowError)


def make(request: dict[str, Any]) -> bytes:
    """The picture as JPEG: upright, its longest side bounded, the first one where it moves.

    Where ``sides`` are asked for, it comes in all of these sizes, each as JPEG and as WebP, packed by ``packed.sized``.

    Raises:
        Invalid: it is no picture that we take, damaged, or has more pixels than allowed.
    """
    path, shown, pixels = Path(request["path"]), request["shown"], int(request["pixels"])
    # Pillow's own watch stays on beside ours: some formats unfold to more than their head says.
    Image.MAX_IMAGE_PIXELS = pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=[each.format for each in _FORMATS]) as picture:
            if picture.width * picture.height > pixels:
                raise Image.DecompressionBombError
            sides = [int(side) for side in request.get("sides", ())]
            if not sides:
                return _encoded(_plain(picture, int(request["side"])), "JPEG")
            return b"".join(sized(_plain(picture, max(sides)), side) for side in sides)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid("picture.too_many_pixels", name=shown, most=pixels // 1_000_000) from error
    except UnidentifiedImageError as error:
        with path.open("rb") as file:
            head = file.read(12)
        kind = "picture.heic" if head[4:8] == b"ftyp" and head[8:12] in _HEIC else "picture.none"
        raise Invalid(kind, name=shown) from error
    except _ODD as error:
        raise Invalid("picture.damaged", name=shown) from error


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as it was held; what it says of that may be nonsense, and then it stays as it lies."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except Exception:
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _plain(picture: Image.Image, side: int) -> Image.Image:
    picture.seek(0)
    picture.draft("RGB", (side, side))  # a large JPEG is unfolded only as far as it is needed
    turned = _upright(picture)
    whole = turned.convert("RGBA") if turned.has_transparency_data else turned.convert("RGB")
    whole.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    plain = Image.new("RGB", whole.size, "white")  # a new one knows nothing of the old
    plain.paste(whole, mask=whole if whole.mode == "RGBA" else None)
    return plain


def sized(plain: Image.Image, side: int) -> bytes:
    """A picture in one size, its longest side bounded, as JPEG and as WebP, packed by ``packed.sized``."""
    smaller = plain.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return packed.sized(*smaller.size, _encoded(smaller, "JPEG"), _encoded(smaller, "WEBP"))


def _encoded(plain: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "JPEG":
        plain.save(made, kind, quality=_QUALITY, optimize=True)
    else:
        plain.save(made, kind, quality=_WEBP_QUALITY)
    return made.getvalue()
