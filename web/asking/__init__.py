"""What groups ask for: the one form of a request, and the one of a need, for strangers and for contacts of a group."""
