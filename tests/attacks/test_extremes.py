"""Every public address with extreme numbers, before fifty thousand spaces: half a second and 50 MB at most.

What a stranger may ask for grows with what there is, never with the square of it. Time is the processor's, because
machines that run tests are busy; memory is the most that this process held while it answered. The map and the lists
are asked everything, every other page one question in three, the next page the next ones; where one view has several
addresses (a file in each format), they share its questions. With ``TEMPUSE_TEST_EVERYTHING=1`` each is asked all.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tempuse.mapindex.clusters import MOST_NODES
from tempuse.mapindex.filters import PARTS
from tempuse.store.engine import open_register
from tests.large import NOW
from tests.missing import missing
from web import create_app

MOST_SECONDS, MOST_MB = 0.5, 50
WEB = Path(__file__).resolve().parents[2] / "web"
STATUS = Path("/proc/self/status")
# A whole layer as a file takes its time; it is made once and kept. It may not take the memory.
FILES = "public.spaces_file"
# What reads a box, a zoom and a filter for its answer.
ASKED_ALL = ("/map/", "/list", "/find", "/match")
WORLD = "-180,-85,180,85"
NUMBERS = ("²", "٣", "-1", "0", "22", "1e999", "nan", "-inf", "9" * 20, "9" * 4400, "1_0", " ", "x" * 20_000)
BOXES = (
    WORLD, "180,85,-180,-85", "nan,nan,nan,nan", "-inf,-inf,inf,inf", "-540,-90,540,90", "3,51,3,51",
    "0,0,1e-300,1", "179,0,181,1", "400,0,500,1", "3,51,4", ",,,", "," * 5000, "1e999,1,2,3", "-90,-45,90,45",
)  # fmt: skip
PLACES = ("0/0/0", "22/51/3", "99/999/999", "nan/nan/nan", "1e999/1/1", "3/50/10", "/" * 5000)


def names_asked() -> list[str]:
    """The names of all that a public address may ask, as the code says."""
    read = [WEB / "search" / "query.py", *(WEB / "public").glob("*.py")]
    found = {
        name for path in read for name in re.findall(r'(?:args|values)(?:\.get(?:list)?\(|, )"(\w+)"', path.read_text())
    }
    return sorted(found | {"box", "map", "zoom"} | set(PARTS))


def questions() -> list[str]:
    """What to ask of every door: numbers at all names, boxes and zooms in every mixture that could be much work."""
    names = names_asked()
    assert {"zoom", "box", "map", "page", "free", "from", "district", "chosen", "crs", "kind", "size"} <= set(names)
    asked: list[list[tuple[str, str]]] = [[]]
    asked += [[(name, value) for name in names] for value in NUMBERS]
    asked += [[("zoom", zoom)] for zoom in ("0", "3", "8", "12", "15", "19", "22")]
    asked += [[("zoom", zoom), ("box", WORLD)] for zoom in ("0", "10", "14", "18", "22")]
    asked += [[("box", box), ("zoom", "22")] for box in BOXES]
    asked += [[("map", place), ("zoom", "22"), ("box", WORLD)] for place in PLACES]
    asked += [[("map", place)] for place in PLACES]
    asked += [[("page", page), ("box", WORLD)] for page in ("2", "1000", "99999")]
    asked += [[(name, "a,b") for name in names for _ in range(200)]]
    asked += [[("from", day), ("free", "24"), ("zoom", "22")] for day in ("0001-01-01", "9999-12-31", "2027-02-30")]
    asked += [[("kind", "building,unit,plot"), ("size", "0,1,2,3,4,5"), ("outlook", "free,used,shut"), ("zoom", "22")]]
    asked += [[("has", "power"), ("zoom", "22"), ("district", "AR-999999999999"), ("chosen", "SP-999999999999")]]
    asked += [[("press", press)] for press in ("size:²", "free:99", "x:" + "y" * 5000)]
    return [urlencode(pairs) for pairs in asked]


class Measured:
    """Seconds of the processor, and MB that this process held more at its peak than before."""

    def __init__(self) -> None:
        self.seconds = self.mb = 0.0

    def __enter__(self) -> Measured:
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5")
        self._held, self._began = _kb("VmRSS"), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.process_time() - self._began
        self.mb = (_kb("VmHWM") - self._held) / 1024


def _kb(name: str) -> int:
    return int(re.findall(rf"^{name}:\s+(\d+)", STATUS.read_text(), re.MULTILINE)[0])


@pytest.fixture(scope="module")
def app(large_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on a large register; its index is made."""
    if not STATUS.exists():
        missing("only Linux tells how much memory a process held at its peak")
    path = tmp_path_factory.mktemp("large") / "register.gpkg"
    shutil.copyfile(large_file, path)
    register = open_register(str(path))
    made = create_app(register, {"RATELIMIT_ENABLED": False}, clock=lambda: NOW)
    visitor = made.test_client()
    for path in ("/map/view?zoom=3", "/", "/find", "/spaces.kml?box=3,51,3.1,51.1"):
        visitor.get(path).get_data()
    gc.collect()
    gc.freeze()
    yield made
    gc.unfreeze()
    register.close()


def questions_to(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address but those of the files of a whole layer, with what it is asked."""
    every, of_a_view = questions(), Counter(endpoint for endpoint, _ in doors(app))
    for turn, (endpoint, path) in enumerate(doors(app)):
        one_in = max(of_a_view[endpoint], 1 if path.startswith(ASKED_ALL) or path == "/" else 3)
        if os.environ.get("TEMPUSE_TEST_EVERYTHING"):
            one_in = 1
        if endpoint != FILES:
            yield from ((path, question) for question in every[turn % one_in :: one_in])


def doors(app: Flask) -> list[tuple[str, str]]:
    """Every public address that answers to GET, with its endpoint."""
    found = []
    examples = {"ref": "SP-0001", "code": "nl", "secret": "x" * 500, "name": f"{'0' * 64}.jpg"}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("public.") and "GET" in (rule.methods or ()):
            choices: dict[str, list[Any]] = {
                name: sorted(getattr(rule._converters[name], "items", ())) or [examples[name]]
                for name in rule._converters
            }
            many = max([1, *map(len, choices.values())])
            for i in range(many):
                built = rule.build({name: of[i % len(of)] for name, of in choices.items()})
                assert built
                found.append((rule.endpoint, built[1]))
    return found


def ask(client: FlaskClient, path: str, question: str) -> tuple[Measured, int]:
    with Measured() as measured:
        answer = client.get(path, query_string=question)
        for _ in answer.iter_encoded():
            pass
        answer.close()
    return measured, answer.status_code


@pytest.mark.long
def test_no_question_takes_more_than_half_a_second_and_fifty_megabytes(app: Flask) -> None:
    client, too_much, asked = app.test_client(), [], 0
    for path, question in questions_to(app):
        measured, status = ask(client, path, question)
        if measured.seconds > MOST_SECONDS:
            measured, status = ask(client, path, question)  # unless something else was done meanwhile
        asked += 1
        if status >= 500 or measured.seconds > MOST_SECONDS or measured.mb > MOST_MB:
            too_much.append((path, question[:80], status, f"{measured.seconds:.2f} s", f"{measured.mb:.0f} MB"))
    assert not too_much
    assert asked > 1000


def test_no_file_takes_more_than_fifty_megabytes(app: Flask) -> None:
    client, too_much = app.test_client(), []
    odd = [urlencode({name: value for name in names_asked() if name != "crs"}) for value in ("²", "9" * 4400)]
    for endpoint, path in doors(app):
        for question in ["", *odd, f"crs={'x' * 20_000}", "crs=²", "box=3,51,3,51"] if endpoint == FILES else ():
            measured, status = ask(client, path, question)
            if status >= 500 or measured.mb > MOST_MB:
                too_much.append((path, question[:80], status, f"{measured.mb:.0f} MB"))
    assert not too_much


def test_the_map_answers_with_no_more_marks_than_a_screen_can_hold(app: Flask) -> None:
    client = app.test_client()
    for question in ("zoom=22", f"zoom=22&box={WORLD}", f"zoom=17&box={WORLD}"):
        view = orjson.loads(client.get(f"/map/view?{question}").data)
        assert sum(mark[2] for mark in view["clusters"]) + len(view["spaces"]) > 35_000
        assert len(view["clusters"]) + len(view["spaces"]) <= MOST_NODES
