"""Use cases of what groups look for."""
