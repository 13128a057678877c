"""What the office's pages and people's own pages of organisations share: forms, and a member in words."""
