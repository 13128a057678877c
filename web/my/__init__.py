"""A person's own pages: signing in, the account."""

from web.my import moved, sign_in

__all__ = ["moved", "sign_in"]
