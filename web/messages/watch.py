"""Words about watches."""

MESSAGES = {
    "watch.invalid": "Some things do not fit yet.",
    "watch.no_question": "Say first what you look for, so that we know what to tell you of.",
}
