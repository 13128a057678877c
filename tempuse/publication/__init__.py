"""What the public may see: the rule, and the table of everything that is published.

A new kind of public thing is a module here with its queryables, what makes its rows, and its ``COLLECTION``; where
its rows follow from more than its own records, a row of ``registry.origins.ORIGINS`` reads them. Publishing, the
calendar, ``check``, mending, columns, map index and the file of each collection walk these.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from tempuse.publication.areas import publish_area
from tempuse.publication.rows import Collection, Published, Queryable
from tempuse.publication.rule import PUBLIC_WHEN, SHOWN_FROM, Rule, Ruling
from tempuse.publication.spaces import Publisher, told

__all__ = [
    "COLLECTIONS",
    "PUBLIC_WHEN",
    "QUERYABLES",
    "SHOWN_FROM",
    "Collection",
    "Published",
    "Publisher",
    "Queryable",
    "Rule",
    "Ruling",
    "publish_area",
    "told",
]  # fmt: skip

_MODULES = [import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
# That of spaces first: their facts are the first columns of ``published``.
COLLECTIONS: dict[str, Collection] = {
    each.COLLECTION.name: each.COLLECTION
    for each in sorted(_MODULES, key=lambda module: module.__name__ != f"{__name__}.spaces")
    if hasattr(each, "COLLECTION")
}
# Every fact by which something can be found, each name once: the columns of ``published``. Those of one name agree.
QUERYABLES: dict[str, Queryable] = {
    each.name: each for collection in COLLECTIONS.values() for each in collection.queryables
}
