"""Files that somebody sent and that wait for a word more: kept for a day under ``TEMPUSE_HOME/uploads``."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from tempuse import files
from tempuse.errors import NotFound, Unusable
from web import database

KEPT_SECONDS = 24 * 3600
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent, kept until its form is done.

    Attributes:
        key: its secret name, for addresses.
        path: the file; where several belong together (a Shapefile), their folder.
        name: as the sender called it.
        scratch: an empty place for what archives hold.
    """

    key: str
    path: Path
    name: str
    scratch: Path


def keep(sent: Sequence[FileStorage]) -> Upload:
    """Keep what a form sent; several files are one Shapefile.

    Raises:
        Unusable: the disk is full.
    """
    key = secrets.token_hex(16)
    folder = _folder() / key
    try:
        files.make_folder(folder / "sent")
        for file in sent:
            # A name from outside never becomes a path of ours; its suffix tells the format.
            file.save(folder / "sent" / (secure_filename(file.filename or "") or "file"))
        name = Path((sent[0].filename or "file").replace("\\", "/")).name
        files.write_whole(folder / "name.json", json.dumps(name).encode())
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Unusable("attachment.not_kept", detail=error.strerror or str(error)) from error
    return get(key)


def get(key: str) -> Upload:
    """The upload that was kept under a key.

    Raises:
        NotFound: it is not there, or not any more.
    """
    folder = _folder() / key
    if not _KEY.fullmatch(key) or not (folder / "name.json").exists():
        raise NotFound("upload.not_found")
    sent = sorted((folder / "sent").iterdir())
    path = sent[0] if len(sent) == 1 else folder / "sent"
    return Upload(key, path, json.loads((folder / "name.json").read_text()), folder / "scratch")


def forget(upload: Upload) -> None:
    """Remove an upload that was kept."""
    shutil.rmtree(_folder() / upload.key, ignore_errors=True)


def forget_old() -> int:
    """Remove what nobody came back for; how many."""
    old = [path for path in _folder().iterdir() if time.time() - path.stat().st_mtime > KEPT_SECONDS]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _folder() -> Path:
    return files.make_folder(database.register().home / "uploads")
