"""The command line: a skin over the registry, and one of the two faces that know the clock."""

from tempuse.cli import collecting as collecting
from tempuse.cli.main import main

__all__ = ["main"]
