"""The public's rooms. Everything here reads ``published`` and nothing else of the register."""

from web.public import data, downloads, home, notices, pages, report, request, space

__all__ = ["data", "downloads", "home", "notices", "pages", "report", "request", "space"]
