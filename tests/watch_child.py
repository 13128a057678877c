"""A worker that is killed: ``python -m tests.watch_child``.

Each line it reads is a JSON list: at which place to die, the register, its home, the mail server, the instant. For each
it splits off a process of its own that does what the worker does each minute with watches and letters, and prints that
one's number and, once it is over, how it ended. It has read all modules already, and so a death costs no second.

A place is the name of a work, and before or after it is written: ``before sweep``, ``after sweep``, ``before letters``,
``after letters``; anything else: it is not killed by itself.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from tempuse.access import SYSTEM
from tempuse.registry.watches.sweeping import sweep_watches
from tempuse.registry.watches.telling import write_watch_letters
from tempuse.store.engine import open_register
from web import create_app
from web.letters import delivery


def die(*about: Any) -> None:
    """At once, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


def work(place: str, address: str, home: str, smtp: str, instant: str) -> None:
    """One round of watches and letters; dead at its place."""
    now, register = datetime.fromisoformat(instant), open_register(address, Path(home))
    settings = {"TESTING": True, "RATELIMIT_ENABLED": False, "SMTP_URL": smtp, "PUBLIC_URL": "https://spaces.example"}
    app = create_app(register, settings, clock=lambda: now)
    for name, function in (("sweep", sweep_watches), ("letters", write_watch_letters)):
        if place == f"before {name}":
            event.listen(Engine, "commit", die)
        with register.connect() as con:
            function(con, SYSTEM, now)
        if place == f"after {name}":
            die()
    with app.test_request_context():
        delivery.deliver()
    register.close()


def main() -> None:
    """Until nobody asks for more."""
    for line in sys.stdin:
        number = os.fork()
        if not number:
            work(*json.loads(line))
            os._exit(0)
        print(number, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
