"""How long, how much and how many: what one visitor may ask of the server's time and room."""

from __future__ import annotations

from dataclasses import dataclass

from web.config import MEGABYTE


@dataclass(frozen=True, slots=True)
class Patience:
    """The limits of one server.

    Attributes:
        head_seconds: within which the whole head of a question must have come.
        idle_seconds: for which a connection may lie between two questions.
        body_seconds: within which an ordinary form must have come.
        upload_seconds: the same for a file that somebody of the office sends.
        slow_seconds: how long a visitor may take, or send, fewer than ``slow_bytes``.
        slow_bytes: see there; a thousand a second is slower than any line that is still alive.
        linger_seconds: how long the rest of a refused body is read into nothing: a browser that is cut off while it
            sends shows its own error and not our sentence.
        quiet_seconds: after which nothing more of a refused body is expected.
        queue_seconds: for which a question waits for a thread; then its visitor is told to come back.
        grace_seconds: how long answers under way are waited for when the server is told to end.
        most_head: bytes of a head.
        most_connections: at once; when one more comes, the one that has waited longest for its visitor goes.
        most_of_one: the same for one address, where addresses are known (not behind a proxy).
        most_bodies: bytes of bodies that are on their way or being worked on, of everybody.
        most_uploads: the same of the office's people, whom a crowd of strangers does not keep out.
        most_unsent: bytes of answers that lie on the disk and wait for their readers.
    """

    head_seconds: float = 30.0
    idle_seconds: float = 60.0
    body_seconds: float = 300.0
    upload_seconds: float = 3600.0
    slow_seconds: float = 60.0
    slow_bytes: int = 60_000
    linger_seconds: float = 120.0
    quiet_seconds: float = 5.0
    queue_seconds: float = 30.0
    grace_seconds: float = 20.0
    most_head: int = 64 * 1024
    most_connections: int = 1000
    most_of_one: int = 400
    most_bodies: int = 300 * MEGABYTE
    most_uploads: int = 2000 * MEGABYTE
    most_unsent: int = 4000 * MEGABYTE
