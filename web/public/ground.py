"""The town's own background, in the parts that a map asks for: no visitor's browser asks anybody else."""

from __future__ import annotations

from flask import Response, abort, request

from tempuse.vocabulary import Permission
from web.map import ground as own
from web.public.blueprint import public
from web.site.sending import a_file

_MIMETYPE = "application/vnd.pmtiles"


@public.get("/ground.pmtiles", Permission.PUBLIC_READ)
def ground() -> Response:
    """One file of vector tiles, or a part of it; an address with its version may be kept for good."""
    if (opened := own.opened()) is None:
        abort(404)
    file, digest = opened
    answer = a_file(file, _MIMETYPE, digest)
    answer.cache_control.public = True
    if request.args.get("v") == digest[:12]:
        answer.cache_control.max_age = 31_536_000
        answer.cache_control.immutable = True
    else:
        answer.cache_control.no_cache = True
    return answer
