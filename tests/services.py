"""An address service of our own, for tests that ask one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

INSIDE = {"lat": "51.0512", "lon": "3.7301", "display_name": "9, Quay Lane, Old Docks, Rivermouth"}


class Service(BaseHTTPRequestHandler):
    """Speaks Nominatim's, Photon's and the French national service's JSON."""

    asked: list[dict[str, Any]] = []
    speaks = "nominatim"
    status = 200
    wait = 0.0
    found: list[dict[str, str]] = [INSIDE]

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        type(self).asked.append(
            {"path": parts.path, **{name: values[0] for name, values in parse_qs(parts.query).items()}}
        )
        time.sleep(type(self).wait)
        if type(self).speaks == "nominatim":
            body: Any = type(self).found
        else:
            features = [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [float(each["lon"]), float(each["lat"])]},
                    "properties": {"label": each["display_name"], "name": each["display_name"]},
                }
                for each in type(self).found
            ]
            body = {"type": "FeatureCollection", "features": features}
        text = json.dumps(body).encode()
        self.send_response(type(self).status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        """In silence."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Service.asked, Service.status, Service.wait, Service.found = [], 200, 0.0, [INSIDE]
    Service.speaks = "nominatim"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
