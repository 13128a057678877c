"""The addresses that a person's own pages had in letters and bookmarks before they moved: each leads to the new one."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from tempuse.vocabulary import Permission
from web.my.blueprint import moved

_METHODS = ["GET", "POST"]


@moved.route("/sign-in", Permission.ACCOUNT_ENTER, endpoint="sign_in", methods=_METHODS)
@moved.route("/sign-out", Permission.ACCOUNT_ENTER, endpoint="sign_out", methods=["POST"])
@moved.route("/forgotten", Permission.ACCOUNT_ENTER, endpoint="forgotten", methods=_METHODS)
@moved.route("/password/<token>", Permission.ACCOUNT_ENTER, endpoint="set_password", methods=_METHODS)
@moved.route("/account", Permission.ACCOUNT_ENTER, endpoint="account", methods=_METHODS)
def lead_on(**values: Any) -> ResponseReturnValue:
    """The same page under its new address, with its question; a form goes on as it was sent."""
    address = url_for(f"auth.{str(request.endpoint).partition('.')[2]}", **values)
    question = request.query_string.decode(errors="replace")
    return redirect(f"{address}?{question}" if question else address, 308)
