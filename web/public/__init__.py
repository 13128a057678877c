"""The public's rooms. Everything here reads ``published`` and nothing else of the register."""

from web.public import calendars, data, downloads, home, needs, notices, pages, report, request, space, uses

__all__ = ["calendars", "data", "downloads", "home", "needs", "notices", "pages", "report", "request", "space", "uses"]
