"""tempuse: an open register of vacant buildings and plots for temporary use.

In a notebook or a script, ``tempuse.open`` opens a register and ``tempuse.explore`` draws its frames on a map.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tempuse.notebook import open_notebook as open
    from web.map.frame_map import draw as explore

__version__ = "0.1.0"
__all__ = ["__version__", "explore", "open"]

# Loaded when they are asked for: whoever wants the version, or one module, need not load GeoPandas.
_FACE = {"open": ("tempuse.notebook", "open_notebook"), "explore": ("web.map.frame_map", "draw")}


def __getattr__(name: str) -> Any:
    """A name of the face, from where it lives."""
    if name not in _FACE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, known_as = _FACE[name]
    return getattr(import_module(module), known_as)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FACE])
