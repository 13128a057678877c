"""Theirs to ours, one value at a time."""
