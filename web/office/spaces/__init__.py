"""The office's spaces: the list, a space's page, its form, its moves, its place."""
