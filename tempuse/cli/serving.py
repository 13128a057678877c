"""``tempuse serve`` and ``tempuse worker``: the pages, and the work behind them."""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import click

from tempuse.cli.collecting import begin_long_work
from tempuse.cli.common import Context, out
from tempuse.store.common import get_settings
from tempuse.store.engine import Register
from web import create_app, serving, tasks
from web.environment import app_settings

WORKER = ("-m", "tempuse.cli", "worker", "--until-stdin-ends")
SECONDS_BEFORE_RESTART = 5
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SECONDS_TO_END = tasks.SECONDS_TO_END + 5


class Worker:
    """The worker of a server: a child process that never outlives it, begun again when it dies."""

    def __init__(self, context: Context, register: Register) -> None:
        self._environment = {
            **os.environ,
            # In the environment, not among the arguments, which everybody on the machine can read.
            "TEMPUSE_REGISTER": context.address if not register.is_file else str(register.path),
            "TEMPUSE_HOME": str(register.home),
        }
        self._child: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def look_after(self) -> None:
        """Begin the worker's process, or begin it again."""
        if self._child is not None and self._child.poll() is None:
            return
        if time.monotonic() - self._begun < SECONDS_BEFORE_RESTART:
            return
        if self._child is not None:
            logging.getLogger("tempuse").error("the worker ended with %s and is begun again", self._child.returncode)
        self._begun = time.monotonic()
        # Its own group: Ctrl+C in a terminal is for the server, which lets the worker finish.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
        self._child = subprocess.Popen([sys.executable, *WORKER], stdin=subprocess.PIPE, env=self._environment, **apart)

    def end(self) -> None:
        """Let the worker finish what it does, for no longer than SECONDS_TO_END."""
        if self._child is None or self._child.stdin is None:
            return
        self._child.stdin.close()
        try:
            self._child.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


class OneLine(logging.Formatter):
    """A line a message, whatever stands in it: nobody outside can write a line of the log."""

    def format(self, record: logging.LogRecord) -> str:
        """The message with its control characters spelt out; a traceback stands in from the edge below it."""
        plain = copy.copy(record)
        plain.msg, plain.args = _CONTROL.sub(lambda found: repr(found[0])[1:-1], record.getMessage()), ()
        return super().format(plain)

    def formatException(self, ei: Any) -> str:
        """A traceback, each line of it set in."""
        return "\n".join(f"  {line}" for line in super().formatException(ei).splitlines())


def log_to_stderr() -> None:
    """One line a request and a fault, for whoever started the server."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine("%(asctime)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("huey", "uvicorn", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.ERROR)


def serve_register(
    context: Context, register: Register, host: str, port: int, *, threads: int = serving.THREADS,
    with_worker: bool = True, ready: Callable[[str], None] = lambda _: None,
) -> None:  # fmt: skip
    """Serve a register until SIGTERM or SIGINT, with its worker.

    Args:
        context: the command's surroundings.
        register: an open register; closed at the end.
        host: the address of this machine to listen on.
        port: the port; 0 takes a free one.
        threads: how many requests are answered at once.
        with_worker: whether a worker is begun and ended with the server.
        ready: called with the address as soon as pages are answered quickly.

    Raises:
        Unusable: the port cannot be had, or the register cannot be read.
    """
    register.use_home()
    with register.connect() as con:
        get_settings(con)
    app = create_app(register, app_settings())
    server = serving.bind(app, host, port, threads)
    address = serving.address_of(server)
    if "TEMPUSE_URL" not in os.environ:
        app.config["PUBLIC_URL"] = address
        os.environ["TEMPUSE_URL"] = address  # the worker writes the same address into letters
    worker = Worker(context, register)
    try:
        serving.warm(app)
        if with_worker:
            worker.look_after()
        with serving.ended_by_signals(server.end):
            ready(address)
            server.run(worker.look_after if with_worker else lambda: None)
    finally:
        worker.end()
        register.close()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Listen on this address; 0.0.0.0 is all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Listen on this port.")
@click.option(
    "--threads", default=serving.THREADS, show_default=True, type=click.IntRange(1, 64), help="Requests at once."
)
@click.option("--no-worker", is_flag=True, help="Without the work behind the pages: “tempuse worker” runs elsewhere.")
@click.pass_obj
def serve(context: Context, host: str, port: int, threads: int, no_worker: bool) -> None:
    """Serve the public map and the office.

    TEMPUSE_URL names the address that people use, for links in letters. TEMPUSE_SMTP names the mail server, like
    smtp://user:password@mail.example.org:587 or smtps://…; without it letters become files. TEMPUSE_PROXY=1 says
    that one proxy in front is believed about addresses and https.

    \b
    Example:
        tempuse serve --port 8000
    """
    log_to_stderr()
    with contextlib.closing(context.open()) as register:
        serve_register(
            context, register, host, port, threads=threads, with_worker=not no_worker,
            ready=lambda address: out.print(f"The register is served at {address}"),
        )  # fmt: skip


@click.command()
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
@click.pass_obj
def worker(context: Context, until_stdin_ends: bool) -> None:
    """Do the work behind the pages: letters, large imports, what the calendar makes public.

    “tempuse serve” has a worker of its own.

    \b
    Example:
        tempuse worker
    """
    log_to_stderr()
    register = context.open()
    try:
        register.use_home()
        with register.connect() as con:
            get_settings(con)
        begin_long_work()
        tasks.work(create_app(register, app_settings()), until_stdin_ends=until_stdin_ends)
    finally:
        register.close()


def add_to(group: click.Group) -> None:
    """Give the group these commands."""
    for command in (serve, worker):
        group.add_command(command)
