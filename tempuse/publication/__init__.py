"""What the public may see: the rule, and the table of everything that is published.

A new kind of public thing is a module here with its queryables and what makes its rows, a row of ``COLLECTIONS``, and
a row of ``registry.publishing.ORIGINS`` that reads it: publishing, the calendar, ``check``, mending, columns and map
index walk these two tables.
"""

from __future__ import annotations

from tempuse.publication.areas import AREAS, publish_area
from tempuse.publication.rows import Collection, Published, Queryable
from tempuse.publication.rule import PUBLIC_WHEN, SHOWN_FROM, Decision, Rule
from tempuse.publication.spaces import SPACES, Publisher, told

__all__ = [
    "COLLECTIONS", "PUBLIC_WHEN", "QUERYABLES", "SHOWN_FROM", "Collection", "Decision", "Published", "Publisher",
    "Queryable", "Rule", "publish_area", "told",
]  # fmt: skip

COLLECTIONS: dict[str, Collection] = {each.name: each for each in (SPACES, AREAS)}
# Every fact by which something can be found, each name once: the columns of ``published``. Those of one name agree.
QUERYABLES: dict[str, Queryable] = {
    each.name: each for collection in COLLECTIONS.values() for each in collection.queryables
}
