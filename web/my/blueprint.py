"""A person's own part of the house, and the addresses that it had within the office."""

from __future__ import annotations

from web.site.rooms import Rooms

my = Rooms("auth", __name__, url_prefix="/my")
moved = Rooms("moved", __name__, url_prefix="/office")
