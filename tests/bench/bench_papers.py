"""How long a paper takes: by our template, and by a city's own. ``python -m tests.bench.bench_papers``."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.test_papers import HEAD, a_paper, a_part


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "agreement.typ").write_text(HEAD)
        for name, place, count in (("ours", None, 50), ("a city's", Path(folder), 10)):
            began = time.perf_counter()
            for i in range(count):
                a_paper(a_part(word=str(i)), folder=place)
            print(f"{name}: {(time.perf_counter() - began) / count * 1000:.0f} ms a paper")


if __name__ == "__main__":
    main()
