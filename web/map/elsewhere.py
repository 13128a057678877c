"""Which of the spaces are examples from other towns, for this request."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from tempuse.mapindex import MapIndex, Rows
from tempuse.mapindex.elsewhere import examples
from web.map import index

_held: WeakKeyDictionary[MapIndex, tuple[Rows, frozenset[str]]] = WeakKeyDictionary()


def _found() -> tuple[Rows, frozenset[str]]:
    held = index.current()
    if held not in _held:
        rows = examples(held, index.background()[0].city)
        _held[held] = rows, frozenset(held.refs(rows))
    return _held[held]


def rows() -> Rows:
    """The rows of the examples in the map index, in its order."""
    return _found()[0]


def refs() -> frozenset[str]:
    """The refs of the examples."""
    return _found()[1]
