"""The town's own background in the parts that a map asks for, and its addresses: no visitor's browser asks others."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request

from tempuse.vocabulary import Permission
from web.map import ground as own
from web.public.blueprint import public
from web.site import arguments
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


@public.get("/addresses", Permission.PUBLIC_READ)
def addresses() -> Response:
    """The town's addresses that begin as somebody types one, as the options of its field; none without a list."""
    found = own.propose(arguments.text(request.args, "q"))
    answer = make_response(render_template("public/_addresses.html", found=found))
    answer.headers["Cache-Control"] = "private, max-age=600"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
