"""The words for every message id that comes from below floor 6, and for every move: by noun.

A module bears the name of its noun: the ids in its table ``MESSAGES`` begin with it, and its table ``VERBS`` has
one row for whatever is done to such a thing. English is the key of the translations. Each sentence says what is
wrong and, where something can be done, what to do. Tests see to it that each id and each move has words in the
module of its noun, and that no word is left over.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from web.messages.verbs import Verb

MESSAGES: dict[str, str] = {}
VERBS: dict[str, dict[str, Verb]] = {}
for _name in sorted(each.name for each in pkgutil.iter_modules(__path__)):
    _module = import_module(f"{__name__}.{_name}")
    MESSAGES |= getattr(_module, "MESSAGES", {})
    if hasattr(_module, "VERBS"):
        VERBS[_name] = _module.VERBS
