"""Letters: written, sent, forgotten."""
