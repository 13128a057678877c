"""How often Python looks for circles of dead objects. Loaded first, so that it holds while the libraries load.

By itself Python looks after every 700 objects, and loading makes some hundred thousand that all live on (measured: a
sixth of the time in which the program starts).
"""

from __future__ import annotations

import gc

_COLLECT_AFTER = (20_000, 10, 10)
# What a long piece of work makes lives for one batch and holds no circles (measured: with it a large import takes
# about a fifth less).
_LONG_WORK = (100_000, 50, 100)

gc.set_threshold(*_COLLECT_AFTER)


def begin_long_work() -> None:
    """Let Python look less often still, and never among what the libraries have loaded."""
    gc.freeze()
    gc.set_threshold(*_LONG_WORK)
