"""The office's part of the house; its rooms write their views onto it."""

from __future__ import annotations

from web.site.rooms import Rooms

office = Rooms("office", __name__, url_prefix="/office")
