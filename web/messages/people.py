"""Words for people, letters, attachments and serving."""

MESSAGES = {
    "attachment.not_found": "This file is not here.",
    "attachment.not_kept": "The file could not be kept: {detail}. Nothing was changed.",
    "doctor.mail_failed": "{count} letters could not be sent and lie in {path}. Look after the mail server, then press “Try again” in the settings.",
    "doctor.mail_away": "{count} letters wait, because the mail server could not be reached at the last try ({problem}). They are tried again by themselves; look after the server, and at TEMPUSE_SMTP.",
    "doctor.mail_stuck": "{count} letters wait although their time has come: no worker is running. Start “tempuse serve” or “tempuse worker”.",
    "mail.smtp_url": "TEMPUSE_SMTP is not the address of a mail server. Write it like smtp://user:password@mail.example.org:587.",
    "person.email_taken": "{email} belongs to {name} already.",
    "person.ended_before": "{email} belongs to {name}, who left. Bring them back instead.",
    "person.invalid": "Some things do not fit yet.",
    "person.last_administrator": "This is the last administrator. Make somebody else administrator first.",
    "person.no_such_email": "Nobody in the office has the address {email}.",
    "person.not_found": "There is no person {ref} in this register.",
    "person.password_easy": "This password is easy to guess. Choose something else.",
    "person.password_length": "A password has {least} to {most} characters.",
    "person.too_long": "This is longer than {most} characters. Please shorten it.",
    "upload.not_found": "This file is not here any more. Send it again.",
    "serving.port_taken": "The port {port} is in use on {host}. Choose another with “--port”, or stop the other program.",
    "serving.no_such_host": "This machine has no address {host}.",
    "serving.not_permitted": "This user may not listen on port {port}. Choose one above 1023 with “--port”.",
}
