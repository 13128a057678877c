"""A list on its way in, step by step."""
