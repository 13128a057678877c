"""An export over a GeoPackage that another program has open never destroys it, nor what that program wrote."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tempuse.errors import Unusable
from tempuse.io import write
from tempuse.io.write.columns import space_columns
from tempuse.vocabulary import Audience

# Another program with the file open, as QGIS has: it does what it is told, says so, and waits.
_OTHER = """
import sqlite3, sys
con = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    con.execute(statement).fetchall()
print("ready", flush=True)
sys.stdin.read()
con.close()
"""
_WAL = "PRAGMA journal_mode = WAL"
_STYLE = ("CREATE TABLE styles (id INTEGER PRIMARY KEY, style TEXT)", "INSERT INTO styles VALUES (1, 'blue')")


def export(path: Path, count: int) -> None:
    """Write so many spaces."""
    texts = [
        [f'{{"type":"Feature","id":"SP-{n}","geometry":null,"properties":{{"ref":"SP-{n}"}}}}' for n in range(count)]
    ]
    content = write.Content(iter(texts), space_columns(Audience.PUBLIC))
    write.write_file(path, write.FORMATS["gpkg"], content)


def spaces_in(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as con:
        assert con.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return int(con.execute("SELECT count(*) FROM spaces").fetchone()[0])


@contextlib.contextmanager
def opened_by_another(path: Path, *statements: str) -> Iterator[subprocess.Popen[str]]:
    """The file, open in another process that has said these statements."""
    command = [sys.executable, "-c", _OTHER, str(path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        yield other


@pytest.mark.parametrize(
    "statements",
    [(_WAL, *_STYLE), (_WAL, "SELECT * FROM spaces"), ("BEGIN IMMEDIATE", *_STYLE), (_WAL, "BEGIN", *_STYLE)],
    ids=["a style stored", "only read", "in the middle of a change", "in the middle of a change, with a log"],
)  # fmt: skip
def test_a_file_that_is_open_elsewhere_stays_as_it_is(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = tmp_path / "public.gpkg"
    export(path, 3)
    with opened_by_another(path, *statements):
        with pytest.raises(Unusable) as told:
            export(path, 7)
        assert told.value.message == "export.in_use"
    assert spaces_in(path) == 3
    assert [each.name for each in tmp_path.iterdir() if "unfinished" in each.name] == []
    export(path, 7)
    assert spaces_in(path) == 7
    assert [each.name for each in tmp_path.iterdir()] == ["public.gpkg"]


def test_what_a_killed_program_left_beside_is_folded_in_before_the_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "public.gpkg"
    export(path, 3)
    with opened_by_another(path, _WAL, *_STYLE) as other:
        other.kill()
    assert (tmp_path / "public.gpkg-wal").stat().st_size
    export(path, 7)
    assert spaces_in(path) == 7
    assert [each.name for each in tmp_path.iterdir()] == ["public.gpkg"]


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_the_log_of_another_file_is_never_taken_for_the_new_ones(tmp_path: Path, end: str) -> None:
    (tmp_path / f"public.gpkg{end}").write_bytes(b"the last changes of another")
    with pytest.raises(Unusable) as told:
        export(tmp_path / "public.gpkg", 3)
    assert told.value.message == "export.log_left"
    assert [each.name for each in tmp_path.iterdir()] == [f"public.gpkg{end}"]


def test_a_file_that_only_bears_the_name_is_replaced(tmp_path: Path) -> None:
    for content in (b"", b"yesterday's", b"SQLite format 3\x00" + bytes(5000)):
        (tmp_path / "public.gpkg").write_bytes(content)
        export(tmp_path / "public.gpkg", 3)
        assert spaces_in(tmp_path / "public.gpkg") == 3
