"""The only writer: one function = one use case = one transaction = one event.

Each takes an idle connection, the actor and the instant, in that order, and begins by itself.
"""
