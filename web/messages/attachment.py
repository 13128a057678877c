"""Words about attachments."""

MESSAGES = {
    "attachment.not_found": "This file is not here.",
    "attachment.not_kept": "The file could not be kept: {detail}. Nothing was changed.",
}
