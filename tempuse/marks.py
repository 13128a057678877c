"""The marks of spaces: shape says the kind; colour, and a sign within, say the state. For pages and for GIS alike."""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """The outline of a kind in a square of 28, and where the sign within it stands."""

    kind: str
    path: str
    x: int
    y: float


SIDE = 28
SHAPES = (
    Shape("building", "M14 2.5 25.5 11.5V25.5H2.5V11.5Z", 14, 16.5),
    Shape("unit", "M6 25.5V12a8 8 0 0 1 16 0V25.5Z", 14, 16),
    Shape("plot", "M14 5 27 15 14 25 1 15Z", 14, 15),
)
# As the pages' light colours have them (tokens.css).
COLOURS = {
    "paper": "#ffffff", "free": "#1a5fc4", "used": "#f2a516", "used-line": "#5a3a00", "used-edge": "#a86d00",
    "shut": "#5d6a66",
}  # fmt: skip


def drawn(shape: Shape, state: str) -> str:
    """A mark as an SVG of its own."""
    x, y, colour = shape.x, shape.y, COLOURS
    fill, line, width = {
        "free": (colour["free"], colour["paper"], 2.0),
        "used": (colour["used"], colour["used-line"], 2.2),
        "shut": (colour["paper"], colour["shut"], 2.4),
    }[state]
    sign = {
        "free": "",
        "used": f'<circle cx="{x}" cy="{y}" r="3.6" fill="{line}"/>',
        "shut": f'<path d="M{x - 4} {y + 4}l8-8" fill="none" stroke="{line}" stroke-width="{width}"'
        ' stroke-linecap="round"/>',
    }[state]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}">'
        f'<path d="{shape.path}" fill="{fill}" stroke="{line}" stroke-width="{width}" stroke-linejoin="round"/>'
        f"{sign}</svg>"
    )
