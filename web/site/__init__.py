"""What every answer gets, and how every request comes in."""
