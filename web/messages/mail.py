"""Words about letters."""

MESSAGES = {
    "mail.smtp_url": "TEMPUSE_SMTP is not the address of a mail server. Write it like smtp://user:password@mail.example.org:587.",
}
