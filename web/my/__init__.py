"""A person's own pages: signing in, the account."""
