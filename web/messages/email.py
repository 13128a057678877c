"""Words about e-mail addresses."""

MESSAGES = {
    "email.no_at": "The e-mail address has no @. Write it like name@example.org.",
    "email.odd": "This is not an e-mail address. Write it like name@example.org.",
}
