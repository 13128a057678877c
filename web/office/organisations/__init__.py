"""The office's pages of organisations: groups, owners, mediators, departments, and who belongs to them."""
