"""Templates are compiled once in a process, and not anew for the app of each test."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class Compiled(BytecodeCache):
    """What Jinja made of templates, by what they held."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], object] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was made of this very text."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        self._code[bucket.key, bucket.checksum] = bucket.code


def keep() -> None:
    """Let every app of this process share what Jinja made."""
    Flask.jinja_options = {"bytecode_cache": Compiled()}
