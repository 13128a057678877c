"""Text tables in any separator and encoding; what a missing quotation mark or decimal commas do to them is undone."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tempuse.errors import Invalid, Issue
from tempuse.io import commas
from tempuse.io.sources import letters
from tempuse.io.sources.alphabets import twice_in
from tempuse.io.sources.headers import Cells, Known, Numbered, header_of
from tempuse.io.sources.letters import Letters
from tempuse.io.sources.source import Source
from tempuse.io.sources.tables import LOOK_AT, Rows, table

SEPARATORS = ",;\t|"
_SAMPLE_BYTES = 512 * 1024
_SAMPLE_ROWS = 1000
_SMALL = 8 * 1024 * 1024  # up to here the rows are counted; beyond, the lines
_MOST_TOLD = 20
_MOST_TRIED = 20_000  # ways to put commas back
_WHOLE, _PART = re.compile(r"[-+−]?\d{1,9}"), re.compile(r"\d{1,12}")

csv.field_size_limit(16 * 1024 * 1024)


def open_csv(path: Path, name: str, encoding: str | None, countries: Sequence[str], known: Known) -> Source:
    """A text table.

    Args:
        path: where it lies.
        name: as the sender knows it.
        encoding: as a person told; None to find out.
        countries: where the list lies, as their languages have letters of their own.
        known: names of columns against our fields.

    Raises:
        Invalid: it is not written as was told, or has no rows below its header.
    """
    found, issues = (Letters(encoding), []) if encoding is not None else _letters(path, countries)
    errors = "strict" if encoding is not None else found.errors
    try:
        with path.open(encoding=found.encoding, errors=errors, newline="") as file:
            head = file.read(_SAMPLE_BYTES)
    except (UnicodeError, LookupError) as error:
        raise Invalid("file.encoding", name=name, encoding=encoding) from error
    text = _Text(path, name, found, _separator(head), issues, known)
    return table(name, "csv", text.joined(), issues, None if path.stat().st_size <= _SMALL else _lines(path), known)


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1024 * 1024), b""))


def _letters(path: Path, countries: Sequence[str]) -> tuple[Letters, list[Issue]]:
    """How the letters of a text file are written, and what is to be said about that."""
    with path.open("rb") as file:
        if (mark := letters.mark_of(file.read(4096))) is not None:
            return Letters(mark), []
        file.seek(0)
        if letters.is_utf8(file):
            file.seek(0)
            said = twice_in(file.read(_SAMPLE_BYTES))
            issue = Issue(None, "", said, "file.letters_twice", "file.ask_again", {"text": said}, grave=True)
            return Letters("utf-8"), [issue] if said else []
        file.seek(0)
        return letters.decide(letters.seen_in(letters.lines_of(file)), "", countries)


def _separator(text: str) -> str:
    """The separator that cuts most of the first rows into columns of equal number, and into the most of them."""
    lines = text.splitlines()[:LOOK_AT]
    best, most = ",", 0.0
    for separator in SEPARATORS:
        as_quoted = [len(cells) for cells in csv.reader(lines, delimiter=separator)]
        for widths in (as_quoted, [line.count(separator) + 1 for line in lines]):
            seen = Counter(width for width in widths if width > 1).most_common(1)
            width, often = seen[0] if seen else (1, 0)
            if (score := often / len(widths) * (1 + width / 100)) > most and width > 1:
                best, most = separator, score
            if len(as_quoted) * 2 > len(lines):
                break  # no quotation mark swallows the rest: what stands within them separates nothing
    return best


class _Text:
    """The rows of a text table."""

    def __init__(
        self, path: Path, name: str, found: Letters, separator: str, issues: list[Issue], known: Known
    ) -> None:
        self._path, self._name, self._letters, self._separator = path, name, found, separator
        self._issues, self._told, self._known = issues, set[int](), known
        self._held: list[str] = []
        self._width = 0
        first = next((cells for _, cells in self.rows() if any(cells)), [])
        self._width = len(first)

    def rows(self) -> Iterator[Numbered]:
        """Every row with its number, as a spreadsheet counts them."""
        with self._path.open(encoding=self._letters.encoding, newline="", errors=self._letters.errors) as file:
            reader = csv.reader(self._kept(file), delimiter=self._separator, strict=False)
            number = before = 0
            try:
                for cells in reader:
                    lines, self._held = self._held, []
                    if reader.line_num - before > 1 and self._is_unclosed(cells):
                        self._tell(number + 1, lines[0])
                        several = [self._line(each) for each in lines]
                    else:
                        several = [cells]
                    before = reader.line_num
                    for each in several:
                        number += 1
                        yield number, [commas.bare(cell).strip() or None for cell in each]
            except csv.Error as error:
                raise Invalid("file.cell_too_long", name=self._name, line=number + 1) from error

    def _kept(self, file: Iterator[str]) -> Iterator[str]:
        """The lines of the file, each kept until its row is known to be one."""
        for line in file:
            plain = line.replace("\0", "").replace("\ufeff", "")
            self._held.append(plain)
            yield plain

    def _is_unclosed(self, cells: list[str]) -> bool:
        """Whether a cell holds whole rows: behind a line's end in it come as many separators as the table has."""
        needed = self._width - 1
        return needed > 0 and any(
            part.count(self._separator) >= needed for cell in cells if "\n" in cell for part in cell.split("\n")[1:]
        )

    def _line(self, line: str) -> list[str]:
        """The cells of one line; the mark that nobody closed counts for nothing."""
        quoted = line.count('"') % 2 == 0
        line = line.rstrip("\r\n")
        cells = next(csv.reader([line], delimiter=self._separator)) if quoted else line.split(self._separator)
        return cells if quoted else [cell.strip().removeprefix('"').removesuffix('"') for cell in cells]

    def _tell(self, number: int, line: str) -> None:
        if number not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(number)
            said = line.strip()[:80]
            self._issues.append(Issue(number, "", said, "file.quote_open", "file.lines_are_rows", grave=True))

    def joined(self) -> Rows:
        """How to read the rows: as they are, or with the numbers put together that commas without quotes cut apart."""
        if self._separator != ",":
            return self.rows
        head = list(itertools.islice(self.rows(), _SAMPLE_ROWS))
        if not any(any(cells) for _, cells in head):
            return self.rows
        at, header = header_of(head[:LOOK_AT], self._known)
        width = len(header)
        below = [cells for number, cells in head if number > at and any(cells)]
        longer = Counter(len(cells) - width for cells in below if len(cells) > width)
        if not longer or longer.total() <= len(below) / 2:
            return self.rows
        more = max(longer)
        whole = [cells for cells in below if len(cells) == width + more]
        ways = itertools.islice(itertools.combinations(range(width), more), _MOST_TRIED)
        fitting = [way for way in ways if all(_together(cells, way) for cells in whole)]
        if len(fitting) != 1:
            raise Invalid("file.commas_open", name=self._name, line=at + 1)
        columns = [str(header[i]) for i in fitting[0]]
        self._issues.append(
            Issue(None, "", ", ".join(columns), "file.decimal_commas", "file.commas_joined", {"columns": columns}, True)
        )
        return lambda: ((number, _read(cells, fitting[0], width, number > at)) for number, cells in self.rows())


def _read(cells: Cells, way: Sequence[int], width: int, is_row: bool) -> Cells:
    """A row with the parts of its numbers together, where there is one way to do it."""
    more = len(cells) - width
    if not is_row or more <= 0:
        return cells
    ways = itertools.combinations(way, more) if more <= len(way) else ()
    found = [made for some in ways if (made := _together(cells, some))]
    return found[0] if len(found) == 1 else cells


def _together(cells: Cells, way: Sequence[int]) -> Cells:
    """The cells with those columns made of two each; empty where these are no parts of a number."""
    made: Cells = []
    rest = iter(cells)
    for column in range(len(cells) - len(way)):
        cell = next(rest)
        if column in way:
            part = next(rest)
            if not (cell and part and _WHOLE.fullmatch(str(cell)) and _PART.fullmatch(str(part))):
                return []
            cell = f"{cell},{part}"
        made.append(cell)
    return made
