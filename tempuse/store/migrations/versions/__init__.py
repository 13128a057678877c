"""One module a version of the register."""
