"""Words about who acts."""

MESSAGES = {
    "actor.not_allowed": "You are not allowed to do this.",
}
