"""An address as a code that a telephone's camera reads (QR, ISO/IEC 18004)."""

from __future__ import annotations

import io

import segno


def qr_svg(text: str) -> str:
    """A text as the drawing of a code, SVG in black on white with its quiet border; the same text gives the same one.

    Args:
        text: an address; a folded corner or a stain of up to 15 % still lets it be read.
    """
    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        made, kind="svg", xmldecl=False, svgclass=None, lineclass=None, border=4, light="white", nl=False
    )
    return made.getvalue().decode()
