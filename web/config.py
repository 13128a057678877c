"""The app's configuration: what does not belong to the register, and the secret key."""

from __future__ import annotations

import secrets
from pathlib import Path

from tempuse import files
from tempuse.errors import Unusable

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 200 * MEGABYTE
KEY = "secret.key"
SHORTEST_KEY = 16  # signs; ours has 64

DEFAULTS = {
    "MAX_CONTENT_LENGTH": UPLOAD_LIMIT,
    "MAX_FORM_MEMORY_SIZE": 5 * MEGABYTE,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "tempuse",
    "REMEMBER_COOKIE_HTTPONLY": True,
    "REMEMBER_COOKIE_SAMESITE": "Lax",
    "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,  # addresses of static files carry a version
    "WTF_CSRF_TIME_LIMIT": None,  # a form may lie open over lunch; the session decides
    "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
    "RATELIMIT_STORAGE_URI": "memory://",
    "RATELIMIT_HEADERS_ENABLED": True,
}


def secret_key(home: Path) -> str:
    """The key that signs sessions and links: made once, readable by this user only.

    Raises:
        Unusable: it cannot be read or written, or what stands there is no key. Another one is not made in its place:
            with it everybody's sessions and links would end, and an empty one would sign whatever anybody likes.
    """
    path = home / KEY
    try:
        if not path.exists():
            files.make_folder(home)
            files.write_whole(path, secrets.token_urlsafe(48).encode(), keep=True)
        key = path.read_text().strip()
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise Unusable("home.key_unreadable", path=str(path), detail=detail) from error
    if len(key) < SHORTEST_KEY:
        raise Unusable("home.key_empty", path=str(path))
    return key
