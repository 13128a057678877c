"""Words about closures: the days on which an owner keeps a space to themselves."""

MESSAGES = {
    "closure.not_found": "There is no closure {ref} in this register.",
    "closure.overlaps": "{refs} has {ref} on {day}. It cannot be closed then.",
}
