"""Pictures and papers on their way to somebody who may see them: as what they are, never as a page of ours.

A view asks first whether this reader may; there is no address that leads to an attachment by its name alone.
"""

from __future__ import annotations

from flask import Response

from tempuse.store import attachments
from tempuse.texts import without_controls
from web import database
from web.site.sending import a_file

TYPES = {"jpg": "image/jpeg", "webp": "image/webp", "pdf": "application/pdf"}
# A picture may be looked at within the page; whatever else it is, nothing in it runs, and no cache keeps it.
_POLICY = "default-src 'none'; sandbox"


def attachment_answer(digest: str, ending: str, name: str) -> Response:
    """The answer that is an attachment.

    Args:
        digest: the hash of its content, in hexadecimal.
        ending: ``jpg``, ``webp`` or ``pdf``, as it was kept.
        name: what the file is called where it is saved, without its ending.

    Raises:
        NotFound: there is no such file.
    """
    called = f"{' '.join(without_controls(name).split())}.{ending}"
    file = attachments.open_one(database.register().home, f"{digest}.{ending}")
    answer = a_file(file, TYPES[ending], digest)
    answer.headers.set("Content-Disposition", "attachment" if ending == "pdf" else "inline", filename=called)
    answer.headers["Content-Security-Policy"] = _POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
