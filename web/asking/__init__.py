"""Asking for spaces: the one form of a request, for strangers and for contacts of a group."""
