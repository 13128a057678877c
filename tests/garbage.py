"""Python looks through what a test left, and not again and again through all modules and all six thousand tests."""

from __future__ import annotations

import gc

MADE = 20_000  # so many objects before it looks: an app is about as many


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: a quarter of the tests' time went into looking at it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE, 10, 10)
