"""Areas: what is loaded, and loading a layer."""

from __future__ import annotations

from flask import Blueprint


def add_to(blueprint: Blueprint) -> None:
    """Give these views their addresses."""
