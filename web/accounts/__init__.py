"""Who somebody is: signing in, the guard of the rooms that are not everybody's, guesses of a password."""
