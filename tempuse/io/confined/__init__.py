"""A sender's file is read by a process of its own that can do nothing else: no network, no other file, no long stay.

``reader`` begins it and believes nothing it says; ``__main__`` is what runs in it; ``walls`` is what it cannot
climb; ``wire`` is what the two say to each other.
"""
