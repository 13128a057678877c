"""The threads that make answers. None of them ever waits for a visitor."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger("tempuse")

# Questions that wait for a thread; beyond it a visitor is told to come back, which takes no thread.
MOST_WAITING = 400


class Full(Exception):
    """So much waits already that nothing more is taken."""


class Threads:
    """A few threads of their own, which never keep the process from ending (an executor's would).

    Pages go before files, and files never take more than three of eight: who wants the map does not wait until
    everybody's download is made, and two that take long leave room for one that does not.
    """

    def __init__(self, count: int) -> None:
        self._news = threading.Condition()
        self._pages: deque[Callable[[], None]] = deque()
        self._files: deque[Callable[[], None]] = deque()
        self._free_for_files = max(1, count * 3 // 8)
        for number in range(count):
            threading.Thread(target=self._work, name=f"answers {number + 1}", daemon=True).start()

    def do(self, work: Callable[[], None], *, is_file: bool = False) -> None:
        """Let a thread do it as soon as one is free.

        Raises:
            Full: too much waits.
        """
        with self._news:
            waiting = self._files if is_file else self._pages
            if len(waiting) >= MOST_WAITING:
                raise Full
            waiting.append(work)
            self._news.notify()

    def _next(self) -> tuple[Callable[[], None], bool] | None:
        if self._pages:
            return self._pages.popleft(), False
        if self._files and self._free_for_files:
            self._free_for_files -= 1
            return self._files.popleft(), True
        return None

    def _work(self) -> None:
        while True:
            with self._news:
                while (task := self._next()) is None:
                    self._news.wait()
            work, is_file = task
            try:
                work()
            except Exception:  # what an answer says of its own faults is said before; a thread must not die
                log.exception("a thread went on after a fault")
            if is_file:
                with self._news:
                    self._free_for_files += 1
                    self._news.notify()
