"""The command line: a skin over the registry. Only here are the clock and the environment known."""

from tempuse.cli.main import main

__all__ = ["main"]
