"""A person's own pages: signing in, coming by a letter's link, the account, one's organisations."""

from web.my import (
    calendars,
    checks,
    entry,
    home,
    mandates,
    moved,
    needs,
    organisations,
    permits,
    sign_in,
    spaces,
    watches,
)

__all__ = [
    "calendars",
    "checks",
    "entry",
    "home",
    "mandates",
    "moved",
    "needs",
    "organisations",
    "permits",
    "sign_in",
    "spaces",
    "watches",
]
