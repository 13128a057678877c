"""Where a thing is, as people and files write it: never believed before it was tried."""
