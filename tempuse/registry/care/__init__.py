"""A register's health: checked, mended, kept in archives, made anew."""
