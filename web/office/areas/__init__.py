"""Districts, water and green: how they come in and how they look."""
