"""What a city sets."""
