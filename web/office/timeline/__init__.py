"""Who is where, and when: one bar a permit, drawn by the server."""
