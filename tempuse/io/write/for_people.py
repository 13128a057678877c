"""The rows of a table for people: what has ended comes last, whatever order it came in."""

from __future__ import annotations

import contextlib
import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TextIO

import orjson

from tempuse.io import commas
from tempuse.io.write import flat
from tempuse.io.write.flat import Content, Texts
from tempuse.io.write.readable import Readable, ReadableColumn

_BATCH = 2000


def _has_ended(text: str) -> bool:
    # Few have a day of that name at all: only these are looked at.
    return '"retired_on":' in text and bool(orjson.loads(text)["properties"].get("retired_on"))


def _read(file: TextIO) -> Iterator[list[str]]:
    file.seek(0)
    while some := list(islice(file, _BATCH)):
        yield [text[:-1] for text in some]


def _kept() -> Any:
    """A file without a name, gone when it is closed."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")


def ended_last(texts: Texts) -> Iterator[Sequence[str]]:
    """The same texts, those of what has ended behind all others."""
    with _kept() as held:
        for some in texts:
            going = []
            for text in some:
                if _has_ended(text):
                    held.write(f"{text}\n")
                else:
                    going.append(text)
            yield going
        yield from _read(held)


@contextlib.contextmanager
def often(texts: Texts) -> Iterator[Callable[[], Texts]]:
    """Texts that can be read more than once."""
    with _kept() as held:
        for some in texts:
            held.writelines(f"{text}\n" for text in some)
        yield lambda: _read(held)


def rows(texts: Texts, columns: Sequence[ReadableColumn]) -> Iterator[list[Any]]:
    """A row a feature."""
    for batch in flat.batches(texts):
        for shown, (lon, lat) in zip(batch.properties, flat.anchors(batch.places.shapes), strict=True):
            seen = {**shown, "lon": lon, "lat": lat}
            yield [column.value(seen) for column in columns]


def comma_separated(content: Content, readable: Readable) -> Iterator[bytes]:
    """The table as CSV, with the separator and the decimal sign that spreadsheets of the reader's language expect."""
    out = io.StringIO()
    writer = commas.Writer(out, separator=readable.separator)
    out.write("\ufeff")
    writer.row(column.heading for column in readable.columns)
    every = rows(ended_last(content.texts), readable.columns)
    while some := list(islice(every, _BATCH)):
        for row in some:
            cells = zip(readable.columns, row, strict=True)
            writer.row(_cell(column.kind, value, readable.decimal) for column, value in cells)
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def _cell(kind: str, value: Any, decimal: str) -> Any:
    if isinstance(value, float):
        return (f"{value:.2f}" if kind == "money" else f"{value:.7f}".rstrip("0").rstrip(".")).replace(".", decimal)
    return value
