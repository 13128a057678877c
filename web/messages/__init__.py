"""The words for every message id that comes from below floor 6: id -> English, with {values}.

English is the key of the translations. Each sentence says what is wrong and, where something can be done,
what to do. Every module of this folder has a table ``MESSAGES``; a test sees to it that each id raised below
has words in one of them, and that no word is left over.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

MESSAGES: dict[str, str] = {}
for _module in pkgutil.iter_modules(__path__):
    MESSAGES.update(import_module(f"{__name__}.{_module.name}").MESSAGES)
