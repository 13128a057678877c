"""How fast the server answers: real HTTP, many visitors at once, alone and beside people who save.

    tempuse demo big --spaces 100000 --no-serve
    python -m tests.bench.bench_serve big/demo.gpkg
    python -m tests.bench.bench_serve big/demo.gpkg --beside ../another-checkout

``tempuse serve`` runs in a process of its own on a copy of the register, on this machine only. Each door is asked by
1, 8 and 32 visitors for some seconds each, and no address twice. Then eight visitors look at the map while a process
of this checkout saves once and five times a second. ``--beside`` does the same with another checkout (the Python of
its ``.venv``), turn by turn with this one, so that both have the same noise of the machine.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from tempuse.access import SYSTEM
from tempuse.errors import TempuseError
from tempuse.geometry import Box
from tempuse.mapindex import Filter, MapIndex
from tempuse.registry.spaces import edit_space
from tempuse.store.engine import open_register
from tests.bench.bench_map import question
from web.map.index import IndexHolder

HERE = Path(__file__).resolve().parents[2]
VISITORS = (1, 8, 32)
SAVES = (0.0, 1.0, 5.0)
DOORS = ("/map/view", "/list", "/", "/spaces/SP-…", "/spaces.geojson?box=")
FEATURES = 1000
MOST_REQUESTS = 20_000
PATIENCE = 60


def _refs(index: MapIndex) -> list[str]:
    return [str(ref) for ref in index.refs(np.arange(len(index.lon)))]


@dataclass
class Took:
    """What some visitors saw: milliseconds of each answer, how long they asked, and what went wrong."""

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    faults: int = 0

    def line(self) -> str:
        """Requests a second, and the half and the 95 % of the milliseconds."""
        if not self.times:
            return f"no answer, {self.faults} faults"
        times = sorted(self.times)
        faults = f", {self.faults} faults" if self.faults else ""
        p95 = times[int(len(times) * 0.95)]
        return f"{len(times) / self.seconds:5.1f} – {statistics.median(times):5.0f}/{p95:5.0f}{faults}"


class Doors:
    """Addresses without end, none twice."""

    def __init__(self, register: Path, seed: int) -> None:
        opened = open_register(str(register))
        with opened.connect() as con:
            self.index: MapIndex = IndexHolder().get(con, datetime.now(UTC).date())
        opened.close()
        self._placed = np.flatnonzero(np.isfinite(self.index.lon))
        self._rng = random.Random(seed)
        self._refs = _refs(self.index)
        self._rng.shuffle(self._refs)
        self._side = self._width()
        self._count = itertools.count(seed * 1_000_000)

    def address(self, door: str) -> str:
        """The next address of a door."""
        number = next(self._count)
        row = self._placed[self._rng.randrange(len(self._placed))]
        lon, lat = float(self.index.lon[row]), float(self.index.lat[row])
        asked = question(self._rng, lon, lat, 3 + number % 17)
        if door == "/spaces/SP-…":
            return f"/spaces/{self._refs[number % len(self._refs)]}?n={number}"
        if door == "/spaces.geojson?box=":
            box = self._box(lon + self._rng.uniform(-1e-4, 1e-4), lat, self._side)
            return f"/spaces.geojson?box={box.west:.6f},{box.south:.6f},{box.east:.6f},{box.north:.6f}"
        return f"{door}?{asked}&n={number}"

    @staticmethod
    def _box(lon: float, lat: float, side: float) -> Box:
        return Box(lon - side, max(lat - side, -85), lon + side, min(lat + side, 85))

    def _width(self) -> float:
        """Half the side of a box around a space that holds about FEATURES of them, half of the time."""
        rows = [self._placed[self._rng.randrange(len(self._placed))] for _ in range(15)]
        low, high = 1e-4, 10.0
        for _ in range(20):
            side = (low * high) ** 0.5
            boxes = [self._box(float(self.index.lon[row]), float(self.index.lat[row]), side) for row in rows]
            counts = [len(self.index.view(box, Filter()).rows) for box in boxes]
            low, high = (low, side) if statistics.median(counts) > FEATURES else (side, high)
        return low


@contextlib.contextmanager
def served(checkout: Path, register: Path) -> Iterator[tuple[int, int, float]]:
    """Port and process of a server of a checkout, and seconds until its first map view."""
    python = sys.executable if checkout == HERE else str(checkout / ".venv" / "bin" / "python")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("TEMPUSE_")}
    surroundings |= {"TEMPUSE_REGISTER": str(register), "TEMPUSE_HOME": str(register.parent / "home")}
    began = time.perf_counter()
    process = subprocess.Popen(
        [python, "-m", "tempuse.cli", "serve", "--port", "0", "--no-worker"], cwd=checkout, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**surroundings, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.search(r":(\d+)\s*$", process.stdout.readline())
        assert found, "the server did not begin"
        ask(http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=PATIENCE), "/map/view?zoom=3")
        yield int(found[1]), process.pid, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def ask(connection: http.client.HTTPConnection, address: str) -> float:
    """Milliseconds of one answer."""
    began = time.perf_counter()
    connection.request("GET", address, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise OSError(answer.status)
    return (time.perf_counter() - began) * 1000


def visit(port: int, doors: Doors, door: str, visitors: int, seconds: float) -> Took:
    """So many visitors, each with a connection of their own, each asking as soon as they are answered."""
    took, lock = Took(), threading.Lock()
    until = time.monotonic() + seconds

    def one() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        while time.monotonic() < until and len(took.times) < MOST_REQUESTS:
            with lock:
                address = doors.address(door)
            try:
                ms = ask(connection, address)
            except (OSError, http.client.HTTPException):
                connection.close()
                took.faults += 1
                continue
            took.times.append(ms)
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=one) for _ in range(visitors)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took.seconds = time.perf_counter() - began
    return took


def save(register: Path, a_second: float, seconds: float, seed: int) -> None:
    """Save so many times a second; what came of it is told on standard output. Runs in a process of its own."""
    opened = open_register(str(register))
    rng, times = random.Random(seed), []
    with opened.connect() as con:
        refs = _refs(IndexHolder().get(con, datetime.now(UTC).date()))
        con.rollback()
        until, due = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < until:
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due + 1 / a_second, time.monotonic())
            began = time.perf_counter()
            try:
                edit_space(con, SYSTEM, rng.choice(refs), {"name": f"Saved {rng.random()}"}, datetime.now(UTC))
            except TempuseError:
                con.rollback()
                continue
            times.append((time.perf_counter() - began) * 1000)
    opened.close()
    print(Took(times, seconds).line())


def beside_saves(checkout: Path, port: int, doors: Doors, register: Path, a_second: float, seconds: float) -> list[str]:
    """The map for eight visitors while somebody saves, and what the saves took."""
    if not a_second:
        return [visit(port, doors, "/map/view", 8, seconds).line(), "–"]
    python = sys.executable if checkout == HERE else str(checkout / ".venv" / "bin" / "python")
    # The saves are those of the checkout under test: what they cost the map is its own doing.
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(checkout), str(HERE)])}
    surroundings |= {"TEMPUSE_HOME": str(register.parent / "home")}
    process = subprocess.Popen(
        [python, str(Path(__file__).resolve()), str(register), "--save", str(a_second), "--seconds", str(seconds)],
        env=surroundings, cwd=checkout, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    looked = visit(port, doors, "/map/view", 8, seconds)
    said, _ = process.communicate(timeout=PATIENCE * 2)
    return [looked.line(), said.strip()]


def memory(pid: int) -> str:
    """Resident memory of a process, now and at its highest."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return "?"
    held = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+)", status.read_text(), re.MULTILINE))
    return f"{int(held['VmRSS']) // 1024} MB, at most {int(held['VmHWM']) // 1024} MB"


def table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        print("  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)))
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("register", type=Path)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--beside", type=Path, help="another checkout, measured turn by turn with this one")
    parser.add_argument("--register-beside", type=Path, help="its register, where it cannot open this one")
    parser.add_argument("--save", type=float, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.save:
        save(asked.register, asked.save, min(asked.seconds, 600), 7)
        return
    checkouts = [HERE, *([asked.beside.resolve()] if asked.beside else [])]
    with tempfile.TemporaryDirectory(dir=asked.register.parent) as folder:
        copies = [Path(folder) / str(number) / "register.gpkg" for number in range(len(checkouts))]
        for copy, original in zip(copies, (asked.register, asked.register_beside or asked.register), strict=False):
            copy.parent.mkdir()
            shutil.copy(original, copy)
        measure(checkouts, copies, min(asked.seconds, 60))


def measure(checkouts: Sequence[Path], registers: Sequence[Path], seconds: float) -> None:
    """All tables; one line a checkout and measurement."""
    doors = Doors(registers[0], 1)
    print(f"{len(doors.index.lon):,} public spaces; req/s – ms at 50 % / 95 %\n")
    with contextlib.ExitStack() as stack:
        running = [stack.enter_context(served(*each)) for each in zip(checkouts, registers, strict=True)]
        starts = [[str(at), f"{each[2]:.1f} s"] for at, each in zip(checkouts, running, strict=True)]
        table([["until the first map view", ""], *starts])
        rows = [["door", "checkout", *(f"{count} visitors" for count in VISITORS)]]
        for door in DOORS:
            lines: list[list[str]] = [[door, str(at)] for at in checkouts]
            for count in VISITORS:
                for line, each in zip(lines, running, strict=True):
                    line.append(visit(each[0], doors, door, count, seconds).line())
            rows += lines
        table(rows)
        rows = [["saves a second", "checkout", "the map for 8 visitors", "a save"]]
        for rate in SAVES:
            for at, each, register in zip(checkouts, running, registers, strict=True):
                rows.append([f"{rate:g}", str(at), *beside_saves(at, each[0], doors, register, rate, seconds)])
        table(rows)
        table([["memory", ""], *([str(at), memory(each[1])] for at, each in zip(checkouts, running, strict=True))])


if __name__ == "__main__":
    main()
