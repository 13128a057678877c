"""How fast a large register is made: the real command, in a process of its own.

    python -m tests.bench.bench_demo --spaces 100000 1000000
    python -m tests.bench.bench_demo --spaces 1000000 --register postgresql://me@host/db?schema=bench

Wall clock and processor time of the command (on PostgreSQL without the server's), and its peak memory. The schema of a
database must be empty.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(spaces: int, register: str | None) -> dict[str, float]:
    """Make a demo register of so many spaces; seconds, processor seconds, peak memory in MB, size in MB."""
    with tempfile.TemporaryDirectory() as scratch:
        options = ["--register", register] if register else []
        where = [] if register else [scratch]
        environment = {**os.environ, "TEMPUSE_HOME": str(Path(scratch) / "home")}
        command = [sys.executable, "-m", "tempuse.cli", *options, "demo", *where, "--spaces", str(spaces), "--no-serve"]
        begun = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if status:
            raise SystemExit(f"the command failed: {command}")
        file = Path(scratch) / "demo.gpkg"
        return {
            "seconds": seconds,
            "processor": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1024,
            "size": file.stat().st_size / 2**20 if file.exists() else 0,
        }


def main() -> None:
    """Measure and print one line a register."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spaces", type=int, nargs="+", default=[100_000])
    parser.add_argument("--register", help="a PostgreSQL URL with an empty schema; without it a GeoPackage")
    arguments = parser.parse_args()
    for spaces in arguments.spaces:
        found = measure(spaces, arguments.register)
        print(
            f"{spaces:>9,} spaces  {found['seconds']:6.1f} s ({found['processor']:.1f} s of one core)"
            f"  {spaces / found['seconds']:6,.0f} a second  peak {found['memory']:.0f} MB"
            f"  file {found['size']:,.0f} MB  load {os.getloadavg()[0]:.1f}"
        )


if __name__ == "__main__":
    main()
