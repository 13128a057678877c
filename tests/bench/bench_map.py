"""How fast the map answers: viewports through the app, the page in a browser, plain Folium beside it.

    tempuse demo big --spaces 1000000 --no-serve
    python -m tests.bench.bench_map big/demo.gpkg

The answers are made by the app in this process, as a browser asks for them: JSON of clusters or up to 1,000
shapes, and the list's fragment. Viewports are 1280 by 800 px around spaces at random, at every zoom, with
filters at random. Folium's own way is one GeoJson layer with everything embedded in the page.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import numpy as np
from flask import Flask
from playwright.sync_api import Browser, TimeoutError, sync_playwright
from werkzeug.serving import make_server

from tempuse.mapindex.filters import CHIPS, KINDS, MONTHS, OUTLOOKS, SIZES_M2
from tempuse.store import published
from tempuse.store.engine import Register, open_register
from tempuse.vocabulary import UseCategory
from tests.browser import CHROMIUM, FLAGS
from web import create_app
from web.map.index import IndexHolder
from web.site import assets

WIDE, HIGH = 1280, 800
PEERS = (10_000, 100_000)
PATIENCE_MS = 120_000


def question(rng: random.Random, lon: float, lat: float, zoom: int) -> str:
    """One view around a place: box, zoom, and a filter as somebody might press it."""
    degrees = 360 / (256 * 2**zoom)
    wide, high = min(WIDE * degrees, 360), min(HIGH * degrees * np.cos(np.radians(lat)), 170)
    box = (max(lon - wide / 2, -180), max(lat - high / 2, -85), min(lon + wide / 2, 180), min(lat + high / 2, 85))
    parts = [f"box={','.join(f'{side:.6f}' for side in box)}", f"zoom={zoom}", f"map={zoom}/{lat:.5f}/{lon:.5f}"]
    for name, values in (
        ("kind", KINDS), ("outlook", OUTLOOKS), ("has", [chip.value for chip in CHIPS]), ("use", list(UseCategory)),
        ("size", range(len(SIZES_M2) + 1)), ("free", ["now", *MONTHS[1:]]), ("from", ["2026-12-24"]),
    ):  # fmt: skip
        if rng.random() < 0.25:
            parts.append(f"{name}={rng.choice(list(values))}")
    return "&".join(parts)


def views(app: Flask, register: Register, count: int) -> dict[str, list[float]]:
    """Milliseconds of each answer, by door."""
    client, rng = app.test_client(), random.Random(1)
    with register.connect() as con:
        index = IndexHolder().get(con, app.extensions["tempuse.clock"]().date())
    placed = np.flatnonzero(np.isfinite(index.lon))
    took: dict[str, list[float]] = {"/map/view": [], "/list": []}
    client.get("/map/view?zoom=5")  # the app takes in its index
    for i in range(count):
        row = placed[rng.randrange(len(placed))]
        asked = question(rng, float(index.lon[row]), float(index.lat[row]), 3 + i % 17)
        for door, times in took.items():
            before = time.perf_counter()
            answer = client.get(f"{door}?{asked}")
            answer.get_data()
            times.append((time.perf_counter() - before) * 1000)
            assert answer.status_code == 200, answer.status
    return took


def tell(name: str, times: list[float]) -> None:
    times = sorted(times)
    p95, worst = times[int(len(times) * 0.95)], times[-1]
    print(f"{name:<28} median {statistics.median(times):7.1f} ms   95 % {p95:7.1f} ms   worst {worst:7.1f} ms")


def interactive(browser: Browser, address: str, ready: str) -> float:
    """Seconds from asking for a page until its map has marks that can be pressed; infinite after two minutes."""
    page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
    before = time.perf_counter()
    try:
        page.goto(address, wait_until="commit", timeout=PATIENCE_MS)
        page.wait_for_selector(ready, timeout=PATIENCE_MS, state="attached")
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        return time.perf_counter() - before
    except TimeoutError:
        return float("inf")
    finally:
        page.close()


def folium_page(register: Register, count: int, target: Path) -> tuple[float, float]:
    """Plain Folium: everything in one page; seconds to make it, and its size in MB."""
    features: list[dict[str, Any]] = []
    with register.connect() as con:
        for batch in published.walk(con, "spaces"):
            features += [feature for text in batch if (feature := json.loads(text))["geometry"]]
            if len(features) >= count:
                break
        con.rollback()
    features = features[:count]
    # Its libraries from this machine, as ours are: the network is not what is measured.
    folium.Map.default_js = [("leaflet", (assets.VENDOR / "leaflet" / "leaflet.js").as_uri())]
    folium.Map.default_css = [("leaflet_css", (assets.VENDOR / "leaflet" / "leaflet.css").as_uri())]
    folium.GeoJson.default_js = []
    before = time.perf_counter()
    drawn = folium.Map(location=(50, 10), zoom_start=4, tiles=None)
    folium.GeoJson({"type": "FeatureCollection", "features": features}).add_to(drawn)
    drawn.save(str(target))
    return time.perf_counter() - before, target.stat().st_size / 1e6


def with_server(app: Flask, work: Callable[[str], Any]) -> Any:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        return work(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("register")
    parser.add_argument("--views", type=int, default=680)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    home = os.environ.get("TEMPUSE_HOME")  # that of a database; a file's lies beside it
    register = open_register(asked.register, Path(home) if home else None)
    app = create_app(register, {"RATELIMIT_ENABLED": False})
    before = time.perf_counter()
    with app.test_request_context():
        app.test_client().get("/map/view?zoom=3")
    with register.connect() as con:
        print(f"{published.count(con, 'spaces'):,} public spaces; index made in {time.perf_counter() - before:.1f} s")
    for door, times in views(app, register, asked.views).items():
        tell(door, times)
    if asked.no_browser:
        return
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        marks = ".leaflet-marker-pane > *"
        ours = [with_server(app, lambda base: interactive(browser, base + "/", marks)) for _ in range(5)]
        print(f"{'our page, interactive':<28} median {statistics.median(ours):5.2f} s   worst {max(ours):5.2f} s")
        for count in PEERS:
            target = Path(folder) / f"folium-{count}.html"
            made, size = folium_page(register, count, target)
            shown = interactive(browser, target.as_uri(), ".leaflet-marker-pane > *, .leaflet-overlay-pane path")
            print(f"folium.GeoJson of {count:>8,}     made {made:5.1f} s   {size:6.1f} MB   interactive {shown:6.2f} s")
        browser.close()
    register.close()


if __name__ == "__main__":
    main()
