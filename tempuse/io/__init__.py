"""Files in and files out: what a file is, its rows, their columns and values against ours, and back."""
