"""A record in words and pictures, for every room that shows it."""
