"""Words about matching."""

MESSAGES = {
    "match.not_askable": "There is no space {ref} that can be asked for just now.",
}
