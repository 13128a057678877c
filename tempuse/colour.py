"""The city's accent colour: contrast by WCAG 2.2, shades by OKLCH, so that any accent can be read.

Contrast: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. OKLab: Björn Ottosson, 2020.
"""

from __future__ import annotations

import re

Rgb = tuple[float, float, float]

PAPER, MIST, INK, NIGHT = "#ffffff", "#f3f5f2", "#13231f", "#141d1a"


def is_hex(text: str) -> bool:
    """Whether the text is a colour like #0b5a4a."""
    return re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def _rgb(text: str) -> Rgb:
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(min(max(part, 0), 1) * 255):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else float(1.055 * max(part, 0) ** (1 / 2.4) - 0.055)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light = [0.2126 * _linear(r) + 0.7152 * _linear(g) + 0.0722 * _linear(b) for r, g, b in (_rgb(one), _rgb(other))]
    return (max(light) + 0.05) / (min(light) + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """``one`` mixed into ``other`` by this share, 0 to 1."""
    a, b = _rgb(one), _rgb(other)
    return _hex((
        a[0] * share + b[0] * (1 - share), a[1] * share + b[1] * (1 - share), a[2] * share + b[2] * (1 - share)
    ))  # fmt: skip


def lightened(text: str, by: float) -> str:
    """The colour with its OKLab lightness raised by ``by`` (negative: darker), hue and chroma kept."""
    r, g, b = (_linear(part) for part in _rgb(text))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short + by
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    c = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    long = (lightness + 0.3963377774 * a + 0.2158037573 * c) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * c) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * c) ** 3
    return _hex((
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    ))  # fmt: skip


def shades(accent: str) -> dict[str, str]:
    """The colours that follow from an accent, for light and dark pages, as CSS tokens."""
    brighter = (lightened(accent, step * 0.02) for step in range(51))
    night = next((shade for shade in brighter if contrast(shade, NIGHT) >= 7), PAPER)
    return {
        "accent": accent,
        "accent-deep": mix(accent, "#000000", 0.75),
        "accent-tint": mix(accent, PAPER, 0.12),
        "on-accent": PAPER if contrast(accent, PAPER) >= contrast(accent, INK) else INK,
        "brand-bg": mix(accent, "#000000", 0.82),
        "night-accent": night,
        "night-accent-deep": lightened(night, 0.06),
        "night-accent-tint": mix(night, NIGHT, 0.2),
    }


def is_readable(accent: str) -> bool:
    """Whether text in this colour can be read on our grounds, and white or ink on it: 4.5 to 1 each."""
    grounds = (PAPER, MIST, shades(accent)["accent-tint"])
    return min(contrast(accent, ground) for ground in grounds) >= 4.5


def readable(accent: str) -> str:
    """The nearest darker shade that can be read."""
    darker = (lightened(accent, step * -0.01) for step in range(101))
    return next((shade for shade in darker if is_readable(shade)), INK)
