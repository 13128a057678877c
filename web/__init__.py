"""tempuse's web app: a request becomes one call, the answer becomes a page."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from web.app import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """The app factory, loaded when it is asked for: the command line wants only the words of this package."""
    if name == "create_app":
        return import_module("web.app").create_app
    raise AttributeError(name)
