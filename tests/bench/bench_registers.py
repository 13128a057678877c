"""What becomes of the real registers beside the checkout, a line a file: ``python -m tests.bench.bench_registers``.

Each file is brought in by the real command, with what a planner would say, into a register that goes away. Of each:
its rows, how many were placed, placed by a mend, kept without a place, left behind or perhaps there twice, and how many
notices say so.
``tests/io/test_import_files.py`` holds every place against the file's own numbers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import SHARED
from tests.real_files import FILES

COUNTS = {
    "rows": "rows", "placed": "new", "mended": "mended", "without a place": "without_place",
    "left behind": "left_behind", "perhaps twice": "duplicates",
}  # fmt: skip


def main() -> None:
    """Print the table, or say what is missing for it."""
    if not SHARED.is_dir():
        sys.exit(f"The real registers are not here: {SHARED} is no folder.")
    tempuse = str(Path(sys.executable).with_name("tempuse"))
    print(f"{'file':64}" + "".join(f"{name:>16}" for name in (*COUNTS, "said")) + "     s  of the whole file")
    with tempfile.TemporaryDirectory() as folder:
        for number, file in enumerate(FILES):
            command = [tempuse, "--register", f"{folder}/{number}.gpkg"]
            subprocess.run([*command, "create"], check=True, capture_output=True)
            within = ["--within", file.within] if file.within else []
            begun = time.perf_counter()
            path = str(SHARED / file.path)
            done = subprocess.run(
                [*command, "import", path, "--as", "verified", "--json", *within], check=True, capture_output=True
            )
            seconds = time.perf_counter() - begun
            answer = json.loads(done.stdout)
            of_file = [f"{each['wrong']} {each['done']}" for each in answer["issues"] if not each["row"]]
            numbers = [*(answer["counts"][name] for name in COUNTS.values()), len(answer["issues"])]
            figures = "".join(f"{number:16,}" for number in numbers)
            print(f"{file.path:64}{figures}{seconds:6.1f}  {' '.join(dict.fromkeys(of_file))}", flush=True)


if __name__ == "__main__":
    main()
