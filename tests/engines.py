"""On which engine a test runs: what the store does on both, a page on the file.

A page is drawn from what the store gave: the same templates over the same rows; a file likewise. Their tests
(``PAGES``) run on the file, and on PostGIS too where SQL differs (``both_engines``) and one in ten of the others
besides, always the same. ``TEMPUSE_TEST_EVERYTHING=1`` runs all of them on both.
"""

from __future__ import annotations

import os
import zlib

import pytest

PAGES = (
    "tests/web/", "tests/walks/", "tests/attacks/", "tests/io/test_write", "tests/io/test_import_files.py",
    "tests/registry/test_own_files.py", "tests/cli/test_import_command.py", "tests/cli/test_match_command.py",
)  # fmt: skip
ONE_IN = 10


def _is_sample(item: pytest.Item) -> bool:
    return zlib.crc32(item.nodeid.encode()) % ONE_IN == 0


def _is_left_out(item: pytest.Item) -> bool:
    asked = getattr(item, "callspec", None)
    return (
        asked is not None
        and asked.params.get("address") == "postgis"
        and item.nodeid.startswith(PAGES)
        and item.get_closest_marker("both_engines") is None
        and not _is_sample(item)
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out pages on PostGIS; what takes longest comes first, so that no worker waits for it at the end."""
    if not os.environ.get("TEMPUSE_TEST_EVERYTHING"):
        left_out = [item for item in items if _is_left_out(item)]
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
