"""What a file is, and its rows one by one, still foreign."""
