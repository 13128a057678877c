"""Work behind the pages, by huey: ``tempuse worker`` does it, and ``tempuse serve`` has a worker of its own.

A function with ``@job`` can be put off by ``function.later(...)``; one with ``@every(...)`` runs by the clock. Both run
within the app as if in a request, in a process of their own. The queue (``TEMPUSE_HOME/tasks.sqlite``) forgets a job
once it has begun: work that must not be lost stands in the register, as letters and imports do, and the queue says no
more than that there is some; the clock looks each minute, too.
"""

from __future__ import annotations

import functools
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast

from flask import Flask, current_app
from huey import Huey, crontab

from tempuse import errors, files
from tempuse.access import SYSTEM
from tempuse.errors import Unusable
from tempuse.registry import clock, forms, publishing
from tempuse.registry.needs import counting, drafting
from tempuse.registry.needs.reminding import ask_due
from tempuse.registry.permits import confirming, reminding
from tempuse.registry.watches import keeping, sweeping, telling
from tempuse.store.engine.transactions import Patience
from web import database, spoken, task_file
from web.letters import delivery, forgetting
from web.site import uploads

WORKERS = 2  # so that letters go while a large file comes in
SECONDS_TO_END = 20
FILE = "tasks.sqlite"

JOBS: dict[str, Callable[..., Any]] = {}
CLOCKWORK: list[tuple[Callable[[], Any], dict[str, str]]] = []


class Task:
    """A function that can be put off. Its arguments are plain values: they wait in a file."""

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.name = f"{function.__module__}.{function.__name__}"
        self._function = function
        JOBS[self.name] = function

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Do it now."""
        return self._function(*args, **options)

    def later(self, *args: Any, **options: Any) -> None:
        """Let a worker do it as soon as one is free."""
        queue().run(self.name, args, options)


def job(function: Callable[..., Any]) -> Task:
    """Make a function that can be put off."""
    return Task(function)


def every(**when: str) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Run a function by the clock, as huey's ``crontab`` says: ``@every(minute="*/5")``; times are UTC."""

    def keep(function: Callable[[], Any]) -> Callable[[], Any]:
        CLOCKWORK.append((function, when))
        return function

    return keep


def _running() -> float:
    """Seconds that only ever pass; where the system counts them, those too in which the machine slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


class TaskQueue:
    """The queue of one app; its file is made when it is first needed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.watch = clock.ClockWatch(_running)

    @cached_property
    def huey(self) -> Any:
        """Huey's side of it."""
        path = files.make_folder(self.app.extensions["tempuse.register"].home) / FILE
        huey = Huey(
            "tempuse", storage_class=task_file.Storage, serializer=task_file.Plain(), filename=str(path), results=False,
            timeout=10, log=self.app.logger,
        )  # fmt: skip
        self._run = huey.task(name="run")(self._do)
        for function, when in CLOCKWORK:
            huey.periodic_task(crontab(**when), name=function.__name__)(functools.partial(self.guarded, function))
        return huey

    def run(self, name: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        """Put one job in the queue.

        Raises:
            Unusable: the queue cannot be written.
        """
        try:
            self.huey.enqueue(self._run.s(name, args, options))
        except (OSError, sqlite3.Error) as error:
            raise Unusable("home.queue", detail=str(error)) from error
        finally:
            if "huey" in self.__dict__:
                self.huey.storage.close()  # a thread of the server keeps no file open for a job now and then

    def _do(self, name: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
        self.guarded(functools.partial(JOBS[name], *args, **options))

    def guarded(self, work: Callable[[], Any]) -> None:
        """One piece of work within the app; what goes wrong stands in the log, and the worker goes on."""
        with self.app.test_request_context(base_url=self.app.config["PUBLIC_URL"]):
            try:
                work()
                delivery.wake()
            except errors.TempuseError as error:
                self.app.logger.error("%s", spoken.in_language(error.message, error.values))
            except Exception:
                self.app.logger.exception("a task failed")


def queue() -> TaskQueue:
    """The queue of this app."""
    return cast(TaskQueue, current_app.extensions["tempuse.tasks"])


# ---- what there is to do --------------------------------------------------------------------------------


@every(minute="*")
def republish() -> None:
    """Publish what the calendar has changed."""
    con, now = database.idle(), database.now()
    if clock.was_ahead(con, now) and (wrong := clock.examine(con, now)):
        current_app.logger.warning("%s", spoken.in_language(*wrong))
    con.rollback()
    publishing.republish_due(con, SYSTEM, now, queue().watch)


@every(minute="*")
def send_letters() -> None:
    """Send the letters whose next try is due."""
    delivery.deliver()


@every(minute="17")
def blank_contacts() -> None:
    """Remove the addresses of people who reported something, when their time is over, and our letters to them: for
    good, so the clock is looked at before.
    """
    queue().watch.check(database.idle(), database.now())
    forgetting.forget()


@every(minute="41")
def forget_unconfirmed() -> None:
    """Forget the requests and needs whose address nobody confirmed in time: for good, so the clock is looked at."""
    queue().watch.check(database.idle(), database.now())
    confirming.forget_unconfirmed(database.idle(), SYSTEM, database.now())
    drafting.forget_unconfirmed(database.idle(), SYSTEM, database.now())


@every(minute="47")
def remind() -> None:
    """Write the reminders of permits and needs that are due: a letter does not come back, so the clock is looked at."""
    queue().watch.check(database.idle(), database.now())
    reminding.remind_due(database.idle(), SYSTEM, database.now())
    ask_due(database.idle(), SYSTEM, database.now())


@every(minute="*")
def sweep_watches() -> None:
    """Look which spaces began to fit which watch, and write the letters that are due."""
    queue().watch.check(database.idle(), database.now())
    sweeping.sweep_watches(database.idle(), SYSTEM, database.now())
    telling.write_watch_letters(database.idle(), SYSTEM, database.now())


@every(minute="11", hour="3")
def sweep_all_watches() -> None:
    """The same over every space: a day that came lets some begin to fit. And forget what is over."""
    queue().watch.check(database.idle(), database.now())
    sweeping.sweep_all(database.idle(), SYSTEM, database.now())
    keeping.forget_watches(database.idle(), SYSTEM, database.now())


@every(minute="23", hour="3")
def count_sought() -> None:
    """Count how many groups look for each sort of space: once a night, so that no page tells who began to look."""
    queue().watch.check(database.idle(), database.now())
    counting.count_sought(database.idle(), SYSTEM, database.now())


@every(minute="41", hour="2")
def purge_permits() -> None:
    """Take out what permits and needs tell of persons, their time being over: for good, so the clock is looked at."""
    queue().watch.check(database.idle(), database.now())
    forgetting.purge()


@every(minute="29")
def forget_uploads() -> None:
    """Remove files that were sent and never used, what processes that were killed have left unfinished, and which
    forms were sent some days ago.
    """
    uploads.forget_old()
    forms.forget_forms(database.idle(), database.now())
    files.clear_below(database.register().home)


@job
def deliver() -> None:
    """Send the letters that wait, now."""
    delivery.deliver()


# ---- the worker -----------------------------------------------------------------------------------------


def work(app: Flask, *, until_stdin_ends: bool = False) -> None:
    """Work until told to stop by SIGINT or SIGTERM.

    Args:
        app: whose queue.
        until_stdin_ends: also stop when nobody holds the other end of standard input any more; so a worker
            never outlives the server that started it, however that ended.
    """
    app.extensions["tempuse.register"].patience = Patience()  # nobody looks on while a worker waits
    app.extensions["tempuse.tasks"].guarded(delivery.take_in_files)
    consumer = app.extensions["tempuse.tasks"].huey.create_consumer(
        workers=WORKERS, initial_delay=0.2, max_delay=1.0, shutdown_timeout=SECONDS_TO_END, graceful_signal="TERM"
    )
    if until_stdin_ends:
        threading.Thread(target=_watch_stdin, daemon=True).start()
    consumer.run()


def _watch_stdin() -> None:
    sys.stdin.buffer.read()
    signal.raise_signal(signal.SIGTERM)


def init_app(app: Flask) -> None:
    """Give the app its queue."""
    app.extensions["tempuse.tasks"] = TaskQueue(app)
    app.extensions["tempuse.letter_waits"] = _deliver_soon


def _deliver_soon() -> None:
    """Let a letter go at once, if the queue can be written: if not, the clock takes it along within a minute."""
    try:
        deliver.later()
    except Unusable as error:
        current_app.logger.error("%s", spoken.in_language(error.message, error.values))
