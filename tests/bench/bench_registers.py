"""What becomes of the real registers beside the checkout, a line a file: ``python -m tests.bench.bench_registers``.

Each file is brought in by the real command, with what a planner would say, into a register that goes away.
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

COUNTS = ("rows", "new", "mended", "without_place", "left_behind", "duplicates")


def main() -> None:
    """Print the table."""
    tempuse = str(Path(sys.executable).with_name("tempuse"))
    print(f"{'file':64}" + "".join(f"{name.replace('_', ' '):>14}" for name in COUNTS) + "     s  whole file")
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
            figures = "".join(f"{answer['counts'][name]:14,}" for name in COUNTS)
            print(f"{file.path:64}{figures}{seconds:6.1f}  {' '.join(dict.fromkeys(of_file))}", flush=True)


if __name__ == "__main__":
    main()
