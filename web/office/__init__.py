"""The office's rooms: their views stand on ``blueprint.office``; one module of each says what it is, ``ROOM``."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from web.office import menu

_MODULES = [import_module(each.name) for each in pkgutil.walk_packages(__path__, f"{__name__}.") if not each.ispkg]
# A room with a folder is the whole folder.
_PARTS = {
    name if name.count(".") == __name__.count(".") + 1 else name.rpartition(".")[0]: module.ROOM
    for name, module in ((each.__name__, each) for each in _MODULES)
    if hasattr(module, "ROOM")
}
menu.ROOMS |= dict(sorted(_PARTS.items(), key=lambda part: part[1].place))
