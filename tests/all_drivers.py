"""GDAL with all its drivers, for tests that write what others send and read what we wrote. Imported before tempuse,
which leaves GDAL few of them, and says so in the environment: one that pytest's own process hands on to its workers.
"""

from __future__ import annotations

import os

os.environ.pop("GDAL_SKIP", None)

import pyogrio  # noqa: F401
