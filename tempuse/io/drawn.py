"""Pictures that nobody took: a façade, a shopfront or a plot from above, drawn from a few facts, the same each time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from tempuse.io.confined import packed
from tempuse.io.confined.picture import sized
from tempuse.io.pictures import Sized

_WIDE, _HIGH = 1600, 1200
_STREET = 980  # where the house stands on the pavement, from above
_WALLS = ("#b5694a", "#c98f5f", "#a8a093", "#d9c9a8", "#8c9aa3", "#c4b7a1", "#9c5f52", "#b9ab8a")
_SKIES = (("#cfe2ee", "#f3efe3"), ("#bcd3e0", "#eef0ea"), ("#d8dfe6", "#f4ead9"))
_DARK, _TRIM, _GLASS, _LIT, _BOARD = "#33383c", "#f1ece1", "#5d7480", "#f2cf7a", "#9a7b57"


@dataclass(frozen=True, slots=True)
class Look:
    """What is drawn.

    Attributes:
        kind: ``building``, ``unit`` (a shopfront), ``plot``.
        storeys: of the façade, from 1 to 5.
        is_hall: one high room behind gates.
        is_used: light behind its windows.
        is_worn: some windows boarded up.
        seed: what else is different from one to the next.
    """

    kind: str
    storeys: int = 2
    is_hall: bool = False
    is_used: bool = False
    is_worn: bool = False
    seed: int = 0


def draw(look: Look, sides: Sequence[int]) -> list[Sized]:
    """A picture in several sizes, like ``pictures.sized_picture``."""
    chance = random.Random(look.seed)
    image = Image.new("RGB", (_WIDE, _HIGH))
    pen = ImageDraw.Draw(image)
    if look.kind == "plot":
        _plot(pen, look, chance)
    else:
        _sky(pen, chance)
        _neighbours(pen, chance)
        _house(pen, look, chance)
        _pavement(pen, chance)
    return [Sized(*each) for each in packed.all_sized(b"".join(sized(image, side) for side in sides))]


def _mixed(one: str, other: str, share: float) -> tuple[int, ...]:
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return tuple(round(a + (b - a) * share) for a, b in pairs)


def _sky(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    above, below = chance.choice(_SKIES)
    for y in range(0, _STREET, 4):
        pen.rectangle((0, y, _WIDE, y + 4), fill=_mixed(above, below, y / _STREET))


def _neighbours(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    for left, right in ((-40, 330), (1270, 1640)):
        top, colour = chance.randint(330, 560), _mixed(chance.choice(_WALLS), "#e6e2da", 0.55)
        pen.rectangle((left, top, right, _STREET), fill=colour)
        pen.rectangle((left - 12, top - 16, right + 12, top), fill=_mixed("#6b6a66", "#e6e2da", 0.4))
        for x in range(left + 70, right - 90, 120):
            for y in range(top + 60, _STREET - 150, 170):
                pen.rectangle((x, y, x + 60, y + 100), fill=_mixed("#5d7480", "#e6e2da", 0.5))


def _house(pen: ImageDraw.ImageDraw, look: Look, chance: random.Random) -> None:
    storeys = 1 if look.is_hall else max(1, min(look.storeys, 5))
    left, right = (230, 1370) if look.is_hall else (330, 1270)
    floor = min(250, 780 // storeys) if storeys > 1 else 470 if look.is_hall else 330
    top, wall = _STREET - floor * storeys, chance.choice(_WALLS)
    pen.rectangle((left, top, right, _STREET), fill=wall)
    for y in range(top + 14, _STREET, 28):  # courses of brick
        pen.line((left, y, right, y), fill=_mixed(wall, "#000000", 0.06), width=2)
    pen.rectangle((left, _STREET - 26, right, _STREET), fill=_mixed(wall, "#000000", 0.35))
    _roof(pen, look, chance, left, right, top)
    if look.is_hall:
        _gates(pen, look, chance, left, right)
        return
    for storey in range(storeys):
        _storey(pen, look, chance, left, right, _STREET - floor * (storey + 1), floor, is_ground=storey == 0)


def _roof(pen: ImageDraw.ImageDraw, look: Look, chance: random.Random, left: int, right: int, top: int) -> None:
    tile = chance.choice(("#6e4a3f", "#55585c", "#7a5a45"))
    if look.is_hall:
        teeth = 5
        width = (right - left) / teeth
        for tooth in range(teeth):  # a saw-tooth roof lets light in from the north
            x = left + tooth * width
            pen.polygon([(x, top), (x, top - 120), (x + width, top)], fill=tile)
            pen.polygon([(x + 4, top - 6), (x + 4, top - 104), (x + 34, top - 84), (x + 34, top - 6)], fill=_GLASS)
    elif look.storeys <= 3 and chance.random() < 0.6:
        pen.polygon([(left - 24, top), (left + 130, top - 150), (right - 130, top - 150), (right + 24, top)], fill=tile)
        chimney = right - chance.randint(230, 330)
        pen.rectangle((chimney, top - 210, chimney + 54, top - 100), fill=_mixed(tile, "#000000", 0.2))
    else:
        pen.rectangle((left - 20, top - 34, right + 20, top), fill=_TRIM)
        pen.rectangle((left - 20, top - 8, right + 20, top), fill=_mixed(_TRIM, "#000000", 0.2))


def _storey(
    pen: ImageDraw.ImageDraw, look: Look, chance: random.Random, left: int, right: int, top: int, floor: int, *,
    is_ground: bool,
) -> None:  # fmt: skip
    if is_ground and look.kind == "unit":
        _shopfront(pen, look, chance, left, right, top, floor)
        return
    count = 5
    step = (right - left) / count
    door = chance.randrange(count) if is_ground else -1
    for number in range(count):
        middle = left + step * (number + 0.5)
        if number == door:
            pen.rectangle((middle - 58, _STREET - floor + 56, middle + 58, _STREET), fill=_TRIM)
            pen.rectangle((middle - 44, _STREET - floor + 70, middle + 44, _STREET), fill=chance.choice(_DOORS))
        else:
            _window(pen, look, chance, (middle - 52, top + floor * 0.24, middle + 52, top + floor * 0.8))


_DOORS = ("#2f5d4f", "#7b2f2b", "#2d4a6b", "#4b4038")


def _window(
    pen: ImageDraw.ImageDraw, look: Look, chance: random.Random, at: tuple[float, float, float, float]
) -> None:  # fmt: skip
    west, north, east, south = at
    pen.rectangle((west - 10, north - 10, east + 10, south + 10), fill=_TRIM)
    if look.is_worn and chance.random() < 0.45:
        pen.rectangle(at, fill=_BOARD)
        for y in range(int(north) + 24, int(south), 26):
            pen.line((west, y, east, y), fill=_mixed(_BOARD, "#000000", 0.25), width=4)
        return
    pen.rectangle(at, fill=_LIT if look.is_used and chance.random() < 0.6 else _GLASS)
    pen.line(((west + east) / 2, north, (west + east) / 2, south), fill=_TRIM, width=7)
    pen.line((west, north + (south - north) * 0.4, east, north + (south - north) * 0.4), fill=_TRIM, width=7)


def _shopfront(
    pen: ImageDraw.ImageDraw, look: Look, chance: random.Random, left: int, right: int, top: int, floor: int
) -> None:  # fmt: skip
    front, door = chance.choice(_DOORS), right - 260
    pen.rectangle((left, top + 10, right, _STREET), fill=front)
    pen.rectangle((left + 30, top + 24, right - 30, top + 70), fill=_mixed(front, "#ffffff", 0.75))
    glass = _LIT if look.is_used else _mixed(_GLASS, "#ffffff", 0.25)
    middle, sill = (left + door) // 2, _STREET - 60
    for west, east, south in (
        (left + 40, middle - 15, sill),
        (middle + 15, door - 30, sill),
        (door, right - 70, _STREET),
    ):
        pen.rectangle((west, top + 112, east, south), fill=glass)
        pen.line((west, top + 150, east, top + 150), fill=front, width=8)
        if look.is_worn:
            pen.polygon([(west + 30, south), (east - 60, top + 160), (east - 20, top + 160), (west + 80, south)],
                        fill=_mixed(_GLASS, "#ffffff", 0.5))  # fmt: skip
    stripe, width = chance.choice(("#b8513f", "#3e6f8e", "#5b7d4a")), (right - left) / 16
    for number in range(16):
        x = left + number * width
        colour = stripe if number % 2 else _TRIM
        pen.polygon([(x, top + 78), (x + width, top + 78), (x + width + 8, top + 128), (x + 8, top + 128)], fill=colour)


def _gates(pen: ImageDraw.ImageDraw, look: Look, chance: random.Random, left: int, right: int) -> None:
    colour = chance.choice(_DOORS)
    for middle in (left + (right - left) * 0.3, left + (right - left) * 0.7):
        pen.rectangle((middle - 130, _STREET - 290, middle + 130, _STREET), fill=_TRIM)
        pen.rectangle((middle - 116, _STREET - 276, middle + 116, _STREET), fill=colour)
        for x in range(-116, 117, 58):
            pen.line((middle + x, _STREET - 276, middle + x, _STREET), fill=_mixed(colour, "#000000", 0.3), width=5)
    for number in range(7):
        west = left + 70 + number * (right - left - 210) / 6
        _window(pen, look, chance, (west, _STREET - 420, west + 70, _STREET - 330))


def _pavement(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    pen.rectangle((0, _STREET, _WIDE, _STREET + 70), fill="#cfc9bd")
    for x in range(chance.randint(0, 60), _WIDE, 80):
        pen.line((x, _STREET, x - 24, _STREET + 70), fill="#bdb6a8", width=3)
    pen.rectangle((0, _STREET + 70, _WIDE, _STREET + 82), fill="#9f998d")
    pen.rectangle((0, _STREET + 82, _WIDE, _HIGH), fill="#7d7f80")
    x = chance.choice((130, 1470))
    pen.rectangle((x - 9, _STREET - 210, x + 9, _STREET + 20), fill="#6b5a48")
    for dx, dy, radius in ((0, -330, 130), (-80, -250, 100), (80, -260, 95)):
        pen.ellipse((x + dx - radius, _STREET + dy - radius, x + dx + radius, _STREET + dy + radius), fill="#7d9a63")


def _plot(pen: ImageDraw.ImageDraw, look: Look, chance: random.Random) -> None:
    pen.rectangle((0, 0, _WIDE, _HIGH), fill="#dcd6c8")
    for x in range(30, _WIDE, 260):  # the roofs around it
        for y in (30, 980):
            roof = _mixed(chance.choice(_WALLS), "#dcd6c8", 0.35)
            pen.rectangle((x, y, x + chance.randint(170, 220), y + chance.randint(130, 190)), fill=roof)
            pen.line((x, y + 75, x + 170, y + 75), fill=_mixed("#6b6a66", "#dcd6c8", 0.5), width=4)
    pen.rectangle((0, 255, _WIDE, 345), fill="#b9b6ae")
    for x in range(20, _WIDE, 110):
        pen.line((x, 300, x + 55, 300), fill="#efece4", width=6)
    corners = [(chance.randint(150, 230), 380), (chance.randint(1340, 1450), 380),
               (chance.randint(1300, 1450), 930), (chance.randint(150, 260), 930)]  # fmt: skip
    pen.polygon(corners, fill=chance.choice(("#a9b98a", "#b8ae8c", "#9fb08f")))
    for _ in range(90):
        x, y, size = chance.randint(280, 1270), chance.randint(420, 890), chance.randint(6, 26)
        pen.ellipse((x, y, x + size, y + size), fill=chance.choice(("#9aa97b", "#b7bd97", "#a59c78")))
    for _ in range(chance.randint(4, 8)):
        x, y, size = chance.randint(300, 1180), chance.randint(420, 800), chance.randint(60, 110)
        pen.ellipse((x + 12, y + 14, x + size + 12, y + size + 14), fill="#87966a")
        pen.ellipse((x, y, x + size, y + size), fill=chance.choice(("#6f8f57", "#5f8050", "#7d9a63")))
    if look.is_used:
        for number in range(4):  # raised beds
            x = 420 + number * 190
            pen.rectangle((x, 620, x + 120, 800), fill="#8a6a4a")
            pen.rectangle((x + 12, 632, x + 108, 788), fill="#6f8f57")
    pen.line([*corners, corners[0]], fill="#5c4a3a", width=9)
