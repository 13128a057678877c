"""The office's rooms: each module writes its views onto ``blueprint.office`` and has its place in ``menu.ROOMS``."""

from web.office import menu, names, people, reports, waiting
from web.office.areas import views as areas
from web.office.imports import check, columns
from web.office.imports import views as imports
from web.office.settings import views as settings
from web.office.spaces import download, edit, erase, moves, page, placing, table

__all__ = [
    "areas", "check", "columns", "download", "edit", "erase", "imports", "menu", "moves", "names", "page", "people",
    "placing", "reports", "settings", "table", "waiting",
]  # fmt: skip
