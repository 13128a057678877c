"""What an address asks of the published spaces, and the answer."""
