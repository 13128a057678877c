"""The demo's pictures: drawn the same each time, of spaces that everybody sees exactly, and saying that they are."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import orjson
from PIL import Image

from tempuse.io.drawn import Look, draw
from tempuse.registry.care import checking
from tempuse.store import pictures, published
from tests import demos


def test_some_of_the_demos_spaces_have_a_picture_and_no_real_place_has(
    demo_file: Path, tmp_path: Path, now: datetime
) -> None:
    register = demos.a_copy(demo_file, tmp_path)
    with register.connect() as con:
        shown = [orjson.loads(text)["properties"] for batch in published.walk(con, "spaces") for text in batch]
        con.rollback()
        seen = {each["ref"]: each["pictures"] for each in shown if each.get("pictures")}
        kinds = {each["kind"] for each in shown if each["ref"] in seen}
        assert kinds == {"building", "unit", "plot"}
        assert 12 < len(seen) < 40
        assert {each["source"] for each in shown if each["ref"] in seen} == {"Invented for this demonstration"}
        for (each,) in seen.values():
            assert each["alt"].startswith("Drawing: ")
            assert each["credit"] == "Drawn by the program for this invented town"
        assert pictures.count_waiting(con) == 0
        con.rollback()
        assert list(checking.check_register(con, now, home=register.home)) == []
    register.close()


def test_a_drawing_is_the_same_each_time_and_as_small_as_a_drawing_may_be() -> None:
    for kind, is_hall in (("building", True), ("building", False), ("unit", False), ("plot", False)):
        look = Look(kind, storeys=3, is_hall=is_hall, is_worn=True, is_used=True, seed=7)
        small, large = draw(look, (320, 800))
        assert (small, large) == tuple(draw(look, (320, 800)))
        assert Image.open(io.BytesIO(large.jpg)).size == (large.width, large.height) == (800, 600)
        assert max(len(small.webp), len(small.jpg)) < 20_000
        assert draw(Look(kind, is_hall=is_hall, seed=8), (320,))[0] != small
