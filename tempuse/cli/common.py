"""What every command shares: the register it works on, the instant, how it speaks and how it ends."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from tempuse import errors, files
from web import spoken
from web.environment import Context as Context

# How a command ends; in the README and in ``tempuse --help``.
EXIT_CODES: dict[type[errors.TempuseError], int] = {
    errors.NotFound: 3,
    errors.NotAllowed: 4,
    errors.WrongState: 4,
    errors.Conflict: 4,
    errors.Invalid: 5,
    errors.Unusable: 6,
}

# What is printed comes from files and people: square brackets and colons in it are signs, never markup of ours.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
out = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
stderr = Console(stderr=True, highlight=False, soft_wrap=True, markup=False, emoji=False)


def now() -> datetime:
    """The instant it is."""
    return datetime.now(UTC)


def _shown(text: str) -> str:
    """A text without the characters that would steer the terminal, or that it has no way to write."""
    return _CONTROLS.sub("", text)


def say(text: str) -> None:
    """A sentence for a person, on stderr, so that stdout stays for the answer."""
    stderr.print(_shown(text))


def answer_json(value: Any) -> None:
    """The answer for a program."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    click.echo(text.encode("utf-8", "backslashreplace").decode())  # a lone surrogate as JSON writes it


def print_table(head: list[str], rows: list[list[str]], right: tuple[int, ...] = ()) -> None:
    """A plain table; columns named in ``right`` hold figures."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for i, name in enumerate(head):
        table.add_column(_shown(name), justify="right" if i in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(_shown, row))
    out.print(table)


@contextlib.contextmanager
def shown_progress(said: Mapping[str, str]) -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on stderr, where that is a terminal, for work that tells (what, done, of all); ``said`` names each what."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(said.get(what, what), total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield show


# What to do about an error in the terminal, where the page that shows it has buttons.
_HOW = {
    "import.restricts": "--columns FILE writes what the columns are taken for, to be mended and given back as "
    "--profile FILE; --ignore “{first}” passes over a column.",
}


class Group(click.Group):
    """A group whose commands end with one sentence on stderr and a documented exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a broken rule becomes its sentence."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a letter that this terminal does not have ends no command
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except errors.TempuseError as error:
            say(spoken.error_in_english(error))
            if how := _HOW.get(error.message):
                say(how.format(**error.values))
            code = next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)
            ctx.exit(code)
        except BrokenPipeError:
            ctx.exit(0)
        except OSError as error:
            say(system_sentence(error))
            ctx.exit(EXIT_CODES[errors.Unusable])
        except sqlite3.Error as error:  # what lies in TEMPUSE_HOME; the register's own say so themselves
            say(spoken.in_language("home.database", {"detail": str(error)}))
            ctx.exit(EXIT_CODES[errors.Unusable])


def system_sentence(error: OSError) -> str:
    """What the system says of a file, a folder or a disk, as a sentence."""
    found = unusable(error)
    return spoken.in_language(found.message, found.values)


def unusable(error: OSError) -> errors.Unusable:
    """What the system says of a file, a folder or a disk."""
    path, detail = str(error.filename or ""), error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return errors.Unusable("file.disk_full", path=path)
    return errors.Unusable("file.refused" if path else "file.system", path=path, detail=detail)


def staging_of(context: Context) -> Path:
    """Scratch files lie in TEMPUSE_HOME, where there is room for a register, not in a small /tmp."""
    return files.make_folder(context.open().home / "staging")
