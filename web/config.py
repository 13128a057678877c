"""The app's configuration: what does not belong to the register, and the secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

MEGABYTE = 1024 * 1024
UPLOAD_LIMIT = 200 * MEGABYTE

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
    """The key that signs sessions and links: made once, readable by this user only."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "secret.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
