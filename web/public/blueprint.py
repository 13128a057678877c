"""The public's part of the house; its rooms write their views onto it."""

from __future__ import annotations

from web.site.rooms import Rooms

public = Rooms("public", __name__, is_public=True)
