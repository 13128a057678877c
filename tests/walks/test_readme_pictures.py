"""The README's pictures show what the program shows: its own script makes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests import demos, readme_pictures
from tests.browser import WIDE

MOST_KB = 120


def alike(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures differ, seen from afar: 0 for the same, 1 for black and white."""
    small = [each.convert("L").resize((64, 40)).tobytes() for each in (one, other)]
    return sum(abs(a - b) for a, b in zip(*small, strict=True)) / (255 * len(small[0]))


@pytest.mark.browser
def test_the_pictures_in_the_readme_are_those_that_its_script_makes(
    demo_file: Path, tmp_path: Path, browser: Browser
) -> None:
    readme = (readme_pictures.FOLDER.parents[1] / "README.md").read_text()
    named = re.findall(r"!\[[^\]]{20,}\]\(data/pictures/([\w.]+)\)", readme)
    register = demos.a_copy(demo_file, tmp_path)
    made = readme_pictures.take(register, browser, tmp_path)
    register.close()
    assert named == [path.name for path in made]
    for path in made:
        kept = readme_pictures.FOLDER / path.name
        assert kept.stat().st_size < MOST_KB * 1000
        with Image.open(kept) as old, Image.open(path) as new:
            assert old.size == new.size == WIDE
            assert alike(old, new) < 0.06, "take them anew with python -m tests.readme_pictures"
